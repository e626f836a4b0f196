"""`manage.py importer_yeswiki` on a site with older data, on other dumps, and on what is none."""

import pytest
from django.core.management import CommandError, call_command

from fiches.initiatives.models import Initiative
from participants.inscriptions.models import Inscription
from projets.models import Projet
from reprise.models import Anomalie
from socle.annuaire.models import Statut
from socle.territoires.models import Commune
from tests.factories import ProjetFactory
from tests.reprise.extrait import EXTRAIT, changed, part
from tests.reprise.test_reprise_commande import AURAY, DINAN, database

pytestmark = pytest.mark.django_db


# Twice


@pytest.mark.long
def test_a_simulation_says_the_same_and_leaves_the_database_as_it_was(france, take_over):
    data, before = part(types=("terme", "initiative", "evenement", "inscription")), database()
    simulated = take_over(data, "--simulation")
    assert database() == before
    real = take_over(data)
    assert simulated == real | {"simulation": True}
    before = database()
    take_over(changed("Description\n", "Description\nUn texte de plus\n", of=data), "--simulation")
    assert database() == before


# Edited here, changed there


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
    assert Projet.objects.published().figures()["total"] == 62_348  # Dinan's counts once


# Refused


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


# A cut text, then the whole


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


@pytest.mark.long
def test_a_registration_that_was_cut_is_completed_not_doubled(france, take_over):
    lines = ("Prénom", "Awena", "NOM", "Quéméner", "Courriel", "awena@exemple.bzh")
    take_over("\n".join(lines[:4])[:-1].encode())
    take_over("".join(f"{line}\n" for line in lines).encode())
    [person] = Inscription.objects.all()
    assert (person.prenom, person.nom, person.courriel) == ("Awena", "Quéméner", "awena@exemple.bzh")
    assert not person.anomalies.open().filter(type="fin_douteuse").exists()
