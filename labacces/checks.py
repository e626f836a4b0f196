"""Checks of `check --deploy` on settings: a misspelt variable would otherwise do nothing, silently."""

import os
import re
from difflib import get_close_matches

from django.conf import settings
from django.core.checks import Debug, Warning, register

from labacces.env import names_in

_NAMED = re.compile(r"^#? ?([A-Z][A-Z0-9_]{3,})=", re.MULTILINE)
NEAR_IN_FILE, NEAR_AROUND = 0.75, 0.85  # stricter around: an environment holds many other variables


def known() -> set[str]:
    """Variables that `.env.example` explains, each also with « _FILE »."""
    names = set(_NAMED.findall((settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")))
    return names | {f"{name}_FILE" for name in names}


def misspelt(written: set[str], around: set[str]) -> dict[str, str]:
    """{unknown name: the setting it resembles, or ""}."""
    ours = known()
    found = {name: _nearest(name, ours, NEAR_IN_FILE) for name in written - ours}
    near = {name: _nearest(name, ours, NEAR_AROUND) for name in around - written - ours}
    return found | {name: other for name, other in near.items() if other}


def _nearest(name: str, names: set[str], least: float) -> str:
    return next(iter(get_close_matches(name, sorted(names), 1, least)), "")


@register(deploy=True)
def names_of_variables(app_configs, **kwargs):
    found = misspelt(names_in(settings.BASE_DIR / ".env"), set(os.environ))
    wrong = [
        Warning(f"{name} n’est pas un réglage du site : vouliez-vous {near} ?", id="labacces.W001")
        for name, near in sorted(found.items())
        if near
    ]
    unknown = [name for name, near in sorted(found.items()) if not near]
    advice = [Debug(f"{name}, dans .env, n’est pas un réglage du site.", id="labacces.D001") for name in unknown]
    return wrong + advice


@register(deploy=True)
def who_is_told(app_configs, **kwargs):
    """Optional settings that a site should have."""
    found = []
    if not settings.ADMINS and not settings.SENTRY_DSN:
        hint = "Donnez ADMINS (ou SENTRY_DSN) dans .env."
        found.append(Debug("Personne n’est prévenu d’une erreur du site.", hint=hint, id="labacces.D002"))
    if not settings.SANTE_JETON:
        hint = "Donnez SANTE_JETON dans .env : docs/sante.md."
        found.append(Debug("Une surveillance ne peut pas lire le détail de /sante/.", hint=hint, id="labacces.D003"))
    return found
