"""The editors' desk for projects: form, list, figures, actions."""

from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fiches.attached import Contact
from projets.models import Annexe, Projet
from socle.annuaire.models import Entree, Statut
from socle.territoires.models import Region
from socle.territoires.place_names import BRETAGNE
from tests.conftest import PageLue, as_read
from tests.factories import CommuneFactory, DepartementFactory, ProjetFactory, ThemeFactory, UtilisateurFactory
from tests.projets.formulaire import change_url, posted
from tests.sampling import size

pytestmark = pytest.mark.django_db
LISTE = "/admin/projets/projet/"


def titles(response):
    return sorted(projet.titre for projet in response.context["cl"].result_list)


def act(client, action, *projets, address=LISTE, follow=True, **data):
    """Carry out an action on a list; those that change a state, past the page that asks whether to."""
    sure = {"appliquer": "oui"} if action in ("publish", "withdraw", "to_review") else {}
    data = {"action": action, "index": "0", "_selected_action": [projet.pk for projet in projets]} | sure | data
    return client.post(address, data, follow=follow)


def said(response):
    return [str(message) for message in response.context["messages"]]


# The form


def test_the_form_follows_the_order_of_the_sheet(client, anne):
    response = client.get(change_url(ProjetFactory()))
    names = [field for fieldset in response.context["adminform"] for line in fieldset for field in line.fields]
    assert names[:11] == [
        *("titre", "collectivite", "departement", "intercommunalite", "commune", "description", "objectifs"),
        *("montant_eur", "montant_source", "suivi", "engagements"),
    ]


def test_a_new_sheet_is_asked_nothing_of_the_old_site_and_bretagne_comes_first(client, anne):
    DepartementFactory(code="01", region__code="84")
    DepartementFactory(code="29", region__code=BRETAGNE)
    page = PageLue(client.get("/admin/projets/projet/add/"))
    names = {field.attributes.get("name") for field in page.all("input")}
    assert "montant_eur" in names
    assert not [name for name in names if name and ("montant_source" in name or "nom_origine" in name)]
    codes = [option.attributes["value"] for option in page.one("select", name="departement").all("option")]
    assert codes == ["", "29", "01"]


@pytest.mark.long
def test_an_address_that_cannot_be_is_another_and_that_is_said(client, anne):
    projet = ProjetFactory(titre="Un portail")
    response = client.post(change_url(projet), posted(client, projet, slug="carte"), follow=True)
    projet.refresh_from_db()
    assert projet.slug != "carte"
    why = "« carte » est prise ou réservée."
    assert f"Son adresse est « {projet.slug} » : {why}" in said(response)


def test_a_save_is_one_version_with_its_themes_entry_index_and_author(client, anne):
    projet, theme = ProjetFactory(), ThemeFactory(nom="Portail famille")
    typed = posted(client, projet, titre="Cimetière numérique", slug="tout-neuf", themes=[theme.pk])
    assert client.post(change_url(projet), typed).status_code == 302
    assert projet.history.count() == 2
    version = projet.history.order_by("-history_id").first()
    assert (version.history_user, version.version, version.titre) == (anne, 2, "Cimetière numérique")
    assert [row.theme_id for row in version.themes.all()] == [theme.pk]
    entree = Entree.objects.get(pk=projet.pk)
    assert (entree.titre, entree.slug) == ("Cimetière numérique", "tout-neuf")
    assert list(Projet.objects.search("cimetieres")) == [projet]


def test_a_new_sheet_is_one_version_and_has_its_persons(client, anne):
    data = posted(client, titre="Portail", description="Un portail pour les familles", statut="publiee")
    data |= {"contacts-TOTAL_FORMS": "1", "contacts-0-role": "referent", "contacts-0-nom": "Maëlle Riou"}
    assert client.post("/admin/projets/projet/add/", data).status_code == 302
    projet = Projet.objects.get()
    assert [(row.history_type, row.version) for row in projet.history.all()] == [("+", 1)]
    assert Contact.objects.get().entree == projet.entree


