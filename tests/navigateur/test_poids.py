"""What a page weighs: elements, requests, bytes, and their EcoIndex.

EcoIndex: https://github.com/cnumr/ecoindex_reference, its quantiles of 2020.
"""

import pytest

from tests.navigateur.pages import COMPAREES, SORTES

DOM = (0, 47, 75, 159, 233, 298, 358, 417, 476, 537, 603, 674, 753, 843, 949, 1076, 1237, 1459, 1801, 2479, 594601)
REQUESTS = (0, 2, 15, 25, 34, 42, 49, 56, 63, 70, 78, 86, 95, 105, 117, 130, 147, 170, 205, 281, 3920)
KILOBYTES = (
    *(0, 1.37, 144.7, 319.53, 479.46, 631.97, 783.38, 937.91, 1098.62, 1265.47, 1448.32, 1648.27, 1876.08, 2142.06),
    *(2465.37, 2866.31, 3401.59, 4155.73, 5400.08, 8037.54, 223212.26),
)
LISTS = [name for name in SORTES if name.endswith((":list", ":tableau")) or name.startswith(("liste", "recherche"))]
LISTS += COMPAREES
# All of France with its outlines; six surveys of twenty-three questions side by side.
LARGE = ("recherche:carte", "enquêtes comparées")
# Pages of a proposal: static/saisie.js makes the browser keep what is typed.
GARDEES = [name for name in SORTES if name.startswith("contributions:")] + ["proposer un mot"]
# Pages that grow with the site, and the fullest pages: forms of a few fields weigh less.
LOURDES = [name for name in SORTES if name.endswith((":detail", ":carte", ":chiffres", ":imprimer"))]
LOURDES += [*LISTS, *GARDEES, "home", "explorations:liste", "pages:plan-du-site", "formulaire avec des questions"]


def quantile(steps, value) -> float:
    """Rank of `value` among `steps`, interpolated between two of them."""
    for rank in range(1, len(steps)):
        if value < steps[rank]:
            return rank - 1 + (value - steps[rank - 1]) / (steps[rank] - steps[rank - 1])
    return len(steps) - 1


def ecoindex(elements, requests, kilobytes) -> int:
    """0 to 100, the more the better; A above 80."""
    dom, asked, size = quantile(DOM, elements), quantile(REQUESTS, requests), quantile(KILOBYTES, kilobytes)
    return round(100 - 5 * (3 * dom + 2 * asked + size) / 6)


def test_the_formula_gives_the_figures_of_its_authors():
    """An example of the reference: 100 elements, 100 requests, 100 kB give 72."""
    assert ecoindex(100, 100, 100) == 72
    assert ecoindex(0, 0, 0) == 100


@pytest.mark.parametrize("name", dict.fromkeys(LOURDES))
def test_a_page_is_light(site, page, name, record_property):
    answers, bodies = [], {}
    page.on("response", lambda answer: answers.append(answer))
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(site.page(name))
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function("[...document.images].every(image => image.complete)")  # images further down are lazy
    page.evaluate("document.fonts.ready")
    for answer in answers:
        kind = answer.request.resource_type
        bodies[kind] = bodies.get(kind, 0) + len(answer.body())
    transferred = sum(answer.request.sizes()["responseBodySize"] for answer in answers) / 1000
    elements = page.evaluate("document.querySelectorAll('*').length - document.querySelectorAll('svg *').length")
    score = ecoindex(elements, len(answers), transferred)
    record_property("poids", f"{elements} elements, {len(answers)} requests, {transferred:.1f} kB, EcoIndex {score}")
    assert score > 80
    assert len(answers) <= (6 if name in GARDEES else 5)
    assert bodies.pop("font", 0) <= 13_000
    assert bodies.pop("image", 0) <= 3_000
    assert sum(bodies.values()) <= (76_000 if name in LARGE else 69_000 if name in GARDEES else 60_000)
    assert bodies.get("stylesheet", 0) <= 34_000
    assert bodies.get("script", 0) <= (11_000 if name in GARDEES else 3_000)
    assert bodies["document"] <= (44_000 if name in LARGE else 30_000)
    if name.endswith(":detail"):
        assert score >= 85
    if name in LISTS:
        assert elements <= 390
