"""The exploration: a sheet sent without an account, shown only as its person agreed, withdrawn and erased at will."""

import json
import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fiches.choice_lists import Choix
from participants.explorations import courriels, notices, parcours
from participants.explorations.models import Exploration
from socle.courrier import liens
from socle.courrier.models import Courriel, Lien
from socle.courrier.views import PageALien
from socle.vie_privee import consentement, gestes
from socle.vie_privee.models import Effacement
from tests import sampling
from tests.conftest import PageLue
from tests.factories import member
from tests.factories.participants import ExplorationFactory
from tests.projets.formulaire import values

pytestmark = pytest.mark.django_db
real = PageALien.post
S = Exploration.Statut
SOAZIG = {
    "nom": "Soazig Kerimaginaire",
    "courriel": "soazig@exemple.bzh",
    "fonctions": "Médiatrice numérique",
    "structure": "Maison d’Exemple",
    "provenance": "Carhaix",
    "sujets": "Le papier que l’on n’ose pas montrer",
    "expertises": "Des ateliers sur les marchés",
    "commentaire": "Je peux venir en train",
    "accord_publication": "oui",
    "consentement": "on",
}


@pytest.fixture
def profils():
    return [Choix.objects.create(liste=Choix.Liste.PROFIL, nom=nom) for nom in ("Curieux", "Facilitateur")]


def guards(client, address="/exploration/participer/"):
    return PageLue(client.get(address)).guards


def send(client, **data):
    return client.post("/exploration/participer/", guards(client) | SOAZIG | data)


def the_row():
    return Exploration.objects.get()


def last_link(row):
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/exploration/[^\s]*lien-[^\s]*)", row.courriels.first().texte)
    return link


def confirm(client, row):
    """Open the link of the mail, press the button; the address of the person's own page."""
    return client.post(last_link(row)).url


def taking_part(**data):
    """A sheet whose address is confirmed."""
    now = timezone.now()
    given = {"accord_publication": True, "accord_le": now, "accord_texte": "2026-11", "confirmee_le": now}
    return ExplorationFactory(**{"courriel": "soazig@exemple.bzh"} | given | data)


def personal(row):
    return reverse("explorations:personnelle", args=[courriels.personal_token(row)])


# The form


def test_a_sheet_is_sent_confirmed_read_by_staff_then_shown(client, patient, profils):
    response = send(client, profils=[profils[0].pk])
    assert response.url == "/exploration/participer/?fait=recue"
    row = the_row()
    assert (row.statut, list(row.profils.all())) == (S.A_CONFIRMER, [profils[0]])
    assert row.consentement_texte == consentement.version(notices.REPONSES)
    assert row.accord_texte == consentement.version(notices.PUBLICATION)
    link = last_link(row)
    page = client.get(link).content.decode()
    assert "Soazig" not in page  # the address may be a stranger's
    assert "accepte qu’elle soit publiée" in page  # who may not have said so
    assert the_row().statut == S.A_CONFIRMER
    own = PageLue(client.get(confirm(client, row)))
    assert "Votre fiche attend d’être relue" in own.text
    assert own.one("textarea", id="id_sujets").text.strip() == SOAZIG["sujets"]
    assert client.get(f"/exploration/{row.pk}/").status_code == 404
    assert SOAZIG["nom"] not in client.get("/exploration/").content.decode()
    parcours.publish(row)
    shown = PageLue(client.get(f"/exploration/{row.pk}/"))
    for name in ("nom", "fonctions", "structure", "sujets", "expertises"):
        assert SOAZIG[name] in shown.text
    assert "Curieux" in shown.text
    assert "Je peux la retirer quand je veux" in shown.text
    for name in ("courriel", "provenance", "commentaire"):
        assert SOAZIG[name] not in shown.html
    assert SOAZIG["nom"] in client.get("/exploration/?profil=curieux").content.decode()


