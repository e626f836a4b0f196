"""Which records of a file visitors of the old site could read: an export made with an account holds private ones too.

Nothing in an export tells them apart. What visitors saw is known of the text of its pages, and of what the command
asked at an address, without an account; else somebody says it.
"""

from collections import Counter, defaultdict

from reprise.lecture import Lecture, Lue
from socle.francais.texte import fold


def keep_private(lecture: Lecture, public: Lecture | None) -> None:
    """Mark as not public the records that `public`, what visitors read, does not hold: all of them if it is None.

    A record is found by its identifier, one without by its type and title, unless fewer have that title in `public`. Of
    those that it holds, what is empty or missing there and not here is marked as kept from visitors.
    """
    by_identifiant: dict[str, frozenset[str]] = {}
    # Of all that have a title, all registrations for one, few hold other things than another.
    by_title: dict[tuple[str, str], Counter[frozenset[str]]] = defaultdict(Counter)
    for lue in public.fiches if public else ():
        held = _held(lue)
        by_title[_title(lue)][held] += 1
        if lue.identifiant:
            by_identifiant[lue.identifiant] = held
    number: dict[tuple[str, str], int] = defaultdict(int)
    for lue in lecture.fiches:
        number[_title(lue)] += 1
    for lue in lecture.fiches:
        if lue.identifiant:
            seen = [by_identifiant[lue.identifiant]] if lue.identifiant in by_identifiant else []
        else:
            twins = by_title.get(_title(lue), Counter())
            seen = list(twins) if twins.total() >= number[_title(lue)] else []
        lue.publique = bool(seen)
        hidden = frozenset(name for one in seen for name in _kept_back(lue, one))
        if hidden:
            lue.reserves = (lue.reserves or frozenset()) | hidden


def _held(lue: Lue) -> frozenset[str]:
    """Labels and names of files that a record has a value of."""
    unread = (anomalie.champ for anomalie in lue.anomalies if anomalie.texte)  # a value that could not be read
    return frozenset([*lue.champs, *lue.joints, *(label for label, _ in lue.joints.values()), *unread])


def _kept_back(lue: Lue, there: frozenset[str]) -> set[str]:
    """Labels and names of files that `lue` has a value of, and that visitors who read the same record have not."""
    files = {nom for nom, (label, _) in lue.joints.items() if not {nom, label} & there}
    return (lue.champs.keys() - there) | files


def _title(lue: Lue) -> tuple[str, str]:
    return lue.type, fold(lue.titre)
