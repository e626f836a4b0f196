"""Who may do what at the desk: rights that rooms declare, put into the groups after each migration.

`migrate` removes rights added by hand to these groups: give a person with other needs a group of their own. A test
fails if a model of the desk has no declared rights.
"""

from typing import NamedTuple

from django.apps import apps as global_apps
from django.contrib.auth.management import create_permissions

from socle.rooms import rooms

ROLES = REDACTION, ANIMATION, ADMINISTRATION = "Rédaction", "Animation", "Administration"
EN_MOTS = (
    "Rédaction : écrire et corriger les fiches, décider de ce que proposent les visiteurs. Animation : en plus, "
    "publier et retirer, suivre les inscriptions, les messages et les listes. Administration : en plus, les comptes et "
    "les demandes des personnes sur leurs données."
)

# The right to decide what the public reads: to publish, to withdraw, to change what is published.
PUBLIER = "comptes.publier"
# The right to see, copy and erase all data that the site keeps about a person.
REPONDRE = "vie_privee.repondre"

RIEN: frozenset[str] = frozenset()
VOIR = frozenset({"view"})
ECRIRE = frozenset({"view", "add", "change"})
GERER = frozenset({"view", "add", "change", "delete"})
DECIDER = GERER | {"publish"}
RAPPELER = frozenset({"view", "delete"})
REGLER = frozenset({"view", "change"})
EFFACER = REGLER | {"delete"}


class Droits(NamedTuple):
    """The rights of each group over the rows of a model."""

    redaction: frozenset[str]
    animation: frozenset[str]
    administration: frozenset[str]


FICHE = Droits(ECRIRE, DECIDER, DECIDER)
LIGNE = Droits(GERER, GERER, GERER)  # a row inside the form of a record
LISTE = Droits(VOIR, GERER, GERER)
LIEU = Droits(VOIR, VOIR, VOIR)
PARTICIPANT = Droits(RIEN, GERER, GERER)
A_REGLER = Droits(RIEN, REGLER, REGLER)  # left by the site or a visitor for somebody to settle
# Reports and proposals about a record: for everybody who writes records.
A_CORRIGER = Droits(REGLER, REGLER, REGLER)
DEMANDE = Droits(RIEN, ECRIRE, ECRIRE | {"answer"})  # request of a person about their data: noted, then answered
JOURNAL = Droits(RIEN, RIEN, VOIR)  # who looked at personal data
COMPTE = Droits(RIEN, RIEN, GERER)


def droits(group: str) -> dict[str, frozenset[str]]:
    """{model: rights} of a group, as rooms declare them; what is not there is out of the group's sight."""
    told = {room.model._meta.label_lower: FICHE for room in rooms() if room.cle}
    for room in rooms():
        told |= room.droits
    return {label: rights for label, of in told.items() if (rights := of[ROLES.index(group)])}


# Rights other than the four of Django.
_OWN = {"publish": PUBLIER, "answer": REPONDRE}


def can_publish(user) -> bool:
    """Whether the user decides what the public reads."""
    return user.has_perm(PUBLIER)


def permissions(group: str) -> set[str]:
    """The permissions of a group, as « app.codename »."""
    found = set()
    for label, rights in droits(group).items():
        app, model = label.split(".")
        found |= {_OWN.get(right, f"{app}.{right}_{model}") for right in rights}
    return found


def set_up(sender, using, apps=global_apps, **kwargs) -> None:
    """Gives the groups the rights of the table. Handler of post_migrate, for the last application."""
    try:
        Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:
        return  # migrated back to a state without groups
    create_permissions(sender, verbosity=0, using=using, apps=apps)  # the permissions of the last application itself
    wanted = {name: permissions(name) for name in ROLES}
    codenames = {permission.split(".")[1] for names in wanted.values() for permission in names}
    rows = Permission.objects.using(using).filter(codename__in=codenames).select_related("content_type")
    by_name = {f"{row.content_type.app_label}.{row.codename}": row for row in rows}
    groups = {group.name: group for group in Group.objects.using(using).filter(name__in=ROLES)}
    for name, labels in wanted.items():
        group = groups.get(name) or Group.objects.using(using).create(name=name)
        group.permissions.set([by_name[label] for label in labels if label in by_name])
