import threading
import time
from copy import copy
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from fiches import confidentiel, registre
from fiches.choix import load_choices
from fiches.confidentiel import ADRESSE_MASQUEE, NOM_MASQUE, _Names, is_name, masquer, montrer, person_names
from fiches.models import Contact, Entree
from fiches.recherche.query import matching
from labacces.reprise.dump import read_dump
from labacces.reprise.sauvegarde import save_lecture
from participants.evenements.models import Evenement
from projets.models import Projet
from tests.factories import ProjetFactory
from tests.factories.participants import EvenementFactory, ExplorationFactory, InscriptionFactory

EXTRAIT = Path(__file__).parent.parent / "exemples" / "extrait-labacces.txt"


@pytest.fixture(autouse=True)
def _no_name_of_another_test():
    confidentiel.reset()


def mask(text, *names):
    return _Names(names).mask(text)


# Names as people write them


@pytest.mark.parametrize(
    "text",
    [
        "Ewen Quéméner",
        "EWEN QUÉMÉNER",
        "ewen quemener",
        "QUÉMÉNER Ewen",
        "Quemener, Ewen",
        "Ewen-Quéméner",
        "Ewen  Quéméner",
        "Ewen\u00a0Quéméner",
        "Ewen\nQuéméner",
        "Ewen Que\u0301me\u0301ner",
        "Ewen Qué\u00admé\u00adner",
        "Ewen_Quéméner",
        "𝐄𝐰𝐞𝐧 𝐐𝐮𝐞𝐦𝐞𝐧𝐞𝐫",
    ],
)
def test_a_name_is_masked_however_it_is_written(text):
    assert mask(f"Avec {text}, chargé de mission.", "Ewen Quéméner") == f"Avec {NOM_MASQUE}, chargé de mission."


@pytest.mark.parametrize(
    "text",
    ["Jean-Marc Le Goff", "jean marc LE GOFF", "LE GOFF Jean-Marc", "Le Goff, Jean Marc", "LE-GOFF Jean Marc"],
)
def test_a_compound_name_is_masked_in_either_order(text):
    assert mask(f"({text})", "Jean-Marc LE GOFF") == f"({NOM_MASQUE})"


@pytest.mark.parametrize(
    "text",
    [
        "Ewen",
        "M. Quéméner",
        "Ewen et Quéméner",
        "Ewenn Quéméner",
        "Ewen Quémeneur",
        "Ewen Kerbrat, Awena Quéméner",
        "Ewen. Fin. Puis Quéméner",
    ],
)
def test_what_is_not_the_whole_name_stays(text):
    assert mask(text, "Ewen Quéméner") == text


def test_an_elision_and_a_possessive_do_not_hide_a_name():
    assert mask("d’Ewen Quéméner, l'équipe d'EWEN QUEMENER", "Ewen Quéméner") == (
        f"d’{NOM_MASQUE}, l'équipe d'{NOM_MASQUE}"
    )


def test_several_names_and_names_that_overlap_are_all_masked():
    names = ("Ewen Quéméner", "Quéméner Awena", "Loïc Jézéquel")
    assert mask("Ewen Quéméner Awena, puis JÉZÉQUEL Loïc.", *names) == f"{NOM_MASQUE}, puis {NOM_MASQUE}."


def test_the_rest_of_a_text_is_left_as_it_was():
    text = "Une ligne.\r\n\r\n- « l’œuvre » d’Anne\u202f!\n\tFin"
    assert mask(text, "Ewen Quéméner") == text
    assert mask(f"{text} Ewen Quéméner {text}", "Ewen Quéméner") == f"{text} {NOM_MASQUE} {text}"


def test_masking_twice_changes_nothing():
    once = mask("Ewen Quéméner, ewen@exemple.bzh", "Ewen Quéméner")
    assert mask(once, "Ewen Quéméner") == once == f"{NOM_MASQUE}, {ADRESSE_MASQUEE}"


