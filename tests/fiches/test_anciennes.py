"""Names of the old site's pages: made from titles, given in the order of a dump, learnt; links that point to them."""

import pytest

from fiches.anciennes import (
    attribuer,
    demande,
    find,
    identifiant_yeswiki,
    learn,
    mark_gone,
    reecrire_liens,
    reecrire_textes,
    words,
)
from fiches.models import AncienIdentifiant, Entree, Statut
from tests.factories import ProjetFactory

SITES = ["labacces.fr", "www.labacces.fr"]


def page(titre="Une fiche", *, statut=Statut.PUBLIEE):
    """An entry of the directory, enough for what points to it."""
    number = Entree.objects.count()
    return Entree.objects.create(type="projet", slug=f"fiche-{number}", titre=titre, statut=statut)


def known():
    return {row.identifiant: (row.entree_id, row.statut, row.certain) for row in AncienIdentifiant.objects.all()}


@pytest.mark.parametrize(
    ("titre", "identifiant"),
    [
        ('VILLE-TEST - Guichet "ouvert"', "VilleTestGuichetOuvert"),
        ("BERRIC - Mise en place d'un Portail Familles", "BerricMiseEnPlaceDUnPortailFamilles"),
        ("L'été à Bréal", "LEteABreal"),
        ("PORTAIL FAMILLE", "PortailFamille"),
        ("Cœur de ville", "CoeurDeVille"),
        ("Ex æquo", "ExAequo"),
        ("Aïd, Noël, Ÿ, ÇA", "AidNoelYCa"),
        ("Portail", "PortaiL"),  # two capitals at least
        ("a", "A"),
        ("15", "15"),
        ("Balise MedNum Remix 15/11/24", "BaliseMednumRemix151124"),
        ("Le 2eme étage", "Le2emeEtage"),
        ("L’accès aux droits", "LaccesAuxDroits"),  # a curly apostrophe vanishes, a straight one parts words
        ("« Guichet\u00a0ouvert »", "GuichetouverT"),
        ("Tarif : 10 € – réduit…", "Tarif10Reduit"),
        ("Žilina et nous", "ilinaEtNous"),  # HTML 4 has no name for Ž
        ("cafe\u0301 partage\u0301", "CafePartage"),
        ("e-administration_et/ou papier", "EAdministrationEtOuPapier"),
        ("", ""),
        ("'- !", ""),
    ],
)
def test_a_title_makes_the_name_that_the_old_site_made(titre, identifiant):
    assert identifiant_yeswiki(titre) == identifiant


def test_a_name_is_made_of_the_first_47_characters_of_the_title_even_within_a_word():
    titre = "BON REPOS SUR BLAVET - Solution globale pour fédérer les trois communes"
    assert titre[:47].endswith("pour fé")
    assert identifiant_yeswiki(titre) == "BonReposSurBlavetSolutionGlobalePourFe"


def test_blanks_and_punctuation_count_among_the_47_characters():
    assert identifiant_yeswiki("a" + "-" * 45 + "bcd") == "AB"


@pytest.mark.django_db
def test_names_taken_get_a_number_in_the_order_of_the_dump():
    first, second, third = page(), page(), page()
    attribuer([("Mon titre", first.pk), ("MON-TITRE", second.pk), ("Autre titre", third.pk), ("Mon titre ?", None)])
    assert {name: row[0] for name, row in known().items()} == {
        "MonTitre": first.pk,
        "MonTitre2": second.pk,
        "AutreTitre": third.pk,
    }
    assert not AncienIdentifiant.objects.filter(certain=True).exists()


@pytest.mark.django_db
def test_a_record_that_is_not_public_takes_its_name_and_leaves_no_trace():
    public = page()
    attribuer([("Camille Le Goff", None), ("Camille Le Goff", public.pk)])
    assert known() == {"CamilleLeGoff2": (public.pk, "fiche", False)}


