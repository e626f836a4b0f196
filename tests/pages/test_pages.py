"""The public pages about the site."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from fiches import registre
from labacces.pages import premiers
from labacces.pages.calculs import missing
from labacces.pages.models import Page, Renseignements
from labacces.pages.premiers import first_text
from labacces.pages.texte import a_completer
from socle.annuaire.models import Statut
from socle.vues.carte import CARTE
from tests.addresses import patterns
from tests.factories import factory_of
from tests.factories.glossaire import TermeFactory

pytestmark = pytest.mark.django_db

PAGES = Page.Cle.values


def edit(cle, texte, titre="Un titre"):
    page = Page.objects.get(pk=cle)
    page.titre, page.texte, page.editee = titre, texte, True
    page.save()
    return page


@pytest.mark.parametrize("cle", PAGES)
@pytest.mark.parametrize("rows", ["loaded", "missing"])
def test_a_page_answers_whether_or_not_it_has_a_row(read, django_assert_max_num_queries, cle, rows):
    if rows == "missing":
        Page.objects.all().delete()
    read(f"/{cle}/")  # what a process holds
    with django_assert_max_num_queries(5):  # see the site map below; a text without words of the glossary asks less
        page = read(f"/{cle}/")
    assert page.one("h1").text == Page.Cle(cle).label
    assert len(page.all("main")) == 1
    assert page.one("nav", **{"aria-label": "Fil d’Ariane"}).one("span", **{"aria-current": "page"}).text
    assert bool(page.all("time")) == (rows == "loaded")
    assert "[[" not in page.html


@pytest.mark.parametrize("cle", PAGES)
def test_the_first_texts_are_whole(read, cle):
    assert missing(cle, first_text(cle)) == []
    page = read(f"/{cle}/")
    levels = [element.name for element in page.one("main").all() if re.fullmatch("h[1-6]", element.name)]
    assert levels[:2] == ["h1", "h2"]
    for anchor in page.one("nav", class_="sommaire").all("a"):
        assert page.all("h2", id=anchor["href"].removeprefix("#"))


@pytest.mark.long
def test_links_of_the_texts_lead_somewhere(client, read):
    links = {link["href"]: cle for cle in PAGES for link in read(f"/{cle}/").one("main").all("a")}
    for href, cle in links.items():
        if href.startswith("/") and href != "/admin/":
            assert client.get(href).status_code == 200, (cle, href)


def test_the_pages_are_in_the_footer_of_every_page_and_in_the_site_map(read):
    for address in ("/", "/projets/", "/aide/"):
        links = {a["href"] for a in read(address).one("footer").all("a")}
        assert {f"/{cle}/" for cle in PAGES} <= links
    assert {f"/{cle}/" for cle in PAGES} <= {a["href"] for a in read("/plan-du-site/").one("main").all("a")}
    assert read("/aide/").one("footer").one("a", **{"aria-current": "page"})["href"] == "/aide/"


def test_an_edited_text_shows(read):
    edit("aide", "Bonjour.\n\n## Un mot\nÉcrivez à equipe@exemple.bzh.", "Mode d’emploi")
    page = read("/aide/")
    assert page.one("h1").text == "Mode d’emploi"
    assert page.one("a", href="mailto:equipe@exemple.bzh")
    assert "Échap" not in page.html


def test_hostile_text_is_escaped(read):
    edit("aide", "## <script>alert(1)</script>\n<img src=x onerror=alert(1)>", "<script>alert(2)</script>")
    page = read("/aide/")
    assert len(page.all("script")) == 1
    assert not page.all("img")
    assert page.one("h1").text == "<script>alert(2)</script>"


@pytest.mark.parametrize("cle", PAGES)
@pytest.mark.parametrize("given", [False, True])
def test_the_public_reads_whole_sentences_whatever_the_operator_has_said(read, settings, cle, given):
    settings.ORGANISME_NOM = "Askorn" if given else ""
    if given:
        fields = [field.attname for field in Renseignements._meta.fields if not field.primary_key]
        Renseignements.objects.create(pk=1, **{name: f"x-{name}"[:20] for name in fields} | {"licence": "autre"})
    main = read(f"/{cle}/").one("main")
    assert a_completer(first_text(cle)) == []
    assert not re.search(r"à compléter|[{}]|\|\||: ?$|: ?\.", main.text)
    assert not main.all("mark")
    if given and cle == Page.Cle.MENTIONS:
        for name in ("siren", "hebergeur", "licence"):
            assert f"x-{name}" in main.text
        assert "Askorn" in main.text


def test_a_passage_that_an_editor_left_open_is_not_shown(read):
    edit("mentions-legales", "## Éditeur\nAssociation d’exemple. SIREN : [à compléter]")
    assert "Association d’exemple." in read("/mentions-legales/").text
    assert "SIREN" not in read("/mentions-legales/").one("main").text


# Loading


def test_an_edited_text_is_never_overwritten():
    edit("aide", "Le nôtre")
    call_command("migrate", verbosity=0)
    page = Page.objects.get(pk="aide")
    assert (page.texte, page.version) == ("Le nôtre", 2)


@pytest.mark.long
def test_a_text_that_nobody_edited_follows_the_next_version(monkeypatch):
    monkeypatch.setattr(premiers, "first_text", lambda cle: f"{cle}, mieux dit")
    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0)
    page = Page.objects.get(pk="aide")
    assert (page.texte, page.version, page.editee) == ("aide, mieux dit", 2, False)
    assert [version.version for version in page.history.all()] == [2, 1]


# Site map


def test_the_site_map_counts_what_is_public(read):
    for declaration in registre.types():
        factory_of(declaration.model).create_batch(2)
        factory_of(declaration.model)(statut=Statut.BROUILLON)
    text = read("/plan-du-site/").one("main").text
    for declaration in registre.types():
        assert f"{declaration.titre} : 2 {declaration.nom_pluriel}" in text.replace("\u202f", " ")


def test_the_site_map_has_the_pages_and_files_that_each_list_offers_by_their_words(read):
    factory_of(registre.get("evenement").model)()
    page = read("/plan-du-site/")
    for declaration in registre.types():
        found = {a["href"]: a.text for a in page.one("main").all("a") if a["href"].startswith(declaration.lien[:-1])}
        located = CARTE.convient(declaration.liste)
        for end, offered in ((".xlsx", True), (".ods", True), (".json", True), (".atom", True), (".geojson", located)):
            assert (f"{declaration.lien[:-1]}{end}" in found) == offered, declaration.cle
        assert not [text for text in found.values() if text[:1].islower()]
    agenda = registre.get("evenement").lien[:-1]
    linked = {a["href"] for a in page.one("main").all("a")}
    assert {f"{agenda}.ics", "/projets/subventions.csv"} <= linked
    assert not [one for one in linked if "comparer" in one or one.startswith("/integrer/p")]


# What is answered to a message that was sent, to data that were erased: nobody goes there otherwise.
ANSWERS = ("contributions:recue", "contributions:effacee", "inscriptions:effacee")
# What means nothing without records to compare, or outside the frame of another site.
BESIDE = ("comparer", "comparer-csv", "integree")


@pytest.mark.long
def test_every_page_without_argument_is_in_the_site_map(client, read):
    linked = {a["href"] for a in read("/plan-du-site/").one("main").all("a")}
    for route, name in patterns():
        if "<" in route or name in ANSWERS or name.endswith(tuple(f":{one}" for one in BESIDE)):
            continue
        if reverse(name) not in linked:
            response = client.get(reverse(name))
            page = response["Content-Type"].startswith(("text/html", "text/csv"))
            assert response.status_code != 200 or not page, name


def test_words_of_the_glossary_are_linked_once_outside_links_and_headings(client):
    TermeFactory(titre="Non-recours", definition="Ne pas demander un droit.")
    Page.objects.update_or_create(
        cle="a-propos",
        defaults={
            "texte": "## Le non-recours\n\n[Le non-recours](/aide/) : le non-recours, ce non-recours, x@exemple.bzh."
        },
    )
    page = client.get("/a-propos/").content.decode()
    assert page.count('<a class="mot" href="/glossaire/non-recours/">') == 1
    assert '<a href="/aide/">Le non-recours</a>' in page
    assert 'mailto:x@exemple.bzh"' in page
