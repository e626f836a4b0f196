"""Who may do what at the editors' desk: one table, put into the groups after each migration.

The table is the truth: rights added to one of these groups by hand are taken away by the next `migrate`. A person who
needs something else gets a group of their own. A record type without a line here fails a test.
"""

from django.apps import apps as global_apps
from django.contrib.auth.management import create_permissions

REDACTION, ANIMATION, ADMINISTRATION = "Rédaction", "Animation", "Administration"

# The right to decide what the public reads: publish, withdraw, change what is published.
PUBLIER = "comptes.publier"
# The right to see, copy and erase all that the site keeps of a person.
REPONDRE = "vie_privee.repondre"

VOIR = frozenset({"view"})
ECRIRE = frozenset({"view", "add", "change"})
GERER = frozenset({"view", "add", "change", "delete"})
DECIDER = GERER | {"publish"}
RAPPELER = frozenset({"view", "delete"})
REGLER = frozenset({"view", "change"})
EFFACER = REGLER | {"delete"}

FICHES = (
    "projets.projet",
    "initiatives.initiative",
    "enquetes.enquete",
    "glossaire.terme",
    "ressources.ressource",
    "podcast.episode",
    "evenements.evenement",
)
LIGNES = ("fiches.contact", "fiches.fichierjoint", "projets.annexe", "evenements.question")  # rows of a sheet's form
LISTES = ("fiches.theme", "fiches.choix", "recherche.synonymes")
LIEUX = ("referentiels.region", "referentiels.departement", "referentiels.intercommunalite", "referentiels.commune")
PAGES = ("pages.page",)
PARTICIPANTS = ("inscriptions.inscription", "explorations.exploration")
JOURNAL = ("inscriptions.consultation", "explorations.consultation", "contacter.consultation")  # who looked at persons
COURRIELS = ("courrier.courriel",)  # sent by the site alone: read, tried again, given up
COMPTES = ("comptes.utilisateur", "auth.group")
MESSAGES = ("contacter.message",)  # left by visitors: read, passed on, put aside
DEMANDES = ("vie_privee.demande",)  # of persons, about their data: Animation takes them down, Administration answers


def _lines(*rows: tuple[tuple[str, ...], frozenset[str]]) -> dict[str, frozenset[str]]:
    return {label: rights for labels, rights in rows for label in labels}


# {group: {model: rights}}; what is not there is out of the group's sight.
ROLES: dict[str, dict[str, frozenset[str]]] = {
    REDACTION: _lines((FICHES, ECRIRE), (LIGNES, GERER), (LISTES + LIEUX, VOIR)),
    ANIMATION: _lines(
        (FICHES, DECIDER),
        (LIGNES + LISTES + PARTICIPANTS, GERER),
        (LIEUX, VOIR),
        (PAGES + COURRIELS + MESSAGES, REGLER),
        (DEMANDES, ECRIRE),
    ),
    ADMINISTRATION: _lines(
        (FICHES, DECIDER),
        (LIGNES + LISTES + PARTICIPANTS + COMPTES, GERER),
        (LIEUX + JOURNAL, VOIR),
        (PAGES + COURRIELS + MESSAGES, REGLER),
        (DEMANDES, ECRIRE | {"answer"}),
    ),
}


def add(labels: tuple[str, ...], rights: frozenset[str], *groups: str) -> None:
    """Rights on the models of an app that can leave: it says them itself, as it is made ready."""
    for group in groups:
        ROLES[group] |= _lines((labels, rights))


# Rights that are not Django's own four.
_OWN = {"publish": PUBLIER, "answer": REPONDRE}


def can_publish(user) -> bool:
    """Whether `user` decides what the public reads."""
    return user.has_perm(PUBLIER)


def permissions(group: str) -> set[str]:
    """Permissions of a group, as « app.codename »."""
    found = set()
    for label, rights in ROLES[group].items():
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
