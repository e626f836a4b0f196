"""Save the records that a takeover reads: match, merge, remember, note. Twice changes nothing.

The merge loses nobody's work: what a record said, what it says now, what stands here, field by field.
"""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q

from fiches.indexation import index_fiche
from fiches.lists import Theme
from fiches.textes import as_text
from participants.models import CREATION
from reprise.addresses import learn
from reprise.file_names import is_stored_as
from reprise.lecture import FICHIER, AnomalieLue, Lue, Valeurs
from reprise.models import DERNIERE, FICHIERS, PERSONNES, PROVENANCE, RESERVES, Anomalie, Conflit, Ecartee, Origine
from reprise.persons import complete_persons, digest, keep_newer_persons, merge_persons
from reprise.resolution import label_of
from socle.annuaire.models import Entree, Statut
from socle.francais.mots import entier
from socle.francais.texte import fold
from socle.vie_privee.public_text import for_editors, written

CLE_LENGTH = 480
RAISON = "Reprise de l’ancien site"
SEULES = "personnes_seules"  # of a run's figures: records modified in their persons alone, which no version shows
LONG_TEXT = 6  # words: shorter ones say nothing of which record speaks
_LINK = re.compile(r" \(https?://[^\s()]+\)")  # as reprise/balises.py writes them


def numbered(cle: str, number: int) -> str:
    """The identity of the nth record of one title: behind a mark that no folded title can hold."""
    return cle if number == 1 else f"{cle}\t{number}"


def persons_alone(counts: dict[str, int]) -> str:
    """« (pour 3, seules les personnes ont changé) » behind how many were modified; "" if none was so."""
    return f" (pour {entier(counts[SEULES])}, seules les personnes ont changé)" if counts.get(SEULES) else ""


def _base(cle: str) -> str:
    """The folded title in a key."""
    return cle.partition("\t")[0]


def merge(
    fiche,
    base: dict[str, str],
    theirs: dict[str, Any],
    settled: Collection[tuple[str, str]],
    *,
    undated: bool = False,
    other: bool = False,
) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
    """({field: value to take from the old site}, {field in conflict: (ours, theirs), as text}).

    Compares field by field what the old site said last time (`base`), what it says now, and what stands here.

    What was edited here since is never overwritten: if the old site says anything else, it is a conflict, unless
    somebody has already decided on that very text: (field, their text) of `settled`. A field that is empty here
    and was never taken over was not edited: it is taken. Where the old site says nothing and never did, what stands
    here contradicts nobody. `undated`: nobody knows when they said it, so that it takes the place of nothing they said
    at a known date, and of an edit as little. `other`: they may speak of another record of the same title: whatever
    differs is a conflict.
    """
    prendre, conflits = {}, {}
    for name, value in theirs.items():
        ours, new, before = as_text(getattr(fiche, name)), as_text(value), base.get(name)
        if ours == new or not (new or before):
            continue
        taken = ours == (before or "") and not (undated and before and CREATION in base)
        if taken and not other:
            prendre[name] = value
        elif (name, new) not in settled:
            conflits[name] = (ours, new)
    return prendre, conflits


def says_another(base: dict[str, str], champs: dict[str, Any]) -> bool:
    """Whether a text of some length has fewer than half of its words in common with what the old site said of it."""
    texts = [(base.get(name, "").split(), value.split()) for name, value in champs.items() if isinstance(value, str)]
    longer = [pair for pair in texts if min(map(len, pair)) >= LONG_TEXT]
    return any(SequenceMatcher(None, *pair, autojunk=False).ratio() < 0.5 for pair in longer)


def keep_links(record, base: dict[str, str], valeurs: Valeurs, settled: Collection[tuple[str, str]]) -> None:
    """The text dump prints links by their words alone: addresses that the old site's data told stay.

    They stand in the record, in what the old site said last time (`base`), or in (field, text) that somebody has
    decided on (`settled`): two records made one have one text and three that were told.
    """
    for name, value in valeurs.champs.items():
        if value and isinstance(value, str):
            told = [str(getattr(record, name)), base.get(name, ""), *(text for champ, text in settled if champ == name)]
            valeurs.champs[name] = next((text for text in told if _LINK.sub("", text) == value), value)


