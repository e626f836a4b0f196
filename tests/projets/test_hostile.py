"""Whatever is written behind the « ? »: never a 500, never a silently empty list, never a silently whole one."""

import random
from itertools import count
from urllib.parse import quote_from_bytes

import pytest
from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict
from django.utils.html import escape

from socle.catalogue.selection import Selection
from socle.francais.typographie import typographie
from tests.conftest import TYPES, PageLue, load_places, make_many_projets
from tests.factories import ThemeFactory
from tests.sampling import mostly_long, sample

pytestmark = pytest.mark.django_db

SEED = 20261125
PARAMETERS = [
    *("q", "region", "departement", "intercommunalite", "tranche", "montant_min", "montant_max", "theme"),
    *("autour", "rayon", "tri", "page", "excel", "a[]", "departement[]", "__all__", "utm_source", "pk__in", "Q", ""),
]
# Pieces of values, as an address spells them.
PIECES = """
    %00 %00%00 22%00 %ED%A0%80 %ED%BF%BF %C3 %E2%82 %FF%FE %F0%9F%92%A9 %E2%80%AE % %0d%0aX-Sale:+1 %u0041 + %20 %C2%A0
    %E2%80%AF 1e309 -1e309 NaN Infinity -1 0 -0 00 0x10 1_000 %D9%A1%D9%A2 %C2%B2 1,5 1.5.5 20+000+%E2%82%AC
    '%22 ' %22 %22%22%22 '+OR+1=1 ';+DROP+TABLE+projets_projet;-- ;drop %27)+UNION+SELECT+1-- ../../etc/passwd {} []
    %3Cscript%3Ealert(1)%3C/script%3E %7B%7B7*7%7D%7D %24%7B7*7%7D * NOT NEAR(a,b) a+AND OR - --a -%22 ( a* tete:a ^a |
    ! %26 %3A* 22 29 99 2A zz 53 200068989 cantine inconnu 40000- 0-2500 Dinan Dinan+(22) (22) () Saint-Armel 35238
    Atlantide recent pertinence collectivite 2 99999999999999999999 true %E2%80%A8 %EF%BB%BF
    %F0%9F%8F%B4%E2%80%8D%E2%98%A0%EF%B8%8F
""".split()  # noqa: SIM905 - a list to be read
PIECES += [f"1{'0' * 30}", "9" * 5000, "a" * 300, "%CC%81" * 50]
HUGE = "x" * 100_000
CHOSEN = """
    & = &&== q q= =x departement departement= ? ?? # q=a;b=c departement=22;29 %00=1 %ED%A0%80=1 %C3=1
    page=0 page=-1 page=99999999999999999999 page=1&page=2 tri=;drop tri=&tri=recent tri=pertinence
    montant_min=1e309 montant_min=NaN montant_max=-1 montant_max=9999999999999 montant_min=40000&montant_max=5
    rayon=0 rayon=201 rayon=5 rayon=5&autour= autour=Dinan&rayon=1e3 autour=%F0%9F%92%A9 autour=()
    autour=Dinan+(%00 autour=Dinan+(2%00)
    autour=%C3%8Ele-Mol%C3%A8ne autour=Saint-Armel q=%22 q=- q=-a q=%22%22 q=a+-a q=le+la+les
    departement=22&departement=zz
""".split()  # noqa: SIM905 - a list to be read
CHOSEN += [
    "",
    *(f"{name}=%00" for name in PARAMETERS),
    *(f"{name}=%ED%A0%80" for name in PARAMETERS),
    *(f"{name}={HUGE}" for name in PARAMETERS),
    *(f"{name}=' OR 1=1" for name in PARAMETERS),
    *(f"{name}=22&{name}=zz&{name}=" for name in PARAMETERS),
    f"{HUGE}=1",
    "q=" + "+".join(map(str, range(300))),
    "&".join(f"theme=t{number}" for number in range(900)),
    "&".join(f"x{number}=1" for number in range(900)),
    "&".join(f"departement={number:02}" for number in range(99)),
    "&".join(["departement=22"] * 1001),
]


def generated():
    """Query strings of one to five parameters, each of one to three pieces glued together. The same every time."""
    rng = random.Random(SEED)
    for _ in range(600):
        pairs = []
        for _ in range(rng.randint(1, 5)):
            value = "".join(rng.choice(PIECES) for _ in range(rng.choice([1, 1, 1, 2, 3])))
            if rng.random() < 0.1:
                value = quote_from_bytes(rng.randbytes(rng.randint(1, 12)))
            pairs.append(f"{rng.choice(PARAMETERS)}={value}")
        yield "&".join(pairs)


@pytest.fixture
def sheets(_sheets, db):
    """Twenty of them, in some places, of some amounts."""


