"""What is kept of a takeover, at the desk and in the command's output, and how to undo it."""

import io
import threading

import pytest
from django.core.management import call_command
from django.urls import reverse

from fiches.initiatives.models import Initiative
from projets.models import Projet
from reprise.models import Reprise
from socle.comptes.roles import ADMINISTRATION, ANIMATION, REDACTION
from socle.journal.models import Ligne
from tests.comptes.test_droits import member
from tests.factories import ProjetFactory
from tests.reprise.extrait import initiative, part, take_lines
from tests.together import THREADS, together

pytestmark = pytest.mark.django_db


def take(*records, **options):
    return take_lines(*records, **options).reprise


def test_a_run_is_kept_with_its_figures_and_a_simulation_is_not(places):
    assert take(initiative(), simulation=True) is None
    assert not Reprise.objects.exists()
    reprise = take(initiative(), commande="importer_yeswiki export.txt")
    assert reprise.bilan["fiches"]["initiative"]["creees"] == 1
    assert (reprise.site, reprise.commande, reprise.format) == ("export.txt", "importer_yeswiki export.txt", "texte")


def test_the_command_is_told_without_the_folders_of_the_machine(places, take_over, tmp_path):
    take_over(part(types=("episode",)), "--fichiers", str(tmp_path))
    assert Reprise.objects.get().commande == f"importer_yeswiki dump.txt --fichiers {tmp_path.name}"


def test_administration_alone_reads_runs_and_how_to_go_back(places, client, tmp_path):
    copie = tmp_path / "avant-reprise.tar.gz"
    copie.write_bytes(b"")
    reprise = take(initiative(), copie=str(copie))
    page = reverse("admin:reprise_reprise_change", args=[reprise.pk])
    for role in (REDACTION, ANIMATION):
        client.force_login(member(role))
        assert client.get(page).status_code == 403
    client.force_login(member(ADMINISTRATION))
    said = client.get(page).content.decode().replace("\xa0", " ")
    assert "1 lue, 1 créée" in said
    assert f"restaurer {copie}" in said
    assert "1 lue, 1 créée, aucune modifiée" in client.get(reverse("admin:reprise_reprise_changelist")).content.decode()
    copie.unlink()
    said = client.get(page).content.decode()
    assert "n’est plus à sa place" in said.replace("\xa0", " ")
    assert "restaurer" not in said
    Reprise.objects.update(copie="")
    assert "on ne peut pas y revenir" in client.get(page).content.decode()


def test_the_end_of_a_run_names_what_changed_on_both_sides(places, tmp_path):
    take(initiative(description="Une laverie."), initiative("Atelier"))
    Initiative.objects.get(titre="Accueil").change({"description": "Notre laverie."})
    source, out = tmp_path / "export.txt", io.StringIO()
    source.write_text("\n".join([*initiative("Atelier"), *initiative(description="Une autre laverie.")]) + "\n")
    call_command("importer_yeswiki", str(source), stdout=out, stderr=out)
    assert (
        "1 fiche a changé ici et sur l’ancien site, à régler dans l’espace de rédaction :\n  Accueil (description)"
        in out.getvalue()
    )


@pytest.mark.django_db(transaction=True)
@THREADS
def test_editors_save_while_a_takeover_is_at_work_and_nobody_waits_for_it_in_a_circle(places):
    titres = [f"Atelier {n:02}" for n in range(12)]
    take_lines(*(initiative(titre) for titre in titres))
    projet, done, to_do = ProjetFactory(), *(Initiative.objects.get(titre=titres[n]) for n in (1, 10))
    last = Ligne.objects.latest("numero").numero
    half, saved = threading.Event(), threading.Event()

    def slowly(rows, unit, what):
        for rank, row in enumerate(rows):
            if unit == "fiche" and rank == len(titres) // 2:
                half.set()
                assert saved.wait(30), "an editor waits for the takeover"
            yield row

    def edit():
        half.wait()
        for fiche in (projet, to_do):  # rows that the takeover has not reached
            fiche.change({"titre": f"{fiche.titre}, relu"})
        saved.set()
        done.change({"titre": f"{done.titre}, relu"})  # a row that it has, until it ends

    together(lambda: take_lines(*(initiative(titre, "Un autre texte.") for titre in titres), progress=slowly), edit)
    assert Projet.objects.get().titre.endswith("relu")
    assert Initiative.objects.filter(titre__endswith="relu").count() == 2
    told = list(Ligne.objects.filter(numero__gt=last).order_by("numero").values_list("type", "entree"))
    assert told[:2] == [("projet", projet.pk), ("initiative", to_do.pk)]
    assert told[-1] == ("initiative", done.pk)
    assert {pk for type, pk in told if type == "initiative"} == set(Initiative.objects.values_list("pk", flat=True))
