"""Settings of the tests: the real ones, with a throw-away key and fast passwords."""

import os

os.environ.setdefault("SECRET_KEY", "cle-des-tests-sans-valeur-ailleurs")
os.environ["DEBUG"] = "non"
os.environ["HTTPS"] = "non"
os.environ["SITE_URL"] = "http://127.0.0.1:8000"  # whatever `make run` wrote in .env
os.environ["SECOND_FACTEUR"] = "non"  # its own tests set it
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

import tempfile
from pathlib import Path

from labacces.settings import *  # noqa: F403

EFFACEMENTS = Path(tempfile.gettempdir()) / f"labacces-effacements-{os.getpid()}.txt"

SAUVEGARDES = Path(tempfile.gettempdir()) / f"labacces-sauvegardes-{os.getpid()}"
LOGOS = Path(tempfile.gettempdir()) / f"labacces-logos-{os.getpid()}"
MEDIA_ROOT = Path(tempfile.gettempdir()) / f"labacces-media-{os.getpid()}"  # the purge clears what restores left there

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
REPONSE_MINIMALE = 0
API_PAR_MINUTE = 1_000_000  # its own tests set less
MEDIAS_AILLEURS = {}
CACHE_PARTAGE = False
CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} for name in ("default", "alarmes")}
if "sqlite" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    # pytest-django gives each process its own database, and would take ours for a file name.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405
