"""Public pages of the glossary."""

import re
from dataclasses import dataclass, field
from string import ascii_uppercase
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from fiches.glossaire.columns import TERME_COLUMNS
from fiches.glossaire.filters import TermeFilterSet
from fiches.glossaire.models import AUTRES, Terme
from fiches.views import FicheDetailView, FicheListView
from socle.annuaire.models import Entree
from socle.catalogue.selection import Selection
from socle.francais.prose import run_on
from socle.francais.wording import entier
from socle.recherche.analyse import stems
from socle.recherche.extraits import snippet
from socle.recherche.parsing import Mode, Query, parse
from socle.recherche.query import search

EXTRAIT = 240  # characters of a definition in the list
EMPLOIS = 12
QUOTE = '"'


@dataclass(frozen=True)
class MotDeListe:
    """A word with the start of its definition, or the passage that the search found."""

    terme: Terme
    extrait: SafeString


@dataclass
class Lettre:
    nom: str
    mots: list[MotDeListe] = field(default_factory=list)

    @property
    def ancre(self) -> str:
        return f"lettre-{'autres' if self.nom == AUTRES else self.nom}"


def letters(termes, requete: Query | None = None) -> list[Lettre]:
    """The letters in use, A to Z and then #, with their words in the given order. `requete`: the search."""
    found = {nom: Lettre(nom) for nom in (*ascii_uppercase, AUTRES)}
    for terme in termes:
        shown = terme.texte_affiche if requete else terme.definition
        found[terme.lettre].mots.append(MotDeListe(terme, snippet(run_on(shown), requete or Query(), EXTRAIT)))
    return [lettre for lettre in found.values() if lettre.mots]


def states(selection: Selection) -> list[tuple[str, str, bool]]:
    """(words, query string, whether chosen) for all, defined, and undefined words."""
    asked = [pair for pair in selection.pairs() if pair[0] != "etat"]
    chosen = selection.values.get("etat", [])
    found = [(f"Tous, {entier(len(selection.narrowed('etat')))}", urlencode(asked), not chosen)]
    for one in selection.options("etat"):
        if one.compte:
            words = f"{one.texte}, {entier(one.compte)}"
            found.append((words, urlencode([*asked, ("etat", one.valeur)]), chosen == [one.valeur]))
    return found if len(found) > 1 else []


class TermeListView(FicheListView):
    filterset_class = TermeFilterSet
    columns = TERME_COLUMNS
    template_name = "glossaire/terme_list.html"
    tableau = ("definition", "etat")
    per_page = 10_000  # all words on one page

    def for_cards(self, queryset):
        return queryset.only("titre", "slug", "statut", "fait", "definition", "references")

    def get_context(self, selection, page, unknown_page):
        context = super().get_context(selection, page, unknown_page)
        return context | {
            "lettres": letters(page, selection.requete),
            "etats": states(selection),
            "a_definir": sum(not terme.is_defini for terme in page),
        }


class TermeDetailView(FicheDetailView):
    model = Terme
    template_name = "glossaire/terme_detail.html"

    def keys(self, fiche):
        return [("autres formes", ", ".join(fiche.variantes_affichees), "")]

    def get_context_data(self, **kwargs):
        return super().get_context_data(emplois=uses(self.object), **kwargs)


def uses(terme: Terme) -> list[Entree]:
    """A few records that use the word or one of its forms, best first.

    A form of which stop words leave one word is skipped: « aller vers » would find all that goes anywhere.
    """
    forms = [terme.titre.partition("(")[0], *terme.variantes_affichees]
    query = " ".join(f'"{form.replace(QUOTE, " ")}"' for form in forms if len(stems(form)) > 1 or is_one_word(form))
    if not parse(query).wanted:
        return []
    others = Entree.objects.published().exclude(pk=terme.pk)
    return list(search(others, query, Mode.ANY)[:EMPLOIS])


def is_one_word(form: str) -> bool:
    return len(re.findall(r"\w+", form)) == 1
