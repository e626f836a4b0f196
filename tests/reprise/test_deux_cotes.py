"""A record that changed here and on the old site: nothing is overwritten, one anomaly shows both, one decision."""

import pytest
from django.urls import reverse

from fiches.choice_lists import Choix
from fiches.glossaire.models import Terme
from fiches.initiatives.models import Initiative
from fiches.suivi.corbeille import throw_away
from reprise.following import is_untouched
from reprise.models import Anomalie, Origine
from reprise.resolution import differences, ecarts
from socle.annuaire.models import Statut
from tests.comptes.test_droits import member
from tests.conftest import PageLue
from tests.ecrits import TELEPHONE_MASQUE
from tests.factories import DepartementFactory, ProjetFactory
from tests.fiches.test_admin_listes import editor, said
from tests.projets.formulaire import change_url
from tests.reprise.extrait import take_lines

pytestmark = pytest.mark.django_db

OURS = "Une laverie ouverte le matin."
THEIRS = "Une laverie ouverte le soir."
TYPE = Anomalie.Type.CHANGE_DES_DEUX_COTES


def take(description, enjeux="Un enjeu.", mots="Entraide", titre="Accueil"):
    lines = [titre, titre, "Description", description, "Enjeux", enjeux, "Mot clef de l'action", mots]
    take_lines([line for line in lines if line])
    return Initiative.objects.get(titre=titre)


@pytest.fixture
def fiche(places):
    """Three fields changed on both sides: two texts and a choice of several values."""
    fiche = take("Une laverie.")
    fiche.description, fiche.enjeux = OURS, "Notre enjeu."
    fiche.change({"mots_cles": [Choix.objects.create(liste=Choix.Liste.MOT_CLE, nom="Fête")]})
    take(THEIRS, "Leur enjeu.", "Quartier")
    fiche.refresh_from_db()
    return fiche


def both(fiche):
    return Anomalie.objects.open().get(entree=fiche.pk, type=TYPE)


def there(fiche):
    """The values of the anomaly that differ from the record."""
    row = type(fiche).objects.get(pk=fiche.pk)
    return {champ: theirs for champ, (_, theirs) in differences(row, both(fiche).valeurs).items()}


def none_open():
    return not Anomalie.objects.open().filter(type=TYPE).exists()


def page_of(anomalie):
    return reverse("admin:reprise_anomalie_change", args=[anomalie.pk])


def decide(client, anomalie, key, page=None):
    page = page or PageLue(client.get(page_of(anomalie)))
    data = {"vu": page.one("input", name="vu")["value"], "retour": "ligne"}
    return client.post(f"/admin/reprise/anomalie/{anomalie.pk}/{key}/", data, follow=True)


# Untouched here, or changed here


def test_untouched_is_what_the_old_site_said_last_time_or_says_now(places):
    fiche = take("Une laverie.")
    base = Origine.objects.get(pk=fiche.pk).valeurs
    said = {name: text for name, text in base.items() if not name.startswith("_")}
    assert is_untouched(fiche, base, said)
    fiche.fait = "Une phrase que l’ancien site ne dit pas"
    assert is_untouched(fiche, base, said)
    fiche.acteur = "Rempli ici"
    assert not is_untouched(fiche, base, said | {"acteur": "Dit là-bas"})
    assert is_untouched(fiche, base, said | {"acteur": "Rempli ici"})
    fiche.acteur, fiche.description = "", OURS
    assert not is_untouched(fiche, base, said)
    fiche.description = base["description"]
    assert is_untouched(fiche, base, said)  # the edit was undone


def test_a_link_that_was_added_here_is_no_word_of_the_old_site(places):
    fiche = take("Voir le site.")
    fiche.change({"description": "Voir le site (https://exemple.bzh/)."})
    take("Voir le site.")
    assert take("Voir ailleurs.").description == "Voir le site (https://exemple.bzh/)."
    assert both(fiche).valeurs["description"] == "Voir ailleurs."


def test_an_untouched_sheet_follows_and_an_empty_value_empties_nothing(places):
    take("Une laverie.")
    fiche = take(THEIRS, enjeux="")
    assert (fiche.description, fiche.enjeux) == (THEIRS, "Un enjeu.")
    assert none_open()
    fiche = take("Une laverie de plus.", enjeux="Un autre enjeu.")
    assert (fiche.description, fiche.enjeux) == ("Une laverie de plus.", "Un autre enjeu.")


def test_a_sheet_that_changed_on_both_sides_stays_whole_and_one_anomaly_holds_all_that_the_old_site_says(fiche):
    assert (fiche.description, fiche.enjeux) == (OURS, "Notre enjeu.")
    anomalie = both(fiche)
    assert there(fiche) == {"description": THEIRS, "enjeux": "Leur enjeu.", "mots_cles": "Quartier"}
    assert anomalie.texte == f"description : {THEIRS}\n\nenjeux : Leur enjeu.\n\nmots clefs de l’action : Quartier"
    take(THEIRS, "Leur enjeu.", "Quartier")
    assert both(fiche) == anomalie


