"""Being told of what is new in a list: asked for, confirmed, mailed once, stopped."""

import re
from datetime import timedelta
from io import StringIO
from itertools import count
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from fiches import registre
from fiches.choice_lists import Theme
from participants.alertes import abonnement, courriels, followed_lists, notices, sending, views
from participants.alertes.followed_lists import AVANT, ListeSuivie
from participants.alertes.models import Alerte
from socle.annuaire.models import Statut
from socle.catalogue import list_sets, sets
from socle.courrier import composition, liens
from socle.courrier.models import Courriel, Lien
from socle.courrier.sending import message as as_mail
from socle.courrier.sending import send
from socle.journal import cache
from socle.vie_privee import consentement, gestes
from socle.vie_privee.models import Effacement
from tests.conftest import PageLue, some_types
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.factories.alertes import AlerteFactory
from tests.factories.glossaire import TermeFactory
from tests.factories.participants import EvenementFactory
from tests.mails import leaving
from tests.sounds import silence
from tests.test_consistency import patterns
from tests.together import THREADS, together

pytestmark = pytest.mark.django_db
Etat, Rythme = Alerte.Etat, Alerte.Rythme
AWENA = "awena.prigent@exemple.bzh"
LISTE = "/alertes/?type=projet"
PROJETS = "/alertes/?type=projet&departement=22"
_days = count(1)


@pytest.fixture(autouse=True)
def _place(settings, patient, tmp_path, places):
    settings.EFFACEMENTS = tmp_path / "effacements.txt"


def ask(client, address=PROJETS, courriel=AWENA, **data):
    guards = PageLue(client.get(address)).guards
    return client.post(address, guards | {"courriel": courriel, "rythme": "jour", "consentement": "on"} | data)


def link(mail, page="la-mienne"):
    """The link of a mail to a page."""
    return re.search(rf"/alertes/{page}/lien-[\w-]+/", mail.texte)[0]


def test_a_double_click_counts_once_among_the_posts_of_a_mailbox(client, places):
    addresses = [f"/alertes/?type=projet&montant_max={1000 * (rank + 1)}" for rank in range(5)]
    for address in addresses:
        guards = PageLue(client.get(address)).guards
        for _ in range(2):
            client.post(address, guards | {"courriel": AWENA, "rythme": "jour", "consentement": "on"})
    assert Alerte.objects.count() == len(addresses)


def tomorrow():
    """Another day each time."""
    return patch("participants.alertes.models.MATIN", -timedelta(days=next(_days)))


def run():
    out = StringIO()
    call_command("envoyer_alertes", stdout=out)
    return out.getvalue().strip()


def told() -> list[str]:
    """The mails with what is new as they would leave now, oldest first."""
    return [mail.texte for mail in leaving(objet__startswith="Du nouveau")]


# Asking


def test_from_a_list_to_a_mail_of_what_is_new(client, read):
    """The whole way, by links alone."""
    ProjetFactory(titre="Déjà là", departement_id="22")
    panel = read("/projets/?departement=22&tri=recent").one("details", class_="emporter")
    address = next(a["href"] for a in panel.all("a") if a["href"].startswith("/alertes/"))
    assert parse_qsl(urlsplit(address).query) == [("type", "projet"), ("departement", "22")]
    page = read(address).one("main").text
    assert "Projets dans les Côtes-d’Armor" in page
    assert "1 fiche" in page
    assert consentement.texte(notices.USAGE, consentement.version(notices.USAGE)) in page
    answer = ask(client, address)
    assert answer.url == "/alertes/?fait=recue"
    assert read(answer.url).one("h1").text == "Regardez votre courrier"
    row = Alerte.objects.get()
    assert (row.etat, row.type, row.criteres, row.rythme) == (Etat.A_CONFIRMER, "projet", "departement=22", "jour")
    mail = Courriel.objects.get()
    answer = client.post(link(mail, "confirmer"))
    assert answer.status_code == 302
    assert "C’est confirmé" in read(answer.url).one("main").text
    ProjetFactory(titre="Cantine à un euro", fait="Des repas pour tous.", departement_id="22", collectivite="Dinan")
    ProjetFactory(titre="Ailleurs", departement_id="29")
    run()
    assert told() == []  # it begins on the next day
    with tomorrow():
        assert run() == "1 alerte regardée : 1 courriel mis en file."
    [text] = told()
    assert "1 projet dans les Côtes-d’Armor" in text
    assert "- Cantine à un euro\n  Dinan" in text
    assert "Des repas pour tous." in text
    assert "http://127.0.0.1:8000/projets/?departement=22\n" in text
    assert "Déjà là" not in text
    assert "Ailleurs" not in text


