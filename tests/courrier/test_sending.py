"""The sender against a real mail server that takes, puts off, refuses, hangs and hangs up."""

import smtplib
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from socle.courrier import sending
from socle.courrier.liens import issue
from socle.courrier.models import Courriel, Etat
from socle.courrier.outbox import FichierAJoindre, deposit
from socle.courrier.sending import DELAIS, ESSAIS, claim, message, send
from tests.courrier.conftest import free_port
from tests.factories import ThemeFactory
from tests.together import THREADS, together

pytestmark = pytest.mark.django_db


def put(address="awena@exemple.bzh", **kwargs):
    return deposit("essai", address, {}, **{"objet": "Été à Brélès"} | kwargs)


def come(courriel):
    """Its time has come, or the lease of whoever had it is over."""
    Courriel.objects.filter(pk=courriel.pk).update(prochain_essai=timezone.now())
    courriel.refresh_from_db()
    return courriel


def run(**options):
    out = StringIO()
    call_command("envoyer_courriels", stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "objet",
    [
        "Été à Brélès",
        "Désinscription à l’événement « Balise Mednum Remix » du 15 novembre",
        "Anticonstitutionnellement" * 4,
        "É" * 100,
        "Un objet assez long, sans accent, qui ne tient pas sur une seule ligne de courriel.",
    ],
)
def test_a_subject_of_long_words_begins_with_its_first_letter_everywhere(objet):
    data = message(put(objet=objet)).message().as_bytes(linesep="\r\n")
    assert b"Subject: \r\n" not in data
    assert message_from_bytes(data, policy=policy.default)["Subject"] == objet
    assert str(make_header(decode_header(message_from_bytes(data)["Subject"]))) == objet


def test_a_mail_arrives_whole(serveur, settings):
    settings.DEFAULT_FROM_EMAIL = "LabAccès <ne-pas-repondre@exemple.bzh>"
    courriel = put(
        "awena@évènement.exemple.bzh", pieces=[FichierAJoindre("rendez-vous.ics", "text/calendar", b"BEGIN:VCALENDAR")]
    )
    assert run() == "1 courriel envoyé.\n"
    ((received, recipients),) = serveur.recus
    assert recipients == ["awena@xn--vnement-2xah.exemple.bzh"]
    assert received["Subject"] == "Été à Brélès"
    assert received["From"] == "LabAccès <ne-pas-repondre@exemple.bzh>"
    assert received["Message-ID"] == courriel.message_id
    assert received["Auto-Submitted"] == "auto-generated"
    text, html = (received.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert "LabAccès sait envoyer des courriels" in text
    assert "LabAccès sait envoyer des courriels" in html
    assert [part.get_filename() for part in received.iter_attachments()] == ["rendez-vous.ics"]
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.essais, courriel.erreur) == (Etat.ENVOYE, 1, "")
    assert courriel.envoye_le
    assert bytes(courriel.pieces.get().contenu) == b""
    assert run() == ""
    assert len(serveur.recus) == 1


def test_what_its_links_open_leaves_the_table_with_it(serveur, monkeypatch):
    jeton = issue("essai", ThemeFactory(), duree=timedelta(days=1))
    courriel = put()
    text, html = f"Ouvrez /confirmer/{jeton}/ ou rien.", f'<a href="/confirmer/{jeton}/">Ouvrir</a>'
    Courriel.objects.filter(pk=courriel.pk).update(texte=text, html=html)
    send()
    received = serveur.recus[0][0]
    assert jeton in received.get_body(["plain"]).get_content()
    assert jeton in received.get_body(["html"]).get_content()
    assert jeton not in str(Courriel.objects.values().get())


def test_an_odd_address_as_old_records_hold_them_stops_nobody(serveur):
    odd = put()
    Courriel.objects.filter(pk=odd.pk).update(destinataire="awena;prigent@exemple.bzh\nBcc: autre@exemple.bzh")
    put("yann@exemple.bzh")
    assert run() == "1 courriel envoyé, 1 en échec.\n"
    assert [recipients for _, recipients in serveur.recus] == [["yann@exemple.bzh"]]
    odd.refresh_from_db()
    assert odd.erreur.startswith("Ce courriel ne peut pas être mis en forme")


# The server says no


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["421 Fermeture", "451 Plus tard"])
def test_what_is_put_off_is_tried_again(serveur, command, answer):
    courriel, other = put(), put("yann@exemple.bzh")
    serveur.reponses[command] = answer
    assert run() == "0 courriel envoyé, 2 à réessayer plus tard ; 2 attendent.\n"
    courriel.refresh_from_db()
    assert courriel.etat == Etat.A_REESSAYER
    assert courriel.erreur == f"Remis à plus tard par le serveur de courriel ({answer[:3]}) : {answer[4:]}"
    assert DELAIS[0] - timedelta(seconds=20) < courriel.prochain_essai - timezone.now() <= DELAIS[0]
    assert run() == "0 courriel envoyé ; 2 attendent.\n"
    serveur.reponses.clear()
    come(courriel), come(other)
    assert run() == "2 courriels envoyés.\n"
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.essais, courriel.erreur) == (Etat.ENVOYE, 2, "")
    assert serveur.identifiants() == [courriel.message_id, other.message_id]


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["550 Adresse inconnue", "554 Refusé"])
def test_what_is_refused_has_failed_at_once(serveur, command, answer):
    courriel = put()
    serveur.reponses[command] = answer
    assert run() == "0 courriel envoyé, 1 en échec.\n"
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.essais) == (Etat.EN_ECHEC, 1)
    assert courriel.erreur == f"Refusé par le serveur de courriel ({answer[:3]}) : {answer[4:]}"


