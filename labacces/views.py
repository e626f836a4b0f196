"""Pages of the roof: home, the old site's addresses, and what answers where there is no page."""

import re

from django.db.models import Count
from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from fiches import anciennes, registre
from fiches.reprise import stored_name, undated
from socle.annuaire.models import Entree
from socle.medias import fichiers as medias
from socle.recherche.analyse import tokens
from socle.recherche.completion import holding
from socle.recherche.parsing import parse
from socle.recherche.query import search

PROPOSED = 5  # records shown on the page of an old address that leads nowhere
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
    """Search first, then one door per record type with its live count, then what is new; or an old site's address."""
    if answer := old_address(request):
        return answer
    counts = dict(
        Entree.objects.published().values_list("type").order_by().annotate(n=Count("pk")).values_list("type", "n")
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


def wakka(request):
    """/wakka.php?wiki=IdFiche, the longer form of the same addresses. Without a parameter it was home."""
    asked = query_string(request)
    if not asked:
        return HttpResponsePermanentRedirect(reverse("home"))
    return old_address(request, script=True) or not_found(request, "")


def index_php(request):
    """/index.php?IdFiche, or home: `/` as it may be written too, whose parameters need not ask for a page."""
    return old_address(request, script=True) or HttpResponsePermanentRedirect(reverse("home"))


def old_path(request, ancienne: str):
    """/Nom, /Nom/edit, /api/forms/5/entries: what « ? » came before, on a wiki whose server rewrites its addresses."""
    answer = old_address(request, asked="&".join(filter(None, [ancienne, query_string(request)])))
    if answer is None:
        raise Http404("Cette page n’existe pas.")
    return answer


def query_string(request) -> str:
    """The query string as it was sent; what is not percent-encoded as the text that it is."""
    return request.META.get("QUERY_STRING", "").encode("latin-1", "replace").decode("utf-8", "replace")


def old_address(request, *, script: bool = False, asked: str | None = None):
    """The answer to an address of the old site, by its query string: a file, a feed, a page; None if it is none."""
    asked = query_string(request) if asked is None else asked
    if nom := anciennes.fichier_demande(asked):
        return old_file(request, nom)
    if answer := old_list(anciennes.liste_demandee(asked)):
        return answer
    if anciennes.donnees_demandees(asked):
        said = {"erreur": "L’ancien site n’est plus là : ses données sont celles des fiches d’ici.", "accueil": "/"}
        return JsonResponse(said, status=404, json_dumps_params={"ensure_ascii": False})
    mots = anciennes.recherche_demandee(asked)
    if mots is not None:
        address = reverse("recherche")
        return HttpResponsePermanentRedirect(f"{address}?{urlencode({'q': mots})}" if mots else address)
    return old_page(request, anciennes.demandes(asked, script=script))


@require_safe
def old_file(request, nom: str):
    """/files/<name on the old site>: 301 to the same file here, if the public may have it; else as for its page.

    A name begins with that of the page of its record. /cache/<name> was a small picture made from the file.
    """
    stored = stored_name(nom)
    for name in dict.fromkeys((nom, stored, undated(stored))):
        if address := medias.find_old(name):
            return HttpResponsePermanentRedirect(address)
    identifiant = nom.partition("_")[0]
    page = anciennes.find(identifiant)
    mots = page_words(identifiant if anciennes.looks_like_a_page(identifiant) else _EXTENSION.sub("", nom))
    if page and page.est_publique:  # the file may come later
        return HttpResponseRedirect(page.entree.get_absolute_url())
    if page and page.est_disparue:
        return render(request, "410.html", {"mots": mots}, status=410)
    return not_found(request, mots)


def old_list(liste: anciennes.Liste | None):
    """301 from a feed or an export of the old site to the list of the same records, or to its file."""
    cle = liste and anciennes.type_of_form(liste.numero)
    declaration = next((declaration for declaration in registre.types() if declaration.cle == cle), None)
    if declaration is None:
        return None
    address = reverse(declaration.csv_name if liste.donnees else declaration.url_name)
    return HttpResponsePermanentRedirect(f"{address}?{urlencode({'q': liste.mots})}" if liste.mots else address)


def old_page(request, demandes):
    """The answer to an old site's address: 301, 410, or 404 with what its words find; None if it is none after all.

    At most one query, unless it is a 404.
    """
    if not demandes:
        return None
    if demandes[0].identifiant.lower() == anciennes.ACCUEIL.lower():
        return HttpResponsePermanentRedirect(reverse("home"))
    known = anciennes.find_all(demande.identifiant for demande in demandes)
    for demande in demandes:
        ancien = known.get(demande.identifiant)
        if ancien and ancien.est_publique:
            return HttpResponsePermanentRedirect(ancien.entree.get_absolute_url())
        if ancien and ancien.est_disparue:
            return render(request, "410.html", {"mots": page_words(demande.identifiant)}, status=410)
    asked = next((demande for demande in demandes if demande.sure), None)
    return asked and not_found(request, page_words(asked.identifiant))


def not_found(request, mots: str):
    """The 404 of an old address, with what its words find."""
    found = search(Entree.objects.published(), mots)[:PROPOSED] if parse(mots).wanted else []
    return render(request, "404.html", {"mots": mots, "proches": found}, status=404)


def introuvable(request, exception):
    """Every other 404: the search box holds the words of the address."""
    return render(request, "404.html", {"mots": path_words(request.path)}, status=404)


def path_words(path: str) -> str:
    """« /projets/portail-famille.html » → « portail famille »: words of an address, the names of our lists left out."""
    ours = {declaration.adresse for declaration in registre.types()}
    segments = [_EXTENSION.sub("", segment) for segment in path.split("/") if segment not in ours]
    return " ".join(filter(None, map(_words, segments)))[:WORDS_LENGTH].strip()


def page_words(identifiant: str) -> str:
    """The words that an old site's page was called by, or those of what was asked for in place of a name."""
    mots = anciennes.words(identifiant) if anciennes.is_name(identifiant) else _words(identifiant)
    return mots[:WORDS_LENGTH].strip()


def _words(text: str) -> str:
    found = _WORD.findall(text)
    return " ".join(anciennes.words(word) if anciennes.looks_like_a_page(word) else word for word in found)
