"""What every view of every list keeps, new ones too: its cost, and what nonsense is answered."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fiches.lieux import Situee
from socle.vues.toutes import vues
from tests.conftest import know_models, some_types
from tests.factories import factory_of
from tests.sampling import sample, size

pytestmark = pytest.mark.django_db
MALFORMED = ["departement=zz", "inconnu=1", "theme=%00", "tri=%00", "q=%00", f"annee={'9' * 50}", f"tri={'x' * 5000}"]
MALFORMED += ["montant_min=beaucoup", "theme=%27+OR+1=1"]


def of_a_selection(declaration) -> list:
    """The views of a list but for comparisons, which are of records that were picked."""
    return [vue for vue in vues(declaration.liste) if not vue.cle.startswith("comparer")]


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.long
@some_types
def test_no_view_takes_a_query_more_for_more_records(client, places, same_moment, declaration):
    placed = {"commune_id": "22050", "departement_id": "22"} if issubclass(declaration.model, Situee) else {}
    make = factory_of(declaration.model)

    def costs():
        found = {}
        for address in (vue.adresse(declaration) for vue in of_a_selection(declaration)):
            for asked in (address, f"{address}?q=fiche"):
                read(client, asked)  # what a process holds
                with CaptureQueriesContext(connection) as captured:
                    read(client, asked)
                found[asked] = len(captured)
        return found

    know_models()
    make.create_batch(2, titre="Une fiche", **placed)
    few = costs()
    make.create_batch(size(20, one_in=2), titre="Une fiche", **placed)
    assert costs() == few
    assert max(few.values()) <= 12, few


@some_types
def test_what_is_malformed_is_said_by_each_page_and_refused_by_each_file(client, declaration):
    factory_of(declaration.model).create_batch(2)
    for vue in of_a_selection(declaration):
        for query in sample(MALFORMED, one_in=3):
            response = client.get(vue.adresse(declaration), QUERY_STRING=query)
            if vue.fichier or vue.cle == "api":
                assert response.status_code == 400, (vue.cle, query)
                continue
            assert response.status_code == 200, (vue.cle, query)
            assert response.context["selection"].errors, (vue.cle, query)
            assert vue.encadrable or 'role="alert"' in response.content.decode(), (vue.cle, query)
