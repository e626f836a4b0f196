"""The queue at the desk: what it says of each proposal, and going through it one after the other."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import PageLue, load_places
from tests.contributions.test_corrections import desk, posted
from tests.factories import ProjetFactory
from tests.factories.contributions import ContributionFactory
from tests.sampling import mostly_long, size

pytestmark = pytest.mark.django_db
LISTE = "/admin/contributions/contribution/"


def fiche_proposee(**said):
    valeurs = {name: {"vu": "", "propose": text} for name, text in said.items()}
    return ContributionFactory(nature="fiche", entree=None, base=0, valeurs=valeurs)


def next_of(response):
    """Where « La suivante » leads, None without it; the same wherever the page says it."""
    found = {a["href"] for a in PageLue(response).all("a") if a.text == "La suivante"}
    assert len(found) <= 1
    return next(iter(found), None)


def refuse(client, address):
    data = posted(client.get(address)) | {"action": "refuser", "mot": "Non."}
    return client.post(address, data, follow=True)


@pytest.mark.long
def test_the_next_one_is_that_of_the_list_it_was_opened_from(client, staff):
    correction = ContributionFactory()
    new = [fiche_proposee(titre=f"Un bus {number}") for number in range(3)]
    client.post(desk(new[2]), posted(client.get(desk(new[2]))) | {"action": "question", "mot": "Où ?"})
    listed = "suite=ouverte&nature__exact=fiche&o=-1"
    links = {a["href"] for a in PageLue(client.get(f"{LISTE}?{listed}")).all("a")}
    kept = f"?_changelist_filters={quote(listed)}"
    assert f"{desk(new[1])}{kept}" in links
    assert next_of(client.get(f"{desk(new[1])}{kept}")) == f"{desk(new[0])}{kept}"
    after = client.post(f"{desk(new[1])}{kept}", posted(client.get(desk(new[1]))) | {"action": "examiner"})
    assert after.url == f"{desk(new[1])}{kept}"
    after = refuse(client, f"{desk(new[1])}{kept}")
    assert after.request["QUERY_STRING"] == listed
    assert next_of(after) == f"{desk(new[0])}{kept}"
    assert next_of(client.get(desk(new[0]))) == desk(correction), "from a link of no list, that of what is to do"


@mostly_long("kept", ["nature__exact__x=1", "p=99", "suite=rien", "o=99", "&&", "q=%00"], one_in=3)
def test_a_list_that_nobody_has_seen_breaks_no_page(client, staff, kept):
    row = ContributionFactory()
    assert client.get(f"{desk(row)}?_changelist_filters={quote(kept)}").status_code in (200, 400)


@pytest.mark.long
def test_the_queue_and_its_pages_cost_the_same_whatever_waits(client, staff):
    load_places()
    counts = []
    for more in (1, size(20, one_in=4)):
        for number in range(more):
            row = ContributionFactory(fiche=ProjetFactory(commune_id="22050", titre=f"Un portail {number}"))
            fiche_proposee(titre=f"Un bus {number}", commune="Lannion (22)")
        for page in (f"{LISTE}?suite=ouverte", desk(row)):
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
