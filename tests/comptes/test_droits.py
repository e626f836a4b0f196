"""Who reaches what: every role on every model of the desk, by the addresses that a browser would ask."""

from itertools import product

import pytest
from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse

from fiches import registre
from fiches.admin import FicheAdmin
from fiches.attached import Contact
from fiches.choice_lists import Choix
from labacces.pages.models import Page, Renseignements
from socle.annuaire.models import Statut
from socle.comptes.roles import ADMINISTRATION, ANIMATION, REDACTION
from socle.courrier.outbox import deposit
from socle.recherche.models import Synonymes
from socle.territoires.models import Intercommunalite
from socle.vie_privee.consultation_admin import ListeDePersonnes
from socle.vie_privee.models import Consultation, Demande
from tests import above
from tests.conftest import some_types
from tests.factories import (
    CommuneFactory,
    DepartementFactory,
    ProjetFactory,
    RegionFactory,
    ThemeFactory,
    UtilisateurFactory,
    member,
)
from tests.factories.alertes import AlerteFactory
from tests.factories.contacter import MessageFactory, SignalementFactory
from tests.factories.contributions import ContributionFactory
from tests.factories.participants import EvenementFactory, ExplorationFactory, InscriptionFactory
from tests.projets.formulaire import resent
from tests.sampling import mostly_long, sample

pytestmark = pytest.mark.django_db

# v: see the list and a record, a: add, c: change, d: delete, h: see the history, p: publish and withdraw, e: export.
# Rédaction writes what is not public yet; what is published it reads. The export of public records is everyone's.
FICHE = ("vache", "vacdhpe", "vacdhpe")
MATRIX = {
    # model: Rédaction, Animation, Administration
    **{one.model._meta.label_lower: FICHE for one in registre.types()},
    "fiches.theme": ("vh", "vacdh", "vacdh"),
    "fiches.choix": ("vh", "vacdh", "vacdh"),
    "recherche.synonymes": ("vh", "vacdh", "vacdh"),
    "referentiels.region": ("vh", "vh", "vh"),
    "referentiels.departement": ("vh", "vh", "vh"),
    "referentiels.intercommunalite": ("vh", "vh", "vh"),
    "referentiels.commune": ("vh", "vh", "vh"),
    "inscriptions.inscription": ("", "vacdh", "vacdh"),
    "explorations.exploration": ("", "vacdh", "vacdh"),
    "pages.page": ("", "vch", "vch"),
    "pages.renseignements": ("", "vch", "vch"),
    "vie_privee.demande": ("", "vach", "vach"),
    "vie_privee.consultation": ("", "", "vh"),
    "courrier.courriel": ("", "vch", "vch"),
    "alertes.alerte": ("", "vh", "vh"),
    "contacter.message": ("", "vch", "vch"),
    "contacter.signalement": ("vch", "vch", "vch"),
    "contributions.contribution": ("vch", "vch", "vch"),
    "comptes.utilisateur": ("", "", "vacdh"),
    "auth.group": ("", "", "vacdh"),
} | above.MATRIX
ROLES = (REDACTION, ANIMATION, ADMINISTRATION)
MODELS = {model._meta.label_lower: model for model in admin.site._registry}


def record(label):
    """A record of the model, a draft if it is a sheet."""
    model = MODELS[label]
    made = {
        "fiches.theme": ThemeFactory,
        "fiches.choix": lambda: Choix.objects.create(liste=Choix.Liste.PROFIL, nom="Curieux"),
        "recherche.synonymes": lambda: Synonymes.objects.create(mots="CAF\nallocations familiales"),
        "referentiels.region": RegionFactory,
        "referentiels.departement": DepartementFactory,
        "referentiels.commune": CommuneFactory,
        "referentiels.intercommunalite": lambda: Intercommunalite.objects.create(code="243500139", nom="Pays"),
        "inscriptions.inscription": InscriptionFactory,
        "explorations.exploration": ExplorationFactory,
        "pages.page": lambda: Page.objects.get(pk="aide"),
        "pages.renseignements": lambda: Renseignements.objects.get_or_create(pk=Renseignements.KEY)[0],
        "vie_privee.consultation": lambda: Consultation.objects.create(quoi="liste", nombre=3),
        "vie_privee.demande": lambda: Demande.objects.create(courriel="loeiza@exemple.bzh"),
        "courrier.courriel": lambda: deposit("essai", "awena@exemple.bzh", {}, objet="Essai"),
        "alertes.alerte": lambda: AlerteFactory(courriel=f"a{model.objects.count()}@exemple.bzh"),
        "contacter.message": MessageFactory,
        "contacter.signalement": SignalementFactory,
        "contributions.contribution": ContributionFactory,
        "comptes.utilisateur": UtilisateurFactory,
        "auth.group": lambda: Group.objects.create(name="Stagiaires"),
    } | above.RECORDS
    if label in made:
        return made[label]()
    assert issubclass(type(admin.site._registry[model]), FicheAdmin), f"{label}: say here how a record is made"
    fiche = model(titre="Brouillon", statut=Statut.A_RELIRE)
    fiche.save()
    return fiche


