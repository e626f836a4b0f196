"""Optional servers: a silent one is left alone until it answers."""

import logging
import threading
import time
from collections.abc import Callable

PAUSE = 30  # seconds between two tests

logger = logging.getLogger(__name__)


class ServeurAuxiliaire:
    """The state of an optional server in this process. `asks` raises an exception if it is silent.

    Code that finds it silent calls `leave`; a thread then tests it. Readers wait for it once, not every half minute.
    """

    def __init__(self, server: str, instead: str, asks: Callable[[], object]):
        self.server, self.instead, self.asks = server, instead, asks
        self.lock, self.away = threading.Lock(), False

    def leave(self, error: Exception) -> None:
        with self.lock:
            if self.away:
                return
            self.away = True
        logger.error("%s ne répond pas (%s) : %s.", self.server, type(error).__name__, self.instead)
        threading.Thread(target=self._watch, name=f"auxiliaire {self.server}", daemon=True).start()

    def answers(self) -> bool:
        """Test it now, unless it is left alone."""
        if not self.away:
            try:
                self.asks()
            except Exception as error:  # any error of a library
                self.leave(error)
        return not self.away

    def _watch(self) -> None:
        while self.away:
            time.sleep(PAUSE)
            try:
                self.asks()
            except Exception:  # noqa: S112 - of a library; it was said
                continue
            self.away = False
            logger.warning("%s répond de nouveau.", self.server)
