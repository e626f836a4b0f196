"""Filters and tags that any page of the site uses."""

import json

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from fiches.citation import citation
from socle.francais import prose as text
from socle.francais import wording as francais
from socle.francais.typographie import fr, nom, titre

register = template.Library()

register.filter("euros", francais.euros)
register.filter("entier", francais.entier)
register.filter("nombre", lambda value, unite="": "" if value is None else francais.nombre(value, unite))
for name, write in (
    ("jour", francais.jour_en_lettres),
    ("jour_et_heure", francais.jour_et_heure),
    ("moment", francais.moment),
):
    register.filter(name, lambda value, write=write: write(value) if value else "")
register.filter("elision", francais.elision)


@register.filter
def en_ligne(fiche) -> SafeString:
    """A record in a list on paper: « Un portail, Berric (56) (Portail famille), 6 736 € », its title a link."""
    themes = ", ".join(theme.nom for theme in fiche.themes.all())
    place = f", {nom(fiche.lieu_affiche)}" if fiche.lieu_affiche else ""
    code = f"({fiche.departement_id})" if fiche.departement_id else ""
    place += f" {code}" if code and place and code not in place else ""
    figure = f", {fiche.chiffre_affiche}" if fiche.chiffre_affiche else ""
    said = fr(f"{place}{f' ({themes})' if themes else ''}{figure}".rstrip("."))
    return format_html('<a href="{}">{}</a>{}', fiche.get_absolute_url(), titre(fiche.titre_affiche), said)


@register.filter
def donnees_des_lignes(lignes) -> str:
    """What the script of an inline of the admin needs; its link in the words of the inline (`ajouter`)."""
    data = json.loads(lignes.inline_formset_data())
    data["options"]["addText"] = lignes.opts.ajouter
    return json.dumps(data)


@register.filter
def intitulees(cells, headers) -> list[SafeString]:
    """Cells of a row of the admin's list, those of a column with its heading: on a phone each row is a card."""
    return [_intitulee(cell, header["text"]) for cell, header in zip(cells, headers, strict=True)]


def _intitulee(cell: SafeString, intitule: str) -> SafeString:
    if not cell.startswith('<td class="field-'):  # the box that selects a row, or the link that names it
        return cell
    start = format_html('<td data-intitule="{}"', capfirst(intitule))
    return mark_safe(start + cell.removeprefix("<td"))  # noqa: S308 - both halves are


register.filter("fr", fr)
register.filter("titre", titre)
register.filter("nom", nom)
register.simple_tag(citation)
register.filter("cliquable", text.linkable)


@register.filter
def fiches(number: int, nom: str = "fiche|fiches") -> str:
    """« 1 fiche », « 1 234 fiches »; `nom`: "singular|plural"."""
    singular, plural = nom.split("|")
    return francais.pluriel(number, singular, plural)


@register.filter
def initiale(text: str) -> str:
    """`text` with a capital first letter: labels are in lower case in the code."""
    return text[:1].upper() + text[1:]


@register.filter
def marques(pieces, hidden: str) -> SafeString:
    """The pieces of two texts, what was taken out and put in marked, and said under `hidden`."""
    said = {"removed": ("del", "retiré"), "added": ("ins", "ajouté")}
    return format_html_join("", "{}", ((_marque(piece, said.get(piece.kind), hidden),) for piece in pieces))


def _marque(piece, said: tuple[str, str] | None, hidden: str) -> SafeString | str:
    text = _with_prives(piece)
    if not said:
        return text
    tag, word = said
    heard = '<span class="{}">[{}\u00a0: </span>{}<span class="{}">]</span>'
    return format_html(f"<{tag}>{heard}</{tag}>", hidden, word, text, hidden)


def _with_prives(piece) -> SafeString | str:
    """The words of a piece, those about persons marked."""
    if not piece.prives:
        return piece.text
    parts, done = [], 0
    for start, end in piece.prives:
        parts += [(piece.text[done:start], piece.text[start:end])]
        done = end
    marked = format_html_join("", '{}<mark class="prive">{}</mark>', parts)
    return format_html("{}{}", marked, piece.text[done:])


@register.simple_tag(takes_context=True)
def prose_liee(context, texte: str) -> SafeString:
    """HTML of a free text, the words of the glossary linked on their first occurrence in the page."""
    request = context["request"]
    if not hasattr(request, "words"):
        request.words = text.linker(request.path)
    return text.prose(texte, request.words)
