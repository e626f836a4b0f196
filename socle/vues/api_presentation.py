"""The first page of the API, for people; for a program that asks for JSON, the lists that there are."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from socle.catalogue.ensembles import Ensembles
from socle.memoire.conditional import conditional
from socle.memoire.held import Versions
from socle.vues import licence
from socle.vues.api_schemas import AU_PLUS, PAR_DEFAUT

# (language, a program that reads a whole list). Nothing but what comes with the language, or jsonlite and jq.
EXEMPLES = [
    (
        "Python",
        """import json
from urllib.request import urlopen

adresse = "{adresse}"
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

adresse <- "{adresse}"
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
        """curl -s '{adresse}?limite=5' |
  jq -r '.resultats[] | [.identifiant, .titre] | @tsv'""",
    ),
]


@dataclass(frozen=True)
class ListeDeLAPI:
    """A list that the API answers."""

    nom: str
    compte: int
    adresse: str
    facettes: str
    filtres: str
    total_en_mots: str


def presentation(declarations: list, racine: str) -> Callable:
    """The view of /api/v1/."""

    def page(request):
        listes = _lists(declarations)
        adresse = settings.SITE_URL + listes[0].adresse
        context = {
            "listes": listes,
            "exemples": [(nom, code.format(adresse=adresse)) for nom, code in EXEMPLES],
            "changees": _changed(declarations),
            "par_defaut": PAR_DEFAUT,
            "au_plus": AU_PLUS,
            "par_minute": settings.API_PAR_MINUTE,
            "licence": licence.chosen(),
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
        told = {"version": "1", "openapi": f"{site}/{racine}openapi.json", "licence": licence.chosen().nom or None}
        return licence.linked(JsonResponse(told | {"listes": lists}))

    kept = conditional(page)

    def answer(request):
        as_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
        response = summary(request) if as_json else kept(request)
        patch_vary_headers(response, ["Accept"])
        return response

    return answer


def _changed(declarations: list) -> str:
    """The address of the records of a list that changed on its last day or after; "" if no day is known."""
    for one in declarations:
        dates = one.liste.filterset_class.public().filter(datee=True).order_by("-modifiee_le")
        if moment := dates.values_list("modifiee_le", flat=True).first():
            query = urlencode({"modifiee_depuis": timezone.localdate(moment)})
            return f"{reverse(f'api:{one.espace}')}?{query}"
    return ""


def _lists(declarations: list) -> list[ListeDeLAPI]:
    versions = Versions.now()
    found = []
    for one in declarations:
        sets = Ensembles(one.liste.filterset_class, versions)
        filterset = one.liste.filterset_class
        addresses = [reverse(f"api:{one.espace}{end}") for end in ("", "-facettes")]
        filters = ", ".join(filterset.base_filters)
        found.append(ListeDeLAPI(one.titre, len(sets.publiques), *addresses, filters, filterset.total_en_mots))
    return found
