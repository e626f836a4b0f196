"""The registrants of an event as a file for the staff: in the words of the desk, dates as people write them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.utils import timezone
from django.utils.text import capfirst

from participants.evenements.models import Evenement
from participants.inscriptions.models import Inscription
from socle.catalogue.columns import Column


def columns(evenement: Evenement) -> list[Column]:
    """The columns of the file; one for each question of the event."""
    fixed = [
        Column("Numéro", ("pk",), str, numeric=True),
        _column("statut", "etat_affiche"),
        *(_column(name) for name in ("nom", "prenom", "organisation", "courriel")),
        _column("journee_entiere"),
        _column("presence"),
        Column("Besoin pour participer", ("besoin_utile",)),
        _column("commentaire"),
        _column("motif_surnombre"),
        _moment("cree_le"),
        # Registrations typed by the staff were never confirmed.
        _moment("confirmee_le", "consentement_le"),
    ]
    return fixed + [Column(question.libelle, *_answer(question.pk)) for question in evenement.questions.all()]


def _column(name: str, *paths: str) -> Column:
    """The column of a field, headed by its label; `paths` if other values are read."""
    field = Inscription._meta.get_field(name)
    return replace(Column(name, paths).of(Inscription), nom=capfirst(field.verbose_name))


def _moment(name: str, *needed: str) -> Column:
    """The column of a moment; empty if one of the `needed` fields is empty."""

    def read(when: datetime | None, *others) -> datetime | None:
        return when if all(others) else None

    def says(*values) -> str:
        when = read(*values)
        return f"{timezone.localtime(when):%d/%m/%Y %H:%M}" if when else ""

    return replace(_column(name, name, *needed), says=says, moment=read)


def _answer(question: int) -> tuple[tuple[str], Callable]:
    return ("reponses",), lambda rows: next((row.texte for row in rows if row.question_id == question), "")
