"""Tags for the views of a list: tabs, the panel « Emporter », feeds in heads, addresses."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from pyroaring import BitMap

from socle.catalogue.selection import Selection
from socle.francais.typographie import fr, titre, typographie
from socle.vues import emporter, licence
from socle.vues.image_de_carte import IMAGE
from socle.vues.positions import by_precision
from socle.vues.toutes import vues
from socle.vues.vue import address_of, link

register = template.Library()
register.simple_tag(emporter.headings, name="rubriques")
register.simple_tag(emporter.offered_above, name="offres_d_ailleurs")
register.simple_tag(licence.chosen, name="licence")
register.simple_tag(address_of, name="adresse")  # {% url %} for addresses that pages print often

NAMED = 30  # characters of a title in the label of its box


@register.simple_tag
def onglets(selection: Selection) -> list[tuple[str, str, str, str]]:
    """(key, words, icon, address) of the tabs of a list, the list first; [] without other tabs."""
    declaration = selection.declaration
    found = [(one.cle, one.onglet, one.icone, link(one, selection)) for one in vues(declaration.liste) if one.onglet]
    return [("", "Liste", "i-liste", adresse_de_liste(selection)), *found] if found else []


@register.simple_tag
def adresse_de_liste(selection: Selection) -> str:
    """The address of the page of a list, from any of its views."""
    declaration = selection.declaration
    return f"{declaration.lien}?{selection.query_string(keeps=declaration.liste.keeps)}".removesuffix("?")


@register.simple_tag
def adresse_des_filtres(selection: Selection, cle: str) -> str:
    """The address of the filters of a list, open, for a view to which they lead back."""
    return f"{selection.declaration.lien}?{selection.query_string(vue=cle)}"


@register.simple_tag
def retour(selection: Selection) -> dict:
    """`adresse` of the view that sent its reader to the filters, and `gardes`, (parameter, value) that only it keeps.

    {} if no view did.
    """
    asked = selection.data.get("vue")
    vue = next((one for one in vues(selection.declaration.liste) if one.cle == asked and not one.fichier), None)
    if not vue:
        return {}
    kept = selection.kept(tuple(name for name in vue.keeps if name not in selection.keeps))
    return {"adresse": vue.adresse(selection.declaration), "gardes": kept}


@register.simple_tag
def sans_lieu_precis(selection: Selection) -> int:
    """How many records a list around a commune leaves out because their commune is unknown."""
    if "autour" not in selection.values:
        return 0
    placed = by_precision(selection.list_sets).get("commune", BitMap())
    return selection.narrowed("autour").difference_cardinality(placed)


@register.simple_tag
def flux(selection: Selection) -> list[tuple[str, str]]:
    """(MIME type, address) of the feeds of a selection."""
    return [(one.flux, link(one, selection)) for one in vues(selection.declaration.liste) if one.flux]


@register.simple_tag
def partage(selection: Selection, adresse: str) -> str:
    """The full address of a page that shows a selection, with its filters."""
    query = selection.query_string()
    return f"{settings.SITE_URL}{adresse}{f'?{query}' if query else ''}"


@register.simple_tag
def code_de_carte(selection: Selection) -> dict[str, str]:
    """`code` of the map, an image, for a page of another site, and `adresse` of the map; {} for a list without one.

    Its style is for that page: the image is never wider than its frame.
    """
    found = {one.cle: link(one, selection) for one in vues(selection.declaration.liste)}
    if "svg" not in found:
        return {}
    code = format_html(
        '<a href="{}"><img src="{}" alt="{}" width="{}" height="{}" style="max-width:100%;height:auto"></a>',
        settings.SITE_URL + found["carte"],
        settings.SITE_URL + found["svg"],
        typographie(f"Carte : {selection.phrase(sujet=selection.declaration.titre)}"),
        *IMAGE,
    )
    return {"code": code, "adresse": found["carte"]}


@register.simple_tag
def adresse_de_vue(declaration, cle: str) -> str:
    """The address of a view of the whole list of a type; "" if it has none."""
    return next((one.adresse(declaration) for one in vues(declaration.liste) if one.cle == cle), "")


@register.simple_tag
def case_a_comparer(fiche, selection: Selection | None = None) -> SafeString | str:
    """The box of a card that adds its record to the form `#comparaison` of the list; "" outside a list."""
    names = {str(fiche.pk), fiche.slug}
    if not selection or not selection.declaration.liste.comparable or not _has_others(selection, names):
        return ""
    chosen = names.intersection(selection.data.getlist("fiche"))
    return format_html(
        '<label class="coche"><input type="checkbox" name="fiche" value="{}" form="comparaison" aria-label="{}"{}>'
        " Comparer</label>",
        fiche.pk,
        fr(f"Comparer : {Truncator(titre(fiche.titre_affiche)).chars(NAMED)}"),
        mark_safe(" checked") if chosen else "",
    )


@register.simple_tag
def choix_a_comparer(selection: Selection, page) -> dict:
    """The records to compare, as the address names them: their `nombre`, and those without a box on this page.

    `avant` and `apres`: chosen before and after those with a box, since browsers send fields in order and the columns
    of a comparison follow it. `offert`: whether there are boxes.
    """
    here = {text for fiche in page for text in (str(fiche.pk), fiche.slug)}
    chosen = [value for _, value in selection.kept(("fiche",))]
    first = next((place for place, value in enumerate(chosen) if value in here), len(chosen))
    later = [value for value in chosen[first:] if value not in here]
    return {"offert": _has_others(selection, here), "nombre": len(chosen), "avant": chosen[:first], "apres": later}


def _has_others(selection: Selection, here: set[str]) -> bool:
    """Whether two records can be compared: in the list, or one chosen before that is not in `here`."""
    return selection.total > 1 or bool(set(selection.data.getlist("fiche")) - here)
