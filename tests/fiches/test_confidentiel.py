import re
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from fiches import retrait
from fiches.attached import Contact, FichierJoint
from fiches.choix import ListeDeChoix
from fiches.enquetes.models import Enquete
from fiches.indexation import index_fiche
from fiches.lists import Choix, Theme
from participants.evenements.models import Evenement
from participants.inscriptions import declaration as registre
from participants.inscriptions.models import Inscription
from projets.models import Projet
from socle.annuaire.models import AncienneAdresse, Entree, Statut
from socle.recherche.query import matching
from socle.territoires.models import Commune, Departement
from socle.vie_privee import noms_tenus as noms
from socle.vie_privee.masking import ADRESSE_MASQUEE, NOM_MASQUE, TELEPHONE_MASQUE, Names
from socle.vie_privee.models import MotTenu, NomTenu, TexteIntegral
from socle.vie_privee.names import is_name
from socle.vie_privee.public_text import Ecriture, Laisse
from socle.vie_privee.spellings import keys_of
from tests.ecrits import as_written
from tests.factories import ProjetFactory, ThemeFactory
from tests.factories.enquetes import EnqueteFactory
from tests.factories.participants import EvenementFactory, ExplorationFactory, InscriptionFactory
from tests.factories.podcast import EpisodeFactory
from tests.growth import in_line, repeated
from tests.sampling import mostly_long


def mask(text, *names):
    return Names(names).mask(text)


def as_saved(text):
    """What a save makes of a public text now."""
    return mask(text, *noms.names_in([text]))


# Names as people write them

X = NOM_MASQUE


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
        *("Ewen     Quéméner", "Ewen\r\n    Quéméner", "Ewen&nbsp;Quéméner"),
        *("Ewen A. Quéméner", "Ewen Marie Quéméner", "Ewen M. T. Quéméner", "Quéméner Jean Marie Ewen"),
        *(
            "Ewen Kerbrat Quéméner",
            "Ewen Kerbrat-Quéméner",
            "Ewen Kerbrat née Quéméner",
            "Quéméner ép. Kerbrat Ewen",
            "Ewen Kerbrat (née Quéméner",
            "Ewen Kerbrat, née Quéméner",
            "Ewen Kerbrat, épouse Quéméner",
            "ewen.quemener",
        ),
        *("E. Quéméner", "E.Quéméner", "J.-M. Le Goff", "J.M. LE GOFF", "J. Le Goff", "QUÉMÉNEREwen"),
        *("Ewen « Lulu » Quéméner", "Ewen (Lulu) Quéméner", 'Ewen "Lulu" Quéméner'),
        *("Ewen Quémé-\nner", "Ewen Qué-\r\n  méner", "Ewen, prénom Quéméner", "Quéméner / Prénom : Ewen"),
        *("Jean-Marc Le Goff", "jean marc LE GOFF", "LE GOFF Jean-Marc", "Le Goff, Jean Marc", "LE-GOFF Jean Marc"),
    ],
)
def test_a_name_is_masked_however_it_is_written(text):
    masked = mask(f"Avec {text}, chargé de mission.", "Ewen Quéméner", "Jean-Marc LE GOFF")
    assert masked == f"Avec {NOM_MASQUE}, chargé de mission."


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
        "Ewen-Marie Quéméner",
        "Ewen ou Marie Quéméner",
        "Ewen. Fin. Puis Quéméner",
        *("Ewen Le Quéméner", "e quéméner", "vitamine E Quéméner", "N. Quéméner", "D’E. à Quéméner"),
    ],
)
def test_what_is_not_the_whole_name_stays(text):
    assert mask(text, "Ewen Quéméner") == text