@pytest.mark.long
def test_saving_a_form_as_it_was_changes_nothing(client, anne):
    projet = ProjetFactory(description="Un texte\nsur deux lignes", montant_eur=Decimal("1234.50"), departement_id="22")
    data = posted(client, projet)
    data["description"] = data["description"].replace("\n", "\r\n")  # as browsers do
    assert client.post(change_url(projet), data).status_code == 302
    before = projet.modifiee_le
    projet.refresh_from_db()
    assert (projet.history.count(), projet.version, projet.modifiee_le) == (1, 1, before)
    assert not LogEntry.objects.exists()


def test_an_amount_is_typed_as_people_write_it_or_kept_as_typed_with_how_to_write_it(client, anne):
    projet = ProjetFactory(montant_eur=Decimal("7.50"), departement_id="22")
    assert posted(client, projet)["montant_eur"] == "7,50"
    for typed, kept in (("20\u202f000,50\u00a0€", Decimal("20000.50")), ("", None)):
        assert client.post(change_url(projet), posted(client, projet, montant_eur=typed)).status_code == 302
        projet.refresh_from_db()
        assert projet.montant_eur == kept
    refused = client.post(change_url(projet), posted(client, projet, montant_eur="environ 3 000")).content.decode()
    assert "Écrivez un montant en chiffres" in refused
    assert 'value="environ 3 000"' in refused


@pytest.mark.long
def test_chosen_themes_stay_until_they_are_all_taken_away(client, anne):
    automatique, choisi = ThemeFactory(mots_cles="portail"), ThemeFactory()
    projet = ProjetFactory(titre="Portail")
    assert list(projet.themes.all()) == [automatique]

    client.post(change_url(projet), posted(client, projet, objectifs="Un portail"))
    projet.refresh_from_db()
    assert projet.themes_automatiques

    client.post(change_url(projet), posted(client, projet, themes=[choisi.pk]))
    client.post(change_url(projet), posted(client, projet, objectifs="Deux portails, un portail"))
    projet.refresh_from_db()
    assert (list(projet.themes.all()), projet.themes_automatiques) == ([choisi], False)

    client.post(change_url(projet), posted(client, projet, themes=[]))
    projet.refresh_from_db()
    assert (list(projet.themes.all()), projet.themes_automatiques) == ([automatique], True)


def test_persons_are_edited_with_the_sheet_and_their_names_are_logged_nowhere(client, anne):
    projet = ProjetFactory()
    contact = Contact.objects.create(entree=projet.entree, nom="Maëlle Riou", courriel="m.riou@exemple.bzh")
    data = posted(client, projet)
    assert data["contacts-0-nom"] == "Maëlle Riou"
    data |= {"contacts-0-telephone": "02 97 00 00 00", "contacts-TOTAL_FORMS": "2", "contacts-1-role": "auteur"}
    data |= {"contacts-1-nom": "Ewen Le Bras"}
    assert client.post(change_url(projet), data).status_code == 302
    contact.refresh_from_db()
    assert contact.telephone == "02 97 00 00 00"
    assert Contact.objects.get(nom="Ewen Le Bras").entree == projet.entree
    assert projet.history.count() == 1
    assert "Riou" not in LogEntry.objects.get().change_message
    assert "Bras" not in LogEntry.objects.get().change_message

    data = posted(client, projet) | {"contacts-0-DELETE": "on"}
    client.post(change_url(projet), data)
    assert Contact.objects.count() == 1


@pytest.mark.long
def test_a_joined_file_is_for_editors_only(client, anne):
    projet = ProjetFactory()
    data = posted(client, projet) | {"annexes-TOTAL_FORMS": "1", "annexes-0-titre": "Devis"}
    data["annexes-0-fichier"] = SimpleUploadedFile("devis.csv", b"<script>")
    assert client.post(change_url(projet), data).status_code == 302
    address = reverse("admin:projets_projet_annexe", args=[projet.pk, Annexe.objects.get().pk])
    assert address in client.get(change_url(projet)).content.decode()
    response = client.get(address)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response.getvalue() == b"<script>"
    client.logout()
    assert client.get(address).status_code == 302


