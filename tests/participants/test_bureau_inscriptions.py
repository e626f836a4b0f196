"""The desk's pages on the registrants of one event."""

import csv
import io
import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from participants.evenements.models import Evenement, Question
from participants.inscriptions import annonces, places
from participants.inscriptions.models import Inscription
from socle.comptes.roles import ADMINISTRATION, ANIMATION, REDACTION
from socle.courrier.models import Courriel
from socle.vie_privee.models import Consultation
from tests import sampling
from tests.conftest import PageLue
from tests.factories import member
from tests.factories.participants import EvenementFactory, InscriptionFactory, demande

pytestmark = pytest.mark.django_db
S = Inscription.Statut
PAGES = ("", "ajouter/", "message/", "prevenir/", "annuler/", "emargement/", "inscriptions.csv", "inscriptions.xlsx")


def base(evenement):
    return f"/admin/inscriptions/inscription/evenement/{evenement.pk}/"


@pytest.fixture
def evenement():
    return EvenementFactory(titre="Balise", capacite=2)


@pytest.fixture
def row(evenement):
    return places.confirm(places.register(evenement, demande("malo", "une rampe")))


def do(desk, evenement, geste, row):
    return PageLue(desk.post(base(evenement), {"geste": f"{geste}:{row.pk}"}, follow=True))


def links(page) -> dict[str, str]:
    return {a["href"]: a.text for a in page.all("a") if "href" in a.attributes}


def today(evenement) -> Evenement:
    """The event, whose day has come."""
    Evenement.objects.filter(pk=evenement.pk).update(debut=timezone.now())
    return Evenement.objects.get(pk=evenement.pk)


def change(desk, evenement, fields, **kwargs):
    """Its form at the desk, sent back with other values."""
    address = f"/admin/evenements/evenement/{evenement.pk}/change/"
    form = desk.get(address).context["adminform"].form
    data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    data |= {f"{rows}-{key}_FORMS": 0 for rows in ("contacts", "questions") for key in ("TOTAL", "INITIAL")}
    for name in ("debut", "fin"):
        moment = timezone.localtime(data.pop(name))
        data |= {f"{name}_0": f"{moment:%d/%m/%Y}", f"{name}_1": f"{moment:%H:%M:%S}"}
    return desk.post(address, data | fields, **kwargs)


def end_page(evenement, fin, row):
    return f"{base(evenement)}{fin}/{row.pk}/"


def end(desk, evenement, fin, row):
    """The button of the page that asks."""
    return PageLue(desk.post(end_page(evenement, fin, row), follow=True))


@pytest.mark.parametrize(("role", "code"), [(REDACTION, 403), (ANIMATION, 200), (ADMINISTRATION, 200)])
def test_who_may_see_registrants(client, row, role, code):
    client.force_login(member(role))
    for page in PAGES:
        assert client.get(base(row.evenement) + page).status_code == code, page
    if code == 403:
        assert client.post(base(row.evenement), {"geste": f"annuler:{row.pk}"}).status_code == 403
        assert client.post(base(row.evenement) + "annuler/").status_code == 403
        assert client.post(end_page(row.evenement, "annuler", row)).status_code == 403
        form = client.get(f"/admin/evenements/evenement/{row.evenement_id}/change/").content.decode()
        assert "Kerinvente" not in form
        assert "Voir les inscriptions" not in form
        assert client.get("/admin/inscriptions/inscription/evenement/999999/").status_code == 403
    else:
        assert client.get("/admin/inscriptions/inscription/evenement/999999/").status_code == 404


@pytest.mark.long
def test_the_desk_says_how_many_seats_are_held_for_addresses_to_confirm_and_who_holds_none(desk):
    evenement = EvenementFactory(titre="Balise", capacite=4)
    for name in ("malo", "awena", "loeiza"):
        places.register(evenement, demande(name))
    page = PageLue(desk.get(base(evenement)))
    told = {dt.text: dd.text for dt, dd in zip(page.all("dt"), page.all("dd"), strict=True)}
    assert told["places prises sur 4"] == told["à confirmer, place gardée (2 au plus)"] == "2"
    assert told["à confirmer, sans place gardée"] == "1"
    assert "si la personne confirme, elle prend une place qui reste" in page.text
    places.confirm(Inscription.objects.get(courriel="loeiza@exemple.bzh"))
    _, yann, paol = (places.register(evenement, demande(name)) for name in ("soazig", "yann", "paol"))
    page = PageLue(desk.get(f"{base(evenement)}?etat=sans-place"))
    assert [state.text for state in page.all("span", class_="etiquette")] == ["à confirmer, sans place gardée"] * 3
    assert "à confirmer, sans place gardée (3)" in page.text
    assert "en attente (" not in page.text
    for row in (paol, yann):  # the last seat, then a rank
        places.confirm(row)
    page = PageLue(desk.get(f"{base(evenement)}?etat=en-attente"))
    assert [state.text for state in page.all("span", class_="etiquette")] == ["en attente, rang 1"]


