"""Suggestions of the search box: themes, places, titles and words of public records.

Without script, they are a page with links; the script asks for JSON. They come from a few rows of the index, by the
start of a word, and are masked like any page.
"""

from dataclasses import dataclass

from django.db.models import Exists
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from fiches import registre
from fiches.choice_lists import Theme
from labacces.recherche import SITE
from socle.annuaire.models import Entree
from socle.francais.texte import fold
from socle.recherche.analyse import tokens
from socle.recherche.completion import begun, words_from
from socle.recherche.query import matching

LENGTH = 200  # characters read of the typed text
READ = 60  # records read, the newest first
SHOWN = {"theme": 3, "lieu": 3, "titre": 5, "mot": 4}
SHORTEST = 2  # letters


@dataclass(frozen=True)
class Proposition:
    """A search, or a record to open. `nature`: which, in words."""

    texte: str
    nature: str
    adresse: str


def propositions(text: str) -> list[Proposition]:
    """Suggestions that begin like `text`; each finds something public. Five queries at most."""
    read = tokens(text)
    if not read or read[-1].end - read[-1].start < SHORTEST:
        return []
    last = read[-1]
    before, word = text[: last.start], text[last.start : last.end]
    formes = [token.forme for token in read[:-1]]
    typed = [fold(text[token.start : token.end]) for token in read]
    entries = list(begun(Entree.objects.published(), formes, word)[:READ])
    places = dict.fromkeys(entree.lieu for entree in entries if _begins(entree.lieu, typed))
    titled = [entree for entree in entries if _begins(entree.titre, typed)][: SHOWN["titre"]]
    names = {declaration.cle: declaration.nom for declaration in registre.types()}
    found = [
        *(_search(theme, "thème") for theme in _themes(typed)),
        *(_search(place, "lieu") for place in list(places)[: SHOWN["lieu"]]),
        *(_search(f"{before}{mot}", "mot des fiches") for mot in words_from(formes, word, SHOWN["mot"])),
        *(Proposition(entree.titre, names[entree.type], entree.get_absolute_url()) for entree in titled),
    ]
    once = {}
    for proposition in found:
        once.setdefault(fold(proposition.texte), proposition)
    return list(once.values())


def _themes(typed: list[str]) -> list[str]:
    """Themes that begin so and whose search finds something. Two queries at most."""
    themes = [theme.nom for theme in Theme.objects.all() if _begins(theme.nom, typed)][: SHOWN["theme"]]
    if not themes:
        return []
    rows = Entree.objects.published().order_by()
    names = {f"theme_{number}": nom for number, nom in enumerate(themes)}
    exists = {key: Exists(matching(rows, '"' + nom.replace('"', " ") + '"')) for key, nom in names.items()}
    row = rows.annotate(**exists).values(*exists).first() or {}
    return [nom for key, nom in names.items() if row.get(key)]


def _begins(text: str, typed: list[str]) -> bool:
    """Whether each of `typed` begins a word of `text`."""
    words = [fold(text[token.start : token.end]) for token in tokens(text)]
    return all(any(word.startswith(start) for word in words) for start in typed)


def _search(text: str, nature: str) -> Proposition:
    return Proposition(text, nature, f"{reverse('recherche:list')}?{urlencode({'q': text})}")


@require_safe
def completion(request):
    """`/recherche/completion/?q=`: a page, or JSON."""
    text = request.GET.get("q", "").replace("\0", " ")[:LENGTH]
    found = propositions(text)
    if request.headers.get("Accept", "").startswith("application/json"):
        response = JsonResponse([proposition.texte for proposition in found], safe=False)
    else:
        response = render(
            request, "completion.html", {"mots": text.strip(), "propositions": found, "declaration": SITE}
        )
    patch_vary_headers(response, ["Accept"])
    patch_cache_control(response, private=True, max_age=60)
    return response
