"""Sessions: one counts once the second factor is shown, and ends after a time without use."""

import time

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from socle.comptes.second_facteur import DEBUT, VU, is_due

WRITE_EVERY = 300  # seconds between two writes of the last use


class ConnexionMiddleware:
    """Sets `request.user`: anonymous while the second factor is due.

    Until then `request.premier_facteur` is the account whose password was given. A session ends SESSION_COOKIE_AGE
    after its login, and INACTIVITE after its last use. A request without a session costs nothing.
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
