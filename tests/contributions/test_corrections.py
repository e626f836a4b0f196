"""Corrections that visitors propose: what is kept, who sees it, what is taken of it. Persons are invented."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from fiches.suivi import public_history
from fiches.suivi.models import VersionMasquee
from participants.contributions import champs, comparaison, courriels, parcours, views
from participants.contributions.forms import REFUS
from participants.contributions.models import Contribution, Echange
from socle.annuaire.models import Statut
from socle.comptes.roles import ANIMATION, REDACTION
from socle.courrier import liens
from socle.courrier.models import Courriel
from socle.formulaires import protection
from socle.vie_privee import purge
from tests.conftest import PageLue, load_places
from tests.contributions.conftest import TEXTE
from tests.factories import ThemeFactory, member
from tests.factories.contributions import ContributionFactory
from tests.projets.formulaire import values
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db
E = Contribution.Etat
MAELLE = "maelle.kerdoncuff@exemple.bzh"
VOUS = {"source": "Je tiens le standard.", "nom": "Maëlle Kerdoncuff", "courriel": MAELLE, "consentement": "on"}


def address(fiche):
    return f"/contribuer/correction/{fiche.pk}/"


def page(client, fiche):
    return client.get(address(fiche))


def typed(response, **changes):
    """What a browser sends back of the form of a page, with these changes to the record."""
    return values(response.context["form"]) | VOUS | {f"champ_{name}": value for name, value in changes.items()}


def send(client, fiche, **changes):
    return client.post(address(fiche), typed(page(client, fiche), **changes))


def confirmed(client, fiche, **changes):
    assert send(client, fiche, **changes).status_code == 302
    return parcours.confirm(Contribution.objects.latest("pk"))


def decide(client, row, action="decider", **data):
    """Press a button of the page of a contribution, as it stands, and that of the page as it will be."""
    shown = client.get(desk(row))
    return press(client, row, posted(shown) | {"action": action} | data)


def posted(shown):
    """What the page of a contribution sends back of somebody who takes each field that is no conflict."""
    form = shown.context["form"]
    sent = values(form)
    for ligne in form.lignes:
        name = f"choix_{ligne.champ.name}"
        if not (sent.get(name) or ligne.conflit):
            sent[name] = "prendre"
    return sent


def press(client, row, data):
    """Post to the page of a contribution; what answers, once the page as it will be is left by its button."""
    answer = client.post(desk(row), data)
    if answer.context and "pour" in answer.context:
        page = PageLue(answer)
        data = {}
        for field in page.one("section", id="publier").all("input"):
            data.setdefault(field["name"], []).append(field.attributes.get("value", ""))
        answer = client.post(desk(row), data | {"action": "publier"})
    return answer


def desk(row):
    return f"/admin/contributions/contribution/{row.pk}/change/"


def test_its_author_writes_as_often_as_people_do(client, fiche, same_moment, monkeypatch):
    monkeypatch.setattr(views.SuiviView, "posts", 2)
    follow = liens.adresse("contributions:suivi", courriels.token(ContributionFactory(fiche=fiche)))
    answers = [client.post(follow, {"action": "repondre", "texte": f"Un mot {n}."}) for n in range(3)]
    assert [one.status_code for one in answers] == [302, 302, 429]
    assert protection.TROP in PageLue(answers[-1]).text
    assert "Un mot 2." in PageLue(answers[-1]).one("textarea", name="texte").text
    assert Echange.objects.count() == 2


# From the page of a record to the team


def test_a_correction_is_kept_confirmed_decided_and_told(client, read, fiche):
    links = {a.text: a["href"] for a in read(fiche.get_absolute_url()).one("main").all("a")}
    assert links["Proposer une correction"] == address(fiche)
    answer = send(client, fiche, description=TEXTE.replace(" désormais", ""))
    assert answer.url == "/contribuer/recue/"
    assert read(answer.url).one("h1").text == "Regardez votre courrier"
    row = Contribution.objects.get()
    assert row.valeurs == {"description": {"vu": TEXTE, "propose": TEXTE.replace(" désormais", "")}}
    assert (row.etat, row.base, row.entree_id, row.type) == (E.A_CONFIRMER, fiche.version, fiche.pk, "projet")
    assert row.consentement_texte
    assert row.consentement_le
    client.force_login(member(REDACTION))
    assert client.get(desk(row)).status_code == 302, "nobody of the staff sees what nobody has confirmed"
    client.logout()
    mail = Courriel.objects.get()
    assert mail.destinataire == MAELLE
    assert "a fait une proposition pour la fiche « Un portail »" in said_in(mail.texte)
    link = next(word for word in mail.texte.split() if "/contribuer/confirmer/" in word).partition("8000")[2]
    follow = client.post(link).url
    again = PageLue(client.get(link)).one("main").text
    assert ("C’est confirmé" in again, "rien ne sera confirmé" in again) == (True, False)
    assert client.post(link).url.startswith("/contribuer/suivi/")
    assert "Elle est arrivée" in PageLue(client.get(follow)).text
    client.force_login(member(REDACTION))
    assert decide(client, row).status_code == 302
    fiche.refresh_from_db()
    assert fiche.description == TEXTE.replace(" désormais", "")
    version = fiche.history.first()
    assert version.history_change_reason == parcours.RAISON
    assert version.history_user.groups.get().name == REDACTION
    client.logout()
    row.refresh_from_db()
    assert (row.etat, row.valeurs["description"]["suite"]) == (E.ACCEPTEE, comparaison.PRISE)
    assert "est acceptée\u00a0: la fiche est à jour" in Courriel.objects.latest("pk").texte
    assert "Elle est acceptée, et publiée" in PageLue(client.get(follow)).text


@pytest.mark.long
def test_nothing_changed_is_said_and_kept_nowhere(client, fiche):
    for changes in ({}, {"description": TEXTE.replace("\n", "\r\n") + "  "}, {"titre": "Un   portail"}):
        answer = send(client, fiche, **changes)
        assert "Vous n’avez rien changé" in PageLue(answer).text
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("statut", [Statut.BROUILLON, Statut.A_RELIRE, Statut.RETIREE, Statut.CORBEILLE])
def test_only_a_public_record_is_corrected(client, fiche, statut):
    fiche.change({"statut": statut})
    assert page(client, fiche).status_code == 404


@mostly_long(
    "champ, text, said",
    [
        ("montant_eur", "12 500,50 €", "12500.50"),
        ("departement", "22", "Côtes-d’Armor"),
        ("commune", "dinan", "Dinan (22)"),
        ("commune", "Dinan (22)", "Dinan (22)"),
        ("convention_le", "12/03/2021", "2021-03-12"),
        ("nature", "aide en nature", "aide en nature"),
        ("part_pourcent", "40", "40"),
        ("siret", "552 081 317 66522", "55208131766522"),
        ("fait", "Les appels  trouvent\tquelqu’un", "Les appels trouvent quelqu’un"),
    ],
    one_in=2,
)
def test_what_is_typed_becomes_words_that_are_read_back(client, fiche, champ, text, said):
    load_places()
    row = confirmed(client, fiche, **{champ: text})
    assert row.valeurs[champ]["propose"].replace("’", "'") == said.replace("’", "'")
    user = member(REDACTION)
    suites = {ligne.champ.name: (comparaison.PRISE, ligne.propose) for ligne in comparaison.lines(row)}
    changed = parcours.decide(row, suites, "", tour=row.tour, version=fiche.version, user=user)
    field = next(one for one in champs.offered(type(fiche)) if one.name == champ)
    fresh = type(fiche).objects.get(pk=changed.pk)
    assert champs.words(field, getattr(fresh, champ)) == row.valeurs[champ]["propose"]


@pytest.mark.long
def test_themes_are_proposed_in_any_order_and_chosen_from_then_on(client, fiche):
    themes = [ThemeFactory(nom=nom) for nom in ("Zèbre", "Accueil", "Écran")]
    fiche.change({"themes": themes[:2]})
    assert "rien changé" in PageLue(send(client, fiche)).text
    row = confirmed(client, fiche, themes=[str(theme.pk) for theme in themes])
    assert row.valeurs["themes"] == {"vu": "Accueil | Zèbre", "propose": "Accueil | Écran | Zèbre"}
    suites = {"themes": (comparaison.PRISE, comparaison.lines(row)[0].propose)}
    parcours.decide(row, suites, "", tour=row.tour, version=fiche.version, user=member(REDACTION))
    fiche.refresh_from_db()
    assert set(fiche.themes.all()) == set(themes)
    assert not fiche.themes_automatiques


@mostly_long(
    "champ, text",
    [
        ("titre", ""),
        ("titre", "x" * 501),
        ("commune", "Atlantis"),
        ("departement", "zz"),
        ("montant_eur", "beaucoup"),
        ("montant_eur", "-3"),
        ("convention_le", "le 32 mars"),
        ("nature", "inconnue"),
        ("part_pourcent", "101"),
        ("siret", "12"),
        ("themes", "999"),
        ("description", "a\x00b"),
        ("base", "9" * 30),
        ("base", "-1"),
    ],
    one_in=2,
)
def test_what_cannot_be_read_comes_back_beside_its_field(client, fiche, champ, text):
    response = page(client, fiche)
    data = typed(response, description="Autre chose")
    data |= {champ if champ == "base" else f"champ_{champ}": text}
    answer = client.post(address(fiche), data)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Contribution.objects.exists()


def test_a_key_that_no_database_holds_is_refused(client, fiche):
    assert send(client, fiche, themes="9" * 30).status_code in (200, 400)  # PostgreSQL asks, SQLite cannot
    assert not Contribution.objects.exists()


@pytest.mark.long
@mostly_long("text", ["<script>alert(1)</script>", "{{ 1 }}{% x %}", "\u202e\ufeff’\"'", "a" * 5000], one_in=3)
def test_hostile_words_stand_as_words_on_every_page(client, fiche, text):
    row = confirmed(client, fiche, description=text)
    Echange.objects.create(contribution=row, texte=text)
    token = courriels.token(row)
    shown = client.get(liens.adresse("contributions:suivi", token)).content.decode()
    client.force_login(member(ANIMATION))
    for html in (shown, client.get(desk(row)).content.decode()):
        assert "<script>alert" not in html


@pytest.mark.long
def test_the_answer_is_the_same_for_a_doubtful_post_which_waits_apart_without_a_mail(client, fiche, staff):
    data = typed(page(client, fiche), titre="Un titre") | {"precision": "robot"}
    answer = client.post(address(fiche), data)
    assert answer.url == "/contribuer/recue/"
    row = Contribution.objects.get()
    assert (row.etat, bool(row.doute), Courriel.objects.count()) == (E.A_VERIFIER, True, 0)
    listed = client.get("/admin/contributions/contribution/?suite=a-verifier")
    assert [one.pk for one in listed.context["cl"].result_list] == [row.pk]
    decide(client, row, "tout")
    row.refresh_from_db()
    assert row.etat == E.A_VERIFIER, "a doubtful one is not published before its address is confirmed"
    decide(client, row, "laisser")
    row.refresh_from_db()
    assert (row.etat, Courriel.objects.get().destinataire) == (E.A_CONFIRMER, MAELLE)


@pytest.mark.long
def test_a_double_click_is_one_and_many_to_one_mailbox_are_doubtful(client, fiche):
    data = typed(page(client, fiche), titre="Un titre")
    client.post(address(fiche), data)
    client.post(address(fiche), data)
    assert Contribution.objects.count() == 1
    for number in range(10):
        send(client, fiche, titre=f"Un titre {number}")
    states = list(Contribution.objects.values_list("etat", flat=True))
    assert (states[0], states[-1]) == (E.A_CONFIRMER, E.A_VERIFIER)


def test_who_reads_an_older_version_is_compared_with_that_one(client, fiche):
    opened = typed(page(client, fiche), titre="Un titre à moi")
    fiche.change({"description": "Tout autre chose."})
    client.post(address(fiche), opened)
    assert list(Contribution.objects.get().valeurs) == ["titre"]


def test_a_hidden_version_is_not_read_through_a_forged_number(client, fiche):
    secret = fiche.version
    fiche.change({"description": "Public."})
    VersionMasquee.objects.create(entree_id=fiche.pk, version=secret, raison=VersionMasquee.Raison.values[0])
    data = typed(page(client, fiche), titre="Autre") | {"base": str(secret)}
    client.post(address(fiche), data)
    assert "description" not in Contribution.objects.get().valeurs


# The desk


@pytest.mark.long
@pytest.mark.parametrize("statut", [Statut.RETIREE, Statut.CORBEILLE])
def test_a_record_that_is_public_no_more_can_only_be_refused(client, fiche, staff, statut):
    row = confirmed(client, fiche, titre="Un portail clair")
    opened = posted(client.get(desk(row)))
    fiche.change({"statut": statut})
    assert press(client, row, opened | {"action": "decider"}).status_code == 409
    assert client.get(desk(row)).status_code == 200
    fiche.refresh_from_db()
    assert fiche.titre == "Un portail"
    assert decide(client, row, "refuser", motif=REFUS[0]).status_code == 302
    row.refresh_from_db()
    assert row.etat == E.REFUSEE
    mail = Courriel.objects.latest("pk")
    assert REFUS[0] in mail.texte
    assert mail.objet == "Votre proposition n’est pas retenue : Un portail"
    assert "pour la fiche « Un portail », qui n’est plus publiée, n’est pas retenue" in said_in(mail.texte)


@pytest.mark.long
def test_of_a_record_renamed_out_of_sight_the_refusal_says_the_title_that_was_read(client, fiche, staff):
    row = confirmed(client, fiche, montant_eur="9 000")
    fiche.change({"statut": Statut.BROUILLON, "titre": "Un titre que personne n’a lu"})
    assert decide(client, row, "refuser", motif=REFUS[0]).status_code == 302
    mail = Courriel.objects.latest("pk")
    assert "« Un portail », qui n’est plus publiée" in said_in(mail.texte)
    assert "personne n’a lu" not in mail.objet + mail.texte + mail.html


@pytest.mark.long
def test_of_a_title_that_nobody_may_read_any_more_the_refusal_says_what_they_may(client, fiche, staff):
    fiche.change({"titre": "Le portail de Goulven Kerbiriou"})
    row = confirmed(client, fiche, montant_eur="9 000")
    fiche.change({"statut": Statut.RETIREE})
    public_history.hide(fiche, 2, "mise-en-cause", user=None)
    assert decide(client, row, "refuser", motif=REFUS[0]).status_code == 302
    mail = Courriel.objects.latest("pk")
    assert "« Un portail », qui" in said_in(mail.texte)
    assert "Kerbiriou" not in mail.objet + mail.texte + mail.html


def said_in(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.long
def test_a_text_that_holds_a_mask_is_corrected_like_another(client, fiche, staff):
    fiche.change({"description": "[nom masqué] tient le standard."})
    row = confirmed(client, fiche, description="[nom masqué] tient le guichet.")
    assert decide(client, row).status_code == 302
    fiche.refresh_from_db()
    assert fiche.description == "[nom masqué] tient le guichet."


def test_a_question_is_answered_from_the_mail_and_waits_again(client, fiche):
    row = confirmed(client, fiche, titre="Un portail clair")
    parcours.ask(row, "Où l’avez-vous lu ?", tour=row.tour, user=member(REDACTION))
    link = courriels.token(row)
    address = liens.adresse("contributions:suivi", link)
    assert "vous pose une question" in PageLue(client.get(address)).text
    for _ in range(2):
        client.post(address, {"action": "repondre", "texte": "Dans le bilan."})
    assert [one.texte for one in row.echanges.filter(de_equipe=False)] == ["Dans le bilan."]
    row.refresh_from_db()
    assert row.etat == E.RECUE
    assert client.post(address, {"action": "repondre", "texte": ""}).status_code == 200
    client.post(address, {"action": "retirer"})
    row.refresh_from_db()
    assert row.etat == E.RETIREE
    assert client.post(address, {"action": "repondre", "texte": "Encore."}).status_code == 409
    client.post(address, {"action": "retirer"})
    row.refresh_from_db()
    assert row.etat == E.RETIREE
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=31)):
        assert client.get(address).status_code == 404


def test_an_answer_that_comes_once_it_is_closed_comes_back_with_where_to_send_it(client, fiche, staff):
    row = confirmed(client, fiche, titre="Un portail clair")
    parcours.refuse(row, "Non.", tour=row.tour, user=staff)
    address = liens.adresse("contributions:suivi", courriels.token(row))
    answer = client.post(address, {"action": "repondre", "texte": "Je l’ai lu dans le bilan."})
    assert answer.status_code == 409
    assert "Je l’ai lu dans le bilan." in PageLue(answer).text
    assert "/contacter/" in [link["href"] for link in PageLue(answer).one("main").all("a")]


@pytest.mark.long
def test_who_withdraws_what_is_decided_is_told(client, fiche, staff):
    row = confirmed(client, fiche, titre="Un portail clair")
    address = liens.adresse("contributions:suivi", courriels.token(row))
    assert decide(client, row).status_code == 302
    answer = client.post(address, {"action": "retirer"})
    assert answer.status_code == 409
    assert "Vous ne pouvez plus la retirer" in PageLue(answer).text


def test_who_may_not_change_such_records_decides_nothing(client, fiche):
    row = confirmed(client, fiche, titre="Un portail clair")
    client.force_login(member())
    assert client.get(desk(row)).status_code == 403
    assert press(client, row, {"action": "tout"}).status_code == 403


# What is never public, and what leaves


@pytest.mark.long
def test_who_proposes_stands_in_no_public_page_and_in_no_version(client, fiche):
    row = confirmed(client, fiche, titre="Un portail clair")
    suites = {"titre": (comparaison.PRISE, "Un portail clair")}
    parcours.decide(row, suites, "", tour=row.tour, version=fiche.version, user=member(REDACTION))
    fiche.refresh_from_db()
    for path in (
        fiche.get_absolute_url(),
        f"/p/{fiche.pk}/historique/",
        "/projets/",
        "/projets/projets.csv",
        address(fiche),
    ):
        response = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"Kerdoncuff" not in body, path
        assert MAELLE.encode() not in body, path
    for version in fiche.history.all():
        assert "Kerdoncuff" not in repr(vars(version))


def test_its_author_erases_it_and_what_was_taken_stays(client, read, fiche, staff):
    row = confirmed(client, fiche, titre="Un portail clair")
    assert decide(client, row).status_code == 302
    address = liens.adresse("contributions:suivi", courriels.token(row))
    assert "Effacer ma proposition" in PageLue(client.get(address)).text
    answer = client.post(address, {"action": "effacer"})
    assert "C’est fait" in read(answer.url).text
    assert client.get(address).status_code == 404
    assert not Contribution.objects.exists()
    assert not Courriel.objects.filter(destinataire=MAELLE).exists()
    fiche.refresh_from_db()
    assert fiche.titre == "Un portail clair"


@pytest.mark.long
def test_one_set_aside_leaves_as_any_that_nobody_confirmed(client, fiche, staff):
    client.post(address(fiche), typed(page(client, fiche), titre="Un titre") | {"precision": "robot"})
    decide(client, Contribution.objects.get(), "ecarter")
    for days, left in ((6, 1), (8, 0)):
        with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=days)):
            list(purge.run())
        assert Contribution.objects.count() == left


def test_a_refusal_is_kept_for_a_year_when_nothing_was_doubtful(fiche):
    ContributionFactory(fiche=fiche, etat="refusee", close_le=timezone.now())
    for days, left in ((364, 1), (366, 0)):
        with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=days)):
            list(purge.run())
        assert Contribution.objects.count() == left


@pytest.mark.long
def test_only_what_is_doubtful_is_set_aside_without_a_word(client, fiche, staff):
    row = confirmed(client, fiche, titre="Un portail clair")
    assert decide(client, row, "ecarter").status_code == 409
    row.refresh_from_db()
    assert row.etat == "recue"


def test_a_proposal_erased_while_its_page_is_open_is_said_to_be(client, monkeypatch):
    row = ContributionFactory()
    address = liens.adresse("contributions:suivi", courriels.token(row))
    act = views.SuiviView.act

    def meanwhile(view, request):
        Contribution.objects.all().delete()
        return act(view, request)

    monkeypatch.setattr(views.SuiviView, "act", meanwhile)
    answer = client.post(address, {"action": "retirer"})
    assert answer.status_code == 409
    assert "Cette proposition a été effacée." in PageLue(answer).text
