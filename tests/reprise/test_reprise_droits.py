"""What the old site hid from visitors becomes public only if somebody says so, and is never emptied."""

import io
import json
from copy import deepcopy

import pytest
from django.core.management import call_command

from fiches import registre
from fiches.attached import Contact
from fiches.glossaire.models import Terme
from fiches.ressources.models import Ressource
from projets.models import Projet
from reprise.lecture import Champ, Lecture, Lue
from reprise.models import Anomalie
from reprise.reseau import Reseau
from reprise.resolution import take_theirs
from reprise.sauvegarde import save_lecture
from socle.annuaire.models import Entree, Statut
from tests.reprise.yeswiki import ecriture
from tests.reprise.yeswiki.serveur import answering, saying
from tests.reprise.yeswiki.site import NUMEROS, Ligne, fabriquer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]

SITE = fabriquer({"projet": 3, "initiative": 2, "terme": 3, "ressource": 2, "evenement": 2, "exploration": 1})


@pytest.fixture
def site():
    """Its second project and first term are private, its explorations closed, three fields of projects hidden."""
    site = deepcopy(SITE)
    site.privees = {site.du_type("projet")[1].identifiant, site.du_type("terme")[0].identifiant}
    site.fermes = {"exploration"}
    labels = ("Montant du financement France Relance", "Objectifs", "Référent du projet")
    site.caches = {site.cle("projet", label) for label in labels}
    for number, fiche in enumerate(site.du_type("projet")):
        fiche.valeurs[site.cle("projet", labels[0])] = f"{number + 1} 000"
        fiche.valeurs[site.cle("projet", labels[1])] = [Ligne(f"Un objectif {number}")]
    return site


@pytest.fixture
def take(site, tmp_path):
    """Takes over a saved wiki: `admin`, `visiteur`, `texte`, `sans`."""

    def write(what):
        path = tmp_path / what
        if what in ("admin", "visiteur"):
            ecriture.ecrire_json(site, path, courriels=what == "admin")
        elif what == "texte":
            path.write_bytes(ecriture.en_texte(site))
        else:  # as visitors saw it, without hidden keys
            path.mkdir(exist_ok=True)
            said = ecriture.entrees(site, False)
            said = {nom: {k: v for k, v in row.items() if k not in site.caches} for nom, row in said.items()}
            (path / "fiches.json").write_bytes(ecriture.en_json(said))
            (path / "formulaires.json").write_bytes(ecriture.reponses(site)["?api/forms"])
        return path

    def run(what, *options, public=None):
        out = io.StringIO()
        if public:
            options = (*options, "--public", str(write(public)))
        call_command("importer_yeswiki", str(write(what)), *options, stdout=out, stderr=out)
        return out.getvalue()

    return run


def public():
    return {fiche.titre for type in registre.types() for fiche in type.model.objects.published()}


def titles(site, hidden):
    """Titles of the public types' records that are private there, or not."""
    shown = [fiche for fiche in site.fiches if fiche.formulaire != "exploration"]
    return {fiche.titre for fiche in shown if (fiche.identifiant in site.privees) == hidden}


def values():
    found = {pk: (str(row),) for pk, row in Ressource.objects.in_bulk().items()}
    for projet in Projet.objects.all():
        contacts = sorted(Contact.objects.filter(entree=projet.pk).values_list("nom", "courriel"))
        found[projet.pk] = (projet.objectifs, projet.montant_eur, projet.description, projet.departement_id, contacts)
    return found


# Public only if somebody says so


@pytest.mark.parametrize("what", ["admin", "visiteur"])
def test_records_of_a_file_wait_for_an_editor(take, tmp_path, what):
    said = take(what)
    assert not public()
    waiting = Entree.objects.filter(statut=Statut.A_RELIRE).count()
    assert f"{waiting} fiches sont « à relire » : rien ne dit que l’ancien site les montrait" in said
    assert f"manage.py importer_yeswiki {tmp_path / what} --publier" in said


def test_an_operator_says_that_all_was_public(site, take):
    said = take("admin", "--publier")
    assert "« à relire »" not in said
    assert public() == titles(site, True) | titles(site, False)
    assert Projet.objects.filter(montant_eur__gt=0).count() == 3


def test_what_visitors_saw_is_public_and_nothing_else(site, take):
    said = take("admin", public="visiteur")
    assert public() == titles(site, False)
    assert "2 fiches sont « à relire »" in said
    assert "--public" not in said.partition("manage.py")[2].partition("\n")[0]
    for projet in Projet.objects.published():  # hidden values wait beside the record
        assert (projet.montant_eur, projet.objectifs) == (None, "")
        told = Anomalie.objects.open().filter(entree=projet.pk, type="valeur_reservee")
        assert {anomalie.champ for anomalie in told} == {"Montant du financement France Relance", "Objectifs"}
    take("admin", "--publier")
    assert public() == titles(site, True) | titles(site, False)
    assert Projet.objects.filter(montant_eur__gt=0).exclude(objectifs="").count() == 3
    assert not Anomalie.objects.open().filter(type="valeur_reservee").exists()