@pytest.mark.parametrize(
    "text",
    ["", "Nolwenn", "N. Le Goff", "Le Bras", "a b", "Anne 2", "Centre 35", "Un deux trois quatre cinq six sept huit"],
)
def test_what_names_nobody_is_never_masked(text):
    assert not is_name(text)


def test_every_address_is_masked_and_a_mistyped_one_that_the_site_holds_as_well():
    text = "yann;guillou@exemple.bzh, YANN;GUILLOU@exemple.bzh, contact@exemple.bzh, a@b"
    assert mask(text, "yann;guillou@exemple.bzh") == ", ".join([ADRESSE_MASQUEE] * 3 + ["a@b"])
    assert mask("écrire à nolwenn@exemple", "nolwenn@exemple") == f"écrire à {ADRESSE_MASQUEE}"


# Persons and organisations


@pytest.mark.parametrize(
    ("cell", "persons"),
    [
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
        ("Département du Finistère", []),
        ("Agence Grrr", []),
        ("Ti Lab", []),
        ("Ti Lab Bretagne", []),
        ("Nantes Métropole", []),
        ("CNCE Nantes", []),
        ("Lab @rchipel", []),
        ("Askoria", []),
        ("MEL", []),
        ("Par mail", []),
        ("Monsieur le Maire", []),
        ("Le Maire de Quimper", []),
        ("Les habitants du quartier", []),
        ("CONSEIL DEPARTEMENTAL TARN ET GARONNE", []),
        ("Fédération des Acteurs de la Solidarité Centre-Val de Loire", []),
        ("Ville de Mulhouse et Praxis", []),
        ("Centre social 3 Rivières", []),
        ("", []),
        (" - , ( ) : ", []),
    ],
)
def test_a_person_is_told_from_an_organisation(cell, persons):
    assert person_names(cell) == persons


@pytest.mark.parametrize(
    ("cell", "persons"),
    [
        ("Goulven Abgrall, Département du Finistère", ["Goulven Abgrall"]),
        ("Contacter directement la personne qui accueille", []),
        ("appelez plutôt le matin", []),
        ("Enora Le Bris", ["Enora Le Bris"]),
    ],
)
def test_in_a_cell_of_sentences_a_person_has_capitals(cell, persons):
    assert person_names(cell, capitals=True) == persons


@pytest.mark.django_db
def test_the_place_of_a_public_record_is_no_person():
    ProjetFactory(collectivite="Braden Plijadur", titre="Portail")
    secret = ProjetFactory(collectivite="Brouillon Plijadur", titre="Autre", draft=True)
    for nom in ("Braden Plijadur", "Brouillon Plijadur", "Awena Prigent"):
        Contact.objects.create(entree=secret.entree, nom=nom)
    assert masquer("Braden Plijadur") == "Braden Plijadur"
    assert masquer("Brouillon Plijadur et Awena Prigent") == f"{NOM_MASQUE} et {NOM_MASQUE}"


@pytest.mark.django_db
def test_persons_of_the_old_site_are_masked_and_its_organisations_are_not():
    """On an extract of its dump, whose persons are invented."""
    load_choices(settings.BASE_DIR / "fixtures" / "choix.json")
    save_lecture(read_dump(EXTRAIT.read_bytes(), registre.formulaires()))
    confidentiel.forget()
    persons = (
        *("Ewen Quéméner", "Goulven Abgrall", "Jakez Faou", "Brieg Vaillant", "Fañch Kerdoncuff", "Loïc Jézéquel"),
        *("Awena Quéméner", "Guillou Yann", "Nolwenn PRIGENT", "Malo le Floch", "Enora Calvez"),
        *("Ewen Kerbrat", "RIOU Gaëlle", "Tanguy Le Bras", "Rozenn Tanneau", "Katell Hamon", "Briac Morvan"),
    )
    for person in persons:
        assert masquer(f"Merci à {person}.") == f"Merci à {NOM_MASQUE}.", person
    bodies = (
        *("Département du Finistère", "Agence Grrr", "Ti Lab", "Ti Lab Bretagne", "CNCE Nantes", "Nantes Métropole"),
        *("Maison Solidaire de Kermarron", "Hub Bretagne", "Riposte Créative Bretagne", "Ville de Mulhouse", "Askoria"),
        *("Conseil départemental du Puy-de-Dôme", "Chargée de mission", "Médiatrice numérique", "Par mail"),
    )
    for body in bodies:
        assert masquer(body) == body
    for declaration in registre.types():
        for fiche in declaration.model.objects.published():
            title = fiche.titre
            assert masquer(title) == title


