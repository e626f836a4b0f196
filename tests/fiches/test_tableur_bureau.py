"""Spreadsheets at the desk: a list as a file, a file with its preview, whose rights count."""

import csv
import io

import pytest
from django.contrib.admin import helpers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from fiches.initiatives.models import Initiative
from fiches.suivi import corbeille, imports
from fiches.suivi.imports import number_in
from fiches.suivi.models import ImportEnAttente
from socle.annuaire.models import Entree, Statut
from socle.comptes.roles import ANIMATION, REDACTION
from socle.tableur import classeur, opendocument
from tests.comptes.test_droits import MODELS, address, member
from tests.conftest import TYPES, PageLue, some_types
from tests.factories import CommuneFactory, ProjetFactory, ThemeFactory, UtilisateurFactory, factory_of
from tests.factories.participants import ExplorationFactory, InscriptionFactory
from tests.fiches.tableur import edit_csv, full, state
from tests.sampling import mostly_long, size

pytestmark = pytest.mark.django_db
CANARY = "Kerinventé"


def file_of(client, model, format="csv", query=""):
    """The list of a model as a file; its rows, by heading."""
    response = client.get(f"{reverse('admin:exporter', args=[*model._meta.label_lower.split('.'), format])}{query}")
    assert response.status_code == 200, response.get("Location")
    data = b"".join(response)
    if format == "csv":
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    headings, *rows = load_workbook(io.BytesIO(data)).active.values
    return [dict(zip(headings, row, strict=True)) for row in rows]


def send(client, model, data, name="fichier.csv"):
    """Send a file; its preview, or the page that refuses it."""
    upload = SimpleUploadedFile(name, data if isinstance(data, bytes) else data.encode())
    return client.post(address(model, "importer"), {"fichier": upload}, follow=True)


def confirm(client, response, **data):
    return client.post(response.request["PATH_INFO"], data or {"confirmer": "oui"}, follow=True)


def said(response):
    return " ".join(map(str, response.context["messages"]))


# Lists as files


@pytest.mark.long
@some_types
def test_a_list_is_exported_as_it_is_filtered_and_ordered_or_as_it_is_selected(client, anne, declaration):
    format = "xlsx" if declaration.cle == "projet" else "csv"
    make = factory_of(declaration.model)
    make(titre="Cantine publiée")
    drafts = [make(titre=f"Cantine en brouillon {n}", draft=True) for n in range(3)]
    make(titre="Portail en brouillon", draft=True)
    query = "?statut__exact=brouillon&q=cantine"
    rows = file_of(client, declaration.model, format, query)
    shown = client.get(address(declaration.model, "changelist") + query).context["cl"].result_list
    assert [int(row["Identifiant"]) for row in rows] == [fiche.pk for fiche in shown]
    assert {int(row["Identifiant"]) for row in rows} == {fiche.pk for fiche in drafts}
    assert {row["État de publication"] for row in rows} == {"brouillon"}
    file = reverse("admin:exporter", args=[*declaration.model._meta.label_lower.split("."), format])
    disposition = client.get(f"{file}{query}")["Content-Disposition"]
    assert f'"{declaration.adresse}-cantine-brouillon-{timezone.localdate():%Y-%m-%d}.{format}"' in disposition
    picked = {"action": "exporter_csv", helpers.ACTION_CHECKBOX_NAME: [fiche.pk for fiche in drafts[:2]]}
    response = client.post(address(declaration.model, "changelist"), picked)
    assert f'filename="{declaration.adresse}-{timezone.localdate():%Y-%m-%d}.csv"' in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert len(b"".join(response).splitlines()) == 3


def test_no_file_of_the_desk_holds_a_cell_that_a_spreadsheet_runs(client, anne):
    ProjetFactory(titre="=HYPERLINK(1)", collectivite="@a", description="- un\n- deux")
    InscriptionFactory(nom="=1+1", commentaire="+33")
    for model in (MODELS["projets.projet"], MODELS["inscriptions.inscription"]):
        (row,) = file_of(client, model)
        assert not [cell for cell in row.values() if cell and cell[0] in "=+-@"]
        assert "'=" in " ".join(row.values())
        data = client.get(reverse("admin:exporter", args=[*model._meta.label_lower.split("."), "xlsx"])).content
        cells = [cell for row in load_workbook(io.BytesIO(data)).active for cell in row]
        assert {cell.data_type for cell in cells if str(cell.value).startswith(("=", "+"))} == {"s"}


