"""What is left to do before a site opens, in three groups; the names of variables that do nothing."""

import io
import re
from contextlib import suppress
from functools import partial

import pytest
from django.conf import settings
from django.core import checks
from django.core.management import CommandError, call_command

from labacces import env
from labacces.alarme import start_sentry
from labacces.checks import known, misspelt
from labacces.env import ReglageRefuse, env_hosts
from labacces.management.commands import check
from labacces.serveurs import caches, databases

pytestmark = pytest.mark.django_db


def said(**options) -> str:
    """What the command says, whatever it ends with."""
    out = io.StringIO()
    with suppress(CommandError):
        call_command("check", deploy=True, stdout=out, no_color=True, **options)
    return out.getvalue()


def test_each_variable_that_settings_read_is_explained():
    """Else a documented name would be called misspelt."""
    read = {f"CONSERVATION_{cle.upper()}" for cle in settings.CONSERVATION}
    for path in (settings.BASE_DIR / "labacces").glob("*.py"):
        read |= set(re.findall(r"\benv(?:_\w+)?\(\s*\"([A-Z][A-Z_0-9]+)\"", path.read_text()))
    assert len(read) > 60
    assert sorted(read - known()) == []


def test_it_tells_in_three_groups_what_blocks_first(settings):
    settings.SITE_URL, settings.SANTE_JETON = "http://127.0.0.1:8000", ""
    groups = re.findall(r"^(?!- )(.+)$", said(), re.MULTILINE)
    assert groups == ["Bloquant", "À compléter", "Conseils"]
    assert "mèneraient à cette machine" in said().partition("À compléter")[0]


def test_what_blocks_fails_and_what_is_to_be_completed_does_not(monkeypatch):
    one = checks.Info("à dire")
    monkeypatch.setattr(checks, "run_checks", lambda **how: [one])
    call_command("check", deploy=True, stdout=io.StringIO())
    assert said() == "À compléter\n- à dire\n"
    with pytest.raises(CommandError):
        call_command("check", deploy=True, fail_level="INFO", stdout=io.StringIO())
    for level, code in ((checks.WARNING, check.WORKS), (checks.ERROR, 1)):
        one.level = level
        with pytest.raises(CommandError, match="1 à corriger d’abord") as failed:
            call_command("check", deploy=True, stdout=io.StringIO())
        assert failed.value.returncode == code
    assert said().startswith("Bloquant")


DJANGO = " You | your |CSRF|SESSION|HSTS"


def test_a_site_in_debug_without_https_or_with_a_short_key_is_told_so_in_one_line_each_in_french(settings):
    settings.SECRET_KEY, settings.SECURE_HSTS_SECONDS, settings.ALLOWED_HOSTS = "courte", 0, []
    for debug, names in ((False, ("HTTPS=non", "SECRET_KEY", "ALLOWED_HOSTS")), (True, ("DEBUG=non dans .env",))):
        settings.DEBUG = debug
        lines = said().splitlines()
        for name in names:
            (line,) = [line for line in lines if name in line]
            assert lines.index(line) < lines.index("À compléter")
        assert not [line for line in lines if re.search(DJANGO, line)]
    assert not [line for line in lines if "HTTPS" in line], "off in debug, for that reason alone"


def test_a_misspelt_variable_is_named_wherever_it_stands_and_no_other():
    for name, near in (("ALLOWED_HOST", "ALLOWED_HOSTS"), ("CONSERVATION_COURIELS", "CONSERVATION_COURRIELS")):
        assert misspelt({name}, set()) == misspelt(set(), {name}) == {name: near}
    around = {"PATH", "HOME", "LANG", "LOGNAME", "TMPDIR", "PGPASSWORD", "DJANGO_SETTINGS_MODULE", "INVOCATION_ID"}
    assert misspelt(set(), around | {"SECRET_KEY_FILE", "JOURNAL"}) == {}
    assert misspelt({"MON_OUTIL"}, set()) == {"MON_OUTIL": ""}  # in .env it is told, without a guess


SITES = ("https://www.exemple.bzh/qui-sommes-nous", "http://exemple.bzh")
BOITE = ("equipe@exemple.bzh", "LabAccès <equipe@exemple.bzh>")


@pytest.mark.parametrize(
    ("read", "right", "wrong", "expected"),
    [
        (env.env_page, SITES, ("exemple.bzh", "ftp://exemple.bzh/", "https://", "https://ex emple.bzh"), "https://"),
        (partial(env.env_address, default=""), BOITE, ("équipe", "a@exemple.bzh, b@exemple.bzh", "a@"), "électronique"),
        (env.env_contact, (SITES[0], f"mailto:{BOITE[0]}"), (BOITE[0], "mailto:", "exemple.bzh"), "mailto:"),
        (partial(env.env_int, default=33, most=100), ("1", "100"), ("0", "101", "un tiers"), "de 1 à 100"),
    ],
)
def test_a_value_that_is_not_what_is_expected_is_named_with_what_is(monkeypatch, read, right, wrong, expected):
    for value in right:
        monkeypatch.setenv("ESSAI", value)
        assert str(read("ESSAI")) == value
    for value in wrong:
        monkeypatch.setenv("ESSAI", value)
        with pytest.raises(ReglageRefuse, match=f"ESSAI vaut « {re.escape(value)} » : écrivez .*{expected}"):
            read("ESSAI")


def test_an_address_that_holds_a_secret_is_refused_without_it(monkeypatch, tmp_path):
    monkeypatch.setenv("CACHE_URL", "http://secret@exemple.bzh")
    with pytest.raises(ReglageRefuse, match="CACHE_URL ne se lit pas") as cache:
        caches(tmp_path)
    with pytest.raises(ReglageRefuse, match="SENTRY_DSN ne se lit pas") as sentry:
        start_sentry("https://secret", "", "")
    assert "secret" not in f"{cache.value}{sentry.value}"


def test_a_site_names_its_hosts_outside_debug(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "a.exemple.bzh,*")
    with pytest.raises(ReglageRefuse, match="ALLOWED_HOSTS vaut « \\* »"):
        env_hosts("ALLOWED_HOSTS", default="")
    assert env_hosts("ALLOWED_HOSTS", default="", every=True) == ["a.exemple.bzh", "*"]


def test_a_secret_may_be_in_a_file_and_so_may_the_password_of_the_database(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("p@ss/é\n")
    monkeypatch.setenv("ESSAI_FILE", str(tmp_path / "secret"))
    assert env.env("ESSAI") == "p@ss/é"
    monkeypatch.setenv("ESSAI", "autre")
    assert env.env("ESSAI") == "autre"
    monkeypatch.delenv("ESSAI")
    monkeypatch.setenv("ESSAI_FILE", str(tmp_path / "absent"))
    with pytest.raises(ReglageRefuse, match=r"ESSAI_FILE : le fichier .* ne se lit pas"):
        env.env("ESSAI", default="")
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "secret"))
    for said, kept in (("labacces", "p@ss/é"), ("labacces:autre", "autre")):
        monkeypatch.setenv("DATABASE_URL", f"postgres://{said}@base/labacces")
        assert databases(tmp_path)["default"]["PASSWORD"] == kept
