"""A new record in steps: kept between them, resumed from a mail, seen before it is sent. Persons are invented."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.utils import timezone

from fiches.attached import Contact
from participants.contributions import champs, parcours, step_views, steps, unfinished, views
from participants.contributions.models import Contribution, FicheEnCours
from socle.courrier.models import Courriel
from socle.formulaires import protection
from socle.vie_privee import gestes, purge
from socle.vie_privee.models import Effacement
from socle.vie_privee.personnes import export, forget
from tests import sampling
from tests.conftest import PageLue, every_type, load_places, some_types
from tests.contributions.test_corrections import MAELLE, VOUS, address, typed
from tests.contributions.test_fiches import PAGE, filled
from tests.factories import ProjetFactory

pytestmark = pytest.mark.django_db
TITRE = "Un bus des démarches"


def go_on(client, shown, action="continuer", fichiers=(), **said):
    """Press a button of a step; the answer that a browser sees in the end."""
    path = shown.request["PATH_INFO"] + (f"?{query}" if (query := shown.request["QUERY_STRING"]) else "")
    last = shown.context["etape"] == shown.context["etapes"][-1]
    data = typed(shown, **said) if last else filled(shown, **said)
    joined = {"fichiers": list(fichiers)} if fichiers else {}
    return client.post(path, data | {"action": action} | joined, follow=True)


def at_the_end(client, page=PAGE, **said):
    shown = client.get(page)
    while shown.context["etape"].champs:
        shown = go_on(client, shown, **{"titre": TITRE} | said)
    return shown


def number(shown):
    return shown.context["etape"].numero


# The steps


@every_type
def test_a_type_of_more_than_ten_fields_is_asked_in_the_groups_of_its_own_form(declaration):
    fields = list(champs.asked_of_new(declaration.model))
    found = steps.steps(declaration.model)
    if len(fields) <= 10:
        assert found == ()
        return
    asked = [field for etape in found for field in etape.champs]
    assert sorted(map(str, asked)) == sorted(map(str, fields)), "each once"
    names = {field.name for field in fields}
    groups = admin.site.get_model_admin(declaration.model).champs
    titles = [title for title, options in groups if title and names & {*flatten(options["fields"])}]
    assert [etape.titre for etape in found[1:-1]] == titles
    assert asked[0].name == "titre"


@pytest.mark.long
def test_each_step_says_where_it_stands_and_the_last_shows_the_page(client):
    shown = client.get(PAGE)
    seen = []
    while shown.context["etape"].champs:
        page = PageLue(shown)
        here = page.one("ol", class_="etapes").one("li", **{"aria-current": "step"})
        seen.append((page.one("h2", id="t-etape").text, here.text))
        shown = go_on(client, shown, titre=TITRE, description="Dans six hameaux.")
    assert seen[1] == ("Étape 2 sur 5 : Le projet", "Le projet")
    assert len(seen) == 4
    page = PageLue(shown)
    assert page.one("h1").text == TITRE
    assert "Dans six hameaux." in page.text
    assert "Étape 5 sur 5 : relisez" in page.text
    assert not Contribution.objects.exists()
    answer = go_on(client, shown, action="envoyer")
    assert PageLue(answer).one("h1").text == "Regardez votre courrier"
    row = Contribution.objects.get()
    assert {name: said["propose"] for name, said in row.valeurs.items()} == {
        "titre": TITRE,
        "description": "Dans six hameaux.",
    }
    draft = FicheEnCours.objects.get()
    assert (draft.saisie, draft.courriel) == ({}, ""), "what is sent stays in one place"


def test_going_back_loses_nothing_not_even_what_is_wrong(client):
    shown = go_on(client, client.get(PAGE), titre=TITRE)
    shown = go_on(client, shown, description="Dans six hameaux.")
    assert number(shown) == 3
    shown = go_on(client, shown, "revenir", montant_eur="beaucoup")
    assert number(shown) == 2
    assert shown.context["form"]["champ_description"].value() == "Dans six hameaux."
    shown = go_on(client, go_on(client, shown, "revenir"))
    shown = go_on(client, shown)
    assert shown.context["form"]["champ_montant_eur"].value() == "beaucoup"
    assert shown.context["form"].errors


def test_an_error_is_said_in_its_step_and_nothing_is_sent_over_it(client):
    answer = client.post(PAGE, filled(client.get(PAGE)) | {"action": "continuer"})
    assert PageLue(answer).one("div", id="erreurs").all("a")[0].text == "« Titre » est obligatoire : remplissez-le."
    assert not FicheEnCours.objects.exists()
    shown = at_the_end(client)
    path = shown.request["PATH_INFO"]
    wrong = go_on(client, client.get(f"{path}?etape=3"), montant_eur="beaucoup")
    assert (number(wrong), bool(wrong.context["form"].errors)) == (3, True)
    again = client.post(f"{path}?etape=5", typed(shown) | {"action": "envoyer"}, follow=True)
    assert (number(again), bool(again.context["form"].errors)) == (3, True)
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("page", "said", "field", "refusal"),
    [
        (
            PAGE,
            {"commune": "Dinan (22)", "departement": "29"},
            "champ_departement",
            "Département : la commune, Dinan, est dans les Côtes-d’Armor : corrigez le département",
        ),
        ("/contribuer/agenda/", {"debut": "15/11/2026", "fin": "14/11/2026"}, "__all__", "La fin ne peut pas"),
    ],
)
def test_what_a_record_refuses_of_two_fields_is_said_in_their_step(client, page, said, field, refusal):
    load_places()
    wrong, shown = None, client.get(page)
    while wrong is None and shown.context["etape"].champs:
        shown = go_on(client, shown, titre=TITRE, **said)
        wrong = shown.context["form"].errors or None
    assert [*wrong] == [field]
    assert refusal in PageLue(shown).text.replace("'", "’")
    assert not Contribution.objects.exists()


def test_no_step_is_skipped(client):
    shown = go_on(client, client.get(PAGE), titre=TITRE)
    path = shown.request["PATH_INFO"]
    assert number(client.get(f"{path}?etape=5")) == 2
    for odd in ("0", "-1", "99", "deux", "9" * 30, ""):
        assert client.get(f"{path}?etape={odd}").status_code == 200


@pytest.mark.long
@sampling.mostly_long("text", ["a\x00b", "<script>alert(1)</script>", "{{ 1 }}{% x %}", "\u202e\ufeff’\"'"], one_in=3)
def test_hostile_words_are_kept_and_shown_as_words(client, text):
    shown = go_on(client, client.get(PAGE), titre=TITRE)
    shown = go_on(client, shown, "revenir", description=text)
    assert "<script>alert" not in at_the_end(client, description=text.replace("\x00", "")).content.decode()


def test_more_than_is_kept_comes_back(client):
    shown = go_on(client, client.get(PAGE), titre=TITRE)
    answer = go_on(client, shown, "revenir", description="a" * 200_001)
    assert number(answer) == 2
    assert steps.TROP_LONG in PageLue(answer).text
    assert "champ_description" not in FicheEnCours.objects.get().saisie


@pytest.mark.long
def test_who_fills_the_trap_of_the_first_step_loses_nothing_and_is_looked_at_before_a_mail_leaves(client):
    first = client.get(PAGE)
    trapped = filled(first, titre=TITRE) | {"precision": "Rennes", "action": "continuer"}
    shown = client.post(first.request["PATH_INFO"], trapped, follow=True)
    while shown.context["etape"].champs:
        shown = go_on(client, shown, titre=TITRE)
    answer = go_on(client, shown, action="envoyer")
    assert PageLue(answer).one("h1").text == "Regardez votre courrier"
    row = Contribution.objects.get()
    assert (row.etat, bool(row.doute), Courriel.objects.count()) == (Contribution.Etat.A_VERIFIER, True, 0)


@pytest.mark.long
def test_the_trap_of_the_last_step_counts_after_a_first_that_was_left_empty(client):
    first = client.get(PAGE)
    shown = client.post(PAGE, filled(first, titre=TITRE) | {"precision": "", "action": "continuer"}, follow=True)
    last = at_the_end(client, shown.request["PATH_INFO"])
    path = f"{last.request['PATH_INFO']}?{last.request['QUERY_STRING']}"
    client.post(path, typed(last) | {"precision": "Rennes", "action": "envoyer"})
    assert (Contribution.objects.get().etat, Courriel.objects.count()) == (Contribution.Etat.A_VERIFIER, 0)


@pytest.mark.long
def test_two_pages_open_on_one_record_lose_nothing_of_each_other(client):
    shown = go_on(client, client.get(PAGE), titre=TITRE)
    path = shown.request["PATH_INFO"]
    first = client.get(f"{path}?etape=1")
    go_on(client, shown, description="Dans six hameaux.")
    go_on(client, first, titre="Un car des démarches")
    saisie = FicheEnCours.objects.get().saisie
    assert (saisie["champ_titre"], saisie["champ_description"]) == (["Un car des démarches"], ["Dans six hameaux."])


@pytest.mark.long
def test_a_double_click_sends_once_and_both_get_the_same_answer(client):
    shown = at_the_end(client)
    path, data = shown.request["PATH_INFO"], typed(shown) | {"action": "envoyer"}
    assert [client.post(path, data).url for _ in range(2)] == ["/contribuer/recue/"] * 2
    assert client.get(path).url == "/contribuer/recue/"
    assert Contribution.objects.count() == 1


# Later


def later(client, courriel=MAELLE):
    shown = go_on(client, client.get(PAGE), "plus-tard", titre=TITRE)
    path = f"{shown.request['PATH_INFO']}?plus-tard"
    data = {name: shown.context["form"][name].value() for name in ("cle",)}
    return client.post(path, data | {"courriel": courriel, "consentement": "on"}, follow=True)


def mailed():
    mail = Courriel.objects.latest("pk")
    return next(word for word in mail.texte.split() if "/contribuer/suite/" in word).partition("8000")[2]


@pytest.mark.long
def test_it_is_resumed_from_a_mail_for_thirty_days(client):
    answer = later(client)
    assert "Le lien part à cette adresse" in PageLue(answer).text
    mail = Courriel.objects.get()
    assert (mail.destinataire, TITRE in mail.texte) == (MAELLE, False)
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=29)):
        shown = client.get(mailed())
        assert (number(shown), shown.context["form"]["champ_titre"].value()) == (1, TITRE)
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=31)):
        assert client.get(mailed()).status_code == 404
        list(purge.run())
        assert not FicheEnCours.objects.exists()
        assert not Courriel.objects.exists()


@pytest.mark.long
def test_its_links_last_as_long_as_it_is_kept(client):
    later(client)
    shown = client.get(mailed())
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=20)):
        go_on(client, shown, "revenir", titre="Un car des démarches")
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=49)):
        list(purge.run())
        assert client.get(mailed()).status_code == 200
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=51)):
        assert client.get(mailed()).status_code == 404


@pytest.mark.long
def test_no_address_no_link_and_five_a_day_at_most(client):
    assert "Indiquez votre adresse" in PageLue(later(client, "")).text
    assert not Courriel.objects.exists()
    for _ in range(7):
        later(client)
    assert Courriel.objects.count() == 5


def test_its_author_erases_it(client):
    later(client)
    path = mailed()
    assert PageLue(client.post(path, {"action": "effacer"}, follow=True)).one("h1").text == "Proposition effacée"
    assert client.get(path).status_code == 404
    assert not FicheEnCours.objects.exists()
    assert not Courriel.objects.exists()


def test_a_restored_copy_erases_it_again(client):
    later(client)
    draft = FicheEnCours.objects.get()
    client.post(mailed(), {"action": "effacer"})
    draft.save(force_insert=True)
    assert gestes.replay(Effacement.objects.all()) == 1
    assert not FicheEnCours.objects.exists()


@pytest.mark.long
def test_it_is_found_by_the_address_of_its_last_step_too(client):
    go_on(client, at_the_end(client), "plus-tard")
    assert TITRE in str(export(MAELLE))
    forget(MAELLE)
    assert not FicheEnCours.objects.exists()


def test_what_somebody_else_writes_of_an_address_is_in_its_copy(client):
    go_on(client, client.get(PAGE), titre=f"Un bus, {MAELLE}")
    assert "Un bus" in str(export(MAELLE))


# Seen before it is sent


@some_types
def test_every_new_record_is_seen_as_its_page_will_be_and_kept_nowhere(client, declaration):
    page = f"/contribuer/{declaration.adresse}/"
    before = declaration.model.objects.count()
    if steps.steps(declaration.model):
        shown = client.get(page)
        while shown.context["etape"].champs:
            shown = go_on(client, shown, titre=TITRE)
    else:
        shown = client.post(page, typed(client.get(page), titre=TITRE) | {"voir": "1"})
        assert PageLue(shown).one("section", id="envoyer").all("button")[1].text == "Revenir au formulaire"
    names = [template.name for template in shown.templates]
    assert {"catalogue/fiche.html", "evenements/evenement_detail.html"} & {*names}
    assert PageLue(shown).one("h1").text == TITRE
    assert '<meta name="robots" content="noindex">' in shown.content.decode()
    assert declaration.model.objects.count() == before
    assert not Contribution.objects.exists()


@pytest.mark.long
def test_a_correction_is_seen_too_and_comes_back_whole(client):
    fiche = ProjetFactory(titre="Un portail", collectivite="Dinan")
    data = typed(client.get(address(fiche)), titre="Un portail clair")
    shown = client.post(address(fiche), data | {"voir": "1"})
    assert PageLue(shown).one("h1").text == "Un portail clair"
    back = {one["name"]: one["value"] for one in PageLue(shown).all("input", type="hidden")}
    form = client.post(address(fiche), back | {"revenir": "1"})
    assert form.context["form"]["champ_titre"].value() == "Un portail clair"
    assert form.context["form"]["source"].value() == VOUS["source"]
    assert client.post(address(fiche), back).url == "/contribuer/recue/"
    fiche.refresh_from_db()
    assert fiche.titre == "Un portail"
    row = parcours.confirm(Contribution.objects.get())
    assert row.valeurs["titre"]["propose"] == "Un portail clair"


@pytest.mark.long
def test_who_writes_of_persons_is_told_that_such_words_may_be_masked(client):
    """But not of whom the record knows: a visitor would try names."""
    told = "Les noms et coordonnées de personnes seront sans doute masqués par l’équipe."
    fiche = ProjetFactory(titre="Un portail")
    Contact.objects.create(entree=fiche.entree, nom="Nolwenn Kerbiriou", accord=False)
    texts = {
        "Ouvert le matin.": False,
        "Vu par Nolwenn Kerbiriou.": False,
        "Au 12 rue de la Mairie, 22100 Dinan.": False,
        "Au 02 96 11 11 11.": True,
    }
    for text, wanted in texts.items():
        shown = client.post(address(fiche), typed(client.get(address(fiche)), description=text) | {"voir": "1"})
        assert (told in PageLue(shown).text) is wanted, text
    page = "/contribuer/glossaire/"
    data = typed(client.get(page), titre="Aller vers", definition="Appeler le 02 96 11 11 11.")
    assert told in PageLue(client.post(page, data | {"voir": "1"})).text


# Robots


@pytest.mark.long
def test_a_network_begins_so_many_records_a_day(client, same_moment, monkeypatch):
    monkeypatch.setattr(step_views, "DEBUTS", 2)
    for _ in range(2):
        assert number(go_on(client, client.get(PAGE), titre=TITRE)) == 2
    refused = go_on(client, client.get(PAGE), titre="Un car des démarches")
    assert (refused.status_code, step_views.TROP in PageLue(refused).text) == (429, True)
    assert refused.context["form"]["champ_titre"].value() == "Un car des démarches"
    assert FicheEnCours.objects.count() == 2
    data = filled(client.get(PAGE), titre=TITRE) | {"action": "continuer"}
    assert client.post(PAGE, data, REMOTE_ADDR="203.0.113.9").status_code == 302


@pytest.mark.long
def test_what_is_begun_in_all_has_a_limit_which_makes_nobody_wait(client, monkeypatch):
    monkeypatch.setattr(unfinished, "EN_COURS", 3)
    later(client)
    for _ in range(2):
        go_on(client, client.get(PAGE), titre=TITRE)
    mine, _, other = FicheEnCours.objects.order_by("pk").values_list("pk", flat=True)
    for _ in range(3):
        assert number(go_on(client, client.get(PAGE), titre=TITRE)) == 2
    kept = set(FicheEnCours.objects.values_list("pk", flat=True))
    assert (len(kept), mine in kept, other in kept) == (3, True, False), "who gave an address leaves last"


def test_looking_before_sending_is_counted(client, same_moment, monkeypatch):
    monkeypatch.setattr(views.PageDeProposition, "posts", 2)
    page = "/contribuer/glossaire/"
    data = typed(client.get(page), titre="Aller vers") | {"voir": "1"}
    assert [client.post(page, data).status_code for _ in range(3)] == [200, 200, 429]
    again = client.post(page, data)
    assert protection.TROP in PageLue(again).text
    assert again.context["form"]["champ_titre"].value() == "Aller vers"
    data.pop("voir")
    assert client.post(page, data).status_code == 302, "sending is counted apart"


def test_a_record_of_a_type_that_left_is_erased_by_its_author_and_goes_no_further(client):
    shown = go_on(client, client.get(PAGE), titre=TITRE)
    path = shown.request["PATH_INFO"]
    FicheEnCours.objects.update(type="parti")
    for page in (path, f"{path}?etape=2", f"{path}?plus-tard"):
        assert "Le site n’a plus de fiches de ce type" in PageLue(client.get(page)).text
    for action in ("continuer", "plus-tard", "envoyer"):
        assert client.post(f"{path}?etape=2", {"action": action}).status_code == 409
    button = PageLue(client.get(path)).one("button", name="action")
    assert "C’est" in PageLue(client.post(path, {"action": button["value"]}, follow=True)).text
    assert not FicheEnCours.objects.exists()
    assert client.get(path).status_code == 404


def test_a_record_erased_from_another_page_is_not_said_to_be_sent(client, monkeypatch):
    shown = go_on(client, client.get(PAGE), titre=TITRE)
    keep = unfinished.keep

    def meanwhile(*args, **kwargs):
        FicheEnCours.objects.all().delete()
        return keep(*args, **kwargs)

    monkeypatch.setattr(unfinished, "keep", meanwhile)
    assert go_on(client, shown, action="revenir").redirect_chain[-1][0] == "/contribuer/effacee/"
