"""How a line of the log is written, by the site and by gunicorn alike (JOURNAL).

Gunicorn's own process reads this file too, and must not hold code of the site, which a reload would then find old: it
imports nothing but Python.
"""

import json
import logging
from datetime import UTC, datetime


class FormatJson(logging.Formatter):
    """One line a record, for whatever gathers logs. Fields are named one by one: what a record carries besides may tell
    of a person."""

    def format(self, record):
        told = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "requete", "-"),
        }
        if status := getattr(record, "status_code", None):
            told["status"] = status
        if record.exc_info or record.exc_text:
            told["traceback"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


FORMATS = {
    "texte": {
        "()": "logging.Formatter",
        "fmt": "{asctime} {levelname} {name} {requete} {message}",
        "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        "style": "{",
        "defaults": {"requete": "-"},
    },
    "json": {"()": FormatJson},
}

# What a link of a mail opens must not be read in a log, nor who a line is about: both are left out, in the development
# server's lines too. A refusal (403, 400) is one line: its traceback is that of the code that refused.
FILTERS = {"refus": {"()": "labacces.journal.SansTrace"}, "personnes": {"()": "labacces.journal.SansPersonne"}}


def logging_as(journal: str) -> dict:
    """The LOGGING of the settings, in the form of that name."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": FILTERS,
        "formatters": FORMATS,
        "handlers": {
            "console": {"class": "logging.StreamHandler", "filters": [*FILTERS], "formatter": journal},
            "operateur": {"class": "labacces.alarme.CourrielOperateur", "filters": [*FILTERS]},
        },
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # What anybody can make Django refuse: a host, a form of a thousand fields. Nobody is alarmed.
            "django.security": {"handlers": ["console"], "propagate": False},
            "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
        "root": {"handlers": ["console", "operateur"], "level": "INFO"},
    }
