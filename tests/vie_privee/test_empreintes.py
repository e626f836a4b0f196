"""Which visitors count as one."""

import pytest

from socle.vie_privee.empreintes import address, visiteur

pytestmark = [pytest.mark.django_db, pytest.mark.securite]


@pytest.fixture
def place(rf, settings):
    """The digest of a place, direct or behind a proxy."""

    def digest(seen, *, proxy=False):
        settings.TRUST_PROXY = proxy
        where = {"HTTP_X_FORWARDED_FOR": f"198.51.100.9, {seen}"} if proxy else {"REMOTE_ADDR": seen}
        return visiteur(rf.get("/", **where))

    return digest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("203.0.113.7", "203.0.113.7:5678"),
        ("203.0.113.7", "::ffff:203.0.113.7"),
        ("203.0.113.7", "::ffff:cb00:7107"),
        ("203.0.113.7:1", "203.0.113.7:2"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::2"),
        ("::1", "[::1]:443"),
    ],
)
def test_one_place_is_one_however_its_address_is_written(place, one, other):
    assert place(one) == place(other)
    assert place(one, proxy=True) == place(other, proxy=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8"),
        ("203.0.113.7:5678", "203.0.113.8:5678"),
        ("2001:db8::1", "2001:db8:0:1::1"),
        ("[2001:db8::1]:443", "[2001:db8:0:1::1]:443"),
        ("unknown", "203.0.113.7"),
    ],
)
def test_two_places_are_two(place, one, other):
    assert place(one) != place(other)


def test_without_an_address_there_is_nothing_to_count(rf):
    assert address(rf.get("/", REMOTE_ADDR="")) == ""