@pytest.mark.long
@pytest.mark.parametrize("options", [{"public": "visiteur"}, {}], ids=["as visitors saw it", "all"])
def test_running_again_publishes_what_waited(site, take, options):
    take("admin")
    before = values()
    take("admin", *([] if options else ["--publier"]), **options)
    # Projects now hold hidden values: only somebody who says so publishes them.
    kept = {fiche.titre for fiche in site.du_type("projet")} | titles(site, True) if options else set()
    shown = (titles(site, True) | titles(site, False)) - kept
    assert public() == shown
    assert values() == before
    for what in ("admin", "visiteur"):  # nothing is un-published
        take(what)
        assert public() == shown


@pytest.mark.long
@pytest.mark.parametrize("statut", [Statut.RETIREE, Statut.BROUILLON, Statut.A_RELIRE])
def test_the_state_that_an_editor_chose_stays(site, take, statut):
    take("admin", "--publier")
    fiche = Ressource.objects.first()
    fiche.statut = statut
    fiche.save()
    take("admin", "--publier")
    fiche.refresh_from_db()
    assert fiche.statut == statut


@pytest.mark.long
@pytest.mark.parametrize("what", ["visiteur", "texte"])
def test_a_source_publishes_no_value_that_it_does_not_say(site, take, what):
    """Whoever says that all of a source was public says nothing of values from earlier sources."""
    take("admin")
    before = values()
    said = take(what, "--publier")
    assert not Projet.objects.published().exists()
    assert "fiches sont « à relire » : une reprise d’avant y a mis des valeurs que cette source ne dit pas" in said
    after = values()
    assert [row[:2] for row in after.values()] == [before[pk][:2] for pk in after]
    assert Ressource.objects.published().exists()
    take("admin", "--publier")
    assert Projet.objects.published().count() == 3


def test_a_decision_takes_nothing_that_was_hidden_from_visitors():
    def take(description, *, publique):
        said = {"Nom de la collectivité": "DINAN", "Description synthétique du projet": description}
        said |= {"Objectifs": "Caché"}
        champs = {label: Champ(label, text, 1) for label, text in said.items()}
        lue = Lue("projet", "DINAN - Portail", 1, 9, champs, publique=publique)
        lue.reserves = frozenset(["Objectifs"]) if publique else None
        save_lecture(Lecture(fiches=[lue], lignes={}))

    take("Un portail", publique=False)
    projet = Projet.objects.get()
    projet.change({"description": "Notre portail", "objectifs": ""})
    take("Leur portail", publique=False)
    asked = Anomalie.objects.open().filter(entree=projet.pk, type="change_des_deux_cotes")
    assert asked.get().valeurs["objectifs"] == "Caché"
    projet.change({"statut": Statut.PUBLIEE})
    take("Leur portail agrandi", publique=True)
    take_theirs(asked.get())
    projet.refresh_from_db()
    assert (projet.description, projet.objectifs) == ("Leur portail agrandi", "")


def test_what_is_missing_from_what_visitors_saw_was_hidden_from_them(site, take):
    said = take("admin", public="sans")
    assert Projet.objects.published().count() == 2
    for projet in Projet.objects.published():
        assert (projet.montant_eur, projet.objectifs) == (None, "")
        told = Anomalie.objects.open().filter(entree=projet.pk, type="valeur_reservee")
        assert {anomalie.champ for anomalie in told} == {"Montant du financement France Relance", "Objectifs"}
    assert "2 fiches sont « à relire »" in said


@pytest.mark.long
def test_a_sheet_made_here_is_not_published_by_a_takeover(site, take):
    fiche = Ressource(titre=site.du_type("ressource")[0].titre, statut=Statut.A_RELIRE)
    fiche.save()
    for _ in range(2):
        take("admin", "--publier")
    fiche.refresh_from_db()
    assert fiche.statut == Statut.A_RELIRE


@pytest.fixture
def address(site, monkeypatch, settings, tmp_path):
    monkeypatch.setattr(Reseau, "dormir", staticmethod(lambda seconds: None))
    settings.BASE_DIR, settings.MEDIA_ROOT = tmp_path / "projet", tmp_path / "medias"
    with answering(lambda path, tries: saying(ecriture.reponses(site))(path, tries)) as server:
        yield server.root


