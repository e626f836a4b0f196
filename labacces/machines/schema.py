"""schema.org data in heads of pages: the site, a list as a dataset, a record as its type declares it.

A record's frame is common: lasting address, page with dates, licence, themes. No query: only what the page shows.
"""

import json
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from fiches import registre
from fiches.models import Fiche
from labacces.pages.operateur import organisme
from labacces.recherche import SITE
from socle.vues import licence
from socle.vues.toutes import vues
from socle.vues.vue import Vue, address_of

CONTEXTE = "https://schema.org"
DESCRIPTION = "Base de connaissances bretonne sur l’accès aux droits et l’inclusion numérique."
LIEU = {"@type": "Place", "name": "Bretagne", "address": {"@type": "PostalAddress", "addressCountry": "FR"}}

# As Django's json_script, so that no text ends the script; U+2028 and U+2029 end lines in scripts.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def script(data: dict) -> SafeString:
    """Data for the head of a page. Browsers do not execute it, so security policies allow it."""
    text = json.dumps(said(data), ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


def said(data):
    """The data without None, "", {} and []."""
    if isinstance(data, dict):
        filled = {key: said(value) for key, value in data.items()}
        return {key: value for key, value in filled.items() if value not in (None, "", {}, [])}
    return [said(value) for value in data] if isinstance(data, list) else data


def full(path: str) -> str:
    return settings.SITE_URL + path


def moment(when: datetime | None) -> str:
    """A moment in the site's time zone, with its offset."""
    return timezone.localtime(when).isoformat(timespec="seconds") if when else ""


def porteur() -> dict:
    """Who runs the site, or the site itself."""
    known = organisme()
    return {
        "@type": "Organization",
        "@id": full("/#organisme"),
        "name": known.nom or "LabAccès",
        "url": known.url or full("/"),
        "description": known.mission,
        "logo": [full(reverse("pages:logo", args=[nom])) for nom, _ in known.logos][:1],
    }


def site() -> dict:
    recherche = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": full(SITE.lien) + "?q={search_term_string}"},
        "query-input": "required name=search_term_string",
    }
    return {
        "@context": CONTEXTE,
        "@type": "WebSite",
        "@id": full("/#site"),
        "name": "LabAccès",
        "url": full("/"),
        "description": DESCRIPTION,
        "inLanguage": "fr",
        "publisher": porteur(),
        "potentialAction": recherche,
    }


def terms() -> str:
    """The licence's address, or the page that says there is none."""
    return licence.chosen().adresse or full(address_of("pages:mentions-legales"))


def description(declaration: registre.TypeDeFiche) -> str:
    """What a list holds, for readers of a catalogue: fifty characters at least."""
    return (
        f"{declaration.accroche} Liste des {declaration.nom_pluriel} que publie LabAccès, base de connaissances "
        "bretonne sur l’accès aux droits et l’inclusion numérique ; tenue à jour. "
        f"{declaration.liste.filterset_class.total_en_mots}"
    ).strip()


def jeu(declaration: registre.TypeDeFiche) -> str:
    """The identifier of a list's data."""
    return full(f"{declaration.lien}#donnees")


def fichiers(declaration: registre.TypeDeFiche) -> list[tuple[Vue, str, str]]:
    """(view, « csv », full address) of each file."""
    files = [vue for vue in vues(declaration.liste) if vue.type_mime]
    return [(vue, vue.chemin.rpartition(".")[2], full(vue.adresse(declaration))) for vue in files]


def liste(declaration: registre.TypeDeFiche) -> dict:
    """A whole list with its files."""
    return {
        "@context": CONTEXTE,
        "@type": "Dataset",
        "@id": jeu(declaration),
        "name": f"{declaration.titre} (LabAccès)",
        "description": description(declaration),
        "url": full(declaration.lien),
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "license": terms(),
        "creator": porteur(),
        "spatialCoverage": LIEU,
        "includedInDataCatalog": {"@type": "DataCatalog", "name": "LabAccès", "url": full("/catalogue.jsonld")},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"{declaration.titre}, {forme.upper()}",
                "encodingFormat": vue.type_mime,
                "contentUrl": address,
            }
            for vue, forme, address in fichiers(declaration)
        ],
    }


def fiche(fiche: Fiche, declaration: registre.TypeDeFiche) -> dict:
    """The data of the record's type, in the common frame."""
    narrowed = "theme" in declaration.liste.filterset_class.base_filters
    themed = full(f"{declaration.lien}?theme=") if narrowed else ""
    page = {
        "@type": "WebPage",
        "@id": full(fiche.get_absolute_url()),
        "inLanguage": "fr",
        "isPartOf": {"@type": "WebSite", "@id": full("/#site"), "name": "LabAccès", "url": full("/")},
        "license": terms(),
        "datePublished": moment(fiche.publiee_le if fiche.datee else None),
        "dateModified": moment(fiche.modifiee_le if fiche.datee else None),
        "about": [
            {"@type": "Thing", "name": theme.nom, "url": themed and f"{themed}{theme.slug}"}
            for theme in fiche.themes.all()
        ],
    }
    common = {
        "@context": CONTEXTE,
        "@id": full(fiche.adresse_permanente),
        "name": fiche.titre_affiche,
        "url": full(fiche.get_absolute_url()),
        "description": fiche.fait_affiche,
        "mainEntityOfPage": page,
    }
    return common | declaration.schema(fiche)
