"""Tags of a public list: addresses that change one criterion, boxes of facets, extracts."""

from decimal import Decimal
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from socle.catalogue.filters import LISTED, MontantFilter
from socle.catalogue.pistes import pistes
from socle.catalogue.selection import Option, Selection
from socle.francais.prose import run_on
from socle.francais.typographie import bas_de_casse, fr, titre, typographie, typographie_html
from socle.francais.wording import entier, euros, pluriel
from socle.recherche.extraits import highlight, snippet

register = template.Library()
register.simple_tag(pistes)

SHOWN = 5  # values with a box, if more than LISTED
NAMED = 30  # others that are named beside the field


@register.simple_tag
def sans(selection: Selection, chip) -> str:
    """Query string without one chip, `?` included."""
    return f"?{selection.query_string(drop=chip)}"


@register.simple_tag
def avec(selection: Selection, **changes) -> str:
    """Query string with parameters changed, `?` included: {% avec selection page=2 %}."""
    return f"?{selection.query_string(**changes)}"


@register.simple_tag
def chercher(selection: Selection, texte: str) -> str:
    """Query string with other words, searched as usual, `?` included."""
    others = [(name, value) for name, value in selection.pairs() if name not in ("q", "exact")]
    return f"?{urlencode([('q', texte), *others])}"


@register.simple_tag
def combien(selection: Selection, records) -> str:
    """« 40 termes »."""
    return typographie(pluriel(len(records), selection.declaration.nom, selection.declaration.nom_pluriel))


@register.simple_tag
def hors_montant(selection: Selection) -> dict:
    """`nombre` of records of unknown amount that a bound leaves out, `adresse` of their list; {} if there are none."""
    filterset = selection.filterset
    bounds = [name for name in selection.values if isinstance(filterset.filters[name], MontantFilter)]
    if not bounds or not filterset.mesure_inconnue:
        return {}
    facet, value = filterset.mesure_inconnue
    number = len(selection.narrowed(*bounds) - selection.list_sets.mesure(filterset.mesure).known)
    pairs = [pair for pair in selection.pairs() if pair[0] not in (*bounds, facet)]
    return {"nombre": number, "adresse": f"?{urlencode([*pairs, (facet, value)])}"} if number else {}


@register.simple_tag
def curseur(selection: Selection, page) -> str:
    """Cursor of the next page: it follows the last record, whatever comes or leaves meanwhile."""
    return str(selection.cursor_of(page[-1]))


@register.simple_tag
def suite(selection: Selection, page) -> str:
    return f"?{selection.query_string(apres=curseur(selection, page))}"


@register.simple_tag
def champs_caches(selection: Selection, *sauf: str) -> SafeString:
    """The selection and its sort as hidden fields, without `sauf`: what the form asks itself."""
    pairs = [(name, value) for name, value in selection.pairs() if name not in ("tri", *sauf)]
    if selection.tri_asked and "tri" not in sauf:
        pairs.append(("tri", selection.tri))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def distance(row, selection: Selection | None = None) -> str:
    """« · à 12 km » after the place of a record, in a list around a commune; else ""."""
    km = selection.distances.get(row.pk) if selection else None
    if km is None:
        return ""
    return f"\u00a0· à {entier(round(km))}\u00a0km" if km >= 1 else "\u00a0· dans cette commune"


@register.simple_tag
def cases(selection: Selection, name: str) -> SafeString:
    """The check boxes of a facet; those without a result are folded.

    With more values than LISTED: boxes of the most frequent, and a field for the others. An error stands above the
    first box or field, which has the focus. Built as strings: template loops over a hundred boxes cost more than the
    list.
    """
    facet = selection.facets[name]
    errors = format_html_join(
        "", '<p class="erreur" id="e-{}">{}</p>', ((name, typographie(error)) for error in selection.form[name].errors)
    )
    focus = format_html(' aria-describedby="e-{}" autofocus', name) if errors and selection.a_corriger == name else ""
    if len(facet.totals) > LISTED:
        options = selection.options(name, SHOWN)
        found = _boxes(name, options), errors, _typed(selection, name, {option.valeur for option in options}, focus)
    else:
        options = selection.options(name)
        shown = [option for option in options if option.compte or option.choisie]
        rest = [option for option in options if not (option.compte or option.choisie)]
        empty = [option for option in rest if facet.totals.get(option.valeur)]
        found = errors, _boxes(name, shown, focus), _useless(name, empty)
    aide = format_html('<p class="aide">{}</p>', typographie(facet.aide)) if facet.aide else ""
    return mark_safe("".join((*found, aide)))  # noqa: S308 - each is escaped


