"""What the server runs, and what is said of a request that cannot be read (what refuses it: middleware.py)."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.shortcuts import render


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
