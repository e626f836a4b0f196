"""What readers and editors do, with the keyboard alone, with and without JavaScript."""

import csv
import re
from uuid import uuid4

import pytest

from fiches import registre
from tests.navigateur.clavier import Clavier
from tests.navigateur.conftest import BUREAU, TELEPHONE

with_and_without = pytest.mark.parametrize("scripted", [True, False], ids=["script", "sans-script"])


@pytest.fixture
def scripted():
    return True


@pytest.fixture
def page(scripted, browser, site):
    """A console message is an error."""
    errors = []
    context = browser.new_context(java_script_enabled=scripted, viewport=BUREAU, locale="fr-FR")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not [text for text in errors if "a status of 4" not in text]


@pytest.fixture
def context(page):
    return page.context


@pytest.fixture
def clavier(page):
    return Clavier(page)


@with_and_without
def test_find_a_sheet_by_facet(site, page, clavier, scripted):
    page.goto(site / "/projets/")
    clavier.open(page.locator("summary", has_text="Département"))
    clavier.go_to(page.get_by_role("checkbox", name="Morbihan (56)"))
    button = page.locator(".valider button")
    assert re.fullmatch(r"Voir les \d+ fiches", " ".join(button.inner_text().split()))
    clavier.press("Space")
    assert not scripted or button.inner_text() == "Voir les fiches"
    clavier.open(page.locator("summary", has_text="Montant"))
    clavier.go_to(page.get_by_role("textbox", name="Maximum (€)"))
    clavier.write("20 000")
    clavier.choose(button)
    assert "departement=56" in page.url
    said = page.get_by_role("status").first.inner_text()
    assert "Morbihan" in said
    assert "20 000 €" in " ".join(said.split())
    first = page.locator(".fiche h3 a").first
    title = first.inner_text()
    clavier.choose(first)
    assert page.locator("h1").inner_text() == title


@with_and_without
def test_other_words_are_no_longer_searched_as_they_are(site, page, clavier, scripted):
    page.goto(site / "/projets/?q=zzz&exact=1")
    clavier.choose(page.get_by_role("button", name="Voir les fiches"))
    assert "exact=1" in page.url
    clavier.go_to(page.get_by_role("searchbox", name="Mot dans la fiche"))
    clavier.write("portail")
    clavier.choose(page.get_by_role("button", name="Voir les fiches"))
    assert "portail" in page.url
    assert ("exact=1" in page.url) is not scripted, "without a script the page says it"


@with_and_without
def test_how_to_cite_a_sheet_opens_when_its_link_is_followed(site, page, clavier, scripted):
    page.goto(site / "/projets/")
    clavier.choose(page.locator(".fiche h3 a").first)
    citation = page.locator(".citer pre").first
    assert not citation.is_visible()
    clavier.choose(page.get_by_role("link", name="Citer", exact=True))
    citation.wait_for(state="visible")
    assert page.get_by_role("button", name="Copier la citation").count() == scripted


def test_choose_two_sheets_compare_them_and_leave_one_out(site, page, clavier):
    page.goto(site / "/projets/?departement=56")
    boxes = page.get_by_role("checkbox", name="Comparer")
    for rank in (0, 2):
        clavier.go_to(boxes.nth(rank))
        clavier.press("Space")
    clavier.choose(page.get_by_role("button", name="Comparer les fiches cochées"))
    assert page.url.startswith(site / "/projets/comparer/?")
    assert page.url.count("fiche=") == 2
    table = page.get_by_role("table")
    assert table.locator("thead a").count() == 2
    assert table.locator("tr.diff th").first.inner_text().startswith("≠")
    clavier.go_to(page.get_by_role("region", name="côte à côte"))  # it scrolls
    page.reload()
    left = page.locator(".puces a").nth(1)
    name = left.inner_text().partition(",")[0]
    clavier.choose(page.locator(".puces a").first)
    assert page.locator(".puces a").count() == 1
    assert page.locator(".puces a").first.inner_text().startswith(name)
    clavier.choose(page.get_by_role("link", name="Revenir à la liste avec ces choix"))
    assert page.locator("input[form=comparaison]:checked").count() == 1


