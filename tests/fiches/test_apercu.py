"""The preview of a record that is not public: its very page, for the staff who may read it, and for nobody else."""

from itertools import product

import pytest
from django.contrib.auth.models import Permission

from fiches import registre
from fiches.attached import Contact
from socle.annuaire.models import Statut
from socle.comptes.roles import ANIMATION, REDACTION
from tests.conftest import some_types
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory, factory_of, member
from tests.projets.formulaire import change_url
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db

BAND = "Aperçu : cette fiche n’est pas publiée."


def sheet(declaration, **fields):
    """A record of any type, with a text in each of its free texts."""
    texts = dict.fromkeys(declaration.model.textes, "Un texte entier.")
    return factory_of(declaration.model)(**{"titre": "Cantine ouverte", "statut": Statut.BROUILLON, **texts, **fields})


@pytest.fixture
def editor(client):
    client.force_login(member(REDACTION))


@mostly_long(  # each state for two types, almost each type in one state
    "declaration, statut",
    product(registre.types(), [Statut.BROUILLON, Statut.A_RELIRE, Statut.RETIREE]),
    one_in=4,
    ids=lambda one: getattr(one, "cle", one),
)
def test_the_staff_read_a_record_on_its_page(client, editor, read, declaration, statut):
    fiche = sheet(declaration, statut=statut)
    page = read(f"/apercu/{fiche.pk}/")
    assert BAND in page.text
    assert page.one("h1").text == "Cantine ouverte"
    assert not declaration.model.textes or "Un texte entier." in page.text
    assert f'href="/admin/{fiche._meta.app_label}/{fiche._meta.model_name}/{fiche.pk}/change/"' in page.html
    assert client.get(fiche.get_absolute_url()).status_code == 404


@some_types
def test_but_for_its_band_it_is_the_public_page(client, editor, read, declaration):
    fiche = sheet(declaration, themes=[ThemeFactory()])
    preview = client.get(f"/apercu/{fiche.pk}/")
    fiche.statut = Statut.PUBLIEE
    fiche.save()
    public = client.get(fiche.get_absolute_url())
    assert BAND not in public.content.decode()
    # A preview is not made to be shared, nor cited, and nobody writes about it yet.
    alone = {"components/apercu.html", "components/partage.html", "components/qui_lira.html", "components/citer.html"}
    assert [t.name for t in preview.templates if t.name not in alone] == [
        t.name for t in public.templates if t.name not in alone
    ]
    for name in ("sections", "keys", "declaration"):
        assert preview.context[name] == public.context[name], name


def test_it_is_indexed_and_kept_nowhere_and_the_form_leads_to_it(client, editor):
    fiche, public = ProjetFactory(draft=True), ProjetFactory()
    response = client.get(f"/apercu/{fiche.pk}/")
    assert f'<a href="/apercu/{fiche.pk}/">Aperçu</a>' in client.get(change_url(fiche)).content.decode()
    assert "/apercu/" not in client.get(change_url(public)).content.decode()
    assert not response.cookies
    b"".join(client.get("/projets.csv").streaming_content)
    for address in ("/", public.get_absolute_url(), "/projets/"):
        assert not client.get(address).cookies, "those of the staff bring theirs"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"] == "private, no-store"
    assert "Cookie" in response["Vary"]


@some_types
def test_nobody_else_learns_that_it_exists(client, declaration):
    fiche = sheet(declaration)
    anonymous = client.get(f"/apercu/{fiche.pk}/")
    missing = client.get(f"/apercu/{fiche.pk + 1000}/")
    assert anonymous.status_code == missing.status_code == 404
    assert "login" not in anonymous.content.decode()
    assert fiche.titre not in anonymous.content.decode()
    assert not anonymous.cookies
    for person in (UtilisateurFactory(), UtilisateurFactory(is_staff=False), UtilisateurFactory(is_active=False)):
        client.force_login(person)
        assert client.get(f"/apercu/{fiche.pk}/").status_code == 404
    # A reader of another type.
    others = [other for other in registre.types() if other is not declaration]
    member = UtilisateurFactory()
    member.user_permissions.set(
        Permission.objects.filter(codename__in=[f"view_{other.model._meta.model_name}" for other in others])
    )
    client.force_login(member)
    assert client.get(f"/apercu/{fiche.pk}/").status_code == 404


def test_someone_without_the_staff_status_is_not_let_in_by_their_rights(client):
    fiche = ProjetFactory(draft=True)
    person = UtilisateurFactory(is_staff=False, is_superuser=True)
    client.force_login(person)
    assert client.get(f"/apercu/{fiche.pk}/").status_code == 404


def test_a_public_record_answers_at_its_own_address(client, editor):
    fiche = ProjetFactory()
    response = client.get(f"/apercu/{fiche.pk}/")
    assert (response.status_code, response["Location"]) == (302, fiche.get_absolute_url())
    assert client.get(f"/apercu/{10**30}/").status_code == 404
    assert response["Cache-Control"] == "private, no-store"


@some_types
def test_it_says_what_was_written_and_hides_nobody_by_itself(client, declaration):
    Contact.objects.create(entree=ProjetFactory().entree, nom="Nolwenn Kerinventé")
    text = "Écrire à Nolwenn Kerinventé."
    fiche = sheet(declaration, titre="Vu par Nolwenn Kerinventé", **dict.fromkeys(declaration.model.textes, text))
    for role in (REDACTION, ANIMATION):
        client.force_login(member(role))
        assert "Vu par Nolwenn Kerinventé" in client.get(f"/apercu/{fiche.pk}/").content.decode()