@some_types
def test_each_type_can_be_followed(read, client, declaration):
    factory_of(declaration.model)()
    panel = read(declaration.lien).one("details", class_="emporter")
    address = next(a["href"] for a in panel.all("a") if a["href"].startswith("/alertes/"))
    with patch.object(views.AlertesView, "par_boite", 100):
        assert ask(client, address).status_code == 302
    abonnement.confirm(Alerte.objects.get())
    new = factory_of(declaration.model)()
    with tomorrow():
        run()
    assert new.get_absolute_url() in told()[0]
    assert told()[0].count("http://127.0.0.1:8000/" + declaration.adresse + "/") == 2


def test_the_whole_site_can_be_followed(client, read):
    page = read("/alertes/").one("main")
    assert "?type=site" in {a["href"] for a in page.all("a")}
    ask(client, "/alertes/?type=site&type=evenement")
    abonnement.confirm(Alerte.objects.get())
    ProjetFactory()
    event = EvenementFactory(titre="Balise")
    with tomorrow():
        run()
    assert event.get_absolute_url() in told()[0]
    assert "1 fiche de type événement" in told()[0]


@pytest.mark.parametrize(
    "query",
    [
        "?type=projet&departement=zz",
        "?type=projet&inconnu=1",
        "?type=projet&montant_min=beaucoup",
        "?type=absent",
        f"?type=projet&q={'x' * 1000}",
        "?type=projet&q=%00&theme=%ff",
        "?type=",
        "?type=projet&type=22",
    ],
)
def test_what_cannot_be_read_is_said_and_asks_for_nothing(client, query):
    page = PageLue(client.get(f"/alertes/{query}"))
    assert not page.all("form", id="alerte")
    assert query == "?type=" or page.all(role="alert")
    answer = client.post(f"/alertes/{query}", {"courriel": AWENA, "rythme": "jour", "consentement": "on"})
    assert answer.status_code == 400
    assert not Alerte.objects.exists()
    assert not Courriel.objects.exists()


def test_without_agreement_rhythm_or_address_nothing_is_asked(client):
    for wrong in ({"consentement": ""}, {"rythme": "heure"}, {"courriel": "awena"}):
        answer = ask(client, **wrong)
        assert answer.status_code == 200
        assert PageLue(answer).one(id="erreurs")
    assert not Alerte.objects.exists()


# Who may know


def test_the_answer_is_the_same_whether_the_address_follows_the_list(client):
    AlerteFactory(criteres="departement=22", courriel=AWENA)
    known, unknown = ask(client), ask(client, courriel="malo@exemple.bzh")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Alerte.objects.get(courriel=AWENA).etat == Etat.ACTIVE
    mail = Courriel.objects.get(destinataire=AWENA)
    assert mail.objet == "Vous suivez déjà cette liste"
    assert client.get(link(mail)).status_code == 200


@pytest.mark.long
def test_no_mailbox_is_flooded_whatever_is_asked_for_it(client):
    for number in range(views.AlertesView.par_boite + 4):
        address = f"{LISTE}&montant_min={number + 1}"
        assert ask(client, address, courriel=f"awena.prigent+{number}@exemple.bzh").url == "/alertes/?fait=recue"
    assert Courriel.objects.count() == Alerte.objects.count() == views.AlertesView.par_boite


def test_a_robot_is_answered_and_nothing_is_done(client):
    assert ask(client, precision="x").status_code == 302
    assert not Alerte.objects.exists()


def test_the_mail_to_an_address_that_nobody_confirmed_repeats_nothing(client):
    ask(client, f"{LISTE}&q=achetez+ici")
    mail = Courriel.objects.get()
    assert "achetez" not in f"{mail.objet}{mail.texte}{mail.html}"
    assert "achetez" in PageLue(client.get(link(mail, "confirmer"))).text


def test_asking_again_before_confirming_renews_the_request(client):
    ask(client)
    Alerte.objects.update(cree_le=timezone.now() - timedelta(days=6))
    ask(client, rythme="semaine")
    row = Alerte.objects.get()
    assert row.rythme == Rythme.SEMAINE
    assert timezone.now() - row.cree_le < timedelta(minutes=1)
    assert Courriel.objects.count() == 2


