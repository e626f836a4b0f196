"""Places of a record never contradict each other, whatever the door they come in by."""

import csv
import io
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from fiches import registre
from fiches.initiatives.models import Initiative
from fiches.lieux import Situee
from fiches.tableur.importation import import_fiches
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.territoires import lieux
from socle.territoires.models import Commune, Departement
from tests.factories import ProjetFactory
from tests.sampling import mostly_long, sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]
SITUATED = [declaration for declaration in registre.types() if issubclass(declaration.model, Situee)]
# Dinan and Brest, each in its intercommunalité; Saint-Brieuc, of which none is known.
CASES = list(product([None, "22050", "29019", "22278"], [None, "200068989", "242900314"], [None, "22", "29", "56"]))


def contradicts(fiche) -> bool:
    """Whether a commune, an intercommunalité and a département say different places, or one of them nothing."""
    commune, group = getattr(fiche, "commune", None), getattr(fiche, "intercommunalite", None)
    if commune:
        says_group = not hasattr(fiche, "intercommunalite") or group == commune.intercommunalite
        return fiche.departement_id != commune.departement_id or not says_group
    return bool(group) and not Commune.objects.filter(intercommunalite=group, departement=fiche.departement).exists()


def located(model, case, **fields):
    commune, group, departement = case
    values = {"commune_id": commune, "intercommunalite_id": group, "departement_id": departement}
    known = {field.attname for field in model._meta.concrete_fields}
    return model(titre="Un lieu", **{name: value for name, value in values.items() if name in known}, **fields)


each_situated = pytest.mark.parametrize("declaration", SITUATED, ids=lambda declaration: declaration.cle)


@each_situated
def test_no_contradiction_is_saved(declaration):
    for case in sample(CASES, one_in=12):
        fiche = located(declaration.model, case, statut=Statut.PUBLIEE)
        fiche.save()
        fiche.refresh_from_db()
        assert not contradicts(fiche), case
        if case[0] is None:
            assert fiche.departement_id == (case[2] or fiche.departement_id), case


@each_situated
def test_a_form_says_beside_the_departement_what_contradicts_it(declaration):
    for case in CASES:
        fiche = located(declaration.model, case)
        commune = getattr(fiche, "commune", None)
        group = None if commune else getattr(fiche, "intercommunalite", None)
        there = [commune] if commune else group.communes.all() if group else []
        where = {one.departement_id for one in there}
        if where and case[2] and case[2] not in where:
            with pytest.raises(ValidationError) as refused:
                fiche.clean()
            assert list(refused.value.message_dict) == ["departement"], case
        else:
            fiche.clean()


def test_the_desk_shows_it_and_loses_nothing(client, anne):
    data = {"titre": "Un portail", "statut": "brouillon", "commune": "22050", "departement": "29"}
    data |= {f"{rows}-{key}_FORMS": 0 for rows in ("contacts", "annexes") for key in ("TOTAL", "INITIAL")}
    page = client.post(reverse("admin:projets_projet_add"), data).content.decode().replace("\u00a0", " ")
    assert "La commune, Dinan, est dans les Côtes-d’Armor : corrigez le département, ou videz-le" in page
    assert 'value="Un portail"' in page
    assert client.post(reverse("admin:projets_projet_add"), data | {"departement": ""}).status_code == 302
    projet = Projet.objects.get()
    assert (projet.departement_id, projet.intercommunalite_id) == ("22", "200068989")


@pytest.mark.parametrize(
    ("champs", "departement"),
    [
        ({"collectivite": "Mairie de Brest"}, "29"),
        ({"collectivite": "Conseil départemental du Finistère"}, "29"),
        ({"collectivite": "Brest Métropole"}, "29"),
        ({"collectivite": "Saint-Armel"}, None),  # there are two
        ({"collectivite": "Une association"}, None),
    ],
)
def test_an_authority_without_a_departement_gets_it_where_that_is_safe(champs, departement):
    projet = ProjetFactory(themes=[], **champs)
    projet.refresh_from_db()
    assert projet.departement_id == departement