@pytest.mark.long
@pytest.mark.parametrize(
    ("there", "more"), [(False, {"montant_eur": "1000"}), (True, {"description": "Un portail pour les familles"})]
)
def test_publishing_a_title_alone_asks_first_and_loses_nothing_typed(client, anne, there, more):
    projet = ProjetFactory(draft=True) if there else None
    address = change_url(projet) if there else "/admin/projets/projet/add/"
    data = posted(client, projet, titre="Portail", collectivite="Berric", statut="publiee")
    page = PageLue(client.post(address, data))
    assert "sans description, sans objectifs" in page.one(class_="demande").text
    assert page.one("input", name="collectivite")["value"] == "Berric"
    assert not Projet.objects.published().exists()
    assert "Voir sur le site" not in page.text
    kept = client.post(address, data | more)
    assert kept.status_code == 302
    assert Projet.objects.published().count() == 1


def test_a_title_alone_is_published_once_that_is_meant(client, anne):
    projet = ProjetFactory(draft=True)
    client.post(change_url(projet), posted(client, projet, statut="publiee", titre_seul="on"))
    projet.refresh_from_db()
    assert projet.is_publiee
    assert "titre seul" not in LogEntry.objects.get().get_change_message()
    saved = client.post(change_url(projet), posted(client, projet, titre="Un autre titre"))
    assert saved.status_code == 302  # it is public already


@pytest.mark.long
@pytest.mark.parametrize(("button", "published"), [("autres", 2), ("appliquer", 3)])
def test_a_list_that_is_published_names_the_titles_alone(client, anne, button, published):
    sheets = [ProjetFactory(titre=f"Fiche {n}", description="Un texte" if n else "", draft=True) for n in range(3)]
    data = {"action": "publish", "_selected_action": [sheet.pk for sheet in sheets]}
    page = PageLue(client.post(LISTE, data))
    assert [line.text for line in page.one(class_="demande").all("li")] == ["Fiche 0"]
    assert page.one("input", name="autres")["value"] == "Publier seulement 2 autres"
    client.post(LISTE, data | {button: "oui"})
    assert Projet.objects.published().count() == published


# The list


@pytest.mark.long
@pytest.mark.parametrize("size", [1, size(20, one_in=4)])
def test_the_list_costs_the_same_whatever_its_size(client, anne, size, django_assert_num_queries):
    theme = ThemeFactory()
    for number in range(size):
        ProjetFactory(departement_id="22", montant_eur=1000 + number, themes=[theme], draft=number % 2)
    client.get(LISTE)
    # session, user, choices of two filters, two counts, rows, their themes, two for the figures
    with django_assert_num_queries(10):
        assert len(client.get(LISTE).context["cl"].result_list) == size


@pytest.mark.long
@pytest.mark.parametrize("size", [1, size(20, one_in=2)])
def test_the_form_costs_the_same_whatever_hangs_on_the_sheet(client, anne, size, django_assert_max_num_queries):
    projet = ProjetFactory()
    for number in range(size):
        Contact.objects.create(entree=projet.entree, nom=f"Personne {number}")
        Annexe.objects.create(projet=projet, titre=f"Annexe {number}", fichier="devis.pdf")
    client.get(change_url(projet))
    with django_assert_max_num_queries(21):  # of the form: reports, votes, accounts, dead links, newer version
        client.get(change_url(projet))


