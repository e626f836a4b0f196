"""For test_fusion."""

import pytest

from fiches.suivi.fusion import DEUX, merge, undo
from fiches.suivi.models import Fusion
from projets.models import Projet
from reprise.lecture import Champ, Lecture, Lue
from reprise.models import AncienIdentifiant, Anomalie, Ecartee, Origine
from reprise.sauvegarde import save_lecture
from socle.annuaire.models import Statut
from tests.conftest import PageLue
from tests.fiches.test_fusion import pair  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
CHANGE = Anomalie.Type.CHANGE_DES_DEUX_COTES
TWO = (("DINAN - Portail", "Un portail"), ("DINAN - Portail bis", "Un autre portail"))


def counts(report):
    return {key: number for key, number in report.fiches["projet"].items() if number}


@pytest.fixture
def noted(pair):  # noqa: F811
    """The same pair, with possible notes of the takeover."""
    kept, lost = pair
    AncienIdentifiant.objects.create(identifiant="DinanPortail2", entree=lost.entree, certain=True)
    Anomalie.objects.create(entree=lost.entree, type="lien_vide", empreinte="a")
    Anomalie.objects.create(entree=kept.entree, type="doublon_probable", texte=lost.titre, empreinte="b")
    return kept, lost


@pytest.mark.long
def test_what_the_takeover_noted_of_the_lost_record_follows_and_comes_back(client, noted):
    kept, lost = noted
    merge(kept, lost, {})
    assert client.get("/?DinanPortail2")["Location"] == kept.get_absolute_url()
    assert Anomalie.objects.get(type="lien_vide").entree_id == kept.pk
    assert Anomalie.objects.get(type="doublon_probable").reglee_le
    undo(Fusion.objects.get())
    assert AncienIdentifiant.objects.get().entree_id == lost.pk


def test_undoing_leaves_open_what_was_to_settle_and_writes_one_version(noted):
    kept, lost = noted
    merge(kept, lost, {"themes": DEUX})
    versions = kept.history.count()
    undo(Fusion.objects.get())
    assert {(row.type, row.entree_id) for row in Anomalie.objects.open()} == {
        ("lien_vide", lost.pk),
        ("doublon_probable", kept.pk),
    }
    assert kept.history.count() == versions + 1


def test_undoing_opens_again_what_changed_on_both_sides_and_nobody_decided(pair):  # noqa: F811
    kept, lost = pair
    for fiche in (kept, lost):
        said = {"description": fiche.titre}
        Anomalie.objects.create(entree=fiche.entree, type=CHANGE, valeurs=said, empreinte=fiche.titre)
    merge(kept, lost, {})
    assert both().get().valeurs == {"description": kept.titre}
    undo(Fusion.objects.get())
    assert {row.entree_id: row.valeurs["description"] for row in both()} == {kept.pk: kept.titre, lost.pk: lost.titre}


def both():
    """Changes on both sides, undecided."""
    return Anomalie.objects.open().filter(type=CHANGE)


def dump(*sheets, format="texte"):
    """A takeover of projects: (title, description)."""
    lues = [
        Lue("projet", titre, 10 * n, 10 * n + 5, {label: Champ(label, text, 10 * n) for label, text in champs.items()})
        for n, (titre, text) in enumerate(sheets, start=1)
        for champs in [{"Nom de la collectivité": "DINAN", "Description synthétique du projet": text}]
    ]
    return save_lecture(Lecture(fiches=lues, lignes={}, format=format))


@pytest.fixture
def taken(places):
    dump(*TWO)
    kept, lost = Projet.objects.order_by("pk")
    merge(kept, lost, {})
    return Projet.objects.get(pk=kept.pk), lost


def test_the_next_takeover_makes_no_second_record_and_changes_nothing(taken):
    kept, lost = taken
    for _ in range(2):
        assert counts(dump(*TWO)) == {"lues": 2, "inchangees": 2}
    assert Projet.objects.count() == 2
    assert Projet.objects.get(pk=kept.pk).version == kept.version
    assert Origine.objects.count() == 2
    assert not Ecartee.objects.exists()
    assert not both().exists()
    assert Projet.objects.get(pk=lost.pk).statut == Statut.RETIREE


def test_what_the_old_site_changes_in_the_kept_sheet_comes_in(taken):
    kept, _ = taken
    assert counts(dump(("DINAN - Portail", "Un portail agrandi"), TWO[1])) == {
        "lues": 2,
        "modifiees": 1,
        "inchangees": 1,
    }
    kept.refresh_from_db()
    assert kept.description == "Un portail agrandi"


def test_what_the_old_site_changes_in_the_lost_sheet_is_asked_of_the_kept_one(taken):
    kept, lost = taken
    changed = (TWO[0], ("DINAN - Portail bis", "Encore un autre"))
    for _ in range(2):
        assert counts(dump(*changed)) == {"lues": 2, "conflits": 1, "inchangees": 1}
    row = both().get()
    assert row.entree_id == kept.pk
    assert row.valeurs["description"] == "Encore un autre"
    assert Projet.objects.get(pk=lost.pk).description == "Un autre portail"
    assert Projet.objects.count() == 2


@pytest.mark.long
@pytest.mark.parametrize("merged", [True, False])
def test_a_text_that_lacks_the_addresses_of_links_opens_nothing_that_was_decided(places, merged):
    told = (TWO[0], ("DINAN - Portail bis", "Un autre portail (https://exemple.bzh/autre)"))
    dump(*told, format="json")
    kept, lost = Projet.objects.order_by("pk")
    if merged:
        merge(kept, lost, {})
    else:
        lost.description = "Le nôtre"
        lost.save()
        dump(*told, format="json")
    for format in ("texte", "json", "texte"):
        sheets = TWO if format == "texte" else told
        assert counts(dump(*sheets, format=format)) == {"lues": 2, "inchangees": 2}, format
    assert not both().exists()


@pytest.mark.long
def test_an_anomaly_of_a_probable_double_leads_to_its_twin(client, anne, places):
    dump(TWO[0], TWO[0])
    first, second = Projet.objects.order_by("pk")
    anomalie = Anomalie.objects.get(type="doublon_probable")
    page = PageLue(client.get(f"/admin/reprise/anomalie/{anomalie.pk}/change/"))
    (link,) = [a for a in page.all("a") if "comparer et fusionner" in a.text]
    assert PageLue(client.get(link["href"])).one("input", name="gardee")["value"] == str(first.pk)
    assert anomalie.entree_id == second.pk
