"""The desk's pages on the registrants of one event."""

import csv
import io
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group
from openpyxl import load_workbook

from comptes.roles import ADMINISTRATION, ANIMATION, REDACTION
from courrier.models import Courriel
from participants.evenements.models import Evenement, Question
from participants.inscriptions import places
from participants.inscriptions.models import Consultation, Inscription
from tests.conftest import PageLue
from tests.factories import UtilisateurFactory
from tests.factories.participants import EvenementFactory, InscriptionFactory

pytestmark = pytest.mark.django_db
S = Inscription.Statut
PAGES = ("", "ajouter/", "message/", "prevenir/", "annuler/", "emargement/", "inscriptions.csv", "inscriptions.xlsx")


def base(evenement):
    return f"/admin/inscriptions/inscription/evenement/{evenement.pk}/"


def demande(name, **champs):
    fields = {"prenom": "Malo", "nom": "Kerinvente", "organisation": "Mairie", "courriel": f"{name}@exemple.bzh"}
    return places.Demande(fields | champs, besoin="une rampe" if name == "malo" else "")


@pytest.fixture
def evenement():
    return EvenementFactory(titre="Balise", capacite=2)


@pytest.fixture
def row(evenement):
    return places.confirm(places.register(evenement, demande("malo")))


@pytest.fixture
def desk(client):
    client.user = UtilisateurFactory()
    client.user.groups.add(Group.objects.get(name=ANIMATION))
    client.force_login(client.user)
    return client


def do(desk, evenement, geste, row):
    return PageLue(desk.post(base(evenement), {"geste": f"{geste}:{row.pk}"}, follow=True))


@pytest.mark.parametrize(("role", "code"), [(REDACTION, 403), (ANIMATION, 200), (ADMINISTRATION, 200)])
def test_who_may_see_registrants(client, row, role, code):
    user = UtilisateurFactory()
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    for page in PAGES:
        assert client.get(base(row.evenement) + page).status_code == code, page
    if code == 403:
        assert client.post(base(row.evenement), {"geste": f"annuler:{row.pk}"}).status_code == 403
        assert client.post(base(row.evenement) + "annuler/").status_code == 403
        form = client.get(f"/admin/evenements/evenement/{row.evenement_id}/change/").content.decode()
        assert "Kerinvente" not in form
        assert "Voir les inscriptions" not in form
        assert client.get("/admin/inscriptions/inscription/evenement/999999/").status_code == 403
    else:
        assert client.get("/admin/inscriptions/inscription/evenement/999999/").status_code == 404


def test_one_who_waits_with_an_address_to_confirm_is_told_apart(desk, evenement):
    for name in ("malo", "awena", "loeiza"):
        places.confirm(places.register(evenement, demande(name)))
    places.register(evenement, demande("soazig"))
    states = [state.text for state in PageLue(desk.get(base(evenement))).all("span", class_="etiquette")]
    assert sorted(states) == ["en attente, rang 1", "en attente, à confirmer", "inscrite", "inscrite"]


def test_without_an_account_the_door_is_closed(client, row):
    for page in PAGES:
        assert client.get(base(row.evenement) + page).url.startswith("/admin/login/")


def test_the_list_says_who_comes_and_what_became_of_their_mail(desk, evenement, row):
    places.register(evenement, demande("robot", prenom="Robot"), doute="le champ caché est rempli")
    page = PageLue(desk.get(base(evenement)))
    assert "Kerinvente Malo inscrite" in page.text
    assert "une rampe" in page.text
    assert "Vous êtes inscrit·e : Balise" in page.text
    assert "le champ caché est rempli" in page.text
    assert "places prises sur 2" in page.text
    assert "toutes (2)" in page.text
    found = PageLue(desk.get(base(evenement), {"q": "KERINVENTE malo", "etat": "inscrite"}))
    assert len(found.one("ul", class_="lignes").all("li")) == 1
    assert "ne répond" in PageLue(desk.get(base(evenement), {"q": "zzz"})).text


def test_the_list_costs_the_same_whatever_its_size(desk, evenement, django_assert_max_num_queries):
    InscriptionFactory.create_batch(30, evenement=evenement)
    with django_assert_max_num_queries(24):
        desk.get(base(evenement))


