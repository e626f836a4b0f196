"""Nothing private by a click: what each door asks before the public reads an address, a number, a person. All invented.

A door that cannot ask masks. What was said once is not asked again.
"""

import io
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.urls import reverse

from fiches import registre
from fiches.attached import Contact
from fiches.mots_prives import newly_shown
from fiches.suivi import fusion, imports
from fiches.suivi.historique import restore
from fiches.suivi.models import ImportEnAttente, VersionMasquee
from participants.contributions import parcours
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.comptes.roles import ANIMATION, REDACTION
from socle.courrier.models import Courriel
from socle.vie_privee.models import TexteIntegral
from socle.vie_privee.questions import MASQUER, decisions
from tests.comptes.test_droits import address
from tests.conftest import PageLue
from tests.contributions.test_corrections import desk, posted, press
from tests.ecrits import ADRESSE_MASQUEE, NOM_MASQUE, TELEPHONE_MASQUE
from tests.factories import ProjetFactory, ThemeFactory, member
from tests.factories.contributions import ContributionFactory
from tests.factories.ressources import RessourceFactory
from tests.fiches.tableur import csv_of, edit_csv
from tests.fiches.test_confidentiel_pages import fetch
from tests.fiches.test_tableur_bureau import confirm, send
from tests.projets.formulaire import change_url, resent
from tests.projets.formulaire import posted as form_of
from tests.sampling import mostly_long

pytestmark = [pytest.mark.django_db, pytest.mark.securite]

NUMERO, COURRIEL, PERSONNE = "06 39 98 01 23", "y.kerinvente@exemple.bzh", "Yuna Kerinventé"
TEXTE = f"Appelez {PERSONNE} au {NUMERO}, ou écrivez à {COURRIEL}."
AVANT = "Un guichet ouvert à tous."


@pytest.fixture
def fiche():
    fiche = ProjetFactory(titre="Un guichet", collectivite="Dinan", description=AVANT, themes=[ThemeFactory()])
    Contact.objects.create(entree=fiche.entree, nom=PERSONNE)
    return Projet.objects.get(pk=fiche.pk)


@pytest.fixture
def staff(client):
    user = member(ANIMATION, username="anne")
    client.force_login(user)
    return user


def read_by_public(client, fiche) -> str:
    """All that says a record to the public: its page, history, lists, files, feeds, API, and a search for it."""
    client.logout()
    declaration = registre.for_model(type(fiche))
    base = reverse(declaration.url_name)
    files = [f"{base.rstrip('/')}.{suffix}" for suffix in ("csv", "json", "jsonl", "xlsx", "ods", "atom", "geojson")]
    api = [f"/api/v1/{declaration.adresse}/", f"/api/v1/{declaration.adresse}/{fiche.pk}/"]
    found = [fiche.get_absolute_url(), f"/p/{fiche.pk}/historique/", base, f"{base}tableau/", *files, *api]
    return "\n".join(fetch(client, one) for one in [*found, "/recherche/?q=guichet", f"/integrer/fiche/{fiche.pk}/"])


def is_silent(client, fiche) -> bool:
    """Whether none of the three private words is said anywhere, nor finds the record."""
    said = read_by_public(client, fiche)
    words = (NUMERO, COURRIEL, "Kerinventé")
    found = [fetch(client, f"/recherche/?q={word}") for word in ("0639980123", '"06 39 98 01 23"', "kerinvente")]
    return not any(word in said for word in words) and not any(fiche.get_absolute_url() in page for page in found)


def answers(response, what) -> dict[str, str]:
    """What a page that asks gets back: `what` of each of its questions."""
    return {
        one["name"]: what for one in PageLue(response).all("input", type="radio") if one["name"].startswith("prive-")
    }


def ticked(response) -> dict[str, str]:
    """The questions and choices of a page that are answered."""
    boxes = PageLue(response).all("input", type="radio")
    return {one["name"]: one["value"] for one in boxes if "checked" in one.attributes}


# The form


