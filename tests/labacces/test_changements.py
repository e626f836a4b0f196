"""The whole journal of the desk: who changed what and when."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from fiches.suivi import corbeille
from projets.models import Projet
from socle.comptes.roles import REDACTION
from tests import sampling
from tests.conftest import cost
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory, member
from tests.factories.glossaire import TermeFactory
from tests.factories.participants import InscriptionFactory

pytestmark = pytest.mark.django_db

CANARY = "Kerinventé"


def titles(client, query=""):
    return [changement.titre for changement in client.get(f"/admin/journal/{query}").context["changements"]]


@pytest.fixture
def work(client, anne):
    """A project that Anne made and a task changed, a word, a theme renamed, somebody registered."""
    projet = ProjetFactory(titre="Écoles de Berric", draft=True)
    projet.history.update(history_user=anne, history_date="2026-01-15T23:30:00+01:00")
    projet.change({"objectifs": "Corrigés"}, reason="Import n° 7 d’un fichier CSV")
    TermeFactory(titre="Guichet").delete()
    corbeille.throw_away(TermeFactory(titre="Accès"))
    corbeille.take_back(corbeille.throw_away(TermeFactory(titre="Écran")))
    erased = corbeille.throw_away(TermeFactory(titre="Effacé"))
    client.post(f"/admin/glossaire/terme/{erased.pk}/effacer/")
    theme = ThemeFactory(nom="Accueil")
    LogEntry.objects.log_actions(anne.pk, [theme], CHANGE, "Réécrit.", single_object=True)
    inscription = InscriptionFactory(nom=CANARY)
    gone = {"deleted": {"name": "réponse", "object": CANARY}}
    changed = {"changed": {"name": "personne", "object": CANARY, "fields": ["Commentaire"]}}
    for message in ([gone], [gone, changed]):
        LogEntry.objects.log_actions(anne.pk, [inscription], CHANGE, message, single_object=True)
    LogEntry.objects.filter(content_type__model="inscription").update(object_repr=CANARY)
    return projet, inscription


def test_the_journal_tells_records_and_lists_and_of_a_visitor_s_row_its_number_and_fields(client, work):
    inscription = work[1]
    answer = client.get("/admin/journal/")
    found = {(one.titre, one.quoi, one.qui): one for one in answer.context["changements"]}
    imported = found["Écoles de Berric", "Import n° 7 d’un fichier CSV", "une tâche automatique"]
    assert imported.historique == "/admin/projets/projet/importer/faits/7/"
    assert ("Écoles de Berric", "création", "Anne Le Goff") in found
    assert {quoi for titre, quoi, _ in found if titre == "Effacé"} == {"suppression"}
    assert found["Écran", "Mise à la corbeille", "une tâche automatique"].historique
    assert found["Accueil", "Réécrit.", "Anne Le Goff"].adresse.endswith("/change/")
    for gone in (
        ("Effacé", "suppression", "Anne Le Goff"),
        ("Accès", "Mise à la corbeille", "une tâche automatique"),
        ("Guichet", "suppression", "une tâche automatique"),
        ("Guichet", "création", "une tâche automatique"),
    ):
        assert found[gone].adresse == "", gone
    said = {quoi for titre, quoi, _ in found if titre == f"Inscription n° {inscription.pk}"}
    assert {"modification", "Modification de Commentaire."} <= said
    assert CANARY not in answer.content.decode()


@sampling.mostly_long(
    ("query", "expected"),
    [
        ("?par=aucune&liste=projets.Projet", {"Écoles de Berric"}),
        ("?liste=fiches.Theme", {"Accueil"}),
        ("?quoi=-", {"Guichet", "Accès", "Écran", "Effacé"}),
        ("?mot=import", {"Écoles de Berric"}),
        (f"?mot={CANARY}", set()),
        ("?du=2026-01-15&au=2026-01-15", {"Écoles de Berric"}),
        ("?au=2026-01-14", set()),
        ("?du=demain&par=x&liste=auth.User&quoi=z&p=99&mot=ecoles", {"Écoles de Berric"}),
    ],
    one_in=3,
)
def test_the_journal_is_narrowed(client, work, query, expected):
    assert set(titles(client, query)) == expected


def test_the_journal_names_who_did_something_and_says_which_days_it_reads(client, anne, work):
    UtilisateurFactory(is_staff=True)
    form = client.get("/admin/journal/?au=9999-12-31").context["form"]
    assert [value for value, _ in form.fields["par"].choices] == ["", str(anne.pk), "aucune"]
    assert form.errors == {"au": ["Donnez une date entre 2000 et 2100."]}


def test_the_journal_keeps_to_the_lists_that_one_may_open(client, work):
    client.force_login(member(REDACTION))
    found = titles(client)
    assert "Écoles de Berric" in found
    assert "Accueil" in found
    assert not [titre for titre in found if titre.startswith("Inscription")]
    client.force_login(UtilisateurFactory(is_staff=True))
    assert titles(client) == []


@pytest.mark.long
def test_the_journal_is_paged_and_costs_the_same_whatever_its_size(client, anne):
    fiche = ProjetFactory()
    few = cost(client, "/admin/journal/")
    version = Projet.history.get()
    Projet.history.bulk_create(
        Projet.history.model(
            **{f.attname: getattr(version, f.attname) for f in version._meta.concrete_fields if not f.primary_key}
            | {"history_date": timezone.now(), "titre": f"Version {number}"}
        )
        for number in range(120)
    )
    assert cost(client, "/admin/journal/") == few <= 7
    assert len(titles(client, "?liste=projets.Projet&p=3")) == 21
    assert fiche.titre in titles(client, "?liste=projets.Projet&p=3")
