"""Records that are to be read again: which, by whom, what the page says, and the mails of the week."""

from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.contrib.admin import helpers
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.utils import timezone

from fiches.suivi import fraicheur, rappels
from fiches.suivi.models import Veille
from projets.models import Projet
from socle.annuaire.models import Entree, Statut
from socle.comptes.roles import REDACTION
from socle.courrier.models import Courriel
from socle.francais.wording import jour_en_lettres
from socle.journal.following import Moment
from tests.conftest import PageLue
from tests.factories import ProjetFactory, UtilisateurFactory, member
from tests.factories.glossaire import TermeFactory
from tests.factories.participants import EvenementFactory
from tests.mails import leaving
from tests.projets.formulaire import change_url, posted

pytestmark = pytest.mark.django_db
EQUIPE = "equipe@exemple.bzh"
LISTE = "/admin/projets/projet/"


@pytest.fixture(autouse=True)
def _a_team(settings):
    settings.CONTACT_EMAIL = f"LabAccès <{EQUIPE}>"


@pytest.fixture
def malo():
    return UtilisateurFactory(first_name="Malo", last_name="Prigent", email="malo@exemple.bzh")


def aged(fiche, days=400):
    """That record, unchanged for so many days."""
    Entree.objects.filter(pk=fiche.pk).update(modifiee_le=timezone.now() - timedelta(days=days))
    fiche.entree.refresh_from_db()
    return fiche


def old(days=400, **fields):
    return aged(ProjetFactory(**fields), days)


def taken_over(factory=ProjetFactory, **fields):
    """A record as a takeover leaves it of a site that gave no date."""
    fiche = factory(**fields)
    for model in (type(fiche), Entree):
        model.objects.filter(pk=fiche.pk).update(datee=False, publiee_le=None)
    fiche.refresh_from_db()
    return fiche


def in_charge(user, *fiches):
    fraicheur.entrust([fiche.pk for fiche in fiches], user)


@contextmanager
def weeks_later(number):
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(weeks=number)):
        yield


def due():
    return set(fraicheur.due().values_list("pk", flat=True))


def verify_url(fiche):
    return f"{LISTE}{fiche.pk}/verifier/"


# Which


def test_a_record_is_due_once_its_delay_has_passed_since_it_was_changed_or_found_right():
    fresh, stale, found_right = old(300), old(366), old(800)
    fraicheur.verify(found_right)
    assert due() == {stale.pk}
    fraicheur.settle(fresh, responsable=None, mois=6)
    fraicheur.settle(stale, responsable=None, mois=24)
    assert due() == {fresh.pk}
    fraicheur.settle(fresh, responsable=None, mois=0)
    assert due() == set()
    fresh.change({"titre": "Autre"})
    assert fraicheur.due_day(fresh) is None
    assert fraicheur.due_day(stale).date() == (stale.entree.modifiee_le + timedelta(days=730)).date()


@pytest.mark.parametrize("statut", [Statut.BROUILLON, Statut.A_RELIRE, Statut.RETIREE, Statut.CORBEILLE])
def test_what_is_not_public_is_never_asked_for(malo, statut):
    fiche = old()
    in_charge(malo, fiche)
    Entree.objects.filter(pk=fiche.pk).update(statut=statut)
    rappels.remind()
    assert not Courriel.objects.exists()


# What was taken over without a date


def test_what_was_taken_over_without_a_date_is_due_from_the_first_day_until_somebody_finds_it_right_or_changes_it():
    verified, changed, kept = taken_over(), taken_over(), taken_over()
    ProjetFactory()
    assert due() == {verified.pk, changed.pk, kept.pk}
    fraicheur.verify(verified)
    changed.change({"titre": "Autre"})
    assert due() == {kept.pk}
    assert fraicheur.due_day(kept) == kept.entree.modifiee_le
    with weeks_later(60):
        assert due() >= {verified.pk, changed.pk}