@pytest.mark.parametrize("data", [{"accord_publication": "non"}, {}])
def test_nothing_is_shown_of_whoever_did_not_agree_or_was_not_read(client, patient, profils, data):
    send(client, profils=[profils[0].pk], **data)
    row = the_row()
    confirm(client, row)
    for address in ("/exploration/", f"/exploration/{row.pk}/", "/", "/projets/", "/recherche/?q=Kerimaginaire"):
        html = (
            client.get(address).content.decode().replace('value="Kerimaginaire"', "").replace("«\xa0Kerimaginaire", "")
        )
        assert "Soazig" not in html, address
        assert "soazig@" not in html, address


def test_publishing_asks_for_an_agreement_and_a_confirmed_address(patient):
    with pytest.raises(parcours.TropTard, match="pas accepté"):
        parcours.publish(ExplorationFactory())
    with pytest.raises(parcours.TropTard, match="pas encore confirmé"):
        parcours.publish(ExplorationFactory(statut=S.A_CONFIRMER, accord_publication=True))


def test_errors_are_listed_and_nothing_is_lost(client, patient, profils):
    page = PageLue(
        send(client, nom="", courriel="soazig", accord_publication="", consentement="", profils=[999, profils[1].pk])
    )
    assert page.one("title").text.startswith("Erreur : ")
    targets = [a["href"][1:] for a in page.one(id="erreurs").all("a")]
    assert targets == ["id_nom", "id_courriel", "id_profils", "id_accord_publication", "id_consentement"]
    for target in targets:
        assert page.one(id=target)
    assert page.one("textarea", id="id_expertises").text.strip() == SOAZIG["expertises"]
    assert "checked" in page.one("input", value=str(profils[1].pk)).attributes
    assert not Exploration.objects.exists()


def test_new_known_doubtful_and_repeated_posts_get_the_same_answer(client, patient):
    taking_part(courriel="malo@exemple.bzh")
    answers = []
    for data in ({}, {}, {"courriel": "Malo@exemple.bzh"}, {"courriel": "bot@exemple.bzh", "precision": "x"}):
        response = send(client, **data)
        answers.append((response.status_code, response.url, client.get(response.url).content))
    assert len(set(answers)) == 1
    assert sorted(Exploration.objects.values_list("courriel", "statut")) == [
        ("bot@exemple.bzh", S.A_VERIFIER),
        ("malo@exemple.bzh", S.PARTICIPE),
        ("soazig@exemple.bzh", S.A_CONFIRMER),
        ("soazig@exemple.bzh", S.A_CONFIRMER),
    ]
    assert not Courriel.objects.filter(destinataire="bot@exemple.bzh").exists()
    assert Courriel.objects.get(destinataire="malo@exemple.bzh").objet == "Vous avez déjà une fiche d’exploration"


def test_a_stranger_takes_nothing_from_a_sheet_that_waits_for_its_person(client, patient, profils):
    send(client, profils=[profils[0].pk])
    mine = the_row()
    link = last_link(mine)
    send(client, nom="Un inconnu", sujets="des mots d’un autre", courriel="SOAZIG@exemple.bzh")
    other = Exploration.objects.exclude(pk=mine.pk).get()
    assert last_link(other) != link
    own = client.post(link).url
    assert SOAZIG["sujets"] in client.get(own).content.decode()
    mine.refresh_from_db()
    assert (mine.statut, mine.sujets, list(mine.profils.all())) == (S.PARTICIPE, SOAZIG["sujets"], [profils[0]])
    assert [row.pk for row in Exploration.objects.a_relire()] == [mine.pk]
    # The other link leads to the sheet that counts; nobody confirms what it held, which is purged.
    page = client.get(client.post(last_link(other)).url).content.decode()
    assert "c’est elle qui compte" in page
    assert "des mots d’un autre" not in page
    Exploration.objects.filter(pk=other.pk).update(cree_le=timezone.now() - timedelta(days=31))
    call_command("purger", verbosity=0)
    assert the_row() == mine


