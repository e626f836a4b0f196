"""Public pages of the glossary: all words from A to Z, and the page of each."""

import re
from dataclasses import dataclass, field
from string import ascii_uppercase

from django.utils.safestring import SafeString

from fiches.glossaire.columns import TERME_COLUMNS
from fiches.glossaire.filters import TermeFilterSet
from fiches.glossaire.models import AUTRES, Terme
from fiches.views import FicheDetailView, FicheListView
from socle.annuaire.models import Entree
from socle.francais.mots import pluriel
from socle.francais.prose import run_on
from socle.recherche.analyse import stems
from socle.recherche.extraits import snippet
from socle.recherche.parsing import Mode, Query, parse
from socle.recherche.query import search

EXTRAIT = 240  # characters of a definition in the list; shorter ones stand whole
EMPLOIS = 12
QUOTE = '"'


@dataclass(frozen=True)
class MotDeListe:
    """A word in the list, with the beginning of its definition, or the passage that answers the search."""

    terme: Terme
    extrait: SafeString


@dataclass
class Lettre:
    """A letter with its words. `attend`: they are to be defined."""

    nom: str
    attend: bool = False
    mots: list[MotDeListe] = field(default_factory=list)

    @property
    def ancre(self) -> str:
        return f"{'attend' if self.attend else 'lettre'}-{'autres' if self.nom == AUTRES else self.nom}"


def letters(termes, requete: Query | None = None, *, attend: bool = False) -> list[Lettre]:
    """The letters that words stand under, A to Z, then #, each with its words in the order they come.

    `requete`: what was searched. `attend`: the words are to be defined.
    """
    found = {nom: Lettre(nom, attend) for nom in (*ascii_uppercase, AUTRES)}
    for terme in termes:
        shown = terme.texte_affiche if requete else terme.definition
        found[terme.lettre].mots.append(MotDeListe(terme, snippet(run_on(shown), requete or Query(), EXTRAIT)))
    return [lettre for lettre in found.values() if lettre.mots]


class TermeListView(FicheListView):
    filterset_class = TermeFilterSet
    columns = TERME_COLUMNS
    template_name = "glossaire/terme_list.html"
    tableau = ("variantes", "etat")
    per_page = 10_000  # every word on one page
    chiffree = False  # of words there is nothing to count but themselves

    def for_cards(self, queryset):
        return queryset.only("titre", "slug", "statut", "fait", "definition", "references")

    def get_context(self, selection, page, unknown_page):
        context = super().get_context(selection, page, unknown_page)
        defined = [terme for terme in page if terme.is_defini]
        waiting = [terme for terme in page if not terme.is_defini]
        by_state = not defined or "etat" in selection.values
        return context | {
            "definis": letters(defined, selection.requete),
            "a_definir": letters(waiting, selection.requete, attend=True),
            "phrase": selection.phrase() if by_state else selection.phrase(len(defined), "mot défini|mots définis"),
            "attente": pluriel(len(waiting), "mot attend sa définition", "mots attendent leur définition"),
        }


class TermeDetailView(FicheDetailView):
    model = Terme
    template_name = "glossaire/terme_detail.html"

    def keys(self, fiche):
        return [("autres formes", ", ".join(fiche.variantes_affichees), "")]

    def get_context_data(self, **kwargs):
        return super().get_context_data(emplois=uses(self.object), **kwargs)


def uses(terme: Terme) -> list[Entree]:
    """The records that use the word or one of its other forms, a few, best first.

    A form of which stop words leave one word is not asked: « aller vers » would find whoever goes anywhere.
    """
    forms = [terme.titre.partition("(")[0], *terme.variantes_affichees]
    query = " ".join(f'"{form.replace(QUOTE, " ")}"' for form in forms if len(stems(form)) > 1 or is_one_word(form))
    if not parse(query).wanted:
        return []
    others = Entree.objects.published().exclude(pk=terme.pk)
    return list(search(others, query, Mode.ANY)[:EMPLOIS])


def is_one_word(form: str) -> bool:
    return len(re.findall(r"\w+", form)) == 1
