"""Registrants of an event as a file, for the staff alone: in the words of the desk, dates as people write them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.utils import timezone
from django.utils.text import capfirst

from participants.evenements.models import Evenement
from participants.inscriptions.models import Inscription
from socle.catalogue.columns import Column, protect
from socle.francais.valeurs import FILE, as_words


def columns(evenement: Evenement) -> list[Column]:
    """What a file of registrants holds: a column a question of the event."""
    fixed = [
        Column("Numéro", lambda row: str(row.pk), numeric=True),
        _column("statut", lambda row: row.etat_affiche),
        *(_column(name) for name in ("nom", "prenom", "organisation", "courriel")),
        _column("journee_entiere"),
        _column("presence"),
        Column("Besoin pour participer", lambda row: row.besoin_utile),
        _column("commentaire"),
        _column("motif_surnombre"),
        _moment("cree_le"),
        # Nobody confirmed what staff typed for somebody.
        _moment("confirmee_le", lambda row: row.confirmee_le if row.consentement_le else None),
    ]
    return fixed + [Column(protect(question.libelle), _answer(question.pk)) for question in evenement.questions.all()]


def _column(name: str, value: Callable[[Inscription], str] | None = None) -> Column:
    field = Inscription._meta.get_field(name)
    return Column(capfirst(field.verbose_name), value or (lambda row: as_words(field, getattr(row, name), FILE)))


def _moment(name: str, read: Callable[[Inscription], datetime | None] | None = None) -> Column:
    read = read or (lambda row: getattr(row, name))

    def value(row) -> str:
        when = read(row)
        return f"{timezone.localtime(when):%d/%m/%Y %H:%M}" if when else ""

    return replace(_column(name, value), moment=read)


def _answer(question: int):
    return lambda row: next((reponse.texte for reponse in row.reponses.all() if reponse.question_id == question), "")
