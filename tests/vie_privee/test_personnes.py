"""A person asks: all about an address comes out as a copy, or leaves without a trace."""

import json
import re
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from shutil import which

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from fiches.attached import Contact
from fiches.choice_lists import Choix
from labacces.pages.models import Page
from participants.explorations.models import Exploration
from participants.inscriptions.models import Inscription
from participants.models import CREATION
from projets.models import Annexe, Projet
from socle.comptes.roles import ADMINISTRATION, ANIMATION, REDACTION
from socle.courrier.models import Courriel
from socle.courrier.outbox import FichierAJoindre, deposit
from socle.courrier.texte import draw
from socle.vie_privee import consentement, erasure_list, personnes
from socle.vie_privee.conservation import traitements
from socle.vie_privee.mentions import Motif
from socle.vie_privee.models import Demande, TexteIntegral
from socle.vie_privee.personal_copy import as_json, label
from socle.vie_privee.public_text import Decision
from tests import above
from tests.conftest import PageLue, text_of_every_table
from tests.ecrits import ADRESSE_MASQUEE, NOM_MASQUE, as_written
from tests.factories import ProjetFactory, UtilisateurFactory, member
from tests.factories.participants import EvenementFactory, ExplorationFactory, InscriptionFactory
from tests.sampling import mostly_long
from tests.vie_privee.test_horloge import ROWS

ADRESSE = "zelie.kerzonfleur@exemple.bzh"
NOM = "Zélie Kerzonfleur"


def person_everywhere():
    """One person in every kind of row and text; besides, only the data of a homonym."""
    evenement = EvenementFactory(titre="Balise", resume=f"Avec {NOM}, du CCAS.")
    inscription = InscriptionFactory(
        evenement=evenement,
        prenom="Zélie",
        nom="Kerzonfleur",
        courriel="Zelie.Kerzonfleur@exemple.bzh",
        cle="zelie kerzonfleur",
    )
    above.hang(inscription, ADRESSE)
    ExplorationFactory(nom=NOM, courriel=ADRESSE, sujets="les guichets")
    fiche = ProjetFactory(titre=f"Portail de {NOM}", description=f"Écrire à {ADRESSE}.\nKERZONFLEUR Zelie répond.")
    Contact.objects.create(entree=fiche.entree, nom=f"{NOM} - CCAS", courriel=ADRESSE, accord=True)
    words = [Decision("description", ADRESSE), Decision("description", NOM)]
    fiche.change({"objectifs": "Une autre version."}, decisions=words)
    above.hang(fiche, NOM)
    annexe = Annexe(projet=fiche, titre=f"Lettre de {NOM}", nom_origine="zelie-kerzonfleur.txt")
    annexe.fichier.save("zelie-kerzonfleur.txt", ContentFile(b"bonjour"))
    page = Page.objects.get(pk="a-propos")
    page.texte += f"\n\nMerci à {NOM}."
    page.save()
    staff = UtilisateurFactory(username="anne")
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(Projet),
        object_id=str(fiche.pk),
        object_repr=fiche.titre,
        action_flag=CHANGE,
        change_message=json.dumps([{"added": {"name": "personne", "object": NOM}}]),
    )
    store = SessionStore()
    store["recherche"] = ADRESSE
    store.save()
    return fiche


@pytest.mark.django_db
def test_a_copy_holds_every_row_and_every_mention():
    person_everywhere()
    out = StringIO()
    call_command("personne", "exporter", ADRESSE, stdout=out)
    data = json.loads(out.getvalue())
    told = {one["quoi"]: one for one in data["données"]}
    assert set(told) == {"Inscriptions aux rencontres", "Exploration coopérative", "Personnes liées à une fiche"}
    inscription = told["Inscriptions aux rencontres"]
    assert inscription["combien de temps"] == "90 jours après la fin de la rencontre"
    (row,) = inscription["ce que nous gardons"]
    assert (row["prénom"], row["événement"]) == ("Zélie", "Balise")
    where = {(one["où"], one["champ"]) for one in data["mentions dans d’autres textes"]}
    assert {("texte tel qu’écrit", "texte tel qu’écrit"), ("événement", "résumé"), ("annexe", "titre")} <= where
    assert "Portail de" in out.getvalue()  # a title, as it was written
    assert "password" not in out.getvalue()


