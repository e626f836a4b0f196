"""What people type finds what they look for: the queries of requetes.toml, on the demo data and on an extract."""

import pytest
from django.conf import settings

from bench.qualite_recherche import QUERIES, evaluate, fill, mean
from fiches.themes import load_themes
from socle.recherche.synonymes import load_synonyms
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db
FIXTURES = settings.BASE_DIR / "fixtures"


@pytest.mark.usefixtures("places")
@mostly_long("corpus", ["demo", "extrait"], one_in=2)
def test_queries_find_the_sheets_that_are_wanted(corpus):
    load_themes(FIXTURES / "themes.json")
    load_synonyms(FIXTURES / "synonymes.json")
    fill(corpus)
    results = evaluate(QUERIES, corpus)
    poor = [(result.requete, result.rang) for result in results if result.rang != 1]
    assert mean(result.inverse for result in results) >= 0.93, poor
    assert [result.requete for result in results if result.rappel < 1] == []
