"""Tokens out of the logs."""

import logging

from socle.courrier.jetons import mask


class SansJetons(logging.Filter):
    """Leaves the tokens out of what a handler writes, traceback included."""

    def filter(self, record):
        record.msg, record.args = mask(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        return True
