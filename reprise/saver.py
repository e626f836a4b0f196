"""Saves the records that a takeover reads, remembers what the old site said of them, and notes what is odd.

matching.py finds the record, following.py compares it. A second run with the same source changes nothing.
"""

import json
from dataclasses import replace

from django.db.models import Q

from fiches.choice_lists import Theme
from fiches.indexation import index_fiche
from fiches.models import Fiche
from fiches.textes import as_text
from participants.models import CREATION
from reprise.file_names import is_stored_as
from reprise.following import Suite, follow, keep_links, says_another
from reprise.indesirable import taken_from
from reprise.lecture import FICHIER, AnomalieLue, Lue, Valeurs
from reprise.masking import masked_words, named, persons_here, private_words
from reprise.matching import CLE_LENGTH, Rapprochement, numbered
from reprise.models import FICHIERS, PERSONNES, PROVENANCE, RESERVES, Anomalie, Ecartee, Origine
from reprise.persons import follow_persons, keep_newer_persons
from reprise.publication import RAISON, held_back, hidden_from_visitors, is_left_waiting, was_public
from reprise.resolution import differences, in_words, label_of
from reprise.urls_of_old_site import learn
from socle.annuaire.models import Entree, Statut, inscrire_fiches
from socle.francais.texte import fold
from socle.francais.wording import entier
from socle.vie_privee.public_text import Retrait, as_written, take_out

SEULES = "personnes_seules"  # records in which only persons changed, without a new version


def persons_alone(counts: dict[str, int]) -> str:
    """« (pour 3, seules les personnes ont changé) », after the number of modified records; "" if none."""
    return f" (pour {entier(counts[SEULES])}, seules les personnes ont changé)" if counts.get(SEULES) else ""


class Saver:
    """Base of all savers. A saver saves the records of one type in one run.

    `reprise`: a Formulaire. `rapport`: receives the results.
    """

    def __init__(self, reprise, rapport):
        self.cle, self.reprise, self.rapport = reprise.cle, reprise, rapport
        self.seen: dict[str, int] = {}
        # A text dump has no date and prints only the words of links.
        self.undated = rapport.format == "texte"

    def _number(self, cle: str) -> tuple[str, bool]:
        """Returns the key of a record, numbered if it comes again in the source, and whether it does."""
        cle = cle[:CLE_LENGTH]
        number = self.seen[cle] = self.seen.get(cle, 0) + 1
        return numbered(cle, number), number > 1

    @staticmethod
    def _said(lue: Lue, champs: dict) -> dict[str, str]:
        """What the source says, as text, for the next takeover to compare."""
        said = {name: as_text(value) for name, value in champs.items()}
        return said | ({CREATION: as_text(lue.creee_le)} if lue.creee_le else {})

    @staticmethod
    def _odd(lue: Lue, titre: str, found: list[tuple[str, str, str]]) -> list[AnomalieLue]:
        """All anomalies of a record, those of the reader and those `found` since: (type, label, text)."""
        lines = {label: champ.ligne for label, champ in lue.champs.items()}
        later = (AnomalieLue(type, titre, champ, lines.get(champ, lue.premiere_ligne), t) for type, champ, t in found)
        return [*(replace(anomalie, titre=titre) for anomalie in lue.anomalies), *later]

    def _ask(self, row, titre: str, cle: str, lue: Lue, suite: Suite, *, older: bool, several: bool = False) -> bool:
        """Keeps one anomaly of a row that changed on both sides; returns whether one is open.

        Texts already decided on are not asked again; an anomaly without any difference left is deleted. `older`: the
        source may be older than an earlier one. `several`: this row stands for several old records, so that the anomaly
        closes only once nothing differs.
        """
        both = anomalies_of(row).filter(type=Anomalie.Type.CHANGE_DES_DEUX_COTES)
        opened = list(both.open())
        decided = {said for one in both.exclude(reglee_le=None) for said in one.valeurs.items()}
        news = {champ: texte for champ, texte in suite.changees.items() if (champ, texte) not in decided}
        if not news:
            for one in () if older else opened:
                if differences(row, one.valeurs).keys() <= (set() if several else suite.dites.keys()):
                    one.delete()
            return False
        if several:
            opened = [one for one in opened if news.items() <= one.valeurs.items()]
        created = not opened
        anomalie = opened[0] if opened else both.model(type=Anomalie.Type.CHANGE_DES_DEUX_COTES.value)
        if created or not older:
            anomalie.valeurs |= {champ: texte for champ, texte in suite.dites.items() if texte}
            anomalie.texte, anomalie.ligne = in_words(type(row), news), lue.premiere_ligne
            said = {"type": anomalie.type, "champ": "", "texte": json.dumps(anomalie.valeurs, sort_keys=True)}
            anomalie.empreinte = Anomalie.fingerprint(cle=f"{self.cle}:{cle}", **said)
            anomalies_of(row).add(anomalie, bulk=False)
            for one in opened[1:]:
                one.delete()
        self.rapport.note(anomalie, titre, lue.premiere_ligne, created=created)
        self.rapport.conflits.append((titre, [label_of(type(row), champ) for champ in news]))
        return True

    def _take_out_spam(self, row, lue: Lue, valeurs: Valeurs) -> None:
        """Removes spam from our text if the source held only that spam; other text of ours stays."""
        for anomalie in lue.anomalies:
            spam = anomalie.type == Anomalie.Type.CONTENU_INDESIRABLE
            champ = self.reprise.field_of(anomalie.champ) if spam else ""
            if champ and champ not in valeurs.champs and anomalie.texte in getattr(row, champ):
                valeurs.champs[champ] = taken_from(getattr(row, champ), anomalie.texte)

    def _fill(self, row, champs: dict) -> dict[str, list]:
        """Puts values into a row; returns those of several-choice fields, to save after the row."""
        several = {name: value for name, value in champs.items() if isinstance(value, list)}
        self.reprise.prepare(row, champs)
        for name, value in champs.items():
            if name not in several:
                setattr(row, name, value)
        return several


