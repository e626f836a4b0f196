import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from socle.territoires.models import Commune, Departement, Intercommunalite, Region
from socle.territoires.place_names import DOSSIER, split_title, tidy_authority
from socle.territoires.populations import ANNEE
from socle.territoires.prepositions import de_la_commune
from socle.territoires.reconnaissance import Reconnaisseur, parse_departement

DEPARTEMENTS = {
    "01": "Ain",
    "22": "Côtes-d'Armor",
    "29": "Finistère",
    "2A": "Corse-du-Sud",
    "53": "Mayenne",
    "971": "Guadeloupe",
    "974": "La Réunion",
}


def load(**options):
    """What `charger_referentiels` prints."""
    output = StringIO()
    call_command("charger_referentiels", stdout=output, **options)
    return output.getvalue()


@pytest.fixture
def small(tmp_path):
    """A folder of fixtures with four communes of two départements."""
    files = {
        "regions.csv": "code,nom\n53,Bretagne\n",
        "departements.csv": "code,nom,region\n22,Côtes-d'Armor,53\n35,Ille-et-Vilaine,53\n",
        "intercommunalites.csv": "code,nom,nature\n243500139,Rennes Métropole,METRO\n",
        "communes.csv": (
            "code,nom,departement,intercommunalite,codes_postaux,population,latitude,longitude\n"
            "22113,Lannion,22,,22300,20047,48.73333,-3.46667\n"
            "35238,Rennes,35,243500139,35000 35200 35700,227830,48.11198,-1.67429\n"
            "35347,Val-d'Izé,35,,35450,2620,,\n"
            "35360,Vitré,35,,35500,19000,48.11776,-1.20577\n"
        ),
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def edit(path, old, new):
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")


# Loading


@pytest.mark.long
def test_the_whole_of_france_is_loaded_once(db):
    first = load()
    assert "26 régions, 109 départements, 1255 intercommunalités, 34969 communes" in first
    assert "communes : 34969 créations" in first
    assert load().endswith(" : rien à changer\n")
    rows = (Region, 26), (Departement, 109), (Intercommunalite, 1255), (Commune, 34969)
    assert [(model, model.objects.count()) for model, _ in rows] == list(rows)
    assert not Commune.objects.filter(departement__in=["22", "29", "35", "56"], codes_postaux="").exists()
    rennes = Commune.objects.get(code="35238")
    assert (rennes.nom_plie, rennes.intercommunalite.nom) == ("rennes", "Rennes Métropole")


def test_loading_again_writes_only_what_differs(db, small):
    load(dossier=small)
    edit(small / "communes.csv", "Vitré,35,,", "Vitré,35,243500139,")
    edit(small / "communes.csv", "22113,Lannion", "22999,Nouvelle-Commune")
    report = load(dossier=small)
    assert "communes : 1 création, 1 mise à jour, 1 hors du fichier (rien n’est supprimé)" in report
    assert "régions :" not in report
    assert Commune.objects.get(code="35360").intercommunalite_id == "243500139"
    assert Commune.objects.filter(code="22113").exists()


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("communes.csv", "code,nom,departement", "code,name,departement", "colonnes attendues"),
        ("communes.csv", "35360,Vitré,35", "35360,Vitré,99", "ligne 5 : departement inconnu : « 99 »"),
        ("communes.csv", ",227830,", ",beaucoup,", "ligne 3 : nombre illisible"),
        ("communes.csv", "35360,Vitré", "35238,Vitré", "code en double : 35238"),
        ("communes.csv", ",19000,48.11776,-1.20577", "", "ligne 5 : ligne incomplète"),
        ("regions.csv", "53,Bretagne\n", "", "aucune ligne"),
        ("regions.csv", "53,Bretagne\n", '53,"Bretagne\n', "illisible"),
    ],
)
def test_a_damaged_file_is_refused_and_nothing_is_loaded(db, small, name, old, new, message):
    edit(small / name, old, new)
    with pytest.raises(CommandError, match=message):
        load(dossier=small)
    assert not Region.objects.exists()