def address(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def test_every_model_of_the_desk_has_its_line():
    assert set(MATRIX) == set(MODELS)


@mostly_long("label, role", product(MATRIX, ROLES), one_in=17)
def test_rights(client, role, label):
    expected = MATRIX[label][ROLES.index(role)]
    model, row = MODELS[label], record(label)
    client.force_login(member(role))
    codes = {
        "v": {client.get(address(model, "changelist")).status_code, client.get(change(row)).status_code},
        "a": {client.get(address(model, "add")).status_code, client.post(address(model, "add"), {}).status_code},
        "c": {client.post(change(row), {}).status_code},
        "d": {client.get(address(model, "delete", row.pk)).status_code},
        "h": {client.get(address(model, "history", row.pk)).status_code},
    }
    for letter, found in codes.items():
        assert found <= ({200, 302} if letter in expected else {403}), (letter, found)
    assert ("p" in expected) == publishes(client, row)
    assert exported(client, model) == (200 if "e" in expected else 404)


@pytest.mark.parametrize("role", ROLES)
def test_the_index_names_what_a_role_may_see_and_nothing_else(client, role):
    client.force_login(member(role))
    page = client.get("/admin/").content.decode()
    named = {label for label, model in MODELS.items() if f'"{address(model, "changelist")}"' in page}
    assert named == {label for label, rights in MATRIX.items() if rights[ROLES.index(role)]}


def change(row):
    return address(type(row), "change", row.pk)


def publishes(client, row) -> bool:
    """Whether the action on the list makes a record public."""
    data = {"action": "publish", "appliquer": "oui", helpers.ACTION_CHECKBOX_NAME: row.pk}
    assert client.post(address(type(row), "changelist"), data).status_code in (200, 302, 403)
    row = type(row)._base_manager.get(pk=row.pk)
    return getattr(row, "statut", "") == Statut.PUBLIEE


def exported(client, model) -> int:
    address = next((reverse(f"{one.espace}:csv") for one in registre.types() if one.model is model), None)
    return client.get(address or f"/{model._meta.model_name}.csv").status_code


@mostly_long("label", MATRIX, one_in=3)
def test_without_a_group_or_an_account_nothing_is_open(client, label):
    model, row = MODELS[label], record(label)
    addresses = [address(model, "changelist"), address(model, "add"), change(row)]
    addresses += [address(model, name, row.pk) for name in ("delete", "history")]
    for found in addresses:
        assert client.get(found).url.startswith("/admin/login/")
    client.force_login(member())
    for found in addresses:
        assert client.get(found).status_code == 403


PERSONS = [label for label, model in MODELS.items() if isinstance(admin.site._registry[model], ListeDePersonnes)]


@mostly_long("label", PERSONS, one_in=2)
def test_each_look_at_persons_and_each_file_of_them_is_written_down_without_whom(client, label):
    (row, _), user = (record(label), record(label)), member(ANIMATION)
    client.force_login(user)
    for page in (address(MODELS[label], "changelist"), change(row)):
        assert client.get(page).status_code == 200
    for format in ("csv", "xlsx"):
        client.get(f"/admin/exporter/{label.replace('.', '/')}.{format}")
    client.post(address(MODELS[label], "changelist"), {"action": "exporter_csv", helpers.ACTION_CHECKBOX_NAME: row.pk})
    seen = [("liste", 2), ("fiche", 1), ("csv", 2), ("xlsx", 2), ("csv", 1)]
    looks = list(Consultation.objects.order_by("pk").values_list("quoi", "nombre", "genre", "sujet", "qui"))
    assert looks == [(*look, MODELS[label]._meta.label, "", user.pk) for look in seen]
    known = {"id", "le", "qui", "quoi", "nombre", "genre", "sujet"}
    assert {field.name for field in Consultation._meta.concrete_fields} == known


# What the public reads is decided by those who may publish


def posted(client, fiche, **changes):
    """The record's form as a browser sends it back, with `changes`."""
    return client.post(change(fiche), resent(client.get(change(fiche)), **changes))


def test_rédaction_writes_and_submits(client):
    fiche = ProjetFactory(draft=True)
    client.force_login(member(REDACTION))
    assert posted(client, fiche, titre="Un autre titre", statut="a-relire").status_code == 302
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.statut) == ("Un autre titre", Statut.A_RELIRE)


