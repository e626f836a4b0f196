import pytest

from socle.comptes.roles import ADMINISTRATION
from socle.vie_privee.models import Consultation
from tests.conftest import PageLue
from tests.factories import member

pytestmark = pytest.mark.django_db
LISTE = "/admin/vie_privee/consultation/"
LISTES = ("alertes", "contributions", "explorations", "inscriptions", "messages", "signalements")


@pytest.fixture
def journal(client):
    """What the journal shows of some looks: [(whose data, what was done, about what)]."""
    qui = member(ADMINISTRATION)
    for genre, quoi, sujet in (
        ("inscriptions.Inscription", "csv", "Fête du réseau"),
        ("inscriptions.Inscription", "fiche", "Café des aidants"),
        ("contacter.Message", "csv", "aucun"),
        ("salle.Disparue", "liste", "aucun"),
    ):
        Consultation.objects.create(qui=qui, genre=genre, quoi=quoi, sujet=sujet, nombre=2)
    client.force_login(qui)

    def shown(query=""):
        page, names = PageLue(client.get(LISTE + query)), ("donnees", "quoi", "sujet")
        return list(
            zip(*([cell.text for cell in page.all("td", class_=f"field-{name}")] for name in names), strict=True)
        )

    return shown


def test_it_names_the_data_by_their_list_and_what_the_persons_share(journal):
    assert journal() == [
        ("salle.Disparue", "liste", "aucun"),  # its room has left
        ("messages", "export CSV", "aucun"),
        ("inscriptions", "détail", "Café des aidants"),
        ("inscriptions", "export CSV", "Fête du réseau"),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?genre=inscriptions.Inscription&quoi__exact=csv", ["inscriptions"]),
        ("?q=aidants", ["inscriptions"]),
        ("?genre=alertes.Alerte", []),
    ],
)
def test_it_is_filtered_by_data_and_action_and_searched_by_what_they_share(journal, query, found):
    assert [donnees for donnees, *_ in journal(query)] == found


def test_every_list_of_persons_is_offered_in_words(journal, client):
    filtre = PageLue(client.get(LISTE)).one("nav", id="changelist-filter")
    offered = {a["href"]: a.text for a in filtre.all("a") if a["href"].startswith("?genre=")}
    assert set(offered.values()) == set(LISTES)
    assert offered["?genre=contacter.Signalement"] == "signalements"
