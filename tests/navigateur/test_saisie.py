"""What is typed is not lost: an ended session, a closed tab, a server that is away, a refused form."""

import json
import re
from itertools import count

import pytest

from tests.navigateur.conftest import BUREAU
from tests.navigateur.site import CODES, MOT_DE_PASSE
from tests.navigateur.test_axe import faults, tab  # noqa: F401 - a fixture

TEXTE = "Ce que trois mille signes racontent, tapés d’une traite.\n" * 55
READING = 3100  # ms: a form takes a quicker post for one that nobody has read
KEPT = 400  # ms until the browser has stored what is typed
codes, words = iter(CODES), count()
REPRENDRE, OUBLIER = "Reprendre ce que vous aviez tapé", "Oublier"


@pytest.fixture
def opened(browser, site):
    """Opens a browser of its own, with or without JavaScript; a console message is an error."""
    contexts, errors = [], []

    def run(script=True, **kwargs):
        context = browser.new_context(java_script_enabled=script, viewport=BUREAU, locale="fr-FR", **kwargs)
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: errors.append(f"{error.error.message} {error.error.stack}"))
        context.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        contexts.append(context)
        return context

    yield run
    for context in contexts:
        context.close()
    # An error page is an answer; Django's own scripts for the theme and filters want storage.
    assert not [text for text in errors if not re.search(r"a status of 4|ERR_INTERNET|/(theme|filters)\.\w+\.js", text)]


@pytest.fixture
def desk(site, opened, log_in_as):

    def run(username="animation", **kwargs):
        page = opened(**kwargs).new_page()
        page.goto(site / "/admin/login/")
        log_in_as(page, username)
        page.wait_for_url("**/admin/")
        return page

    return run


@pytest.fixture
def log_in_as():
    """With the second factor."""

    def run(page, username):
        page.locator("#id_username").fill(username)
        page.locator("#id_password").fill(MOT_DE_PASSE)
        page.locator("#login-form input[type=submit]").click()
        if username == "soizic":
            page.locator("#id_code").fill(next(codes))
            page.get_by_role("button", name="Continuer").click()

    return run


@pytest.fixture
def sheet(site):
    """The address of the open form of a word of the glossary, made for the test."""

    def run(page):
        page.goto(site / "/admin/glossaire/terme/add/")
        page.locator("#id_titre").fill(f"Mot tapé {next(words)}")
        page.locator("#id_definition").fill("Ce qui était écrit.")
        page.locator("input[name=_continue]").last.click()
        page.wait_for_url("**/change/")
        return page.url

    return run


def definition(page) -> str:
    return page.locator("#id_definition").input_value()


def follow(locator):
    """Clicks a link or button and waits for the page it leads to: a click alone returns while the old one stands."""
    with locator.page.expect_navigation():
        locator.click()


def save(page):
    follow(page.locator("input[name=_save]").last)


def store(page, who="") -> dict:
    """What the browser keeps, by key."""
    every = page.evaluate("Object.fromEntries(Object.keys(localStorage).map((key) => [key, localStorage[key]]))")
    return {key: value for key, value in every.items() if key.startswith(f"saisie|{who}")}


def offer(page):
    return page.locator("section.saisie", has=page.get_by_role("button", name=REPRENDRE))


# A session that ended


@pytest.mark.parametrize(("username", "script"), [("soizic", True), ("animation", False)])
def test_a_session_ended_in_the_middle_of_a_text(desk, sheet, log_in_as, username, script):
    page = desk(username, script=script)
    address = sheet(page)
    page.locator("#id_definition").fill(TEXTE)
    page.context.clear_cookies(name="sessionid")
    save(page)
    assert "n’est pas perdu" in page.get_by_role("status").inner_text()
    log_in_as(page, username)
    page.get_by_role("button", name=REPRENDRE).click()
    page.wait_for_url(address)
    assert definition(page) == TEXTE
    assert "Rien n’est encore enregistré" in page.get_by_role("status").inner_text()
    assert not offer(page).count()
    save(page)
    page.goto(address)
    assert definition(page) == TEXTE.strip()
    assert not offer(page).count()
    assert not script or store(page) == {}