@pytest.mark.django_db
def test_a_copy_is_in_words_that_a_person_reads():
    """Labels, choices, yes and no, local days and hours; no key, code or number of ours."""
    profil = Choix.objects.create(liste=Choix.Liste.PROFIL, nom="Facilitateur")
    said = {"nom": "Zélie K", CREATION: "2024-01-02"}
    at = datetime(2026, 11, 2, 9, 30, 7, 123, tzinfo=UTC)
    row = ExplorationFactory(nom=NOM, courriel=ADRESSE, cree_le=at, cle="zelie", valeurs=said, accord_publication=True)
    row.profils.add(profil)
    Exploration.objects.filter(pk=row.pk).update(consentement_texte="2026-11", consentement_le=at)
    piece = FichierAJoindre("rencontre.ics", "text/calendar", b"x")
    jeton = draw()
    mail = deposit("essai", ADRESSE, {}, objet="Bonjour", pieces=[piece])
    Courriel.objects.filter(pk=mail.pk).update(texte=f"Ouvrez /exploration/{jeton}/", html=f"<p>{ADRESSE}</p>")
    data = personnes.export(ADRESSE)
    told = {one["quoi"]: one["ce que nous gardons"] for one in data["données"]}
    (sheet,), (mail,) = told["Exploration coopérative"], told["Courriels envoyés par le site"]
    assert sheet["reçue le"] == "2026-11-02T10:30:07+01:00"
    assert (sheet["état"], sheet["a accepté que sa fiche soit publiée"]) == ("participe", "oui")
    assert sheet["profils"] == ["Facilitateur"]
    assert sheet["texte accepté"] == f"2026-11 : {consentement.texte('exploration', '2026-11')}"
    assert sheet["ce que l’ancien site en disait"] == {"nom": "Zélie K", "création": "2024-01-02"}
    assert (mail["texte"], mail["état"]) == ("Ouvrez /exploration/lien-…/", "en file")
    assert mail["pièces jointes"] == [{"nom": "rencontre.ics", "type": "text/calendar"}]
    text = as_json(data)
    assert "<p>" not in text
    assert jeton not in text
    assert not re.search(r'"[^"]*_[^"]*":|"num[eé]ro|n° ', text)


@pytest.mark.django_db
@mostly_long("cle", ROWS, one_in=3)
def test_what_holds_an_address_is_copied_then_erased_with_its_mails(cle):
    row = ROWS[cle]()
    held = {"courriel", "destinataire", "email"} & {field.name for field in row._meta.concrete_fields}
    if not held:
        return
    rows = type(row)._base_manager.filter(pk=row.pk)
    rows.update(**{held.pop(): ADRESSE})
    deposit("essai", "awena@exemple.bzh", {}, objet="Bonjour", sujet=row)
    assert personnes.export(ADRESSE)["données"]
    personnes.forget(ADRESSE)
    assert not rows.exists()
    if hasattr(row, "courriels"):
        assert not row.courriels.exists()
    assert ADRESSE not in text_of_every_table()


@pytest.mark.parametrize("traitement", traitements(), ids=lambda one: one.cle)
def test_a_copy_leaves_out_nothing_but_what_is_said_and_each_field_has_a_label(traitement):
    model, left = traitement.model, set(traitement.tus)
    fields = [one for one in [*model._meta.concrete_fields, *model._meta.many_to_many] if not one.primary_key]
    told = [one for one in fields if one.name not in left]
    if traitement.courriel or traitement.de:  # others concern no address
        labels = [label(traitement, one) for one in told]
        assert len(labels) == len(set(labels))
        for one in told:
            named = one.name in traitement.libelles or one.verbose_name != one.name.replace("_", " ")
            assert named or "_" not in one.name.removesuffix("_le"), f"donnez un nom à {one.name}"
    beside = {champ for _, champs in traitement.avec for champ in champs}
    assert left <= {one.name for one in fields} | beside


