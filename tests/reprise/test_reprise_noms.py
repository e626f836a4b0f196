"""Names of files: as the old site kept them, and as its pages showed them."""

import pytest

from reprise.file_names import is_stored_as, shown_name

STOCKE = "VilleTest_fichierbf_annexe_Compte_rendu_20220503140731_20220503140731.pdf_"


@pytest.mark.parametrize(
    ("stored", "shown", "same"),
    [
        (STOCKE, "Compte_rendu.pdf", True),
        (STOCKE, "Compte_rendu.pdf_", True),
        (STOCKE, STOCKE, True),
        (STOCKE, "ompte_rendu.pdf", False),
        (STOCKE, "autre.pdf", False),
        ("Compte_rendu.pdf", "rendu.pdf", False),
        (STOCKE, "", False),
    ],
)
def test_a_file_is_known_under_both_names(stored, shown, same):
    assert is_stored_as(stored, shown) is same


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (STOCKE, "Compte_rendu.pdf"),
        ("A1_fichierfichier_b_c_20220503140731_20220503140731.mp3", "b_c.mp3"),
        ("A1_imagebf_image_photo_20220503140731_20220503140731.jpg", "photo.jpg"),
        ("Compte_rendu.pdf_", "Compte_rendu.pdf"),
        ("a_fichier_b.pdf", "a_fichier_b.pdf"),
    ],
)
def test_the_shown_name_is_what_is_left(stored, shown):
    assert shown_name(stored) == shown