def test_a_missing_or_binary_file_is_refused(db, small):
    (small / "communes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match=r"illisible : .*communes\.csv"):
        load(dossier=small)
    (small / "communes.csv").unlink()
    with pytest.raises(CommandError, match=r"introuvable : .*communes\.csv"):
        load(dossier=small)


def test_unreadable_themes_undo_the_whole_loading(db, small, tmp_path):
    for content in (None, "[oups"):
        path = tmp_path / "themes.json"
        if content:
            path.write_text(content, encoding="utf-8")
        with pytest.raises(CommandError, match="thèmes illisibles"):
            load(dossier=small, themes=path)
        assert not Region.objects.exists()


def test_the_fixtures_say_where_they_come_from():
    text = (DOSSIER / "SOURCES.md").read_text("utf-8")
    assert "Licence Ouverte" in text
    assert "CC BY 4.0" in text
    assert f"populations de référence {ANNEE}" in text  # the year that pages say
    with (DOSSIER / "communes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    located = [row for row in rows if row["latitude"]]
    assert f"{len(located)} communes of {len(rows)} have a position" in text
    assert all(-90 < float(row["latitude"]) < 90 and -180 < float(row["longitude"]) < 180 for row in located)


# Départements


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("22 - Côtes-d'Armor", "22"),
        ("1", "01"),
        ("COTES D'ARMOR", "22"),
        ("2a - corse du sud", "2A"),
        ("Conseil départemental des Côtes-d’Armor", "22"),
        ("22 - Finistère", None),
        ("22 - Bretagne", None),
        ("", None),
    ],
)
def test_a_departement_is_read_by_code_by_name_or_by_both(text, code):
    assert parse_departement(text, DEPARTEMENTS) == code


# Communes and intercommunalités


@pytest.fixture
def reconnaisseur(db):
    bretagne = Region.objects.create(code="53", nom="Bretagne")
    for code, nom in DEPARTEMENTS.items():
        Departement.objects.create(code=code, nom=nom, region=bretagne)
    epci = {
        nom: Intercommunalite.objects.create(code=code, nom=nom, nature=nature)
        for code, nom, nature in [
            ("1", "CA Guingamp-Paimpol Agglomération de l'Armor à l'Argoat", "CA"),
            ("2", "CC Bretagne Romantique", "CC"),
            ("3", "CC des Quatre Rivières", "CC"),
            ("4", "CC des Quatre Rivières", "CC"),
            ("5", "CC du Faou", "CC"),
            ("6", "CC du Pays de Landivisiau", "CC"),
        ]
    }
    epci["CC des Quatre Rivières (22)"] = Intercommunalite.objects.get(code="3")
    communes = [
        ("22001", "Guingamp", "22", "CA Guingamp-Paimpol Agglomération de l'Armor à l'Argoat"),
        ("22002", "Saint-Denis", "22", "CC des Quatre Rivières (22)"),
        ("22003", "La Motte", "22", "CC Bretagne Romantique"),
        ("29001", "Saint-Denis", "29", "CC des Quatre Rivières"),
        ("29002", "Le Faou", "29", "CC du Faou"),
        ("29003", "Faou", "29", "CC du Pays de Landivisiau"),
        ("53001", "Mayenne", "53", None),
        ("53002", "La Ville-ès-Nonais", "53", None),
    ]
    for code, nom, departement, intercommunalite in communes:
        Commune.objects.create(
            code=code, nom=nom, departement_id=departement, intercommunalite=epci.get(intercommunalite)
        )
    return Reconnaisseur()


@pytest.mark.parametrize(
    ("collectivite", "departement", "code"),
    [
        ("Guingamp", "22", "22001"),
        ("GUINGAMP", "29", None),  # not there
        ("Guingamp", None, None),  # nothing says it is a commune
        ("Ville de Guingamp", None, "22001"),
        ("Centre communal d’action sociale de la ville de Guingamp", "22", "22001"),
        ("Commune de ST DENIS", "22", "22002"),
        ("Commune de Saint-Denis", None, None),  # two in France
        ("Ville du Faou", "29", "29002"),
        ("Mayenne", "53", None),  # the département as well
        ("Ville de Mayenne", "53", "53001"),
        ("Faou", "29", None),  # the intercommunalité as well
        ("La Ville-ès-Nonais", "53", "53002"),
        ("Guingamp - Ti Lab", "22", "22001"),
        ("Guingamp-Ti Lab", "22", None),
        ("Guingamp - La Motte", "22", None),  # two
        ("Guingamp - Paimpol Agglomération", "22", None),
        ("Guingamp - Région Bretagne", "22", None),
        ("Guingamp - SDIS 22", "22", None),
        ("Guingamp-Paimpol Agglomération", "22", None),
        ("", "22", None),
    ],
)
def test_a_commune_is_found_only_where_it_is_sure(reconnaisseur, collectivite, departement, code):
    commune = reconnaisseur.find_commune(collectivite, departement)
    assert (commune and commune.code) == code


