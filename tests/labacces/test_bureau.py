"""The home of the editors' desk: what waits, what changed last, a search over all records."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from fiches import registre
from fiches.attached import Contact
from fiches.indexation import together
from projets.models import Projet
from socle.annuaire.models import Entree, Statut
from socle.comptes.roles import REDACTION
from socle.recherche.models import Synonymes
from tests.conftest import cost, make_many_projets
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.factories.glossaire import TermeFactory
from tests.factories.participants import ExplorationFactory, InscriptionFactory
from tests.sampling import mostly_long, size

pytestmark = pytest.mark.django_db

CANARY = "Kerinventé"


def tasks(page):
    """{task: {text of a link: address}} of what waits."""
    rows = page.one("dl", class_="taches").all("div")
    return {row.one("dt").text: {a.text: a["href"] for a in row.all("a")} for row in rows}


def results(page):
    return [row.one("a").text for row in page.one("table", class_="resultats").one("tbody").all("tr")]


@pytest.fixture
@together()
def work(places):
    """Something of everything that waits, and as much that does not."""
    theme = ThemeFactory(nom="Cantine")
    known = {"themes": [theme], "montant_eur": 1000}
    for statut in (Statut.BROUILLON, Statut.A_RELIRE, Statut.RETIREE):
        ProjetFactory(titre=f"Projet {statut}", statut=statut, themes=[theme])
    ProjetFactory(titre="BERRIC - Portail famille", **known)
    ProjetFactory(titre="Berric – portail Famillé", statut=Statut.BROUILLON, themes=[theme])
    ProjetFactory(titre="VANNES - Portail famille", **known)
    ProjetFactory(titre="berric, portail famille", statut=Statut.RETIREE, themes=[theme])
    ProjetFactory(titre="Sans thème", themes=[], montant_eur=1000)
    ProjetFactory(titre="Sans montant", themes=[theme], montant_eur=0)
    TermeFactory(titre="À définir", definition="", themes=[theme])
    ancien = ProjetFactory(titre="Ancien", **known)
    Projet.objects.filter(pk=ancien.pk).update(modifiee_le=timezone.now() - timedelta(days=731))
    Projet.objects.filter(titre="Projet retiree").update(modifiee_le=timezone.now() - timedelta(days=9999))
    for declaration in registre.types():
        factory_of(declaration.model)(titre=f"À relire, {declaration.nom}", statut=Statut.A_RELIRE, themes=[theme])


def test_everything_that_waits_is_told_with_the_list_that_holds_it(enter, client, read, work):
    enter()
    found, projets = tasks(read("/admin/")), {}
    for task, links in found.items():
        for words, address in links.items():
            rows = client.get(address).context["cl"]
            assert rows.result_count == int(words.split()[0]), address
            if words.endswith(("projet", "projets")):
                projets[task] = {row.titre for row in rows.result_list}
    assert list(found)[1] == "Mots à définir"
    assert list(found["Mots à définir"]) == ["1 terme"]
    assert len(found["À relire, à publier"]) == len(registre.types())
    assert list(found["À relire, à publier"])[:2] == ["2 projets", "1 initiative"]
    assert list(projets.items()) == [
        ("À relire, à publier", {"Projet a-relire", "À relire, projet"}),
        ("Publiées sans thème", {"Sans thème"}),
        ("Publiées sans montant", {"Sans montant"}),
        ("Publiées, inchangées depuis deux ans", {"Ancien"}),
        ("Brouillons", {"Projet brouillon", "Berric – portail Famillé"}),
    ]


def test_the_list_of_possible_duplicates_holds_them_and_no_other(enter, client, work):
    enter()
    rows = client.get("/admin/projets/projet/", {"a_reprendre": "doublon"}).context["cl"].result_list
    assert {fiche.titre for fiche in rows} == {"BERRIC - Portail famille", "Berric – portail Famillé"}
    # Another filter narrows what is listed, not what it is compared with.
    rows = client.get("/admin/projets/projet/", {"a_reprendre": "doublon", "statut__exact": "brouillon"})
    assert [fiche.titre for fiche in rows.context["cl"].result_list] == ["Berric – portail Famillé"]


def test_rédaction_sees_no_registrations_and_what_it_can_do_alone(enter, read, work):
    enter(REDACTION)
    page = read("/admin/")
    assert "inscription" not in page.text.lower()
    assert "Utilisateurs" not in page.text
    assert list(tasks(page))[:2] == ["Mots à définir", "Publiées sans thème"]
    assert "Brouillons" in tasks(page)


def test_someone_without_rights_sees_an_empty_desk(enter, read, work):
    enter("Personne")
    page = read("/admin/")
    assert "Rien n’attend : tout est à jour." in page.text
    assert "Aucune fiche n’a encore changé." in page.text
    assert "BERRIC" not in page.html
    assert read("/admin/recherche/?q=portail").one("p", role="status").text.startswith("Aucune fiche")


# Last changes


@pytest.mark.long
def test_last_changes_name_the_sheet_who_and_when_once_each(enter, read):
    first, second = ProjetFactory(titre="Premier"), ProjetFactory(titre="Second")
    first._history_user = enter(first_name="Anne", last_name="Le Goff")
    first.objectifs = "Corrigés"
    first.save()
    rows = read("/admin/").one("ul", class_="changements").all("li")
    change = f"/admin/projets/projet/{first.pk}"
    assert [a["href"] for a in rows[0].all("a")] == [f"{change}/change/", f"{change}/history/"]
    assert rows[0].text.startswith("Premier Projet, modification par Anne Le Goff, ")
    assert rows[1].text.startswith("Second Projet, création par une tâche automatique, ")
    assert rows[0].one("time")["datetime"]
    second.delete()
    rows = read("/admin/").one("ul", class_="changements").all("li")
    assert rows[0].text.startswith("Second Projet, suppression par ")
    assert not rows[0].all("a")


def test_last_changes_hold_ten_sheets_and_neither_they_nor_the_search_tell_of_a_person(enter, read):
    for number in range(12):
        fiche = ProjetFactory(titre=f"Fiche {number}")
    Contact.objects.create(entree=fiche.entree, nom=CANARY, courriel=f"{CANARY}@exemple.bzh")
    InscriptionFactory(nom=CANARY, organisation=CANARY, commentaire=CANARY)
    ExplorationFactory(nom=CANARY, structure=CANARY)
    enter()
    page = read("/admin/")
    assert len(page.one("ul", class_="changements").all("li")) == 10
    assert CANARY not in page.html
    page = read("/admin/recherche/", {"q": CANARY})
    assert page.one("p", role="status").text.startswith("Aucune fiche ne répond")
    assert not page.all("table")


# The search


@pytest.fixture
@together()
def sheets(places):
    for declaration in registre.types():
        factory_of(declaration.model)(titre=f"Portail {declaration.nom}", statut=Statut.BROUILLON, themes=[])
    ProjetFactory(titre="Portail des familles", themes=[], objectifs="Une cantine scolaire")
    ProjetFactory(titre="Site de la ville", themes=[], description="Avec un portail")
    ProjetFactory(titre="Ancien portail", statut=Statut.RETIREE, themes=[])
    ProjetFactory(titre="Cimetière", themes=[])


def test_the_search_finds_any_type_and_any_state_the_best_answer_first(enter, read, sheets):
    enter()
    Synonymes.objects.create(mots="nécropole\ncimetière\nterme")
    found = results(read("/admin/recherche/?q=portail"))
    assert {f"Portail {declaration.nom}" for declaration in registre.types()} <= set(found)
    assert "Portail des familles" in found
    assert "Cimetière" not in found
    assert found[-2:] == ["Ancien portail", "Site de la ville"]  # later in the title, then only in the text
    for asked, first in {
        "PORTAIL TERME": "Portail terme",
        "famill": "Portail des familles",
        "terme portail": "Portail terme",  # a draft by its words, in any order
        '"portail des familles"': "Portail des familles",
        "cantine": "Portail des familles",
        "ancien -familles": "Ancien portail",
    }.items():
        assert results(read(f"/admin/recherche/?{urlencode({'q': asked})}"))[0] == first, asked
    assert {"Cimetière", "Portail terme"} <= set(results(read("/admin/recherche/?q=necropole"))), "synonyms"


@mostly_long("asked", ["", " ", "\0", "%", "_", "'", '"', "le", "-portail", "((", "a" * 5000, "é\0à", "🦆"], one_in=5)
def test_no_question_breaks_the_search(enter, client, sheets, asked):
    enter()
    assert client.get("/admin/recherche/", {"q": asked, "p": "x"}).status_code == 200


def test_the_search_keeps_to_what_one_may_see(enter, client, read, sheets):
    user = enter("Personne")
    user.user_permissions.add(Permission.objects.get(codename="view_terme"))
    client.force_login(user)  # new rights end the session
    assert results(read("/admin/recherche/?q=portail")) == ["Portail terme"]
    client.logout()
    assert client.get("/admin/recherche/?q=portail").status_code == 302


def test_more_results_than_a_page_holds_are_paged(enter, read, places):
    make_many_projets({"titre": f"Portail {number}"} for number in range(60))
    enter()
    page = read("/admin/recherche/?q=portail")
    assert page.one("p", role="status").text == "60 fiches trouvées"
    assert len(results(page)) == 50
    (following,) = [a["href"] for a in page.all("a") if a.text == "Page suivante"]
    assert len(results(read(f"/admin/recherche/{following}"))) == 10


# Cost


@pytest.mark.long
def test_home_and_search_cost_the_same_at_twenty_and_at_two_thousand(enter, client, places):
    theme = ThemeFactory()

    def row(number):
        statut = [Statut.PUBLIEE, Statut.PUBLIEE, Statut.BROUILLON, Statut.A_RELIRE][number % 4]
        return {"titre": f"Portail {number % 1500}", "statut": statut, "themes": [theme][: number % 2]}

    enter()
    make_many_projets(row(number) for number in range(10))
    client.get("/admin/recherche/?q=portail")  # what a process reads once, whichever test comes first
    make_many_projets(row(number) for number in range(10, 20))
    home, search = cost(client, "/admin/"), cost(client, "/admin/recherche/?q=portail")
    more = range(size(1980, one_in=10))
    make_many_projets(row(number) for number in more)
    types = len(registre.types())
    # Session and user; counts, pairs and versions of each type; the ten lists of what is to settle; registrations
    # without an event; mails that do not leave, and those given up; what was read again this week, what is to be.
    assert home <= 2 + 4 * types + 15
    assert cost(client, "/admin/") == home
    # Session, user; versions; titles of drafts, whether words are common, parts of titles, count, page.
    assert cost(client, "/admin/recherche/?q=portail") == search == 8
    assert Entree.objects.count() == 20 + len(more)


# Lists, in the order of the work


def test_lists_stand_by_their_use_and_technical_ones_are_folded(enter, read):
    enter()
    page = read("/admin/")
    assert page.one("details").one("summary").text == "Listes techniques"
    every = [heading.text for heading in page.all("th") if heading.attributes.get("scope") == "row"]
    folded = [a.text for a in page.one("details").all("th")]
    assert every[:2] == ["Projets France Relance", "Initiatives"]
    for name in ("Courriels", "Communes", "Groupes", "Messages", "Thèmes", "Utilisateurs"):
        technical = any(heading.startswith(name) for heading in folded)
        assert technical is (name in ("Courriels", "Communes", "Groupes")), name
        assert any(heading.startswith(name) for heading in every), name
