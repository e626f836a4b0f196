"""XML of others: read as a stream, or refused before it costs more than it weighs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.medias.bounded_xml import ATTRIBUTES, DEPTH, NAMES, TAG, ExpatError, Harmful, read
from socle.medias.budget import Budget, Exhausted

BLOCK = 10_000


def told(data: bytes, budget=None) -> list:
    found = []
    pieces = (data[start : start + BLOCK] for start in range(0, len(data), BLOCK))
    read(pieces, budget or Budget(), lambda name, said: found.append((name, *said)))
    return found


@given(names=st.lists(st.from_regex(r"[a-z]{1,5}", fullmatch=True), max_size=50), size=st.integers(0, 3 * BLOCK))
def test_every_element_is_told_in_its_order(names, size):
    inside = "".join(f'<x:{name} k="v">{"é" * (size // 50)}</x:{name}>' for name in names)
    assert told(f"<a>{inside}</a>".encode()) == [("a",), *((name, "k", "v") for name in names)]


@pytest.mark.parametrize(
    "data",
    [
        b'<a b="%s"/>' % (b"c" * 2 * TAG),
        b"<a><!--%s--></a>" % (b"c" * 2 * TAG),
        b"<?%s?><a/>" % (b"c" * 2 * TAG),
        b"<%s/>" % (b"c" * 2 * TAG),
        b"<a " + b"".join(b'a%d="" ' % n for n in range(ATTRIBUTES + 1)) + b"/>",
        b"<a>" * (DEPTH + 1),
        b"<a>" + b"".join(b'<b c%d=""/>' % n for n in range(NAMES // 5)) + b"</a>",
        b"<a>" + b"".join(b"<c%d/>" % n for n in range(NAMES // 5)) + b"</a>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"),
    ],
    ids=range(10),
)
def test_what_no_software_writes_is_refused(data):
    with pytest.raises(Harmful):
        told(data)


def test_a_name_counts_once_however_often_it_stands():
    assert len(told(b"<a>" + b"<%s/>" % (b"n" * (NAMES // 4)) * 20 + b"</a>")) == 21


def test_a_long_text_and_a_long_tag_that_ends_are_read():
    assert told(b"<a>%s</a>" % (b"c" * 5 * TAG)) == [("a",)]
    assert told(b"<a><![CDATA[%s]]></a>" % (b"c" * 5 * TAG)) == [("a",)]
    assert len(told(b'<a b="%s"/>' % (b"c" * (TAG - 2 * BLOCK)))) == 1


@pytest.mark.parametrize("data", [b"", b"<a", b"<a></b>", b"\x89PNG", b"<a>&b;</a>"])
def test_what_is_no_xml_says_so(data):
    with pytest.raises(ExpatError):
        told(data)


@pytest.mark.parametrize(
    ("limits", "enough"), [({"tags": 101}, True), ({"tags": 100}, False), ({"attributes": 99}, False)]
)
def test_tags_and_attributes_are_counted(limits, enough):
    data = b"<a>" + b'<b c="d"/>' * 100 + b"</a>"
    if enough:
        assert len(told(data, Budget(**limits))) == 101
    else:
        with pytest.raises(Exhausted):
            told(data, Budget(**limits))
