"""Personal data that the site keeps are declared, told to the public and purged to the day."""

from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.core.management import call_command
from django.db import models
from django.utils import timezone

from fiches.attached import Contact
from participants.explorations.models import Exploration
from participants.inscriptions import places
from participants.inscriptions.models import Inscription
from socle.annuaire.models import Entree, Statut
from socle.vie_privee import conservation, purge
from socle.vie_privee.conservation import declared, traitements
from socle.vie_privee.models import CleDuJour, Demande
from tests.factories import ProjetFactory, UtilisateurFactory
from tests.factories.participants import EvenementFactory, ExplorationFactory, InscriptionFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def purger(*options):
    out = StringIO()
    call_command("purger", *options, stdout=out)
    return out.getvalue()


def test_more_rows_than_a_block_holds_all_leave(monkeypatch):
    monkeypatch.setattr(purge, "BLOCK", 2)
    for number in range(5):
        Demande.objects.create(courriel=f"loeiza{number}@exemple.bzh", traitee_le=timezone.now() - 9999 * DAY)
    purger()
    assert not Demande.objects.exists()


# Nothing is left out


def test_every_text_of_every_table_is_declared():
    """A field that people write in is declared personal, with its purpose and duration, or not personal."""
    assert conservation.undeclared() == [], "déclarez ces champs : socle/vie_privee/conservation.py"


@pytest.mark.parametrize("name", ["courriel", "telephone", "remote_ip", "commentaire"])
def test_a_new_field_about_a_person_is_noticed(monkeypatch, name):
    field = models.CharField(max_length=9)
    field.set_attributes_from_name(name)
    theirs = conservation.texts

    def texts(model):
        return [*theirs(model), field] if model is Demande else theirs(model)

    monkeypatch.setattr(conservation, "texts", texts)
    expected = [] if name == "courriel" else [f"vie_privee.Demande.{name}"]
    assert conservation.undeclared() == expected


def test_even_on_a_record_a_field_called_after_a_person_must_be_declared(monkeypatch):
    projet = apps.get_model("projets.Projet")
    fields = [models.TextField(name=name) for name in ("telephone_du_maire", "freins")]
    for field in fields:
        field.set_attributes_from_name(field.name)
    theirs = conservation.texts
    monkeypatch.setattr(conservation, "texts", lambda model: [*theirs(model), *(fields if model is projet else ())])
    assert conservation.undeclared() == ["projets.Projet.telephone_du_maire"]


@pytest.mark.parametrize("traitement", traitements(), ids=lambda one: one.cle)
def test_an_entry_names_real_fields_and_says_everything(traitement):
    for name in traitement.champs:
        traitement.model._meta.get_field(name)
    for label, champs in traitement.avec:
        for name in champs:
            apps.get_model(label)._meta.get_field(name)
    for text in (traitement.titre, traitement.donnees, traitement.finalite, traitement.base, traitement.depart):
        assert text
    if traitement.echues:
        assert traitement.jours > 0
        variable = f"CONSERVATION_{traitement.cle.upper()}"
        for path in (".env.example", "docs/donnees-personnelles.md"):
            assert variable in (site_settings.BASE_DIR / path).read_text(), (variable, path)


def test_the_public_page_says_what_is_purged_and_when(read, settings):
    settings.CONSERVATION = site_settings.CONSERVATION | {"inscriptions": 41}
    page = read("/donnees-personnelles/")
    for one in declared():
        assert page.one("h3", id=f"donnees-{one.cle}").text == one.titre
    assert "41 jours après la fin de la rencontre" in page.text
    assert "RGPD" in page.text


# The purge, to the day


def test_a_registration_without_event_and_a_sheet_that_nobody_looked_at_again_count_from_their_own_day():
    now = timezone.now()
    kept, gone = [InscriptionFactory(cree_le=now - days * DAY) for days in (89, 91)]
    sheet, _ = [ExplorationFactory(cree_le=now - days * DAY) for days in (1094, 1096)]
    purger()
    assert list(Inscription.objects.filter(nom="")) == [gone]
    assert list(Inscription.objects.exclude(nom="")) == [kept]
    assert list(Exploration.objects.all()) == [sheet]


def test_a_doubtful_registration_that_is_accepted_late_is_kept_as_any_other():
    row = InscriptionFactory(evenement=EvenementFactory(), statut="a-verifier", cree_le=timezone.now() - 200 * DAY)
    places.admit(row)
    purger()
    assert Inscription.objects.exclude(nom="").get().statut == "a-confirmer"


def test_persons_of_a_withdrawn_record_leave_after_a_year():
    now = timezone.now()
    rows = []
    for statut, days in ((Statut.PUBLIEE, 800), (Statut.RETIREE, 364), (Statut.RETIREE, 366)):
        fiche = ProjetFactory(statut=statut)
        rows.append(Contact.objects.create(entree=fiche.entree, nom="Loeiza Penfeunteun"))
        Entree.objects.filter(pk=fiche.pk).update(modifiee_le=now - days * DAY)
    purger()
    assert list(Contact.objects.all()) == rows[:2]


def test_an_open_account_never_leaves_and_the_time_of_one_that_is_opened_again_is_forgotten():
    user = UtilisateurFactory(last_login=timezone.now() - 2000 * DAY)
    purger()
    for is_active in (False, True):
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        user.refresh_from_db()
        assert (user.ferme_le is None) == is_active


def test_the_keys_of_other_days_are_thrown_away():
    today = timezone.localdate()
    CleDuJour.objects.bulk_create(CleDuJour(jour=today - days * DAY, cle=b"x") for days in range(3))
    purger("--simulation")
    assert CleDuJour.objects.count() == 3
    purger()
    assert CleDuJour.objects.get().jour == today


def test_a_simulation_counts_and_changes_nothing_and_twice_is_once():
    InscriptionFactory.create_batch(3, evenement=EvenementFactory(dans=-91))
    before = list(Inscription.objects.values_list())
    some = "Inscriptions aux rencontres (90 jours après la fin de la rencontre) : 3 anonymisées"
    said = purger("--simulation")
    assert some in said
    assert "rien n’a été changé" in said
    assert list(Inscription.objects.values_list()) == before
    assert purger().splitlines() == [some]  # the nightly output names nothing of which no row left
    assert purger() == "Rien à purger.\n"


def test_each_entry_is_purged_for_itself(monkeypatch):
    """A failure stops only its own entry."""
    InscriptionFactory(evenement=EvenementFactory(dans=-91))
    ExplorationFactory(cree_le=timezone.now() - 2000 * DAY)
    monkeypatch.setattr("socle.vie_privee.purge.erase", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        purger()
    assert Inscription.objects.get().nom == ""
    assert Exploration.objects.count() == 1
