"""The databases and the caches that the site stands on, as the environment names them. Read by the settings."""

from pathlib import Path

import dj_database_url

from labacces.env import ReglageRefuse, env, env_int

# Of what an address may name, what reads and writes it.
ENGINES = {
    "django.db.backends.sqlite3": "labacces.sqlite",
    "django.db.backends.postgresql": "django.db.backends.postgresql",
}
# IMMEDIATE: a writer waits for its turn instead of failing half-way with « database is locked ».
# FULL: what was answered as saved survives a power cut (WAL with NORMAL may lose it).
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
# A server that does not answer is said not to after five seconds, not after the minutes of TCP. No question of a page
# is worth compiling: that took nine tenths of a search among a million sheets.
POSTGRESQL = {"connect_timeout": 5, "options": "-c jit=off"}


def databases(sqlite: Path) -> dict[str, dict]:
    """The database, at `sqlite` unless DATABASE_URL names another; what follows it, if DATABASE_REPLICA_URL does."""
    found = {"default": _database("DATABASE_URL", env("DATABASE_URL", default=f"sqlite:///{sqlite}"))}
    if replica := env("DATABASE_REPLICA_URL", default=""):
        found["replique"] = _database("DATABASE_REPLICA_URL", replica) | {"TEST": {"MIRROR": "default"}}
    return found


def _database(name: str, url: str) -> dict:
    try:
        found = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
        if found["ENGINE"] not in ENGINES:
            raise ValueError(found["ENGINE"])
        found["ENGINE"] = ENGINES[found["ENGINE"]]
    except ValueError:
        # The address holds a password: it is not shown.
        raise ReglageRefuse(
            f"{name} ne se lit pas : écrivez postgres://utilisateur:motdepasse@serveur:5432/base, les signes spéciaux "
            "du mot de passe codés (%40 pour @), ou sqlite:////chemin/de/la/base.sqlite3."
        ) from None
    if found["ENGINE"] == "labacces.sqlite":
        found["OPTIONS"] = dict(SQLITE)
    else:
        found["OPTIONS"] = POSTGRESQL | found.get("OPTIONS", {})
        if env("DATABASE_POOL", default=""):  # connections that a process keeps for its threads
            size = env_int("DATABASE_POOL", default=4)
            found["OPTIONS"]["pool"] = {"min_size": 1, "max_size": size, "timeout": 5}
            found["CONN_MAX_AGE"] = 0
    return found


def caches(alarmes: Path) -> dict[str, dict]:
    """A Redis that processes and machines share, if CACHE_URL names one; else each counts for itself, and what was told
    of errors is remembered in the folder `alarmes`.
    """
    if url := env("CACHE_URL", default=""):
        redis = {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": url,
            "KEY_PREFIX": "labacces",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        return {"default": redis, "alarmes": redis}
    return {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "alarmes": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": alarmes},
    }
