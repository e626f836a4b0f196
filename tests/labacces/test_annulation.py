"""A takeover that is undone leaves the database as it was, or says what stands in the way and changes nothing."""

import io

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from fiches import registre
from fiches.initiatives.models import Initiative
from fiches.models import Choix, Contact
from fiches.podcast.models import Episode
from fiches.suivi import trace
from fiches.suivi.annulation import AnnulationImpossible, annuler, prepare
from fiches.suivi.models import DEMONSTRATION, Anomalie, Conflit, Origine, Reprise, TraceReprise
from fiches.suivi.resolution import apply_text
from participants.contacter.models import Message
from participants.inscriptions.models import Inscription
from reprise.dump import read_dump
from reprise.sauvegarde import save_lecture
from socle.annuaire.models import Entree, Statut
from socle.comptes.roles import ADMINISTRATION, ANIMATION, REDACTION
from tests.comptes.test_droits import member
from tests.conftest import as_read
from tests.factories import UtilisateurFactory
from tests.labacces.extrait import part

pytestmark = pytest.mark.django_db

TOLD = {"suivi.Reprise", "suivi.TraceReprise", "admin.LogEntry"}  # what tells of a takeover, besides the history


def dump():
    """Every row of every table, but for what tells of takeovers."""
    models = [m for m in apps.get_models(include_auto_created=True) if not trace.is_history(m)]
    return {m._meta.label: set(map(repr, m._base_manager.values_list())) for m in models if m._meta.label not in TOLD}


def different(before, after):
    return {label: before[label] ^ after[label] for label in before if before[label] != after[label]}


def initiative(titre="Accueil", description="Un texte.", acteur="", auteur="", mots=""):
    lines = [titre, titre, "Description", *description.split("\n")]
    lines += ["Mot clef de l'action", mots] if mots else []
    lines += ["Nom de l'acteur", acteur] if acteur else []
    return [*lines, *(["Auteur de la fiche", auteur] if auteur else [])]


def inscription(prenom, organisation="Askoria"):
    return [*("Prénom", prenom, "NOM", "Riou", "Organisation", organisation, "Courriel", f"{prenom}@exemple.bzh")]


def take(*records, **kwargs):
    text = "\n".join(line for record in records for line in record) + "\n"
    return save_lecture(read_dump(text.encode(), registre.formulaires()), site="export.txt", **kwargs).reprise


def run(*args):
    out = io.StringIO()
    call_command("annuler_reprise", *args, stdout=out, stderr=out)
    return out.getvalue()


# The database as before


def test_what_a_second_takeover_changed_is_as_it_was(places):
    take(
        initiative(description="Une première version.", acteur="Caf", auteur="Anne Le Goff anne@exemple.bzh"),
        initiative(titre="Atelier", description="Notre atelier."),
        inscription("Malo"),
    )
    edited = Initiative.objects.get(titre="Atelier")
    edited.description = "Notre bel atelier."
    edited.save()
    before = dump()
    second = take(
        initiative(description="Une autre version.", acteur="Cpam", auteur="Malo Riou malo@exemple.bzh"),
        initiative(titre="Atelier", description="Leur atelier."),
        initiative(titre="Nouvelle"),
        inscription("Malo", "Emmaüs"),
        inscription("Nolwenn"),
    )
    assert Conflit.objects.open().exists()
    assert Initiative.objects.get(titre="Accueil").version == 2
    annuler(second)
    assert different(before, dump()) == {}
    history = [record.history_change_reason for record in Initiative.objects.get(titre="Accueil").history.all()]
    assert history == [f"Reprise de l’ancien site annulée (n° {second.pk})", *["Reprise de l’ancien site"] * 2]
    assert Initiative.history.filter(titre="Nouvelle", history_type="-").exists()


def test_an_undone_takeover_leaves_an_unedited_record_unedited(places):
    first = take(initiative(description="Un."))
    annuler(take(initiative(description="Deux.")))
    take(initiative(description="Trois."))
    assert Initiative.objects.get().description == "Trois."
    assert not Conflit.objects.exists()
    annuler(Reprise.objects.first())
    annuler(first)
    assert not Entree.objects.exists()


def test_the_search_finds_what_stands_again(places):
    take(initiative(description="Une cantine.", auteur="Anne Le Goff"))
    annuler(take(initiative(description="Une laverie. Malo Riou y vient.", auteur="Malo Riou")))
    assert Initiative.objects.search("cantine").exists()
    assert not Initiative.objects.search("laverie").exists()


