"""`manage.py importer_yeswiki`: an extract of the old site taken over twice, with edits in between."""

import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Count, Sum
from django.utils import timezone

from fiches import registre
from fiches.attached import Contact
from fiches.choice_lists import Theme
from fiches.demo import load
from fiches.indexation import propose
from participants.explorations.models import Exploration
from participants.inscriptions.models import Inscription
from projets.models import Projet
from reprise import formulaires
from reprise.models import Anomalie, Ecartee, Origine, Reprise
from socle.annuaire.models import AncienneAdresse, Entree, Statut
from socle.recherche.models import Indexe
from tests.reprise.extrait import changed, part

pytestmark = pytest.mark.django_db

JUGEMENTS = Path(__file__).parents[1] / "fiches" / "themes.toml"
AURAY = "AURAY - PEF, Planning Emploi Formation"
DINAN = "DINAN - Nouveau site Internet pour la ville de Dinan centré sur l’expérience utilisateur"
MONTANT = "Montant du financement France Relance"
# Where persons may stand: contacts, participants and oddities in their own fields.
PERSONNES = {"fiches.Contact", "inscriptions.Inscription", "reprise.AnomalieInscription"}
PERSONNES |= {"explorations.Exploration", "reprise.AnomalieExploration"}
PERSONNES |= {"vie_privee.TexteIntegral"}  # for staff alone
BUT = ("L’objet de cet outil est", "Le but de cet outil est")
TYPES = {
    **{"projet": 35, "initiative": 6, "enquete": 8, "terme": 20, "ressource": 1, "episode": 5, "evenement": 3},
    **{"inscription": 9, "exploration": 4, "inconnu": 1},
}


