"""EMAIL_URL as operators write it."""

import pytest
from django.core.checks import WARNING
from django.core.exceptions import ImproperlyConfigured

from labacces.env import env_email
from socle.courrier.checks import mail_server


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost:25", ("localhost", 25, None, None, False, False, 20)),
        ("smtp://localhost", ("localhost", 25, None, None, False, False, 20)),
        ("submission://awena:a%40b@smtp.exemple.bzh", ("smtp.exemple.bzh", 587, "awena", "a@b", True, False, 20)),
        ("smtp://u:p@smtp.exemple.bzh:465/?ssl=True", ("smtp.exemple.bzh", 465, "u", "p", False, True, 20)),
        ("smtp://smtp.exemple.bzh/?timeout=5", ("smtp.exemple.bzh", 25, None, None, False, False, 5)),
    ],
)
def test_an_address_of_a_mail_server(monkeypatch, url, expected):
    monkeypatch.setenv("EMAIL_URL", url)
    found = env_email("EMAIL_URL")
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL", "TIMEOUT")
    assert tuple(found[f"EMAIL_{name}"] for name in names) == expected
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    "url", ["smtp.exemple.bzh", "smtps://u:secret@exemple.bzh", "smtp://u:secret@h:x", "http://secret"]
)
def test_what_is_none_is_said_without_its_password(monkeypatch, url):
    monkeypatch.setenv("EMAIL_URL", url)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL ne se lit pas") as refused:
        env_email("EMAIL_URL")
    assert "secret" not in str(refused.value)


def test_without_it_the_deployment_check_says_where_mails_go(monkeypatch, settings):
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert env_email("EMAIL_URL") == {}
    assert mail_server(None) == []
    settings.EMAIL_BACKEND = "socle.courrier.fichiers.EmailBackend"
    (warning,) = mail_server(None)
    assert str(settings.COURRIELS) in warning.msg
    assert warning.level == WARNING, "« Bloquant »"