@pytest.mark.parametrize(
    ("names", "text", "masked"),
    [
        (["Ewen Quéméner"], "d’Ewen Quéméner, l'équipe d'EWEN QUEMENER", f"d’{NOM_MASQUE}, l'équipe d'{NOM_MASQUE}"),
        (
            ["Ewen Quéméner", "Quéméner Awena", "Loïc Jézéquel"],
            "Ewen Quéméner Awena, puis JÉZÉQUEL Loïc.",
            f"{NOM_MASQUE}, puis {NOM_MASQUE}.",
        ),
        (["Yann Le Goff"], "Yann LeGoff puis Yann LEGOFF puis Yann Le Goff", " puis ".join([NOM_MASQUE] * 3)),
        (["Yann LeGoff"], "Yann LeGoff puis Yann LEGOFF puis Yann Le Goff", " puis ".join([NOM_MASQUE] * 3)),
        # In bold, in part, its particle left out or glued to the first name.
        (["Ewen Quéméner"], "<b>Ewen</b> <i>Quéméner</i> puis **Ewen** Quéméner", f"<b>{X}</i> puis **{X}"),
        (["Ewen Quéméner"], '<img alt="Ewen Quéméner">', f'<img alt="{X}">'),
        # Tags with words in them, and links, of which a half of the name is the text.
        (["Ewen Quéméner"], 'Ewen <strong class="a">Quéméner</strong>', f"{X}</strong>"),
        (["Ewen Quéméner"], '<a href="/page">Ewen</a> Quéméner', f'<a href="/page">{X}'),
        (["Ewen Quéméner"], '<a href="/ewen-quemener">ici</a>', f'<a href="/{X}">ici</a>'),
        (["Ewen Quéméner"], "[Ewen](https://exemple.bzh/) Quéméner", f"[{X}"),
        (["Ewen Quéméner"], """ ""Ewen"" '''Quéméner''' """, f""" ""{X}''' """),
        # Two of one first name; what was hidden is the half of a name that came later.
        (["Ewen Kerbrat", "Ewen Quéméner"], "Ewen Kerbrat née Quéméner puis Ewen Kerbrat Quéméner", f"{X} puis {X}"),
        (["Ewen Kerbrat-Quéméner"], f"{X}-Quéméner, {X}-Brest", f"{X}-{X}, {X}-Brest"),
        (["Jean de Kerfloch"], f"{X} de Kerfloch, {X} de Brest", f"{X} {X}, {X} de Brest"),
        (["Jean-Yves Le Goff"], "Jean-Yves J. Le Goff puis Jean-Yves Marie Le Goff", f"{X} puis {X}"),
        (["Ewen Riou-Le Bihan"], "Ewen Riou puis Le Bihan Ewen", f"{X} puis {X}"),
        # Half of a double surname without a hyphen; behind a first name that we do not know. « Le » is no half.
        (["João Silva Riou"], "Mme Silva, M. Riou puis João Riou", f"Mme {X}, M. {X} puis {X}"),
        (["Yann-Ber Kerfloch", "Thu Hà Riou"], "Mme Kerfloch, M. Riou", f"Mme {X}, M. {X}"),
        (["Tugdual Le-Goff"], "Mme Le Bihan, M. Le Goff", f"Mme Le Bihan, M. {X}"),
        (["Anne M. RIOU"], "Mme Riou", f"Mme {X}"),
        (["Awa N’DIAYE"], "Mme N’Diaye, M. Ndiaye puis n` diaye awa", f"Mme {X}, M. {X} puis {X}"),
        (["Jean Olivier Riou", "Jo Kerbrat"], "Jo Kerbrat puis J.O. Riou", f"{X} puis {X}"),
        # Escaped as a page of the web, once or twice; a half that was masked before.
        (["Ewen Quéméner"], "Ewen Qu&eacute;m&#233;ner &amp; Co", f"{X} & Co"),
        (["Ewen Quéméner"], "Ewen&amp;nbsp;Quéméner", X),
        (["Ewen Quéméner"], "Qu&eacute;m&eacute;ner &amp; Co", "Qu&eacute;m&eacute;ner &amp; Co"),
        (["Ewen Quéméner"], "?a=1&reg=b&copy=2, Ewen Quéméner", f"?a=1&reg=b&copy=2, {X}"),
        (["Awena Riou"], f"Avec {X} Riou", f"Avec {X} {X}"),
        (["Anne Place"], f"{X} place de la Mairie", f"{X} place de la Mairie"),
        # Two sentences, two of a list.
        *(
            (["Jean Riou"], text, text)
            for text in ("Paul Riou ; Jean Kerbrat", "Avec Paul Riou. Jean suit", "Riou ! Jean suit", "Riou • Jean")
        ),
        (["Anne Maire", "Loïc Hôpital"], "L’hôpital, Mme la Maire, la maire", "L’hôpital, Mme la Maire, la maire"),
        (["Anne Le Dû"], "Anne Le Dû puis LE DU Anne puis Mme Le Dû, le du", f"{X} puis {X} puis Mme {X}, le du"),
        (["Marie Pennanec’h"], "Marie Pennanech puis marie pennanec'h", f"{X} puis {X}"),
        # Somebody else, or nobody, with the same words.
        (["Martin Riou"], "Anne Riou, Paul Martin", "Anne Riou, Paul Martin"),
        (["Marie Brest"], "Marie à Brest puis Marie, Jean Brest", "Marie à Brest puis Marie, Jean Brest"),
        (["Anne Rennes"], "un atelier pr Rennes puis Anne 2 Rennes", "un atelier pr Rennes puis Anne 2 Rennes"),
        # Two words that are near and no name: two sentences, two marks of a list, the name of a place.
        (["Ewen Marin"], "Avec Ewen.\n\nMarin suit.\n- Ewen\n- Marin", "Avec Ewen.\n\nMarin suit.\n- Ewen\n- Marin"),
        (["Malo Redon"], "Saint-Malo, Redon puis Saint-Malo à Redon", "Saint-Malo, Redon puis Saint-Malo à Redon"),
        (["Ewen Riou-Kerbrat"], "Ewen Riou puis Kerbrat Ewen puis Riou Kerbrat", f"{X} puis {X} puis Riou Kerbrat"),
        (["Jean de Kerfloch"], "Jean Kerfloch", X),
        (["Yann Le Goff"], "la docteure Le Goff puis Yann Goff", f"la docteure {X} puis Yann Goff"),
        # A function is no surname.
        (
            ["Anne Le Maire"],
            "Mme la Maire, M. le Maire, puis Anne Le Maire",
            f"Mme la Maire, M. le Maire, puis {NOM_MASQUE}",
        ),
        # Every address, and a mistyped one that the site holds as well.
        (
            ["yann;guillou@exemple.bzh"],
            "yann;guillou@exemple.bzh, YANN;GUILLOU@exemple.bzh, contact@exemple.bzh, a@b",
            f"{ADRESSE_MASQUEE}, {ADRESSE_MASQUEE}, {ADRESSE_MASQUEE}, a@b",
        ),
        (["nolwenn@exemple"], "écrire à nolwenn@exemple", f"écrire à {ADRESSE_MASQUEE}"),
        # Other numbers.
        *(
            (["06 12 34 56 78"], text, text)
            for text in ("02 96 00 00 00, 20 000 €, 06 12 34 56, 2021-2022", "SIRET 123 456 789 00012, 35000 Rennes")
        ),
        (["06 12 34 56 78"], "35000 06 12 34 56 78 29200", f"35000 {TELEPHONE_MASQUE} 29200"),
    ],
)
def test_what_is_masked_and_what_stays_and_twice_is_once(names, text, masked):
    assert mask(text, *names) == masked
    assert mask(masked, *names) == masked


