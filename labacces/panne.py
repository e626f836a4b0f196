"""What fails for a while, told as such: the database gone, read only or locked, a disk that is full.

Django asks for the page of error at one place, wherever it was raised: a view, a session, the account of who asks.
"""

import errno
import sys

from django.db import Error, InterfaceError, OperationalError
from django.shortcuts import render

RETRY_AFTER = 60  # seconds
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
# SQLite: busy, locked, read only, input or output, full, cannot open, locking protocol. Its « error » is of our query.
SQLITE = {5, 6, 8, 10, 13, 14, 15}
# What boto says of a store of files that does not answer; named, since it is there where such a store is.
STORE = {"EndpointConnectionError", "ConnectionClosedError", "ConnectTimeoutError", "ReadTimeoutError"}
# Classes of PostgreSQL: connection, resources, lock not available, stopped by the operator or by its delay, system; and
# a transaction that is read only, or that another one made fail.
POSTGRESQL = ("08", "53", "55", "57", "58", "25006", "40")


def failed(request):
    """handler500: 503 with Retry-After for what passes, 500 for a fault of ours. It reads nothing of the request."""
    if not is_passing(sys.exc_info()[1]):
        return render(None, "500.html", status=500)
    response = render(None, "panne.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def is_passing(error: BaseException | None) -> bool:
    """Whether an error, or what it came from, is of the database or of the disk rather than of the code."""
    while error is not None:
        if (isinstance(error, OSError) and error.errno in DISK) or type(error).__name__ in STORE:
            return True
        if isinstance(error, Error):
            return _is_of_the_server(error)
        error = error.__cause__ or error.__context__
    return False


def _is_of_the_server(error: Error) -> bool:
    cause = error.__cause__
    if code := getattr(cause, "sqlite_errorcode", None):
        return code & 0xFF in SQLITE
    if state := getattr(cause, "sqlstate", None):
        return state.startswith(POSTGRESQL)
    return isinstance(error, OperationalError | InterfaceError)
