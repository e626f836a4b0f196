import threading
import time
from copy import copy
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from fiches.confidentiel import (
    ADRESSE_MASQUEE,
    NOM_MASQUE,
    TELEPHONE_MASQUE,
    is_name,
    masquer,
    montrer,
    person_names,
)
from fiches.masques import Names

from fiches import confidentiel, registre
from fiches.choix import load_choices
from fiches.enquetes.models import Enquete
from fiches.initiatives.models import Initiative
from fiches.models import Choix, Contact, Theme
from fiches.reprise import ListeDeChoix
from participants.evenements.models import Evenement
from projets.models import Projet
from reprise.dump import read_dump
from reprise.sauvegarde import save_lecture
from socle.annuaire.models import AncienneAdresse, Entree, Statut
from socle.recherche.query import matching
from socle.territoires.models import Commune, Departement
from tests.conftest import spread
from tests.factories import ProjetFactory, ThemeFactory
from tests.factories.enquetes import EnqueteFactory
from tests.factories.participants import EvenementFactory, ExplorationFactory, InscriptionFactory
from tests.labacces.extrait import lecture

EXTRAIT = Path(__file__).parent.parent / "exemples" / "extrait-labacces.txt"


@pytest.fixture(autouse=True)
def _no_name_of_another_test():
    confidentiel.reset()


def mask(text, *names):
    return Names(names).mask(text)


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
        "Quéméner",
        "M. Quémeneur",
        "M. le Quéméner",
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
def test_what_a_public_record_says_undoes_no_mask():
    """Whoever writes « structure : Soizic Kerampuil » must not show her name everywhere."""
    enquete = EnqueteFactory(structure="Soizic Kerampuil")
    ProjetFactory(collectivite="Awena Prigent")
    Contact.objects.create(entree=enquete.entree, nom="Soizic Kerampuil")
    Contact.objects.create(entree=enquete.entree, nom="Awena Prigent")
    assert masquer("Soizic Kerampuil, Awena Prigent") == f"{NOM_MASQUE}, {NOM_MASQUE}"
    assert montrer(Enquete.objects.get(pk=enquete.pk)).structure == NOM_MASQUE


@pytest.mark.django_db
def test_the_name_of_a_commune_is_no_person(places):
    departement = Departement.objects.get(pk="29")
    Commune.objects.create(code="29189", nom="Plougastel-Daoulas", departement=departement)
    Commune.objects.create(code="29999", nom="Pierre-Buffière", departement=departement)
    entree = ProjetFactory(titre="Portail").entree
    for nom in ("Plougastel Daoulas", "Pierre Buffière", "Lannion Trégor Communauté"):
        Contact.objects.create(entree=entree, nom=nom)
    assert masquer("Plougastel-Daoulas, Lannion-Trégor, Pierre Buffière") == (
        f"Plougastel-Daoulas, Lannion-Trégor, {NOM_MASQUE}"
    )


# Names of ordinary words, names among others


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Gwenaëlle Le Breton", "Le Breton Gwenaëlle"),
        ("Anne Maire", "Anne MAIRE"),
        ("Jeanne Quémener 06 12 34 56 78", "Jeanne Quémener"),
        ("Directrice Jeanne Quémener", "Jeanne Quémener"),
        ("Ville de Brest Jeanne Quémener", "Jeanne Quémener"),
    ],
)
@pytest.mark.django_db
def test_a_contact_is_masked_whatever_stands_beside_their_name(cell, text):
    entree = ProjetFactory(titre="Portail").entree
    for role in Contact.Role:
        Contact.objects.create(entree=entree, nom=cell, role=role)
    assert masquer(f"Merci à {text}.") == f"Merci à {NOM_MASQUE}."
    for words in ("un élu breton", "la Ville de Brest", "la directrice", "Madame la Maire", "la maire de Brest"):
        assert masquer(words) == words


@pytest.mark.django_db
def test_a_contact_typed_in_small_letters_is_masked():
    Contact.objects.create(entree=ProjetFactory().entree, nom="jeanne quémener", role=Contact.Role.CONTACT)
    assert masquer("Jeanne Quémener") == NOM_MASQUE