def test_the_rest_of_a_text_is_left_as_it_was():
    text = "Une ligne.\r\n\r\n- « l’œuvre » d’Anne\u202f!\n\tFin"
    assert mask(text, "Ewen Quéméner") == text
    assert mask(f"{text} Ewen Quéméner {text}", "Ewen Quéméner") == f"{text} {NOM_MASQUE} {text}"


@pytest.mark.parametrize(
    "text",
    ["", "Nolwenn", "N. Le Goff", "Le Bras", "a b", "Anne 2", "Centre 35", "Un deux trois quatre cinq six sept huit"],
)
def test_what_names_nobody_is_never_masked(text):
    assert not is_name(text)


@given(
    st.lists(
        st.sampled_from(
            ["<b>", "</b>", "**", "Anne", "RIOU", "Le", "du", "M", "'", "-", "\n", "é", "1", "@", "&amp;", " "]
        )
    )
)
@example(["<b>", "Anne", "</b>", " ", "<b>", "Anne", "</b>"])
def test_whatever_is_typed_as_a_name_is_held_and_looked_for(pieces):
    text = "".join(pieces)
    assert isinstance(keys_of(text), set)
    once = mask(f"Avec {text}, hier", text)
    assert mask(once, text) == once


# Persons and organisations


@pytest.mark.django_db
def test_what_a_public_record_says_undoes_no_mask():
    """Whoever writes « structure : Soizic Kerampuil » must not show her name everywhere."""
    enquete = EnqueteFactory(structure="Soizic Kerampuil")
    ProjetFactory(collectivite="Awena Prigent")
    Contact.objects.create(entree=enquete.entree, nom="Soizic Kerampuil")
    Contact.objects.create(entree=enquete.entree, nom="Awena Prigent")
    assert as_saved("Soizic Kerampuil, Awena Prigent") == f"{NOM_MASQUE}, {NOM_MASQUE}"
    retrait.look()
    assert Enquete.objects.get(pk=enquete.pk).structure == NOM_MASQUE


@pytest.mark.django_db
def test_the_name_of_a_commune_is_no_person(places):
    departement = Departement.objects.get(pk="29")
    Commune.objects.create(code="29189", nom="Plougastel-Daoulas", departement=departement)
    Commune.objects.create(code="29999", nom="Pierre-Buffière", departement=departement)
    entree = ProjetFactory(titre="Portail").entree
    for nom in ("Plougastel Daoulas", "Pierre Buffière", "Lannion Trégor Communauté"):
        Contact.objects.create(entree=entree, nom=nom)
    assert as_saved("Plougastel-Daoulas, Lannion-Trégor, Pierre Buffière") == (
        f"Plougastel-Daoulas, Lannion-Trégor, {NOM_MASQUE}"
    )


# Names of ordinary words, names among others


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Gwenaëlle Le Breton", "Le Breton Gwenaëlle"),
        ("Gwenaëlle Le Goff", "LE GOFFGwenaëlle"),
        ("Gwenaëlle Le Goff", "LE&nbsp;GOFF Gwena&euml;lle"),
        ("Anne Maire", "Anne MAIRE"),
        ("Jeanne Quémener 06 12 34 56 78", "Jeanne Quémener"),
        ("Directrice Jeanne Quémener", "Jeanne Quémener"),
        ("Ville de Brest Jeanne Quémener", "Jeanne Quémener"),
        ("jeanne quémener", "Jeanne Quémener"),
    ],
)
@pytest.mark.django_db
def test_a_contact_is_masked_whatever_stands_beside_their_name(cell, text):
    entree = ProjetFactory(titre="Portail").entree
    for role in Contact.Role:
        Contact.objects.create(entree=entree, nom=cell, role=role)
    assert as_saved(f"Merci à {text}.") == f"Merci à {NOM_MASQUE}."
    for words in ("un élu breton", "la Ville de Brest", "la directrice", "Madame la Maire", "la maire de Brest"):
        assert as_saved(words) == words


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Mme QUÉMENER", f"Mme {NOM_MASQUE}"),
        ("madame Quémener,", f"madame {NOM_MASQUE},"),
        ("M. Quemener", f"M. {NOM_MASQUE}"),
        ("Mme J. Quémener, Mme A. Quémener", f"Mme {NOM_MASQUE}, Mme A. Quémener"),
        (
            "M. le maire Quémener, Mme la directrice adjointe Quémener",
            f"M. le maire {X}, Mme la directrice adjointe {X}",
        ),
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
            "06–12–34–56–78",
            "06 - 12 - 34 - 56 - 78",
            "06 12 34\r\n56 78",
            "06, 12, 34, 56, 78",
            "06·12·34·56·78",
            "06:12:34:56:78",
        ),
        *("+33 6 12 34 56 78", "+33612345678", "0033 6 12 34 56 78", "+33 (0)6 12 34 56 78", "(+33) 6 12 34 56 78"),
    ],
)
def test_a_telephone_number_is_masked_however_it_is_written(held, text):
    assert mask(f"Appeler le {text}, à Brest 29200.", held) == f"Appeler le {TELEPHONE_MASQUE}, à Brest 29200."


@pytest.mark.parametrize("cell", ["poste 12, 02 96 00 00 01", "3 - 02 96 00 00 01", "22000 / 02 96 00 00 01"])
def test_a_number_beside_others_in_a_cell_is_held(cell):
    assert mask("Appelez le 02 96 00 00 01", cell) == f"Appelez le {TELEPHONE_MASQUE}"