@pytest.mark.django_db
def test_an_erasure_leaves_no_trace_in_any_table_file_or_index(client, django_capture_on_commit_callbacks):
    fiche = person_everywhere()
    old_file = Annexe.objects.get().fichier.name
    assert "kerzonfleur" in text_of_every_table()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("personne", "effacer", ADRESSE, stdout=StringIO())
    assert "kerzonfleur" not in text_of_every_table()
    assert not Session.objects.exists()
    assert not Inscription.objects.exists()
    assert not Exploration.objects.exists()
    fiche.refresh_from_db()
    assert as_written(fiche)["description"] == "Écrire à [effacé].\n[effacé] répond."
    assert fiche.description == f"Écrire à {ADRESSE_MASQUEE}.\n{NOM_MASQUE} répond."
    assert fiche.slug == fiche.entree.slug
    assert client.get(fiche.get_absolute_url()).status_code == 200
    annexe = Annexe.objects.get()
    assert annexe.fichier.read() == b"bonjour"
    assert not default_storage.exists(old_file)
    assert "kerzonfleur" not in annexe.fichier.name
    # The desk still reads every touched row.
    client.force_login(UtilisateurFactory(is_superuser=True))
    for address in (
        f"/admin/projets/projet/{fiche.pk}/change/",
        f"/admin/projets/projet/{fiche.pk}/history/",
        "/admin/",
    ):
        assert client.get(address).status_code == 200
    assert personnes.forget(ADRESSE).total == 0


@pytest.mark.django_db
def test_a_homonym_stays_as_they_are():
    person_everywhere()
    other = InscriptionFactory(prenom="Zélie", nom="Kerzonfleur", courriel="autre@exemple.bzh", cle="zelie k autre")
    before = Inscription.objects.filter(pk=other.pk).values().get()
    personnes.forget(ADRESSE)
    assert Inscription.objects.filter(pk=other.pk).values().get() == before


@pytest.mark.django_db
def test_a_name_that_anybody_may_have_typed_is_taken_out_of_no_record():
    fiche = ProjetFactory(description=f"Écrit avec {NOM}.")
    typed = {"prenom": "Zélie", "nom": "Kerzonfleur", "courriel": ADRESSE}
    for number, statut in enumerate(("a-confirmer", "a-verifier", "en-attente", "expiree")):
        InscriptionFactory(evenement=EvenementFactory(titre=f"Balise {number}"), statut=statut, **typed)
    for statut in ("a-confirmer", "a-verifier"):
        ExplorationFactory(nom=NOM, courriel=ADRESSE, statut=statut)
    personnes.forget(ADRESSE)
    assert not Inscription.objects.exists()
    assert not Exploration.objects.exists()
    fiche.refresh_from_db()
    assert fiche.description == f"Écrit avec {NOM}."


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["06.39.98.01.23", "+33 6 39 98 01 23", "0639980123", "06-39-98-01-23"])
def test_an_erasure_takes_the_telephone_of_a_person_out_of_texts_and_versions(written):
    fiche = ProjetFactory(description=f"Au {written}, ou au 06 39 98 01 24.")
    fiche.change({"objectifs": "Une autre version."})
    Contact.objects.create(entree=fiche.entree, nom=NOM, courriel=ADRESSE, telephone="06 39 98 01 23")
    personnes.forget(ADRESSE)
    fiche.refresh_from_db()
    said = {fiche.description, *fiche.history.values_list("description", flat=True)}
    assert said == {"Au [effacé], ou au 06 39 98 01 24."}


@pytest.mark.django_db
def test_names_stay_in_texts_when_asked():
    fiche = person_everywhere()
    call_command("personne", "effacer", ADRESSE, "--garder-noms", stdout=StringIO())
    fiche.refresh_from_db()
    assert as_written(fiche)["description"] == "Écrire à [effacé].\nKERZONFLEUR Zelie répond."
    assert not Inscription.objects.exists()