@pytest.mark.long
def test_the_list_says_who_comes_and_what_became_of_their_mail(desk, evenement, row):
    places.register(evenement, demande("robot", prenom="Robot"), doute="le champ caché est rempli")
    page = PageLue(desk.get(base(evenement)))
    assert "Kerinvente Malo inscrite" in page.text
    assert "une rampe" in page.text
    assert "Vous êtes inscrit·e : Balise" in page.text
    assert "le champ caché est rempli" in page.text
    assert "place prise sur 2 1" in page.text
    assert "toutes (2)" in page.text
    everyday = page.all("ul", class_="outils")[0]
    assert "XLSX" in everyday.text
    assert "Annuler l’événement" not in everyday.text
    assert f"{base(evenement)}annuler/" in links(page)
    Evenement.objects.update(capacite=None)
    assert re.search(r"\bplace prise 1\b", PageLue(desk.get(base(evenement))).text)
    found = PageLue(desk.get(base(evenement), {"q": "KERINVENTE malo", "etat": "inscrite"}))
    assert len(found.one("ul", class_="lignes").all("li")) == 1
    assert "ne répond" in PageLue(desk.get(base(evenement), {"q": "zzz"})).text


def test_the_list_costs_the_same_whatever_its_size(desk, evenement, django_assert_max_num_queries):
    InscriptionFactory.create_batch(30, evenement=evenement)
    with django_assert_max_num_queries(24):
        desk.get(base(evenement))


def test_attendance_waits_for_the_day(desk, evenement, row):
    page = PageLue(desk.get(base(evenement)))
    assert "Les présences se cochent à partir du jour de l’événement" in page.text
    assert not page.all("button", value=f"present:{row.pk}")
    assert "à partir du jour" in do(desk, evenement, "present", row).text
    row.refresh_from_db()
    assert row.presence is None


@pytest.mark.long
def test_an_event_moved_to_a_day_to_come_says_that_its_ticks_are_gone(desk, evenement, row):
    today(evenement)
    do(desk, evenement, "present", row)
    later = timezone.localtime() + timedelta(days=5)
    move = {"debut_0": f"{later:%d/%m/%Y}", "debut_1": "09:30:00", "fin_0": "", "fin_1": ""}
    page = PageLue(change(desk, evenement, move, follow=True))
    assert "1 présence ou absence était cochée" in page.text
    assert "Les coches sont retirées" in page.text
    row.refresh_from_db()
    assert row.presence is None


@pytest.mark.long
@sampling.mostly_long("written", ["9h30", "9 h 30", "9\u202fh\u202f30", "9 H 30", "9:30", "09:30:00"], one_in=3)
def test_an_hour_is_read_as_people_write_it(desk, evenement, written):
    change(desk, evenement, {"debut_1": written, "fin_0": "", "fin_1": ""})
    evenement.refresh_from_db()
    assert f"{timezone.localtime(evenement.debut):%H:%M:%S}" == "09:30:00"


def test_attendance_is_a_button(desk, evenement, row):
    today(evenement)
    for geste, presence in (("present", True), ("absent", False), ("decocher", None)):
        do(desk, evenement, geste, row)
        row.refresh_from_db()
        assert row.presence is presence
    button = PageLue(desk.get(base(evenement))).one("button", value=f"present:{row.pk}")
    assert button["aria-label"] == "Malo Kerinvente : présent·e"
    assert button["aria-pressed"] == "false"
    page = do(desk, evenement, "present", row)
    assert page.one("button", value=f"present:{row.pk}")["aria-pressed"] == "true"
    assert page.one("button", value=f"decocher:{row.pk}").text == "Retirer la coche"


@pytest.mark.long
def test_doubtful_posts_are_taken_or_refused_here(desk, evenement):
    one = places.register(evenement, demande("un"), doute="x")
    two = places.register(evenement, demande("deux"), doute="x")
    do(desk, evenement, "admettre", one)
    assert "Aucun courriel ne part" in PageLue(desk.get(end_page(evenement, "refuser", two))).text
    end(desk, evenement, "refuser", two)
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.statut, two.statut) == (S.A_CONFIRMER, S.REFUSEE)
    assert Courriel.objects.count() == 1