def test_of_a_type_or_a_record_that_is_never_read_again_it_is_not_due_nor_is_a_word_without_definition():
    never = taken_over()
    fraicheur.settle(never, responsable=None, mois=0)
    taken_over(EvenementFactory)
    terme = taken_over(TermeFactory, definition="")
    assert due() == set()
    terme.change({"definition": "Sortir du bureau."})
    assert due() == set()
    Entree.objects.filter(pk=terme.pk).update(datee=False)
    assert due() == {terme.pk}


@pytest.mark.long
def test_the_oldest_matter_comes_first_what_names_no_year_after():
    said = {
        "Sans année": "Un portail.",
        "Deux": "Ouvert en 2017, refait en 2021/2022.",
        "Un": "Opérationnel fin 2020.",
        "Trois": "Le 15/11/24 à Quimper.",
        "Demain": "Tout le monde l’aura en 2199.",
    }
    for titre, text in said.items():
        taken_over(titre=titre, description=text, objectifs="")
    dated = old(titre="Datée")
    rows = list(fraicheur.with_day(fraicheur.due()))
    assert [row.titre for row in rows] == ["Un", "Deux", "Trois", "Datée", "Sans année", "Demain"]
    assert [fraicheur.reason(row) for row in rows] == [
        "jamais relue, parle de 2020",
        "jamais relue, parle de 2022",
        "jamais relue, parle de 2024",
        f"à revérifier depuis le {jour_en_lettres(fraicheur.due_day(dated))}",
        "jamais relue, ne nomme aucune année",
        "jamais relue, ne nomme aucune année",
    ]


def test_its_page_says_that_nobody_read_it_again_until_somebody_does(read):
    fiche = taken_over()
    assert "Reprise de l’ancien site, sans date, jamais relue depuis" in read(fiche.get_absolute_url()).text
    fraicheur.verify(fiche)
    page = read(fiche.get_absolute_url()).text
    assert "sans date" in page
    assert "jamais relue" not in page
    assert "vérifiée le" in page


# « Toujours exact »


@pytest.mark.long
def test_found_right_the_page_says_it_and_nothing_else_changes(client, anne, read):
    fiche = old(titre="Un portail")
    before = (fiche.modifiee_le, fiche.version, fiche.history.count())
    page = read(fiche.get_absolute_url())
    assert "vérifiée le" not in page.text
    [link] = [link for link in page.all("a") if link.text == "Toujours exact"]
    assert link["href"] == verify_url(fiche)
    assert client.get(verify_url(fiche)).status_code == 200
    assert due() == {fiche.pk}
    assert client.post(verify_url(fiche)).url == change_url(fiche)
    fiche.refresh_from_db()
    assert (fiche.modifiee_le, fiche.version, fiche.history.count()) == before
    assert due() == set()
    assert LogEntry.objects.get().get_change_message() == "Vérifiée : toujours exacte."
    client.logout()
    page = read(fiche.get_absolute_url())
    assert "vérifiée le" in page.text
    assert "Toujours exact" not in page.text


@pytest.mark.long
def test_nothing_but_the_last_verification_is_taken_back(client, anne):
    fiche, other = old(titre="Un portail"), old(titre="Un autre")
    form = PageLue(client.post(verify_url(fiche), follow=True)).one("form", class_="annulable")
    told = {"etat": form.one("input", name="etat")["value"]}
    assert "« Un portail » est vérifiée d’aujourd’hui" in form.text.replace("\u00a0", " ")
    client.post(form["action"], told)  # a first click does it, a second one finds it done
    assert due() == {fiche.pk, other.pk}
    second = PageLue(client.post(form["action"], told, follow=True)).one("ul", class_="messagelist").text
    assert "n’est pas annulée" in second
    fraicheur.verify(fiche)
    fraicheur.verify(other)
    before = set(Entree.objects.values_list("pk", "verifiee_le"))
    for address, sent, why in (
        (form["action"], told, "a été vérifiée de nouveau depuis"),
        (f"{verify_url(other)}annuler/", told, "est incomplète ou périmée"),
        (form["action"], {"etat": "x"}, "est incomplète ou périmée"),
        (form["action"], {}, "est incomplète ou périmée"),
    ):
        answer = client.post(address, sent, follow=True)
        said = PageLue(answer).one("ul", class_="messagelist").text
        assert "n’est pas annulée" in said
        assert why in said
    client.force_login(member())
    assert client.post(form["action"], told).status_code == 403
    assert set(Entree.objects.values_list("pk", "verifiee_le")) == before


