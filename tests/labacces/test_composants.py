"""The gallery of components renders each of them in each of its states."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, reverse

from fiches import registre
from labacces.composants import composants, etats
from tests.factories import ProjetFactory, ThemeFactory, factory_of

ROOT = Path(settings.BASE_DIR) / "templates"
# Computed lines of the pages about the site; the link of a mail; the answers of a survey, which its card shows.
ELSEWHERE = {"pages/_plan.html", "pages/_rgaa.html", "pages/_donnees.html", "courriels/_lien.html"}
ELSEWHERE |= {
    "enquetes/_quatre.html",
    "contributions/_vous.html",
    "contributions/_plus_tard.html",
}
ELSEWHERE |= {f"contributions/_{name}.html" for name in ("etapes", "semblables", "bande", "envoyer", "navigateur")}
COMPONENTS = {
    path.relative_to(ROOT).as_posix()
    for path in [*(ROOT / "components").glob("*.html"), *ROOT.glob("*/_*.html")]
    if path.parent.name not in ("admin", "courriels")  # of public pages: the style of mails stands in them
} - ELSEWHERE


@pytest.fixture
def records(places):
    theme = ThemeFactory(nom="Cantine")
    for number in range(12):
        ProjetFactory(titre=f"Portail {number}", departement_id="56", montant_eur=1000 * number, themes=[theme])
    for declaration in registre.types():
        factory_of(declaration.model)(titre="Une fiche au titre assez long pour passer à la ligne")
        factory_of(declaration.model)()


@pytest.mark.django_db
def test_each_component_is_shown(rf, records):
    request = rf.get("/")
    request.user = AnonymousUser()
    assert {gabarit for gabarit, _, _ in etats(request)} == COMPONENTS


@pytest.mark.django_db
def test_the_gallery_is_a_page_on_any_site(rf, admin_user):
    """Empty or not; ids may be there twice, since components are."""
    request = rf.get("/composants/")
    request.user = admin_user
    assert composants(request).status_code == 200
    ProjetFactory(draft=True)
    assert composants(request).status_code == 200


def test_it_is_not_served_by_production():
    with pytest.raises(NoReverseMatch):
        reverse("composants")
