"""What log lines hold and leave out. The settings name these classes; imports no model."""

import logging
import re
from contextvars import ContextVar

from socle.courrier.texte import mask

REQUETE: "ContextVar[str]" = ContextVar("the request that is answered", default="-")
REFUS = 300  # characters of the line of a refusal, which anybody has the site write

# What may tell of a person: address, telephone, query string, a row's values cited by PostgreSQL.
PERSONNES = [
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), "…@…"),
    (re.compile(r"(?<!\d)(?:\+33[ .]?|0)[1-9](?:[ .-]?\d\d){4}(?!\d)"), "(téléphone)"),
    (re.compile(r"\?[^\s'\"<>?=]+=[^\s'\"<>]*"), "?…"),
    (re.compile(r"^(DETAIL|CONTEXT): .*$", re.MULTILINE), r"\1: …"),
]


def discreet(text: str) -> str:
    """`text` without persons and tokens."""
    text = mask(text)
    for found, instead in PERSONNES:
        text = found.sub(instead, text)
    return text


class SansTrace(logging.Filter):
    """Makes a refusal (403, 400, 503 without an exception) a short warning.

    Django logs some like a fault (500), with a traceback and all that was typed.
    """

    def filter(self, record):
        status = getattr(record, "status_code", None)
        if status and (status < 500 or not record.exc_info):
            record.exc_info = record.exc_text = None
            record.msg, record.args = record.getMessage()[:REFUS], None
            record.levelno = min(record.levelno, logging.WARNING)
            record.levelname = logging.getLevelName(record.levelno)
        return True


class SansPersonne(logging.Filter):
    """Removes persons and tokens from lines and tracebacks, and adds the request's name."""

    def filter(self, record):
        record.msg, record.args = discreet(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = discreet(record.exc_text)
        record.requete = getattr(getattr(record, "request", None), "nom", REQUETE.get())
        return True