@pytest.mark.long
def test_figures_are_those_of_the_filtered_list_on_all_its_pages(client, anne, monkeypatch):
    monkeypatch.setattr("fiches.admin.FicheAdmin.list_per_page", 2)
    replaced = ProjetFactory(departement_id="22", montant_eur=100_000)
    ProjetFactory(departement_id="22", montant_eur=10_000, remplace=replaced)
    ProjetFactory(departement_id="22", montant_eur=20_000)
    ProjetFactory(departement_id="22", montant_eur=60_000)
    ProjetFactory(departement_id="22", montant_eur=0)
    ProjetFactory(departement_id="56", montant_eur=7_000_000)
    response = client.get(LISTE, {"departement__code__exact": "22"})
    assert response.context["cl"].result_count == 6 - 1
    chiffres = response.context["chiffres"]
    assert (chiffres["total"], chiffres["montants"], chiffres["mediane"]) == (90_000, 3, 20_000)
    page = as_read(response).replace("\u202f", " ").replace("\xa0", " ")
    assert "<dt>total</dt><dd>90 000 €</dd>" in page
    assert "<dt>médiane</dt><dd>20 000 €</dd>" in page
    assert "Fiches remplacées et montants inconnus non comptés" in page
    assert "non connu" in client.get(LISTE, {"q": "introuvable"}).content.decode()


@pytest.mark.long
def test_the_list_is_searched_in_french_drafts_included(client, anne):
    ProjetFactory(titre="Public", objectifs="Les cimetières de la commune", collectivite="")
    ProjetFactory(titre="Brouillon sur l’État-civil", collectivite="Plœmeur", draft=True)
    ProjetFactory(titre="Autre", collectivite="Vannes", objectifs="")

    def found(text):
        return titles(client.get(LISTE, {"q": text}))

    assert found("cimetiere") == ["Public"]
    assert found("etat civil") == found("l'état civil") == found("brouillons") == ["Brouillon sur l’État-civil"]
    assert found("ploemeur") == found("Plœm") == ["Brouillon sur l’État-civil"]
    assert found('"civil état"') == found("brouillon -civil") == []
    assert found("vann") == ["Autre"]
    assert found("les") is not None
    assert client.get(LISTE, {"q": "\"(*' OR -"}).status_code == 200


@pytest.mark.long
def test_filters_sort_out_what_is_left_to_do(client, anne):
    theme = ThemeFactory()
    chosen = ProjetFactory(titre="Choisi", themes=[theme], montant_eur=5)
    ProjetFactory(titre="Brouillon", draft=True, montant_eur=0, remplace=chosen)
    ProjetFactory(titre="Remplaçant", remplace=chosen)
    automatic = ThemeFactory(mots_cles="téléphonie")
    ProjetFactory(titre="Téléphonie")
    ProjetFactory(titre="Anomalie")
    ProjetFactory(titre="Réglée")

    def found(**query):
        return titles(client.get(LISTE, query))

    assert found(statut__exact="brouillon") == ["Brouillon"]
    assert found(montant="connu") == ["Choisi"]
    assert "Brouillon" in found(montant="inconnu")
    assert found(remplacee="oui") == ["Choisi"]
    assert "Choisi" not in found(remplacee="non")
    assert found(classement="choisi") == ["Choisi"]
    assert found(classement="automatique") == ["Téléphonie"]
    assert found(classement="aucun") == ["Anomalie", "Brouillon", "Remplaçant", "Réglée"]
    assert found(themes__id__exact=automatic.pk) == ["Téléphonie"]
    assert len(found(classement="x", montant="y", remplacee="z")) == 6


def test_places_and_replaced_sheets_are_found_by_typing(client, anne):
    draft = ProjetFactory(titre="Portail des familles", draft=True)

    def options(app, model, field, term):
        query = {"app_label": app, "model_name": model, "field_name": field, "term": term}
        return [row["text"] for row in client.get("/admin/autocomplete/", query).json()["results"]]

    away = DepartementFactory(code="44", region=Region.objects.create(code="52", nom="Pays de la Loire"))
    CommuneFactory(code="44190", nom="Sénéchas", departement=away)
    for nom in ("Besséné", "Séné", "Sénéguy"):
        CommuneFactory(nom=nom)
    found = options("projets", "projet", "commune", "séné")
    assert found == ["Séné (56)", "Sénéguy (56)", "Sénéchas (44)", "Besséné (56)"]
    assert options("projets", "projet", "remplace", "famille") == [str(draft)]


