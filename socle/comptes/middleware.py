"""Whose a session is: somebody's once it has shown all that is asked, for as long as it is used."""

import time

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from socle.comptes.second_facteur import DEBUT, VU, is_due

WRITE_EVERY = 300  # seconds between two notes that a session is used


class ConnexionMiddleware:
    """`request.user` is nobody while the second factor is due: then `request.premier_facteur` is who gave a password.

    A session ends SESSION_COOKIE_AGE after the login, whatever happens, and INACTIVITE after its last use. A visitor
    who has no session pays nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.premier_facteur = None
        request.user = SimpleLazyObject(lambda: self.user(request))
        return self.get_response(request)

    def user(self, request):
        user = get_user(request)
        if not user.is_authenticated:
            return user
        if self._is_over(request.session):
            request.session.flush()
            request._cached_user = AnonymousUser()
            return request._cached_user
        if is_due(request.session, user):
            request.premier_facteur = user
            return AnonymousUser()
        return user

    @staticmethod
    def _is_over(session) -> bool:
        now = int(time.time())
        start, seen = session.setdefault(DEBUT, now), session.setdefault(VU, now)
        if now - start > settings.SESSION_COOKIE_AGE or now - seen > settings.INACTIVITE:
            return True
        if now - seen > WRITE_EVERY:
            session[VU] = now
        return False