def test_whoever_confirmed_the_wrong_one_erases_it_and_confirms_the_other(client, patient):
    send(client, sujets="une faute")
    wrong = the_row()
    send(client)
    right = Exploration.objects.exclude(pk=wrong.pk).get()
    link = last_link(right)
    own = confirm(client, wrong)
    assert client.post(link).status_code == 302
    client.post(own, {"action": "effacer"})
    client.post(link)
    assert (the_row(), the_row().statut) == (right, S.PARTICIPE)


def test_nothing_typed_reaches_an_address_that_nobody_confirmed(client, patient):
    send(client, nom="Achetez {{ 7|add:7 }} <b>ici</b>", structure="https-exemple", sujets="Gagnez un lot")
    mail = Courriel.objects.get()
    for part in (mail.objet, mail.texte, mail.html):
        assert not re.search("Achetez|https-exemple|Gagnez", part)


def test_many_sheets_with_one_address_wait_for_staff(client, patient):
    for number in range(7):
        send(client, sujets=f"essai {number}")
    assert Exploration.objects.filter(statut=S.A_VERIFIER).count() == 2
    assert Exploration.objects.filter(statut=S.A_CONFIRMER).count() == 5
    assert Courriel.objects.count() == 5


# One's own page


def test_a_published_sheet_is_withdrawn_in_one_click_from_its_link(client, patient):
    row = taking_part()
    parcours.publish(row)
    assert client.get(f"/exploration/{row.pk}/").status_code == 200
    mail = row.courriels.first()
    assert mail.objet == "Votre fiche d’exploration est publiée"
    link = last_link(row)
    response = client.post(link, {"action": "retirer"})
    assert "n’est pas sur le site" in client.get(response.url).content.decode()
    assert client.get(f"/exploration/{row.pk}/").status_code == 404
    row.refresh_from_db()
    assert (row.accord_publication, row.accord_le, row.relue_le) == (False, None, None)


def test_a_correction_of_what_is_public_is_read_again_one_of_the_rest_is_not(client, patient):
    row = taking_part()
    parcours.publish(row)
    own = personal(row)
    typed = {
        name: getattr(row, name) for name in ("nom", "fonctions", "structure", "provenance", "sujets", "expertises")
    }
    typed |= {"accord_publication": "oui", "action": "corriger"}
    client.post(own, typed | {"provenance": "Brest", "commentaire": "à bientôt"})
    row.refresh_from_db()
    assert (row.provenance, row.is_publique) == ("Brest", True)
    client.post(own, typed | {"sujets": "autre chose"})
    row.refresh_from_db()
    assert (row.sujets, row.is_publique) == ("autre chose", False)
    assert list(Exploration.objects.a_relire()) == [row]
    page = PageLue(client.post(own, typed | {"nom": ""}))
    assert "Indiquez votre nom." in page.one(id="erreurs").text
    client.post(own, typed | {"accord_publication": "non"})
    assert not Exploration.objects.a_relire().exists()


def test_a_correction_that_says_yes_is_a_proof_and_keeps_what_is_shown(client):
    row = taking_part(accord_le=None, accord_texte="", relue_le=timezone.now())
    data = {"nom": row.nom, "accord_publication": "oui", "action": "corriger"}
    client.post(personal(row), data)
    row.refresh_from_db()
    assert row.accord_le
    assert row.accord_texte == consentement.version(notices.PUBLICATION)
    assert row.is_publique
    client.post(personal(row), data | {"sujets": "autre chose"})
    assert list(Exploration.objects.a_relire()) == [row]


@pytest.mark.parametrize("action", ["retirer", "corriger"])
def test_a_restored_backup_shows_no_sheet_that_its_person_withdrew(client, action):
    row = taking_part(relue_le=timezone.now())
    data = {"nom": row.nom, "action": action}
    client.post(personal(row), data | {"accord_publication": "oui", "action": "corriger"})
    assert not Effacement.objects.exists()  # it is shown still
    shown = Exploration.objects.get()
    client.post(personal(row), data | {"accord_publication": "non"})
    shown.save()  # as the backup had it
    assert gestes.replay(Effacement.objects.all()) == 1
    assert not the_row().is_publique


