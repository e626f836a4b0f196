"""Who a cell of free writing names. Persons are invented."""

import pytest

from socle.vie_privee.names import person_names, surname


@pytest.mark.parametrize(
    ("cell", "persons"),
    [
        ("Gwenaëlle Le Breton", ["Gwenaëlle Le Breton"]),
        ("LE BRETON Gwenaëlle", ["LE BRETON Gwenaëlle"]),
        ("Le Breton Anne", ["Le Breton Anne"]),
        ("Azenora Le Breton", ["Azenora Le Breton"]),
        ("Anne Maire", ["Anne Maire"]),
        ("MAIRE Anne", ["MAIRE Anne"]),
        ("anne maire", ["anne maire"]),
        ("Jean Maison", ["Jean Maison"]),
        ("Paul de la Loire", ["Paul de la Loire"]),
        ("Katell Nantes", ["Katell Nantes"]),
        ("Loïc Hôpital", ["Loïc Hôpital"]),
        ("Anne-Laure Ville", ["Anne Laure Ville"]),
        ("Quémener, Jeanne", ["Jeanne Quémener"]),
        ("Jeanne Quémener 06 12 34 56 78", ["Jeanne Quémener"]),
        ("Jeanne Quémener (06 12 34 56 78)", ["Jeanne Quémener"]),
        ("Soazhig Kerleroux soazhig@exemple.bzh", ["Soazhig Kerleroux"]),
        ("Soazhig Kerleroux <soazhig@exemple.bzh>", ["Soazhig Kerleroux"]),
        ("Jeanne Quémener tél. 06.12.34.56.78", ["Jeanne Quémener"]),
        ("Directrice Jeanne Quémener", ["Jeanne Quémener"]),
        ("Jeanne Quémener directrice du CCAS", ["Jeanne Quémener"]),
        ("QUÉMENER Jeanne Directrice", ["QUÉMENER Jeanne"]),
        ("Chargée de mission Jeanne Le Goff", ["Jeanne Le Goff"]),
        ("Directrice Soazhig Kerleroux", ["Soazhig Kerleroux"]),
        ("Chargée de mission Soazhig Le Kerleroux", ["Soazhig Le Kerleroux"]),
        ("Soazhig Kerleroux directrice du CCAS", ["Soazhig Kerleroux"]),
        ("Maire de Brest Jeanne Quémener", ["Jeanne Quémener"]),
        ("Ville de Brest Jeanne Quémener", ["Jeanne Quémener"]),
        ("VILLE DE BREST JEANNE QUÉMENER", ["JEANNE QUÉMENER"]),
        ("Ville de Brest Mme Soazh Quémener", ["Soazh Quémener"]),
        ("Brest Métropole Jeanne Quémener", ["Jeanne Quémener"]),
        ("Centre social Jean Ferrat Jeanne Quémener", ["Jeanne Quémener"]),
        ("Kermarron Praxis, Jeanne Quémener", ["Kermarron Praxis", "Jeanne Quémener"]),
        ("Brest Jeanne Quémener", ["Brest Jeanne Quémener", "Jeanne Quémener"]),
        ("Mme Quémener", ["Madame Quémener"]),
        ("M’BAYE Fatou", ["M BAYE Fatou"]),
        ("TREZEMIC Yann-Ber", ["TREZEMIC Yann Ber"]),
        ("Monsieur LE GOFF", ["Monsieur LE GOFF"]),
        ("M. Quémener", ["Monsieur Quémener"]),
        ("Ewen Quéméner", ["Ewen Quéméner"]),
        ("LOÏC JÉZÉQUEL", ["LOÏC JÉZÉQUEL"]),
        ("goulven abgrall", ["goulven abgrall"]),
        ("Goulven Abgrall, Département du Finistère", ["Goulven Abgrall"]),
        ("Département du Finistère, Goulven Abgrall", ["Goulven Abgrall"]),
        ("Jakez Faou - Agence Grrr", ["Jakez Faou"]),
        ("Brieg Vaillant (Riposte Armorique)", ["Brieg Vaillant"]),
        ("Mme Anne-Marie Le Goff – Chargée de mission", ["Anne Marie Le Goff"]),
        ("Référente : Enora Calvez", ["Enora Calvez"]),
        ("Anne Corre et Paul Le Bihan", ["Anne Corre", "Paul Le Bihan"]),
        ("Anne Corre / Paul Le Bihan ; Yann Riou", ["Anne Corre", "Paul Le Bihan", "Yann Riou"]),
        ("Bruno Le Moal", ["Bruno Le Moal"]),
    ],
)
def test_a_person_is_found_among_other_words(cell, persons):
    assert person_names(cell) == persons