def test_a_number_of_another_country_is_masked_whole():
    assert mask("Le +32 2 555 12 34, le matin", "+32 2 555 12 34") == f"Le {TELEPHONE_MASQUE}, le matin"


@pytest.mark.django_db
def test_a_telephone_number_of_a_contact_is_masked_and_found_no_more():
    fiche = ProjetFactory(titre="Portail")
    fiche.description = "06.12.34.56.78 ou Mme Quémener, voir JeanneQuemener"  # as an older site left it
    Projet.objects.filter(pk=fiche.pk).update(description=fiche.description)
    index_fiche(fiche)
    queries = ('"06 12 34 56 78"', '"mme quémener"', "jeannequemener")
    assert all(matching(Entree.objects.published(), query).exists() for query in queries)
    entree = ProjetFactory(titre="Autre").entree
    Contact.objects.create(entree=entree, nom="Jeanne Quémener", telephone="+33 6 12 34 56 78")
    retrait.look()
    assert Projet.objects.get(pk=fiche.pk).description == (f"{TELEPHONE_MASQUE} ou Mme {NOM_MASQUE}, voir {NOM_MASQUE}")
    assert not any(matching(Entree.objects.published(), query).exists() for query in queries)


@pytest.mark.django_db
def test_a_telephone_number_typed_beside_a_name_and_one_that_may_be_shown():
    entree = ProjetFactory(titre="Portail").entree
    Contact.objects.create(entree=entree, nom="Jeanne Quémener 06 12 34 56 78")
    Contact.objects.create(entree=entree, nom="Awena Prigent", telephone="0712345678", accord=True)
    assert as_saved("06 12 34 56 78, 07 12 34 56 78") == f"{TELEPHONE_MASQUE}, 07 12 34 56 78"


@mostly_long(
    "unit",
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
)
def test_masking_names_is_linear_and_changes_nothing_twice(unit):
    names = Names(["Anne Maire", "Anne Le Breton", "06 12 34 56 78", "Le Goff Anne"])
    assert in_line(names.mask, repeated(unit), 100_000)
    once = names.mask(repeated(unit)(100_000))
    assert names.mask(once) == once


# Whose names


@pytest.mark.django_db
def test_persons_who_agreed_are_named():
    entree = ProjetFactory().entree
    Contact.objects.create(entree=entree, nom="Awena Prigent", accord=True)
    Contact.objects.create(entree=entree, nom="Enora Calvez", accord=False)
    ExplorationFactory(nom="Hamon Katell", accord_publication=True, relue_le=timezone.now())
    ExplorationFactory(nom="Morvan Briac")
    InscriptionFactory(prenom="malo", nom="LE FLOCH")
    assert as_saved("Awena Prigent, Enora Calvez, Katell Hamon, Briac Morvan, Malo Le Floch") == (
        f"Awena Prigent, {NOM_MASQUE}, Katell Hamon, {NOM_MASQUE}, {NOM_MASQUE}"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prenom", "nom"), [("Accès", "droits"), ("La", "Poste"), ("Mairie", "Rennes"), ("Anne", ""), ("", "")]
)
def test_words_typed_as_a_name_hide_no_text(prenom, nom):
    InscriptionFactory(prenom=prenom, nom=nom)
    assert as_saved("Accès aux droits, accès droits, La Poste, Mairie Rennes, Anne") == (
        "Accès aux droits, accès droits, La Poste, Mairie Rennes, Anne"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prenom", "nom"),
    [
        ("Mme Soazhig", "Kerleroux"),
        ("Soazhig", "Kerleroux (CCAS)"),
        ("Soazhig", "Kerleroux / CCAS"),
        ("Soazhig Kerleroux", "Kerleroux"),
        ("Soazhig Kerleroux", "Soazhig Kerleroux"),
        ("Soazhig", "Soazhig Kerleroux"),
    ],
)
def test_who_registers_is_held_whatever_else_they_type(prenom, nom):
    row = InscriptionFactory(prenom=prenom, nom=nom)
    assert as_saved("Avec Soazhig Kerleroux, et la CCAS") == f"Avec {NOM_MASQUE}, et la CCAS"
    assert "Soazhig Kerleroux" in registre.full_names(row)


@pytest.mark.django_db
def test_a_surname_that_ends_a_first_name_is_one():
    row = InscriptionFactory(prenom="Jean-Pierre", nom="Pierre")
    assert registre.full_names(row) == ["Jean-Pierre Pierre"]
    assert as_saved("Jean-Pierre Pierre et M. Pierre") == f"{NOM_MASQUE} et M. {NOM_MASQUE}"


@pytest.mark.django_db
@pytest.mark.parametrize("nom", ["E. Quéméner", "Avec [Ewen Quéméner](https://exemple.bzh/)"])
def test_the_address_of_a_theme_follows_a_name_that_came_later(nom):
    theme = Theme.objects.create(nom=nom)
    InscriptionFactory(prenom="Ewen", nom="Quéméner")
    retrait.look()
    theme.refresh_from_db()
    assert "quemener" not in theme.slug
    slug = theme.slug
    theme.save()
    assert theme.slug == slug


# Records as the public may read them


@pytest.fixture
def held(db):
    InscriptionFactory(prenom="Awena", nom="Prigent")


