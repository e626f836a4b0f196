"""Names of the old site's pages: made from titles, given in the order of a dump, learnt; links that point to them."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from fiches.initiatives.models import Initiative
from reprise.models import AncienIdentifiant, Origine
from reprise.urls_of_old_site import (
    assign,
    demandes,
    find,
    find_all,
    identifiant_yeswiki,
    learn,
    rewrite_texts,
)
from socle.annuaire.models import Entree, Statut
from socle.comptes.roles import ANIMATION, REDACTION
from socle.francais.wording import unglued
from tests.factories import ProjetFactory, UtilisateurFactory, factory_of
from tests.reprise.rows import gone
from tests.sampling import mostly_long, size

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
    assign([("Mon titre", first.pk), ("MON-TITRE", second.pk), ("Autre titre", third.pk), ("Mon titre ?", None)])
    assert {name: row[0] for name, row in known().items()} == {
        "MonTitre": first.pk,
        "MonTitre2": second.pk,
        "AutreTitre": third.pk,
    }
    assert not AncienIdentifiant.objects.filter(certain=True).exists()


@pytest.mark.django_db
def test_a_record_that_is_not_public_takes_its_name_and_leaves_no_trace():
    public = page()
    assign([("Camille Le Goff", None), ("Camille Le Goff", public.pk)])
    assert known() == {"CamilleLeGoff2": (public.pk, "fiche", False)}


@pytest.mark.django_db
def test_names_that_differ_by_case_alone_are_one_for_the_old_site():
    first, second = page(), page()
    assign([("Site web", first.pk), ("SITE WEB", second.pk)])
    assign([("A B", first.pk), ("a-b", second.pk)])
    assert {"SiteWeb", "SiteWeb2", "AB", "AB2"} <= set(known())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("titre", "address"),
    [
        *(("L’accès aux droits", name) for name in ("LaccesAuxDroits", "LAccesAuxDroits", "laccesauxdroits")),
        *(("Recette", name) for name in ("RecettE", "Recette")),  # as the old site called it, as people write it
    ],
)
def test_a_page_is_found_whatever_the_case_of_its_name(titre, address, django_assert_num_queries):
    entree = page()
    assign([(titre, entree.pk)])
    with django_assert_num_queries(1):
        assert find(address).entree == entree


@pytest.mark.django_db
def test_a_second_takeover_of_the_same_dump_changes_nothing(django_assert_num_queries):
    titres = [(f"Fiche {number % 7}", page().pk) for number in range(20)]
    assign(titres)
    before = known()
    assert len(before) == 20
    with django_assert_num_queries(3):  # savepoint, what is known, release
        assign(titres)
    assert known() == before


@pytest.mark.django_db
def test_a_guess_follows_a_later_dump():
    old, new = page(), page()
    assign([("Mon titre", old.pk)])
    assign([("Mon titre", new.pk), ("Mon titre", old.pk)])
    assert {name: row[0] for name, row in known().items()} == {"MonTitre": new.pk, "MonTitre2": old.pk}


@pytest.mark.django_db
def test_what_is_certain_replaces_guesses_about_the_page_and_about_the_record():
    first, second = page(), page()
    assign([("Mon titre", first.pk), ("Mon titre", second.pk)])
    learn(second, "MonTitre")
    assert known() == {"MonTitre": (second.pk, "fiche", True)}
    learn(first, "MonTitre2")
    assert known() == {"MonTitre": (second.pk, "fiche", True), "MonTitre2": (first.pk, "fiche", True)}


@pytest.mark.django_db
def test_a_guess_never_replaces_what_is_certain():
    first, second = page(), page()
    learn(first, "NomVenuDuJson")
    for entiere in (True, False):
        assign([("Nom venu du JSON", second.pk), ("Mon titre", first.pk)], entiere=entiere)
        assert known()["NomVenuDuJson"] == (first.pk, "fiche", True)
        assert "MonTitre" not in known()


@pytest.mark.django_db
def test_a_page_known_to_be_gone_stays_so_until_it_is_certain_that_it_is_back():
    entree = page()
    gone("MonTitre", "JamaisVue")
    assign([("Mon titre", entree.pk)])
    assert known()["MonTitre"] == (None, "disparue", True)
    learn(entree, "MonTitre")
    assert known()["MonTitre"] == (entree.pk, "fiche", True)


@pytest.mark.parametrize(
    ("query_string", "identifiants"),
    [
        ("MonTitre", "MonTitre!"),
        ("MonTitre/", "MonTitre!"),
        ("MonTitre/edit", "MonTitre!"),
        ("MonTitre/edit&time=2023", "MonTitre!"),
        ("MonTitre%2Fedit", "MonTitre!"),
        ("MonTitre%26vue=consulter", "MonTitre!"),
        ("MonTitre%0A", "MonTitre!"),
        ("MonTitre%C2%A0", "MonTitre!"),
        ("%20MonTitre", "MonTitre!"),
        ("?MonTitre", "MonTitre!"),
        ("&MonTitre", "MonTitre!"),
        ("utm_source=x&MonTitre/edit", "MonTitre"),
        ("wiki%3DMonTitre", "MonTitre!"),
        ("wiki=MonTitre?lang=fr", "MonTitre!"),
        ("wiki=MonTitre/edit&time=2023", "MonTitre!"),
        ("BazaR&id_fiche=MonTitre%20&vue=consulter", "MonTitre! BazaR!"),
        ("MonTitre/a=b", "MonTitre!"),
        ("MonTitre&vue=consulter&id=5", "MonTitre!"),
        ("MonTitre%20", "MonTitre!"),
        ("MonTitre+", "MonTitre!"),
        ("MonTitre?x=y", "MonTitre!"),
        ("MonTitre?x", "MonTitre! x"),
        ("wiki=MonTitre", "MonTitre!"),
        ("wiki=MonTitre/raw", "MonTitre!"),
        ("wiki=montitre", "montitre!"),
        ("lang=fr&wiki=MonTitre", "MonTitre!"),
        ("wiki=Mon-Titre", "Mon-Titre!"),
        ("wiki=%C3%89t%C3%A9%20", "Été!"),
        ("BazaR&vue=consulter&id_fiche=MonTitre", "MonTitre! BazaR!"),
        ("id_fiche=MonTitre&wiki=BazaR", "MonTitre! BazaR!"),
        ("MonTitre=", "MonTitre"),
        ("MonTitre=&utm_source=lettre", "MonTitre"),
        ("%4DonTitre", "MonTitre!"),
        ("utm_source=x&MonTitre", "MonTitre"),
        ("", ""),
        ("utm_source=lettre", ""),
        ("utm_source=MonTitre", ""),
        ("utm_source=MonTitre&utm_medium=", ""),
        ("fbclid=IwAR0AbCd", ""),
        ("q=MonTitre", ""),
        ("q=a%26MonTitre", ""),
        ("Bonjour=", ""),
        ("bonjour", "bonjour"),
        ("Recette", "Recette!"),
        ("MonTitre&Autre&x", "MonTitre! Autre x"),
        ("MonTitre_fichierbf_annexe/download&file=a.pdf", ""),
        ("Mon%00Titre", ""),
        ("MonTitré", ""),
        ("M" * 300, ""),
        ("wiki=", ""),
        ("wiki", "wiki"),
    ],
)
def test_an_old_address_is_told_from_a_parameter(query_string, identifiants):
    """In the order that they are tried in; « ! » marks one that nothing else can be meant by."""
    found = demandes(query_string)
    assert " ".join(f"{demande.identifiant}{'!' if demande.sure else ''}" for demande in found) == identifiants


@pytest.mark.parametrize(
    ("query_string", "identifiants"),
    [("Recette", "Recette!"), ("mon-titre/edit", "mon-titre!"), ("a=b&Recette", "Recette"), ("a=b", ""), ("Nom=", "")],
)
def test_the_old_script_was_asked_for_pages_only(query_string, identifiants):
    found = demandes(query_string, script=True)
    assert " ".join(f"{demande.identifiant}{'!' if demande.sure else ''}" for demande in found) == identifiants


@pytest.mark.django_db
def test_several_pages_are_found_in_one_query(django_assert_num_queries):
    first, second = page(), page()
    learn(first, "SiteWeb")
    learn(second, "SiteweB")
    with django_assert_num_queries(1):
        found = find_all(["SiteWeb", "SiteweB", "siteweb", "Autre", "Été"])
    assert {name: row.entree for name, row in found.items()} == {"SiteWeb": first, "SiteweB": second, "siteweb": first}
    with django_assert_num_queries(0):
        assert find_all([]) == find_all(["Été"]) == {}


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
    assert unglued(identifiant) == text


@pytest.mark.django_db
def test_links_into_the_old_site_become_ours(settings, django_assert_num_queries):
    settings.SITE_URL = "https://labacces.example.org"
    entree = page()
    assign([("Ma recette", entree.pk)])
    ours = f"https://labacces.example.org{entree.get_absolute_url()}"
    texte = (
        "Voir http://labacces.fr/?MaRecette, https://www.labacces.fr/?MaRecette/edit (ou "
        "http://LABACCES.fr/wakka.php?wiki=MaRecette). Puis https://labacces.fr/?wiki=MaRecette&vue=carte#bas.\n"
        "Ailleurs : https://labacces.fr?MaRecette ; inconnue : https://labacces.fr/?AutrePage"
    )
    with django_assert_num_queries(1):
        assert rewrite_texts([texte], SITES)[0] == (
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
        assert rewrite_texts([texte], SITES)[0] == texte


@pytest.mark.django_db
def test_all_the_texts_of_a_page_cost_one_query(django_assert_num_queries, settings):
    one, other = page(), page()
    assign([("Fiche une", one.pk), ("Fiche deux", other.pk)])
    with django_assert_num_queries(1):
        found = rewrite_texts(["http://labacces.fr/?FicheUne", "rien", "http://labacces.fr/?FicheDeux"], SITES)
    addresses = [f"{settings.SITE_URL}{entree.get_absolute_url()}" for entree in (one, other)]
    assert found == [addresses[0], "rien", addresses[1]]


@pytest.mark.django_db
def test_the_wiki_of_a_takeover_is_an_old_site_without_a_word_of_the_operator(read, settings):
    settings.ANCIENS_SITES = []
    linked = ProjetFactory(titre="Fiche une")
    texte = "Voir https://wiki.exemple.bzh/ailleurs/?FicheUne"
    projet, initiative = ProjetFactory(objectifs=texte), factory_of(Initiative)(lien=texte.removeprefix("Voir "))
    assign([("Fiche une", linked.pk)])
    assert not read(projet.get_absolute_url()).all("a", href=f"{settings.SITE_URL}{linked.get_absolute_url()}")
    Origine.objects.create(entree=linked.entree, type="projet", cle="une", site="wiki.exemple.bzh/ailleurs")
    for fiche in (projet, initiative):
        assert read(fiche.get_absolute_url()).all("a", href=f"{settings.SITE_URL}{linked.get_absolute_url()}")


@pytest.mark.django_db
@pytest.mark.parametrize("statut", [Statut.BROUILLON, Statut.A_RELIRE, Statut.RETIREE])
def test_a_link_to_a_record_that_is_not_public_stays(statut):
    assign([("Ma recette", page(statut=statut).pk)])
    assert rewrite_texts(["http://labacces.fr/?MaRecette"], SITES) == ["http://labacces.fr/?MaRecette"]


@pytest.mark.django_db
@pytest.mark.parametrize("site", ["labacces.fr", "https://labacces.fr/", "http://labacces.fr"])
def test_an_old_site_is_named_by_its_host_or_its_address(settings, site):
    entree = page()
    assign([("Fiche une", entree.pk)])
    ours = f"{settings.SITE_URL}{entree.get_absolute_url()}"
    assert rewrite_texts(["https://labacces.fr/?FicheUne"], [site]) == [ours]


def test_without_old_sites_texts_stay():
    assert rewrite_texts(["http://labacces.fr/?MaRecette"], []) == ["http://labacces.fr/?MaRecette"]


# The editors' desk

LIST, ADD, COMPLETION = (
    reverse(f"admin:reprise_ancienidentifiant_{name}") for name in ("changelist", "add", "completion")
)


@pytest.fixture
def desk(client, db):
    """A browser of somebody of the animation."""
    user = UtilisateurFactory()
    user.groups.set(Group.objects.filter(name=ANIMATION))
    client.force_login(user)
    return client


def change(identifiant):
    row = AncienIdentifiant.objects.get(identifiant=identifiant)
    return reverse("admin:reprise_ancienidentifiant_change", args=[row.pk])


def errors(response):
    assert response.status_code == 200
    return " ".join(str(error) for found in response.context["adminform"].form.errors.values() for error in found)


@mostly_long(
    "typed",
    [
        "MonAdresse",
        " MonAdresse ",
        "https://labacces.fr/?MonAdresse",
        "http://labacces.fr/?MonAdresse/edit&time=2023-01-01",
        "https://labacces.fr/wakka.php?lang=fr&wiki=MonAdresse",
        "/?BazaR&vue=consulter&id_fiche=MonAdresse",
    ],
    one_in=3,
)
def test_an_address_added_by_hand_leads_to_its_sheet_whatever_the_takeover_guesses(desk, typed):
    projet, other = ProjetFactory(titre="Mon titre"), ProjetFactory(titre="Mon adresse")
    assign([("Mon titre", projet.pk)])
    assert desk.post(ADD, {"identifiant": typed, "entree": projet.pk, "statut": "fiche"}).status_code == 302
    assign([("Mon titre", projet.pk), ("Mon adresse", other.pk)])
    assert known() == {"MonTitre": (projet.pk, "fiche", False), "MonAdresse": (projet.pk, "fiche", True)}
    for name in ("MonAdresse", "monadresse", "MonTitre"):
        assert desk.get(f"/?{name}")["Location"] == projet.get_absolute_url()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Ce champ est obligatoire."),
        ("Mon-titre", "« Mon-titre » n’est pas un nom de page"),
        ("MonTitré", "« MonTitré » n’est pas un nom de page"),
        ("Mon titre", "« Mon titre » n’est pas un nom de page"),
        ("https://labacces.fr/", "« https://labacces.fr/ » n’est pas un nom de page"),
        ("M" * 192, "n’est pas un nom de page"),
        ("PagePrincipale", "mène toujours à l’accueil"),
        ("pageprincipale", "mène toujours à l’accueil"),
        ("SiteWeb", "« SiteWeb » est déjà pris"),
        ("https://labacces.fr/?SITEWEB", "« SiteWeb » est déjà pris"),
    ],
)
def test_a_name_that_cannot_be_added_says_why(desk, typed, message):
    entree = page()
    learn(entree, "SiteWeb")
    assert message in errors(desk.post(ADD, {"identifiant": typed, "entree": entree.pk, "statut": "fiche"}))
    assert list(known()) == ["SiteWeb"]


@pytest.mark.parametrize(
    ("statut", "with_sheet", "message"),
    [
        ("fiche", False, "Choisissez la fiche où mène cette adresse"),
        ("disparue", True, "Une page disparue ne mène à aucune fiche"),
    ],
)
def test_state_and_sheet_must_agree(desk, statut, with_sheet, message):
    data = {"identifiant": "MonTitre", "entree": page().pk if with_sheet else "", "statut": statut}
    assert message in errors(desk.post(ADD, data))
    assert known() == {}


def test_a_page_is_declared_gone_by_hand(desk):
    assert desk.post(ADD, {"identifiant": "MonTitre", "statut": "disparue"}).status_code == 302
    assert desk.get("/?MonTitre").status_code == 410


def test_a_guess_that_is_corrected_or_confirmed_holds(desk):
    first, second = page(), page()
    assign([("Mon titre", first.pk), ("Autre titre", second.pk)])
    desk.post(change("MonTitre"), {"identifiant": "MonTitre", "entree": second.pk, "statut": "fiche"})
    desk.post(change("AutreTitre"), {"identifiant": "AutreTitre", "entree": second.pk, "statut": "fiche"})
    assert known() == {"MonTitre": (second.pk, "fiche", True), "AutreTitre": (second.pk, "fiche", False)}
    data = {"identifiant": "AutreTitre", "entree": second.pk, "statut": "fiche", "certain": "on"}
    desk.post(change("AutreTitre"), data)
    assert known()["AutreTitre"] == (second.pk, "fiche", True)


def test_of_two_names_that_differ_by_case_alone_each_can_be_corrected(desk):
    first, second, third = page(), page(), page()
    learn(first, "SiteWeb")
    learn(second, "SiteweB")
    data = {"identifiant": "SiteweB", "entree": third.pk, "statut": "fiche", "certain": "on"}
    assert desk.post(change("SiteweB"), data).status_code == 302
    assert find("SiteweB").entree == third


def test_the_list_says_where_each_address_leads(desk):
    shown = ProjetFactory(titre="Été à Dinan ? Oui")
    draft, retired = page(statut=Statut.BROUILLON), page(statut=Statut.RETIREE)
    assign([("Montrée", shown.pk), ("Brouillon", draft.pk), ("Retirée", retired.pk)])
    gone("PageDisparue")
    html = desk.get(LIST).content.decode()
    assert f'<a href="{reverse("admin:projets_projet_change", args=[shown.pk])}">Été à Dinan ? Oui</a>' in html
    for words_ in ("mène à la fiche", "fiche pas encore publiée", "fiche retirée", "page disparue"):
        assert words_ in html
    listed = {
        "etat=publique": {"MontreE"},
        "etat=attente": {"BrouilloN"},
        "etat=disparue": {"RetireE", "PageDisparue"},
        "certain__exact=1": {"PageDisparue"},
        "type=projet": {"MontreE", "BrouilloN", "RetireE"},
        "type=enquete": set(),
        "q=ete+dinan": {"MontreE"},
        "q=Été à Dinan ? Oui": {"MontreE"},
        "q=brouillo": {"BrouilloN"},
        "q=https://labacces.fr/?brouillon/edit": {"BrouilloN"},
    }
    for query, names in listed.items():
        assert {row.identifiant for row in desk.get(f"{LIST}?{query}").context["cl"].result_list} == names, query


@pytest.mark.long
@pytest.mark.parametrize("size", [1, size(20, one_in=4)])
def test_the_list_costs_the_same_whatever_its_size(desk, size, django_assert_num_queries):
    assign([(f"Fiche numéro {number}", page().pk) for number in range(size)])
    desk.get(LIST)
    with django_assert_num_queries(7):  # session, user, two of permissions, two counts, rows
        desk.get(LIST)


def test_a_sheet_is_found_by_its_words_or_its_number(desk):
    found = ProjetFactory(titre="Été solidaire", collectivite="DINAN")
    draft = ProjetFactory(titre="Été secret", collectivite="Rennes", draft=True)
    ProjetFactory(titre="Autre", collectivite="Brest")

    def completed(term):
        return {row["id"]: row["text"] for row in desk.get(COMPLETION, {"term": term}).json()["results"]}

    assert completed("ete") == {
        str(found.pk): f"Été solidaire (Dinan, projet, n° {found.pk})",
        str(draft.pk): f"Été secret (Rennes, projet, n° {draft.pk}, brouillon)",
    }
    assert set(completed("solidaire dinan")) == set(completed(str(found.pk))) == {str(found.pk)}
    assert len(completed("\x00")) == len(completed("")) == 3
    assert completed("9" * 30) == {}


@pytest.mark.django_db
def test_completion_is_for_those_who_may_read_the_list_and_the_sheets(client):
    ProjetFactory()
    assert client.get(COMPLETION).status_code == 302
    user = UtilisateurFactory()
    user.groups.set(Group.objects.filter(name=REDACTION))
    client.force_login(user)
    assert client.get(COMPLETION).status_code == 403
    user.groups.clear()
    user.user_permissions.set(Permission.objects.filter(codename__endswith="_ancienidentifiant"))
    client.force_login(user)  # new rights end the session
    assert client.get(COMPLETION).json()["results"] == []


def test_the_form_names_the_sheet_and_opens_the_old_address(desk):
    projet = ProjetFactory(titre="Mon titre", collectivite="Dinan")
    assign([("Mon titre", projet.pk)])
    html = desk.get(change("MonTitre")).content.decode()
    assert f"Mon titre (Dinan, projet, n° {projet.pk})</option>" in html
    assert 'href="/?MonTitre"' in html
