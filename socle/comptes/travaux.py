"""The kinds of work that come to the team; whoever does it chooses how to be told by mail.

Each room declares its kinds in its `declaration.py`:

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

    - `titre`: its name on « Mon compte »; `un`, `plusieurs`: its name in a mail, after a number; `ordre`: its rank.
    - `droit`: the permission that it takes.
    - `lignes`: (user) to the rows that wait for them, oldest first.
    - `nomme`: (row) to its words in a mail, without a visitor's word or a person's name.
    - `page`: (row) to the path where one decides; `liste`: () to the path of the list.
    - `siennes`: (user, keys) to the keys of their own rows, left out of the mail sent at once.
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
        return set(self.lignes(user).order_by().values_list("pk", flat=True))


def of_list(model: type[Model], **said) -> SorteDeTravail:
    """Work on rows of a model with a page at the desk. Its list has the filter « suite=ouverte »."""
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
    """{key of a kind: when this user is told}."""
    rows = dict(PreferenceDeCourriel.objects.filter(utilisateur=user).values_list("travail", "quand"))
    return {sorte.cle: rows.get(sorte.cle, Quand.JOUR) for sorte in offered(user)}


@transaction.atomic
def choose(user: Utilisateur, wanted: dict[str, str]) -> None:
    """Sets when this user is told. Waiting rows are not told at once: the desk shows them."""
    now = chosen(user)
    for sorte in offered(user):
        quand = wanted.get(sorte.cle, now[sorte.cle])
        if quand != now[sorte.cle]:
            known = sorted(sorte.keys(user)) if quand == Quand.AUSSITOT else []
            PreferenceDeCourriel.objects.update_or_create(
                utilisateur=user, travail=sorte.cle, defaults={"quand": quand, "connues": known}
            )