@pytest.mark.long
@pytest.mark.parametrize(
    ("button", "more"),
    [
        ("_save", ""),
        ("_continue", " Vous pouvez continuer ci-dessous."),
        ("_addanother", " Vous pouvez continuer ci-dessous avec une autre"),
    ],
)
def test_the_desk_says_in_plain_words_that_it_is_saved_then_where_it_is_read(client, anne, button, more):
    projet = ProjetFactory()
    typed = posted(client, projet, titre="Un portail") | {button: "oui"}
    told = PageLue(client.post(change_url(projet), typed, follow=True)).text
    assert f"C’est enregistré : projet France Relance « Un portail ».{more}" in told
    assert told.index("C’est enregistré") < told.index("La fiche est publiée")


# Actions


@pytest.mark.long
@pytest.mark.parametrize("action", ["publish", "withdraw", "to_review"])
def test_a_state_is_changed_once_the_editor_has_seen_how_many_and_which(client, anne, action):
    states = [statut for statut in Statut if statut != Statut.CORBEILLE]
    sheets = [ProjetFactory(titre=f"Fiche {one.label}", description="Un texte", statut=one) for one in states]
    data = {"action": action, "_selected_action": [sheet.pk for sheet in sheets]}
    response = client.post(LISTE, data)
    page = PageLue(response)
    assert page.one("p", role="status").text == "4 fiches choisies, dont 3 changeraient."
    assert len(page.one("ul", class_="changeront").all("li")) == 3
    assert page.one("input", name="appliquer")["value"] == "Confirmer pour 3 fiches"
    assert [Projet.objects.get(pk=sheet.pk).version for sheet in sheets] == [1] * 4
    hidden = [(field["name"], field["value"]) for field in page.all("input", type="hidden")]
    again = {name: [value for key, value in hidden if key == name] for name, _ in hidden}
    client.post(LISTE, again | {"appliquer": "oui"})
    assert sorted(Projet.objects.get(pk=sheet.pk).version for sheet in sheets) == [1, 2, 2, 2]
    assert PageLue(client.post(LISTE, data)).all("input", name="appliquer") == []


@pytest.mark.long
@pytest.mark.parametrize("action", ["add_themes", "remove_themes", "replace_themes"])
def test_themes_are_picked_then_seen_then_changed(client, anne, action):
    theme, other = ThemeFactory(nom="Cantine"), ThemeFactory(nom="Portail")
    sheets = [ProjetFactory(titre="A", themes=[theme]), ProjetFactory(titre="B", themes=[other])]
    data = {"action": action, "_selected_action": [sheet.pk for sheet in sheets]}
    assert "appliquer" not in client.post(LISTE, data).content.decode()
    page = PageLue(client.post(LISTE, data | {"voir": "oui", "themes": [theme.pk]}))
    assert page.one("p", role="status").text == "2 fiches choisies, dont 1 changerait."
    line = page.one("ul", class_="changeront").text
    assert line.startswith("A" if action == "remove_themes" else "B")
    after = {"add": "Portail → Cantine, Portail", "remove": "Cantine → aucun thème", "replace": "Portail → Cantine"}
    assert line.endswith(f": {after[action.removesuffix('_themes')]}")
    assert [sheet.history.count() for sheet in sheets] == [1, 1]
    client.post(LISTE, data | {"appliquer": "oui", "themes": [theme.pk]})
    assert sorted(sheet.history.count() for sheet in sheets) == [1, 2]
    changed = next(sheet for sheet in sheets if sheet.history.count() == 2)
    changed.refresh_from_db()
    changed.save()
    kept = {"add": {theme, other}, "remove": set(), "replace": {theme}}  # none is a choice too
    assert set(changed.themes.all()) == kept[action.removesuffix("_themes")]