@pytest.mark.parametrize(("role", "what"), [(REDACTION, "masquer"), (ANIMATION, "garder")])
def test_the_form_asks_before_the_public_reads_it_and_does_what_is_said(client, fiche, role, what):
    client.force_login(member(role, username="anne"))
    asked = client.post(change_url(fiche), form_of(client, fiche, description=TEXTE))
    assert asked.status_code == 200
    questions = answers(asked, what)
    assert len(questions) == 3
    labels = [label.text for label in PageLue(asked).all("label") if label.text.startswith("Masquer")]
    masks = ("[adresse masquée]", "[numéro masqué]", "[nom masqué]")
    assert sorted(labels) == sorted(f"Masquer : {mask}" for mask in masks), "each says what the site will show"
    assert not ticked(asked), "nothing is preset"
    name = next(iter(questions))
    partly = client.post(change_url(fiche), resent(asked) | {name: what})
    assert ticked(partly) == {name: what}, "what was answered stays answered"
    assert TEXTE in PageLue(partly).one("textarea", name="description").text
    fiche.refresh_from_db()
    assert fiche.description == AVANT, "one answer of three publishes nothing"
    assert client.post(change_url(fiche), resent(asked) | questions).status_code == 302
    assert is_silent(client, fiche) is (what == "masquer")
    fiche.refresh_from_db()
    assert (TELEPHONE_MASQUE in fiche.description) is (what == "masquer")
    one = TexteIntegral.objects.get(cle=fiche.pk, champ="description")
    assert (one.texte, len(one.retires), len(one.laisses)) == ((TEXTE, 3, 0) if what == "masquer" else ("", 0, 3))


@pytest.mark.long
def test_a_draft_asks_nothing_until_it_is_published(client, staff):
    fiche = ProjetFactory(titre="Un guichet", statut=Statut.BROUILLON, description=AVANT)
    assert client.post(change_url(fiche), form_of(client, fiche, description=TEXTE)).status_code == 302
    asked = client.post(change_url(fiche), form_of(client, fiche, statut=Statut.PUBLIEE))
    assert len(answers(asked, "")) == 2  # nobody of that name is of this record
    fiche.refresh_from_db()
    assert fiche.statut == Statut.BROUILLON
    assert client.post(change_url(fiche), resent(asked) | answers(asked, "masquer")).status_code == 302
    fiche.refresh_from_db()
    assert fiche.is_publiee
    assert TELEPHONE_MASQUE in fiche.description


@pytest.mark.long
def test_a_person_typed_beside_the_text_is_asked_about_too(client, staff):
    fiche = ProjetFactory(titre="Un guichet", description=AVANT)
    rows = {"contacts-TOTAL_FORMS": "1", "contacts-0-nom": PERSONNE, "contacts-0-role": "referent"}
    asked = client.post(change_url(fiche), form_of(client, fiche, description=f"Voir {PERSONNE}.") | rows)
    assert len(answers(asked, "")) == 1
    agreed = client.post(
        change_url(fiche), form_of(client, fiche, description=f"Voir {PERSONNE}.") | rows | {"contacts-0-accord": "on"}
    )
    assert agreed.status_code == 302


# What was said stays said


@pytest.fixture
def kept(client, fiche, staff):
    """The record, its words kept in public by an editor."""
    asked = client.post(change_url(fiche), form_of(client, fiche, description=TEXTE))
    client.post(change_url(fiche), resent(asked) | answers(asked, "garder"))
    fiche.refresh_from_db()
    assert fiche.description == TEXTE
    return fiche


def test_words_that_are_kept_are_asked_about_no_more_and_come_back_with_a_version_or_an_import_undone(
    client, kept, staff
):
    first = kept.history.first()
    kept.change({"statut": Statut.BROUILLON})
    kept.change({"statut": Statut.PUBLIEE})
    assert kept.description == TEXTE
    assert not VersionMasquee.objects.exists()
    longer = f"{TEXTE} Le mardi."
    assert client.post(change_url(kept), form_of(client, kept, description=longer)).status_code == 302
    kept.refresh_from_db()
    kept.change({"objectifs": "Mieux accueillir."})
    kept.refresh_from_db()
    assert kept.description == longer
    assert newly_shown(kept, before={}) == []
    kept.change({"description": "Plus rien."})
    assert VersionMasquee.objects.filter(entree=kept.pk).exists(), "what was kept and is taken out later leaves them"
    assert restore(Projet, first, seen=kept.version).description == TEXTE
    kept.refresh_from_db()
    kept.change({"description": "Plus rien."}, reason=imports.reason(7, "CSV"), user=staff)
    imports.undo(Projet, 7, user=staff)
    kept.refresh_from_db()
    assert kept.description == TEXTE


