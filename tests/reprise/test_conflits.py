"""The page of a record's conflicts: side by side, words marked, several fields decided at once, nobody written over."""

import pytest
from django.urls import reverse

from fiches.initiatives.models import Initiative
from fiches.lists import Choix
from fiches.suivi.corbeille import throw_away
from projets.models import Projet
from reprise.models import Conflit, Origine
from socle.annuaire.models import Statut
from tests.comptes.test_droits import member
from tests.conftest import PageLue
from tests.ecrits import TELEPHONE_MASQUE
from tests.factories import ProjetFactory
from tests.reprise.extrait import take_lines

pytestmark = pytest.mark.django_db

OURS = "Une laverie ouverte le matin."
THEIRS = "Une laverie ouverte le soir."


def take(description, enjeux="Un enjeu.", mots="Entraide", titre="Accueil"):
    lines = [titre, titre, "Description", description, "Enjeux", enjeux, "Mot clef de l'action", mots]
    take_lines(lines)
    return Initiative.objects.get(titre=titre)


@pytest.fixture
def fiche(places):
    """Three fields in conflict: two texts and a choice of several values."""
    fiche = take("Une laverie.")
    fiche.description, fiche.enjeux = OURS, "Notre enjeu."
    fiche.change({"mots_cles": [Choix.objects.create(liste=Choix.Liste.MOT_CLE, nom="Fête")]})
    take(THEIRS, "Leur enjeu.", "Quartier")
    fiche.refresh_from_db()
    return fiche


def address(fiche):
    return reverse("admin:reprise_conflit_fiche", args=[fiche.pk])


def send(client, fiche, page=None, **choices):
    """What a browser sends of the page, with what was picked: {field: choice}."""
    page = page or PageLue(client.get(address(fiche)))
    data = {"version_lue": page.one("input", name="version_lue")["value"]}
    data["lu"] = [element["value"] for element in page.all("input", name="lu")]
    for champ, choice in choices.items():
        data[f"choix-{Conflit.objects.get(entree=fiche.pk, champ=champ).pk}"] = choice
    return client.post(address(fiche), data)


def left(fiche):
    return set(Conflit.objects.open().filter(entree=fiche.pk).values_list("champ", flat=True))


def test_words_are_marked_for_eyes_and_ears(client, anne, fiche):
    page = PageLue(client.get(address(fiche)))
    marks = [mark.text for mark in page.all("mark")][1:3]  # the first is the legend's
    assert marks == ["[d’un seul côté : matin]", "[d’un seul côté : soir]"]
    assert not page.all("del")  # nothing is taken out before somebody has chosen
    assert [element.text for element in page.all("legend")] == ["Description", "Enjeux", "Mots clefs de l’action"]
    ours, theirs = (section.text for section in page.all("section")[:2])
    assert "matin" in ours
    assert "soir" not in ours
    assert "soir" in theirs
    assert "Quartier" in page.html
    assert not [radio for radio in page.all("input", type="radio") if "checked" in radio.attributes]


@pytest.mark.long
def test_what_is_taken_of_the_old_site_is_masked_as_a_takeover_masks(client, anne, fiche):
    take(f"{THEIRS} Voir au 06 39 98 01 23.", "Leur enjeu.", "Quartier")
    page = PageLue(client.get(address(fiche)))
    send(client, fiche, page, description="prendre")
    assert Initiative.objects.get(pk=fiche.pk).description == f"{THEIRS} Voir au {TELEPHONE_MASQUE}."


@pytest.mark.long
def test_several_fields_are_decided_at_once_in_one_version_by_name(client, anne, fiche):
    response = send(client, fiche, description="prendre", enjeux="garder", mots_cles="prendre")
    assert response.status_code == 302
    assert left(fiche) == set()
    after = Initiative.objects.get(pk=fiche.pk)
    assert (after.description, after.enjeux) == (THEIRS, "Notre enjeu.")
    assert {row.nom for row in after.mots_cles.all()} == {"Quartier"}
    assert after.version == fiche.version + 1
    last = after.history.first()
    assert last.history_user == anne
    assert last.history_change_reason == "Texte de l’ancien site repris : description, mots clefs de l’action"
    assert set(Conflit.objects.values_list("regle_par", flat=True)) == {anne.pk}
    said = Origine.objects.get(pk=fiche.pk).valeurs
    assert (said["description"], said["mots_cles"]) == (THEIRS, "Quartier")  # which it follows again
    take(THEIRS, "Leur enjeu.", "Quartier")
    assert left(fiche) == set()  # decided for this very text


