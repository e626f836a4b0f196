"""Whatever is asked of a list, all its views hold the same records: `bench/vues.py` asks hundreds of real ones."""

import pytest
from django.http import QueryDict
from django.test import override_settings
from django.utils.http import urlencode
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import vues
from bench.vues import Site, asked
from fiches import registre
from socle.catalogue.selection import Selection
from tests.conftest import load_places, make_many_projets, some_types
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.factories.glossaire import TermeFactory
from tests.fiches.tableur import full
from tests.sampling import size

pytestmark = pytest.mark.django_db
WORDS = ["Accueil", "Ville", "vide", "Presque", "absent"]


@pytest.fixture(scope="module")
def _site(kept):
    load_places()
    themes = [ThemeFactory(nom="Accueil"), ThemeFactory(nom="Cantine")]
    projets = make_many_projets(
        {
            "titre": f"VILLE {number % 3} - Accueil {number}",
            "departement_id": ["22", "29", "35", "56"][number % 4],
            "montant_eur": [0, None, 1500, 9999.5, 30000][number % 5],
            "themes": themes[: number % 3],
        }
        for number in range(20)
    )
    ProjetFactory(montant_eur=2500, remplace=projets[2], themes=[])  # of 1 500 €, which counts no more
    for declaration in registre.types():
        full(declaration)
        factory_of(declaration.model)(titre="Presque vide", themes=[])
    TermeFactory(titre="Accueil", definition="")


@pytest.mark.usefixtures("_site")
@some_types
@settings(max_examples=size(30, one_in=10))
@given(rng=st.randoms(use_true_random=False))
def test_every_view_of_a_list_holds_the_same_records_whatever_is_asked(db, declaration, rng):
    whole = Selection(declaration, QueryDict())
    assert whole.total == declaration.model.objects.published().count()  # those without definition or recording too
    for query in ("", urlencode(asked(rng, whole, WORDS), doseq=True)):
        assert Site(declaration).differences(query) == [], query


@pytest.mark.long
@pytest.mark.usefixtures("_site")
def test_the_bench_asks_more_than_the_api_allows_a_network(db, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["vues.py", "--nombre", "1"])
    with override_settings(API_PAR_MINUTE=1):
        assert vues.main() == 0
    assert capsys.readouterr().out.endswith("every view holds the same sheets\n")
