"""What `deploy/` names exists: files, settings, pages; gunicorn reads its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import get_commands

from labacces.env import ReglageRefuse, load
from labacces.management.commands.check import WORKS
from tests.sampling import mostly_long

ROOT = settings.BASE_DIR
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
NGINX = (DEPLOY / "nginx" / "labacces.conf").read_text()
COMPOSE = (DEPLOY / "compose.yaml").read_text()
# Of the image of PostgreSQL, or a file that holds a variable of ours.
ASIDE = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "DATABASE_PASSWORD_FILE"}


def test_what_deploy_names_is_there():
    """Files, units, commands, settings, pages."""
    for unit in UNITS:
        text = unit.read_text()
        for path in re.findall(r"/srv/labacces/([\w./-]+)| ((?:deploy/|manage)[\w./]+)", text):
            assert "".join(path).startswith((".venv/", "var")) or (ROOT / "".join(path)).exists(), (unit, path)
        assert set(re.findall(r"labacces[\w-]*\.(?:socket|service|timer)", text)) <= {one.name for one in UNITS}
    for script in ("installer", "mettre-a-jour", "preparer"):
        assert os.access(DEPLOY / script, os.X_OK), script
        text = (DEPLOY / script).read_text()
        for path in re.findall(r"\bdeploy/([\w./-]+)", text):
            assert (DEPLOY / path).exists() or list(DEPLOY.glob(f"{path}*")), path
        assert set(re.findall(r"manage\.py (\w+)", text)) <= set(get_commands())
    pages = re.findall(r"/nginx-labacces/(\d+\.html)", NGINX)
    assert {path.name for path in (DEPLOY / "nginx" / "pages").iterdir()} == set(pages)
    for path in re.findall(r"- \./([\w./-]+):", COMPOSE):
        assert (DEPLOY / path).exists(), path
    known = set(re.findall(r"^#? ?([A-Z_]{4,})=", (ROOT / ".env.example").read_text(), re.M)) | ASIDE
    installed = (DEPLOY / "installer").read_text().partition("<<FIN")[2].partition("\nFIN")[0]
    settings_ = re.findall(r"^ {4}([A-Z_]{4,}):", COMPOSE, re.M) + re.findall(r"\$\{([A-Z_]+)", COMPOSE)
    assert {*settings_, *re.findall(r"^([A-Z_]{4,})=", installed, re.M)} <= known


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "", "La variable d’environnement SECRET_KEY manque : voir .env.example."),
        ("DEBUG", "peut-être", "DEBUG vaut « peut-être » : écrivez oui ou non (1/0, true/false)."),
        ("DATABASE_URL", "mysql://u:secret@h/b", "DATABASE_URL ne se lit pas : écrivez postgres://"),
        ("SITE_URL", "https://labacces.fr/wiki/", "SITE_URL vaut « https://labacces.fr/wiki » : écrivez https://"),
        ("ALLOWED_HOSTS", "a.fr,https://b.fr", "ALLOWED_HOSTS contient « https://b.fr » : écrivez le nom seul"),
        ("ADMINS", "Yann <yann@exemple.bzh>, jean", "ADMINS contient « jean » : écrivez une adresse électronique"),
        (
            "DATABASE_URL",
            "postgres://u:secret@127.0.0.1:1/site",
            "PostgreSQL n’ouvre pas la base : démarrez ce serveur",
        ),
    ],
)
def test_a_setting_that_is_refused_is_said_in_one_sentence(tmp_path, name, value, said):
    site = {"DJANGO_SETTINGS_MODULE": "labacces.settings", "DATABASE_URL": f"sqlite:///{tmp_path}/base.sqlite3"}
    environment = os.environ | site | {"SECRET_KEY": "x" * 50, "PYTHON": sys.executable, name: value}
    done = subprocess.run([DEPLOY / "preparer"], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert "sec" not in done.stderr.lower().replace("secret_key", "")


@pytest.mark.parametrize(
    ("fails", "ends", "code"), [("migrate", 1, 1), ("check", WORKS, 0), ("check", 1, 1), ("check", 137, 137)]
)
def test_a_version_serves_before_all_that_blocks_an_opening_is_put_right(tmp_path, fails, ends, code):
    """An error, or a check that was not made to its end, stops it."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\n[ "$2" != {fails} ] || exit {ends}\n')
    python.chmod(0o700)
    done = subprocess.run([DEPLOY / "preparer"], env={"PYTHON": python}, capture_output=True, text=True)
    assert (done.returncode, "avant d’ouvrir le site" in done.stderr) == (code, ends == WORKS)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("SITE_URL https://secret", 1),
        ("A=1\n\n# B\nSECRET_KEY\n", 4),
        ("A=1\nB='fermé'\n\nC=\"secret\nD=2\n", 4),
        ('A=1\nB="un" secret\nC=2', 2),
        ("\n=secret", 2),
        ("A=1\r\nB=Région\r\n".encode("latin-1"), 2),
    ],
)
def test_a_line_of_env_that_cannot_be_read_is_named_without_what_it_says(tmp_path, text, line):
    path = tmp_path / ".env"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ReglageRefuse) as refused:
        load(path)
    assert str(refused.value).startswith(f"{path}, ligne {line}, ne se lit pas : ")
    assert "secret" not in str(refused.value).lower()
    assert "A" not in os.environ


