"""What is left to do before a site opens, in three groups; the names of variables that do nothing."""

import io
import re

import pytest
from django.conf import settings
from django.core import checks
from django.core.management import CommandError, call_command

from labacces import env
from labacces.checks import known, misspelt
from labacces.env import ReglageRefuse, env_hosts, names_in
from labacces.management.commands import check

pytestmark = pytest.mark.django_db


def said(**options) -> str:
    out = io.StringIO()
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
    assert said(fail_level="WARNING") == "À compléter\n- à dire\n"
    one.level = checks.WARNING
    with pytest.raises(CommandError):
        said(fail_level="WARNING")
    assert "Bloquant" in said()


def test_a_site_that_lacks_nothing_is_told_so(monkeypatch):
    monkeypatch.setattr(checks, "run_checks", lambda **how: [])
    assert said() == "Rien à faire.\n"


def test_without_deploy_it_is_django_s(monkeypatch):
    out = io.StringIO()
    call_command("check", stdout=out)
    assert "System check identified no issues" in out.getvalue()
    assert check.group(checks.Debug("x")) == "Conseils"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("EMAIL_ULR", "EMAIL_URL"),
        ("ALLOWED_HOST", "ALLOWED_HOSTS"),
        ("SECRETKEY", "SECRET_KEY"),
        ("CONSERVATION_COURIELS", "CONSERVATION_COURRIELS"),
    ],
)
def test_a_misspelt_variable_is_named_wherever_it_stands(name, near):
    assert misspelt({name}, set()) == misspelt(set(), {name}) == {name: near}


def test_what_else_an_environment_holds_is_nobody_s_mistake():
    around = {"PATH", "HOME", "LANG", "LOGNAME", "TMPDIR", "PGPASSWORD", "DJANGO_SETTINGS_MODULE", "INVOCATION_ID"}
    assert misspelt(set(), around | {"SECRET_KEY_FILE", "JOURNAL"}) == {}
    assert misspelt({"MON_OUTIL"}, set()) == {"MON_OUTIL": ""}  # in .env it is told, without a guess


def test_every_variable_of_the_settings_is_known(settings):
    text = "\n".join((settings.BASE_DIR / "labacces" / f"{name}.py").read_text() for name in ("settings", "serveurs"))
    asked = set(re.findall(r"\benv(?:_\w+)?\(\s*\"([A-Z_0-9]+)\"", text))
    assert len(asked) > 30
    assert asked <= known()


def test_the_names_of_a_file_are_read_without_its_values(tmp_path):
    (tmp_path / ".env").write_text("A=1\n# B=2\nexport C='x'\n")
    assert names_in(tmp_path / ".env") == {"A", "C"}
    assert names_in(tmp_path / "absent") == set()


def test_a_site_names_its_hosts_outside_debug(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "a.exemple.bzh,*")
    with pytest.raises(ReglageRefuse, match="ALLOWED_HOSTS vaut « \\* »"):
        env_hosts("ALLOWED_HOSTS", default="")
    assert env_hosts("ALLOWED_HOSTS", default="", every=True) == ["a.exemple.bzh", "*"]


def test_a_secret_may_be_in_a_file(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("très long\n")
    monkeypatch.setenv("ESSAI_FILE", str(tmp_path / "secret"))
    assert env.env("ESSAI") == "très long"
    monkeypatch.setenv("ESSAI", "autre")
    assert env.env("ESSAI") == "autre"
    monkeypatch.delenv("ESSAI")
    monkeypatch.setenv("ESSAI_FILE", str(tmp_path / "absent"))
    with pytest.raises(ReglageRefuse, match=r"ESSAI_FILE : le fichier .* ne se lit pas"):
        env.env("ESSAI", default="")


def test_the_password_of_the_database_may_stand_apart(tmp_path, monkeypatch):
    from labacces.serveurs import databases

    (tmp_path / "mot").write_text("p@ss/é\n")
    monkeypatch.setenv("DATABASE_URL", "postgres://labacces@base/labacces")
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "mot"))
    assert databases(tmp_path)["default"]["PASSWORD"] == "p@ss/é"
    monkeypatch.setenv("DATABASE_URL", "postgres://labacces:autre@base/labacces")
    assert databases(tmp_path)["default"]["PASSWORD"] == "autre"