@pytest.mark.django_db
def test_a_participant_called_le_breton_is_found_nowhere(client):
    ExplorationFactory(nom="Anne Le Breton")
    ProjetFactory(titre="Portail", description="Mené par Anne Le Breton")
    assert "Breton" not in b"".join(client.get("/projets.csv").streaming_content).decode()
    found = b"".join(client.get("/recherche.csv", {"q": '"Le Breton"'}).streaming_content).decode()
    assert found.count("\r\n") == 1


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Mme QUÉMENER", f"Mme {NOM_MASQUE}"),
        ("madame Quémener,", f"madame {NOM_MASQUE},"),
        ("M. Quemener", f"M. {NOM_MASQUE}"),
        ("M. et Mme Quémener", f"M. et Mme {NOM_MASQUE}"),
        ("Mme Jeanne Quémener", f"Mme {NOM_MASQUE}"),
        ("https://exemple.bzh/JeanneQuemener", f"https://exemple.bzh/{NOM_MASQUE}"),
        ("https://exemple.bzh/?JeanneQuémener2", f"https://exemple.bzh/?{NOM_MASQUE}2"),
        ("https://exemple.bzh/ProjetJeanneQuemener/edit", f"https://exemple.bzh/Projet{NOM_MASQUE}/edit"),
        ("www.jeannequemener.bzh", f"www.{NOM_MASQUE}.bzh"),
        ("https://exemple.bzh/Jeanne%20Qu%C3%A9mener", f"https://exemple.bzh/{NOM_MASQUE}"),
        ("le mot Quémener seul", "le mot Quémener seul"),
        ("la mairie, Mme la Maire, M. le Directeur", "la mairie, Mme la Maire, M. le Directeur"),
        ("50 % des 100 %20", "50 % des 100 %20"),
    ],
)
def test_a_surname_behind_a_civilite_and_a_name_in_one_word_are_masked(text, masked):
    assert mask(text, "Jeanne Quémener", "Yann Le Goff") == masked
    assert mask(masked, "Jeanne Quémener", "Yann Le Goff") == masked


@pytest.mark.parametrize("held", ["Yann Le Goff", "Yann LeGoff"])
def test_a_particle_is_joined_or_not(held):
    assert mask("Yann LeGoff puis Yann LEGOFF puis Yann Le Goff", held) == " puis ".join([NOM_MASQUE] * 3)


def test_a_function_is_no_surname():
    text = "Mme la Maire, M. le Maire, puis"
    assert mask(f"{text} Anne Le Maire", "Anne Le Maire") == f"{text} {NOM_MASQUE}"


# Telephone numbers


@pytest.mark.parametrize("held", ["06 12 34 56 78", "06.12.34.56.78", "+33612345678", "06 12 34 56 78 (bureau)"])
@pytest.mark.parametrize(
    "text",
    [
        *(
            "06 12 34 56 78",
            "06.12.34.56.78",
            "06-12-34-56-78",
            "0612345678",
            "06\u00a012\u202f34 56 78",
            "06/12/34/56/78",
        ),
        *("+33 6 12 34 56 78", "+33612345678", "0033 6 12 34 56 78", "+33 (0)6 12 34 56 78", "(+33) 6 12 34 56 78"),
    ],
)
def test_a_telephone_number_is_masked_however_it_is_written(held, text):
    assert mask(f"Appeler le {text}, à Brest 29200.", held) == f"Appeler le {TELEPHONE_MASQUE}, à Brest 29200."


def test_other_numbers_stay():
    text = "02 96 00 00 00, 20 000 €, 06 12 34 56, 2021-2022, SIRET 123 456 789 00012, 35000 Rennes"
    assert mask(text, "06 12 34 56 78") == text
    assert mask("35000 06 12 34 56 78 29200", "06 12 34 56 78") == f"35000 {TELEPHONE_MASQUE} 29200"


@pytest.mark.django_db
def test_a_telephone_number_of_a_contact_is_masked_and_found_no_more():
    fiche = ProjetFactory(titre="Portail", description="06.12.34.56.78 ou Mme Quémener, voir JeanneQuemener")
    queries = ('"06 12 34 56 78"', '"mme quémener"', "jeannequemener")
    assert all(matching(Entree.objects.published(), query).exists() for query in queries)
    entree = ProjetFactory(titre="Autre").entree
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "on_commit", lambda func, **kwargs: func())
        Contact.objects.create(entree=entree, nom="Jeanne Quémener", telephone="+33 6 12 34 56 78")
    assert montrer(Projet.objects.get(pk=fiche.pk)).description == (
        f"{TELEPHONE_MASQUE} ou Mme {NOM_MASQUE}, voir {NOM_MASQUE}"
    )
    assert not any(matching(Entree.objects.published(), query).exists() for query in queries)


