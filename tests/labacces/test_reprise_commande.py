"""`manage.py importer_yeswiki`: an extract of the old site, taken over once, twice, edited in between, or refused."""

import io
import json
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Count, Sum
from django.utils import timezone

from fiches.models import AncienneAdresse, Entree, Statut, Theme
from fiches.recherche.models import Indexe
from fiches.referentiels.chargement import read_tables, save_table
from fiches.referentiels.models import Commune
from fiches.suivi.models import Anomalie, Conflit, Origine
from fiches.themes import load_themes
from projets.models import Projet
from tests.factories import ProjetFactory

pytestmark = pytest.mark.django_db

EXTRAIT = Path(__file__).parent.parent / "exemples" / "extrait-labacces.txt"
THEMES = Path(__file__).parent.parent.parent / "fixtures" / "themes.json"
AURAY = "AURAY - PEF, Planning Emploi Formation"
MONTANT = "Montant du financement France Relance"
BUT = ("L’objet de cet outil est", "Le but de cet outil est")
TYPES = {
    **{"projet": 35, "initiative": 6, "enquete": 8, "terme": 20, "ressource": 1, "episode": 5, "evenement": 3},
    **{"inscription": 9, "exploration": 4, "inconnu": 1},
}
LIGNES = {"total", "titres", "libelles", "valeurs", "repetitions", "vides", "ecartees", "non_attribuees"}


@lru_cache(maxsize=1)
def _tables():
    """The official code, its communes those of Bretagne and around."""
    near = {"22", "29", "35", "44", "56"}
    return [
        (table.model, [item for item in items if table.model is not Commune or item.departement_id in near])
        for table, items in read_tables()
    ]


@pytest.fixture
def france(db):
    for model, items in _tables():
        save_table(model, items)
    load_themes(THEMES)


@pytest.fixture
def take_over(france, tmp_path):
    """Run the command on the extract or on other bytes; its report."""

    def run(data=EXTRAIT, *options):
        source = data
        if isinstance(data, bytes):
            source = tmp_path / "dump.txt"
            source.write_bytes(data)
        rapport = tmp_path / "rapport.json"
        call_command("importer_yeswiki", str(source), *options, rapport=rapport, verbosity=0)
        return json.loads(rapport.read_text(encoding="utf-8"))

    return run


def changed(old, new, count=1):
    text = EXTRAIT.read_text(encoding="utf-8")
    assert text.count(old) >= count
    return text.replace(old, new).encode()


