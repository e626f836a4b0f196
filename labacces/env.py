"""Reads settings from the environment; errors name the missing or wrong variable.

The settings and modules that they import call it. It imports no setting and no model.
"""

import csv
import io
import os
import re
import warnings
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_email_url
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import URLValidator, validate_email
from dotenv import load_dotenv
from dotenv.parser import parse_stream
from stdnum.fr import siret

_MISSING = object()
_BOOLEANS = {"1": True, "true": True, "oui": True, "yes": True, "0": False, "false": False, "non": False, "no": False}


class ReglageRefuse(ImproperlyConfigured):
    """Missing or unreadable. The message, in French, says which variable and what to write."""


def load(path: Path) -> None:
    """Load variables from a file, if it exists; the environment wins.

    ReglageRefuse names the first unreadable line without showing it: it may hold a secret.
    """
    if not path.is_file():
        return
    written = path.read_bytes()
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        raise ReglageRefuse(f"{path}, ligne {line}, ne se lit pas : enregistrez ce fichier en UTF-8.") from None
    for found in parse_stream(io.StringIO(text)):
        if found.error or (found.key and found.value is None):
            said = found.original.string
            line = found.original.line + said.count("\n", 0, len(said) - len(said.lstrip()))
            raise ReglageRefuse(
                f"{path}, ligne {line}, ne se lit pas : écrivez NOM=valeur et rien d’autre, en fermant les guillemets "
                "s’il y en a."
            )
    load_dotenv(stream=io.StringIO(text), override=False)


def names_in(path: Path) -> set[str]:
    """The variables that a file sets."""
    if not path.is_file():
        return set()
    with path.open(encoding="utf-8-sig") as file:
        return {one.key for one in parse_stream(file) if one.key}


def env(name: str, default=_MISSING) -> str:
    """The text of a variable, or of the file that `name`_FILE names, so that no process list shows a secret.

    `default` if empty. ReglageRefuse without a default, or if the file is unreadable.
    """
    value = os.environ.get(name, "").strip()
    if not value and (path := os.environ.get(f"{name}_FILE", "").strip()):
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ReglageRefuse(f"{name}_FILE : le fichier {path} ne se lit pas sous ce compte.") from None
    if value:
        return value
    if default is _MISSING:
        raise ReglageRefuse(f"La variable d’environnement {name} manque : voir .env.example.")
    return default


def env_bool(name: str, default: bool = False) -> bool:
    """The variable as a boolean. ReglageRefuse if not oui/1/true/yes nor non/0/false/no."""
    value = env(name, default="")
    if not value:
        return default
    try:
        return _BOOLEANS[value.lower()]
    except KeyError:
        raise ReglageRefuse(f"{name} vaut « {value} » : écrivez oui ou non (1/0, true/false).") from None


def env_int(name: str, default: int, most: int | None = None) -> int:
    """A whole number from 1 to `most`, or ReglageRefuse."""
    value = env(name, default=str(default))
    if not value.isdecimal() or int(value) < 1 or (most and int(value) > most):
        bounds = f"de 1 à {most}" if most else "1 au moins"
        raise ReglageRefuse(f"{name} vaut « {value} » : écrivez un nombre entier, {bounds}.")
    return int(value)


def env_choice(name: str, choices: tuple[str, ...]) -> str:
    """One of `choices`, "" if unset, or ReglageRefuse."""
    value = env(name, default="")
    if value and value not in choices:
        raise ReglageRefuse(f"{name} vaut « {value} » : écrivez {' ou '.join(choices)}.")
    return value


def env_siret(name: str) -> str:
    """A SIRET without spaces, "" if unset, or ReglageRefuse."""
    value = env(name, default="")
    if value and not siret.is_valid(value):
        raise ReglageRefuse(f"{name} vaut « {value} » : ce n’est pas un SIRET, recopiez ses 14 chiffres.")
    return siret.compact(value)


def env_region(name: str, default: str, known: Path) -> str:
    """A code from the file `known`, or ReglageRefuse."""
    value = env(name, default=default)
    with known.open(encoding="utf-8", newline="") as file:
        if value not in {row["code"] for row in csv.DictReader(file)}:
            raise ReglageRefuse(f"{name} vaut « {value} » : écrivez le code INSEE d’une région, comme 53 (Bretagne).")
    return value


def env_list(name: str, default: str = "") -> list[str]:
    """The variable split at commas, without empty items."""
    return [item.strip() for item in env(name, default=default).split(",") if item.strip()]


def env_addresses(name: str) -> list[str]:
    """Mail addresses, or ReglageRefuse."""
    addresses = env_list(name)
    for address in addresses:
        if not _is_mailbox(address):
            raise ReglageRefuse(
                f"{name} contient « {address} » : écrivez une adresse électronique, ou plusieurs séparées par "
                "des virgules."
            )
    return addresses


