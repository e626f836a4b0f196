"""`manage.py importer_yeswiki`: an extract of the old site, taken over once, twice, edited in between, or refused."""

import io
import json
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fiches import registre
from fiches.initiatives.models import Initiative
from fiches.models import AncienIdentifiant, AncienneAdresse, Choix, Entree, Statut, Theme
from fiches.recherche.models import Indexe
from fiches.referentiels.chargement import read_tables, save_table
from fiches.referentiels.models import Commune
from fiches.suivi.models import Anomalie, Conflit, Ecartee, Origine
from fiches.themes import load_themes
from participants.evenements.models import Evenement
from participants.explorations.models import Exploration
from participants.inscriptions.models import Inscription
from projets.models import Projet
from tests.factories import ProjetFactory

pytestmark = pytest.mark.django_db

EXTRAIT = Path(__file__).parent.parent / "exemples" / "extrait-labacces.txt"
THEMES = Path(__file__).parent.parent.parent / "fixtures" / "themes.json"
AURAY = "AURAY - PEF, Planning Emploi Formation"
MONTANT = "Montant du financement France Relance"
# Where persons may stand: contacts of sheets, participants and what was odd in their own fields.
PERSONNES = {"fiches.Contact", "inscriptions.Inscription", "inscriptions.AnomalieInscription"}
PERSONNES |= {"explorations.Exploration", "explorations.AnomalieExploration"}
BUT = ("L’objet de cet outil est", "Le but de cet outil est")
TYPES = {
    **{"projet": 35, "initiative": 6, "enquete": 8, "terme": 20, "ressource": 1, "episode": 5, "evenement": 3},
    **{"inscription": 9, "exploration": 4, "inconnu": 1},
}
# What a takeover writes to, as `dumpdata` names it; the index last, as loading themes writes it too.
TABLES = ["fiches", *(declaration.model._meta.app_label for declaration in registre.types())]
TABLES += ["inscriptions", "explorations", "suivi", "recherche"]
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
    for cle, lues in TYPES.items():
        assert rapport["fiches"][cle]["creees"] == (0 if cle == "inconnu" else lues), cle
    taken = [declaration for declaration in registre.types() if declaration.cle in registre.reprises()]
    public = sum(TYPES[declaration.cle] for declaration in taken)
    assert public == 78
    for declaration in taken:
        assert declaration.model.objects.published().count() == TYPES[declaration.cle], declaration.cle
        assert declaration.model.objects.count() == Entree.objects.filter(type=declaration.cle).count()
    assert Entree.objects.published().count() == Entree.objects.count() == Origine.objects.count() == public
    assert (Inscription.objects.count(), Exploration.objects.count()) == (9, 4)
    unknown = Anomalie.objects.get(type="type_inconnu")
    assert unknown.entree is None
    assert unknown.texte
    assert Projet.objects.count() == 35
    assert counts() == {"22": 10, "29": 3, "35": 10, "56": 12}
    assert Projet.objects.aggregate(total=Sum("montant_eur"))["total"] == 769_866
    figures = Projet.objects.published().figures()
    assert figures["total"] == 727_518
    assert Indexe.objects.count() == public
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
    holders = {table for table, rows in database().items() if any("@exemple.bzh" in row for row in rows)}
    assert holders - PERSONNES == set()
    assert "inscriptions.Inscription" in holders


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


def test_an_editor_s_save_of_this_moment_is_waited_for(take_over):
    """A sheet is locked before it is compared. SQLite has one writer at a time and no such lock."""
    take_over()
    with CaptureQueriesContext(connection) as queries:
        take_over()
    reads = [
        row["sql"] for row in queries if 'INNER JOIN "fiches_entree"' in row["sql"] and '"projets_projet"' in row["sql"]
    ]
    assert len(reads) >= 35
    if connection.features.has_select_for_update:
        assert sum('FOR UPDATE OF "projets_projet"' in sql for sql in reads) == 35


