"""Turns the records of a wiki into those that a takeover saves.

Forms are recognised, each record is read (records.py), two answers about one record are joined, spam is removed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from reprise.decoupage import normal
from reprise.fields import Formulaire
from reprise.indesirable import Indesirables, Passage, find_unwanted
from reprise.lecture import FICHIER, LIGNES, Champ, Lecture, Lue
from reprise.reconnaissance import Reconnu, recognise
from reprise.records import FicheEnLecture, title_of
from reprise.wiki import INCERTAIN, ChampAncien, FicheAncienne, FormulaireAncien, Wiki, genre_of

_LIST_OF_KEY = re.compile(r"^(?:checkbox|liste|radio)")


def assemble(wiki: Wiki, formulaires: Iterable[Formulaire], said: Mapping[str, str]) -> Lecture:
    """The records of a wiki, as a takeover saves them. `said`: {number of a form: type}, from the operator."""
    return _Assembly(wiki, list(formulaires), said).read()


class _Assembly:
    def __init__(self, wiki: Wiki, forms: Sequence[Formulaire], said: Mapping[str, str]):
        self.wiki, self.forms, self.said = wiki, forms, said
        self.by_cle = {form.cle: form for form in forms}

    def read(self) -> Lecture:
        self._complete_forms()
        self.known = {
            n: recognise(form, self.forms, self.said) if n != INCERTAIN else Reconnu(form)
            for n, form in self.wiki.formulaires.items()
        }
        self.titles = {fiche.identifiant: title_of(fiche) for fiche in self.wiki.fiches if fiche.identifiant}
        fiches = self._without_twins([self._record(fiche) for fiche in self.wiki.fiches])
        self._take_out_spam(fiches)
        for fiche in fiches:
            fiche.known.nombre += 1
            fiche.note_missing()
        counts = self.wiki.counts + Counter(kind for fiche in fiches for kind, _ in fiche.places)
        return Lecture(
            [fiche.lue for fiche in fiches],
            {name: counts[name] for name in ("total", *LIGNES)},
            format=self.wiki.format,
            formulaires=list(self.known.values()),
            ignores=[*self.wiki.ignores, *self._without_records()],
            entiere=False,
            site=self.wiki.site.partition("://")[2],
            completes=self._completes(),
        )

    def _completes(self) -> frozenset[str]:
        """JSON with the definition of a form holds all its records."""
        return frozenset(
            numero
            for numero, known in self.known.items()
            if known.nombre and numero.isdecimal() and not known.ancien.deduit
        )

    def _without_records(self) -> list[str]:
        """Names the forms without records: a form closed to visitors answers like an empty one."""
        names = [
            f"{form.numero} « {form.nom} »{' (fermé aux visiteurs)' if form.ferme else ''}"
            for form in (known.ancien for known in self.known.values() if not known.nombre)
        ]
        if not names:
            return []
        return [
            f"Sans aucune fiche dans cette source : {', '.join(names)}. Ces formulaires y sont vides, absents, ou "
            f"fermés aux visiteurs ; leurs fiches déjà reprises restent telles quelles."
        ]

    # Forms

    def _complete_forms(self) -> None:
        """Each record gets a form, each key a field, each choice its options."""
        forms = self.wiki.formulaires
        sure = {fiche.identifiant: fiche.formulaire for fiche in self.wiki.fiches if fiche.formulaire != INCERTAIN}
        for fiche in self.wiki.fiches:
            if fiche.formulaire == INCERTAIN:
                fiche.formulaire = sure.get(fiche.identifiant, INCERTAIN)
            form = forms.get(fiche.formulaire)
            if form is None:
                form = forms[fiche.formulaire] = FormulaireAncien(fiche.formulaire, deduit=True)
            for cle in fiche.valeurs:
                if cle not in form.champs:
                    form.champs[cle] = ChampAncien(cle, genre=genre_of(cle))
        for form in forms.values():
            for champ in form.champs.values():
                if champ.genre in ("choix", "listes") and not champ.options and self.wiki.listes:
                    rest = _LIST_OF_KEY.sub("", champ.cle)
                    names = [name for name in self.wiki.listes if rest.startswith(name)]
                    champ.options = self.wiki.listes[max(names, key=len)] if names else champ.options

    # Records

    def _record(self, fiche: FicheAncienne) -> FicheEnLecture:
        known = self.known[fiche.formulaire]
        form = self.by_cle.get(known.type)
        return FicheEnLecture(fiche, known, form, wiki=self.wiki, titles=self.titles)

    # The same record in two answers

    def _without_twins(self, fiches: list[FicheEnLecture]) -> list[FicheEnLecture]:
        kept: dict[object, FicheEnLecture] = {}
        for number, fiche in enumerate(fiches):
            key = fiche.lue.identifiant or number
            other = kept.get(key)
            if other is None:
                kept[key] = fiche
                continue
            older, newer = sorted((other, fiche), key=lambda one: _stamp(one.lue))
            kept[key] = newer
            newer.take_from(older)
        return list(kept.values())

    # Spam

    def _take_out_spam(self, fiches: list[FicheEnLecture]) -> None:
        labels = {normal(label) for form in self.forms for label in form.sequence}
        unwanted = find_unwanted(self._passages(fiches), labels=labels)
        if not unwanted:
            return
        for fiche in fiches:
            for label, champ in list(fiche.lue.champs.items()):
                if label == FICHIER:
                    continue
                champ.texte = self._without(unwanted, fiche, label, champ)
                if not champ.texte:
                    place = next((n for n, (_, name) in enumerate(fiche.places) if name == label), None)
                    if place is not None:
                        fiche.places[place] = ("ecartees", "")
                    del fiche.lue.champs[label]

    @staticmethod
    def _passages(fiches: list[FicheEnLecture]):
        for number, fiche in enumerate(fiches):
            bound = {label for label, libelle in fiche.form.libelles.items() if not libelle.libre} if fiche.form else ()
            for label, champ in fiche.lue.champs.items():
                for line in champ.texte.split("\n") if label != FICHIER else ():
                    cle = fiche.form.cle if fiche.form else ""
                    yield Passage(line, cle, number, normal(label), bool(fiche.form) and label not in bound)

    @staticmethod
    def _without(unwanted: Indesirables, fiche: FicheEnLecture, label: str, champ: Champ) -> str:
        lue, lines = fiche.lue, []
        for line in champ.texte.split("\n"):
            kept, piece = unwanted.take_out(line)
            if piece:
                lue.note("contenu_indesirable", label, piece)
            if kept.strip():
                lines.append(kept.strip())
        return "\n".join(lines)


def _stamp(lue: Lue) -> float:
    return lue.modifiee_le.timestamp() if lue.modifiee_le else 0.0
