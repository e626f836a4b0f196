"""Who runs the site: name, address, mission, logos, from settings and a folder. Nothing is invented."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.checks import Info, register
from django.db import DatabaseError
from django.http import FileResponse, Http404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from labacces.pages.models import Renseignements
from socle.francais.prose import linkable

LOGOS_MONTRES = 4
FORMATS = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
_RANK = re.compile(r"^\d+[ _-]+")


@dataclass(frozen=True)
class Organisme:
    """Who runs the site. `logos`: (file name, owner). Unknown values are empty."""

    nom: str
    url: str
    mission: str
    logos: tuple[tuple[str, str], ...]


def organisme() -> Organisme:
    return Organisme(settings.ORGANISME_NOM, linkable(settings.ORGANISME_URL), settings.ORGANISME_MISSION, logos())


def logos() -> tuple[tuple[str, str], ...]:
    """Files of the folder, by name; « 1 Région Bretagne.svg » is « Région Bretagne »'s."""
    folder = Path(settings.LOGOS)
    return _logos_of(folder, folder.stat().st_mtime_ns) if folder.is_dir() else ()


@lru_cache(maxsize=1)
def _logos_of(folder: Path, changed: int) -> tuple[tuple[str, str], ...]:
    """The logos, listed again only if the folder changed: each page needs them."""
    names = sorted(path.name for path in folder.iterdir() if path.suffix.lower() in FORMATS and path.is_file())
    return tuple((name, _RANK.sub("", Path(name).stem).replace("_", " ")) for name in names[:LOGOS_MONTRES])


def manquants() -> list[tuple[str, str]]:
    """(what is missing, how to give it)."""
    found = organisme()
    asked = [
        (found.nom, "Le nom de l’organisme qui porte le site", "Donnez-le dans .env : ORGANISME_NOM."),
        (found.url, "L’adresse du site de cet organisme", "Donnez-la dans .env : ORGANISME_URL."),
        (found.mission, "Une phrase sur sa mission", "Écrivez-la dans .env : ORGANISME_MISSION."),
        (found.logos, "Les logos des porteurs et des financeurs", f"Déposez-les (SVG, PNG) dans {settings.LOGOS}."),
    ]
    return [(what, how) for given, what, how in asked if not given]


def faits() -> dict[str, str]:
    """{name: known fact or ""} for texts. One query."""
    said = Renseignements.given()
    row = {field.attname: getattr(said, field.attname) for field in said._meta.fields if not field.primary_key}
    licence = said.licence_choisie
    return row | {
        "licence": f"[{licence.nom}]({licence.adresse})" if licence.cle else licence.nom,
        "nom": settings.ORGANISME_NOM,
        "mission": settings.ORGANISME_MISSION,
        "courriel": parseaddr(settings.CONTACT_EMAIL)[1],
    }


@register(deploy=True)
def who_runs_the_site(app_configs, **kwargs):
    found = [Info(f"{what} : pas encore dit.", hint=how, id="pages.I001") for what, how in manquants()]
    try:
        labels = Renseignements.given().missing()
    except DatabaseError:  # before the first migration
        labels = Renseignements().missing()
    if labels:
        where = "À dire dans l’espace de rédaction, « Renseignements de l’organisme »"
        found.append(Info(f"{where} : {', '.join(labels)}.", id="pages.I002"))
    return found


@require_safe
@cache_control(max_age=24 * 3600, public=True)
def logo(request, nom):
    """A logo of the folder; 404 for other names."""
    if nom not in {name for name, _ in logos()}:
        raise Http404
    path = Path(settings.LOGOS) / nom
    return FileResponse(path.open("rb"), content_type=FORMATS[path.suffix.lower()])
