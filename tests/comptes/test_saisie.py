"""What is typed at the desk while a session ends or a form grows old: given back to who typed it, saved by no other."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from fiches import registre
from fiches.acces import admin_url
from fiches.choice_lists import Theme
from labacces.pages.models import Page
from participants.contacter.models import ReponseAMessage
from participants.inscriptions.desk_base import address as desk_page_of
from socle.bureau.saisie import MARQUE, PORTEE, REPRENDRE, SaisieGardeeAdmin
from tests.comptes.conftest import PASSWORD, code_of
from tests.comptes.test_connexion import ACTIVER, CODE, LOGIN
from tests.comptes.test_droits import MODELS, address, record
from tests.conftest import PageLue, text_of_every_table
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory
from tests.factories.contacter import MessageFactory
from tests.factories.participants import EvenementFactory
from tests.sampling import mostly_long

pytestmark = [pytest.mark.django_db, pytest.mark.securite]
TEXTE = "Trois mille signes, « tapés » <b>d’une traite</b> & sans filet.\r\n\r\nPuis la suite. " * 40
NEXT = {"username": "anne", "password": PASSWORD}


def sent(form, **changes) -> dict:
    """A form as a browser sends it: what it was served with, `changes` typed in."""
    data = {}
    for one in form.all("input"):
        kind = one.attributes.get("type", "text")
        if kind not in ("submit", "file") and (kind not in ("checkbox", "radio") or "checked" in one.attributes):
            data.setdefault(one["name"], []).append(one.attributes.get("value", "on" if kind == "checkbox" else ""))
    for one in form.all("textarea"):
        data[one["name"]] = one._text().removeprefix("\n")
    for one in form.all("select"):
        options = one.all("option")
        chosen = [option["value"] for option in options if "selected" in option.attributes]
        data[one["name"]] = chosen or [option["value"] for option in options if "multiple" not in one.attributes][:1]
    return data | changes


def opened(client, target, **changes) -> dict:
    """The first form of the page at that address which says whose it is, filled in."""
    page = PageLue(client.get(target))
    return sent(next(form for form in page.all("form") if form.all("input", name=MARQUE)), **changes)


def carried(response) -> dict:
    """What a page hands on."""
    (value,) = {one["value"] for one in PageLue(response).all("input", name=PORTEE)}
    return {PORTEE: value}


def resumed(client, response):
    """The answer to « Reprendre ce que vous aviez tapé »."""
    page = PageLue(response)
    button = page.one("input", name=REPRENDRE)
    form = next(form for form in page.all("form") if button in form.all("input"))
    return client.post(form["action"], sent(form) | {REPRENDRE: button["value"]})


def end_session(client):
    Session.objects.all().delete()


def shown_in(response, field="description") -> str:
    return response.context["adminform"].form[field].value().replace("\r\n", "\n")


@pytest.fixture
def fiche():
    return ProjetFactory(titre="Un portail", description="Ce qui était écrit.")


@pytest.fixture
def typed(client, anne, fiche):
    """(address, POST) of a text that Anne wrote, whose session ended meanwhile."""
    client.force_login(anne)
    target = admin_url(fiche, "change", fiche.pk)
    data = opened(client, target, description=TEXTE)
    end_session(client)
    return target, data


def is_unchanged(fiche) -> bool:
    fiche.refresh_from_db()
    return fiche.description == "Ce qui était écrit."


# The session ended


def test_a_text_comes_back_through_password_and_code_and_is_saved_by_its_writer_alone(client, typed, fiche, factor):
    target, data = typed
    asked = client.post(target, data)
    assert "Ce que vous aviez tapé n’est pas perdu" in PageLue(asked).text
    assert "no-store" in asked["Cache-Control"]
    asked = client.post(LOGIN, NEXT | {"next": target} | carried(asked))
    assert "code à six chiffres" in PageLue(asked).text
    assert not PageLue(asked).all(id="user-tools")  # nobody yet
    asked = client.post(CODE, {"code": "000000"} | carried(asked))
    assert "Trop d’essais" in asked.content.decode() or "n’est pas bon" in asked.content.decode()
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    back = client.post(CODE, {"code": code_of(factor)} | carried(asked))
    assert is_unchanged(fiche)
    form = resumed(client, back)
    assert form.status_code == 200
    assert shown_in(form) == TEXTE.replace("\r\n", "\n")
    assert is_unchanged(fiche)
    assert "Rien n’est encore enregistré" in PageLue(form).text
    page = PageLue(form)
    assert client.post(target, sent(page.one("form", id="projet_form"))).status_code == 302
    fiche.refresh_from_db()
    assert fiche.description == TEXTE.replace("\r\n", "\n").strip()


@pytest.mark.long
def test_without_a_second_factor_it_comes_back_after_the_password(client, typed, fiche):
    target, data = typed
    back = client.post(LOGIN, NEXT | carried(client.post(target, data)))
    assert shown_in(resumed(client, back)) == TEXTE.replace("\r\n", "\n")
    assert is_unchanged(fiche)


@pytest.mark.long
def test_it_comes_back_to_who_has_to_set_a_factor_up_on_the_way(client, typed, settings):
    target, data = typed
    settings.SECOND_FACTEUR = True
    asked = client.post(LOGIN, NEXT | carried(client.post(target, data)))
    asked = client.post(ACTIVER, {"commencer": "1"} | carried(asked))
    asked = client.post(ACTIVER, {"commencer": "1"} | carried(asked))
    codes = client.post(ACTIVER, {"code": code_of(TOTPDevice.objects.get())} | carried(asked))
    assert len(PageLue(codes).one("ul", class_="codes").all("code")) == 10
    back = client.post("/admin/compte/reprendre/", carried(codes))
    assert shown_in(resumed(client, back)) == TEXTE.replace("\r\n", "\n")


def test_it_survives_a_session_that_ends_again_while_the_code_is_asked(client, typed, factor):
    target, data = typed
    asked = client.post(LOGIN, NEXT | carried(client.post(target, data)))
    end_session(client)
    asked = client.post(CODE, {"code": code_of(factor)} | carried(asked))
    assert PageLue(asked).all(id="login-form")
    assert carried(asked)


def test_a_form_sent_while_the_code_is_asked_is_not_lost(client, typed, factor):
    """Two forms were open: the login began from another tab."""
    target, data = typed
    client.post(LOGIN, NEXT)
    asked = client.post(target, data)
    assert "code à six chiffres" in PageLue(asked).text
    back = client.post(CODE, {"code": code_of(factor)} | carried(asked))
    assert PageLue(back).all("input", name=REPRENDRE)


def test_nothing_of_it_is_stored_while_nobody_is_logged_in(client, typed, factor):
    target, data = typed
    asked = client.post(target, data)
    asked = client.post(LOGIN, NEXT | carried(asked))
    assert "sans filet" not in text_of_every_table()
    assert "sans filet" not in str([one.get_decoded() for one in Session.objects.all()])
    assert PORTEE not in str([one.get_decoded() for one in Session.objects.all()])


def test_somebody_else_who_logs_in_is_shown_nothing_of_it(client, typed, fiche):
    jakez = UtilisateurFactory(username="jakez", is_superuser=True)
    jakez.set_password(PASSWORD)
    jakez.save()
    target, data = typed
    asked = client.post(LOGIN, NEXT | {"username": "jakez"} | carried(client.post(target, data)), follow=True)
    assert "sans filet" not in asked.content.decode()
    assert "sous un autre compte" in asked.content.decode()
    assert is_unchanged(fiche)


@mostly_long("mark", ["", "x", "WzEsIi9hZG1pbi8iXQ:1abcde:forged"], one_in=2)
def test_what_no_page_of_the_desk_was_printed_for_does_not_travel(client, typed, mark):
    target, data = typed
    response = client.post(target, data | {MARQUE: mark})
    assert response.status_code == 302
    assert response["Location"].startswith(LOGIN)
    response = client.post(LOGIN, NEXT | {PORTEE: mark, "next": target})
    assert (response.status_code, response["Location"]) == (302, target)


def test_a_record_saved_meanwhile_is_shown_beside_it(client, typed, fiche):
    target, data = typed
    fiche.change({"description": "Écrit par quelqu’un d’autre."}, reason="", user=None)
    form = resumed(client, client.post(LOGIN, NEXT | carried(client.post(target, data))))
    said = PageLue(form).one("section", class_="concurrence").text
    assert "Écrit par quelqu’un d’autre." in said
    assert "sans filet" in said
    fiche.refresh_from_db()
    assert fiche.description == "Écrit par quelqu’un d’autre."


def test_what_a_stranger_may_send_to_the_desk_has_an_end(client, typed, settings):
    target, data = typed
    settings.ENVOI_DU_BUREAU = 3_000_000
    file = SimpleUploadedFile("bilan.pdf", bytes(3_000_000))
    assert client.post(target, data | {"annexes-0-fichier": file}).status_code == 413
    typed = data | {"description": "a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
    assert client.post(target, typed).status_code == 400, "texts have a limit of their own"


def test_a_text_that_is_no_record_s_is_shown_to_be_copied(client, anne, settings):
    settings.CONTACT_EMAIL = "equipe@exemple.bzh"
    message = MessageFactory()
    client.force_login(anne)
    data = opened(client, admin_url(message, "change", message.pk), texte="Bonjour, voici ma réponse.")
    end_session(client)
    target = f"/admin/contacter/message/{message.pk}/repondre/"
    back = PageLue(client.post(LOGIN, NEXT | carried(client.post(target, data))))
    assert "Bonjour, voici ma réponse." in back.text
    assert not back.all("input", name=REPRENDRE)
    assert not ReponseAMessage.objects.exists()


def test_a_message_to_all_travels_and_what_is_said_of_one_person_does_not(client, anne):
    evenement = EvenementFactory(dans=30)
    pages = [desk_page_of(name, evenement) for name in ("message", "ajouter")]
    client.force_login(anne)
    marked = [bool(PageLue(client.get(page)).all("input", name=MARQUE)) for page in pages]
    assert marked == [True, False]


# The form grew old


@pytest.fixture
def strict(anne):
    """A browser of Anne's whose forms are checked, logged in."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(anne)
    return client


