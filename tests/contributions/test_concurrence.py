"""Several people act on one contribution, or on its record, at the same moment."""

from threading import Event

import pytest
from django.db import transaction

from fiches.suivi import fusion
from fiches.suivi.lots import locked
from participants.contributions import comparaison, parcours
from participants.contributions.models import Contribution
from socle.comptes.roles import REDACTION
from socle.courrier.models import Courriel
from socle.courrier.refus import TropTard
from tests.factories import ProjetFactory, UtilisateurFactory, member
from tests.factories.contributions import ContributionFactory
from tests.together import THREADS, together

E = Contribution.Etat
PRIS = {"titre": (comparaison.PRISE, "Un titre plus clair")}


@THREADS
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["decide", "withdraw", "change"])
def test_of_two_at_once_one_is_done_and_the_other_told(other):
    fiche = ProjetFactory(titre="Un portail")
    row, user = ContributionFactory(fiche=fiche), UtilisateurFactory()
    version = fiche.version

    def decide():
        return parcours.decide(row, PRIS, "", tour=0, version=version, user=user)

    def change():
        with transaction.atomic():
            for one in locked(type(fiche), [fiche.pk]):
                one.change({"objectifs": "Répondre."})

    actions = {"decide": decide, "withdraw": lambda: parcours.withdraw(row), "change": change}
    results = together(decide, actions[other])
    refused = [one for one in results if isinstance(one, TropTard)]
    row.refresh_from_db()
    fiche.refresh_from_db()
    decided = row.etat == E.ACCEPTEE
    assert (fiche.titre == "Un titre plus clair") == decided
    assert Courriel.objects.count() == decided
    if other == "change":
        assert decided != bool(refused)
    else:
        assert len(refused) == 1
    assert (fiche.objectifs == "Répondre.") == (other == "change")


@THREADS
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["merge", "decide"])
@pytest.mark.parametrize("corrected", ["lost", "kept"])
def test_a_decision_and_a_merge_at_once_wait_for_each_other(monkeypatch, first, corrected):
    """Each is held at its first lock until the other has one, or waits for it."""
    fiches = {"kept": ProjetFactory(titre="Un portail"), "lost": ProjetFactory(titre="Un portail bis")}
    user, version = member(REDACTION), fiches[corrected].version
    row = ContributionFactory(fiche=fiches[corrected])
    has_lock = {"merge": Event(), "decide": Event()}

    def held(name, other, done):
        def wrapped(*args, **kwargs):
            found = done(*args, **kwargs)
            has_lock[name].set()
            has_lock[other].wait(1)
            return found

        return wrapped

    name = "_record_locked" if first == "decide" else "_still_open"
    monkeypatch.setattr(parcours, name, held("decide", "merge", getattr(parcours, name)))
    monkeypatch.setattr(fusion, "_refuse_circles", held("merge", "decide", fusion._refuse_circles))
    acts = {
        "decide": lambda: parcours.decide(row, PRIS, "", tour=0, version=version, user=user),
        "merge": lambda: fusion.merge(fiches["kept"], fiches["lost"], {}, user=user),
    }

    def second():
        has_lock[first].wait(60)
        return acts["decide" if first == "merge" else "merge"]()

    results = together(acts[first], second, refused=(TropTard, fusion.FusionImpossible))
    row.refresh_from_db()
    decided = row.etat == E.ACCEPTEE
    assert [isinstance(one, TropTard | fusion.FusionImpossible) for one in results] == [False, True]
    assert decided == (first == "decide")
    assert type(fiches["kept"]).objects.filter(titre="Un titre plus clair").exists() == decided


@pytest.mark.django_db
def test_a_record_merged_meanwhile_takes_its_corrections_along():
    kept, lost = ProjetFactory(titre="Un portail"), ProjetFactory(titre="Un portail bis", objectifs="")
    valeurs = {"objectifs": {"vu": "", "propose": "Répondre."}, "titre": {"vu": lost.titre, "propose": "Un titre"}}
    row = ContributionFactory(fiche=lost, valeurs=valeurs)
    user = member(REDACTION)
    fusion.merge(kept, lost, {}, user=user)
    row.refresh_from_db()
    fiche = parcours.published(row.entree)
    assert fiche.pk == kept.pk
    assert {one.champ.name: one.conflit for one in comparaison.lines(row, fiche)} == {"titre": True, "objectifs": False}
    suites = {"titre": (comparaison.GARDEE, None), "objectifs": (comparaison.PRISE, "Répondre.")}
    parcours.decide(row, suites, "", tour=row.tour, version=fiche.version, user=user)
    kept.refresh_from_db()
    assert (kept.titre, kept.objectifs) == ("Un portail", "Répondre.")