def test_choose_the_columns_of_the_table_and_sort_it(site, page, clavier):
    page.goto(site / "/projets/?departement=56")
    clavier.choose(page.get_by_role("link", name="Tableau"))
    clavier.open(page.locator("summary", has_text="Choisir les colonnes"))
    clavier.go_to(page.get_by_role("checkbox", name="Intercommunalité"))
    clavier.press("Space")
    clavier.choose(page.get_by_role("button", name="Afficher ces colonnes"))
    assert page.get_by_role("columnheader", name="Intercommunalité").count() == 1
    clavier.choose(page.get_by_role("columnheader").get_by_role("link", name="Montant"))
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Montant")
    assert page.get_by_role("columnheader", name="Intercommunalité").count() == 1


def test_the_skip_link_leads_past_the_menu(site, page, clavier):
    page.goto(site / "/projets/")
    clavier.tab()
    assert clavier.stops == ["Aller au contenu"]
    clavier.press("Enter")
    clavier.tab()
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_order_of_the_stops_is_that_of_the_page(site, page, clavier):
    page.goto(site / "/projets/")
    clavier.tab()
    for _ in range(30):
        before = page.evaluate_handle("document.activeElement")
        clavier.tab()
        assert page.evaluate("before => before.compareDocumentPosition(document.activeElement)", before) & 4
    assert not page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count()


@with_and_without
def test_open_the_menu_of_a_phone(site, page, clavier):
    page.set_viewport_size(TELEPHONE)
    page.goto(site / "/")
    glossaire = page.get_by_role("navigation", name="Principale").get_by_role("link", name="Glossaire")
    assert not glossaire.is_visible()
    clavier.open(page.locator("nav summary"))
    assert glossaire.is_visible()
    clavier.choose(glossaire)
    assert page.url.endswith("/glossaire/")


def test_take_the_csv_of_what_is_seen(site, page, clavier):
    page.goto(site / "/projets/?departement=22")
    clavier.open(page.locator("summary", has_text="Emporter"))
    clavier.go_to(page.get_by_role("link", name="Pour un programme"))
    with page.expect_download() as download:
        clavier.press("Enter")
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["departement_code"] for row in rows} == {"22"}
    said = page.get_by_role("status").first.inner_text()
    assert said.startswith(f"{len(rows)} ")


def test_listen_to_a_recording(site, page, clavier):
    with_sound = [one for one in registre.types() if hasattr(one.model, "audio")]
    if not with_sound:
        pytest.skip("no type has recordings")
    page.goto(site / with_sound[0].lien)
    clavier.go_to(page.locator("audio").first)
    clavier.press("Space")
    for _ in range(100):
        if page.evaluate("document.querySelector('audio').played.length"):
            break
        page.wait_for_timeout(50)
    assert page.evaluate("document.querySelector('audio').played.length") == 1
    clavier.press("Space")
    assert page.evaluate("document.querySelector('audio').paused")
    clavier.choose(
        page.locator("article", has=page.locator("audio")).first.get_by_role(
            "link", name=re.compile("Transcription|Présentation")
        )
    )
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("size", [BUREAU, TELEPHONE], ids=["1280", "390"])
def test_find_a_sheet_on_the_map(site, page, clavier, size):
    page.set_viewport_size(size)
    page.goto(site / "/projets/carte/")
    clavier.choose(page.get_by_role("link", name=re.compile(r"^France \d+$")))
    clavier.choose(page.get_by_role("link", name=re.compile(r"^Bretagne \d+$")))
    lights = page.locator(".feu a").filter(visible=True)
    names = [light.get_attribute("aria-label") for light in lights.all()]
    several = next(name for name in names if re.search(r" et .+\s: \d+ projets$", name))  # a cluster
    alone = next((name for name in names if name.endswith(": 1 projet")), several)
    for name in (several, alone):
        clavier.choose(page.locator(f'.feu a[aria-label="{name}"]').filter(visible=True))
        number = re.search(r"\d+ projets?$", name)[0]
        assert page.get_by_role("status").first.inner_text().startswith(number), name
        assert page.locator(".fiche h3 a").count()
        page.go_back()
    while "/carte/" in page.url:  # a closer map lists places that are too many
        clavier.open(page.locator("summary", has_text="La carte en liste"))
        clavier.choose(page.locator(".lieux a").last)
    first = page.locator(".fiche h3 a").first
    title = first.inner_text()
    clavier.choose(first)
    assert page.locator("h1").inner_text() == title


