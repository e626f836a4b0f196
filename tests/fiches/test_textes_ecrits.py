"""Texts as they were written: what staff edit, see and leave, while the public reads the rest."""

import re
from itertools import product

import pytest
from django.core.management import call_command
from django.db import models
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from fiches import registre, retrait
from fiches.attached import Contact, FichierJoint
from fiches.lists import Choix, Theme
from projets.models import Projet
from socle.annuaire.models import Entree, Statut
from socle.comptes.roles import ANIMATION, REDACTION
from socle.francais.identifiants import IdentifiantField
from socle.vie_privee import registre as personnes
from socle.vie_privee.masking import NOM_MASQUE
from socle.vie_privee.models import NomTenu, TexteIntegral
from socle.vie_privee.names import words_of
from socle.vie_privee.public_text import TextesPublics, public_fields
from tests.ecrits import as_written
from tests.factories import ProjetFactory, member
from tests.factories.participants import ExplorationFactory, InscriptionFactory
from tests.projets.formulaire import change_url, posted
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db

TEXTE = "Avec Awena Prigent, place Enora Calvez, a@exemple.bzh."
PUBLIC = f"Avec {NOM_MASQUE}, place {NOM_MASQUE}, [adresse masquée]."


@pytest.fixture
def held():
    InscriptionFactory(prenom="Awena", nom="Prigent")
    InscriptionFactory(prenom="Enora", nom="Calvez")


@pytest.fixture
def enter(client):
    return lambda group: client.force_login(member(group, username="anne"))


def save(client, row, **fields):
    response = client.post(change_url(row), posted(client, row, **fields))
    errors = response.context and response.context["adminform"].form.errors
    assert response.status_code == 302, errors
    row.refresh_from_db()


def test_an_editor_reads_what_was_written_and_what_was_taken_out(client, held, enter, read):
    fiche = ProjetFactory(description=TEXTE)
    enter(ANIMATION)
    page = read(change_url(fiche))
    assert TEXTE in page.one("textarea", name="description").text
    labels = [label.text for label in page.all("label") if label.all("input", name="mots_laisses")]
    names = ["Ce n’est pas une personne", "Cette personne est d’accord"]
    assert sorted(labels) == sorted([*names * 2, "Garder en public"])  # the last of the address
    assert "« Awena Prigent »" in page.text
    assert TEXTE not in client.get(fiche.get_absolute_url()).content.decode()


def test_whoever_saves_words_that_the_public_does_not_read_is_told_in_which_field_once(client, held, enter):
    fiche = ProjetFactory(description="Rien de particulier.")
    enter(REDACTION)

    def told(**fields):
        page = client.post(change_url(fiche), posted(client, fiche, **fields), follow=True).content.decode()
        return re.findall(r"Retiré de ce que lit le public, dans <a [^>]*#id_(\w+)[^>]*>[^<]*</a> : (.*?)\. Sous", page)

    assert told(description="Awena Prigent, place Enora Calvez") == [
        ("description", "« Awena Prigent », « Enora Calvez »")
    ]
    assert told(objectifs="Une autre fois") == []
    assert told(objectifs="Place Enora Calvez") == [("objectifs", "« Enora Calvez »")]


def test_two_clicks_put_words_back_and_they_stay(client, held, enter):
    fiche = ProjetFactory(description=TEXTE)
    assert fiche.description == PUBLIC
    enter(ANIMATION)
    rank = TexteIntegral.objects.get().retires.index("Enora Calvez")
    save(client, fiche, mots_laisses=f"description:{rank}:pas-une-personne")
    left = PUBLIC.replace(f"place {NOM_MASQUE}", "place Enora Calvez")
    assert fiche.description == left
    assert TexteIntegral.objects.get().laisses == [
        {"mots": "Enora Calvez", "raison": "pas-une-personne", "par": "anne"}
    ]
    save(client, fiche, objectifs="Une autre fois")
    assert (fiche.objectifs, fiche.description) == ("Une autre fois", left)
    save(client, fiche, description=f"{TEXTE} Et la suite, Enora Calvez.")
    assert fiche.description == f"{left} Et la suite, Enora Calvez."
    assert fiche.history.count() == 4
    call_command("retirer_noms", refaire=True, verbosity=0)
    assert fiche.history.count() == 4  # nothing was to be taken out
    client.logout()
    assert "Enora Calvez" in client.get(fiche.get_absolute_url()).content.decode()


