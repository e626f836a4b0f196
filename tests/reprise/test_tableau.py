"""The CSV of the old wiki, as PHP writes it, as spreadsheets save it again, or broken; JSON broken likewise."""

import csv
import io
import json
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reprise import tableau
from reprise.formulaires import declared
from reprise.lecture import DumpIllisible
from reprise.sources import FORMATS, Piece, read_pieces
from reprise.wiki import Wiki
from tests.growth import in_line
from tests.reprise.yeswiki import ecriture
from tests.reprise.yeswiki.site import fabriquer
from tests.sampling import size

UN = {"projet": 2, "initiative": 2, "evenement": 1, "inscription": 1}

cells = st.text(st.sampled_from('abé ",;\\\n\t&'), max_size=8)
# Rows of one table are of one length, by which the reader tells what a quote behind a backslash is.
tables = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=4)
)


def read(text, delimiter):
    return [row for _, row in tableau.rows(text, delimiter)]


@given(tables)
def test_what_php_writes_is_read_back(table):
    # Behind a backslash, a quote before a comma or a line's end cannot be told from the end of the cell.
    assume(not any("\\" in cell and '"' in cell for row in table for cell in row))
    text = "".join(ecriture.ligne_php(row) + "\n" for row in table)
    assert read(text, ",") == table


@given(tables)
def test_what_a_spreadsheet_writes_is_read_back(table):
    assume(not any("\\" in cell and '"' in cell for row in table for cell in row))
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(table)
    assert read(out.getvalue(), ";") == table


@pytest.mark.parametrize("cell", ['C:\\"x', 'dit \\"ok\\" puis "non"', "C:\\", 'fin "citée"', 'a\\"" b'])
def test_a_quote_behind_a_backslash_is_read_as_php_wrote_it(cell):
    assert read(ecriture.ligne_php([cell, "b"]) + "\n", ",") == [[cell, "b"]]


@pytest.mark.parametrize("cell", ['dit \\"ok\\", puis \\"non\\", enfin', 'a\\"\nb', 'un \\"', '\\"", x'])
def test_a_quote_behind_a_backslash_before_a_comma_ends_no_cell_if_the_row_would_have_too_many(cell):
    rows = [["titre", "texte", "lieu"], ["un", cell, "Dinan"], ["C:\\", "b", "c"], ["deux", "b", "c"]]
    assert read("".join(ecriture.ligne_php(row) + "\n" for row in rows), ",") == rows


def test_lines_are_numbered_where_rows_start():
    assert list(tableau.rows('a,"b\nc"\nd,e\n', ",")) == [(1, ["a", "b\nc"]), (3, ["d", "e"])]


def test_a_quote_left_open_is_told_where_it_opens():
    with pytest.raises(DumpIllisible, match="jamais refermé") as caught:
        list(tableau.rows('a,b\nc,"d\n', ","))
    assert caught.value.ligne == 2


