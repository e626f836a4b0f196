"""How the site is: /sante/ for whoever watches it. To whoever would start it again labacces/middleware.py answers.

503: no page can be answered, the database is away or not migrated. If mails, copies or tasks wait, 200: taking the site
down would not help.
"""

import hmac
import logging
import shutil
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from labacces import replique
from labacces.auxiliaire import ServeurAuxiliaire
from socle.courrier import EN_FICHIERS
from socle.courrier import etat as courrier
from socle.sauvegardes import copies
from socle.taches import schedule
from socle.taches.models import DernierPassage
from socle.taches.passage import last_runs

BON, A_SURVEILLER, EN_PANNE = "bon", "à surveiller", "en panne"
WORST_LAST = (BON, A_SURVEILLER, EN_PANNE)
COPIE = timedelta(hours=36)  # longest time between copies: one a night, tried again for some hours
DISQUE = 500_000_000  # free bytes needed

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def sante(request):
    """One word for everybody, with 503 for « en panne »; details for the operator."""
    try:
        found, full = look(), _is_operator(request)
    except Error as error:
        logger.error("La base de données ne répond pas : %s", type(error).__name__)
        found, full = {"base": {"etat": EN_PANNE}}, _has_token(request)
    etat = max((part["etat"] for part in found.values()), key=WORST_LAST.index)
    found = {"version": settings.VERSION} | found
    return JsonResponse({"etat": etat} | (found if full else {}), status=503 if etat == EN_PANNE else 200)


def _has_token(request) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    return bool(settings.SANTE_JETON) and hmac.compare_digest(given, settings.SANTE_JETON.encode())


def _is_operator(request) -> bool:
    """Does not save the session: the database may be read-only."""
    allowed = _has_token(request) or request.user.is_superuser
    request.session.modified = False
    return allowed


def look() -> dict[str, dict]:
    """{part: its state and details}. Raises Error without a database. Six queries, all reads."""
    now = timezone.now()
    late = _migrations()
    read_only = getattr(connection, "lecture_seule", False)  # the disk is full (labacces/sqlite/)
    etat = A_SURVEILLER if read_only else BON
    found = {"base": {"etat": etat, "moteur": connection.vendor, "lecture_seule": read_only}}
    found["migrations"] = {"etat": EN_PANNE if late else BON, "a_appliquer": late}
    if late:  # tables may be missing
        return found
    runs = last_runs()
    found["courriels"] = _mails(now)
    found["sauvegarde"] = _copy(now, runs.get("sauvegarde"))
    found["taches"] = _tasks(now, runs)
    found["disque"] = _disk()
    return found | {name: {"etat": BON if serveur.answers() else A_SURVEILLER} for name, serveur in _beside().items()}


def _beside() -> dict[str, ServeurAuxiliaire]:
    """Optional servers of the settings; two seconds at most for each."""
    found = {"replique": replique.SERVEUR} if replique.REPLIQUE in settings.DATABASES else {}
    return found | ({"cache": import_module("labacces.redis_borne").SERVEUR} if settings.CACHE_PARTAGE else {})


def _migrations() -> list[str]:
    """Migrations of the code that the database lacks."""
    return sorted(f"{app}.{name}" for app, name in _written() - set(MigrationRecorder(connection).applied_migrations()))


@cache
def _written() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def _mails(now: datetime) -> dict:
    found = courrier.look()
    serveur = (
        settings.EMAIL_BACKEND != EN_FICHIERS
    )  # without a server nobody gets mails, which is right for a trial site
    told = {"en_attente": found.en_attente, "retenus": found.retenus, "en_echec": found.en_echec}
    age = int((now - found.depuis).total_seconds()) if found.depuis else 0
    etat = BON if found.bon and (serveur or settings.DEBUG) else A_SURVEILLER
    return {"etat": etat, "serveur": serveur, **told, "age_secondes": age}


def _copy(now: datetime, run: DernierPassage | None) -> dict:
    """The last copy in the folder, or made by the task, maybe on another machine."""
    made = max(filter(None, (copies.latest(), run and run.reussi_le)), default=None)
    etat = BON if made and now - made < COPIE else A_SURVEILLER
    return {"etat": etat, "derniere": made}


def _tasks(now: datetime, runs: dict[str, DernierPassage]) -> dict:
    told, etat = {}, BON
    for tache in schedule.turned_on():
        run = runs.get(tache.cle)
        late = schedule.is_late(tache, now, runs)
        if late or run.etat == DernierPassage.Etat.EN_ECHEC:
            etat = A_SURVEILLER
        fields = ("etat", "debut", "fin", "reussi_le", "mots")
        told[tache.cle] = {name: getattr(run, name) for name in fields} | {"en_retard": late} if run else None
    return {"etat": etat, "passages": told}


def _disk() -> dict:
    places = [Path(settings.MEDIA_ROOT), Path(settings.SAUVEGARDES)]
    if connection.vendor == "sqlite":
        places.append(Path(connection.settings_dict["NAME"]))
    free = min(shutil.disk_usage(_standing(place)).free for place in places)
    return {"etat": BON if free > DISQUE else A_SURVEILLER, "libres_mo": free // 1_000_000}


def _standing(path: Path) -> Path:
    """The path, or its nearest existing parent."""
    return next(place for place in (path, *path.absolute().parents) if place.exists())
