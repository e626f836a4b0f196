"""What pages compute: the lines `[[nom]]` that a text must keep, and what the site writes in their place."""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string

from fiches import registre
from fiches.glossaire.models import AUTRES, Terme, lettre
from labacces.pages import rgaa
from labacces.pages.texte import computed
from labacces.recherche import SITE
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


def _listes() -> str:
    counts = registre.counts()
    listes = [
        (declaration, pluriel(counts.get(declaration.cle, 0), declaration.nom, declaration.nom_pluriel))
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
    return _plan("fichiers", types=[*registre.types(), SITE])


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
