"""Registrants of an event as a file, for the staff alone: in the words of the desk, dates as people write them."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.text import capfirst
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Font

from participants.evenements.models import Evenement
from participants.inscriptions.models import Inscription
from socle.catalogue.colonnes import Column, protect
from socle.tableur.classeur import CELL

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COUPE = "… (texte coupé, entier dans le CSV)"
OUI_NON = {True: "oui", False: "non", None: ""}


@dataclass(frozen=True)
class MomentColumn(Column):
    """A column of moments, which a workbook holds as such: `lire` says that of a row, None if unknown."""

    lire: Callable[[Inscription], datetime | None] = lambda row: None

    def moment(self, row):
        """In the time of the site, to the minute; None if unknown."""
        when = self.lire(row)
        return timezone.localtime(when).replace(tzinfo=None, second=0, microsecond=0) if when else None


def columns(evenement: Evenement) -> list[Column]:
    """What a file of registrants holds: a column a question of the event."""
    fixed = [
        Column("Numéro", lambda row: str(row.pk), numeric=True),
        _column("statut", lambda row: row.etat_affiche),
        *(_column(name) for name in ("nom", "prenom", "organisation", "courriel")),
        _column("journee_entiere", lambda row: OUI_NON[row.journee_entiere]),
        _column("presence", lambda row: OUI_NON[row.presence]),
        Column("Besoin pour participer", lambda row: row.besoin_utile),
        _column("commentaire"),
        _column("motif_surnombre"),
        _moment("cree_le"),
        # Nobody confirmed what staff typed for somebody.
        _moment("confirmee_le", lambda row: row.confirmee_le if row.consentement_le else None),
    ]
    return fixed + [Column(protect(question.libelle), _answer(question.pk)) for question in evenement.questions.all()]


def _heading(name: str) -> str:
    return capfirst(Inscription._meta.get_field(name).verbose_name)


def _column(name: str, value: Callable[[Inscription], str] | None = None) -> Column:
    return Column(_heading(name), value or (lambda row: getattr(row, name)))


def _moment(name: str, lire: Callable[[Inscription], datetime | None] | None = None) -> MomentColumn:
    def value(row):
        when = column.moment(row)
        return f"{when:%d/%m/%Y %H:%M}" if when else ""

    column = MomentColumn(_heading(name), value, lire=lire or (lambda row: getattr(row, name)))
    return column


def _answer(question: int):
    return lambda row: next((reponse.texte for reponse in row.reponses.all() if reponse.question_id == question), "")


def workbook(columns: list[Column], rows) -> bytes:
    """The same as a workbook, its headings always in sight; no cell is a formula, whatever was typed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Inscriptions")
    sheet.freeze_panes = "A2"
    sheet.append([_bold(_text(sheet, column.nom)) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, column, row) for column in columns])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet, column: Column, row):
    if not isinstance(column, MomentColumn):
        return _text(sheet, column.cell(row))
    if (when := column.moment(row)) is None:
        return None
    cell = WriteOnlyCell(sheet, value=when)
    cell.number_format = "dd/mm/yyyy hh:mm"
    return cell


def _text(sheet, text: str) -> WriteOnlyCell:
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    if len(text) > CELL:
        text = text[: CELL - len(COUPE)] + COUPE
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def _bold(cell: WriteOnlyCell) -> WriteOnlyCell:
    cell.font = Font(bold=True)
    return cell
