"""The work that comes to the team, kind by kind: whoever may decide of it chooses how they are told by mail.

Each room declares its own, in its `declaration.py`:

    ROOM = Room(travaux=(SorteDeTravail(cle="signalements", droit="contacter.change_signalement", lignes=waiting, …),))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.urls import reverse

from socle.comptes.models import PreferenceDeCourriel, Utilisateur
from socle.rooms import rooms

Quand = PreferenceDeCourriel.Quand


@dataclass(frozen=True, kw_only=True)
class SorteDeTravail:
    """One kind of work.

    `titre`: as « Mon compte » names it; `un`, `plusieurs`: as a mail counts it. `ordre`: among the others.
    `droit`: the permission of those who decide; `lignes`: (user) to what waits for this person, the oldest first.
    `nomme`: (row) to its words in a mail, which say nothing that a visitor wrote and name nobody. `page`: (row) to the
    path of the page where one decides; `liste`: () to the path of the list of all. `siennes`: (user, keys) to those of
    them that are this person's own doing, of which they are not told at once.
    """

    cle: str
    titre: str
    un: str
    plusieurs: str
    droit: str
    lignes: Callable[[Utilisateur], QuerySet]
    nomme: Callable[[Any], str]
    page: Callable[[Any], str]
    liste: Callable[[], str]
    ordre: int
    siennes: Callable[[Utilisateur, set[int]], set[int]] = lambda user, keys: set()

    def keys(self, user: Utilisateur) -> set[int]:
        """The keys of what waits for this person."""
        return set(self.lignes(user).order_by().values_list("pk", flat=True))


def of_list(model: type[Model], **said) -> SorteDeTravail:
    """Work that is rows of a model. Each has its page at the desk; their list shows what waits by « suite=ouverte »."""
    label = model._meta.label_lower.replace(".", "_")
    return SorteDeTravail(
        droit=f"{model._meta.app_label}.change_{model._meta.model_name}",
        page=lambda row: reverse(f"admin:{label}_change", args=[row.pk]),
        liste=lambda: f"{reverse(f'admin:{label}_changelist')}?suite=ouverte",
        **said,
    )


def offered(user: Utilisateur) -> list[SorteDeTravail]:
    """The kinds of work of which this person may decide."""
    found = sorted((sorte for room in rooms() for sorte in room.travaux), key=lambda sorte: sorte.ordre)
    return [sorte for sorte in found if user.has_perm(sorte.droit)]


def chosen(user: Utilisateur) -> dict[str, str]:
    """{key of a kind: when this person is told of it}, of those of which they may decide."""
    rows = dict(PreferenceDeCourriel.objects.filter(utilisateur=user).values_list("travail", "quand"))
    return {sorte.cle: rows.get(sorte.cle, Quand.JOUR) for sorte in offered(user)}


@transaction.atomic
def choose(user: Utilisateur, wanted: dict[str, str]) -> None:
    """Keep when this person is told of each kind. What waits already is not told at once: it is there to be seen."""
    now = chosen(user)
    for sorte in offered(user):
        quand = wanted.get(sorte.cle, now[sorte.cle])
        if quand != now[sorte.cle]:
            known = sorted(sorte.keys(user)) if quand == Quand.AUSSITOT else []
            PreferenceDeCourriel.objects.update_or_create(
                utilisateur=user, travail=sorte.cle, defaults={"quand": quand, "connues": known}
            )