def test_cancelling_for_somebody_is_asked_first_then_frees_the_seat_and_tells_them(desk, evenement, row):
    do(desk, evenement, "annuler", row)
    row.refresh_from_db()
    assert row.statut == S.INSCRITE  # no button of the list does it
    question = PageLue(desk.get(end_page(evenement, "annuler", row))).text
    assert "Malo Kerinvente : inscrite. Sa place redevient libre. Un courriel prévient la personne." in question
    page = end(desk, evenement, "annuler", row)
    assert "Inscription annulée. Un courriel prévient la personne." in page.text
    row.refresh_from_db()
    assert row.statut == S.ANNULEE
    assert "L’équipe a annulé" in row.courriels.first().texte


def test_a_new_link_is_sent_from_here(desk, evenement, row):
    do(desk, evenement, "renvoyer", row)
    assert row.courriels.first().objet == "Votre lien : Balise"
    unreachable = InscriptionFactory(evenement=evenement, courriel="pas une adresse", cle="x")
    assert "Aucun courriel ne part" in do(desk, evenement, "renvoyer", unreachable).text


@pytest.mark.long
@pytest.mark.parametrize("end", ["called off", "over"])
def test_no_link_is_offered_to_confirm_what_nobody_can_come_to(desk, evenement, row, end):
    unsure = places.register(evenement, demande("awena"))
    unreachable = InscriptionFactory(evenement=evenement, courriel="pas une adresse", cle="x")

    def offered(page):
        buttons = {button["value"] for button in page.all("button", name="geste")}
        return {one for one in buttons if one.startswith("renvoyer")}

    both = {f"renvoyer:{row.pk}", f"renvoyer:{unsure.pk}"}
    assert offered(PageLue(desk.get(base(evenement)))) == both
    assert unreachable.courriel in PageLue(desk.get(base(evenement))).text
    if end == "over":
        Evenement.objects.filter(pk=evenement.pk).update(termine_le=timezone.now() - timedelta(minutes=1))
    else:
        annonces.call_off(evenement)
    page = PageLue(desk.get(base(evenement)))
    assert offered(page) == {f"renvoyer:{row.pk}"}
    assert (end_page(evenement, "refuser", unsure) in links(page)) == (end == "over")
    before = Courriel.objects.count()
    assert "plus rien à confirmer" in do(desk, evenement, "renvoyer", unsure).text  # from a page opened before
    assert Courriel.objects.count() == before


@sampling.mostly_long(
    "geste", ["", "annuler", "annuler:", "annuler:x", "annuler:99999999999999999999", "autre:1"], one_in=3
)
def test_a_button_that_no_page_has_changes_nothing(desk, evenement, row, geste):
    page = desk.post(base(evenement), {"geste": geste}, follow=True).content.decode()
    assert "rien n’a changé" in page


def test_a_row_of_another_event_is_out_of_reach(desk, row):
    other = EvenementFactory()
    today(other)
    do(desk, other, "absent", row)
    end(desk, other, "annuler", row)
    row.refresh_from_db()
    assert row.presence is None
    assert row.statut == S.INSCRITE


@pytest.mark.long
def test_somebody_is_added_by_hand_beyond_the_capacity_with_a_reason(desk, evenement, row):
    data = {"prenom": "Enora", "nom": "Riou", "courriel": "enora@exemple.bzh"}
    desk.post(base(evenement) + "ajouter/", data)
    assert evenement.inscriptions.get(prenom="Enora").statut == S.INSCRITE
    page = PageLue(desk.post(base(evenement) + "ajouter/", data))
    assert "déjà inscrite" in page.text
    page = PageLue(desk.post(base(evenement) + "ajouter/", {"prenom": "Gwenn", "nom": "Le Goff"}))
    assert "donnez la raison" in page.text
    assert page.one("input", id="id_prenom")["value"] == "Gwenn"
    desk.post(base(evenement) + "ajouter/", {"prenom": "Gwenn", "nom": "Le Goff", "motif": "intervenante"})
    assert evenement.inscriptions.get(prenom="Gwenn").motif_surnombre == "intervenante"
    assert "intervenante" in PageLue(desk.get(base(evenement))).text