@pytest.mark.long
def test_a_form_of_before_the_last_login_comes_back(strict, fiche):
    target = admin_url(fiche, "change", fiche.pk)
    data = opened(strict, target, description=TEXTE, csrfmiddlewaretoken="x" * 32)
    back = strict.post(target, data)
    assert back.status_code == 403
    assert "avant votre dernière connexion" in PageLue(back).text
    form = resumed(strict, back)
    assert form.status_code == 200
    assert shown_in(form) == TEXTE.replace("\r\n", "\n")
    assert is_unchanged(fiche)


@pytest.mark.long
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_sends_is_not_shown(strict, fiche, site):
    target = admin_url(fiche, "change", fiche.pk)
    data = opened(strict, target, description=TEXTE, csrfmiddlewaretoken="x" * 32)
    refused = strict.post(target, data, HTTP_SEC_FETCH_SITE=site)
    assert refused.status_code == 403
    assert "sans filet" not in refused.content.decode()
    data.pop(MARQUE)
    assert "sans filet" not in strict.post(target, data).content.decode()


@pytest.mark.long
def test_a_mark_is_of_one_account(strict, client, fiche):
    other = UtilisateurFactory(is_superuser=True)
    client.force_login(other)
    target = admin_url(fiche, "change", fiche.pk)
    data = opened(client, target, description=TEXTE)
    assert "sans filet" not in strict.post(target, data, follow=True).content.decode()