@pytest.mark.django_db
def test_a_simulation_changes_nothing_and_an_odd_address_is_told():
    person_everywhere()
    before, out = text_of_every_table(), StringIO()
    call_command("personne", "effacer", ADRESSE, "--simulation", stdout=out)
    assert text_of_every_table() == before
    assert "Inscriptions aux rencontres : 1" in out.getvalue()
    with pytest.raises(CommandError, match="n’est pas une adresse électronique"):
        call_command("personne", "effacer", "zelie")


@pytest.mark.django_db
def test_an_open_account_is_closed_first_and_a_closed_one_leaves():
    staff = UtilisateurFactory(email=ADRESSE, first_name="Zélie", last_name="Kerzonfleur")
    InscriptionFactory(courriel=ADRESSE)
    with pytest.raises(CommandError, match="fermez d’abord ce compte"):
        call_command("personne", "effacer", ADRESSE)
    assert Inscription.objects.exists()
    staff.is_active = False
    staff.save()
    call_command("personne", "effacer", ADRESSE, stdout=StringIO())
    assert not type(staff).objects.filter(pk=staff.pk).exists()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Écrire à ZELIE.KERZONFLEUR@exemple.bzh.", True),
        ("zelie.kerzonfleur@exemple.bzh", True),
        ("azelie.kerzonfleur@exemple.bzh", False),
        ("zelie.kerzonfleur@exemple.bzhe", False),
        ("Mme Kerzonfleur, Zélie", True),
        ("portail-zelie-kerzonfleur-2", True),
        ("zelie_kerzonfleur_q1w2.txt", True),
        ("ZE\u0301LIE KERZONFLEUR", True),
        ("Kerzonfleur seule", False),
        ("Zélie Kerzonfleurette", False),
        ("Cœuret Noël et noel coeuret", True),
    ],
)
def test_how_a_person_is_recognised_in_a_text(text, found):
    assert Motif(ADRESSE, [NOM, "Noël Cœuret"]).finds(text) is found


# The list of erasures


@pytest.mark.django_db
def test_without_the_key_the_list_tells_nobody_apart(settings):
    known = erasure_list.digest(ADRESSE)
    assert erasure_list.digest(f" {ADRESSE.upper()} ") == known
    settings.SECRET_KEY = "une autre"
    assert erasure_list.digest(ADRESSE) != known


@pytest.mark.django_db
def test_an_erasure_that_fails_changes_nothing_and_is_not_listed(liste, monkeypatch):
    person_everywhere()
    monkeypatch.setattr(personnes, "_sessions", lambda motif: 1 / 0)
    before = text_of_every_table()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        personnes.forget(ADRESSE)
    assert text_of_every_table() == before
    assert not liste.exists()


# The bytes on the disk


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_in_the_database_itself(tmp_path):
    """Searched as bytes: in the SQLite file once rewritten, in a dump of PostgreSQL."""
    person_everywhere()
    assert b"kerzonfleur" in database_bytes(tmp_path / "avant")
    call_command("personne", "effacer", ADRESSE, stdout=StringIO())
    after = database_bytes(tmp_path / "apres")
    assert len(after) > 10_000
    for trace in (b"kerzonfleur", "zélie".encode()):
        assert trace not in after


def database_bytes(path: Path) -> bytes:
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(path)) as copy:
            connection.cursor()  # open
            connection.connection.backup(copy)
        return path.read_bytes().lower()
    if not which("pg_dump"):
        pytest.skip("pg_dump manque ; chaque colonne de chaque table est lue par un autre test")
    said = connection.settings_dict
    command = ["pg_dump", "-h", said["HOST"], "-p", str(said["PORT"] or 5432), "-U", said["USER"], said["NAME"]]
    return subprocess.run(command, check=True, capture_output=True).stdout.lower()


# At the desk


