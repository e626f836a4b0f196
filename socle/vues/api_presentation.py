"""The first page of the API, for people; for a program that asks for JSON, the lists that there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from socle.catalogue.ensembles import Ensembles
from socle.francais.mots import entier
from socle.memoire.conditional import conditional
from socle.memoire.held import Versions
from socle.vues.api_schemas import AU_PLUS, PAR_DEFAUT

SEMAINE = timedelta(7)

# (language, a program that reads a whole list). Nothing but what comes with the language, or jsonlite and jq.
EXEMPLES = [
    (
        "Python",
        """import json
from urllib.request import urlopen

adresse = "{adresse}?q=accueil"
fiches = []
while adresse:
    with urlopen(adresse) as reponse:
        page = json.load(reponse)
    fiches += page["resultats"]
    adresse = page["suivant"]

print(len(fiches), "fiches sur", page["total"])""",
    ),
    (
        "R",
        """library(jsonlite)

adresse <- "{adresse}?q=accueil"
pages <- list()
while (!is.null(adresse)) {{
  page <- fromJSON(adresse)
  if (length(page$resultats)) pages <- c(pages, list(page$resultats))
  adresse <- page$suivant
}}

fiches <- rbind_pages(pages)""",
    ),
    (
        "Dans un terminal",
        """curl -s '{adresse}?q=accueil&limite=5' |
  jq -r '.resultats[] | [.identifiant, .titre] | @tsv'""",
    ),
]


@dataclass(frozen=True)
class ListeDeLAPI:
    """A list that the API answers. `dont`: those that only announce, « dont 22 à définir »."""

    nom: str
    compte: int
    dont: str
    adresse: str
    facettes: str
    filtres: str


def presentation(declarations: list, racine: str) -> Callable:
    """The view of /api/v1/."""

    def page(request):
        listes = _lists(declarations)
        context = {
            "listes": listes,
            "exemples": [(nom, code.format(adresse=settings.SITE_URL + listes[0].adresse)) for nom, code in EXEMPLES],
            "changees": f"{listes[-1].adresse}?{urlencode({'modifiee_depuis': timezone.localdate() - SEMAINE})}",
            "par_defaut": PAR_DEFAUT,
            "au_plus": AU_PLUS,
            "par_minute": settings.API_PAR_MINUTE,
        }
        return render(request, "vues/api.html", context)

    def summary(request):
        site = settings.SITE_URL
        lists = [
            {
                "nom": one.nom,
                "total": one.compte,
                "adresse": f"{site}{one.adresse}",
                "facettes": f"{site}{one.facettes}",
            }
            for one in _lists(declarations)
        ]
        return JsonResponse({"version": "1", "openapi": f"{site}/{racine}openapi.json", "listes": lists})

    kept = conditional(page)

    def answer(request):
        as_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
        response = summary(request) if as_json else kept(request)
        patch_vary_headers(response, ["Accept"])
        return response

    return answer


def _lists(declarations: list) -> list[ListeDeLAPI]:
    versions = Versions.now()
    found = []
    for one in declarations:
        sets = Ensembles(one.liste.filterset_class, versions)
        count, to_come = len(sets.publiques), len(sets.annonces)
        within = f"dont {entier(to_come)} {one.a_venir_en_mots}" if to_come else ""
        filters = one.liste.filterset_class.base_filters
        addresses = [reverse(f"api:{one.espace}{end}") for end in ("", "-facettes")]
        found.append(ListeDeLAPI(one.titre, count, within, *addresses, ", ".join(filters)))
    return found
