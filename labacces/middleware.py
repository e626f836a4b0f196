"""What every request goes through, in the order of the settings: its name in the log, how long a reader waits, what
other sites may read, a closed site, what no page can take.
"""

import codecs
import logging
import re
import uuid

from django.conf import settings
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.signals import request_finished
from django.db import DataError, NotSupportedError
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render

from labacces.postgresql.base import LECTURE
from labacces.refus import not_understood
from labacces.site_log import REQUETE
from socle.bureau.saisie import SansFichiers, comes_back
from socle.courrier.texte import JETON
from socle.journal.conditional import has_session
from socle.tableur.slots import TropDeClasseurs

GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")

READ = ("GET", "HEAD", "OPTIONS")
DESK = "/admin/"
API = "/api/"
SHOWN = "Content-Disposition, Content-Range, ETag, Link, Retry-After"  # headers that a page of another site may read
DAY = "86400"  # seconds

# Whoever writes a regular expression chooses what it costs: one question occupied a process for half a minute. A range
# asks for two values, an address gives one.
REFUSED = {"regex", "iregex", "range"}
# What databases and their drivers raise of a value alone: too large, a NUL, a lookup that one of them lacks.
ASKED = (DataError, OverflowError, NotSupportedError)
# Digits of the heaviest body that may be said: Python refuses to read a number of thousands of them.
DIGITS = 15
# What Django says of a key that is none, by an exception that may say anything else.
NO_KEY = "expected a number but got"
WORDS = 100  # that a search of the desk may have: each is a condition more, and SQLite takes no thousand of them

RETRY_AFTER, A_MOMENT = "300", "10"  # seconds, of a closed site and of a workbook

# Bytes of a post to the desk whose sender is nobody, or no longer: files of it are not kept, its texts are. A form that
# can show these again may bring more: to skip files costs 0.04 s for 100 MB.
SANS_COMPTE = 10_000_000

logger = logging.getLogger(__name__)


# Each request


class RequeteMiddleware:
    """Gives each request a name, which stands in its lines of the log and in the header X-Request-ID of its answer.

    The proxy's own name is taken if there is one that settings trust. It stands first.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "") if settings.TRUST_PROXY else ""
        name = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        request.nom = name  # for what is logged of it once it is answered
        token = REQUETE.set(name)
        try:
            response = self.get_response(request)
        finally:
            REQUETE.reset(token)
        response["X-Request-ID"] = name
        return response


class LectureMiddleware:
    """Says whether a request only reads. It holds until the last block of its answer has left."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        LECTURE.set(request.method in READ and not request.path_info.startswith(DESK))
        return self.get_response(request)


def _end(**kwargs):
    LECTURE.set(False)


request_finished.connect(_end, dispatch_uid="lecture")


# Other sites and programs


