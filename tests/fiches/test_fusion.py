"""Two records made one: what is picked, what follows, where addresses lead, what the old site says next, undoing."""

import pytest
from django.contrib.admin import helpers
from django.urls import reverse
from django.utils import timezone

from fiches import registre
from fiches.initiatives.models import Initiative
from fiches.initiatives.reprise import InitiativeReprise
from fiches.models import AncienIdentifiant, Contact
from fiches.podcast.models import Episode
from fiches.suivi.fusion import DEUX, GARDEE, PERDUE, FusionImpossible, differing, merge, undo
from fiches.suivi.models import Anomalie, Conflit, Ecartee, Fusion, Origine
from participants.inscriptions.models import Inscription
from projets.models import Annexe, Projet
from reprise.lecture import Champ, Lecture, Lue
from reprise.sauvegarde import save_lecture
from socle.annuaire.models import Entree, Statut
from socle.comptes.roles import REDACTION
from tests.comptes.test_droits import address, member
from tests.conftest import PageLue, spread
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory, factory_of
from tests.factories.participants import EvenementFactory, InscriptionFactory
from tests.fiches.tableur import full

pytestmark = pytest.mark.django_db
TYPES = {declaration.cle: declaration for declaration in registre.types()}
every_type = pytest.mark.parametrize("declaration", spread(TYPES.values(), one_in=3), ids=lambda one: one.cle)


@pytest.fixture
def pair(places):
    """Two sheets on one project, with all that may hang on a sheet."""
    kept = ProjetFactory(titre="DINAN - Portail", description="Un portail", themes=[ThemeFactory(nom="Accueil")])
    lost = ProjetFactory(
        titre="DINAN - Portail des familles",
        description="Un portail pour les familles",
        montant_eur=15000,
        themes=[ThemeFactory(nom="Famille")],
    )
    lost.slug = "portail-des-familles"
    lost.save()
    Contact.objects.create(entree=lost.entree, nom="Loeiza", courriel="loeiza@exemple.bzh")
    Contact.objects.create(entree=lost.entree, nom="Awena")
    Contact.objects.create(entree=kept.entree, nom="Awena")
    AncienIdentifiant.objects.create(identifiant="DinanPortail2", entree=lost.entree, certain=True)
    Anomalie.objects.create(entree=lost.entree, type="lien_vide", empreinte="a")
    Anomalie.objects.create(entree=kept.entree, type="doublon_probable", texte=lost.titre, empreinte="b")
    Annexe.objects.create(projet=lost, titre="Convention")
    kept.refresh_from_db()
    return kept, Projet.objects.get(pk=lost.pk)


def test_what_is_picked_goes_to_the_kept_record_in_one_version(pair):
    kept, lost = pair
    choix = {champ.nom: champ.choix for champ in differing(kept, lost)}
    assert choix["montant_eur"] == PERDUE  # the kept one had none
    assert (choix["titre"], choix["themes"]) == (GARDEE, DEUX)
    versions, text = kept.history.count(), lost.description
    anne = UtilisateurFactory()
    merge(kept, lost, choix | {"description": DEUX}, user=anne)
    kept, lost = Projet.objects.get(pk=kept.pk), Projet.objects.get(pk=lost.pk)
    assert kept.description == "Un portail\n\nUn portail pour les familles"
    assert (kept.titre, kept.montant_eur) == ("DINAN - Portail", 15000)
    assert sorted(theme.nom for theme in kept.themes.all()) == ["Accueil", "Famille"]
    assert kept.history.count() == versions + 1
    assert kept.history.first().history_user == anne
    assert kept.history.first().history_change_reason == f"Fusion avec la fiche {lost.pk}"
    # Nothing of the other is lost: its text stays, withdrawn, with its history.
    assert (lost.statut, lost.description) == (Statut.RETIREE, text)
    assert lost.history.first().history_change_reason == f"Fusionnée dans la fiche {kept.pk}"
    assert [fiche.pk for fiche in Projet.objects.published().search("familles")] == [kept.pk]


def test_every_address_of_the_lost_record_leads_to_the_kept_one(client, pair):
    kept, lost = pair
    old = [f"/projets/{slug}/" for slug in ("portail-des-familles", "dinan-portail-des-familles")]
    merge(kept, lost, {})
    for target in (*old, f"/p/{lost.pk}", "/?DinanPortail2"):
        response = client.get(target)
        assert response.status_code == 301, target
        assert client.get(response["Location"], follow=True).request["PATH_INFO"] == kept.get_absolute_url()


