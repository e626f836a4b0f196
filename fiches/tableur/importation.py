"""Rows of a spreadsheet into records. Commands and desk call `import_fiches`.

An empty `identifiant` makes a new draft, unless the record is there: a file read twice makes no second one. A missing
column changes nothing, an empty cell empties its field, derived columns are not read. A cell that says what an export
would say is no change, even if a spreadsheet rewrote it: a record that nobody edited is never saved, and masked
addresses stay. A row older than its record is a conflict.

What is special to a type (places, amounts, versions) is a subclass of Importation, named in its declaration.
"""

import hashlib
import json
import re
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import Truncator

from fiches import registre
from fiches.acces import may_change
from fiches.columns import STATUT
from fiches.indexation import together
from fiches.lieux import Situee
from fiches.models import Fiche
from fiches.mots_prives import newly_shown, persons_of_all
from fiches.suivi.comparaison import Difference
from fiches.tableur.cellules import Cellule, LigneRefusee, cellules_de
from fiches.titre_seul import has_title_alone
from socle.catalogue.columns import Column, in_words, unprotect
from socle.francais.texte import fold
from socle.francais.valeurs import FILE, as_words, read_moment, unix
from socle.tableur.classeur import CelluleIllisible, writable
from socle.tableur.lecture_csv import FichierIllisible
from socle.territoires.reconnaissance import Reconnaisseur
from socle.vie_privee.public_text import Decision, kept_of, public_texts
from socle.vie_privee.questions import MotPrive, decisions, kept_all

BLOCK = 500
_WORDS = re.compile(r"\w+")
CREE, MODIFIE, INCHANGE, CONFLIT, REFUS = "cree", "modifie", "inchange", "conflit", "refus"
ATTEND = "attend"  # the row would show private words to the public: somebody must allow it first


class LigneEnConflit(Exception):
    """The row is older than its record. The message, in French, says so."""


@dataclass
class LigneImportee:
    """The result for one row, in a preview or after an import.

    `sort`: CREE, MODIFIE, INCHANGE, CONFLIT, REFUS or ATTEND. `prives`: private words that it would make public.
    """

    numero: int
    sort: str
    titre: str = ""
    message: str = ""
    pk: int | None = None
    version: int | None = None
    changements: list[Difference] = field(default_factory=list)
    prives: list[MotPrive] = field(default_factory=list)


@dataclass
class RapportImport:
    """The result of an import. `lignes`: the rows that change or cannot be taken, in the order of the file."""

    inchanges: int = 0
    lignes: list[LigneImportee] = field(default_factory=list)
    attendu: bool = True  # whether everything is as the preview said

    def of(self, sort: str) -> list[LigneImportee]:
        return [ligne for ligne in self.lignes if ligne.sort == sort]

    @property
    def crees(self) -> int:
        return len(self.of(CREE))

    @property
    def modifies(self) -> int:
        return len(self.of(MODIFIE))

    @property
    def conflits(self) -> list[tuple[int, str]]:
        return [(ligne.numero, ligne.message) for ligne in self.of(CONFLIT)]

    @property
    def refus(self) -> list[tuple[int, str]]:
        return [(ligne.numero, ligne.message) for ligne in self.of(REFUS)]

    @property
    def empreinte(self) -> str:
        """Digest of the report: another one if a later reading says anything else, or if records changed.

        It stays the same when a waiting row is accepted.
        """
        said = [
            [
                ligne.numero,
                MODIFIE if ligne.sort == ATTEND else ligne.sort,
                ligne.message,
                ligne.version,
                None if ligne.sort == CREE else ligne.pk,
                [(change.name, change.before, change.after) for change in ligne.changements],
                [(mot.champ, mot.mots) for mot in ligne.prives],
            ]
            for ligne in self.lignes
        ]
        return hashlib.sha256(json.dumps([self.inchanges, said]).encode()).hexdigest()


def columns_of(declaration: registre.TypeDeFiche) -> list[Column]:
    """The columns of a desk file: those of the public file, the state, and the texts that it leaves out."""
    columns = list(declaration.liste().get_columns())
    names = {column.nom for column in columns}
    texts = [Column(nom) for nom in declaration.model.textes if nom not in names]
    return [*columns, STATUT, *texts]


