"""Who runs the site, as they say it themselves."""

from unittest.mock import patch

import pytest
from django.http import Http404
from django.test import RequestFactory

from labacces.pages.operateur import logo, logos, manquants

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def folder(settings, tmp_path):
    settings.LOGOS = tmp_path / "logos"
    settings.ORGANISME_NOM = settings.ORGANISME_URL = settings.ORGANISME_MISSION = ""
    return settings.LOGOS


def test_a_site_that_does_not_say_who_runs_it_invents_nobody(read, folder):
    page = read("/")
    assert "Un service porté par" not in page.text
    assert not page.all("img")
    assert len(manquants()) == 4


def test_who_runs_the_site_is_shown_with_their_logos(read, client, settings, folder):
    folder.mkdir()
    for name in ("2_Ville_d’Ici.png", "1 Région Bretagne.svg", "notes.txt"):
        (folder / name).write_bytes(PNG)
    settings.ORGANISME_NOM, settings.ORGANISME_URL = "Askorn <SCIC>", "https://askorn.exemple.bzh/"
    settings.ORGANISME_MISSION = "Ouvrir les droits."
    page = read("/")
    assert page.text.count("Askorn <SCIC>") == 3  # header, home, foot
    assert "Ouvrir les droits." in page.text
    assert page.one("p", class_="porte").one("a")["href"] == "https://askorn.exemple.bzh/"
    assert [one["alt"] for one in page.one("p", class_="porteurs").all("img")] == ["Région Bretagne", "Ville d’Ici"]
    about, statement = read("/a-propos/").text, read("/accessibilite/").text  # each fact by itself
    assert "Askorn <SCIC> met ce site en ligne. Ouvrir les droits." in about
    assert "Askorn <SCIC> s’engage à rendre son site accessible" in statement
    answers = [client.get(one["src"]) for one in page.all("img")]
    assert [one["Content-Type"] for one in answers] == ["image/svg+xml", "image/png"] * 2
    for one in answers:
        one.close()
    assert manquants() == []
    (folder / "2_Ville_d’Ici.png").unlink()  # seen at once, though pages do not list the folder each time
    with patch("pathlib.Path.iterdir", wraps=folder.iterdir) as listed:
        assert [len(logos()), len(logos())] == [1, 1]
    assert listed.call_count == 1


@pytest.mark.parametrize("name", ["notes.txt", "absent.svg", "../secret.svg"])
def test_only_logos_are_served(folder, name):
    folder.mkdir()
    (folder / "notes.txt").write_text("x")
    (folder.parent / "secret.svg").write_text("x")
    with pytest.raises(Http404):
        logo(RequestFactory().get("/"), name)
