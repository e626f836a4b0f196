"""Writing to the persons of a record, or to the team: who gets it, who sees what, what waits."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.admin import helpers
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from fiches.attached import Contact
from participants.contacter import notices, relais
from participants.contacter.models import Message, ReponseAMessage
from participants.contacter.views import ContacterView
from socle.annuaire.models import AncienneAdresse, Statut
from socle.comptes.roles import ANIMATION, REDACTION
from socle.courrier.models import Courriel
from socle.courrier.sending import message as as_mail
from socle.vie_privee import consentement
from socle.vie_privee.models import Consultation
from socle.vie_privee.personnes import export, forget
from tests.comptes.test_droits import member
from tests.conftest import PageLue, as_read
from tests.contacter.conftest import EQUIPE
from tests.ecrits import NOM_MASQUE
from tests.factories import ProjetFactory, UtilisateurFactory
from tests.factories.contacter import MessageFactory
from tests.projets.formulaire import change_url, posted
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db
Etat, Role = Message.Etat, Contact.Role
ENORA = {
    "nom": "Enora Kermaden",
    "courriel": "enora@exemple.bzh",
    "texte": "Bonjour,\nvotre projet m’intéresse.",
    "consentement": "on",
}
MALO, ANNE = "malo.riou@exemple.bzh", "anne.prigent@exemple.bzh"
LISTE = "/admin/contacter/message/"


@pytest.fixture
def fiche():
    """A project with a référent."""
    fiche = ProjetFactory(titre="Un portail", collectivite="Dinan")
    person(fiche, MALO)
    return fiche


def person(fiche, courriel, role=Role.REFERENT, **fields):
    return Contact.objects.create(entree=fiche.entree, nom="Malo Riou", courriel=courriel, role=role, **fields)


def address(fiche=None):
    return f"/contacter/{fiche.pk}/" if fiche else "/contacter/"


def guards(client, fiche=None):
    return PageLue(client.get(address(fiche))).guards


def post(client, fiche=None, fresh=None, **data):
    return client.post(address(fiche), (guards(client, fiche) if fresh is None else fresh) | ENORA | data)


def sent():
    return sorted(Courriel.objects.values_list("destinataire", flat=True))


# From the page of a record to somebody's mailbox


def test_a_message_goes_to_the_référent_who_may_answer(client, read, fiche):
    links = {a.text: a["href"] for a in read(fiche.get_absolute_url()).one("main").all("a")}
    assert links["Écrire au sujet de cette fiche"] == address(fiche)
    response = post(client, fiche)
    assert response.url == f"/contacter/{fiche.pk}/?fait=recue"
    assert read(response.url).one("h1").text == "Message reçu"
    mail, message = Courriel.objects.get(), Message.objects.get()
    headers = as_mail(mail).message()
    assert (headers["To"], headers["Reply-To"]) == (MALO, "enora@exemple.bzh")
    assert mail.objet == "Un message au sujet de « Un portail »"
    assert "Enora Kermaden (enora@exemple.bzh) vous écrit" in mail.texte
    assert "> Bonjour,\n> votre projet m’intéresse." in mail.texte
    for text in (mail.texte, mail.html):
        assert f"http://127.0.0.1:8000/p/{fiche.pk}" in text
        assert "verra alors votre adresse" in text
        assert "/contacter/stop/lien-" in text
        assert MALO not in text
    assert (message.etat, message.entree_id, message.doute) == (Etat.TRANSMIS, fiche.pk, "")
    assert message.transmis_le
    assert message.consentement_le
    assert consentement.texte(notices.USAGE, message.consentement_texte) in PageLue(client.get(address(fiche))).text


def test_each_person_of_the_first_role_gets_a_mail_of_their_own(client, fiche):
    person(fiche, ANNE)
    person(fiche, MALO.upper())
    person(fiche, "auteur@exemple.bzh", Role.AUTEUR)
    person(fiche, "contact@exemple.bzh", Role.CONTACT)
    post(client, fiche)
    assert sent() == [ANNE, MALO]
    for mail in Courriel.objects.all():
        others = {ANNE, MALO} - {mail.destinataire}
        assert not [one for one in others if one in f"{mail.texte}{mail.html}{as_mail(mail).message().as_string()}"]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([Role.DEPOSANT, Role.AUTEUR, Role.CONTACT], Role.CONTACT),
        ([Role.DEPOSANT, Role.AUTEUR], Role.AUTEUR),
        ([Role.DEPOSANT], Role.DEPOSANT),
    ],
)
def test_without_a_référent_the_next_role_answers(client, roles, expected):
    fiche = ProjetFactory()
    for role in roles:
        person(fiche, f"{role}@exemple.bzh", role)
    person(fiche, "malo.riou (arobase) exemple.bzh")  # kept as typed: no mail goes there
    post(client, fiche)
    assert sent() == [f"{expected}@exemple.bzh"]


def test_where_nobody_can_be_reached_the_team_gets_it(client):
    fiche = ProjetFactory(titre="Un portail")
    person(fiche, "")
    post(client, fiche)
    mail = Courriel.objects.get()
    assert mail.destinataire == EQUIPE
    assert mail.repondre_a == "enora@exemple.bzh"
    assert "aucune personne de cette fiche ne peut être jointe" in mail.texte
    assert "stop" not in mail.texte


def test_the_team_is_written_to_from_every_page(client, read):
    for page in ("/", "/aide/", "/plan-du-site/", "/a-propos/", "/accessibilite/", "/projets/"):
        assert "/contacter/" in {a["href"] for a in read(page).all("a")}
    response = post(client)
    assert response.url == "/contacter/?fait=recue"
    assert read(response.url).one("h1").text == "Message reçu"
    mail = Courriel.objects.get()
    assert (mail.destinataire, mail.objet) == (EQUIPE, "Un message pour l’équipe de LabAccès")
    assert Message.objects.get().entree is None


@pytest.mark.parametrize("setting", ["", "équipe", "ne-pas-repondre@localhost"])
def test_a_message_to_a_team_without_an_address_waits_at_the_desk(client, settings, setting):
    settings.CONTACT_EMAIL = setting
    assert post(client).status_code == 302
    message = Message.objects.get()
    assert (message.etat, message.doute) == (Etat.A_VERIFIER, relais.SANS_ADRESSE)
    assert not Courriel.objects.exists()


@pytest.mark.parametrize("statut", [Statut.BROUILLON, Statut.A_RELIRE, Statut.RETIREE])
def test_a_record_that_is_not_public_has_no_form(client, statut):
    pk = ProjetFactory(statut=statut).pk
    for form in ("contacter", "signaler", "avis"):
        for page in (f"/{form}/{pk}/", f"/{form}/{pk}/?fait=recue"):
            assert client.get(page).status_code == 404
        assert client.post(f"/{form}/{pk}/", ENORA).status_code == 404
    assert client.get("/contacter/999999999999999999999/").status_code == 404


def test_a_record_that_was_merged_leads_to_the_one_that_stays(client, fiche):
    lost = ProjetFactory(statut=Statut.RETIREE)
    type(lost.entree).objects.filter(pk=lost.pk).update(fusionnee_dans=fiche.entree)
    post(client, lost)
    assert sent() == [MALO]
    assert Message.objects.get().entree_id == fiche.pk
    assert not AncienneAdresse.objects.filter(entree=lost.pk).exists()


# What nobody learns


def seen(client, fiche):
    """All that whoever writes about a record is answered, but for what is of that record alone."""
    pages = [client.get(address(fiche)), post(client, fiche, courriel="faux"), post(client, fiche)]
    pages.append(client.get(pages[-1].url))
    answers = [f"{page.status_code} {page.get('Location')}\n{page.content.decode()}" for page in pages]
    own = r'name="cle" value="[^"]*"|/contacter/\d+/|/projets/[\w-]+/'
    return [re.sub(own, "", answer) for answer in answers]


def test_whoever_refuses_messages_is_as_if_nobody_were_there(client, fiche):
    empty, refusing, lost = (ProjetFactory(titre=fiche.titre, collectivite=fiche.collectivite) for _ in range(3))
    person(refusing, ANNE, sans_message=True, fonction="Directrice")
    person(lost, "sans adresse", fonction="Directeur")
    assert seen(client, empty) == seen(client, refusing) == seen(client, lost)


def test_no_answer_shows_a_name_or_an_address(client, fiche):
    assert not re.search("malo|riou|prigent|equipe@", str(seen(client, fiche)), re.IGNORECASE)
    assert client.get(fiche.get_absolute_url()).content.decode().count("exemple.bzh") == 0


TEAM_ALONE = "sera lu par l’équipe de LabAccès, et par elle seule"


def test_before_one_writes_the_sheet_and_the_form_say_who_will_read(read, fiche):
    alone, two = ProjetFactory(), ProjetFactory()
    person(two, MALO, fonction="Directrice de la cohésion sociale", accord=True)
    person(two, ANNE, fonction="Chargée de mission", accord=True)
    person(two, "autre@exemple.bzh", Role.AUTEUR, fonction="Stagiaire")  # who would get nothing
    for said, written in (
        (TEAM_ALONE, alone),
        ("Votre message part à : la personne référente de cette fiche.", fiche),
        ("Votre message part à : Directrice de la cohésion sociale ; Chargée de mission.", two),
    ):
        for page in (read(written.get_absolute_url()).one("section", id="ecrire"), read(address(written)).one("main")):
            assert said in page.text
            assert (TEAM_ALONE in page.text) == (written == alone)
    assert TEAM_ALONE not in read(address()).text
    unseen = "Vous ne verrez ni adresse électronique ni téléphone"  # of one person or of several
    assert unseen in read(address(fiche)).text
    assert unseen not in read(address(alone)).text


def test_what_one_agrees_to_follows_who_reads(client, read, fiche):
    alone = ProjetFactory()
    for written, version, persons in ((fiche, notices.PERSONNES, True), (alone, notices.EQUIPE, False)):
        page = read(address(written)).one("main").text
        assert consentement.texte(notices.USAGE, version) in page
        assert ("aux personnes" in page) == persons
        post(client, written)
        assert Message.objects.get(entree=written.entree).consentement_texte == version
    assert "aux personnes" not in read(address()).one("main").text


def test_what_was_written_for_the_team_goes_to_no_person_added_since(client):
    fiche = ProjetFactory()
    post(client, fiche, texte="http://exemple.bzh http://exemple.bzh http://exemple.bzh")
    message = Message.objects.get()
    assert message.etat == Etat.A_VERIFIER
    person(fiche, MALO)
    relais.forward(message)
    assert sent() == [EQUIPE]


@mostly_long(
    "fonction", ["M. Riou, directeur", "Malo Riou", "malo.riou@exemple.bzh", "directeur, 06 12 34 56 78", " "], one_in=3
)
def test_a_function_that_names_or_reaches_somebody_is_not_shown(read, fonction):
    fiche = ProjetFactory()
    person(fiche, MALO, fonction=fonction, accord=True)
    for page in (read(fiche.get_absolute_url()), read(address(fiche))):
        assert "Votre message part à : la personne référente de cette fiche." in page.text
        assert not re.search("riou|06 12", page.text, re.IGNORECASE)


def test_nor_is_one_of_somebody_who_has_not_accepted_to_be_shown(read):
    person(other := ProjetFactory(), MALO, fonction="Directrice du CCAS")
    for page in (read(other.get_absolute_url()), read(address(other))):
        assert "Votre message part à : la personne référente de cette fiche." in page.text
        assert "Directrice" not in page.text
    person(other, ANNE)
    person(other, "autre@exemple.bzh", fonction="Chargée de mission", accord=True)
    told = "Votre message part à : Chargée de mission ; les personnes référentes de cette fiche."
    assert told in read(address(other)).text


def test_no_cookie_and_no_copy_to_an_address_that_nobody_confirmed(client, fiche):
    assert not client.get(address(fiche)).cookies
    assert not post(client, fiche).cookies
    post(client)
    assert not Courriel.objects.filter(destinataire="enora@exemple.bzh").exists()


def test_the_mail_says_the_title_as_the_public_reads_it(client):
    fiche = ProjetFactory(titre=f"Le portail de {NOM_MASQUE}")
    person(fiche, ANNE)
    post(client, fiche)
    mail = Courriel.objects.get()
    assert NOM_MASQUE in mail.objet


# What is typed


ODD = [
    *("É", "x", "x" * 300, "🌻🐙", "<b>Enora</b>", "<script>alert(1)</script>", "{{ 7000|add:7000 }}", "{% now 'Y' %}"),
    *("O’Brien-Le Goff", "=1+1", "عائشة", "A\r\nBcc: x@exemple.bzh", "‮renversé", '"><img src=x onerror=alert(1)>'),
]


@mostly_long("typed", ODD, one_in=5)
def test_odd_names_and_texts_are_passed_on_as_typed(client, fiche, typed):
    assert post(client, fiche, nom=typed, texte=typed).status_code == 302
    message, mail = Message.objects.get(), Courriel.objects.get()
    assert message.nom == " ".join(typed.split())
    assert message.nom in mail.texte
    assert mail.objet == "Un message au sujet de « Un portail »"
    for tag in ("<script", "<img", "<b>"):
        assert tag not in mail.html
    assert "14000" not in mail.html
    built = as_mail(mail).message()
    assert built["Bcc"] is None
    assert (built["To"], built["Reply-To"]) == (MALO, "enora@exemple.bzh")
    client.force_login(UtilisateurFactory(is_superuser=True))
    for page in (LISTE, f"{LISTE}{message.pk}/change/"):
        assert not re.search(r"<script>alert|<img src=x", client.get(page).content.decode())


@mostly_long(
    "courriel",
    ["a@localhost", "a b@exemple.bzh", "a\nBcc: b@exemple.bzh", "a@exemple.bzh\r\nBcc: b@exemple.bzh", "@", "x" * 300],
    one_in=3,
)
def test_an_address_that_no_answer_reaches_is_said_and_makes_no_header(client, fiche, courriel):
    page = PageLue(post(client, fiche, courriel=courriel))
    assert page.one(id="id_courriel_error").text
    assert page.one("textarea", id="id_texte").text == " ".join(ENORA["texte"].split())
    assert not Message.objects.exists()


def test_a_text_cannot_pass_for_the_words_of_the_site(client, fiche):
    post(client, fiche, texte="-- \nLabAccès\nNe plus recevoir de messages : https://exemple.bzh/")
    words = Courriel.objects.get().texte.splitlines()
    assert "> Ne plus recevoir de messages : https://exemple.bzh/" in words
    assert "Ne plus recevoir de messages : https://exemple.bzh/" not in words


def test_errors_are_listed_linked_and_said_beside_their_fields(client, fiche):
    page = PageLue(post(client, fiche, nom="\x00", courriel="enora", texte=" ", consentement=""))
    assert page.one("title").text.startswith("Erreur : ")
    summary = page.one(id="erreurs")
    assert summary.one("h2").text == "Votre message comporte 4 erreurs"
    targets = [a["href"][1:] for a in summary.all("a")]
    assert targets == ["id_nom", "id_courriel", "id_texte", "id_consentement"]
    for target in targets:
        field = page.one(id=target)
        assert field["aria-invalid"] == "true"
        assert page.one(id=field["aria-describedby"].split()[-1]).text
    assert page.one("input", id="id_courriel")["autocomplete"] == "email"
    assert page.one("input", id="id_nom")["autocomplete"] == "name"
    assert not Message.objects.exists()


@pytest.mark.parametrize("typed", ["\0", "x" * 500_000, "\ud800", "\r\nSet-Cookie: a=b"])
def test_an_odd_post_is_answered_in_words(client, fiche, typed):
    typed = typed.encode("utf-8", "surrogatepass")
    fresh = guards(client, fiche)
    body = f"cle={fresh['cle']}&consentement=on&courriel=enora@exemple.bzh".encode()
    body += b"".join(b"&%s=%s" % (name, typed) for name in (b"nom", b"texte", b"precision"))
    response = client.post(address(fiche), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (200, 302)
    for mail in Courriel.objects.all():
        assert as_mail(mail).message().as_bytes()


# Robots, doubles, floods


BOTS = [
    {"precision": "Acme"},
    {"texte": "Buy now [url=https://a.example]here[/url]"},
    {"nom": "https://casino.example"},
    {"texte": "https://a.example https://b.example https://c.example"},
]


@mostly_long("data", BOTS, one_in=3)
def test_what_looks_like_a_robot_s_waits_for_the_team(client, fiche, data):
    response = post(client, fiche, **data)
    assert response.url == post(client, fiche).url
    doubtful = Message.objects.get(etat=Etat.A_VERIFIER)
    assert doubtful.doute
    assert Courriel.objects.count() == 1


def test_the_key_of_one_record_does_for_no_other(client, fiche):
    for other in (ProjetFactory(), None):
        assert post(client, other, guards(client, fiche)).status_code == 200
    assert not Message.objects.exists()


@pytest.mark.long
def test_the_twenty_first_message_of_a_network_is_refused_with_what_was_typed(client, fiche, same_moment):
    fresh = guards(client, fiche)
    answers = [post(client, fiche, fresh, texte=f"Message {n}") for n in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert PageLue(answers[-1]).one("textarea", id="id_texte").text == "Message 20"


@pytest.mark.long
def test_one_author_s_messages_of_a_day_soon_wait_for_the_team(client):
    for n in range(ContacterView.par_boite + 2):
        fiche = ProjetFactory()
        person(fiche, f"malo{n}@exemple.bzh")
        post(client, fiche, courriel=f"enora+{n}@exemple.bzh")
    assert Courriel.objects.count() == ContacterView.par_boite
    assert "pour cette adresse" in Message.objects.filter(etat=Etat.A_VERIFIER).first().doute


def test_no_mailbox_is_flooded(client, fiche, monkeypatch):
    monkeypatch.setattr(relais, "BOITE", 3)
    other = ProjetFactory()
    person(other, MALO)
    for n in range(6):
        post(client, (fiche, other)[n % 2], courriel=f"enora{n}@exemple.bzh")
    assert sent() == [MALO] * 3
    assert set(Message.objects.filter(etat=Etat.A_VERIFIER).values_list("doute", flat=True)) == {
        "beaucoup de messages à la même personne aujourd’hui"
    }


# A contact who wants no more


def stop_link():
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/contacter/stop/lien-\S+)", Courriel.objects.last().texte)
    return link


def test_a_contact_stops_messages_from_their_mail_for_every_record(client, fiche):
    other = ProjetFactory()
    person(other, MALO.capitalize())
    post(client, fiche)
    link = stop_link()
    page = PageLue(client.get(link))
    assert page.one("main").one("button").text == "Ne plus recevoir de messages"
    assert not Contact.objects.filter(sans_message=True).exists()
    assert "C’est fait" in PageLue(client.post(link, follow=True)).text
    Courriel.objects.all().delete()
    for one in (fiche, other):
        post(client, one)
    assert sent() == [EQUIPE, EQUIPE]


@pytest.mark.long
def test_a_form_that_an_editor_opened_before_does_not_undo_it(client, fiche):
    post(client, fiche)
    client.force_login(UtilisateurFactory(is_superuser=True))
    typed = posted(client, fiche, objectifs="Des précisions.")
    client.post(stop_link())
    assert "a été modifiée" in PageLue(client.post(change_url(fiche), typed)).text
    assert Contact.objects.get().sans_message


# At the desk


@pytest.fixture
def animation():
    return member(ANIMATION)


def act(client, action, *rows, **data):
    return client.post(LISTE, {"action": action, helpers.ACTION_CHECKBOX_NAME: [row.pk for row in rows], **data})


@pytest.mark.long
def test_the_team_passes_on_what_waited_after_a_confirmation(client, fiche, animation):
    post(client, fiche, precision="x")
    message = Message.objects.get()
    client.force_login(animation)
    assert f'href="{LISTE}?suite=ouverte"' in client.get("/admin/").content.decode()
    assert "Enora Kermaden" in client.get(f"{LISTE}?suite=ouverte").content.decode()
    form = PageLue(client.get(f"{LISTE}{message.pk}/change/"))
    assert [button.text for button in form.all("button", form="decision")] == [
        *("Transmettre…", "Noter comme traité…", "Écarter…")
    ]
    asked = act(client, "forward", message)
    assert "dont 1 serait transmis" in " ".join(asked.content.decode().split())
    assert not Courriel.objects.exists()
    done = act(client, "forward", message, appliquer="oui")
    assert "1 message transmis" in client.get(done.url).content.decode()
    assert sent() == [MALO]
    message.refresh_from_db()
    assert message.etat == Etat.TRANSMIS
    act(client, "forward", message, appliquer="oui")
    act(client, "dismiss", message, appliquer="oui")
    message.refresh_from_db()
    assert (message.etat, sent()) == (Etat.TRANSMIS, [MALO])
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.user) == (f"Message n° {message.pk}", animation)


def test_a_message_that_was_passed_on_says_to_whom_and_leads_to_each_mail(client, fiche, animation):
    person(fiche, ANNE, role=Contact.Role.REFERENT)
    post(client, fiche)
    client.force_login(animation)
    form = PageLue(client.get(f"{LISTE}{Message.objects.get().pk}/change/"))
    mails = {f"/admin/courrier/courriel/{mail.pk}/change/" for mail in Courriel.objects.all()}
    assert {a["href"] for a in form.all("a") if "/courriel/" in a["href"]} == mails
    for mail in Courriel.objects.all():
        assert f"à {mail.destinataire} : {mail.get_etat_display()}" in form.text


@mostly_long("etat", Etat, one_in=3)
def test_only_what_can_be_done_is_offered(client, settings, animation, etat):
    message = MessageFactory(etat=etat)
    client.force_login(animation)

    def offered():
        form = PageLue(client.get(f"{LISTE}{message.pk}/change/"))
        return [button["value"] for button in form.all("button", form="decision")]

    forward = ["forward"] if etat in (Etat.A_VERIFIER, Etat.ECARTE) else []
    others = ["settle", "dismiss"] if etat == Etat.A_VERIFIER else []
    assert offered() == forward + others
    settings.CONTACT_EMAIL = ""
    assert offered() == others


def test_the_team_puts_aside_and_may_think_again(client, fiche, animation):
    message = MessageFactory(entree=fiche.entree, doute="le champ caché est rempli")
    client.force_login(animation)
    assert "dont 1 serait écarté" in act(client, "dismiss", message).content.decode()
    act(client, "dismiss", message, appliquer="oui")
    message.refresh_from_db()
    assert (message.etat, sent()) == (Etat.ECARTE, [])
    act(client, "forward", message, appliquer="oui")
    assert sent() == [MALO]


def test_the_team_without_an_address_answers_by_itself_and_says_so(client, settings, animation):
    settings.CONTACT_EMAIL = ""
    message = MessageFactory()
    client.force_login(animation)
    form = PageLue(client.get(f"{LISTE}{message.pk}/change/"))
    assert [button.text for button in form.all("button", form="decision")] == ["Noter comme traité…", "Écarter…"]
    assert "rien à faire" in as_read(act(client, "forward", message))
    act(client, "settle", message, appliquer="oui")
    message.refresh_from_db()
    assert (message.etat, sent()) == (Etat.TRAITE, [])
    assert not Message.objects.filter(etat=Etat.A_VERIFIER).exists()


def test_a_record_withdrawn_meanwhile_hands_its_message_to_the_team(fiche):
    message = MessageFactory(entree=fiche.entree)
    fiche.statut = Statut.RETIREE
    fiche.save()
    assert relais.forward(message) == 1
    assert sent() == [EQUIPE]
    assert "Un portail" not in Courriel.objects.get().texte


def test_a_message_outlives_its_record(fiche):
    message = MessageFactory(entree=fiche.entree)
    fiche.delete()
    message.refresh_from_db()
    assert message.entree is None


def test_rédaction_sees_no_message(client, fiche):
    message = MessageFactory(entree=fiche.entree)
    client.force_login(member(REDACTION))
    for page in (LISTE, f"{LISTE}{message.pk}/change/", "/admin/exporter/contacter/message.csv"):
        assert client.get(page).status_code == 403
    assert act(client, "forward", message, appliquer="oui").status_code == 403
    assert not Courriel.objects.exists()


def test_the_file_of_the_list_holds_the_whole_text_and_no_formula(client, animation):
    MessageFactory(texte=f"{'x' * 200} fin", nom="=1+1")
    client.force_login(animation)
    response = client.get("/admin/exporter/contacter/message.csv")
    text = b"".join(response.streaming_content).decode()
    assert "x fin" in text
    assert "'=1+1" in text


# What is kept, and for how long


def test_a_name_that_nobody_confirmed_erases_no_words_of_the_site(client):
    fiche = ProjetFactory(titre="Guichet", description="Un guichet de La Poste Solidaire.")
    post(client, fiche, nom="La Poste Solidaire")
    forget("enora@exemple.bzh")
    fiche.refresh_from_db()
    assert fiche.description == "Un guichet de La Poste Solidaire."


def test_a_copy_of_the_author_s_data_tells_no_contact_s_address(client, fiche):
    post(client, fiche)
    copy = json.dumps(export("enora@exemple.bzh"), default=str, ensure_ascii=False)
    assert "votre projet m’intéresse" in copy
    assert MALO not in copy


# The answer of the team


def answer(client, message, texte="Bien reçu, nous regardons."):
    return client.post(f"{LISTE}{message.pk}/repondre/", {"texte": texte}, follow=True)


def test_the_team_answers_from_the_desk_once_and_the_answer_comes_back_to_its_mailbox(client, anne, fiche):
    message = MessageFactory(entree=fiche.entree)
    for _ in range(2):  # sent twice by a hasty click
        page = PageLue(answer(client, message))
    mail = Courriel.objects.get()
    assert (mail.destinataire, mail.repondre_a) == (message.courriel, EQUIPE)
    assert as_mail(mail).reply_to == [EQUIPE]
    for words in ("Bien reçu, nous regardons.", "> Bonjour, votre projet", "Un portail"):
        assert words in mail.texte
    message.refresh_from_db()
    assert message.etat == Etat.TRAITE
    assert "Bien reçu, nous regardons." in page.text
    assert "Anne Le Goff" in page.text
    assert "courriel en file" in page.text
    assert "Répondu." in LogEntry.objects.values_list("change_message", flat=True)
    assert "traité par l’équipe, répondu" in as_read(client.get(LISTE))
    ReponseAMessage.objects.update(le=timezone.now() - timedelta(minutes=11))
    answer(client, message)  # the same words, meant
    assert Courriel.objects.count() == 2
    Courriel.objects.all().delete()  # the outbox forgets earlier
    assert "le site ne le garde plus" in as_read(client.get(f"{LISTE}{message.pk}/change/"))


def test_of_two_who_answer_at_once_the_second_reads_the_first_and_loses_nothing(client, anne):
    message = MessageFactory()
    opened = PageLue(client.get(f"{LISTE}{message.pk}/change/")).one("input", name="deja")["value"]
    answer(client, message, "La première réponse.")
    data = {"texte": "La seconde.", "deja": opened}
    shown = PageLue(client.post(f"{LISTE}{message.pk}/repondre/", data))
    assert Courriel.objects.count() == 1
    assert "La première réponse." in shown.text
    assert "Rien n’est parti" in shown.text
    assert shown.one("textarea", name="texte").text.strip() == "La seconde."
    assert set(Consultation.objects.values_list("genre", "quoi", "nombre")) == {("contacter.Message", "fiche", 1)}
    assert Consultation.objects.count() == 3  # opened, sent to its list of answers, refused
    data["deja"] = shown.one("input", name="deja")["value"]
    client.post(f"{LISTE}{message.pk}/repondre/", data)
    assert Courriel.objects.count() == 2, "sending again is meant"


def test_an_answer_is_of_the_team_s_and_leaves_with_its_message(client, anne):
    message = MessageFactory()
    answer(client, message)
    assert "Bien reçu" in json.dumps(export(message.courriel), ensure_ascii=False)
    client.force_login(member(REDACTION))
    assert answer(client, message, "Autre").status_code == 403
    forget(message.courriel)
    assert not ReponseAMessage.objects.exists()
    assert not Courriel.objects.exists()


def test_a_message_erased_while_others_are_passed_on_is_told_and_stops_none(client, anne, monkeypatch):
    first, lost, last = MessageFactory.create_batch(3)
    forward = relais.forward

    def meanwhile(row):
        Message.objects.filter(pk=lost.pk).delete()
        return forward(row)

    monkeypatch.setattr(relais, "forward", meanwhile)
    told = as_read(client.get(act(client, "forward", first, lost, last, appliquer="oui").url))
    assert f"Message n° {lost.pk} laissé de côté. Ce message a été effacé." in told
    assert "2 messages transmis." in told
    assert sent() == [EQUIPE, EQUIPE]