def _typed(selection: Selection, name: str, shown: set[str], focus: str) -> SafeString:
    """A field for the name of one more value, with what was not understood, and with the possible names if they are
    few.

    `focus`: attributes of the field that must be mended first, or "".
    """
    facet = selection.facets[name]
    typed = [text for text in selection.data.getlist(name) if text and text not in facet.names]
    wrong = bool(typed) and name in selection.errors
    others = [option for option in selection.options(name) if option.compte and option.valeur not in shown]
    names = ", ".join(option.texte for option in facet.alphabetical(others)) if len(others) <= NAMED else ""
    invalid = mark_safe(' aria-invalid="true"') if wrong else ""
    field = format_html(
        '<input class="saisie" type="text" name="{}" value="{}" aria-label="{}" placeholder="{}" '
        'autocomplete="off"{}{}>',
        name,
        typed[-1] if wrong else "",
        f"Nom d’un autre choix : {facet.label}",
        "Écrire un autre nom",
        invalid,
        focus,
    )
    return field + (format_html('<p class="aide">Aussi\u00a0: {}.</p>', typographie(names)) if names else "")


def _boxes(name: str, options: list[Option], focus: str = "") -> SafeString:
    """`focus`: attributes of the first box."""
    checked = mark_safe(" checked")
    return format_html_join(
        "",
        '<label class="coche"><input type="checkbox" name="{}" value="{}"{}{}> {}</label>',
        (
            (name, one.valeur, checked if one.choisie else "", "" if rank else focus, _counted(one))
            for rank, one in enumerate(options)
        ),
    )


def _counted(option: Option) -> str:
    """« Morbihan (56) · 12 ». The number is text like the words, for readers, search and copy: no element."""
    return f"{typographie(capfirst(option.texte))}\u00a0·\u00a0{entier(option.compte)}"


def _useless(name: str, options: list[Option]) -> str:
    """Boxes without a result under the other filters. Values that no record of the list holds are not offered."""
    if not options:
        return ""
    return format_html(
        '<details class="plus"><summary>Afficher {} sans résultat</summary>{}</details>',
        "le seul" if len(options) == 1 else f"les {entier(len(options))}",
        _boxes(name, options),
    )


@register.simple_tag
def extrait(fiche, selection: Selection) -> SafeString:
    """The passage that answers the search; "" without a search."""
    query = selection.requete
    return typographie_html(snippet(run_on(fiche.texte_affiche), query)) if query else mark_safe("")


@register.simple_tag
def fait(fiche, selection: Selection | None = None) -> SafeString:
    """One line of a card: the passage that answers the search, or what was done; "" without either."""
    said = (selection and extrait(fiche, selection)) or fr(fiche.fait_affiche)
    return format_html('<p class="fait">{}</p>', said) if said else mark_safe("")


@register.simple_tag
def montant(amount: Decimal | None) -> SafeString:
    """An amount in euros, or the words for an unknown one."""
    if not amount:
        return mark_safe('<span class="montant vide">Montant non renseigné</span>')
    return format_html('<b class="montant">{}</b>', euros(amount))


@register.simple_tag
def surligne(text: str, selection: Selection | None = None) -> SafeString | str:
    """A title as people write it, searched words marked."""
    query = selection.requete if selection else None
    return typographie_html(highlight(bas_de_casse(text), query)) if query else titre(text)