# Whose names


@pytest.mark.django_db
def test_persons_who_agreed_are_named():
    entree = ProjetFactory().entree
    Contact.objects.create(entree=entree, nom="Awena Prigent", accord=True)
    Contact.objects.create(entree=entree, nom="Enora Calvez", accord=False)
    ExplorationFactory(nom="Hamon Katell", accord_publication=True)
    ExplorationFactory(nom="Morvan Briac")
    InscriptionFactory(prenom="malo", nom="LE FLOCH")
    assert masquer("Awena Prigent, Enora Calvez, Katell Hamon, Briac Morvan, Malo Le Floch") == (
        f"Awena Prigent, {NOM_MASQUE}, Katell Hamon, {NOM_MASQUE}, {NOM_MASQUE}"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prenom", "nom"), [("Accès", "droits"), ("La", "Poste"), ("Mairie", "Rennes"), ("Anne", ""), ("", "")]
)
def test_words_typed_as_a_name_hide_no_text(prenom, nom):
    InscriptionFactory(prenom=prenom, nom=nom)
    assert masquer("Accès aux droits, accès droits, La Poste, Mairie Rennes, Anne") == (
        "Accès aux droits, accès droits, La Poste, Mairie Rennes, Anne"
    )


# Records as the public may read them


@pytest.fixture
def held(db):
    InscriptionFactory(prenom="Awena", nom="Prigent")


def test_a_record_comes_masked_whichever_way_it_is_asked_for(held):
    first = ProjetFactory(titre="Avec Awena Prigent", description="a@exemple.bzh", slug="projet")
    ProjetFactory(titre="Suite", remplace=first)
    shown = confidentiel.public(Projet.objects.select_related("remplace", "entree").order_by("pk"))
    ways = [shown[0], shown.get(pk=first.pk), shown.first(), next(shown.iterator()), shown.in_bulk()[first.pk]]
    ways += [shown.filter(titre__contains="Prigent").last(), shown.last().remplace, next(iter(shown))]
    for projet in ways:
        assert (projet.titre, projet.description) == (f"Avec {NOM_MASQUE}", ADRESSE_MASQUEE)
        assert projet.slug == "projet"
    assert shown.first().entree.titre == f"Avec {NOM_MASQUE}"
    assert confidentiel.public(Entree.objects.all()).get(pk=first.pk).titre == f"Avec {NOM_MASQUE}"
    assert next(iter(shown.values_list("titre", flat=True))) == "Avec Awena Prigent"  # values are nobody's page
    assert Projet.objects.get(pk=first.pk).titre == "Avec Awena Prigent"


def test_a_record_that_was_masked_refuses_to_be_saved_and_another_does_not(held):
    ProjetFactory(titre="Avec Awena Prigent")
    ProjetFactory(titre="Sans personne")
    masked, plain = confidentiel.public(Projet.objects.order_by("pk"))
    with pytest.raises(TypeError, match="masked"):
        masked.save()
    plain.save()
    assert Projet.objects.first().titre == "Avec Awena Prigent"


def test_a_link_is_whole_or_not_there(held):
    kept = EvenementFactory(lien_externe="https://exemple.bzh/balise")
    gone = EvenementFactory(lien_externe="https://exemple.bzh/awena-prigent")
    shown = confidentiel.public(Evenement.objects.all())
    assert shown.get(pk=kept.pk).lien_externe == "https://exemple.bzh/balise"
    assert shown.get(pk=gone.pk).lien_externe == ""