# Shown again, never saved

KEPT = [declaration.model for declaration in registre.types()]
KEPT += [MODELS[label] for label in ("fiches.theme", "fiches.choix", "recherche.synonymes")]
KEPT += [MODELS[label] for label in ("pages.page", "pages.renseignements")]


def test_what_is_kept_is_what_is_meant_to_be_read_and_no_form_about_a_person():
    kept = {model for model, handler in admin.site._registry.items() if isinstance(handler, SaisieGardeeAdmin)}
    assert kept == {*KEPT}


@mostly_long("label", MODELS, one_in=4)
def test_a_form_is_kept_in_the_browser_if_its_admin_says_so_and_then_not_its_persons(client, anne, label):
    row = record(label)
    client.force_login(anne)
    (mark,) = PageLue(client.get(address(MODELS[label], "change", row.pk))).all("input", name=MARQUE) or [None]
    kept = mark and "data-champs" in mark.attributes
    assert bool(kept) == (MODELS[label] in KEPT)
    if kept:
        assert {*mark["data-rangs"].split()} <= {"annexes", "questions", "fichiers"}
        opts = MODELS[label]._meta
        assert {*mark["data-champs"].split()} <= {field.name for field in opts.get_fields()}


@pytest.mark.long
@mostly_long("model", KEPT, one_in=4, ids=lambda model: model._meta.label_lower)
def test_a_form_that_is_shown_again_is_not_saved(client, anne, model):
    row = record(model._meta.label_lower)
    client.force_login(anne)
    target = admin_url(row, "change", row.pk)
    data = opened(client, target)
    name = next(iter(client.get(target).context["adminform"].form.fields))
    before = text_of_every_table()
    shown = client.post(target, data | {name: "Une valeur neuve", REPRENDRE: "1", "_save": "1"})
    assert shown.status_code == 200
    assert "Une valeur neuve" in shown.content.decode()
    assert text_of_every_table() == before