MENDED = [
    ("Montant", "Maximum (€)", "montant_max", "beaucoup", "20000"),
    ("", "Nom de la commune", "autour", "Nullepart-sur-Mer", "Dinan (22)"),
]


@with_and_without
@pytest.mark.parametrize(("group", "label", "name", "wrong", "right"), MENDED, ids=["montant", "commune"])
def test_correct_the_errors_of_a_filter(site, page, clavier, group, label, name, wrong, right):
    page.goto(site / "/projets/")
    if group:
        clavier.open(page.locator("summary", has_text=group))
    field = page.get_by_role("textbox", name=label)
    clavier.go_to(field)
    clavier.write(wrong)
    clavier.press("Enter")
    page.wait_for_url(f"**{name}={wrong}**")
    assert page.title().startswith("Erreur")
    assert page.get_by_role("alert").inner_text()
    assert "Ce filtre n’a pas été appliqué" in page.locator("#bilan").inner_text()
    assert f"« {wrong} »" in page.locator("#bilan").inner_text().replace("\u00a0", " ")
    field = page.get_by_role("textbox", name=label)
    assert field.input_value() == wrong
    assert field.get_attribute("aria-invalid") == "true"
    assert page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()
    assert field.evaluate("e => document.activeElement === e")  # no Tab: it has the focus
    clavier.press("Control+a")
    clavier.write(right)
    clavier.press("Enter")
    page.wait_for_url(re.compile(f"{name}={re.escape(right.split()[0])}"))
    assert not page.get_by_role("alert").count()
    assert "n’a pas été appliqué" not in page.locator("#bilan").inner_text()


def test_publish_a_sheet(site, page, clavier, sign_in):
    sign_in("animation")
    page.goto(site / "/admin/glossaire/terme/add/")
    word = f"Guichet d’essai {page.evaluate('Date.now()')}"
    clavier.go_to(page.locator("#id_titre"))
    assert not any(stop.startswith("Enregistrer") for stop in clavier.stops)  # whoever types at once fills the form
    clavier.write(word)
    clavier.go_to(page.locator("#id_definition"))
    clavier.write("Ce qui se dit ici pour essayer.")
    clavier.go_to(page.locator("#id_statut"))
    clavier.write("pub")
    clavier.choose(page.locator("input[name=_save]").last)
    assert word in page.locator(".messagelist").inner_text()
    page.goto(site / f"/glossaire/?q={word}")
    assert word in page.locator("main").inner_text()


# Registrations


READING = 3100  # ms: a form takes a quicker post for one that nobody has read


@pytest.fixture
def someone():
    """Addresses that are new on this site."""
    return lambda: f"nolwenn.{uuid4().hex[:8]}@exemple.bzh"


@pytest.fixture
def fill_in(page, clavier):

    def run(courriel):
        page.wait_for_timeout(READING)
        for name, text in (("Prénom", "Nolwenn"), ("Nom", "Kerinvente"), ("Organisation", "Mairie d’Exemple")):
            clavier.go_to(page.get_by_label(re.compile(rf"^{name}\s")))
            clavier.write(text)
        clavier.go_to(page.get_by_label("Adresse électronique"))
        clavier.write(courriel)
        clavier.go_to(page.get_by_label("Oui, du début à la fin"))
        clavier.press("Space")
        clavier.go_to(page.get_by_label("J’accepte que mes réponses"))
        clavier.press("Space")
        clavier.choose(page.get_by_role("button", name="Envoyer mon inscription"))

    return run