@pytest.mark.long
def test_the_list_of_events_leads_to_registrants_whoever_may_see_them(client, evenement, row):
    places.add(evenement, demande("x"))
    places.add(evenement, demande("y"), motif="intervenante")
    EvenementFactory(capacite=None)
    seen = {}
    for role in (ANIMATION, REDACTION):
        client.force_login(member(role))
        seen[role] = links(PageLue(client.get("/admin/evenements/evenement/")))
    assert seen[ANIMATION][base(evenement)].startswith("2 sur 2 places prises, ")
    assert [text for text in seen[ANIMATION].values() if text.startswith("0 place prise, ")]
    assert base(evenement) not in seen[REDACTION]


@pytest.mark.long
def test_a_message_is_read_again_then_goes_to_each_of_those_chosen(desk, evenement, row):
    places.register(evenement, demande("lent"))
    before = Courriel.objects.count()
    data = {"objet": "Le repas", "message": "Apportez\r\n<b>un plat</b> {{ 7|add:7 }}.", "cibles": ["inscrite"]}
    page = PageLue(desk.post(base(evenement) + "message/", data))
    for words in ("1 personne recevra", "Le repas : Balise", "Bonjour [prénom]", "<b>un plat</b> {{ 7|add:7 }}"):
        assert words in page.text, words
    assert not page.all("b")
    assert Courriel.objects.count() == before
    sent = {field["name"]: field["value"] for field in page.all("input", type="hidden")}
    again = PageLue(desk.post(base(evenement) + "message/", sent | {"corriger": "Corriger"}))
    assert again.one("input", id="id_objet")["value"] == "Le repas"
    assert (
        "1 courriel part"
        in PageLue(desk.post(base(evenement) + "message/", sent | {"envoyer": "Envoyer"}, follow=True)).text
    )
    mail = row.courriels.first()
    assert (mail.objet, Courriel.objects.count()) == ("Le repas : Balise", before + 1)
    assert "<b>un plat</b> {{ 7|add:7 }}" in mail.texte
    assert "<b>un plat</b>" not in mail.html
    assert re.search(r"Voir mon inscription\u00a0:\nhttp\S+/inscription/lien-", mail.texte)
    assert "Dites à qui" in desk.post(base(evenement) + "message/", {"objet": "a", "message": "b"}).content.decode()


def test_a_message_says_how_many_each_choice_is_and_leaves_nobody_who_is_expected_out(desk, evenement, row):
    others = [places.confirm(places.register(evenement, demande(name))) for name in ("awena", "loeiza")]
    places.cancel(row)  # the seat is offered to the one who waits
    page = PageLue(desk.get(base(evenement) + "message/"))
    choices = [label.text for label in page.one("fieldset", id="id_cibles").all("label")]
    assert choices == ["inscrites (1)", "en liste d’attente (0)", "à qui une place est proposée (1)", "à confirmer (0)"]
    data = {"objet": "Le repas", "message": "Un plat.", "cibles": ["inscrite", "proposee"], "envoyer": "1"}
    desk.post(base(evenement) + "message/", data)
    seated, offered = (one.courriels.first() for one in others)
    assert "où vous êtes inscrit·e" in seated.texte
    for text in (offered.texte, offered.html):
        assert "où une place vous est proposée" in " ".join(text.split())


def test_a_message_leads_whoever_has_not_confirmed_to_the_button_that_does(evenement):
    row = places.register(evenement, demande("lent"))
    annonces.write_to_all(evenement, "Le repas", "Bonjour", [S.A_CONFIRMER])
    annonces.announce_change(evenement)
    for mail in row.courriels.all()[:2]:
        assert "/inscription/confirmer/lien-" in mail.texte
        assert "/inscription/lien-" not in mail.texte  # it would show what was typed to whoever has that address


@pytest.mark.long
@pytest.mark.parametrize(
    ("action", "data", "said"),
    [
        ("message/", {"objet": "a", "message": "b", "cibles": ["inscrite"], "envoyer": "1"}, "1 courriel part"),
        ("prevenir/", {}, "1 personne est prévenue"),
        ("annuler/", {}, "1 personne est prévenue"),
    ],
)
def test_those_whom_no_mail_reaches_are_counted_and_named(desk, evenement, row, action, data, said):
    places.add(evenement, demande("x", prenom="Enora", courriel=""))
    InscriptionFactory(evenement=evenement, prenom="Loeiza", courriel="pas une adresse", cle="x")
    if not data:
        assert "2 personnes n’ont pas d’adresse" in PageLue(desk.get(base(evenement) + action)).text
    shown = PageLue(desk.post(base(evenement) + action, data, follow=True)).text
    assert said in shown
    assert "2 personnes n’ont pas d’adresse : à joindre autrement, la page des inscriptions dit qui" in shown
    named = shown.partition("Sans adresse où écrire, à joindre autrement :")[2].partition(".")[0]
    assert ("Enora" in named, "Loeiza" in named, "Malo" in named) == (True, True, False)


