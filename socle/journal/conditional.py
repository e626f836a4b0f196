"""ETag and 304 of public pages and files, from the change log.

A page depends on its address, on the data, on the day, and on the code and settings that run. It asks to be kept by
browsers and front servers, and asked for again each time: the answer to that costs a query. Pages show staff more:
nothing keeps what whoever has a session is answered. Nor is a page kept in DEBUG, where templates change as one writes
them.
"""

import hashlib
import os
from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from pathlib import Path

from django.conf import ENVIRONMENT_VARIABLE, settings
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from whitenoise.middleware import WhiteNoiseFileResponse

from socle.journal.following import COMMUN, Moment, at_one_moment
from socle.rooms import rooms


@cache
def release() -> str:
    """What the code and the settings that run are at: the same in every process of every machine."""
    digest = hashlib.sha256()
    for place in map(Path, settings.CODE_DU_SITE):
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    ours = import_module(os.environ[ENVIRONMENT_VARIABLE])  # apps add theirs: the repr of one is its place in memory
    for name in sorted(filter(str.isupper, dir(ours))):
        if name != "SECRET_KEY":
            digest.update(f"{name}={getattr(settings, name)!r}".encode())
    return digest.hexdigest()


def etag(request, moment: Moment, *, by_minute: bool = False, types: tuple[str, ...] = ()) -> str:
    """The ETag of what an address answers now. `types`: see `conditional`."""
    depends = (*types, COMMUN) if types and not any(request.GET.getlist("q")) else ()
    now = timezone.localtime()
    clock = f"{now:%Y-%m-%d %H:%M}" if by_minute else f"{now:%Y-%m-%d}"
    others = [room.depend() for room in rooms() if room.depend]
    told = repr((request.get_full_path(), clock, moment.of(*depends), release(), others))
    return quote_etag(hashlib.sha256(told.encode()).hexdigest()[:32])


def has_session(request) -> bool:
    """Whether who asks has begun to log in, or has: a reader has no session."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class SessionPriveeMiddleware:
    """Has every answer to whoever has a session be kept by nothing: pages, files, redirects and refusals.

    Static files alone are everybody's. It stands before all that answers.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        known = has_session(request) or settings.SESSION_COOKIE_NAME in response.cookies
        if known and not isinstance(response, WhiteNoiseFileResponse):
            response["Cache-Control"] = "private, no-store"
        return response


def conditional(view: Callable, *, by_minute: bool = False, types: tuple[str, ...] = ()) -> Callable:
    """`view`, which writes nothing, answering 304 to whoever holds what it would answer.

    `by_minute`: what it answers changes with the clock. `types`: it says something of records of these types alone,
    unless words are searched, whose mending depends on all; without any, of all records.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        with at_one_moment() as moment:
            if settings.DEBUG or has_session(request):
                return _written(view(request, *args, **kwargs))
            tag = etag(request, moment, by_minute=by_minute, types=types)
            response = get_conditional_response(request, etag=tag) or _written(view(request, *args, **kwargs))
        if response.status_code in (200, 304):
            response.headers.setdefault("ETag", tag)
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
            patch_vary_headers(response, ["Cookie"])
        return response

    return answer


def _written(response):
    """A response of which the template is not filled later, at another moment."""
    return response.render() if hasattr(response, "render") else response