@pytest.mark.long
def test_no_public_page_shows_who_follows(client):
    AlerteFactory(courriel="canari.secret@exemple.bzh")
    ProjetFactory()
    for route, _ in patterns():
        if "<" not in route:
            answer = client.get(f"/{route}", follow=True)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert b"canari" not in body, route


# Links


def test_the_link_of_the_first_mail_leads_to_ones_page_once_it_is_confirmed(client):
    ask(client)
    address = link(Courriel.objects.get(), "confirmer")
    assert "rien ne sera confirmé" in PageLue(client.get(address)).text
    client.post(address)
    Lien.objects.filter(expire_le__lt=timezone.now() + timedelta(days=300)).delete()
    said = PageLue(client.get(address)).one("main").text
    assert "C’est confirmé" in said
    assert "rien ne sera confirmé" not in said
    answer = client.post(address)
    assert answer.url.startswith("/alertes/la-mienne/")
    assert "Arrêter et tout effacer" in PageLue(client.get(answer.url)).text
    client.post(answer.url)
    links = {a["href"] for a in PageLue(client.get(answer.url)).one("main").all("a")}
    assert "/alertes/" in links


def test_one_click_stops_at_once_without_cookie_or_form(client):
    row = AlerteFactory()
    ProjetFactory()
    run()
    mail = Courriel.objects.get()
    headers = as_mail(mail).message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(r"<(http://127\.0\.0\.1:8000(/\S+))>", headers["List-Unsubscribe"])[2]
    assert composition.write(mail)
    assert address in mail.texte
    assert address in mail.html
    answer = client.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200  # no redirection: mailboxes follow none
    assert not answer.cookies
    assert not Alerte.objects.exists()
    assert not Courriel.objects.filter(destinataire=row.courriel).exists()
    assert client.get(address).status_code == 404


def test_whoever_stopped_it_and_comes_back_is_told_that_it_is_stopped(client):
    page = liens.adresse("alertes:personnelle", courriels.personal_token(AlerteFactory()))
    bodies = set()
    assert client.post(page, {"action": "arreter"}).status_code == 302
    for again in (page, page.replace("lien-", "lien-X")[:-1]):
        for answer in (client.get(again, follow=True), client.post(f"{again.rstrip('/')}/", {"action": "arreter"})):
            assert answer.status_code == 404
            bodies.add(answer.content)
    [body] = bodies
    assert "Vous ne recevez plus ses courriels" in body.decode()
    assert "Rien n’a été changé" not in body.decode()


def test_what_the_header_opens_is_forgotten_once_the_mail_is_sent(settings):
    AlerteFactory()
    ProjetFactory()
    run()
    with patch("socle.courrier.sending.get_connection"):
        send()
    assert "lien-…" in Courriel.objects.get().desabonnement


def test_a_person_pauses_changes_the_rhythm_and_stops(client):
    row = AlerteFactory()
    page = f"/alertes/la-mienne/{courriels.personal_token(row)}/"
    client.post(page, {"action": "pause"})
    ProjetFactory(titre="Pendant la pause")
    assert run() == "Aucune alerte à regarder pour le moment."
    client.post(page, {"action": "reprendre"})
    client.post(page, {"action": "rythme", "rythme": "semaine"})
    row.refresh_from_db()
    assert (row.etat, row.rythme) == (Etat.ACTIVE, Rythme.SEMAINE)
    assert client.post(page, {"action": "rythme", "rythme": "heure"}).status_code == 200
    ProjetFactory(titre="Après")
    with patch("participants.alertes.models.MATIN", -timedelta(days=7)):
        run()
    assert "Après" in told()[0]
    assert "Pendant" not in told()[0]
    assert client.post(page, {"action": "arreter"}).url == "/alertes/?fait=arretee"
    assert not Alerte.objects.exists()
    assert not Lien.objects.exists()


def test_a_restored_backup_does_not_bring_back_who_stopped():
    row = AlerteFactory()
    brought_back = Alerte.objects.get()
    abonnement.stop(row)
    lines = list(Effacement.objects.all())
    assert [line.genre for line in lines] == [abonnement.ARRETEE]
    brought_back.save(force_insert=True)
    assert gestes.replay(lines) == 1
    assert not Alerte.objects.exists()


