"""What pages compute: the lines `[[nom]]` that a text must keep, and what the site writes in their place."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count
from django.template.loader import render_to_string
from django.urls import URLPattern, get_resolver, reverse

from fiches import registre
from fiches.glossaire.models import AUTRES, Terme, lettre
from labacces.pages import rgaa
from labacces.pages.texte import computed
from socle.annuaire.models import Entree
from socle.francais.mots import pluriel
from socle.vie_privee.registre import declared


@dataclass(frozen=True)
class Calcul:
    """A computed line. `role`: what the site writes there, as editors read it."""

    role: str
    html: Callable[[], str]


def missing(cle: str, text: str) -> list[tuple[str, str]]:
    """(name, role) of the computed lines that the text of page `cle` lacks."""
    present = computed(text)
    return [(nom, calcul.role) for nom, calcul in CALCULS.get(cle, {}).items() if nom not in present]


# Site map


@dataclass(frozen=True)
class ListeDuPlan:
    """A list of records in the site map: how many it holds, in words, and its other views (map, figures…)."""

    declaration: registre.TypeDeFiche
    compte: str
    vues: list[tuple[str, str]]


# Addresses of a type that are files to take away; any other one without argument is a view of its list.
FORMATS = {
    "csv": "CSV",
    "imprimer": "liste à imprimer",
    "xlsx": "Excel (XLSX)",
    "ods": "LibreOffice (ODS)",
    "json": "JSON",
    "geojson": "GeoJSON",
    "atom": "flux Atom",
    "ics": "calendrier (ICS)",
}


def addresses(declaration: registre.TypeDeFiche) -> dict[str, str]:
    """{name: address} of what a type has beside its list and its records, as the URLconf knows it."""
    app = declaration.model._meta.app_label
    _, resolver = get_resolver().namespace_dict[app]
    patterns = [entry for entry in resolver.url_patterns if isinstance(entry, URLPattern) and entry.name]
    names = [entry.name for entry in patterns if not entry.pattern.converters and entry.name != "list"]
    return {name: reverse(f"{app}:{name}") for name in names}


def _listes() -> str:
    rows = Entree.objects.published().order_by().values_list("type").annotate(n=Count("pk"))
    counts = dict(rows)
    listes = [
        ListeDuPlan(
            declaration,
            pluriel(counts.get(declaration.cle, 0), declaration.nom, declaration.nom_pluriel),
            [(name, address) for name, address in addresses(declaration).items() if name not in FORMATS],
        )
        for declaration in registre.types()
    ]
    return _plan("listes", listes=listes)


def _lettres() -> str:
    found = {lettre(mot) for mot in Terme.objects.published().values_list("titre", flat=True)}
    letters = [
        (nom, f"lettre-{'autres' if nom == AUTRES else nom}") for nom in sorted(found, key=lambda x: (x == AUTRES, x))
    ]
    return _plan("lettres", lettres=letters)


def _fichiers() -> str:
    fichiers = [
        (declaration, [(FORMATS[name], address) for name, address in addresses(declaration).items() if name in FORMATS])
        for declaration in registre.types()
    ]
    return _plan("fichiers", fichiers=fichiers)


def _site() -> str:
    return _plan("site")


def _plan(partie: str, **context) -> str:
    return render_to_string("pages/_plan.html", {"partie": partie} | context)


# Accessibility


def _rgaa(partie: str) -> Callable[[], str]:
    return lambda: render_to_string("pages/_rgaa.html", {"partie": partie, "bilan": rgaa.bilan()})


# Personal data


def _donnees() -> str:
    return render_to_string("pages/_donnees.html", {"traitements": declared()})


CALCULS: dict[str, dict[str, Calcul]] = {
    "plan-du-site": {
        "site": Calcul("l’accueil, la recherche et les pages du site", _site),
        "listes": Calcul("toutes les listes de fiches, avec leur nombre", _listes),
        "lettres": Calcul("les lettres du glossaire", _lettres),
        "fichiers": Calcul("les fichiers à emporter", _fichiers),
    },
    "accessibilite": {
        "etat": Calcul("l’état de conformité", _rgaa("etat")),
        "resultats": Calcul("les critères jugés et le taux", _rgaa("resultats")),
        "non-conformites": Calcul("les critères non respectés", _rgaa("non-conformites")),
        "dates": Calcul("les dates de la déclaration", _rgaa("dates")),
        "echantillon": Calcul("les pages vérifiées", _rgaa("echantillon")),
    },
    "donnees-personnelles": {
        "traitements": Calcul("ce que le site garde, pourquoi et combien de temps", _donnees),
    },
}
