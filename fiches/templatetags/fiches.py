"""Filters and tags that any page of the site uses."""

from django import template

from fiches import prose as text
from fiches.catalogue import francais

register = template.Library()

register.filter("prose", text.prose)
register.filter("euros", francais.euros)
register.filter("entier", francais.entier)


@register.filter
def fiches(number: int, nom: str = "fiche|fiches") -> str:
    """« 1 fiche », « 1 234 fiches »; `nom`: "singular|plural"."""
    singular, plural = nom.split("|")
    return francais.pluriel(number, singular, plural)


@register.filter
def initiale(text: str) -> str:
    """`text` with a capital first letter: labels are in lower case in the code."""
    return text[:1].upper() + text[1:]
