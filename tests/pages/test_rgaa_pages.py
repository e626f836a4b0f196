"""What labacces/pages/rgaa.json says of criteria that the code of pages decides, checked on every page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fiches import registre
from tests.addresses import patterns
from tests.conftest import PageLue
from tests.factories import factory_of
from tests.sampling import sample

pytestmark = pytest.mark.django_db  # or else a run of this file alone makes no tables

SCRIPTS = "".join(path.read_text(encoding="utf-8") for path in (Path(settings.BASE_DIR) / "static").rglob("*.js"))


@pytest.fixture(scope="module")
def pages(kept):
    """{address: page} of every page: those without argument, a record of each type, errors, the staff's way in.

    Each day, of those without argument, one in three.
    """
    addresses = sample((reverse(name) for route, name in patterns() if "<" not in route), one_in=3)
    addresses += ["/recherche/?q=fiche", "/projets/?q=zzz", "/rien/", "/admin/login/", "/admin/password_reset/"]
    texts = {"transcription": "Bonjour", "texte_long": "Bonjour", "description": "Bonjour", "fichier": "dossier/un.mp3"}
    for declaration in registre.types():
        names = {field.name for field in declaration.model._meta.concrete_fields}
        fiche = factory_of(declaration.model)(**{name: text for name, text in texts.items() if name in names})
        addresses.append(fiche.get_absolute_url())
    found = {}
    for address in addresses:
        response = Client().get(address)
        if not response.streaming and response["Content-Type"].startswith("text/html") and response.content:
            found[address] = PageLue(response)
    assert len(found) > 2 * len(registre.types())
    return found


def holders(pages, *names):
    return {address: name for address, page in pages.items() for name in names if page.all(name)}


@pytest.mark.long
def test_no_page_holds_a_frame(pages):
    assert not holders(pages, "iframe", "frame", "frameset", "object", "embed")


def test_no_page_holds_a_captcha(pages):
    assert not holders(pages, "img", "canvas")
    for address, page in pages.items():
        assert "captcha" not in page.html.lower(), address
        assert not page.all("input", type="image"), address


def test_no_page_holds_a_video(pages):
    assert not holders(pages, "video", "object", "embed")


def test_no_sound_starts_by_itself(pages):
    for address, page in pages.items():
        assert not [audio for audio in page.all("audio") if "autoplay" in audio.attributes], address
    assert ".play(" not in SCRIPTS
    assert "new Audio" not in SCRIPTS


def test_each_page_declares_its_type_its_language_and_its_title(pages):
    for address, page in pages.items():
        assert re.match(r"<!doctype html>\s*<html\b", page.html, re.IGNORECASE), address
        assert page.one("html")["lang"] in ("fr", "fr-fr"), address
        assert page.one("head").one("title").text, address


def test_no_page_opens_a_window(pages):
    for address, page in pages.items():
        # A frame in another site opens its links beside that site, and says so.
        framed = address.startswith("/integrer/")
        assert framed or not [one for one in page.all() if "target" in one.attributes], address
    assert "window.open" not in SCRIPTS


def test_drawings_are_decoration(pages):
    """The map apart, whose links and figures stand in a table beside it."""
    for address, page in pages.items():
        for figure in page.all("figure"):
            assert figure.attributes["aria-label"], address
            for drawing in figure.all("svg", class_="hero"):
                drawn = {a["href"] for a in drawing.all("a")}
                assert drawn == {a["href"] for table in figure.all("table") for a in table.all("a")}, address
        for drawing in page.all("svg"):
            sprite = "base-svgs" in drawing.attributes.get("class", "")  # the admin's, never displayed
            told = [a.attributes.get("aria-label") for a in drawing.all("a")]
            assert all(told), address
            # An empty map too, which leads nowhere, stands in a figure that says what it is.
            figured = any(one is drawing for figure in page.all("figure") for one in figure.all("svg"))
            assert sprite or told or figured or drawing.attributes.get("aria-hidden") == "true", address


def test_the_heads_of_tables_say_what_they_head(pages):
    for address, page in pages.items():
        for table in page.all("table"):
            assert table.one("caption").text, address
            assert {cell.attributes.get("scope") for cell in table.all("th")} <= {"col", "row"}, address


def test_nothing_shows_on_hover_and_no_page_reloads(pages):
    for address, page in pages.items():
        shown = [one for one in page.all() if one.name not in ("input", "link")]
        assert not [one for one in shown if "title" in one.attributes], address
        assert not page.all("meta", **{"http-equiv": "refresh"}), address
