"""Somebody of the staff who logs in with a password, and with a code if need be."""

import time

import pytest
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories import UtilisateurFactory

PASSWORD = "une phrase que personne ne devine"


@pytest.fixture
def anne():
    user = UtilisateurFactory(username="anne", email="anne@exemple.bzh", is_superuser=True)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def factor(anne):
    """Anne's application; its last code was used long ago."""
    return TOTPDevice.objects.create(user=anne, name="application", confirmed=True)


def code_of(device, steps=0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + steps * device.step
    return f"{totp.token():06d}"