class FicheSaver(Saver):
    def __init__(self, reprise, rapport):
        super().__init__(reprise, rapport)
        self.created: list = []

    def _begin(self) -> None:
        """Prepares the first record. Without any record in the source, demo records stay."""
        self.rapport.demo_retirees += self._remove_demo()
        self.known = Rapprochement(self.reprise)
        self.themes = list(Theme.objects.all())

    def _remove_demo(self) -> int:
        return self.reprise.make_room(self.reprise.model.objects.filter(entree__exemple=True, version=1))

    def save(self, lue):
        """Saves one record; returns ours, or None if it was deleted here and must stay so."""
        if not self.seen:
            self._begin()
        cle, twin = self._number(fold(lue.titre))
        valeurs = self.reprise.read(lue)
        origine = self.known.find(cle, lue, self._said(lue, valeurs.champs))
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
        ours = fiche is not None and origine is None  # found by its title
        publier = self.rapport.options.get("publier")
        waiting = not ours and fiche is not None and is_left_waiting(fiche)
        hidden = hidden_from_visitors(self.reprise, lue, before, publier=publier)
        shown = held_back(self.reprise, lue, hidden) if hidden else valeurs
        # A title that several records share identifies none, unless the operator says that all was public.
        sure = publier or lue.identifiant or not self.known.has_twins(cle)
        publishing = waiting and sure and lue.visible
        publishing = publishing and was_public(self.reprise, fiche, before, shown, hidden)
        if publishing or (fiche.is_publiee if fiche else lue.visible):
            valeurs = shown
        valeurs.connues = set(before.get(PERSONNES, ()))
        suite = None
        if fiche is None:
            fiche, etat = self._create(lue, valeurs), "creees"
        else:
            # Found by title alone, in a source that may hold private pages: it may be another page with that title.
            unsaid = bool(lue.identifiant) and origine is not None and not origine.identifiant and not lue.publique
            other = unsaid and fiche.is_publiee and says_another(before, valeurs.champs)
            if other:
                valeurs = replace(valeurs, personnes=None, joints={}, fichiers=[])
            if publishing:
                fiche.statut = Statut.PUBLIEE
                fiche.publiee_le = lue.creee_le or (fiche.cree_le if fiche.datee else None)
            dite = as_written(fiche)
            suite = self._follow(fiche, dite, before, lue, valeurs, other=other)
            etat = self._update(fiche, suite, valeurs, publishing=publishing)
            several, older = fiche.pk in self.known.merged.values(), self.undated and CREATION in before
            if hidden and fiche.is_publiee:
                self._ask_without(fiche, hidden)
            if self._ask(fiche, fiche.titre, cle, lue, suite, older=older, several=several):
                etat = "conflits"
            self._know_files(fiche, origine.cle if origine else cle, valeurs)
            if origine is None and fiche.statut == Statut.BROUILLON and etat == "inchangees":
                etat = "modifiees"  # now it is the old site's record
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
        self._remember(own, cle, origine, fiche, lue, valeurs, suite, etat)
        self._note_all(fiche, cle, lue, valeurs, twin)
        return fiche

    def _ask_without(self, fiche, hidden: set[str]) -> None:
        """Removes private fields from the anomaly of a record that has become public: « Prendre l’ancien site » would
        publish them.
        """
        names = {name for label in hidden for name in self.reprise.fields_under(label)}
        for anomalie in Anomalie.objects.open().filter(entree=fiche.pk, type=Anomalie.Type.CHANGE_DES_DEUX_COTES):
            if names & anomalie.valeurs.keys():
                anomalie.valeurs = {name: text for name, text in anomalie.valeurs.items() if name not in names}
                anomalie.save(update_fields=["valeurs"])

    def _note_all(self, fiche, cle, lue, valeurs, twin: bool) -> None:
        missing = [("fichier_manquant", FICHIER, nom) for nom in self.reprise.missing(fiche, valeurs)]
        masked = self._masked(fiche, valeurs) if fiche.is_publiee else []
        odd = self._odd(lue, fiche.titre, valeurs.anomalies + missing + masked)
        # The old site hides the definition, but ours has one.
        odd = [one for one in odd if one.type != "definition_manquante" or not fiche.definition]
        if twin:
            odd.append(AnomalieLue("doublon_probable", fiche.titre, "", lue.premiere_ligne, lue.titre))
        for anomalie in odd:
            note(self.rapport, f"{self.cle}:{cle}", anomalie, entree=fiche.entree)

    def _masked(self, fiche, valeurs) -> list[tuple[str, str, str]]:
        """Anomalies for words of the source that are masked here."""
        labels = {libelle.champ: label for label, libelle in self.reprise.libelles.items()}
        said = masked_words(fiche, valeurs.champs).items()
        told = [(champ, ", ".join(f"«\u00a0{mot}\u00a0»" for mot in mots)) for champ, mots in said]
        return [(Anomalie.Type.MOTS_MASQUES.value, labels.get(champ, champ), mots) for champ, mots in told]

    def absentes(self, provenances: set[str]) -> list[Entree]:
        """Entries that came from these forms and that the source no longer holds: deleted there, or hidden. They stay
        here.
        """
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
            note(self.rapport, f"{self.cle}:{fold(fiche.titre)}", anomalie, entree=fiche.entree)

    def _create(self, lue, valeurs):
        fiche = self.reprise.model(statut=Statut.PUBLIEE if lue.visible else Statut.A_RELIRE, datee=False)
        if lue.creee_le:
            fiche.cree_le = lue.creee_le
            fiche.publiee_le = lue.creee_le if lue.visible else None
        self._put(fiche, valeurs.champs, valeurs, publishing=True)
        self.reprise.attach(fiche, valeurs)
        self.created.append(fiche)
        return fiche

    def _put(self, fiche, champs: dict, valeurs, *, publishing: bool) -> None:
        """Puts values into the record and saves it with its several-choice fields and persons, so that all are indexed.

        `publishing`: none of its texts was public before.
        """
        several = self._fill(fiche, champs)
        self.reprise.complete(fiche, valeurs)
        fiche._change_reason, fiche.tous_les_themes, fiche.reconnaisseur = RAISON, self.themes, self.reprise.places

        def rows():
            for name, chosen in several.items():
                getattr(fiche, name).set(chosen)
            self._put_persons(fiche, valeurs)

        fiche.save(rows=rows, ici=False, retrait=self._retrait(fiche, valeurs, champs=None if publishing else champs))

    def _retrait(self, fiche, valeurs, champs) -> Retrait:
        """Masks words about persons in the fields `champs` of a public record; None for all fields."""
        noms = [*named(row.get("nom", "") for row in valeurs.personnes or ()), *persons_here(fiche)]
        words = private_words(fiche, noms=noms, champs=champs) if fiche.is_publiee else ()
        return take_out(fiche, words)

    @staticmethod
    def _put_persons(fiche, valeurs) -> bool:
        return valeurs.personnes is not None and follow_persons(fiche.entree, valeurs.personnes, valeurs.connues)

    def _follow(self, fiche, dite, base: dict[str, str], lue, valeurs, *, other: bool) -> Suite:
        """Compares a record of ours with the source.

        `dite`: a copy with the original words in place of masked ones, since the source may repeat them.
        """
        base = dict(base)
        if self.undated:
            keep_links(base, valeurs)
            keep_newer_persons(fiche.entree, base, valeurs)
        self._leave_out_spam(dite, valeurs)
        self._take_out_spam(dite, lue, valeurs)
        self.reprise.reconcile(dite, base, valeurs)
        return follow(dite, base, valeurs.champs, undated=self.undated, other=other)

    def _update(self, fiche, suite: Suite, valeurs, *, publishing: bool) -> str:
        """`publishing`: saves in any case, as the record becomes public."""
        if suite.prendre or publishing:
            self._put(fiche, suite.prendre, valeurs, publishing=publishing)
            changed = True
        else:
            changed = self._put_persons(fiche, valeurs)
            if changed and fiche.is_publiee and private_words(fiche, noms=persons_here(fiche), champs=valeurs.champs):
                self._put(fiche, {}, valeurs, publishing=True)
            if changed and not suite.changees:
                self.rapport.count(self.cle, SEULES)
        self.reprise.attach(fiche, valeurs)
        return "modifiees" if changed else "inchangees"

    @staticmethod
    def _leave_out_spam(fiche, valeurs) -> None:
        """Keeps removed spam out of an empty field: a source with a single print of it does not reveal it as spam."""
        filled = {n for n, v in valeurs.champs.items() if v and isinstance(v, str) and not getattr(fiche, n)}
        if filled:
            taken = Anomalie.objects.filter(entree=fiche.pk, type=Anomalie.Type.CONTENU_INDESIRABLE)
            pieces = set(taken.values_list("texte", flat=True))
            for name in filled:
                if valeurs.champs[name] in pieces:
                    del valeurs.champs[name]

    def _know_files(self, fiche, cle: str, valeurs) -> None:
        """Renames files in anomalies: from the name on pages to the name in the old site's data."""
        for anomalie in Anomalie.objects.filter(entree=fiche.pk, type="fichier_manquant") if valeurs.fichiers else ():
            stored = next((nom for nom in valeurs.fichiers if is_stored_as(nom, anomalie.texte)), anomalie.texte)
            if stored != anomalie.texte:
                anomalie.texte = stored
                self._call(anomalie, cle)

    def _call(self, anomalie, cle: str) -> None:
        """Saves an anomaly under the key of its record, by which the next takeover finds it."""
        said = {"type": anomalie.type, "champ": anomalie.champ, "texte": anomalie.texte}
        anomalie.empreinte = Anomalie.fingerprint(cle=f"{self.cle}:{cle}", **said)
        if not Anomalie.objects.filter(empreinte=anomalie.empreinte).exclude(pk=anomalie.pk).exists():
            anomalie.save(update_fields=["texte", "empreinte"])

    def _date(self, fiche, lue, before: dict) -> None:
        """Gives a record the dates of the old site unless somebody has edited it here. This makes no version."""
        if fiche.history.exclude(history_change_reason__startswith=RAISON).exists():
            return
        dates = {"modifiee_le": lue.modifiee_le or lue.creee_le, "datee": True}
        if lue.creee_le and CREATION not in before:
            dates["cree_le"] = lue.creee_le
            if fiche.is_publiee:
                dates["publiee_le"] = lue.creee_le
        type(fiche).objects.filter(pk=fiche.pk).update(**dates)
        index_fiche(fiche)  # lists count by year
        known = {name: value for name, value in dates.items() if name != "cree_le"}
        Entree.objects.filter(pk=fiche.pk).update(**known)
        inscrire_fiches([fiche.pk])
        for name, value in dates.items():
            setattr(fiche, name, value)

    def _remember(self, own: int, cle: str, origine, fiche, lue, valeurs, suite: Suite | None, etat: str) -> None:
        """Keeps what the old site says now, except what this record refuses: the next run must ask again.

        `own`: key of the record that the source describes; two merged records keep one each.
        """
        before = origine.valeurs if origine else {}
        said = before | self._said(lue, {} if suite and suite.changees else valeurs.champs)
        if lue.reserves or (RESERVES in before and lue.reserves is not None):
            said[RESERVES] = sorted(lue.reserves)
        if PROVENANCE not in before or (lue.formulaire and self.rapport.site):  # the source knows wiki and form
            said[PROVENANCE] = self.rapport.provenance(lue.formulaire)
        if valeurs.connues:
            said[PERSONNES] = sorted(valeurs.connues)
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
        del kept.valeurs  # saves memory; read again if this run meets the record again
        if origine and origine.cle != cle:
            self.known.forget(origine)
            for anomalie in Anomalie.objects.filter(entree=fiche.pk):
                self._call(anomalie, cle)
        self.known.know(kept)
        if cle in self.known.left_out:
            Ecartee.objects.filter(type=self.cle, cle=cle).delete()


def anomalies_of(row):
    """A relation that can also add an anomaly."""
    return row.entree.anomalies if isinstance(row, Fiche) else row.anomalies


def note(rapport, cle: str, lue: AnomalieLue, model=Anomalie, **owner) -> None:
    """Keeps an anomaly once, with its record or person `owner`, if any; does not report a settled one.

    `cle`: identity of what the anomaly is about.
    """
    said = {"type": lue.type, "champ": lue.champ, "texte": lue.texte}
    empreinte = Anomalie.fingerprint(cle=cle, **said)
    anomalie, created = model.objects.get_or_create(empreinte=empreinte, defaults=said | owner | {"ligne": lue.ligne})
    if anomalie.reglee_le is None:
        rapport.note(anomalie, lue.titre, lue.ligne, created=created)
