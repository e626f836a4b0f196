"""Computed parts of pages: lines `[[nom]]` that a text must keep, and what replaces them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string

from fiches import registre
from fiches.glossaire.models import Terme
from fiches.glossaire.views import letters
from labacces.pages import rgaa
from labacces.pages.texte import computed
from labacces.recherche import SITE
from socle.francais.wording import pluriel
from socle.vie_privee.conservation import declared
from socle.vues.emporter import whole


@dataclass(frozen=True)
class Calcul:
    """A computed line. `role`: what it shows, in words for editors."""

    role: str
    html: Callable[[], str]


def missing(cle: str, text: str) -> list[tuple[str, str]]:
    """(name, role) of computed lines that the text lacks."""
    present = computed(text)
    return [(nom, calcul.role) for nom, calcul in CALCULS.get(cle, {}).items() if nom not in present]


# Site map


def _listes() -> str:
    counts = registre.counts()
    listes = [(one, pluriel(counts.get(one.cle, 0), one.nom, one.nom_pluriel)) for one in registre.types()]
    return _plan("listes", listes=listes)


def _lettres() -> str:
    found = letters(Terme.objects.published().only("titre", "slug", "definition"))
    return _plan("lettres", lettres=[(one.nom, one.ancre) for one in found])


def _fichiers() -> str:
    rows = registre.counts()
    rows[SITE.cle] = sum(rows.values())
    return _plan("fichiers", types=[(one, whole(one, rows.get(one.cle, 0))) for one in (*registre.types(), SITE)])


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
