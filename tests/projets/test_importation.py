"""`manage.py importer_projets`: what /projets.csv gave comes back, edited in a spreadsheet; nothing else changes."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from projets.importation import ImportationProjets as _Reader
from projets.models import Projet
from socle.annuaire.models import AncienneAdresse, Entree, Statut
from socle.territoires.models import Commune, Intercommunalite
from socle.vie_privee.public_text import Decision
from tests.conftest import load_places, make_many_projets
from tests.ecrits import as_written
from tests.factories import ProjetFactory, ThemeFactory
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _sheets(kept):
    load_places()
    group = Intercommunalite.objects.create(code="200065928", nom="Lannion-Trégor Communauté", nature="CA")
    Commune.objects.create(code="22113", nom="Lannion", departement_id="22", intercommunalite=group)
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
    return first.pk, second.pk, third.pk


@pytest.fixture
def sheets(_sheets, db):
    """Sheets that hold what a spreadsheet may spoil."""
    return [Projet.objects.get(pk=pk) for pk in _sheets]


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
    """Import text or bytes; what the command said. That rows were refused is an error only once all is done."""

    def call(data, *options):
        path = tmp_path / "projets.csv"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        capsys.readouterr()
        try:
            call_command("importer_projets", str(path), *options, verbosity=0)
        except CommandError as error:
            if "Les autres ont été lues" not in str(error):
                raise
        return capsys.readouterr()

    return call


def said(outcome, **counts):
    """Whether the command counted so; what is not named must be 0."""
    words = {
        "crees": "créé",
        "modifies": "modifié",
        "inchanges": "inchangé",
        "conflits": "en conflit",
        "refus": "refusé",
    }
    numbers = {name: counts.get(name, 0) for name in words}
    plural = {name: "s" if number > 1 and name != "conflits" else "" for name, number in numbers.items()}
    return ", ".join(f"{numbers[name]} {word}{plural[name]}" for name, word in words.items()) + "\n" in outcome.out


def edited(text, changes, *, drop=(), order=None):
    """The file with some cells changed: {identifiant: {column: cell}}; without columns, or in another order."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for row in rows:
        row.update(changes.get(int(row["identifiant"]), {}))
    names = order or [name for name in rows[0] if name not in drop]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# There and back


def reordered(text):
    return edited(text, {}, order=["description", "titre", "identifiant", "themes", "montant_eur"])


VARIANTS = {
    "as it is": ("", lambda text: text),
    "for Excel": ("excel=1", lambda text: text),
    "for Excel, its BOM lost": ("excel=1", lambda text: text.removeprefix("\ufeff")),
    "another order": ("", reordered),
    "headings in capitals": ("", lambda text: text.replace('"identifiant","titre"', '" Identifiant ",TITRE', 1)),
    "blank lines": ("", lambda text: text.replace("\r\n", "\r\n,,,\r\n", 1) + "\r\n\r\n"),
}


@mostly_long("variant", VARIANTS, one_in=4)
def test_an_export_that_nobody_edited_changes_nothing(client, sheets, run, variant):
    query, rewrite = VARIANTS[variant]
    before = state()
    outcome = run(rewrite(export(client, query)))
    assert said(outcome, inchanges=3), outcome
    assert outcome.err == ""
    assert state() == before


TEXTS = st.lists(
    st.sampled_from([*"\"\n,;\t'=+-@＝ |é’😀", "\r\n", "- ", "a@exemple.bzh", "mot"])
    | st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=4),
    max_size=10,
).map("".join)


@pytest.mark.long
@given(titre=TEXTS, collectivite=TEXTS, source=TEXTS, texte=TEXTS, excel=st.sampled_from(["", "excel=1"]))
def test_a_sheet_of_any_text_comes_back_unchanged(client, sheets, tmp_path, titre, collectivite, source, texte, excel):
    with transaction.atomic():
        ProjetFactory(titre=titre, collectivite=collectivite, montant_source=source, description=texte, themes=[])
        before = state()
        path = tmp_path / "projets.csv"
        path.write_bytes(export(client, excel).encode())
        call_command("importer_projets", str(path), verbosity=0, stdout=io.StringIO())
        assert state() == before
        transaction.set_rollback(True)


# Edited cells

