"""Two editors on one sheet."""

from functools import partial

import pytest
from django.test import Client

from fiches.attached import Contact
from projets.models import Annexe, Projet
from tests import sampling
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory
from tests.projets.formulaire import change_url, posted, resent
from tests.together import THREADS, together

pytestmark = pytest.mark.django_db


@pytest.fixture
def anne():
    return editor("Anne", "Le Goff")


@pytest.fixture
def yann():
    return editor("Yann", "Kerbrat")


def editor(first_name, last_name):
    client = Client()
    client.force_login(UtilisateurFactory(is_superuser=True, first_name=first_name, last_name=last_name))
    return client


def test_the_second_is_told_and_loses_nothing_typed(anne, yann):
    theme = ThemeFactory(nom="Accueil")
    projet = ProjetFactory(titre="Portail", description="Au départ", objectifs="Au départ", collectivite="Broons")
    hers, his = posted(anne, projet), posted(yann, projet)
    hers |= {"description": "Le texte d’Anne", "objectifs": "Les objectifs d’Anne", "themes": [theme.pk]}
    assert anne.post(change_url(projet), hers).status_code == 302
    his |= {"description": "Le texte de Yann", "suivi": "Le suivi de Yann"}
    his |= {"contacts-TOTAL_FORMS": "1", "contacts-0-role": "auteur", "contacts-0-nom": "Ewen Le Bras"}
    response = yann.post(change_url(projet), his)
    assert response.status_code == 200
    page = response.content.decode()
    assert "par Anne Le Goff, pendant que vous y travailliez" in page
    form = response.context["adminform"].form
    assert {(row.label, row.maintenant, row.saisie, row.repris) for row in form.concurrence.ecarts} == {
        ("description synthétique du projet", "Le texte d’Anne", "Le texte de Yann", False),
        ("objectifs", "Les objectifs d’Anne", "Au départ", True),
        ("thèmes", "Accueil", "", True),
    }
    for words in ("Le texte d’Anne", "Les objectifs d’Anne", "Le suivi de Yann", "Ewen Le Bras", "maintenant :"):
        assert words in page
    again = resent(response)
    assert (again["description"], again["suivi"]) == ("Le texte de Yann", "Le suivi de Yann")
    assert again["contacts-0-nom"] == "Ewen Le Bras"
    projet.refresh_from_db()
    assert (projet.description, projet.suivi, projet.version) == ("Le texte d’Anne", "", 2)
    assert not Contact.objects.exists()

    assert yann.post(change_url(projet), again).status_code == 302
    projet.refresh_from_db()
    assert (projet.description, projet.objectifs) == ("Le texte de Yann", "Les objectifs d’Anne")
    assert (projet.suivi, projet.version, list(projet.themes.all())) == ("Le suivi de Yann", 3, [theme])
    assert Contact.objects.get().nom == "Ewen Le Bras"
    assert projet.history.count() == 3


@pytest.mark.long
def test_what_was_typed_stays_with_its_own_errors(anne, yann):
    projet = ProjetFactory(montant_eur=10)
    his = posted(yann, projet, montant_eur="beaucoup")
    anne.post(change_url(projet), posted(anne, projet, montant_eur="20"))
    form = yann.post(change_url(projet), his).context["adminform"].form
    [ecart] = form.concurrence.ecarts
    assert (ecart.maintenant, ecart.saisie, ecart.repris) == ("20\xa0€", "beaucoup", False)
    assert form["montant_eur"].value() == "beaucoup"
    assert "montant_eur" in form.errors


@pytest.mark.long
def test_a_third_save_is_told_too(anne, yann):
    projet = ProjetFactory()
    his = posted(yann, projet, objectifs="Yann")
    anne.post(change_url(projet), posted(anne, projet, objectifs="Anne"))
    again = resent(yann.post(change_url(projet), his))
    anne.post(change_url(projet), posted(anne, projet, objectifs="Encore Anne"))
    response = yann.post(change_url(projet), again)
    assert response.context["adminform"].form.concurrence.ecarts[0].maintenant == "Encore Anne"


@pytest.mark.long
def test_a_change_of_persons_or_files_alone_is_told_as_well(anne, yann):
    projet = ProjetFactory()
    Contact.objects.create(entree=projet.entree, nom="Maëlle Riou")
    his = posted(yann, projet)
    anne.post(change_url(projet), posted(anne, projet) | {"contacts-0-telephone": "02 97 00 00 00"})
    assert projet.history.count() == 1
    response = yann.post(change_url(projet), his | {"contacts-0-fonction": "maire"})
    assert "par Anne Le Goff" in response.content.decode()
    assert response.context["adminform"].form.concurrence.ecarts == []
    assert Contact.objects.get().telephone == "02 97 00 00 00"


@pytest.mark.long
def test_a_person_deleted_meanwhile_can_still_be_saved_again(anne, yann):
    projet = ProjetFactory()
    for nom in ("Maëlle Riou", "Ewen Le Bras"):
        Contact.objects.create(entree=projet.entree, nom=nom)
    his = posted(yann, projet) | {"contacts-0-fonction": "maire", "contacts-1-fonction": "adjoint"}
    anne.post(change_url(projet), posted(anne, projet) | {"contacts-0-DELETE": "on"})
    response = yann.post(change_url(projet), his)
    assert "supprimée par quelqu’un d’autre" in response.content.decode()
    again = resent(response)
    assert (again["contacts-0-nom"], again["contacts-1-nom"]) == ("Ewen Le Bras", "Maëlle Riou")
    assert yann.post(change_url(projet), again).status_code == 302
    assert dict(Contact.objects.values_list("nom", "fonction")) == {"Ewen Le Bras": "adjoint", "Maëlle Riou": "maire"}


@pytest.mark.long
def test_a_file_deleted_meanwhile_does_not_block_the_form(anne, yann):
    projet = ProjetFactory()
    annexe = Annexe.objects.create(projet=projet, titre="Devis")
    his = posted(yann, projet) | {"annexes-0-titre": "Devis signé"}
    annexe.delete()
    response = yann.post(change_url(projet), his)
    assert "supprimée par quelqu’un d’autre" in response.content.decode()
    assert yann.post(change_url(projet), resent(response)).status_code == 302
    assert Annexe.objects.get().titre == "Devis signé"


@pytest.mark.long
@sampling.mostly_long("version", [None, "", "x", "99", "-1", "9" * 30], one_in=3)
def test_a_form_without_a_version_that_was_shown_saves_nothing(anne, version):
    projet = ProjetFactory(objectifs="Ici")
    data = posted(anne, projet, objectifs="Là")
    data.pop("version_lue") if version is None else data.update(version_lue=version)
    response = anne.post(change_url(projet), data)
    assert response.status_code == 200
    assert response.context["adminform"].form.concurrence
    projet.refresh_from_db()
    assert projet.objectifs == "Ici"


@THREADS
@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_refused():
    """The real race: both posted at the same moment, in two threads with their own connections."""
    projet = ProjetFactory()
    clients = [editor("Anne", "Le Goff"), editor("Yann", "Kerbrat")]
    data = [posted(client, projet, objectifs=f"Texte {number}") for number, client in enumerate(clients)]
    saves = [partial(client.post, change_url(projet), typed) for client, typed in zip(clients, data, strict=True)]
    assert sorted(answer.status_code for answer in together(*saves)) == [200, 302]
    assert Projet.objects.get().version == 2
    assert projet.history.count() == 2
