"""Reads the cells of a workbook (XLSX) that `classeur.py` has checked.

openpyxl reads all that a workbook says: ranges of rules, shared formulas, formats by patterns. Some of it takes far
more time than its size tells. So only these parts of it are used: the list of sheets, the values, whether a format is
that of a date.
"""

import zipfile
from collections.abc import Iterator

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import ARC_STYLE, SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

FORMAT = 255  # characters in the format of a cell, as in spreadsheets
ROW, CELL, STYLES, NAMED, ITEM, TEXT, PIECE = (
    f"{{{SHEET_MAIN_NS}}}{name}" for name in ("row", "c", "cellXfs", "numFmt", "si", "t", "r")
)
OF_A_CELL = {CELL, TEXT, PIECE, *(f"{{{SHEET_MAIN_NS}}}{name}" for name in ("v", "f", "is"))}


def sheets(file) -> list["Sheet"]:
    """The sheets of a workbook; any exception if it is damaged."""
    reader = _CellsReader(file, read_only=True, keep_links=False)
    reader.read()
    return reader.wb.worksheets


class _CellsReader(ExcelReader):
    def read(self):
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        self.read_formats()
        self.read_worksheets()

    def read_strings(self):
        found = self.package.find(SHARED_STRINGS)
        if found is not None:
            with self.archive.open(found.PartName[1:]) as part:
                self.shared_strings = list(_shared_texts(part))

    def read_formats(self):
        if ARC_STYLE in self.valid_files:
            with self.archive.open(ARC_STYLE) as part:
                formats = _formats(part)
            self.wb._date_formats = {rank for rank, one in enumerate(formats) if is_date_format(one)}
            self.wb._timedelta_formats = {rank for rank, one in enumerate(formats) if is_timedelta_format(one)}

    def read_worksheets(self):
        for sheet, link in self.parser.find_sheets():
            if link.target in self.valid_files and "chartsheet" not in link.Type:
                self.wb._sheets.append(Sheet(self.wb, sheet.name, link.target, self.shared_strings))


class Sheet(ReadOnlyWorksheet):
    def _get_size(self):
        """Does nothing: to learn the size of a sheet may take reading all of it, and a stated size may be wrong."""

    def lines(self) -> Iterator[tuple[int, tuple]]:
        """(line, cells) of each row that has cells."""
        last, book = 0, self.parent
        with self._get_source() as part:
            formats = {"date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}
            for line, cells in _Cells(part, self._shared_strings, epoch=book.epoch, **formats).parse():
                if line > last and cells:
                    yield line, self._get_row(cells)
                last = max(line, last)


class _Cells(WorkSheetParser):
    def parse(self):
        for _, element in iterparse(self.source):
            if element.tag == ROW:
                yield self.parse_row(element)
            if element.tag not in OF_A_CELL:
                element.clear()

    def parse_formula(self, element):
        return "="  # the cell is refused whatever its formula; a shared formula would be computed again for each cell


def _shared_texts(part: zipfile.ZipExtFile) -> Iterator[str]:
    """The texts that cells share: all pieces of a text in pieces (bold and the like), without its pronunciation."""
    for _, node in iterparse(part):
        if node.tag == ITEM:
            found = (one if one.tag == TEXT else one.find(TEXT) for one in node if one.tag in (TEXT, PIECE))
            yield "".join(one.text or "" for one in found if one is not None).replace("x005F_", "")
            node.clear()


def _formats(part: zipfile.ZipExtFile) -> list[str]:
    named, numbers = {}, []
    for _, node in iterparse(part):
        if node.tag == NAMED:
            named[int(node.get("numFmtId"))] = node.get("formatCode")[:FORMAT]
        elif node.tag == STYLES:
            numbers = [int(one.get("numFmtId", 0)) for one in node]
    return [named.get(number) or builtin_format_code(number) for number in numbers]
