"""What all answers of the API share: errors as JSON in French, and a limit of requests.

Errors are « problem details » (RFC 9457), whatever raised them: nothing under /api/ answers with an error page.
"""

import hashlib
import hmac
import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from threading import Lock
from time import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import is_valid_path
from ninja import Field, Schema

from socle.vie_privee.empreintes import reseau

RACINE = "/api/"
PROBLEME = "application/problem+json"
OF_THE_BODY = ("Content-Type", "Content-Length")
MINUTE = 60  # seconds
UNCHANGED = 0.1  # requests that a 304 counts for
TENTHS = 10  # a cache adds integers only

TITRES = {
    400: "Demande mal formée",
    403: "Accès refusé",
    404: "Introuvable",
    405: "Méthode refusée",
    410: "Supprimée",
    429: "Trop de demandes",
    500: "Panne du site",
    503: "Site fermé un moment",
}
DETAILS = {
    400: "La demande ne peut pas être lue.",
    404: "Rien ne se trouve à cette adresse. Celles de l’API sont décrites par /api/v1/.",
    405: "L’API se lit seulement : GET, HEAD ou OPTIONS.",
    500: "Le site n’a pas pu répondre. L’équipe en est prévenue ; essayez de nouveau plus tard.",
    503: "Le site revient bientôt : essayez de nouveau après le temps que dit Retry-After.",
}


class ParametreRefuse(Schema):
    """A parameter that could not be read."""

    model_config = {"json_schema_extra": {"description": "Un paramètre qui n’a pas été compris."}}
    nom: str = Field(description="Le paramètre, « … » si son nom est trop long.")
    message: str = Field(description="Ce qui ne va pas, en français.")


class Probleme(Schema):
    """Why a request was not answered (RFC 9457)."""

    model_config = {"json_schema_extra": {"description": "Pourquoi la demande n’a pas abouti (RFC 9457)."}}
    type: str = Field(description="Toujours « about:blank » : le statut dit le genre du problème.")
    title: str = Field(description="Le problème, en quelques mots.")
    status: int = Field(description="Le statut HTTP.")
    detail: str = Field(description="Ce qu’il en est, en une phrase.")
    parametres: list[ParametreRefuse] = Field([], description="Pour 400 : ce qui n’a pas été compris.")


def probleme(
    status: int, detail: str = "", refuses: Iterable[tuple[str, str]] = (), *, titre: str = "", **headers
) -> HttpResponse:
    """An error. `refuses`: (parameter, message) of what could not be read."""
    says = {"type": "about:blank", "title": titre or TITRES.get(status, "Erreur"), "status": status}
    says["detail"] = detail or DETAILS.get(status, "La demande n’a pas abouti.")
    if refuses:
        says["parametres"] = [{"nom": nom, "message": message} for nom, message in refuses]
    return HttpResponse(json.dumps(says, ensure_ascii=False), status=status, content_type=PROBLEME, headers=headers)


class ApiMiddleware:
    """Turns error pages under /api/ into problems. A final slash leads to the address without it.

    It stands first: refusals of other middleware (a wrong host, a closed site) become problems too.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not request.path_info.startswith(RACINE):
            return response
        bare = request.path_info.removesuffix("/")
        if response.status_code == 404 and request.path_info != bare and is_valid_path(bare):
            query = request.META.get("QUERY_STRING", "")
            response = HttpResponsePermanentRedirect(request.path.removesuffix("/") + (f"?{query}" if query else ""))
        # Other addresses under /api/ were those of an old site: its JSON answers stay.
        theirs = "json" in response.get("Content-Type", "") and not request.path_info.startswith(f"{RACINE}v1/")
        if response.status_code >= 400 and response.get("Content-Type") != PROBLEME and not theirs:
            headers = {name: value for name, value in response.items() if name not in OF_THE_BODY}
            response = probleme(response.status_code, **headers)
        return response


class Limite:
    """Requests of each network in the present minute: in this process, or in all with CACHE_PARTAGE.

    A request writes nothing in the database. Without a shared cache, or if it fails, each process counts for itself:
    several processes then allow several times the limit, never less. No address is kept, only a digest with a key of
    that minute.
    """

    def __init__(self):
        self.lock = Lock()
        self.minute, self.key, self.asked = 0, b"", Counter()

    def _of(self, request) -> bytes:
        """Who asks, in the present minute. Call it under the lock."""
        minute = int(time() // MINUTE)
        if minute != self.minute:
            self.minute, self.key, self.asked = minute, secrets.token_bytes(32), Counter()
        return hashlib.blake2b(reseau(request).encode("utf-8", "replace"), key=self.key, digest_size=16).digest()

    @staticmethod
    def _shared(request) -> str:
        """Who asks, in the present minute, by a name that all processes share."""
        told = f"{int(time() // MINUTE)} {reseau(request)}".encode("utf-8", "replace")
        return f"api-{hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()}"

    def is_reached(self, request) -> bool:
        if settings.CACHE_PARTAGE:
            with suppress(Exception):  # of a cache server: the process counts
                return cache.get(self._shared(request), 0) >= settings.API_PAR_MINUTE * TENTHS
        with self.lock:
            who = self._of(request)  # first: it begins the minute
            return self.asked[who] >= settings.API_PAR_MINUTE

    def count(self, request, weight: float) -> None:
        if settings.CACHE_PARTAGE:
            with suppress(Exception):
                key = self._shared(request)
                cache.add(key, 0, 2 * MINUTE)
                cache.incr(key, round(weight * TENTHS))
                return
        with self.lock:
            who = self._of(request)
            self.asked[who] += weight

    def wait(self) -> int:
        return MINUTE - int(time() % MINUTE)


_limite = Limite()


def limited(view: Callable) -> Callable:
    """`view`, refused to networks over the limit."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if _limite.is_reached(request):
            return _refused(_limite.wait())
        response = view(request, *args, **kwargs)
        _limite.count(request, UNCHANGED if response.status_code == 304 else 1)
        return response

    return answer


def _refused(seconds: int) -> HttpResponse:
    asked = f"{settings.API_PAR_MINUTE} demandes par minute"
    detail = f"Votre réseau a dépassé {asked} : attendez {seconds} s. Pour toute une liste, prenez plutôt son fichier."
    return probleme(429, detail, **{"Retry-After": str(seconds), "Cache-Control": "no-store"})
