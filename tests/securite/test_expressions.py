"""Each regular expression of the project on long texts of a few signs: a new one is found by itself, and played too."""

import ast
import importlib
import re
from itertools import product

import pytest
from django.conf import settings

from socle.vie_privee.mentions import full_names
from tests.growth import in_line, repeated, spent
from tests.sampling import sample

pytestmark = pytest.mark.securite

LENGTH, SECONDS = 50_000, 0.1
UNITS = ["a", " ", "@", "(", "\n", "0", "-", "A", "é", ".", "'", "<", "[", "*", "/", ",", "_", "%", "\t", "\u0301"]
UNITS += ["a@", "a ", "a.", "a-", "1 ", "- ", "http://", "&a", "maire ", "Breton Anne "]
ENDS = ["", "!", "a"]  # what holds, what does not: a run of full stops before a letter ends no sentence
USES = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
APPS = {path.parent.name for path in settings.BASE_DIR.glob("*/apps.py")} | {"fiches", "participants", "socle"}


def sources():
    """{name of a module: its tree} of all our code."""
    found = {}
    for path in sorted(settings.BASE_DIR.rglob("*.py")):
        parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
        if parts[0] in APPS and "migrations" not in parts:
            found[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def patterns_in(value, depth=0):
    """Compiled expressions that a value of a module holds: itself, in its rows, in attributes of our own classes."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict | list | tuple | set | frozenset) and depth < 4:
        for one in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from patterns_in(one, depth + 1)
    elif isinstance(value, type) and value.__module__.split(".")[0] in APPS:
        for one in vars(value).values():
            yield from patterns_in(one, depth + 1)


def expressions():
    """{(pattern, uses): where}: those that modules compile, those written where they serve.

    The uses are the methods that the code calls on the name; where none is seen (a row of a table), it is searched for.
    """
    trees, calls, found = sources(), {}, {}
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Attribute) or node.attr not in USES:
                continue
            name = getattr(node.value, "id", None) or getattr(node.value, "attr", "")
            calls.setdefault((module, name), set()).add(node.attr)
        for node in ast.walk(tree):
            call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
            if not call or getattr(node.func.value, "id", "") != "re" or node.func.attr not in USES:
                continue
            if isinstance(node.args[0], ast.Constant):
                found[re.compile(node.args[0].value), (node.func.attr,)] = f"{module}:{node.lineno}"
    for module in trees:
        if not module.endswith("wsgi"):
            for name, value in vars(importlib.import_module(module)).items():
                for pattern in patterns_in(value):
                    uses = calls.get((module, name)) if value is pattern else None
                    found.setdefault((pattern, tuple(sorted(uses or {"search"}))), f"{module}.{name}")
    return found


def is_slow(do, text, end):
    """Whether `do` takes too long; a tenth of the text tells most that do not, even if they grow as its square."""
    short = min(spent(do, text[: LENGTH // 10] + end) for _ in range(3))
    return short > SECONDS or (short > SECONDS / 100 and not in_line(do, lambda length: text[:length] + end, LENGTH))


def use_of(pattern, use):
    if use in ("sub", "subn"):
        return lambda text: getattr(pattern, use)(lambda found: found[0], text)
    return (lambda text: list(pattern.finditer(text))) if use == "finditer" else getattr(pattern, use)


@pytest.mark.long
def test_no_expression_takes_long_on_a_long_text():
    found = expressions()
    assert len(found) > 150
    wrong = []
    for (pattern, uses), where in sample([*found.items()], one_in=6):
        for use, unit, end in product(uses, UNITS, ENDS):
            text = (unit * LENGTH)[:LENGTH]
            if isinstance(pattern.pattern, bytes):
                text, end = text.encode(), end.encode()
            if is_slow(use_of(pattern, use), text, end):
                wrong.append(f"{where}.{use}, {unit!r}…: {pattern.pattern[:120]!r}")
                break
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
def test_no_name_takes_long_to_read():
    """A function that loops over the words of what visitors type as a name."""
    for unit in sample(UNITS, one_in=10):
        assert in_line(full_names, repeated(unit), LENGTH), unit