def test_a_record_merged_twice_leads_to_the_last_one(client, pair):
    kept, lost = pair
    merge(kept, lost, {})
    last = ProjetFactory(titre="Le dernier")
    merge(last, Projet.objects.get(pk=kept.pk), {})
    for pk in (kept.pk, lost.pk):
        assert client.get(f"/p/{pk}")["Location"] == last.get_absolute_url()
    assert client.get("/projets/portail-des-familles/")["Location"] == last.get_absolute_url()


def test_all_that_hung_on_the_lost_record_follows(pair):
    kept, lost = pair
    later = ProjetFactory(titre="Rapport V2", remplace=lost)
    merge(kept, lost, {})
    assert sorted(kept.entree.contacts.values_list("nom", flat=True)) == ["Awena", "Loeiza"]
    assert kept.annexes.count() == 1
    assert Anomalie.objects.get(type="lien_vide").entree_id == kept.pk
    assert Anomalie.objects.get(type="doublon_probable").reglee_le
    later.refresh_from_db()
    assert later.remplace_id == kept.pk
    assert "fusionnée" in later.history.first().history_change_reason


@pytest.mark.parametrize("way", [1, -1])
def test_two_versions_of_one_sheet_do_not_replace_themselves(pair, way):
    kept, lost = pair[::way]
    first = ProjetFactory(titre="La première")
    Projet.objects.filter(pk=lost.pk).update(remplace=first)
    Projet.objects.filter(pk=kept.pk).update(remplace=lost)
    kept, lost = (Projet.objects.get(pk=fiche.pk) for fiche in (kept, lost))
    merge(kept, lost, {"remplace": GARDEE})
    kept.refresh_from_db()
    assert kept.remplace_id == first.pk
    # By a third, neither can be decided here.
    third = ProjetFactory(titre="La troisième", remplace=kept)
    other = ProjetFactory(titre="La quatrième", remplace=third)
    with pytest.raises(FusionImpossible, match="troisième"):
        merge(Projet.objects.get(pk=kept.pk), other, {})
    with pytest.raises(FusionImpossible, match="troisième"):
        merge(other, Projet.objects.get(pk=kept.pk), {})


def test_registrations_follow_their_event():
    kept, lost = EvenementFactory(titre="Balise"), EvenementFactory(titre="Balise bis")
    row = InscriptionFactory(evenement=lost)
    InscriptionFactory(evenement=kept)
    merge(kept, lost, {})
    assert Inscription.objects.filter(evenement=kept).count() == 2
    undo(Fusion.objects.get())
    row.refresh_from_db()
    assert row.evenement_id == lost.pk
    assert Inscription.objects.filter(evenement=kept).count() == 1


def test_a_merged_word_is_a_form_of_the_kept_one():
    make = factory_of(TYPES["terme"].model)
    kept, lost = (
        make(titre="Non-recours", variantes="nonrecours"),
        make(titre="Non recours", variantes="NONRECOURS\ntaux"),
    )
    merge(kept, lost, {})
    kept.refresh_from_db()
    assert kept.variantes.splitlines() == ["nonrecours", "Non recours", "taux"]


@every_type
def test_any_two_records_of_a_type_are_merged_and_parted(places, declaration):
    kept = full(declaration)
    lost = factory_of(declaration.model)(titre="L’autre")
    lost = declaration.model.objects.get(pk=lost.pk)
    before = {field.attname: getattr(kept, field.attname) for field in kept._meta.concrete_fields}
    merge(kept, lost, {champ.nom: PERDUE for champ in differing(kept, lost)})
    assert declaration.model.objects.get(pk=kept.pk).titre == "L’autre"
    parted, restored = undo(Fusion.objects.get())
    assert restored
    assert (parted.pk, parted.statut) == (lost.pk, Statut.PUBLIEE)
    kept = declaration.model.objects.get(pk=kept.pk)
    after = {name: getattr(kept, name) for name in before}
    # An event of which the date moved and moved back has been changed twice for calendars.
    changing = {"version", "modifiee_le", "slug", "sequence", "sequence_annoncee"}
    assert {name for name in before if before[name] != after[name]} <= changing
    for field in kept._meta.many_to_many:
        assert getattr(kept, field.name).count() == (1 if field.name == "themes" else 2)