def test_attendance_is_a_button(desk, evenement, row):
    for geste, presence in (("present", True), ("absent", False), ("effacer", None)):
        do(desk, evenement, geste, row)
        row.refresh_from_db()
        assert row.presence is presence
    button = PageLue(desk.get(base(evenement))).one("button", value=f"present:{row.pk}")
    assert button["aria-label"] == "Malo Kerinvente : présent·e"


def test_doubtful_posts_are_taken_or_refused_here(desk, evenement):
    one = places.register(evenement, demande("un"), doute="x")
    two = places.register(evenement, demande("deux"), doute="x")
    do(desk, evenement, "admettre", one)
    do(desk, evenement, "refuser", two)
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.statut, two.statut) == (S.A_CONFIRMER, S.REFUSEE)
    assert Courriel.objects.count() == 1


def test_cancelling_for_somebody_frees_the_seat_and_tells_them(desk, evenement, row):
    do(desk, evenement, "annuler", row)
    row.refresh_from_db()
    assert row.statut == S.ANNULEE
    assert "L’équipe a annulé" in Courriel.objects.about(row).first().texte


def test_whom_no_mail_reaches_is_not_said_to_be_told(desk, evenement):
    row = InscriptionFactory(evenement=evenement, courriel="")
    for page in ("prevenir/", "annuler/"):
        assert "1 personne n’a pas d’adresse" in desk.get(base(evenement) + page).content.decode()
    said = do(desk, evenement, "annuler", row).text
    assert "Inscription annulée. Aucun courriel ne part" in said
    assert "est prévenue" not in said


def test_a_new_link_is_sent_from_here(desk, evenement, row):
    do(desk, evenement, "renvoyer", row)
    assert Courriel.objects.about(row).first().objet == "Votre lien : Balise"
    unreachable = InscriptionFactory(evenement=evenement, courriel="pas une adresse", cle="x")
    assert "Aucun courriel ne part" in do(desk, evenement, "renvoyer", unreachable).text


@pytest.mark.parametrize("geste", ["", "annuler", "annuler:", "annuler:x", "annuler:99999999999999999999", "autre:1"])
def test_a_button_that_no_page_has_changes_nothing(desk, evenement, row, geste):
    page = desk.post(base(evenement), {"geste": geste}, follow=True).content.decode()
    assert "rien n’a changé" in page


def test_a_row_of_another_event_is_out_of_reach(desk, row):
    other = EvenementFactory()
    do(desk, other, "annuler", row)
    row.refresh_from_db()
    assert row.statut == S.INSCRITE


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


def test_a_message_goes_to_each_of_those_chosen(desk, evenement, row):
    places.register(evenement, demande("lent"))
    before = Courriel.objects.count()
    data = {"objet": "Le repas", "message": "Apportez\r\n<b>un plat</b> {{ 7|add:7 }}.", "cibles": ["inscrite"]}
    page = desk.post(base(evenement) + "message/", data, follow=True).content.decode()
    assert "1 courriel part" in page
    mail = Courriel.objects.about(row).first()
    assert (mail.objet, Courriel.objects.count()) == ("Le repas", before + 1)
    assert "<b>un plat</b> {{ 7|add:7 }}" in mail.texte
    assert "<b>un plat</b>" not in mail.html
    assert "Dites à qui" in desk.post(base(evenement) + "message/", {"objet": "a", "message": "b"}).content.decode()


def test_a_change_of_date_is_shown_until_it_is_announced(desk, evenement, row):
    assert "Prévenir</a></span>" not in desk.get(base(evenement)).content.decode()
    event = Evenement.objects.get(pk=evenement.pk)
    event.lieu = "Le Jardin d’Exemple"
    event.save()
    assert "1 personne ne le sait" in PageLue(desk.get(base(evenement))).text
    page = desk.post(base(evenement) + "prevenir/", {"message": "Plus grand."}, follow=True)
    assert "1 personne est prévenue" in page.content.decode()
    assert "ne le sait" not in PageLue(desk.get(base(evenement))).text
    assert "Plus grand." in Courriel.objects.about(row).first().texte