@pytest.mark.parametrize(
    ("collectivite", "departement", "code"),
    [
        ("GUINGAMP-PAIMPOL AGGLOMÉRATION", "22", "1"),
        ("Guingamp-Paimpol Agglomération", None, "1"),
        ("Guingamp-Paimpol", "22", None),  # the start of a name without its nature
        ("Bretagne Romantique", "22", "2"),
        ("Communauté de communes - Bretagne Romantique", None, "2"),
        ("CC des Quatre Rivières", "22", "3"),
        ("CC des Quatre Rivières", None, None),  # two in France
        ("CC Bretagne Romantique", "29", None),  # none of its communes is there
        ("Pays de Landivisiau", "29", None),  # a « pays » is another authority
        ("Conseil de développement de Guingamp-Paimpol Agglomération", "22", None),
    ],
)
def test_an_intercommunalite_is_found_only_where_it_is_sure(reconnaisseur, collectivite, departement, code):
    found = reconnaisseur.find_intercommunalite(collectivite, departement)
    assert (found and found.code) == code


# Names as pages show them


@pytest.mark.parametrize(
    ("collectivite", "shown"),
    [
        ("Mairie de PLOUHA", "Mairie de Plouha"),
        ("COMMUNE DE VAL D'IZE", "Commune de Val d'Ize"),
        ("MAIRIE DE SAINT-MARC-LE-BLANC", "Mairie de Saint-Marc-le-Blanc"),
        ("GUINGAMP-PAIMPOL AGGLOMÉRATION", "Guingamp-Paimpol Agglomération"),
        ("CC DU PAYS DE DOL", "CC du Pays de Dol"),
        ("Ti Lab - Région Bretagne", "Ti Lab - Région Bretagne"),
        ("", ""),
    ],
)
def test_an_authority_that_is_no_known_place_is_still_tidied(collectivite, shown):
    assert tidy_authority(collectivite) == shown


@pytest.mark.parametrize(
    ("collectivite", "commune", "shown"),
    [
        ("COMMUNE DE VAL D'IZE", "Val-d'Izé", "Commune de Val-d'Izé"),
        ("Mairie Yffiniac", "Yffiniac", "Mairie Yffiniac"),  # no word is added
        ("VILLE DU FAOU", "Le Faou", "Ville du Faou"),
        ("COMMUNE DE LA MOTTE", "La Motte", "Commune de La Motte"),
        ("Ti Lab - Région Bretagne", "Douarnenez", "Ti Lab - Région Bretagne"),  # where it is, not what it is
    ],
)
def test_a_commune_takes_its_official_spelling(collectivite, commune, shown):
    assert tidy_authority(collectivite, Commune(nom=commune)) == shown


@pytest.mark.parametrize(
    ("titre", "collectivite", "shown"),
    [
        ("BERRIC - portail", "BERRIC", "Portail"),
        ("BERRIC", "BERRIC", "BERRIC"),
        ("Portail - Berric", "BERRIC", "Portail - Berric"),
        ("Portail-famille", "Portail", "Portail-famille"),  # a hyphen is no separator
        ("", "BERRIC", ""),
    ],
)
def test_only_the_authority_is_taken_off_a_title(titre, collectivite, shown):
    assert split_title(titre, collectivite) == shown


# Admin


@pytest.mark.parametrize(
    ("nom", "printed"),
    [
        ("Auray", "d’Auray"),
        ("Le Faouët", "du Faouët"),
        ("Les Fougerêts", "des Fougerêts"),
        ("La Gacilly", "de La Gacilly"),
        ("Yffiniac", "de Yffiniac"),
    ],
)
def test_a_commune_stands_behind_its_preposition(nom, printed):
    assert de_la_commune(nom) == printed
