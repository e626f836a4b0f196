"""The team is told by mail of what waits for its decision, as each member chose: at once, once a day, never."""

import re
from collections import Counter
from datetime import timedelta
from io import StringIO
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.utils import timezone

from participants.contacter import erreurs, relais
from participants.contacter.models import Message, Signalement
from participants.contributions import parcours
from participants.contributions.models import Contribution
from socle.annuaire.models import Entree, Statut
from socle.comptes import prevenir, travaux
from socle.comptes.models import PreferenceDeCourriel, Utilisateur
from socle.comptes.roles import ADMINISTRATION, ANIMATION, REDACTION
from socle.courrier import sending
from socle.courrier.models import Courriel, Etat
from socle.courrier.sending import claim, send
from socle.vie_privee.personal_copy import tell
from tests import sampling
from tests.conftest import PageLue
from tests.factories import ProjetFactory, UtilisateurFactory, member
from tests.factories.contacter import MessageFactory, SignalementFactory
from tests.factories.contributions import ContributionFactory
from tests.mails import leaving
from tests.together import THREADS, together

pytestmark = pytest.mark.django_db
COMPTE = "/admin/compte/"
ALL = ["propositions", "signalements", "messages", "a-relire"]
BY_ROLE = {REDACTION: ALL[:2], ANIMATION: ALL, ADMINISTRATION: ALL}
SAYS_NOTHING = "Kerinvente"  # what visitors type, everywhere


def come(sorte) -> object:
    """Something of that kind comes from a visitor, or from an editor."""
    make = {
        "propositions": lambda: ContributionFactory(source=SAYS_NOTHING, nom=SAYS_NOTHING),
        "signalements": lambda: SignalementFactory(texte=SAYS_NOTHING, courriel=f"{SAYS_NOTHING}@exemple.bzh"),
        "messages": lambda: MessageFactory(nom=SAYS_NOTHING, texte=SAYS_NOTHING),
        "a-relire": lambda: ProjetFactory(titre=f"Un portail de {SAYS_NOTHING}", statut=Statut.A_RELIRE),
    }
    return make[sorte]()


def somebody(*groups, quand=None, **fields) -> Utilisateur:
    """A member of the team, told of every kind at that moment."""
    user = member(*(groups or [ANIMATION]), **{"email": "anne@exemple.bzh", "first_name": "Anne"} | fields)
    if quand:
        travaux.choose(user, dict.fromkeys(ALL, quand))
    return user


def run(*options) -> str:
    out = StringIO()
    call_command("prevenir_equipe", *options, stdout=out, stderr=out)
    return out.getvalue().strip()


def later(**span):
    return patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(**span))


def said(mail) -> str:
    return " ".join(mail.texte.split())


def selected(field) -> str:
    [option] = [one for one in field.all("option") if "selected" in one.attributes]
    return option.text


# Who may be told of what


@pytest.mark.parametrize("role", BY_ROLE)
def test_each_role_is_offered_what_it_decides_of(read, enter, role):
    enter(role, email="anne@exemple.bzh")
    page = read(COMPTE)
    assert [field["name"] for field in page.all("select")] == BY_ROLE[role]
    for field in page.all("select"):
        assert [option.text for option in field.all("option")] == ["tout de suite", "une fois par jour", "jamais"]
        assert selected(field) == "une fois par jour"


def test_whoever_decides_of_nothing_is_offered_nothing(read, enter):
    enter("Sans droits")
    page = read(COMPTE)
    assert not page.all("select")
    assert "Courriels sur ce qui attend" not in page.text


