"""Registrants of an event as a file, for the staff alone: in the words of the desk, dates as people write them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.utils import timezone
from django.utils.text import capfirst

from participants.evenements.models import Evenement
from participants.inscriptions.models import Inscription
from socle.catalogue.columns import Column


def columns(evenement: Evenement) -> list[Column]:
    """What a file of registrants holds: a column a question of the event."""
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
        # Nobody confirmed what staff typed for somebody.
        _moment("confirmee_le", "consentement_le"),
    ]
    return fixed + [Column(question.libelle, *_answer(question.pk)) for question in evenement.questions.all()]


def _column(name: str, *paths: str) -> Column:
    """A field under its words, or what else is read in its place."""
    field = Inscription._meta.get_field(name)
    return replace(Column(name, paths).of(Inscription), nom=capfirst(field.verbose_name))


def _moment(name: str, *needed: str) -> Column:
    """A moment, if nothing that is needed for it is empty."""

    def read(when: datetime | None, *others) -> datetime | None:
        return when if all(others) else None

    def says(*values) -> str:
        when = read(*values)
        return f"{timezone.localtime(when):%d/%m/%Y %H:%M}" if when else ""

    return replace(_column(name, name, *needed), says=says, moment=read)


def _answer(question: int) -> tuple[tuple[str], Callable]:
    return ("reponses",), lambda rows: next((row.texte for row in rows if row.question_id == question), "")