def test_a_record_says_the_same_whichever_way_it_is_read(held):
    first = ProjetFactory(titre="Avec Awena Prigent", description="a@exemple.bzh", slug="projet")
    ProjetFactory(titre="Suite", remplace=first)
    rows = Projet.objects.select_related("remplace", "entree").order_by("pk")
    ways = [
        rows[0],
        rows.get(pk=first.pk),
        Projet.objects.only("titre").earliest("pk"),
        next(rows.iterator()),
        rows.last().remplace,
    ]
    for projet in ways:
        assert (projet.titre, projet.description) == (f"Avec {NOM_MASQUE}", ADRESSE_MASQUEE)
        assert projet.slug == "projet"
    assert Entree.objects.get(pk=first.pk).titre == f"Avec {NOM_MASQUE}"
    assert list(rows.values_list("titre", flat=True)) == [f"Avec {NOM_MASQUE}", "Suite"]
    assert first.history.get().titre == f"Avec {NOM_MASQUE}"
    assert as_written(first) == {"titre": "Avec Awena Prigent", "description": "a@exemple.bzh"}


def test_a_draft_says_what_its_writer_wrote_until_it_is_published(held):
    """A mask would say that this person is held here."""
    fiche = ProjetFactory(titre="Avec Awena Prigent", description="a@exemple.bzh", statut=Statut.BROUILLON)
    assert (fiche.titre, as_written(fiche)) == ("Avec Awena Prigent", {})
    fiche.statut = Statut.PUBLIEE
    fiche.save()
    assert Projet.objects.get().titre == f"Avec {NOM_MASQUE}"
    assert set(fiche.history.values_list("titre", "description")) == {(f"Avec {NOM_MASQUE}", ADRESSE_MASQUEE)}
    assert as_written(fiche)["titre"] == "Avec Awena Prigent"


def test_what_nobody_changed_stays_as_it_was_written(held):
    fiche = ProjetFactory(description="Avec Awena Prigent")
    again = Projet.objects.get()
    again.objectifs += "."
    again.save()
    assert Projet.objects.get().description == f"Avec {NOM_MASQUE}"
    assert as_written(fiche) == {"description": "Avec Awena Prigent"}
    again = Projet.objects.get()
    again.description = "Avec Awena Prigent et d’autres"
    again.save()
    assert as_written(again) == {"description": "Avec Awena Prigent et d’autres"}
    again.description = "Sans personne"
    again.save()
    assert Projet.objects.get().description == "Sans personne"
    assert not TexteIntegral.objects.exists()


@pytest.mark.parametrize(
    "text", ["Élodie Guéguen-Le Bihan", "Le Bihan Élodie", "É. Guéguen-Le Bihan", "Élodie A. Le Bihan"]
)
def test_what_staff_leave_is_the_words_that_were_taken_out(held, text):
    InscriptionFactory(prenom="Élodie", nom="Guéguen-Le Bihan")
    fiche = ProjetFactory(description=f"Avec {text}, hier")
    (taken,) = TexteIntegral.objects.get().retires
    fiche.a_laisser = [Laisse("description", taken, TexteIntegral.Raison.PAS_UNE_PERSONNE)]
    fiche.save()
    assert fiche.description == f"Avec {text}, hier"


@pytest.mark.parametrize(
    "text",
    [
        "Avec Awena Prigent",
        "Mme PRIGENT, puis awenaprigent",
        "Prigent (Awena), 06 12 34 56 78",
        'Awena <span style="color:red;font-weight:bold">Prigent</span>',
        "[Awena](https://exemple.bzh/?a=1) Prigent",
        "<b>Awena</b> Prigent",
    ],
)
def test_what_was_taken_out_stays_out_when_its_person_leaves(held, text):
    Contact.objects.create(entree=ProjetFactory().entree, nom="Awena Prigent", telephone="0612345678")
    fiche = ProjetFactory(description=text)
    shown = Projet.objects.get(pk=fiche.pk).description
    assert "rigent" not in shown.lower()
    Inscription.objects.all().delete()
    Contact.objects.all().delete()
    assert not NomTenu.objects.exists()
    for more in ("", " Et la suite."):
        fiche = Projet.objects.get(pk=fiche.pk)
        fiche.description = text + more
        fiche.save()
        assert Projet.objects.get(pk=fiche.pk).description == shown + more
    assert as_written(fiche) == {"description": text + " Et la suite."}


def test_what_staff_leave_stays_and_nothing_else(held):
    fiche = ProjetFactory(description="Rue Awena Prigent, a@exemple.bzh, AWENA PRIGENT. Prigent Awena")
    fiche.a_laisser = [Laisse("description", "Awena Prigent", TexteIntegral.Raison.PAS_UNE_PERSONNE, "anne")]
    fiche.save()
    assert fiche.description == f"Rue Awena Prigent, {ADRESSE_MASQUEE}, AWENA PRIGENT. {NOM_MASQUE}"
    again = Projet.objects.get()
    again.description = as_written(again)["description"] + " Puis Awena Prigent."
    again.objectifs = "Avec Awena Prigent"
    again.save()
    assert again.objectifs == f"Avec {NOM_MASQUE}"
    assert again.description.endswith(f"{NOM_MASQUE} Puis Awena Prigent.")
    (kept,) = TexteIntegral.objects.get(champ="description").laisses
    assert kept == {"mots": "Awena Prigent", "raison": "pas-une-personne", "par": "anne"}


def test_a_link_is_whole_or_not_there(held):
    kept = EvenementFactory(lien_externe="https://exemple.bzh/balise")
    assert Evenement.objects.get(pk=kept.pk).lien_externe == "https://exemple.bzh/balise"
    for link in ("https://exemple.bzh/awena-prigent", "https://exemple.bzh/?m=jean.dupont%40exemple.bzh"):
        gone = EvenementFactory(lien_externe=link, resume=f"Voir {link}.")
        row = Evenement.objects.get(pk=gone.pk)
        assert row.lien_externe == ""
        assert not re.search("prigent|dupont", row.resume)
        assert as_written(gone) == {"lien_externe": link, "resume": f"Voir {link}."}


