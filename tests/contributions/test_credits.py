"""Naming who proposed a record, if they ask, and nobody else. Persons are invented."""

import pytest
from django.apps import apps

from participants.contributions import comparaison, courriels, credits, parcours
from participants.contributions.models import Contribution, Credit
from socle.annuaire.models import Statut
from socle.comptes.roles import REDACTION
from socle.courrier import liens
from socle.vie_privee import gestes, purge
from socle.vie_privee.models import Effacement
from socle.vie_privee.personnes import export, forget
from tests.conftest import PageLue, text_of_every_table
from tests.contributions.test_corrections import MAELLE, VOUS, address, confirmed, decide, desk, typed
from tests.factories import member
from tests.factories.contributions import ContributionFactory

pytestmark = pytest.mark.django_db
NOM = "Maëlle K. de Ploubazlanec"
CITER = {"citer": "on", "credit": NOM}


def taken(fiche, credit=NOM, **how):
    row = ContributionFactory(fiche=fiche, credit=credit)
    suites = {"titre": (comparaison.PRISE, "Un titre plus clair")}
    parcours.decide(row, suites, "", tour=row.tour, version=fiche.version, user=member(REDACTION), **how)
    fiche.refresh_from_db()
    return row


def follow(row):
    return liens.adresse("contributions:suivi", courriels.token(row))


def test_who_asks_is_named_once_it_is_taken(client, read, fiche):
    data = typed(client.get(address(fiche)), titre="Un titre plus clair") | CITER
    client.post(address(fiche), data)
    row = parcours.confirm(Contribution.objects.get())
    assert NOM not in client.get(fiche.get_absolute_url()).content.decode()
    client.force_login(member(REDACTION))
    assert f"Citer « {NOM} »" in PageLue(client.get(desk(row))).text
    decide(client, row, citer="on")
    client.logout()
    fiche.refresh_from_db()
    assert f"Corrigé par {NOM}." in read(fiche.get_absolute_url()).text


def test_who_proposed_a_record_is_named_on_it(client):
    row = ContributionFactory(nature="fiche", entree=None, base=0, credit=NOM)
    suites = {"titre": (comparaison.PRISE, "Un bus des démarches")}
    made = parcours.create(row, suites, "", tour=row.tour, user=member(REDACTION))
    made.change({"statut": Statut.PUBLIEE})
    assert f"Proposé par {NOM}." in PageLue(client.get(made.get_absolute_url())).text


@pytest.mark.long
def test_the_team_may_leave_a_name_out_and_take_it_out(client, fiche):
    row = ContributionFactory(fiche=fiche, credit=NOM)
    client.force_login(member(REDACTION))
    decide(client, row, citer="")
    assert not Credit.objects.exists()
    other = ContributionFactory(fiche=fiche, credit=NOM, valeurs={"suivi": {"vu": "", "propose": "Six communes."}})
    decide(client, other, citer="on")
    assert Credit.objects.get().contribution == other
    decide(client, other, "ne-plus-citer")
    assert not Credit.objects.exists()


@pytest.mark.parametrize("how", ["refuse", "withdraw", "keep"])
def test_nobody_is_named_for_what_is_not_taken(client, fiche, how):
    row = ContributionFactory(fiche=fiche, credit=NOM)
    user = member(REDACTION)
    if how == "refuse":
        parcours.refuse(row, "Non.", tour=0, user=user)
    elif how == "withdraw":
        parcours.withdraw(row)
    else:
        parcours.decide(row, {"titre": (comparaison.GARDEE, None)}, "", tour=0, version=fiche.version, user=user)
    assert not Credit.objects.exists()


def test_a_name_and_a_box_go_together(client, fiche):
    page = client.get(address(fiche))
    answer = client.post(address(fiche), typed(page, titre="Autre") | {"citer": "on"})
    assert list(answer.context["form"].errors) == ["credit"]
    client.post(address(fiche), typed(page, titre="Autre") | {"credit": NOM})
    assert Contribution.objects.get().credit == "", "a name without the box is not asked for"
    assert NOM not in text_of_every_table()


@pytest.mark.parametrize("nom", ["maelle@exemple.bzh", "Maëlle, 02 96 00 00 00", "Maëlle +33 6 12 34 56 78"])
def test_an_address_or_a_number_is_no_name(client, fiche, nom):
    data = typed(client.get(address(fiche)), titre="Autre") | {"citer": "on", "credit": nom}
    assert list(client.post(address(fiche), data).context["form"].errors) == ["credit"]
    assert not Contribution.objects.exists()


@pytest.mark.long
def test_it_stands_on_the_page_alone(client, fiche):
    taken(fiche)
    elsewhere = [f"/p/{fiche.pk}/historique/", "/projets/", "/projets.csv", "/projets.json", "/projets.atom"]
    elsewhere += [
        "/api/v1/projets",
        f"/integrer/fiche/{fiche.pk}/",
        "/projets-a-imprimer/",
        "/recherche/?q=Maëlle",
    ]
    for path in elsewhere:
        response = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == 200, path
        assert b"Ploubazlanec" not in body, path
    history = apps.get_model("projets.HistoricalProjet")
    assert "Ploubazlanec" not in repr([vars(one) for one in history.objects.all()])
    assert MAELLE not in client.get(fiche.get_absolute_url()).content.decode()


@pytest.mark.long
def test_who_did_not_ask_is_named_nowhere(client, fiche):
    row = confirmed(client, fiche, titre="Un titre plus clair")
    suites = {"titre": (comparaison.PRISE, "Un titre plus clair")}
    parcours.decide(row, suites, "", tour=row.tour, version=fiche.version, user=member(REDACTION))
    fiche.refresh_from_db()
    html = client.get(fiche.get_absolute_url()).content.decode()
    assert "Corrigé par" not in html
    assert "Kerdoncuff" not in html
    assert VOUS["nom"] in Contribution.objects.get().nom


@pytest.mark.long
def test_its_author_takes_it_back_and_a_restored_copy_does_it_again(client, read, fiche):
    row = taken(fiche)
    page = follow(row)
    assert f"La fiche vous nomme comme vous l’avez demandé : « {NOM} »" in PageLue(client.get(page)).text
    client.post(page, {"action": "ne-plus-citer"})
    assert "Corrigé par" not in read(fiche.get_absolute_url()).text
    assert NOM not in text_of_every_table()
    Contribution.objects.update(credit=NOM)
    row.refresh_from_db()
    credits.give(row)
    assert gestes.replay(Effacement.objects.all()) == 1
    assert NOM not in text_of_every_table()


@pytest.mark.parametrize("how", ["page", "address"])
def test_an_erasure_takes_it_along(client, read, fiche, how):
    row = taken(fiche)
    if how == "page":
        client.post(follow(row), {"action": "effacer"})
    else:
        assert NOM in str(export(MAELLE))
        forget(MAELLE)
    assert "Corrigé par" not in read(fiche.get_absolute_url()).text
    assert NOM not in text_of_every_table()


@pytest.mark.long
def test_it_outlives_the_contribution_and_can_still_be_taken_back(client, read, fiche):
    row = taken(fiche)
    Contribution.objects.filter(pk=row.pk).update(close_le="2020-01-01T00:00Z")
    list(purge.run())
    assert not Contribution.objects.exists()
    assert f"Corrigé par {NOM}." in read(fiche.get_absolute_url()).text
    forget(MAELLE)
    assert "Corrigé par" not in read(fiche.get_absolute_url()).text