def database():
    """Values of all rows that a takeover or an edit writes, without those about takeovers."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model is Reprise:
            continue
        if model._meta.app_label in ("referentiels", "auth", "contenttypes", "sessions", "admin", "comptes", "journal"):
            continue
        names = [field.attname for field in model._meta.concrete_fields]
        found[model._meta.label] = sorted(map(repr, model.objects.values_list(*names)))
    return found


def counts():
    return dict(
        Projet.objects.published()
        .order_by()
        .values_list("departement")
        .annotate(n=Count("pk"))
        .values_list("departement", "n")
    )


def two(old="", new=""):
    """Two records of the extract: enough for tests of what comes again."""
    return changed(old, new, of=part(AURAY, DINAN)) if old else part(AURAY, DINAN)


def test_the_extract_is_taken_over_whole(repris):
    rapport = repris
    assert {cle: counts["lues"] for cle, counts in rapport["fiches"].items()} == TYPES
    assert rapport["fiches"]["projet"] == {"lues": 35, "creees": 35, "modifiees": 0, "inchangees": 0, "conflits": 0}
    for cle, lues in TYPES.items():
        assert rapport["fiches"][cle]["creees"] == (0 if cle == "inconnu" else lues), cle
    taken = [declaration for declaration in registre.types() if formulaires.get(declaration.cle)]
    public = sum(TYPES[declaration.cle] for declaration in taken)
    assert public == 78
    for declaration in taken:
        assert declaration.model.objects.published().count() == TYPES[declaration.cle], declaration.cle
        assert declaration.model.objects.count() == Entree.objects.filter(type=declaration.cle).count()
    assert Entree.objects.published().count() == Entree.objects.count() == Origine.objects.count() == public
    assert (Inscription.objects.count(), Exploration.objects.count()) == (9, 4)
    unknown = Anomalie.objects.get(type="type_inconnu")
    assert unknown.entree is None
    assert unknown.texte
    assert Projet.objects.count() == 35
    assert counts() == {"22": 10, "29": 3, "35": 10, "56": 12}
    assert Projet.objects.aggregate(total=Sum("montant_eur"))["total"] == 769_866
    figures = Projet.objects.published().figures()
    assert figures["total"] == 727_518
    assert Indexe.objects.count() == public
    assert Projet.history.count() - Projet.objects.filter(remplace__isnull=False).count() == 35


@pytest.mark.long
def test_what_an_old_sheet_said_is_what_the_new_one_says(repris, client):
    projet = Projet.objects.get(titre=AURAY)
    assert projet.statut == Statut.PUBLIEE
    assert (projet.publiee_le, projet.datee, projet.entree.datee) == (None, False, False)
    assert projet.departement_id == "56"
    assert (projet.montant_source, projet.montant_eur) == ("20 000", Decimal("20000"))
    assert projet.description.startswith("Problématique importante du partage")
    assert projet.titre_public == "PEF, Planning Emploi Formation"
    assert client.get(projet.get_absolute_url()).status_code == 200
    second = Projet.objects.get(remplace__isnull=False)
    assert "rapport V2" in second.titre
    assert second.remplace.titre == second.titre.removesuffix(" (rapport V2)")
    assert not client.get("/projets/?q=FloodCRM").context["selection"].total


@pytest.mark.long
def test_a_record_has_no_date_until_somebody_changes_it_here(repris, client):
    assert not Entree.objects.filter(datee=True).exists()
    assert "Dernière mise à jour" not in client.get("/").content.decode()
    projet = Projet.objects.order_by("modifiee_le").first()
    projet.save(touch=False)
    call_command("reindexer", verbosity=0)
    page = client.get(projet.get_absolute_url()).content.decode()
    assert "Reprise de l’ancien site, sans date" in page
    csv = b"".join(client.get("/projets.csv").streaming_content).decode()
    assert f"{timezone.localdate():%Y-%m-%d}" not in csv
    projet.refresh_from_db()
    projet.change({"objectifs": "Informer"})
    assert "Reprise de l’ancien site, sans date" not in client.get(projet.get_absolute_url()).content.decode()
    first = client.get("/projets/?tri=recent").context["page"].object_list[0]
    assert (first.pk, projet.publiee_le, Entree.objects.get(datee=True).pk) == (projet.pk, None, projet.pk)


@pytest.mark.long
def test_records_of_all_types_get_the_themes_that_a_reader_would_give(repris):
    """Measured on the odd rows of each type, which served to make the rules, and on the others."""
    seen, figures, poor = Counter(), {"odd": Counter(), "even": Counter(), "texts": Counter()}, []
    for row in tomllib.loads(JUGEMENTS.read_text(encoding="utf-8"))["fiche"]:
        given = given_themes(row["type"], row["titre"])
        wrong = given - {*row["admis"], row.get("requis")}
        missed = row.get("requis") not in {None, *given}
        seen[row["type"]] += 1
        groups = ["odd" if seen[row["type"]] % 2 else "even"]
        groups += ["texts"] if row["type"] in ("initiative", "enquete", "episode") else []
        for group in groups:
            figures[group].update(records=1, themed=bool(given), given=len(given), wrong=len(wrong), missed=missed)
        poor += [(row["titre"], given)] if wrong or missed or not given else []
    for group, found in figures.items():
        assert found["themed"] >= 0.95 * found["records"], (group, poor)
        assert found["wrong"] <= 0.05 * found["given"], (group, poor)
        assert found["missed"] <= 0.1 * found["records"], (group, poor)
    assert not Projet.objects.filter(themes_automatiques=False).exists()


def given_themes(cle: str, titre: str) -> set[str]:
    """Names of the themes that the takeover gave to a record, or that the demo record of this title would get."""
    model = registre.get(cle).model
    if fiche := model.objects.filter(titre=titre).first():
        return {theme.nom for theme in fiche.themes.all()}
    row = next(row for row in load(f"{cle}s") if row["titre"] == titre)
    return {theme.nom for theme in propose(model(titre=titre, **{name: row.get(name, "") for name in model.textes}))}


def test_spam_stands_in_anomalies_and_nowhere_else(repris):
    rapport = repris
    assert sum(row["type"] == "contenu_indesirable" for row in rapport["anomalies"]) == 12
    for table, rows in database().items():
        if table != "reprise.Anomalie":
            assert not any("FloodCRM" in row for row in rows), table


@pytest.mark.long
def test_persons_are_in_no_record_no_history_and_no_index(repris):
    holders = {table for table, rows in database().items() if any("@exemple.bzh" in row for row in rows)}
    assert holders - PERSONNES == set()
    assert "inscriptions.Inscription" in holders


# Twice


def test_a_second_takeover_changes_nothing(repris, take_over):
    first = repris
    before = database()
    second = take_over()
    again = {"creees": 0, "modifiees": 0, "conflits": 0}
    for cle, lues in TYPES.items():
        same = 0 if cle == "inconnu" else lues
        assert second["fiches"][cle] == {"lues": lues, "inchangees": same, **again}, cle
    assert second["anomalies"] == first["anomalies"]
    assert database() == before


# Edited here, changed there


def both():
    """Changes on both sides, undecided."""
    return Anomalie.objects.open().filter(type="change_des_deux_cotes")


def test_a_sheet_edited_here_is_kept_and_asks_nothing_while_the_old_site_stays(repris, take_over):
    projet = Projet.objects.get(titre=AURAY)
    projet.change({"objectifs": "Corrigé par la rédaction"})
    for _ in range(2):
        assert take_over(two())["fiches"]["projet"]["inchangees"] == 2
    projet.refresh_from_db()
    assert projet.objectifs == "Corrigé par la rédaction"
    assert not both().exists()
    assert projet.history.count() == 2


def test_what_changed_on_the_old_site_only_is_taken(repris, take_over):
    projet = Projet.objects.get(titre=AURAY)
    rapport = take_over(two(*BUT))
    assert rapport["fiches"]["projet"] == {"lues": 2, "creees": 0, "modifiees": 1, "inchangees": 1, "conflits": 0}
    projet.refresh_from_db()
    assert "Le but de cet outil" in projet.objectifs
    assert projet.history.count() == 2
    assert not both().exists()
    assert take_over(two(*BUT))["fiches"]["projet"]["inchangees"] == 2


@pytest.mark.long
def test_an_editor_s_choices_are_never_overwritten(repris, take_over):
    projet = Projet.objects.get(titre=AURAY)
    archives = Theme.objects.get(slug="archives")
    projet.change({"titre_court": "Planning commun", "slug": "planning", "themes": [archives]})
    retired = Projet.objects.exclude(pk=projet.pk).first()
    retired.statut = Statut.RETIREE
    retired.save()
    take_over(two(*BUT))
    projet.refresh_from_db()
    retired.refresh_from_db()
    assert "Le but de cet outil" in projet.objectifs
    assert list(projet.themes.all()) == [archives]
    assert (projet.titre_public, projet.slug) == ("Planning commun", "planning")
    assert AncienneAdresse.objects.filter(entree=projet.pk).exists()
    assert retired.statut == Statut.RETIREE


@pytest.mark.long
def test_a_sheet_deleted_here_stays_deleted_until_its_row_is(repris, take_over):
    Projet.objects.get(titre=AURAY).delete()
    ecartee = Ecartee.objects.get()
    assert (ecartee.type, ecartee.titre) == ("projet", "PEF, Planning Emploi Formation")
    for _ in range(2):
        rapport = take_over(two())
        assert rapport["fiches"]["projet"] == {"lues": 2, "creees": 0, "modifiees": 0, "inchangees": 2, "conflits": 0}
        assert not Projet.objects.filter(titre=AURAY).exists()
    ecartee.delete()
    assert take_over(two())["fiches"]["projet"]["creees"] == 1
    assert Projet.objects.filter(titre=AURAY).exists()
    assert not Ecartee.objects.exists()


def test_it_holds_no_word_of_what_it_created(repris):
    names = set(Inscription.objects.values_list("nom", flat=True)) | set(Contact.objects.values_list("nom", flat=True))
    kept = str(list(Reprise.objects.values()))
    assert not [name for name in names if name and name in kept]