# What is new


def test_nothing_new_no_mail():
    fiche = ProjetFactory(titre="Ancien")
    AlerteFactory()
    fiche.change({"titre": "Autre titre", "departement_id": "22"})
    assert run() == "1 alerte regardée : 0 courriel mis en file."
    assert not Courriel.objects.exists()


def test_a_sheet_that_only_changed_is_not_new():
    fiche = ProjetFactory(departement_id="29")
    AlerteFactory(criteres="departement=22")
    fiche.change({"departement_id": "22"})
    run()
    assert told() == []


def test_a_retired_sheet_is_not_told_and_one_that_comes_back_is_no_news():
    old = ProjetFactory(titre="Ancien")
    AlerteFactory()
    told_once = ProjetFactory(titre="Nouveau")
    gone = ProjetFactory(titre="Retiré")
    gone.change({"statut": Statut.RETIREE})
    run()
    assert "Nouveau" in told()[0]
    assert "Retiré" not in told()[0]
    for fiche in (old, told_once):
        fiche.change({"statut": Statut.RETIREE})
        with tomorrow():
            run()
        fiche.change({"statut": Statut.PUBLIEE})
    with tomorrow():
        run()
    assert len(told()) == 1


def test_sheets_of_the_old_site_are_not_new():
    AlerteFactory()
    for when in (None, timezone.now() - timedelta(days=400)):
        fiche = ProjetFactory()
        type(fiche).objects.filter(pk=fiche.pk).update(publiee_le=when)
    run()
    assert told() == []


def test_what_was_published_from_the_first_day_on_is_new_and_nothing_before():
    noon = timezone.localtime().replace(hour=12)
    first = (AlerteFactory(signe_le=noon).confirmee_le - AVANT).replace(hour=0, minute=0, second=0, microsecond=0)
    for titre, when in (("Au premier instant", first), ("La veille", first - timedelta(seconds=1))):
        fiche = ProjetFactory(titre=titre)
        type(fiche).objects.filter(pk=fiche.pk).update(publiee_le=when)
    run()
    assert ["La veille" in mail for mail in told() if "Au premier instant" in mail] == [False]


def test_a_draft_is_new_on_the_day_it_is_published():
    draft = ProjetFactory(draft=True, titre="Longtemps brouillon")
    AlerteFactory()
    run()
    draft.change({"statut": Statut.PUBLIEE})
    with tomorrow():
        run()
    assert "Longtemps brouillon" in told()[0]


def test_what_was_committed_after_a_run_under_an_earlier_moment_is_told():
    """A long transaction: its sheet says a moment before the run, and was not there at the run."""
    AlerteFactory()
    before = timezone.now() - timedelta(hours=1)
    run()
    with patch("django.utils.timezone.now", return_value=before):
        ProjetFactory(titre="Tard venu")
    with tomorrow():
        run()
    assert "Tard venu" in told()[0]


@pytest.mark.parametrize("jump", [-timedelta(days=2), -timedelta(hours=3), timedelta(days=30)])
def test_whatever_the_clock_does_each_sheet_is_told_once(jump):
    AlerteFactory()
    ProjetFactory(titre="Un")
    run()
    now = timezone.now() + jump
    with patch("django.utils.timezone.now", side_effect=lambda: now):
        ProjetFactory(titre="Deux")
        run()
    with tomorrow():
        run()
        run()
    found = "".join(told())
    assert (found.count("- Un"), found.count("- Deux")) == (1, 1)


def test_a_mail_names_twenty_and_counts_the_others():
    AlerteFactory()
    ProjetFactory.create_batch(followed_lists.MONTREES + 3)
    run()
    [text] = told()
    assert text.count("\n- ") == followed_lists.MONTREES
    assert "Et 3 autres." in text
    assert f"{followed_lists.MONTREES + 3} projets" in text


def test_a_weekly_alert_is_looked_at_once_a_week():
    AlerteFactory(rythme=Rythme.SEMAINE)
    monday = timezone.now().replace(hour=12) - timedelta(days=timezone.now().weekday())
    for day, expected in enumerate([1, 1, 1, 1, 1, 1, 1, 2]):
        with patch("django.utils.timezone.now", return_value=monday + timedelta(days=day)):
            ProjetFactory()
            run()
        assert len(told()) == expected, day


# A definition, a recording that comes later


