"""Workbooks of LibreOffice (ODS), written row by row. docs/decisions/ods.md says why no library does it.

Cells, sheets and limits are those of classeur.py.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from socle.catalogue.columns import Block, Column
from socle.tableur.classeur import ORIGINE, leaf_name, typed, writable
from socle.tableur.slots import one_of_few

ODS = "application/vnd.oasis.opendocument.spreadsheet"
_URN = "urn:oasis:names:tc:opendocument:xmlns"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST = f"""{_XML}<manifest:manifest xmlns:manifest="{_URN}:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{ODS}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
_HEAD = f"""{_XML}<office:document-content xmlns:office="{_URN}:office:1.0" xmlns:table="{_URN}:table:1.0"
 xmlns:text="{_URN}:text:1.0" xmlns:style="{_URN}:style:1.0" xmlns:number="{_URN}:datastyle:1.0"
 xmlns:fo="{_URN}:xsl-fo-compatible:1.0" office:version="1.3">
<office:automatic-styles>
<style:style style:name="nombre" style:family="table-column"><style:table-column-properties
 style:column-width="2.5cm"/></style:style>
<style:style style:name="mots" style:family="table-column"><style:table-column-properties
 style:column-width="5cm"/></style:style>
<style:style style:name="titre" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
<number:date-style style:name="n-jour"><number:day number:style="long"/><number:text>/</number:text><number:month
 number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>
<number:date-style style:name="n-moment"><number:day number:style="long"/><number:text>/</number:text><number:month
 number:style="long"/><number:text>/</number:text><number:year number:style="long"/><number:text> </number:text
><number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"
/></number:date-style>
<number:number-style style:name="n-montant"><number:number number:decimal-places="2" number:min-decimal-places="2"
 number:min-integer-digits="1" number:grouping="true"/><number:text> €</number:text></number:number-style>
<style:style style:name="montant" style:family="table-cell" style:data-style-name="n-montant"/>
<style:style style:name="jour" style:family="table-cell" style:data-style-name="n-jour"/>
<style:style style:name="moment" style:family="table-cell" style:data-style-name="n-moment"/>
</office:automatic-styles>
<office:body><office:spreadsheet>
"""
_TAIL = "</office:spreadsheet></office:body></office:document-content>\n"
# Blanks that XML readers would merge; the text of a cell keeps them.
_BLANKS = re.compile(r"\t|^ | $| {2,}", re.MULTILINE)


@one_of_few
def write(columns: list[Column], blocks: Iterable[Block], title: str, about: Iterable[tuple] = ()) -> bytes:
    """The workbook of what columns (`Column.of`) read, in blocks, like `classeur.write`.

    Only compressed data stay in memory.
    """
    file, leaf = BytesIO(), leaf_name(title)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS, zipfile.ZIP_STORED)  # the first entry, uncompressed, names the format
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("settings.xml", _settings(leaf))
        with archive.open("content.xml", "w", force_zip64=True) as content:
            for part in _content(columns, blocks, leaf, about):
                content.write(part.encode())
    return file.getvalue()


def _content(columns, blocks, leaf: str, about) -> Iterator[str]:
    yield _HEAD
    yield f"<table:table table:name={quoteattr(leaf)}>"
    yield from (f'<table:table-column table:style-name="{"nombre" if one.numeric else "mots"}"/>' for one in columns)
    yield _row(_cell(column.nom, "titre") for column in columns)
    for block in blocks:
        rows = zip(*(map(_cell, typed(column, block)) for column in columns), strict=True)
        yield "".join(map(_row, rows))
    yield "</table:table>"
    if about:
        yield f"<table:table table:name={quoteattr(ORIGINE)}>"
        yield '<table:table-column table:style-name="mots" table:number-columns-repeated="2"/>'
        for what, *answers in about:
            yield _row([_cell(what, "titre"), *map(_cell, answers)])
        yield "</table:table>"
    yield _TAIL


def _row(cells: Iterable[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>\n"


def _cell(value, style: str = "") -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, int | float | Decimal):
        euros = ' table:style-name="montant"' if isinstance(value, Decimal) else ""
        return (
            f'<table:table-cell{euros} office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
            "</table:table-cell>"
        )
    if isinstance(value, date):
        timed = isinstance(value, datetime)
        shown = f"{value:%d/%m/%Y %H:%M}" if timed else f"{value:%d/%m/%Y}"
        return (
            f'<table:table-cell table:style-name="{"moment" if timed else "jour"}" office:value-type="date" '
            f'office:date-value="{value.isoformat()}"><text:p>{shown}</text:p></table:table-cell>'
        )
    named = f' table:style-name="{style}"' if style else ""
    return f'<table:table-cell{named} office:value-type="string">{_text(writable(value))}</table:table-cell>'


def _text(text: str) -> str:
    """One paragraph per line, with all blanks kept."""
    text = escape(text)
    if "  " in text or "\t" in text or text != text.strip(" ") or " \n" in text or "\n " in text:
        text = _BLANKS.sub(_blank, text)
    return "<text:p>" + text.replace("\n", "</text:p><text:p>") + "</text:p>"


def _blank(match: re.Match) -> str:
    found = match.group()
    return "<text:tab/>" if found == "\t" else f'<text:s text:c="{len(found)}"/>'


def _settings(leaf: str) -> str:
    """The settings that keep headings and first column in sight."""
    items = "".join(
        f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
        for name, kind, value in (
            ("HorizontalSplitMode", "short", 2),
            ("HorizontalSplitPosition", "int", 1),
            ("PositionRight", "int", 1),
            ("VerticalSplitMode", "short", 2),
            ("VerticalSplitPosition", "int", 1),
            ("PositionBottom", "int", 1),
            ("ActiveSplitRange", "short", 3),
        )
    )
    return (
        f'{_XML}<office:document-settings xmlns:office="{_URN}:office:1.0" xmlns:config="{_URN}:config:1.0" '
        'office:version="1.3"><office:settings><config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        '<config:config-item-map-named config:name="Tables">'
        f"<config:config-item-map-entry config:name={quoteattr(leaf)}>{items}</config:config-item-map-entry>"
        "</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>\n"
    )
