"""Formats of log lines, for the site and for gunicorn (JOURNAL).

Gunicorn's main process keeps this file through reloads: it must import nothing of the site.
"""

import json
import logging
from datetime import UTC, datetime


class FormatJson(logging.Formatter):
    """One line of JSON. Fields are listed one by one: others may tell of a person."""

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

# Tokens and persons stay out of all logs, the development server's too. A refusal (403, 400) is one line.
FILTERS = {"refus": {"()": "labacces.site_log.SansTrace"}, "personnes": {"()": "labacces.site_log.SansPersonne"}}


def logging_as(journal: str) -> dict:
    """The setting LOGGING. `journal`: a key of FORMATS."""
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
            # Anybody can cause these refusals: no alarm.
            "django.security": {"handlers": ["console"], "propagate": False},
            "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
        "root": {"handlers": ["console", "operateur"], "level": "INFO"},
    }
