"""Versions of a project: listed, compared, restored."""

import pytest
from django.urls import reverse

from fiches.choice_lists import Theme
from projets.models import Projet
from tests.conftest import as_read
from tests.factories import CommuneFactory, ProjetFactory, ThemeFactory
from tests.sampling import mostly_long, size

pytestmark = pytest.mark.django_db


def history_url(projet):
    return reverse("admin:projets_projet_history", args=[projet.pk])


def version_url(projet, number):
    return reverse("admin:projets_projet_simple_history", args=[projet.pk, projet.history.get(version=number).pk])


def changed(projet, themes=None, **values):
    """`projet` saved once more, by an editor if `themes` are given."""
    for name, value in values.items():
        setattr(projet, name, value)
    return projet.change({} if themes is None else {"themes": themes})


def test_history_says_who_when_and_what(client, anne):
    projet = ProjetFactory()
    projet._history_user = anne
    changed(projet, objectifs="Nouveaux", themes=[ThemeFactory()], statut="retiree")
    lines = client.get(history_url(projet)).context["lignes"]
    assert [(line["auteur"], line["changements"], line["premiere"]) for line in lines] == [
        ("Anne Le Goff", ["état (retirée)", "objectifs", "thèmes"], False),
        ("une tâche automatique", [], True),
    ]


def test_history_is_paged_without_losing_what_changed(client, anne, monkeypatch):
    monkeypatch.setattr("fiches.suivi.desk_views.HistoriqueAdmin.history_list_per_page", 2)
    projet = ProjetFactory()
    for number in range(2):
        changed(projet, objectifs=f"Texte {number}")
    lines = client.get(history_url(projet)).context["lignes"]
    assert [line["changements"] for line in lines] == [["objectifs"], ["objectifs"]]
    [line] = client.get(history_url(projet), {"p": 2}).context["lignes"]
    assert line["premiere"]
    assert client.get(history_url(projet), {"p": "x"}).status_code == 200


@pytest.mark.long
@pytest.mark.parametrize("size", [2, size(20, one_in=4)])
def test_history_costs_the_same_whatever_its_length(client, anne, size, django_assert_num_queries):
    projet, theme = ProjetFactory(), ThemeFactory()
    for number in range(size):
        changed(projet, objectifs=f"Texte {number}", themes=[theme] if number % 2 else [])
    with django_assert_num_queries(7):  # session, user, sheet, count, versions, their themes, an older one
        client.get(history_url(projet))


def test_two_versions_are_compared_word_by_word_in_words_too(client, anne):
    projet = ProjetFactory(objectifs="Ouvrir le portail <b> aux familles")
    changed(projet, objectifs="Ouvrir un portail <b> aux familles", themes=[ThemeFactory(nom="Accueil")])
    old, new = projet.history.order_by("history_id")
    address = reverse("admin:projets_projet_comparaison", args=[projet.pk])
    pages = [client.get(address, query) for query in ({"de": old.pk, "a": new.pk}, {"de": new.pk, "a": old.pk})]
    for page in (*pages, client.get(address, {"de": old.pk})):
        html = as_read(page)
        assert '<del><span class="visually-hidden">[retiré : </span>le ' in html
        assert '<ins><span class="visually-hidden">[ajouté : </span>un ' in html
        assert "portail &lt;b&gt; aux familles" in html
        assert "1 mot retiré, 1 mot ajouté" in html
        assert [change.label for change in page.context["differences"]] == ["objectifs", "thèmes"]
    assert "disent la même chose" in client.get(address, {"de": new.pk, "a": new.pk}).content.decode()


@mostly_long("query", [{}, {"de": "x"}, {"de": "0"}, {"de": "9" * 40}, {"de": "²"}], one_in=3)
def test_a_version_that_is_none_is_not_found(client, anne, query):
    projet = ProjetFactory()
    assert client.get(reverse("admin:projets_projet_comparaison", args=[projet.pk]), query).status_code == 404
    other = ProjetFactory().history.get().pk
    assert client.get(reverse("admin:projets_projet_simple_history", args=[projet.pk, other])).status_code == 404
    assert client.get("/admin/projets/projet/999999/history/").status_code == 404


def test_a_version_is_restored_as_a_new_one(client, anne):
    chosen = ThemeFactory()
    projet = ProjetFactory(titre="Avant", objectifs="Avant", themes=[chosen])
    slug = projet.slug
    changed(projet, titre="Après", objectifs="Après", slug="apres", themes=[ThemeFactory()])
    page = client.get(version_url(projet, 1)).content.decode()
    assert "Restaurer cette version" in page
    response = client.post(version_url(projet, 1), {"version_lue": 2}, follow=True)
    assert "La version 1 est restaurée" in response.content.decode()
    projet = Projet.objects.get()
    assert (projet.titre, projet.objectifs, projet.slug, projet.version) == ("Avant", "Avant", slug, 3)
    assert (list(projet.themes.all()), projet.themes_automatiques) == ([chosen], False)
    assert list(Projet.objects.search("avant")) == [projet]
    assert projet.entree.titre == projet.titre_affiche
    last = projet.history.order_by("-history_id").first()
    assert (projet.history.count(), last.version, last.history_user) == (3, 3, anne)
    assert (last.history_change_reason, [row.theme_id for row in last.themes.all()]) == (
        "Version 1 restaurée",
        [chosen.pk],
    )
    assert client.get("/projets/apres/").status_code == 301


def test_looking_at_a_version_restores_nothing(client, anne):
    projet = changed(ProjetFactory(), objectifs="Après")
    client.get(version_url(projet, 1))
    assert projet.history.count() == 2


def test_restoring_keeps_the_state_and_takes_no_address_from_another(client, anne):
    projet = ProjetFactory(titre="Portail", draft=True)
    changed(projet, slug="autre", statut="publiee", objectifs="Après")
    projet.entree.anciennes_adresses.all().delete()
    ProjetFactory(titre="Portail", slug="portail")
    client.post(version_url(projet, 1), {"version_lue": 2})
    projet = Projet.objects.get(pk=projet.pk)
    assert (projet.slug, projet.statut, projet.objectifs) == ("autre", "publiee", "")


def test_a_version_bears_that_what_it_points_to_is_gone(client, anne):
    theme, commune = ThemeFactory(nom="Ancien"), CommuneFactory()
    projet = ProjetFactory(commune=commune, themes=[theme])
    changed(projet, commune=None, themes=[ThemeFactory()])
    Theme.objects.get(nom="Ancien").delete()
    commune.delete()
    assert "thème supprimé" in client.get(version_url(projet, 1)).content.decode()
    client.post(version_url(projet, 1), {"version_lue": 2})
    projet = Projet.objects.get()
    assert (projet.commune, list(projet.themes.all()), projet.themes_automatiques) == (None, [], False)


@mostly_long("seen", ["1", "", "x", "²", "9" * 5000], one_in=3)
def test_a_sheet_that_moved_on_is_not_overwritten_by_a_restoration(client, anne, seen):
    projet = changed(ProjetFactory(), objectifs="Après")
    response = client.post(version_url(projet, 1), {"version_lue": seen}, follow=True)
    assert "rien n’a été restauré" in response.content.decode()
    projet.refresh_from_db()
    assert (projet.objectifs, projet.version) == ("Après", 2)