@pytest.mark.long
@pytest.mark.django_db
def test_animation_asks_and_administration_answers(client):
    client.force_login(member(ANIMATION))
    add, asked = "/admin/vie_privee/demande/add/", {"courriel": ADRESSE, "recue_le": "2026-11-02"}
    client.post(add, asked)
    assert not Demande.objects.exists(), "nothing is chosen for the person, an erasure least of all"
    client.post(add, {**asked, "objet": "effacement"})
    demande = Demande.objects.get()
    address = f"/admin/vie_privee/demande/{demande.pk}/repondre/"
    assert "02/12/2026" in client.get("/admin/vie_privee/demande/").content.decode()
    page = client.get(f"/admin/vie_privee/demande/{demande.pk}/change/").content.decode()
    assert "Les comptes du groupe Administration" in page
    assert "/repondre/" not in page
    assert client.get(address).status_code == 403
    client.force_login(member(REDACTION))
    assert client.get(address).status_code == 403
    fiche = person_everywhere()
    client.force_login(member(ADMINISTRATION))
    page = PageLue(client.get(address))
    assert "Inscriptions aux rencontres" in page.text
    assert f"projet France Relance n° {fiche.pk} texte tel qu’écrit" in page.text  # not the number of the text
    copy = client.post(address, {"exporter": "1"})
    assert copy["Content-Disposition"] == f'attachment; filename="donnees-demande-{demande.pk}.json"'
    assert json.loads(copy.content)["adresse"] == ADRESSE
    assert "no-store" in copy["Cache-Control"]
    refused = client.post(address, {"effacer": "1"})
    assert "Cochez cette case pour effacer." in refused.content.decode()
    assert Inscription.objects.exists()
    done = client.post(address, {"effacer": "1", "noms": "on", "certain": "on"}, follow=True)
    assert "C’est effacé" in done.content.decode()
    assert "kerzonfleur" not in text_of_every_table()
    assert client.get(address, follow=True).redirect_chain  # an answer, with nothing left to see


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pressed", "kept"), [({"clore": "1"}, "copie"), ({"effacer": "1", "certain": "on"}, "effacement")]
)
def test_an_answer_forgets_the_address_and_an_erasure_is_kept_as_one_whatever_was_asked_first(client, pressed, kept):
    client.force_login(member(ADMINISTRATION))
    demande = Demande.objects.create(courriel=ADRESSE, objet="copie")
    assert "1 demande d’une personne" in client.get("/admin/").content.decode()  # it waits, and has a term
    assert str(demande) in client.get("/admin/vie_privee/demande/?suite=ouverte").content.decode()
    client.post(f"/admin/vie_privee/demande/{demande.pk}/repondre/", pressed)
    demande.refresh_from_db()
    assert (demande.objet, demande.courriel, bool(demande.traitee_le)) == (kept, "", True)


@pytest.mark.django_db
@pytest.mark.parametrize("nom", ["Nolwenn Kerinvente", "Hubert Labbé"])
def test_what_was_taken_out_of_a_text_says_neither_her_full_name_nor_her_surname_alone(nom):
    """Staff alone read the original text and the masked words."""
    civil = f"Mme {nom.split()[1]}"
    projet = ProjetFactory(description=f"Avec {nom} ; {civil} répond, et Mme Riou.", suivi=f"Vu {nom}.")
    Contact.objects.create(entree=projet.entree, nom=nom, courriel=ADRESSE)
    projet.change({}, decisions=[Decision("description", mots) for mots in (nom, civil, "Mme Riou")])
    personnes.forget(ADRESSE)
    kept = TexteIntegral.objects.get(cle=str(projet.pk))
    assert nom.split()[1] not in f"{kept.texte} {kept.retires} {Projet.objects.get(pk=projet.pk).suivi}"
    assert "Mme Riou" in kept.texte
    assert any("Riou" in mots for mots in kept.retires)


@pytest.mark.django_db
def test_an_open_account_is_told_at_the_desk_and_nothing_happens(client):
    client.force_login(member(ADMINISTRATION))
    UtilisateurFactory(email=ADRESSE)
    demande = Demande.objects.create(courriel=ADRESSE, objet="effacement")
    address = f"/admin/vie_privee/demande/{demande.pk}/repondre/"
    assert "fermez d’abord ce compte" in client.post(address, {"effacer": "1", "certain": "on"}).content.decode()
    demande.refresh_from_db()
    assert (demande.courriel, demande.traitee_le) == (ADRESSE, None)