@pytest.mark.django_db
def test_names_that_differ_by_case_alone_are_one_for_the_old_site():
    first, second = page(), page()
    attribuer([("Site web", first.pk), ("SITE WEB", second.pk)])
    attribuer([("A B", first.pk), ("a-b", second.pk)])
    assert {"SiteWeb", "SiteWeb2", "AB", "AB2"} <= set(known())


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["LaccesAuxDroits", "LAccesAuxDroits", "laccesauxdroits"])
def test_a_page_is_found_whatever_the_case_of_its_name(address, django_assert_num_queries):
    entree = page()
    attribuer([("L’accès aux droits", entree.pk)])
    with django_assert_num_queries(1):
        assert find(address).entree == entree


@pytest.mark.django_db
def test_of_two_pages_whose_names_differ_by_case_alone_the_exact_one_is_found():
    first, second = page(), page()
    learn(first, "SiteWeb", True)
    learn(second, "SiteweB", True)
    assert [find(name).entree for name in ("SiteWeb", "SiteweB", "siteweb")] == [first, second, first]


@pytest.mark.django_db
def test_a_second_takeover_of_the_same_dump_changes_nothing(django_assert_num_queries):
    titres = [(f"Fiche {number % 7}", page().pk) for number in range(20)]
    assert attribuer(titres) == 20
    before = known()
    with django_assert_num_queries(3):  # savepoint, what is known, release
        assert attribuer(titres) == 0
    assert known() == before


@pytest.mark.django_db
def test_a_guess_follows_a_later_dump():
    old, new = page(), page()
    attribuer([("Mon titre", old.pk)])
    attribuer([("Mon titre", new.pk), ("Mon titre", old.pk)])
    assert {name: row[0] for name, row in known().items()} == {"MonTitre": new.pk, "MonTitre2": old.pk}


@pytest.mark.django_db
def test_what_is_certain_replaces_guesses_about_the_page_and_about_the_record():
    first, second = page(), page()
    attribuer([("Mon titre", first.pk), ("Mon titre", second.pk)])
    learn(second, "MonTitre", True)
    assert known() == {"MonTitre": (second.pk, "fiche", True)}
    learn(first, "MonTitre2", True)
    assert known() == {"MonTitre": (second.pk, "fiche", True), "MonTitre2": (first.pk, "fiche", True)}


@pytest.mark.django_db
def test_a_guess_never_replaces_what_is_certain():
    first, second = page(), page()
    learn(first, "NomVenuDuJson", True)
    learn(first, "MonTitre", False)
    learn(second, "NomVenuDuJson", False)
    attribuer([("Nom venu du JSON", second.pk), ("Mon titre", first.pk)])
    assert known() == {"NomVenuDuJson": (first.pk, "fiche", True)}
    learn(second, "AutreNom", False)
    assert known()["AutreNom"] == (second.pk, "fiche", False)


@pytest.mark.django_db
def test_a_deleted_record_leaves_the_memory_of_its_page():
    projet = ProjetFactory(titre="Mon titre")
    attribuer([("Mon titre", projet.pk)])
    projet.delete()
    row = AncienIdentifiant.objects.get()
    assert row.entree is None
    assert row.est_disparue
    assert not row.est_publique


@pytest.mark.django_db
def test_a_page_known_to_be_gone_stays_so_until_it_is_certain_that_it_is_back():
    entree = page()
    mark_gone(["MonTitre", "JamaisVue"])
    attribuer([("Mon titre", entree.pk)])
    assert known()["MonTitre"] == (None, "disparue", True)
    learn(entree, "MonTitre", True)
    assert known()["MonTitre"] == (entree.pk, "fiche", True)