@pytest.mark.long
def test_an_address_is_read_as_visitors_read_it(site, take, address):
    call_command("importer_yeswiki", address, "--autoriser-reseau-local", "--sans-fichiers", verbosity=0)
    assert public() == titles(site, False)
    take("admin")  # hidden values of public records stay beside them
    assert public() == titles(site, False)
    assert not Projet.objects.published().filter(montant_eur__gt=0).exists()
    assert Projet.objects.filter(statut=Statut.A_RELIRE, montant_eur__gt=0).exists()


# Never emptied


@pytest.mark.long
def test_what_the_wiki_hides_or_empties_is_not_emptied_here(site, take):
    """A wiki shows a field empty to whoever may not read it, as if it had been emptied."""
    site.caches |= {site.cle("ressource", "NOM"), site.cle("initiative", "Auteur de la fiche")}
    take("admin")
    before, persons = values(), Contact.objects.order_by("pk").values_list("entree", "role", "nom", "fonction")
    named = list(persons)
    assert all(row[1] for row in before.values() if len(row) > 1)
    assert {role for _, role, _, _ in named} >= {"deposant", "auteur", "referent"}
    for what in ("visiteur", "sans", "texte"):
        take(what)
        assert values() == before, what
        assert list(persons) == named, what
    assert not Anomalie.objects.filter(type="valeur_reservee").exists()
    hidden = {"montant_source", "montant_eur", "objectifs"}
    assert not [row for row in Anomalie.objects.all() if hidden & row.valeurs.keys()]


# Gone from there


@pytest.mark.long
def test_what_the_wiki_no_longer_holds_is_named_and_stays(site, take, tmp_path):
    take("admin", "--publier")
    gone = site.fiches.pop(site.fiches.index(site.du_type("ressource")[0]))
    rapport = tmp_path / "rapport.json"
    said = take("visiteur", "--rapport", str(rapport))
    named = json.loads(rapport.read_text())["absentes"]
    assert {row["fiche"] for row in named} == {gone.titre} | titles(site, True)
    assert all(row["fiche"] in said and row["adresse"] in said for row in named)
    assert "3 fiches reprises de cet ancien site ne sont plus dans cette source" in said
    assert gone.titre in public()
    assert f"{NUMEROS['exploration']} « Exploration » (fermé aux visiteurs)" in said


# Read alike, and followed


def test_a_private_page_of_the_title_of_a_public_record_does_not_take_its_place(tmp_path):
    """The private page is met by title alone, in a file that nobody called public: editors see both, visitors the
    first.
    """
    words = "L’accès aux droits est la possibilité pour chacun de faire valoir ses droits."
    text = tmp_path / "texte.txt"
    text.write_text(f"Accès aux droits\nAccès aux droits\nDéfinition\n{words}\n", encoding="utf-8")
    call_command("importer_yeswiki", str(text), verbosity=0, sans_copie=True)
    form = {"bn_id_nature": "8", "bn_label_nature": "Glossaire"}
    form["prepared"] = [
        {"id": "bf_titre", "propertyname": "bf_titre", "type": "texte", "label": "Mot"},
        {"id": "bf_definition", "propertyname": "bf_definition", "type": "textelong", "label": "Définition"},
    ]
    page = {"id_fiche": "NoteInterne", "id_typeannonce": "8", "bf_titre": "Accès aux droits"}
    page["bf_definition"] = "Réservé à notre équipe, ne pas diffuser avant la réunion du bureau de lundi."
    folder = tmp_path / "json"
    folder.mkdir()
    (folder / "forms.json").write_text(json.dumps({"8": form}), encoding="utf-8")
    (folder / "entries.json").write_text(json.dumps({"NoteInterne": page}), encoding="utf-8")
    call_command("importer_yeswiki", str(folder), verbosity=0, sans_copie=True)
    terme = Terme.objects.get()
    assert (terme.definition, terme.is_publiee) == (words, True)
    (row,) = Anomalie.objects.open().filter(type="change_des_deux_cotes")
    assert row.valeurs["definition"] == page["bf_definition"]


@pytest.mark.long
def test_a_source_that_does_not_say_a_hidden_value_does_not_settle_it(site, take):
    take("admin", public="visiteur")
    told = Anomalie.objects.open().filter(type="valeur_reservee").count()
    assert told
    take("visiteur", "--publier")
    assert Anomalie.objects.open().filter(type="valeur_reservee").count() == told


@pytest.mark.long
def test_hidden_persons_stay_as_they_were_told(site, take):
    site.caches |= {site.cle("ressource", "NOM"), site.cle("initiative", "Auteur de la fiche")}
    take("admin")
    before = sorted(Contact.objects.values_list("entree", "role", "nom", "fonction"))
    assert {role for _, role, _, _ in before} >= {"deposant", "auteur", "referent"}
    take("visiteur")
    assert sorted(Contact.objects.values_list("entree", "role", "nom", "fonction")) == before
