"""Pages hold together when enlarged, spaced out, recoloured or still; each is read under its own policy."""

import re
from itertools import pairwise

import pytest

from tests.navigateur.conftest import TELEPHONE
from tests.navigateur.pages import BUREAU, SORTES

# WCAG 1.4.12, set by script: the site's policy refuses outside style sheets.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
                     p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
# Elements whose box hides their own words, unless on purpose (.sr) or by scrolling.
CUT = """() => [...document.querySelectorAll('body *')].filter(e => {
  if (!e.checkVisibility() || e.closest('.sr, .evitement, .defile, svg, audio, select, option, textarea')) return false;
  const words = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  const style = getComputedStyle(e);
  if (!words || style.overflow === 'visible' || style.clipPath !== 'none') return false;
  return e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1;
}).map(e => e.outerHTML.slice(0, 150))"""
WIDE = """() => [...document.querySelectorAll('body *')].filter(e => {
  if (!e.checkVisibility() || e.closest('.sr, .evitement, .defile, svg')) return false;
  const box = e.getBoundingClientRect();
  return box.width && (box.right > innerWidth + 1 || box.left < -1);
}).map(e => e.outerHTML.slice(0, 150))"""
BEYOND = "all => all.filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth).map(e => e.id)"
MOVING = """() => [...document.querySelectorAll('*')].filter(e => {
  const style = getComputedStyle(e);
  return [style.transitionDuration, style.animationDuration].some(d => d.split(',').some(v => parseFloat(v) > 0.01))
    || style.scrollBehavior === 'smooth';
}).map(e => e.outerHTML.slice(0, 150))"""
# Forced colours leave only the system's colours, without backgrounds: a field or button needs a border, or a line if it
# looks like a link; a link in a text needs its line.
UNSEEN = """() => [...document.querySelectorAll('a, button, summary, input, select, textarea')].filter(e => {
  if (!e.checkVisibility() || e.closest('.sr, .evitement')) return false;
  if (e.type === 'checkbox' || e.type === 'radio' || e.type === 'hidden') return false;
  const style = getComputedStyle(e);
  if (style.forcedColorAdjust === 'none') return true;
  const boxed = e.matches('input, select, textarea, button, .bouton, .bt');
  const border = style.borderStyle !== 'none' && style.borderWidth !== '0px';
  const line = style.textDecorationLine !== 'none';
  return boxed ? !border && !line : e.matches('main p a') && !line;
}).map(e => e.outerHTML.slice(0, 150))"""


@pytest.fixture(scope="module")
def tab(browser, browser_context_args):
    """One page for all: opening one takes as long as a look at it."""
    context = browser.new_context(**browser_context_args | {"viewport": {"width": 320, "height": 640}})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", SORTES)
def test_a_page_bends_to_its_reader(site, tab, name):
    """320 px wide (1280 px enlarged to 400 %), without motion; then spaced out; then forced colours."""
    tab.emulate_media(reduced_motion="reduce", forced_colors="none")
    tab.goto(site.page(name))
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    assert tab.evaluate(WIDE) == []
    assert tab.evaluate(CUT) == []
    assert tab.evaluate(MOVING) == []
    tab.evaluate(SPACED)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    assert tab.evaluate(CUT) == []
    tab.emulate_media(forced_colors="active")
    assert tab.evaluate(UNSEEN) == []


def test_the_words_of_a_map_are_in_the_colours_that_its_reader_forces(site, page):
    page.emulate_media(forced_colors="active")
    for name in ("home", "projets:carte"):
        page.goto(site.page(name))
        ink, paper = page.evaluate("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
        fills = "all => [...new Set(all.map(e => getComputedStyle(e).fill))]"
        assert page.locator(".carte .mots text, .carte .feu circle").evaluate_all(fills) == [ink]
        assert page.locator(".carte .nb text").evaluate_all(fills) in ([paper], [])


# Link circles and words of the drawing: (left, top, width, height, whether a link).
DRAWN = """() => [...document.querySelectorAll('.planche > svg :is(a circle, .mots text)')].flatMap(e => {
  const box = e.getBoundingClientRect();
  return box.width ? [[box.left, box.top, box.width, box.height, e.localName === 'circle']] : [];
})"""


@pytest.mark.parametrize("width", [320, 1280])
def test_no_link_of_a_map_is_under_24_px_and_nothing_lies_over_another(site, page, width):
    page.set_viewport_size({"width": width, "height": 844})
    for address in ("/carte/", "/carte/?cadre=france", "/projets/carte/", "/projets/carte/?cadre=morbihan"):
        page.goto(site / address)
        drawn = page.evaluate(DRAWN)
        lights = [one for one in drawn if one[4]]
        assert lights, address
        assert min(min(one[2:4]) for one in lights) >= 24, address
        for rank, (left, top, wide, high, _) in enumerate(lights):
            for left2, top2, wide2, high2, _ in lights[rank + 1 :]:
                apart = ((left + wide / 2 - left2 - wide2 / 2) ** 2 + (top + high / 2 - top2 - high2 / 2) ** 2) ** 0.5
                assert apart >= (wide + wide2) / 2 - 2, address


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, TELEPHONE])
def test_nothing_lies_over_the_filters(site, page, size):
    page.set_viewport_size(size)
    for address in ("/projets/", "/projets/?departement=56", "/projets/?montant_min=20k", "/recherche/?q=accueil"):
        page.goto(site / address)
        if page.locator(".avec-filtres .repli > summary").is_visible():
            page.locator(".avec-filtres .repli").evaluate("e => { e.open = true; }")
        fixed = "all => all.map(e => getComputedStyle(e).position).filter(p => p === 'sticky' || p === 'fixed')"
        assert page.locator(".filtres, .filtres *").evaluate_all(fixed) == []