@mostly_long("statut", ["publiee", "retiree"], one_in=2)
def test_rédaction_does_not_publish_by_the_form(client, statut):
    fiche = ProjetFactory(draft=True)
    client.force_login(member(REDACTION))
    assert f'value="{statut}"' not in client.get(change(fiche)).content.decode()
    response = posted(client, fiche, statut=statut)
    assert response.status_code == 200
    assert "Vous ne pouvez pas publier ni retirer une fiche" in response.content.decode()
    fiche.refresh_from_db()
    assert fiche.statut == Statut.BROUILLON


def test_rédaction_does_not_publish_a_new_sheet(client):
    client.force_login(member(REDACTION))
    model = MODELS["evenements.evenement"]
    data = {"titre": "Balise", "statut": "publiee"}
    data |= {f"{rows}-{key}_FORMS": 0 for rows in ("contacts", "questions") for key in ("TOTAL", "INITIAL")}
    response = client.post(address(model, "add"), data)
    assert "Vous ne pouvez pas publier" in response.content.decode()
    assert not model.objects.exists()
    assert client.post(address(model, "add"), data | {"statut": "a-relire"}).status_code == 302
    assert model.objects.get().statut == Statut.A_RELIRE


@some_types
def test_what_was_withdrawn_is_read_only_for_rédaction(client, declaration):
    fiche = declaration.model(titre="Une fiche", statut=Statut.RETIREE)
    fiche.save()
    client.force_login(member(REDACTION))
    page = client.get(change(fiche))
    assert page.status_code == 200
    assert "seule l’animation peut la modifier" in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
    assert client.post(change(fiche), {"titre": "Autre", "statut": "a-relire"}).status_code == 403
    assert client.get(old(fiche)).status_code == 200
    assert client.post(old(fiche), {"version_lue": fiche.version}).status_code == 403
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.statut, fiche.version) == ("Une fiche", Statut.RETIREE, 1)


def old(fiche):
    """Address of the first version of a record."""
    opts = fiche._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_simple_history", args=[fiche.pk, fiche.history.last().pk])


