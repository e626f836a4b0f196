"""What the takeover left, as test_admin sees it."""

import pytest

from fiches.attached import Contact
from projets.models import Annexe
from reprise.models import Anomalie, Conflit, Origine
from tests.factories import ProjetFactory
from tests.projets.formulaire import change_url, posted
from tests.projets.test_admin import LISTE, titles

pytestmark = pytest.mark.django_db


def test_what_the_takeover_left_open_stands_beside_the_sheet_and_is_settled_there(client, anne):
    projet = ProjetFactory()
    Origine.objects.create(entree=projet.entree, type="projet", cle="x", site="ancien.exemple.bzh", premiere_ligne=12)
    anomalie = Anomalie.objects.create(entree=projet.entree, type="montant_a_verifier", texte="15 000 ?", empreinte="a")
    other = Anomalie.objects.create(entree=ProjetFactory().entree, type="lien_vide", empreinte="b")
    conflit = Conflit.objects.create(entree=projet.entree, champ="objectifs", ici="Ici", ancien_site="Là-bas")
    page = client.get(change_url(projet)).content.decode()
    for words in ("Montant à vérifier", "15 000 ?", "Là-bas", "Reprise de l’ancien site le"):
        assert words in page
    data = posted(client, projet, anomalies_reglees=[anomalie.pk], conflits_regles=[conflit.pk])
    assert client.post(change_url(projet), data).status_code == 302
    anomalie.refresh_from_db()
    conflit.refresh_from_db()
    assert (anomalie.reglee_par, conflit.regle_par) == (anne, anne)
    assert projet.history.count() == 1
    data = posted(client, projet, anomalies_reglees=[other.pk])
    assert client.post(change_url(projet), data).status_code == 302  # not this sheet's
    assert Anomalie.objects.open().get() == other


@pytest.mark.parametrize("size", [1, 20])
def test_the_form_costs_the_same_whatever_hangs_on_the_sheet(client, anne, size, django_assert_num_queries):
    projet = ProjetFactory()
    for number in range(size):
        Contact.objects.create(entree=projet.entree, nom=f"Personne {number}")
        Anomalie.objects.create(entree=projet.entree, type="lien_vide", empreinte=str(number))
        Annexe.objects.create(projet=projet, titre=f"Annexe {number}", fichier="devis.pdf")
    client.get(change_url(projet))
    with django_assert_num_queries(18):  # each part of the form: reports, votes and the accounts of its reader one
        client.get(change_url(projet))


def test_filters_sort_out_what_is_left_to_settle(client, anne):
    odd, settled = ProjetFactory(titre="Anomalie"), ProjetFactory(titre="Réglée")
    Anomalie.objects.create(entree=odd.entree, type="lien_vide", empreinte="a")
    Anomalie.objects.create(entree=settled.entree, type="lien_vide", empreinte="b", reglee_le="2024-01-01T00:00Z")
    Conflit.objects.create(entree=settled.entree, champ="titre")
    assert titles(client.get(LISTE, {"suivi": "anomalie"})) == ["Anomalie"]
    assert titles(client.get(LISTE, {"suivi": "conflit"})) == ["Réglée"]
    assert len(titles(client.get(LISTE, {"suivi": "n’importe quoi"}))) == 2