def test_the_text_of_a_row_that_was_deleted_meanwhile_is_shown(client, anne):
    theme = ThemeFactory()
    client.force_login(anne)
    target = admin_url(theme, "change", theme.pk)
    data = opened(client, target, mots_cles="un mot\nun autre mot")
    theme.delete()
    gone = client.post(target, data)
    assert gone.status_code == 410
    assert "un autre mot" in PageLue(gone).text
    assert not Theme.objects.exists()


# Forgotten


@pytest.mark.long
def test_the_browser_is_told_of_what_was_saved_and_of_nothing_else(client, anne, fiche):
    client.force_login(anne)
    target = admin_url(fiche, "change", fiche.pk)
    key = "a1b2c3d4e5f6"
    refused = client.post(target, opened(client, target, titre="", _saisie=key))
    assert f"saisie-{key}" not in refused.cookies
    saved = client.post(target, opened(client, target, titre="Un autre", _saisie=key))
    cookie = saved.cookies[f"saisie-{key}"]
    assert (cookie.value, cookie["path"], cookie["samesite"]) == ("1", "/admin/", "Lax")
    assert cookie["max-age"] <= timedelta(days=7).total_seconds()
    for odd in ("", "x", "A" * 12, "a1b2c3d4; HttpOnly", "é" * 12):
        saved = client.post(target, opened(client, target, titre=f"Un autre {odd}", _saisie=odd))
        assert saved.status_code == 302
        assert not [name for name in saved.cookies if name.startswith("saisie") and key not in name]


def test_the_page_after_a_logout_says_whose_texts_the_browser_forgets(client, anne):
    client.force_login(anne)
    page = PageLue(client.post("/admin/logout/"))
    assert [one["data-sortis"] for one in page.all("script") if "data-sortis" in one.attributes] == [str(anne.pk)]


def test_what_travels_is_worth_a_week(client, typed, monkeypatch):
    target, data = typed
    asked = client.post(target, data)
    later = timezone.now().timestamp() + 8 * 24 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    response = client.post(LOGIN, NEXT | carried(asked))
    assert response.status_code == 302
    assert Page.objects.exists()


@pytest.mark.long
@pytest.mark.parametrize("ended", [True, False])
def test_whoever_logs_out_is_forgotten_by_the_browser_even_if_their_session_had_ended(client, anne, fiche, ended):
    other = UtilisateurFactory(is_superuser=True)
    client.force_login(other)
    page = PageLue(client.get(admin_url(fiche, "change", fiche.pk)))
    named = page.one("input", name="compte")
    assert named["form"] == page.one("form", action="/admin/logout/")["id"]
    client.force_login(anne)  # in another tab
    if ended:
        end_session(client)
    left = client.post("/admin/logout/", {"compte": named["value"]})
    said = [one["data-sortis"] for one in PageLue(left).all("script") if "data-sortis" in one.attributes]
    assert said == [f"{other.pk}" if ended else " ".join(map(str, sorted([anne.pk, other.pk])))]
    assert not Session.objects.exists()


@pytest.mark.parametrize("compte", ["", "x", "²", "-1", "9" * 30, '1"><script>'])
def test_whoever_logs_out_of_no_account_is_told_nothing_of_it(client, compte):
    left = client.post("/admin/logout/", {"compte": compte})
    assert left.status_code == 200
    assert "data-sortis" not in left.content.decode()
