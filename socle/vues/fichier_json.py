"""The whole list as JSON, with typed values: one document, or one object a line."""

from collections.abc import Iterable, Iterator
from json import JSONEncoder

from django.http import StreamingHttpResponse

from socle.catalogue.columns import Block, Column
from socle.vues.fichier_csv import named, table
from socle.vues.origine import about
from socle.vues.vue import Vue

_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def objects(columns: list[Column], blocks: Iterable[Block]) -> Iterator[list[str]]:
    """The records of each block as JSON objects, with the keys of the CSV."""
    names = [column.nom for column in columns]
    for block in blocks:
        rows = zip(*(column.values(block) for column in columns), strict=True)
        yield [_encode(dict(zip(names, row, strict=True))) for row in rows]


def document(head: dict, records: Iterable[list[str]]) -> Iterator[bytes]:
    """The fields of `head` at once, then all records; not closed if reading them fails."""
    yield f'{_encode(head)[:-1]},"resultats":['.encode()
    before = "\n"
    for block in records:
        yield (before + ",\n".join(block)).encode()
        before = ",\n"
    yield b"\n]}\n"


def as_json(view, selection):
    head = {"total": selection.total, "phrase": selection.phrase()} | selection.about_search | about(selection)
    body = document(head, objects(*table(view, selection.keys())))
    return named(StreamingHttpResponse(body, content_type="application/json"), selection, "json")


def as_jsonl(view, selection):
    body = ("".join(f"{record}\n" for record in block).encode() for block in objects(*table(view, selection.keys())))
    return named(StreamingHttpResponse(body, content_type="application/jsonl; charset=utf-8"), selection, "jsonl")


JSON = Vue(
    "json",
    "{}.json",
    as_json,
    fichier=True,
    type_mime="application/json",
    rubrique="donnees",
    mots="JSON",
)
JSONL = Vue(
    "jsonl",
    "{}.jsonl",
    as_jsonl,
    fichier=True,
    type_mime="application/jsonl",
    rubrique="donnees",
    mots="JSON par lignes",
)