@pytest.mark.parametrize(
    ("query_string", "identifiant"),
    [
        ("MonTitre", "MonTitre"),
        ("MonTitre/edit", "MonTitre"),
        ("MonTitre/edit&time=2023", "MonTitre"),
        ("MonTitre&vue=consulter&id=5", "MonTitre"),
        ("wiki=MonTitre", "MonTitre"),
        ("wiki=MonTitre/raw", "MonTitre"),
        ("wiki=montitre", "montitre"),
        ("MonTitre=", "MonTitre"),
        ("MonTitre=&utm_source=lettre", "MonTitre"),
        ("%4DonTitre", "MonTitre"),
        ("", None),
        ("utm_source=lettre", None),
        ("utm_source=MonTitre", None),
        ("fbclid=IwAR0AbCd", None),
        ("q=MonTitre", None),
        ("Bonjour=", None),
        ("bonjour", None),
        ("Recette", "Recette"),
        ("MonTitre_fichierbf_annexe/download&file=a.pdf", None),
        ("Mon%00Titre", None),
        ("MonTitré", None),
        ("M" * 300, None),
        ("wiki=", None),
    ],
)
def test_an_old_address_is_told_from_a_parameter(query_string, identifiant):
    asked = demande(query_string)
    assert (asked and asked.identifiant) == identifiant


@pytest.mark.parametrize(
    ("identifiant", "text"),
    [
        ("MiseEnPlaceDUnPortailFamilles", "mise en place d un portail familles"),
        ("MonTitre2", "mon titre"),
        ("BaliseMednumRemix2024", "balise mednum remix 2024"),
        ("PortaiL", "portail"),
        ("FAQ", "faq"),
        ("RapportV2", "rapport v2"),
        ("2024", "2024"),
    ],
)
def test_a_name_gives_its_words_back(identifiant, text):
    assert words(identifiant) == text


@pytest.mark.django_db
def test_links_into_the_old_site_become_ours(settings, django_assert_num_queries):
    settings.SITE_URL = "https://labacces.example.org"
    entree = page()
    attribuer([("Ma recette", entree.pk)])
    ours = f"https://labacces.example.org{entree.get_absolute_url()}"
    texte = (
        "Voir http://labacces.fr/?MaRecette, https://www.labacces.fr/?MaRecette/edit (ou "
        "http://LABACCES.fr/wakka.php?wiki=MaRecette). Puis https://labacces.fr/?wiki=MaRecette&vue=carte#bas.\n"
        "Ailleurs : https://labacces.fr?MaRecette ; inconnue : https://labacces.fr/?AutrePage"
    )
    with django_assert_num_queries(1):
        assert reecrire_liens(texte, SITES) == (
            f"Voir {ours}, {ours} (ou {ours}). Puis {ours}.\n"
            f"Ailleurs : {ours} ; inconnue : https://labacces.fr/?AutrePage"
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "texte",
    [
        "",
        "Sans lien ?",
        "https://exemple.bzh/?MaRecette",
        "https://labacces.fr.exemple.bzh/?MaRecette",
        "https://pas-labacces.fr/?MaRecette",
        "https://labacces.fr/?utm_source=MaRecette",
        "https://labacces.fr/?MaRecette_fichier/download&file=a.pdf",
        "https://labacces.fr/?MaRecetté",
        "https://labacces.fr/files/MaRecette.pdf",
        "labacces.fr/?",
    ],
)
def test_other_addresses_stay_and_cost_no_query(texte, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert reecrire_liens(texte, SITES) == texte


@pytest.mark.django_db
def test_all_the_texts_of_a_page_cost_one_query(django_assert_num_queries, settings):
    one, other = page(), page()
    attribuer([("Fiche une", one.pk), ("Fiche deux", other.pk)])
    with django_assert_num_queries(1):
        found = reecrire_textes(["http://labacces.fr/?FicheUne", "rien", "http://labacces.fr/?FicheDeux"], SITES)
    addresses = [f"{settings.SITE_URL}{entree.get_absolute_url()}" for entree in (one, other)]
    assert found == [addresses[0], "rien", addresses[1]]


@pytest.mark.django_db
@pytest.mark.parametrize("statut", [Statut.BROUILLON, Statut.A_RELIRE, Statut.RETIREE])
def test_a_link_to_a_record_that_is_not_public_stays(statut):
    attribuer([("Ma recette", page(statut=statut).pk)])
    assert reecrire_liens("http://labacces.fr/?MaRecette", SITES) == "http://labacces.fr/?MaRecette"


def test_without_old_sites_texts_stay():
    assert reecrire_liens("http://labacces.fr/?MaRecette", []) == "http://labacces.fr/?MaRecette"
