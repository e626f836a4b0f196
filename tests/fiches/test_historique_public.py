"""What a public record said before: its published versions, what each changed, and nothing of anybody."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fiches.suivi import public_history
from fiches.suivi.fusion import merge
from fiches.suivi.models import VersionMasquee
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.comptes.roles import ANIMATION, REDACTION
from tests.conftest import PageLue, as_read, some_types
from tests.factories import ProjetFactory, ThemeFactory, factory_of, member

pytestmark = pytest.mark.django_db


def read(client, fiche, **query) -> str:
    response = client.get(reverse("historique", args=[fiche.pk]), query)
    assert response.status_code == 200
    return as_read(response)


def version_page(fiche, number):
    record = fiche.history.get(version=number)
    return reverse("admin:projets_projet_simple_history", args=[fiche.pk, record.history_id])


@some_types
def test_each_type_tells_what_it_said_before(client, declaration):
    fiche = factory_of(declaration.model)(titre="Un premier titre")
    fiche.change({"titre": "Un second titre"})
    page = read(client, fiche)
    trail = page.partition("<main")[0].partition("Fil d’Ariane")[2]
    assert f'<a href="{fiche.get_absolute_url()}">Un second titre</a>' in trail
    assert '<del><span class="sr">[retiré : </span>premier' in page
    assert '<ins><span class="sr">[ajouté : </span>second' in page


def test_what_was_no_public_version_is_not_told(client):
    projet = ProjetFactory(statut=Statut.BROUILLON, description="Une ébauche secrète.")
    projet.change({"description": "Une ébauche reprise."})
    projet.change({"description": "Un texte publié.", "statut": Statut.PUBLIEE}, reason="Raison de la maison")
    projet.change({"description": "Un texte publié et mené à bien."}, user=member(ANIMATION, first_name="Nolwenn"))
    page = read(client, projet)
    for unsaid in ("ébauche", "Raison de la maison", "Nolwenn"):
        assert unsaid not in page
    assert "Première version publiée" in page
    assert "mené à bien" in page
    assert page.count("<h2><time ") == 2


def test_a_version_is_told_by_its_moment_hidden_or_not_and_by_no_number(client):
    """A number would tell of those that were not public; of a day there may be two."""
    projet = ProjetFactory(statut=Statut.BROUILLON)
    for number in range(3):
        projet.change({"description": f"Texte {number}.", "statut": Statut.PUBLIEE})
        day = datetime(2026, 3, 2, 9 + number, 5, tzinfo=timezone.get_default_timezone())
        projet.history.filter(version=projet.version).update(history_date=day)
    public_history.hide(projet, 3, "illicite", user=member(ANIMATION))
    headings = PageLue(client.get(reverse("historique", args=[projet.pk]))).one("main").all("h2")
    assert [one.text for one in headings] == [f"2 mars 2026 à {hour} h 05" for hour in (11, 10, 9)]


def test_a_version_of_the_old_site_has_no_moment(client):
    projet = ProjetFactory()
    projet.history.update(datee=False)
    page = PageLue(client.get(reverse("historique", args=[projet.pk]))).one("main")
    assert page.one("h2").text == "Reprise de l’ancien site, sans date"
    assert not page.all("time")


@pytest.mark.parametrize("statut", [Statut.BROUILLON, Statut.RETIREE, Statut.A_RELIRE])
def test_a_record_that_is_not_public_has_no_history(client, statut):
    projet = ProjetFactory()
    projet.change({"statut": statut})
    assert client.get(reverse("historique", args=[projet.pk])).status_code == 404


def test_a_deleted_record_is_gone_with_its_history(client):
    projet = ProjetFactory()
    projet.change({"statut": Statut.CORBEILLE})
    assert client.get(reverse("historique", args=[projet.pk])).status_code == 410


def test_a_hidden_version_says_why_and_nothing_of_what_it_held(client):
    projet = ProjetFactory(description="Le début.")
    projet.change({"description": "Le début, et une calomnie."})
    projet.change({"description": "Le début, et la suite."})
    client.force_login(member(ANIMATION))
    response = client.post(version_page(projet, 2), {"masquer": "mise-en-cause"}, follow=True)
    assert "masquée au public" in response.content.decode()
    client.logout()
    page = read(client, projet)
    assert "calomnie" not in page
    assert "elle mettait quelqu’un en cause" in page
    assert "la suite" in page
    client.force_login(member(ANIMATION))
    client.post(version_page(projet, 2), {"masquer": ""})
    assert not VersionMasquee.objects.exists()


def test_the_next_after_a_hidden_first_is_not_called_the_first(client):
    projet = ProjetFactory(description="Une calomnie.")
    projet.change({"description": "Un début."})
    public_history.hide(projet, 1, "mise-en-cause", user=member(ANIMATION))
    page = read(client, projet)
    assert "Première version publiée" not in page
    assert "Rien n’a changé" not in page
    assert "calomnie" not in page


@pytest.mark.parametrize(("role", "number"), [(REDACTION, 1), (ANIMATION, 2)])
def test_who_does_not_publish_hides_nothing_and_nobody_hides_what_the_page_shows(client, role, number):
    projet = ProjetFactory()
    projet.change({"description": "Autre chose."})
    client.force_login(member(role))
    assert client.post(version_page(projet, number), {"masquer": "personne"}).status_code == 403
    assert not VersionMasquee.objects.exists()


@pytest.mark.long
def test_what_each_version_points_to_is_read_once(client, places):
    costs = []
    read(client, ProjetFactory())  # what a process reads once, whichever test comes first
    for size in (2, 9):
        projet = ProjetFactory()
        for number in range(size):
            projet.change({"departement_id": "22" if number % 2 else "29", "themes": [ThemeFactory()]})
        with CaptureQueriesContext(connection) as queries:
            read(client, projet)
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.long
def test_any_number_of_a_page_is_answered_and_an_older_one_says_what_its_last_version_changed(client):
    projet = ProjetFactory(description="Texte zéro.")
    for number in range(public_history.PER_PAGE + 2):
        projet.change({"description": f"Texte {number}."})
    where = reverse("historique", args=[projet.pk])
    assert f'href="{where}"' in as_read(client.get(projet.get_absolute_url()))
    for asked in ("999", "0", "-1", "a", "9" * 30, "\0"):
        assert client.get(where, {"page": asked}).status_code == 200
    page = read(client, projet, page=2)
    assert "Première version publiée" in page
    assert "Texte" in page


def test_what_it_replaces_is_named_nowhere(client):
    draft = ProjetFactory(titre="Un brouillon secret", statut=Statut.BROUILLON)
    projet = ProjetFactory()
    projet.change({"remplace": draft, "description": "Autre chose."})
    assert "secret" not in read(client, projet)


def test_nobody_keeps_it(client):
    response = client.get(reverse("historique", args=[ProjetFactory().pk]))
    assert "no-store" in response["Cache-Control"]
    assert "ETag" not in response


def test_only_what_pages_and_files_print_is_compared():
    names = {field.name for field in public_history.public_fields(Projet)}
    assert {"titre", "description", "montant_eur", "suivi", "themes", "departement"} <= names
    assert not {"slug", "statut", "titre_court"} & names


def test_what_is_hidden_of_a_record_hides_nothing_of_the_one_it_is_merged_into(client):
    kept = ProjetFactory(titre="Un portail")
    lost = ProjetFactory(titre="Un portail bis", description="Une calomnie.")
    lost.change({"description": "Rien."})
    kept.change({"objectifs": "Répondre."})
    public_history.hide(lost, 1, "illicite", user=member(ANIMATION))
    kept = merge(kept, lost, {})
    assert not VersionMasquee.objects.filter(entree=kept.pk).exists()
    assert "Première version publiée" in read(client, kept)
    assert VersionMasquee.objects.get().entree_id == lost.pk, "should they be parted again"
