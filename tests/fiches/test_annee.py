"""The year of a moment is that of where the site is, for each row of a database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import ExtractYear

from fiches.filters import Annee
from projets.models import Projet
from tests.conftest import make_many_projets

pytestmark = pytest.mark.django_db


def test_a_year_ends_where_the_site_is():
    ends = [datetime(year, 1, 1, tzinfo=UTC) for year in (1999, 2024, 2025)]
    moments = [
        end + timedelta(minutes=minutes) for end in ends for minutes in (-1500, -61, -60, -1, 0, 1, 1500, 300_000)
    ]
    make_many_projets({"publiee_le": moment} for moment in [*moments, None])
    rows = Projet.objects.annotate(annee=Annee("publiee_le"), exact=ExtractYear("publiee_le"))
    found = {row.publiee_le: (row.annee, row.exact) for row in rows}
    assert found.pop(None) == (None, None)
    assert len(found) == len(moments)
    assert [one for one in found.items() if one[1][0] != one[1][1]] == []
    assert found[datetime(2024, 12, 31, 22, 59, tzinfo=UTC)][0] == 2024
    assert found[datetime(2024, 12, 31, 23, 0, tzinfo=UTC)][0] == 2025
