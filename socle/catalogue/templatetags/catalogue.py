"""Tags of a public list: addresses that change one criterion, facet boxes, snippets."""

from decimal import Decimal
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from socle.catalogue.filters import LISTED, Facet, MontantFilter
from socle.catalogue.selection import SHOWN, Option, Selection
from socle.francais.mots import entier, euros, pluriel
from socle.francais.prose import run_on
from socle.francais.typographie import bas_de_casse, fr, titre, typographie, typographie_html
from socle.recherche.extraits import highlight, snippet

register = template.Library()

FEW = 3  # values without result that have a box each: a page holds 390 elements at most
SHOWN_OF_MANY = 5  # values that have a box each, where the others are typed


@register.simple_tag
def sans(selection: Selection, chip) -> str:
    """Query string of the selection without one chip, `?` included."""
    return f"?{selection.query_string(drop=chip)}"


@register.simple_tag
def avec(selection: Selection, **changes) -> str:
    """Query string of the selection with parameters changed, `?` included: {% avec selection page=2 %}."""
    return f"?{selection.query_string(**changes)}"


@register.filter
def bilan(selection: Selection) -> str:
    """The sentence of a selection, and what of it only announces: « 40 termes, dont 22 à définir »."""
    return f"{selection.phrase()}{_to_come(selection, selection.records)}"


@register.simple_tag
def combien(selection: Selection, records) -> str:
    """How many some records of a list are: « 40 termes, dont 22 à définir »."""
    words = pluriel(len(records), selection.declaration.nom, selection.declaration.nom_pluriel)
    return typographie(f"{words}{_to_come(selection, records)}")


def _to_come(selection: Selection, records) -> str:
    to_come = len(records & selection.ensembles.annonces)
    return f", dont {entier(to_come)} {selection.declaration.a_venir_en_mots}" if 0 < to_come < len(records) else ""


@register.simple_tag
def hors_montant(selection: Selection) -> dict:
    """What a bound on the amount leaves out because nobody knows it: `nombre` of records, `adresse` of the list of
    them as a query string; nothing without a bound, or where it leaves out none."""
    filterset = selection.filterset
    bounds = [name for name in selection.values if isinstance(filterset.filters[name], MontantFilter)]
    if not bounds or not filterset.mesure_inconnue:
        return {}
    facet, value = filterset.mesure_inconnue
    number = len(selection.narrowed(*bounds) - selection.ensembles.mesure(filterset.mesure).known)
    pairs = [pair for pair in selection.pairs() if pair[0] not in (*bounds, facet)]
    return {"nombre": number, "adresse": f"?{urlencode([*pairs, (facet, value)])}"} if number else {}


@register.simple_tag
def suite(selection: Selection, page) -> str:
    """Query string of the page that follows: what comes after its last record, whatever is published meanwhile."""
    return f"?{selection.query_string(apres=page[-1].pk)}"


@register.simple_tag
def champs_caches(selection: Selection, *sauf: str) -> SafeString:
    """The selection and its sort as hidden fields, but what the form asks itself: `sauf`."""
    pairs = [(name, value) for name, value in selection.pairs() if name not in ("tri", *sauf)]
    if selection.tri_asked and "tri" not in sauf:
        pairs.append(("tri", selection.tri))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def distance(row, selection: Selection | None = None) -> str:
    """« · à 12 km » behind the place of a record, in a list around a commune; nothing elsewhere."""
    km = selection.distances.get(row.pk) if selection else None
    if km is None:
        return ""
    return f"\u00a0· à {entier(round(km))}\u00a0km" if km >= 1 else "\u00a0· dans cette commune"


