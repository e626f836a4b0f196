"""Pages of the roof: home, and what answers where there is no page."""

import re

from django.db.models import Count
from django.shortcuts import render

from fiches import registre
from socle.annuaire.models import Entree
from socle.francais.mots import unglued
from socle.recherche.analyse import tokens
from socle.recherche.completion import holding

WORDS_LENGTH = 100
# What one may search for, the most telling first: the home page shows the first ones that find something.
EXEMPLES = (
    *("portail famille", "cimetière", "inclusion numérique", "médiation numérique", "accès aux droits", "non-recours"),
    *("accueil", "logement", "mobilité", "mairie"),
)
EXEMPLES_MONTRES = 3

_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_WORD = re.compile(r"[^\W_]+")


def examples() -> list[str]:
    """Searches to begin with that find something on this very site. One query, whatever the number of records."""
    counts = holding([[token.forme for token in tokens(text)] for text in EXEMPLES])
    return [text for text, count in zip(EXEMPLES, counts, strict=True) if count][:EXEMPLES_MONTRES]


def home(request):
    """Search first, then one door per record type with its live count, then what is new."""
    counts = dict(
        Entree.objects.published()
        .exclude(registre.announced())
        .values_list("type")
        .order_by()
        .annotate(n=Count("pk"))
        .values_list("type", "n")
    )
    types = registre.types()
    held = [declaration for declaration in types if counts.get(declaration.cle)]
    news = {declaration.cle: declaration.nouvelle() for declaration in held if declaration.nouvelle}
    context = {
        "portes": [(declaration, counts.get(declaration.cle, 0), news.get(declaration.cle)) for declaration in types],
        "parties": [declaration.accueil() for declaration in held if declaration.accueil],
        "exemples": examples(),
    }
    return render(request, "home.html", context)


def introuvable(request, exception):
    """Every other 404: the search box holds the words of the address."""
    return render(request, "404.html", {"mots": path_words(request.path)}, status=404)


def path_words(path: str) -> str:
    """« /projets/portail-famille.html » → « portail famille »: words of an address, the names of our lists left out."""
    ours = {declaration.adresse for declaration in registre.types()}
    segments = [_EXTENSION.sub("", segment) for segment in path.split("/") if segment not in ours]
    return " ".join(filter(None, map(_words, segments)))[:WORDS_LENGTH].strip()


def _words(text: str) -> str:
    found = _WORD.findall(text)
    return " ".join(unglued(word) if sum(map(str.isupper, word)) > 1 else word for word in found)