# An action on a list


def publish(client, *fiches, **data):
    data = {"action": "publish", "_selected_action": [fiche.pk for fiche in fiches]} | data
    return client.post(address(Projet, "changelist"), data)


@pytest.mark.long
@pytest.mark.parametrize("what", ["masquer", "garder"])
def test_an_action_on_a_list_asks_for_each_record(client, staff, what):
    sheets = [
        ProjetFactory(titre=f"Un guichet {rank}", statut=Statut.BROUILLON, description=text)
        for rank, text in enumerate([TEXTE, AVANT, TEXTE])
    ]
    asked = publish(client, *sheets)
    assert len(answers(asked, what)) == 4
    blank = publish(client, *sheets, appliquer="oui")
    assert "Rien n’est encore publié" in PageLue(blank).text
    assert not Projet.objects.published().exists()
    publish(client, *sheets, appliquer="oui", **answers(asked, what))
    assert Projet.objects.published().count() == 3
    assert (NUMERO in read_by_public(client, sheets[0])) is (what == "garder")


def test_records_beyond_those_that_a_page_asks_about_wait(client, staff, monkeypatch):
    monkeypatch.setattr("fiches.suivi.batch_admin.SHOWN", 1)
    sheets = [ProjetFactory(titre=f"Un guichet {n}", statut=Statut.BROUILLON, description=TEXTE) for n in range(2)]
    asked = publish(client, *sheets)
    publish(client, *sheets, appliquer="oui", **answers(asked, "masquer"))
    assert [one.titre for one in Projet.objects.published()] == ["Un guichet 0"]


# A spreadsheet


def edited(fiche, text=TEXTE):
    return edit_csv(csv_of(registre.for_model(Projet)), {fiche.pk: {"description": text}})


@pytest.mark.long
def test_a_row_of_a_spreadsheet_waits_for_a_tick(client, fiche, staff):
    other = ProjetFactory(titre="Un autre", description=AVANT)
    data = edit_csv(csv_of(registre.for_model(Projet)), {fiche.pk: {"description": TEXTE}, other.pk: {"suivi": "Oui."}})
    preview = send(client, Projet, data)
    page = PageLue(preview)
    assert all(word in page.text for word in (NUMERO, COURRIEL, "un numéro de téléphone"))
    assert "Rien n’est encore enregistré." in page.text
    assert [box.attributes.get("checked") for box in page.all("input", name="garder")] == [None]
    after = confirm(client, preview)
    other.refresh_from_db()
    fiche.refresh_from_db()
    assert (other.suivi, fiche.description) == ("Oui.", AVANT)
    assert "1 ligne attend : dites si ce qu’elle montrerait de" in PageLue(after).text
    assert "Une partie en est enregistrée ; voici le reste." in PageLue(after).text
    assert "Rien n’est encore enregistré" not in PageLue(after).text
    box = PageLue(after).one("input", name="garder")
    client.post(after.request["PATH_INFO"], {"confirmer": "oui", "garder": box["value"]})
    fiche.refresh_from_db()
    assert fiche.description == TEXTE
    assert not ImportEnAttente.objects.exists()


def test_the_command_leaves_such_rows_aside_names_them_and_takes_them_when_told(fiche, tmp_path):
    file = tmp_path / "projets.csv"
    file.write_bytes(edited(fiche))

    def run(*options):
        out, err = io.StringIO(), io.StringIO()
        call_command("importer_fiches", "projet", str(file), *options, verbosity=0, stdout=out, stderr=err)
        fiche.refresh_from_db()
        return out.getvalue() + err.getvalue()

    said = run()
    assert NUMERO in said
    assert "1 ligne montrerait" in said
    assert "corrigez-la, ou relancez avec --garder" in said
    assert fiche.description == AVANT
    run("--garder")
    assert fiche.description == TEXTE


# A version