@with_and_without
def test_register_with_an_error_confirm_correct_and_cancel(site, page, clavier, fill_in, someone):
    courriel = someone()
    page.goto(site.event(titre="Atelier au clavier", capacite=9))
    clavier.choose(page.get_by_role("link", name="S’inscrire, sans compte"))
    fill_in("nolwenn")
    assert page.title().startswith("Erreur")
    summary = page.get_by_role("alert")
    assert "comporte 1 erreur" in summary.inner_text()
    clavier.go_to(summary.get_by_role("link"))
    clavier.press("Enter")
    field = page.get_by_label("Adresse électronique")
    assert page.evaluate("document.activeElement.id") == field.get_attribute("id")
    assert field.get_attribute("aria-invalid") == "true"
    clavier.press("Control+a")
    clavier.write(courriel)
    clavier.choose(page.get_by_role("button", name="Envoyer mon inscription"))
    assert page.locator("h1").inner_text() == "Regardez votre courrier"

    page.goto(site.link(courriel))
    clavier.choose(page.get_by_role("button", name="Confirmer mon inscription"))
    assert "Vous êtes inscrit·e" in page.locator("main").inner_text()

    clavier.go_to(page.get_by_label(re.compile(r"^Organisation\s")))
    clavier.press("Control+a")
    clavier.write("CCAS d’Exemple")
    clavier.choose(page.get_by_role("button", name="Enregistrer mes corrections"))
    assert "corrigées" in page.get_by_role("status").first.inner_text()
    assert page.get_by_label(re.compile(r"^Organisation\s")).input_value() == "CCAS d’Exemple"

    page.goto(site.link(courriel))
    clavier.open(page.locator("summary", has_text="Annuler mon inscription"))
    clavier.choose(page.get_by_role("button", name="Oui, annuler mon inscription"))
    assert "Votre inscription est annulée" in page.locator("main").inner_text()


# Messages


def test_write_to_the_référent_of_a_sheet(site, page, clavier):
    page.goto(site.page("contacter:fiche"))
    clavier.choose(page.get_by_role("link", name="Revenir à la fiche"))
    title = page.locator("h1").inner_text()
    clavier.choose(page.get_by_role("link", name="Écrire au sujet de cette fiche"))
    assert page.locator("h1").inner_text() == "Écrire au sujet de cette fiche"
    assert title in page.locator("main").inner_text()

    def fill(label, text):
        clavier.go_to(page.get_by_label(label))
        clavier.write(text)

    said = f"Bonjour, votre démarche nous intéresse ({uuid4().hex})."
    fill("Votre nom", "Enora Kermaden")
    fill("Votre adresse électronique", "enora.kermaden")
    fill("Votre message", said)
    clavier.go_to(page.get_by_role("checkbox", name="J’accepte que mon nom"))
    clavier.press("Space")
    clavier.choose(page.get_by_role("button", name="Envoyer mon message"))
    assert page.title().startswith("Erreur")
    clavier.go_to(page.get_by_role("alert").get_by_role("link").first)
    clavier.press("Enter")  # the summary leads to the field
    field = page.get_by_label("Votre adresse électronique")
    clavier.go_to(field)
    assert field.get_attribute("aria-invalid") == "true"
    clavier.press("End")
    clavier.write("@exemple.bzh")
    assert page.get_by_label("Votre message").input_value() == said
    page.wait_for_timeout(READING)
    clavier.choose(page.get_by_role("button", name="Envoyer mon message"))
    assert page.locator("h1").inner_text() == "Message reçu"
    assert "@" not in page.locator("main").inner_text()
    mails = [mail for mail in site.mails() if said in mail.get_body(("plain",)).get_content()]
    assert mails
    assert {mail["Reply-To"] for mail in mails} == {"enora.kermaden@exemple.bzh"}
    assert "enora.kermaden@exemple.bzh" not in {mail["To"] for mail in mails}