@pytest.mark.parametrize("address", ["/projets/tableau/", "/indemnisation/tableau/"])
def test_on_a_phone_a_row_of_a_table_folds_and_says_all_that_it_holds(site, page, address):
    page.set_viewport_size(TELEPHONE)
    page.goto(site / address)
    assert page.locator(".defile").evaluate("e => e.scrollWidth <= e.clientWidth")
    said = "e => getComputedStyle(e, '::before').content.replaceAll('\"', '').split('\u00a0:')[0]"
    cells = page.locator("tbody tr").first.locator("td:not(:empty)").all()
    assert [cell.evaluate(said) for cell in cells] == [cell.get_attribute("data-l") for cell in cells]
    assert page.locator("thead a").first.is_visible()  # sorting links stay


@pytest.mark.parametrize(("asked", "kept"), [("montant_min=20k", "20k"), ("theme=zz", "zz"), ("departement=zz", "")])
@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, TELEPHONE])
def test_what_mends_a_filter_that_cannot_be_read_has_the_focus(site, page, asked, kept, size):
    """A field keeps its text; a facet of boxes has none, so its first box has the focus."""
    page.set_viewport_size(size)
    page.goto(site / f"/projets/?{asked}")
    name, _, wrong = asked.partition("=")
    focused = page.locator(":focus")
    assert focused.get_attribute("name") == name
    assert focused.get_attribute("type") == ("text" if kept else "checkbox")
    assert not kept or focused.input_value() == kept
    said = page.locator(f"#{focused.get_attribute('aria-describedby')}")
    assert said.is_visible()
    assert kept == "20k" or f"«\u00a0{wrong}\u00a0» n’existe pas" in said.inner_text()
    assert "Ce filtre n’a pas été appliqué" in page.locator("#bilan").inner_text()


def test_a_sheet_of_a_hundred_words_prints_on_one_page(site, page):
    page.goto(site / "/projets/?q=berric")
    page.locator(".fiche h3 a").first.click()
    assert len(page.locator(".prose").inner_text().split()) > 100
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))) == 1
    page.set_viewport_size(TELEPHONE)  # facts and filters are folded there
    page.emulate_media(media="print")
    assert page.locator(".faits").is_visible()
    assert not page.locator(".outils").is_visible()
    page.goto(site / "/projets/")
    assert not page.locator("form").filter(visible=True).count()


@pytest.mark.parametrize("name", [name for name in BUREAU if name.endswith(" changelist")])
def test_a_list_of_the_desk_is_read_on_a_phone_without_scrolling_sideways(site, page, sign_in, name):
    sign_in()
    page.set_viewport_size(TELEPHONE)
    page.goto(site.page(name))
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    assert page.evaluate("[...document.querySelectorAll('.results')].every(e => e.scrollWidth <= e.clientWidth)")


@pytest.mark.parametrize("name", [name for name in BUREAU if name.endswith((" change", " history"))])
def test_a_form_of_the_desk_fits_the_narrowest_phone(site, page, sign_in, name):
    sign_in()
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(site.page(name))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    fields = page.locator("#content .form-row :is(select, input, textarea):not(.inline-group *, .indemnites *)")
    assert fields.evaluate_all(BEYOND) == []


def test_an_address_pasted_in_the_search_is_no_wider_than_a_phone(site, page):
    page.set_viewport_size(TELEPHONE)
    page.goto(site / f"/recherche/?q={'a' * 300}")
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]


def test_what_goes_together_stands_side_by_side(site, page):
    page.set_viewport_size(TELEPHONE)
    page.goto(site.page("recherche d’un mot"))
    pairs = page.evaluate("""[...document.querySelectorAll('.fiche .lieu')].map(e =>
      [e.querySelector('.voyant'), e.querySelector('span')].map(one => one.getBoundingClientRect().toJSON()))""")
    assert pairs
    assert all(icon["right"] <= words["left"] for icon, words in pairs)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site.page("projets:carte"))
    filters = page.get_by_role("link", name="Filtrer").bounding_box()
    files = page.locator(".emporter").bounding_box()
    assert 0 < files["x"] - filters["x"] - filters["width"] < 50


def test_questions_of_several_lines_do_not_run_into_one_another(site, page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(site / "/indemnisation/")  # the longest questions
    page.locator(".fiche h3 a").first.click()
    with page.expect_navigation():  # a click alone returns while the page before stands
        page.get_by_role("link", name="Proposer une correction").first.click()
    rows = page.evaluate("[...document.querySelectorAll('form summary')].map(e => e.getBoundingClientRect().toJSON())")
    assert max(row["height"] for row in rows) > 60
    assert all(below["top"] >= above["bottom"] for above, below in pairwise(rows))