@pytest.mark.long
@pytest.mark.parametrize("what", ["masquer", "garder"])
def test_a_version_that_is_restored_asks_the_same(client, fiche, staff, what):
    fiche.change({"statut": Statut.BROUILLON, "description": TEXTE})
    record = fiche.history.first()
    fiche.change({"statut": Statut.PUBLIEE, "description": AVANT})
    page = address(Projet, "history", fiche.pk) + f"{record.pk}/"
    asked = client.get(page)
    assert len(answers(asked, what)) == 3
    seen = {"version_lue": str(fiche.version)}
    assert client.post(page, seen).status_code == 200
    fiche.refresh_from_db()
    assert fiche.description == AVANT
    client.post(page, seen | answers(asked, what))
    fiche.refresh_from_db()
    assert fiche.description != AVANT
    assert is_silent(client, fiche) is (what == "masquer")


def shown_before(fiche, text=f"Appelez le {NUMERO}.") -> Projet:
    """The record as an older site left it: a number in public, that nobody was asked about."""
    Projet.objects.filter(pk=fiche.pk).update(description=text)
    fiche.history.update(description=text)
    fiche.refresh_from_db()
    return fiche


def test_words_taken_out_of_a_text_hide_every_public_version_that_holds_them(client, fiche, staff):
    shown_before(fiche)
    fiche.change({"objectifs": "Mieux accueillir."})
    assert NUMERO in read_by_public(client, fiche)
    versions = [record.version for record in fiche.history.all()]
    client.force_login(staff)
    fiche.change({"description": "Appelez l’accueil."}, user=staff)
    hidden = VersionMasquee.objects.filter(entree=fiche.pk).values_list("version", flat=True)
    assert sorted(hidden) == sorted(versions)
    assert NUMERO not in read_by_public(client, fiche)


@pytest.mark.long
@pytest.mark.parametrize("how", ["rewritten", "masked"])
def test_a_record_that_is_withdrawn_corrected_and_published_again_hides_what_it_said(client, fiche, staff, how):
    shown_before(fiche)
    fiche.change({"statut": Statut.BROUILLON})
    if how == "masked":
        mots = [replace(mot, reponse=MASQUER) for mot in newly_shown(fiche, before={})]
        fiche.change({}, decisions=decisions(mots))
    else:
        fiche.change({"description": "Appelez l’accueil."})
    fiche.change({"statut": Statut.PUBLIEE})
    assert NUMERO not in read_by_public(client, fiche)
    assert VersionMasquee.objects.filter(entree=fiche.pk).exists()


def test_versions_from_before_that_say_what_their_record_says_no_more_are_hidden_once_by_a_command(client, fiche):
    shown_before(fiche)
    still = shown_before(ProjetFactory(titre="Un autre guichet", description=AVANT))
    still.change({"objectifs": "Mieux accueillir."})
    Projet.objects.filter(pk=fiche.pk).update(description=AVANT)
    fiche.refresh_from_db()
    fiche.change({"objectifs": "Mieux accueillir."})
    client.logout()
    assert NUMERO in fetch(client, f"/p/{fiche.pk}/historique/")
    for said in ("1 version masquée", "0 version masquée"):
        out = io.StringIO()
        call_command("masquer_versions", stdout=out)
        assert said in out.getvalue()
    assert NUMERO not in fetch(client, f"/p/{fiche.pk}/historique/")
    assert not VersionMasquee.objects.filter(entree=still.pk).exists()


def test_a_hidden_version_is_shown_again_only_by_somebody_who_read_what_it_shows(client, fiche, staff):
    shown_before(fiche)
    fiche.change({"description": "Appelez l’accueil."})
    record = fiche.history.last()
    page = address(Projet, "history", fiche.pk) + f"{record.pk}/"
    assert NUMERO in PageLue(client.get(page)).text
    client.post(page, {"masquer": ""})
    assert VersionMasquee.objects.filter(entree=fiche.pk).exists()
    client.post(page, {"masquer": "", "lu": "on"})
    assert not VersionMasquee.objects.filter(entree=fiche.pk).exists()


# What is public already


@pytest.mark.long
@pytest.mark.parametrize("what", ["masquer", "garder"])
def test_what_is_public_already_is_listed_once(client, fiche, staff, what):
    shown_before(fiche)
    desk = reverse("admin:coordonnees")
    asked = client.get(desk)
    questions = answers(asked, what)
    assert len(questions) == 1
    client.post(desk, questions)
    assert answers(client.get(desk), what) == {}
    assert (NUMERO in read_by_public(client, fiche)) is (what == "garder")


