"""What the takeover left of old lists."""

import pytest
from django.conf import settings

from fiches.choice_lists import Choix
from fiches.choice_lookup import load_choices
from reprise import formulaires
from reprise.dump import read_dump
from reprise.sauvegarde import save_lecture
from tests.reprise.extrait import EXTRAIT


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
