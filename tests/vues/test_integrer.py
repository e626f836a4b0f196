"""A list, or a record, in a page of another site."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from socle.vues.integrer import MONTREES
from tests.conftest import PageLue, some_types
from tests.factories import ProjetFactory, factory_of
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL


class _Iframe(HTMLParser):
    def handle_starttag(self, tag, attrs):
        assert tag == "iframe"
        self.found = dict(attrs)


def frame(code: str) -> dict[str, str]:
    """The attributes of the one frame of a code."""
    reader = _Iframe()
    reader.feed(code)
    return reader.found


@some_types
@mostly_long("size", [1, MONTREES + 1], one_in=2)
def test_it_shows_the_first_records_and_leads_to_all(client, django_assert_max_num_queries, declaration, size):
    fiches = factory_of(declaration.model).create_batch(size, titre="Une fiche")
    with django_assert_max_num_queries(10):
        page = PageLue(client.get(f"/integrer/{declaration.adresse}/"))
    links = [a["href"].removeprefix(SITE) for item in page.all("li") for a in item.all("a")]
    listed = client.get(declaration.lien).context["selection"].keys(0, MONTREES)
    assert links == [next(one for one in fiches if one.pk == pk).get_absolute_url() for pk in listed]
    assert ("Voir tout" in page.text) is (len(listed) < client.get(declaration.lien).context["selection"].total)


def test_it_is_links_alone_and_light(client):
    ProjetFactory.create_batch(12, description="Des mots. " * 50)
    response = client.get("/integrer/projets/")
    page = PageLue(response)
    for name in ("script", "form", "input", "button", "img", "iframe"):
        assert not page.all(name), name
    for a in page.all("a"):
        assert a["href"].startswith(f"{SITE}/")
        assert (a["target"], a["rel"]) == ("_blank", "noopener")
    style = page.one("link", rel="stylesheet")["href"]
    css = Path(finders.find(style.removeprefix("/static/")))
    assert len(response.content) + css.stat().st_size < 30_000
    assert not response.cookies
    assert page.one("meta", name="robots")["content"] == "noindex"


def test_filters_and_order_are_those_of_the_list(client, places):
    here, there = ProjetFactory(departement_id="22"), ProjetFactory(departement_id="56")
    html = client.get("/integrer/projets/?departement=22").content.decode()
    assert here.get_absolute_url() in html
    assert there.get_absolute_url() not in html
    assert "/projets/?departement=22" in html


def test_a_code_that_leaves_a_criterion_out_comes_with_a_message(read):
    ProjetFactory()
    page = read("/projets/integrer/?departement=zz&q=portail")
    assert "n’existe pas" in page.alert
    assert "departement" not in frame(page.one("textarea", id="code").text)["src"]


def test_only_what_is_made_for_it_may_be_framed(client):
    projet = ProjetFactory()
    for address in ("/integrer/projets/", f"/integrer/fiche/{projet.pk}/"):
        response = client.get(address)
        again = client.get(address, headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 304
        for one in (response, again):
            assert "frame-ancestors *" in one["Content-Security-Policy"]
            assert "default-src 'none'" in one["Content-Security-Policy"]
            assert "X-Frame-Options" not in one
    for address in ("/projets/", "/projets/integrer/", "/integrer/", projet.get_absolute_url(), "/integrer/absent/"):
        response = client.get(address)
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"


def test_a_record_alone_is_shown_and_a_draft_is_not(client):
    projet, draft = ProjetFactory(titre="Un portail"), ProjetFactory(draft=True)
    page = PageLue(client.get(f"/integrer/fiche/{projet.pk}/"))
    assert [a["href"] for a in page.one("li").all("a")] == [f"{SITE}{projet.get_absolute_url()}"]
    for pk in (draft.pk, 99999, "9" * 30):
        assert client.get(f"/integrer/fiche/{pk}/").status_code == 404


@some_types
def test_every_list_gives_the_code_that_shows_it(client, read, declaration):
    factory_of(declaration.model)()
    offered = {a.text: a["href"] for a in read(declaration.lien).one(class_="emporter").all("a")}
    page = read(offered["Le code à coller"])
    code = frame(page.one("textarea", id="code").text)
    assert code["src"] == f"{SITE}/integrer/{declaration.adresse}/"
    assert code["title"].startswith(declaration.titre)
    assert client.get(code["src"].removeprefix(SITE)).status_code == 200


def test_the_map_of_a_selection_is_an_image_that_leads_to_it(client, read, places):
    ProjetFactory(departement_id="22", titre='Portail "famille"')
    code = read("/projets/integrer/?departement=22&q=portail").one("textarea", id="code-carte").text
    link, image = re.fullmatch(
        r'<a href="([^"]*)"><img src="([^"]*)" alt="[^"<]+" width="1600" height="900"'
        r' style="max-width:100%;height:auto"></a>',
        code,
    ).groups()
    assert link == f"{SITE}/projets/carte/?q=portail&amp;departement=22"
    assert client.get(unescape(link).removeprefix(SITE)).status_code == 200
    drawn = client.get(unescape(image).removeprefix(SITE))
    assert (drawn.status_code, drawn["Content-Type"].partition(";")[0]) == (200, "image/svg+xml")
    assert not read("/glossaire/integrer/").all("textarea", id="code-carte")


def test_names_in_a_code_hold_no_number_that_grows_old(read, places):
    ProjetFactory.create_batch(3, departement_id="22")
    page = read("/projets/integrer/?departement=22")
    code = frame(page.one("textarea", id="code").text)
    assert code["title"] == "Projets France Relance dans les Côtes-d’Armor"
    assert code["src"] == f"{SITE}/integrer/projets/?departement=22"
    assert 'alt="Carte : Projets' in page.one("textarea", id="code-carte").text


def test_the_search_of_the_whole_site_is_not_shown_elsewhere(client):
    assert client.get("/integrer/recherche/").status_code == 404


HOSTILE = ["</textarea><script>alert(1)</script>", '" onload="alert(1)', "<img src=x onerror=alert(1)>", "{{ 7 }}"]


@mostly_long("typed", HOSTILE, one_in=3)
def test_what_people_typed_acts_in_no_frame(client, read, typed):
    projet = ProjetFactory(titre=f"Fiche {typed}", fait=f"Fait {typed}", collectivite=f"Lieu {typed}")
    for address in ("/integrer/projets/", f"/integrer/fiche/{projet.pk}/"):
        page = PageLue(client.get(address))
        assert not page.all("script")
        assert not page.all("img")
        assert not [one for one in page.all() if "onload" in one.attributes]
        assert "Fiche" in page.text
    code = read("/projets/integrer/", {"q": typed}).one("textarea", id="code").text
    assert set(frame(code)) == {"src", "title", "width", "height", "loading"}
