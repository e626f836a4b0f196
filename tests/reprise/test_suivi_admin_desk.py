"""What the takeover left, as test_admin_desk sees it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from reprise.models import A_FAIRE, Anomalie, Conflit
from tests.factories import ProjetFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anne(client):
    user = UtilisateurFactory(is_superuser=True, first_name="Anne", last_name="Le Goff")
    client.force_login(user)
    return user


@pytest.fixture
def anomalies():
    entree = ProjetFactory(titre="Portail").entree
    rows = [("lien_vide", entree), ("montant_a_verifier", entree), ("type_inconnu", None)]
    return [Anomalie.objects.create(entree=where, type=kind, texte=kind, empreinte=kind) for kind, where in rows]


def test_each_anomaly_says_what_to_do_in_the_list_and_beside_the_form(client, anne, anomalies):
    assert set(A_FAIRE) == set(Anomalie.Type.values)
    listed = client.get(reverse("admin:reprise_anomalie_changelist")).content.decode()
    sheet = reverse("admin:projets_projet_change", args=[anomalies[0].entree_id])
    form = client.get(sheet).content.decode()
    for anomalie in anomalies:
        assert anomalie.a_faire in listed
        assert (anomalie.a_faire in form) == (anomalie.entree is not None)
    anomalies[0].reglee_le = timezone.now()
    anomalies[0].save()
    assert anomalies[0].a_faire not in client.get(sheet).content.decode()


def test_anomalies_open_first_lead_to_their_sheet_and_are_settled(client, anne, anomalies):
    address = reverse("admin:reprise_anomalie_changelist")
    response = client.post(address, {"action": "mark_settled", "_selected_action": [anomalies[2].pk]}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["1 ligne réglée."]
    anomalies[2].refresh_from_db()
    assert anomalies[2].reglee_par == anne
    assert anomalies[2] not in client.get(address).context["cl"].result_list
    rows = list(client.get(address, {"suite": "toutes"}).context["cl"].result_list)
    assert rows[-1] == anomalies[2]
    page = client.get(address).content.decode()
    assert [word for word in ("à régler", "déjà réglé", "tout") if f">{word}</a>" in page] == [
        *("à régler", "déjà réglé", "tout")
    ]
    sheet = reverse("admin:projets_projet_change", args=[anomalies[0].entree_id])
    assert sheet in client.get(address).content.decode()
    assert client.get(address, {"suite": "ouverte"}).context["cl"].result_count == 2
    assert client.get(address, {"suite": "reglee"}).context["cl"].result_count == 1
    assert client.get(address, {"q": "montant_a"}).context["cl"].result_count == 1


def test_an_anomaly_is_settled_and_opened_again_but_never_edited_or_deleted(client, anne, anomalies):
    row = anomalies[0]
    address = reverse("admin:reprise_anomalie_change", args=[row.pk])
    client.post(address, {"regle": "on", "texte": "Autre", "type": "doublon_probable"})
    row.refresh_from_db()
    assert (row.reglee_par, row.texte, row.type) == (anne, "lien_vide", "lien_vide")
    client.post(address, {})
    row.refresh_from_db()
    assert (row.reglee_le, row.reglee_par) == (None, None)
    assert client.post(f"/admin/reprise/anomalie/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/reprise/anomalie/add/").status_code == 403


def test_a_conflict_is_shown_in_the_words_of_the_form(client, anne):
    entree = ProjetFactory().entree
    row = Conflit.objects.create(entree=entree, champ="montant_eur", ici="5.00", ancien_site="")
    Conflit.objects.create(entree=entree, champ="disparu", ici="A", ancien_site="B")
    for address in (reverse("admin:reprise_conflit_changelist"), f"/admin/reprise/conflit/{row.pk}/change/"):
        page = client.get(address).content.decode()
        assert "montant du financement France Relance (€)" in page
        assert "montant_eur" not in page
        assert "(vide)" in page


def test_a_conflict_is_settled_from_its_list(client, anne):
    conflit = Conflit.objects.create(entree=ProjetFactory().entree, champ="titre", ici="A", ancien_site="B")
    address = reverse("admin:reprise_conflit_changelist")
    client.post(address, {"action": "mark_settled", "_selected_action": [conflit.pk]})
    conflit.refresh_from_db()
    assert conflit.regle_par == anne


@pytest.mark.parametrize("size", [1, 20])
def test_anomalies_cost_the_same_however_many(client, anne, size, django_assert_num_queries):
    for number in range(size):
        entree = ProjetFactory().entree
        Anomalie.objects.create(entree=entree, type="lien_vide", empreinte=str(number), reglee_par=anne)
    client.get(reverse("admin:reprise_anomalie_changelist"))
    with django_assert_num_queries(5):  # session, user, two counts, rows
        client.get(reverse("admin:reprise_anomalie_changelist"))
