"""The possible doubles are what each record compared with each would say."""

from collections import Counter
from decimal import Decimal
from itertools import combinations

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from fiches.suivi import doublons
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.recherche.analyse import stems
from tests.conftest import TYPES, make_many_projets
from tests.factories import ProjetFactory, factory_of
from tests.growth import spent

pytestmark = pytest.mark.django_db

RESSOURCE = TYPES["ressource"].model
WORDS = ["portail", "famille", "cantine", "agent", "budget", "quai", "phare", "moulin"]
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
fields = st.fixed_dictionaries(
    {},
    optional={
        "titre": titles,
        "collectivite": st.sampled_from(["", "Dinan", "Brest"]),
        "montant_eur": st.sampled_from([None, *map(Decimal, (0, 15000, 15100, 15306, 15307, 90000))]),
        "statut": st.sampled_from([*Statut]),
    },
)
# Which record, of those that are there; None: a new one. What becomes of it; None: it is erased.
changes = st.lists(st.tuples(st.none() | st.integers(0, 9), st.none() | fields), min_size=5, max_size=25)


def near(one: set, other: set) -> bool:
    """One word more, less or another; three quarters of them in common, two at least."""
    lost, more = one - other, other - one
    return max(len(lost), len(more)) < 2 and len(one & other) >= max(2, 0.75 * len(one | other))


def looked_at(model=Projet):
    """The pairs of all records, each compared with each."""
    rows = list(model.objects.exclude(statut__in=[Statut.RETIREE, Statut.CORBEILLE]).order_by("pk"))
    links = Counter(getattr(row, "lien", "") for row in rows)
    found = {}
    for one, other in combinations(rows, 2):
        titles = [doublons.plain_title(row.titre) for row in (one, other)]
        places = [row.lieu_affiche for row in (one, other)]
        amounts = [getattr(row, "montant_eur", None) or 0 for row in (one, other)]
        link = getattr(one, "lien", "")
        says = {
            "même titre": titles[0] == titles[1],
            "même lien": link and link == other.lien and links[link] <= 3,
            "titres proches": len({*titles}) == 2
            and len({*places}) == 1
            and near({*stems(one.titre)}, {*stems(other.titre)}),
            "même lieu et montant voisin": len({*places}) == 1
            and places[0]
            and all(amounts)
            and max(amounts) - min(amounts) <= max(amounts) * Decimal("0.02"),
        }
        tied = getattr(one, "remplace_id", 0) == other.pk or getattr(other, "remplace_id", 0) == one.pk
        if not tied and (reasons := [raison for raison, is_so in says.items() if is_so]):
            found[one.pk, other.pk] = ", ".join(reasons)
    return found


def play(changes):
    for rank, values in changes:
        rows = list(Projet.objects.order_by("pk"))
        if rank is None or not rows:
            Projet(
                titre="Quai", **{"statut": Statut.PUBLIEE} | {k: v for k, v in (values or {}).items() if k != "titre"}
            ).save()
        elif values is None:
            rows[rank % len(rows)].entree.delete()
        elif not values:
            Projet.objects.filter(pk=rows[0].pk).exclude(pk=rows[-1].pk).update(remplace=rows[-1])
            rows[0].refresh_from_db()
            rows[0].save()
        else:
            rows[rank % len(rows)].change(values)


@pytest.mark.long
@given(changes)
def test_after_any_change_the_pairs_are_what_a_look_at_all_records_says(changes):
    with transaction.atomic():
        play(changes)
        assert doublons.pairs(Projet) == looked_at()
        transaction.set_rollback(True)


@pytest.mark.long
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["", "https://a.bzh/1", "https://a.bzh/2"])), max_size=20))
def test_of_links_too(changes):
    with transaction.atomic():
        rows = [factory_of(RESSOURCE)(titre=f"Titre {word}", lien="") for word in WORDS[:6]]
        for rank, link in changes:
            rows[rank].change({"lien": link})
            assert doublons.pairs(RESSOURCE) == looked_at(RESSOURCE)
        transaction.set_rollback(True)


def test_more_records_of_one_title_than_a_crowd_are_no_doubles_but_in_one_place(monkeypatch):
    monkeypatch.setattr(doublons, "CROWD", 3)
    for place in ("Dinan", "Brest", "Vannes"):
        ProjetFactory(titre="Portail des familles", collectivite=place)
    assert len(doublons.pairs(Projet)) == 3
    last = ProjetFactory(titre="Portail des familles", collectivite="Vannes")
    assert list(doublons.pairs(Projet).values()) == ["même titre"]
    last.change({"statut": Statut.RETIREE})
    assert len(doublons.pairs(Projet)) == 3


def test_a_pair_that_was_dismissed_is_not_found_again():
    first, second = ProjetFactory(titre="Portail"), ProjetFactory(titre="Portail")
    assert doublons.pairs(Projet)
    doublons.dismiss(second.pk, first.pk)
    assert not doublons.pairs(Projet)
    first.change({"titre": "Portails"})
    assert not doublons.pairs(Projet)


def test_it_asks_as_much_whatever_the_number_of_records(django_assert_num_queries):
    for size in (1, 20):
        make_many_projets({"titre": f"Portail des familles {n}", "collectivite": f"Lieu {n}"} for n in range(size))
        with django_assert_num_queries(2):  # the records, the pairs that were dismissed
            doublons.pairs(Projet)


@pytest.mark.long
def test_thousands_of_records_cost_no_more_to_compare_than_their_number():
    rows = [{"titre": f"Portail numéro {n} de la commune {n // 4}", "montant_eur": n + 1} for n in range(1600)]
    make_many_projets(rows[:400])
    few = min(spent(doublons.pairs, Projet) for _ in range(3))
    make_many_projets(rows[400:])
    assert min(spent(doublons.pairs, Projet) for _ in range(3)) < 8 * few
