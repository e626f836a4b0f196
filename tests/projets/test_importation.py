"""`manage.py importer_projets`: what /projets.csv gave comes back, edited in a spreadsheet; nothing else changes."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fiches.models import AncienneAdresse, Entree, Statut
from projets.models import Projet
from tests.conftest import make_many_projets
from tests.factories import ProjetFactory, ThemeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheets(places):
    """Sheets that hold what a spreadsheet may spoil."""
    cantine, portail = ThemeFactory(nom="Cantine"), ThemeFactory(nom="Portail famille", mots_cles="portail")
    first = ProjetFactory(
        titre="- Un titre en tiret",
        collectivite="Mairie de Dinan",
        departement_id="22",
        commune_id="22050",
        montant_eur=Decimal("15000.50"),
        montant_source="15 000,50 €",
        description="Première ligne\n- un « cas »\n- deux ; trois, quatre\n\n=1+1",
        objectifs="'déjà apostrophé",
        themes=[cantine, portail],
    )
    second = ProjetFactory(
        titre='Un "portail"',
        collectivite="Région Bretagne",
        montant_eur=None,
        montant_source="à préciser",
        description="Écrire à nolwenn@exemple.bzh\r\nou à l’accueil",
        remplace=first,
    )
    third = ProjetFactory(titre="Zéro", departement_id="29", montant_eur=0, description="  \u202f\u2009œ ≥ ", themes=[])
    return first, second, third


def export(client, query=""):
    return b"".join(client.get("/projets.csv", QUERY_STRING=query).streaming_content).decode()


def state():
    """Everything of the sheets that an import could change."""
    fields = [field.attname for field in Projet._meta.concrete_fields]
    return (
        list(Projet.objects.order_by("pk").values(*fields)),
        list(Projet.themes.through.objects.order_by("projet", "theme").values_list("projet", "theme")),
        list(Entree.objects.order_by("pk").values()),
        Projet.history.count(),
        AncienneAdresse.objects.count(),
    )


@pytest.fixture
def run(tmp_path, capsys):
    """Import text or bytes; what the command said."""

    def call(data, *options):
        path = tmp_path / "projets.csv"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        capsys.readouterr()
        call_command("importer_projets", str(path), *options, verbosity=0)
        return capsys.readouterr()

    return call


def said(outcome, **counts):
    """Whether the command counted so; what is not named must be 0."""
    words = {"crees": "créés", "modifies": "modifiés", "inchanges": "inchangés"}
    words |= {"conflits": "en conflit", "refus": "refusés"}
    return ", ".join(f"{counts.get(name, 0)} {word}" for name, word in words.items()) in outcome.out


def edited(text, changes, *, write=",", drop=(), order=None):
    """The file with some cells changed: {identifiant: {column: cell}}; without columns, or in another order."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for row in rows:
        row.update(changes.get(int(row["identifiant"]), {}))
    names = order or [name for name in rows[0] if name not in drop]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, delimiter=write, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# There and back


def windows(text):
    return text.removeprefix("\ufeff").encode("cp1252", errors="replace")


def reordered(text):
    return edited(text, {}, order=["description", "titre", "identifiant", "themes", "montant_eur"])


VARIANTS = {
    "as it is": ("", lambda text: text),
    "for Excel": ("excel=1", lambda text: text),
    "line feeds": ("", lambda text: text.replace("\r\n", "\n")),
    "carriage returns": ("", lambda text: text.replace("\r\n", "\r")),
    "Windows-1252": ("excel=1", windows),
    "Windows-1252 with commas": ("", windows),
    "with a BOM": ("", lambda text: "\ufeff" + text),
    "UTF-16": ("", lambda text: text.encode("utf-16")),
    "tabs": ("", lambda text: edited(text, {}, write="\t")),
    "without quotes where they are not needed": ("", lambda text: edited(text, {})),
    "columns left out": ("", lambda text: edited(text, {}, drop=["titre", "themes", "modifiee_le", "url"])),
    "another order": ("", reordered),
    "headings in capitals": ("", lambda text: text.replace('"identifiant","titre"', '" Identifiant ",TITRE', 1)),
    "blank lines": ("", lambda text: text.replace("\r\n", "\r\n,,,\r\n", 1) + "\r\n\r\n"),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_an_export_that_nobody_edited_changes_nothing(client, sheets, run, variant):
    query, rewrite = VARIANTS[variant]
    before = state()
    outcome = run(rewrite(export(client, query)))
    assert said(outcome, inchanges=3), outcome
    assert outcome.err == ""
    assert state() == before


TEXTS = st.lists(
    st.sampled_from([*"\"\n,;\t'=+-@＝ |é’😀", "\r\n", "- ", "a@b.bzh", "mot"])
    | st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=4),
    max_size=10,
).map("".join)