@pytest.mark.django_db
def test_a_telephone_number_typed_beside_a_name_and_one_that_may_be_shown():
    entree = ProjetFactory(titre="Portail").entree
    Contact.objects.create(entree=entree, nom="Jeanne Quémener 06 12 34 56 78")
    Contact.objects.create(entree=entree, nom="Awena Prigent", telephone="0712345678", accord=True)
    assert masquer("06 12 34 56 78, 07 12 34 56 78") == f"{TELEPHONE_MASQUE}, 07 12 34 56 78"


@pytest.mark.parametrize(
    "unit",
    spread(
        [
            "anne ",
            "anne",
            "Anne",
            "06",
            "06 ",
            "1",
            "%41",
            "%41 ",
            "Mme ",
            "Mme Maire ",
            "annemaire",
            "AnneMaire",
            "le ",
            "é",
        ],
        one_in=5,
    ),
)
def test_masking_names_is_linear_and_changes_nothing_twice(unit):
    names = Names(["Anne Maire", "Anne Le Breton", "06 12 34 56 78", "Le Goff Anne"])

    def seconds(length):
        text = unit * (length // len(unit))
        start = time.process_time()
        once = names.mask(text)
        spent = time.process_time() - start
        assert names.mask(once) == once
        return spent

    assert seconds(100_000) < 1.5
    assert seconds(100_000) < 12 * max(seconds(25_000), 0.05)


@pytest.mark.django_db
def test_persons_of_the_old_site_are_masked_and_its_organisations_are_not():
    """On an extract of its dump, whose persons are invented."""
    load_choices(settings.BASE_DIR / "fixtures" / "choix.json")
    save_lecture(lecture())
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
    ExplorationFactory(nom="Hamon Katell", accord_publication=True, relue_le=timezone.now())
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


def test_a_link_that_holds_an_address_is_printed_nowhere(client, db):
    link = "https://exemple.bzh/?m=jean.dupont%40exemple.bzh"
    fiche = Initiative(titre="Une initiative", statut=Statut.PUBLIEE, lien=link, description=f"Voir {link}.")
    fiche.save()
    for address in (fiche.get_absolute_url(), "/initiatives/", "/initiatives.csv"):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"dupont" not in body, address


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
    names = Names(["Awena Prigent", *(f"Awena Ker{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600))])
    names.mask(text)
    start = time.process_time()
    names.mask(text)
    assert time.process_time() - start < 0.5


# Values of lists


@pytest.fixture
def valued(held):
    """A public record that chose values which name a person."""
    Contact.objects.create(entree=ProjetFactory(titre="Ailleurs").entree, nom="Jeanne Quémener")
    niveau = Choix.objects.create(liste=Choix.Liste.PARTICIPATION, nom="Awena Prigent")
    mode = Choix.objects.create(liste=Choix.Liste.RECONNAISSANCE, nom="Avec Jeanne Quémener (frais)")
    theme = ThemeFactory(nom="Thème de lena.morvan@exemple.bzh")
    enquete = EnqueteFactory(titre="Une enquête", niveau=niveau, themes=[theme])
    enquete.modes_reconnaissance.add(mode)
    enquete.finish()
    return enquete


def test_no_page_or_file_prints_a_name_of_a_list_that_names_a_person(client, valued):
    for address in ("/indemnisation/", "/indemnisation.csv", valued.get_absolute_url(), "/", "/recherche/?q=enquete"):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = body.decode().lower()
        for word in ("prigent", "quémener", "quemener", "lena.morvan", "lenamorvan"):
            assert word not in text, (address, word)
    assert NOM_MASQUE in client.get(valued.get_absolute_url()).content.decode()
    for query in ("prigent", "quemener", "morvan"):
        assert not matching(Entree.objects.published(), query).exists()


def test_values_of_lists_are_masked_in_memory_only(valued):
    shown = confidentiel.public(Enquete.objects.select_related("niveau").prefetch_related("modes_reconnaissance"))
    for enquete in (shown.get(pk=valued.pk), next(shown.iterator(chunk_size=5))):
        (mode,) = enquete.modes_reconnaissance.all()
        assert (enquete.niveau.nom, mode.nom) == (NOM_MASQUE, f"Avec {NOM_MASQUE} (frais)")
        with pytest.raises(TypeError, match="masked"):
            mode.save()
    assert Choix.objects.filter(nom="Awena Prigent").exists()
    assert not Choix.objects.filter(slug__contains="prigent").exists()
    assert not Theme.objects.filter(slug__contains="morvan").exists()


def test_masked_values_cost_no_query_each(held, django_assert_num_queries):
    enquete = EnqueteFactory()
    for number in range(20):
        enquete.modes_reconnaissance.add(
            Choix.objects.create(liste=Choix.Liste.RECONNAISSANCE, nom=f"Awena Prigent {number}")
        )
    masquer("x")
    with django_assert_num_queries(2):
        (shown,) = confidentiel.public(Enquete.objects.prefetch_related("modes_reconnaissance"))
        assert {mode.nom[: len(NOM_MASQUE)] for mode in shown.modes_reconnaissance.all()} == {NOM_MASQUE}


@pytest.mark.django_db
def test_an_address_makes_no_value_of_a_list():
    rows = ListeDeChoix(Choix.Liste.MOT_CLE)
    assert rows.get("lena.morvan@exemple.bzh") is None
    assert rows.get("- écrire à lena.morvan (at) exemple.bzh") is None
    assert rows.get("Accueil").nom == "Accueil"
    assert not Choix.objects.filter(nom__contains="lena").exists()


@pytest.mark.django_db
def test_a_takeover_keeps_the_address_of_a_list_for_the_staff():
    load_choices(settings.BASE_DIR / "fixtures" / "choix.json")
    lines = EXTRAIT.read_text(encoding="utf-8").splitlines()
    place = lines.index("Mot clef de l'action") + 1
    lines[place] = "lena.morvan@exemple.bzh"
    rapport = save_lecture(read_dump("\n".join(lines).encode(), registre.formulaires()))
    assert not Choix.objects.filter(nom__contains="morvan").exists()
    kept = [row for row in rapport.anomalies if "lena.morvan" in row["texte"]]
    assert [(row["type"], row["champ"]) for row in kept] == [("non_attribuee", "Mot clef de l'action")]


# Addresses of pages


@pytest.mark.parametrize("factory", [ProjetFactory, EvenementFactory])
def test_the_address_of_a_draft_does_not_tell_who_is_held(held, factory):
    drafts = [factory(titre=titre, slug="", statut=Statut.BROUILLON) for titre in ("Awena Prigent", "Enora Calvez")]
    assert [draft.slug for draft in drafts] == ["awena-prigent", "enora-calvez"]
    drafts[0].statut = Statut.A_RELIRE
    drafts[0].save()
    assert drafts[0].slug == "awena-prigent"


@pytest.mark.parametrize("factory", [ProjetFactory, EvenementFactory])
def test_a_record_that_becomes_public_loses_the_name_in_its_address(client, held, factory):
    fiche = factory(titre="Avec Awena Prigent", slug="", statut=Statut.BROUILLON)
    fiche.statut = Statut.PUBLIEE
    fiche.save()
    assert fiche.slug == "avec-nom-masque"
    assert not AncienneAdresse.objects.exists()
    assert client.get(fiche.get_absolute_url()).status_code == 200
    assert client.get(fiche.get_absolute_url().replace("nom-masque", "awena-prigent")).status_code == 404


def test_so_does_one_whose_title_has_lost_the_name_before(held):
    fiche = ProjetFactory(titre="Awena Prigent", slug="", statut=Statut.BROUILLON)
    fiche.titre = "Un portail"
    fiche.save()
    fiche.statut = Statut.PUBLIEE
    fiche.save()
    assert fiche.slug == "un-portail"
    assert not AncienneAdresse.objects.exists()


def test_an_address_of_a_title_keeps_no_mail_address(held):
    fiche = ProjetFactory(titre="Écrire à lena.morvan@exemple.bzh", slug="", statut=Statut.BROUILLON)
    fiche.statut = Statut.PUBLIEE
    fiche.save()
    assert fiche.slug == "ecrire-a-adresse-masquee"


def test_an_address_without_a_name_and_one_that_was_public_stay(held):
    plain = ProjetFactory(titre="Un portail", slug="", statut=Statut.BROUILLON)
    plain.statut = Statut.PUBLIEE
    plain.save()
    assert plain.slug == "un-portail"
    public = ProjetFactory(titre="Avec Enora Calvez", slug="")
    InscriptionFactory(prenom="Enora", nom="Calvez")
    for statut in (Statut.RETIREE, Statut.PUBLIEE):
        public.statut = statut
        public.save()
        assert public.slug == "avec-enora-calvez"


def test_a_public_record_that_was_sent_back_tells_no_more_than_a_draft(held):
    fiche = ProjetFactory(titre="Un portail", slug="")
    fiche.statut, fiche.titre, fiche.slug = Statut.A_RELIRE, "Awena Prigent", ""
    fiche.save()
    assert fiche.slug == "awena-prigent"
    fiche.statut = Statut.PUBLIEE
    fiche.save()
    assert fiche.slug == "nom-masque"
    assert [row.slug for row in AncienneAdresse.objects.all()] == ["un-portail"]