EMPTIED = ("collectivite", "montant_source", "description", "objectifs")
DINAN = {"collectivite": "Ville de Dinan"}
# {what: (the sheet before, its edited cells, what it then holds)}
FOLLOWED = {f"{name} emptied": ({}, {name: ""}, {name: ""}) for name in EMPTIED} | {
    "line ends are made one": ({}, {"description": "Un\r\ntexte"}, {"description": "Un\ntexte"}),
    "a program's text is taken as it is": ({}, {"objectifs": "'- un\n- deux"}, {"objectifs": "'- un\n- deux"}),
    "an apostrophe that a spreadsheet kept is taken off": (
        {"objectifs": "- un"},
        {"objectifs": "'- un\n- deux"},
        {"objectifs": "- un\n- deux"},
    ),
    "an amount is as people write it": ({}, {"montant_eur": "1 234,5"}, {"montant_eur": Decimal("1234.50")}),
    "a chosen commune outlives another name": ({"commune": "22339"}, DINAN, {"commune_id": "22339"}),
    "a chosen intercommunalité outlives another name": (
        {"commune": None, "intercommunalite": "200065928"},
        DINAN,
        {"commune_id": None, "intercommunalite_id": "200065928"},
    ),
    "a commune that the name gave follows it": (
        {},
        {"collectivite": "Mairie de Saint-Brieuc"},
        {"commune_id": "22278", "intercommunalite_id": None},
    ),
    "a chosen commune does not stay in another département": (
        {"commune": "22339"},
        {"departement_code": "35"},
        {"departement_id": "35", "commune_id": None, "intercommunalite_id": None},
    ),
}


@mostly_long(("before", "cells", "after"), FOLLOWED.values(), ids=FOLLOWED, one_in=3)
def test_what_was_edited_is_followed_and_what_was_chosen_stays(client, sheets, run, before, cells, after):
    first = sheets[0]
    Projet.objects.filter(pk=first.pk).update(**before)
    assert said(run(edited(export(client), {first.pk: cells})), modifies=1, inchanges=2)
    first.refresh_from_db()
    assert {name: getattr(first, name) for name in after} == after


@pytest.mark.parametrize(
    ("mark", "separator", "taken"), [("\ufeff", ";", "=1"), ("", ";", "'=1"), ("\ufeff", ",", "'=1")]
)
def test_the_apostrophe_of_the_file_for_spreadsheets_is_taken_off_there_alone(sheets, run, mark, separator, taken):
    lines = (("identifiant", "titre", "objectifs"), ("", "Une nouvelle fiche", "'=1"))
    assert said(run(mark + "\n".join(map(separator.join, lines))), crees=1)
    assert Projet.objects.get(titre="Une nouvelle fiche").objectifs == taken


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


def test_emptied_themes_are_an_editor_s_choice_too(client, sheets, run):
    """None is proposed in their place, so the same file changes nothing the second time."""
    first = sheets[0]
    Projet.objects.filter(pk=first.pk).update(description="Le portail, ce portail")
    text = edited(export(client), {first.pk: {"themes": ""}})
    assert said(run(text), modifies=1, inchanges=2)
    first.refresh_from_db()
    assert not first.themes_automatiques
    assert not first.themes.exists()
    before = state()
    assert said(run(text), inchanges=3)
    assert state() == before


@pytest.mark.parametrize("commune", ["22050", "22339"])
def test_an_emptied_departement_that_the_commune_says_is_no_change(client, sheets, run, commune):
    first = sheets[0]
    Projet.objects.filter(pk=first.pk).update(commune=commune)
    text = edited(export(client), {first.pk: {"departement_code": "", "titre": "Autre"}})
    assert said(run(text), modifies=1, inchanges=2)
    before = state()
    assert before[0][0]["departement_id"] == "22"
    assert said(run(text), inchanges=3)
    assert state() == before


# Versions


def test_sheets_that_would_replace_each_other_are_refused(client, sheets, run):
    """`second` replaces `first`; a third may join the chain at its end only."""
    first, second, third = sheets
    outcome = run(edited(export(client), {first.pk: {"remplace": str(second.pk)}}))
    assert said(outcome, inchanges=2, refus=1)
    assert f"Remplace la fiche : la fiche {second.pk} remplace déjà la fiche {first.pk}" in outcome.err
    run(edited(export(client), {third.pk: {"remplace": str(second.pk)}}))
    outcome = run(edited(export(client), {first.pk: {"remplace": str(third.pk)}}))
    assert said(outcome, inchanges=2, refus=1)
    assert f"la fiche {third.pk} remplace déjà" in outcome.err


def test_a_circle_that_one_file_would_close_is_refused(sheets, run):
    first, _, third = sheets
    text = f"identifiant,remplace\n{first.pk},{third.pk}\n{third.pk},{first.pk}\n"
    assert said(run(text), modifies=1, refus=1)
    third.refresh_from_db()
    assert third.remplace_id is None


def test_a_circle_that_was_there_before_does_not_hang(sheets, run):
    first, second, third = sheets
    Projet.objects.filter(pk=first.pk).update(remplace=second)
    assert said(run(f"identifiant,remplace\n{third.pk},{second.pk}\n"), modifies=1)