def headings_of(declaration: registre.TypeDeFiche) -> dict[str, str]:
    """{heading in lower case: name of the column}. A heading is the name of a column, or its words."""
    titles = titles_of(declaration)
    found = {title.casefold(): nom for nom, title in titles.items()} | {nom: nom for nom in titles}
    return found | {"licence": "licence"}  # of public files: it is not read back


def titles_of(declaration: registre.TypeDeFiche) -> dict[str, str]:
    """{name of a column: its heading in words}."""
    columns = columns_of(declaration)
    return {column.nom: told.nom for column, told in zip(columns, in_words(columns, declaration.model), strict=True)}


def importation_of(declaration: registre.TypeDeFiche) -> "type[Importation]":
    return declaration.importation or Importation


def import_fiches(
    declaration: registre.TypeDeFiche,
    rows: Iterable[tuple[int, dict[str, str]]],
    *,
    simulation: bool = False,
    essai: bool = False,
    lossy: bool = False,
    user=None,
    attendu: str | None = None,
    raison: str,
    garder: Container[int] = (),
) -> RapportImport:
    """Saves rows of (line, {column: cell}), in one transaction. A refused or conflicting row changes nothing.

    - `simulation`: rolls everything back.
    - `essai`: saves and locks nothing, for a preview.
    - `attendu`: `empreinte` of the preview; if it differs now, nothing is saved.
    - `lossy`: see lecture_csv.same.
    - `user`: whose rights count, and whose name the history keeps; None for the operator, who may do everything.
    - `garder`: lines to save with the private words that they would show; other such rows wait.
    """
    rapport = RapportImport()
    with nullcontext() if essai else together():
        how = {"lossy": lossy, "user": user, "essai": essai, "raison": raison, "garder": garder}
        reader = importation_of(declaration)(declaration, **how)
        for block in _blocks(rows):
            reader.load(block)
            for numero, cells in block:
                ligne = reader.row(numero, cells)
                if ligne.sort == INCHANGE:
                    rapport.inchanges += 1
                else:
                    rapport.lignes.append(ligne)
        rapport.attendu = attendu in (None, rapport.empreinte)
        if not essai and (simulation or not rapport.attendu):
            transaction.set_rollback(True)
    return rapport


def _blocks(rows) -> Iterator[list]:
    rows = iter(rows)
    while block := list(islice(rows, BLOCK)):
        yield block


def _marks(text: str) -> int:
    """How many apostrophes the text begins with."""
    return len(text) - len(text.lstrip("'"))


def number_of(cell: str) -> int | None:
    """The identifier; None if the cell is empty; LigneRefusee if it holds no number."""
    cell = cell.strip()
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 18):
        raise LigneRefusee(f"identifiant « {cell[:40]} » : ce doit être un nombre, ou rien pour une nouvelle fiche.")
    return int(cell)


# Columns that set a commune.
COMMUNE = {"commune", "commune_insee"}