def test_what_a_copy_is_joined_to_stays_as_it_was(held):
    first = ProjetFactory(titre="Avec Awena Prigent")
    second = ProjetFactory(titre="Suite", remplace=first)  # its document was made of a masked copy
    assert montrer(copy(second)).remplace.titre == f"Avec {NOM_MASQUE}"
    assert second.remplace is first
    first.save()
    assert Projet.objects.get(pk=first.pk).titre == "Avec Awena Prigent"


def test_fields_that_were_not_asked_for_are_not_read_to_be_masked(held, django_assert_num_queries):
    ProjetFactory(titre="Avec Awena Prigent", description="Awena Prigent")
    masquer("x")
    with django_assert_num_queries(1):
        (projet,) = confidentiel.public(Projet.objects.only("titre"))
        assert projet.titre == f"Avec {NOM_MASQUE}"


# What it costs, and when it is renewed


@pytest.mark.django_db
def test_an_ordinary_page_pays_no_query(django_assert_num_queries):
    InscriptionFactory(prenom="Awena", nom="Prigent")
    with django_assert_num_queries(3):  # contacts, registrations, explorations
        masquer("texte")
    with django_assert_num_queries(0):
        for _ in range(100):
            assert masquer("Avec Awena Prigent") == f"Avec {NOM_MASQUE}"


@pytest.mark.django_db
def test_a_name_saved_or_deleted_here_counts_at_once():
    inscription = InscriptionFactory(prenom="Awena", nom="Prigent")
    assert masquer("Awena Prigent") == NOM_MASQUE
    inscription.nom = "Calvez"
    inscription.save()
    assert masquer("Awena Prigent, Awena Calvez") == f"Awena Prigent, {NOM_MASQUE}"
    inscription.delete()
    assert masquer("Awena Calvez") == "Awena Calvez"


@pytest.mark.django_db
def test_a_name_saved_by_another_process_counts_within_thirty_seconds(monkeypatch):
    InscriptionFactory(prenom="Awena", nom="Prigent")
    masquer("x")
    type(InscriptionFactory.build()).objects.update(nom="Calvez")  # no signal: as another process would
    now = time.monotonic()
    monkeypatch.setattr(confidentiel.time, "monotonic", lambda: now + 29)
    assert masquer("Awena Calvez") == "Awena Calvez"
    monkeypatch.setattr(confidentiel.time, "monotonic", lambda: now + 31)
    assert masquer("Awena Calvez") == NOM_MASQUE


@pytest.mark.django_db(transaction=True)
def test_a_name_read_before_its_commit_is_read_again_after_it():
    with transaction.atomic():
        InscriptionFactory(prenom="Awena", nom="Prigent")
        confidentiel.reset()  # another thread has just read the rows, without this one
    assert masquer("Awena Prigent") == NOM_MASQUE


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite' and connection.is_in_memory_db()", reason="one thread only")
def test_threads_read_names_together():
    InscriptionFactory(prenom="Awena", nom="Prigent")
    confidentiel.forget()
    found = []

    def read():
        found.append(masquer("Awena Prigent"))
        connection.close()

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [NOM_MASQUE] * 8


@pytest.mark.django_db(transaction=True)
def test_a_search_no_longer_finds_a_record_by_a_name_held_from_now_on():
    projet = ProjetFactory(description="Porté par Awena Prigent avec la mairie")
    other = ProjetFactory(description="Awena, puis bien plus loin Prigent")
    assert matching(Entree.objects.all(), "awena prigent").count() == 2
    Contact.objects.create(entree=other.entree, nom="Awena Prigent")
    projet.refresh_from_db()
    assert projet.version == 1  # indexed again, not saved
    assert set(matching(Entree.objects.all(), "mairie")) == {projet.entree}


@pytest.mark.parametrize("text", ["a" * 50_000, " " * 50_000, "@" * 50_000, "Awena " * 8_000, "-Awena Prigen" * 4_000])
def test_no_text_takes_long(text):
    names = _Names(["Awena Prigent", *(f"Awena Ker{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600))])
    names.mask(text)
    start = time.perf_counter()
    names.mask(text)
    assert time.perf_counter() - start < 0.5