def test_putting_somebody_in_charge_leaves_public_pages_as_they_were_kept(client, malo):
    fiche = old()
    before = Moment.now().of()
    tag = client.get(fiche.get_absolute_url())["ETag"]
    in_charge(malo, fiche)
    fraicheur.settle(fiche, responsable=malo, mois=3)
    assert Moment.now().of() == before
    answer = client.get(fiche.get_absolute_url(), headers={"if-none-match": tag})
    assert answer.status_code == 304
    assert "Malo" not in client.get(fiche.get_absolute_url()).content.decode()
    fraicheur.verify(fiche)  # which its page says
    assert client.get(fiche.get_absolute_url(), headers={"if-none-match": tag}).status_code == 200


def test_only_who_may_change_a_public_record_finds_it_right(client):
    fiche, draft = old(), aged(ProjetFactory(draft=True))
    assert client.post(verify_url(fiche)).url.startswith("/admin/login/")
    client.force_login(member())
    assert client.post(verify_url(fiche)).status_code == 403
    client.force_login(member(REDACTION))
    client.post(verify_url(draft))
    assert client.post(verify_url(fiche)).status_code == 302
    assert client.get(f"{LISTE}9999999/verifier/").status_code == 302
    assert set(Entree.objects.filter(verifiee_le__isnull=False).values_list("pk", flat=True)) == {fiche.pk}


@pytest.mark.long
def test_the_form_finds_a_record_right_and_says_who_is_in_charge(client, anne, malo):
    fiche = old()
    page = client.get(change_url(fiche)).content.decode()
    assert "À revérifier depuis le" in page
    said = {"veille-responsable": malo.pk, "veille-mois": "24"}
    assert client.post(change_url(fiche), posted(client, fiche) | said).status_code == 302
    veille = Veille.objects.get()
    assert (veille.responsable, veille.mois) == (malo, 24)
    fiche.refresh_from_db()
    assert fiche.version == 1
    assert client.post(change_url(fiche), posted(client, fiche) | said | {"_verifier": "oui"}).status_code == 302
    fiche.refresh_from_db()
    assert (fiche.version, fiche.entree.verifiee_le is not None) == (1, True)
    assert [one.get_change_message() for one in LogEntry.objects.order_by("pk")] == [
        "Relecture : personne chargée ou délai changés.",
        "Vérifiée : toujours exacte.",
    ]
    closed = UtilisateurFactory(is_active=False)
    for wrong in ({"veille-responsable": closed.pk}, {"veille-responsable": "x"}, {"veille-mois": "7"}):
        answer = client.post(change_url(fiche), posted(client, fiche) | said | wrong, follow=True)
        assert "la personne chargée et le délai n’ont pas changé" in answer.content.decode()
    assert Veille.objects.get().responsable == malo


# The desk


def asked(page):
    """{title: where « Toujours exact » is sent} of what the desk asks for this week."""
    return {one.all("a")[0].text: one.one("form")["action"] for one in page.all("article", class_="paire")}