class PartageMiddleware:
    """Lets pages of other sites read public files; answers 204 to OPTIONS, and 405 to a method that an address refuses.

    The address of a file ends without a slash, or is of the API; that of a page, which people read, ends with one.
    Nothing is open at the desk, behind a secret link, or of an answer to whoever has a session. It stands before all
    that refuses, so that a program can read a refusal too, and before the token of forms is asked for.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if is_desk(request.path_info):
            return response
        if response.status_code == 405 and (response.streaming or not response.content):  # which says what it takes
            taken = [*dict.fromkeys([*response["Allow"].split(", "), "OPTIONS"])]
            response = refused(taken, response) if request.method != "OPTIONS" else told(taken)
        if is_file(request.path_info) and not (has_session(request) or response.cookies or _is_private(response)):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = SHOWN
            if request.method == "OPTIONS" and response.status_code == 204:
                response["Access-Control-Allow-Methods"] = response["Allow"]
                response["Access-Control-Allow-Headers"] = "*"
                response["Access-Control-Max-Age"] = DAY
        return response

    def process_view(self, request, view, args, kwargs):
        if is_desk(request.path_info):
            return None
        taken = methods(view)
        if request.method == "OPTIONS":
            return told(taken)
        return None if request.method in taken else refused(taken)


def is_desk(path: str) -> bool:
    return f"{path}/".startswith(DESK)


def is_file(path: str) -> bool:
    """Whether a public file, or an answer of the API, stands at an address."""
    return not (is_desk(path) or JETON.search(path)) and (path.startswith(API) or not path.endswith("/"))


def methods(view) -> tuple[str, ...]:
    """Those that a view answers: a function that is of no class only reads."""
    page = getattr(view, "view_class", None)
    found = {name.upper() for name in page.http_method_names if hasattr(page, name)} if page else set(READ)
    return tuple(sorted(found | {"HEAD"} if "GET" in found else found))


def told(taken) -> HttpResponse:
    return HttpResponse(status=204, headers={"Allow": ", ".join(taken)})


def refused(taken, response: HttpResponse | None = None) -> HttpResponse:
    """405, in a sentence."""
    words = f"Cette adresse ne répond qu’à {', '.join(taken[:-1])} et {taken[-1]}.\n"
    response = HttpResponse(status=405) if response is None or response.streaming else response
    response["Allow"], response["Content-Type"] = ", ".join(taken), "text/plain; charset=utf-8"
    response.content = words
    return response


def _is_private(response) -> bool:
    return "private" in response.get("Cache-Control", "")


# What is refused


class FermetureMiddleware:
    """503 with the maintenance page while settings.MAINTENANCE exists (`touch var/maintenance`); and 200 to
    /sante/vivant/ as long as this process answers, whatever host is asked: a closed site lives.

    It stands after the static files, which the page needs, and before all that reads a database or a session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info == "/sante/vivant/":
            return JsonResponse({"etat": "vivant"}, headers={"Cache-Control": "no-store"})
        if settings.MAINTENANCE.exists():
            response = render(None, "503.html", status=503)
            response["Retry-After"] = RETRY_AFTER
            return response
        return self.get_response(request)


class RefusMiddleware:
    """413 for a body too heavy, unread; 400 for a regular expression at the desk, for what no query can hold, and for
    words in another encoding than UTF-8, which codecs that are none of text fail to read.

    It stands before CsrfViewMiddleware, which is the first to read a form. A body without a length is none: Django
    reads as much as Content-Length says.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdecimal() and len(length) <= DIGITS):
            raise BadRequest("Content-Length is no number of bytes")
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("Not in UTF-8")
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        desk = "admin" in request.resolver_match.app_names
        weight = int(request.META.get("CONTENT_LENGTH") or 0)
        page = getattr(view, "view_class", view)
        limit = getattr(page, "envoi", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        if desk and request.content_type == "multipart/form-data" and not request.user.is_staff:
            request.upload_handlers = [SansFichiers(request)]
            limit = settings.ENVOI_DU_BUREAU if comes_back(request) else SANS_COMPTE
        if weight > limit and not (desk and weight <= settings.ENVOI_DU_BUREAU and request.user.is_staff):
            return render(None, "413.html", status=413)
        if desk and any(len(request.GET.get(name, "").split()) > WORDS for name in ("q", "term")):
            raise SuspiciousOperation("Too many words")
        if desk and any(not REFUSED.isdisjoint(name.split(LOOKUP_SEP)) for name in request.GET):
            raise DisallowedModelAdminLookup("Filtering by a regular expression or a range not allowed")

    def process_exception(self, request, exception):
        if _is_of_the_question(exception):
            logger.warning("Refused, no query can hold it: %s", request.path, exc_info=exception)
            return not_understood(request)
        if isinstance(exception, UnreadablePostError):  # whoever sent it went away
            return not_understood(request)
        if isinstance(exception, TropDeClasseurs):
            response = render(None, "classeurs.html", status=503)
            response["Retry-After"] = A_MOMENT
            response["Cache-Control"] = "no-store"
            return response


def _is_of_the_question(exception) -> bool:
    """Whether what was asked is the fault: a NUL, 10^20, « ² » for a key."""
    return isinstance(exception, ASKED) or NO_KEY in str(exception)