@mostly_long("declaration", SITUATED, ids=lambda declaration: declaration.cle, one_in=3)
def test_a_file_gives_no_contradiction_either(declaration):
    fiche = located(declaration.model, ("22050", None, None))
    fiche.save()
    for departement in ("29", "22", "", "56"):
        import_fiches(
            declaration, [(2, {"identifiant": str(fiche.pk), "departement_code": departement})], raison="essai"
        )
        fiche.refresh_from_db()
        assert not contradicts(fiche)


@mostly_long("declaration", SITUATED, ids=lambda declaration: declaration.cle, one_in=3)
def test_a_file_tells_the_places_and_the_code_of_a_commune_is_read_back(declaration, client):
    fiche = located(declaration.model, ("22050", None, None), statut=Statut.PUBLIEE)
    fiche.save()
    row = next(
        csv.DictReader(io.StringIO(client.get(reverse(f"{declaration.espace}:csv")).getvalue().decode("utf-8-sig")))
    )
    told = ["departement_code", "departement", "commune", "commune_insee", "intercommunalite"]
    assert [row[name] for name in told] == ["22", "Côtes-d’Armor", "Dinan", "22050", "Dinan Agglomération"]
    assert [name for name in row if name in told] == told

    def imported(**cells):
        report = import_fiches(declaration, [(2, {"identifiant": str(fiche.pk), **cells})], raison="essai")
        fiche.refresh_from_db()
        return report.refus[0][1] if report.refus else (fiche.commune_id, fiche.departement_id)

    assert imported(**{name: row[name] for name in told}) == ("22050", "22")
    assert imported(commune="Dinan", commune_insee=" ") == ("22050", "22"), "an empty code leaves the name alone"
    assert imported(commune_insee="29019") == ("29019", "29")
    assert imported(commune="Brest", commune_insee="22339") == ("22339", "22")
    assert "La commune, Brest, est dans le Finistère" in imported(commune_insee="29019", departement_code="56")
    assert "code INSEE" in imported(commune_insee="99999")
    assert (fiche.commune_id, fiche.departement_id) == ("22339", "22")


def test_a_spreadsheet_drops_the_first_zero_of_a_code():
    ain = Departement.objects.create(code="01", nom="Ain", region_id="52")
    Commune.objects.create(code="01004", nom="Ambérieu-en-Bugey", departement=ain)
    fiche = Initiative(titre="Une initiative", ville="")
    fiche.save()
    import_fiches(
        registre.get("initiative"), [(2, {"identifiant": str(fiche.pk), "commune_insee": "1004"})], raison="x"
    )
    fiche.refresh_from_db()
    assert fiche.commune_id == "01004"


# Around a commune


@mostly_long("declaration", SITUATED, ids=lambda declaration: declaration.cle, one_in=3)
def test_every_list_with_places_is_asked_around_a_commune_and_so_is_the_site(read, declaration):
    for titre, commune in (("Ailleurs", "29019"), ("Voisine", "22339"), ("Ici", "22050"), ("Nulle part", None)):
        located(declaration.model, (commune, None, None), statut=Statut.PUBLIEE).change({"titre": titre})
    for address in (reverse(declaration.url_name), "/recherche/"):
        page = read(address, {"autour": "Dinnan", "rayon": "10"})
        assert page.text.index("Ici") < page.text.index("Voisine")
        assert "à 3 km" in page.text.replace("\u00a0", " ")
        assert not {"Ailleurs", "Nulle part"} & {word.text for word in page.all("h3")}
        assert "à moins de 10 km de Dinan" in page.text.replace("\u00a0", " ")


def test_an_intercommunalite_stands_at_its_largest_commune(places):
    for code, population in (("22050", 15_000), ("22339", 2_500)):
        Commune.objects.filter(pk=code).update(population=population)
    dinan, found = Commune.objects.get(pk="22050"), lieux.located(["200068989"])["200068989"]
    assert (found.nom, found.latitude, found.longitude) == ("Dinan Agglomération", dinan.latitude, dinan.longitude)
