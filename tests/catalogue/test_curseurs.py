"""Where a list goes on: after a record that moved, left or was erased meanwhile, in every order."""

from itertools import product
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiches import registre
from labacces.recherche import SITE
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.catalogue.cursors import Curseur
from tests import sampling
from tests.conftest import load_places, make_many_projets
from tests.factories import ProjetFactory, factory_of
from tests.vues.lecture import PROJETS, get

pytestmark = pytest.mark.django_db
AMOUNTS = [0, None, 1500, 1500, 9999.5]
TOWNS = ["22050", "22339", "35288", None]


@pytest.fixture(scope="module")
def _sheets(kept):
    load_places()
    make_many_projets(
        {
            "titre": f"Accueil {'cantine ' * (number % 3)}numéro {number % 11}",
            "collectivite": f"Ville {number % 7}",
            "commune_id": TOWNS[number % 4],
            "montant_eur": AMOUNTS[number % 5],
            "datee": bool(number % 4),
        }
        for number in range(40)
    )
    for declaration in registre.types():
        factory_of(declaration.model).create_batch(6)


@pytest.fixture
def sheets(_sheets, db):
    """Forty projects that stand by few values, and six records of each other type."""


def keys(page):
    return [row["identifiant"] for row in page["resultats"]]


def rest(client, page):
    found = []
    while page["suivant"]:
        page = get(client, page["suivant"])
        found += keys(page)
    return found


def withdraw(pks):
    for projet in Projet.objects.filter(pk__in=pks):
        projet.statut = Statut.RETIREE
        projet.save()


def erase(pks):
    for projet in Projet.objects.filter(pk__in=pks):
        projet.delete()


def move(pks):
    """To where no order has them any more: another name, amount, day."""
    for number, projet in enumerate(Projet.objects.filter(pk__in=pks)):
        projet.collectivite, projet.montant_eur, projet.commune_id = f"Aa {number}", 10**6 + number, "22278"
        projet.save()


def publish(pks):
    """Others, before and behind."""
    ProjetFactory(collectivite="Aaa", montant_eur=99999, commune_id="22050", departement_id="22", titre="Une cantine")
    ProjetFactory(collectivite="Zzz", montant_eur=1, commune_id="35288", departement_id="35", titre="La cantine")


ORDERS = ["tri=collectivite", "tri=montant-decroissant", "tri=montant-croissant", "tri=recent", "q=cantine"]
ORDERS += ["autour=Dinan&tri=distance&rayon=50"]


@pytest.mark.long
@sampling.mostly_long("happens, asked", product([withdraw, erase, move, publish], ORDERS), one_in=5)
def test_a_list_goes_on_where_its_last_record_stood(client, sheets, asked, happens):
    """The last record of the first part, others before it and one after it move or leave: the rest is as it was."""
    every = keys(get(client, f"{PROJETS}?{asked}&limite=1000"))
    first = get(client, f"{PROJETS}?{asked}&limite=7")
    assert keys(first) == every[:7]
    touched = {every[6], every[5], every[0], every[9]}
    happens(touched)
    found = rest(client, first)
    assert len(found) == len(set(found))
    there = {*every} - touched
    assert [pk for pk in found if pk in there] == [pk for pk in every[7:] if pk in there]


@pytest.mark.long
@sampling.mostly_long("declaration", [*registre.types(), SITE], ids=lambda one: one.adresse, one_in=3)
def test_each_order_of_each_list_goes_on(client, sheets, declaration):
    address = f"/api/v1/{declaration.adresse}"
    selection = client.get(declaration.lien).context["selection"]
    for tri in selection.tris:
        every = keys(get(client, f"{address}?tri={tri}&limite=1000"))
        first = get(client, f"{address}?tri={tri}&limite=3")
        gone = every[2]
        model = declaration.model.objects.get(pk=gone)
        fiche = model.fiche if declaration is SITE else model
        with_state = fiche.statut
        fiche.statut = Statut.RETIREE
        fiche.save()
        assert rest(client, first) == every[3:], tri
        fiche.statut = with_state
        fiche.save()


def test_a_page_goes_on_where_its_last_sheet_stood(client, read, sheets):
    page = read("/projets/?tri=recent")
    button = next(one for one in page.one("nav", class_="pages").all("button") if one.text == "Page suivante")
    address = f"/projets/?tri=recent&apres={button['value']}"
    before = read(address).titles
    last = Projet.objects.get(slug=page.titles[-1].strip("/").split("/")[-1])
    withdraw([last.pk])
    assert read(address).titles == before


def test_a_cursor_holds_what_it_was_told():
    for values in ((), (1, None, "é\n\"'"), (True, 1.5, "2026-03-12T10:02:11.000012+00:00")):
        assert Curseur.read(str(Curseur(7, values))) == Curseur(7, values)


NONE = ["", "0", "-1", "1e3", "²", "x", "01", "9" * 30, str(2**32), "7.", "7.x", "7.____", "7.W10", "7 8", "7,8"]
NONE += [f"7.{'A' * 5000}", "7.éAAA", "7.W1tdXQ", "7.eyJhIjoxfQ"]  # the last two: [[]], {"a":1}


@sampling.mostly_long("text", NONE, one_in=3)
def test_what_is_no_cursor_is_refused_and_starts_a_page_over(client, read, sheets, text):
    assert Curseur.read(text) is None
    (fault,) = get(client, f"{PROJETS}?apres={quote(text)}", 400)["parametres"]
    assert fault["nom"] == "apres"
    if text:
        assert read(f"/projets/?apres={quote(text)}").titles == read("/projets/").titles


TIMES = st.sampled_from(["2026-03-12T10:00:00", "2026-03-12T10:00:00+23:59", "9999-12-31T23:00:00-23:00"])
VALUES = st.lists(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | TIMES, max_size=4)
TRIS = st.sampled_from([*(order.partition("tri=")[2] for order in ORDERS[:4]), "distance&autour=Dinan", "&q=cantine"])


@pytest.mark.long
@given(values=VALUES, tri=TRIS, pk=st.integers(1, 2**32 - 1))
def test_a_cursor_that_somebody_made_up_is_answered_or_refused(client, sheets, values, tri, pk):
    response = client.get(f"{PROJETS}?tri={tri}&apres={Curseur(pk, tuple(values))}")
    assert response.status_code in (200, 400)