@pytest.mark.long
def test_a_change_of_date_is_shown_until_it_is_announced(desk, evenement, row):
    assert "Prévenir</a></span>" not in desk.get(base(evenement)).content.decode()
    event = Evenement.objects.get(pk=evenement.pk)
    event.lieu = "Le Jardin d’Exemple"
    event.save()
    assert "1 personne ne le sait" in PageLue(desk.get(base(evenement))).text
    asked = PageLue(desk.get(base(evenement) + "prevenir/")).text
    assert re.search("était prévu : .*, lieu à préciser.*maintenant : .*, Le Jardin d’Exemple", asked)
    page = desk.post(base(evenement) + "prevenir/", {"message": "Plus grand."}, follow=True)
    assert "1 personne est prévenue" in page.content.decode()
    assert "ne le sait" not in PageLue(desk.get(base(evenement))).text
    assert "Plus grand." in row.courriels.first().texte


def test_an_event_is_called_off_from_here(desk, client, evenement, row):
    page = desk.post(base(evenement) + "annuler/", {"message": "Désolés."}, follow=True)
    assert "est annulé, 1 personne est prévenue" in PageLue(page).text
    assert "Cette rencontre est annulée" in client.get(evenement.get_absolute_url()).content.decode()
    for page in ("annuler/", "ajouter/", "prevenir/"):
        assert "déjà annulé" in desk.get(base(evenement) + page, follow=True).content.decode()


@pytest.mark.long
def test_nobody_enters_an_event_that_is_called_off(desk, evenement, row):
    doubtful = places.register(evenement, demande("robot"), doute="x")
    unconfirmed = places.register(evenement, demande("lent"))
    annonces.call_off(evenement)
    page = PageLue(desk.get(base(evenement)))
    assert "Écrire à toutes" in page.text
    for gone in ("Inscrire quelqu’un", "Prévenir d’un changement", "Accepter"):
        assert gone not in page.text
    do(desk, evenement, "admettre", doubtful)
    doubtful.refresh_from_db()
    assert doubtful.statut == S.A_VERIFIER
    with pytest.raises(places.TropTard):
        places.add(evenement, demande("enora"))
    assert "Aucun courriel ne part" in do(desk, evenement, "renvoyer", unconfirmed).text  # no seat is held for them
    assert "nouveau lien" in do(desk, evenement, "renvoyer", row).text


def test_a_file_says_of_nobody_that_they_confirmed_what_staff_typed(desk, evenement):
    places.add(evenement, demande("malo"))
    body = b"".join(desk.get(base(evenement) + "inscriptions.csv").streaming_content).decode()
    (line,) = csv.DictReader(io.StringIO(body.removeprefix("\ufeff")), delimiter=";")
    assert (line["État"], line["Adresse confirmée le"]) == ("inscrite", "")
    assert line["Reçue le"]


def test_files_hold_the_registrants_and_no_formula(desk, evenement):
    question = Question.objects.create(evenement=evenement, libelle="D’où venez-vous ?")
    row = places.register(
        evenement,
        demande("malo", "une rampe", [(question, "Brest")], nom='=HYPERLINK("x")', prenom="+1\x07"),
    )
    body = b"".join(desk.get(base(evenement) + "inscriptions.csv").streaming_content).decode()
    (line,) = csv.DictReader(io.StringIO(body.removeprefix("\ufeff")), delimiter=";")
    assert (line["Nom"], line["Prénom"], line["État"]) == ('\'=HYPERLINK("x")', "'+1\x07", "à confirmer")
    assert (line["D’où venez-vous ?"], line["Besoin pour participer"]) == ("Brest", "une rampe")
    book = load_workbook(io.BytesIO(desk.get(base(evenement) + "inscriptions.xlsx").content))
    heads, cells = (list(values) for values in book.active.iter_rows(values_only=True))
    cells = dict(zip(heads, cells, strict=True))
    assert cells["Nom"] == '=HYPERLINK("x")'
    assert cells["Reçue le"] == timezone.localtime(row.cree_le).replace(tzinfo=None, microsecond=0)
    assert line["Reçue le"] == f"{cells['Reçue le']:%d/%m/%Y %H:%M:%S}"
    assert book.active.freeze_panes == "B2"
    assert all(cell.data_type != "f" for cells in book.active.iter_rows() for cell in cells)


