"""Requests that no page can take, refused in one place before they cost or fail. MIDDLEWARE and urls.py
name its parts.
"""

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

# A regular expression can cost anything: one took a process for half a minute. A range needs two values.
REFUSED = {"regex", "iregex", "range"}
# Errors that a value raises: too large, a NUL, a lookup that one database lacks.
ASKED = (DataError, OverflowError, NotSupportedError)
# Most digits of Content-Length: Python refuses to read thousands of them.
DIGITS = 15
# Django's message for an invalid key; the exception's class says nothing.
NO_KEY = "expected a number but got"
WORDS = 100  # of a search at the desk: each is one condition, and SQLite refuses a thousand

RETRY_AFTER, A_MOMENT = "300", "10"  # seconds: closed site, workbook

# Bytes of a post to the desk without an account, or after the session ended: texts are kept, files skipped (0.04 s for
# 100 MB). Forms that can show the texts again may send more.
SANS_COMPTE = 10_000_000

logger = logging.getLogger(__name__)


# Django's refusal pages look for a token in the form, which may be unreadable.
def not_understood(request, exception=None):
    """handler400. Reads nothing of the request."""
    return render(None, "400.html", status=400)


def not_allowed(request, exception=None):
    """handler403. Reads nothing of the request."""
    return render(None, "403.html", status=403)


class Requete(WSGIRequest):
    """A request that accepts any encoding, so that RefusMiddleware can refuse it."""

    @property
    def encoding(self):
        return self._encoding

    @encoding.setter
    def encoding(self, name):  # Django's reads the query here, too early to answer
        self._encoding = name


class Application(WSGIHandler):
    request_class = Requete


class FermetureMiddleware:
    """503 with the maintenance page while settings.MAINTENANCE exists (`touch var/maintenance`).

    /sante/vivant/ gets 200 while this process answers, for any host, closed or not. Must stand after static files,
    which the page needs, and before databases and sessions.
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
    """413 for a heavy body, unread. 400 for what no query can hold, for regular expressions at the desk, for encodings
    other than UTF-8.

    Must stand before CsrfViewMiddleware, the first to read a form. Without Content-Length, a body is empty, as in
    Django.
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
        if isinstance(exception, UnreadablePostError):  # the sender went away
            return not_understood(request)
        if isinstance(exception, TropDeClasseurs):
            response = render(None, "classeurs.html", status=503)
            response["Retry-After"] = A_MOMENT
            response["Cache-Control"] = "no-store"
            return response


def _is_of_the_question(exception) -> bool:
    """Whether the asked value is the cause: a NUL, 10^20, « ² » as a key."""
    return isinstance(exception, ASKED) or NO_KEY in str(exception)