def test_headings_said_again_by_a_file_put_behind_another_are_no_record():
    text = "Nom du projet,Objectifs\nUn,a\nNom du projet,Objectifs\nDeux,b\n"
    wiki = Wiki("csv")
    tableau.add(wiki, text, "export.csv", "export")
    assert [fiche.valeurs["Nom du projet"] for fiche in wiki.fiches] == ["Un", "Deux"]
    assert wiki.comptes["total"] == 8
    assert wiki.comptes["libelles"] == 4


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Été, œuvre é".encode()[:-1], "Été, œuvre Ã"),  # cut within a letter
        ("Été, ".encode() + b"caf\xe9, \x80 " + "œuvre".encode(), "Été, café, € œuvre"),  # pasted from elsewhere
        (b"\xef\xbb\xbfcaf\xe9, \xc3\xa9", "café, é"),
    ],
)
def test_a_byte_astray_spoils_no_other_accent(data, text):
    assert tableau.decode(data, "a.csv") == (text, False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_are_read_whatever_the_spreadsheet_made_of_them(encoding):
    assert tableau.decode("Été, œuvre".encode(encoding), "a.csv") == ("Été, œuvre", encoding == "cp1252")


# Any bytes: records, or a message


@cache
def answers():
    site = fabriquer(UN)
    found = [ecriture.en_un_fichier(site), ecriture.en_csv(site, "projet"), ecriture.en_csv(site, "initiative")]
    return [*found, ecriture.reenregistre(site, "evenement", encodage="cp1252"), ecriture.en_texte(site)]


def read_or_refuse(data, nom="fichier", format=None):
    try:
        lecture = read_pieces([Piece(nom, data)], declared(), format=format)
    except DumpIllisible:
        return
    counts = dict(lecture.lignes)
    assert counts.pop("total") == sum(counts.values())
    for fiche in lecture.fiches:
        for champ in fiche.champs.values():
            champ.texte.encode()
            assert "\x00" not in champ.texte


@given(st.binary(max_size=200), st.sampled_from(["fichier", "a.json", "a.csv"]), st.sampled_from([None, *FORMATS]))
def test_any_bytes_give_records_or_a_message(data, nom, format):
    read_or_refuse(data, nom, format)


@given(st.data())
def test_a_damaged_export_gives_records_or_a_message(data):
    export = data.draw(st.sampled_from(answers()))
    start = data.draw(st.integers(0, len(export)))
    end = data.draw(st.integers(start, min(len(export), start + 30)))
    read_or_refuse(export[:start] + data.draw(st.binary(max_size=10)) + export[end:])


KEYS = """
    id_fiche id_typeannonce bf_titre bn_id_nature prepared options template bn_template label titre_liste nodes title
    fieldMapping entries geolocation propertyname type children date_creation_fiche checkboxListeA name bf_mail id url
    forms
"""
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=6),
    max_leaves=25,
)


@given(values)
def test_any_json_gives_records_or_a_message(value):
    read_or_refuse(json.dumps(value).encode(), "a.json")


@pytest.mark.parametrize(
    ("data", "nom", "said", "ligne"),
    [
        (b'{"A": {"id_fiche": "A",\n "bf_titre": "x', "a.json", "arr\u00eate avant sa fin", 2),
        (b'{"A": {"id_fiche": "A"}\n "B": 1}', "a.json", "colonne 2", 2),
        (b'{"A": "\xe9"}', "a.json", "pas en UTF-8", 1),
        (b"[" * 100_000, "a.json", "ne peut pas \u00eatre lu", None),
        (b'{"A": ' + b"9" * 5000 + b"}", "a.json", "ne peut pas \u00eatre lu", None),
        (b"{}", "a.json", "Aucune fiche", None),
        (b"<!doctype html>", "a.json", "pas du JSON complet", 1),
        (b'datetime_create,bf_titre\n"a,b', "a.csv", "jamais referm\u00e9", 2),
        (b"datetime_create,bf_titre\n", "a.csv", "Aucune fiche", None),
        (b"bf_titre\x00,a\n", "a.csv", "octet nul", 1),
    ],
)
def test_what_is_broken_is_told_where_and_what_to_do(data, nom, said, ligne):
    with pytest.raises(DumpIllisible, match=said) as caught:
        read_pieces([Piece(nom, data)], declared(), format=nom[2:])
    assert caught.value.ligne == ligne


def test_more_than_memory_should_hold_is_refused(monkeypatch):
    monkeypatch.setattr("reprise.sources.MAX_DATA", 100)
    with pytest.raises(DumpIllisible, match="trop pour une seule fois"):
        read_pieces([Piece("a.json", answers()[0])], declared())


@pytest.mark.long
@pytest.mark.parametrize("end", ["", '"z"\n'])
def test_a_file_of_rows_that_cannot_be_told_costs_no_more_than_its_length(end):
    def rows(number):
        return "a,b\n" + '"\\",x,y\n' * number + end

    assert len(read(rows(20), ",")) == 21 + bool(end)
    assert in_line(lambda text: read(text, ","), rows, size(20_000, one_in=4))


def test_lines_that_end_as_they_once_did_are_counted():
    assert [line for line, _ in tableau.rows("a,b\rc,d\re,f", ",")] == [1, 2, 3]
