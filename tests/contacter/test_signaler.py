"""Reporting an error in a record, and saying whether its page served: what staff see of it, what nobody keeps."""

import pytest
from django.contrib.admin.models import LogEntry

from fiches.suivi.fusion import merge
from participants.contacter import erreurs
from participants.contacter.models import AvisDuMois, Signalement
from socle.annuaire.models import Statut
from socle.comptes.roles import REDACTION
from socle.courrier.models import Courriel
from socle.courrier.sending import message as as_mail
from socle.vie_privee.models import Consultation
from tests.conftest import PageLue, as_read, text_of_every_table
from tests.contacter.conftest import EQUIPE
from tests.factories import ProjetFactory, member
from tests.factories.contacter import SignalementFactory
from tests.factories.participants import EvenementFactory
from tests.projets.formulaire import change_url

pytestmark = pytest.mark.django_db
Etat = Signalement.Etat
ERREUR = {"texte": "Le montant n’est plus\nle bon.", "partie": "", "courriel": "enora@exemple.bzh"}
LISTE = "/admin/contacter/signalement/"


@pytest.fixture
def fiche():
    return ProjetFactory(titre="Un portail", collectivite="Dinan", description="Un portail pour les familles.")


def guards(client, address):
    return PageLue(client.get(address)).guards


def report(client, fiche, **data):
    address = f"/signaler/{fiche.pk}/"
    return client.post(address, guards(client, address) | ERREUR | data)


def vote(client, fiche, avis="oui", place="192.0.2.1", **data):
    address = f"/avis/{fiche.pk}/"
    return client.post(address, guards(client, address) | {"avis": avis} | data, REMOTE_ADDR=place)


def votes():
    return list(AvisDuMois.objects.values_list("oui", "non"))


# An error


@pytest.mark.parametrize("make", [ProjetFactory, EvenementFactory])
def test_every_public_page_leads_to_both_forms_and_holds_no_key(client, read, make):
    fiche = make()
    page = read(fiche.get_absolute_url())
    links = {a.text: a["href"] for a in page.one("main").all("a")}
    assert links["Signaler une erreur"] == f"/signaler/{fiche.pk}/"
    assert links["Cette page vous a-t-elle servi ?"] == f"/avis/{fiche.pk}/"
    assert not page.one("main").all("input", name="cle")


def test_a_report_waits_at_the_desk_and_is_passed_on_to_nobody(client, read, fiche):
    parts = [option.text for option in read(f"/signaler/{fiche.pk}/").one("select", name="partie").all("option")]
    assert parts[:3] == ["Toute la fiche", "Titre", "En bref"]
    label = read(f"/signaler/{fiche.pk}/").one("select", name="partie").all("option")[3]["value"]
    response = report(client, fiche, partie=label)
    assert read(response.url).one("h1").text == "Signalement reçu"
    row = Signalement.objects.get()
    assert (row.entree_id, row.etat, row.texte, row.courriel) == (
        fiche.pk,
        Etat.RECU,
        ERREUR["texte"],
        "enora@exemple.bzh",
    )
    assert (row.partie, parts[3].lower()) == (label, label.lower())
    assert [mail.destinataire for mail in Courriel.objects.all()] == ["enora@exemple.bzh"]
    assert not response.cookies


def test_an_address_is_asked_for_but_not_needed(client, fiche):
    assert report(client, fiche, courriel="").status_code == 302
    page = PageLue(report(client, fiche, courriel="enora", texte=""))
    assert "Écrivez ce qui ne va pas." in page.text
    assert "L’adresse est incomplète" in page.text
    assert report(client, fiche, partie="une partie inventée").status_code == 200
    assert Signalement.objects.count() == 1


def test_whoever_left_an_address_is_told_that_the_report_has_come(client, fiche):
    report(client, fiche)
    mail = Courriel.objects.get()
    assert mail.sujet == Signalement.objects.get()
    assert mail.objet == f"Votre signalement sur « {fiche.titre} » est arrivé"
    assert mail.repondre_a == EQUIPE
    assert f"/p/{fiche.pk}" in mail.texte
    for text in (mail.objet, mail.texte, mail.html):
        assert ERREUR["texte"] not in text, "its address may be a stranger's"


