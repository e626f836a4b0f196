"""`manage.py reindexer`, and the index that follows what it names."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fiches.choice_lists import Choix
from fiches.initiatives.models import Initiative
from fiches.ressources.models import Ressource
from projets.models import Projet
from socle.annuaire.models import Entree, Statut
from socle.journal.models import Ligne
from socle.recherche.models import Indexe, Mot
from socle.recherche.query import matching
from socle.territoires.models import Commune, Departement, Region
from tests.factories import ProjetFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def found(text):
    return set(matching(Entree.objects.published(), text).values_list("pk", flat=True))


def verify(capsys):
    """What --verifier says; "" if nothing differs."""
    try:
        call_command("reindexer", verifier=True, verbosity=0)
    except CommandError as error:
        return f"{capsys.readouterr().out}{error}"
    capsys.readouterr()
    return ""


def state():
    return [list(model.objects.order_by("pk").values()) for model in (Entree, Indexe, Mot)]


def test_it_says_what_differs_and_writes_nothing_then_mends_it(capsys):
    words = ("un", "deux", "trois", "cinq")
    fiches = [ProjetFactory(titre=f"Portail {word}", description="Une cantine") for word in words]
    draft = ProjetFactory(titre="Brouillon", draft=True)
    before = state()
    assert verify(capsys) == ""
    Indexe.objects.filter(pk=fiches[0].pk).update(corps="")
    Entree.objects.filter(pk=fiches[1].pk).update(lieu="Ailleurs")
    Projet.objects.filter(pk=fiches[2].pk).update(statut=Statut.RETIREE)
    Indexe.objects.filter(pk=fiches[3].pk).delete()
    Indexe.objects.create(entree=draft.entree, tete="brouillon", corps="", marques="mbrouillon")
    Mot.objects.create(forme="zanzibar", ecrit="zanzibar")
    wrong = state()
    said = verify(capsys)
    assert state() == wrong
    for words in (
        f"projet {fiches[0].pk} (Portail un) : index, texte",
        f"projet {fiches[1].pk} (Portail deux) : annuaire, lieu",
        f"projet {fiches[2].pk} (Portail trois) : dans l’index sans être publiée",
        f"projet {fiches[3].pk} (Portail cinq) : absente de l’index",
        f"projet {draft.pk} (Brouillon) : dans l’index sans être publiée",
        "mot « zanzibar » : dans aucune fiche",
        "Lancez « manage.py reindexer »",
    ):
        assert words in said
    Projet.objects.filter(pk=fiches[2].pk).update(statut=Statut.PUBLIEE)
    call_command("reindexer", verbosity=0)
    assert verify(capsys) == ""
    assert state() == before


@pytest.mark.long
def test_one_that_is_killed_keeps_what_it_did_and_leaves_a_site_that_works(monkeypatch, capsys):
    from fiches.management.commands import reindexer

    fiches = ProjetFactory.create_batch(5, titre="Portail")
    Indexe.objects.filter(pk=fiches[0].pk).delete()
    Entree.objects.filter(pk__in=[fiches[1].pk, fiches[4].pk]).update(titre="Autre")
    told = Ligne.objects.count()
    rebuild, blocks = reindexer.Command.rebuild, []

    def killed(self, *args):
        blocks.append(rebuild(self, *args))
        assert found("portail") >= {fiche.pk for fiche in fiches[1:]}, "readers find everything while it runs"
        if len(blocks) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(reindexer, "BLOCK", 2)
    monkeypatch.setattr(reindexer.Command, "rebuild", killed)
    with pytest.raises(KeyboardInterrupt):
        call_command("reindexer", verbosity=0)
    assert found("portail") == {fiche.pk for fiche in fiches}
    assert "annuaire, titre" in verify(capsys)
    assert [row.entree for row in Ligne.objects.order_by("numero")[told:]] == [fiches[1].pk]  # its pages say it already
    call_command("reindexer", verbosity=0)
    assert verify(capsys) == ""


def test_what_is_right_already_is_not_written_again():
    ProjetFactory.create_batch(3, titre="Portail")
    call_command("reindexer", verbosity=0)
    with CaptureQueriesContext(connection) as queries:
        call_command("reindexer", verbosity=0)
    (written,) = (query["sql"] for query in queries if query["sql"].startswith("UPDATE"))
    assert "journal_compteur" in written  # every process reads anew what somebody may have written by hand


# Names that documents hold


def rename(row, nom):
    row.nom = nom
    row.save()


def test_a_renamed_theme_place_or_choice_is_found_by_its_new_name(capsys, places):
    theme = ThemeFactory(nom="Ancien thème")
    acteur = Choix.objects.create(liste="type-acteur", nom="Ancien acteur")
    mode = Choix.objects.create(liste="type-ressource", nom="Ancien mode")
    projet = ProjetFactory(titre="Un", themes=[theme], commune_id="56260", departement_id="56")
    initiative = Initiative(titre="Deux", type_acteur=acteur, statut=Statut.PUBLIEE)
    initiative.save()
    ressource = Ressource(titre="Trois", statut=Statut.PUBLIEE)
    ressource.save()
    ressource.types.add(mode)
    assert found("mode ancien") == {ressource.pk}
    for row, fiche in (
        (theme, projet),
        (acteur, initiative),
        (mode, ressource),
        (Commune.objects.get(pk="56260"), projet),
        (Departement.objects.get(pk="56"), projet),
        (Region.objects.get(departements="56"), projet),
    ):
        rename(row, f"Zanzibar {type(row).__name__}")
        assert fiche.pk in found(f"zanzibar {type(row).__name__}"), row
        assert found("ancien") == found("ancien") - {fiche.pk}
        assert verify(capsys) == ""