@register.simple_tag
def cases(selection: Selection, name: str) -> SafeString:
    """The check boxes of a facet: its first values that lead somewhere and any chosen one, more in a `<select>`; those
    that lead nowhere stand behind one line.

    Built by string formatting: a hundred boxes through template loops cost more than the list itself.
    """
    facet = selection.facets[name]
    if len(facet.names) > LISTED:
        shown, more = selection.options(name, SHOWN_OF_MANY), _typed(selection, name)
    else:
        options = selection.options(name)
        useful = [option for option in options if option.compte or option.choisie]
        shown = useful[:SHOWN] + [option for option in useful[SHOWN:] if option.choisie]
        rest = [option for option in useful[SHOWN:] if not option.choisie]
        useless = [option for option in options if not (option.compte or option.choisie)]
        if not facet.choices:  # which have an order of their own
            useless = facet.alphabetical(useless)
        more = _select(name, facet.label, facet.alphabetical(rest)) + _useless(facet, name, useless)
    errors = format_html_join(
        "", '<p class="erreur">{}</p>', ((typographie(error),) for error in selection.form[name].errors)
    )
    return mark_safe("".join((_boxes(name, shown), more, errors)))  # noqa: S308 - each is escaped


def _typed(selection: Selection, name: str) -> SafeString:
    """A field to type the name of one more value, where a facet has too many to list; what was not understood in it."""
    label = selection.facets[name].label
    typed = [text for text in selection.data.getlist(name) if text and text not in selection.facets[name].names]
    shown = typed[-1] if typed and name in selection.errors else ""
    return format_html(
        '<input class="saisie" type="text" name="{}" value="{}" aria-label="{}" placeholder="{}" autocomplete="off">',
        name,
        shown,
        f"Nom d’un autre choix : {label}",
        "Écrire un autre nom",
    )


def _boxes(name: str, options: list[Option]) -> SafeString:
    checked = mark_safe(" checked")
    return format_html_join(
        "",
        '<label class="coche"><input type="checkbox" name="{}" value="{}"{}> {}</label>',
        ((name, one.valeur, checked if one.choisie else "", _counted(one)) for one in options),
    )


def _counted(option: Option) -> str:
    """« Morbihan (56) · 12 »: the number is read, found and copied as the words are, and makes no element."""
    return f"{typographie(capfirst(option.texte))}\u00a0·\u00a0{entier(option.compte)}"


def _select(name: str, label: str, options: list[Option]) -> str:
    if not options:
        return ""
    rows = format_html_join(
        "",
        '<option value="{}">{}</option>',
        ((option.valeur, _counted(option)) for option in options),
    )
    return format_html(
        '<select class="saisie" name="{}" aria-label="Autre {}"><option value="">{}…</option>{}</select>',
        name,
        label,
        pluriel(len(options), "autre", "autres"),
        rows,
    )


def _useless(facet: Facet, name: str, options: list[Option]) -> str:
    """Those that lead nowhere; of many that are no declared choices, their names alone."""
    if not options:
        return ""
    if len(options) <= FEW:
        choices = _boxes(name, options)
    elif facet.choices:
        choices = _select(name, facet.label, options)
    else:
        choices = format_html('<p class="aide">{}</p>', typographie(", ".join(option.texte for option in options)))
    return format_html(
        '<details class="plus"><summary>Afficher {} sans résultat</summary><div>{}</div></details>',
        "le seul" if len(options) == 1 else f"les {entier(len(options))}",
        choices,
    )


@register.simple_tag
def extrait(fiche, selection: Selection) -> SafeString:
    """The passage of the record that answers the search; nothing without a search."""
    query = selection.requete
    return typographie_html(snippet(run_on(fiche.texte_affiche), query)) if query else mark_safe("")


@register.simple_tag
def fait(fiche, selection: Selection | None = None) -> SafeString:
    """One line of a card: the passage that answers a search, else what was done; nothing without either."""
    said = (selection and extrait(fiche, selection)) or fr(fiche.fait_affiche)
    return format_html('<p class="fait">{}</p>', said) if said else mark_safe("")


@register.simple_tag
def montant(amount: Decimal | None) -> SafeString:
    """An amount in euros, or that nobody knows it."""
    if not amount:
        return mark_safe('<span class="montant vide">Montant non renseigné</span>')
    return format_html('<b class="montant">{}</b>', euros(amount))


@register.simple_tag
def surligne(text: str, selection: Selection | None = None) -> SafeString | str:
    """A title as people write it, with the words of the search marked."""
    query = selection.requete if selection else None
    return typographie_html(highlight(bas_de_casse(text), query)) if query else titre(text)
