from decimal import Decimal

import pytest

from fiches.attached import Contact, FichierJoint
from projets.models import Projet
from reprise.formulaires.projet import ProjetReprise
from reprise.lecture import Champ, Lue

pytestmark = pytest.mark.django_db


def lue(titre="DINAN - Portail", **champs):
    labels = {
        "collectivite": "Nom de la collectivité",
        "departement": "Département",
        "referent": "Référent du projet",
        "description": "Description synthétique du projet",
        "objectifs": "Objectifs",
        "montant": "Montant du financement France Relance",
        "fichier": "Fichier",
        "perdu": "",
    }
    held = {labels[name]: Champ(labels[name], text, 10) for name, text in champs.items()}
    return Lue("projet", titre, 1, 20, held)


def test_fields_are_read_as_written(places):
    valeurs = ProjetReprise().read(
        lue(
            collectivite="DINAN",
            departement="22 - Côtes-d'Armor",
            referent="Nolwenn Le Goff nolwenn@exemple.bzh",
            description="Un\n- deux",
            objectifs="",
            montant="15 000,50 €",
        )
    )
    assert valeurs.champs == {
        "titre": "DINAN - Portail",
        "collectivite": "DINAN",
        "departement_id": "22",
        "description": "Un\n- deux",
        "montant_source": "15 000,50 €",
        "montant_eur": Decimal("15000.50"),
    }
    assert valeurs.personnes == [
        {"role": Contact.Role.REFERENT, "nom": "Nolwenn Le Goff", "courriel": "nolwenn@exemple.bzh"}
    ]
    assert valeurs.anomalies == []


@pytest.mark.parametrize(
    ("champs", "anomaly"),
    [
        ({"montant": "15 000 ou 20 000"}, ("montant_a_verifier", "Montant du financement France Relance")),
        ({"departement": "Bretagne"}, ("departement_inconnu", "Département")),
        ({"departement": "22 - Finistère"}, ("departement_inconnu", "Département")),
        ({"departement": "22", "collectivite": "Mairie de Vannes"}, ("lieu_a_verifier", "Département")),
        ({"perdu": "Une ligne"}, ("non_attribuee", "")),
    ],
)
def test_what_is_in_doubt_is_told_and_kept(places, champs, anomaly):
    valeurs = ProjetReprise().read(lue(**champs))
    assert [found[:2] for found in valeurs.anomalies] == [anomaly]
    assert valeurs.anomalies[0][2] == next(iter(champs.values()))


def test_a_new_file_takes_no_row_of_one_that_is_still_there(places):
    reprise = ProjetReprise()
    projet = Projet(titre="Un portail")
    projet.save()
    projet.annexes.create(nom_origine="rapport.pdf", titre="Le rapport", fichier="annexes/rapport.pdf")
    FichierJoint.objects.create(entree=projet.entree, nom_origine="plan.pdf", titre="Le plan")
    said = lue(fichier="rapport.pdf\nsynthese_rapport.pdf")
    said.joints = {"plan.pdf": ("Texte", ""), "Page_plan.pdf": ("Texte", "")}
    reprise.attach(projet, reprise.read(said))
    rows = projet.annexes.order_by("pk").values_list("nom_origine", "fichier")
    assert list(rows) == [("rapport.pdf", "annexes/rapport.pdf"), ("synthese_rapport.pdf", "")]
    joined = FichierJoint.objects.order_by("pk").values_list("nom_origine", "titre")
    assert list(joined) == [("plan.pdf", "Le plan"), ("Page_plan.pdf", "")]
