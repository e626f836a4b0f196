"""Whom a name's cell names: a takeover masks them, an erasure removes them from texts. Persons are invented."""

import pytest

from socle.vie_privee.mentions import full_names


@pytest.mark.parametrize(
    ("cell", "persons"),
    [
        ("Gwenaëlle Le Breton", ["Gwenaëlle Le Breton"]),
        ("Le Breton Anne", ["Le Breton Anne"]),
        ("MAIRE Anne", ["MAIRE Anne"]),
        ("Quémener, Jeanne", ["Jeanne Quémener"]),
        ("Jeanne Quémener (06 12 34 56 78)", ["Jeanne Quémener"]),
        ("Soazhig Kerleroux <soazhig@exemple.bzh>", ["Soazhig Kerleroux"]),
        ("Jeanne Quémener tél. 06.12.34.56.78", ["Jeanne Quémener"]),
        ("QUÉMENER Jeanne Directrice", ["QUÉMENER Jeanne"]),
        ("Chargée de mission Jeanne Le Goff", ["Jeanne Le Goff"]),
        ("Soazhig Kerleroux directrice du CCAS", ["Soazhig Kerleroux"]),
        ("Mme Quémener", ["Mme Quémener"]),
        ("TREZEMIC Yann-Ber", ["TREZEMIC Yann-Ber"]),
        ("LOÏC JÉZÉQUEL", ["LOÏC JÉZÉQUEL"]),
        ("Département du Finistère, Goulven Abgrall", ["Goulven Abgrall"]),
        ("Brieg Vaillant (Riposte Armorique)", ["Brieg Vaillant"]),
        ("Mme Anne-Marie Le Goff – Chargée de mission", ["Anne-Marie Le Goff"]),
        ("Référente : Enora Calvez", ["Enora Calvez"]),
        ("Anne Corre / Paul Le Bihan ; Yann Riou", ["Anne Corre", "Paul Le Bihan", "Yann Riou"]),
        ("Bruno Le Moal", ["Bruno Le Moal"]),
        ("Enora Laborde", ["Enora Laborde"]),
        ("CANÉVET Malo", ["CANÉVET Malo"]),
        ("France Le Goff", ["France Le Goff"]),
        ("Yann Saint Jalmes", ["Yann Saint Jalmes"]),
    ],
)
def test_a_person_is_found_among_other_words(cell, persons):
    assert full_names(cell) == persons


@pytest.mark.parametrize(
    "cell",
    [
        "Conseil culturel breton",
        "Maison Jeanne d’Arc",
        "Centre social Jean Ferrat",
        "École élémentaire Jean Moulin",
        "Ville de Saint-Gilles-Croix-de-Vie",
        "Conseil départemental du Puy-de-Dôme",
        "Lannion-Trégor Communauté",
        "CDAD des Côtes d’Armor",
        "CNCE Nantes",
        "Directrice Enfance Jeunesse",
        "Directrice Centre social Kreiz Breizh",
        "Conseillère France Services",
        "Mme la Présidente",
        "Laboratoire 29 Kerne Praxis",
        "02 96 00 00 00",
        "Agence Grrr",
        "Ti Lab Bretagne",
        "Lab @rchipel",
        "Par mail",
        "Le Maire de Quimper",
        "Fédération des Acteurs de la Solidarité Centre-Val de Loire",
        "Ville de Mulhouse et Praxis",
        "",
        " - , ( ) : ",
        "Enora",
        "contacter l’accueil au standard",
        "Brest Métropole",
        "France Travail Bretagne",
        "Saint Malo",
        "CAN Rennes",
    ],
)
def test_organisations_functions_and_places_are_no_persons(cell):
    assert full_names(cell) == []
