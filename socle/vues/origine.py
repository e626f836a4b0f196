"""Where a file comes from, written in the file: so its list can be found again, and cited."""

from decimal import Decimal

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from socle.catalogue.selection import Selection
from socle.vues import licence


def address(selection: Selection) -> str:
    """The full address of its list."""
    query = selection.query_string()
    return f"{settings.SITE_URL}{selection.declaration.lien}{f'?{query}' if query else ''}"


def editor() -> str:
    """The publisher of the list: the organisation that runs the site, or else the site."""
    return settings.ORGANISME_NOM or "LabAccès"


def about(selection: Selection) -> dict:
    """Source and licence of a document for programs; the licence is None until it is chosen."""
    chosen = licence.chosen()
    told = {"nom": chosen.nom, "adresse": chosen.adresse} if chosen.nom else None
    return {"source": address(selection), "licence": told}


def told_at() -> str:
    """The address that tells the changes since a cursor."""
    return f"{settings.SITE_URL}{reverse('api:changements')}"


def monitored(response: HttpResponseBase) -> HttpResponseBase:
    """The response with a link to the changes in its headers (RFC 5989)."""
    before = f"{response['Link']}, " if response.has_header("Link") else ""
    response["Link"] = f'{before}<{told_at()}>; rel="monitor"'
    return response


def leaf(selection: Selection) -> list[tuple[str, object]]:
    """(question, answer) for a reader of the file; an answer is a text, a number or a day."""
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
    """(name, number, remark) of the figures of a selection; [] in a list without amounts."""
    if not selection.filterset.mesure:
        return []
    figures = selection.list_sets.chiffres(selection.records)
    return [
        ("Total des montants", figures.total or Decimal(0), selection.filterset.total_en_mots),
        *([("Montant médian", figures.mediane)] if figures.montants else []),
        ("Montants comptés", figures.montants),
    ]
