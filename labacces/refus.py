"""What no page can take, refused for all of them at one place: before it costs anything, or instead of a failure."""

import codecs
import logging

from django.conf import settings
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import DataError, NotSupportedError
from django.db.models.constants import LOOKUP_SEP
from django.http import JsonResponse, UnreadablePostError
from django.shortcuts import render

from socle.bureau.saisie import SansFichiers, comes_back
from socle.tableur.slots import TropDeClasseurs

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


# Django's own pages of refusal look for a token in the form, and fail in turn if the form is what cannot be read.
def not_understood(request, exception=None):
    """handler400: reads nothing of the request."""
    return render(None, "400.html", status=400)


def not_allowed(request, exception=None):
    """handler403: reads nothing of the request."""
    return render(None, "403.html", status=403)


class Requete(WSGIRequest):
    """A request that is made whatever encoding it says, so that RefusMiddleware can refuse it."""

    @property
    def encoding(self):
        return self._encoding

    @encoding.setter
    def encoding(self, name):  # Django's own reads the query in it, before there is anything to answer
        self._encoding = name


class Application(WSGIHandler):
    """What a server runs."""

    request_class = Requete


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