@pytest.mark.long
@sampling.mostly_long("role", [*BY_ROLE, None], one_in=3)
def test_what_waits_is_what_the_lists_of_the_desk_show_as_waiting(role):
    """Of each kind, rows of every state: the mail tells of those that the same person finds at the desk."""
    for etat in Contribution.Etat:
        ContributionFactory(etat=etat), ContributionFactory(etat=etat, nature="fiche", entree=None, base=0)
    for etat in Signalement.Etat:
        SignalementFactory(etat=etat)
    for etat in Message.Etat:
        MessageFactory(etat=etat)
    for statut in Statut:
        ProjetFactory(statut=statut)
    request = RequestFactory().get("/admin/", {"suite": "ouverte"})
    request.user = member(role) if role else UtilisateurFactory(is_superuser=True)
    models = {"propositions": Contribution, "signalements": Signalement, "messages": Message}
    offered = {sorte.cle: sorte for sorte in travaux.offered(request.user)}
    assert [*offered] == (BY_ROLE[role] if role else ALL)
    for cle, sorte in offered.items():
        if cle in models:
            listed = admin.site.get_model_admin(models[cle]).get_changelist_instance(request).queryset
        else:
            listed = Entree.objects.filter(statut=Statut.A_RELIRE)
        keys = set(listed.values_list("pk", flat=True))
        assert keys, cle
        assert sorte.keys(request.user) == keys, cle


def test_of_proposals_one_is_told_of_the_types_that_one_may_change():
    group = Group.objects.create(name="Glossaire")
    names = ["change_contribution", "view_contribution", "change_terme", "view_terme"]
    group.permissions.set(Permission.objects.filter(codename__in=names))
    user = UtilisateurFactory(email="anne@exemple.bzh")
    user.groups.add(group)
    ContributionFactory()
    mine, new = ContributionFactory(type="terme"), ContributionFactory(type="terme", nature="fiche", entree=None)
    [sorte] = travaux.offered(user)
    assert sorte.keys(user) == {mine.pk}
    group.permissions.add(Permission.objects.get(codename="add_terme"))
    assert sorte.keys(Utilisateur.objects.get(pk=user.pk)) == {mine.pk, new.pk}


def test_the_choice_is_kept_and_what_no_page_offers_changes_nothing(client, enter, read):
    user = enter(REDACTION, email="anne@exemple.bzh")
    data = {"preferences": "Enregistrer", "propositions": "aussitot", "signalements": "quelquefois", "messages": "jour"}
    answer = client.post(COMPTE, data, follow=True)
    assert "C’est noté." in answer.content.decode()
    assert travaux.chosen(user) == {"propositions": "aussitot", "signalements": "jour"}
    chosen = [selected(field) for field in read(COMPTE).all("select")]
    assert chosen == ["tout de suite", "une fois par jour"]
    assert list(PreferenceDeCourriel.objects.values_list("travail", flat=True)) == ["propositions"]


@pytest.mark.parametrize(("email", "says"), [("", "n’a pas d’adresse"), ("pas une adresse", "Aucun courriel ne peut")])
def test_whoever_no_mail_reaches_is_told_so(enter, read, email, says):
    enter(ANIMATION, email=email)
    assert says in read(COMPTE).text


def test_what_one_chose_is_in_the_copy_of_what_the_site_holds():
    user = somebody(quand="jamais")
    told = str(tell(user))
    assert "jamais" in told
    assert "a-relire" in told


# Once a day


def test_without_a_choice_one_mail_a_day_says_what_waits():
    somebody(REDACTION)
    come("propositions"), come("propositions"), come("signalements"), come("messages")
    assert run("--du-jour") == "1 personne prévenue."
    assert run("--du-jour") == "0 personne prévenue."
    assert run() == ""
    [mail] = leaving()
    assert mail.objet == "LabAccès : 2 propositions et 1 signalement"
    assert "Voici ce qui attend : à vous" in said(mail)
    send()
    assert run("--du-jour") == "0 personne prévenue."
    with later(days=1):
        assert run("--du-jour") == "1 personne prévenue."
        assert len(leaving(etat=Etat.EN_FILE)) == 1


def test_nothing_waits_no_mail():
    somebody()
    ContributionFactory(etat="a-confirmer"), ContributionFactory(etat="question"), SignalementFactory(etat="corrige")
    MessageFactory(etat="transmis"), ProjetFactory()
    assert run("--du-jour") == "0 personne prévenue."
    assert not Courriel.objects.exists()


