import json

import pytest
from django.conf import settings

from fiches.choice_lists import Theme
from fiches.themes import load_themes, propose_themes
from tests.fiches.test_referentiels_projets import PROJETS

FIXTURE = settings.BASE_DIR / "fixtures" / "themes.json"


@pytest.fixture
def themes(db):
    load_themes(FIXTURE)
    return list(Theme.objects.all())


def slugs(themes):
    return " ".join(theme.slug for theme in themes)


def theme(nom, *mots_cles):
    return Theme(nom=nom, mots_cles="\n".join(mots_cles))


def test_each_of_the_seventy_titles_gets_its_themes(themes):
    proposed = {projet.titre: slugs(propose_themes(projet.titre, "", themes)) for projet in PROJETS}
    assert proposed == {projet.titre: projet.themes for projet in PROJETS}


@pytest.mark.parametrize(
    ("titre", "texte", "expected"),
    [
        ("Portails familles", "", ["Famille"]),
        ("Un portail pour la famille", "", ["Famille"]),  # stop words do not part an expression
        ("Portail web des familles", "", []),  # another word does
        ("Numérisation de l’état-civil", "", ["Civil"]),
        ("L’état des lieux", "vie civile", []),
        ("Familial, un portail familial", "", []),  # another form of a word is another word
    ],
)
def test_words_are_compared_without_accents_capitals_and_plurals(titre, texte, expected):
    themes = [theme("Famille", "portail famille"), theme("Civil", "état civil")]
    assert [found.nom for found in propose_themes(titre, texte, themes)] == expected


def test_a_mention_in_the_text_counts_only_if_the_title_says_nothing():
    themes = [theme("Famille", "portail famille"), theme("Cimetière", "cimetière")]
    assert [t.nom for t in propose_themes("Portail famille", "Plus tard, le cimetière.", themes)] == ["Famille"]
    assert [t.nom for t in propose_themes("Outil", "Plus tard, le cimetière.", themes)] == ["Cimetière"]
    assert [t.nom for t in propose_themes("Portail famille", "Le cimetière, les cimetières.", themes)] == [
        "Famille",
        "Cimetière",
    ]


def test_at_most_three_themes_and_always_the_same():
    themes = [theme(nom, nom) for nom in ("Zoo", "Été", "Chat", "Fleur")]
    for order in (themes, themes[::-1]):
        assert [t.nom for t in propose_themes("zoo été chat fleur", "", order)] == ["Chat", "Été", "Fleur"]


def test_where_expressions_of_two_themes_stand_the_longer_one_counts():
    themes = [theme("Accueil", "accueil"), theme("Famille", "accueil de loisirs")]
    assert [found.nom for found in propose_themes("Accueil de loisirs", "", themes)] == ["Famille"]
    assert len(propose_themes("Accueil de loisirs", "L’accueil, puis l’accueil", themes)) == 2


def test_a_longer_expression_may_be_spared():
    themes = [theme("Famille", "garderie", "Sauf halte-garderie"), theme("Participation", "indemnisation")]
    survey = "Les frais de halte-garderie. Une halte-garderie sur place. Cette indemnisation."
    assert [found.nom for found in propose_themes("", survey, themes)] == ["Participation"]
    assert [found.nom for found in propose_themes("La garderie", survey, themes)] == ["Famille"]


def test_an_editor_s_theme_is_never_overwritten(themes):
    edited = Theme.objects.get(slug="portail-famille")
    edited.nom, edited.mots_cles = "Portails et familles", "famille"
    edited.save()
    renamed = Theme.objects.get(slug="etat-civil")
    renamed.slug = "actes"
    renamed.save()
    assert load_themes(FIXTURE) == (len(themes), 0)
    assert load_themes(FIXTURE, missing=True) == (len(themes), 0)
    edited.refresh_from_db()
    assert (edited.nom, edited.mots_cles) == ("Portails et familles", "famille")
    assert Theme.objects.count() == len(themes)


def test_a_deleted_theme_comes_back_only_if_asked_for(themes):
    Theme.objects.get(slug="etat-civil").delete()
    assert load_themes(FIXTURE) == (len(themes), 0)
    assert not Theme.objects.filter(slug="etat-civil").exists()
    assert load_themes(FIXTURE, missing=True) == (len(themes), 1)
    assert Theme.objects.filter(slug="etat-civil").exists()


@pytest.mark.parametrize("content", ["", "{}", '[{"nom": "Sans mots"}]', "[1]"])
def test_a_file_that_is_no_list_of_themes_is_refused(tmp_path, db, content):
    path = tmp_path / "themes.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError):  # noqa: PT011 - json's own error is one
        load_themes(path)


def test_no_key_word_belongs_to_two_themes():
    words = [word.casefold() for entry in json.loads(FIXTURE.read_text("utf-8")) for word in entry["mots_cles"]]
    assert len(words) == len(set(words))
