"""What a takeover makes of persons, spam, twins and demo records, and the next one of edits here."""

import re
import stat

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse

from fiches.attached import Contact
from fiches.glossaire.models import Terme
from fiches.initiatives.models import Initiative
from fiches.suivi.corbeille import erase, take_back, throw_away
from reprise.models import Anomalie, Reprise
from reprise.persons import digest, follow_persons
from reprise.resolution import put_back, take_theirs
from socle.annuaire.models import Statut
from socle.vie_privee.models import TexteIntegral
from socle.vie_privee.public_text import Decision
from tests.ecrits import NOM_MASQUE, TELEPHONE_MASQUE
from tests.factories import ProjetFactory
from tests.reprise.extrait import EXTRAIT, initiative, part
from tests.reprise.extrait import take_lines as take

pytestmark = pytest.mark.django_db


def changed_twice():
    """Changes on both sides."""
    return Anomalie.objects.filter(type="change_des_deux_cotes")


def terme(titre, definition):
    return [titre, titre, "Définition", *definition.split("\n")]


def contacts():
    return sorted(Contact.objects.values_list("nom", "courriel"))


def test_a_record_of_the_bin_is_not_made_again_and_the_report_says_so():
    lines = initiative("Un café des droits", "Un café, le samedi.")
    take(lines)
    throw_away(Initiative.objects.get())
    changed = initiative("Un café des droits", "Un café, le dimanche.")
    report = take(changed)
    assert report.corbeille == ["Un café des droits"]
    assert report.as_dict()["corbeille"] == ["Un café des droits"]
    assert (report.fiches["initiative"]["creees"], report.fiches["initiative"]["inchangees"]) == (0, 1)
    fiche = Initiative.objects.get()
    assert (fiche.statut, fiche.description, fiche.version) == (Statut.CORBEILLE, "Un café, le samedi.", 2)
    take_back(fiche)
    assert take(changed).fiches["initiative"]["modifiees"] == 1
    throw_away(Initiative.objects.get())
    erase(fiche.entree)
    assert not take(changed).fiches["initiative"]["creees"]


# Persons of records


def test_a_text_is_compared_as_it_was_written_and_what_was_said_of_its_words_stays():
    told = initiative("Avec Awena Prigent", "Rue Enora Calvez, avec Awena Prigent au 06 39 98 01 23.")
    assert take(told).fiches["initiative"]["creees"] == 1
    fiche = Initiative.objects.get()
    assert fiche.description == f"Rue Enora Calvez, avec Awena Prigent au {TELEPHONE_MASQUE}."
    words = [Decision("titre", "Awena Prigent"), Decision("description", "Awena Prigent")]
    kept = [Decision("description", "06 39 98 77 02", TexteIntegral.Raison.GARDE, "anne")]
    fiche.change({}, decisions=[*words, *kept])
    public = (f"Avec {NOM_MASQUE}", f"Rue Enora Calvez, avec {NOM_MASQUE} au {TELEPHONE_MASQUE}.")
    assert (fiche.titre, fiche.description) == public
    for _ in range(2):
        assert take(told).fiches["initiative"]["inchangees"] == 1
    assert not changed_twice().exists()
    more = "Rue Enora Calvez, avec Prigent Awena au 06.39.98.01.23. Ou au 06 39 98 77 02, d’autres."
    assert take(initiative("Avec Awena Prigent", more)).fiches["initiative"]["modifiees"] == 1
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.description) == (public[0], f"{public[1]} Ou au 06 39 98 77 02, d’autres.")


def test_a_text_that_was_edited_after_its_masks_is_never_unmasked():
    told = initiative("Un café", "Avec Awena Prigent au 06 39 98 01 23.", auteur="Awena Prigent")
    take(told)
    fiche = Initiative.objects.get()
    edited = f"Venez avec {NOM_MASQUE} au {TELEPHONE_MASQUE}."
    fiche.change({"description": edited})
    take(told)
    take(initiative("Un café", "Avec Awena Prigent au 06 39 98 01 23, le lundi.", auteur="Awena Prigent"))
    fiche.refresh_from_db()
    assert fiche.description == edited
    (row,) = changed_twice()
    take_theirs(row)
    fiche.refresh_from_db()
    assert fiche.description == f"Avec {NOM_MASQUE} au {TELEPHONE_MASQUE}, le lundi."


