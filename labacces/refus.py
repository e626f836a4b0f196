"""What the server runs, and what is said of a request that cannot be read (what refuses it: middleware.py)."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.shortcuts import render


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
