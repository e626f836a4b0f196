"""Pages of the roof: home, the old site's addresses, and what answers where there is no page."""

import re

from django.db.models import Count
from django.http import HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from fiches import anciennes, registre
from fiches.confidentiel import public
from fiches.models import Entree
from fiches.recherche.query import parse, search

HOME_OF_THE_OLD_SITE = "PagePrincipale"
PROPOSED = 5  # records shown on the page of an old address that leads nowhere
WORDS_LENGTH = 100

_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_WORD = re.compile(r"[^\W_]+")


def home(request):
    """Search first, then one door per record type with its live count, then what is new; or an old site's address."""
    demande = anciennes.demande(request.META.get("QUERY_STRING", ""))
    if demande and (answer := old_page(request, demande)):
        return answer
    counts = dict(
        Entree.objects.published().values_list("type").order_by().annotate(n=Count("pk")).values_list("type", "n")
    )
    types = registre.types()
    context = {
        "portes": [(declaration, counts.get(declaration.cle, 0)) for declaration in types],
        "parties": [
            declaration.accueil() for declaration in types if declaration.accueil and counts.get(declaration.cle)
        ],
    }
    return render(request, "home.html", context)


def wakka(request):
    """/wakka.php?wiki=IdFiche, the longer form of the same addresses."""
    demande = anciennes.demande(request.META.get("QUERY_STRING", ""))
    return (demande and old_page(request, demande)) or HttpResponsePermanentRedirect(reverse("home"))


def old_page(request, demande):
    """The answer to an old site's address: 301, 410, or 404 with what its words find; None if it is none after all."""
    if demande.identifiant == HOME_OF_THE_OLD_SITE:
        return HttpResponsePermanentRedirect(reverse("home"))
    ancien = anciennes.find(demande.identifiant)
    mots = anciennes.words(demande.identifiant)[:WORDS_LENGTH]
    if ancien and ancien.est_publique:
        return HttpResponsePermanentRedirect(ancien.entree.get_absolute_url())
    if ancien and ancien.est_disparue:
        return render(request, "410.html", {"mots": mots}, status=410)
    if demande.sure:
        found = public(search(Entree.objects.published(), mots))[:PROPOSED] if parse(mots).wanted else []
        return render(request, "404.html", {"mots": mots, "proches": found}, status=404)
    return None


def introuvable(request, exception):
    """Every other 404: the search box holds the words of the address."""
    return render(request, "404.html", {"mots": path_words(request.path)}, status=404)


def path_words(path: str) -> str:
    """« /projets/portail-famille.html » → « portail famille »: words of an address, the names of our lists left out."""
    ours = {declaration.adresse for declaration in registre.types()}
    segments = [_EXTENSION.sub("", segment) for segment in path.split("/") if segment not in ours]
    found = []
    for segment in segments:
        for word in _WORD.findall(segment):
            demande = anciennes.demande(word)
            found.append(anciennes.words(word) if demande and demande.sure else word)
    return " ".join(found)[:WORDS_LENGTH].strip()
