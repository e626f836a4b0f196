"""A type that left the site: what is left of its records answers 410, and nothing else fails for it."""

from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from fiches import registre
from fiches.attached import Contact, FichierInterne, FichierJoint
from fiches.suivi import corbeille, departs, doublons
from participants.contributions import courriels as contributions
from participants.contributions.models import Contribution, Credit
from projets.models import Projet
from socle.annuaire import types
from socle.annuaire.models import AncienneAdresse, Entree, Statut
from socle.catalogue import list_sets
from socle.journal.models import Ligne, Nature
from socle.journal.writing import inscrire
from socle.recherche.models import Indexe
from socle.vie_privee import conservation, personnes
from socle.vie_privee.models import Effacement, TexteIntegral
from tests.addresses import patterns
from tests.comptes.test_droits import MODELS, record
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory, factory_of
from tests.factories.alertes import AlerteFactory
from tests.factories.contacter import MessageFactory
from tests.factories.contributions import ContributionFactory
from tests.factories.glossaire import TermeFactory

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL


def forget(model) -> None:
    """Take away the rows of a record type, as nothing reads them without its folder; what is kept beside them stays."""
    for field in model._meta.many_to_many:
        field.remote_field.through.objects.all()._raw_delete("default")
    for other in apps.get_models():
        for field in other._meta.concrete_fields:
            if field.related_model is model and other is not model:
                other.objects.filter(**{f"{field.name}__isnull": False})._raw_delete("default")
    model.history.all()._raw_delete("default")
    model.objects.all()._raw_delete("default")


def let_go(model) -> None:
    """The records of a type become those of one that the site has no longer, and `migrate` is played."""
    cle = registre.for_model(model).cle
    forget(model)
    for other in apps.get_models():
        names = {field.name for field in other._meta.concrete_fields}
        if "type" in names and other._meta.get_field("type").max_length == 20:  # keys of types
            other.objects.filter(type=cle).update(type="parti")
    departs.follow(verbosity=0)
    inscrire("migration", nature=Nature.RETIREE)  # a process that starts has no set of them


@pytest.fixture
def gone():
    """A published record, one that nobody may know of, one that was merged, one with an old address."""
    public = ProjetFactory(titre="Un portail tournesol", slug="un-portail")
    public.change({"slug": "un-beau-portail"}, reason="essai")
    draft = ProjetFactory(titre="Un brouillon", draft=True)
    withdrawn = ProjetFactory(titre="Un retrait")
    withdrawn.change({"statut": Statut.RETIREE}, reason="essai")
    Projet.objects.update(publiee_le=None)
    Entree.objects.update(publiee_le=None)  # as of the old site, which told no date
    let_go(Projet)
    return list(Entree.objects.filter(pk__in=[public.pk, draft.pk, withdrawn.pk]).order_by("pk"))