class Importation:
    """Saves the rows of one type; reads the database once per block.

    A type may set `genres` ({column: kind of its cells}) and `related` (foreign keys that its columns print), and
    override the methods below.
    """

    genres: dict[str, type[Cellule]] = {}

    def __init__(self, declaration, *, lossy=False, user=None, essai=False, raison="", garder=()):
        self.declaration, self.model = declaration, declaration.model
        self.user, self.essai, self.raison, self.garder = user, essai, raison, garder
        self.columns = {column.nom: column.of(self.model) for column in columns_of(declaration)}
        self.cellules = cellules_de(self.model, list(self.columns.values()))
        fields = self.model._meta
        self.cellules |= {nom: kind(nom, fields.get_field(nom)) for nom, kind in self.genres.items()}
        self.titles = titles_of(declaration)
        for nom, cellule in self.cellules.items():
            cellule.titre, cellule.lossy = self.titles[nom], lossy
        self.places = Reconnaisseur()
        self.fiches: dict[int, Fiche] = {}
        self.seen: set[int] = set()
        self.created: set[tuple] = set()

    @classmethod
    def names(cls, declaration) -> list[str]:
        """The columns that are read back. No query."""
        return [*(cellules_de(declaration.model, columns_of(declaration)) | cls.genres)]

    # For types to override

    def key(self, fiche: Fiche) -> tuple:
        """The key of a record: two records with equal keys are the same one."""
        return fold(fiche.titre), fold(fiche.lieu_affiche)

    def complete(self, fiche: Fiche, before: Fiche | None, changed: set[str], cells: dict[str, str]) -> None:
        """Fills in what follows from the changed columns. `before`: a copy of the record, None for a new one."""

    def clean(self, fiche: Fiche) -> None:
        """ValidationError if the fields of the record contradict each other."""
        fiche.clean()

    # Reading

    def load(self, block) -> None:
        """Reads the records that a block names, and those with the title of a new row."""
        wanted = []
        for _, row in block:
            with suppress(LigneRefusee):  # reported when its row comes
                wanted += filter(None, [number_of(row.get("identifiant", ""))])
            if not row.get("identifiant", "").strip() and row.get("titre", "").strip():
                wanted += self.by_title.get(fold(row["titre"]), [])
        self.fiches = {fiche.pk: fiche for fiche in self._rows().filter(pk__in=wanted)}
        self.persons, self.retires = persons_of_all(self.fiches), kept_of(self.fiches.values())

    def _rows(self) -> models.QuerySet:
        return self.declaration.liste().for_export(self.model._default_manager.in_use())

    @cached_property
    def by_title(self) -> dict[str, list[int]]:
        """{folded title: keys}, read when a row is a new record."""
        found = {}
        for pk, titre in self.model._default_manager.in_use().order_by("pk").values_list("pk", "titre"):
            found.setdefault(fold(titre), []).append(pk)
        return found

    def row(self, numero: int, cells: dict[str, str]) -> LigneImportee:
        try:
            ligne = self.take(cells, kept=numero in self.garder)
        except LigneRefusee as refus:
            ligne = LigneImportee(0, REFUS, _titre(cells), str(refus))
        except LigneEnConflit as conflit:
            ligne = LigneImportee(0, CONFLIT, _titre(cells), str(conflit))
        ligne.numero = numero
        return ligne

    def take(self, cells: dict[str, str], *, kept: bool = False) -> LigneImportee:
        """Saves a row. `kept`: with the private words it shows. Raises LigneRefusee, LigneEnConflit."""
        for nom in ("identifiant", "modifiee_le", *self.cellules):
            if isinstance(cell := cells.get(nom), CelluleIllisible):
                raise LigneRefusee(f"{self.titles[nom]} : {cell.message}")
        if cells.get("commune", "").strip() and not cells.get("commune_insee", "").strip():
            cells = {nom: cell for nom, cell in cells.items() if nom != "commune_insee"}  # the name alone tells it
        number = number_of(cells.get("identifiant", ""))
        if number is None:
            return self._create(cells)
        if number in self.seen:
            raise LigneRefusee(f"la fiche {number} figure deux fois dans le fichier.")
        self.seen.add(number)
        fiche = self.fiches.get(number)
        cells = self._bare(fiche, cells) if fiche else cells
        if fiche is None or not (changed := self.changes(fiche, cells)):
            return self._unchanged(number, fiche)
        if not self.essai:
            # The block may be out of date, and a save writes every column: read the record again, locked.
            locked = self.model._default_manager.select_for_update(of=("self",))
            fiche = self.fiches[number] = locked.filter(pk=number).first()
            if fiche is None or not (changed := self.changes(fiche, cells)):
                return self._unchanged(number, fiche)
        return self._update(fiche, cells, changed, kept=kept)

    def _bare(self, fiche, cells) -> dict[str, str]:
        """Removes the apostrophe that a file for spreadsheets puts before some texts.

        In our own file it is removed already; a spreadsheet that saved it in another form keeps it.
        """
        marked = {name: cell for name, cell in cells.items() if name in self.cellules and cell.startswith("'")}
        ours = {name: self.columns[name].value(fiche) for name in marked}
        return cells | {
            name: unprotect(cell) for name, cell in marked.items() if _marks(cell) == _marks(ours[name]) + 1
        }

    def _unchanged(self, number, fiche) -> LigneImportee:
        if fiche is None:
            if self.model._default_manager.filter(pk=number).exists():
                raise LigneRefusee(f"la fiche {number} est à la corbeille : sortez-la d’abord.")
            raise LigneRefusee(f"il n’y a pas de fiche {number} : effacez l’identifiant pour en créer une nouvelle.")
        return LigneImportee(0, INCHANGE)

    def changes(self, fiche, cells) -> set[str]:
        """The columns whose cell differs. The code of a commune wins over its name."""
        changed = {name for name in self.cellules if name in cells and self.differs(name, cells[name], fiche)}
        if "commune_insee" in changed:
            changed -= {"commune", "commune_insee"} if self._is_of_the_export(fiche, cells) else {"commune"}
        return changed

    def _is_of_the_export(self, fiche, cells) -> bool:
        """Whether the commune of a row is the exported one: the record's may have changed since, with another cell."""
        if not self._is_of_before(fiche, cells):
            return False
        seen = self._seen(cells["modifiee_le"])
        then = {"modifiee_le__range": seen} if seen else {"datee": False}
        then = fiche.history.filter(**then).first()
        return then is not None and self.cellules["commune_insee"].says(then.commune_id or "", cells["commune_insee"])

    def _is_of_before(self, fiche, cells) -> bool:
        """Whether the record changed since the export; False without the column of that date.

        An empty date: only the takeover had written the record by then.
        """
        if seen := self._seen(cells.get("modifiee_le", "")):
            return seen[1] < fiche.modifiee_le
        return "modifiee_le" in cells and fiche.datee

    def differs(self, name: str, cell: str, fiche) -> bool:
        """Whether the cell differs from an export made now."""
        cellule, ours = self.cellules[name], self.columns[name].value(fiche)
        return not (cellule.says(ours, cell) or cellule.says(writable(ours), cell))

    # Saving

    def _create(self, cells) -> LigneImportee:
        if not cells.get("titre", "").strip():
            raise LigneRefusee("une nouvelle fiche doit avoir un titre.")
        self._check_right("add", None)
        changed = {name for name in self.cellules if name in cells}
        fiche, several = self._apply(self.model(), cells, changed)
        self.complete(fiche, None, changed, cells)
        fiche.derive(None)
        key = self.key(fiche)
        if key in self.created:
            raise LigneRefusee("cette nouvelle fiche figure deux fois dans le fichier.")
        candidates = [self.fiches.get(pk) for pk in self.by_title.get(fold(fiche.titre), [])]
        twins = [twin for twin in candidates if twin and self.key(twin) == key]
        if any(self._agrees(twin, fiche, several, cells) for twin in twins):
            return LigneImportee(0, INCHANGE)
        if twins:
            number = twins[0].pk
            raise LigneRefusee(
                f"existe déjà : fiche {number}. Pour la modifier, mettez {number} dans la colonne identifiant."
            )
        self._check(fiche)
        said = [
            cellule.difference("", self._as_read(name, cells[name], fiche))
            for name, cellule in self.cellules.items()
            if cells.get(name, "").strip()
        ]
        # An empty cell of a new record is not a choice.
        self._save(fiche, {name: rows for name, rows in several.items() if rows})
        self.created.add(key)
        alone = TITRE_SEUL if has_title_alone(fiche) else ""
        return LigneImportee(0, CREE, fiche.titre, alone, pk=fiche.pk, changements=said)

    def _as_read(self, name: str, cell: str, fiche) -> str:
        """The text of a cell of a new record; the name of a commune given by its code."""
        if name == "titre":
            return " ".join(cell.split())
        if name == "commune" and cell.strip()[:1].isdigit():
            return self.columns[name].value(fiche)
        return unix(cell)

    def _agrees(self, twin, fiche, several, cells) -> bool:
        """Whether a record agrees with all filled cells of a new row. `fiche`, `several`: the row as read."""
        for name in self.cellules:
            if not cells.get(name, "").strip() or not self.differs(name, cells[name], twin):
                continue
            if name in several:
                agree = {row.pk for row in several[name]} == {row.pk for row in getattr(twin, name).all()}
            else:
                attribute = self.cellules[name].champ.attname
                agree = getattr(fiche, attribute) == getattr(twin, attribute)
            if not agree:
                return False
        return True

    def _update(self, fiche, cells, changed, *, kept: bool) -> LigneImportee:
        if self._is_of_before(fiche, cells):
            who = f"« {fiche.titre_affiche} » ({fiche.pk})"
            raise LigneEnConflit(
                f"{who} a été modifiée ici depuis l’export : exportez-la à nouveau avant de la corriger."
            )
        self._check_right("change", fiche)
        before, was = copy(fiche), {name: self.columns[name].value(fiche) for name in self.columns}
        fiche, several = self._apply(fiche, cells, changed)
        self.complete(fiche, before, changed, cells)
        if "departement_code" in changed and isinstance(fiche, Situee):
            self._follow_departement(fiche)
        fiche.derive(before)
        self._check(fiche, before)
        said = self._said(fiche, several, changed, was)
        if not {change.name for change in said} & changed:
            return LigneImportee(0, INCHANGE)  # without effect: other fields of the record decide
        version, was_alone = fiche.version, has_title_alone(before)
        alone = VIDEE if has_title_alone(fiche) and not was_alone else ""
        prives = self._shown_by(fiche, before)
        sort = ATTEND if prives and not kept else MODIFIE
        if sort == MODIFIE:
            par = self.user.get_username() if self.user else ""
            self._save(fiche, several, decisions(kept_all(prives), par=par))
        told = {"pk": fiche.pk, "version": version, "changements": said, "prives": prives}
        return LigneImportee(0, sort, before.titre, alone, **told)

    def _shown_by(self, fiche: Fiche, before: Fiche) -> list[MotPrive]:
        """Private words that the public does not read in the record yet."""
        if not fiche.is_publiee:
            return []
        persons, retires = self.persons.get(fiche.pk), self.retires.get(fiche.pk)
        return newly_shown(fiche, before=public_texts(before), contacts=persons, kept=retires)

    def _follow_departement(self, fiche: Situee) -> None:
        """Takes the commune of that name in the new département, or none."""
        if fiche.is_elsewhere:
            fiche.commune = self.places.find_named(fiche.commune.nom, fiche.departement_id)

    def _said(self, fiche, several, changed, was: dict[str, str]) -> list[Difference]:
        """All differences, also those that follow from a changed cell."""
        said = []
        for name, column in self.columns.items():
            if name not in self.cellules or (self.cellules[name].champ.many_to_many and name not in several):
                continue
            cellule = self.cellules[name]
            now = as_words(cellule.champ, several[name], FILE) if name in several else column.value(fiche)
            if now != was[name] or (name in several and name in changed):
                said.append(cellule.difference(was[name], now))
        return said

    def _apply(self, fiche, cells, changed) -> tuple[Fiche, dict[str, list]]:
        """Puts the changed cells into the record; returns (record, {column: rows} of several choices)."""
        several = {}
        for name in sorted(changed, key=lambda name: (name != "departement_code", name)):
            cellule = self.cellules[name]
            value = cellule.read(cells[name], fiche, self.places)
            if cellule.champ.many_to_many:
                several[name] = value
            cellule.put(fiche, value)
        if "fait" in changed and fiche.fait == fiche.fait_des_textes:
            fiche.fait = ""  # nobody wrote it
        if COMMUNE & changed and "departement_code" in changed:
            with _refusing(self.model):
                fiche.check_places()
        return fiche, several

    def _check(self, fiche, before=None) -> None:
        """Raises LigneRefusee for what the form would refuse. Unchanged fields are not checked."""
        fields = self.model._meta.concrete_fields
        same = {f.name for f in fields if before and getattr(before, f.attname) == getattr(fiche, f.attname)}
        with _refusing(self.model):
            fiche.clean_fields(exclude={*same, "slug", *(f.name for f in fields if f.is_relation)})
            self.clean(fiche)
            fiche.validate_constraints(exclude={"entree", "slug"})

    def _check_right(self, action: str, fiche) -> None:
        if self.user is None:
            return
        opts = self.model._meta
        if not self.user.has_perm(f"{opts.app_label}.{action}_{opts.model_name}"):
            raise LigneRefusee("vous ne pouvez pas créer de fiche de ce type." if fiche is None else NOT_YOURS)
        if fiche is not None and not may_change(self.user, fiche):
            raise LigneRefusee(NOT_YOURS)

    def _seen(self, cell) -> tuple[datetime, datetime] | None:
        """(earliest, latest) moment when the exporter saw the record; None for an empty cell.

        Spreadsheets drop fractions of a second, some the seconds.
        """
        cell = cell.strip()
        if not cell:
            return None
        found = read_moment(cell)
        if found is None:
            raise LigneRefusee(
                f"{self.titles['modifiee_le']} « {cell[:40]} » : laissez cette colonne comme l’export l’a écrite."
            )
        first, _ = found
        if first.microsecond:
            return first, first
        return first, first + timedelta(seconds=1 if _SECONDS.search(cell) else 60, microseconds=-1)

    def _save(self, fiche, several: dict[str, list], decisions: Iterable[Decision] = ()) -> None:
        """Saves the record. `several`: chosen rows, even if none; other fields stay."""
        if self.essai:
            return
        fiche.change(several, reason=self.raison, user=self.user, decisions=decisions)
        if "by_title" in self.__dict__:  # a later row may have this title
            self.by_title.setdefault(fold(fiche.titre), []).append(fiche.pk)