# Contributions


@pytest.fixture
def who(page, clavier):
    """Says how and who one is, and sends."""

    def run(courriel):
        page.wait_for_timeout(READING)
        clavier.go_to(page.get_by_label("Comment le savez-vous"))
        clavier.write("Je tiens le standard.")
        clavier.go_to(page.get_by_label("Votre adresse électronique"))
        clavier.write(courriel)
        clavier.go_to(page.get_by_role("checkbox", name="J’accepte que l’équipe"))
        clavier.press("Space")
        clavier.choose(page.get_by_role("button", name="Envoyer ma proposition"))
        assert page.locator("h1").inner_text() == "Regardez votre courrier"

    return run


@pytest.fixture
def confirmed(site, page, clavier, who):
    """Sends, and confirms from the mail; returns the page of the follow-up."""

    def run(courriel):
        who(courriel)
        page.goto(site.link(courriel))
        clavier.choose(page.get_by_role("button", name="Confirmer ma proposition"))
        return page.url

    return run


@pytest.fixture
def at_the_desk(site, page, clavier, sign_in):

    def run():
        sign_in("animation")
        page.goto(site / "/admin/contributions/contribution/?o=-1")
        clavier.choose(page.locator("#result_list tbody th a").first)

    return run


def test_propose_a_correction_confirm_it_and_withdraw_it(site, page, clavier, someone, confirmed):
    courriel = someone()
    page.goto(site.page("contributions:correction"))
    clavier.go_to(page.locator("summary", has_text="Ce qui a été fait"))
    clavier.press("Enter")
    clavier.go_to(page.get_by_label("Ce qui a été fait", exact=True))
    clavier.press("End")
    clavier.write(" Et plus encore.")
    confirmed(courriel)
    assert "Elle est arrivée" in page.get_by_role("status").first.inner_text()
    assert "Et plus encore" in page.locator("ins").first.inner_text()
    clavier.go_to(page.locator("summary", has_text="Retirer ma proposition"))
    clavier.press("Enter")
    clavier.choose(page.get_by_role("button", name="Retirer ma proposition"))
    assert "Vous l’avez retirée" in page.get_by_role("status").first.inner_text()


@with_and_without
def test_propose_a_survey_in_steps_answer_a_question_and_see_it_published(
    site, page, clavier, someone, confirmed, at_the_desk
):
    courriel = someone()
    title = f"Un budget participatif {courriel[8:16]}"
    page.goto(site / "/contribuer/indemnisation/")
    page.wait_for_timeout(READING)
    clavier.choose(page.get_by_role("button", name="Continuer :"))
    assert page.title().startswith("Erreur")
    clavier.go_to(page.get_by_role("alert").get_by_role("link"))
    clavier.press("Enter")
    clavier.write(title)
    clavier.choose(page.get_by_role("button", name="Continuer :"))
    assert "Étape 2 sur" in page.locator("h2").first.inner_text()
    clavier.choose(page.get_by_role("button", name="Revenir à l’étape 1"))
    assert page.locator("#id_champ_titre").input_value() == title
    while page.get_by_role("button", name="Continuer :").count():
        if page.locator("#id_champ_contexte").count():
            clavier.go_to(page.locator("#id_champ_contexte"))
            clavier.write("Deux quartiers décident ensemble.")
        clavier.choose(page.get_by_role("button", name="Continuer :"))
    assert title in page.locator("h1").inner_text()
    follow = confirmed(courriel)

    at_the_desk()
    clavier.go_to(page.get_by_label("Un mot pour la personne"))
    clavier.write("Quelle commune ?")
    clavier.choose(page.get_by_role("button", name="Poser la question"))
    page.goto(follow)
    assert "vous pose une question" in page.get_by_role("status").first.inner_text()
    clavier.go_to(page.get_by_label("Votre message à l’équipe"))
    clavier.write("Dinan.")
    clavier.choose(page.get_by_role("button", name="Envoyer à l’équipe"))

    at_the_desk()
    assert "Dinan." in page.locator("#content-main").inner_text()
    clavier.choose(page.get_by_role("button", name="Tout prendre"))
    assert title in page.locator("h1").inner_text(), "the page is seen as it will be"
    clavier.choose(page.get_by_role("button", name="Créer la fiche, à relire"))
    at_the_desk()
    clavier.choose(page.get_by_role("link", name="La fiche qui en est née"))
    clavier.go_to(page.locator("#id_statut"))
    clavier.write("pub")
    clavier.choose(page.locator("input[name=_save]").last)
    assert title in page.locator(".messagelist").inner_text()
    page.goto(follow)
    clavier.choose(page.locator("main").get_by_role("link", name=title))
    assert title in page.locator("h1").inner_text()