@contextmanager
def away(cle: str):
    """The site without a type, of which the tables stay: `migrate` is played as it goes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(registre._types(), cle)
        patch.delitem(types._models(), cle)
        departs.follow(verbosity=0)
        yield


def oembed(path) -> str:
    return f"/oembed?{urlencode({'url': f'{SITE}{path}'})}"


def test_the_addresses_that_the_public_met_say_that_it_is_gone(client, gone):
    for entree, status in zip(gone, (410, 404, 404), strict=True):
        here, lasting = f"/partis/{entree.slug}/", f"/p/{entree.pk}"
        shown = [f"{lasting}/historique/", f"/integrer/fiche/{entree.pk}/", oembed(here), oembed(lasting)]
        for address in (here, lasting, f"/api/v1/partis/{entree.pk}", *shown):
            assert client.get(address).status_code == status, address
        assert client.get(f"/apercu/{entree.pk}/").status_code == 404
    for old in ("/partis/un-portail/", oembed("/partis/un-portail/")):
        assert client.get(old).status_code == 410, "an address that it had before"
    for never in ("/partis/jamais/", "/api/v1/partis/999999999", "/partis/a%00b/", oembed("/partis/jamais/")):
        assert client.get(never).status_code == 404
    assert "un beau portail" in client.get("/partis/un-beau-portail/").content.decode()


def test_no_list_search_or_file_holds_it_and_those_who_hold_a_copy_are_told(client, gone, anne):
    public, *_ = gone
    assert not Indexe.objects.filter(pk=public.pk).exists()
    assert Ligne.objects.filter(entree=public.pk).latest("numero").nature == Nature.RETIREE
    assert Ligne.objects.filter(type="parti").count() >= 1
    for address in ("/", "/recherche/?q=tournesol", "/recherche.json", "/sitemap.xml", "/admin/recherche/?q=tournesol"):
        response = client.get(address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == 200
        assert public.slug not in content.decode(), address


def test_a_record_that_was_merged_leads_where_it_led_and_one_that_was_public_is_preferred(client, gone):
    public, draft, withdrawn = gone
    Entree.objects.filter(pk=withdrawn.pk).update(fusionnee_dans=public.pk)
    merged = f"/partis/{withdrawn.slug}/"
    for address in (merged, f"/p/{withdrawn.pk}", f"/api/v1/partis/{withdrawn.pk}", oembed(merged)):
        assert client.get(address).status_code == 410, address
    assert client.get(f"/partis/{draft.slug}/").status_code == 404
    Entree.objects.create(type="ancien", slug=draft.slug, statut=Statut.CORBEILLE, publiee_le=timezone.now())
    assert client.get(f"/partis/{draft.slug}/").status_code == 410, "of two types that had that address, one was public"


def test_the_time_of_what_was_withdrawn_runs_on():
    day = timezone.now() - timedelta(days=300)
    withdrawn, public = ProjetFactory(titre="Un retrait", statut=Statut.RETIREE), ProjetFactory(titre="Un portail")
    Entree.objects.update(modifiee_le=day)
    let_go(Projet)
    assert Entree.objects.get(pk=withdrawn.pk).modifiee_le == day
    assert Entree.objects.get(pk=public.pk).modifiee_le > day


def test_persons_of_a_record_in_the_bin_stay_with_it_while_the_site_has_its_type():
    fiche = corbeille.throw_away(TermeFactory(titre="Aller vers"))
    Contact.objects.create(entree=fiche.entree, nom="Awena Prigent")
    Entree.objects.update(modifiee_le=timezone.now() - timedelta(days=3000))
    (traitement,) = (one for one in conservation.traitements() if one.cle == "contacts")
    assert not traitement.due().exists()
    Entree.objects.update(type="parti")
    assert traitement.due().exists()


def test_it_stays_in_the_bin_and_what_hangs_on_it_leaves_in_time(gone):
    public, draft, _ = gone
    contact = Contact.objects.create(entree=public, nom="Awena Prigent", courriel="awena@exemple.bzh")
    FichierJoint.objects.create(entree=public, titre="Manquant", nom_origine="a.pdf")
    FichierInterne.objects.create(entree=draft, nom="a.docm", raison="macros")
    Credit.objects.create(entree=public, nature=Contribution.Nature.FICHE, nom="Maëlle", courriel="m@exemple.bzh")
    TexteIntegral.objects.create(modele="partis.Parti", cle=str(public.pk), champ="description", texte="Awena Prigent")
    other = TexteIntegral.objects.create(modele="glossaire.Terme", cle=str(public.pk), champ="definition", texte="Un")
    call_command("purger", verbosity=0)
    assert FichierJoint.objects.exists()
    assert Credit.objects.exists()
    assert Entree.objects.get(pk=public.pk).titre
    Entree.objects.filter(pk=draft.pk).update(modifiee_le=timezone.now() - timedelta(days=3000))
    assert departs.over(timezone.now() - timedelta(days=30)) == [], "the type has just left"
    Entree.objects.update(modifiee_le=timezone.now() - timedelta(days=3000))
    call_command("purger", verbosity=0)
    assert corbeille.due(timezone.now()) == []
    for model in (FichierJoint, FichierInterne, Credit):
        assert not model.objects.exists(), model
    assert list(TexteIntegral.objects.all()) == [other]
    assert set(Entree.objects.values_list("titre", "tri", "lieu")) == {("", "", "")}
    assert Client().get(f"/partis/{public.slug}/").status_code == 410
    assert not Contact.objects.filter(pk=contact.pk).exists()


def test_nothing_changes_when_migrations_are_played_again(gone):
    before = [list(model.objects.order_by("pk").values()) for model in (Entree, Ligne)]
    departs.follow(verbosity=0)
    assert [list(model.objects.order_by("pk").values()) for model in (Entree, Ligne)] == before


def test_a_type_that_comes_back_has_its_records_as_they_were(client):
    public, draft = TermeFactory(titre="Aller vers"), TermeFactory(titre="Non-recours", draft=True)
    before = list(Entree.objects.order_by("pk").values())
    declaration = registre.get("terme")
    Effacement.objects.create(empreinte="0" * 64, efface_le=timezone.now() - timedelta(days=1))
    with away("terme"):
        assert {entree.statut for entree in Entree.objects.all()} == {Statut.CORBEILLE}
        Entree.objects.update(titre="", tri="", lieu="")  # as after a while
        Effacement.objects.create(empreinte="1" * 64, genre="exploration-effacee")  # of one row: no text of a record
    departs.follow(verbosity=0)
    assert Ligne.objects.filter(entree=public.pk).latest("numero").nature == Nature.PUBLIEE
    assert not Ligne.objects.filter(entree=draft.pk).exists()
    assert list(Entree.objects.order_by("pk").values()) == before
    assert client.get(public.get_absolute_url()).status_code == 200
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert list(Indexe.objects.values_list("pk", flat=True)) == [public.pk]
    assert declaration.lien.encode() in client.get("/").content


def test_once_a_person_was_erased_meanwhile_what_was_public_waits_to_be_read_again(client):
    """No erasure reaches tables that nothing reads."""
    public, draft = TermeFactory(titre="Aller vers"), TermeFactory(titre="Non-recours", draft=True)
    with away("terme"):
        personnes.forget("awena@exemple.bzh")
    said = StringIO()
    departs.follow(stdout=said)
    assert "2 fiches de retour" in said.getvalue()
    assert "1 fiche publique revient « à relire »" in said.getvalue()
    for fiche, statut in ((public, Statut.A_RELIRE), (draft, Statut.BROUILLON)):
        modifiee_le = fiche.modifiee_le
        fiche.refresh_from_db()
        assert (fiche.statut, fiche.entree.statut, fiche.modifiee_le) == (statut, statut, modifiee_le)
    assert client.get(public.get_absolute_url()).status_code == 404
    assert not Indexe.objects.exists()


def test_migrate_says_what_went_to_the_bin_and_what_came_back():
    TermeFactory.create_batch(2)
    said = StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(registre._types(), "terme")
        patch.delitem(types._models(), "terme")
        call_command("migrate", verbosity=0, stdout=said)  # as deploy/preparer does
        departs.follow(stdout=said)
    departs.follow(stdout=said)
    departs.follow(stdout=said)
    assert said.getvalue().splitlines() == [
        "Type « terme », que le site n’a plus : 2 fiches mises à la corbeille.",
        f"{registre.get('terme').titre} : 2 fiches de retour.",
    ]


@pytest.fixture
def named(transactional_db):
    """A theme and a closed account that a table without a model names."""
    closed = {"is_active": False, "ferme_le": timezone.now() - timedelta(days=3000)}
    theme, user = ThemeFactory(), UtilisateurFactory(email="nolwenn@exemple.bzh", last_name="Kerinvente", **closed)
    columns = (("theme_id", "fiches_theme"), ("user_id", "comptes_utilisateur"))
    ties = ", ".join(f"{one} bigint REFERENCES {table} (id) DEFERRABLE INITIALLY DEFERRED" for one, table in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE partis_parti (id integer PRIMARY KEY, {ties})")
        cursor.execute("INSERT INTO partis_parti VALUES (1, %s, %s)", [theme.pk, user.pk])
    yield theme, user
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE partis_parti")


def test_the_person_of_such_an_account_is_erased_and_the_account_emptied(named):
    _, user = named
    adresse, was = user.email, user.username
    user.preferences.create(travail="contributions", quand="jour")
    personnes.forget(adresse)
    user.refresh_from_db()
    assert (user.email, user.first_name, user.last_name, user.is_active) == ("", "", "", False)
    assert was not in user.username
    assert not user.has_usable_password()
    assert not user.preferences.exists()
    assert Effacement.objects.exists()


# The rest of the site


def public_pages() -> list[str]:
    """Pages without an argument, and those of the records that are left."""
    found = [reverse(name) for route, name in patterns() if "<" not in route]
    return found + [one.get_absolute_url() for one in Entree.objects.published()]


def desk_pages() -> list[str]:
    """Pages of the desk without an argument, lists, forms of every row, and what leads from one of each list."""
    found = []
    for resolver in admin.site.get_urls():
        if getattr(resolver, "name", None) and "<" not in str(resolver.pattern):
            found.append(reverse(f"admin:{resolver.name}"))
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{base}_changelist"))
        rows = list(model._default_manager.values_list("pk", flat=True))
        found += [reverse(f"{base}_change", args=[pk]) for pk in rows]
        found += [reverse(f"{base}_{page}", args=[pk]) for page in ("history", "delete") for pk in rows[:1]]
    return found


@pytest.fixture
def full():
    """A row in each list of the desk, and what hangs on the records of the type that goes."""
    for declaration in registre.types():
        factory_of(declaration.model)(titre=f"Fiche de type {declaration.cle}")
    for label in MODELS:
        record(label)
    fiche, twin = ProjetFactory(titre="Un portail"), ProjetFactory(titre="Un portail")
    Contact.objects.create(entree=fiche.entree, nom="Awena Prigent", courriel="awena@exemple.bzh")
    FichierJoint.objects.create(entree=fiche.entree, titre="Manquant", nom_origine="a.pdf")
    MessageFactory(entree=fiche.entree)
    for etat in Contribution.Etat:
        ContributionFactory(fiche=fiche, etat=etat)
    ContributionFactory(fiche=fiche, entree=None, nature=Contribution.Nature.FICHE)
    AlerteFactory(type="projet", courriel="un@exemple.bzh")
    AlerteFactory(type="site", courriel="deux@exemple.bzh")
    kind = ContentType.objects.get_or_create(app_label="partis", model="parti")[0]
    user = record("comptes.utilisateur")
    LogEntry.objects.create(user=user, content_type=kind, object_id=str(twin.pk), object_repr="x", action_flag=CHANGE)
    assert doublons.pairs(Projet)


@pytest.mark.long
def test_no_page_of_the_site_or_of_the_desk_fails(client, anne, full):
    let_go(Projet)
    assert AncienneAdresse.objects.filter(type="projet").count() == 0
    for address in public_pages():
        assert Client().get(address).status_code < 500, address
    for address in desk_pages():
        assert client.get(address, follow=True).status_code < 500, address


@pytest.mark.long
def test_what_the_clock_asks_and_what_persons_ask_go_on(client, full):
    (word,) = (row for row in ContributionFactory._meta.model.objects.filter(entree__isnull=False)[:1])
    token = contributions.token(word)
    let_go(Projet)
    assert Client().get(reverse("contributions:suivi", args=[token])).status_code == 200
    for name in ("reindexer", "purger", "envoyer_alertes", "rappeler_verifications", "envoyer_courriels"):
        call_command(name, verbosity=0)
    call_command("reindexer", verifier=True, verbosity=0)
    assert {one.cle for one in list_sets.every()} >= {one.cle for one in registre.types()}
    assert personnes.find("awena@exemple.bzh")
    personnes.forget("awena@exemple.bzh")
    assert not Contact.objects.filter(courriel="awena@exemple.bzh").exists()