def test_no_address_no_mail_and_no_mailbox_is_flooded(client, fiche):
    report(client, fiche, courriel="")
    assert not Courriel.objects.exists()
    for number in range(7):
        report(client, fiche, courriel="Enora@Exemple.bzh" if number % 2 else "enora@exemple.bzh")
    assert Signalement.objects.count() == 8
    assert Courriel.objects.count() == 5
    late = Signalement.objects.exclude(doute="").values_list("doute", flat=True)
    assert list(late) == ["beaucoup d’envois pour cette adresse aujourd’hui"] * 2


def test_what_a_robot_sends_is_told_as_doubtful(client, fiche):
    report(client, fiche, precision="http://exemple.com")
    assert Signalement.objects.get().doute == "le champ caché est rempli"
    assert not Courriel.objects.exists()


def test_rédaction_reads_reports_of_one_record_together_and_is_written_down(client, fiche):
    first = SignalementFactory(entree=fiche.entree, texte="Premier")
    other = SignalementFactory(texte="Ailleurs")
    last = SignalementFactory(entree=fiche.entree, texte="Dernier")
    client.force_login(member(REDACTION))
    rows = client.get(LISTE).context["cl"].result_list
    assert [row.pk for row in rows] == [last.pk, first.pk, other.pk]
    page = PageLue(client.get(f"{LISTE}{first.pk}/change/"))
    assert "Dernier" in page.text
    assert "Ailleurs" not in page.text
    assert change_url(fiche) in {a["href"] for a in page.all("a")}
    home = PageLue(client.get("/admin/"))
    assert "3 signalements" in {a.text for a in home.all("a", href=f"{LISTE}?suite=ouverte")}
    assert list(Consultation.objects.values_list("quoi", "nombre")) == [("fiche", 1), ("liste", 3)]
    beside = PageLue(client.get(change_url(fiche)))
    assert "Dernier" in beside.one("aside", class_="suivi").text
    listed = client.get("/admin/projets/projet/?signalee=oui").context["cl"].result_list
    assert {row.pk for row in listed} == {fiche.pk, other.entree_id}


@pytest.mark.parametrize(
    ("etat", "mots", "says"),
    [
        ("corrige", "", "nous avons corrigé la fiche"),
        ("sans-suite", "", "nous laissons la fiche comme elle est"),
        ("corrige", "Le bon montant y est.", "Le bon montant y est."),
    ],
)
def test_closing_a_report_answers_who_left_an_address(client, fiche, etat, mots, says):
    row, mute = SignalementFactory(entree=fiche.entree), SignalementFactory(entree=fiche.entree, courriel="")
    client.force_login(member(REDACTION))
    data = {"etat": etat, "mots": mots, "tous": "on"}
    for _ in range(2):
        assert client.post(f"{LISTE}{row.pk}/suite/", data).status_code == 302
    mail = Courriel.objects.get()
    assert says in mail.texte
    assert "> Le montant n’est plus le bon." in mail.texte
    assert as_mail(mail).message()["Reply-To"] == EQUIPE
    for one in (row, mute):
        one.refresh_from_db()
        assert (one.etat, one.clos_le is not None) == (etat, True)
    assert (says in row.reponse, mute.reponse) == (True, "")
    assert LogEntry.objects.count() == 2


def test_a_report_taken_in_hand_still_waits_and_tells_nobody(client, fiche):
    row, other = SignalementFactory(entree=fiche.entree), SignalementFactory(entree=fiche.entree)
    client.force_login(member(REDACTION))
    client.post(f"{LISTE}{row.pk}/suite/", {"etat": "en-cours"})
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.etat, other.etat) == (Etat.EN_COURS, Etat.RECU)
    assert not Courriel.objects.exists()
    assert client.get(f"{LISTE}?suite=ouverte").context["cl"].result_count == 2
    for wrong in ({"mots": "Bonjour"}, {"etat": "recu"}, {"etat": "corrige", "mots": "a" * 5001}):
        assert client.post(f"{LISTE}{row.pk}/suite/", wrong).status_code == 302
    assert client.get(f"{LISTE}{row.pk}/suite/").status_code == 302
    assert client.post(f"{LISTE}999/suite/", {"etat": "corrige"}).status_code == 302
    row.refresh_from_db()
    assert row.etat == Etat.EN_COURS