@pytest.mark.long
def test_the_desk_asks_for_ten_a_week_each_with_one_click(client, anne, read):
    for number in range(23):
        taken_over(titre=f"Fiche {number:02}", description=f"En {2000 + number}.")
    week = asked(read("/admin/a-reverifier/"))
    assert list(week) == [f"Fiche {number:02}" for number in range(10)]
    assert "23 projets" in read("/admin/a-reverifier/").text
    for address in list(week.values())[:3]:
        assert client.post(address, {"semaine": "oui"}).url == "/admin/a-reverifier/"
    Projet.objects.get(titre="Fiche 05").change({"titre": "Corrigée"})
    assert list(asked(read("/admin/a-reverifier/"))) == [f"Fiche {number:02}" for number in (3, 4, 6, 7, 8, 9)]
    assert "6 fiches cette semaine" in read("/admin/").text
    for address in asked(read("/admin/a-reverifier/")).values():
        client.post(address, {"semaine": "oui"})
    page = read("/admin/a-reverifier/")
    assert asked(page) == {}
    assert "les suivantes viennent lundi" in page.text
    assert "À revérifier" not in read("/admin/").text
    with weeks_later(1):
        client.force_login(anne)
        assert list(asked(read("/admin/a-reverifier/"))) == [f"Fiche {number:02}" for number in range(10, 20)]


@pytest.mark.long
def test_what_somebody_may_not_change_is_not_asked_of_them(client, read):
    taken_over()
    client.force_login(member())
    assert client.get("/admin/a-reverifier/").status_code == 403
    assert "cette semaine" not in client.get("/admin/").content.decode()
    client.force_login(member(REDACTION))
    assert len(asked(read("/admin/a-reverifier/"))) == 1


def test_many_records_are_put_in_somebodys_charge_at_once(client, anne, malo):
    fiches = [ProjetFactory(), ProjetFactory()]
    fraicheur.settle(fiches[0], responsable=anne, mois=3)
    data = {"action": "entrust", helpers.ACTION_CHECKBOX_NAME: [fiche.pk for fiche in fiches]}
    assert "Confier la relecture" in client.post(LISTE, data).content.decode()
    assert client.post(LISTE, data | {"appliquer": "oui", "responsable": malo.pk}).status_code == 302
    assert set(Veille.objects.values_list("responsable", "mois")) == {(malo.pk, 3), (malo.pk, None)}
    assert LogEntry.objects.count() == 2
    assert client.post(LISTE, data | {"appliquer": "oui", "responsable": ""}).status_code == 302
    assert set(Veille.objects.values_list("responsable", "mois")) == {(None, 3), (None, None)}
    assert client.post(LISTE, data | {"appliquer": "oui", "responsable": "x"}).status_code == 200


# The mails of the week


def test_a_person_gets_their_five_oldest_once_a_week(malo):
    fiches = [old(400 + number, titre=f"Fiche numéro {number}") for number in range(7)]
    in_charge(malo, *fiches)
    for _ in range(2):
        call_command("rappeler_verifications", stdout=StringIO())
    [mail] = leaving()
    assert (mail.destinataire, mail.objet) == ("malo@exemple.bzh", "LabAccès : 5 fiches à revérifier")
    named = [number for number in range(7) if f"numéro {number}\u00a0»" in mail.texte]
    assert named == [2, 3, 4, 5, 6]
    assert mail.texte.index("numéro 6") < mail.texte.index("numéro 2")
    for text in (mail.texte, mail.html):
        assert f"http://127.0.0.1:8000{verify_url(fiches[6])}" in text
        assert f"http://127.0.0.1:8000{change_url(fiches[6])}" in text
    with weeks_later(1):
        rappels.remind()
    assert Courriel.objects.filter(destinataire="malo@exemple.bzh").count() == 2


@pytest.mark.long
def test_after_three_mails_in_vain_the_team_is_told_and_the_next_takes_its_place(malo):
    fiche = old(titre="Un portail")
    in_charge(malo, fiche)
    for week in range(3):
        with weeks_later(week):
            rappels.remind()
            assert Courriel.objects.filter(destinataire="malo@exemple.bzh").count() == week + 1
            assert not Courriel.objects.filter(destinataire=EQUIPE).exists()
    with weeks_later(3):
        for _ in range(2):
            rappels.remind()
        [mail] = leaving(destinataire=EQUIPE)
    assert Courriel.objects.filter(destinataire="malo@exemple.bzh").count() == 3
    assert "«\u00a0Un portail\u00a0»" in mail.texte
    assert "Malo Prigent en est chargé·e" in mail.texte


