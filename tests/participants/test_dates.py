from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from participants.evenements.dates import end_of_day, midnight, periode, split_date


@pytest.mark.parametrize(
    ("titre", "reste", "jour"),
    [
        ("Balise MedNum Remix 15/11/24", "Balise MedNum Remix", date(2024, 11, 15)),
        ("Balise L'Accueillette - 11/04/24", "Balise L'Accueillette", date(2024, 4, 11)),
        ("Balise MedLové du 4/07/24", "Balise MedLové", date(2024, 7, 4)),
        ("Balise MedLové du 04/07/2024", "Balise MedLové", date(2024, 7, 4)),
        ("Balise (15/11/24)", "Balise", date(2024, 11, 15)),
        ("11/04/24 : Balise à Rennes", "Balise à Rennes", date(2024, 4, 11)),
        ("Journée du 4/07/24 à Rennes", "Journée à Rennes", date(2024, 7, 4)),
        ("Balise 4/07/24, le 04/07/2024", "Balise", date(2024, 7, 4)),
        ("15/11/24", "15/11/24", date(2024, 11, 15)),
    ],
)
def test_a_date_is_read_from_a_title(titre, reste, jour):
    assert split_date(titre) == (reste, jour)


@pytest.mark.parametrize(
    "titre",
    [
        "Balise Portes communes",
        "Balise 2024",
        "Balise 15/11",
        "Balise 15-11-24",
        "Balise 31/02/24",
        "Balise 11/15/24",
        "Balise 15/11/9999",
        "Balise 1/2/3/24",
        "Balise 15/11/245",
        "Du 4/07/24 au 5/07/24",
        "Accueil 24/24 et 7/7",
        "",
    ],
)
def test_nothing_is_guessed_where_no_single_date_stands(titre):
    assert split_date(titre) == (titre, None)


def paris(*parts):
    return timezone.make_aware(datetime(*parts))


@pytest.mark.parametrize(
    ("debut", "fin", "heure_connue", "mots"),
    [
        (None, None, True, ""),
        (paris(2024, 11, 15), None, False, "vendredi 15 novembre 2024"),
        (paris(2025, 4, 1), paris(2025, 4, 1), False, "mardi 1er avril 2025"),
        (paris(2024, 11, 15), paris(2024, 11, 16), False, "du vendredi 15 novembre au samedi 16 novembre 2024"),
        (
            paris(2024, 12, 31),
            paris(2025, 1, 1),
            False,
            "du mardi 31 décembre 2024 au mercredi 1er janvier 2025",
        ),
        (paris(2024, 11, 15, 9, 30), None, True, "vendredi 15 novembre 2024 à 9 h 30 (heure de Paris)"),
        (
            paris(2024, 11, 15, 9, 30),
            paris(2024, 11, 15, 17),
            True,
            "vendredi 15 novembre 2024, de 9 h 30 à 17 h (heure de Paris)",
        ),
        (
            paris(2024, 11, 15, 14),
            paris(2024, 11, 16, 12, 5),
            True,
            "du vendredi 15 novembre 2024 à 14 h au samedi 16 novembre 2024 à 12 h 05 (heure de Paris)",
        ),
        # The server's clock is in UTC: the night of the reader is not its own, nor are the days when clocks change.
        (datetime(2024, 7, 4, 22, 30, tzinfo=UTC), None, True, "vendredi 5 juillet 2024 à 0 h 30 (heure de Paris)"),
        (datetime(2026, 3, 29, 7, 0, tzinfo=UTC), None, True, "dimanche 29 mars 2026 à 9 h (heure de Paris)"),
        (datetime(2026, 10, 25, 8, 0, tzinfo=UTC), None, True, "dimanche 25 octobre 2026 à 9 h (heure de Paris)"),
    ],
)
def test_a_date_is_said_in_words_in_the_time_of_paris(debut, fin, heure_connue, mots):
    assert periode(debut, fin, heure_connue=heure_connue).replace("\u00a0", " ") == mots


def test_a_day_ends_at_the_next_midnight_even_when_clocks_change():
    assert end_of_day(paris(2026, 3, 29, 12)) == midnight(date(2026, 3, 30))
    assert end_of_day(paris(2026, 3, 29)).astimezone(UTC) == datetime(2026, 3, 29, 22, tzinfo=UTC)
