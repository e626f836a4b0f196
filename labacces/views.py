"""The home page, and answers where there is no page."""

from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Subquery
from django.http import UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.views.csrf import csrf_failure

from fiches import registre
from fiches.models import Fiche
from fiches.suivi.departs import left_at
from fiches.views import gone, was_deleted
from labacces.recherche import examples
from socle.annuaire.models import Entree
from socle.bureau import saisie
from socle.comptes.views import ask_again, give_back
from socle.francais.wording import address_words, without_extension
from socle.journal.cache import cached
from socle.vues.dessin import empty

ANCIENNE = (
    "Ce formulaire avait été ouvert avant votre dernière connexion, ou votre navigateur refuse le petit fichier "
    "(cookie) qui le protège : rien n’a été enregistré."
)


@dataclass(frozen=True)
class Carton:
    """A record at home: why it is there, how many its type has, whether it is to come."""

    type: registre.TypeDeFiche
    mots: str
    fiche: Fiche
    lieu: str
    compte: int
    a_suivre: bool


def home(request):
    """Search and map, a door for each type with its count, a record of each.

    Cached until data change, and for a minute at most: a coming event becomes a past one.
    """
    minute = timezone.now().replace(second=0, microsecond=0)
    return render(request, "home.html", cached("accueil", what_home_says, clock=minute))


def what_home_says() -> dict:
    counts = registre.counts()
    types = [declaration for declaration in registre.types() if declaration.cle in counts]
    last = {declaration.cle: latest(declaration) for declaration in types}
    shown = cartons([(one, counts[one.cle], last[one.cle]) for one in types if not one.accueil])
    return {
        "portes": [(declaration, counts.get(declaration.cle, 0)) for declaration in registre.types()],
        "parties": [_parts(*declaration.accueil()) for declaration in types if declaration.accueil],
        "a_suivre": [carton for carton in shown if carton.a_suivre],
        "a_lire": [carton for carton in shown if not carton.a_suivre],
        "carte_vide": empty(),
        "derniere": max((one.modifiee_le for one in last.values() if one.datee), default=None),
        "exemples": examples(),
    }


def _parts(gabarit: str, contexte: dict) -> dict[str, SafeString]:
    """{part of the home page: what a type shows}. As text: a map of France took most of the time."""
    return {
        partie: render_to_string(gabarit, {"partie": partie, "contexte": contexte})
        for partie in ("carte", "suite", "chiffres")
    }


def latest(declaration: registre.TypeDeFiche) -> Fiche:
    """The type's last changed record; it must have one. One query."""
    last = Entree.objects.published().filter(type=declaration.cle).order_by("-datee", "-modifiee_le", "-pk")
    return declaration.model.objects.get(pk=Subquery(last.values("pk")[:1]))


def cartons(held: list[tuple[registre.TypeDeFiche, int, Fiche]]) -> list[Carton]:
    """One record of each type: the type's choice, or the last changed."""
    found = []
    for declaration, count, last in held:
        chosen = declaration.nouvelle and declaration.nouvelle()
        mots, fiche, a_suivre = chosen or registre.EnVue(capfirst(declaration.nom), last)
        lieu = last.lieu_affiche if chosen is None else ""  # the type's words say more than the place
        found.append(Carton(declaration, mots, fiche, lieu, count, a_suivre))
    return found


def refused_form(request, reason=""):
    """CSRF_FAILURE_VIEW. What was typed at the desk comes back only to whoever got the form.

    The form's mark proves it: no other site knows it. A post that the browser calls another site's is refused.
    """
    foreign = request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    try:
        typed = None if foreign else saisie.of(request)
    except UnreadablePostError:  # the sender went away
        typed = None
    if typed is None:
        return csrf_failure(request, reason)
    if admin.site.has_permission(request):
        return give_back(request, typed, ANCIENNE, status=403)
    return ask_again(request, typed, status=403)


def introuvable(request, exception):
    """Every other 404: the search box holds the words of the address. 410 if a record of a type that is gone had it."""
    if (entree := left_at(request.path)) and was_deleted(entree):
        return gone(request, entree.slug)
    return render(request, "404.html", {"mots": path_words(request.path)}, status=404)


def path_words(path: str) -> str:
    """« /projets/portail-famille.html » → « portail famille », without names of our lists."""
    ours = {declaration.adresse for declaration in registre.types()}
    return address_words(" ".join(without_extension(part) for part in path.split("/") if part not in ours))