def test_masked_addresses_stay_what_they_were(client, sheets, run):
    second = sheets[1]
    second.change({}, decisions=[Decision("description", "nolwenn@exemple.bzh")])
    run(edited(export(client), {second.pk: {"titre": "Autre"}}))
    second.refresh_from_db()
    assert "nolwenn@exemple.bzh" not in second.description
    assert "nolwenn@exemple.bzh" in as_written(second)["description"]


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


ROWS = {
    "without département": "identifiant,titre,collectivite\n,Un nouveau projet,Mairie de Dinan\n",
    "with empty cells": "identifiant,titre,collectivite,departement_code,themes,description\n"
    ",Un nouveau projet,Mairie de Dinan,,,Le portail\n",
    "with blanks, an address and two line ends": "identifiant,titre,collectivite,description\n"
    ',  Un  nouveau projet,Mairie de Dinan,"nolwenn@exemple.bzh\r\nou\rici"\n',
}


@mostly_long("row", ROWS, one_in=3)
def test_the_same_new_row_makes_no_second_draft(sheets, run, row):
    assert said(run(ROWS[row]), crees=1)
    before = state()
    assert said(run(ROWS[row]), inchanges=1)
    assert state() == before


@pytest.mark.parametrize(("titre", "source"), [("Un nouveau projet", "16 000 €"), ("UN NOUVEAU  PROJÉT", "15 000 €")])
def test_a_new_row_that_would_change_a_sheet_is_told_its_number(sheets, run, titre, source):
    run(NEW.format("Un nouveau projet"))
    projet = Projet.objects.get(titre="Un nouveau projet")
    before = state()
    outcome = run(NEW.format(titre).replace("15 000 €", source))
    assert said(outcome, refus=1)
    assert f"existe déjà : fiche {projet.pk}" in outcome.err
    assert f"mettez {projet.pk} dans la colonne identifiant" in outcome.err
    assert state() == before


def test_a_new_row_that_stands_twice_is_refused_the_second_time(sheets, run):
    row = NEW.format("Un nouveau projet").splitlines()[1]
    outcome = run(f"{NEW.format('Un nouveau projet')}{row}\n")
    assert said(outcome, crees=1, refus=1)
    assert "ligne 3 : cette nouvelle fiche figure deux fois" in outcome.err


@pytest.mark.parametrize(
    ("old", "new"), [("Mairie de Dinan,22", "Mairie de Brest,29"), ("Mairie de Dinan", "Ailleurs")]
)
def test_one_title_of_two_authorities_is_two_sheets(sheets, run, old, new):
    run(NEW.format("Un nouveau projet"))
    assert said(run(NEW.format("Un nouveau projet").replace(old, new)), crees=1)


@pytest.mark.long
def test_new_rows_cost_no_query_each_to_look_for_their_twin(sheets, run, django_assert_max_num_queries):
    lines = "".join(f",Projet {number},Mairie de Dinan\n" for number in range(40))
    run("identifiant,titre,collectivite\n" + lines)
    with django_assert_max_num_queries(20):
        assert said(run("identifiant,titre,collectivite\n" + lines), inchanges=40)


# Refused rows