@some_types
def test_rédaction_corrects_what_is_public_and_takes_it_back_but_leaves_it_public(client, declaration):
    fiche = declaration.model(titre="Une fiche", statut=Statut.PUBLIEE)
    fiche.save()
    client.force_login(member(REDACTION))
    page = client.get(change(fiche)).content.decode()
    assert 'name="statut"' not in page
    assert posted(client, fiche, titre="Corrigée", statut="retiree").status_code == 302
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.statut) == ("Corrigée", Statut.PUBLIEE)
    assert client.post(old(fiche), {"version_lue": fiche.version}).status_code == 302
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.statut, fiche.version) == ("Une fiche", Statut.PUBLIEE, 3)
    delete = reverse(f"admin:{fiche._meta.app_label}_{fiche._meta.model_name}_delete", args=[fiche.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_rédaction_changes_persons_but_not_what_they_agreed_to(client):
    fiche = ProjetFactory()
    kept, renamed = (
        Contact.objects.create(entree=fiche.entree, nom=nom, accord=True) for nom in ("Awena Prigent", "Enora Calvez")
    )
    client.force_login(member(REDACTION))
    rows = {"contacts-0-accord": "", "contacts-0-fonction": "directrice", "contacts-1-nom": "Malo Kerdoncuff"}
    assert posted(client, fiche, **rows).status_code == 302
    kept.refresh_from_db()
    renamed.refresh_from_db()
    assert (kept.fonction, kept.accord) == ("directrice", True)
    assert (renamed.nom, renamed.accord) == ("Malo Kerdoncuff", False)
    assert posted(client, fiche, **{"contacts-1-accord": "on"}).status_code == 302
    renamed.refresh_from_db()
    assert not renamed.accord
    client.force_login(member(ANIMATION))
    assert posted(client, fiche, **{"contacts-1-accord": "on"}).status_code == 302
    renamed.refresh_from_db()
    assert renamed.accord


@mostly_long(
    "action",
    [
        "publish",
        "withdraw",
        "to_review",
        "merge_two",
    ],
    one_in=2,
)
def test_rédaction_publishes_and_merges_from_no_list(client, action):
    fiche = ProjetFactory(themes=[])
    theme = ThemeFactory()
    client.force_login(member(REDACTION))
    page = client.get(address(type(fiche), "changelist")).content.decode()
    assert f'value="{action}"' not in page
    data = {"action": action, helpers.ACTION_CHECKBOX_NAME: fiche.pk, "appliquer": "oui", "themes": [theme.pk]}
    client.post(address(type(fiche), "changelist"), data)
    fiche.refresh_from_db()
    assert (fiche.statut, fiche.version, fiche.themes.count()) == (Statut.PUBLIEE, 1, 0)


def test_rédaction_gives_themes_to_a_list_but_to_what_was_withdrawn(client):
    shown, withdrawn = ProjetFactory(themes=[]), ProjetFactory(themes=[], statut=Statut.RETIREE)
    theme = ThemeFactory()
    client.force_login(member(REDACTION))
    chosen = {helpers.ACTION_CHECKBOX_NAME: [shown.pk, withdrawn.pk]}
    for action in ("add_themes", "reset_themes"):
        data = {"action": action, "appliquer": "oui", "themes": [theme.pk]} | chosen
        assert client.post(address(type(shown), "changelist"), data).status_code == 302
        shown.refresh_from_db()
        withdrawn.refresh_from_db()
        assert (shown.themes_automatiques, withdrawn.version) == (action == "reset_themes", 1)
    assert shown.version == 3


def test_animation_publishes_withdraws_and_changes_what_is_public(client):
    fiche = ProjetFactory(draft=True, description="Un portail")
    client.force_login(member(ANIMATION))
    for statut in ("publiee", "retiree", "publiee"):
        assert posted(client, fiche, statut=statut).status_code == 302
        fiche.refresh_from_db()
        assert fiche.statut == statut
    assert posted(client, fiche, titre="Corrigé").status_code == 302
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.statut) == ("Corrigé", Statut.PUBLIEE)


# No registrant is within reach of Rédaction

CANARY = "Kerinventé"


@pytest.fixture
def canaries():
    """A registrant and a participant with the canary in every text, what the desk logged of them, and an event."""
    evenement = EvenementFactory(titre="Balise publique")
    texts = {"prenom": CANARY, "nom": CANARY, "organisation": CANARY, "courriel": f"{CANARY}@exemple.bzh"}
    inscription = InscriptionFactory(evenement=evenement, commentaire=CANARY, **texts)
    exploration = ExplorationFactory(nom=CANARY, fonctions=CANARY, structure=CANARY, sujets=CANARY, commentaire=CANARY)
    above.hang(inscription, CANARY)
    above.hang(exploration, CANARY)
    return inscription, exploration


def addresses_of(model, row):
    """Every address of the desk on a model, with a record's key where one is due."""
    for pattern in admin.site._registry[model].get_urls():
        route = str(pattern.pattern)
        for name, value in (("<path:object_id>", row.pk), ("<int:pk>", row.pk), ("<id>", row.pk)):
            route = route.replace(name, str(value))
        yield f"/admin/{model._meta.app_label}/{model._meta.model_name}/{route}"


def test_no_address_typed_by_hand_leads_rédaction_to_a_registrant(client, canaries):
    client.force_login(member(REDACTION))
    found = set()
    rows = (*canaries, *(hung for row in canaries for hung in above.hanging(row)))
    targets = [target for row in rows for target in addresses_of(type(row), row)]
    queries = ("", f"?q={CANARY}", f"?nom__startswith={CANARY[0]}", "?_popup=1", "?_to_field=id")
    for target, query in sample(product(targets, queries), one_in=7):
        for response in (client.get(target + query), client.post(target + query, {"action": "attach"})):
            found.add(response.status_code)
            assert CANARY not in response.content.decode().replace(f"q={CANARY}", "")
    assert found <= {302, 403, 404, 405}


def test_the_index_of_the_desk_and_its_log_name_nobody(client, canaries):
    inscription, exploration = canaries
    animation = member(ANIMATION)
    client.force_login(animation)
    for row in canaries:
        posted(client, row, commentaire="autre")
    data = {"action": "attach", helpers.ACTION_CHECKBOX_NAME: inscription.pk, "appliquer": "oui"}
    other = EvenementFactory()
    client.post(address(type(inscription), "changelist"), data | {"evenement": other.pk})
    client.post(address(type(exploration), "delete", exploration.pk), {"post": "yes"})
    entries = list(LogEntry.objects.all())
    assert {entry.object_repr for entry in entries} == {
        f"Inscription n° {inscription.pk}",
        f"Exploration n° {exploration.pk}",
    }
    assert len(entries) == 4
    assert CANARY not in "".join(f"{entry.object_repr} {entry.change_message}" for entry in entries)
    # Somebody who moves from Animation to Rédaction keeps their own log on the index.
    animation.groups.set(Group.objects.filter(name=REDACTION))
    client.force_login(animation)  # new rights end the session
    assert CANARY not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("role", [REDACTION, None])
@pytest.mark.parametrize(
    ("app", "model", "field"),
    [
        ("inscriptions", "anomalieinscription", "participant"),
        ("explorations", "anomalieexploration", "participant"),
        ("inscriptions", "inscription", "evenement"),
        ("evenements", "evenement", "inscriptions"),
    ],
)
def test_completion_names_no_registrant(client, canaries, role, app, model, field):
    if role:
        client.force_login(member(role))
    query = {"app_label": app, "model_name": model, "field_name": field, "term": CANARY[:3]}
    response = client.get("/admin/autocomplete/", query)
    assert CANARY not in response.content.decode()
    assert response.status_code in (302, 403) or not response.json()["results"]


@pytest.mark.parametrize(
    "lookup",
    ["inscriptions__nom", "inscriptions__nom__startswith", "inscriptions__courriel__icontains", "inscriptions__plie"],
)
def test_a_list_of_events_cannot_be_asked_about_its_registrants(client, canaries, lookup):
    client.force_login(member(REDACTION))
    for value in (CANARY[:2], "Zzz"):
        response = client.get("/admin/evenements/evenement/", {lookup: value})
        assert response.status_code == 400


def test_the_pages_of_an_event_in_the_desk_tell_rédaction_nothing_of_its_registrants(client, canaries):
    evenement = canaries[0].evenement
    client.force_login(member(REDACTION))
    for name, args in (("changelist", ()), ("change", (evenement.pk,)), ("history", (evenement.pk,))):
        assert CANARY not in client.get(address(type(evenement), name, *args)).content.decode()
    assert CANARY not in client.get("/admin/evenements/evenement/", {"q": CANARY}).content.decode().replace(
        f'value="{CANARY}"', ""
    )
    assert client.get(address(type(evenement), "delete", evenement.pk)).status_code == 403


def test_persons_of_a_sheet_are_in_its_form_and_nowhere_in_its_log(client):
    fiche = ProjetFactory(draft=True)
    Contact.objects.create(entree=fiche.entree, nom=CANARY)
    client.force_login(member(REDACTION))
    assert CANARY in client.get(change(fiche)).content.decode()
    assert CANARY not in client.get(address(type(fiche), "history", fiche.pk)).content.decode()
