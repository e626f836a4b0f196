"""A public text is what people wrote: no save changes it, and staff read what was taken out. Persons are invented."""

import pytest
from django.db import models
from django.urls import reverse

from fiches import registre
from fiches.attached import Contact, FichierJoint
from fiches.choice_lists import Choix, Theme
from fiches.choice_lookup import ListeDeChoix
from participants.explorations.models import Exploration
from projets.models import Projet
from socle.comptes.roles import ANIMATION, REDACTION
from socle.vie_privee import conservation as personnes
from socle.vie_privee.models import TexteIntegral
from socle.vie_privee.public_text import Decision, TextesPublics, public_fields, take_out
from tests.conftest import PageLue
from tests.ecrits import NOM_MASQUE, TELEPHONE_MASQUE, as_written
from tests.factories import ProjetFactory, member
from tests.factories.participants import ExplorationFactory, InscriptionFactory
from tests.fiches.test_mots_prives import answers
from tests.projets.formulaire import change_url, posted, resent

pytestmark = pytest.mark.django_db

NUMERO = "06 39 98 01 23"
TEXTE = f"Avec Enora Calvez, au {NUMERO}."
PUBLIC = f"Avec {NOM_MASQUE}, au {TELEPHONE_MASQUE}."


@pytest.fixture
def enter(client):
    return lambda group: client.force_login(member(group, username="anne"))


@pytest.fixture
def masked():
    """A record of which somebody masked a name and a number."""
    fiche = ProjetFactory(description=TEXTE)
    words = [Decision("description", "Enora Calvez"), Decision("description", NUMERO)]
    return Projet.objects.get(pk=fiche.change({}, decisions=words).pk)


def save(client, row, **fields):
    response = client.post(change_url(row), posted(client, row, **fields))
    errors = response.context and response.context["adminform"].form.errors
    assert response.status_code == 302, errors
    row.refresh_from_db()


# A save


def test_a_save_keeps_what_was_written_whoever_registers_or_is_a_person_of_another_record():
    InscriptionFactory(prenom="Enora", nom="Calvez")
    ExplorationFactory(nom="Malo Riou", courriel="malo@exemple.bzh")
    Contact.objects.create(entree=ProjetFactory().entree, nom="Anne Le Goff", telephone=NUMERO)
    text = f"Avec Enora Calvez, Malo Riou, Anne Le Goff, au {NUMERO}, malo@exemple.bzh."
    fiche = ProjetFactory(titre="Un guichet d’Anne Le Goff", description=text)
    joint = FichierJoint.objects.create(entree=fiche.entree, titre="Lettre d’Enora Calvez")
    theme = Theme.objects.create(nom="Avec Malo Riou")
    for row in (fiche, joint, theme):
        row.refresh_from_db()
    assert (fiche.description, fiche.titre) == (text, "Un guichet d’Anne Le Goff")
    assert fiche.slug == "un-guichet-d-anne-le-goff"
    assert (joint.titre, theme.nom, theme.slug) == ("Lettre d’Enora Calvez", "Avec Malo Riou", "avec-malo-riou")
    assert not TexteIntegral.objects.exists()


@pytest.mark.long
def test_an_ordinary_save_masks_nothing_again_and_unmasks_nothing(client, masked, enter):
    assert masked.description == PUBLIC
    kept = TexteIntegral.objects.values().get()
    enter(ANIMATION)
    save(client, masked, objectifs="Une autre fois.")
    save(client, masked, description=f"{PUBLIC} Et la suite.")
    masked.save()
    assert masked.description == f"{PUBLIC} Et la suite."
    assert TexteIntegral.objects.values().get() == kept


def test_no_save_reads_what_was_taken_out(masked, django_assert_max_num_queries):
    with django_assert_max_num_queries(50) as asked:
        Projet.objects.get(pk=masked.pk).change({"objectifs": "Une autre fois."})
    assert not [query["sql"] for query in asked.captured_queries if "texteintegral" in query["sql"].lower()]


def test_words_masked_in_a_text_that_was_edited_since_are_kept_as_they_stood(masked):
    masked.change({"description": f"{PUBLIC} Ou à Malo Riou."}, decisions=[Decision("description", "Malo Riou")])
    one = TexteIntegral.objects.get()
    assert masked.description == f"{PUBLIC} Ou à {NOM_MASQUE}."
    assert one.public == masked.description
    assert one.texte == f"{PUBLIC} Ou à Malo Riou."
    assert one.retires == ["Enora Calvez", NUMERO, "Malo Riou"]


def test_what_is_taken_out_of_a_link_leaves_none():
    fiche = registre.get("initiative").model(titre="Une initiative", lien="https://wa.me/33639980123")
    retrait = take_out(fiche, [Decision("lien", "33639980123")])
    fiche.save(retrait=retrait)
    assert (fiche.lien, as_written(fiche)) == ("", {"lien": "https://wa.me/33639980123"})


# The desk


def test_what_was_taken_out_leaves_with_its_row():
    row = ExplorationFactory(sujets=f"Au {NUMERO}")
    retrait = take_out(row, [Decision("sujets", NUMERO)])
    row.save()
    retrait.keep()
    assert as_written(row) == {"sujets": f"Au {NUMERO}"}
    row.delete()
    assert not TexteIntegral.objects.exists()