def test_the_environment_wins_over_env(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", {"DEBUG": "non"})
    load(tmp_path / ".env")
    assert os.environ == {"DEBUG": "non"}
    (tmp_path / ".env").write_text(
        "\ufeffLANGUE=bretonne\n# Ici\nDEBUG=oui\n\nexport ADMINS='a, b' # deux\nLOGOS=\nORGANISME_NOM=Élan\n"
    )
    load(tmp_path / ".env")
    read = {"LANGUE": "bretonne", "ADMINS": "a, b", "LOGOS": "", "ORGANISME_NOM": "Élan"}
    assert os.environ == {"DEBUG": "non"} | read


ENDS = {"": "v3", "side": "s2", "a commit": "v2"}


@pytest.fixture
def upgrade(tmp_path):
    """Two functions: git in a folder (« depot » or « site », a clone at v1), and an upgrade of the site; `copy`: what
    its copy does, in sh."""

    def git(folder, *words):
        own = ["git", "-C", tmp_path / folder, "-c", "user.name=x", "-c", "user.email=x@exemple.bzh", *words]
        return subprocess.run(own, check=True, capture_output=True, text=True).stdout.strip()

    def commit(tag):
        (tmp_path / "depot" / "CHANGELOG.md").write_text(f"# Changelog\n- new in {tag}\n")
        (tmp_path / "depot" / "pyproject.toml").write_text(f'version = "{tag}" # said here\n')
        git("depot", "add", ".")
        git("depot", "commit", "--quiet", "-m", f"Make {tag}")
        git("depot", "tag", tag)

    (tmp_path / "depot" / "deploy").mkdir(parents=True)
    shutil.copy(DEPLOY / "mettre-a-jour", tmp_path / "depot" / "deploy")
    git("depot", "init", "--quiet", "--initial-branch", "main")
    git("depot", "add", ".")
    commit("v1")
    git("depot", "branch", "side")
    subprocess.run(["git", "clone", "--quiet", tmp_path / "depot", tmp_path / "site"], check=True)
    git("site", "branch", "side", "origin/side")  # of the day of v1, as main is there
    commit("v2")
    commit("v3")
    git("depot", "checkout", "--quiet", "side")
    commit("s2")
    git("depot", "checkout", "--quiet", "main")
    (tmp_path / "bin").mkdir()

    def run(*words, copy="echo 'Copie faite et relue : var/copie.tar'"):
        does = dict.fromkeys(("id", "make", "install", "systemctl"), "echo 0")  # what is not of git
        does["su"] = f'case "$*" in *sauvegarder*) {copy};; esac'
        for name, script in does.items():
            (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{script}\n")
            (tmp_path / "bin" / name).chmod(0o755)
        command = [tmp_path / "site" / "deploy" / "mettre-a-jour", *words]
        env = os.environ | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
        return subprocess.run(command, env=env, capture_output=True, text=True)

    return git, run


@mostly_long("at, asked", [("main", ""), ("v1", "side"), ("main", "a commit"), ("main", "absent")], one_in=2)
def test_an_upgrade_ends_at_the_version_asked_for_wherever_it_starts(upgrade, at, asked):
    git, run = upgrade
    git("site", "checkout", "--quiet", at)
    word = git("depot", "rev-parse", "v2") if asked == "a commit" else asked
    said = run(*filter(None, [word]))
    if asked == "absent":
        assert (said.returncode, said.stdout) == (1, "")
        assert "« absent » n’est ni une branche, ni une étiquette, ni un commit" in said.stderr
        assert git("site", "describe", "--tags") == "v1"  # as it was
        return
    assert said.returncode == 0, said.stderr
    assert said.stdout.endswith("et la copie var/copie.tar\n")
    assert git("site", "describe", "--tags") == ENDS[asked]
    if at != ENDS[asked] and at != "main":  # what changed, in the words of CHANGELOG and of the commits
        assert f"De la version v1 à la version {ENDS[asked]} :" in said.stdout
        assert f"  - new in {ENDS[asked]}\n" in said.stdout
        assert f"Make {ENDS[asked]}" in said.stdout


@pytest.mark.parametrize("copy", ["echo 'Disque plein.' >&2; exit 1", "true"])
def test_an_upgrade_without_a_copy_changes_nothing(upgrade, copy):
    git, run = upgrade
    said = run("v2", copy=copy)
    assert said.returncode
    assert "À jour" not in said.stdout
    assert git("site", "describe", "--tags") == "v1"


@pytest.mark.parametrize(("command", "kept"), [("runserver", 0), ("taches", 60)])
def test_a_thread_a_request_keeps_no_connection(command, kept):
    """runserver left one behind for each request, until the database had no more: `make run`, on PostgreSQL."""
    code = f"import sys; sys.argv = ['manage.py', {command!r}]\nfrom labacces.settings import DATABASES\n"
    code = [sys.executable, "-c", f"{code}print(DATABASES['default']['CONN_MAX_AGE'])"]
    env = os.environ | {"SECRET_KEY": "x" * 50, "DATABASE_URL": "postgres://u@127.0.0.1/b"}
    assert int(subprocess.run(code, cwd=ROOT, env=env, capture_output=True, check=True).stdout) == kept


def test_images_are_of_one_exact_version_and_no_password_stands_in_the_compose_file():
    written = re.findall(r"(?:image: |FROM )(docker\.io/\S+)", COMPOSE + (DEPLOY / "Containerfile").read_text())
    assert len(written) == 5
    assert [one for one in written if not re.search(r":\D*\d+\.\d+|:trixie-\d{8}", one)] == []
    assert not re.search(r"://\w+:[^@\s]+@", COMPOSE)
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text()
    assert "deploy/secrets" in (ROOT / ".dockerignore").read_text()


CERTBOT = """#!/bin/sh
echo asked >>"$HOME/asked"
[ "$(wc -l <"$HOME/asked")" -gt 1 ] || exit 1
mkdir -p "$VRAI"; echo real >"$VRAI/fullchain.pem"; echo key >"$VRAI/privkey.pem"
"""


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl")
def test_a_certificate_comes_from_nothing_then_a_real_one(tmp_path):
    """One of our own at once; the authority says no, then yes."""
    (tmp_path / "certbot").write_text(CERTBOT)
    (tmp_path / "certbot").chmod(0o755)
    here = tmp_path / "ici"
    here.mkdir()
    own = {"ICI": here, "VRAI": tmp_path / "vrai", "HOME": tmp_path, "HOTE": "a.exemple.bzh", "COURRIEL_ACME": "x@y"}
    own |= {"DEBUT": "0.2", "ATTENTE": "0.2", "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    process = subprocess.Popen(["sh", DEPLOY / "certificat"], env=os.environ | own, start_new_session=True)
    seen = [""]
    try:
        for _ in range(600):
            text = (here / "fullchain.pem").read_text() if (here / "fullchain.pem").exists() else ""
            seen += [text] * (text != seen[-1])
            if text == "real\n":
                break
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)
    assert seen[1].startswith("-----BEGIN CERTIFICATE-----")
    assert seen[2:] == ["real\n"]
    assert (here / "privkey.pem").read_text() == "key\n"
    assert (here / "privkey.pem").stat().st_mode & 0o077 == 0


def test_what_nginx_answers_by_itself_is_as_guarded_as_a_page_of_the_site():
    own = NGINX.partition("location /nginx-labacces/ {")[2]
    sent = dict(re.findall(r'add_header ([\w-]+) "?(.*?)"? always;', own))
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Referrer-Policy"] == settings.SECURE_REFERRER_POLICY
    assert int(sent["Strict-Transport-Security"].removeprefix("max-age=")) >= 31_536_000
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(sent["Content-Security-Policy"].split("; "))
    assert "$host" not in "".join(re.findall(r"return 30\d (.*?);", NGINX)), "a visitor says it"


def test_slow_bodies_of_one_visitor_do_not_hold_every_thread():
    streamed = NGINX.partition("location /admin/ {")[2].partition("}")[0]
    assert "proxy_request_buffering off;" in streamed
    conf = (DEPLOY / "gunicorn.conf.py").read_text()
    threads = int(re.search(r'"PROCESSUS", "(\d+)"', conf)[1]) * int(re.search(r"^threads = (\d+)", conf, re.M)[1])
    assert int(re.search(r"limit_conn redaction (\d+);", streamed)[1]) <= threads / 2


@pytest.mark.long
def test_gunicorn_takes_its_file():
    environment = os.environ | {"SECRET_KEY": "x" * 50, "PROCESSUS": "4", "ECOUTE": "unix:/tmp/x.sock"}
    command = [*(sys.executable, "-m", "gunicorn", "--config", DEPLOY / "gunicorn.conf.py"), "--print-config"]
    said = subprocess.run([*command, "--check-config"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    told = dict(re.findall(r"^(\w+)\s+= (.*)$", said.stdout, re.M))
    assert (told["workers"], told["bind"], told["accesslog"]) == ("4", "['unix:/tmp/x.sock']", "None")
    # What nginx lets pass, gunicorn takes: it would refuse it in English.
    buffers = re.search(r"large_client_header_buffers (\d+) (\d+)k;", NGINX)
    assert int(told["limit_request_line"]) == int(buffers[2]) * 1024 - 2
    assert int(told["limit_request_field_size"]) == int(buffers[1]) * int(buffers[2]) * 1024


REFUSES = """
def app(environ, start_response):
    start_response("413 Content Too Large", [("Content-Length", "5")])
    return [b"lourd"]
"""


@pytest.mark.long
def test_a_body_refused_unread_can_still_be_sent(tmp_path):
    (tmp_path / "refuses.py").write_text(REFUSES)
    # No site is loaded here: what of it would be read is left out.
    conf = DEPLOY / "gunicorn.conf.py"
    own = f"__file__ = {str(conf)!r}\n{conf.read_text()}\n\ndef read_templates(): ..."
    (tmp_path / "gunicorn.conf.py").write_text(own)
    environment = os.environ | {"PROCESSUS": "1", "ECOUTE": f"unix:{tmp_path}/s"}
    command = [*(sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"), "refuses:app"]
    served = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(20)
            for _ in range(200):
                if not link.connect_ex(f"{tmp_path}/s"):
                    break
                time.sleep(0.1)
            head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4000000\r\n\r\n"
            link.sendall(head)
            assert link.recv(64).startswith(b"HTTP/1.1 413")
            link.sendall(b"a" * 4_000_000)  # without the patience of the site: a broken pipe
    finally:
        served.terminate()
        served.wait(40)


@pytest.mark.parametrize("said", ["http://localhost:8000", "https://labacces.exemple.bzh"])
def test_the_address_served_is_kept_for_the_commands_that_write_mails(tmp_path, said):
    (tmp_path / ".env").write_text(f"SECRET_KEY=secret\nSITE_URL={said}\nDEBUG=oui\n")
    (tmp_path / ".env").chmod(0o600)
    for port in ("8054", "8055"):
        words = ["make", "--no-print-directory", "-f", ROOT / "Makefile", "-C", tmp_path, f"PORT={port}", "adresse"]
        subprocess.run(words, check=True, capture_output=True)
    kept = "http://127.0.0.1:8055" if "localhost" in said else said
    lines = (tmp_path / ".env").read_text().split()
    assert sorted(lines) == sorted(["SECRET_KEY=secret", "DEBUG=oui", f"SITE_URL={kept}"])
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