@given(titre=TEXTS, collectivite=TEXTS, source=TEXTS, texte=TEXTS, excel=st.sampled_from(["", "excel=1"]))
def test_a_sheet_of_any_text_comes_back_unchanged(client, places, tmp_path, titre, collectivite, source, texte, excel):
    with transaction.atomic():
        ProjetFactory(titre=titre, collectivite=collectivite, montant_source=source, description=texte, themes=[])
        before = state()
        path = tmp_path / "projets.csv"
        path.write_bytes(export(client, excel).encode())
        call_command("importer_projets", str(path), verbosity=0, stdout=io.StringIO())
        assert state() == before
        transaction.set_rollback(True)


# Edited cells

EDITS = {
    "titre": ("Un autre titre", "Un autre titre"),
    "collectivite": ("Mairie de Taden", "Mairie de Taden"),
    "montant_source": ("12 k€", "12 k€"),
    "description": ("Un\r\ntexte", "Un\ntexte"),
    "objectifs": ("'- un\n- deux", "- un\n- deux"),
    "montant_eur": ("1 234,5", Decimal("1234.50")),
    "departement_code": ("35", "35"),
}
FIELDS = {"departement_code": "departement_id"}
# What follows from a field, and nothing else does.
DERIVED = {
    "titre": {"titre_public"},
    "collectivite": {"collectivite_publique", "collectivite_tri", "commune_id", "intercommunalite_id", "titre_public"},
    "departement_code": {"commune_id", "intercommunalite_id", "collectivite_publique", "collectivite_tri"},
}


@pytest.mark.parametrize("column", EDITS)
def test_one_edited_cell_changes_its_field_and_no_other(client, sheets, run, column):
    first = sheets[0]
    cell, value = EDITS[column]
    before, others = state()[0][0], state()[0][1:]
    outcome = run(edited(export(client), {first.pk: {column: cell}}))
    assert said(outcome, modifies=1, inchanges=2), outcome
    after = state()[0][0]
    changed = {name for name in after if after[name] != before[name]}
    field = FIELDS.get(column, column)
    assert after[field] == value
    assert changed - {field, "modifiee_le", "version"} <= DERIVED.get(column, set())
    assert state()[0][1:] == others
    assert set(first.themes.values_list("slug", flat=True)) == {"cantine", "portail-famille"}


@pytest.mark.parametrize("column", ["collectivite", "montant_source", "description", "objectifs"])
def test_an_emptied_cell_empties_the_field(client, sheets, run, column):
    assert said(run(edited(export(client), {sheets[0].pk: {column: ""}})), modifies=1, inchanges=2)
    sheets[0].refresh_from_db()
    assert getattr(sheets[0], column) == ""


def test_emptied_amount_place_and_link_are_unknown(client, sheets, run):
    first, second, _ = sheets
    changes = {first.pk: {"montant_eur": "", "departement_code": ""}, second.pk: {"remplace": ""}}
    assert said(run(edited(export(client), changes)), modifies=2, inchanges=1)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.montant_eur is None
    assert first.departement_id in (None, "22")  # the authority may still say where it is
    assert second.remplace is None


def test_derived_columns_are_not_taken(client, sheets, run):
    before = state()
    changes = {"departement": "Paris", "region": "Corse", "url": "http://exemple.bzh", "publiee_le": "2001-01-01"}
    assert said(run(edited(export(client), {sheets[0].pk: changes})), inchanges=3)
    assert state() == before


def test_edited_themes_are_an_editor_s_choice(client, sheets, run):
    second = sheets[1]
    assert second.themes_automatiques
    assert [theme.nom for theme in second.themes.all()] == ["Portail famille"]
    assert said(run(edited(export(client), {second.pk: {"themes": "CANTINE"}})), modifies=1, inchanges=2)
    second.refresh_from_db()
    assert not second.themes_automatiques
    assert [theme.nom for theme in second.themes.all()] == ["Cantine"]
    assert client.get("/projets/?q=cantine").context["selection"].total == 2


def test_emptied_themes_are_proposed_again(client, sheets, run):
    first = sheets[0]
    Projet.objects.filter(pk=first.pk).update(description="Le portail, ce portail")
    assert said(run(edited(export(client), {first.pk: {"themes": ""}})), modifies=1, inchanges=2)
    first.refresh_from_db()
    assert first.themes_automatiques
    assert [theme.slug for theme in first.themes.all()] == ["portail-famille"]