def test_a_text_that_grows_by_its_masks_still_fits(held):
    fiche = ProjetFactory(titre=f"{'x' * 480} a@exemple.bzh", collectivite="a@exemple.bzh " * 21)
    assert len(Projet.objects.get().titre) == len(f"{'x' * 480} {ADRESSE_MASQUEE}")
    assert "exemple.bzh" not in fiche.collectivite
    assert len(fiche.collectivite) <= 300


def test_a_file_that_is_called_after_somebody_gets_another_name(held):
    for name, expected in (("CV_awena-prigent.pdf", "cv.pdf"), ("lettre.pdf", "lettre.pdf")):
        row = FichierJoint(entree=ProjetFactory().entree, fichier=ContentFile(b"x", name=name))
        row.save()
        assert str(row).startswith(expected.removesuffix(".pdf"))


def test_a_public_file_loses_the_name_of_who_comes_later(client, held, django_capture_on_commit_callbacks):
    joint = FichierJoint(entree=ProjetFactory().entree, fichier=ContentFile(b"joint", name="CR Enora Calvez.pdf"))
    joint.save()
    episode = EpisodeFactory(titre="Un épisode", fichier=ContentFile(b"son", name="Enora Calvez.mp3"))
    stored = [(row, row.fichier.name, row.fichier.url) for row in (joint, episode)]
    assert all("Calvez" in name for _, name, _ in stored)
    InscriptionFactory(prenom="Enora", nom="Calvez")
    with django_capture_on_commit_callbacks(execute=True):
        assert retrait.look().fiches == 1
    for row, before, address in stored:
        row.refresh_from_db()
        assert "calvez" not in row.fichier.name.lower()
        assert row.fichier.read() == (b"joint" if row is joint else b"son")
        assert not row.fichier.storage.exists(before)
        assert client.get(address).status_code == 404
        assert client.get(row.fichier.url).status_code == 200
    assert {str(version.fichier) for version in episode.history.all()} == {episode.fichier.name}


def test_earlier_versions_say_no_more_when_their_person_has_left(client, held):
    fiche = ProjetFactory(titre="Un portail", description="Vu avec Enora Calvez")
    kept = ProjetFactory(titre="Un autre", description="La rue Enora Calvez")
    for row, text in ((fiche, "Plus rien"), (kept, "La rue Enora Calvez, au 3")):
        row.description = text
        row.save()
    person = InscriptionFactory(prenom="Enora", nom="Calvez")
    retrait.look()
    assert [version.description for version in fiche.history.order_by("history_id")] == [f"Vu avec {X}", "Plus rien"]
    person.delete()
    assert "Calvez" not in client.get(reverse("historique", args=[fiche.pk])).content.decode()


@pytest.mark.parametrize("came", ["before", "later"])
def test_the_address_of_a_theme_shows_no_name(held, came):
    theme = Theme.objects.create(nom="Fonds Enora Calvez") if came == "later" else None
    InscriptionFactory(prenom="Enora", nom="Calvez")
    retrait.look()
    theme = theme or Theme.objects.create(nom="Fonds", slug="fonds-enora-calvez")
    theme.refresh_from_db()
    assert (theme.nom, theme.slug) == (f"Fonds {X}" if came == "later" else "Fonds", "fonds")


def test_a_file_that_another_row_holds_too_stays(held, django_capture_on_commit_callbacks):
    first = EpisodeFactory(titre="Un épisode", fichier=ContentFile(b"son", name="Enora Calvez.mp3"))
    second = EpisodeFactory(titre="Un autre", fichier=first.fichier.name, statut=Statut.RETIREE)
    InscriptionFactory(prenom="Enora", nom="Calvez")
    with django_capture_on_commit_callbacks(execute=True):
        retrait.look()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.fichier.name != second.fichier.name
    assert first.fichier.read() == second.fichier.read() == b"son"


def test_an_address_says_what_staff_leave_in_the_title(held):
    fiche = ProjetFactory(titre="Un portail")
    fiche.titre, fiche.slug = "Rue Awena Prigent", "rue-awena-prigent"
    fiche.a_laisser = [Laisse("titre", "Awena Prigent", TexteIntegral.Raison.PAS_UNE_PERSONNE)]
    fiche.save()
    fiche.save()
    assert (fiche.titre, fiche.slug) == ("Rue Awena Prigent", "rue-awena-prigent")


def test_an_address_of_a_longer_name_stays(held):
    InscriptionFactory(prenom="Anne", nom="Riou")
    fiche = ProjetFactory(titre="Portrait d’Anne-Marie Riou", slug="portrait-anne-marie-riou-pionniere")
    assert fiche.slug == "portrait-anne-marie-riou-pionniere"


@pytest.mark.django_db
@pytest.mark.parametrize("keys", [True, False])
def test_names_that_are_found_otherwise_since_are_looked_for_again(keys):
    """By other keys, or in a text that was read otherwise."""
    InscriptionFactory(prenom="Enora", nom="Calvez")
    fiche = ProjetFactory(description="Sans nom")
    retrait.look()
    if keys:
        MotTenu.objects.update(mot="autrefois")
    Projet.objects.filter(pk=fiche.pk).update(description="Vu avec Enora Calvez")
    index_fiche(Projet.objects.get(pk=fiche.pk))
    assert noms.rebuild() == (int(keys), 0)
    retrait.look()
    fiche.refresh_from_db()
    assert fiche.description == f"Vu avec {X}"


def test_a_file_that_is_not_there_keeps_its_name(held):
    episode = EpisodeFactory(titre="Un épisode", fichier="podcast/Enora Calvez.mp3")
    InscriptionFactory(prenom="Enora", nom="Calvez")
    retrait.look()
    episode.refresh_from_db()
    assert episode.fichier.name == "podcast/Enora Calvez.mp3"


