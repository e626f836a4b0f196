"""Links of mails: what opens, what does not, and that reading them changes nothing."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import include, path
from django.utils import timezone

from socle.courrier.liens import LienInvalide, adresse, issue, read, revoke
from socle.courrier.models import Lien
from socle.courrier.texte import JETON
from socle.courrier.views import PageALien
from socle.formulaires.views import PageDeFormulaire
from tests.addresses import every_address
from tests.factories import ThemeFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Confirmer(PageALien):
    """A page as rooms write them: it shows a theme, and a POST renames it."""

    usage = "essai"

    def render_to_response(self, context, **kwargs):
        return HttpResponse(f"Confirmer {context['sujet'].nom} ?")

    def act(self, request):
        self.sujet.nom = "Confirmé"
        self.sujet.save()


urlpatterns = [
    path("confirmer/<str:jeton>/", Confirmer.as_view(), name="confirmer"),
    path("", include("labacces.urls")),
]


@pytest.fixture
def theme():
    return ThemeFactory(nom="Cantine")


@pytest.fixture
def jeton(theme):
    return issue("essai", theme, duree=DAY)


def test_a_link_opens_its_subject(theme, jeton):
    assert read("essai", jeton) == theme
    assert issue("essai", theme, duree=DAY) != jeton


def test_it_is_kept_as_a_digest_only(jeton):
    row = Lien.objects.values().get()
    assert jeton not in str(row)
    assert jeton.removeprefix("lien-") not in str(row)
    assert JETON.fullmatch(jeton)


def test_whatever_is_wrong_is_the_same_answer(theme, jeton):
    wrong = [
        jeton[:-1] + ("A" if jeton[-1] != "A" else "B"),
        jeton.swapcase(),
        jeton + "A",
        jeton + "\n",
        f" {jeton}",
        "",
        "lien-",
        "x" * 100_000,
        "lien-" + "é" * 43,
        jeton[:-1] + "\x00",
        Lien.objects.get().empreinte,
    ]
    for one in wrong:
        with pytest.raises(LienInvalide):
            read("essai", one)
    with pytest.raises(LienInvalide):
        read("annuler", jeton)
    Lien.objects.update(expire_le=timezone.now())
    with pytest.raises(LienInvalide):
        read("essai", jeton)


def test_a_link_dies_with_its_subject_and_when_it_is_withdrawn(theme, jeton):
    other = issue("annuler", theme, duree=DAY)
    assert revoke(theme, "essai") == 1
    with pytest.raises(LienInvalide):
        read("essai", jeton)
    assert read("annuler", other) == theme
    theme.delete()
    with pytest.raises(LienInvalide):
        read("annuler", other)


@pytest.mark.urls(__name__)
def test_the_address_is_that_of_the_site_whoever_asks(settings, jeton):
    settings.SITE_URL = "https://labacces.exemple.bzh"
    assert adresse("confirmer", jeton) == f"https://labacces.exemple.bzh/confirmer/{jeton}/"


# Pages


def test_every_page_of_a_link_and_every_public_form_passes_as_browsers_send_it():
    views = [pattern.callback for *_, pattern in every_address()]
    guarded = [view for view in views if issubclass(getattr(view, "view_class", object), PageALien | PageDeFormulaire)]
    assert len(guarded) > 10
    assert [view.view_class.__name__ for view in guarded if not getattr(view, "csrf_exempt", False)] == []


@pytest.mark.urls(__name__)
def test_every_bad_link_gets_one_page_that_says_what_to_do(client, theme, jeton):
    expired = issue("essai", theme, duree=-DAY)
    other = issue("annuler", theme, duree=DAY)
    bodies = set()
    for bad in (expired, other, jeton[:-1], "x", "lien-" + "A" * 43, "%00", "é"):
        for method in (client.get, client.post):
            answer = method(f"/confirmer/{bad}/")
            assert answer.status_code == 404
            assert bad not in answer.content.decode() or len(bad) == 1
            bodies.add(answer.content)
    assert len(bodies) == 1
    assert "Ce lien ne fonctionne plus" in bodies.pop().decode()
    theme.refresh_from_db()
    assert theme.nom == "Cantine"


@pytest.mark.urls(__name__)
def test_pages_with_a_token_leave_no_trace(client, jeton):
    for target in (f"/confirmer/{jeton}/", "/confirmer/faux/"):
        answer = client.get(target)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex"
