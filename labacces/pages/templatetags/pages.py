"""What every page says of the pages about the site."""

from functools import cache
from urllib.parse import quote

from django import template
from django.conf import settings
from django.utils.safestring import mark_safe

from fiches import registre
from labacces.pages import operateur, rgaa
from labacces.pages.models import Page

register = template.Library()


@register.simple_tag
def liens_du_site() -> list[tuple[str, str]]:
    """(address, words) of each page about the site. No query: words are those of the code, not titles of the rows."""
    words = dict(Page.Cle.choices) | {Page.Cle.ACCESSIBILITE: rgaa.bilan().mention}
    return [(registre.address(f"pages:{cle}"), text) for cle, text in words.items()]


@register.simple_tag
def organisme() -> operateur.Organisme:
    """Who runs the site."""
    return operateur.organisme()


@register.simple_tag
@cache
def icone_du_site() -> str:
    """The icon of the site as an address that asks for no file: a page holds within five requests."""
    drawing = (settings.BASE_DIR / "static" / "icone.svg").read_text(encoding="utf-8")
    return mark_safe("data:image/svg+xml," + quote(drawing, safe=" =:/()"))  # noqa: S308 - quoted