def taken_over(fiche):
    """That record, as a takeover of a site without dates leaves it."""
    type(fiche).objects.filter(pk=fiche.pk).update(publiee_le=None, datee=False)
    fiche.refresh_from_db()
    return fiche


# {field: what fills it}, of the fields without which a record lacks what it is read for.
FILLED = {"definition": "Aller vers les personnes.", "fichier": SimpleUploadedFile("voix.wav", silence())}
MAY_LACK = [one for one in registre.types() if one.inachevees]
each_that_may_lack_something = pytest.mark.parametrize("declaration", MAY_LACK, ids=lambda one: one.cle)


def lacking(declaration, **values):
    """A record that lacks what its type is read for, and what fills it."""
    (name,) = FILLED.keys() & {field.name for field in declaration.model._meta.fields}
    return factory_of(declaration.model)(**values, **{name: ""}), {name: FILLED[name]}


@each_that_may_lack_something
@pytest.mark.parametrize("liste", ["sa liste", "site"])
def test_a_new_record_is_told_and_again_when_it_has_what_it_lacked(declaration, liste):
    AlerteFactory(type=declaration.cle if liste == "sa liste" else liste)
    fiche, filled = lacking(declaration, titre="Aller vers")
    run()
    [new] = told()
    assert "- Aller vers\n" in new
    assert fiche.inachevee in new.replace("\u00a0", " ")
    assert declaration.achevee not in new
    fiche.change(filled)
    for _ in range(3):
        with tomorrow():
            run()
    assert [declaration.achevee in text for text in told()] == [False, True]


@each_that_may_lack_something
def test_what_was_taken_over_without_a_date_is_told_when_it_has_what_it_lacked(declaration):
    fiche, filled = lacking(declaration, titre="Aller vers")
    other, _ = lacking(declaration, titre="Autre")
    for one in (fiche, other):
        taken_over(one)
    AlerteFactory(type=declaration.cle)
    run()
    assert told() == []
    fiche.change(filled)
    other.change({"titre": "Autre titre"})
    with tomorrow():
        run()
    [text] = told()
    assert f"- Aller vers {declaration.achevee}" in text.replace("\u00a0", " ")
    assert "Autre titre" not in text


def test_only_whom_the_word_answers_once_defined_is_told_of_it():
    wanted, other = TermeFactory(titre="Aller vers", definition=""), TermeFactory(titre="Accueil", definition="")
    rows = {
        criteres: f"awena{n}@exemple.bzh" for n, criteres in enumerate(("etat=defini", "etat=a-definir", "q=aller"))
    }
    for criteres, courriel in rows.items():
        AlerteFactory(type="terme", criteres=criteres, courriel=courriel)
    wanted.change({"definition": "Sortir du bureau."})
    other.change({"definition": "Recevoir."})
    run()
    mails = {mail.destinataire: mail.texte for mail in leaving(objet__startswith="Du nouveau")}
    assert mails.keys() == {rows["etat=defini"], rows["q=aller"]}
    assert "- Accueil" in mails[rows["etat=defini"]]
    assert "- Accueil" not in mails[rows["q=aller"]]


def test_a_word_is_told_once_however_often_its_definition_comes_and_goes():
    terme = TermeFactory(definition="")
    row = AlerteFactory(type="terme")
    old = ListeSuivie.read("terme", "")
    assert old.lacking
    for definition in ("Un", "", "Deux"):
        terme.change({"definition": definition})
        with tomorrow():
            run()
    Alerte.objects.update(periode="")
    sending._look(row.pk, old, sending.BilanDAlertes())
    with tomorrow():
        run()
    assert len(told()) == 1


@pytest.mark.parametrize("type", ["terme", "site"])
def test_an_alert_of_the_release_before_is_told_of_the_next_definitions(type):
    """It knew the words to define of the whole site, and none of the list of words; it noted of none what it lacks."""
    terme = TermeFactory(definition="")
    AlerteFactory(type=type)
    Alerte.objects.update(inachevees=b"", periode="")
    run()
    terme.change({"definition": "Sortir du bureau."})
    with tomorrow():
        run()
    [text] = told()
    assert "a reçu sa définition" in text.replace("\u00a0", " ")


def test_a_mail_that_waited_under_the_release_before_leaves():
    AlerteFactory()
    fiche = ProjetFactory(titre="Un")
    run()
    Courriel.objects.update(donnees=[fiche.pk])
    assert "- Un" in told()[0]