# The exploration


def test_take_part_in_the_exploration_then_withdraw(site, page, clavier, someone, sign_in):
    courriel = someone()
    name = f"Soazig Kerimaginaire {courriel[8:16]}"
    page.goto(site / "/exploration/")
    clavier.choose(page.get_by_role("link", name="Participer, sans compte"))
    page.wait_for_timeout(READING)
    clavier.go_to(page.get_by_label("Prénom et nom"))
    clavier.write(name)
    clavier.go_to(page.get_by_label("Adresse électronique"))
    clavier.write(courriel)
    for box in ("Facilitateur", "Curieux"):
        clavier.go_to(page.get_by_role("checkbox", name=box))
        clavier.press("Space")
    clavier.go_to(page.get_by_label("Sujets que vous aimeriez aborder"))
    clavier.write("Le papier que l’on n’ose pas montrer")
    clavier.go_to(page.get_by_role("checkbox", name="J’accepte que l’équipe"))
    clavier.press("Space")
    clavier.choose(page.get_by_role("button", name="Envoyer ma fiche"))
    summary = page.get_by_role("alert")
    assert "comporte 1 erreur" in summary.inner_text()
    clavier.go_to(summary.get_by_role("link"))
    clavier.press("Enter")
    clavier.go_to(page.get_by_label("Oui, ma fiche peut être publiée"))
    clavier.press("Space")
    clavier.choose(page.get_by_role("button", name="Envoyer ma fiche"))
    assert page.locator("h1").inner_text() == "Regardez votre courrier"

    page.goto(site.link(courriel))
    clavier.choose(page.get_by_role("button", name="Confirmer ma fiche"))
    assert "attend d’être relue" in page.locator("main").inner_text()

    sign_in("animation")
    page.goto(site / "/admin/explorations/exploration/?suite=ouverte")
    clavier.go_to(page.get_by_role("row", name=name).get_by_role("checkbox"))
    clavier.press("Space")
    clavier.go_to(page.locator("select[name=action]").first)
    clavier.write("Publier")
    clavier.choose(page.get_by_role("button", name="Envoyer").first)
    clavier.choose(page.get_by_role("button", name="Confirmer pour 1 fiche"))
    assert "1 fiche publiée." in page.locator(".messagelist").inner_text()

    page.goto(site / "/exploration/?profil=facilitateur")
    clavier.choose(page.get_by_role("link", name=name))
    assert "Le papier que l’on n’ose pas montrer" in page.locator("main").inner_text()
    assert "@" not in page.locator("main").inner_text()
    public = page.url
    page.goto(site.link(courriel))
    clavier.choose(page.get_by_role("button", name="Retirer ma fiche du site"))
    assert "n’est pas sur le site" in page.get_by_role("status").first.inner_text()
    assert page.goto(public).status == 404