def test_an_edited_cell_is_saved_once(client, sheets, run):
    """The version, the history and the second import say so."""
    first = sheets[0]
    versions = Projet.history.count()
    text = edited(export(client), {first.pk: {"objectifs": "Aller plus loin"}})
    run(text)
    assert Projet.history.count() == versions + 1
    assert first.history.first().history_change_reason == "Import d’un fichier CSV"
    before = state()
    assert said(run(text), inchanges=3)
    assert state() == before


def test_masked_addresses_stay_what_they_were(client, sheets, run):
    second = sheets[1]
    run(edited(export(client), {second.pk: {"titre": "Autre"}}))
    second.refresh_from_db()
    assert "nolwenn@exemple.bzh" in second.description


# New sheets

NEW = """identifiant,titre,collectivite,departement_code,montant_source,themes
,{},Mairie de Dinan,22,15 000 €,Cantine
"""


def test_a_row_without_identifier_is_a_new_draft(client, sheets, run):
    assert said(run(NEW.format("Un nouveau projet")), crees=1)
    projet = Projet.objects.get(titre="Un nouveau projet")
    assert projet.statut == Statut.BROUILLON
    assert projet.commune_id == "22050"
    assert projet.intercommunalite_id == "200068989"
    assert projet.montant_eur == 15000
    assert not projet.themes_automatiques
    assert client.get(projet.get_absolute_url()).status_code == 404
    assert str(projet.pk) not in [row.split(",")[0] for row in export(client).splitlines()]


def test_a_draft_named_by_its_identifier_can_be_edited(sheets, run):
    draft = ProjetFactory(draft=True, themes=[])
    assert said(run(f"identifiant,titre\n{draft.pk},Corrigé\n"), modifies=1)
    draft.refresh_from_db()
    assert (draft.titre, draft.statut) == ("Corrigé", Statut.BROUILLON)


