"""Three years pass: data stay until the day that the public page promises, and leave the night after."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import count
from unittest.mock import patch

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import models

from fiches.attached import Contact, FichierInterne
from fiches.suivi.models import ImportEnAttente
from participants.contributions import models as contributions
from participants.inscriptions import notices
from participants.inscriptions.models import BesoinAcces, Reponse
from socle.annuaire.models import Statut
from socle.comptes.models import PreferenceDeCourriel
from socle.courrier import liens
from socle.courrier.models import Etat, PieceJointe
from socle.courrier.outbox import FichierAJoindre, deposit
from socle.vie_privee import consentement
from socle.vie_privee.conservation import Action, declared, traitements
from socle.vie_privee.models import Consultation, Demande
from tests import above
from tests.conftest import text_of_every_table
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory
from tests.factories.alertes import AlerteFactory
from tests.factories.contacter import MessageFactory, SignalementFactory
from tests.factories.contributions import ContributionFactory
from tests.factories.participants import EvenementFactory, ExplorationFactory, InscriptionFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)  # when the time of every row begins
BEFORE, DAY, MINUTE = timedelta(days=-3), timedelta(days=1), timedelta(minutes=1)
NOM = "Zélie Kerzonfleur"
_series = count(1)


def at(moment):
    return patch("django.utils.timezone.now", return_value=moment)


def registration():
    event = EvenementFactory(debut=START - timedelta(hours=2), fin=START)
    row = InscriptionFactory(evenement=event, cree_le=START + 20 * BEFORE)
    above.hang(row, NOM)
    BesoinAcces.objects.create(inscription=row, texte=f"{NOM} vient avec son chien")
    Reponse.objects.create(inscription=row, libelle="Qui vient ?", texte=NOM)
    return row


def exploration():
    row = ExplorationFactory(cree_le=START + 20 * BEFORE, signe_le=START)
    above.hang(row, NOM)
    return row


def message():
    row = MessageFactory(recu_le=START)
    row.reponses.create(texte=NOM, le=START + BEFORE)
    return row


def contribution():
    row = ContributionFactory(recue_le=START + 20 * BEFORE, close_le=START, etat="acceptee")
    row.echanges.create(texte=NOM, le=START + BEFORE)
    row.fichiers.create(nom=NOM, poids=1, suite="refuse")
    return row


def unconfirmed_contribution():
    row = ContributionFactory(etat="a-confirmer", recue_le=START + 20 * BEFORE, demandee_le=START)
    row.echanges.create(texte=NOM, le=START + BEFORE)
    row.fichiers.create(nom=NOM, poids=1, fichier="proposes/absent.pdf")
    return row


def contact():
    fiche = ProjetFactory()
    row = Contact.objects.create(entree=fiche.entree, nom=NOM)
    fiche.statut = Statut.RETIREE
    fiche.save()
    return row


def mail():
    piece = FichierAJoindre(f"{NOM}.ics", "text/calendar", b"x")
    row = deposit("essai", "zelie@exemple.bzh", {}, objet=f"Bonjour {NOM}", pieces=[piece])
    row.etat, row.cree_le, row.prochain_essai, row.envoye_le = Etat.ENVOYE, START + BEFORE, START + BEFORE, START
    row.save()
    return row


def link():
    subject = ThemeFactory()
    liens.issue("essai", subject, duree=timedelta(0))
    return apps.get_model("courrier.Lien").objects.get(sujet_id=subject.pk)


def account():
    user = UtilisateurFactory(is_active=False)
    PreferenceDeCourriel.objects.create(utilisateur=user, travail="contributions", quand="jamais")
    return user


# How each kind of row is made, its time beginning at START, where the clock stands.
ROWS = {
    "inscriptions": registration,
    "besoins": lambda: registration().besoin,
    "explorations": exploration,
    "explorations_non_confirmees": lambda: ExplorationFactory(
        statut="a-confirmer", cree_le=START + 20 * BEFORE, acceptee_le=START, cle="autre"
    ),
    "lectures": lambda: Consultation.objects.create(
        le=START, quoi="liste", qui=UtilisateurFactory(), nombre=3, genre="inscriptions.Inscription", sujet="Rencontre"
    ),
    "alertes": lambda: AlerteFactory(cree_le=START + 20 * BEFORE, signe_le=START),
    "alertes_non_confirmees": lambda: AlerteFactory(etat="a-confirmer", cree_le=START, type="terme"),
    "messages": message,
    "signalements": lambda: SignalementFactory(recu_le=START, texte=NOM),
    "contributions": contribution,
    "fiches_en_cours": lambda: contributions.FicheEnCours.objects.create(
        type="projet", saisie={"champ_titre": [NOM]}, cree_le=START + 20 * BEFORE, modifiee_le=START
    ),
    "contributions_non_confirmees": unconfirmed_contribution,
    "contacts": contact,
    "fichiers_originaux": lambda: FichierInterne.objects.create(
        entree=ProjetFactory().entree, nature="original", nom=NOM, raison="x", de="fichiers/a.jpg", le=START
    ),
    "courriels": mail,
    "tableurs": lambda: ImportEnAttente.objects.create(
        cree_le=START, utilisateur=UtilisateurFactory(), nom=NOM, contenu=NOM.encode()
    ),
    "liens": link,
    "comptes": account,
    "journal": lambda: LogEntry.objects.create(user=UtilisateurFactory(), action_flag=1, action_time=START),
    "sessions": lambda: Session.objects.create(session_key="a" * 32, session_data="x", expire_date=START),
    "essais": lambda: AccessAttempt.objects.create(failures_since_start=1),
    "demandes": lambda: Demande.objects.create(traitee_le=START, courriel="zelie@exemple.bzh"),
}


def fill(row, names):
    samples = {
        models.JSONField: {"a": NOM},
        models.GenericIPAddressField: "fd00::1",
        models.EmailField: "z@exemple.bzh",
    }
    empty = [row._meta.get_field(name) for name in names if not getattr(row, name)]
    values = {field.name: samples.get(type(field), NOM[: field.max_length]) for field in empty}
    type(row)._base_manager.filter(pk=row.pk).update(**values)


class Kept:
    """A row of one entry, and its content at the beginning."""

    def __init__(self, traitement):
        self.traitement = traitement
        row = ROWS[traitement.cle]()
        fill(row, traitement.champs)
        self.row = traitement.rows.filter(pk=row.pk)
        self.beside = [traitement.beside(label, [row.pk]) for label, _ in traitement.avec]
        self.before = self.values()
        assert all(self.before), f"« {traitement.cle} » : une ligne vide ne prouve rien, remplissez-la dans ROWS"
        assert all(rows.exists() for rows in self.beside), f"« {traitement.cle} » : il manque une ligne de `avec`"

    def values(self):
        return self.row.values_list(*self.traitement.champs).first()

    @property
    def is_whole(self):
        return self.values() == self.before

    @property
    def is_over(self):
        emptied = tuple(self.traitement.empty().values())
        expected = None if self.traitement.action is Action.EFFACER else emptied
        return self.values() == expected and not any(rows.exists() for rows in self.beside)


def promised(read) -> dict[str, timedelta]:
    """{key of an entry: how long}, from the public page."""
    found, units = {}, {"jour": 1, "jours": 1, "an": 365, "ans": 365}
    page = " ".join(read("/donnees-personnelles/").html.split())
    for key, number, unit in re.findall(
        r'id="donnees-(\w+)">[^§]*?Combien de temps : (un|\d+) (jours?|ans?) après', page.replace("<h3", "§<h3")
    ):
        found[key] = timedelta(days=(1 if number == "un" else int(number)) * units[unit])
    return found


def test_there_is_a_row_of_every_kind():
    kinds = {traitement.cle for traitement in traitements() if traitement.echues}
    assert kinds == set(ROWS), f"dites dans ROWS comment naît une ligne de : {', '.join(sorted(kinds ^ set(ROWS)))}"


def test_each_row_leaves_on_its_day_and_not_before(read):
    durations = promised(read)
    assert set(durations) == {one.cle for one in declared() if one.echues}
    with at(START):
        rows = [Kept(traitement) for traitement in traitements() if traitement.echues]
    assert "kerzonfleur" in text_of_every_table()
    moments = {duration + gap for duration in durations.values() for gap in (-MINUTE, MINUTE)}
    for age in sorted(moments):
        with at(START + age):
            call_command("purger", stdout=StringIO())
        for row in rows:
            key = row.traitement.cle
            if age > durations[key]:
                assert row.is_over, f"« {key} » est encore là {age} après"
            else:
                assert row.is_whole, f"« {key} » n’est plus entier {age} après"
    assert age > 3 * 365 * DAY
    assert "kerzonfleur" not in text_of_every_table()
    assert not PieceJointe.objects.exists()


def test_a_mail_that_nobody_got_is_kept_while_it_is_tried_then_leaves(read):
    duration = promised(read)["courriels"]
    with at(START):
        waiting = deposit("essai", "awena@exemple.bzh", {}, objet="Attend")
        failed = deposit("essai", "awena@exemple.bzh", {}, objet="Échoue")
    failed.etat, failed.cree_le = Etat.EN_ECHEC, START + BEFORE
    failed.save()
    for age, left in ((duration - MINUTE, {waiting, failed}), (duration + MINUTE, {waiting})):
        with at(START + age):
            call_command("purger", stdout=StringIO())
        assert set(type(waiting).objects.all()) == left


def test_an_event_without_an_end_is_over_with_its_day(read):
    duration = promised(read)["inscriptions"]
    row = InscriptionFactory(evenement=EvenementFactory(debut=START), nom="Kerzonfleur")
    evening = row.evenement.termine_le
    assert evening > START
    for moment, nom in ((evening - MINUTE, "Kerzonfleur"), (evening + MINUTE, "")):
        with at(moment + duration):
            call_command("purger", stdout=StringIO())
        row.refresh_from_db()
        assert row.nom == nom


def test_what_people_agree_to_is_what_is_done(read):
    notice, durations = consentement.texte(notices.USAGE, consentement.version(notices.USAGE)), promised(read)
    assert "effacé une semaine après la rencontre, le reste trois mois après" in notice
    assert durations["besoins"] <= 7 * DAY
    assert durations["inscriptions"] <= 92 * DAY
