"""Resources from the old site's dump, and the persons who deposited them."""

from functools import partial

import pytest
from django.urls import reverse

from fiches.attached import Contact
from fiches.ressources.models import Ressource
from reprise.models import Anomalie, Origine
from socle.annuaire.models import Entree
from socle.recherche.models import Indexe
from tests.reprise.extrait import take_type

pytestmark = pytest.mark.django_db

DEPOSITOR = ("LOÏC", "JÉZÉQUEL")

WITH_FILE = """\
Guide des droits
Guide des droits
Fichier : guide_des_droits.pdf
Télécharger
Source
Collectif Dor Digor
Type de ressources
- Guide
- Outils
Thématique de votre ressource
- Accueil
- Numérique
Ou ajouter un lien URL
pas un lien
Prénom
Maëlle
NOM
Kerbrat
Votre organisation
Centre social Ar Vro
""".encode()


take_over = partial(take_type, "ressource")


def counts(report):
    return {etat: number for etat, number in report.fiches["ressource"].items() if number}


def test_the_resource_of_the_extract_is_made_exactly():
    report = take_over()
    assert counts(report) == {"lues": 1, "creees": 1}
    assert report.anomalies == []
    ressource = Ressource.objects.published().get()
    assert ressource.titre == "Cartographie nationale des lieux d'inclusion numérique"
    assert ressource.source == "Agence nationale de la cohésion des territoires (ANCT)"
    assert [choix.nom for choix in ressource.types.all()] == ["Outils"]
    assert [choix.nom for choix in ressource.thematiques.all()] == ["Numérique"]
    assert ressource.lien == "https://cartographie.societenumerique.gouv.fr/cartographie"
    contact = Contact.objects.get(entree=ressource.pk)
    assert (contact.role, contact.nom, contact.fonction) == (Contact.Role.DEPOSANT, "LOÏC JÉZÉQUEL", "MEL")
    assert not contact.accord


def test_the_depositor_stands_on_no_page_in_no_file_no_index_no_version(client):
    take_over()
    ressource = Ressource.objects.get()
    shown = [client.get(address).content.decode() for address in (reverse("home"), reverse("ressources:list"))]
    shown.append(client.get(ressource.get_absolute_url()).content.decode())
    shown.append(b"".join(client.get(reverse("ressources:csv")).streaming_content).decode())
    for model in (Entree, Ressource, Ressource.history.model, Origine, Anomalie, Indexe):
        shown.append(str(list(model.objects.values())))
    for name in DEPOSITOR:
        assert not any(name.casefold() in text.casefold() for text in shown)
        assert not Ressource.objects.search(name).exists()


def test_lists_files_and_odd_links_are_taken_over_or_reported():
    report = take_over(WITH_FILE)
    ressource = Ressource.objects.get()
    assert [choix.nom for choix in ressource.types.all()] == ["Guide", "Outils"]
    assert [choix.nom for choix in ressource.thematiques.all()] == ["Accueil", "Numérique"]
    assert (ressource.nom_origine, bool(ressource.fichier), ressource.lien) == ("guide_des_droits.pdf", False, "")
    noted = {(anomalie["type"], anomalie["texte"]) for anomalie in report.anomalies}
    assert ("fichier_manquant", "guide_des_droits.pdf") in noted
    assert ("lien_a_verifier", "pas un lien") in noted