def test_one_takes_ones_data_away_then_erases_them(client, patient, profils):
    send(client, profils=[profils[0].pk])
    own = confirm(client, the_row())
    answer = client.get(f"{own}donnees.json")
    assert answer["Content-Disposition"] == 'attachment; filename="ma-fiche-d-exploration.json"'
    data = json.loads(answer.content)
    assert (data["courriel"], data["commentaire"]) == (SOAZIG["courriel"], SOAZIG["commentaire"])
    assert (data["profils"], data["publiée sur le site"]) == (["Curieux"], "non")
    for label, usage in (("texte accepté", "REPONSES"), ("texte accepté pour la publication", "PUBLICATION")):
        assert consentement.texte(getattr(notices, usage), "2026-11") in data[label]
    mail = data["courriels"][-1]
    assert mail["objet"] == "Confirmez votre fiche d’exploration"
    assert mail["texte"].startswith("Bonjour,")
    assert "_" not in "".join([*data, *mail])
    response = client.post(own, {"action": "effacer"})
    assert "Votre fiche est effacée" in client.get(response.url).content.decode()
    assert [model.objects.count() for model in (Exploration, Courriel, Lien)] == [0, 0, 0]
    assert client.get(own).status_code == 404


def test_a_lost_link_is_sent_again_to_its_address_alone(client, patient):
    row = taking_part()
    for courriel in ("SOAZIG@exemple.bzh", "inconnue@exemple.bzh"):
        page = PageLue(
            client.post(
                "/exploration/nouveau-lien/", guards(client, "/exploration/nouveau-lien/") | {"courriel": courriel}
            )
        )
        assert "Si une fiche porte cette adresse" in page.text
    mail = Courriel.objects.get()
    assert (mail.sujet, mail.destinataire) == (row, "soazig@exemple.bzh")
    assert client.get(last_link(row)).status_code == 200


def test_a_mailbox_gets_five_mails_with_new_links_a_day_whatever_it_has_to_confirm(client, patient):
    for number in range(4):
        send(client, sujets=f"essai {number}")
    before = Courriel.objects.count()
    new = "/exploration/nouveau-lien/"
    for _ in range(3):
        client.post(new, guards(client, new) | {"courriel": SOAZIG["courriel"]})
    assert Courriel.objects.count() - before == 5
    mine = Exploration.objects.first()
    confirm(client, mine)
    assert parcours.known(SOAZIG["courriel"]) == [mine]


def test_a_link_to_confirm_that_is_opened_again_says_that_it_is_done(client, patient):
    token = liens.issue(courriels.CONFIRMER, taking_part(), duree=timedelta(days=1))
    said = PageLue(client.get(f"/exploration/confirmer/{token}/")).one("main").text
    assert ("C’est confirmé" in said, "rien ne sera confirmé" in said) == (True, False)
    assert client.post(f"/exploration/confirmer/{token}/").url.startswith("/exploration/ma-fiche/")


# The list


def test_no_cookie_and_no_listing_by_search_engines(client, patient):
    row = taking_part()
    parcours.publish(row)
    for address in ("/exploration/", f"/exploration/{row.pk}/", "/exploration/participer/"):
        response = client.get(address)
        assert not response.cookies
        assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_the_list_counts_by_profile_in_a_bounded_number_of_queries(client, profils):
    def publish(number):
        row = taking_part(courriel=f"p{number}@exemple.bzh", relue_le=timezone.now())
        row.profils.set(profils[: 1 + number % 2])

    def queries(address):
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(address)
        return len(found)

    publish(0)
    few = queries("/exploration/?profil=curieux")
    for number in range(1, 60):
        publish(number)
    assert queries("/exploration/?profil=curieux") == few
    page = PageLue(client.get("/exploration/"))
    assert "60 fiches" in page.text
    assert "Curieux (60)" in page.text
    assert "Facilitateur (30)" in page.text
    assert len(page.titles) == 50
    assert len(PageLue(client.get("/exploration/?page=2")).titles) == 10


# The desk