def test_undoing_takes_all_of_it_back(client, pair):
    kept, lost = pair
    where = lost.get_absolute_url()
    merge(kept, lost, {"description": PERDUE, "themes": DEUX})
    undo(Fusion.objects.get())
    kept, lost = Projet.objects.get(pk=kept.pk), Projet.objects.get(pk=lost.pk)
    assert kept.description == "Un portail"
    assert lost.get_absolute_url() == where
    assert client.get(where).status_code == 200
    assert (lost.annexes.count(), kept.annexes.count()) == (1, 0)
    assert lost.entree.contacts.count() == 2
    assert AncienIdentifiant.objects.get().entree_id == lost.pk
    assert not Entree.objects.exclude(fusionnee_dans=None).exists()


def test_undoing_leaves_open_what_was_to_settle_and_writes_one_version(pair):
    kept, lost = pair
    merge(kept, lost, {"themes": DEUX})
    versions = kept.history.count()
    undo(Fusion.objects.get())
    assert {(row.type, row.entree_id) for row in Anomalie.objects.open()} == {
        ("lien_vide", lost.pk),
        ("doublon_probable", kept.pk),
    }
    assert kept.history.count() == versions + 1


def test_undoing_opens_again_the_conflicts_that_nobody_decided(taken):
    kept, lost = taken
    undo(Fusion.objects.get())
    assert not Conflit.objects.exists()  # what the merge had decided of the two texts
    kept, lost = Projet.objects.get(pk=kept.pk), Projet.objects.get(pk=lost.pk)
    for fiche in (kept, lost):
        Conflit.objects.create(entree=fiche.entree, champ="description", ici="", ancien_site=fiche.titre)
    merge(kept, lost, {})
    assert Conflit.objects.open().get().entree_id == kept.pk
    undo(Fusion.objects.get())
    assert {row.entree_id: row.ancien_site for row in Conflit.objects.all()} == {
        kept.pk: kept.titre,
        lost.pk: lost.titre,
    }
    assert Conflit.objects.open().count() == 2


def test_a_merge_into_a_record_that_was_merged_itself_is_undone_after_that_one(client, anne, pair):
    kept, lost = pair
    merge(kept, lost, {})
    last = ProjetFactory()
    merge(last, Projet.objects.get(pk=kept.pk), {})
    page = client.post(reverse("admin:projets_projet_defaire", args=[lost.pk]), follow=True).content.decode()
    assert "Défaites d’abord" in page
    for fiche in (kept, lost):
        undo(Fusion.objects.get(perdue=fiche.pk))
    assert Projet.objects.get(pk=lost.pk).entree.contacts.count() == 2
    assert (kept.entree.contacts.count(), last.entree.contacts.count()) == (1, 0)


def test_what_the_lost_record_lacks_is_not_filled_by_the_other_while_they_part():
    kept, lost = (factory_of(Initiative)(lien=lien) for lien in ("https://exemple.bzh/", ""))
    Anomalie.objects.create(entree=lost.entree, type="lien_vide", champ=next(iter(InitiativeReprise.liens)))
    merge(kept, lost, {})
    undo(Fusion.objects.get())
    assert Anomalie.objects.open().get().entree_id == lost.pk


def test_undoing_leaves_what_was_written_since(pair):
    kept, lost = pair
    merge(kept, lost, {"description": PERDUE})
    kept = Projet.objects.get(pk=kept.pk)
    kept.objectifs = "Depuis"
    kept.save()
    _, restored = undo(Fusion.objects.get())
    kept.refresh_from_db()
    assert not restored
    assert (kept.objectifs, kept.description) == ("Depuis", "Un portail pour les familles")


def test_nothing_is_merged_that_has_changed_or_is_merged_already(pair):
    kept, lost = pair
    stale = Projet.objects.get(pk=lost.pk)
    lost.save()
    with pytest.raises(FusionImpossible, match="changé"):
        merge(kept, stale, {})
    with pytest.raises(FusionImpossible, match="changé"):
        merge(kept, kept, {})
    merge(kept, Projet.objects.get(pk=lost.pk), {})
    kept, lost = Projet.objects.get(pk=kept.pk), Projet.objects.get(pk=lost.pk)
    with pytest.raises(FusionImpossible, match="déjà"):
        merge(kept, lost, {})


