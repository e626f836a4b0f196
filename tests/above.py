"""What tests of the floors below ask of an app that may leave: `tests/reprise/rows.py`, if it is there.

`MATRIX`, `RECORDS`: its lines of the table of rights. `PERSONAL`: {model: fields} of what it keeps of persons.
`hang(row, text)`: what it may hang on a person or a record, with `text` in it.
"""

from importlib.util import find_spec

MATRIX: dict = {}
RECORDS: dict = {}
PERSONAL: dict = {}


def hang(row, text) -> None:
    pass


if find_spec("tests.reprise"):
    from tests.reprise.rows import MATRIX, PERSONAL, RECORDS, hang  # noqa: F401
