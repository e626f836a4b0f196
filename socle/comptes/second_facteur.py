"""The second factor: a code of an application, or one of ten recovery codes. Devices are those of django-otp.

A session keeps its progress under CLE, and has no user until it has shown all that is asked (middleware.py).
"""

import time

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

CLE, DEBUT, VU = "second_facteur", "debut", "vu"
ATTENDU, FAIT, PROPOSE = "attendu", "fait", "propose"
CODES = 10


def device(user) -> TOTPDevice | None:
    """The application that the user has set up, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def is_due(session, user) -> bool:
    state = session.get(CLE)
    return state == ATTENDU or (settings.SECOND_FACTEUR and user.is_staff and state != FAIT)


@receiver(user_logged_in, dispatch_uid="second facteur attendu")
def _logged_in(request, user, **kwargs):
    required = settings.SECOND_FACTEUR or TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    now = int(time.time())
    request.session.update({CLE: ATTENDU if required else PROPOSE, DEBUT: now, VU: now})


def passed(request) -> None:
    """Notes that the second factor was shown, and renews the session's identifier."""
    request.session[CLE] = FAIT
    request.session.cycle_key()


class TropDEssais(Exception):
    """Too many wrong codes. `secondes`: how long to wait."""

    def __init__(self, secondes: int):
        self.secondes = secondes


def check(user, code: str) -> bool:
    """Whether `code` is good: six digits of the application, or a recovery code, each once. Raises TropDEssais."""
    code = "".join(code.split()).replace("-", "").lower()
    model = TOTPDevice if code.isascii() and code.isdecimal() and len(code) == 6 else StaticDevice
    with transaction.atomic():
        found = model.objects.select_for_update().filter(user=user, confirmed=True).first()
        if found is None:
            return False
        allowed, why = found.verify_is_allowed()
        if not allowed:
            seconds = (why["locked_until"] - timezone.now()).total_seconds() if why else 1
            raise TropDEssais(max(int(seconds) + 1, 1))
        return bool(found.verify_token(code))


@transaction.atomic
def start(user) -> TOTPDevice:
    """A new application, which counts once `confirm` has received a code of it."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name="application", confirmed=False)


def pending(user) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


@transaction.atomic
def confirm(user, code: str) -> list[str] | None:
    """Ends the setup if `code` is good, and returns the recovery codes."""
    code = "".join(code.split())
    found = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if found is None or not found.verify_token(code):
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    found.confirmed = True
    found.save()
    return new_codes(user)


@transaction.atomic
def new_codes(user) -> list[str]:
    """Makes ten recovery codes, which replace the former ones and are shown only now."""
    StaticDevice.objects.filter(user=user).delete()
    kept = StaticDevice.objects.create(user=user, name="codes de secours")
    codes = [StaticToken.random_token() + StaticToken.random_token() for _ in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=kept, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}" for code in codes]


def codes_left(user) -> int:
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def remove(user) -> bool:
    """Removes the factor (a lost telephone) and ends the sessions. Returns whether there was one."""
    found = TOTPDevice.objects.filter(user=user).delete()[0]
    StaticDevice.objects.filter(user=user).delete()
    user.end_sessions()
    return bool(found)