# What the old site says next


def dump(*sheets, format="texte"):
    """A takeover of projects: (title, description)."""
    lues = [
        Lue("projet", titre, 10 * n, 10 * n + 5, {label: Champ(label, text, 10 * n) for label, text in champs.items()})
        for n, (titre, text) in enumerate(sheets, start=1)
        for champs in [{"Nom de la collectivité": "DINAN", "Description synthétique du projet": text}]
    ]
    return save_lecture(Lecture(fiches=lues, anomalies=[], lignes={}, format=format))


def counts(report):
    return {key: number for key, number in report.fiches["projet"].items() if number}


TWO = (("DINAN - Portail", "Un portail"), ("DINAN - Portail bis", "Un autre portail"))


@pytest.fixture
def taken(places):
    dump(*TWO)
    kept, lost = Projet.objects.order_by("pk")
    merge(kept, lost, {})
    return Projet.objects.get(pk=kept.pk), lost


def test_the_next_takeover_makes_no_second_record_and_changes_nothing(taken):
    kept, lost = taken
    for _ in range(2):
        assert counts(dump(*TWO)) == {"lues": 2, "inchangees": 2}
    assert Projet.objects.count() == 2
    assert Projet.objects.get(pk=kept.pk).version == kept.version
    assert Origine.objects.count() == 2
    assert not Ecartee.objects.exists()
    assert not Conflit.objects.open().exists()
    assert Projet.objects.get(pk=lost.pk).statut == Statut.RETIREE


def test_what_the_old_site_changes_in_the_kept_sheet_comes_in(taken):
    kept, _ = taken
    assert counts(dump(("DINAN - Portail", "Un portail agrandi"), TWO[1])) == {
        "lues": 2,
        "modifiees": 1,
        "inchangees": 1,
    }
    kept.refresh_from_db()
    assert kept.description == "Un portail agrandi"


def test_what_the_old_site_changes_in_the_lost_sheet_is_a_conflict_of_the_kept_one(taken):
    kept, lost = taken
    changed = (TWO[0], ("DINAN - Portail bis", "Encore un autre"))
    for _ in range(2):
        assert counts(dump(*changed)) == {"lues": 2, "conflits": 1, "inchangees": 1}
    conflit = Conflit.objects.open().get()
    assert (conflit.entree_id, conflit.champ, conflit.ancien_site) == (kept.pk, "description", "Encore un autre")
    assert Projet.objects.get(pk=lost.pk).description == "Un autre portail"
    assert Projet.objects.count() == 2


@pytest.mark.parametrize("merged", [True, False])
def test_a_text_that_lacks_the_addresses_of_links_opens_nothing_that_was_decided(places, merged):
    told = (TWO[0], ("DINAN - Portail bis", "Un autre portail (https://exemple.bzh/autre)"))
    dump(*told, format="json")
    kept, lost = Projet.objects.order_by("pk")
    if merged:
        merge(kept, lost, {})
    else:
        lost.description = "Le nôtre"
        lost.save()
        dump(*told, format="json")
        Conflit.objects.open().update(regle_le=timezone.now())
    for format in ("texte", "json", "texte"):
        sheets = TWO if format == "texte" else told
        assert counts(dump(*sheets, format=format)) == {"lues": 2, "inchangees": 2}, format
    assert not Conflit.objects.open().exists()


def test_a_text_that_lacks_the_full_names_of_files_opens_nothing_that_was_decided():
    def take(format, *names):
        champs = [
            {"Fichier": Champ("Fichier", nom, 1), "Texte long": Champ("Texte long", "Un son", 2)} for nom in names
        ]
        lues = [Lue("episode", f"Épisode {n}", n, n, said) for n, said in enumerate(champs)]
        return save_lecture(Lecture(fiches=lues, anomalies=[], lignes={}, format=format)).fiches["episode"]

    take("json", *(f"Episode{n}_fichierbf_fichier_Son_{n}_20211118030006_20211118030006.mp3" for n in (1, 2)))
    merge(*Episode.objects.order_by("pk"), {})
    assert take("texte", "Son_1.mp3", "Son_2.mp3")["conflits"] == 0
    assert not Conflit.objects.open().filter(champ="nom_origine").exists()


