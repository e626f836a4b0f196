"""What the log leaves out."""

import logging


class SansTrace(logging.Filter):
    """Leaves out the traceback of a refusal (403, 400), which Django logs as it does that of a fault (500)."""

    def filter(self, record):
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True