def test_what_was_settled_before_the_mail_leaves_is_not_told(mailoutbox):
    user = somebody(ANIMATION)
    row, report, message, fiche = (come(sorte) for sorte in ALL)
    run("--du-jour")
    erreurs.settle(report, Signalement.Etat.CORRIGE), relais.settle(message, Message.Etat.TRAITE)
    fiche.change({"statut": Statut.PUBLIEE})
    [mail] = leaving(composition=prevenir.DU_JOUR)
    assert mail.objet == "LabAccès : 1 proposition"
    parcours.refuse(row, "", tour=row.tour, user=user)
    Courriel.objects.exclude(composition=prevenir.DU_JOUR).delete()
    send()
    assert not mailoutbox
    assert not Courriel.objects.exists()


# At once


def test_what_comes_is_told_in_the_minute_and_once():
    somebody(REDACTION, quand="aussitot")
    assert run() == ""
    come("propositions")
    assert run() == "1 personne prévenue."
    [mail] = leaving()
    assert mail.objet == "LabAccès : 1 proposition"
    assert "Voici ce qui vient d’arriver" in said(mail)
    send()
    with later(hours=1):
        assert run() == ""
    assert run("--du-jour") == "0 personne prévenue."
    assert Courriel.objects.count() == 1


def test_what_waits_when_one_chooses_is_there_to_be_seen_and_not_mailed():
    come("signalements")
    somebody(REDACTION, quand="aussitot")
    run()
    assert not Courriel.objects.exists()
    come("signalements")
    run()
    assert [mail.objet for mail in leaving()] == ["LabAccès : 1 signalement"]


def test_nobody_is_told_at_once_of_a_sheet_that_they_saved_last():
    user, other = somebody(quand="aussitot"), somebody(email="malo@exemple.bzh")
    mine, theirs = come("a-relire"), come("a-relire")
    mine.change({"titre": "Le mien"}, user=user), theirs.change({"titre": "Le sien"}, user=other)
    run()
    [mail] = leaving()
    assert mail.destinataire == user.email
    assert (f"n° {theirs.pk}," in said(mail), f"n° {mine.pk}," in said(mail)) == (True, False)
    come("a-relire").change({"titre": "Un autre"}, user=user)
    Courriel.objects.all().delete()
    with later(minutes=11):
        assert run() == ""
    run("--du-jour")
    assert {one.destinataire for one in leaving()} == {other.email}, "each morning it waits as any other"


@pytest.mark.long
def test_a_burst_is_one_mail_then_one_for_all_that_followed(mailoutbox):
    somebody(quand="aussitot")
    for _ in range(3):
        come("propositions"), come("messages")
    run(), send()
    for minute in range(1, 10):
        come("signalements")
        with later(minutes=minute):
            run(), send()
    assert len(mailoutbox) == 1
    with later(minutes=11):
        run(), send()
    assert [mail.subject for mail in mailoutbox] == [
        "LabAccès : 3 propositions et 3 messages à vérifier",
        "LabAccès : 9 signalements",
    ]


def test_a_question_that_its_author_answers_is_told_again(mailoutbox):
    user = somebody(REDACTION, quand="aussitot")
    row = come("propositions")
    run(), send()
    parcours.ask(row, "Depuis quand ?", tour=row.tour, user=user)
    run()
    parcours.answer(row, "Depuis mars.")
    Courriel.objects.exclude(composition=prevenir.NOUVEAU).delete()
    mailoutbox.clear()
    with later(minutes=11):
        run(), send()
    assert [mail.subject for mail in mailoutbox] == ["LabAccès : 1 proposition"]


