"""No fault that axe can find on any page, wide or on a phone (WCAG 2.0 to 2.2, A and AA, and best practice)."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.navigateur.conftest import BUREAU, TELEPHONE
from tests.navigateur.pages import BUREAU as PAGES_DU_BUREAU
from tests.navigateur.pages import PUBLIQUES

SOMBRES = ["home", "projets:list", "projets:detail", "glossaire:list", "podcast:list", "recherche"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
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
    """One page for all. Axe styles elements while it looks, which the policy of the site forbids: it is set aside, and
    other tests read pages under it.
    """
    context = browser.new_context(**browser_context_args, bypass_csp=True)
    yield context.new_page()
    context.close()


def faults(tab) -> list[str]:
    """What axe finds at each width, each with the element and why."""
    found = []
    for width, size in SIZES.items():
        tab.set_viewport_size(size)
        found += [
            f"{width} {fault['id']}: {node['html'][:200]} ({node['failureSummary'][:300]})"
            for fault in Axe().run(tab, options=OPTIONS).response["violations"]
            for node in fault["nodes"]
        ]
    return found


@pytest.mark.parametrize("name", PUBLIQUES)
def test_a_public_page_has_no_fault(site, tab, name):
    tab.goto(site.page(name))
    assert faults(tab) == []


# Forms that come back: the page, what is written into it (nothing else is), and the words that say so.
REVENUS = {
    "formulaire vide": ("formulaire avec des questions", {}, "comporte 6 erreurs"),
    "formulaire trop vite": ("inscriptions:inscrire", GENS, "très rapide"),
    "correction en erreur": ("mon inscription, en attente", {"#id_nom": ""}, "comporte 3 erreurs"),
    "message vide": ("contacter:fiche", {}, "comporte 4 erreurs"),
    "message à l’équipe, vide": ("contacter:equipe", {}, "comporte 4 erreurs"),
    "exploration vide": ("explorations:participer", {}, "comporte 4 erreurs"),
    "correction d’exploration en erreur": ("explorations:personnelle", {"#id_nom": ""}, "comporte 1 erreur"),
    "nouveau lien en erreur": ("inscriptions:lien", {"#id_courriel": "nolwenn"}, "comporte 1 erreur"),
}


@pytest.mark.parametrize("name", REVENUS)
def test_a_form_that_comes_back_has_no_fault(site, tab, name):
    page, fields, words = REVENUS[name]
    tab.goto(site.page(page))
    for field, value in fields.items():
        tab.check(field) if value is True else tab.fill(field, value)
    tab.locator("main form[novalidate] button[type=submit]").click()
    assert words in tab.get_by_role("alert").inner_text()
    assert tab.title().startswith("Erreur")
    assert faults(tab) == []


def test_what_a_link_refuses_is_said_without_fault(site, tab):
    tab.goto(site.page("confirmer, annulée"))
    tab.locator("main button").click()
    assert "a été annulée" in tab.get_by_role("alert").inner_text()
    assert faults(tab) == []


def test_that_a_link_was_sent_is_said_without_fault(site, tab):
    tab.goto(site.page("inscriptions:lien"))
    tab.fill("#id_courriel", "inconnue@exemple.bzh")
    tab.wait_for_timeout(3100)  # as long as the form thinks a person needs
    tab.locator("main button").click()
    assert "C’est fait" in tab.get_by_role("status").inner_text()
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