def test_a_workbook_is_bounded_and_says_so(client, anne, monkeypatch):
    monkeypatch.setattr(classeur, "ROWS", 2)
    ProjetFactory.create_batch(3)
    response = client.get(reverse("admin:exporter", args=["projets", "projet", "xlsx"]) + "?q=commune", follow=True)
    assert "un classeur en contient 2 au plus" in said(response)
    assert response.context["cl"].query == "commune"
    assert len(file_of(client, MODELS["projets.projet"])) == 3


@pytest.mark.parametrize("query", ["?statut__exact=inconnu&x=1", "?montant__gte=a"])
def test_a_filter_that_is_not_understood_is_no_file(client, anne, query):
    response = client.get(reverse("admin:exporter", args=["projets", "projet", "csv"]) + query, follow=True)
    assert "n’a pas été exportée" in said(response)


@pytest.mark.long
@mostly_long("label", MODELS, one_in=7)
def test_a_list_is_a_file_for_who_may_read_it_and_nobody_else(client, label):
    where = reverse("admin:exporter", args=[*label.split("."), "csv"])
    assert client.get(where).url.startswith("/admin/login/")
    for role in (REDACTION, ANIMATION, None):
        client.force_login(member(*([role] if role else [])))
        may = client.get(address(MODELS[label], "changelist")).status_code != 403
        assert client.get(where).status_code == (200 if may else 403)


def test_registrants_are_exported_for_animation_alone_with_what_their_list_and_form_say(client):
    InscriptionFactory(nom=CANARY, prenom="Loeiza", commentaire="Sans gluten", journee_entiere=True)
    ExplorationFactory(nom=CANARY, sujets="Le non-recours")
    client.force_login(member(ANIMATION))
    (row,) = file_of(client, MODELS["inscriptions.inscription"])
    assert (row["nom"], row["commentaire libre"]) == (CANARY, "Sans gluten")
    assert row["présent·e toute la journée"] == "oui"
    (row,) = file_of(client, MODELS["explorations.exploration"], "xlsx")
    assert "Le non-recours" in row.values()
    client.force_login(member(REDACTION))
    for label in ("inscriptions.inscription", "explorations.exploration"):
        for action in ("exporter_csv", "exporter_xlsx"):
            data = {"action": action, helpers.ACTION_CHECKBOX_NAME: [1, 2, 3]}
            assert client.post(address(MODELS[label], "changelist"), data).status_code == 403


@pytest.mark.long
def test_an_export_costs_the_same_whatever_its_size(client, anne, django_assert_max_num_queries, places):
    for many in (1, size(20, one_in=2)):
        for number in range(many):
            full(TYPES["enquete"], titre=f"Enquête {many} {number}")
        with django_assert_max_num_queries(16):
            file_of(client, TYPES["enquete"].model)


# A file with its preview


@pytest.fixture
def initiative(places):
    return full(TYPES["initiative"], titre="Café des droits")


@pytest.mark.long
def test_a_preview_shows_old_and_new_and_saves_nothing_then_all_is_saved(client, anne, initiative):
    rows = b"".join(client.get(reverse("admin:exporter", args=["initiatives", "initiative", "csv"])).streaming_content)
    changes = {initiative.pk: {"Ville": "Brest", "Description": ""}}
    data = edit_csv(rows, changes, separator=";").decode()
    data += f";Une nouvelle{';' * 25}\r\n999999;Inconnue{';' * 25}\r\n"
    before = state(Initiative)
    response = send(client, Initiative, data)
    page = PageLue(response)
    assert state(Initiative) == before
    assert [cell.text for cell in page.one("table", class_="bilan-import").all("td")] == ["1", "1", "0", "0", "0", "1"]
    for words in ("Ville", "Brest", "Une nouvelle", "Il n’y a pas de fiche 999999", "Ligne 2 : Café des droits"):
        assert words in page.text
    assert page.text.count("Inconnue") == 1  # the title of a refused row, above why it is
    assert page.one("input", name="confirmer")["value"] == "Enregistrer 2 fiches"
    response = confirm(client, response)
    assert "1 fiche créée, en brouillon, 1 modifiée." in said(response)
    assert "1 ligne n’a pas été reprise" in said(response)
    initiative.refresh_from_db()
    assert (initiative.ville, initiative.description) == ("Brest", "")
    version = initiative.history.first()
    assert version.history_user == anne
    assert number_in(version.history_change_reason)
    assert Entree.objects.get(titre="Une nouvelle").statut == Statut.BROUILLON
    assert not ImportEnAttente.objects.exists()
    assert initiative.pk in [one.pk for one in Initiative.objects.search("brest")]