def test_an_act_on_a_record_starts_the_count_again(malo):
    fiche = old(titre="Un portail")
    in_charge(malo, fiche)
    Veille.objects.update(rappels=2, rappelee_le=timezone.now() - timedelta(days=390))
    fraicheur.verify(fiche)
    with weeks_later(60):
        rappels.remind()
    assert Veille.objects.get().rappels == 1
    in_charge(UtilisateurFactory(email="enora@exemple.bzh"), fiche)
    assert Veille.objects.get().rappels == 0


@pytest.mark.long
def test_the_team_is_told_of_ten_that_nobody_is_in_charge_of(malo):
    for number in range(12):
        old(400 + number, titre=f"Seule {number}")
    closed = old(500, titre="Compte fermé")
    in_charge(malo, closed)
    malo.is_active = False
    malo.save()
    rappels.remind()
    [mail] = leaving()
    assert mail.destinataire == EQUIPE
    assert mail.texte.count("Toujours exact") == 10
    assert "«\u00a0Compte fermé\u00a0»" in mail.texte
    assert "13 fiches à revérifier ne sont confiées à personne" in mail.texte.replace("\u00a0", " ")
    assert "http://127.0.0.1:8000/admin/a-reverifier/" in mail.texte


def test_a_run_that_is_killed_goes_on_where_it_stopped(malo):
    enora = UtilisateurFactory(email="enora@exemple.bzh")
    in_charge(malo, old())
    in_charge(enora, old())
    real, killed = rappels.deposit_late, []

    def dies(*args, **kwargs):
        if killed:
            real(*args, **kwargs)
            raise KeyboardInterrupt
        killed.append(1)
        return real(*args, **kwargs)

    with patch.object(rappels, "deposit_late", dies), pytest.raises(KeyboardInterrupt):
        rappels.remind()
    assert Courriel.objects.count() == 1
    rappels.remind()
    assert sorted(Courriel.objects.values_list("destinataire", flat=True)) == ["enora@exemple.bzh", "malo@exemple.bzh"]
    assert set(Veille.objects.values_list("rappels", flat=True)) == {1}


def test_an_address_that_no_mail_can_go_to_hinders_nobody(malo):
    in_charge(UtilisateurFactory(username="casse", email="pas une adresse"), old())
    in_charge(malo, old())
    errors = StringIO()
    call_command("rappeler_verifications", stdout=StringIO(), stderr=errors)
    assert "casse" in errors.getvalue()
    assert {mail.destinataire for mail in Courriel.objects.all()} == {"malo@exemple.bzh", EQUIPE}


def test_a_mail_to_an_address_that_was_corrected_does_not_leave(malo):
    in_charge(malo, old())
    rappels.remind()
    assert len(leaving()) == 1
    malo.email = "malo.prigent@exemple.bzh"
    malo.save()
    assert leaving() == []


@pytest.mark.long
def test_the_mails_say_what_waits_still_when_they_leave(malo):
    verified, withdrawn, given, kept = (old(titre=titre) for titre in ("Vue", "Retirée", "Confiée", "Gardée"))
    in_charge(malo, verified, withdrawn, given, kept)
    alone, found = old(titre="Seule"), old(titre="Seule et vue")
    rappels.remind()
    fraicheur.verify(verified), fraicheur.verify(found)
    withdrawn.change({"statut": Statut.RETIREE})
    in_charge(UtilisateurFactory(email="enora@exemple.bzh"), given)
    mail, of_team = leaving()
    assert mail.objet == "LabAccès : 1 fiche à revérifier"
    assert of_team.objet == "LabAccès : 1 fiche attend d’être revérifiée"
    for text, said in ((mail.texte, kept.titre), (of_team.texte, alone.titre)):
        assert text.count("Toujours exact") == 1
        assert f"«\u00a0{said}\u00a0»" in text
    fraicheur.verify(kept), fraicheur.verify(alone)
    assert leaving() == []
    assert Courriel.objects.count() == 2
