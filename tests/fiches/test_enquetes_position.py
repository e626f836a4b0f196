"""Where a survey stands: the commune that its address names, its position, and an editor's own, which stays."""

import pytest
from django.db import IntegrityError, transaction

from fiches.enquetes.models import Enquete
from fiches.suivi.historique import restore, revisions
from socle.territoires.models import Commune
from tests.factories.enquetes import EnqueteFactory
from tests.projets.formulaire import change_url, posted

pytestmark = pytest.mark.django_db

DINAN, RENNES, OWN = (48.45553, -2.05049), (48.11198, -1.67429), (48.5, -2.5)


@pytest.fixture(autouse=True)
def communes(places):
    for code, postal in (("22050", "22100"), ("35238", "35000 35200 35700"), ("29084", "29259")):
        Commune.objects.filter(pk=code).update(codes_postaux=postal)


@pytest.fixture
def at_dinan():
    return EnqueteFactory(adresse="8 boulevard Simone Veil, 22100 Dinan", themes=[])


def place(enquete):
    """What is saved: commune, département, position, whether it is approximate."""
    enquete = Enquete.objects.get(pk=enquete.pk)
    position = (enquete.latitude, enquete.longitude)
    return enquete.commune_id, enquete.departement_id, position, enquete.position_approchee


def changed(enquete, **values):
    enquete = Enquete.objects.get(pk=enquete.pk)
    for name, value in values.items():
        setattr(enquete, name, value)
    enquete.save()
    return place(enquete)


def test_an_address_gives_the_commune_and_its_position(at_dinan):
    assert place(at_dinan) == ("22050", "22", DINAN, True)
    assert place(EnqueteFactory(adresse="5 rue martenot, 35000 RENNES")) == ("35238", "35", RENNES, True)
    assert place(EnqueteFactory(adresse="Rennes")) == ("35238", "35", RENNES, True)
    assert place(EnqueteFactory(adresse="29259 Île-Molène")) == ("29084", "29", (None, None), False)
    assert changed(at_dinan, freins="Aucun") == ("22050", "22", DINAN, True)


@pytest.mark.parametrize(
    "adresse", ["", "131 avenue Thiers", "197 rue des Bains 92 Bagneux", "Rue ambroise paré Loos 59", "35000 Dinan"]
)
def test_an_address_that_names_no_commune_for_sure_gives_no_place(adresse):
    assert place(EnqueteFactory(adresse=adresse)) == (None, None, (None, None), False)


def test_an_address_that_is_corrected_moves_the_survey(at_dinan):
    assert changed(at_dinan, adresse="35200 Rennes") == ("35238", "35", RENNES, True)
    assert changed(at_dinan, adresse="ailleurs") == (None, "35", (None, None), False)


def test_a_commune_that_an_editor_chose_stays(at_dinan):
    assert changed(at_dinan, commune_id="35238") == ("35238", "35", RENNES, True)
    assert changed(at_dinan, adresse="29259 Île-Molène") == ("35238", "35", RENNES, True)
    both = changed(at_dinan, adresse="35000 Rennes", commune_id="22050")
    assert both == ("22050", "22", DINAN, True)


def test_a_commune_that_an_editor_removed_stays_away(at_dinan):
    assert changed(at_dinan, commune_id=None) == (None, "22", (None, None), False)
    assert changed(at_dinan, freins="Aucun")[0] is None


def test_a_position_that_an_editor_gives_is_exact_and_never_replaced(at_dinan):
    own = {"latitude": OWN[0], "longitude": OWN[1]}
    assert changed(at_dinan, **own) == ("22050", "22", OWN, False)
    assert changed(at_dinan, adresse="35000 Rennes") == ("35238", "35", OWN, False)
    assert changed(at_dinan, commune_id="22050") == ("22050", "22", OWN, False)
    assert changed(at_dinan, commune_id=None)[2:] == (OWN, False)
    assert changed(at_dinan, adresse="22100 Dinan", **own)[2:] == (OWN, False)


def test_an_own_position_may_be_approximate_too(at_dinan):
    changed(at_dinan, latitude=OWN[0], longitude=OWN[1])
    assert changed(at_dinan, position_approchee=True)[2:] == (OWN, True)
    assert changed(at_dinan, commune_id="35238")[2:] == (OWN, True)
    new = EnqueteFactory(adresse="22100 Dinan", latitude=OWN[0], longitude=OWN[1], position_approchee=True)
    assert place(new) == ("22050", "22", OWN, True)


def test_the_position_of_the_commune_becomes_an_editors_own_when_said_exact(at_dinan):
    assert changed(at_dinan, position_approchee=False)[2:] == (DINAN, False)
    assert changed(at_dinan, commune_id="35238")[2:] == (DINAN, False)


def test_an_emptied_position_is_that_of_the_commune_again(at_dinan):
    changed(at_dinan, latitude=OWN[0], longitude=OWN[1])
    assert changed(at_dinan, latitude=None, longitude=None) == ("22050", "22", DINAN, True)


@pytest.mark.parametrize("position", [(48.5, None), (None, -2.5), (91, 0), (0, 181), (-90.1, 0)])
def test_half_a_position_or_one_off_the_earth_is_refused(at_dinan, position):
    with pytest.raises(IntegrityError), transaction.atomic():
        changed(at_dinan, latitude=position[0], longitude=position[1])


def test_a_restored_version_has_its_place_again(at_dinan):
    changed(at_dinan, adresse="35000 Rennes")
    changed(at_dinan, latitude=OWN[0], longitude=OWN[1])
    found = list(revisions(Enquete, at_dinan.pk))
    restore(Enquete, found[2], seen=3)
    assert place(at_dinan) == ("22050", "22", DINAN, True)
    restore(Enquete, found[0], seen=4)
    assert place(at_dinan) == ("35238", "35", OWN, False)
    restore(Enquete, found[1], seen=5)
    assert place(at_dinan) == ("35238", "35", RENNES, True)


# The desk


def test_an_editor_places_a_survey_by_hand_and_is_told_of_half_a_position(client, anne, at_dinan):
    def desk(**changes):
        return client.post(change_url(at_dinan), posted(client, at_dinan, **changes))

    refused = desk(latitude="48.5", longitude="")
    assert refused.status_code == 200
    assert "donnez les deux, ou aucune" in refused.content.decode()
    assert place(at_dinan)[2] == DINAN
    assert desk(latitude="48.5", longitude="-2.5").status_code == 302
    assert place(at_dinan) == ("22050", "22", OWN, False)
