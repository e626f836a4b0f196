"""Answers the addresses of the old site: the page here, 410 if it is gone, or a 404 with search results."""

import re

from django.conf import settings
from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, is_valid_path, resolve, reverse
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from fiches import registre
from reprise import urls_of_old_site
from reprise.file_names import stored_name, undated
from socle.annuaire.models import Entree
from socle.francais.texte import fold
from socle.francais.wording import WORDS_LENGTH, address_words, unglued, without_extension
from socle.journal.cache import cached
from socle.journal.following import COMMUN
from socle.medias import fichiers as medias
from socle.recherche.query import parse, search

TOUT = "recherche"  # the list of all records
DONNEES = ("json", "geojson")  # for programs, of one form only
PAGES = ("list", "csv")  # for people
# Wiki pages that have another name here.
ALIAS = {"contact": "contacter", "accueil": ""}
PROPOSED = 5  # records shown on a 404
FOLDERS = ("files/", "cache/")  # files; small pictures made from files
SCRIPTS = ("wakka.php", "index.php")  # other ways to write `/`

# « /Nom », « /Nom/edit », « /api/forms/5/entries »: for a wiki whose server rewrites addresses. Our addresses start
# with a small letter, or with api/v1.
_PATH = re.compile(r"([A-Z0-9][A-Za-z0-9]{0,190}(?:/[a-z]+)?|api/(?!v1/).*?)/?", re.DOTALL)


class AnciennesAdresses:
    """Answers the addresses of the old site before our own pages are looked for; passes all others on."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return answer(request) or self.get_response(request)


def answer(request):
    """The answer to an old address, or None."""
    path, asked = request.path_info[1:], query_string(request)
    if not path:
        return old_address(request, asked)
    for folder in FOLDERS:
        if path.startswith(folder) and len(path) > len(folder):
            return old_file(request, path.removeprefix(folder))
    if path in SCRIPTS:
        found = old_address(request, asked, script=True)
        # Without a page it meant home. Parameters of « index.php » need not name a page.
        home = path == SCRIPTS[1] or not asked
        return found or (HttpResponsePermanentRedirect(reverse("home")) if home else not_found(request, ""))
    if (match := _PATH.fullmatch(path)) and not is_valid_path(request.path_info):
        return old_address(request, "&".join(filter(None, [match[1], asked])))
    return None


def query_string(request) -> str:
    """The query string as sent; bytes that were not percent-encoded are read as text."""
    text = request.META.get("QUERY_STRING", "").encode("latin-1", "replace").decode("utf-8", "replace")
    return text.replace("&amp;", "&")  # some feed readers keep the HTML of the page


def old_address(request, asked: str, *, script: bool = False):
    """The answer to the query string of an old address (a file, a feed, a page), or None."""
    other = urls_of_old_site.AutreDemande(asked)
    if nom := other.fichier():
        return old_file(request, nom)
    if answer := old_list(other.liste()):
        return answer
    if other.donnees():
        said = {"erreur": "L’ancien site n’est plus là : ses données sont celles des fiches d’ici."}
        said["api"] = reverse("api:index")
        return JsonResponse(said, status=404, json_dumps_params={"ensure_ascii": False})
    return old_page(request, urls_of_old_site.demandes(asked, script=script))


@require_safe
def old_file(request, nom: str):
    """/files/<old name>: 301 to the same file here, if it is public; else like the page whose name it begins with.

    /cache/<name> was a small picture made from the file.
    """
    stored = stored_name(nom)
    for name in dict.fromkeys((nom, stored, undated(stored))):
        if address := medias.find_old(name):
            return HttpResponsePermanentRedirect(address)
    identifiant = nom.partition("_")[0]
    page = urls_of_old_site.find(identifiant)
    mots = page_words(identifiant if urls_of_old_site.looks_like_a_page(identifiant) else without_extension(nom))
    if page and page.is_publique:  # the file may come later
        return HttpResponseRedirect(page.entree.get_absolute_url())
    if page and page.is_disparue:
        return render(request, "410.html", {"mots": mots}, status=410)
    return not_found(request, mots)


def old_list(liste: urls_of_old_site.Liste | None):
    """Redirects a list, a feed or an export of the old site to our list of the same records; None if we have none.

    If no source told the types of the forms, pages and exports lead to the list of all records; feeds of other forms
    always do, for their readers. These are 302, since a source may tell more later.
    """
    if liste is None:
        return None
    cle = urls_of_old_site.type_of_form(liste.numero) if liste.numero else ""
    espace = next((one.espace for one in registre.types() if one.cle == cle), "")
    if not espace and liste.vue in DONNEES:
        return None
    if not espace and liste.vue in PAGES and liste.numero and (cle or urls_of_old_site.has_forms()):
        return None
    vue = liste.vue if espace or liste.vue not in PAGES else "list"
    asked = {name: value for name, value in (("q", liste.mots), ("tri", liste.tri)) if value}
    try:
        address = reverse(f"{espace or TOUT}:{vue}")
    except NoReverseMatch:  # records without a place
        address = reverse(f"{espace}:json")
    answer = HttpResponsePermanentRedirect if espace or not liste.numero else HttpResponseRedirect
    return answer(f"{address}?{urlencode(asked)}" if asked else address)


def old_page(request, demandes):
    """Answers the page of an old address with 301, 410, or a 404 with search results; None if it names no page.

    Makes at most one query, except for a 404.
    """
    if not demandes:
        return None
    if demandes[0].identifiant.lower() == urls_of_old_site.ACCUEIL.lower():
        return HttpResponsePermanentRedirect(reverse("home"))
    known = urls_of_old_site.find_all(demande.identifiant for demande in demandes)
    for demande in demandes:
        ancien = known.get(demande.identifiant)
        if ancien and ancien.is_publique:
            return HttpResponsePermanentRedirect(ancien.entree.get_absolute_url())
        if ancien and ancien.is_disparue:
            return render(request, "410.html", {"mots": page_words(demande.identifiant)}, status=410)
    asked = next((demande for demande in demandes if demande.sure), None)
    if asked is None:
        return None
    mots = page_words(asked.identifiant)
    address = counterpart(mots)
    return HttpResponsePermanentRedirect(address) if address else not_found(request, mots)


def counterpart(mots: str) -> str:
    """The address of our list, or page about the site, that has these words as its name; "" if none."""
    slug = slugify(fold(mots))
    for one in registre.types():
        if slug in {slugify(fold(nom)) for nom in (one.adresse, one.menu, one.titre)}:
            return one.lien
    address = f"/{ALIAS.get(slug, slug)}/".replace("//", "/")
    known = is_valid_path(address) and resolve(address).namespace in ("pages", "contacter")
    return address if known or slug in ALIAS else ""


def not_found(request, mots: str):
    found = search(Entree.objects.published(), mots)[:PROPOSED] if parse(mots).wanted else []
    return render(request, "404.html", {"mots": mots, "proches": found}, status=404)


def page_words(identifiant: str) -> str:
    """The words in the name of an old page, or in what was asked instead."""
    if urls_of_old_site.is_name(identifiant):
        return unglued(identifiant)[:WORDS_LENGTH].strip()
    return address_words(identifiant)


def rewrite(texts: list[str]) -> list[str]:
    if not any("://" in text for text in texts):
        return texts
    known = cached(("anciens sites",), urls_of_old_site.sites_taken_over, COMMUN)
    return urls_of_old_site.rewrite_texts(texts, [*settings.ANCIENS_SITES, *known])