# Which names are held, and what it costs


@pytest.mark.django_db
@pytest.mark.parametrize("others", [0, 300])
def test_a_save_pays_two_queries_however_many_are_held(django_assert_num_queries, others):
    for number in range(others):
        InscriptionFactory(prenom=f"Awena{chr(97 + number % 26)}", nom=f"Ker{chr(97 + number // 26)}prigent")
    fiche = ProjetFactory(description="Un texte. " * 20)
    with django_assert_num_queries(2):
        ecriture = Ecriture(fiche)
        ecriture.take_out()
        ecriture.keep()


@pytest.mark.django_db
def test_a_name_saved_or_deleted_counts_at_once():
    inscription = InscriptionFactory(prenom="Awena", nom="Prigent")
    assert as_saved("Awena Prigent") == NOM_MASQUE
    inscription.nom = "Calvez"
    inscription.save()
    assert as_saved("Awena Prigent, Awena Calvez") == f"Awena Prigent, {NOM_MASQUE}"
    inscription.delete()
    assert as_saved("Awena Calvez") == "Awena Calvez"
    assert not NomTenu.objects.exists()
    assert not MotTenu.objects.exists()


@pytest.mark.django_db
def test_what_was_written_past_a_save_is_found_when_all_is_read_again():
    gone = InscriptionFactory(prenom="Awena", nom="Prigent")
    row = InscriptionFactory(prenom="Lena", nom="Morvan")
    Inscription.objects.filter(pk=row.pk).update(nom="Calvez")
    Inscription.objects.filter(pk=gone.pk)._raw_delete("default")
    assert noms.rebuild() == (1, 2)
    assert as_saved("Lena Morvan, Lena Calvez, Awena Prigent") == f"Lena Morvan, {NOM_MASQUE}, Awena Prigent"
    assert noms.rebuild() == (0, 0)


@pytest.mark.django_db
def test_a_registration_that_is_emptied_holds_no_name():
    row = InscriptionFactory(prenom="Awena", nom="Prigent", evenement=EvenementFactory(dans=-400))
    assert NomTenu.objects.filter(modele="inscriptions.Inscription", cle=row.pk).exists()
    call_command("purger", stdout=StringIO())
    assert Inscription.objects.filter(pk=row.pk).exists()
    assert not NomTenu.objects.exists()


# Who came later


@pytest.mark.django_db
def test_a_search_no_longer_finds_a_record_by_a_name_held_from_now_on():
    projet = ProjetFactory(description="Porté par Awena Prigent avec la mairie")
    projet.description = "Porté par Awena Prigent avec la mairie."
    projet.save()
    changed = projet.modifiee_le
    other = ProjetFactory(description="Awena, puis bien plus loin Prigent")
    assert matching(Entree.objects.all(), "awena prigent").count() == 2
    Contact.objects.create(entree=other.entree, nom="Awena Prigent")
    out = StringIO()
    call_command("retirer_noms", stdout=out)
    assert out.getvalue() == "1 nom regardé : 1 fiche corrigée, 0 autre texte corrigé\n"
    projet.refresh_from_db()
    assert projet.modifiee_le == changed  # nobody edited it
    versions = list(projet.history.order_by("history_id").values_list("description", "history_change_reason"))
    assert len(versions) == 3
    assert versions[-1][1] == retrait.RAISON
    assert not any("Prigent" in text for text, _ in versions)
    assert set(matching(Entree.objects.all(), "mairie")) == {projet.entree}
    assert not matching(Entree.objects.all(), '"awena prigent"').exists()
    assert retrait.look().noms == 0
    assert Projet.objects.get(pk=projet.pk).version == 3


@pytest.mark.django_db
def test_a_name_in_a_title_or_in_many_records_waits_for_staff():
    titled = ProjetFactory(titre="Espace Awena Prigent", slug="espace")
    many = [ProjetFactory(description="Rue Lena Morvan") for _ in range(retrait.FEW + 1)]
    InscriptionFactory(prenom="Awena", nom="Prigent")
    InscriptionFactory(prenom="Lena", nom="Morvan")
    assert sorted(retrait.look().attendent) == ["Awena Prigent", "Lena Morvan"]
    assert Projet.objects.get(pk=titled.pk).titre == "Espace Awena Prigent"
    assert retrait.look().noms == 0
    bilan = retrait.take_out_everywhere(["Lena Morvan"])
    assert bilan.fiches == len(many)
    assert {fiche.description for fiche in Projet.objects.exclude(pk=titled.pk)} == {f"Rue {NOM_MASQUE}"}
    retrait.leave("Awena Prigent", NomTenu.Decision.PAS_UNE_PERSONNE)
    InscriptionFactory(prenom="Awena", nom="Prigent")  # the same words again: decided
    assert retrait.look().noms == 0
    titled.refresh_from_db()
    titled.save()
    assert Projet.objects.get(pk=titled.pk).titre == "Espace Awena Prigent"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "Ewen A. Riou-Kerbrat",
        "Kerbrat Ewen",
        "Ewen Riou-\nKerbrat",
        "EwenRiouKerbrat",
        "Mme E. Riou",
        "Nom : Riou, prénom : Ewen",
    ],
)
def test_who_comes_later_is_taken_out_however_they_are_written(text):
    projet = ProjetFactory(description=f"Avec {text}, hier.", collectivite=text)
    InscriptionFactory(prenom="Ewen", nom="Riou-Kerbrat")
    assert retrait.look().fiches == 1
    projet.refresh_from_db()
    assert not re.search("Riou|Kerbrat", projet.description + projet.collectivite)


