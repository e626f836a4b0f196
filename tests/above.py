"""What tests of lower floors ask of an app that may leave: `tests/reprise/rows.py`, if it is there.

`MATRIX`, `RECORDS`: its lines of the table of rights. `PERSONAL`: {model: fields} that hold personal data. `hang(row,
text)`: makes what may hang on a person or record, with `text` in it.
"""

from importlib.util import find_spec

MATRIX: dict = {}
RECORDS: dict = {}
PERSONAL: dict = {}


def hang(row, text) -> None:
    pass


def hanging(person) -> list:
    return []


if find_spec("tests.reprise"):
    from tests.reprise.rows import MATRIX, PERSONAL, RECORDS, hang, hanging  # noqa: F401
