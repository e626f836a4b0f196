"""oEmbed, by oembed.com: other sites show a list or a record by its address alone."""

from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.conftest import PageLue, some_types
from tests.factories import ProjetFactory, factory_of
from tests.vues.test_integrer import frame

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL


def ask(client, path, **more):
    return client.get(f"/oembed?{urlencode({'url': f'{SITE}{path}'} | more)}")


@some_types
def test_lists_and_records_say_where_to_ask_and_are_answered(client, declaration):
    fiche = factory_of(declaration.model)(titre="Un portail")
    for address in (declaration.lien, fiche.get_absolute_url()):
        link = PageLue(client.get(address)).one("link", type="application/json+oembed")
        response = client.get(link["href"].removeprefix(SITE))
        assert response["Content-Type"] == "application/json"
        told = response.json()
        assert (told["type"], told["version"]) == ("rich", "1.0")
        assert {"html", "width", "height"} <= set(told)
        iframe = frame(told["html"])
        assert int(iframe["width"]) == told["width"] > 0
        assert int(iframe["height"]) == told["height"] > 0
        shown = client.get(iframe["src"].removeprefix(SITE))
        assert shown.status_code == 200
        assert "frame-ancestors *" in shown["Content-Security-Policy"]


def test_the_filters_of_a_list_are_kept(client, places):
    ProjetFactory(departement_id="22")
    told = ask(client, "/projets/?departement=22&page=3&utm_source=x").json()
    assert frame(told["html"])["src"] == f"{SITE}/integrer/projets/?departement=22"
    assert told["title"].endswith("dans les Côtes-d’Armor")  # no number, which would grow old


def test_the_sizes_asked_are_obeyed_and_what_is_none_is_refused(client):
    whole = ask(client, "/projets/").json()
    told = ask(client, "/projets/", maxwidth=300, maxheight=200).json()
    assert (told["width"], told["height"]) == (300, 200)
    assert ask(client, "/projets/", maxwidth=9000, maxheight=9000).json() == whole
    for size in ("0", "-1", "beaucoup", "1e3", "²", "9" * 30):
        assert ask(client, "/projets/", maxwidth=size).status_code == 400, size


def test_the_lasting_address_and_an_old_one_are_answered(client):
    projet = ProjetFactory(slug="ancien")
    projet.change({"slug": "nouveau"}, reason="essai")
    for path in (f"/p/{projet.pk}", "/projets/ancien/", "/projets/nouveau/"):
        assert frame(ask(client, path).json()["html"])["src"] == f"{SITE}/integrer/fiche/{projet.pk}/"


def test_what_is_not_for_everybody_is_refused_and_what_is_not_shown_elsewhere_is_not_found(client):
    for path in ("/admin/", "/apercu/1/", "/inscription/un-jeton/", "/exploration/ma-fiche/jeton/"):
        assert ask(client, path).status_code == 401, path
    draft = ProjetFactory(draft=True)
    paths = ["/absente/", "/", "/projets.csv", "/projets/absent/", "/p/99999999999999999999999", "/recherche/?q=a"]
    paths += ["/projets/?departement=zz", "/projets/?inconnu=1", ".evil.exemple/projets/", "/projets/\0/"]
    paths += [draft.get_absolute_url(), f"/p/{draft.pk}"]
    others = ["", "projets", "https://evil.exemple/projets/", "javascript:alert(1)", "http://["]
    for url in (*(f"{SITE}{path}" for path in paths), *others):
        assert client.get(f"/oembed?{urlencode({'url': url})}").status_code == 404, url


def test_a_hostile_title_is_inert(client):
    titre = '"><script>alert(1)</script>'
    projet = ProjetFactory(titre=titre)
    told = ask(client, projet.get_absolute_url()).json()
    assert "<script" not in told["html"]
    assert "<script>alert(1)" in frame(told["html"])["title"]