def test_what_staff_left_is_asked_no_more_when_all_is_looked_at_again(client, held, enter):
    fiche = ProjetFactory(titre="Place Enora Calvez")
    enter(ANIMATION)
    save(client, fiche, mots_laisses="titre:0:pas-une-personne")
    assert fiche.titre == "Place Enora Calvez"
    call_command("retirer_noms", refaire=True, verbosity=0)
    assert not NomTenu.objects.filter(decision=NomTenu.Decision.ATTEND).exists()
    assert fiche.history.count() == 2


def test_a_link_that_was_taken_out_can_be_emptied(client, held, enter):
    fiche = registre.get("initiative").model(titre="Une initiative", statut=Statut.PUBLIEE)
    fiche.lien = "https://exemple.bzh/awena-prigent"
    fiche.save()
    assert (fiche.lien, as_written(fiche)) == ("", {"lien": "https://exemple.bzh/awena-prigent"})
    enter(ANIMATION)
    save(client, fiche, objectifs="")
    assert as_written(fiche)
    save(client, fiche, lien="")
    assert (fiche.lien, as_written(fiche)) == ("", {})


def test_a_writer_speaks_for_no_person(client, held, enter):
    fiche = ProjetFactory(description=TEXTE)
    fiche.statut = Statut.A_RELIRE
    fiche.save()
    enter(REDACTION)
    data = posted(client, fiche, mots_laisses="description:0:accord")
    assert client.post(change_url(fiche), data).status_code == 200
    fiche.refresh_from_db()
    assert NOM_MASQUE in fiche.description


@pytest.mark.parametrize("model", [Theme, Choix])
def test_a_value_of_a_list_is_edited_as_it_was_written(client, held, enter, model):
    fields = {"liste": Choix.Liste.PROFIL} if model is Choix else {}
    row = model.objects.create(nom="Avec Awena Prigent", **fields)
    assert row.nom == f"Avec {NOM_MASQUE}"
    enter(ANIMATION)
    assert client.get(change_url(row)).context["adminform"].form["nom"].value() == "Avec Awena Prigent"
    save(client, row, mots_laisses="nom:0:accord")
    assert row.nom == "Avec Awena Prigent"


def test_staff_find_a_record_by_what_was_written(client, held, enter):
    fiche = ProjetFactory(description=TEXTE)
    ProjetFactory(description="Autre")
    enter(ANIMATION)
    found = client.get(reverse("admin:projets_projet_changelist"), {"q": "awena prigent"}).context["cl"].queryset
    assert list(found) == [fiche]


def test_names_that_wait_are_decided_at_the_desk(client, enter, read):
    fiches = [ProjetFactory(titre=f"Espace {name}") for name in ("Awena Prigent", "Enora Calvez", "Lena Morvan")]
    for fiche in fiches:
        _, prenom, nom = fiche.titre.split()
        InscriptionFactory(prenom=prenom, nom=nom)
    assert len(retrait.look().attendent) == 3
    enter(ANIMATION)
    assert "3 noms à regarder" in read("/admin/").text
    page = read("/admin/vie_privee/nomtenu/?suite=ouverte")
    assert page.all("a", href=change_url(fiches[0]))
    for fiche, action in zip(fiches, ("take_out", "no_person", "agreed"), strict=True):
        nom = NomTenu.objects.get(texte=fiche.titre.removeprefix("Espace "))
        data = {"action": action, "_selected_action": nom.pk}
        assert client.post("/admin/vie_privee/nomtenu/", data).status_code == 302
        fiche.refresh_from_db()
        fiche.save()
    assert [fiche.titre for fiche in fiches] == [f"Espace {NOM_MASQUE}", "Espace Enora Calvez", "Espace Lena Morvan"]
    assert "nom à regarder" not in read("/admin/").text