# Refused rows


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"identifiant": "999999"}, "il n’y a pas de fiche 999999"),
        ({"identifiant": "abc"}, "« abc »"),
        ({"identifiant": "-1"}, "« -1 »"),
        ({"identifiant": "1.0"}, "« 1.0 »"),
        ({"identifiant": "²"}, "« ² »"),
        ({"identifiant": "9" * 30}, "identifiant"),
        ({"montant_eur": "beaucoup"}, "montant « beaucoup »"),
        ({"montant_eur": "-5"}, "montant « -5 »"),
        ({"montant_eur": "1e3"}, "montant « 1e3 »"),
        ({"montant_eur": "12 ou 15"}, "montant"),
        ({"montant_eur": "9" * 20}, "montant"),
        ({"themes": "Cantine | Inconnu"}, "thème « Inconnu »"),
        ({"departement_code": "999"}, "département « 999 »"),
        ({"departement_code": "22 - Finistère"}, "département"),
        ({"titre": ""}, "titre"),
        ({"titre": "x" * 501}, "501 caractères"),
        ({"collectivite": "x" * 301}, "301 caractères"),
        ({"montant_source": "x" * 301}, "301 caractères"),
        ({"remplace": "999999"}, "il n’y a pas de fiche 999999"),
        ({"remplace": "itself"}, "elle-même"),
        ({"titre": "Autre", "modifiee_le": "hier"}, "modifiee_le « hier »"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_whole_with_its_line(client, sheets, run, changes, says):
    first, *_ = sheets
    text = export(client)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    line = next(number for number, row in _with_lines(text) if row[0] == str(first.pk))
    changes = {name: str(first.pk) if cell == "itself" else cell for name, cell in changes.items()}
    before = state()
    outcome = run(edited(text, {first.pk: {"objectifs": "Un autre texte", **changes}}))
    assert said(outcome, inchanges=len(rows) - 1, refus=1), outcome
    assert f"ligne {line} : " in outcome.err
    assert says in outcome.err
    assert state() == before


def _with_lines(text):
    reader = csv.reader(io.StringIO(text, newline=""))
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def test_a_refused_row_does_not_keep_the_others_from_being_saved(client, sheets, run):
    first, second, third = sheets
    changes = {first.pk: {"titre": "Autre"}, second.pk: {"montant_eur": "?"}, third.pk: {"titre": "Encore"}}
    assert said(run(edited(export(client), changes)), modifies=2, refus=1)


def test_a_sheet_that_stands_twice_is_refused_the_second_time(sheets, run):
    pk = sheets[0].pk
    outcome = run(f"identifiant,objectifs\n{pk},un\n{pk},deux\n0{pk},trois\n")
    assert said(outcome, modifies=1, refus=2)
    assert "ligne 3" in outcome.err
    assert "ligne 4" in outcome.err
    sheets[0].refresh_from_db()
    assert sheets[0].objectifs == "un"


def test_a_new_row_without_title_is_refused(sheets, run):
    outcome = run("identifiant,titre,collectivite\n,,Dinan\n")
    assert said(outcome, refus=1)
    assert "titre" in outcome.err
    assert Projet.objects.count() == 3


# Conflicts


def test_a_row_older_than_the_sheet_is_a_conflict_and_touches_nothing(client, sheets, run):
    first, second, _ = sheets
    text = export(client)
    first.objectifs = "Corrigé ici entre-temps"
    first.save()
    before = state()
    outcome = run(edited(text, {first.pk: {"titre": "Corrigé là-bas"}}))
    assert said(outcome, inchanges=2, conflits=1), outcome
    assert "a été modifiée ici depuis l’export" in outcome.err
    assert "ligne " in outcome.err
    assert state() == before
    assert said(run(edited(export(client), {first.pk: {"titre": "Corrigé là-bas"}})), modifies=1, inchanges=2)
    assert second.pk


@pytest.mark.parametrize("rewrite", ["%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S"])
def test_a_moment_that_a_spreadsheet_rewrote_is_read(client, sheets, run, rewrite):
    first = sheets[0]
    later = timezone.localtime(first.modifiee_le + timedelta(minutes=2)).strftime(rewrite)
    outcome = run(edited(export(client), {first.pk: {"titre": "Autre", "modifiee_le": later}}))
    assert said(outcome, modifies=1, inchanges=2), outcome


# Simulation and unreadable files


def test_a_simulation_says_the_same_and_writes_nothing(client, sheets, run):
    first = sheets[0]
    text = edited(export(client), {first.pk: {"titre": "Autre"}})
    text += ",Neuf,,,,,,,,,,,,,\r\n"
    before = state()
    outcome = run(text, "--simulation")
    assert said(outcome, crees=1, modifies=1, inchanges=2)
    assert "rien n’a été enregistré" in outcome.out
    assert state() == before


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "vide"),
        (b"\xef\xbb\xbf\r\n\r\n", "vide"),
        (b"PK\x03\x04" + bytes(100), "CSV"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "CSV"),
        (b"%PDF-1.7 ", "CSV"),
        (bytes(range(256)), "octets nuls"),
        (b"\xff\xfea", "CSV|utf-16|repris"),
        (b'identifiant,titre\n1,"ouvert\n2,b\n', "Ligne"),
        (b"identifiant,titre,titre\n1,a,b\n", "figure deux fois"),
        (b"identifiant,Titre , titre\n1,a,b\n", "figure deux fois"),
        (b"nom,adresse\n1,a\n", "Aucune colonne connue"),
        (b"identifiant,titre\n1,a,b,c\n", "plus de cellules"),
        (b"identifiant,titre\n,Neuf\n1,a,b,c\n", "plus de cellules"),
    ],
)
def test_an_unreadable_file_is_refused_in_french_and_nothing_is_saved(sheets, run, data, says):
    before = state()
    with pytest.raises(CommandError) as error:
        run(data)
    assert any(word in str(error.value) for word in says.split("|"))
    assert "n’a pas été repris" in str(error.value)
    assert state() == before


@pytest.mark.parametrize("path", ["absent.csv", "."])
def test_a_file_that_is_not_there_is_refused_in_french(db, tmp_path, path):
    with pytest.raises(CommandError, match="n’a pas pu être lu"):
        call_command("importer_projets", str(tmp_path / path))


def test_headings_alone_change_nothing(sheets, run):
    assert said(run("identifiant,titre\n"))


def test_an_unknown_column_is_named_and_the_rest_is_taken(sheets, run):
    outcome = run(f"identifiant,titre,Commentaire\n{sheets[0].pk},Autre,à voir\n")
    assert "commentaire" in outcome.err.lower()
    assert said(outcome, modifies=1)


def test_five_hundred_rows_cost_a_block_not_a_query_each(client, places, run, django_assert_max_num_queries):
    make_many_projets({"departement_id": "22"} for _ in range(600))
    text = export(client)
    with django_assert_max_num_queries(12):
        assert said(run(text), inchanges=600)
