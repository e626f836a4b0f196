"""Reports errors to the operator, by mail or to a Sentry server. The settings import it.

A report has the kind of error, its place and the request's name, under which the log says more. It has neither the
exception's message, which may hold what somebody typed, nor variables.
"""

import hashlib
import logging
import threading
import time
import traceback
from pathlib import Path

from labacces.env import ReglageRefuse
from labacces.site_log import REQUETE, discreet

HEURE = 3600  # seconds before the same error is reported again
PAR_HEURE = 10  # mails an hour, for all errors

logger = logging.getLogger(__name__)


class CourrielOperateur(logging.Handler):
    """Mails errors to settings.ADMINS: the same one once an hour, PAR_HEURE in all.

    The cache « alarmes » remembers them, for commands of each minute too; if it fails, this process does. Mails go
    straight to the server: the outbox needs the database.
    """

    def __init__(self):
        super().__init__(logging.ERROR)
        self.told: dict[str, float] = {}

    def emit(self, record):
        from django.conf import settings

        if settings.DEBUG or not settings.ADMINS or record.levelno < self.level:  # a filter may lower the level
            return
        try:
            kind, place = _kind(record), _place(record)
            if self._first(f"{kind} {place}"):
                words = (f"{kind}, {place}", _body(record, kind, place))
                threading.Thread(target=_send, args=words, name="alarme").start()  # nobody waits for the mail server
        except Exception:
            self.handleError(record)

    def _first(self, what: str) -> bool:
        """Whether to report it now. Machines that share the cache share the counts."""
        from django.core.cache import caches

        key = hashlib.sha256(what.encode()).hexdigest()
        turn = f"heure-{int(time.time() // HEURE)}"
        try:
            cache = caches["alarmes"]
            if not cache.add(key, 1, HEURE):
                return False
            cache.add(turn, 0, HEURE)
            return cache.incr(turn) <= PAR_HEURE
        except Exception:  # a disk or a server fails
            now = time.monotonic()
            self.told = {one: until for one, until in self.told.items() if until > now}
            if key in self.told or len(self.told) >= PAR_HEURE:
                return False
            self.told[key] = now + HEURE
            return True


def _kind(record) -> str:
    return record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else record.name


def _frames(record) -> list[traceback.FrameSummary]:
    return traceback.extract_tb(record.exc_info[2]) if record.exc_info else []


def _place(record) -> str:
    """« socle/courrier/sending.py:12 », of our code if possible: the same for equal errors."""
    here = str(Path(__file__).parents[1])
    frames = _frames(record)
    ours = [frame for frame in frames if frame.filename.startswith(here) and "/.venv/" not in frame.filename]
    if found := (ours or frames)[-1:]:
        return f"{found[0].filename.removeprefix(here).lstrip('/')}:{found[0].lineno}"
    return f"{record.module}:{record.lineno}"


def _body(record, kind: str, place: str) -> str:
    from django.conf import settings

    match = getattr(getattr(record, "request", None), "resolver_match", None)
    lines = [
        f"Une erreur s’est produite sur {settings.SITE_URL}.",
        "",
        f"Quoi : {kind}",
        f"Où : {place}{f', en répondant à « /{match.route} »' if match else ''}",
        f"Message : {discreet(record.getMessage())}",
        f"Requête : {getattr(record, 'requete', REQUETE.get())} (le journal en dit plus sous ce nom)",
        "",
        "La même erreur ne vous sera pas redite avant une heure.",
        "",
        *(f"{frame.filename}:{frame.lineno}, {frame.name}\n    {frame.line}" for frame in _frames(record)),
    ]
    return "\n".join(lines)


def _send(subject: str, body: str) -> None:
    from django.core.mail import mail_admins

    try:
        mail_admins(subject, body)
    except Exception as error:  # a warning is not reported
        logger.warning("Une erreur n’a pas pu être dite par courriel (%s).", type(error).__name__)


def start_sentry(dsn: str, environment: str, release: str) -> None:
    """Send errors to a Sentry server. Raises ReglageRefuse if `dsn` is invalid or the library is missing."""
    try:
        import sentry_sdk
        from sentry_sdk.integrations.django import DjangoIntegration
        from sentry_sdk.utils import BadDsn, Dsn
    except ImportError:
        raise ReglageRefuse("SENTRY_DSN demande une bibliothèque de plus : « make install OPTIONS=oui ».") from None
    try:
        Dsn(dsn)
    except BadDsn:  # it holds a key: do not show it
        raise ReglageRefuse("SENTRY_DSN ne se lit pas : recopiez l’adresse du projet, https://clé@serveur/1.") from None
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release,
        integrations=[DjangoIntegration(transaction_style="url", middleware_spans=False, signals_spans=False)],
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        before_send=scrubbed,
    )


KEPT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "sdk", "transaction", "tags")


def scrubbed(event: dict, hint: dict) -> dict:
    """The parts of an event that may leave. Parts that the library adds later do not leave."""
    sent = {name: event[name] for name in KEPT if name in event}
    sent["tags"] = {"requete": REQUETE.get()}
    if said := event.get("logentry", {}).get("formatted") or event.get("logentry", {}).get("message"):
        sent["logentry"] = {"message": discreet(said)}
    if method := event.get("request", {}).get("method"):
        sent["request"] = {"method": method}
    sent["exception"] = {"values": [_exception(one) for one in event.get("exception", {}).get("values", [])]}
    return sent


FRAME = (
    "filename",
    "abs_path",
    "function",
    "module",
    "lineno",
    "pre_context",
    "context_line",
    "post_context",
    "in_app",
)


def _exception(one: dict) -> dict:
    frames = (one.get("stacktrace") or {}).get("frames", [])
    told = [{name: frame[name] for name in FRAME if name in frame} for frame in frames]
    return {"type": one.get("type"), "module": one.get("module"), "stacktrace": {"frames": told}}
