"""A restored backup: what was erased or withdrawn since is done again, and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from fiches.attached import Contact
from participants.contacter import relais
from participants.contacter.courriels import DUREE, STOP
from participants.contacter.models import Message
from participants.explorations import courriels as explorer
from participants.explorations import parcours
from participants.explorations.models import Exploration
from participants.inscriptions import courriels as inscrire
from participants.inscriptions.erasure import forget
from participants.inscriptions.models import BesoinAcces, Inscription
from projets.models import Projet
from socle.comptes.roles import ANIMATION
from socle.courrier import liens
from socle.courrier.models import Courriel, Lien
from socle.vie_privee import erasure_list, personnes
from socle.vie_privee.models import Demande, Effacement
from tests.factories import ProjetFactory, UtilisateurFactory, member
from tests.factories.contacter import MessageFactory
from tests.factories.participants import EvenementFactory, ExplorationFactory, InscriptionFactory

ADRESSE = "zelie.kerzonfleur@exemple.bzh"
ZELIE = {"prenom": "Zélie", "nom": "Kerzonfleur", "courriel": ADRESSE}
DAY = timedelta(days=1)
RESTORED = (Inscription, BesoinAcces, Exploration, Contact, Courriel, Lien, Message, Effacement)


class Sauvegarde:
    """A copy of the tables with personal data."""

    def __init__(self):
        self.rows = [(model, list(model._base_manager.order_by("pk").values())) for model in RESTORED]

    def restore(self):
        for model, _ in reversed(self.rows):
            model._base_manager.all().delete()
        for model, rows in self.rows:
            model._base_manager.bulk_create(model(**row) for row in rows)


def replay(*options) -> str:
    out = StringIO()
    call_command("rejouer_effacements", *options, stdout=out, stderr=out)
    return out.getvalue()


def register(evenement=None, days=3, **data):
    evenement = evenement or EvenementFactory()
    return InscriptionFactory(evenement=evenement, cree_le=timezone.now() - days * DAY, **ZELIE | data)


def explore(**data):
    """A public record of some days ago."""
    ago = timezone.now() - 3 * DAY
    shown = {"accord_publication": True, "accord_le": ago, "relue_le": ago, "confirmee_le": ago}
    return ExplorationFactory(**{"courriel": ADRESSE, "cree_le": ago} | shown | data)


def press(client, row, **data):
    mails, route = (inscrire, "inscriptions") if isinstance(row, Inscription) else (explorer, "explorations")
    page = reverse(f"{route}:personnelle", args=[mails.personal_token(row)])
    return client.post(page, data)


# What people do by themselves


@pytest.mark.django_db
def test_a_registration_that_its_person_erased_is_erased_again_and_no_other(client, liste):
    here, there = register(), register()
    other = InscriptionFactory(evenement=here.evenement)
    backup = Sauvegarde()
    press(client, here, action="effacer")
    assert "kerzonfleur" not in liste.read_text()
    backup.restore()
    assert Inscription.objects.count() == 3
    assert "une à une : 1." in replay()
    assert set(Inscription.objects.all()) == {there, other}
    assert "Effacements à refaire : 0." in replay()


@pytest.mark.django_db
def test_after_its_event_it_is_emptied_again_and_still_counts(client):
    row = register(EvenementFactory(dans=-3), days=20, commentaire="du bruit")
    backup = Sauvegarde()
    press(client, row, action="effacer")
    backup.restore()
    replay()
    row.refresh_from_db()
    assert (row.prenom, row.nom, row.courriel, row.commentaire, row.statut) == ("", "", "", "", "inscrite")


@pytest.mark.django_db
def test_whoever_left_before_the_event_is_not_counted_at_it_by_a_later_replay(client):
    row = register(EvenementFactory(dans=2))
    backup = Sauvegarde()
    press(client, row, action="effacer")
    backup.restore()
    type(row.evenement).objects.filter(pk=row.evenement_id).update(termine_le=timezone.now())
    replay()
    assert not Inscription.objects.exists()


@pytest.mark.django_db
def test_a_sheet_that_its_person_erased_is_erased_again_their_registration_stays(client):
    row, registration = explore(), register()
    backup = Sauvegarde()
    press(client, row, action="effacer")
    backup.restore()
    replay()
    assert not Exploration.objects.exists()
    assert Inscription.objects.get() == registration


def withdraw(client, row):
    press(client, row, action="retirer")


def correct(client, row):
    press(client, row, action="corriger", nom=row.nom, accord_publication="non")


def take_off(client, row):
    parcours.withdraw(row, par_equipe=True)


def write_down(client, row):
    parcours.note_consent(row, False)


@pytest.mark.django_db
@pytest.mark.parametrize("way", [withdraw, correct, take_off, write_down])
def test_a_sheet_that_was_withdrawn_is_off_the_site_again_and_kept(client, way):
    row, other = explore(), explore(courriel="malo@exemple.bzh")
    backup = Sauvegarde()
    way(client, row)
    backup.restore()
    assert client.get(f"/exploration/{row.pk}/").status_code == 200
    replay()
    assert client.get(f"/exploration/{row.pk}/").status_code == 404
    assert client.get(f"/exploration/{other.pk}/").status_code == 200
    row.refresh_from_db()
    assert (row.courriel, row.accord_publication, row.accord_le) == (ADRESSE, False, None)


@pytest.mark.django_db
@pytest.mark.parametrize("again", ["accord_le", "relue_le"])
def test_a_sheet_that_its_person_agreed_to_show_again_stays_shown(client, again):
    row = explore()
    press(client, row, action="retirer")
    later = {"accord_publication": True, "accord_le": None, "relue_le": timezone.now() - 2 * DAY}
    Exploration.objects.update(**later | {again: timezone.now()})
    Effacement.objects.all().delete()  # as in a database of before
    replay()
    assert client.get(f"/exploration/{row.pk}/").status_code == 200


@pytest.mark.django_db
def test_whoever_wants_no_more_messages_gets_none_again(client):
    fiche = ProjetFactory()
    contact = Contact.objects.create(entree=fiche.entree, nom="Zélie Kerzonfleur", courriel=ADRESSE)
    other = Contact.objects.create(entree=fiche.entree, nom="Malo Kerinvente", courriel="malo@exemple.bzh")
    backup = Sauvegarde()
    client.post(reverse("contacter:stop", args=[liens.issue(STOP, contact, duree=DUREE)]))
    backup.restore()
    assert len(relais.recipients(fiche.entree)) == 2
    replay()
    assert relais.recipients(fiche.entree) == [("malo@exemple.bzh", other)]
    assert Contact.objects.get(pk=contact.pk).nom  # nothing else is erased


@pytest.mark.django_db
def test_a_row_that_staff_delete_is_deleted_again(client):
    client.force_login(member(ANIMATION))
    rows, sheet, kept = [register(), register()], explore(), register()
    backup = Sauvegarde()
    keys = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    client.post("/admin/inscriptions/inscription/", keys)
    client.post(f"/admin/explorations/exploration/{sheet.pk}/delete/", {"post": "yes"})
    backup.restore()
    assert "une à une : 3." in replay()
    assert (Inscription.objects.get(), Exploration.objects.exists()) == (kept, False)


@pytest.mark.django_db
def test_a_key_that_serves_twice_is_not_the_same_row(client):
    """After a restored backup a new registration may get the key of an erased one."""
    row = register()
    press(client, row, action="effacer")
    newcomer = InscriptionFactory(pk=row.pk, evenement=EvenementFactory(), nom="Kerinvente")
    Effacement.objects.all().delete()
    replay()
    assert Inscription.objects.get() == newcomer


@pytest.mark.django_db
def test_a_takeover_done_again_gives_keys_in_another_order(client):
    """A backup of before the takeover was restored, and the old site taken over again."""
    row = register(cle="zelie kerzonfleur | x")
    press(client, row, action="effacer")
    Effacement.objects.all().delete()
    other = InscriptionFactory(pk=row.pk, evenement=EvenementFactory(), nom="Kerinvente", cle="malo kerinvente | x")
    register(cle="zelie kerzonfleur | x")
    assert "une à une : 1." in replay()
    assert Inscription.objects.get() == other


@pytest.mark.django_db
def test_what_a_database_has_done_it_does_not_do_twice(client):
    row = explore()
    press(client, row, action="retirer")
    parcours.note_consent(row, True)  # staff were told; no date says when
    replay("--tout")
    row.refresh_from_db()
    assert row.accord_publication


# After an erasure


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("options", [(), ("--tout",)])
def test_whoever_comes_back_before_the_replay_keeps_all_that_is_new(options):
    fiche = ProjetFactory(description=f"Écrire à {ADRESSE}.", cree_le=timezone.now() - 9 * DAY)
    register()
    backup = Sauvegarde()
    personnes.forget(ADRESSE)
    backup.restore()
    Projet.objects.filter(pk=fiche.pk).update(description=f"Écrire à {ADRESSE}.")
    back = register(days=0, commentaire=f"Mon adresse : {ADRESSE}")
    BesoinAcces.objects.create(inscription=back, texte=f"Écrivez à {ADRESSE}")
    inscrire.confirmed(back)
    MessageFactory(courriel=ADRESSE)
    Demande.objects.create(courriel=ADRESSE, recue_le=timezone.localdate())
    new = ProjetFactory(titre=f"Portail de {ADRESSE}", description=f"Portail de {ADRESSE}")
    Contact.objects.create(entree=new.entree, nom="Zélie Kerzonfleur", courriel=ADRESSE)
    assert "Adresses retrouvées, dont tout est effacé : 1." in replay(*options)
    assert Inscription.objects.get() == back
    back.refresh_from_db()
    assert back.commentaire == f"Mon adresse : {ADRESSE}"
    assert back.besoin.texte == f"Écrivez à {ADRESSE}"
    assert [model.objects.count() for model in (Courriel, Message, Demande, Contact)] == [1, 1, 1, 1]
    assert ADRESSE in Courriel.objects.get().destinataire
    new.refresh_from_db()
    assert ADRESSE in new.description
    assert ADRESSE in new.titre
    fiche.refresh_from_db()
    assert fiche.description == "Écrire à [effacé]."


@pytest.mark.long
@pytest.mark.django_db
def test_what_a_backup_or_the_old_site_brings_back_is_erased_again_and_who_comes_back_later_stays(liste):
    other = InscriptionFactory(courriel="autre@exemple.bzh")
    register()
    personnes.forget(ADRESSE)
    assert "kerzonfleur" not in liste.read_text()
    Effacement.objects.all().delete()  # the backup of the day before; the file stayed
    register(courriel=ADRESSE.upper())
    assert "Effacements à refaire : 1.\nAdresses retrouvées, dont tout est effacé : 1." in replay()
    back = register(days=0)
    for options in ((), ("--tout",)):
        replay(*options)
        assert set(Inscription.objects.all()) == {other, back}
    register(days=0, cle="zelie kerzonfleur")
    replay("--tout")
    assert set(Inscription.objects.all()) == {other, back}
    assert len(liste.read_text().splitlines()) == 1


@pytest.mark.long
@pytest.mark.django_db
def test_an_account_that_was_opened_since_is_left_alone_an_older_one_is_told():
    register()
    personnes.forget(ADRESSE)
    Effacement.objects.all().delete()
    account = UtilisateurFactory(email=ADRESSE)
    register()
    assert "Adresses retrouvées, dont tout est effacé : 1." in replay()
    assert not Inscription.objects.exists()
    Effacement.objects.all().delete()
    type(account).objects.update(date_joined=timezone.now() - DAY)
    register()
    for _ in range(2):  # it does not count as done
        assert "encore ouvert : 1." in replay()
    assert Inscription.objects.exists()


@pytest.mark.long
@pytest.mark.django_db
def test_an_address_erased_twice_is_erased_as_of_the_last_time():
    register()
    personnes.forget(ADRESSE)
    between = Sauvegarde()
    register(days=0)
    middle = Sauvegarde()
    personnes.forget(ADRESSE)
    assert Effacement.objects.get().efface_le == erasure_list.on_file()[erasure_list.digest(ADRESSE)].efface_le
    for backup, found in ((middle, 1), (between, 0)):
        backup.restore()
        Effacement.objects.update(efface_le=timezone.now() - DAY)
        assert f"dont tout est effacé : {found}." in replay()
        assert not Inscription.objects.exists()


# The file


@pytest.mark.django_db
@pytest.mark.parametrize("erase", [forget, lambda row: personnes.forget(row.courriel)])
def test_a_line_is_on_the_disk_before_its_erasure_is_committed(erase):
    with transaction.atomic():
        erase(register())
        assert len(erasure_list.on_file()) == 1


@pytest.mark.django_db
def test_a_file_that_cannot_be_written_keeps_nobody_from_being_erased(liste, caplog, tmp_path, settings):
    row = register()
    backup = Sauvegarde()
    settings.EFFACEMENTS = tmp_path  # a folder
    forget(row)
    assert not Inscription.objects.exists()
    assert "liste des effacements" in caplog.text
    settings.EFFACEMENTS = liste
    call_command("purger", "--simulation", stdout=StringIO())
    assert not liste.exists()
    for _ in range(2):
        call_command("purger", stdout=StringIO())
        assert len(liste.read_text().splitlines()) == 1
    backup.restore()
    replay()
    assert not Inscription.objects.exists()


@pytest.mark.django_db
def test_a_line_that_was_cut_short_spoils_no_other(liste):
    personnes.forget("a@exemple.bzh")
    text = liste.read_text()
    liste.write_text(text + text[:40])
    personnes.forget("b@exemple.bzh")
    liste.write_text(liste.read_text() + f"{'0' * 64} hier\n")
    expected = {erasure_list.digest(adresse) for adresse in ("a@exemple.bzh", "b@exemple.bzh")}
    assert set(erasure_list.on_file()) == expected


@pytest.mark.django_db
def test_a_list_of_before_gestures_is_read_as_it_was_meant(liste):
    register()
    liste.write_text(f"{erasure_list.digest(ADRESSE)} {timezone.now().isoformat(timespec='seconds')}\n")
    replay()
    assert not Inscription.objects.exists()


@pytest.mark.django_db
def test_a_gesture_of_another_version_of_the_site_is_left_alone(liste):
    liste.write_text(f"{'0' * 64} {timezone.now().isoformat()} geste-inconnu\n")
    assert "Effacements à refaire : 1." in replay()
    assert "Effacements à refaire : 1." in replay()  # a later version may still do it


def test_a_list_written_by_an_earlier_version_still_finds_its_persons(settings):
    """Digests stand in files that outlive the code: another salt would bring erased persons back."""
    settings.SECRET_KEY = "essai"
    told = "c473596a4f6edaf8642caa62579ec0374b0eb1d61b6c10d5df87d86a1fbc89b5"
    assert erasure_list.digest(" Zelie.Kerzonfleur@exemple.bzh") == told