def keep_signs(record, valeurs: Valeurs) -> None:
    """What a file in Windows-1252 lost is no change: a text that would have become this one there stays."""
    for name, value in valeurs.champs.items():
        ours = getattr(record, name, None)
        if isinstance(ours, str) and value == ours.encode("cp1252", "replace").decode("cp1252"):
            valeurs.champs[name] = ours


class Saver:
    """What the savers of all types do alike. One saves the records of one type, one run.

    `reprise`: a Formulaire; `rapport`: what it accounts to.
    """

    def __init__(self, reprise, rapport):
        self.cle, self.reprise, self.rapport = reprise.cle, reprise, rapport
        self.seen: dict[str, int] = {}
        self.met: set[int] = set()  # of the records that this run has met, their keys here
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
        self.origines = {o.cle: o for o in Origine.objects.filter(type=self.cle).select_related("entree")}
        self.titles: dict[str, set[str]] = defaultdict(set)  # keys of what is known, by folded title
        self.days: dict[tuple, set[str]] = defaultdict(set)  # the same of titles that hold a day
        for origine_cle in self.origines:
            self._know(origine_cle)
        self.by_identifiant = {o.identifiant: o for o in self.origines.values() if o.identifiant}
        self.used: set[str] = set()  # keys given to new ones
        untaken = self.reprise.model.objects.exclude(pk__in=[o.pk for o in self.origines.values()])
        titles = dict(untaken.values_list("pk", "titre"))
        titles |= {pk: titre for pk, titre in written(self.reprise.model, "titre").items() if pk in titles}
        self.by_title = {fold(titre): pk for pk, titre in titles.items()}
        ecartees = Ecartee.objects.filter(type=self.cle)
        self.left_out = dict(ecartees.values_list("cle", "identifiant"))
        self.gone = {identifiant for identifiant in self.left_out.values() if identifiant}
        self.titles_left_out = {_base(left) for left in self.left_out}
        lost = Entree.objects.filter(type=self.cle, fusionnee_dans__isnull=False).select_related("fusionnee_dans")
        self.themes = list(Theme.objects.all())
        self.merged = {entree.pk: entree.after_merges().pk for entree in lost}  # what the old site says of two is one's

    def _remove_demo(self) -> int:
        """Real records take the place of demo ones that nobody has edited; how many left."""
        return self.reprise.make_room(self.reprise.model.objects.filter(entree__exemple=True, version=1))

    def save(self, lue):
        """Save one record as read; the record here, None if it was deleted here and is to stay so."""
        if not self.seen:
            self._begin()
        cle, twin = self._number(fold(lue.titre))
        valeurs = self.reprise.read(lue)
        origine = self._known(cle, lue, valeurs)
        cle = self._kept_key(cle, lue, origine)
        if origine is None and self._is_left_out(cle, lue):
            self.rapport.count(self.cle, "inchangees")
            return None
        fiche = self._existing(cle, origine)
        if fiche is not None and fiche.statut == Statut.CORBEILLE:
            self.met.add(self.own)
            self.rapport.count(self.cle, "inchangees")
            self.rapport.corbeille.append(fiche.titre)
            return None
        before = origine.valeurs if origine else {}
        ours = fiche is not None and origine is None  # a sheet made here, found by its title
        if lue.reserves is None and RESERVES in before:  # this source does not know, and says nothing of what is hidden
            said = {label for label, champ in lue.champs.items() if champ.texte}
            lue = replace(lue, tus=lue.tus | (set(before[RESERVES]) - said))
            valeurs = self.reprise.read(lue)
        waiting = not ours and fiche is not None and self._is_left_waiting(fiche)
        hidden = self._hidden(lue, before)
        shown = self._held_back(lue, hidden) if hidden else valeurs
        publishing = waiting and self._may_publish(lue, fiche, before, shown, hidden, cle)
        if publishing or (fiche.is_publiee if fiche else lue.publiee and lue.publique):
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
            if lue.appauvrie:
                keep_signs(fiche, valeurs)
            etat = self._update(fiche, before, valeurs, publishing=publishing, other=other)
            self._know_files(fiche, origine.cle if origine else cle, valeurs)
            if origine is None and fiche.statut == Statut.BROUILLON and etat == "inchangees":
                etat = "modifiees"  # from now on it is the sheet of the old site
        self.met.add(self.own or fiche.pk)
        if (lue.modifiee_le or lue.creee_le) and not ours and (etat != "inchangees" or CREATION not in before):
            self._date(fiche, lue, before)
        if lue.identifiant and not (origine and origine.identifiant == lue.identifiant):
            learn(fiche.entree, lue.identifiant)
            etat = "modifiees" if etat == "inchangees" else etat
        self.rapport.count(self.cle, etat)
        if publishing:
            self.rapport.count(self.cle, "publiees")
        if self.rapport.options.get("publier") and etat != "creees":
            told = Anomalie.objects.open().filter(entree=fiche.pk, type=Anomalie.Type.VALEUR_RESERVEE)
            told.filter(Q(champ__in=lue.champs) | Q(texte__in=lue.joints)).settle()
        if (waiting or etat == "creees") and fiche.statut == Statut.A_RELIRE:
            self.rapport.relire.append(fiche.titre)
            self.rapport.a_publier += lue.publiee
        self._remember(cle, origine, fiche, lue, valeurs, etat)
        self._note_all(fiche, cle, lue, valeurs, twin)
        return fiche

    # What visitors of the old site could not read

    @staticmethod
    def _is_left_waiting(fiche) -> bool:
        """Whether a takeover left the record « à relire » and nobody has decided of its state since."""
        if fiche.statut != Statut.A_RELIRE:
            return False
        rows = list(fiche.history.order_by("history_id").values_list("statut", "history_change_reason"))
        return bool(rows) and (rows[0][1] or "").startswith(RAISON) and {statut for statut, _ in rows} == {fiche.statut}

    def _may_publish(self, lue, fiche, before: dict, shown, hidden: set[str], cle: str) -> bool:
        """Whether the source says that a record which waits here was public there, with all that it holds.

        A title that several records have tells none of them, unless somebody says that all was public. And what an
        earlier source told stands in the record by now: this one must say it too, among `shown`, what visitors read.
        """
        if not (lue.publiee and lue.publique):
            return False
        if not (self.rapport.options.get("publier") or lue.identifiant) and len(self.titles.get(_base(cle), ())) > 1:
            return False
        if any(before.get(name) for label in hidden for name in self.reprise.fields_under(label)):
            return False
        for name, told in before.items():
            if not told or name.startswith("_"):
                continue
            # Where a text says nothing, what stands stays.
            if name not in shown.champs or name in shown.debuts or (self.undated and not as_text(shown.champs[name])):
                return False
        return not self.reprise.holds_unsaid_files(fiche, before, shown)

    def _hidden(self, lue, before: dict) -> set[str]:
        """Labels, and names of files, of what our pages would show and visitors of the old site could not read.

        As the source says, else as an earlier one did. Of a source that was all public, those that it does not say.
        """
        hidden = before.get(RESERVES, ()) if lue.reserves is None else lue.reserves
        files = {*lue.joints, *(label for label, _ in lue.joints.values())}
        hidden = {name for name in hidden if self.reprise.is_shown(name) or name in files}
        return hidden - files - lue.champs.keys() if self.rapport.options.get("publier") else hidden

    def _held_back(self, lue, hidden: set[str]):
        """The values of a public record, without what visitors of the old site could not read: kept for staff."""
        fields = {label for label in hidden if self.reprise.is_shown(label)}
        champs = {label: champ for label, champ in lue.champs.items() if label not in fields}
        files = [nom for nom, (label, _) in lue.joints.items() if {nom, label} & hidden]
        joints = {nom: joint for nom, joint in lue.joints.items() if nom not in files}
        valeurs = self.reprise.read(replace(lue, champs=champs, joints=joints, tus=lue.tus | fields))
        said = [(label, lue.champs[label].texte) for label in sorted(fields) if label in lue.champs]
        said += [(FICHIER, nom) for nom in files]
        valeurs.anomalies += [(Anomalie.Type.VALEUR_RESERVEE, label, texte) for label, texte in said]
        return valeurs

    def _note_all(self, fiche, cle, lue, valeurs, twin: bool) -> None:
        missing = [("fichier_manquant", FICHIER, nom) for nom in self.reprise.missing(fiche, valeurs)]
        odd = self._odd(lue, fiche.titre, valeurs.anomalies + missing)
        if twin:
            odd.append(AnomalieLue("doublon_probable", fiche.titre, "", lue.premiere_ligne, lue.titre))
        for anomalie in odd:
            note(self.rapport, f"{self.cle}:{cle}", anomalie, fiche.entree)

    def absentes(self, provenances: set[str]) -> list[Entree]:
        """What this site gave from these forms and gives no more: deleted there, or hidden. It stays here."""
        if not self.seen:
            return []
        return [
            origine.entree
            for origine in self.origines.values()
            if origine.pk not in self.met
            and origine.valeurs.get(PROVENANCE) in provenances
            and origine.entree.statut not in (Statut.RETIREE, Statut.CORBEILLE)
            and not origine.entree.fusionnee_dans_id
        ]

    def link(self) -> None:
        for fiche, type, texte in self.reprise.link(self.created):
            anomalie = AnomalieLue(type, fiche.titre, "", fiche.entree.origine.premiere_ligne, texte)
            note(self.rapport, f"{self.cle}:{fold(fiche.titre)}", anomalie, fiche.entree)

    def _known(self, cle: str, lue, valeurs) -> Origine | None:
        """What an earlier takeover kept of the record: by its identifier, else by its title.

        Of several with one title, the one that says most of what is read now: their order is not the same everywhere.
        """
        if lue.identifiant and lue.identifiant in self.by_identifiant:
            return self.by_identifiant[lue.identifiant]
        base = _base(cle)
        twins = [self.origines[twin] for twin in sorted(self.titles.get(base) or self._of_one_day(base))]
        twins = [o for o in twins if o.pk not in self.met and not (lue.identifiant and o.identifiant)]
        if base in self.titles_left_out:  # one of them is gone: which one, its rank says
            return next((o for o in twins if o.cle == cle), None)
        said = self._said(lue, valeurs)
        return max(twins, key=lambda o: sum(o.valeurs.get(n) == text for n, text in said.items()), default=None)

    def _of_one_day(self, base: str) -> set[str]:
        """Keys of what is known under the same title with its day written otherwise."""
        dated = self.reprise.dated(base)
        return self.days.get(dated, set()) if dated else set()

    def _know(self, cle: str) -> None:
        base = _base(cle)
        self.titles[base].add(cle)
        if dated := self.reprise.dated(base):
            self.days[dated].add(cle)

    def _unknow(self, cle: str) -> None:
        base = _base(cle)
        self.titles[base].discard(cle)
        self.days[self.reprise.dated(base)].discard(cle)

    def _kept_key(self, cle: str, lue, origine: Origine | None) -> str:
        """The key by which a dump will know the record: that of its present title, with a number if it is another's."""
        base, number = _base(cle), 1
        if origine and (_base(origine.cle) == base or origine.cle in self._of_one_day(base)):
            return origine.cle
        if not lue.identifiant:
            number = int(cle.partition("\t")[2] or 1)
        while (key := numbered(base, number)) in self.origines or key in self.used or self._is_of_another(key, lue):
            number += 1
        self.used.add(key)
        return key

    def _is_of_another(self, key: str, lue) -> bool:
        """Whether a record that was deleted here had that key, and is not this one for certain."""
        return bool(lue.identifiant) and self.left_out.get(key, "") not in ("", lue.identifiant)

    def _is_left_out(self, cle: str, lue) -> bool:
        """Whether the record was deleted here, and is to stay so."""
        if lue.identifiant and lue.identifiant in self.gone:
            return True
        return cle in self.left_out and cle not in self.origines and cle not in self.by_title

    def _existing(self, cle: str, origine: Origine | None):
        pk = self.own = origine.pk if origine else self.by_title.pop(cle, None)
        if pk is None:
            return None
        pk = self.merged.get(pk, pk)
        # Locked: an editor's save of this moment is waited for, and compared, not written over.
        rows = self.reprise.model.objects.select_for_update(of=("self",)).select_related("entree")
        return for_editors(rows.filter(pk=pk))[0]

    def _create(self, lue, valeurs):
        public = lue.publiee and lue.publique
        fiche = self.reprise.model(statut=Statut.PUBLIEE if public else Statut.A_RELIRE, datee=False)
        if lue.creee_le:
            fiche.cree_le = lue.creee_le
            fiche.publiee_le = lue.creee_le if public else None
        self._put(fiche, valeurs.champs, valeurs, known=())
        self.reprise.attach(fiche, valeurs)
        self.created.append(fiche)
        return fiche

    def _put(self, fiche, champs: dict, valeurs, known) -> None:
        """Put values into the record and save it; several-choice fields and persons, which the index must know, after.

        `known`: digests of the persons that the old site named last time.
        """
        several = self._fill(fiche, champs)
        self.reprise.complete(fiche, valeurs)
        fiche._change_reason, fiche.tous_les_themes, fiche.reconnaisseur = RAISON, self.themes, self.reprise.places
        fiche.save(finish=False, ici=False)
        for name, rows in several.items():
            getattr(fiche, name).set(rows)
        if self._put_persons(fiche, valeurs, known):
            fiche.hide_persons()
        fiche.finish()

    def _put_persons(self, fiche, valeurs, known) -> bool:
        valeurs.personnes = complete_persons(fiche.entree, valeurs, known)
        if valeurs.personnes is None:
            return False
        changed = merge_persons(fiche.entree, valeurs.personnes, known)
        self.rapport.noms_nouveaux |= changed
        return changed

    def _update(self, fiche, base: dict[str, str], valeurs, *, publishing: bool = False, other: bool = False) -> str:
        """Merge what the source says; `publishing`: the record is to be saved, as it becomes public."""
        settled = {(c.champ, c.ancien_site) for c in Conflit.objects.filter(entree=fiche.pk, regle_le__isnull=False)}
        base = dict(base)
        if self.undated:
            keep_links(fiche, base, valeurs, settled)
            keep_newer_persons(fiche.entree, base, valeurs)
        self._leave_out_spam(fiche, valeurs)
        self.reprise.reconcile(fiche, base, valeurs)
        prendre, conflits = merge(fiche, base, valeurs.champs, settled, undated=self.undated, other=other)
        for champ, (ours, theirs) in conflits.items():
            Conflit.objects.update_or_create(
                entree=fiche.entree, champ=champ, regle_le=None, defaults={"ici": ours, "ancien_site": theirs}
            )
        # Both say the same again, or somebody has decided on this very text.
        said_again = [champ for champ in valeurs.champs if champ not in conflits]
        left = Conflit.objects.open().filter(entree=fiche.pk, champ__in=said_again)
        if fiche.pk in self.merged.values():  # several records of the old site are this one: each settles its own
            left = left.filter(ancien_site__in=[as_text(value) for value in valeurs.champs.values()])
        left.settle()
        known = base.get(PERSONNES, ())
        if prendre or publishing:
            self._put(fiche, prendre, valeurs, known)
            changed = True
        else:
            changed = self._put_persons(fiche, valeurs, known)
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
        for name, value in dates.items():
            setattr(fiche, name, value)

    def _remember(self, cle, origine, fiche, lue, valeurs, etat) -> None:
        """Keep what the old site says now as the base of the next merge, but for fields in conflict."""
        before = origine.valeurs if origine else {}
        said = before | self._said(lue, valeurs)
        said.pop(DERNIERE, None)
        if lue.derniere:
            said[DERNIERE] = "1"
        if lue.reserves or (RESERVES in before and lue.reserves is not None):
            said[RESERVES] = sorted(lue.reserves)
        if PROVENANCE not in before or (lue.formulaire and self.rapport.site_connu):  # who knows better tells it
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
        pk = self.own or fiche.pk  # of two merged records, each keeps what the old site says of it
        place |= {"type": self.cle, "cle": cle, "site": self.rapport.source, "valeurs": said}
        if etat == "creees":
            kept = Origine.objects.create(entree_id=pk, **place)
        else:
            kept, _ = Origine.objects.update_or_create(entree_id=pk, defaults=place)
        del kept.valeurs  # read again should this run meet the record again: all of them would be the whole source
        if origine and origine.cle != cle:
            del self.origines[origine.cle]
            self._unknow(origine.cle)
            for anomalie in Anomalie.objects.filter(entree=fiche.pk):
                self._call(anomalie, cle)
        self.origines[cle] = kept
        self._know(cle)
        if kept.identifiant:
            self.by_identifiant[kept.identifiant] = kept
        if cle in self.left_out:
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