def test_forgetting_after_a_login_forgets_in_the_browser_too(desk, sheet, log_in_as):
    page = desk()
    address = sheet(page)
    page.locator("#id_definition").fill(TEXTE)
    page.context.clear_cookies(name="sessionid")
    save(page)
    log_in_as(page, "animation")
    follow(page.get_by_role("link", name=OUBLIER))
    assert page.url == address
    assert definition(page) == "Ce qui était écrit."
    assert not offer(page).count()
    assert store(page) == {}


# A closed tab, a server that is away, a form that is refused


def test_a_closed_tab(desk, sheet):
    page = desk()
    address = sheet(page)
    page.locator("#id_definition").fill(TEXTE)
    page.wait_for_timeout(KEPT)
    page.close(run_before_unload=False)
    page = page.context.new_page()
    page.goto(address)
    assert definition(page) == "Ce qui était écrit."  # nothing is put back in silence
    said = offer(page).inner_text()
    assert re.search(r"Le (1er|\d+) \w+ \d{4} à \d\d:\d\d, dans ce navigateur", said)
    offer(page).locator("summary").click()
    assert "Ce qui était écrit." in offer(page).inner_text()
    assert TEXTE.strip() in offer(page).inner_text()
    offer(page).get_by_role("button", name=REPRENDRE).click()
    assert definition(page) == TEXTE
    assert "Relisez, puis enregistrez" in page.locator("section.saisie").inner_text()
    save(page)
    assert store(page) == {}
    page.goto(address)
    assert not offer(page).count()


def test_what_is_left_stands_on_the_home_of_the_desk_and_leads_to_its_form(site, desk, sheet):
    page = desk()
    address = sheet(page)
    title = page.locator("#id_titre").input_value()
    page.locator("#id_definition").fill(TEXTE)
    page.wait_for_timeout(KEPT)
    page.close(run_before_unload=False)
    page = page.context.new_page()
    page.goto(site / "/admin/")
    left = page.locator("[data-textes]")
    left.locator("summary").click()
    assert TEXTE.strip() in left.inner_text()
    left.get_by_role("link", name=title).click()
    page.wait_for_url(address)
    assert offer(page).count() == 1
    page.goto(site / "/admin/")
    left.get_by_role("button", name=OUBLIER).click()
    assert store(page) == {}
    page.reload()
    assert not left.is_visible()


def test_a_server_that_is_away(desk, sheet):
    page = desk()
    address = sheet(page)
    page.locator("#id_definition").fill(TEXTE)
    page.context.set_offline(True)
    page.locator("input[name=_save]").last.click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.goto(address)
    assert definition(page) == "Ce qui était écrit."
    offer(page).get_by_role("button", name=REPRENDRE).click()
    assert definition(page) == TEXTE
    save(page)
    assert store(page) == {}


def test_a_form_that_is_refused_for_its_age(desk, sheet):
    page = desk()
    address = sheet(page)
    page.locator("#id_definition").fill(TEXTE)
    page.context.clear_cookies(name="csrftoken")
    save(page)
    assert "rien n’a été enregistré" in page.get_by_role("status").inner_text()
    page.get_by_role("button", name=REPRENDRE).click()
    page.wait_for_url(address)
    assert definition(page) == TEXTE
    save(page)
    page.goto(address)
    assert definition(page) == TEXTE.strip()
    assert store(page) == {}


def test_a_form_that_comes_back_wrong_is_kept_until_it_is_saved(desk, sheet):
    page = desk()
    address = sheet(page)
    page.locator("#id_titre").fill("")
    page.locator("#id_definition").fill(TEXTE)
    save(page)
    assert page.locator(".errornote").count()
    assert not offer(page).count()
    assert len(store(page)) == 1
    page.close(run_before_unload=False)
    page = page.context.new_page()
    page.goto(address)
    offer(page).get_by_role("button", name=REPRENDRE).click()
    assert definition(page) == TEXTE
    assert page.locator("#id_titre").input_value() == ""


# Who else, and for how long


