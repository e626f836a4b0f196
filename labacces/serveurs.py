"""Databases and caches from the environment, for the settings."""

import re
import sys
from importlib.util import find_spec
from pathlib import Path

import dj_database_url

from labacces.env import ReglageRefuse, env, env_int
from labacces.postgresql.base import ConnexionBornee

# Our back-end for each engine.
ENGINES = {
    "django.db.backends.sqlite3": "labacces.sqlite",
    "django.db.backends.postgresql": "labacces.postgresql",
}
# IMMEDIATE makes a writer wait, not fail half-way with « database is locked ».
# FULL keeps a confirmed save through a power cut; NORMAL may lose it.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
# Five seconds to connect, twenty if the machine is gone, not TCP's minutes. A stopped server: see labacces/postgresql.
# JIT is off: it took 90 % of a search among a million records.
POSTGRESQL = {
    "connect_timeout": 5,
    "options": "-c jit=off",
    "tcp_user_timeout": 20_000,  # milliseconds for sent data to be acknowledged
    "keepalives_idle": 10,  # while an answer is awaited
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
REPLIQUE = {"connect_timeout": 2}  # libpq's least
# runserver makes a thread a request: a kept connection would serve no other.
KEPT = 0 if sys.argv[1:2] == ["runserver"] else 60  # seconds


def databases(sqlite: Path) -> dict[str, dict]:
    """The database, at `sqlite` without DATABASE_URL; its replica if DATABASE_REPLICA_URL is set."""
    found = {"default": _database("DATABASE_URL", env("DATABASE_URL", default=f"sqlite:///{sqlite}"))}
    if replica := env("DATABASE_REPLICA_URL", default=""):
        found["replique"] = _database("DATABASE_REPLICA_URL", replica, REPLIQUE) | {"TEST": {"MIRROR": "default"}}
    return found


def _database(name: str, url: str, bounds: dict | None = None) -> dict:
    try:
        found = dj_database_url.parse(url, conn_max_age=KEPT, conn_health_checks=True)
        found["ENGINE"] = ENGINES[found["ENGINE"]]
    except (KeyError, ValueError):
        # The address holds a password: do not show it.
        raise ReglageRefuse(
            f"{name} ne se lit pas : écrivez postgres://utilisateur:motdepasse@serveur:5432/base, les signes spéciaux "
            "du mot de passe codés (%40 pour @), ou sqlite:////chemin/de/la/base.sqlite3."
        ) from None
    if found["ENGINE"] == "labacces.sqlite":
        found["OPTIONS"] = dict(SQLITE)
    else:
        found["PASSWORD"] = found["PASSWORD"] or env("DATABASE_PASSWORD", default="")
        found["OPTIONS"] = POSTGRESQL | (bounds or {}) | found.get("OPTIONS", {})
        if env("DATABASE_POOL", default=""):  # connections shared by the process's threads
            size = env_int("DATABASE_POOL", default=4)
            pool = {"min_size": 1, "max_size": size, "timeout": found["OPTIONS"]["connect_timeout"]}
            found["OPTIONS"]["pool"] = pool | {"connection_class": ConnexionBornee}
            found["CONN_MAX_AGE"] = 0
    return found


def caches(alarmes: Path) -> dict[str, dict]:
    """A shared Redis if CACHE_URL is set, else a cache for each process; `alarmes`: the folder that
    remembers errors.
    """
    if url := env("CACHE_URL", default=""):
        if not re.match(r"(rediss?|unix)://.", url):  # may hold a password: do not show it
            raise ReglageRefuse("CACHE_URL ne se lit pas : écrivez redis://serveur:6379/0.")
        if not find_spec("redis"):
            raise ReglageRefuse("CACHE_URL demande une bibliothèque de plus : « make install OPTIONS=oui ».")
        redis = {"BACKEND": "labacces.redis_borne.Cache", "LOCATION": url, "KEY_PREFIX": "labacces"}
        return {"default": redis, "alarmes": redis}
    return {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "alarmes": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": alarmes},
    }
