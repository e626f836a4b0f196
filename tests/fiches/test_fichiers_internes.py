"""Files that the team keeps for itself: in the form of their record, and nowhere else."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from fiches.attached import FichierInterne, FichierJoint
from fiches.suivi import corbeille, fusion
from socle.comptes.roles import ANIMATION, REDACTION
from tests.conftest import TYPES, PageLue
from tests.factories import UtilisateurFactory, factory_of, member
from tests.factories.ressources import RessourceFactory
from tests.medias import hostiles
from tests.projets.formulaire import change_url, posted
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def disque(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "socle.medias.disque.MediasSurDisque"}}
    return settings.MEDIA_ROOT


def keep(fiche, nom="convention.docm") -> FichierInterne:
    row = FichierInterne(entree=fiche.entree, nom=nom, raison="Ce document contient des macros.")
    row.fichier.save(nom, ContentFile(hostiles.OLE))
    row.save()
    return row


@pytest.mark.long
@mostly_long("cle", TYPES, one_in=3)
def test_the_form_of_its_record_hands_it_over_to_who_may_read_the_record(client, cle):
    fiche = factory_of(TYPES[cle].model)()
    row, page = keep(fiche), fiche.get_absolute_url()
    assert row.nom not in client.get(page).content.decode()
    assert row.fichier.name not in client.get(page).content.decode()
    client.force_login(member(REDACTION))
    shown = PageLue(client.get(change_url(fiche)))
    (link,) = [one["href"] for one in shown.all("a") if one.text == "convention.docm"]
    answer = client.get(link)
    assert answer["Content-Disposition"] == 'attachment; filename="convention.docm"'
    assert b"".join(answer.streaming_content) == hostiles.OLE
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"][:17]) == ("nosniff", "private, no-store")
    assert client.get(f"/media/{row.fichier.name}").status_code == 404
    client.force_login(UtilisateurFactory())
    assert client.get(link).status_code == 404
    client.logout()
    assert client.get(link).status_code == 302, "to the page that asks who one is"


def test_nobody_gets_it_by_another_record_nor_from_the_bin(client):
    fiche, other = RessourceFactory(), RessourceFactory()
    row = keep(fiche)
    client.force_login(member(REDACTION))
    assert client.get(reverse("admin:ressources_ressource_interne", args=[other.pk, row.pk])).status_code == 404
    corbeille.throw_away(fiche)
    for role, status in ((REDACTION, 404), (ANIMATION, 200)):
        client.force_login(member(role))
        answer = client.get(reverse("admin:ressources_ressource_interne", args=[fiche.pk, row.pk]))
        assert answer.status_code == status
        assert status == 404 or b"".join(answer.streaming_content) == hostiles.OLE


@pytest.mark.django_db(transaction=True)
def test_somebody_throws_it_away_and_joins_another_in_its_place(client, disque):
    fiche = RessourceFactory()
    row = keep(fiche)
    client.force_login(member(REDACTION))
    data = posted(client, fiche) | {"fichiers_internes-0-DELETE": "on", "fichiers-TOTAL_FORMS": "1"}
    data |= {
        "fichiers-0-titre": "La convention",
        "fichiers-0-fichier": ContentFile(hostiles.pdf(), name="convention.pdf"),
    }
    assert client.post(change_url(fiche), data).status_code == 302
    assert not FichierInterne.objects.exists()
    assert not (disque / row.fichier.name).exists()
    joint = FichierJoint.objects.get()
    assert (joint.entree_id, joint.titre) == (fiche.pk, "La convention")
    assert "La convention (PDF, " in PageLue(client.get(fiche.get_absolute_url())).text
    assert b"".join(client.get(joint.fichier.url).streaming_content) == hostiles.pdf()


@pytest.mark.django_db(transaction=True)
def test_it_follows_its_record_into_another_and_leaves_with_it(disque):
    kept, lost = RessourceFactory(), RessourceFactory()
    row = keep(lost)
    fusion.merge(kept, lost, {})
    row.refresh_from_db()
    assert row.entree_id == kept.pk
    kept.refresh_from_db()
    corbeille.throw_away(kept)
    corbeille.erase(kept.entree)
    assert not FichierInterne.objects.exists()
    assert not (disque / row.fichier.name).exists()