def ask(client, action, *rows):
    """The page before an action, and what its button sends."""
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    asked = PageLue(client.post("/admin/explorations/exploration/", data))
    assert {row.nom for row in rows} <= {link.text for link in asked.all("a")}
    return asked, data | {"appliquer": "1", "vue_le": asked.one("input", name="vue_le")["value"]}


def act(client, action, *rows):
    return client.post("/admin/explorations/exploration/", ask(client, action, *rows)[1], follow=True)


@pytest.mark.long
def test_staff_read_publish_and_withdraw(desk):
    row, private = taking_part(), taking_part(courriel="malo@exemple.bzh", accord_publication=False)
    page = desk.get("/admin/explorations/exploration/?suite=ouverte").content.decode()
    assert row.nom in page
    assert private.nom not in page
    assert "1 exploration" in desk.get("/admin/").content.decode()
    asked, _ = ask(desk, "publish", row, private)
    (hidden,) = asked.one(class_="demande").all("li")
    assert hidden.text == f"{private.nom} : La personne n’a pas accepté que sa fiche soit publiée."
    assert asked.one("input", name="appliquer")["value"] == "Confirmer pour 1 fiche"
    assert not ask(desk, "publish", private)[0].all("input", name="appliquer")
    form = desk.get(f"/admin/explorations/exploration/{private.pk}/change/").content.decode()
    assert "ne peut pas paraître sur le site. La personne n’a pas accepté" in form
    said = act(desk, "publish", row, private).content.decode()
    assert "1 fiche publiée." in said
    assert "pas accepté que sa fiche soit publiée" in said
    row.refresh_from_db()
    assert row.is_publique
    said = act(desk, "withdraw", row).content.decode()
    assert "1 fiche retirée." in said
    assert row.courriels.first().objet == "Votre fiche d’exploration n’est pas sur le site"
    form = desk.get(f"/admin/explorations/exploration/{row.pk}/change/").content.decode()
    assert "réservée à l’équipe" in form


def test_what_staff_publish_is_what_their_page_showed(desk):
    row = taking_part(sujets="ce qui est lu")
    asked, confirmation = ask(desk, "publish", row)
    assert "ce qui est lu" in asked.text
    parcours.correct(row, {"sujets": "ce que nul n’a lu"}, [], accord=True)
    said = desk.post("/admin/explorations/exploration/", confirmation, follow=True).content.decode()
    assert "a changé sa fiche" in said
    row.refresh_from_db()
    assert not row.is_publique
    assert "1 fiche publiée." in act(desk, "publish", row).content.decode()


@sampling.mostly_long(
    ("state", "offered"),
    [
        ({}, ["publish", "withdraw"]),
        ({"relue_le": timezone.now()}, ["withdraw"]),
        ({"accord_publication": False}, []),
        ({"statut": S.A_CONFIRMER}, []),
        ({"statut": S.A_VERIFIER, "doute": "x"}, ["accept"]),
    ],
    one_in=3,
)
def test_a_sheet_s_own_form_offers_what_would_change_something(desk, state, offered):
    row = taking_part(**state)
    page = PageLue(desk.get(change(row)))
    assert [button["value"] for button in page.all("button", form="decision")] == offered
    for action in offered:
        assert "laissée" not in act(desk, action, row).content.decode()
        row = taking_part(courriel=f"{action}@exemple.bzh", **state)


def test_whoever_may_only_read_a_sheet_is_offered_nothing(client):
    user = member()
    user.user_permissions.set(Permission.objects.filter(codename="view_exploration"))
    client.force_login(user)
    page = PageLue(client.get(change(taking_part())))
    assert "à relire avant publication" in page.text
    assert not page.all("button", form="decision")


def test_staff_withdraw_nothing_that_is_not_confirmed_no_mail_with_a_link_leaves(desk, patient):
    send(desk, precision="x")
    assert "pour l’écarter, supprimez-la" in act(desk, "withdraw", the_row()).content.decode()
    assert not Courriel.objects.exists()
    assert not Lien.objects.exists()


