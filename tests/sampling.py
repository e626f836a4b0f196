"""How much of an exhaustive test a run plays: every day the same part, all of it with HYPOTHESIS_PROFILE=ci."""

import math
import os

import pytest

POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
WHOLE = os.environ.get("HYPOTHESIS_PROFILE") == "ci"


def _part(cases: list, one_in: int, kind) -> list[bool]:
    """Whether each case is played every day: one in so many, or the first of each `kind(case)`."""
    if not kind:
        return [rank % one_in == 0 for rank in range(len(cases))]
    kinds = [kind(case) for case in cases]
    return [kinds.index(one) == rank for rank, one in enumerate(kinds)]


def mostly_long(names: str | tuple[str, ...], cases, *, one_in: int = 0, kind=None, **options):
    """Parametrizes a test with all cases, most of them marked `long`."""
    cases = list(cases)
    names = [name.strip() for name in names.split(",")] if isinstance(names, str) else names
    params = [
        pytest.param(*(case if len(names) > 1 else [case]), marks=[] if daily else pytest.mark.long(alike=True))
        for case, daily in zip(cases, _part(cases, one_in, kind), strict=True)
    ]
    return pytest.mark.parametrize(names, params, **options)


def sample(cases, *, one_in: int = 0, kind=None) -> list:
    """The cases that a test's body goes through: a part, or all."""
    cases = list(cases)
    return [case for case, daily in zip(cases, _part(cases, one_in, kind), strict=True) if WHOLE or daily]


def size(whole: int, *, one_in: int) -> int:
    """How many records or examples to make."""
    return whole if WHOLE else math.ceil(whole / one_in)
