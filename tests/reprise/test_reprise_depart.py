"""`manage.py importer_yeswiki` on a site that had something else before, on other dumps, and on what is none."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fiches import registre
from fiches.enquetes.models import Enquete
from fiches.glossaire.models import Terme
from fiches.initiatives.models import Initiative
from participants.evenements.models import Evenement
from participants.inscriptions.models import Inscription
from projets.models import Projet
from reprise.models import Anomalie
from socle.annuaire.models import Statut
from socle.territoires.models import Commune
from tests.factories import ProjetFactory
from tests.reprise.extrait import EXTRAIT, changed, part
from tests.reprise.test_reprise_commande import AURAY, DINAN, TYPES, counts, database
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db


SOME = ("terme", "initiative", "evenement", "inscription")
some_or_all = mostly_long("types", [SOME, tuple(TYPES)], one_in=2, ids=len)


# Twice


@pytest.mark.long
@some_or_all
def test_a_simulation_says_the_same_and_leaves_the_database_as_it_was(france, take_over, types):
    data, before = part(types=types), database()
    simulated = take_over(data, "--simulation")
    assert database() == before
    real = take_over(data)
    assert simulated == real | {"simulation": True}
    before = database()
    take_over(changed("Description\n", "Description\nUn texte de plus\n", of=data), "--simulation")
    assert database() == before


# Edited here, changed there


@pytest.mark.long
def test_a_settled_anomaly_does_not_come_back(france, take_over):
    amount = "Montant du financement France Relance\n20 000"
    data = changed(f"{amount}\n", f"{amount} ou 30 000\n", of=part(AURAY, DINAN))
    take_over(data)
    anomalie = Anomalie.objects.get(type="montant_a_verifier")
    assert (anomalie.entree.titre, anomalie.texte) == ("PEF, Planning Emploi Formation", "20 000 ou 30 000")
    anomalie.reglee_le = timezone.now()
    anomalie.save()
    number = Anomalie.objects.count()
    rapport = take_over(data)
    assert not [row for row in rapport["anomalies"] if row["type"] == "montant_a_verifier"]
    assert Anomalie.objects.count() == number


@pytest.mark.long
def test_a_version_without_its_first_sheet_is_an_anomaly_each_time_until_settled(france, take_over):
    data = changed(
        "ville de Dinan centré sur l’expérience utilisateur (rapport V2)",
        "ville de Dinan, autre (rapport V2)",
        of=part(DINAN, f"{DINAN} (rapport V2)"),
    )
    for _ in range(2):
        rapport = take_over(data)
        assert [row["type"] for row in rapport["anomalies"]].count("version_probable") == 1
        assert Anomalie.objects.filter(type="version_probable").count() == 1


@pytest.mark.long
def test_a_corrected_authority_is_looked_up_again_and_an_editor_s_place_stays(france, take_over):
    auray, vannes, chosen = (
        changed("\nAuray - Ti Lab\n", f"\n{nom}\n", of=part(AURAY))
        for nom in ("Mairie d'Auray", "Mairie de Vannes", "Mairie de Lorient")
    )
    take_over(auray)
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


def test_a_draft_of_the_same_title_is_filled_and_stays_a_draft(france, take_over):
    mine = ProjetFactory(titre=AURAY, collectivite="", draft=True)
    rapport = take_over(part(AURAY, DINAN))
    mine.refresh_from_db()
    assert Projet.objects.count() == 2
    assert (mine.statut, mine.collectivite, mine.departement_id) == (Statut.BROUILLON, "Auray - Ti Lab", "56")
    assert mine.objectifs
    assert rapport["fiches"]["projet"]["modifiees"] == 1
    assert not Anomalie.objects.filter(type="change_des_deux_cotes").exists()


@pytest.mark.long
def test_a_version_that_came_before_its_first_sheet_is_tied_when_that_comes(france, take_over):
    titre, data = f"{DINAN} (rapport V2)", part(DINAN, f"{DINAN} (rapport V2)", AURAY)
    take_over(changed(f"{DINAN}\n{DINAN}\n", "DINAN - Un tout autre titre\n" * 2, of=data))
    assert Anomalie.objects.open().filter(type="version_probable").count() == 1
    take_over(data)
    Projet.objects.filter(titre="DINAN - Un tout autre titre").delete()
    second = Projet.objects.get(titre=titre)
    assert second.remplace.titre == DINAN
    assert not Anomalie.objects.open().filter(type="version_probable").exists()
    assert Projet.objects.published().figures()["total"] == 62_348  # that of Dinan once


@pytest.mark.long
def test_a_file_named_as_demo_data_makes_no_demo_sheet(france, take_over, tmp_path):
    data = part(AURAY, DINAN)
    (tmp_path / "démonstration").write_bytes(data)
    take_over(tmp_path / "démonstration")
    pks = set(Projet.objects.values_list("pk", flat=True))
    rapport = take_over(data)
    assert rapport["fiches"]["projet"]["inchangees"] == 2
    assert set(Projet.objects.values_list("pk", flat=True)) == pks


@pytest.mark.long
def test_an_end_in_doubt_is_kept_beside_the_last_sheet(france, take_over):
    data = b"Accueil\nAccueil\nDescription\nUn texte qui"
    for _ in range(2):
        take_over(data)
        doubt = Anomalie.objects.get(type="fin_douteuse")
        assert (doubt.entree.titre, doubt.champ, doubt.ligne) == ("Accueil", "Description", 4)
        assert "« Un texte qui »" in doubt.texte


@pytest.mark.long
def test_registrations_go_to_the_event_that_the_operator_names(france, tmp_path):
    source = tmp_path / "export.txt"
    source.write_bytes(part(types=("evenement", "inscription")))
    call_command("importer_yeswiki", str(source), verbosity=0)
    evenement = Evenement.objects.first()
    call_command("importer_yeswiki", str(source), evenement=evenement.slug, verbosity=0)
    assert evenement.inscriptions.count() == 9


@pytest.mark.long
def test_the_database_learns_how_many_rows_there_are_but_not_from_a_simulation(france, tmp_path):
    source = tmp_path / "export.txt"
    source.write_bytes(part(AURAY))
    with CaptureQueriesContext(connection) as queries:
        call_command("importer_yeswiki", str(source), "--simulation", verbosity=0)
        assert not [row for row in queries if row["sql"] in ("ANALYZE", "PRAGMA optimize")]
        call_command("importer_yeswiki", str(source), verbosity=0)
        assert queries.captured_queries[-1]["sql"] in ("ANALYZE", "PRAGMA optimize")


# Refused


@pytest.mark.long
@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 texte", b'{"id": 1}'], ids=["empty", "pdf", "json"])
def test_a_file_that_is_no_dump_is_refused_in_french_and_nothing_is_saved(france, take_over, data):
    before = database()
    with pytest.raises(CommandError) as error:
        take_over(data)
    said = str(error.value)
    assert "n’a pas été repris" in said
    assert "Rien n’a été enregistré" in said
    assert "--format" not in said
    assert "en texte seul" in said or b"PDF" not in data
    assert database() == before


@pytest.mark.long
@some_or_all
def test_a_dump_cut_between_two_lines_is_taken_and_never_invents(france, take_over, types):
    """Half a dump is a smaller dump: what it holds is read, no line is lost, no sheet is made up."""
    lines = part(types=types).splitlines(keepends=True)
    half, (first, *_) = len(lines) // 2, types
    model, number = registre.get(first).model, TYPES[first]
    rapport = take_over(b"".join(lines[:half]))
    assert rapport["lignes"]["total"] == half == sum(rapport["lignes"].values()) - half
    assert 0 < model.objects.count() < number
    assert take_over(b"".join(lines))["fiches"][first]["conflits"] == 0
    assert model.objects.count() == number
    assert first != "projet" or counts() == {"22": 10, "29": 3, "35": 10, "56": 12}


@pytest.mark.long
@pytest.mark.parametrize("path", ["absent/rapport.json", "."])
def test_a_report_that_cannot_be_written_is_said_before_anything_is_saved(france, tmp_path, path):
    before = database()
    with pytest.raises(CommandError, match="rapport ne peut pas être écrit"):
        call_command("importer_yeswiki", str(EXTRAIT), rapport=tmp_path / path, verbosity=0)
    assert database() == before


@pytest.mark.long
def test_the_operator_is_told_in_words(france, capsys):
    call_command("importer_yeswiki", str(EXTRAIT), "--simulation")
    said = capsys.readouterr().out
    assert "1\u202f945 lignes lues, 0 sans champ, 12 écartées, indésirables ou secrètes" in said
    assert "projets : 35 lus, 35 créés" in said
    assert "enquêtes : 8 lues, 8 créées" in said
    assert "ressources : 1 lue, 1 créée\n" in said
    assert "inscriptions : 9 lues, 9 créées" in said
    assert "fiches de type inconnu : 1 lue, gardée comme anomalie\n" in said
    assert "Simulation : rien n’a été enregistré." in said


# A text that ended before its end, then the whole


@pytest.mark.long
def test_a_record_that_was_cut_is_completed_and_no_more_in_doubt(france, take_over):
    take_over(b"Accueil\nAccueil\nDescription\nUn texte qui")
    rapport = take_over(b"Accueil\nAccueil\nDescription\nUn texte qui va au bout.\nVille\nBrest\n")
    assert (
        rapport["fiches"]["initiative"] | {"lues": 1, "modifiees": 1, "conflits": 0} == rapport["fiches"]["initiative"]
    )
    [fiche] = Initiative.objects.all()
    assert (fiche.description, fiche.ville) == ("Un texte qui va au bout.", "Brest")
    assert not Anomalie.objects.open().filter(type="fin_douteuse").exists()


def test_a_title_cut_from_its_body_is_a_word_to_define_until_somebody_looks(france, take_over):
    """It may as well be a word: the takeover deletes nothing by itself."""
    lines = ("Accueil", "Accueil", "Description", "Un.", "Borne", "Borne", "Description", "Deux.")
    for end in (6, None):
        take_over("".join(f"{line}\n" for line in lines[:end]).encode())
    assert set(Initiative.objects.values_list("titre", flat=True)) == {"Accueil", "Borne"}
    assert Anomalie.objects.open().get(entree__type="terme").type == "definition_manquante"


@pytest.mark.long
@mostly_long("cut", [3, 4, 5, 6], one_in=3)
def test_a_registration_that_was_cut_is_completed_not_doubled(france, take_over, cut):
    lines = ("Prénom", "Awena", "NOM", "Quéméner", "Courriel", "awena@exemple.bzh")
    text = "\n".join(lines[:cut])
    take_over(text[: -1 if cut > 3 else None].encode())
    take_over("".join(f"{line}\n" for line in lines).encode())
    [person] = Inscription.objects.all()
    assert (person.prenom, person.nom, person.courriel) == ("Awena", "Quéméner", "awena@exemple.bzh")
    assert not person.anomalies.open().filter(type="fin_douteuse").exists()


@pytest.mark.long
def test_spam_that_only_the_whole_text_tells_leaves_the_earlier_versions_too(france, take_over):
    data = EXTRAIT.read_bytes()
    take_over(data[: data.index(b"FloodCRM") + 9])
    assert [row for row in Enquete.history.values() if "FloodCRM" in str(row)]
    take_over(data)
    assert not [row for row in (*Enquete.history.values(), *Terme.history.values()) if "FloodCRM" in str(row)]
    assert not [row for row in Enquete.objects.values() if "FloodCRM" in str(row)]
