"""All persons are invented."""

import pytest

from fiches.attached import Contact
from projets.models import Projet
from socle.vie_privee.models import TexteIntegral

pytestmark = [pytest.mark.django_db, pytest.mark.securite]

PERSONNE, NUMERO = "Yuna Kerinventé", "06 39 98 01 23"
DESCRIPTION = f"Avec {PERSONNE}, Mme Le Dantec et M. Riou. Joindre le {NUMERO}."
DUMP = f"""DINAN - Un guichet
DINAN - Un guichet
1.IDENTIFICATION
La collectivité
Nom de la collectivité
Dinan
Département
22 - Côtes-d'Armor
Référent du projet
{PERSONNE}
2.DESCRIPTION DU PROJET
Description synthétique du projet
{DESCRIPTION}
Objectifs
Avec Mme Quéré.
Montant du financement France Relance
20 000
3.SUIVI DU PROJET
4.ENGAGEMENTS DANS LE CADRE DE LA CONVENTION DE FINANCEMENT FRANCE RELANCE
5.ANNEXES
Annexe financière Chorus
"""


def test_where_one_person_of_a_text_is_masked_all_whom_it_names_are(france, take_over):
    take_over(DUMP.encode())
    fiche = Projet.objects.get()
    assert Contact.objects.filter(entree=fiche.pk, nom=PERSONNE).exists()
    assert not any(word in fiche.description for word in ("Kerinventé", "Dantec", "Riou", NUMERO))
    assert fiche.objectifs == "Avec Mme Quéré.", "a text that names nobody of ours is left as it is"
    assert TexteIntegral.objects.get(cle=fiche.pk, champ="description").texte == DESCRIPTION


@pytest.mark.long
def test_twice_masks_no_more_and_changes_nothing(france, take_over):
    take_over(DUMP.encode())
    before = Projet.objects.values().get()
    report = take_over(DUMP.encode())
    assert report["fiches"]["projet"]["inchangees"] == 1
    assert Projet.objects.values().get() == before