@pytest.mark.long
def test_access_needs_are_shown_of_those_who_come_alone(desk, evenement, row):
    evenement.capacite = 1
    evenement.save()
    waits = places.register(evenement, demande("awena", "une boucle magnétique"))
    assert waits.statut == S.EN_ATTENTE
    body = b"".join(desk.get(base(evenement) + "inscriptions.csv").streaming_content).decode()
    for text in (body, PageLue(desk.get(base(evenement))).text):
        assert "une rampe" in text
        assert "une boucle" not in text


def test_the_sign_in_sheet_lists_those_who_have_a_seat(desk, evenement, row):
    places.register(evenement, demande("lent", nom="Absentéiste"))
    page = PageLue(desk.get(base(evenement) + "emargement/"))
    assert "Kerinvente" in page.one("table").text
    assert "Absentéiste" not in page.text
    assert page.one("table").one("caption").text


@pytest.mark.long
def test_each_look_is_written_down_without_whom(desk, evenement, row):
    for page in ("", "inscriptions.csv", "inscriptions.xlsx", "emargement/"):
        desk.get(base(evenement) + page)
    desk.get("/admin/inscriptions/inscription/")
    desk.get(f"/admin/inscriptions/inscription/{row.pk}/change/")
    message = {"objet": "a", "message": "b", "cibles": ["inscrite"], "envoyer": "1"}
    for page, data in (("message/", message), ("prevenir/", {}), ("annuler/", {})):
        desk.post(base(evenement) + page, data)
    seen = list(Consultation.objects.order_by("pk").values_list("quoi", "nombre", "sujet", "qui"))
    titre, who = evenement.titre, desk.user.pk
    assert seen == [
        ("liste", 1, titre, who),
        ("csv", 1, titre, who),
        ("xlsx", 1, titre, who),
        ("emargement", 1, titre, who),
        ("liste", 1, "", who),
        ("fiche", 1, titre, who),
        ("message", 1, titre, who),
        ("message", 1, titre, who),
        ("message", 1, titre, who),
    ]
    text = str(list(Consultation.objects.values()))
    for word in ("Malo", "Kerinvente", "malo@"):
        assert word not in text


def test_the_state_is_not_a_field_that_a_form_writes(desk, row):
    change = f"/admin/inscriptions/inscription/{row.pk}/change/"
    data = {"prenom": "Maëlle", "nom": "Riou", "courriel": "malo@exemple.bzh", "evenement": row.evenement_id}
    with patch.object(Inscription, "save", autospec=True, side_effect=Inscription.save) as save:
        assert desk.post(change, data | {"statut": "refusee"}).status_code == 302
    assert all("statut" not in (call.kwargs.get("update_fields") or ()) for call in save.call_args_list)
    row.refresh_from_db()
    assert (row.prenom, row.statut) == ("Maëlle", S.INSCRITE)


@pytest.mark.long
def test_fewer_seats_than_are_held_is_refused_in_the_event_s_form(desk, evenement, row):
    places.register(evenement, demande("lent"))
    page = change(desk, evenement, {"capacite": 1}).content.decode()
    assert "2 places sont prises" in page.replace("\u202f", " ").replace("\u00a0", " ")
    evenement.refresh_from_db()
    assert evenement.capacite == 2


@pytest.mark.long
def test_the_home_of_the_desk_counts_what_is_to_be_verified(desk, evenement):
    row = places.register(evenement, demande("robot"), doute="x")
    home = desk.get("/admin/").content.decode()
    assert "/admin/inscriptions/inscription/?suite=ouverte" in home
    listed = desk.get("/admin/inscriptions/inscription/?suite=ouverte").context["cl"].result_list
    assert list(listed) == [row]
    seated = places.register(evenement, demande("malo"))
    listed = desk.get("/admin/inscriptions/inscription/?suite=a-confirmer").context["cl"].result_list
    assert list(listed) == [seated]
    assert desk.get("/admin/inscriptions/inscription/?suite=%00").status_code == 200
    form = desk.get(f"/admin/inscriptions/inscription/{row.pk}/change/").content.decode()
    assert f"{base(evenement)}#i{row.pk}" in form


def test_without_an_account_the_door_is_closed(client, row):
    for page in PAGES:
        assert client.get(base(row.evenement) + page).url.startswith("/admin/login/")