def test_a_corrected_authority_is_looked_up_again_and_an_editor_s_place_stays(take_over):
    vannes, chosen = (changed("\nAuray - Ti Lab\n", f"\n{nom}\n") for nom in ("Mairie de Vannes", "Mairie de Lorient"))
    take_over(changed("\nAuray - Ti Lab\n", "\nMairie d'Auray\n"))
    projet = Projet.objects.get(titre=AURAY)
    assert projet.commune.nom == "Auray"
    take_over(vannes)
    projet.refresh_from_db()
    assert (projet.commune.nom, projet.intercommunalite_id) == ("Vannes", projet.commune.intercommunalite_id)
    projet.commune = Commune.objects.get(nom="Carnac")
    projet.intercommunalite = None
    projet.save()
    take_over(chosen)
    projet.refresh_from_db()
    assert (projet.collectivite, projet.commune.nom) == ("Mairie de Lorient", "Carnac")


def test_a_draft_of_the_same_title_is_filled_and_stays_a_draft(take_over):
    mine = ProjetFactory(titre=AURAY, collectivite="", draft=True)
    rapport = take_over()
    mine.refresh_from_db()
    assert (mine.statut, mine.collectivite, mine.departement_id) == (Statut.BROUILLON, "Auray - Ti Lab", "56")
    assert mine.objectifs
    assert rapport["fiches"]["projet"]["modifiees"] == 1
    assert not Conflit.objects.exists()


def test_a_conflict_that_somebody_has_settled_in_the_text_is_closed(take_over):
    take_over()
    projet = Projet.objects.get(titre=AURAY)
    old = projet.objectifs
    projet.objectifs = "Corrigé par la rédaction"
    projet.save()
    take_over()
    assert Conflit.objects.open().count() == 1
    projet.objectifs = old
    projet.save()
    assert take_over()["fiches"]["projet"]["conflits"] == 0
    assert not Conflit.objects.open().exists()


def test_a_sheet_deleted_here_stays_deleted_until_its_row_is(take_over):
    take_over()
    Projet.objects.get(titre=AURAY).delete()
    ecartee = Ecartee.objects.get()
    assert (ecartee.type, ecartee.titre) == ("projet", "PEF, Planning Emploi Formation")
    for _ in range(2):
        rapport = take_over()
        assert rapport["fiches"]["projet"] == {"lues": 35, "creees": 0, "modifiees": 0, "inchangees": 35, "conflits": 0}
        assert not Projet.objects.filter(titre=AURAY).exists()
    ecartee.delete()
    assert take_over()["fiches"]["projet"]["creees"] == 1
    assert Projet.objects.filter(titre=AURAY).exists()
    assert not Ecartee.objects.exists()


def test_a_version_that_came_before_its_first_sheet_is_tied_when_that_comes(take_over):
    titre = next(line for line in EXTRAIT.read_text(encoding="utf-8").splitlines() if line.endswith("(rapport V2)"))
    first = titre.removesuffix(" (rapport V2)")
    take_over(changed(f"\n{first}\n{first}\n", "\nDINAN - Un tout autre titre\nDINAN - Un tout autre titre\n"))
    assert Anomalie.objects.open().filter(type="version_probable").count() == 1
    take_over()
    Projet.objects.filter(titre="DINAN - Un tout autre titre").delete()
    second = Projet.objects.get(titre=titre)
    assert second.remplace.titre == first
    assert not Anomalie.objects.open().filter(type="version_probable").exists()
    assert Projet.objects.published().figures()["total"] == 727_518


def test_demo_sheets_of_a_type_that_the_dump_does_not_hold_stay(take_over):
    call_command("charger_demo", stdout=io.StringIO())
    before = Projet.objects.count()
    take_over(b"Accueil\nAccueil\nDescription\nUn texte.\n")
    assert Projet.objects.count() == before
    assert Initiative.objects.count() == 1


def test_a_file_named_as_demo_data_makes_no_demo_sheet(take_over, tmp_path):
    (tmp_path / "démonstration").write_bytes(EXTRAIT.read_bytes())
    take_over(tmp_path / "démonstration")
    pks = set(Projet.objects.values_list("pk", flat=True))
    rapport = take_over()
    assert rapport["fiches"]["projet"]["inchangees"] == 35
    assert set(Projet.objects.values_list("pk", flat=True)) == pks


