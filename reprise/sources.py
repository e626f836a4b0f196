"""Reads the files of a source by their content: bytes in, a `Lecture` out, whatever the format.

A source is a list of `Piece`: the files of a folder, one file, or the answers of a wiki. `read_pieces` reads them all.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from reprise import api
from reprise.assemblage import assemble
from reprise.decoupage import normal
from reprise.dump import read_dump
from reprise.fields import Formulaire
from reprise.lecture import DumpIllisible, Lecture, SourceRefusee
from reprise.lignes import CSV_REFUSE
from reprise.wiki import Wiki
from socle.francais.wording import pluriel

FORMATS = ("texte", "json")
CSV = "csv"  # exported by the old site too, but its JSON says more
MAX_BYTES = 100 * 1024 * 1024  # for a text: reading takes little more memory than its size
MAX_DATA = 50 * 1024 * 1024  # for JSON: reading takes ten times its size
MAX_FILES = 5000
_READ = (".json", ".csv", ".txt", "")  # suffixes read in a folder: pictures and sounds are no export
_JSON = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\]\[{\"])")


@dataclass
class Piece:
    """A file or an answer. `nom`: its name in messages."""

    nom: str
    data: bytes


def open_source(source: Path) -> list[Piece]:
    """The files of a source. Raises SourceRefusee; reads MAX_BYTES at most."""
    try:
        if not source.is_dir():
            return [Piece(source.name, _read(source, MAX_BYTES))]
        files = sorted(path for path in source.rglob("*") if path.suffix.lower() in _READ and path.is_file())
        pieces, left = [], MAX_DATA
        if len(files) > MAX_FILES:
            raise SourceRefusee(
                f"{source} contient plus de {MAX_FILES} fichiers : donnez le dossier des exports seuls."
            )
        for path in files:
            pieces.append(Piece(str(path.relative_to(source)), _read(path, left, source)))
            left -= len(pieces[-1].data)
    except FileNotFoundError:
        raise SourceRefusee(f"{source} n’existe pas : vérifiez le chemin.") from None
    except OSError as error:
        raise SourceRefusee(f"{source} n’a pas pu être lu : {error.strerror}.") from error
    if not pieces:
        raise SourceRefusee(f"{source} ne contient aucun export (.json ou .txt) : mettez-y ceux de l’ancien site.")
    return pieces


def _read(path: Path, limit: int, whole: Path | None = None) -> bytes:
    """A file's bytes, read up to the limit: the size that a device tells means nothing."""
    too_much = SourceRefusee(
        f"{whole or path} dépasse {(MAX_DATA if whole else MAX_BYTES) // 1024**2} Mo : est-ce bien l’export de "
        f"l’ancien site ? Donnez-le formulaire par formulaire s’il est vraiment aussi grand."
    )
    if path.stat().st_size > limit:
        raise too_much
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise too_much
    return data


def read_pieces(
    pieces: Sequence[Piece],
    formulaires: Iterable[Formulaire],
    *,
    format: str | None = None,
    said: Mapping[str, str] = MappingProxyType({}),
) -> Lecture:
    """Reads a source. `format`: one of FORMATS, guessed if None. `said`: {number of a form: type}.

    Raises DumpIllisible.
    """
    forms = list(formulaires)
    kinds = [format_of(piece, forms) for piece in pieces]
    if len(pieces) == 1 and kinds != [CSV]:
        kinds = [format or kinds[0] or "texte"]
    if CSV in kinds and not {*kinds} & {*FORMATS}:
        raise DumpIllisible(CSV_REFUSE)
    chosen = format or _choose({kind for kind in kinds if kind} - {CSV})
    if chosen == "texte":
        texts = [piece for piece, kind in zip(pieces, kinds, strict=True) if kind == "texte"]
        if len(texts) != 1:
            raise DumpIllisible("Il faut un texte exporté, et un seul : donnez le fichier lui-même, puis recommencez.")
        lecture = read_dump(texts[0].data, forms)
        lecture.ignores += [f"{piece.nom} : laissé de côté." for piece in pieces if piece is not texts[0]]
        return _once(lecture)
    if sum(len(piece.data) for piece in pieces) > MAX_DATA:
        raise DumpIllisible(
            f"Plus de {MAX_DATA // 1024**2} Mo de données : c’est trop pour une seule fois. Donnez les formulaires un "
            f"par un, puis recommencez."
        )
    wiki, notes = Wiki("json"), []
    for piece, kind in zip(pieces, kinds, strict=True):
        if kind == "json":
            if api.without_warnings(piece.data) is not piece.data:
                notes.append(f"{piece.nom} : des avertissements de PHP, avant les données, laissés de côté.")
            api.add(wiki, api.parse(piece.data, piece.nom), piece.nom, Path(piece.nom).stem)
    wiki.ignores += notes
    wiki.ignores += [
        f"{piece.nom} : laissé de côté, ce n’est pas du JSON."
        for piece, kind in zip(pieces, kinds, strict=True)
        if kind != "json"
    ]
    if not wiki.fiches:
        raise DumpIllisible(
            "Aucune fiche ici : ce sont peut-être les seuls formulaires, ou une réponse vide. Demandez aussi les "
            "fiches à l’ancien site (« api/entries »), puis recommencez."
        )
    if not wiki.formulaires:
        raise DumpIllisible(
            "Il manque les formulaires : sans eux, rien ne dit ce que sont ces fiches, ni ce que l’ancien site cachait."
            " Demandez-les-lui (« ?api/forms »), mettez la réponse dans le même dossier, puis recommencez."
        )
    return _once(assemble(wiki, forms, said))


def _once(lecture: Lecture) -> Lecture:
    """Removes exact repetitions without an identifier: a text given twice in one file."""
    seen, kept = set(), []
    for lue in lecture.fiches:
        said = tuple((champ.label, champ.texte) for champ in lue.champs.values())
        key = lue.identifiant or (lue.type, lue.titre, lue.creee_le, said)
        if key not in seen:
            seen.add(key)
            kept.append(lue)
    if left := len(lecture.fiches) - len(kept):
        lecture.fiches = kept
        repeated = pluriel(left, "fiche est redite", "fiches sont redites")
        lecture.ignores.append(f"{repeated} mot pour mot dans cette source : chacune n’est reprise qu’une fois.")
    return lecture


def _choose(found: set[str]) -> str:
    if not found:
        raise DumpIllisible(
            "Rien ici ne vient de l’ancien site : il faut son texte exporté ou les réponses JSON de son API. Vérifiez "
            "que vous avez choisi le bon dossier."
        )
    if len(found) > 1:
        raise DumpIllisible(
            "Ce dossier contient à la fois un texte exporté et d’autres exports : donnez-les l’un après l’autre, le "
            "texte d’abord."
        )
    (kind,) = found
    return kind


def format_of(piece: Piece, formulaires: Iterable[Formulaire]) -> str | None:
    """The format of a file by its content: one of FORMATS, CSV for an export that is not read, or None."""
    start = api.without_warnings(piece.data)[:2000].removeprefix(b"\xef\xbb\xbf")
    if start.strip() and (_JSON.match(start) or piece.nom.lower().endswith(".json")):
        return "json"
    if not start.strip():
        return None
    if piece.nom.lower().endswith(".csv") or b"datetime_create" in start:
        return CSV
    text = piece.data[:200_000].decode(errors="replace")
    normals = {normal(label) for form in formulaires for label in form.sequence}
    return "texte" if any(normal(line) in normals for line in text.splitlines()) else None
