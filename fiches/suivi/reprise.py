"""Save the records that a takeover reads: match, merge, remember, note. Twice changes nothing."""

from django.utils import timezone

from fiches.models import Entree, Statut
from fiches.reprise import as_text, digest, merge, merge_persons
from fiches.suivi.models import DEMONSTRATION, Anomalie, Conflit, Ecartee, Origine
from fiches.texte import fold

PERSONNES = "_personnes"  # of Origine.valeurs: digests of the persons that the old site named
CLE_LENGTH = 480


def numbered(cle: str, number: int) -> str:
    """The identity of the nth record of one title: behind a mark that no folded title can hold."""
    return cle if number == 1 else f"{cle}\t{number}"


class FicheSaver:
    """Saves the records of one public type, one run. `reprise`: a RepriseFiche; `rapport`: what it accounts to."""

    def __init__(self, cle: str, reprise, rapport, site: str):
        self.cle, self.reprise, self.rapport, self.site = cle, reprise, rapport, site
        self.seen: dict[str, int] = {}
        self.created: list = []

    def _begin(self) -> None:
        """What must be known before the first record; a type of which the dump holds none keeps its demo records."""
        self.rapport.demo_retirees += self._remove_demo()
        self.origines = {o.cle: o for o in Origine.objects.filter(type=self.cle).select_related("entree")}
        untaken = self.reprise.model.objects.exclude(pk__in=[o.pk for o in self.origines.values()])
        self.by_title = {fold(titre): pk for pk, titre in untaken.values_list("pk", "titre")}
        lost = Entree.objects.filter(type=self.cle, fusionnee_dans__isnull=False).select_related("fusionnee_dans")
        self.merged = {entree.pk: entree.after_merges().pk for entree in lost}  # what the old site says of two is one's
        self.left_out = set(Ecartee.objects.filter(type=self.cle).values_list("cle", flat=True))

    def _remove_demo(self) -> int:
        """Real records take the place of demo ones that nobody has edited; how many left."""
        return self.reprise.make_room(self.reprise.model.objects.filter(entree__origine__site=DEMONSTRATION, version=1))

    def save(self, lue):
        """Save one record as read; the record here, None if it was deleted here and is to stay so."""
        if not self.seen:
            self._begin()
        cle, twin = self._key(lue)
        if cle in self.left_out and cle not in self.origines and cle not in self.by_title:
            self.rapport.count(self.cle, "inchangees")
            return None
        valeurs = self.reprise.read(lue)
        anomalies = [(a.type, a.champ, a.ligne, a.texte, a.avant) for a in lue.anomalies]
        anomalies += [(type, champ, self._line(lue, champ), texte, "") for type, champ, texte in valeurs.anomalies]
        if twin:
            anomalies.append(("doublon_probable", "", lue.premiere_ligne, lue.titre, ""))
        origine = self.origines.get(cle)
        fiche = self._existing(cle, origine)
        if fiche is None:
            fiche, etat = self._create(valeurs), "creees"
        else:
            etat = self._update(fiche, origine.valeurs if origine else {}, valeurs)
            if origine is None and fiche.statut == Statut.BROUILLON and etat == "inchangees":
                etat = "modifiees"  # from now on it is the sheet of the old site
        self.rapport.count(self.cle, etat)
        self._remember(cle, origine, fiche, lue, valeurs, etat)
        for type, champ, ligne, texte, avant in anomalies:
            note(self.rapport, fiche.entree, f"{self.cle}:{cle}", fiche.titre, type, champ, ligne, texte, avant)
        return fiche

    def link(self) -> None:
        for fiche, type, texte in self.reprise.link(self.created):
            ligne = fiche.entree.origine.premiere_ligne
            note(self.rapport, fiche.entree, f"{self.cle}:{fold(fiche.titre)}", fiche.titre, type, "", ligne, texte)
        # Those of earlier runs, which tie nothing again: an editor may have untied it.
        new = [fiche.pk for fiche in self.created]
        earlier = Anomalie.objects.open().filter(type="version_probable", entree__type=self.cle)
        for anomalie in earlier.exclude(entree__in=new).select_related("entree"):
            self.rapport.note(anomalie, anomalie.entree.titre, anomalie.ligne)

    def _key(self, lue) -> tuple[str, bool]:
        """Identity of a record in a dump: its folded title, numbered if the dump has it twice; and whether it has."""
        cle = fold(lue.titre)[:CLE_LENGTH]
        number = self.seen[cle] = self.seen.get(cle, 0) + 1
        return numbered(cle, number), number > 1

    @staticmethod
    def _line(lue, champ: str) -> int:
        return lue.champs[champ].ligne if champ in lue.champs else lue.premiere_ligne

    def _existing(self, cle: str, origine: Origine | None):
        pk = self.own = origine.pk if origine else self.by_title.pop(cle, None)
        if pk is None:
            return None
        pk = self.merged.get(pk, pk)
        # Locked: an editor's save of this moment is waited for, and compared, not written over.
        return self.reprise.model.objects.select_for_update(of=("self",)).select_related("entree").get(pk=pk)

    def _create(self, valeurs):
        fiche = self.reprise.model(statut=Statut.PUBLIEE)
        self._put(fiche, valeurs.champs, valeurs, known=())
        self.reprise.attach(fiche, valeurs)
        self.created.append(fiche)
        return fiche

    def _put(self, fiche, champs: dict, valeurs, known) -> None:
        """Put values into the record and save it; several-choice fields and persons, which the index must know, after.

        `known`: digests of the persons that the old site named last time.
        """
        several = {name: value for name, value in champs.items() if isinstance(value, list)}
        self.reprise.prepare(fiche, champs)
        for name, value in champs.items():
            if name not in several:
                setattr(fiche, name, value)
        self.reprise.complete(fiche, valeurs)
        fiche._change_reason = "Reprise de l’ancien site"
        fiche.save(finish=False)
        for name, rows in several.items():
            getattr(fiche, name).set(rows)
        self._put_persons(fiche, valeurs, known)
        fiche.finish()

    def _put_persons(self, fiche, valeurs, known) -> bool:
        changed = merge_persons(fiche.entree, valeurs.personnes, known)
        self.rapport.noms_nouveaux |= changed
        return changed

    def _update(self, fiche, base: dict[str, str], valeurs) -> str:
        settled = {(c.champ, c.ancien_site) for c in Conflit.objects.filter(entree=fiche.pk, regle_le__isnull=False)}
        fusion = merge(fiche, base, valeurs.champs, lambda champ, texte: (champ, texte) in settled)
        for champ, (ours, theirs) in fusion.conflits.items():
            Conflit.objects.update_or_create(
                entree=fiche.entree, champ=champ, regle_le=None, defaults={"ici": ours, "ancien_site": theirs}
            )
        # Both say the same again, or somebody has decided on this very text.
        said_again = [champ for champ in valeurs.champs if champ not in fusion.conflits]
        left = Conflit.objects.open().filter(entree=fiche.pk, champ__in=said_again)
        if fiche.pk in self.merged.values():  # several records of the old site are this one: each settles its own
            left = left.filter(ancien_site__in=[as_text(value) for value in valeurs.champs.values()])
        left.update(regle_le=timezone.now())
        known = base.get(PERSONNES, ())
        if fusion.prendre:
            self._put(fiche, fusion.prendre, valeurs, known)
            changed = True
        else:
            changed = self._put_persons(fiche, valeurs, known)
        self.reprise.attach(fiche, valeurs)
        if fusion.conflits:
            return "conflits"
        return "modifiees" if changed else "inchangees"

    def _remember(self, cle, origine, fiche, lue, valeurs, etat) -> None:
        """Keep what the old site says now as the base of the next merge, but for fields in conflict."""
        before = origine.valeurs if origine else {}
        said = {name: as_text(value) for name, value in valeurs.champs.items()}
        if etat == "conflits":
            for conflit in Conflit.objects.open().filter(entree=fiche.pk):
                if said.get(conflit.champ, conflit.ancien_site) == conflit.ancien_site:
                    said[conflit.champ] = before.get(conflit.champ, "")
        said[PERSONNES] = sorted(map(digest, valeurs.personnes))
        place = {"premiere_ligne": lue.premiere_ligne, "derniere_ligne": lue.derniere_ligne}
        if origine and etat == "inchangees" and origine.valeurs == said:
            return
        Origine.objects.update_or_create(
            entree_id=self.own or fiche.pk,  # of two merged records, each keeps what the old site says of it
            defaults={"type": self.cle, "cle": cle, "site": self.site, "valeurs": said, **place},
        )
        if cle in self.left_out:
            Ecartee.objects.filter(type=self.cle, cle=cle).delete()


def note(rapport, entree, cle: str, titre: str, type: str, champ: str, ligne, texte: str, avant: str = "") -> None:
    """Keep an anomaly once, beside its record if it has one; one that somebody has settled is not reported again.

    `cle`: identity of what it is about. `avant`: what stood just before a text that was taken out.
    """
    anomalie, created = Anomalie.objects.get_or_create(
        empreinte=Anomalie.fingerprint(cle=cle, type=type, champ=champ, texte=texte),
        defaults={
            "entree": entree,
            "type": type,
            "champ": champ,
            "ligne": ligne,
            "texte": texte,
            "avant": avant,
            "creee_le": timezone.now(),
        },
    )
    if anomalie.reglee_le is None:
        rapport.note(anomalie, titre, ligne, created=created)
