"""The first page of the API, for people; for programs that ask for JSON, its lists."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from socle.catalogue.list_sets import ListSets
from socle.journal.conditional import conditional
from socle.journal.following import Moment
from socle.vues import licence
from socle.vues.api_schemas import AU_PLUS, PAR_DEFAUT
from socle.vues.origine import told_at

# (language, program that reads a whole list). Only the language itself is needed, or jsonlite, or jq.
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

# A program that updates a copy of all lists, each time it runs; docs/copies.md explains it.
COPIE = """import json
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

CHANGEMENTS = "{adresse}"
FICHIER = Path("copie.json")


def pages(adresse):
    while adresse:
        with urlopen(adresse) as reponse:
            page = json.load(reponse)
        yield page
        adresse = page["suivant"]


def suivre(copie):
    a_lire, apres = {}, f"?apres={copie['curseur']}" if copie else ""
    for page in pages(CHANGEMENTS + apres):
        for un in page["resultats"]:
            fiches = copie.setdefault(un["type"], {})
            if un["identifiant"]:
                fiches.pop(str(un["identifiant"]), "")
            else:
                fiches.clear()
        for type, liste in page["a_lire"].items():
            # De deux adresses d’une liste, celle-ci comprend l’autre.
            a_lire[type] = min(liste, a_lire.get(type, liste))
        copie["curseur"] = page["curseur"]
    for type, liste in a_lire.items():
        for page in pages(liste):
            for fiche in page["resultats"]:
                copie[type][str(fiche["identifiant"])] = fiche
    return copie


gardee = FICHIER.read_text() if FICHIER.exists() else "{}"
try:
    copie = suivre(json.loads(gardee))
except HTTPError as erreur:
    if erreur.code != 410:
        raise
    copie = suivre({})  # curseur inconnu : tout reprendre
neuf = FICHIER.with_suffix(".neuf")
neuf.write_text(json.dumps(copie))
neuf.replace(FICHIER)
"""


@dataclass(frozen=True)
class ListeDeLAPI:
    nom: str
    compte: int
    adresse: str
    facettes: str
    filtres: str
    total_en_mots: str


def presentation(declarations: list, racine: str) -> Callable:
    def page(request):
        listes = _lists(declarations)
        adresse = settings.SITE_URL + listes[0].adresse
        context = {
            "listes": listes,
            "exemples": [(nom, code.format(adresse=adresse)) for nom, code in EXEMPLES],
            "changees": _changed(declarations),
            "changements": reverse("api:changements"),
            "copie": COPIE.replace("{adresse}", told_at()).strip(),
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
        told |= {"changements": told_at()}
        return licence.linked(JsonResponse(told | {"listes": lists}))

    kept = conditional(page)

    def answer(request):
        as_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
        response = summary(request) if as_json else kept(request)
        patch_vary_headers(response, ["Accept"])
        return response

    return answer


def _changed(declarations: list) -> str:
    """The address of the records of a list that changed on its last day; "" if no day is known."""
    for one in declarations:
        dates = one.liste.filterset_class.public().filter(datee=True).order_by("-modifiee_le")
        if moment := dates.values_list("modifiee_le", flat=True).first():
            query = urlencode({"modifiee_depuis": timezone.localdate(moment)})
            return f"{reverse(f'api:{one.espace}')}?{query}"
    return ""


def _lists(declarations: list) -> list[ListeDeLAPI]:
    moment = Moment.now()
    found = []
    for one in declarations:
        sets = ListSets(one, moment)
        filterset = one.liste.filterset_class
        addresses = [reverse(f"api:{one.espace}{end}") for end in ("", "-facettes")]
        filters = ", ".join(filterset.base_filters)
        found.append(ListeDeLAPI(one.titre, len(sets.publiques), *addresses, filters, filterset.total_en_mots))
    return found