@pytest.mark.parametrize("role", [REDACTION, ANIMATION])
def test_an_editor_opens_the_text_as_the_public_reads_it_and_reads_beside_it_what_was_taken_out(
    client, masked, enter, read, role
):
    enter(role)
    page = read(change_url(masked))
    assert page.one("textarea", name="description").text.strip() == PUBLIC
    assert f"Masqué dans ce que lit le public : « Enora Calvez », « {NUMERO} »." in page.text
    assert TEXTE in page.one("details").text
    assert "Calvez" not in client.get(masked.get_absolute_url()).content.decode()


@pytest.mark.parametrize("typed", [f"Au {NUMERO}.", "Avec Calvez Enora.", "Avec Mme Calvez."])
def test_who_types_masked_words_back_is_asked_about_them(client, masked, enter, typed):
    enter(REDACTION)
    asked = client.post(change_url(masked), posted(client, masked, objectifs=typed))
    assert asked.status_code == 200
    assert len(answers(asked, "garder")) == 1
    client.post(change_url(masked), resent(asked) | answers(asked, "garder"))
    masked.refresh_from_db()
    assert (masked.objectifs, masked.description) == (typed, PUBLIC)
    one = TexteIntegral.objects.get(champ="objectifs")
    assert (one.texte, one.retires, one.laisses[0]["par"]) == ("", [], "anne")


def test_staff_find_a_record_by_what_was_written(client, masked, enter):
    ProjetFactory(description="Autre")
    enter(ANIMATION)
    found = client.get(reverse("admin:projets_projet_changelist"), {"q": "enora calvez"}).context["cl"].queryset
    assert list(found) == [masked]


# Doors of their own


@pytest.mark.long
@pytest.mark.parametrize("what", ["masquer", "garder"])
def test_the_title_of_a_file_is_asked_about(client, enter, what):
    fiche = ProjetFactory()
    joint = FichierJoint.objects.create(entree=fiche.entree, titre="Tract")
    enter(REDACTION)
    data = posted(client, fiche) | {"fichiers-0-titre": f"Tract {NUMERO}"}
    asked = client.post(change_url(fiche), data)
    assert asked.status_code == 200
    joint.refresh_from_db()
    assert joint.titre == "Tract"
    assert client.post(change_url(fiche), data | answers(asked, what)).status_code == 302
    joint.refresh_from_db()
    assert joint.titre == (f"Tract {NUMERO}" if what == "garder" else f"Tract {TELEPHONE_MASQUE}")


@pytest.mark.parametrize("model", [Theme, Choix])
def test_the_name_of_a_value_of_a_list_is_asked_about(client, enter, model):
    fields = {"liste": Choix.Liste.PROFIL} if model is Choix else {}
    row = model.objects.create(nom="Accueil", **fields)
    enter(ANIMATION)
    data = posted(client, row, nom=f"Accueil {NUMERO}")
    asked = client.post(change_url(row), data)
    assert asked.status_code == 200
    assert client.post(change_url(row), data | answers(asked, "masquer")).status_code == 302
    row.refresh_from_db()
    assert (row.nom, as_written(row)) == (f"Accueil {TELEPHONE_MASQUE}", {"nom": f"Accueil {NUMERO}"})


@pytest.mark.parametrize("what", ["masquer", "garder"])
def test_a_sheet_of_the_exploration_is_asked_about_when_it_is_published(client, enter, what):
    row = ExplorationFactory(sujets=f"Au {NUMERO}.", accord_publication=True)
    enter(ANIMATION)
    page, data = reverse("admin:explorations_exploration_changelist"), {"action": "publish", "_selected_action": row.pk}
    asked = client.post(page, data)
    assert len(answers(asked, what)) == 1
    sent = data | {"appliquer": "oui", "vue_le": PageLue(asked).one("input", name="vue_le")["value"]}
    assert client.post(page, sent).status_code == 200
    assert not Exploration.objects.publiques().exists()
    client.post(page, sent | answers(asked, what))
    row = Exploration.objects.publiques().get()
    assert row.sujets == (f"Au {NUMERO}." if what == "garder" else f"Au {TELEPHONE_MASQUE}.")


def test_an_address_or_a_number_makes_no_value_of_a_list():
    rows = ListeDeChoix(Choix.Liste.MOT_CLE)
    assert rows.get_or_create("lena.morvan@exemple.bzh") is None
    assert rows.get_or_create("- écrire à lena.morvan (at) exemple.bzh") is None
    assert rows.get_or_create(f"Au {NUMERO}") is None
    assert rows.get_or_create("Accueil").nom == "Accueil"
    assert not Choix.objects.filter(nom__contains="lena").exists()


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
    "journal": "numbers",
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


def test_every_text_that_may_be_public_is_declared_so():
    """A new model with free texts is either public, and asks about words on persons, or said here not to be."""
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


def test_every_free_text_of_a_record_is_among_those_that_are_asked_about():
    for declaration in registre.types():
        covered = {field.name for field in public_fields(declaration.model)}
        free = {
            field.name
            for field in declaration.model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and not (field.choices or isinstance(field, models.SlugField) or field.is_relation)
        }
        assert free - covered <= {*declaration.model.derives, *declaration.model.textes_prives}, declaration.cle
