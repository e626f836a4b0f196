"""One site for the whole run, served as in production, and Debian's chromium."""

import email
import email.policy
import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.navigateur.site import MOT_DE_PASSE

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = (  # only the site is asked for
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
BUREAU, TELEPHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker("navigateur")


@dataclass
class Site:
    url: str
    pages: dict[str, str]
    environment: dict[str, str] = field(repr=False)

    def __truediv__(self, path: str) -> str:
        return self.url + path

    def page(self, name: str) -> str:
        """The address of a page; skips the test if this site has none to show."""
        if name not in self.pages:
            pytest.skip(f"no record to show for {name}")
        return self.url + self.pages[name]

    def event(self, **fields) -> str:
        """Makes an event that takes registrations; returns its address."""
        command = [sys.executable, "-m", "tests.navigateur.site", json.dumps(fields)]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True)
        return self.url + done.stdout.strip()

    def mails(self):
        """The last first."""
        for path in sorted(Path(self.environment["COURRIELS"]).iterdir(), key=lambda path: -path.stat().st_mtime_ns):
            yield email.message_from_bytes(path.read_bytes(), policy=email.policy.default)

    def link(self, courriel: str) -> str:
        """The personal link of the last mail to that address, as its reader opens it."""
        for mail in self.mails():
            found = re.search(r"https?://\S*lien-\S+", mail.get_body(("plain",)).get_content())
            if mail["To"] == courriel and found:
                return found[0]
        raise AssertionError(f"no mail with a link to {courriel}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Folder of a site with demo data and old records: made once for all processes."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "construit"
    with (shared / "verrou").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "pages.json").exists():
            folder.mkdir(exist_ok=True)
            build = [sys.executable, "-m", "tests.navigateur.site"]
            done = subprocess.run(
                build, cwd=ROOT, env=_environment(folder, 0), capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            (folder / "pages.json").write_text(done.stdout.splitlines()[-1])
    return folder


def _environment(folder, port):
    return {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL")},
        "DJANGO_SETTINGS_MODULE": "tests.navigateur.settings",
        "SECRET_KEY": "cle-du-navigateur-sans-valeur-ailleurs-0123456789",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "MEDIA_ROOT": f"{folder}/media",
        "EFFACEMENTS": f"{folder}/effacements.txt",
        "STATIC_ROOT": f"{folder}/static",
        "COURRIELS": f"{folder}/courriels",
    }


@pytest.fixture(scope="session")
def site(built, tmp_path_factory):
    """This process's copy of that site, served by gunicorn."""
    folder, port = tmp_path_factory.mktemp("site"), _free_port()
    shutil.copytree(built, folder, dirs_exist_ok=True)
    environment = _environment(folder, port)
    command = [sys.executable, "-m", "gunicorn", "labacces.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    with (folder / "journal").open("w") as journal:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=journal, stderr=journal)
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(600):
                try:
                    urllib.request.urlopen(f"{url}/", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield Site(url, json.loads((folder / "pages.json").read_text()), environment)
        finally:
            server.terminate()
            server.wait(60)
    text = (folder / "journal").read_text()
    assert "Traceback" not in text, text


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": CHROMIUM, "args": list(QUIET)}


@pytest.fixture(scope="session")
def browser_context_args():
    return {"viewport": BUREAU, "locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture
def page(page):
    """A page on which a console message, or a request to another host, is an error."""
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: errors.append(request.url) if "//127.0.0.1:" not in request.url else None)
    yield page
    # An error page is an answer, not a fault; the server's own errors are in its log, see `site`.
    assert not [text for text in errors if "the server responded with a status of" not in text]


@pytest.fixture(scope="session")
def cookies(site, browser):
    """Cookies of a member of the desk, by user name; each logs in once."""
    known = {}

    def get(username):
        if username not in known:
            context = browser.new_context()
            page = context.new_page()
            log_in(site, page, username)
            known[username] = context.cookies()
            context.close()
        return known[username]

    return get


def log_in(site, page, username, password=MOT_DE_PASSE):
    page.goto(site.page("connexion"))
    page.locator("#id_username").fill(username)
    page.locator("#id_password").fill(password)
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**/admin/")


@pytest.fixture
def sign_in(context, cookies):
    """Logs in at the desk, as the administrator by default."""
    return lambda username="admin": context.add_cookies(cookies(username))