def test_what_changed_there_beside_an_edit_here_waits_for_the_decision(places):
    fiche = take("Une laverie.")
    fiche.change({"enjeux": "Notre enjeu."})
    fiche = take(THEIRS)
    assert (fiche.description, fiche.enjeux) == ("Une laverie.", "Notre enjeu.")
    assert there(fiche) == {"description": THEIRS, "enjeux": "Un enjeu."}


def test_a_newer_text_of_the_old_site_takes_the_place_of_the_older(fiche):
    first = both(fiche)
    take("Une laverie ouverte la nuit.", "Leur enjeu.", "Quartier")
    assert both(fiche) == first
    assert both(fiche).valeurs["description"] == "Une laverie ouverte la nuit."
    take(THEIRS, "Leur enjeu.", "Quartier")
    assert both(fiche).valeurs["description"] == THEIRS


def test_it_closes_when_the_old_site_goes_back_and_asks_again_when_it_comes_again(fiche):
    take("Une laverie.")
    assert none_open()
    assert Initiative.objects.get(pk=fiche.pk).description == OURS
    take(THEIRS, "Leur enjeu.", "Quartier")
    assert both(fiche).valeurs["description"] == THEIRS


# The decision


def test_ours_is_kept_and_the_same_text_never_asks_again(client, anne, fiche):
    anomalie = both(fiche)
    decide(client, anomalie, "garder")
    anomalie.refresh_from_db()
    assert anomalie.reglee_par == anne
    for _ in range(2):
        take(THEIRS, "Leur enjeu.", "Quartier")
        assert none_open()
    after = Initiative.objects.get(pk=fiche.pk)
    assert (after.description, after.version) == (OURS, fiche.version)
    take("Encore autre chose.", "Leur enjeu.", "Quartier")
    assert both(fiche).valeurs["description"] == "Encore autre chose."
    decide(client, both(fiche), "garder")
    take(THEIRS, "Leur enjeu.", mots="")
    assert none_open()


def test_the_old_site_is_taken_whole_in_one_version_and_followed_again(client, anne, fiche):
    decide(client, both(fiche), "prendre")
    after = Initiative.objects.get(pk=fiche.pk)
    assert (after.description, after.enjeux) == (THEIRS, "Leur enjeu.")
    assert {row.nom for row in after.mots_cles.all()} == {"Quartier"}
    assert after.version == fiche.version + 1
    last = after.history.first()
    assert last.history_user == anne
    assert last.history_change_reason == "Texte de l’ancien site repris : description, enjeux, mots clefs de l’action"
    assert none_open()
    assert take("Une suite.", "Leur enjeu.", "Quartier").description == "Une suite."
    assert none_open()


def test_what_the_old_site_no_longer_says_is_no_part_of_what_is_taken(client, anne, places):
    lines = ["Zèle", "Zèle", "Définition", "Un mot.", "Références :", "Un livre."]
    take_lines(lines)
    terme = Terme.objects.get()
    terme.change({"definition": OURS})
    take_lines([*lines[:3], THEIRS])
    decide(client, both(terme), "prendre")
    terme.refresh_from_db()
    assert (terme.definition, terme.references) == (THEIRS, "Un livre.")


def test_what_is_taken_of_the_old_site_is_masked_as_a_takeover_masks(client, anne, fiche):
    take(f"{THEIRS} Voir au 06 39 98 01 23.", "Leur enjeu.", "Quartier")
    decide(client, both(fiche), "prendre")
    assert Initiative.objects.get(pk=fiche.pk).description == f"{THEIRS} Voir au {TELEPHONE_MASQUE}."


def anomaly(fiche, **valeurs):
    return Anomalie.objects.create(entree=fiche.entree, type=TYPE, valeurs=valeurs, empreinte=str(valeurs)[:64])


def test_any_kind_of_field_is_shown_in_words_and_taken(client, anne):
    DepartementFactory(code="22", nom="Côtes-d’Armor")
    projet = ProjetFactory(objectifs="Les nôtres", montant_eur=5, departement_id="56")
    row = anomaly(projet, objectifs="Les leurs", montant_eur="1234.50", departement_id="22", disparu="x")
    page = PageLue(client.get(page_of(row)))
    assert not [champ for champ in ("montant_eur", "departement_id") if champ in page.text]
    decide(client, row, "prendre", page)
    projet.refresh_from_db()
    assert (projet.objectifs, projet.montant_eur, projet.departement_id) == ("Les leurs", 1234.5, "22")


