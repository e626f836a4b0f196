"""A list on paper."""

import pytest

from socle.vues import impression
from tests.factories import ProjetFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def test_a_printed_list_holds_all_that_was_asked_with_lasting_addresses(read, places, settings):
    theme = ThemeFactory(nom="Cantine")
    for number in range(14):
        amount = 1000 * (number + 1)
        ProjetFactory(
            titre=f"Projet {number}", collectivite="Dinan", departement_id="22", themes=[theme], montant_eur=amount
        )
    other = ProjetFactory(titre="Ailleurs", departement_id="29", themes=[])
    page = read("/projets-a-imprimer/?departement=22")
    assert len(page.one("main").one("ol", class_="pile").all("li")) == 14
    assert "14 projets" in page.one("h1").text + page.text
    assert "Cantine" in page.one("main").text
    assert "Dinan (22) (Cantine)" in page.one("main").text
    assert "Total 105 000 €, médiane 7 500 €, sur 14 montants" in page.one("main").text
    assert f"{settings.SITE_URL}/p/" in page.text
    assert other.get_absolute_url() not in page.html
    assert "/projets-a-imprimer/?departement=22" in read("/projets/?departement=22").html


def test_a_very_long_list_says_that_it_was_cut(read, monkeypatch):
    monkeypatch.setattr(impression, "PRINTED", 2)
    ProjetFactory.create_batch(3)
    page = read("/projets-a-imprimer/")
    assert len(page.one("main").one("ol", class_="pile").all("li")) == 2
    assert "les 2 premières" in page.text


def test_an_empty_or_faulty_question_is_answered_as_on_the_list(read):
    ProjetFactory()
    assert "Aucune fiche ne répond" in read("/projets-a-imprimer/?q=introuvable").text
    assert "n’existe pas" in read("/projets-a-imprimer/?inconnu=1").alert
