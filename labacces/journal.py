"""What the log is made of, and what it leaves out. Read by the settings: imports no model."""

import logging
import re
from contextvars import ContextVar

from socle.courrier.texte import mask

REQUETE: "ContextVar[str]" = ContextVar("the request that is answered", default="-")
REFUS = 300  # characters of the line of a refusal, which anybody has the site write

# What may tell of a person, wherever it stands: an address, a telephone, what somebody asked, the values of a row as
# PostgreSQL cites them.
PERSONNES = [
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), "…@…"),
    (re.compile(r"(?<!\d)(?:\+33[ .]?|0)[1-9](?:[ .-]?\d\d){4}(?!\d)"), "(téléphone)"),
    (re.compile(r"\?[^\s'\"<>?=]+=[^\s'\"<>]*"), "?…"),
    (re.compile(r"^(DETAIL|CONTEXT): .*$", re.MULTILINE), r"\1: …"),
]


def discreet(text: str) -> str:
    """`text` without what may tell of a person, nor what opens a link."""
    text = mask(text)
    for found, instead in PERSONNES:
        text = found.sub(instead, text)
    return text


class SansTrace(logging.Filter):
    """Makes a short warning of a refusal (403, 400, or 503 if no exception is behind it): Django logs some as it does
    a fault (500), with a traceback and all that was typed.
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
    """Leaves persons and links out of what a handler writes, traceback included; says which request it is about."""

    def filter(self, record):
        record.msg, record.args = discreet(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = discreet(record.exc_text)
        record.requete = getattr(getattr(record, "request", None), "nom", REQUETE.get())
        return True
