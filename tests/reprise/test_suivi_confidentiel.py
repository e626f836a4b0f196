"""What the takeover left, as test_confidentiel sees it."""

import pytest
from django.conf import settings

from fiches import registre
from fiches.choix import load_choices
from fiches.lists import Choix
from reprise import formulaires
from reprise.dump import read_dump
from reprise.sauvegarde import save_lecture
from socle.vie_privee.masking import NOM_MASQUE
from tests.fiches.test_confidentiel import as_saved
from tests.reprise.extrait import EXTRAIT, lecture


@pytest.mark.long
@pytest.mark.django_db
def test_persons_of_the_old_site_are_masked_and_its_organisations_are_not():
    """On an extract of its dump, whose persons are invented."""
    load_choices(settings.BASE_DIR / "fixtures" / "choix.json")
    save_lecture(lecture())
    persons = (
        *("Ewen Quéméner", "Goulven Abgrall", "Jakez Faou", "Brieg Vaillant", "Fañch Kerdoncuff", "Loïc Jézéquel"),
        *("Awena Quéméner", "Guillou Yann", "Nolwenn PRIGENT", "Malo le Floch", "Enora Calvez"),
        *("Ewen Kerbrat", "RIOU Gaëlle", "Tanguy Le Bras", "Rozenn Tanneau", "Katell Hamon", "Briac Morvan"),
    )
    for person in persons:
        assert as_saved(f"Merci à {person}.") == f"Merci à {NOM_MASQUE}.", person
    bodies = (
        *("Département du Finistère", "Agence Grrr", "Ti Lab", "Ti Lab Bretagne", "CNCE Nantes", "Nantes Métropole"),
        *("Maison Solidaire de Kermarron", "Hub Bretagne", "Riposte Créative Bretagne", "Ville de Mulhouse", "Askoria"),
        *("Conseil départemental du Puy-de-Dôme", "Chargée de mission", "Médiatrice numérique", "Par mail"),
    )
    for body in bodies:
        assert as_saved(body) == body
    for declaration in registre.types():
        for fiche in declaration.model.objects.published():
            title = fiche.titre
            assert as_saved(title) == title


@pytest.mark.long
@pytest.mark.django_db
def test_a_takeover_keeps_the_address_of_a_list_for_the_staff():
    load_choices(settings.BASE_DIR / "fixtures" / "choix.json")
    lines = EXTRAIT.read_text(encoding="utf-8").splitlines()
    place = lines.index("Mot clef de l'action") + 1
    lines[place] = "lena.morvan@exemple.bzh"
    rapport = save_lecture(read_dump("\n".join(lines).encode(), formulaires.declared()))
    assert not Choix.objects.filter(nom__contains="morvan").exists()
    kept = [row for row in rapport.anomalies if "lena.morvan" in row["texte"]]
    assert [(row["type"], row["champ"]) for row in kept] == [("non_attribuee", "Mot clef de l'action")]