def test_a_confirmation_saves_nothing_if_a_record_changed_since_the_preview(client, anne, initiative):
    other = full(TYPES["initiative"], titre="Autre")
    response = send(client, Initiative, f"identifiant,ville\n{initiative.pk},Brest\n{other.pk},Brest\n")
    other.partenaires = "Entre-temps"
    other.save()
    before = state(Initiative)
    response = confirm(client, response)
    assert "rien n’a été enregistré" in said(response)
    assert state(Initiative) == before
    assert "2 fiches modifiées" not in said(response)
    assert "Aucune fiche créée, 2 modifiées." in said(confirm(client, response))
    other.refresh_from_db()
    assert (other.ville, other.partenaires) == ("Brest", "Entre-temps")


@pytest.mark.long
def test_an_import_that_breaks_half_way_saves_nothing(client, anne, initiative, monkeypatch):
    other = full(TYPES["initiative"], titre="Autre")
    response = send(client, Initiative, f"identifiant,ville\n{initiative.pk},Brest\n{other.pk},Brest\n")
    before, settle = state(Initiative), Initiative.settle

    def break_down(self):
        from django.db import DatabaseError

        if self.pk == other.pk:
            raise DatabaseError("disk full")
        settle(self)

    monkeypatch.setattr(Initiative, "settle", break_down)
    assert "rien n’a été enregistré" in said(confirm(client, response))
    assert state(Initiative) == before
    monkeypatch.undo()
    assert "2 modifiées" in said(confirm(client, response))


@pytest.mark.long
def test_a_confirmation_sent_twice_is_done_once(client, anne, initiative):
    response = send(client, Initiative, f"identifiant,ville\n{initiative.pk},Brest\n,\n")
    confirm(client, response)
    versions = Initiative.history.count()
    assert "déjà été fait ou abandonné" in said(confirm(client, response))
    assert Initiative.history.count() == versions


@pytest.mark.long
def test_a_file_waits_for_the_one_who_sent_it_a_day_at_most(client, anne, initiative):
    given_up = send(client, Initiative, f"identifiant,ville\n{initiative.pk},Brest\n")
    assert "abandonné" in said(confirm(client, given_up, abandonner="oui"))
    assert not ImportEnAttente.objects.exists()
    response = send(client, Initiative, f"identifiant,ville\n{initiative.pk},Brest\n")
    client.force_login(UtilisateurFactory(is_superuser=True))
    assert client.get(response.request["PATH_INFO"]).status_code == 404
    where = response.request["PATH_INFO"].replace("/initiatives/initiative/", "/projets/projet/")
    client.force_login(anne)
    assert client.get(where).status_code == 404
    ImportEnAttente.objects.update(cree_le=timezone.now() - timezone.timedelta(days=2))
    assert client.get(response.request["PATH_INFO"]).status_code == 404
    assert "déjà été fait ou abandonné" in said(confirm(client, response))
    initiative.refresh_from_db()
    assert initiative.ville != "Brest"


