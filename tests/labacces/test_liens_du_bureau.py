"""Every link of the lists of the desk leads to a page that answers, and that holds what the list named."""

import pytest
from django.urls import reverse

from fiches import registre
from fiches.models import Fiche
from fiches.suivi import corbeille
from tests.comptes.test_droits import MODELS, address, record
from tests.conftest import PageLue
from tests.factories import ProjetFactory, ThemeFactory, factory_of

pytestmark = pytest.mark.django_db

NAMED = "Awena Prigent"  # of whom `record` has the desk ask whether that is a person
# Columns whose links say what to do, or how many, and the column that says of what.
ABOUT = {"field-a_faire": "field-lien", "field-compare": "field-lien_fiche", "field-inscriptions": "field-titre"}


@pytest.fixture
def full(anne):
    """A row in each list of the desk; two sheets of each type, the second of a theme that is no other's."""
    for declaration in registre.types():
        for rank in (1, 2):
            theme = ThemeFactory(nom=f"Thème de type {declaration.cle}" if rank == 2 else "Thème de toutes")
            factory_of(declaration.model)(titre=f"Fiche {rank} de type {declaration.cle}", themes=[theme])
    ProjetFactory(titre=f"Fiche qui nomme {NAMED}")
    for label, model in MODELS.items():
        if not issubclass(model, Fiche):
            record(label)


def follow(client, link, words=""):
    """Go where a link leads: a page that holds its words, or those given."""
    target, _, part = link["href"].partition("#")
    response = client.get(target, follow=True)
    led = f"« {link.text} » leads to {target}"
    assert response.status_code == 200, f"{led}, which answers {response.status_code}"
    page, words = PageLue(response), words or link.text
    main = page.one("main")
    held = folded(" ".join([main.text, *(field.attributes.get("value", "") for field in main.all("input"))]))
    assert folded(words) in held, f"{led}, which does not hold « {words} »"
    assert not part or page.all(id=part), f"{led}, which has no place « {part} »"


def folded(text):
    """In lower case, every blank alike."""
    return " ".join(text.split()).casefold()


def subject(cell, row):
    """The words of the column that a cell is about; none if it speaks for itself."""
    abouts = [about for column, about in ABOUT.items() if cell.has("class_", column)]
    return " ".join(other.text for about in abouts for one in row.all(class_=about) for other in one.all("a"))


def test_each_link_of_a_list_leads_to_what_it_names(client, full):
    columns = set()
    for model in MODELS.values():
        page = PageLue(client.get(address(model, "changelist"), follow=True))
        for table in page.all("table", id="result_list"):
            row = table.one("tbody").all("tr")[-1]
            for cell in [*row.all("th"), *row.all("td")]:
                for link in cell.all("a"):
                    follow(client, link, subject(cell, row))
                    columns.add((model._meta.model_name, cell["class"]))
    told = {("theme", "field-fiches"), ("evenement", "field-inscriptions")}
    assert told <= columns


@pytest.mark.parametrize("name", ["recherche", "journal", "doublons", "corbeille"])
def test_each_link_of_a_page_of_the_desk_leads_to_what_it_names(client, anne, name):
    for titre in ("Portail des familles", "Portail des familles", "Portail du cimetière"):
        ProjetFactory(titre=titre)
    corbeille.throw_away(ProjetFactory(titre="Portail parti"))
    page = PageLue(client.get(reverse(f"admin:{name}"), {"q": "portail"} if name == "recherche" else {}))
    links = page.one("main").all("a")
    assert ("Portail parti" if name == "corbeille" else "Portail des familles") in [link.text for link in links]
    for link in links:
        action = link["href"].startswith("/admin/projets/") and not link["href"].endswith("/change/")
        follow(client, link, "Portail" if action else "")