@pytest.mark.parametrize("first", ["corrige", None])
def test_an_answer_that_does_not_leave_is_said_and_comes_back(client, fiche, first):
    row = SignalementFactory(entree=fiche.entree)
    if first:
        erreurs.settle(row, Etat.CORRIGE)
    mails = Courriel.objects.count()
    client.force_login(member(REDACTION))
    data = {"etat": "sans-suite" if first else "en-cours", "mots": "Ce que j’ai tapé."}
    shown = client.post(f"{LISTE}{row.pk}/suite/", data, follow=True)
    assert Courriel.objects.count() == mails
    assert "Votre réponse n’est pas partie" in PageLue(shown).text
    assert "Ce que j’ai tapé." in PageLue(shown).text


def test_the_answer_names_the_record_as_the_public_reads_it(fiche):
    row = SignalementFactory(entree=fiche.entree)
    fiche.change({"titre": "Un titre secret", "statut": Statut.BROUILLON})
    erreurs.settle(row, Etat.SANS_SUITE)
    mail = Courriel.objects.get()
    assert "secret" not in mail.objet + mail.texte + mail.html
    assert f"/p/{fiche.pk}" not in mail.texte


def test_a_report_follows_its_record_and_goes_with_it(fiche):
    kept, row = ProjetFactory(), SignalementFactory(entree=fiche.entree)
    merge(kept, fiche, {})
    row.refresh_from_db()
    assert row.entree_id == kept.pk
    kept.entree.delete()
    assert not Signalement.objects.exists()


# A vote


def test_votes_are_counted_by_page_and_month_and_of_nobody(client, read, fiche):
    before = text_of_every_table()
    client.get(fiche.get_absolute_url())
    client.get(f"/avis/{fiche.pk}/")
    assert text_of_every_table() == before
    response = vote(client, fiche, "oui")
    assert not response.cookies
    page = read(response.url)
    assert f"/signaler/{fiche.pk}/" in {a["href"] for a in page.one("main").all("a")}
    assert "manqu" not in page.one("main").text, "to who was served, and to who was not"
    vote(client, fiche, "non", "192.0.2.2")
    vote(client, fiche, "oui", "192.0.2.3")
    assert votes() == [(2, 1)]
    assert "192.0.2" not in text_of_every_table()


def test_a_visitor_counts_once_a_day_for_each_page(client, fiche):
    other = ProjetFactory()
    for avis in ("oui", "oui", "non"):
        vote(client, fiche, avis)
    vote(client, other, "non")
    assert sorted(votes()) == [(0, 1), (1, 0)]


def test_behind_a_server_that_hides_addresses_all_votes_count(client, fiche):
    vote(client, fiche, place="")
    vote(client, fiche, place="")
    assert votes() == [(2, 0)]


@pytest.mark.parametrize("wrong", [{"cle": ""}, {"cle": "inventée"}, {"avis": "peut-être"}, {"precision": "robot"}])
def test_what_no_person_sent_is_not_counted(client, fiche, wrong):
    assert vote(client, fiche, **wrong).status_code in (200, 302)
    assert votes() == []


def test_the_key_of_one_page_does_for_no_other(client, fiche):
    key = guards(client, f"/avis/{ProjetFactory().pk}/")
    client.post(f"/avis/{fiche.pk}/", key | {"avis": "oui"})
    assert votes() == []


def test_staff_read_the_votes_of_the_year_beside_the_form_and_nobody_else_does(client, anne, read, fiche):
    for _ in range(12):
        erreurs.count(fiche.pk, oui=True)
    erreurs.count(fiche.pk, oui=False)
    AvisDuMois.objects.create(entree=fiche.entree, mois="2020-01-01", oui=50)
    assert "12 oui, 1 non cette année" in PageLue(client.get(change_url(fiche))).text
    client.logout()
    assert "12 oui" not in read(fiche.get_absolute_url()).text


def test_an_answer_to_a_report_erased_meanwhile_is_given_back(client, anne, monkeypatch):
    row = SignalementFactory()
    settle = erreurs.settle

    def meanwhile(*args, **kwargs):
        Signalement.objects.all().delete()
        return settle(*args, **kwargs)

    monkeypatch.setattr(erreurs, "settle", meanwhile)
    data = {"etat": "corrige", "mots": "Merci, c’est fait."}
    told = as_read(client.post(f"/admin/contacter/signalement/{row.pk}/suite/", data, follow=True))
    assert "Ce signalement a été effacé." in told
    assert "Merci, c’est fait." in told