def env_address(name: str, default: str) -> str:
    """A mail address, with or without a name, or ReglageRefuse."""
    value = env(name, default="")
    if value and not _is_mailbox(value):
        raise ReglageRefuse(
            f"{name} vaut « {value} » : écrivez une adresse électronique, comme labacces@example.org ou "
            "LabAccès <labacces@example.org>."
        )
    return value or default


def env_page(name: str) -> str:
    """A web address, "" if unset, or ReglageRefuse."""
    value = env(name, default="")
    if value and not _is_page(value):
        raise ReglageRefuse(f"{name} vaut « {value} » : écrivez une adresse complète, comme https://www.example.org/.")
    return value


def env_contact(name: str) -> str:
    """A web address or « mailto:… », "" if unset, or ReglageRefuse."""
    value = env(name, default="")
    if value and not (_is_page(value) or (value.startswith("mailto:") and _is_mailbox(value.removeprefix("mailto:")))):
        raise ReglageRefuse(
            f"{name} vaut « {value} » : écrivez mailto: et une adresse électronique, comme "
            "mailto:securite@example.org, ou l’adresse d’une page, qui commence par https://."
        )
    return value


def _is_mailbox(text: str) -> bool:
    """« nolwenn@exemple.bzh » or « Nolwenn <nolwenn@exemple.bzh> »."""
    named = re.fullmatch(r"[^<>@]*<([^<>]+)>", text)
    return _is_valid(validate_email, named[1] if named else text)


def _is_page(text: str) -> bool:
    return _is_valid(URLValidator(schemes=["http", "https"]), text)


def _is_valid(validate, text: str) -> bool:
    try:
        validate(text)
    except ValidationError:
        return False
    return True


def env_hosts(name: str, default: str, every: bool = False) -> list[str]:
    """Host names. ReglageRefuse for an address, which would match nothing, and for « * » unless `every`."""
    hosts = env_list(name, default=default)
    for host in hosts:
        if host == "*" and not every:
            raise ReglageRefuse(f"{name} vaut « * » : écrivez les noms du site, comme labacces.example.org.")
        if "/" in host or (":" in host and not host.startswith("[")):
            raise ReglageRefuse(
                f"{name} contient « {host} » : écrivez le nom seul, sans https:// ni port, comme labacces.example.org."
            )
    return hosts


def env_site(name: str, default: str) -> str:
    """A site's address without its last slash, or ReglageRefuse."""
    value = env(name, default=default).rstrip("/")
    if not re.fullmatch(r"https?://[^/?#\s]+", value, re.IGNORECASE):
        raise ReglageRefuse(
            f"{name} vaut « {value} » : écrivez https:// et le nom du site, sans rien après, comme "
            "https://labacces.example.org."
        )
    return value


def env_email(name: str) -> dict:
    """EMAIL_* settings from a mail server's address, {} if unset, or ReglageRefuse."""
    value = env(name, default="")
    if not value:
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # smtps:// is ambiguous
            found = dj_email_url.parse(value)
        found["EMAIL_BACKEND"]
    except (KeyError, ValueError, UserWarning):
        # The address holds a password: do not show it.
        raise ReglageRefuse(
            f"{name} ne se lit pas : écrivez smtp://serveur:25 ou submission://utilisateur:motdepasse@serveur:587, "
            "les signes spéciaux du mot de passe codés (%40 pour @) ; pour le port 465, smtp://…:465/?ssl=True."
        ) from None
    return found | {"EMAIL_TIMEOUT": found["EMAIL_TIMEOUT"] or 20}


def env_s3(name: str) -> dict:
    """Options of a file store (S3), {} if unset, or ReglageRefuse."""
    value = env(name, default="")
    if not value:
        return {}
    asked = urlsplit(value)
    bucket = asked.path.strip("/")
    if asked.scheme not in ("https", "http") or not (asked.hostname and asked.username and asked.password and bucket):
        # The address holds a secret: do not show it.
        raise ReglageRefuse(
            f"{name} ne se lit pas : écrivez https://CLE:SECRET@serveur/seau?region=…, les signes spéciaux du secret "
            "codés (%2F pour /)."
        )
    if not find_spec("storages"):
        raise ReglageRefuse(f"{name} demande des bibliothèques de plus : « make install OPTIONS=oui ».")
    return {
        "access_key": unquote(asked.username),
        "secret_key": unquote(asked.password),
        "endpoint_url": f"{asked.scheme}://{asked.hostname}{f':{asked.port}' if asked.port else ''}",
        "bucket_name": bucket,
        "region_name": dict(parse_qsl(asked.query)).get("region"),
        "addressing_style": "path",
        "file_overwrite": False,
    }
