"""The extract of the old site, and the official code that its takeover uses."""

import json
from copy import deepcopy
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from django.core.management import call_command

from fiches.themes import load_themes
from reprise import formulaires
from reprise.dump import read_dump
from reprise.lecture import Lecture
from reprise.sauvegarde import Rapport, save_lecture
from socle.territoires.chargement import read_tables, save_table
from socle.territoires.models import Commune
from socle.territoires.place_names import DOSSIER

EXTRAIT = Path(__file__).with_name("extrait-labacces.txt")
LINES = EXTRAIT.read_text(encoding="utf-8").split("\n")[:-1]
THEMES = Path(__file__).parents[2] / "fixtures" / "themes.json"


@lru_cache(maxsize=1)
def _tables():
    """The official code; communes in and around Bretagne only."""
    near = {"22", "29", "35", "44", "56"}
    return [
        (model, [item for item in items if model is not Commune or item.departement_id in near])
        for model, items in read_tables(DOSSIER)
    ]


def load_france() -> None:
    for model, items in _tables():
        save_table(model, items)
    load_themes(THEMES)


def take(folder: Path, data, *options) -> dict:
    """Runs the command on a file or bytes; returns its report. Both are written in `folder`."""
    source = data
    if isinstance(data, bytes):
        source = folder / "dump.txt"
        source.write_bytes(data)
    rapport = folder / "rapport.json"
    call_command("importer_yeswiki", str(source), *options, rapport=rapport, verbosity=0)
    return json.loads(rapport.read_text(encoding="utf-8"))


def changed(old: str, new: str, count: int = 1, *, of: bytes | None = None) -> bytes:
    """The extract, or a part `of` it, with other words in at least one place."""
    text = (of or EXTRAIT.read_bytes()).decode()
    assert text.count(old) >= count
    return text.replace(old, new).encode()


def take_lines(*records: list[str], **options) -> Rapport:
    """Takes over a text of these records, each a list of lines; returns the report."""
    text = "".join(f"{line}\n" for record in records for line in record)
    return save_lecture(read_dump(text.encode(), formulaires.declared()), site="export.txt", **options)


def initiative(titre="Accueil", description="Un texte.", acteur="", auteur="") -> list[str]:
    lines = [titre, titre, "Description", *description.split("\n")]
    lines += ["Nom de l'acteur", acteur] if acteur else []
    return [*lines, *(["Auteur de la fiche", auteur] if auteur else [])]


def inscription(prenom, nom, courriel="", organisation="Askoria", journee="Oui", commentaire="") -> list[str]:
    lines = ["Prénom", prenom, "NOM", nom, "Organisation", organisation]
    lines += ["Courriel", courriel or f"{prenom.lower()}@exemple.bzh"]
    lines += ["Je serai présent.e toute la journée :", journee]
    return [*lines, *(["Commentaire libre", commentaire] if commentaire else [])]


def take_type(cle: str, data: bytes | None = None) -> Rapport:
    """Takes over the records of one type, of the extract or other bytes; returns the report."""
    if data is None:
        return save_lecture(lecture(cle), site="extrait")
    found = read_dump(data, formulaires.declared())
    fiches = [lue for lue in found.fiches if lue.type == cle]
    return save_lecture(replace(found, fiches=fiches, restes=[]), site="extrait")


@lru_cache(maxsize=1)
def _lecture() -> Lecture:
    return read_dump(EXTRAIT.read_bytes(), formulaires.declared())


def lecture(only: str = "") -> Lecture:
    """The extract, read once; `only` the records of one type."""
    lecture = deepcopy(_lecture())
    if not only:
        return lecture
    return replace(lecture, fiches=[lue for lue in lecture.fiches if lue.type == only], restes=[])


@lru_cache(maxsize=32)
def part(*titres: str, types: tuple[str, ...] = ()) -> bytes:
    """The extract's records with these titles or types: a takeover costs what its records cost."""
    lines = EXTRAIT.read_bytes().splitlines(keepends=True)
    found = [lue for lue in _lecture().fiches if lue.titre in titres or lue.type in types]
    assert {lue.titre for lue in found} >= set(titres)
    return b"".join(b"".join(lines[lue.premiere_ligne - 1 : lue.derniere_ligne]) for lue in found)
