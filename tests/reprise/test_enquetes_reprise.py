import re
from itertools import pairwise

import pytest
from django.conf import settings

from fiches.attached import Contact
from fiches.choice_lookup import load_choices
from fiches.enquetes.models import Enquete
from reprise.formulaires.enquete import EnqueteReprise
from reprise.models import Origine
from socle.recherche.models import Indexe
from tests.factories import CommuneFactory, DepartementFactory
from tests.reprise.extrait import LINES, take_type

pytestmark = pytest.mark.django_db

CODEV = "Codev de Dinan - prise en charge des frais de déplacement"
THEATRE = "Théâtre législatif de la Ville de Mulhouse"
TEXTES = {label: libelle.texte for label, libelle in EnqueteReprise.libelles.items() if libelle.texte}


@pytest.fixture(scope="module")
def taken(kept):
    load_choices(settings.BASE_DIR / "fixtures" / "choix.json")
    CommuneFactory(
        code="22050",
        nom="Dinan",
        departement=DepartementFactory(code="22"),
        codes_postaux="22100",
        latitude=48.45553,
        longitude=-2.05049,
    )
    return take_type("enquete")


def answers(first, last):
    """{label: its first line} of the survey between two lines of the extract, both included."""
    lines = LINES[first - 1 : last]
    return {line: following for line, following in pairwise(lines) if line in EnqueteReprise.libelles}


def test_each_answer_of_a_survey_stands_as_it_was_written(taken):
    enquete, said = Enquete.objects.get(titre=THEATRE), answers(1826, 1873)
    assert len(said) == 21
    for label, name in TEXTES.items():
        assert getattr(enquete, name) == said.get(label, ""), label
    assert (enquete.bareme, enquete.suggestions) == ("", "")
    assert [mode.nom for mode in enquete.modes_reconnaissance.all()] == [
        "Indemnisation des frais (Transports, repas, garde d’enfants, achats…)",
        "Rémunération du temps consacré à l’action",
    ]
    assert [row.nom for row in enquete.types_organisation.all()] == ["Commune", "Association", "Autre"]
    assert (enquete.echelle.nom, enquete.niveau.nom) == ("Commune", "Co-conception")


def test_texts_of_several_lines_stand_once_and_without_spam(taken):
    enquete, said = Enquete.objects.get(titre=CODEV), answers(390, 440)
    several = {"contexte": slice(407, 410), "arguments": slice(431, 433)}  # lines of the extract, from 0
    for label, name in TEXTES.items():
        if name in several:
            assert getattr(enquete, name) == "\n".join(LINES[several[name]])
        elif name == "satisfaction":
            assert enquete.satisfaction == ""
        else:
            assert getattr(enquete, name) == said.get(label, ""), label
    assert enquete.contexte.startswith("Le Conseil de Développement réunit 64 habitants")
    assert enquete.contexte.endswith("(autant de membres que de communes).")
    assert (enquete.commune_id, enquete.departement_id, enquete.position_approchee) == ("22050", "22", True)
    spam = [row["fiche"] for row in taken.anomalies if row["type"] == "contenu_indesirable"]
    assert CODEV in spam
    for row in Enquete.objects.all():
        assert "FloodCRM" not in str(vars(row))


@pytest.mark.long
def test_the_referent_is_a_contact_and_nowhere_else(client, taken):
    contact = Enquete.objects.get(titre=CODEV).entree.contacts.get()
    assert (contact.role, contact.nom, contact.courriel, contact.accord) == (
        Contact.Role.REFERENT,
        "Ewen Quéméner",
        "contact.accueil@exemple.bzh",
        False,
    )
    assert contact.fonction == "Chargée de mission démocratie participative et innovation publique"
    pages = [client.get(row.get_absolute_url()).content.decode() for row in Enquete.objects.all()]
    pages += [client.get(address).content.decode() for address in ("/", "/indemnisation/", "/indemnisation/?page=2")]
    pages.append(b"".join(client.get("/indemnisation.csv").streaming_content).decode())
    pages += [f"{row.tete} {row.corps}" for row in Indexe.objects.filter(entree__type="enquete")]
    pages += [str(vars(version)) for version in Enquete.history.all()]
    pages += [str(origine.valeurs) for origine in Origine.objects.filter(type="enquete")]
    for text in pages:
        assert not re.search("quéméner|quemener|contact.accueil|démocratie participative et inn", text.lower())
    assert len(pages) > 30