def database():
    """All rows of all tables that a takeover or an edit writes, as values."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in ("referentiels", "auth", "contenttypes", "sessions", "admin", "comptes"):
            continue
        names = [field.attname for field in model._meta.concrete_fields]
        found[model._meta.label] = sorted(map(repr, model.objects.values_list(*names)))
    return found


def counts():
    return dict(
        Projet.objects.published()
        .order_by()
        .values_list("departement")
        .annotate(n=Count("pk"))
        .values_list("departement", "n")
    )


# Figures


def test_the_extract_is_taken_over_whole(take_over):
    rapport = take_over()
    assert {cle: counts["lues"] for cle, counts in rapport["fiches"].items()} == TYPES
    assert rapport["fiches"]["projet"] == {"lues": 35, "creees": 35, "modifiees": 0, "inchangees": 0, "conflits": 0}
    assert sum(counts["lues"] for cle, counts in rapport["fiches"].items() if cle != "projet") == 57
    assert Projet.objects.published().count() == Projet.objects.count() == Entree.objects.count() == 35
    assert counts() == {"22": 10, "29": 3, "35": 10, "56": 12}
    assert Projet.objects.aggregate(total=Sum("montant_eur"))["total"] == 769_866
    figures = Projet.objects.published().figures()
    assert figures["total"] == 727_518
    assert Indexe.objects.count() == 35
    assert Projet.history.count() - Projet.objects.filter(remplace__isnull=False).count() == 35


def test_every_line_is_accounted_for(take_over):
    lignes = take_over()["lignes"]
    assert set(lignes) == LIGNES
    assert lignes["total"] == 1945 == sum(lignes.values()) - lignes["total"]
    assert lignes["non_attribuees"] == 0


def test_the_report_has_exactly_the_keys_promised(take_over):
    rapport = take_over()
    assert set(rapport) == {"format", "simulation", "lignes", "fiches", "anomalies"}
    assert (rapport["format"], rapport["simulation"]) == ("texte", False)
    for row in rapport["fiches"].values():
        assert set(row) == {"lues", "creees", "modifiees", "inchangees", "conflits"}
    assert rapport["anomalies"]
    for row in rapport["anomalies"]:
        assert set(row) == {"type", "fiche", "champ", "ligne", "texte"}
        assert row["type"] in Anomalie.Type.values
        assert 1 <= row["ligne"] <= 1945


def test_what_an_old_sheet_said_is_what_the_new_one_says(take_over, client):
    take_over()
    projet = Projet.objects.get(titre=AURAY)
    assert projet.statut == Statut.PUBLIEE
    assert projet.publiee_le
    assert projet.departement_id == "56"
    assert (projet.montant_source, projet.montant_eur) == ("20 000", Decimal("20000"))
    assert projet.description.startswith("Problématique importante du partage")
    assert projet.titre_public == "PEF, Planning Emploi Formation"
    assert client.get(projet.get_absolute_url()).status_code == 200
    second = Projet.objects.get(remplace__isnull=False)
    assert "rapport V2" in second.titre
    assert second.remplace.titre == second.titre.removesuffix(" (rapport V2)")
    assert not client.get("/projets/?q=FloodCRM").context["selection"].total


def test_nine_projects_in_ten_get_a_theme(take_over):
    take_over()
    assert Projet.objects.filter(themes__isnull=False).distinct().count() >= 32
    assert not Projet.objects.filter(themes_automatiques=False).exists()


def test_spam_stands_in_anomalies_and_nowhere_else(take_over):
    rapport = take_over()
    assert sum(row["type"] == "contenu_indesirable" for row in rapport["anomalies"]) == 12
    for table, rows in database().items():
        if table != "suivi.Anomalie":
            assert not any("FloodCRM" in row for row in rows), table


def test_persons_are_in_no_record_no_history_and_no_index(take_over):
    take_over()
    for table, rows in database().items():
        if table != "fiches.Contact":
            assert not any("@exemple.bzh" in row for row in rows), table


# Twice


def test_a_second_takeover_changes_nothing(take_over):
    first = take_over()
    before = database()
    second = take_over()
    assert second["fiches"]["projet"] == {"lues": 35, "creees": 0, "modifiees": 0, "inchangees": 35, "conflits": 0}
    assert second["anomalies"] == first["anomalies"]
    assert database() == before


def test_the_same_text_with_other_line_ends_changes_nothing(take_over):
    take_over()
    before = database()
    assert take_over(EXTRAIT.read_bytes().replace(b"\n", b"\r\n"))["fiches"]["projet"]["inchangees"] == 35
    after = database()
    assert after["projets.Projet"] == before["projets.Projet"]
    assert after["projets.HistoricalProjet"] == before["projets.HistoricalProjet"]


def test_a_simulation_says_the_same_and_leaves_the_database_as_it_was(take_over):
    before = database()
    simulated = take_over(EXTRAIT, "--simulation")
    assert database() == before
    real = take_over()
    assert simulated == real | {"simulation": True}
    before = database()
    take_over(changed("20 000\n", "21 000\n"), "--simulation")
    assert database() == before


# Edited here, changed there


def test_a_sheet_edited_here_is_kept_and_the_old_text_stands_beside_it_once(take_over):
    take_over()
    projet = Projet.objects.get(titre=AURAY)
    old = projet.objectifs
    projet.objectifs = "Corrigé par la rédaction"
    projet.save()
    for _ in range(2):
        rapport = take_over()
        assert rapport["fiches"]["projet"]["conflits"] == 1
        assert rapport["fiches"]["projet"]["inchangees"] == 34
        projet.refresh_from_db()
        assert projet.objectifs == "Corrigé par la rédaction"
        conflit = Conflit.objects.get()
        assert (conflit.entree_id, conflit.champ) == (projet.pk, "objectifs")
        assert (conflit.ici, conflit.ancien_site) == ("Corrigé par la rédaction", old)
    assert projet.history.count() == 2


def test_what_changed_on_the_old_site_only_is_taken(take_over):
    take_over()
    projet = Projet.objects.get(titre=AURAY)
    rapport = take_over(changed(*BUT))
    assert rapport["fiches"]["projet"] == {"lues": 35, "creees": 0, "modifiees": 1, "inchangees": 34, "conflits": 0}
    projet.refresh_from_db()
    assert "Le but de cet outil" in projet.objectifs
    assert projet.history.count() == 2
    assert not Conflit.objects.exists()
    assert take_over(changed(*BUT))["fiches"]["projet"]["inchangees"] == 35


def test_a_change_there_beside_an_edit_here_is_taken_and_only_the_same_field_conflicts(take_over):
    take_over()
    projet = Projet.objects.get(titre=AURAY)
    projet.description = "Notre description"
    projet.save()
    rapport = take_over(changed(*BUT))
    projet.refresh_from_db()
    assert projet.description == "Notre description"
    assert "Le but de cet outil" in projet.objectifs
    assert rapport["fiches"]["projet"]["conflits"] == 1
    assert Conflit.objects.get().champ == "description"


def test_a_settled_conflict_does_not_come_back_for_the_same_text(take_over):
    take_over()
    projet = Projet.objects.get(titre=AURAY)
    projet.objectifs = "Corrigé par la rédaction"
    projet.save()
    take_over()
    Conflit.objects.update(regle_le=timezone.now())
    for _ in range(2):
        assert take_over()["fiches"]["projet"]["conflits"] == 0
        assert Conflit.objects.count() == 1
    projet.refresh_from_db()
    assert projet.objectifs == "Corrigé par la rédaction"
    # The old site says something new: somebody has to look again.
    assert take_over(changed("L’objet de cet outil est", "Le but est"))["fiches"]["projet"]["conflits"] == 1
    assert Conflit.objects.open().count() == 1


def test_a_settled_anomaly_does_not_come_back(take_over):
    take_over(
        changed(
            "Montant du financement France Relance\n20 000\n",
            "Montant du financement France Relance\n20 000 ou 30 000\n",
        )
    )
    anomalie = Anomalie.objects.get(type="montant_a_verifier")
    assert (anomalie.entree.titre, anomalie.texte) == ("PEF, Planning Emploi Formation", "20 000 ou 30 000")
    anomalie.reglee_le = timezone.now()
    anomalie.save()
    number = Anomalie.objects.count()
    data = changed(
        "Montant du financement France Relance\n20 000\n", "Montant du financement France Relance\n20 000 ou 30 000\n"
    )
    rapport = take_over(data)
    assert not [row for row in rapport["anomalies"] if row["type"] == "montant_a_verifier"]
    assert Anomalie.objects.count() == number


def test_a_version_without_its_first_sheet_is_an_anomaly_each_time_until_settled(take_over):
    data = changed(
        "ville de Dinan centré sur l’expérience utilisateur (rapport V2)", "ville de Dinan, autre (rapport V2)"
    )
    for _ in range(2):
        rapport = take_over(data)
        assert [row["type"] for row in rapport["anomalies"]].count("version_probable") == 1
        assert Anomalie.objects.filter(type="version_probable").count() == 1


def test_an_editor_s_choices_are_never_overwritten(take_over):
    take_over()
    projet = Projet.objects.get(titre=AURAY)
    archives = Theme.objects.get(slug="archives")
    projet.themes_automatiques = False
    projet.titre_court = "Planning commun"
    projet.slug = "planning"
    projet.save(finish=False)
    projet.themes.set([archives])
    projet.finish()
    retired = Projet.objects.exclude(pk=projet.pk).first()
    retired.statut = Statut.RETIREE
    retired.save()
    take_over(changed(*BUT))
    projet.refresh_from_db()
    retired.refresh_from_db()
    assert "Le but de cet outil" in projet.objectifs
    assert list(projet.themes.all()) == [archives]
    assert (projet.titre_public, projet.slug) == ("Planning commun", "planning")
    assert AncienneAdresse.objects.filter(entree=projet.pk).exists()
    assert retired.statut == Statut.RETIREE


def test_a_sheet_that_was_typed_here_before_is_recognised_by_its_title(take_over):
    mine = ProjetFactory(titre=AURAY, collectivite="Auray - Ti Lab", departement_id="56", themes=[])
    take_over()
    assert Projet.objects.count() == 35
    assert Projet.objects.get(titre=AURAY).pk == mine.pk


def test_demo_sheets_give_way_to_real_ones_unless_somebody_edited_them(take_over):
    call_command("charger_demo", stdout=io.StringIO())
    demo = Projet.objects.count()
    assert demo > 1
    kept = Projet.objects.order_by("pk").last()
    kept.titre = "Un essai que je garde"
    kept.save()
    take_over()
    assert Projet.objects.count() == 36
    assert Projet.objects.filter(pk=kept.pk).exists()
    assert Entree.objects.count() == Indexe.objects.count() == 36
    assert counts()["56"] >= 12


def test_what_a_takeover_leaves_can_be_dumped_and_loaded(take_over, tmp_path):
    take_over()

    def dump(name):
        path = tmp_path / name
        call_command("dumpdata", "fiches", "projets", "suivi", "recherche", output=str(path), verbosity=0)
        return path, json.loads(path.read_text(encoding="utf-8"))

    path, before = dump("avant.json")
    Entree.objects.all().delete()
    Theme.objects.all().delete()
    Projet.history.all().delete()
    call_command("loaddata", str(path), verbosity=0)
    # Loading themes writes one more version of each sheet: django-simple-history cannot tell a fixture from an edit.
    after = [row for row in dump("apres.json")[1] if "historical" not in row["model"]]
    assert after == [row for row in before if "historical" not in row["model"]]
    assert Projet.objects.count() == Origine.objects.count() == Indexe.objects.count() == 35
    assert take_over()["fiches"]["projet"]["inchangees"] == 35


# Refused


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\r\n  \n",
        bytes(range(256)) * 20,
        b"PK\x03\x04" + bytes(500),
        b"%PDF-1.7 texte",
        b"<!doctype html><html></html>",
        b'{"id": 1}',
        b"Une lettre\nqui ne vient pas de l'ancien site\n",
        EXTRAIT.read_text(encoding="utf-8").encode("cp1252", errors="replace"),
        EXTRAIT.read_text(encoding="utf-8").encode("utf-16"),
        EXTRAIT.read_bytes()[: EXTRAIT.read_bytes().index("é".encode(), 30_000) + 1],
    ],
    ids=["empty", "blank", "binary", "zip", "pdf", "html", "json", "letter", "cp1252", "utf16", "cut in a character"],
)
def test_a_file_that_is_no_dump_is_refused_in_french_and_nothing_is_saved(take_over, data):
    before = database()
    with pytest.raises(CommandError) as error:
        take_over(data)
    assert "n’a pas été repris" in str(error.value)
    assert "Rien n’a été enregistré" in str(error.value)
    assert database() == before


def test_a_dump_cut_between_two_lines_is_taken_or_refused_but_never_invents(take_over):
    """Half a dump is a smaller dump: what it holds is read, no line is lost, no sheet is made up."""
    lines = EXTRAIT.read_bytes().splitlines(keepends=True)
    rapport = take_over(b"".join(lines[:1000]))
    assert rapport["lignes"]["total"] == 1000 == sum(rapport["lignes"].values()) - 1000
    assert 0 < Projet.objects.count() < 35
    assert take_over()["fiches"]["projet"]["conflits"] == 0
    assert counts() == {"22": 10, "29": 3, "35": 10, "56": 12}


@pytest.mark.parametrize(("path", "says"), [("absent.txt", "n’existe pas"), (".", "est un dossier")])
def test_a_source_that_is_no_file_is_refused_in_french(france, tmp_path, path, says):
    with pytest.raises(CommandError, match=says):
        call_command("importer_yeswiki", str(tmp_path / path), verbosity=0)


@pytest.mark.parametrize("path", ["absent/rapport.json", "."])
def test_a_report_that_cannot_be_written_is_said_before_anything_is_saved(france, tmp_path, path):
    before = database()
    with pytest.raises(CommandError, match="rapport ne peut pas être écrit"):
        call_command("importer_yeswiki", str(EXTRAIT), rapport=tmp_path / path, verbosity=0)
    assert database() == before


def test_the_operator_is_told_in_words(france, capsys):
    call_command("importer_yeswiki", str(EXTRAIT), "--simulation")
    said = capsys.readouterr().out
    assert "1945 lignes lues" in said
    assert "projet : 35 lues, 35 créées" in said
    assert "Simulation : rien n’a été enregistré." in said
