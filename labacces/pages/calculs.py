"""What pages compute: the lines `[[nom]]` that a text must keep, and what the site writes in their place."""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string

from fiches import registre
from fiches.glossaire.models import AUTRES, Terme
from fiches.glossaire.views import letters
from labacces.pages import rgaa
from labacces.pages.texte import computed
from labacces.recherche import SITE
from socle.catalogue.ensembles import Ensembles
from socle.francais.mots import entier, pluriel
from socle.vie_privee.registre import declared
from socle.vues.emporter import whole


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
    sets = registre.sets()
    return _plan("listes", listes=[(one, _counted(one, sets[one.cle])) for one in registre.types()])


def _counted(declaration, sets: Ensembles) -> str:
    """« 18 termes, et 22 à définir »."""
    to_come = len(sets.annonces)
    words = pluriel(len(sets.publiques) - to_come, declaration.nom, declaration.nom_pluriel)
    return f"{words}, et {entier(to_come)} {declaration.a_venir_en_mots}" if to_come else words


def _lettres() -> str:
    """Each letter of the glossary at its words that are defined, or at those that wait if it has no other."""
    rows = list(Terme.objects.published().only("titre", "slug", "definition"))
    found = {one.nom: one.ancre for one in letters((terme for terme in rows if not terme.is_defini), attend=True)}
    found |= {one.nom: one.ancre for one in letters(terme for terme in rows if terme.is_defini)}
    return _plan("lettres", lettres=sorted(found.items(), key=lambda pair: (pair[0] == AUTRES, pair)))


def _fichiers() -> str:
    rows = {cle: len(sets.publiques) for cle, sets in registre.sets().items()}
    rows[SITE.cle] = sum(rows.values())
    return _plan("fichiers", types=[(one, whole(one, rows[one.cle])) for one in (*registre.types(), SITE)])


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
