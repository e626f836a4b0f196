"""Filters are declared once, and bound to each request: what one request asks is unknown to all others."""

from copy import copy

import pytest
from django.http import QueryDict

from socle.catalogue.list_sets import every
from socle.catalogue.selection import Selection
from tests.conftest import TYPES, load_places
from tests.factories import ProjetFactory

pytestmark = pytest.mark.django_db


def selection(query: str, declaration=TYPES["projet"]) -> Selection:
    return Selection(declaration, QueryDict(query))


def said(one: Selection) -> tuple:
    return one.phrase(), one.messages, [chip.texte for chip in one.chips], one.query_string()


def test_what_was_declared_is_shared_and_never_written_on():
    for declaration in every():
        filterset = declaration.liste.filterset_class
        filterset.get_form_class()
        declared = {name: copy(vars(one)) for name, one in filterset.base_filters.items()}
        asked = selection("q=cantine&departement=22&autour=Berric&lieu=zz&montant_min=9", declaration)
        said(asked), asked.groupes()
        assert declared == {name: vars(one) for name, one in filterset.base_filters.items()}, filterset.__name__
        for name, one in filterset.base_filters.items():
            bound = asked.filterset.filters[name]
            assert bound is not one
            assert bound.extra is one.extra, f"{filterset.__name__}.{name} is copied with all that it declares"
            assert asked.form.fields[name].filtre is bound


def test_requests_that_overlap_are_answered_each_for_itself():
    load_places()
    for departement, amount in (("22", 3000), ("29", 1000), ("22", 50)):
        ProjetFactory(departement_id=departement, montant_eur=amount)
    amounts = ("", "1", "2 000", "beaucoup")
    queries = [f"departement={code}&montant_min={one}" for code in ("22", "29", "56", "zz") for one in amounts]
    alone = [said(selection(query)) for query in queries]
    at_once = [selection(query) for query in queries]
    assert [said(one) for one in reversed(at_once)] == alone[::-1]
    assert len(set(map(repr, alone))) > len(amounts) * 2