def test_words_that_no_sheet_has_yet_are_waited_for(client):
    ProjetFactory(titre="Cantine")
    ProjetFactory(titre="Langue bretonne")
    page = PageLue(client.get(f"{LISTE}&q=cantine+bretonne")).one("main").text
    assert "aucune n’a tous ces mots" in page
    ask(client, f"{LISTE}&q=cantine+bretonne")
    row = Alerte.objects.get()
    assert row.mots.replace("\u00a0", " ").endswith("avec « cantine bretonne »"), "what is followed has all the words"
    abonnement.confirm(row)
    ProjetFactory(titre="Autre cantine")
    with tomorrow():
        run()
    assert told() == []
    ProjetFactory(titre="Cantine bretonne")
    with tomorrow():
        run()
    assert "1 projet avec « cantine bretonne »" in told()[0].replace("\u00a0", " ")


def test_a_word_that_left_the_site_is_not_taken_for_its_neighbour(client):
    only = ProjetFactory(titre="Numérisation des monuments")
    ProjetFactory.create_batch(3, titre="Numérisation des documents")
    ask(client, f"{LISTE}&q=monumments")
    row = Alerte.objects.get()
    assert row.criteres == "q=monuments"
    abonnement.confirm(row)
    only.change({"statut": Statut.RETIREE})
    ProjetFactory(titre="Autres documents")
    assert ListeSuivie.read(row.type, row.criteres).selection.corrige == "documents"
    with tomorrow():
        run()
    assert told() == []


# What is no more


def test_a_criterion_that_is_no_more_is_told_once_and_pauses(client):
    theme = ThemeFactory(nom="Cantine")
    ProjetFactory(themes=[theme])
    row = AlerteFactory(criteres=f"theme={theme.slug}", mots="projets sur Cantine")
    Theme.objects.filter(pk=theme.pk).delete()
    ProjetFactory(titre="Autre chose")
    for _ in range(3):
        with tomorrow():
            run()
    mail = Courriel.objects.get()
    assert mail.objet == "Votre alerte est suspendue"
    assert "Autre chose" not in mail.texte
    row.refresh_from_db()
    assert row.etat == Etat.SUSPENDUE
    assert client.post(link(mail), {"action": "reprendre"}).status_code == 409
    ThemeFactory(nom="Cantine", slug=theme.slug)
    assert client.post(link(mail), {"action": "reprendre"}).status_code == 302
    ProjetFactory(themes=list(Theme.objects.all()))
    with tomorrow():
        run()
    assert len(told()) == 1


@pytest.mark.parametrize(("type", "criteres"), [("disparu", ""), ("projet", "filtre=1"), ("projet", "departement=zz")])
def test_a_list_or_a_filter_that_is_no_more_never_mails_the_whole_list(type, criteres):
    row = AlerteFactory()
    Alerte.objects.update(type=type, criteres=criteres, vu=0)
    ProjetFactory.create_batch(3)
    run()
    assert Alerte.objects.get(pk=row.pk).etat == Etat.SUSPENDUE
    assert [mail.objet for mail in Courriel.objects.all()] == ["Votre alerte est suspendue"]


def test_an_alert_whose_list_left_before_it_was_confirmed_says_so(client):
    row = AlerteFactory(etat=Etat.A_CONFIRMER, criteres="theme=absent")
    address = f"/alertes/confirmer/{liens.issue(courriels.CONFIRMER, row, duree=timedelta(days=1))}/"
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 409
    assert Alerte.objects.get().etat == Etat.A_CONFIRMER


# Failures


class Broken(Exception):
    pass