def test_a_person_whom_the_old_site_names_later_is_masked_in_what_it_said_before():
    take(initiative("Un café", "Avec Awena Prigent."))
    assert Initiative.objects.get().description == "Avec Awena Prigent."
    take(initiative("Un café", "Avec Awena Prigent.", auteur="Awena Prigent"))
    assert Initiative.objects.get().description == f"Avec {NOM_MASQUE}."


def test_an_erased_person_does_not_come_back_when_another_one_comes():
    take(initiative(auteur="Anne Le Goff anne@exemple.bzh"))
    Contact.objects.all().delete()
    changed = [*initiative(auteur="Anne Le Goff anne@exemple.bzh"), "Comment contacter cette initiative?", "Malo Riou"]
    assert take(changed).fiches["initiative"]["modifiees"] == 1
    assert contacts() == [("Malo Riou", "")]
    assert take(changed).fiches["initiative"]["inchangees"] == 1


def test_a_person_edited_here_is_not_doubled_and_one_whom_nobody_edited_follows_the_old_site():
    both = ["Comment contacter cette initiative?", "Malo Riou"]
    take([*initiative(auteur="Anne Le Goff"), *both])
    Contact.objects.filter(nom="Anne Le Goff").update(courriel="anne@exemple.bzh")
    take([*initiative(auteur="Anne Le Goff"), both[0], "Malo Riou malo@exemple.bzh"])
    assert contacts() == [("Anne Le Goff", "anne@exemple.bzh"), ("Malo Riou", "malo@exemple.bzh")]
    take(initiative(auteur="Anne Le Goff"))  # no longer named, or hidden
    assert contacts() == [("Anne Le Goff", "anne@exemple.bzh"), ("Malo Riou", "malo@exemple.bzh")]


def test_a_record_of_which_persons_alone_changed_is_told_apart(tmp_path, places, capsys, admin_client):
    assert "personnes_seules" not in take(initiative(auteur="Anne Le Goff")).fiches["initiative"]
    text, version = tmp_path / "export.txt", Initiative.objects.get().version
    text.write_text("\n".join(initiative(auteur="Malo Riou")) + "\n")
    call_command("importer_yeswiki", str(text))
    assert "1 lue, 1 modifiée (pour 1, seules les personnes ont changé)" in capsys.readouterr().out
    assert Initiative.objects.get().version == version
    page = admin_client.get(reverse("admin:reprise_reprise_change", args=[Reprise.objects.first().pk]))
    assert "1 modifiée (pour 1, seules les personnes ont changé)" in page.content.decode()
    assert "personnes_seules" not in take(initiative(description="Autre", auteur="Anne Le Goff")).fiches["initiative"]


@pytest.mark.parametrize("edit", ["accord", "sans_message"])
def test_an_agreement_to_be_shown_or_a_wish_for_no_messages_is_an_edit(edit):
    take(initiative(auteur="Anne Le Goff"))
    Contact.objects.update(**{edit: True})
    take(initiative(auteur="Anne Le Goff anne@exemple.bzh"))
    assert contacts() == [("Anne Le Goff", "")]
    take(initiative(auteur="Malo Riou"))
    assert contacts() == [("Anne Le Goff", ""), ("Malo Riou", "")]


@pytest.mark.parametrize(("then", "kept"), [("Malo Riou malo@exemple.bzh", []), ("Zoé Riou", [("Zoé Riou", "")])])
def test_who_is_told_by_one_source_alone_is_not_forgotten_after_another(then, kept):
    label = "Comment contacter cette initiative?"
    take([*initiative(auteur="Anne Le Goff"), label, "Malo Riou malo@exemple.bzh"])
    take(initiative(auteur="Anne Le Goff"))
    if not kept:
        Contact.objects.filter(nom="Malo Riou").delete()
    take([*initiative(auteur="Anne Le Goff"), label, then])
    assert contacts() == [("Anne Le Goff", ""), *kept]


def test_a_name_that_begins_another_is_somebody_else_and_a_first_name_may_be_told_alone():
    take(initiative(auteur="Jean Martinez"))
    take(initiative(auteur="Jean"))
    assert contacts() == [("Jean Martinez", "")]
    take(initiative(auteur="Jean Martin"))
    assert contacts() == [("Jean Martin", "")]
    take(initiative(auteur="Jean Martinez"))
    assert contacts() == [("Jean Martinez", "")]


