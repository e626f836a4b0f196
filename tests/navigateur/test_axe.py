"""No fault that axe finds on any page, wide or on a phone (WCAG 2.0 to 2.2, A and AA, and best practice)."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.navigateur.conftest import BUREAU, TELEPHONE
from tests.navigateur.pages import BUREAU as PAGES_DU_BUREAU
from tests.navigateur.pages import SORTES

SOMBRES = ["home", "projets:list", "projets:detail", "enquêtes comparées", "glossaire:list", "inscriptions:inscrire"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# Rules that axe tries out, such as words that a name must hold; rows of Django's own forms fail one.
A_L_ESSAI = "experimental"
GENS = {
    "#id_prenom": "Nolwenn",
    "#id_nom": "Kerinvente",
    "#id_organisation": "Askoria",
    "#id_courriel": "n@exemple.bzh",
}
GENS |= {"#id_courriel": "n@exemple.bzh", "#id_journee_entiere_0": True, "#id_consentement": True}
SIZES = {"1280": BUREAU, "390": TELEPHONE}


@pytest.fixture(scope="module")
def tab(browser, browser_context_args):
    """One page for all. Axe styles elements, which the policy of the site forbids: it is off here; other tests read
    pages under it.
    """
    context = browser.new_context(**browser_context_args, bypass_csp=True)
    yield context.new_page()
    context.close()


def faults(tab, *rules: str) -> list[str]:
    """Faults at each width, with the element and the reason. `rules`: kinds of rules to add."""
    options = {"runOnly": {"type": "tag", "values": [*RULES, *rules]}, "resultTypes": ["violations"]}
    found = []
    for width, size in SIZES.items():
        tab.set_viewport_size(size)
        found += [
            f"{width} {fault['id']}: {node['html'][:200]} ({node['failureSummary'][:300]})"
            for fault in Axe().run(tab, options=options).response["violations"]
            for node in fault["nodes"]
        ]
    return found


@pytest.mark.parametrize("name", SORTES)
def test_a_public_page_has_no_fault(site, tab, name):
    tab.goto(site.page(name))
    assert faults(tab, A_L_ESSAI) == []


# Refused forms: the page, the only text written into it, and the message.
REVENUS = {
    "formulaire vide": ("formulaire avec des questions", {}, "comporte 6 erreurs"),
    "formulaire trop vite": ("inscriptions:inscrire", GENS, "très rapide"),
    "correction en erreur": ("mon inscription, en attente", {"#id_nom": ""}, "comporte 3 erreurs"),
    "message vide": ("contacter:fiche", {}, "comporte 4 erreurs"),
    "correction de fiche vide": ("contributions:correction", {}, "comporte 3 erreurs"),
    "signalement vide": ("contacter:signaler", {}, "comporte 1 erreur"),
    "exploration vide": ("explorations:participer", {}, "comporte 4 erreurs"),
    "nouveau lien en erreur": ("inscriptions:lien", {"#id_courriel": "nolwenn"}, "comporte 1 erreur"),
}


@pytest.mark.parametrize("name", REVENUS)
def test_a_form_that_comes_back_has_no_fault(site, tab, name):
    page, fields, words = REVENUS[name]
    tab.goto(site.page(page))
    for field, value in fields.items():
        tab.check(field) if value is True else tab.fill(field, value)
    tab.locator("main form[novalidate] button[type=submit]").first.click()
    assert words in tab.get_by_role("alert").inner_text()
    assert tab.evaluate("document.activeElement.id") == "erreurs"
    assert tab.title().startswith("Erreur")
    assert faults(tab) == []


def test_no_step_of_a_new_record_has_a_fault_right_or_wrong(site, tab):
    def answer(value):
        with tab.expect_navigation():  # a click alone returns before the next page is read
            tab.click(f"button[value={value}]")

    tab.goto(site / "/contribuer/projets/")
    tab.fill("#id_champ_titre", "Un bus des démarches")
    tab.wait_for_timeout(3100)
    found, seen = [], []
    while tab.locator("button[value=continuer]").count():
        found += faults(tab)
        seen.append(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        if tab.locator("#id_champ_montant_eur").count() and not tab.get_by_role("alert").count():
            tab.fill("#id_champ_montant_eur", "beaucoup")
        elif tab.get_by_role("alert").count():
            tab.fill("#id_champ_montant_eur", "8 200")
        answer("continuer")
    found += faults(tab)
    answer("envoyer")
    assert "comporte 3 erreurs" in tab.get_by_role("alert").inner_text()
    found += faults(tab)
    answer("plus-tard")
    found += faults(tab)
    answer("lien")
    assert "comporte 2 erreurs" in tab.get_by_role("alert").inner_text()
    found += faults(tab)
    assert found == []
    assert seen == [True] * 5  # four steps, one of them twice


def test_what_a_link_refuses_is_said_without_fault(site, tab):
    tab.goto(site.page("confirmer, annulée"))
    tab.locator("main button").click()
    assert "a été annulée" in tab.get_by_role("alert").inner_text()
    assert faults(tab) == []


@pytest.mark.parametrize("name", SOMBRES)
def test_nor_in_the_dark(site, tab, name):
    tab.emulate_media(color_scheme="dark")
    tab.goto(site.page(name))
    found = faults(tab)
    tab.emulate_media(color_scheme="light")
    assert found == []


@pytest.mark.parametrize("name", PAGES_DU_BUREAU)
def test_a_page_of_the_desk_has_no_fault(site, tab, cookies, name):
    tab.context.clear_cookies()
    if name != "connexion":
        tab.context.add_cookies(cookies("admin"))
    tab.goto(site.page(name))
    assert faults(tab) == []