_SECONDS = re.compile(r":\d\d:\d\d")
TITRE_SEUL = "attention : cette fiche n’aurait qu’un titre. La publier demandera une confirmation."
VIDEE = "attention : il ne resterait de cette fiche que son titre."
NOT_YOURS = "cette fiche a été retirée du site ou n’est pas à vous : seule l’animation peut la modifier."


def _titre(cells: dict[str, str]) -> str:
    return Truncator(" ".join(str(cells.get("titre", "")).split())).chars(80)


@contextmanager
def _refusing(model):
    """Turns a ValidationError into LigneRefusee, with the words of the form."""
    try:
        yield
    except ValidationError as error:
        raise LigneRefusee(" ".join(_words(model, error))) from None


def _words(model, error: ValidationError) -> Iterator[str]:
    if not hasattr(error, "error_dict"):
        yield from error.messages
        return
    labels = {f.name: str(f.verbose_name) for f in model._meta.get_fields() if hasattr(f, "verbose_name")}
    for name, messages in error.message_dict.items():
        yield from (f"{labels[name]} : {message}" if name in labels else message for message in messages)


def check_headings(
    declaration: registre.TypeDeFiche, rows: Iterable[tuple[int, dict[str, str]]], unknown=lambda name: None
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows, by names of columns. FichierIllisible if no heading is known; calls `unknown` with each unknown one."""
    known = {_bare(heading): name for heading, name in headings_of(declaration).items()}
    names: dict[str, str] = {}
    for position, (numero, cells) in enumerate(rows):
        if position == 0:
            names = {heading: known.get(_bare(heading), heading) for heading in cells}
            columns = {*known.values()}
            if not columns & {*names.values()}:
                expected = ", ".join(["identifiant", *importation_of(declaration).names(declaration)])
                raise FichierIllisible(f"Aucune colonne connue. Colonnes attendues : {expected}.")
            for name in sorted({*names.values()} - columns - {""}):
                unknown(name)
        yield numero, {names.get(heading, heading): cell for heading, cell in cells.items()}


def _bare(heading: str) -> str:
    """The words of a heading: Windows-1252 has no narrow space, and people leave out accents and punctuation."""
    return " ".join(_WORDS.findall(fold(heading)))
