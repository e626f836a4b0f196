import pytest
from django.conf import settings

from fiches.choice_lookup import load_choices
from fiches.glossaire.models import Terme
from reprise.formulaires.terme import split_references
from reprise.models import Anomalie
from tests.reprise.extrait import initiative, take_lines, take_type

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def taken(kept):
    load_choices(settings.BASE_DIR / "fixtures" / "choix.json")
    return take_type("terme")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un sens.\nRéférences :\n→ Un livre\n→ Un autre", ("Un sens.", "→ Un livre\n→ Un autre")),
        ("Un sens.\n\nréférence:\n\nUn livre", ("Un sens.", "Un livre")),
        ("Références\u00a0:\nUn livre", ("", "Un livre")),
        ("Un sens.\nReférences : \n", ("Un sens.", "")),
        ("Les références : un mot.", ("Les références : un mot.", "")),
        ("Un sens.\nRéférences :\nA\nRéférences :\nB", ("Un sens.", "A\nRéférences :\nB")),
        ("Un\u2028sens.", ("Un\u2028sens.", "")),
        ("", ("", "")),
    ],
)
def test_references_part_from_the_definition_at_their_line(text, expected):
    assert split_references(text) == expected


def test_a_word_without_definition_is_public_and_noted(client, taken):
    terme = Terme.objects.get(titre="e-administrative")
    assert (terme.definition, terme.references, terme.variantes, terme.statut) == ("", "", "", "publiee")
    assert Anomalie.objects.get(entree=terme.entree).type == "definition_manquante"
    assert sum(row["type"] == "definition_manquante" for row in taken.anomalies) == 19
    assert "Ce mot est à définir" in client.get(terme.get_absolute_url()).content.decode()
    assert "20 termes</span>" in client.get("/glossaire/").content.decode()


def test_spam_that_a_longer_text_tells_leaves_the_versions_of_a_definition_too():
    mot = ["Mot", "Mot", "Définition", "Un texte.", "FloodCRM", "FloodCRM"]
    take_lines(mot)
    assert Terme.history.get(titre="Mot").definition == "Un texte.\nFloodCRM"
    take_lines(initiative(description="Un accueil.\nFloodCRM\nFloodCRM"), mot)
    assert Terme.objects.get(titre="Mot").definition == "Un texte."
    assert {version.definition for version in Terme.history.filter(titre="Mot")} == {"Un texte."}
