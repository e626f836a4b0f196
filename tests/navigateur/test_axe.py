"""No fault that axe can find on any page, wide or on a phone (WCAG 2.0 to 2.2, A and AA, and best practice)."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.navigateur.conftest import BUREAU, TELEPHONE
from tests.navigateur.pages import BUREAU as PAGES_DU_BUREAU
from tests.navigateur.pages import PUBLIQUES

SOMBRES = ["home", "projets:list", "projets:detail", "glossaire:list", "podcast:list", "recherche"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}}


@pytest.fixture(scope="module")
def browser_context_args(browser_context_args):
    """Axe styles elements while it looks, which the policy of the site forbids: other tests read pages under it."""
    return browser_context_args | {"bypass_csp": True}


def faults(page) -> list[str]:
    """What axe finds, each with the element and why."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:200]} ({node['failureSummary'][:300]})"
        for fault in found
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("size", [BUREAU, TELEPHONE], ids=["1280", "390"])
@pytest.mark.parametrize("name", PUBLIQUES)
def test_a_public_page_has_no_fault(site, page, name, size):
    page.set_viewport_size(size)
    page.goto(site.page(name))
    assert faults(page) == []


@pytest.mark.parametrize("name", SOMBRES)
def test_nor_in_the_dark(site, page, name):
    page.emulate_media(color_scheme="dark")
    page.goto(site.page(name))
    assert faults(page) == []


@pytest.mark.parametrize("name", PAGES_DU_BUREAU)
def test_a_page_of_the_desk_has_no_fault(site, page, sign_in, name):
    if name != "connexion":
        sign_in()
    page.goto(site.page(name))
    assert faults(page) == []