def test_logging_out_leaves_nothing_of_one_s_own_in_the_browser(site, desk, sheet):
    page = desk()
    sheet(page)
    page.locator("#id_definition").fill(TEXTE)
    page.wait_for_timeout(KEPT)
    ((key, value),) = store(page).items()
    other = re.sub(r"^saisie\|\d+\|", "saisie|99999|", key)
    page.evaluate("([key, value]) => localStorage.setItem(key, value)", [other, value])
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Déconnexion").click()
    page.wait_for_url("**/logout/")
    assert [*store(page)] == [other]


def test_nothing_is_kept_longer_than_seven_days(site, desk, sheet):
    page = desk()
    address = sheet(page)
    page.locator("#id_definition").fill(TEXTE)
    page.wait_for_timeout(KEPT)
    older = """(days) => Object.keys(localStorage).filter((key) => key.startsWith("saisie|")).forEach((key) => {
      localStorage[key] = localStorage[key].replace(/^[0-9]+/, (t) => t - days * 864e5);
    })"""
    page.close(run_before_unload=False)
    page = page.context.new_page()
    page.goto(site / "/admin/")
    page.evaluate(older, 6.9)
    page.goto(address)
    assert offer(page).count() == 1
    page.evaluate(older, 0.2)
    page.goto(site / "/projets/")  # any page of the site
    assert store(page) == {}


def test_two_tabs_of_a_record_keep_each_its_own(desk, sheet):
    first = desk()
    address = sheet(first)
    second = first.context.new_page()
    second.goto(address)
    first.locator("#id_definition").fill("Tapé dans le premier.")
    second.locator("#id_definition").fill("Tapé dans le second.")
    second.wait_for_timeout(KEPT)
    assert len(store(first)) == 2
    save(first)
    (left,) = store(first).values()
    assert "Tapé dans le second." in left
    save(second)
    assert "pendant que vous y travailliez" in second.locator("section.concurrence").inner_text()
    assert definition(second) == "Tapé dans le second."
    second.close(run_before_unload=False)
    first.goto(address)
    assert definition(first) == "Tapé dans le premier."
    assert "Depuis, cela a changé" in offer(first).inner_text()
    assert "Maintenant (changé depuis)" in offer(first).inner_text()
    assert "Tapé dans le premier." in offer(first).inner_text()
    assert "Tapé dans le second." in offer(first).inner_text()


def test_a_colleague_in_the_same_browser_is_shown_nothing(site, desk, sheet, log_in_as):
    page = desk()
    address = sheet(page)
    page.locator("#id_definition").fill(TEXTE)
    page.wait_for_timeout(KEPT)
    page.context.clear_cookies()
    page.close(run_before_unload=False)
    page = page.context.new_page()
    page.goto(address)
    log_in_as(page, "admin")
    page.wait_for_url(address)
    assert not offer(page).count()
    page.goto(site / "/admin/")
    assert not page.locator("[data-textes]").is_visible()


# What is kept


def test_choices_rows_and_completed_fields_come_back_but_no_person(site, desk):
    page = desk()
    page.goto(site / "/admin/projets/projet/add/")
    page.locator("#id_titre").fill("Un portail tapé")
    page.locator("#id_themes input").nth(1).check()
    page.locator("#id_departement").select_option("56")
    page.locator(".field-commune .select2-selection").click()
    page.locator(".select2-search__field").fill("Vannes")
    page.locator(".select2-results__option", has_text="Vannes").first.click()
    for row in (0, 1, 2):
        if row:
            page.locator("#annexes-group .add-row a").click()
        page.locator(f"[name=annexes-{row}-titre]").fill(f"Annexe {row}")
    page.locator("[name=contacts-0-nom]").fill("Soazig Kerimaginaire")
    page.locator("[name=contacts-0-courriel]").fill("soazig@exemple.bzh")
    page.wait_for_timeout(KEPT)
    assert "Kerimaginaire" not in json.dumps(store(page), ensure_ascii=False)
    assert "soazig" not in json.dumps(store(page))
    page.close(run_before_unload=False)
    page = page.context.new_page()
    page.goto(site / "/admin/projets/projet/add/")
    offer(page).locator("summary").click()
    said = offer(page).inner_text()
    assert "Vannes" in said
    assert "Morbihan (56)" in said
    offer(page).get_by_role("button", name=REPRENDRE).click()
    assert page.locator("#id_titre").input_value() == "Un portail tapé"
    assert page.locator("#id_themes input:checked").count() == 1
    assert page.locator("#id_themes input").nth(1).is_checked()
    assert page.locator("#id_departement").input_value() == "56"
    assert "Vannes" in page.locator(".field-commune .select2-selection").inner_text()
    assert [page.locator(f"[name=annexes-{row}-titre]").input_value() for row in (0, 1, 2)] == [
        *("Annexe 0", "Annexe 1", "Annexe 2")
    ]
    assert page.locator("[name=contacts-0-nom]").input_value() == ""


