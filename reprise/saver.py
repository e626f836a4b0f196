"""Save the records that a takeover reads: matched (matching.py), merged (merge.py), remembered, their oddities noted.

Twice changes nothing.
"""

from dataclasses import replace

from django.db.models import Q

from fiches.indexation import index_fiche
from fiches.lists import Theme
from fiches.textes import as_text
from participants.models import CREATION
from reprise.addresses import learn
from reprise.file_names import is_stored_as
from reprise.lecture import FICHIER, AnomalieLue, Lue, Valeurs
from reprise.masking import masked_words, named, persons_here, private_words
from reprise.matching import CLE_LENGTH, Rapprochement, numbered
from reprise.merge import keep_links, keep_signs, merge, says_another
from reprise.models import DERNIERE, FICHIERS, PERSONNES, PROVENANCE, RESERVES, Anomalie, Conflit, Ecartee, Origine
from reprise.persons import complete_persons, digest, keep_newer_persons, merge_persons
from reprise.publication import RAISON, held_back, hidden_from_visitors, is_left_waiting, was_public
from reprise.resolution import label_of
from socle.annuaire.models import Entree, Statut, inscrire_fiches
from socle.francais.mots import entier
from socle.francais.texte import fold
from socle.vie_privee.public_text import Retrait, as_written, take_out

SEULES = "personnes_seules"  # of a run's figures: records modified in their persons alone, which no version shows


def persons_alone(counts: dict[str, int]) -> str:
    """« (pour 3, seules les personnes ont changé) » behind how many were modified; "" if none was so."""
    return f" (pour {entier(counts[SEULES])}, seules les personnes ont changé)" if counts.get(SEULES) else ""


class Saver:
    """What the savers of all types do alike. One saves the records of one type, one run.

    `reprise`: a Formulaire; `rapport`: what it accounts to.
    """

    def __init__(self, reprise, rapport):
        self.cle, self.reprise, self.rapport = reprise.cle, reprise, rapport
        self.seen: dict[str, int] = {}
        # A text, which nobody knows the date of and which prints links by their words alone.
        self.undated = rapport.format == "texte"

    def _number(self, cle: str) -> tuple[str, bool]:
        """That identity of a record in a source, numbered if the source has it twice; and whether it has."""
        cle = cle[:CLE_LENGTH]
        number = self.seen[cle] = self.seen.get(cle, 0) + 1
        return numbered(cle, number), number > 1

    @staticmethod
    def _said(lue: Lue, valeurs: Valeurs) -> dict[str, str]:
        """What the source says, as text, as the base of the next merge."""
        said = {name: as_text(value) for name, value in valeurs.champs.items()}
        return said | ({CREATION: as_text(lue.creee_le)} if lue.creee_le else {})

    @staticmethod
    def _odd(lue: Lue, titre: str, found: list[tuple[str, str, str]]) -> list[AnomalieLue]:
        """What was odd in a record, as read and as `found` since: (type, label, text)."""
        lines = {label: champ.ligne for label, champ in lue.champs.items()}
        later = (AnomalieLue(type, titre, champ, lines.get(champ, lue.premiere_ligne), t) for type, champ, t in found)
        return [*(replace(anomalie, titre=titre) for anomalie in lue.anomalies), *later]

    def _fill(self, row, champs: dict) -> dict[str, list]:
        """Put values into a row; those of several-choice fields, which must be saved after it, are handed back."""
        several = {name: value for name, value in champs.items() if isinstance(value, list)}
        self.reprise.prepare(row, champs)
        for name, value in champs.items():
            if name not in several:
                setattr(row, name, value)
        return several