@pytest.mark.parametrize("then", ["Anne Le Goff", "Anne", "Anne Le Goff autre@exemple.bzh"])
def test_an_erased_person_does_not_come_back_when_the_address_or_the_name_is_hidden(then):
    take(initiative(auteur="Anne Le Goff anne@exemple.bzh"))
    Contact.objects.all().delete()
    take(initiative(auteur=then))
    assert contacts() == []


def test_an_address_that_was_taken_out_here_does_not_come_back():
    take(initiative(auteur="Anne Le Goff anne@exemple.bzh"))
    Contact.objects.update(courriel="")
    for auteur in ("Anne Le Goff", "Anne Le Goff anne@exemple.bzh"):
        take(initiative(auteur=auteur))
        assert contacts() == [("Anne Le Goff", "")]


@pytest.mark.parametrize("hidden", [("nom", "courriel"), ("nom",), ("courriel",)])
def test_a_function_that_changes_while_the_rest_is_hidden_empties_nothing(hidden):
    entree, known = ProjetFactory().entree, set()
    person = {"role": "referent", "nom": "Anne Le Goff", "fonction": "Directrice", "courriel": "anne@exemple.bzh"}
    follow_persons(entree, [person], known)
    changed = person | {"fonction": "Présidente"}
    follow_persons(entree, [changed | dict.fromkeys(hidden, "")], known)
    assert Contact.objects.values("role", "nom", "fonction", "courriel").get() == changed


ANNE = {"role": "referent", "nom": "Anne Le Goff", "courriel": "anne@exemple.bzh"}


@pytest.mark.parametrize("edited", [True, False])
def test_a_base_that_knows_persons_by_all_that_was_told_learns_their_names(edited):
    entree, known = ProjetFactory().entree, {digest(ANNE)}
    if edited:
        Contact.objects.create(entree=entree, telephone="06 39 98 01 23", **ANNE)
    assert not follow_persons(entree, [ANNE], known)
    Contact.objects.all().delete()
    assert not follow_persons(entree, [ANNE | {"courriel": ""}], known)
    assert not Contact.objects.exists()


def test_who_was_told_by_name_alone_and_erased_does_not_come_back_with_an_address():
    known = {digest(ANNE | {"courriel": ""})}
    assert not follow_persons(ProjetFactory().entree, [ANNE], known)
    assert not Contact.objects.exists()


def test_an_address_that_was_taken_out_here_stays_out_after_a_source_that_hides_it():
    entree, known = ProjetFactory().entree, set()
    for row in (ANNE, ANNE | {"courriel": ""}):
        follow_persons(entree, [row], known)
    Contact.objects.update(courriel="")
    assert not follow_persons(entree, [ANNE], known)
    assert Contact.objects.get().courriel == ""


def test_the_index_names_no_person_of_the_dump_even_before_the_commit_is_told(client):
    """Commit hooks never run in this test."""
    take(
        initiative("Accueil", "Anne Le Goff a tout fait.", auteur="Anne Le Goff"),
        initiative("Café", "Malo Riou y est venu, avec M. Corre ; ils sont venus.", auteur="Malo Riou"),
    )
    for name in ("Corre", "Goff", "Riou"):
        assert not client.get("/initiatives/", {"q": f'"{name}"'}).context["selection"].total, name
    assert client.get("/initiatives/", {"q": "venus"}).context["selection"].total == 1


# Organisations that are their own authors


@pytest.mark.parametrize(
    ("acteur", "auteur", "kept"),
    [
        ("CCAS", "CCAS de Rennes", "CCAS"),
        ("Fañch Kerdoncuff", "fañch KERDONCUFF - Agence Grrr", ""),
        ("Anne", "Anne Le Goff", "Anne"),
    ],
)
def test_an_actor_is_hidden_only_if_it_is_the_person_who_wrote(acteur, auteur, kept):
    take(initiative(acteur=acteur, auteur=auteur))
    assert Initiative.objects.get().acteur == kept


# Twins