def test_a_form_about_a_person_is_never_kept(site, desk):
    """tests/comptes/test_saisie.py names these forms."""
    page = desk("admin")
    page.goto(site / "/admin/inscriptions/inscription/add/")
    page.locator("#id_nom").fill("Soazig Kerimaginaire")
    page.wait_for_timeout(KEPT)
    assert store(page) == {}
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    page.locator("#site-name a").click()
    page.wait_for_url("**/admin/")
    assert dialogs == ["beforeunload"]


@pytest.mark.parametrize(
    "broken",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })",
        "Storage.prototype.setItem = () => { throw new Error('full'); }",
    ],
    ids=["refused", "full"],
)
def test_a_browser_that_keeps_nothing_works_as_before(site, desk, sheet, broken):
    page = desk()
    page.context.add_init_script(broken)
    address = sheet(page)
    page.locator("#id_definition").fill(TEXTE)
    page.wait_for_timeout(KEPT)
    save(page)
    page.goto(address)
    assert definition(page) == TEXTE.strip()
    page.goto(site / "/contribuer/projets/")
    page.get_by_label("Titre").fill("Un bus")
    assert not page.locator("[data-saisie-dite]").is_visible()


# Leaving


def test_leaving_asks_first_where_something_is_not_saved_and_nowhere_else(site, desk, sheet):
    page = desk()
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.dismiss()))
    address = sheet(page)
    assert dialogs == []  # sending is not leaving
    page.locator("#id_definition").press("End")  # the editor looked at it and typed nothing
    page.locator("#site-name a").click()
    page.wait_for_url("**/admin/")
    page.goto(address)
    page.locator("#id_definition").press("x")
    page.locator("#site-name a").click()
    page.wait_for_timeout(KEPT)
    assert dialogs == ["beforeunload"]
    assert page.url == address
    page.locator("#id_definition").press("Backspace")
    page.locator("#site-name a").click()
    page.wait_for_url("**/admin/")
    assert dialogs == ["beforeunload"]


# What visitors propose


def test_a_step_is_there_when_one_comes_back_by_the_logo_or_from_a_closed_tab(site, opened):
    page = opened().new_page()
    page.goto(site / "/contribuer/indemnisation/")
    page.wait_for_timeout(READING)
    page.get_by_label("Titre").fill("Un budget tapé")
    page.locator("a.marque").click()
    page.wait_for_url(site / "/")
    page.goto(site / "/contribuer/")
    page.get_by_role("link", name="Une fiche : enquête").click()
    page.wait_for_url("**/indemnisation/")
    assert page.get_by_label("Titre").input_value() == ""  # the next person at this screen reads nothing
    page.get_by_role("button", name=REPRENDRE).click()
    assert page.get_by_label("Titre").input_value() == "Un budget tapé"
    page.wait_for_timeout(READING)
    page.get_by_role("button", name="Continuer :").click()
    page.wait_for_url("**/suite/**")
    step = page.url
    page.get_by_label("Nom de la structure").fill("Le guichet de Kerdu")
    page.wait_for_timeout(KEPT)
    page.close()
    page = page.context.new_page()
    page.goto(site / "/contribuer/indemnisation/")
    assert not page.get_by_role("button", name=REPRENDRE).count()  # the site has the first step
    page.get_by_role("link", name="Une fiche : enquête").click()
    page.wait_for_url("**/suite/**")
    assert page.get_by_label("Nom de la structure").input_value() == "Le guichet de Kerdu"
    assert "est remis" in page.get_by_role("status").inner_text()
    while page.get_by_role("button", name="Continuer :").count():
        follow(page.get_by_role("button", name="Continuer :"))
    page.get_by_label("Comment le savez-vous").fill("Je tiens le guichet.")
    page.get_by_label("Votre adresse électronique").fill("nolwenn@exemple.bzh")
    page.get_by_role("checkbox", name="J’accepte que l’équipe").check()
    page.goto(step)
    page.wait_for_timeout(KEPT)
    kept = json.dumps(store(page), ensure_ascii=False)
    assert "nolwenn@exemple.bzh" not in kept
    assert "guichet" not in kept