def test_a_sheet_written_here_and_merged_is_found_by_its_title_on_the_old_site(places):
    dump(TWO[0])
    kept = Projet.objects.get()
    lost = ProjetFactory(titre="DINAN - Portail bis", collectivite="DINAN", description="Un portail")
    merge(kept, lost, {})
    dump(*TWO)
    assert Projet.objects.count() == 2
    assert Origine.objects.get(pk=kept.pk).cle == "dinan - portail"
    assert counts(dump(*TWO))["lues"] == 2
    assert Projet.objects.count() == 2


# At the desk


@pytest.fixture
def anne(client):
    user = UtilisateurFactory(is_superuser=True, first_name="Anne")
    client.force_login(user)
    return user


def act(client, *fiches):
    data = {"action": "merge_two", helpers.ACTION_CHECKBOX_NAME: [fiche.pk for fiche in fiches]}
    return client.post(address(Projet, "changelist"), data, follow=True)


def test_two_sheets_are_chosen_compared_field_by_field_merged_and_parted(client, anne, pair):
    kept, lost = pair
    page = PageLue(response := act(client, kept, lost))
    where = response.request["PATH_INFO"]
    picked = {
        field["name"]: field["value"] for field in page.all("input", type="radio") if "checked" in field.attributes
    }
    assert picked["champ-montant_eur"] == "perdue"
    assert "Un portail pour les familles" in page.text
    hidden = {field["name"]: field["value"] for field in page.all("input", type="hidden")}
    response = client.post(where, hidden | picked | {"champ-description": "perdue"}, follow=True)
    assert "n’en font plus qu’une" in response.content.decode()
    kept.refresh_from_db()
    assert (kept.description, kept.montant_eur) == ("Un portail pour les familles", 15000)
    form = client.get(address(Projet, "change", lost.pk)).content.decode()
    assert "Cette fiche a été fusionnée dans" in form
    undone = reverse("admin:projets_projet_defaire", args=[lost.pk])
    assert undone in form
    assert client.get(undone).status_code == 405
    assert "de nouveau séparées" in client.post(undone, follow=True).content.decode()
    assert client.post(undone).status_code == 404


def test_a_sheet_saved_meanwhile_is_shown_again_and_nothing_is_merged(client, anne, pair):
    kept, lost = pair
    data = {"gardee": kept.pk, "perdue": lost.pk, "version_gardee": kept.version, "version_perdue": lost.version}
    kept.save()
    page = PageLue(client.post(address(Projet, "fusionner"), data))
    assert "Rien n’a été changé" in page.alert
    assert not Fusion.objects.exists()


def test_an_anomaly_of_a_probable_double_leads_to_its_twin(client, anne, places):
    dump(TWO[0], TWO[0])
    first, second = Projet.objects.order_by("pk")
    anomalie = Anomalie.objects.get(type="doublon_probable")
    page = PageLue(client.get(f"/admin/suivi/anomalie/{anomalie.pk}/change/"))
    (link,) = [a for a in page.all("a") if "comparer et fusionner" in a.text]
    assert PageLue(client.get(link["href"])).one("input", name="gardee")["value"] == str(first.pk)
    assert anomalie.entree_id == second.pk


def test_one_or_three_sheets_are_not_merged(client, anne, pair):
    third = ProjetFactory()
    for fiches in (pair[:1], (*pair, third)):
        assert "Choisissez deux fiches" in act(client, *fiches).content.decode()


@pytest.mark.parametrize(
    "query", ["", "?gardee=1&perdue=1", "?gardee=a&perdue=2", f"?gardee=1&perdue={'9' * 30}", "?gardee=²"]
)
def test_an_address_typed_by_hand_is_a_404(client, anne, query):
    assert client.get(address(Projet, "fusionner") + query).status_code == 404


def test_rédaction_merges_and_parts_nothing(client, pair):
    kept, lost = pair
    client.force_login(member(REDACTION))
    query = f"?gardee={kept.pk}&perdue={lost.pk}"
    assert client.get(address(Projet, "fusionner") + query).status_code == 403
    assert client.post(address(Projet, "fusionner") + query).status_code == 403
    merge(kept, lost, {})
    assert client.post(reverse("admin:projets_projet_defaire", args=[lost.pk])).status_code == 403