@pytest.mark.parametrize(
    "cell",
    [
        "Réseau breton",
        "Conseil culturel breton",
        "Pays breton",
        "Maison Solidaire de Kermarron",
        "Maison Jeanne d’Arc",
        "Centre social Jean Ferrat",
        "Espace Anna Marly",
        "Collège Jean Moulin",
        "École élémentaire Jean Moulin",
        "Ville de Plougastel-Daoulas",
        "Ville de Saint-Jean-Brévelay",
        "Ville de Saint-Gilles-Croix-de-Vie",
        "Conseil départemental du Puy-de-Dôme",
        "Haut-Léon Communauté",
        "Lannion-Trégor Communauté",
        "Mission locale du Pays Malouin",
        "CDAD des Côtes d’Armor",
        "Communauté de communes du Pays Bigouden Sud",
        "Nantes Métropole",
        "CNCE Nantes",
        "Responsable Affaires Scolaires",
        "Directrice Enfance Jeunesse",
        "Directrice du Kreiz Breizh",
        "Directrice Centre social Kreiz Breizh",
        "Conseillère France Services",
        "Madame la Maire",
        "Monsieur le Maire",
        "Mme la Présidente",
        "Laboratoire 29 Kerne Praxis",
        "Centre social 3 Rivières",
        "02 96 00 00 00",
        "Département du Finistère",
        "Agence Grrr",
        "Ti Lab",
        "Ti Lab Bretagne",
        "Lab @rchipel",
        "Askoria",
        "MEL",
        "Par mail",
        "Le Maire de Quimper",
        "Les habitants du quartier",
        "CONSEIL DEPARTEMENTAL TARN ET GARONNE",
        "Fédération des Acteurs de la Solidarité Centre-Val de Loire",
        "Ville de Mulhouse et Praxis",
        "",
        " - , ( ) : ",
    ],
)
def test_organisations_functions_and_places_are_no_persons(cell):
    assert person_names(cell) == []


@pytest.mark.parametrize(
    ("cell", "persons"),
    [
        ("jeanne quémener", ["jeanne quémener"]),
        ("contacter jeanne quémener au standard", ["jeanne quémener"]),
        ("quémener jeanne", ["quémener jeanne"]),
        ("rose des vents", []),
        ("sur place", []),
        ("appel téléphonique", []),
        ("passez plutôt nous rencontrer", []),
        ("Goulven Abgrall, Département du Finistère", ["Goulven Abgrall"]),
        ("Contacter directement la personne qui accueille", []),
        ("appelez plutôt le matin", []),
        ("Enora Le Bris", ["Enora Le Bris"]),
    ],
)
def test_in_a_cell_of_sentences_a_known_first_name_tells_a_person(cell, persons):
    assert person_names(cell, capitals=True) == persons


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jeanne Quémener", ("quemener",)),
        ("QUÉMENER Jeanne", ("quemener",)),
        ("Quémener Jeanne", ("quemener",)),
        ("Soazh Quémener", ("quemener",)),
        ("Anne-Marie Le Goff", ("le", "goff")),
        ("LE GOFF Soazh", ("le", "goff")),
        ("Katell Rivoallan-Roz", ("rivoallan", "roz")),
        ("Madame Quémener", ("quemener",)),
        ("Anne Le Maire", ()),
        ("Anne Maire", ("maire",)),
    ],
)
def test_the_surname_of_a_person(name, expected):
    """« Madame le Maire » is a function, even where somebody is called so."""
    assert surname(name) == expected
