"""Spam reaches nobody, and nobody who is honest is taken for it. bench/indesirables.py plays all of it, 300 posts."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from bench.envois import ADRESSES, NOMS, PERSONNE, POURRIELS, Envoi, acharnes, honnetes, pourriels
from bench.indesirables import most_mails, persist, play, public, states
from bench.portes import arrived, portes
from participants.inscriptions import places
from participants.inscriptions.models import Inscription
from participants.inscriptions.views import InscriptionView
from socle.courrier.models import Courriel
from tests.conftest import PageLue
from tests.factories.participants import EvenementFactory
from tests.sampling import mostly_long, sample, size

pytestmark = pytest.mark.django_db
S = Inscription.Statut


@pytest.fixture
def evenement():
    return EvenementFactory(titre="Balise", capacite=60)


@pytest.fixture
def send(client, evenement):
    return lambda envois: play(client, f"/agenda/{evenement.slug}/inscription/", envois)


def network(n):
    return {"REMOTE_ADDR": f"198.51.100.{n}"}


def clean(number, courriel="robot{}@exemple.bzh", **options):
    """Posts of which nothing by itself says that a robot sends them."""
    posts = [PERSONNE | {"courriel": courriel.format(n)} for n in range(number)]
    return [Envoi("propre", champs, entetes=network(n), **options) for n, champs in enumerate(posts)]


@pytest.mark.long
def test_spam_changes_no_public_page_and_mails_nobody(client, evenement, send):
    before = public(client, evenement)
    each = size(10, one_in=4)
    expected = {(genre, 302): each for genre in ("extrait", "remplit tout", "rejoue une page")}
    assert send(pourriels(4 * each)) == expected | {("trop vite", 200): each}
    assert public(client, evenement) == before
    assert states(evenement) == {S.A_VERIFIER: 3 * each}
    assert not Courriel.objects.exists()


@mostly_long("text", POURRIELS, one_in=7, ids=lambda text: repr(text)[:60])
def test_what_robots_wrote_into_the_old_site_is_looked_at_first(send, evenement, text):
    send([Envoi("extrait", PERSONNE | {"courriel": "robot@exemple.bzh"} | text)])
    assert states(evenement) == {S.A_VERIFIER: 1}


@pytest.mark.long
def test_fifty_honest_people_of_one_building_pass(send, evenement):
    assert len(NOMS) == 50
    people = sample(honnetes(), one_in=5)
    assert send(people) == {("honnête", 302): len(people)}
    held = min(len(people), evenement.capacite // 3)  # seats of addresses that nobody has confirmed yet
    assert states(evenement) == {S.A_CONFIRMER: held} | (
        {S.EN_ATTENTE: len(people) - held} if held < len(people) else {}
    )
    for row in evenement.inscriptions.all():
        places.confirm(row)
    assert states(evenement) == {S.INSCRITE: len(people)}


@pytest.mark.long
def test_one_page_replayed_takes_no_more_than_three_seats(send, evenement):
    send(clean(8, rejoue=True))
    assert states(evenement) == {S.A_CONFIRMER: 3, S.A_VERIFIER: 5}


@pytest.mark.long
def test_spellings_of_one_mailbox_are_one_mailbox(client, send, evenement):
    send(clean(9, "awena+{}@exemple.bzh"))
    assert most_mails() == 5
    assert states(evenement) == {S.A_CONFIRMER: 5, S.A_VERIFIER: 4}
    other = EvenementFactory(titre="Une autre")
    play(client, f"/agenda/{other.slug}/inscription/", clean(1, "awena@exemple.bzh"))
    assert states(other) == {S.A_VERIFIER: 1}
    for n in range(9):
        guards = PageLue(client.get("/inscription/nouveau-lien/")).guards
        data = guards | {"courriel": f"awena+{n % 5}@exemple.bzh"}
        with patch("socle.formulaires.protection.RAPIDE", timedelta(seconds=-5)):
            client.post("/inscription/nouveau-lien/", data, **network(n))
    assert most_mails() == 10


def test_addresses_of_one_home_are_one_network(client, evenement, send, same_moment, monkeypatch):
    posts = size(60, one_in=6)
    assert InscriptionView.posts == 60
    monkeypatch.setattr(InscriptionView, "posts", posts)
    envois = clean(posts + 2, rejoue=True)
    for n, envoi in enumerate(envois):
        envoi.entetes = {"REMOTE_ADDR": f"2001:db8:0:7::{n:x}"}
    assert send(envois)["propre", 429] == 2


def test_an_honest_post_takes_the_place_of_a_doubtful_one_of_its_address(send, evenement):
    robot, person = clean(1)[0], clean(1)[0]
    robot.champs |= {"precision": "x", "nom": "Robot", "besoin": "buy now"}
    send([robot, robot])
    send([person])
    row = evenement.inscriptions.get()
    assert (row.nom, row.statut, row.doute) == ("Kerinvente", S.A_CONFIRMER, "")
    assert not hasattr(row, "besoin")
    assert row.courriels.count() == 1


def test_a_doubtful_post_changes_nothing_of_an_honest_one(send, evenement):
    person, robot = clean(1)[0], clean(1)[0]
    robot.champs |= {"precision": "x", "nom": "Robot"}
    send([person])
    places.confirm(evenement.inscriptions.get())
    send([robot])
    row = evenement.inscriptions.get()
    assert (row.nom, row.statut) == ("Kerinvente", S.INSCRITE)
    assert Courriel.objects.count() == 2


DOORS = ["fiche", "etapes", "tout-droit", "plus-tard", "correction", "definition", "signaler", "avis", "alertes"]


@pytest.mark.long
@mostly_long("nom", DOORS, one_in=5)
def test_nor_does_any_other_form_publish_spam_flood_a_mailbox_or_lose_who_is_honest(client, evenement, nom):
    porte = portes()[nom]
    before = public(client, evenement)
    steps = porte if porte.action else None
    play(client, porte.adresse, [*pourriels(4), *acharnes(porte.boite + 2)], porte.champs, steps)
    people = honnetes(ADRESSES)[:: 12 if nom != "avis" else 50]
    counted = arrived(porte, [])
    assert {way.rpartition(" ; ")[2] for way in persist(client, porte, people)} == {"arrive"}
    assert arrived(porte, people) - (counted if nom == "avis" else 0) == len(people)
    assert most_mails() <= porte.boite
    assert public(client, evenement) == before


def test_every_other_form_is_played():
    assert {*DOORS} == {*portes()}
