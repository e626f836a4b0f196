"""The cache of a process: answers that it keeps until the data that they depend on change.

    says = cached(("accueil",), what_home_says)                  # of all the data
    names = cached(("noms", "projet"), read_names, "projet")     # of projects, and of what is no record
    sets = followed(("ensembles", "projet"), ("projet",), read, bring_up_to_date)

Each asks the change log first, so that every process of every machine answers by what was committed before the
question; what is computed while somebody writes is kept under the row before.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from django.conf import settings

from socle.journal import following
from socle.journal.following import CLES, COMMUN, Moment, Numero

MANY = 500  # records that changed: of more, all is read again

_kept: "OrderedDict[Hashable, tuple[tuple, object]]" = OrderedDict()
_lock = Lock()


def cached(key: Hashable, compute: Callable[[], object], *types: str, at: Moment | None = None, clock: Hashable = None):
    """What `compute` answers, kept until records of these types change (all without), or what is no record does.

    `key` says what is asked, and of whom. `at`: the moment of whoever asks several things. `clock`: a time, for an
    answer that changes with it. Those least asked for leave first, beyond settings.REPONSES_TENUES.
    """
    if following.in_transaction():
        return compute()
    moment = at or Moment.now()
    # The epoch too: of two databases whose logs tell nothing of these types, both are at the same row, none.
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
    """What `read` answers of the records of these types, brought up to date by `bring` for those that changed since.

    `bring` is given the answer of before, which it leaves as it is, and the keys of these records.
    """
    if following.in_transaction():
        return read()
    moment = at or Moment.now()
    version, row, found = (moment.epoque, moment.of(CLES)), moment.of(*types), _get(key)
    if found and found[0] == (version, row):
        return found[1]
    keys = _since(types, found[0][1], row) if found and found[0][0] == version else None
    if keys == []:  # another request has followed further
        return found[1]
    return _put(key, (version, row), read() if keys is None else bring(found[1], keys))


def _since(types: tuple[str, ...], known: Numero, row: Numero) -> list[int] | None:
    """The records that changed between two rows; None if they are MANY. Sets and orders of one list ask alike."""
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
    """Forget all answers: the database is another one, or somebody measures what they cost."""
    with _lock:
        _kept.clear()