def test_files_that_it_attached_leave_the_disk(
    france, take_over, tmp_path, settings, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path / "medias"
    folder = tmp_path / "files"
    folder.mkdir()
    episodes = part(types=("episode",))
    take_over(episodes)
    episode = Episode.objects.exclude(nom_origine="").first()
    (folder / episode.nom_origine).write_bytes(b"ID3 un son")
    before = dump()
    take_over(episodes, "--fichiers", str(folder))
    kept = Episode.objects.get(pk=episode.pk).fichier
    assert kept.storage.exists(kept.name)
    with django_capture_on_commit_callbacks(execute=True):
        plan = annuler(Reprise.objects.first())
    assert ("fichier à retirer du disque", 1) in plan.actions
    assert different(before, dump()) == {}
    assert not kept.storage.exists(kept.name)


# What is kept of a run


def test_a_run_is_kept_with_its_figures_and_a_simulation_is_not(places):
    assert take(initiative(), simulation=True) is None
    assert not Reprise.objects.exists()
    reprise = take(initiative(), commande="importer_yeswiki export.txt")
    assert reprise.bilan["fiches"]["initiative"]["creees"] == 1
    assert (reprise.site, reprise.commande, reprise.format) == ("export.txt", "importer_yeswiki export.txt", "texte")


def test_the_command_is_told_without_the_folders_of_the_machine(france, take_over, tmp_path):
    take_over(part(types=("episode",)), "--fichiers", str(tmp_path))
    assert Reprise.objects.get().commande == f"importer_yeswiki dump.txt --fichiers {tmp_path.name}"


def test_it_forgets_who_wrote_about_a_demo_record_that_left():
    demo = Initiative.objects.create(titre="Exemple", statut=Statut.PUBLIEE)
    Origine.objects.create(entree=demo.entree, type="initiative", cle="exemple", site=DEMONSTRATION)
    message = Message.objects.create(entree=demo.entree, nom="Maïwenn", courriel="maiwenn@exemple.bzh", texte="Bonjour")
    reprise = take(initiative())
    message.refresh_from_db()
    assert message.entree_id is None
    assert "Maïwenn" in str([trace.lignes for trace in reprise.traces.all()])
    message.delete()
    assert "Maïwenn" not in str([trace.lignes for trace in reprise.traces.all()])
    with pytest.raises(AnnulationImpossible):
        annuler(reprise)


def test_it_forgets_a_person_who_is_erased(places):
    take(inscription("Malo"))
    second = take(inscription("Malo", "Emmaüs"))
    assert "Askoria" in str(list(TraceReprise.objects.values()))
    Inscription.objects.get().delete()
    assert "Askoria" not in str(list(TraceReprise.objects.values()))
    assert not prepare(second).possible


def test_what_it_kept_goes_after_a_while(places):
    reprise = take(initiative())
    Reprise.objects.update(le=timezone.now() - trace.CONSERVATION * 2)
    take(initiative(titre="Autre"))
    assert not reprise.traces.exists()
    annuler(Reprise.objects.first())
    with pytest.raises(AnnulationImpossible, match="trop ancienne"):
        annuler(Reprise.objects.get(pk=reprise.pk))


# What stands in the way


def edit_text(fiche):
    fiche.description = "Autre chose."
    fiche.save()


IN_THE_WAY = {
    "its text is edited": edit_text,
    "a person is added": lambda fiche: Contact.objects.create(entree=fiche.entree, nom="Malo Riou"),
    "it is deleted": lambda fiche: fiche.delete(),
    "it is withdrawn": lambda fiche: (setattr(fiche, "statut", Statut.RETIREE), fiche.save()),
    "an anomaly is settled": lambda fiche: Anomalie.objects.update(reglee_le=timezone.now()),
    "a theme is added": lambda fiche: fiche.themes.create(nom="Santé", slug="sante"),
}


@pytest.mark.parametrize("edit", IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_work_done_since_on_a_record_is_told_and_nothing_changes(places, edit):
    reprise = take([*initiative(), "Lien Web si existant", "https://"], initiative(titre="Autre"))
    assert Anomalie.objects.exists()
    edit(Initiative.objects.get(titre="Accueil"))
    before = dump()
    with pytest.raises(AnnulationImpossible) as caught:
        annuler(reprise)
    titles = {one.titre for one in caught.value.plan.touchees}
    assert "Accueil" in titles
    assert "Autre" not in titles
    assert different(before, dump()) == {}


def test_an_editor_who_chose_a_value_that_it_made_is_in_the_way(places):
    reprise = take([*initiative(), "Mot clef de l'action", "Ressourcerie"])
    assert prepare(reprise).possible
    Initiative.objects.create(titre="La nôtre").mots_cles.add(Choix.objects.get(nom="Ressourcerie"))
    assert not prepare(reprise).possible


def test_a_later_takeover_is_undone_first(places):
    first, second = take(initiative()), take(initiative(titre="Autre"))
    with pytest.raises(AnnulationImpossible, match=f"annulez d’abord la reprise n° {second.pk}"):
        annuler(first)
    annuler(second)
    annuler(first)
    assert not Initiative.objects.exists()


def test_the_choice_of_a_conflict_is_in_the_way(places):
    take(initiative(description="Un."))
    edit_text(Initiative.objects.get())
    reprise = take(initiative(description="Deux."))
    apply_text(Initiative.objects.get(), "description", "Deux.")
    assert [one.titre for one in prepare(reprise).touchees] == ["Accueil"]


def test_no_person_is_named_among_what_stands_in_the_way(places):
    reprise = take(inscription("Malo"))
    Inscription.objects.update(nom="Le Goff")
    (touched,) = prepare(reprise).touchees
    assert touched.titre == f"inscription n° {Inscription.objects.get().pk}"


# The command


def test_each_line_of_the_summary_says_which_field_it_is_about(places):
    words = [words for words, _ in prepare(take(initiative(mots="Quartier"))).actions]
    assert len(set(words)) == len(words)
    assert "choix de « mots clefs de l’action » (initiatives), à supprimer" in words


def test_the_command_says_first_then_does(places):
    reprise = take(initiative())
    told = run(str(reprise.pk), "--simulation")
    assert "1 initiative, à supprimer" in told
    assert "Accueil" in told
    assert "rien n’a été changé" in told
    assert Initiative.objects.exists()
    assert "est annulée" in run(str(reprise.pk))
    assert not Initiative.objects.exists()
    with pytest.raises(CommandError, match="déjà annulée"):
        run(str(reprise.pk))
    with pytest.raises(CommandError, match="Il n’y a pas de reprise"):
        run("999")


def test_who_undid_it_stands_in_the_run_and_in_the_history(places):
    anne = UtilisateurFactory()
    reprise = take(initiative())
    annuler(reprise, user=anne)
    assert Reprise.objects.get().annulee_par == anne
    assert Initiative.history.first().history_user == anne


def test_everything_that_hangs_on_records_is_watched():
    labels = {model._meta.label for model in trace.watched()}
    assert {"fiches.Contact", "suivi.Origine", "projets.Annexe", "projets.Projet_themes", "fiches.Choix"} <= labels
    assert {"fiches.AncienIdentifiant", "annuaire.AncienneAdresse", "inscriptions.AnomalieInscription"} <= labels
    assert not {"projets.HistoricalProjet", "recherche.Indexe", "comptes.Utilisateur"} & labels


# The desk


def test_administration_alone_reads_runs_and_undoes_them_with_a_button(places, client):
    reprise = take(initiative())
    page, button = (reverse(f"admin:suivi_reprise_{name}", args=[reprise.pk]) for name in ("change", "annuler"))
    for role in (REDACTION, ANIMATION):
        client.force_login(member(role))
        assert client.get(page).status_code == client.post(button).status_code == 403
    client.force_login(member(ADMINISTRATION))
    assert client.get(button).status_code == 405
    assert "1 initiative, à supprimer" in client.get(page).content.decode()
    assert Initiative.objects.exists()
    assert "la base est comme avant elle" in client.post(button, follow=True).content.decode()
    assert not Initiative.objects.exists()
    assert "Cette reprise est déjà annulée" in client.post(button, follow=True).content.decode()


def test_the_page_names_the_records_in_the_way_and_has_no_button(places, client):
    reprise = take(initiative())
    edit_text(Initiative.objects.get())
    client.force_login(member(ADMINISTRATION))
    said = as_read(client.get(reverse("admin:suivi_reprise_change", args=[reprise.pk])))
    assert "Accueil</a> (modifiée depuis)" in said
    assert "annuler-reprise" not in said


def test_the_page_says_in_french_what_was_added_since_and_what_was_not_done(places, client):
    reprise = take(initiative())
    Conflit.objects.create(entree=Initiative.objects.get().entree, champ="description", ancien_site="Autre")
    client.force_login(member(ADMINISTRATION))
    said = as_read(client.get(reverse("admin:suivi_reprise_change", args=[reprise.pk])))
    assert "Accueil</a> (ajouté depuis : conflit de reprise)" in said.replace("\xa0", " ")
    assert "1 lue, 1 créée, aucune modifiée" in client.get(reverse("admin:suivi_reprise_changelist")).content.decode()