def test_what_is_left_blank_stays_public_and_listed(client, fiche, staff):
    other = "accueil@exemple.bzh"
    text = f"{TEXTE} Ou à {other}, ou au 06 39 98 77 02."
    shown_before(fiche, text)
    assert client.post(change_url(fiche), form_of(client, fiche, suivi="Un bilan.")).status_code == 302
    desk = reverse("admin:coordonnees")
    asked = client.get(desk)
    questions = [*answers(asked, "")]
    assert [mark.text for mark in PageLue(asked).all("mark", class_="prive")][::2] == [
        PERSONNE,
        NUMERO,
        COURRIEL,
        other,
        "06 39 98 77 02",
    ]
    kept = client.post(desk, {questions[2]: "garder"}, follow=True)
    assert "1 fiche enregistrée, 1 mention gardée." in PageLue(kept).text
    fiche.refresh_from_db()
    assert fiche.description == text
    assert [*answers(kept, "")] == [name for name in questions if name != questions[2]]
    masked = client.post(desk, {questions[1]: "masquer", questions[4]: "masquer"}, follow=True)
    assert "1 fiche enregistrée, 2 mentions masquées" in PageLue(masked).text
    fiche.refresh_from_db()
    assert fiche.description == text.replace(NUMERO, TELEPHONE_MASQUE).replace("06 39 98 77 02", TELEPHONE_MASQUE)
    assert [*answers(masked, "")] == [questions[0], questions[3]]


# A proposal


def proposed(fiche, text=TEXTE, nom="Malo Kerproposé"):
    valeurs = {"description": {"vu": AVANT if fiche.pk else "", "propose": text}}
    return ContributionFactory(fiche=fiche, valeurs=valeurs, nom=nom, base=fiche.version)


def boxes(client, row) -> list[str]:
    """The questions of a proposal: a tick does the other thing than what is proposed."""
    found = PageLue(client.get(desk(row))).all("input", type="checkbox")
    return [box["name"] for box in found if box["name"].startswith("prive-")]


def decided(client, row, action="decider", ticks=()):
    return press(client, row, posted(client.get(desk(row))) | {"action": action} | dict.fromkeys(ticks, "oui"))


@pytest.mark.long
@pytest.mark.parametrize("action", ["decider", "tout"])
def test_what_is_taken_of_a_proposal_is_masked_but_for_what_is_kept(client, fiche, staff, action):
    text = f"{TEXTE} Malo Kerproposé, Mme Le Dantec, 12 rue de la Mairie, 22100 Dinan."
    row = proposed(fiche, text)
    assert len(boxes(client, row)) == 6
    assert decided(client, row, action).status_code == 302
    assert is_silent(client, fiche)
    fiche.refresh_from_db()
    assert "Kerproposé" not in fiche.description
    assert "Le Dantec" not in fiche.description
    assert "12 rue de la Mairie" in fiche.description, "authorities have addresses"
    row.refresh_from_db()
    assert row.valeurs["description"]["masques"]
    told = " ".join(Courriel.objects.latest("pk").texte.split())
    assert " : pris, sauf des mots sur des personnes, masqués" in told


def test_a_ticked_word_of_a_proposal_does_the_other_thing(client, fiche, staff):
    row = proposed(fiche, f"{TEXTE} Au 12 rue de la Mairie, 22100 Dinan.")
    decided(client, row, ticks=boxes(client, row))
    fiche.refresh_from_db()
    assert all(word in fiche.description for word in (NUMERO, COURRIEL, PERSONNE))
    assert "12 rue de la Mairie" not in fiche.description
    assert "[adresse postale masquée]" in fiche.description