@mostly_long(
    "changes, says",
    [
        ({"identifiant": "999999"}, "il n’y a pas de fiche 999999"),
        ({"identifiant": "abc"}, "« abc »"),
        ({"montant_eur": "beaucoup"}, "montant « beaucoup »"),
        ({"montant_eur": "-5"}, "montant « -5 »"),
        ({"themes": "Cantine | Inconnu"}, "Thèmes « Inconnu »"),
        ({"departement_code": "999"}, "département « 999 »"),
        ({"departement_code": "22 - Finistère"}, "département"),
        ({"collectivite": "x" * 301}, "301 caractères"),
        ({"montant_source": "x" * 301}, "301 caractères"),
        ({"remplace": "999999"}, "il n’y a pas de fiche 999999"),
        ({"remplace": "itself"}, "elle-même"),
        ({"titre": "Autre", "modifiee_le": "hier"}, "Modifiée le « hier »"),
    ],
    one_in=3,
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


def test_refused_rows_make_the_command_fail_once_the_others_are_saved(client, sheets, tmp_path, capsys):
    path = tmp_path / "projets.csv"
    path.write_text(f"identifiant,titre\n{sheets[0].pk},Corrigé\n999999,x\n")
    with pytest.raises(CommandError, match="1 ligne refusée"):
        call_command("importer_projets", str(path), verbosity=0)
    told = capsys.readouterr()
    assert "ligne 3 : il n’y a pas de fiche 999999" in told.err
    assert "(fiche « x »)" in told.err
    assert "1 modifié" in told.out
    assert Projet.objects.get(pk=sheets[0].pk).titre == "Corrigé"


def test_a_sheet_that_stands_twice_is_refused_the_second_time(sheets, run):
    pk = sheets[0].pk
    outcome = run(f"identifiant,objectifs\n{pk},un\n{pk},deux\n0{pk},trois\n")
    assert said(outcome, modifies=1, refus=2)
    assert "ligne 3" in outcome.err
    assert "ligne 4" in outcome.err
    sheets[0].refresh_from_db()
    assert sheets[0].objectifs == "un"


# Conflicts


@pytest.fixture
def meanwhile(monkeypatch):
    """Have an editor save a sheet once the import has read its block."""

    def arrange(pk, **values):
        load = _Reader.load

        def load_then_save(self, block):
            load(self, block)
            projet = Projet.objects.get(pk=pk)
            for name, value in values.items():
                setattr(projet, name, value)
            projet.save()

        monkeypatch.setattr(_Reader, "load", load_then_save)

    return arrange


def test_what_an_editor_saves_during_the_import_is_not_lost(sheets, run, meanwhile):
    first = sheets[0]
    meanwhile(first.pk, suivi="Écrit pendant l’import")
    assert said(run(f"identifiant,titre\n{first.pk},Autre\n"), modifies=1)
    first.refresh_from_db()
    assert (first.titre, first.suivi) == ("Autre", "Écrit pendant l’import")


def test_a_sheet_that_an_editor_saves_during_the_import_is_a_conflict(client, sheets, run, meanwhile):
    first = sheets[0]
    text = edited(export(client), {first.pk: {"titre": "Autre"}})
    meanwhile(first.pk, suivi="Écrit pendant l’import")
    assert said(run(text), inchanges=2, conflits=1)
    first.refresh_from_db()
    assert (first.titre, first.suivi) == ("- Un titre en tiret", "Écrit pendant l’import")


def test_what_an_editor_just_wrote_as_the_file_does_is_no_change(client, sheets, run, meanwhile):
    first = sheets[0]
    text = edited(export(client), {first.pk: {"titre": "Autre"}})
    meanwhile(first.pk, titre="Autre")
    assert said(run(text), inchanges=3)


def test_a_sheet_that_is_deleted_during_the_import_is_refused(sheets, run, monkeypatch):
    load, pk = _Reader.load, sheets[2].pk

    def load_then_delete(self, block):
        load(self, block)
        Projet.objects.get(pk=pk).delete()

    monkeypatch.setattr(_Reader, "load", load_then_delete)
    outcome = run(f"identifiant,titre\n{pk},Autre\n")
    assert said(outcome, refus=1)
    assert f"il n’y a pas de fiche {pk}" in outcome.err


# Simulation and unreadable files


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_byte_astray_in_an_utf_8_file_is_refused_with_its_line(sheets, run, start, end):
    pk, before = sheets[0].pk, state()
    lines = [f"{start}identifiant,titre,description", f"{pk},Médiathèque,été", f"{pk},caf\udce9,œuvre"]
    with pytest.raises(CommandError, match=r"n’a pas été repris\. Ligne 3 : .*UTF-8"):
        run(end.join(lines).encode("utf-8", "surrogateescape"))
    assert state() == before


@mostly_long("titre", ["Café", "dit «\u00a0labellisé\u00a0»", "À «\u00a0À\u00a0» É»", "l’œuvre – 5 €…"], one_in=3)
def test_french_in_windows_1252_is_read_as_such(sheets, run, titre):
    """« é » before a no-break space and « » » would be one character in UTF-8, of no French text."""
    pk = sheets[0].pk
    assert said(run(f"identifiant,titre\n{pk},{titre}\n".encode("cp1252")), modifies=1)
    sheets[0].refresh_from_db()
    assert sheets[0].titre == " ".join(titre.split())


@pytest.mark.parametrize("path", ["absent.csv", "."])
def test_a_file_that_is_not_there_is_refused_in_french(db, tmp_path, path):
    with pytest.raises(CommandError, match=r"n’existe pas|est un dossier"):
        call_command("importer_projets", str(tmp_path / path))


def test_an_unknown_column_is_named_and_the_rest_is_taken(sheets, run):
    outcome = run(f"identifiant,titre,Commentaire\n{sheets[0].pk},Autre,à voir\n")
    assert "commentaire" in outcome.err.lower()
    assert said(outcome, modifies=1)


def test_rows_left_untold_are_counted_in_french(sheets, run):
    outcome = run("identifiant,titre\n" + "999999,x\n" * 51)
    assert said(outcome, refus=51)
    assert "… et 1 autre ligne.\n" in outcome.err


@pytest.mark.long
def test_five_hundred_rows_cost_a_block_not_a_query_each(client, sheets, run, django_assert_max_num_queries):
    make_many_projets({"departement_id": "22"} for _ in range(600))
    text = export(client)
    with django_assert_max_num_queries(12):
        assert said(run(text), inchanges=603)
