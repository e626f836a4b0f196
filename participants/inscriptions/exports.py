"""Registrants of an event as a file, for the staff alone."""

import io

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

from fiches.catalogue.colonnes import Column
from fiches.colonnes import moment
from participants.evenements.models import Evenement

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OUI_NON = {True: "oui", False: "non", None: ""}


def _moment(name: str) -> Column:
    def value(row):
        when = getattr(row, name)
        return moment(timezone.localtime(when)) if when else ""

    return Column(name, value)


def columns(evenement: Evenement) -> list[Column]:
    """What a file of registrants holds: a column a question of the event."""
    fixed = [
        Column("numero", lambda row: str(row.pk), numeric=True),
        Column("etat", lambda row: row.get_statut_display()),
        *(Column(name, lambda row, name=name: getattr(row, name)) for name in ("nom", "prenom", "organisation")),
        Column("courriel", lambda row: row.courriel),
        Column("journee_entiere", lambda row: OUI_NON[row.journee_entiere]),
        Column("presence", lambda row: OUI_NON[row.presence]),
        Column("besoin_pour_participer", lambda row: row.besoin_utile),
        Column("commentaire", lambda row: row.commentaire),
        Column("raison_du_surnombre", lambda row: row.motif_surnombre),
        _moment("cree_le"),
        _moment("confirmee_le"),
    ]
    return fixed + [Column(question.libelle, _answer(question.pk)) for question in evenement.questions.all()]


def _answer(question: int):
    return lambda row: next((reponse.texte for reponse in row.reponses.all() if reponse.question_id == question), "")


def workbook(columns: list[Column], rows) -> bytes:
    """The same as a workbook; no cell is a formula, whatever was typed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Inscriptions")
    sheet.append([_cell(sheet, column.nom) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, column.cell(row)) for column in columns])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text)[:32_000])
    cell.data_type = "s"
    return cell
