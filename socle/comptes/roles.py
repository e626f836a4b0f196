"""Who may do what at the editors' desk: what rooms declare of their models, put into the groups after each migration.

That is the truth: rights added to one of these groups by hand are taken away by the next `migrate`. A person who needs
something else gets a group of their own. A model of the desk that nobody declared fails a test.
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

# The right to decide what the public reads: publish, withdraw, change what is published.
PUBLIER = "comptes.publier"
# The right to see, copy and erase all that the site keeps of a person.
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
    """What each group may do with the rows of a model."""

    redaction: frozenset[str]
    animation: frozenset[str]
    administration: frozenset[str]


FICHE = Droits(ECRIRE, DECIDER, DECIDER)
LIGNE = Droits(GERER, GERER, GERER)  # a row of a sheet's form
LISTE = Droits(VOIR, GERER, GERER)
LIEU = Droits(VOIR, VOIR, VOIR)
PARTICIPANT = Droits(RIEN, GERER, GERER)
A_REGLER = Droits(RIEN, REGLER, REGLER)  # what the site or a visitor leaves to somebody: read, settled
# What a visitor saw wrong in a record, or proposes for it: for all who write them.
A_CORRIGER = Droits(REGLER, REGLER, REGLER)
DEMANDE = Droits(RIEN, ECRIRE, ECRIRE | {"answer"})  # of a person, about their data: taken down, then answered
JOURNAL = Droits(RIEN, RIEN, VOIR)  # who looked at persons
COMPTE = Droits(RIEN, RIEN, GERER)


def droits(group: str) -> dict[str, frozenset[str]]:
    """{model: rights} of a group, as rooms declare them; what is not there is out of the group's sight."""
    told = {room.model._meta.label_lower: FICHE for room in rooms() if room.cle}
    for room in rooms():
        told |= room.droits
    return {label: rights for label, of in told.items() if (rights := of[ROLES.index(group)])}


# Rights that are not Django's own four.
_OWN = {"publish": PUBLIER, "answer": REPONDRE}


def can_publish(user) -> bool:
    """Whether `user` decides what the public reads."""
    return user.has_perm(PUBLIER)


def permissions(group: str) -> set[str]:
    """Permissions of a group, as « app.codename »."""
    found = set()
    for label, rights in droits(group).items():
        app, model = label.split(".")
        found |= {_OWN.get(right, f"{app}.{right}_{model}") for right in rights}
    return found


def set_up(sender, using, apps=global_apps, **kwargs) -> None:
    """Make the groups what the table says. Handler of post_migrate, for the last application."""
    try:
        Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:
        return  # migrated back to before there were groups
    create_permissions(sender, verbosity=0, using=using, apps=apps)  # those of the last application itself
    wanted = {name: permissions(name) for name in ROLES}
    codenames = {permission.split(".")[1] for names in wanted.values() for permission in names}
    rows = Permission.objects.using(using).filter(codename__in=codenames).select_related("content_type")
    by_name = {f"{row.content_type.app_label}.{row.codename}": row for row in rows}
    groups = {group.name: group for group in Group.objects.using(using).filter(name__in=ROLES)}
    for name, labels in wanted.items():
        group = groups.get(name) or Group.objects.using(using).create(name=name)
        group.permissions.set([by_name[label] for label in labels if label in by_name])
