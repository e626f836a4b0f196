"""Where a file comes from, said in the file itself: a list that left the site is found again, and cited."""

from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from socle.catalogue.selection import Selection

_licence: "list[Callable[[], str]]" = []


def declare_licence(says: Callable[[], str]) -> None:
    """Hand down what tells the licence that records are published under, "" as long as nobody said it."""
    _licence[:] = [says]


def address(selection: Selection) -> str:
    """The full address of the list of a selection."""
    query = selection.query_string()
    return f"{settings.SITE_URL}{selection.declaration.lien}{f'?{query}' if query else ''}"


def editor() -> str:
    """Who publishes the list: the organisation that runs the site if it is said, else the site."""
    return settings.ORGANISME_NOM or "LabAccès"


def about(selection: Selection) -> list[tuple[str, object]]:
    """(what, the answer) of all that a reader of the file may ask: a text, a number or a day."""
    licence = _licence[0]() if _licence else ""
    told = [
        ("Cette liste", selection.phrase()),
        ("Source", f"LabAccès, {settings.SITE_URL}/"),
        ("Adresse de cette liste", address(selection)),
        ("Organisme", settings.ORGANISME_NOM),
        ("Licence", licence or "Pas encore précisée : demandez à l’équipe du site."),
        ("Date", timezone.localdate()),
        ("Lignes", selection.total),
    ]
    return [(what, answer) for what, answer in told if answer != ""]
