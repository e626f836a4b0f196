"""What the takeover left to settle about persons: their own list and rights."""

import pytest
from django.contrib.admin import helpers
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from fiches.acces import admin_url
from participants.inscriptions.models import Inscription
from reprise.models import AnomalieInscription, TypeAnomalie
from reprise.resolution import in_words
from tests.conftest import PageLue
from tests.factories.participants import EvenementFactory, InscriptionFactory
from tests.participants.conftest import desk  # noqa: F401 - a fixture
from tests.participants.test_admin_participants import LISTE, found

pytestmark = pytest.mark.django_db


def open_anomaly(row, type=TypeAnomalie.EVENEMENT_A_PRECISER):
    return row.anomalies.create(type=type, empreinte=f"{row.pk} {type}", texte="awena;prigent@exemple.bzh")


def test_giving_the_event_in_the_form_settles_the_anomaly(desk):  # noqa: F811
    row, evenement = InscriptionFactory(courriel="awena;prigent@exemple.bzh"), EvenementFactory()
    anomalie = open_anomaly(row)
    address = reverse("admin:inscriptions_inscription_change", args=[row.pk])
    data = {"prenom": row.prenom, "nom": row.nom, "courriel": row.courriel, "statut": "inscrite"}
    assert desk.post(address, data | {"evenement": evenement.pk, "journee_entiere": "unknown"}).status_code == 302
    row.refresh_from_db()
    anomalie.refresh_from_db()
    assert (row.evenement, row.courriel) == (evenement, "awena;prigent@exemple.bzh")
    assert anomalie.reglee_par == desk.user


def test_anomalies_of_persons_are_settled_in_their_own_list(desk):  # noqa: F811
    row = InscriptionFactory()
    anomalie = open_anomaly(row, TypeAnomalie.COURRIEL_INVALIDE)
    liste = reverse("admin:reprise_anomalieinscription_changelist")
    page = desk.get(liste, {"participant__id__exact": row.pk})
    assert "awena;prigent@exemple.bzh" in page.content.decode()
    desk.post(liste, {"action": "mark_settled", helpers.ACTION_CHECKBOX_NAME: anomalie.pk})
    anomalie.refresh_from_db()
    assert anomalie.reglee_par == desk.user
    change = reverse("admin:reprise_anomalieinscription_change", args=[anomalie.pk])
    assert desk.get(change).status_code == 200
    desk.post(change, {})  # « réglé » unticked
    anomalie.refresh_from_db()
    assert anomalie.reglee_le is None


def both(row, **valeurs):
    texte = in_words(type(row), valeurs)
    said = {"type": TypeAnomalie.CHANGE_DES_DEUX_COTES, "texte": texte, "empreinte": f"{row.pk} {texte}"[:64]}
    return row.anomalies.create(**said, valeurs=valeurs)


def decide(desk, anomalie, key, page=None):  # noqa: F811
    page = page or PageLue(desk.get(admin_url(anomalie, "change", anomalie.pk)))
    return desk.post(admin_url(anomalie, key, anomalie.pk), {"vu": page.one("input", name="vu")["value"]}, follow=True)


def test_ours_is_kept_or_theirs_is_taken_with_a_button(desk):  # noqa: F811
    kept, taken = InscriptionFactory(commentaire="Le nôtre"), InscriptionFactory(commentaire="Le nôtre")
    rows = [both(person, commentaire="Le leur", journee_entiere="oui") for person in (kept, taken)]
    page = desk.get(admin_url(rows[0], "change", rows[0].pk)).content.decode()
    for row, key in zip(rows, ("garder", "prendre"), strict=True):
        assert admin_url(rows[0], key, rows[0].pk) in page
        decide(desk, row, key)
    for person in (kept, taken):
        person.refresh_from_db()
    assert (kept.commentaire, taken.commentaire, taken.journee_entiere) == ("Le nôtre", "Le leur", True)
    assert taken.valeurs == {"commentaire": "Le leur", "journee_entiere": "oui"}
    assert set(AnomalieInscription.objects.values_list("reglee_par", flat=True)) == {desk.user.pk}
    assert {entry.object_repr for entry in LogEntry.objects.all()} == {str(taken)}


def test_what_a_person_changed_meanwhile_is_not_written_over(desk):  # noqa: F811
    row = InscriptionFactory(commentaire="Le nôtre")
    anomalie = both(row, commentaire="Le leur")
    page = PageLue(desk.get(admin_url(anomalie, "change", anomalie.pk)))
    row.commentaire = "Un autre"
    row.save()
    assert "a changé entre-temps" in decide(desk, anomalie, "prendre", page).content.decode()
    row.refresh_from_db()
    assert row.commentaire == "Un autre"


def test_only_a_conflict_is_decided_with_a_button(desk):  # noqa: F811
    anomalie = open_anomaly(InscriptionFactory())
    page = desk.get(reverse("admin:reprise_anomalieinscription_change", args=[anomalie.pk])).content.decode()
    assert "Prendre l’ancien site" not in page
    prendre = reverse("admin:reprise_anomalieinscription_prendre", args=[anomalie.pk])
    assert desk.post(prendre).status_code == 404


def test_those_who_may_not_change_a_person_decide_nothing(desk):  # noqa: F811
    from django.contrib.auth.models import Permission

    row = InscriptionFactory(commentaire="Le nôtre")
    anomalie = both(row, commentaire="Le leur")
    desk.user.groups.clear()
    desk.user.user_permissions.set(Permission.objects.filter(codename__endswith="_anomalieinscription"))
    desk.force_login(desk.user)  # new rights end the session
    prendre = reverse("admin:reprise_anomalieinscription_prendre", args=[anomalie.pk])
    assert desk.post(prendre).status_code == 403
    row.refresh_from_db()
    assert row.commentaire == "Le nôtre"


def test_the_list_narrows_by_what_is_left_to_settle(desk):  # noqa: F811
    here, lost = InscriptionFactory.create_batch(2)
    open_anomaly(lost)
    assert found(desk.get(LISTE, {"suivi": "anomalie"})) == [str(lost)]
    assert found(desk.get(LISTE, {"suivi": "rien"})) == [str(here)]
    page = desk.get(reverse("admin:inscriptions_inscription_change", args=[lost.pk])).content.decode()
    assert f"participant__id__exact={lost.pk}" in page


def test_erasing_persons_erases_what_was_noted_of_them(desk):  # noqa: F811
    rows = InscriptionFactory.create_batch(2)
    for row in rows:
        open_anomaly(row)
    assert (
        desk.post(reverse("admin:inscriptions_inscription_delete", args=[rows[0].pk]), {"post": "yes"}).status_code
        == 302
    )
    desk.post(LISTE, {"action": "delete_selected", helpers.ACTION_CHECKBOX_NAME: rows[1].pk, "post": "yes"})
    assert not Inscription.objects.exists()
    assert not AnomalieInscription.objects.exists()
