"""Page names of the old site: made from titles, given in the order of a dump, learnt; links to them."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from reprise.models import AncienIdentifiant, Origine
from reprise.urls_of_old_site import (
    assign,
    demandes,
    find,
    identifiant_yeswiki,
    learn,
    rewrite_texts,
)
from socle.annuaire.models import Entree, Statut
from socle.comptes.roles import ANIMATION, REDACTION
from tests.factories import ProjetFactory, UtilisateurFactory
from tests.reprise.rows import gone


def page(titre="Une fiche", *, statut=Statut.PUBLIEE):
    """An entry of the directory, enough for links to it."""
    number = Entree.objects.count()
    return Entree.objects.create(type="projet", slug=f"fiche-{number}", titre=titre, statut=statut)


def known():
    return {row.identifiant: (row.entree_id, row.statut, row.certain) for row in AncienIdentifiant.objects.all()}


@pytest.mark.parametrize(
    ("titre", "identifiant"),
    [
        ('VILLE-TEST - Guichet "ouvert"', "VilleTestGuichetOuvert"),
        ("BERRIC - Mise en place d'un Portail Familles", "BerricMiseEnPlaceDUnPortailFamilles"),
        ("Cœur de ville, ex æquo", "CoeurDeVilleExAequo"),
        ("Aïd, Noël, Ÿ, ÇA", "AidNoelYCa"),
        ("Portail", "PortaiL"),  # two capitals at least
        ("a", "A"),
        ("Balise MedNum Remix 15/11/24", "BaliseMednumRemix151124"),
        ("L’accès aux droits", "LaccesAuxDroits"),  # a curly apostrophe vanishes, a straight one parts words
        ("« Guichet\u00a0ouvert »", "GuichetouverT"),
        ("Žilina et nous", "ilinaEtNous"),  # HTML 4 has no name for Ž
        ("cafe\u0301 partage\u0301", "CafePartage"),
        ("e-administration_et/ou papier", "EAdministrationEtOuPapier"),
        # From the first 47 characters, blanks and punctuation counted, even within a word.
        ("BON REPOS SUR BLAVET - Solution globale pour fédérer", "BonReposSurBlavetSolutionGlobalePourFe"),
        ("a" + "-" * 45 + "bcd", "AB"),
        ("'- !", ""),
    ],
)
def test_a_title_makes_the_name_that_the_old_site_made(titre, identifiant):
    assert identifiant_yeswiki(titre) == identifiant


@pytest.mark.django_db
def test_names_taken_get_a_number_in_the_order_of_the_dump(django_assert_num_queries):
    first, second, third = page(), page(), page()
    titres = [("Mon titre", first.pk), ("MON-TITRE", second.pk), ("Autre titre", third.pk), ("Mon titre ?", None)]
    assign(titres)
    names = {"MonTitre": first.pk, "MonTitre2": second.pk, "AutreTitre": third.pk}
    assert known() == {name: (pk, "fiche", False) for name, pk in names.items()}
    with django_assert_num_queries(3):  # savepoint, what is known, release
        assign(titres)
    assign([titres[1], titres[0], titres[2]])  # a guess follows a later dump
    assert {name: row[0] for name, row in known().items()} == names | {"MonTitre": second.pk, "MonTitre2": first.pk}


@pytest.mark.django_db
def test_a_record_that_is_not_public_takes_its_name_and_leaves_no_trace():
    public = page()
    assign([("Camille Le Goff", None), ("Camille Le Goff", public.pk)])
    assert known() == {"CamilleLeGoff2": (public.pk, "fiche", False)}


@pytest.mark.django_db
def test_a_page_is_found_whatever_the_case_of_its_name(django_assert_num_queries):
    entree = page()
    assign([("L’accès aux droits", entree.pk), ("Recette", entree.pk)])
    for address in ("LaccesAuxDroits", "LAccesAuxDroits", "laccesauxdroits", "RecettE", "Recette"):
        with django_assert_num_queries(1):
            assert find(address).entree == entree, address


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
        ("MonTitre/edit&time=2023", "MonTitre!"),
        ("MonTitre%2Fedit", "MonTitre!"),
        ("MonTitre%26vue=consulter", "MonTitre!"),
        ("MonTitre%C2%A0", "MonTitre!"),
        ("?MonTitre", "MonTitre!"),
        ("&MonTitre", "MonTitre!"),
        ("utm_source=x&MonTitre/edit", "MonTitre"),
        ("wiki%3DMonTitre", "MonTitre!"),
        ("wiki=MonTitre?lang=fr", "MonTitre!"),
        ("lang=fr&wiki=MonTitre/edit&time=2023", "MonTitre!"),
        ("BazaR&id_fiche=MonTitre%20&vue=consulter", "MonTitre! BazaR!"),
        ("MonTitre/a=b", "MonTitre!"),
        ("MonTitre+", "MonTitre!"),
        ("MonTitre?x=y", "MonTitre!"),
        ("MonTitre?x", "MonTitre! x"),
        ("wiki=Mon-Titre", "Mon-Titre!"),
        ("wiki=%C3%89t%C3%A9%20", "Été!"),
        ("MonTitre=&utm_source=lettre", "MonTitre"),
        ("%4DonTitre", "MonTitre!"),
        ("", ""),
        ("utm_source=MonTitre&utm_medium=", ""),
        ("fbclid=IwAR0AbCd", ""),
        ("q=a%26MonTitre", ""),
        ("Bonjour=", ""),
        ("bonjour", "bonjour"),
        ("MonTitre&Autre&x", "MonTitre! Autre x"),
        ("MonTitre_fichierbf_annexe/download&file=a.pdf", ""),
        ("Mon%00Titre", ""),
        ("M" * 300, ""),
        ("wiki=", ""),
    ],
)
def test_an_old_address_is_told_from_a_parameter(query_string, identifiants):
    """In the order of the attempts; « ! » marks names that can mean nothing else."""
    found = demandes(query_string)
    assert " ".join(f"{demande.identifiant}{'!' if demande.sure else ''}" for demande in found) == identifiants


@pytest.mark.django_db
@pytest.mark.parametrize("site", ["labacces.fr", "https://labacces.fr/"])
def test_links_into_the_old_site_become_ours_in_one_query(settings, django_assert_num_queries, site):
    settings.SITE_URL = "https://labacces.example.org"
    entree = page()
    states = (Statut.BROUILLON, Statut.A_RELIRE, Statut.RETIREE)
    hidden = [(f"Fiche {statut}", page(statut=statut).pk) for statut in states]
    assign([("Ma recette", entree.pk), *hidden])
    ours = f"https://labacces.example.org{entree.get_absolute_url()}"
    texte = (
        "Voir http://labacces.fr/?MaRecette, https://www.labacces.fr/?MaRecette/edit (ou "
        "http://LABACCES.fr/wakka.php?wiki=MaRecette). Puis https://labacces.fr/?wiki=MaRecette&vue=carte#bas.\n"
        "Ailleurs : https://labacces.fr?MaRecette ; inconnue : https://labacces.fr/?AutrePage"
    )
    not_public = [f"https://labacces.fr/?{identifiant_yeswiki(titre)}" for titre, _ in hidden]
    with django_assert_num_queries(1):
        assert rewrite_texts([texte, "rien", *not_public], [site, "www.labacces.fr"]) == [
            f"Voir {ours}, {ours} (ou {ours}). Puis {ours}.\n"
            f"Ailleurs : {ours} ; inconnue : https://labacces.fr/?AutrePage",
            "rien",
            *not_public,
        ]


@pytest.mark.django_db
def test_other_addresses_stay_and_cost_no_query(django_assert_num_queries):
    texts = ["", "Sans lien ?", "https://labacces.fr.exemple.bzh/?MaRecette", "https://pas-labacces.fr/?MaRecette"]
    texts += ["https://labacces.fr/?utm_source=MaRecette", "https://labacces.fr/files/MaRecette.pdf", "labacces.fr/?"]
    with django_assert_num_queries(0):
        assert rewrite_texts(texts, ["labacces.fr"]) == texts


@pytest.mark.django_db
def test_the_wiki_of_a_takeover_is_an_old_site_without_a_word_of_the_operator(read, settings):
    settings.ANCIENS_SITES = []
    linked = ProjetFactory(titre="Fiche une")
    projet = ProjetFactory(objectifs="Voir https://wiki.exemple.bzh/ailleurs/?FicheUne")
    assign([("Fiche une", linked.pk)])
    ours = f"{settings.SITE_URL}{linked.get_absolute_url()}"
    assert not read(projet.get_absolute_url()).all("a", href=ours)
    Origine.objects.create(entree=linked.entree, type="projet", cle="une", site="wiki.exemple.bzh/ailleurs")
    assert read(projet.get_absolute_url()).all("a", href=ours)


# The editors' desk

LIST, ADD, COMPLETION = (
    reverse(f"admin:reprise_ancienidentifiant_{name}") for name in ("changelist", "add", "completion")
)


@pytest.fixture
def desk(client, db):
    """A browser of somebody of the group animation."""
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


@pytest.mark.parametrize(
    "typed", [" MonAdresse ", "https://labacces.fr/wakka.php?lang=fr&wiki=MonAdresse", "/?BazaR&id_fiche=MonAdresse"]
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
        ("MonTitré", "« MonTitré » n’est pas un nom de page"),
        ("https://labacces.fr/", "« https://labacces.fr/ » n’est pas un nom de page"),
        ("M" * 192, "n’est pas un nom de page"),
        ("pageprincipale", "mène toujours à l’accueil"),
        ("https://labacces.fr/?SITEWEB", "« SiteWeb » est déjà pris"),
    ],
)
def test_a_name_that_cannot_be_added_says_why(desk, typed, message):
    entree = page()
    learn(entree, "SiteWeb")
    assert message in errors(desk.post(ADD, {"identifiant": typed, "entree": entree.pk, "statut": "fiche"}))
    assert list(known()) == ["SiteWeb"]


def test_a_page_is_declared_gone_by_hand_and_its_state_and_sheet_must_agree(desk):
    data = {"identifiant": "MonTitre", "statut": "fiche"}
    assert "Choisissez la fiche où mène cette adresse" in errors(desk.post(ADD, data))
    data["statut"] = "disparue"
    assert "Une page disparue ne mène à aucune fiche" in errors(desk.post(ADD, data | {"entree": page().pk}))
    assert known() == {}
    assert desk.post(ADD, data).status_code == 302
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