# Every text that the public reads


NOT_PUBLIC = {
    "annuaire.Entree": "follows from its record",
    "annuaire.AncienneAdresse": "addresses",
    "fiches.AncienIdentifiant": "addresses of the old site",
    "fiches.AncienFormulaire": "numbers",
    "recherche.Indexe": "follows from its record",
    "recherche.Mot": "words of public texts",
    "recherche.Synonymes": "for the search alone",
    "catalogue": "follows from records",
    "memoire": "numbers",
    "taches": "for the operator alone",
    "projets.Annexe": "for staff alone",
    "suivi": "for staff alone",
    "referentiels": "official geographic code",
    "vie_privee": "for staff alone",
    "courrier": "mails",
    "pages.Renseignements": "who answers for the site, whom the law asks to name",
    "formulaires": "digests",
    "reprise": "for staff alone",
    "auth": "of Django",
    "contenttypes": "of Django",
    "sessions": "of Django",
    "admin": "for staff alone",
    "axes": "for staff alone",
    "otp_totp": "for staff alone",
    "otp_static": "for staff alone",
}


def test_every_text_that_may_be_public_is_written_so():
    """A new model with free texts is either public, and takes out of them what it must, or said here not to be."""
    personal = {traitement.modele for traitement in personnes.traitements()}
    personal |= {label for traitement in personnes.traitements() for label, _ in traitement.avec}
    missing = [
        model._meta.label
        for model in personnes.stored()
        if personnes.texts(model)
        and not hasattr(model, "instance_type")
        and not issubclass(model, TextesPublics)
        and not {model._meta.label, model._meta.app_label} & (personal | NOT_PUBLIC.keys())
    ]
    assert missing == []


def test_every_free_text_of_a_record_is_among_those_that_are_written_so():
    for declaration in registre.types():
        covered = {field.name for field in public_fields(declaration.model)}
        free = {
            field.name
            for field in declaration.model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and not (field.choices or isinstance(field, models.SlugField) or field.is_relation)
        }
        assert free - covered <= {*declaration.model.derives, *declaration.model.textes_prives}, declaration.cle


SPELLINGS = [
    lambda p, n: f"{p} {n}",
    lambda p, n: f"{n} {p}",
    lambda p, n: f"{p} {n}".upper(),
    lambda p, n: f"{p} {n}".lower(),
    lambda p, n: f"{p}{n}",
    lambda p, n: f"{n}, {p}",
    lambda p, n: f"{p}-{n}",
    lambda p, n: f"{p}  {n.upper()}",
    lambda p, n: f"Mme {n}",
    lambda p, n: f"M. {n.upper()}",
    lambda p, n: f"{p}_{n}",
    lambda p, n: f"{p.replace('é', 'e')} {n.replace('é', 'e')}",
    lambda p, n: f"{p}\u00a0{n}",
]
PRENOM, NOM = "Awéna", "Prigént"


def everything(client, fiche) -> str:
    """All that the public, and staff who read no text as written, may see of a record, folded."""
    declaration = registre.for_model(type(fiche))
    said = [str(vars(type(fiche).objects.get(pk=fiche.pk))), str(vars(Entree.objects.get(pk=fiche.pk)))]
    said += [str(vars(version)) for version in fiche.history.all()]
    for address in (fiche.get_absolute_url(), reverse(declaration.url_name), reverse(f"{declaration.espace}:csv")):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        said.append(body.decode())
    return "".join(words_of(" ".join(said)))