def test_what_is_left_for_later_stays_open_and_keeping_makes_no_version(client, anne, fiche):
    send(client, fiche, description="garder")
    assert left(fiche) == {"enjeux", "mots_cles"}
    assert Initiative.objects.get(pk=fiche.pk).version == fiche.version


def test_a_value_that_its_field_cannot_hold_changes_nothing_and_leads_to_the_form(client, anne, fiche):
    Choix.objects.filter(nom="Quartier").delete()
    response = send(client, fiche, description="prendre", mots_cles="prendre")
    page = PageLue(response)
    assert "Valeur inconnue" in page.html
    assert reverse("admin:initiatives_initiative_change", args=[fiche.pk]) in page.html
    assert left(fiche) == {"description", "enjeux", "mots_cles"}
    assert Initiative.objects.get(pk=fiche.pk).description == OURS


@pytest.mark.long
def test_an_edit_of_somebody_else_meanwhile_is_told_and_keeps_what_was_picked(client, anne, fiche):
    page = PageLue(client.get(address(fiche)))
    fiche.description = "Une laverie fermée."
    fiche.save()
    response = send(client, fiche, page, description="garder")
    again = PageLue(response)
    assert "a changé pendant que vous choisissiez" in again.alert
    (picked,) = [radio["value"] for radio in again.all("input", type="radio") if "checked" in radio.attributes]
    assert picked == "garder"
    assert "fermée" in again.html
    assert Initiative.objects.get(pk=fiche.pk).description == "Une laverie fermée."
    assert send(client, fiche, again, description="prendre").status_code == 302
    assert Initiative.objects.get(pk=fiche.pk).description == THEIRS


def test_a_text_of_the_old_site_that_changed_meanwhile_is_not_taken_unread(client, anne, fiche):
    page = PageLue(client.get(address(fiche)))
    take("Une laverie ouverte la nuit.", "Leur enjeu.", "Quartier")
    again = PageLue(send(client, fiche, page, description="prendre"))
    assert "a changé pendant" in again.alert
    assert "nuit" in again.html
    assert Initiative.objects.get(pk=fiche.pk).description == OURS


@pytest.mark.long
def test_the_next_record_is_offered_and_the_last_one_leads_back(client, anne, fiche):
    other = take("Un.", titre="Atelier")
    other.description = "Deux."
    other.save()
    take("Trois.", titre="Atelier")
    assert send(client, fiche, description="garder").url == address(other)
    response = send(client, other, description="garder")
    assert response.url == address(fiche)  # it has two left
    response = send(client, fiche, enjeux="garder", mots_cles="garder")
    assert response.url == reverse("admin:initiatives_initiative_change", args=[fiche.pk])


@pytest.mark.long
def test_a_place_is_shown_by_its_name_and_taken_by_its_key(client, anne, places):
    fiche = ProjetFactory(departement_id="22")
    Conflit.objects.create(entree=fiche.entree, champ="departement_id", ici="22", ancien_site="56")
    page = PageLue(client.get(address(fiche)))
    assert "Côtes-d’Armor" in page.html
    assert "Morbihan" in page.html
    send(client, fiche, departement_id="prendre")
    assert Projet.objects.get(pk=fiche.pk).departement_id == "56"


def test_a_conflict_of_a_field_that_is_gone_can_be_closed(client, anne, fiche):
    Conflit.objects.create(entree=fiche.entree, champ="disparu", ici="a", ancien_site="b")
    assert "n’existe plus" in send(client, fiche, disparu="prendre").content.decode()
    assert send(client, fiche, disparu="garder").status_code == 302
    assert "disparu" not in left(fiche)


@pytest.mark.parametrize("data", [{}, {"version_lue": "x"}, {"version_lue": "9" * 40, "lu": "é"}])
def test_nonsense_changes_nothing(client, anne, fiche, data):
    assert client.post(address(fiche), data).status_code == 200
    assert client.get("/admin/reprise/conflit/fiche/999999/").status_code == 404
    assert len(left(fiche)) == 3
    throw_away(fiche)
    assert client.get(address(fiche)).status_code == 404


def test_it_is_reached_from_the_form_the_list_and_the_home(client, anne, fiche):
    for page in (
        reverse("admin:initiatives_initiative_change", args=[fiche.pk]),
        reverse("admin:reprise_conflit_changelist"),
        reverse("admin:index"),
    ):
        assert address(fiche) in client.get(page).content.decode(), page


def test_only_who_may_change_the_record_decides(client, fiche):
    client.force_login(member("Rédaction"))
    assert client.get(address(fiche)).status_code == 200
    Initiative.objects.update(statut=Statut.RETIREE)
    assert client.get(address(fiche)).status_code == 403