def test_an_end_in_doubt_is_kept_beside_the_last_sheet(take_over):
    data = b"Accueil\nAccueil\nDescription\nUn texte qui"
    for _ in range(2):
        take_over(data)
        doubt = Anomalie.objects.get(type="fin_douteuse")
        assert (doubt.entree.titre, doubt.ligne, doubt.texte) == ("Accueil", 4, "Un texte qui")
    take_over(EXTRAIT.read_bytes().removesuffix(b"\n"))
    assert Anomalie.objects.filter(type="fin_douteuse").count() == 1


def test_registrations_go_to_the_event_that_the_operator_names(france):
    call_command("importer_yeswiki", str(EXTRAIT), verbosity=0)
    evenement = Evenement.objects.first()
    call_command("importer_yeswiki", str(EXTRAIT), evenement=evenement.slug, verbosity=0)
    assert evenement.inscriptions.count() == 9


def test_the_database_learns_how_many_rows_there_are_but_not_from_a_simulation(france):
    with CaptureQueriesContext(connection) as queries:
        call_command("importer_yeswiki", str(EXTRAIT), "--simulation", verbosity=0)
        assert not [row for row in queries if row["sql"] in ("ANALYZE", "PRAGMA optimize")]
        call_command("importer_yeswiki", str(EXTRAIT), verbosity=0)
        assert queries.captured_queries[-1]["sql"] in ("ANALYZE", "PRAGMA optimize")


def test_demo_sheets_give_way_to_real_ones_unless_somebody_edited_them(take_over):
    call_command("charger_demo", stdout=io.StringIO())
    taken = [declaration for declaration in registre.types() if declaration.demo]
    for declaration in taken:
        assert declaration.model.objects.exists(), declaration.cle
    kept = Projet.objects.order_by("pk").last()
    kept.titre = "Un essai que je garde"
    kept.save()
    take_over()
    assert Projet.objects.filter(pk=kept.pk).exists()
    for declaration in taken:
        kept_here = declaration.cle == "projet"
        assert declaration.model.objects.count() == TYPES[declaration.cle] + kept_here, declaration.cle
    assert Entree.objects.count() == Indexe.objects.count() == 79
    assert not Ecartee.objects.exists()
    assert counts()["56"] >= 12


def test_what_a_takeover_leaves_can_be_dumped_and_loaded(take_over, tmp_path):
    take_over()

    def dump(name):
        path = tmp_path / name
        call_command("dumpdata", *TABLES, output=str(path), verbosity=0)
        # Rows come in the order of `modifiee_le`, of which a fixture keeps milliseconds, and « .000 » but once.
        rows = json.loads(path.read_text(encoding="utf-8").replace(".000Z", "Z"))
        for row in rows:  # several-choice fields have no order in a database
            row["fields"] = {k: sorted(v, key=str) if isinstance(v, list) else v for k, v in row["fields"].items()}
        return path, sorted(rows, key=lambda row: (row["model"], str(row["pk"])))

    path, before = dump("avant.json")
    for model in (Entree, Inscription, Exploration, AncienIdentifiant, Theme, Choix, Anomalie, Ecartee):
        model.objects.all().delete()
    for declaration in registre.types():
        declaration.model.history.all().delete()
    call_command("loaddata", str(path), verbosity=0)
    # Loading themes writes one more version of each sheet: django-simple-history cannot tell a fixture from an edit.
    after = [row for row in dump("apres.json")[1] if "historical" not in row["model"]]
    assert after == [row for row in before if "historical" not in row["model"]]
    assert Entree.objects.count() == Origine.objects.count() == Indexe.objects.count() == 78
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
    assert "1\u202f945 lignes lues, 0 sans champ, 12 écartées" in said
    assert "projets : 35 lus, 35 créés" in said
    assert "enquêtes : 8 lues, 8 créées" in said
    assert "ressources : 1 lue, 1 créée\n" in said
    assert "inscriptions : 9 lues, 9 créées" in said
    assert "fiches de type inconnu : 1 lue, gardée comme anomalie\n" in said
    assert "Simulation : rien n’a été enregistré." in said
