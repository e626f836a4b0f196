"""The records of a list that have a position as GeoJSON (RFC 7946), in blocks, in constant memory.

A record has the properties of the JSON, and `precision` of its position: « exacte », or as in positions.py. `total` and
`sans_position` follow the records.
"""

import json
from collections.abc import Iterator

from django.http import StreamingHttpResponse

from socle.catalogue.columns import Block, Column
from socle.catalogue.tuples import blocks
from socle.territoires.lieux import NOWHERE, Emplacement
from socle.vues import licence
from socle.vues.fichier_csv import named
from socle.vues.origine import about
from socle.vues.positions import APPROCHEE, DEGREES, is_located, own_fields, places
from socle.vues.vue import Vue

KEY = "pk"
EXACTE = "exacte"


def as_geojson(view, selection):
    head = {"type": "FeatureCollection", **about(selection)}
    body = stream(view, selection, head, licence.column(licence.chosen().nom))
    return named(StreamingHttpResponse(body, content_type="application/geo+json"), selection, "geojson")


def stream(view, selection, head: dict, last: Column) -> Iterator[bytes]:
    """`last`: a column after those of the list."""
    filterset, model = view.filterset_class, view.filterset_class._meta.model
    codes = [model._meta.get_field(name).attname for name in filterset.base_filters["lieu"].fields]
    columns = [column.of(model) for column in (*view.get_columns(), last)]
    own = own_fields(model)
    names = [column.nom for column in columns]
    asked = [*columns, Column("position", (KEY, *codes, *own))]
    known = places(selection.list_sets)
    total = placed = 0
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "features": ['.encode()
    for block in blocks(asked, filterset.public_by_key(), selection.keys()):
        features = []
        rows = zip(*(column.values(block) for column in columns), strict=True)
        for pk, row, (x, y, precision) in zip(block[KEY], rows, _positions(block, codes, own, known), strict=True):
            total += 1
            if x is not None:
                point = {"type": "Point", "coordinates": [round(x, 5), round(y, 5)]}  # to the metre
                says = dict(zip(names, row, strict=True)) | {"precision": precision}
                features.append({"type": "Feature", "id": pk, "geometry": point, "properties": says})
        if features:
            lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
            yield f"{',' if placed else ''}\n{lines}".encode()
            placed += len(features)
    told = {"total": total, "sans_position": total - placed} | selection.about_search
    yield f"\n], {json.dumps(told, ensure_ascii=False)[1:]}\n".encode()


def _positions(block: Block, codes: list[str], own: tuple[str, ...], known: dict[str, Emplacement]) -> Iterator[tuple]:
    """Longitude, latitude and precision of each record: its own, or those of its most exact place."""
    said = zip(*(block[path] for path in codes), strict=True)
    closest = (known.get(next(filter(None, one), ""), NOWHERE) for one in said)
    found = [(one.longitude, one.latitude, one.precision) for one in closest]
    if own:
        approximate = block[APPROCHEE] if APPROCHEE in own else [False] * len(found)
        degrees = zip(*(block[path] for path in DEGREES), approximate, strict=True)
        found = [
            other if x is None or near else (x, y, EXACTE) for other, (x, y, near) in zip(found, degrees, strict=True)
        ]
    return iter(found)


GEOJSON = Vue(
    "geojson",
    "{}.geojson",
    as_geojson,
    convient=is_located,
    fichier=True,
    type_mime="application/geo+json",
    rubrique="donnees",
    mots="GeoJSON, pour une carte",
)