@pytest.mark.parametrize(
    "place",
    [
        "participants.alertes.followed_lists.ListeSuivie.news",
        "participants.alertes.courriels.deposit_late",
        "participants.alertes.models.Alerte.learn",
        "participants.alertes.models.Alerte.save",
        "participants.alertes.followed_lists.ListeSuivie.read",
    ],
)
def test_whatever_fails_nothing_is_lost_and_nothing_told_twice(place):
    AlerteFactory()
    other = AlerteFactory(courriel="malo@exemple.bzh", criteres="departement=22")
    ProjetFactory(departement_id="22")
    with patch(place, side_effect=Broken), pytest.raises(CommandError, match="2 alertes n’ont pas pu"):
        run()
    assert told() == []
    assert not Lien.objects.exists()
    run()
    run()
    assert len(told()) == 2
    assert Courriel.objects.filter(destinataire=other.courriel).count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_list_is_read_while_whoever_writes_waits(monkeypatch):
    """Within a transaction a process keeps nothing of what it reads, and SQLite lets nobody else write."""
    reads = []

    def spied(module, name):
        real = getattr(module, name)

        def spy(*args):
            reads.append((name, connection.in_atomic_block))
            return real(*args)

        monkeypatch.setattr(module, name, spy)

    for criteres in ("departement=22", "departement=22&q=portail", "montant_min=4", "q=portail"):
        AlerteFactory(criteres=criteres)
    new = AlerteFactory(type="terme", etat=Etat.A_CONFIRMER)
    ProjetFactory(titre="Un portail", departement_id="22", montant_eur=5)
    spied(sets, "read")
    spied(list_sets, "ids")
    for act in (run, lambda: abonnement.confirm(new)):
        cache.forget()
        reads.clear()
        act()
        assert {name for name, _ in reads} >= {"read"}
        assert [name for name, within in reads if within] == []
    assert len(told()) == 4


@THREADS
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_each_once():
    for number in range(6):
        AlerteFactory(courriel=f"awena{number}@exemple.bzh")
    ProjetFactory(titre="Un seul")
    together(sending.run, sending.run)
    assert sorted(Courriel.objects.values_list("destinataire", flat=True)) == [
        f"awena{number}@exemple.bzh" for number in range(6)
    ]


def test_who_pauses_or_stops_while_a_run_is_at_work_is_told_nothing(monkeypatch):
    rows = [AlerteFactory(courriel=f"awena{number}@exemple.bzh") for number in range(3)]
    ProjetFactory()
    real = ListeSuivie.whole

    def whole(*asked):
        abonnement.pause(rows[0])
        abonnement.stop(rows[1])
        return real(*asked)

    monkeypatch.setattr(ListeSuivie, "whole", whole)
    run()
    assert [mail.destinataire for mail in Courriel.objects.all()] == [rows[2].courriel]


def test_an_old_reading_of_the_list_tells_nothing_again():
    """A run that read the list long ago meets an alert that another has looked at since: nothing is told twice."""
    row = AlerteFactory()
    ProjetFactory(titre="Un")
    old = ListeSuivie.read("projet", "")
    assert len(old.selection.records) == 1
    ProjetFactory(titre="Deux")
    run()
    Alerte.objects.update(periode="")
    sending._look(row.pk, old, sending.BilanDAlertes())
    with tomorrow():
        run()
    assert len(told()) == 1


def test_nothing_leaves_before_it_is_committed():
    AlerteFactory()
    ProjetFactory()
    with transaction.atomic():
        run()
        transaction.set_rollback(True)
    assert not Courriel.objects.exists()
    run()
    assert len(told()) == 1


# Between the run and the moment when the mail leaves: its server may be away for days


def test_a_mail_says_what_is_true_when_it_leaves():
    AlerteFactory(criteres="departement=22")
    _, renamed, moved, withdrawn = (ProjetFactory(titre=titre, departement_id="22") for titre in "ABCD")
    run()
    renamed.change({"titre": "Bis"})
    moved.change({"departement_id": "29"})
    withdrawn.change({"statut": Statut.RETIREE})
    [text] = told()
    assert "2 projets dans les Côtes-d’Armor" in text
    assert re.findall(r"^- (.*)", text, re.MULTILINE) == ["A", "Bis"]
    send()
    assert Courriel.objects.get().objet == "Du nouveau : 2 projets dans les Côtes-d’Armor"


@pytest.mark.parametrize(
    "gone",
    [
        lambda row, fiche: fiche.change({"statut": Statut.RETIREE}),
        lambda row, fiche: fiche.change({"departement_id": "29"}),
        lambda row, fiche: abonnement.pause(row),
        lambda row, fiche: Alerte.objects.update(type="disparu"),
    ],
    ids=["withdrawn", "elsewhere", "paused", "no list"],
)
def test_nothing_left_to_say_when_it_leaves_is_no_mail(mailoutbox, gone):
    row = AlerteFactory(criteres="departement=22")
    fiche = ProjetFactory(departement_id="22")
    run()
    gone(row, fiche)
    assert send().envoyes == 0
    assert not mailoutbox
    assert not Courriel.objects.exists()