def test_a_sender_that_the_server_does_not_like_is_no_fault_of_the_mail(serveur):
    courriel = put()
    serveur.reponses["MAIL"] = "553 Expéditeur refusé"
    send()
    courriel.refresh_from_db()
    assert courriel.etat == Etat.A_REESSAYER


def test_the_mails_after_a_refused_one_leave(serveur):
    first, second = put(), put("yann@exemple.bzh")
    serveur.reponses["RCPT"] = ["550 Inconnu", "250 OK"]
    assert run() == "1 courriel envoyé, 1 en échec.\n"
    assert serveur.identifiants() == [second.message_id]
    first.refresh_from_db()
    assert first.etat == Etat.EN_ECHEC


def test_the_waits_grow_then_it_has_failed(serveur):
    courriel = put()
    serveur.reponses["RCPT"] = "451 Plus tard"
    waits = []
    for _ in range(ESSAIS):
        send()
        courriel.refresh_from_db()
        waits.append(courriel.prochain_essai - timezone.now())
        come(courriel)
    assert [round(wait.total_seconds() / 60) for wait in waits[:5]] == [1, 5, 30, 120, 720]
    assert (courriel.etat, courriel.essais) == (Etat.EN_ECHEC, ESSAIS)
    assert sum(DELAIS, timedelta()) > timedelta(days=2)  # a week-end without mail server loses nothing
    send()
    courriel.refresh_from_db()
    assert courriel.essais == ESSAIS


# The server says nothing


@pytest.mark.long
def test_a_server_that_hangs_is_left_and_tried_again(serveur, settings):
    settings.EMAIL_TIMEOUT = 1
    courriel = put()
    serveur.reponses["DATA"] = serveur.PEND
    assert send().remis == 1
    courriel.refresh_from_db()
    assert courriel.etat == Etat.A_REESSAYER
    assert courriel.erreur.startswith("La connexion au serveur de courriel s’est coupée")


def test_cut_after_data_it_is_sent_again_under_the_same_identifier(serveur):
    courriel = put()
    serveur.reponses["DATA"] = serveur.COUPE
    assert send().remis == 1
    come(courriel)
    serveur.reponses.clear()
    assert send().envoyes == 1
    assert serveur.identifiants() == [courriel.message_id] * 2


def test_a_server_out_of_reach_costs_one_try_and_says_so(serveur, settings):
    settings.EMAIL_PORT = free_port()
    courriels = [put(), put("yann@exemple.bzh")]
    with pytest.raises(CommandError, match="Rien n’est perdu"):
        run()
    for courriel in courriels:
        courriel.refresh_from_db()
    assert [courriel.etat for courriel in courriels] == [Etat.A_REESSAYER, Etat.EN_FILE]
    assert [courriel.essais for courriel in courriels] == [1, 0]
    assert courriels[0].erreur.startswith("Le serveur de courriel ne nous laisse pas entrer")


def test_a_full_mailbox_hides_no_server_that_is_away(serveur, settings, caplog):
    serveur.reponses["RCPT"] = "452 Boîte pleine"
    full = put()
    send()
    settings.EMAIL_PORT = free_port()
    come(full)
    assert send().panne, "met first by the mail that waits already"
    put("yann@exemple.bzh")
    assert send().panne
    said = [(line.levelname, line.getMessage()) for line in caplog.records if line.name == sending.__name__]
    assert [level for level, _ in said] == ["ERROR", "ERROR", "WARNING"]
    assert "Remis à plus tard par le serveur de courriel (452)" in said[0][1]
    assert "Le serveur de courriel ne nous laisse pas entrer" in said[1][1]


def test_a_wrong_password_refuses_no_mail(serveur, monkeypatch):
    def login(self):
        raise smtplib.SMTPAuthenticationError(535, b"Mot de passe incorrect")

    monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.open", login)
    courriel = put()
    with pytest.raises(CommandError, match="Mot de passe incorrect"):
        run()
    courriel.refresh_from_db()
    assert courriel.etat == Etat.A_REESSAYER


# Claims


def test_a_claimed_mail_is_nobody_else_s_until_the_lease_ends():
    courriel = put()
    assert claim() == courriel
    assert claim() is None
    come(courriel)
    again = claim()
    assert (again, again.essais) == (courriel, 2)


@THREADS
@pytest.mark.django_db(transaction=True)
def test_senders_at_the_same_moment_claim_each_mail_once():
    mails = {put(f"awena{number}@exemple.bzh").pk for number in range(4)}
    claimed = [courriel.pk for courriel in together(*[claim] * 6) if courriel]
    assert (set(claimed), len(claimed)) == (mails, 4)


def test_a_mail_on_which_every_sender_dies_is_given_up(serveur):
    courriel = put()
    for _ in range(ESSAIS):
        assert claim() == courriel
        come(courriel)
    assert claim() is None
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.erreur) == (Etat.EN_ECHEC, "L’envoi s’est interrompu à chaque essai.")


def test_a_sender_that_comes_back_late_does_not_undo_the_other_s_work(serveur):
    courriel = put()
    late = claim()
    come(courriel)
    assert send().envoyes == 1
    sending._fail(late, TimeoutError())
    courriel.refresh_from_db()
    assert courriel.etat == Etat.ENVOYE


# The command


def test_a_trial_mail(serveur):
    assert run(essai="awena@exemple.bzh") == "1 courriel envoyé.\n"
    assert serveur.recus[0][0]["Subject"] == "Courriel d’essai de LabAccès"
    with pytest.raises(CommandError, match="awena : L’adresse est incomplète"):
        run(essai="awena")