def test_a_server_away_for_days_leaves_one_mail_for_each(mailoutbox):
    somebody(quand="aussitot"), somebody(email="malo@exemple.bzh")
    with patch.object(sending, "_open", side_effect=sending.Injoignable("Connexion refusée")):
        for hour in range(3):
            come("propositions")
            with later(hours=hour):
                run(), send()
        for day in range(3):
            with later(days=day):
                run("--du-jour"), send()
    assert Courriel.objects.count() == 2
    Courriel.objects.update(prochain_essai=timezone.now())
    send()
    assert {mail.to[0]: mail.subject for mail in mailoutbox} == {
        "anne@exemple.bzh": "LabAccès : 3 propositions",
        "malo@exemple.bzh": "LabAccès : 3 propositions",
    }
    assert len(mailoutbox) == 2


def test_what_comes_while_a_mail_is_being_sent_waits_for_the_next():
    somebody(REDACTION, quand="aussitot")
    come("propositions")
    run()
    courriel = claim()
    come("propositions")
    assert run() == ""
    Courriel.objects.filter(pk=courriel.pk).update(etat=Etat.ENVOYE)
    with later(minutes=11):
        run()
    assert [mail.objet for mail in leaving(etat=Etat.EN_FILE)] == ["LabAccès : 1 proposition"]


def test_a_choice_that_changes_before_the_mail_leaves_is_obeyed(mailoutbox):
    user = somebody(quand="aussitot")
    come("propositions")
    run()
    travaux.choose(user, dict.fromkeys(ALL, "jamais"))
    send()
    assert not mailoutbox


def test_never_is_never(mailoutbox):
    somebody(quand="jamais")
    for sorte in ALL:
        come(sorte)
    run(), run("--du-jour"), send()
    assert not mailoutbox


# Whoever may decide no more; whoever no mail reaches; what fails


@pytest.mark.parametrize(
    "leave",
    [
        lambda user: user.groups.clear(),
        lambda user: Utilisateur.objects.filter(pk=user.pk).update(is_active=False),
        lambda user: Utilisateur.objects.filter(pk=user.pk).update(is_staff=False),
        lambda user: user.delete(),
        lambda user: Utilisateur.objects.filter(pk=user.pk).update(email=""),
    ],
)
@pytest.mark.parametrize("quand", ["aussitot", "jour"])
def test_whoever_may_decide_no_more_is_told_nothing(mailoutbox, leave, quand):
    user = somebody(quand=quand)
    come("a-relire")
    run(), run("--du-jour")
    assert Courriel.objects.count() == 1
    leave(user)
    send()
    come("a-relire")
    run(), run("--du-jour"), send()
    assert not mailoutbox


@pytest.mark.parametrize("quand", ["aussitot", "jour"])
def test_a_mail_to_an_address_that_was_corrected_does_not_leave(mailoutbox, quand):
    user = somebody(quand=quand, email="une.autre@exemple.bzh")
    come("a-relire")
    run(), run("--du-jour")
    Utilisateur.objects.filter(pk=user.pk).update(email="Anne@Exemple.bzh")
    assert send().envoyes == 0
    come("a-relire")
    run(), run("--du-jour"), send()
    assert [mail.to for mail in mailoutbox] == [["Anne@exemple.bzh"]]


@pytest.mark.parametrize("quand", ["aussitot", "jour"])
def test_whoever_has_never_come_is_told_nothing(quand):
    somebody(quand=quand, password=make_password(None))
    come("a-relire")
    run(), run("--du-jour")
    assert not Courriel.objects.exists()


def test_an_address_that_no_mail_can_go_to_hinders_nobody(mailoutbox):
    somebody(email="pas une adresse", username="casse"), somebody(email=""), somebody(email="malo@exemple.bzh")
    somebody(email="non plus", quand="aussitot")
    come("propositions")
    assert "casse : adresse électronique à corriger" in run("--du-jour")
    run(), send()
    assert [mail.to for mail in mailoutbox] == [["malo@exemple.bzh"]]


