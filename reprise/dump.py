"""Reads the text dump of the old site: bytes in, records and a count of every line out. No database.

lignes.py cuts bytes into lines; indesirable.py removes spam, which may be printed twice like a title; decoupage.py
tells titles, labels and values apart; champs.py joins the lines of a field. The `Formulaire`s describe the types.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from reprise.champs import restore
from reprise.decoupage import Decoupage, Section, Segment, normal, places_of
from reprise.fields import Formulaire, note_missing, note_odd
from reprise.indesirable import Passage, find_unwanted
from reprise.lecture import (
    FICHIER,
    INCONNU,
    LIGNES,
    AnomalieLue,
    Champ,
    Lecture,
    Lue,
)
from reprise.lignes import LigneLue, decode, not_a_dump
from reprise.titres import has_date

_FILE = re.compile(r"^Fichier\s*:\s*(?P<name>\S.*?)\s*$")
_FILE_NAME = re.compile(r"^\S+\.\w{2,5}_?$")
_BUTTON = "Télécharger"
_MOST_UNCLAIMED = 0.5


def read_dump(data: bytes, formulaires: Iterable[Formulaire]) -> Lecture:
    """Reads a dump, complete or cut. Raises DumpIllisible if it is not a dump, or not UTF-8."""
    lines, half = decode(data)
    return _Reader(lines, list(formulaires), ended=data.endswith(b"\n"), half=half).read()


class _Reader:
    def __init__(self, lines: list[str], forms: list[Formulaire], *, ended: bool, half: bool):
        self.raw, self.forms, self.ended = lines, forms, ended
        self.notes = ["Le dernier caractère du texte est coupé en deux : il a été retiré."] if half else []
        self.counts = dict.fromkeys(LIGNES, 0)
        self.labels = places_of(forms)
        self.spam: list[tuple[int, str]] = []  # (number of the line, what was removed from it)
        self.files: list[tuple[int, str]] = []  # (number of the line, name)
        self.lines: list[LigneLue] = []
        self.loose: list[AnomalieLue] = []

    def read(self) -> Lecture:
        if not any(normal(line) in self.labels for line in self.raw):
            raise not_a_dump(self.raw)
        trailing_file = self._sort_lines()
        if not self.lines:
            raise not_a_dump(self.raw)
        if not trailing_file:
            self._complete_last()
        segments = Decoupage(self.lines, self.forms, trailing_file=trailing_file, ended=self.ended).segments()
        fiches = list(self._records(segments))
        known = any(fiche.type != INCONNU for fiche in fiches)
        if (fiches and not known) or self.counts["non_attribuees"] > _MOST_UNCLAIMED * len(self.lines):
            raise not_a_dump(self.raw)
        self._place_rest(fiches)
        if fiches:
            self._note_doubtful_end(segments[-1], fiches[-1])
        for fiche in fiches:
            fiche.anomalies.sort(key=lambda anomalie: anomalie.ligne)
        return Lecture(fiches, {"total": len(self.raw), **self.counts}, self.loose, ignores=self.notes)

    # Lines that one look tells: empty ones, spam, names of files

    def _sort_lines(self) -> bool:
        """Fills `lines` with what is left to understand; returns whether names of files stand at the very end."""
        unwanted = find_unwanted(self._passages(), labels=self.labels)
        file_before = spam_before = False
        button_due = False
        for numero, text in enumerate(self.raw, 1):
            if not text.strip():
                self.counts["vides"] += 1
                continue
            if button_due and text.strip() == _BUTTON:
                self.counts["libelles"] += 1
                button_due = False
                continue
            button_due = False
            kept, piece = unwanted.take_out(text) if unwanted else (text, "")
            if piece:
                self.spam.append((numero, piece))
                if not kept.strip():
                    self.counts["ecartees"] += 1
                    spam_before = True
                    continue
            line = kept.strip()
            file = _FILE.match(line)
            if file and (_FILE_NAME.match(file["name"]) or self._next_is_button(numero)):
                self.counts["valeurs"] += 1
                self.files.append((numero, file["name"]))
                file_before = button_due = True
                continue
            self.lines.append(LigneLue(numero, line, file_before, spam_before))
            file_before = spam_before = False
        return file_before

    def _next_is_button(self, numero: int) -> bool:
        following = (line.strip() for line in self.raw[numero:])
        return next((line for line in following if line), "") == _BUTTON

    def _passages(self) -> Iterator[Passage]:
        """Lines with the nearest label above: enough to see where a piece recurs."""
        libelles = [{normal(label): libelle for label, libelle in form.libelles.items()} for form in self.forms]
        form, position, record, label, first = -1, -1, 0, "", True
        for text in self.raw:
            found = self.labels.get(normal(text))
            if found:
                new_form, new_position = next((place for place in found if place[0] == form), found[0])
                if new_form != form or new_position <= position:
                    record += 1
                form, position, label, first = new_form, new_position, normal(text), True
                continue
            libelle = libelles[form][label] if form >= 0 else None
            closed = libelle is None or libelle.genre == "fichier"
            # A field of one line holds its value on the first line; what follows is not protected by the field.
            beyond = not closed and not first and libelle.genre in ("ligne", "choix", "courriel")
            first = False
            yield Passage(
                texte=text.strip(),
                type="" if closed else self.forms[form].cle,
                fiche=record,
                champ=label,
                libre=beyond or (not closed and libelle.libre),
            )

    # A text may end anywhere

    def _complete_last(self) -> None:
        """Completes a last line without its end, if it begins a line that stood before.

        The second print of a title, or the second walk of a field, may be cut so.
        """
        if self.ended or len(self.lines) < 2:
            return
        last, above = self.lines[-1], [line.texte for line in self.lines[:-1]]
        label = next((n for n in range(len(above) - 1, -1, -1) if normal(above[n]) in self.labels), -1)
        field = above[label + 1 :]
        if normal(last.texte) in self.labels or not field:
            return
        again = [below for line, below in pairwise(field) if line == field[-1]]
        whole = next((text for text in (*again, field[-1], *field) if text.startswith(last.texte)), last.texte)
        self.lines[-1] = replace(last, texte=whole)

    def _note_doubtful_end(self, segment: Segment, last: Lue) -> None:
        """Notes facts only: the last line has no end, or labels that this form always prints are missing."""
        form, section = segment.formulaire, segment.sections[-1] if segment.sections else None
        missing = form.sequence[section.position + 1 :] if form and form.complet else ()
        if self.ended and not missing:
            return
        why = [] if self.ended else ["elle n’a pas de saut de ligne"]
        if missing:
            why.append(f"il manque {', '.join(f'« {label} »' for label in missing)}")
        label = form.sequence[section.position] if form and section.label is not None else ""
        spam = any(numero == last.derniere_ligne for numero, _ in self.spam)  # has its own anomaly
        line = "" if spam else self.raw[last.derniere_ligne - 1].strip()
        texte = f"Dernière ligne : « {line} » ; {' ; '.join(why)}. Comparez la fiche avec l’ancien site."
        anomalie = AnomalieLue("fin_douteuse", last.titre, label, last.derniere_ligne, texte)
        (self.loose if last.type == INCONNU else last.anomalies).append(anomalie)
        self.notes.append(
            f"Le texte finit à la ligne {last.derniere_ligne}, peut-être avant sa fin : {' ; '.join(why)}. Tout ce qui "
            f"s’y trouve est repris. Comparez la dernière fiche « {last.titre} » avec l’ancien site ; un texte plus "
            f"complet, repris plus tard, la complétera."
        )

    # Records

    def _records(self, segments: Sequence[Segment]) -> Iterator[Lue]:
        starts = [self._first_line(segment) for segment in segments]
        for segment, start, end in zip(segments, starts, [*starts[1:], len(self.raw) + 1], strict=True):
            if not segment.titres and segment.formulaire is None:
                for section in segment.sections:
                    self._unclaimed(section.lines)
                continue
            if not segment.titres and not any(section.lines for section in segment.sections):
                self.counts["libelles"] += len(segment.sections)  # the text ends at the first label of a registration
                continue
            files = self.files[bisect_left(self.files, (start,)) : bisect_left(self.files, (end,))]
            titre = self.lines[segment.titres[0]].texte if segment.titres else ""
            cle = self._type(segment, titre, files)
            self.counts["titres"] += len(segment.titres)
            fiche = Lue(cle, titre, start, self._last_line(end), {})
            for section in segment.sections:
                self._read_section(fiche, segment.formulaire, section)
            if files:
                fiche.champs[FICHIER] = Champ(FICHIER, "\n".join(name for _, name in files), files[0][0])
            note_missing(fiche, next((form for form in self.forms if form.cle == fiche.type), None))
            yield fiche

    def _first_line(self, segment: Segment) -> int:
        if segment.titres:
            return self.lines[segment.titres[0]].numero
        section = segment.sections[0]
        return self.lines[section.lines[0] if section.label is None else section.label].numero

    def _last_line(self, following: int) -> int:
        """The last line before `following` that is not empty."""
        return next(numero for numero in range(following - 1, 0, -1) if self.raw[numero - 1].strip())

    def _type(self, segment: Segment, titre: str, files: Sequence[tuple[int, str]]) -> str:
        """The form that a label tells; for a title alone, the form that prints its titles so; else unknown."""
        if segment.formulaire:
            return segment.formulaire.cle
        for form in self.forms:
            if files and _BUTTON in form.libelles:
                return form.cle
        if not files and not segment.sections:
            for form in self.forms:
                dated = has_date(titre) or not form.date_au_titre
                if form.titres_sans_corps == len(segment.titres) and dated:
                    return form.cle
        return INCONNU

    def _read_section(self, fiche: Lue, form: Formulaire | None, section: Section) -> None:
        if section.label is None:
            self._unclaimed(section.lines, fiche)
            return
        self.counts["libelles"] += 1
        numero = self.lines[section.label].numero
        own, beyond = self._split_at_file(section.lines)
        self._unclaimed(beyond, fiche)
        lines = restore([self.lines[index].texte for index in own])
        self.counts["valeurs"] += len(lines)
        self.counts["repetitions"] += len(own) - len(lines)
        label = form.sequence[section.position]
        if form.libelles[label].genre == "rubrique" and not lines:
            return
        texte = "\n".join(lines)
        fiche.champs[label] = Champ(label, texte, numero)
        first = self.lines[own[0]].numero if lines else numero
        note_odd(fiche, form, label, texte, first)

    def _split_at_file(self, lines: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
        for place, index in enumerate(lines):
            if place and self.lines[index].file_before:
                return lines[:place], lines[place:]
        return lines, []

    def _unclaimed(self, lines: Sequence[int], fiche: Lue | None = None) -> None:
        """Counts and reports lines of no field; they are kept without a label."""
        self.counts["non_attribuees"] += len(lines)
        for line in (self.lines[index] for index in lines):
            if fiche is None:
                self.loose.append(AnomalieLue("non_attribuee", "", "", line.numero, line.texte))
            else:
                fiche.note("non_attribuee", "", line.texte, line.numero)
                fiche.put("", line.texte, line.numero)

    # Removed text returns to its record, as an anomaly

    def _place_rest(self, fiches: Sequence[Lue]) -> None:
        place = -1
        for numero, piece in self.spam:
            while place + 1 < len(fiches) and fiches[place + 1].premiere_ligne <= numero:
                place += 1
            if place < 0:
                self.loose.append(AnomalieLue("contenu_indesirable", "", "", numero, piece))
                continue
            fiche = fiches[place]
            above = [champ for champ in fiche.champs.values() if champ.ligne <= numero]
            label = max(above, key=lambda champ: champ.ligne).label if above else ""
            fiche.note("contenu_indesirable", label, piece, numero)