@pytest.mark.parametrize("piece", ["a", " ", "@", "Awena ", "-Awena Prigen"])
def test_no_text_costs_more_than_its_length_however_many_are_named(piece):
    names = Names(["Awena Prigent", *(f"Awena Ker{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600))])
    assert in_line(names.mask, repeated(piece), 50_000)


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


def test_values_of_lists_say_what_the_public_reads(client, valued):
    enquete = Enquete.objects.select_related("niveau").prefetch_related("modes_reconnaissance").get(pk=valued.pk)
    (mode,) = enquete.modes_reconnaissance.all()
    assert (enquete.niveau.nom, mode.nom) == (NOM_MASQUE, f"Avec {NOM_MASQUE} (frais)")
    mode.save()
    assert as_written(mode) == {"nom": "Avec Jeanne Quémener (frais)"}
    assert (
        ListeDeChoix(Choix.Liste.PARTICIPATION).get_or_create("Awena Prigent") == enquete.niveau
    )  # a takeover knows it again
    assert not Choix.objects.filter(slug__contains="prigent").exists()
    assert not Theme.objects.filter(slug__contains="morvan").exists()
    assert NOM_MASQUE in client.get(valued.get_absolute_url()).content.decode()
    assert not any(matching(Entree.objects.published(), query).exists() for query in ("prigent", "quemener", "morvan"))


def test_values_that_leave_the_same_mask_stay_apart(held):
    rows = [Choix.objects.create(liste=Choix.Liste.PROFIL, nom=nom) for nom in ("Awena Prigent", "PRIGENT Awena")]
    themes = [Theme.objects.create(nom=nom) for nom in ("Awena Prigent", "PRIGENT Awena")]
    for one, two in (rows, themes):
        assert (one.nom, two.nom) == (NOM_MASQUE, f"{NOM_MASQUE} 2")
        assert one.slug != two.slug
        two.save()
        assert two.nom == f"{NOM_MASQUE} 2"


@pytest.mark.django_db
def test_an_address_makes_no_value_of_a_list():
    rows = ListeDeChoix(Choix.Liste.MOT_CLE)
    assert rows.get_or_create("lena.morvan@exemple.bzh") is None
    assert rows.get_or_create("- écrire à lena.morvan (at) exemple.bzh") is None
    assert rows.get_or_create("Accueil").nom == "Accueil"
    assert not Choix.objects.filter(nom__contains="lena").exists()


# Addresses of pages


@pytest.mark.parametrize("factory", [ProjetFactory, EvenementFactory])
def test_the_address_of_a_draft_does_not_tell_who_is_held(held, factory):
    drafts = [factory(titre=titre, slug="", statut=Statut.BROUILLON) for titre in ("Awena Prigent", "Enora Calvez")]
    assert [draft.slug for draft in drafts] == ["awena-prigent", "enora-calvez"]
    drafts[0].statut = Statut.A_RELIRE
    drafts[0].save()
    assert drafts[0].slug == "awena-prigent"


@pytest.mark.parametrize("factory", [ProjetFactory, EvenementFactory])
@pytest.mark.parametrize(
    ("draft", "titre", "slug"),
    [
        ("Avec Awena Prigent", "Avec Awena Prigent", "avec"),
        ("Awena Prigent", "Un portail", "un-portail"),  # the title has lost the name before
        ("Écrire à lena.morvan@exemple.bzh", "Écrire à lena.morvan@exemple.bzh", "ecrire-a"),
        ("Un portail", "Un portail", "un-portail"),
    ],
)
def test_a_record_that_becomes_public_loses_the_name_in_its_address(client, held, factory, draft, titre, slug):
    fiche = factory(titre=draft, slug="", statut=Statut.BROUILLON)
    before = fiche.get_absolute_url()
    for change in ({"titre": titre}, {"statut": Statut.PUBLIEE}):
        vars(fiche).update(change)
        fiche.save()
    assert fiche.slug == slug
    assert not AncienneAdresse.objects.exists()
    assert client.get(fiche.get_absolute_url()).status_code == 200
    assert client.get(before).status_code == (200 if before == fiche.get_absolute_url() else 404)


@pytest.mark.parametrize("slug", ["", "un-texte-d-enora-calvez"])
def test_an_address_that_was_public_leads_on_to_one_without_the_name(client, held, slug):
    public = ProjetFactory(titre="Avec Enora Calvez" if not slug else "Un texte", slug=slug)
    before = public.get_absolute_url()
    assert "enora-calvez" in before
    InscriptionFactory(prenom="Enora", nom="Calvez")
    retrait.look()
    if not slug:
        retrait.take_out_everywhere(["Enora Calvez"])  # as staff do of a title
    public.refresh_from_db()
    assert public.slug == ("un-texte" if slug else "avec")
    assert client.get(before, follow=True).redirect_chain == [(public.get_absolute_url(), 301)]
    assert not public.history.filter(slug__contains="calvez").exists()
    public.slug = "avec-enora-calvez"
    public.save()
    assert "calvez" not in public.slug


def test_a_public_record_that_was_sent_back_tells_no_more_than_a_draft(held):
    fiche = ProjetFactory(titre="Un portail", slug="")
    fiche.statut, fiche.titre, fiche.slug = Statut.A_RELIRE, "Awena Prigent", ""
    fiche.save()
    assert fiche.slug == "awena-prigent"
    fiche.statut = Statut.PUBLIEE
    fiche.save()
    assert fiche.slug == "fiche"
    assert [row.slug for row in AncienneAdresse.objects.all()] == ["un-portail"]