class FicheSaver(Saver):
    """Saves the records of one public type."""

    def __init__(self, reprise, rapport):
        super().__init__(reprise, rapport)
        self.created: list = []

    def _begin(self) -> None:
        """What must be known before the first record; a type of which the source holds none keeps its demo records."""
        self.rapport.demo_retirees += self._remove_demo()
        self.known = Rapprochement(self.reprise)
        self.themes = list(Theme.objects.all())

    def _remove_demo(self) -> int:
        """Real records take the place of demo ones that nobody has edited; how many left."""
        return self.reprise.make_room(self.reprise.model.objects.filter(entree__exemple=True, version=1))

    def save(self, lue):
        """Save one record as read; the record here, None if it was deleted here and is to stay so."""
        if not self.seen:
            self._begin()
        cle, twin = self._number(fold(lue.titre))
        valeurs = self.reprise.read(lue)
        origine = self.known.find(cle, lue, self._said(lue, valeurs))
        cle = self.known.key(cle, lue, origine)
        if origine is None and self.known.is_left_out(cle, lue):
            self.rapport.count(self.cle, "inchangees")
            return None
        own, fiche = self.known.existing(cle, origine)
        if fiche is not None and fiche.statut == Statut.CORBEILLE:
            self.known.met.add(own)
            self.rapport.count(self.cle, "inchangees")
            self.rapport.corbeille.append(fiche.titre)
            return None
        before = origine.valeurs if origine else {}
        ours = fiche is not None and origine is None  # a sheet made here, found by its title
        if lue.reserves is None and RESERVES in before:  # this source does not know, and says nothing of what is hidden
            said = {label for label, champ in lue.champs.items() if champ.texte}
            lue = replace(lue, tus=lue.tus | (set(before[RESERVES]) - said))
            valeurs = self.reprise.read(lue)
        publier = self.rapport.options.get("publier")
        waiting = not ours and fiche is not None and is_left_waiting(fiche)
        hidden = hidden_from_visitors(self.reprise, lue, before, publier=publier)
        shown = held_back(self.reprise, lue, hidden) if hidden else valeurs
        # A title that several records have tells none of them, unless somebody says that all was public.
        sure = publier or lue.identifiant or not self.known.has_twins(cle)
        publishing = waiting and sure and lue.visible
        publishing = publishing and was_public(self.reprise, fiche, before, shown, hidden, undated=self.undated)
        if publishing or (fiche.is_publiee if fiche else lue.visible):
            valeurs = shown
        if fiche is None:
            fiche, etat = self._create(lue, valeurs), "creees"
        else:
            # Met by its title alone, in a source that nobody said was public: it may be a private page of that title.
            unsaid = bool(lue.identifiant) and origine is not None and not origine.identifiant and not lue.publique
            other = unsaid and fiche.is_publiee and says_another(before, valeurs.champs)
            if other:
                valeurs = replace(valeurs, personnes=None, joints={}, fichiers=[])
            if publishing:
                fiche.statut = Statut.PUBLIEE
                fiche.publiee_le = lue.creee_le or (fiche.cree_le if fiche.datee else None)
            dite = as_written(fiche)
            if lue.appauvrie:
                keep_signs(dite, valeurs)
            etat = self._update(fiche, dite, before, valeurs, publishing=publishing, other=other)
            self._know_files(fiche, origine.cle if origine else cle, valeurs)
            if origine is None and fiche.statut == Statut.BROUILLON and etat == "inchangees":
                etat = "modifiees"  # from now on it is the sheet of the old site
        own = own or fiche.pk
        self.known.met.add(own)
        if (lue.modifiee_le or lue.creee_le) and not ours and (etat != "inchangees" or CREATION not in before):
            self._date(fiche, lue, before)
        if lue.identifiant and not (origine and origine.identifiant == lue.identifiant):
            learn(fiche.entree, lue.identifiant)
            etat = "modifiees" if etat == "inchangees" else etat
        self.rapport.count(self.cle, etat)
        if publishing:
            self.rapport.count(self.cle, "publiees")
        if publier and etat != "creees":
            told = Anomalie.objects.open().filter(entree=fiche.pk, type=Anomalie.Type.VALEUR_RESERVEE)
            told.filter(Q(champ__in=lue.champs) | Q(texte__in=lue.joints)).settle()
        if (waiting or etat == "creees") and fiche.statut == Statut.A_RELIRE:
            self.rapport.relire.append(fiche.titre)
            self.rapport.a_publier += lue.publiee
        self._remember(own, cle, origine, fiche, lue, valeurs, etat)
        self._note_all(fiche, cle, lue, valeurs, twin)
        return fiche

    def _note_all(self, fiche, cle, lue, valeurs, twin: bool) -> None:
        missing = [("fichier_manquant", FICHIER, nom) for nom in self.reprise.missing(fiche, valeurs)]
        masked = self._masked(fiche, valeurs) if fiche.is_publiee else []
        odd = self._odd(lue, fiche.titre, valeurs.anomalies + missing + masked)
        if twin:
            odd.append(AnomalieLue("doublon_probable", fiche.titre, "", lue.premiere_ligne, lue.titre))
        for anomalie in odd:
            note(self.rapport, f"{self.cle}:{cle}", anomalie, fiche.entree)

    def _masked(self, fiche, valeurs) -> list[tuple[str, str, str]]:
        """Where the source says words that are masked here, as anomalies."""
        labels = {libelle.champ: label for label, libelle in self.reprise.libelles.items()}
        said = masked_words(fiche, valeurs.champs).items()
        told = [(champ, ", ".join(f"«\u00a0{mot}\u00a0»" for mot in mots)) for champ, mots in said]
        return [(Anomalie.Type.MOTS_MASQUES.value, labels.get(champ, champ), mots) for champ, mots in told]

    def absentes(self, provenances: set[str]) -> list[Entree]:
        """What this site gave from these forms and gives no more: deleted there, or hidden. It stays here."""
        if not self.seen:
            return []
        return [
            origine.entree
            for origine in self.known.origines.values()
            if origine.pk not in self.known.met
            and origine.valeurs.get(PROVENANCE) in provenances
            and origine.entree.statut not in (Statut.RETIREE, Statut.CORBEILLE)
            and not origine.entree.fusionnee_dans_id
        ]

    def link(self) -> None:
        for fiche, type, texte in self.reprise.link(self.created):
            anomalie = AnomalieLue(type, fiche.titre, "", fiche.entree.origine.premiere_ligne, texte)
            note(self.rapport, f"{self.cle}:{fold(fiche.titre)}", anomalie, fiche.entree)

    def _create(self, lue, valeurs):
        fiche = self.reprise.model(statut=Statut.PUBLIEE if lue.visible else Statut.A_RELIRE, datee=False)
        if lue.creee_le:
            fiche.cree_le = lue.creee_le
            fiche.publiee_le = lue.creee_le if lue.visible else None
        self._put(fiche, valeurs.champs, valeurs, known=(), publishing=True)
        self.reprise.attach(fiche, valeurs)
        self.created.append(fiche)
        return fiche

    def _put(self, fiche, champs: dict, valeurs, known, *, publishing: bool) -> None:
        """Put values into the record and save it; several-choice fields and persons, which the index must know, after.

        `known`: digests of the persons that the old site named last time. `publishing`: none of its texts was public.
        """
        several = self._fill(fiche, champs)
        self.reprise.complete(fiche, valeurs)
        fiche._change_reason, fiche.tous_les_themes, fiche.reconnaisseur = RAISON, self.themes, self.reprise.places

        def rows():
            for name, chosen in several.items():
                getattr(fiche, name).set(chosen)
            self._put_persons(fiche, valeurs, known)

        fiche.save(rows=rows, ici=False, retrait=self._retrait(fiche, valeurs, champs=None if publishing else champs))

    def _retrait(self, fiche, valeurs, champs) -> Retrait:
        """Mask what tells of persons in these fields of a public record, in all if it is None."""
        noms = [*named(row.get("nom", "") for row in valeurs.personnes or ()), *persons_here(fiche)]
        words = private_words(fiche, noms=noms, champs=champs) if fiche.is_publiee else ()
        return take_out(fiche, words)

    def _put_persons(self, fiche, valeurs, known) -> bool:
        valeurs.personnes = complete_persons(fiche.entree, valeurs, known)
        return valeurs.personnes is not None and merge_persons(fiche.entree, valeurs.personnes, known)

    def _update(self, fiche, dite, base: dict[str, str], valeurs, *, publishing: bool, other: bool) -> str:
        """Merge what the source says; `publishing`: the record is to be saved, as it becomes public.

        `dite`: a copy of it that says what was written where words were masked, which the source may say again.
        """
        settled = {(c.champ, c.ancien_site) for c in Conflit.objects.filter(entree=fiche.pk, regle_le__isnull=False)}
        base = dict(base)
        if self.undated:
            keep_links(dite, base, valeurs, settled)
            keep_newer_persons(fiche.entree, base, valeurs)
        self._leave_out_spam(dite, valeurs)
        self.reprise.reconcile(dite, base, valeurs)
        prendre, conflits = merge(dite, base, valeurs.champs, settled, undated=self.undated, other=other)
        for champ, (_, theirs) in conflits.items():
            said = {"ici": as_text(getattr(fiche, champ)), "ancien_site": theirs}
            Conflit.objects.update_or_create(entree=fiche.entree, champ=champ, regle_le=None, defaults=said)
        # Both say the same again, or somebody has decided on this very text.
        said_again = [champ for champ in valeurs.champs if champ not in conflits]
        left = Conflit.objects.open().filter(entree=fiche.pk, champ__in=said_again)
        if fiche.pk in self.known.merged.values():  # several records of the old site are this one: each settles its own
            left = left.filter(ancien_site__in=[as_text(value) for value in valeurs.champs.values()])
        left.settle()
        known = base.get(PERSONNES, ())
        if prendre or publishing:
            self._put(fiche, prendre, valeurs, known, publishing=publishing)
            changed = True
        else:
            changed = self._put_persons(fiche, valeurs, known)
            if changed and fiche.is_publiee and private_words(fiche, noms=persons_here(fiche), champs=valeurs.champs):
                self._put(fiche, {}, valeurs, known, publishing=True)
            if changed and not conflits:
                self.rapport.count(self.cle, SEULES)
        self.reprise.attach(fiche, valeurs)
        if conflits:
            self.rapport.conflits.append((fiche.titre, [label_of(type(fiche), champ) for champ in conflits]))
            return "conflits"
        return "modifiees" if changed else "inchangees"

    @staticmethod
    def _leave_out_spam(fiche, valeurs) -> None:
        """What was taken out of a field, now empty, stays out of it: alone in its source nothing gives it away."""
        filled = {n for n, v in valeurs.champs.items() if v and isinstance(v, str) and not getattr(fiche, n)}
        if filled:
            taken = Anomalie.objects.filter(entree=fiche.pk, type=Anomalie.Type.CONTENU_INDESIRABLE)
            pieces = set(taken.values_list("texte", flat=True))
            valeurs.champs |= {name: "" for name in filled if valeurs.champs[name] in pieces}

    def _know_files(self, fiche, cle: str, valeurs) -> None:
        """Anomalies that call a file as pages did call it, from now on, as the old site's data does."""
        for anomalie in Anomalie.objects.filter(entree=fiche.pk, type="fichier_manquant") if valeurs.fichiers else ():
            stored = next((nom for nom in valeurs.fichiers if is_stored_as(nom, anomalie.texte)), anomalie.texte)
            if stored != anomalie.texte:
                anomalie.texte = stored
                self._call(anomalie, cle)

    def _call(self, anomalie, cle: str) -> None:
        """Save an anomaly under the key of its record: by it the next takeover knows that it was told, or settled."""
        said = {"type": anomalie.type, "champ": anomalie.champ, "texte": anomalie.texte}
        anomalie.empreinte = Anomalie.fingerprint(cle=f"{self.cle}:{cle}", **said)
        if not Anomalie.objects.filter(empreinte=anomalie.empreinte).exclude(pk=anomalie.pk).exists():
            anomalie.save(update_fields=["texte", "empreinte"])

    def _date(self, fiche, lue, before: dict) -> None:
        """Give a record the dates of the old site, as long as nobody has edited it here. It makes no version."""
        if fiche.history.exclude(history_change_reason__startswith=RAISON).exists():
            return
        dates = {"modifiee_le": lue.modifiee_le or lue.creee_le, "datee": True}
        if lue.creee_le and CREATION not in before:
            dates["cree_le"] = lue.creee_le
            if fiche.is_publiee:
                dates["publiee_le"] = lue.creee_le
        type(fiche).objects.filter(pk=fiche.pk).update(**dates)
        index_fiche(fiche)  # among those to be indexed: lists count by year
        known = {name: value for name, value in dates.items() if name != "cree_le"}
        Entree.objects.filter(pk=fiche.pk).update(**known)
        inscrire_fiches([fiche.pk])
        for name, value in dates.items():
            setattr(fiche, name, value)

    def _remember(self, own: int, cle: str, origine, fiche, lue, valeurs, etat: str) -> None:
        """Keep what the old site says now as the base of the next merge, but for fields in conflict.

        `own`: of two merged records, each keeps what the old site says of it.
        """
        before = origine.valeurs if origine else {}
        said = before | self._said(lue, valeurs)
        said.pop(DERNIERE, None)
        if lue.derniere:
            said[DERNIERE] = "1"
        if lue.reserves or (RESERVES in before and lue.reserves is not None):
            said[RESERVES] = sorted(lue.reserves)
        if PROVENANCE not in before or (lue.formulaire and self.rapport.site):  # who knows better tells it
            said[PROVENANCE] = self.rapport.provenance(lue.formulaire)
        if etat == "conflits":
            for conflit in Conflit.objects.open().filter(entree=fiche.pk):
                if said.get(conflit.champ, conflit.ancien_site) == conflit.ancien_site:
                    said[conflit.champ] = before.get(conflit.champ, "")
        if valeurs.personnes is not None:
            said[PERSONNES] = sorted(map(digest, valeurs.personnes))
        if joined := self.reprise.joined(valeurs):
            said[FICHIERS] = sorted({*said.get(FICHIERS, ()), *joined})
        place = {"premiere_ligne": lue.premiere_ligne, "derniere_ligne": lue.derniere_ligne}
        if origine and etat == "inchangees" and origine.valeurs == said and origine.cle == cle:
            return
        if lue.identifiant:
            place["identifiant"] = lue.identifiant
        place |= {"type": self.cle, "cle": cle, "site": self.rapport.source, "valeurs": said}
        if etat == "creees":
            kept = Origine.objects.create(entree_id=own, **place)
        else:
            kept, _ = Origine.objects.update_or_create(entree_id=own, defaults=place)
        del kept.valeurs  # read again should this run meet the record again: all of them would be the whole source
        if origine and origine.cle != cle:
            self.known.forget(origine)
            for anomalie in Anomalie.objects.filter(entree=fiche.pk):
                self._call(anomalie, cle)
        self.known.know(kept)
        if cle in self.known.left_out:
            Ecartee.objects.filter(type=self.cle, cle=cle).delete()


def note(rapport, cle: str, lue: AnomalieLue, entree: Entree | None = None) -> None:
    """Keep an anomaly once, beside its record if it has one; one that somebody has settled is not reported again.

    `cle`: identity of what it is about.
    """
    said = {"type": lue.type, "champ": lue.champ, "texte": lue.texte}
    anomalie, created = Anomalie.objects.get_or_create(
        empreinte=Anomalie.fingerprint(cle=cle, **said),
        defaults={**said, "entree": entree, "ligne": lue.ligne, "avant": lue.avant},
    )
    if anomalie.reglee_le is None:
        rapport.note(anomalie, lue.titre, lue.ligne, created=created)
