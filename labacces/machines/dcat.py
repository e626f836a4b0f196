"""The data catalogue in DCAT-AP, for portals: /catalogue.jsonld, .ttl and .rdf.

data.gouv.fr reads any of them (https://doc.data.gouv.fr/moissonnage/dcat/). A list is a dataset, each file a
distribution. Unknown facts (licence, operator) are left out.
"""

import json
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fiches import registre
from fiches.choice_lists import Theme
from labacces.machines.schema import DESCRIPTION, description, fichiers, full, jeu, said
from labacces.pages.operateur import organisme
from socle.annuaire.models import Entree
from socle.catalogue.list_sets import ListSets
from socle.francais.texte import fold
from socle.journal.cache import cached
from socle.territoires.models import Region
from socle.vues import licence
from socle.vues.vue import Vue, address_of

# {suffix: (MIME type, rdflib's format)}; JSON-LD is ours.
FORMES = {
    "jsonld": ("application/ld+json", ""),
    "ttl": ("text/turtle; charset=utf-8", "turtle"),
    "rdf": ("application/rdf+xml; charset=utf-8", "pretty-xml"),
}
CONTEXTE = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
EUROPE = "http://publications.europa.eu/resource/authority"
TYPES_DE_FICHIER = {"csv", "geojson", "ics", "json", "ods", "xlsx"}  # those in the Union's list
# Key words of every list.
MOTS = ["accès aux droits", "inclusion numérique", "Bretagne"]
THEMES = 10  # most themes among the key words of a list


@require_safe
def catalogue(request, nom: str):
    """The catalogue in one format, cached until data change."""
    mime, forme = FORMES[nom]
    return HttpResponse(cached(("catalogue", nom), lambda: _written(forme)), content_type=mime)


def _written(forme: str) -> str:
    told = said(catalog())
    if not forme:
        return json.dumps(told, ensure_ascii=False, indent=1)
    from rdflib import Graph  # 20 MB and 0.1 s, only in processes that need it
    from rdflib.plugins.parsers.jsonld import to_rdf

    graph = Graph()
    to_rdf(told, graph)
    return graph.serialize(format=forme)


def fr(text: str) -> dict:
    return {"@language": "fr", "@value": text}


def day(moment: datetime | None) -> dict:
    return {"@type": "xsd:date", "@value": f"{timezone.localdate(moment)}"} if moment else {}


def catalog() -> dict:
    """The catalogue as JSON-LD, with its context inside: nothing has to be fetched."""
    dated = Entree.objects.published().filter(datee=True).order_by().values_list("type")
    changed = dict(dated.annotate(Max("modifiee_le")))
    terms = _licence()
    common = {"dct:publisher": _publisher(), "dct:spatial": _region(), **terms}
    contact = {
        "@type": "vcard:Kind",
        "vcard:fn": "LabAccès",
        "vcard:hasURL": {"@id": full(reverse("contacter:equipe"))},
    }
    datasets = []
    for one in registre.types():
        files = [_distribution(one, *file) | terms for file in fichiers(one)]
        told = {"dct:modified": day(changed.get(one.cle)), "dcat:distribution": files, "dcat:contactPoint": contact}
        datasets.append(_dataset(one) | common | told)
    return {
        "@context": CONTEXTE,
        "@id": full("/catalogue"),
        "@type": "dcat:Catalog",
        "dct:title": fr("LabAccès"),
        "dct:description": fr(DESCRIPTION),
        "dct:language": {"@id": f"{EUROPE}/language/FRA", "@type": "dct:LinguisticSystem"},
        "dct:modified": day(max(changed.values(), default=None)),
        "foaf:homepage": {"@id": full("/"), "@type": "foaf:Document"},
        **common,
        "dcat:dataset": datasets,
    }


def _publisher() -> dict:
    known = organisme()
    page = {"@id": known.url, "@type": "foaf:Document"} if known.url else {}
    named = {"foaf:name": known.nom or "LabAccès", "foaf:homepage": page}
    return {"@id": full("/#organisme"), "@type": "foaf:Agent"} | named


def _region() -> dict:
    """The site's region, with Insee's identifier."""
    nom = Region.objects.filter(pk=settings.REGION).values_list("nom", flat=True).first()
    return {
        "@id": f"http://id.insee.fr/geo/region/{settings.REGION}",
        "@type": "dct:Location",
        "rdfs:label": fr(nom or "Bretagne"),
    }


def _licence() -> dict:
    chosen = licence.chosen()
    if chosen.cle:
        return {"dct:license": {"@id": chosen.adresse, "@type": "dct:LicenseDocument", "rdfs:label": fr(chosen.nom)}}
    words = fr(chosen.nom or "Voir cette page.")
    page = full(address_of("pages:mentions-legales"))
    return {"dct:rights": {"@id": page, "@type": "dct:RightsStatement", "rdfs:label": words}}


def _dataset(declaration: registre.TypeDeFiche) -> dict:
    return {
        "@id": jeu(declaration),
        "@type": "dcat:Dataset",
        "dct:identifier": jeu(declaration),
        "dct:title": fr(f"{declaration.titre} (LabAccès)"),
        "dct:description": fr(description(declaration)),
        "dcat:keyword": [fr(word) for word in {fold(word): word for word in (*_themes(declaration), *MOTS)}.values()],
        "dcat:theme": {
            "@id": f"{EUROPE}/data-theme/SOCI",
            "@type": "skos:Concept",
            "skos:prefLabel": fr("Population et société"),
        },
        "dct:accrualPeriodicity": {"@id": f"{EUROPE}/frequency/IRREG", "@type": "dct:Frequency"},
        "dcat:landingPage": {"@id": full(declaration.lien), "@type": "foaf:Document"},
    }


def _themes(declaration: registre.TypeDeFiche) -> list[str]:
    """Names of the themes that most of its records have."""
    held = ListSets(declaration).valeurs("theme")
    most = sorted(held, key=lambda slug: (-len(held[slug]), slug))[:THEMES]
    noms = dict(Theme.objects.filter(slug__in=most).values_list("slug", "nom")) if most else {}
    return [noms[slug] for slug in most if slug in noms]


def _distribution(declaration: registre.TypeDeFiche, vue: Vue, forme: str, address: str) -> dict:
    known = {"@id": f"{EUROPE}/file-type/{forme.upper()}", "@type": "dct:MediaTypeOrExtent"}
    return {
        "@id": f"{jeu(declaration)}-{vue.cle}",
        "@type": "dcat:Distribution",
        "dct:title": fr(f"{declaration.titre}, {forme.upper()}"),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{vue.type_mime}",
            "@type": "dct:MediaType",
        },
        "dct:format": known if forme in TYPES_DE_FICHIER else {},
        "dct:conformsTo": {"@id": vue.conforme, "@type": "dct:Standard"} if vue.conforme else {},
    }
