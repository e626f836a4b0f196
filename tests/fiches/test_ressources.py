"""Resources: what a card and a page say, the file, demo, editors' desk."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fiches.attached import Contact
from fiches.choice_lists import Choix
from fiches.ressources.declaration import load_ressources
from fiches.ressources.models import Ressource
from tests.conftest import as_read, csv_rows
from tests.factories.ressources import RessourceFactory
from tests.projets.formulaire import change_url, posted


def page(client, address=None):
    response = client.get(address or reverse("ressources:list"))
    assert response.status_code == 200
    return as_read(response).replace("\xa0", " ")


def document(name="guide.pdf"):
    return ContentFile(b"%PDF-1.7" + bytes(420_000), name=name)


# The list


@pytest.mark.django_db
def test_a_card_says_where_a_resource_comes_from_and_what_it_is(client):
    RessourceFactory(
        titre="Cartographie nationale",
        source="Agence nationale (ANCT)\n[adresse masquée]",
        types=["Outils"],
        thematiques=["Numérique"],
        lien="https://www.cartographie.exemple.bzh/lieux",
        fichier=document(),
    )
    RessourceFactory(titre="Brouillon", draft=True)
    content = page(client)
    for text in ("Agence nationale (ANCT) [adresse masquée]", ">Outils</li>", ">Numérique</li>"):
        assert text in content
    assert "<span>Lien vers cartographie.exemple.bzh</span>" in content
    assert "<span>PDF, 420 Ko</span>" in content
    assert "Brouillon" not in content
    assert "contact@" not in content


# The page


@pytest.mark.django_db
def test_the_page_leads_to_the_link_and_to_the_file(client, settings, django_assert_num_queries):
    ressource = RessourceFactory(
        titre="Dix gestes",
        source="Collectif Dor Digor",
        types=["Guide"],
        thematiques=["Accueil", "Numérique"],
        lien="https://www.exemple.bzh/gestes?a=1&b=2",
        fichier=document(),
    )
    page(client, ressource.get_absolute_url())  # what is held until the data change is read
    with django_assert_num_queries(7):  # versions; the resource, its types, thématiques, themes and files; who reads
        content = page(client, ressource.get_absolute_url())
    assert "<title>Collectif Dor Digor : Dix gestes | LabAccès</title>" in content
    assert 'href="https://www.exemple.bzh/gestes?a=1&amp;b=2" rel="noopener">Ouvrir la page sur exemple.bzh' in content
    assert f'href="{ressource.fichier.url}" download>' in content
    assert "Télécharger le fichier (PDF, 420 Ko)" in content
    for address in ("?type=guide", "?thematique=accueil", "?thematique=numerique"):
        assert f'href="/ressources/{address}"' in content
    assert "pas encore en ligne" not in content
    [row] = csv_rows(client.get(reverse("ressources:csv")))
    assert list(row) == [
        *("identifiant", "titre", "source", "types", "thematiques", "fait", "themes"),
        *("lien", "fichier_url", "publiee_le", "modifiee_le", "url", "licence"),
    ]
    assert row["fichier_url"] == settings.SITE_URL + ressource.fichier.url


@pytest.mark.django_db
def test_a_page_without_link_nor_file_says_so(client):
    content = page(client, RessourceFactory(lien="", nom_origine="guide.pdf").get_absolute_url())
    assert "Le lien ou le fichier de cette ressource n’est pas encore en ligne." in content
    assert "guide.pdf" not in content


# Demo


@pytest.mark.long
@pytest.mark.django_db
def test_demo_resources_are_public_and_their_depositors_are_not(client):
    assert load_ressources() == 6
    assert Ressource.objects.published().count() == 6
    depositors = Contact.objects.filter(role=Contact.Role.DEPOSANT)
    assert depositors.count() == 4
    assert depositors.get(nom="Tifenn Kerampoul").fonction == "Centre social Ar Vro"
    shown = [page(client), b"".join(client.get(reverse("ressources:csv")).streaming_content).decode()]
    shown += [page(client, ressource.get_absolute_url()) for ressource in Ressource.objects.all()]
    for depositor in depositors:
        assert not any(depositor.nom in text or depositor.courriel in text for text in shown)


# The editors' desk


@pytest.mark.django_db
def test_an_editor_adds_a_resource_with_its_file_and_choices(client, anne):
    guide = Choix.objects.create(liste=Choix.Liste.TYPE_RESSOURCE, nom="Guide")
    accueil = Choix.objects.create(liste=Choix.Liste.THEMATIQUE, nom="Accueil")
    upload = SimpleUploadedFile("Dix gestes.pdf", b"%PDF-1.7")
    typed = {"titre": "Dix gestes", "types": [guide.pk], "thematiques": [accueil.pk], "lien": "exemple.bzh/gestes"}
    typed |= {"statut": "publiee", "fichier": upload}
    response = client.post(reverse("admin:ressources_ressource_add"), posted(client, Ressource, **typed))
    assert response.status_code == 302, response.context["errors"]
    ressource = Ressource.objects.get()
    assert (ressource.lien, ressource.fichier.size) == ("https://exemple.bzh/gestes", 8)
    assert ressource.fichier.name.startswith("ressources/")
    assert ressource.mots_affiches == ["Guide", "Accueil"]
    assert [found.pk for found in Ressource.objects.search("guide accueil")] == [ressource.pk]
    change = page(client, change_url(ressource))
    assert 'accept=".pdf,.odt,.ods,.odp,.docx,.xlsx,.pptx,.jpg,.jpeg,.png,.webp"' in change
    assert "20 Mo au plus." in change