def test_whom_it_fails_for_is_told_by_the_next_run_and_the_others_by_this_one(monkeypatch):
    broken = somebody(quand="aussitot")
    somebody(email="malo@exemple.bzh", quand="aussitot")
    come("messages")
    real = prevenir._put

    def put(user, fresh):
        if user == broken:
            raise ValueError
        return real(user, fresh)

    with patch.object(prevenir, "_put", put), pytest.raises(CommandError, match="1 personne n’a pas pu"):
        run()
    assert [mail.destinataire for mail in leaving()] == ["malo@exemple.bzh"]
    run()
    assert Courriel.objects.count() == 2


@THREADS
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_each_once():
    for number in range(4):
        somebody(email=f"anne{number}@exemple.bzh", quand="aussitot" if number % 2 else None)
    come("propositions")
    together(prevenir.tell_new, prevenir.tell_new)
    together(prevenir.tell_waiting, prevenir.tell_waiting)
    assert sorted(Courriel.objects.values_list("destinataire", flat=True)) == [
        f"anne{number}@exemple.bzh" for number in range(4)
    ]


# What the mails say


@pytest.mark.parametrize("quand", ["aussitot", "jour"])
def test_a_mail_says_nothing_that_was_typed_and_names_nobody(quand):
    somebody(quand=quand)
    for sorte in ALL:
        come(sorte)
    values = {"titre": {"vu": "", "propose": SAYS_NOTHING}}
    ContributionFactory(nature="fiche", entree=None, valeurs=values), ContributionFactory(etat="a-verifier", doute="x")
    hidden = ProjetFactory(titre=f"Un titre retiré, {SAYS_NOTHING}", statut=Statut.RETIREE)
    SignalementFactory(entree=hidden.entree), MessageFactory(entree=hidden.entree), ContributionFactory(fiche=hidden)
    run(), run("--du-jour")
    [mail] = leaving()
    whole = mail.objet + mail.texte + mail.html
    assert SAYS_NOTHING not in whole
    assert "Kerdoncuff" not in whole
    assert "Kermaden" not in whole
    assert mail.texte.count("qui n’est plus publiée") == 3
    assert "Correction de « Un portail », reçue le" in said(mail)
    assert ", douteuse" in said(mail)


DECISIONS = {  # what the page of each kind offers to whoever decides
    "propositions": lambda page: page.all("button", value="refuser"),
    "signalements": lambda page: page.all("input", type="radio", name="etat"),
    "messages": lambda page: page.all("button", value="dismiss"),
    "a-relire": lambda page: page.all("select", name="statut"),
}


@pytest.mark.long
def test_ten_pieces_of_work_three_members_three_choices(client, mailoutbox):
    """Each gets the mails they chose; each link leads whoever follows it to the page where one decides."""
    users = {quand: somebody(email=f"{quand}@exemple.bzh", quand=quand) for quand in ("aussitot", "jour", "jamais")}
    ten = ["propositions", "signalements", "messages", "a-relire", "propositions"] * 2
    for sorte in ten:
        come(sorte)
    with later(minutes=1):
        run(), send()
    with later(days=1):
        run(), run("--du-jour"), send()
    mails = {quand: [mail for mail in mailoutbox if mail.to == [f"{quand}@exemple.bzh"]] for quand in users}
    assert {quand: len(found) for quand, found in mails.items()} == {"aussitot": 1, "jour": 1, "jamais": 0}
    for quand in ("aussitot", "jour"):
        [mail] = mails[quand]
        assert mail.subject == "LabAccès : 4 propositions, 2 signalements, 2 messages à vérifier et 2 fiches à relire"
        links = {urlsplit(address).path for address in re.findall(r"https?://\S+/change/", mail.body)}
        client.logout()
        for link in links:
            asked = client.get(link)
            assert asked.status_code == 302
            assert asked.url == f"/admin/login/?next={link}", "whoever is not logged in comes back to it"
        client.force_login(users[quand])
        pages = [PageLue(client.get(link)) for link in links]
        assert Counter(sorte for page in pages for sorte, offers in DECISIONS.items() if offers(page)) == Counter(ten)
        for address in re.findall(r"https?://\S+", mail.body):
            assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200, address