def test_a_proposal_is_shown_as_it_will_be_nothing_is_preset_or_published_undecided_and_one_may_go_back(
    client, fiche, staff
):
    row = proposed(fiche)
    asked = client.get(desk(row))
    assert not ticked(asked)
    assert {mark.text for mark in PageLue(asked).all("mark", class_="prive")} >= {PERSONNE, NUMERO, COURRIEL}
    sent = posted(asked) | {"choix_description": "", "action": "decider"}
    assert press(client, row, sent).status_code == 200
    shown = client.post(desk(row), posted(client.get(desk(row))) | {"action": "decider"})
    page = PageLue(shown)
    assert "Rien n’est encore enregistré" in page.text
    assert TELEPHONE_MASQUE in page.one("main").text
    fiche.refresh_from_db()
    assert fiche.description == AVANT
    hidden = {one["name"]: one.attributes.get("value", "") for one in page.one("section", id="publier").all("input")}
    back = client.post(desk(row), hidden | {"action": "revenir"})
    assert ticked(back) == {"choix_description": "prendre"}
    fiche.refresh_from_db()
    assert fiche.description == AVANT


@pytest.mark.long
def test_a_new_record_that_is_proposed_is_masked_from_its_draft_on(client, staff):
    row = ContributionFactory(
        entree=None,
        base=0,
        nature="fiche",
        nom="Malo Kerproposé",
        valeurs={
            "titre": {"vu": "", "propose": "Un guichet"},
            "description": {"vu": "", "propose": f"Mme Le Dantec, {NUMERO}, Malo Kerproposé."},
        },
    )
    assert press(client, row, posted(client.get(desk(row))) | {"action": "decider"}).status_code == 302
    fiche = Projet.objects.get(titre="Un guichet")
    assert fiche.description == f"Mme {NOM_MASQUE}, {TELEPHONE_MASQUE}, {NOM_MASQUE}."
    assert client.post(change_url(fiche), form_of(client, fiche, statut=Statut.PUBLIEE)).status_code == 302
    assert is_silent(client, fiche)


@pytest.mark.long
@pytest.mark.parametrize(
    ("link", "kept", "after"),
    [
        ("https://wa.me/33639980123", False, ""),
        ("https://wa.me/33639980123", True, "https://wa.me/33639980123"),
        ("https://exemple.bzh/2022/06/12/guide-7123456", False, "https://exemple.bzh/2022/06/12/guide-7123456"),
    ],
)
def test_a_link_that_is_somebodys_number_is_marked_and_left_out(client, staff, link, kept, after):
    fiche = RessourceFactory(lien="")
    valeurs = {"lien": {"vu": "", "propose": link}}
    row = ContributionFactory(type="ressource", fiche=fiche, valeurs=valeurs, base=fiche.version)
    found = boxes(client, row)
    assert len(found) == ("wa.me" in link)
    decided(client, row, ticks=found if kept else ())
    fiche.refresh_from_db()
    assert fiche.lien == after


def test_a_correction_by_code_that_says_nothing_masks(fiche, staff):
    row = proposed(fiche)
    suites = {"description": ("prise", TEXTE)}
    parcours.decide(row, suites, "", tour=row.tour, version=fiche.version, user=staff)
    fiche.refresh_from_db()
    assert not any(word in fiche.description for word in (NUMERO, COURRIEL, "Kerinventé"))


# Doors that cannot ask


@pytest.mark.long
def test_an_import_undone_masks_what_it_would_bring_back(client, fiche, staff):
    shown_before(fiche, TEXTE)
    fiche.change({"description": AVANT}, reason=imports.reason(7, "CSV"), user=staff)
    imports.undo(Projet, 7, user=staff)
    fiche.refresh_from_db()
    assert fiche.description not in (AVANT, TEXTE)
    assert is_silent(client, fiche)


@mostly_long(
    ("words", "mask"),
    [
        (NUMERO, TELEPHONE_MASQUE),
        ("jeanne (chez) exemple.bzh", ADRESSE_MASQUEE),
        ("jeanne chez exemple point fr", ADRESSE_MASQUEE),
        ("jeanne.q@exemple,bzh", ADRESSE_MASQUEE),
    ],
    one_in=3,
)
def test_a_door_that_cannot_ask_masks_all_that_the_others_ask_about(client, fiche, staff, words, mask):
    lost = ProjetFactory(titre="Un guichet bis", statut=Statut.BROUILLON, description=f"Voir {words} !")
    fusion.merge(fiche, lost, {"description": fusion.PERDUE}, user=staff)
    fiche.refresh_from_db()
    assert fiche.description == f"Voir {mask} !"