def fields_of(model):
    """Its texts in which a name can stand."""
    return [one for one in public_fields(model) if not isinstance(one, models.URLField | IdentifiantField)]


@pytest.mark.long
@given(
    spelling=st.sampled_from(SPELLINGS),
    cle=st.sampled_from([declaration.cle for declaration in registre.types()]),
    rank=st.integers(0, 30),
    came=st.sampled_from(["before", "later", "left"]),
    around=st.sampled_from(["{}", "Merci à {}.", "« {} »", "avec {}, hier", "({})"]),
)
def test_a_name_planted_anywhere_is_seen_nowhere(client, spelling, cle, rank, came, around):
    model = registre.get(cle).model
    fields = fields_of(model)
    field = fields[rank % len(fields)]
    text = around.format(spelling(PRENOM, NOM))
    values = {"titre": "Une fiche", field.name: text}

    def plant():
        fiche = model(statut=Statut.PUBLIEE, slug="une-fiche", **values)
        fiche.save()
        return fiche

    fiche = plant() if came == "later" else None
    person = InscriptionFactory(prenom=PRENOM, nom=NOM)
    fiche = fiche or plant()
    retrait.look()
    waits = NomTenu.objects.filter(decision=NomTenu.Decision.ATTEND).exists()
    assert not waits or (came == "later" and field.name == "titre")
    if came == "left":
        person.delete()
        fiche = model.objects.get(pk=fiche.pk)
        fiche.save()
    if not waits:
        assert "prigent" not in everything(client, fiche), (cle, field.name, text)
    for row in (fiche.entree, person):
        if row.pk:
            row.delete()
    NomTenu.objects.all().delete()


@mostly_long("declaration, spelling", product(registre.types(), SPELLINGS[:6]), one_in=6)
def test_a_preview_shows_who_publishes_what_it_takes_out(client, enter, declaration, spelling):
    InscriptionFactory(prenom=PRENOM, nom=NOM)
    texts = {field.name: spelling(PRENOM, NOM) for field in fields_of(declaration.model)}
    fiche = declaration.model(statut=Statut.A_RELIRE, **texts)
    fiche.save()
    enter(ANIMATION)
    page = client.get(f"/apercu/{fiche.pk}/").content.decode()
    assert "prigent" not in "".join(words_of(page.replace(fiche.slug, "")))


def test_an_exploration_is_read_as_written_by_its_person_alone(client):
    InscriptionFactory(prenom="Awena", nom="Prigent")
    row = ExplorationFactory(nom="Enora Calvez", fonctions="avec Awena Prigent, Enora Calvez", accord_publication=True)
    row.refresh_from_db()
    assert "Awena" in row.fonctions  # not read by staff yet
    row.relue_le = row.cree_le
    row.save()
    assert row.fonctions == f"avec {NOM_MASQUE}, Enora Calvez"
    assert as_written(row) == {"fonctions": "avec Awena Prigent, Enora Calvez"}
    row.delete()
    assert not TexteIntegral.objects.exists()


def test_a_joined_file_follows_its_record(held):
    fiche = ProjetFactory(statut=Statut.BROUILLON)
    row = FichierJoint.objects.create(entree=fiche.entree, titre="Lettre d’Awena Prigent")
    assert row.titre == "Lettre d’Awena Prigent"
    fiche.statut = Statut.PUBLIEE
    fiche.save()
    row.refresh_from_db()
    assert row.titre == f"Lettre d’{NOM_MASQUE}"


def test_the_persons_of_a_record_leave_its_own_texts_as_they_are_saved(client, enter):
    fiche = ProjetFactory(description="Avec Awena Prigent")
    Contact.objects.create(entree=fiche.entree, nom="Awena Prigent")
    fiche.hide_persons()
    assert Projet.objects.get().description == f"Avec {NOM_MASQUE}"
    assert fiche.history.count() == 2
    assert not any("Prigent" in version.description for version in fiche.history.all())
