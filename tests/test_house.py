"""The house where import-linter does not look: what models point to, circles of files, the drawing."""

import ast
import graphlib
import pkgutil
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

ROOT = settings.BASE_DIR
sys.path.insert(0, str(ROOT / "outils"))
import draw_house  # noqa: E402 - a tool, outside the packages of the site

FLOORS = ("the floors of the house", "the rooms of the ground")


@cache
def floors() -> dict[str, int]:
    """{package: its height}: a floor in hundreds, a room of the ground in ones. Source: contracts of pyproject.toml."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    house, ground = (c["layers"] for name in FLOORS for c in linter["contracts"] if c["name"].lower() == name)
    heights = {name: 100 * rank for rank, layer in enumerate(reversed(house)) for name in layer.split(" | ")}
    return heights | {
        f"socle.{name}": rank for rank, layer in enumerate(reversed(ground)) for name in layer.split(" | ")
    }


def height(module: str) -> int | None:
    """None if the module is not ours."""
    parts = module.split(".")
    return next((floors()[name] for name in (".".join(parts[:2]), parts[0]) if name in floors()), None)


OURS = [model for model in apps.get_models(include_auto_created=True) if height(model.__module__) is not None]
SOURCES = [
    path
    for path in subprocess.check_output(["git", "ls-files", "*.py"], cwd=ROOT, text=True).split()
    if height(path.replace("/", ".")) is not None and "/migrations/" not in path and (ROOT / path).exists()
]


def test_no_model_points_to_one_that_stands_above_it():
    """But for the user, whom Django's own setting names."""
    assert [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in OURS
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if field.related_model
        and field.related_model._meta.label != settings.AUTH_USER_MODEL
        and (height(field.related_model.__module__) or 0) > height(model.__module__)
    ] == []


@pytest.mark.long
def test_migrations_wait_for_the_ground_for_fiches_and_for_rooms_that_their_models_point_to():
    """A room that leaves takes its migrations along: only those that leave with it may wait for them."""
    pointed = set()
    for model in OURS:
        fields = (*model._meta.local_fields, *model._meta.local_many_to_many)
        others = {field.related_model._meta.app_label for field in fields if field.related_model}
        pointed |= {(model._meta.app_label, other) for other in others}
    common = {one.label for one in apps.get_app_configs() if height(one.name) is None or one.name.startswith("socle.")}
    common |= {"fiches", "suivi"}  # the follow-up of records is no type: it never leaves
    assert [
        f"{app}.{name} → {other}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        for other, _ in migration.dependencies
        if other not in common and other != app and (app, other) not in pointed
    ] == []


def test_no_string_names_a_model_that_stands_above():
    """« app.Model », as `get_model`, foreign keys and declarations write it, in any case."""
    models = {model._meta.label_lower: height(model.__module__) for model in OURS}
    texts = {path: (ROOT / path).read_text() for path in SOURCES}
    naming = re.compile("|".join(map(re.escape, models)), re.IGNORECASE)  # reading the others took a second
    assert [
        f"{path}:{node.lineno} {node.value}"
        for path, text in texts.items()
        if naming.search(text)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and models.get(node.value.lower(), -1) > height(path.removesuffix(".py").replace("/", "."))
    ] == []


def test_no_files_import_each_other_in_a_circle():
    sorter = graphlib.TopologicalSorter(draw_house.graph())
    sorter.prepare()  # CycleError names the files


def test_the_drawing_of_the_house_is_true():
    assert draw_house.current() == draw_house.drawing(), "run outils/draw_house.py"


def test_each_small_type_is_in_the_contract_of_small_types():
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    alone = next(contract["modules"] for contract in linter["contracts"] if contract["type"] == "independence")
    assert {*alone} == {f"fiches.{path.parent.name}" for path in (ROOT / "fiches").glob("*/declaration.py")}


def test_a_model_above_is_seen():
    assert height("socle.francais.texte") < height("socle.courrier.models") < height("socle.tableur.lecture")
    assert height("socle.tableur.lecture") < height("fiches.models") < height("projets.models")
    assert height("django.db.models") is None


# Comments and docstrings, and the files and classes that they name; « <type>.py » is an example.
SAID = {
    ".py": re.compile(r'"""(.*?)"""|(?:^|\s)#\s(.*?)$', re.DOTALL | re.MULTILINE),
    ".html": re.compile(r"\{#(.*?)#\}|\{% comment %\}(.*?)\{% endcomment %\}", re.DOTALL),
}
FILE = re.compile(r"(?<![\w./<>*{}-])(?:[\w-]+/)*[\w-]+\.(?:py|html)\b")
CLASS = re.compile(rf"\b(?:{'|'.join({name.partition('.')[0] for name in floors()})})(?:\.\w+)+\b(?![/-])")


@pytest.mark.long
def test_a_file_or_a_class_that_a_comment_names_is_there():
    """A file by its path from the root, the templates or its neighbour; without a folder, it may be a role."""
    listed = {*subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).split()}
    known, missing = listed | {Path(name).name for name in listed}, []
    for path in map(Path, sorted(listed)):
        if path.suffix not in SAID or not (ROOT / path).exists():
            continue
        said = " ".join("".join(found) for found in SAID[path.suffix].findall((ROOT / path).read_text()))
        for name in FILE.findall(said):
            if not known & {name, f"templates/{name}", f"{path.parent}/{name}"}:
                missing.append((str(path), name))
        for name in CLASS.findall(said) if path.suffix == ".html" else ():
            try:
                pkgutil.resolve_name(name)
            except (AttributeError, ImportError):
                missing.append((str(path), name))
    assert missing == []
