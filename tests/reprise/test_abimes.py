"""Broken or wrong exports give records, or a message that says what to do."""

import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.formulaires import declared
from reprise.lecture import DumpIllisible
from reprise.sources import FORMATS, Piece, read_pieces
from tests.reprise.yeswiki import ecriture
from tests.reprise.yeswiki.site import fabriquer

UN = {"projet": 2, "initiative": 2, "evenement": 1, "inscription": 1}


@cache
def answers():
    site = fabriquer(UN)
    return [ecriture.en_un_fichier(site), ecriture.en_texte(site)]


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


@pytest.mark.parametrize(
    ("data", "nom"),
    [
        (b'"Titre","Objectifs"\n"Bus","Aller"\n', "export-bazar-5.csv"),
        (b"Titre;Description;Enjeux\nBus;Aller;Loin\n", "sans-nom"),
    ],
)
def test_a_csv_is_answered_by_where_to_take_the_json(data, nom):
    with pytest.raises(DumpIllisible, match="Les CSV de l’ancien site ne sont pas lus : prenez ses données en JSON"):
        read_pieces([Piece(nom, data)], declared())


def test_a_csv_beside_the_json_is_left_aside():
    lecture = read_pieces([Piece("a.json", answers()[0]), Piece("export-bazar-5.csv", b"Titre\nBus\n")], declared())
    assert lecture.fiches
    assert "export-bazar-5.csv : laissé de côté, ce n’est pas du JSON." in lecture.ignores
