"""Where a file comes from, said in the file itself: a list that left the site is found again, and cited."""

from decimal import Decimal

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from socle.catalogue.selection import Selection
from socle.vues import licence


def address(selection: Selection) -> str:
    """The full address of the list of a selection."""
    query = selection.query_string()
    return f"{settings.SITE_URL}{selection.declaration.lien}{f'?{query}' if query else ''}"


def editor() -> str:
    """Who publishes the list: the organisation that runs the site if it is said, else the site."""
    return settings.ORGANISME_NOM or "LabAccès"


def about(selection: Selection) -> dict:
    """Where a document for programs comes from, and the licence that it is under, None if nobody has chosen one."""
    chosen = licence.chosen()
    told = {"nom": chosen.nom, "adresse": chosen.adresse} if chosen.nom else None
    return {"source": address(selection), "licence": told}


def told_at() -> str:
    """Where the API tells what changed since a cursor."""
    return f"{settings.SITE_URL}{reverse('api:changements')}"


def monitored(response: HttpResponseBase) -> HttpResponseBase:
    """A list for programs, with a header that says where its changes are told (RFC 5989)."""
    before = f"{response['Link']}, " if response.has_header("Link") else ""
    response["Link"] = f'{before}<{told_at()}>; rel="monitor"'
    return response


def leaf(selection: Selection) -> list[tuple[str, object]]:
    """(what, the answer) of all that a reader of the file may ask: a text, a number or a day."""
    chosen = licence.chosen()
    terms = f"{chosen.nom}, {chosen.adresse}" if chosen.nom else ""
    told = [
        ("Cette liste", selection.phrase()),
        ("Source", f"LabAccès, {settings.SITE_URL}/"),
        ("Adresse de cette liste", address(selection)),
        ("Organisme", settings.ORGANISME_NOM),
        ("Licence", terms or "Pas encore précisée : demandez à l’équipe du site."),
        ("Date", timezone.localdate()),
        ("Lignes", selection.total),
    ]
    return [(what, answer) for what, answer in told if answer != ""]


def amounts(selection: Selection) -> list[tuple]:
    """(what, the number, a remark on it) of the figures that the site gives of a selection, of a list with amounts."""
    if not selection.filterset.mesure:
        return []
    figures = selection.ensembles.chiffres(selection.records)
    return [
        ("Total des montants", figures.total or Decimal(0), selection.filterset.total_en_mots),
        *([("Montant médian", figures.mediane)] if figures.montants else []),
        ("Montants comptés", figures.montants),
    ]