@pytest.fixture(scope="module")
def _sheets(kept):
    load_places()
    theme = ThemeFactory(nom="Cantine")
    places = [("22", "22050"), ("22", None), ("29", "29019"), ("35", "35238"), (None, None)]
    make_many_projets(
        {
            "departement_id": departement,
            "commune_id": commune,
            "montant_eur": [None, 0, 2500, 39999, 40000][number % 5],
            "description": "Portail de la cantine et du cimetière",
            "themes": [theme] if number % 2 else [],
        }
        for number, (departement, commune) in enumerate(places * 4)
    )


def selection(query):
    """What the address asks, or None if Django itself refuses it."""
    try:
        return Selection(TYPES["projet"], QueryDict(query))
    except TooManyFieldsSent:
        return None


def check_page(client, query):
    response = client.get("/projets/", QUERY_STRING=query)
    if response.status_code == 302:  # boxes that were sent empty leave the address
        query = response["Location"].partition("?")[2]
        response = client.get("/projets/", QUERY_STRING=query)
    if response.status_code == 400:
        assert query.count("&") >= 1000
        return
    assert response.status_code == 200
    page = response.content.decode()
    asked = response.context["selection"]
    if asked.total == 0:
        assert 'role="status">0 projet' in page
        criteria = "ce critère" if len(asked.chips) == 1 else "tous ces critères"
        assert f"Aucune fiche ne répond à {criteria}" in page
    else:
        assert len(response.context["page"].object_list) > 0
        assert "Aucune fiche ne répond" not in page
    if asked.errors:
        assert 'role="alert"' in page
    for messages in asked.errors.values():
        assert messages
        assert all(escape(typographie(message)) in page for message in messages)
    if asked.errors:
        check_malformed_is_no_filter(asked)


def check_malformed_is_no_filter(asked):
    """The list is the one without the parameters that have a message; a good value is never dropped on the way."""
    data = asked.data.copy()
    for name in asked.errors:
        data.pop(name, None)
    for name in list(data):
        if name not in asked.filterset.filters:
            del data[name]
    other = Selection(TYPES["projet"], data)
    assert not other.errors
    assert other.total == asked.total
    assert other.values == asked.values


def check_file(client, query):
    asked = selection(query)
    response = client.get("/projets.csv", QUERY_STRING=query)
    if asked is None or asked.errors:
        assert response.status_code == 400
        assert asked is None or response["Content-Type"] == "text/plain; charset=utf-8"
        for messages in asked.errors.values() if asked else ():
            for message in messages:
                assert message in response.content.decode()
        return
    assert response.status_code == 200
    lines = b"".join(response.streaming_content).decode().split("\r\n")
    assert len(lines) == asked.total + 2  # headings, and nothing after the last line's end


@mostly_long("query", CHOSEN, one_in=16, ids=count())
def test_a_chosen_query_string_is_answered_in_words(client, sheets, query):
    check_page(client, query)
    check_file(client, query)


@mostly_long("part", range(4), one_in=3)
def test_hundreds_of_query_strings_are_answered_in_words(client, sheets, part):
    for number, query in enumerate(sample(generated(), one_in=24)[part::4]):
        try:
            check_page(client, query) if number % 2 else check_file(client, query)
        except Exception as error:
            error.add_note(f"query string: {query[:500]}")
            raise


@mostly_long("name", ["departements", "a[]", "Q", "titre__contains", "__all__", "x" * 50, "\x00"], one_in=3)
def test_a_criterion_that_does_not_exist_is_said(client, sheets, name):
    page = PageLue(client.get("/projets/", {name: "22"}))
    assert "n’existe pas" in page.alert
    assert page.status == "20 projets"
    assert client.get("/projets.csv", {name: "22"}).status_code == 400


@mostly_long("name", ["utm_source", "mtm_campaign", "pk_kwd", "fbclid", "gclid", "page", "excel"], one_in=3)
def test_what_others_append_to_an_address_is_no_fault(client, sheets, name):
    assert PageLue(client.get("/projets/", {name: "1"})).alert == ""
    assert client.get("/projets.csv", {name: "1"}).status_code == 200


SLUGS = """
    %00 %ED%A0%80 %C3 ' %22 ..%2f..%2fetc a%0d%0ab %F0%9F%92%A9 %E2%80%AE - -- _ 0 1e309 %D9%A1 csv %2F %252F a;b a?b=c
    NaN -1 %20
""".split()  # noqa: SIM905 - a list to be read
SLUGS += ["x" * 100_000, "9" * 5000, "a" * 101]


@mostly_long("slug", SLUGS, one_in=4, ids=count())
def test_garbage_for_an_address_is_a_404(client, sheets, slug):
    for address in (f"/projets/{slug}/", f"/p/{slug}", f"/projets/{slug}", f"/projets.csv/{slug}"):
        response = client.get(address)
        assert response.status_code in (301, 400, 404), address
        if response.status_code == 301:  # a slash is added; the address behind it is none
            assert client.get(response["Location"]).status_code == 404


@mostly_long("method", ["post", "put", "patch", "delete", "trace"], one_in=3)
def test_only_reading_is_allowed(client, sheets, method):
    for address in ("/projets/", "/projets.csv"):
        assert getattr(client, method)(address).status_code == 405
