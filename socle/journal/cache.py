"""The cache of a process: it keeps answers until the data behind them change.

    says = cached(("accueil",), what_home_says)                  # depends on all data
    names = cached(("noms", "projet"), read_names, "projet")     # on projects, and on what is no record
    sets = followed(("sets", "projet"), ("projet",), read, bring_up_to_date)

Each call asks the change log first: every process sees what was committed before the question. An answer computed while
somebody writes is kept under the earlier row, and computed again.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from django.conf import settings

from socle.journal import following
from socle.journal.following import CLES, COMMUN, Moment, Numero

MANY = 500  # if more records changed, all are read again

_kept: "OrderedDict[Hashable, tuple[tuple, object]]" = OrderedDict()
_lock = Lock()


def cached(key: Hashable, compute: Callable[[], object], *types: str, at: Moment | None = None, clock: Hashable = None):
    """Return `compute()`, kept until records of `types` change (by default, all), or themes, places, pages.

    `key`: the question, and who asks if it matters. `at`: one moment for several questions. `clock`: a time, if the
    answer changes with it. Above settings.REPONSES_TENUES answers, the longest unused leaves.
    """
    if following.in_transaction():
        return compute()
    moment = at or Moment.now()
    # The epoch too: in two databases without rows of these types, `moment.of` is the same.
    version = clock, moment.epoque, moment.of(*types, COMMUN) if types else moment.of()
    found = _get(key)
    return found[1] if found and found[0] == version else _put(key, version, compute())


def followed(
    key: Hashable,
    types: tuple[str, ...],
    read: Callable[[], object],
    bring: Callable[[object, list[int]], object],
    *,
    at: Moment | None = None,
):
    """Return `read()` for records of `types`; later, `bring(old answer, changed keys)`, which leaves the old one
    unchanged.
    """
    if following.in_transaction():
        return read()
    moment = at or Moment.now()
    version, row, found = (moment.epoque, moment.of(CLES)), moment.of(*types), _get(key)
    if found and found[0] == (version, row):
        return found[1]
    keys = _since(types, found[0][1], row) if found and found[0][0] == version else None
    if keys == []:  # another request has gone further already
        return found[1]
    return _put(key, (version, row), read() if keys is None else bring(found[1], keys))


def _since(types: tuple[str, ...], known: Numero, row: Numero) -> list[int] | None:
    """Keys of records that changed between two rows; None above MANY. Kept: a list's sets and orders both ask."""
    if known >= row:
        return []
    key, version = ("changed", types), (known, row)
    found = _get(key)
    if found and found[0] == version:
        return found[1]
    return _put(key, version, following.changed(types, known[0], MANY))


def _get(key: Hashable) -> tuple[tuple, object] | None:
    with _lock:
        if found := _kept.get(key):
            _kept.move_to_end(key)
        return found


def _put(key: Hashable, version: tuple, answer):
    with _lock:
        _kept[key] = version, answer
        _kept.move_to_end(key)
        while len(_kept) > settings.REPONSES_TENUES:
            _kept.popitem(last=False)
    return answer


def forget() -> None:
    """Forget all answers: for another database, or a measure of what answers cost."""
    with _lock:
        _kept.clear()