def test_publishing_puts_sheets_on_the_site_one_version_each(client, anne):
    draft, public = ProjetFactory(titre="Brouillon", draft=True), ProjetFactory()
    assert said(act(client, "publish", draft, public)) == ["1 fiche publiée, 1 l’était déjà."]
    draft.refresh_from_db()
    assert draft.is_publiee
    assert draft.publiee_le
    assert list(Projet.objects.search("brouillons")) == [draft]
    assert (draft.history.count(), public.history.count()) == (2, 1)
    version = draft.history.order_by("-history_id").first()
    assert (version.history_user, version.history_change_reason) == (anne, "Action sur la liste : publiée")
    assert said(act(client, "withdraw", draft, public)) == ["2 fiches retirées."]
    assert list(Projet.objects.search("brouillons")) == []
    assert said(act(client, "to_review", draft)) == ["1 fiche à relire."]
    assert Entree.objects.get(pk=draft.pk).statut == Statut.A_RELIRE


@pytest.mark.long
def test_an_action_reaches_all_pages_of_the_filtered_list_only(client, anne, monkeypatch):
    monkeypatch.setattr("fiches.admin.FicheAdmin.list_per_page", 1)
    there = [ProjetFactory(departement_id="22", draft=True) for _ in range(3)]
    elsewhere = ProjetFactory(departement_id="56", draft=True)
    address = f"{LISTE}?departement__code__exact=22"
    response = act(client, "publish", there[0], address=address, select_across="1")
    assert said(response) == ["3 fiches publiées."]
    elsewhere.refresh_from_db()
    assert not elsewhere.is_publiee


def test_an_action_that_fails_within_a_block_changes_nothing_of_it(client, anne, monkeypatch):
    drafts = [ProjetFactory(draft=True) for _ in range(2)]
    calls = []

    def fail(self):
        calls.append(self)
        if len(calls) == 2:
            raise RuntimeError

    monkeypatch.setattr(Projet, "settle", fail)
    with pytest.raises(RuntimeError):
        act(client, "publish", *drafts)
    assert not Projet.objects.published().exists()


@pytest.mark.long
def test_automatic_themes_are_proposed_again_but_choices_stay_unless_reset(client, anne):
    late, chosen = ThemeFactory(), ThemeFactory()
    sheet, themed = ProjetFactory(titre="Portail"), ProjetFactory(titre="Portail", themes=[chosen])
    late.mots_cles = "portail"
    late.save()
    [message] = said(act(client, "propose_themes", sheet, themed))
    assert message == "1 fiche mise à jour, 1 laissée telle quelle (thèmes choisis par la rédaction)."
    assert list(sheet.themes.all()) == [late]
    assert said(act(client, "propose_themes", sheet)) == ["Aucune fiche mise à jour, 1 avait déjà ces thèmes."]
    assert said(act(client, "reset_themes", themed)) == ["1 fiche mise à jour."]
    themed.refresh_from_db()
    assert (list(themed.themes.all()), themed.themes_automatiques) == ([late], True)


@pytest.mark.long
def test_who_may_only_look_changes_nothing(client):
    reader = UtilisateurFactory()
    reader.user_permissions.add(Permission.objects.get(codename="view_projet"))
    client.force_login(reader)
    draft = ProjetFactory(draft=True)
    assert client.get(LISTE).status_code == 200
    assert client.get(change_url(draft)).status_code == 200
    act(client, "publish", draft)
    assert client.post(change_url(draft), {"titre": "Autre"}).status_code == 403
    assert (
        client.post(f"{change_url(draft)[:-7]}history/{draft.history.get().pk}/", {"version_lue": "1"}).status_code
        == 403
    )
    draft.refresh_from_db()
    assert draft.statut == Statut.BROUILLON
    client.force_login(UtilisateurFactory())
    for address in (LISTE, change_url(draft), f"/admin/projets/projet/{draft.pk}/history/"):
        assert client.get(address).status_code == 403