def test_what_is_sent_leaves_the_browser(site, opened):
    page = opened().new_page()
    page.goto(site / "/contribuer/glossaire/")
    page.wait_for_timeout(READING)
    page.get_by_label("Comment le savez-vous").fill("Je tiens le guichet.")
    page.get_by_label("Votre adresse électronique").fill("nolwenn.sent@exemple.bzh")
    page.get_by_role("checkbox", name="J’accepte que l’équipe").check()
    follow(page.get_by_role("button", name="Envoyer ma proposition"))
    assert page.get_by_role("alert").count()
    page.locator("#id_champ_titre").fill("Reste à vivre tapé")
    page.wait_for_timeout(KEPT)
    kept = json.dumps(store(page), ensure_ascii=False)
    assert "Reste à vivre tapé" in kept
    assert "nolwenn" not in kept
    page.get_by_role("button", name="Envoyer ma proposition").click()
    page.wait_for_url("**/recue/")
    assert store(page) == {}


def test_whoever_shares_the_computer_takes_it_all_away(site, opened):
    page = opened().new_page()
    page.goto(site / "/contribuer/projets/")
    page.get_by_label("Titre").fill("Un bus des démarches")
    page.wait_for_timeout(KEPT)
    assert store(page)
    page.get_by_role("button", name="Effacer de ce navigateur").click()
    assert "C’est effacé" in page.get_by_role("status").inner_text()
    page.locator("a.marque").click()
    page.wait_for_url(site / "/")
    assert store(page) == {}
    page.goto(site / "/contribuer/projets/")
    assert not page.get_by_role("button", name=REPRENDRE).count()


def test_a_correction_of_which_the_tab_was_closed(site, opened):
    page = opened().new_page()
    page.goto(site.page("contributions:correction"))
    page.locator("#champ-titre > summary").click()
    page.locator("#id_champ_titre").fill("Un titre corrigé")
    page.wait_for_timeout(KEPT)
    page.close()
    page = page.context.new_page()
    page.goto(site.page("contributions:correction"))
    page.get_by_role("button", name=REPRENDRE).click()
    assert page.locator("#id_champ_titre").is_visible()
    assert page.locator("#id_champ_titre").input_value() == "Un titre corrigé"


# Seen by all


def test_what_is_offered_has_no_fault(site, desk, sheet, tab, cookies):  # noqa: F811
    page = desk()
    address = sheet(page)
    page.locator("#id_definition").fill(TEXTE)
    page.wait_for_timeout(KEPT)
    kept = store(page)
    tab.context.add_cookies(page.context.cookies())
    tab.goto(site / "/")
    tab.evaluate("(kept) => Object.assign(localStorage, kept)", kept)
    tab.goto(address)
    tab.locator("section.saisie summary").click()
    found = faults(tab)
    tab.goto(site / "/admin/")
    tab.locator("[data-textes] summary").click()
    found += faults(tab)
    tab.goto(site / "/contribuer/projets/")
    tab.get_by_label("Titre").fill("Un bus")
    tab.wait_for_timeout(KEPT)
    tab.goto(site / "/contribuer/")
    found += faults(tab)
    tab.goto(site / "/contribuer/projets/")
    found += faults(tab)
    tab.goto(address)
    tab.context.clear_cookies(name="csrftoken")
    save(tab)
    found += faults(tab)
    tab.context.clear_cookies()
    tab.evaluate("localStorage.clear()")
    assert found == []