def test_staff_accept_a_doubtful_sheet_which_goes_on_as_any_other(desk, patient):
    send(desk, precision="x")
    row = the_row()
    assert row.doute
    assert "le champ caché est rempli" in desk.get(f"/admin/explorations/exploration/{row.pk}/change/").content.decode()
    assert not Courriel.objects.exists()
    act(desk, "accept", row)
    confirm(desk, row)
    assert (the_row().statut, the_row().doute) == (S.PARTICIPE, "")


def change(row):
    return f"/admin/explorations/exploration/{row.pk}/change/"


def typed(client, row, **data):
    """The sheet's form at the desk, as a browser sends it back."""
    return values(client.get(change(row)).context["adminform"].form) | data


def test_a_form_opened_before_brings_back_neither_an_agreement_nor_a_text(desk):
    row = taking_part(sujets="à ne plus montrer")
    parcours.publish(row)
    before = typed(desk, row, provenance="Brest")
    parcours.withdraw(row)
    assert "a changé sa fiche" in desk.post(change(row), before).content.decode()
    before = typed(desk, row, provenance="Brest")
    parcours.correct(row, {"sujets": "autre chose"}, [], accord=False)
    desk.post(change(row), before)
    row.refresh_from_db()
    assert (row.sujets, row.provenance, row.accord_publication) == ("autre chose", "", False)
    desk.post(change(row), typed(desk, row, provenance="Brest", accord_publication="on"))
    row.refresh_from_db()
    assert (row.provenance, row.accord_publication) == ("Brest", False)  # the person said no on a page of their own


def test_an_agreement_that_staff_write_down_has_no_proof_and_is_read_before_it_shows(desk):
    row = taking_part()
    parcours.publish(row)
    without = typed(desk, row)
    del without["accord_publication"]
    desk.post(change(row), without)
    desk.post(change(row), typed(desk, row, accord_publication="on"))
    row.refresh_from_db()
    assert (row.accord_publication, row.accord_le, row.accord_texte) == (True, None, "")
    assert not row.is_publique


def test_an_address_has_one_sheet_at_the_desk_too(desk):
    taking_part()
    other = ExplorationFactory(courriel="malo@exemple.bzh")
    data = {"courriel": "Soazig@exemple.bzh"}
    new = "/admin/explorations/exploration/add/"
    for address, sent in ((change(other), typed(desk, other)), (new, {"nom": "Malo"})):
        assert "a déjà une fiche" in desk.post(address, sent | data).content.decode()


def test_links_sent_to_an_address_that_staff_replace_open_nothing_more(desk):
    row = taking_part()
    own = personal(row)
    desk.post(change(row), typed(desk, row, provenance="Brest"))
    assert desk.get(own).status_code == 200
    desk.post(change(row), typed(desk, row, courriel="autre@exemple.bzh"))
    assert desk.get(own).status_code == 404


# What is kept


def test_a_doubtful_sheet_that_is_accepted_late_has_its_whole_month(client, patient):
    send(client, precision="x")
    sent = timezone.now() - timedelta(days=29)
    Exploration.objects.update(cree_le=sent)
    parcours.accept(the_row())
    link, accepted = last_link(the_row()), timezone.now()
    for days, status in ((29, 200), (31, 404)):
        with patch("django.utils.timezone.now", return_value=accepted + timedelta(days=days)):
            call_command("purger", verbosity=0)
            assert client.get(link).status_code == status
    assert not Exploration.objects.exists()


def test_a_new_link_to_confirm_lasts_as_long_as_its_sheet(client, patient):
    send(client)
    sent = the_row().cree_le
    Exploration.objects.update(cree_le=sent - timedelta(days=20))
    courriels.new_link(the_row())
    link = last_link(the_row())
    Exploration.objects.update(cree_le=sent - timedelta(days=31))
    assert not courriels.new_link(the_row())
    for days, status in ((9, 200), (11, 404)):
        with patch("django.utils.timezone.now", return_value=sent + timedelta(days=days)):
            assert client.get(link).status_code == status