@mostly_long(
    ("data", "says"),
    [
        (b"", "vide"),
        ("Bonjour à toutes\n\n".encode(), "n’est pas un tableau"),
        (b'{"titre": "a","ville": "b"}', "Ouvrez le fichier dans votre tableur"),
        (opendocument.write([], [], "Projets"), "ODS"),
        (b"nom,adresse\n1,a\n", "Aucune colonne connue"),
        (b"identifiant,titre\n" + b"1,a\n" * 10_001, "lignes"),
    ],
    one_in=3,
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(client, anne, data, says):
    page = PageLue(send(client, Initiative, data))
    assert says in page.one("ul", class_="errorlist").text
    assert page.alert
    assert not ImportEnAttente.objects.exists()


def test_rédaction_imports_under_its_own_rights(client, initiative):
    client.force_login(member(REDACTION))
    initiative.change({"statut": Statut.RETIREE})
    response = send(client, Initiative, f"identifiant,ville\n{initiative.pk},Brest\n")
    assert "seule l’animation peut la modifier" in response.content.decode()


def test_without_a_role_there_is_no_import(client, initiative):
    client.force_login(member())
    assert client.get(address(Initiative, "importer")).status_code == 403
    assert send(client, Initiative, "identifiant,ville\n1,Brest\n").status_code == 403


# What an import did, and taking it back


@pytest.fixture
def imported(client, anne):
    """Two projects that an import changed, one that it created; the page that says so."""
    changed, later = [ProjetFactory(titre=f"Cantine {n}", montant_eur=1000) for n in (1, 2)]
    rows = f"{changed.pk},Cantine neuve,2000\n{later.pk},Cantine 2,3000\n,Venue du fichier,\n"
    rows = f"identifiant,titre,montant_eur\n{rows}"
    page = confirm(client, send(client, type(changed), rows))
    return changed, later, page


def test_an_import_lists_what_it_changed_in_words(imported):
    page = imported[2]
    told = {fiche.titre: fiche for fiche, _ in page.context["fiches"]}
    assert set(told) == {"Cantine neuve", "Cantine 2", "Venue du fichier"}
    assert told["Venue du fichier"].creee
    assert not told["Cantine 2"].creee
    (amount,) = told["Cantine 2"].differences
    assert (amount.name, amount.before, amount.after) == ("montant_eur", "1\u202f000\xa0€", "3\u202f000\xa0€")


@pytest.mark.long
def test_the_words_of_an_import_cost_the_same_whatever_its_size(django_assert_num_queries):
    communes = CommuneFactory.create_batch(6)
    themes = ThemeFactory.create_batch(6)
    for number, many in enumerate((2, 6)):
        for n, projet in enumerate(ProjetFactory.create_batch(many)):
            more = {"commune": communes[n], "departement": communes[n].departement, "themes": [themes[n]]}
            projet.change(more, reason=imports.reason(number, "CSV"))
    made = [imports.made_by(ProjetFactory._meta.model, number) for number in (0, 1)]
    with CaptureQueriesContext(connection) as captured:
        imports.told(ProjetFactory._meta.model, made[0], with_bin=True)
    with django_assert_num_queries(len(captured)):
        told = imports.told(ProjetFactory._meta.model, made[1], with_bin=True)
    said = [{one.name: one.after for one in fiche.differences} for fiche in told]
    assert [words["commune"] for words in said] == [str(commune) for commune in communes]
    assert [words["themes"] for words in said] == [theme.nom for theme in themes]


def test_an_import_is_undone_whole_but_for_what_changed_since(client, imported):
    changed, later, page = imported
    day = changed.modifiee_le
    later.refresh_from_db()
    later.change({"titre": "Reprise à la main"})
    where = page.request["PATH_INFO"]
    answer = client.post(where, follow=True)
    changed.refresh_from_db()
    assert (changed.titre, changed.montant_eur) == ("Cantine 1", 1000)
    assert changed.modifiee_le == day  # so that the file that was exported before is no older than it
    later.refresh_from_db()
    assert (later.titre, later.montant_eur) == ("Reprise à la main", 3000)
    assert "1 fiche remise comme avant, 1 fiche créée mise à la corbeille" in said(answer)
    assert "« Reprise à la main »" in said(answer)
    assert type(changed).objects.get(titre="Venue du fichier").statut == Statut.CORBEILLE
    assert not answer.context["peut_annuler"]
    assert answer.context["annule"]
    corbeille.throw_away(later)
    for role, told in ((REDACTION, False), (ANIMATION, True)):
        client.force_login(member(role))
        fiches = {fiche.titre: fiche for fiche, _ in client.get(where).context["fiches"]}
        assert bool(fiches["Cantine 2"].differences) is told
    # The corrected file may come again.
    client.force_login(member(ANIMATION))
    again = confirm(client, send(client, type(changed), "identifiant,titre,montant_eur\n,Venue du fichier,5\n"))
    assert [fiche.creee for fiche, _ in again.context["fiches"]] == [True]


@pytest.mark.long
def test_an_import_is_undone_by_who_made_it_or_may_publish(client, imported):
    where = imported[2].request["PATH_INFO"]
    for role, status in ((REDACTION, 403), (ANIMATION, 302)):
        client.force_login(member(role))
        assert client.get(where).context["peut_annuler"] is (status == 302)
        assert client.post(where).status_code == status