@pytest.mark.parametrize(("champ", "theirs"), [("departement_id", "99"), ("montant_eur", "beaucoup"), ("titre", "")])
def test_a_text_that_the_field_cannot_hold_is_said_and_left_open(client, anne, champ, theirs):
    projet = ProjetFactory(titre="Portail", montant_eur=5, objectifs="Les nôtres")
    row = anomaly(projet, objectifs="Les leurs", **{champ: theirs})
    assert "rien n’a été changé" in said(decide(client, row, "prendre"))[-1].lower()
    projet.refresh_from_db()
    assert (both(projet), projet.version, projet.objectifs) == (row, 1, "Les nôtres")


def test_an_edit_of_somebody_else_meanwhile_is_not_written_over(client, anne, fiche):
    page = PageLue(client.get(page_of(both(fiche))))
    fiche.change({"description": "Une laverie fermée."})
    for key in ("prendre", "garder"):
        assert "a changé entre-temps" in said(decide(client, both(fiche), key, page))[-1]
    assert Initiative.objects.get(pk=fiche.pk).description == "Une laverie fermée."
    assert client.post(f"/admin/reprise/anomalie/{both(fiche).pk}/prendre/", {"vu": "é"}).status_code == 302
    assert Initiative.objects.get(pk=fiche.pk).description == "Une laverie fermée."


def test_a_newer_text_of_the_old_site_is_not_decided_on_unseen(client, anne, fiche):
    page = PageLue(client.get(page_of(both(fiche))))
    take("Une laverie ouverte la nuit.", "Leur enjeu.", "Quartier")
    for key in ("prendre", "garder"):
        assert "a changé entre-temps" in said(decide(client, both(fiche), key, page))[-1]


def test_what_is_settled_changes_nothing_more(client, anne, fiche):
    row = both(fiche)
    page = PageLue(client.get(page_of(row)))
    decide(client, row, "garder", page)
    assert said(decide(client, row, "prendre", page))[-1].startswith("C’était déjà réglé.")
    assert Initiative.objects.get(pk=fiche.pk).description == OURS


# The page


def test_words_are_marked_for_eyes_and_ears_side_by_side(client, anne, fiche):
    page = PageLue(client.get(page_of(both(fiche))))
    marks = [mark.text for mark in page.all("mark")][1:3]  # the first is the legend's
    assert marks == ["[d’un seul côté : matin]", "[d’un seul côté : soir]"]
    assert not page.all("del")  # nothing is struck out before a choice
    assert [one.label for one in ecarts(fiche, both(fiche).valeurs)] == [
        *("description", "enjeux", "mots clefs de l’action")
    ]
    assert "Quartier" in page.html
    assert {button.text.strip() for button in page.all("button")} >= {"Garder le nôtre", "Prendre l’ancien site"}


def test_deciding_needs_the_right_to_change_that_sheet(client):
    withdrawn, public = ProjetFactory(statut=Statut.RETIREE), ProjetFactory()
    rows = [anomaly(sheet, objectifs=f"Les leurs {sheet.pk}") for sheet in (withdrawn, public)]

    def answers(*rights):
        client.force_login(editor(*rights))
        return [client.post(f"/admin/reprise/anomalie/{row.pk}/garder/").status_code for row in rows]

    assert answers("reprise.change_anomalie", "reprise.view_anomalie") == [403, 403]
    assert answers("projets.change_projet") == [403, 302]
    assert answers("projets.change_projet", "comptes.publier") == [302, 302]
    client.force_login(member("Rédaction"))
    assert client.get(f"/admin/reprise/anomalie/{rows[1].pk}/garder/").status_code == 405


def test_a_sheet_in_the_bin_is_not_asked_about(client, anne, fiche):
    row = both(fiche)
    throw_away(fiche)
    assert client.get(page_of(row)).status_code in (302, 404)
    for key in ("garder", "prendre"):
        assert client.post(f"/admin/reprise/anomalie/{row.pk}/{key}/").status_code == 404


def test_the_panel_beside_a_form_leads_to_the_comparison(client, anne):
    projet = ProjetFactory(objectifs="Les nôtres")
    row = anomaly(projet, objectifs="Les leurs")
    page = client.get(change_url(projet)).content.decode()
    assert f'<a href="{page_of(row)}">Comparer côte à côte et décider</a>' in page
    assert "prendre/" not in page


def test_whoever_may_not_see_the_comparison_gets_the_box_in_its_place(client):
    projet = ProjetFactory(objectifs="Les nôtres", statut=Statut.A_RELIRE)
    row = anomaly(projet, objectifs="Les leurs")
    client.force_login(member("Rédaction"))
    page = PageLue(client.get(change_url(projet)))
    assert page_of(row) not in page.html
    assert page.one("input", name="anomalies_reglees")["value"] == str(row.pk)
