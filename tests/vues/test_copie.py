"""The program of docs/copies.md keeps a copy in step with a site that changes."""

import re

import pytest
from django.conf import settings as site_settings
from django.test import Client

from fiches import registre
from fiches.suivi import corbeille
from fiches.suivi.fusion import merge
from socle.annuaire.models import Statut
from socle.journal.models import Ligne
from socle.journal.writing import renew
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.vues.lecture import get

EXAMPLE = "https://labacces.example.org/api/v1/changements"


def program() -> str:
    (code,) = re.findall(
        r"```python\n(.*?)```", (site_settings.BASE_DIR / "docs/copies.md").read_text("utf-8"), re.DOTALL
    )
    return code


@pytest.mark.django_db
def test_the_page_of_the_api_shows_the_same_program(client, read):
    shown = [one.text for one in read("/api/v1/").all("pre")]
    here = program().replace(EXAMPLE, f"{site_settings.SITE_URL}/api/v1/changements")
    assert " ".join(here.split()) in shown


def everything():
    """All that the API answers of each list, by key."""
    found, client = {}, Client()
    for declaration in registre.types():
        page = get(client, f"/api/v1/{declaration.adresse}?limite=1000")
        found[declaration.cle] = {str(one["identifiant"]): one for one in page["resultats"]}
    return found


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_it_follows_what_comes_changes_and_leaves_and_begins_again_after_a_purge(
    live_server, settings, tmp_path, monkeypatch
):
    settings.SITE_URL = live_server.url
    monkeypatch.chdir(tmp_path)
    code, asked = compile(program().replace("https://labacces.example.org", live_server.url), "copies.md", "exec"), []

    def copied():
        space = {}
        import urllib.request

        real = urllib.request.urlopen
        monkeypatch.setattr(urllib.request, "urlopen", lambda address: asked.append(address) or real(address))
        exec(code, space)  # the program, as its user runs it
        monkeypatch.setattr(urllib.request, "urlopen", real)
        return {name: value for name, value in space["copie"].items() if name != "curseur"}

    theme = ThemeFactory(nom="Accueil")
    one, kept, lost, left, thrown = ProjetFactory.create_batch(5, themes=[theme])
    for declaration in registre.types():
        factory_of(declaration.model)(themes=[theme])
    assert copied() == everything()

    def rename():
        theme.nom = "Accueillir"
        theme.save()

    def withdraw():
        left.statut = Statut.RETIREE
        left.save()

    def back():
        withdraw()
        left.statut = Statut.PUBLIEE
        left.save()

    def purge():
        one.change({"titre": "Avant la purge"})
        left.delete()
        Ligne.objects.all().delete()
        one.change({"titre": "Après la purge"})

    def restore():
        renew()
        kept.change({"titre": "Restaurée"})

    for change in (
        lambda: one.change({"titre": "Autrement"}),
        lambda: merge(kept, lost, {}),
        withdraw,
        lambda: corbeille.throw_away(thrown),
        back,
        rename,
        lambda: ProjetFactory.create_batch(60),  # more than one part of the log
        purge,
        restore,
    ):
        change()
        del asked[:]
        assert copied() == everything()
        assert len(asked) <= 20
        assert (f"{live_server.url}/api/v1/changements" in asked) == (change in (purge, restore))
    assert copied() == everything()  # nothing changed: one question
    asked.clear()
    copied()
    assert len(asked) == 1