def test_an_event_is_called_off_from_here(desk, client, evenement, row):
    page = desk.post(base(evenement) + "annuler/", {"message": "Désolés."}, follow=True)
    assert "est annulé, 1 personne est prévenue" in PageLue(page).text
    assert "Cette rencontre est annulée" in client.get(evenement.get_absolute_url()).content.decode()
    assert "déjà annulé" in desk.get(base(evenement) + "annuler/", follow=True).content.decode()


def test_files_hold_the_registrants_and_no_formula(desk, evenement):
    question = Question.objects.create(evenement=evenement, libelle="D’où venez-vous ?")
    row = places.register(
        evenement,
        places.Demande(
            demande("malo", nom='=HYPERLINK("x")', prenom="+1\x07").champs, "une rampe", [(question, "Brest")]
        ),
    )
    body = b"".join(desk.get(base(evenement) + "inscriptions.csv").streaming_content).decode()
    (line,) = csv.DictReader(io.StringIO(body))
    assert (line["nom"], line["prenom"], line["etat"]) == ('\'=HYPERLINK("x")', "'+1\x07", "à confirmer")
    assert (line["D’où venez-vous ?"], line["besoin_pour_participer"]) == ("Brest", "une rampe")
    book = load_workbook(io.BytesIO(desk.get(base(evenement) + "inscriptions.xlsx").content))
    heads, cells = (list(values) for values in book.active.iter_rows(values_only=True))
    assert dict(zip(heads, cells, strict=True))["nom"] == '\'=HYPERLINK("x")'
    assert all(cell.data_type != "f" for cells in book.active.iter_rows() for cell in cells)
    assert row.pk


def test_the_sign_in_sheet_lists_those_who_have_a_seat(desk, evenement, row):
    places.register(evenement, demande("lent", nom="Absentéiste"))
    page = PageLue(desk.get(base(evenement) + "emargement/"))
    assert "Kerinvente" in page.one("table").text
    assert "Absentéiste" not in page.text
    assert page.one("table").one("caption").text


def test_each_look_is_written_down_without_whom(desk, evenement, row):
    for page in ("", "inscriptions.csv", "inscriptions.xlsx", "emargement/"):
        desk.get(base(evenement) + page)
    desk.get("/admin/inscriptions/inscription/")
    desk.get(f"/admin/inscriptions/inscription/{row.pk}/change/")
    seen = list(Consultation.objects.order_by("pk").values_list("quoi", "nombre", "evenement", "qui"))
    pk, who = evenement.pk, desk.user.pk
    assert seen == [
        ("liste", 1, pk, who),
        ("csv", 1, pk, who),
        ("xlsx", 1, pk, who),
        ("emargement", 1, pk, who),
        ("liste", 1, None, who),
        ("fiche", 1, pk, who),
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


def test_fewer_seats_than_are_held_is_refused_in_the_event_s_form(desk, evenement, row):
    places.register(evenement, demande("lent"))
    change = f"/admin/evenements/evenement/{evenement.pk}/change/"
    form = desk.get(change).context["adminform"].form
    data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    data |= {f"{rows}-{key}_FORMS": 0 for rows in ("contacts", "questions") for key in ("TOTAL", "INITIAL")}
    for name in ("debut", "fin"):
        moment = data.pop(name)
        data |= {f"{name}_0": f"{moment:%d/%m/%Y}", f"{name}_1": f"{moment:%H:%M:%S}"}
    page = desk.post(change, data | {"capacite": 1}).content.decode()
    assert "2 places sont prises" in page.replace("\u202f", " ").replace("\u00a0", " ")
    evenement.refresh_from_db()
    assert evenement.capacite == 2


def test_the_home_of_the_desk_counts_what_is_to_be_verified(desk, evenement):
    row = places.register(evenement, demande("robot"), doute="x")
    home = desk.get("/admin/").content.decode()
    assert "/admin/inscriptions/inscription/?suite=ouverte" in home
    listed = desk.get("/admin/inscriptions/inscription/?suite=ouverte").context["cl"].result_list
    assert list(listed) == [row]
    form = desk.get(f"/admin/inscriptions/inscription/{row.pk}/change/").content.decode()
    assert f"{base(evenement)}#i{row.pk}" in form
