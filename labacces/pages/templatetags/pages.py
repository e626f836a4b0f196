"""Tags for every page: the pages about the site, and the operator."""

from django import template

from labacces.pages import operateur, rgaa
from labacces.pages.models import Page
from socle.vues.vue import address_of

register = template.Library()
register.simple_tag(operateur.organisme)


@register.simple_tag
def liens_du_site() -> list[tuple[str, str]]:
    """(address, words) of each page about the site, from the code: no query."""
    words = dict(Page.Cle.choices) | {Page.Cle.ACCESSIBILITE: rgaa.bilan().mention}
    return [(address_of(f"pages:{cle}"), text) for cle, text in words.items()]