def test_titles_that_look_like_numbered_twins_are_records_of_their_own():
    dump = (terme("X", "Un"), terme("X", "Deux"), terme("X #2", "Trois"))
    assert take(*dump).fiches["terme"]["creees"] == 3
    assert take(*dump).fiches["terme"]["inchangees"] == 3
    assert sorted(Terme.objects.values_list("titre", "definition")) == [("X", "Deux"), ("X", "Un"), ("X #2", "Trois")]


# Spam


SPAM = ("Un texte.", "Un autre.", "Encore un.")


def spammed(*, definition="Un mot.\nFloodCRM"):
    """Enough spam, in several types, to be known as such."""
    first, second, third = (initiative(f"Accueil {n}", f"{texte}\nFloodCRM") for n, texte in enumerate(SPAM))
    return [first, second, third, terme("Zèle", definition)]


@pytest.mark.parametrize(
    ("first", "kept"), [("FloodCRM", ""), ("Un mot.\nFloodCRM", "Un mot."), ("Un mot.", "Un mot.")]
)
def test_a_field_that_is_nothing_but_spam_now_takes_nothing_but_that_spam_away(first, kept):
    take(terme("Zèle", first))
    take(*spammed(definition="FloodCRM"))
    assert Terme.objects.get().definition == kept
    assert Anomalie.objects.filter(entree__type="terme", type="contenu_indesirable").exists()
    for _ in range(2):
        assert take(*spammed(definition="FloodCRM")).fiches["terme"]["inchangees"] == 1


@pytest.mark.parametrize("said", ["https://", "nulle part", "http://"])
def test_what_is_no_link_or_no_choice_empties_nothing(said):
    labels = ["Mot clef de l'action", "Entraide", "Lien Web si existant", "https://exemple.bzh/"]
    take([*initiative(), *labels])
    labels[1], labels[3] = "awena@exemple.bzh", said
    take([*initiative(), *labels])
    fiche = Initiative.objects.get()
    assert (fiche.lien, [one.nom for one in fiche.mots_cles.all()]) == ("https://exemple.bzh/", ["Entraide"])


def test_a_text_that_was_no_spam_goes_back_to_the_end_of_its_field():
    take(*spammed(definition="Un mot.\nFloodCRM\nLa suite."))
    anomalie = Anomalie.objects.get(entree__type="terme", type="contenu_indesirable")
    assert Terme.objects.get().definition == "Un mot.\nLa suite."
    put_back(anomalie)
    assert Terme.objects.get().definition == "Un mot.\nLa suite.\nFloodCRM"
    assert not take(*spammed(definition="Un mot.\nFloodCRM\nLa suite.")).fiches["terme"]["conflits"]


# The command


def test_a_site_that_is_not_ready_says_which_command_comes_first(db):
    with pytest.raises(CommandError, match="charger_referentiels"):
        call_command("importer_yeswiki", str(EXTRAIT), verbosity=0)
    MigrationRecorder(connection).migration_qs.filter(app="inscriptions").delete()
    with pytest.raises(CommandError, match=r"manage\.py migrate"):
        call_command("importer_yeswiki", str(EXTRAIT), verbosity=0)


def test_nobody_else_may_read_the_report(places, tmp_path):
    path = tmp_path / "rapport.json"
    path.write_text("ancien")
    path.chmod(0o644)
    (tmp_path / "export.txt").write_bytes(part(types=("episode",)))
    call_command("importer_yeswiki", str(tmp_path / "export.txt"), "--simulation", rapport=path, verbosity=0)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8").startswith("{")


def test_who_trains_touches_nothing_of_the_real_site():
    told = (settings.BASE_DIR / "docs" / "reprise.md").read_text(encoding="utf-8")
    example = told.partition("\n## S’entraîner")[2].partition("\n## ")[0]
    given = dict(word.split("=", 1) for word in re.findall(r"^export (.*)$", example, re.M) for word in word.split())
    folders = {name: given.pop(name) for name in ("DATABASE_URL", "MEDIA_ROOT", "SAUVEGARDES", "EFFACEMENTS")}
    assert given == dict.fromkeys(("DATABASE_REPLICA_URL", "MEDIA_URL_S3", "CACHE_URL", "EMAIL_URL"), "")
    (folder,) = re.findall(r"`rm -r (/tmp/\w+)`", example)
    assert all(path.removeprefix("sqlite:///").startswith(f"{folder}/") for path in folders.values())
    assert f"--dossier {folder}/" in example  # else an address's answers would stay in var/reprises/
