"""ETag and 304 of public pages and files, from the change log.

A page depends on its address, the data, the day, the code and the settings. Browsers and front servers keep it, and ask
each time whether it changed: one query. Nothing keeps a page for somebody with a session, because staff see more, nor
in DEBUG, where templates change.
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
    """A digest of code and settings: the same in every process of every machine."""
    digest = hashlib.sha256()
    for place in map(Path, settings.CODE_DU_SITE):
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    ours = import_module(os.environ[ENVIRONMENT_VARIABLE])  # not those of apps: some reprs hold a memory address
    for name in sorted(filter(str.isupper, dir(ours))):
        if name != "SECRET_KEY":
            digest.update(f"{name}={getattr(settings, name)!r}".encode())
    return digest.hexdigest()


def etag(request, moment: Moment, *, by_minute: bool = False, types: tuple[str, ...] = ()) -> str:
    """The ETag of the page now. `types`: see `conditional`."""
    depends = (*types, COMMUN) if types and not any(request.GET.getlist("q")) else ()
    now = timezone.localtime()
    clock = f"{now:%Y-%m-%d %H:%M}" if by_minute else f"{now:%Y-%m-%d}"
    others = [room.depend() for room in rooms() if room.depend]
    told = repr((request.get_full_path(), clock, moment.of(*depends), release(), others))
    return quote_etag(hashlib.sha256(told.encode()).hexdigest()[:32])


def has_session(request) -> bool:
    """Whether the visitor is logged in or has begun to log in."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class SessionPriveeMiddleware:
    """Forbids to keep answers to somebody with a session, except static files. Must stand before all that answers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        known = has_session(request) or settings.SESSION_COOKIE_NAME in response.cookies
        if known and not isinstance(response, WhiteNoiseFileResponse):
            response["Cache-Control"] = "private, no-store"
        return response


def conditional(view: Callable, *, by_minute: bool = False, types: tuple[str, ...] = ()) -> Callable:
    """Wrap a view that only reads: 304 for whoever holds its present answer.

    `by_minute`: it changes with the clock. `types`: the record types it depends on (by default, all). A search of words
    depends on all, as spelling corrections do.
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
    """Fill the template now, in the same moment."""
    return response.render() if hasattr(response, "render") else response
