"""Records of every type in a spreadsheet and back: what was edited changes, and nothing else."""

import csv
import io
import shutil
import subprocess
from datetime import date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.urls import reverse
from django.utils import timezone

from fiches.attached import Contact
from fiches.choice_lists import Choix, Theme
from fiches.initiatives.models import Initiative
from fiches.tableur.importation import (
    ATTEND,
    CONFLIT,
    CREE,
    MODIFIE,
    REFUS,
    check_headings,
    columns_of,
    headings_of,
    import_fiches,
    importation_of,
)
from socle.annuaire.models import Statut
from socle.comptes.roles import REDACTION
from socle.tableur.classeur import COUPE
from socle.tableur.lecture import read
from socle.vie_privee.public_text import Decision
from tests.comptes.test_droits import member
from tests.conftest import TYPES, some_types
from tests.ecrits import NOM_MASQUE
from tests.factories import ThemeFactory, factory_of
from tests.fiches.tableur import (
    csv_of,
    edit_csv,
    edit_xlsx,
    excel_of,
    full,
    saved,
    state,
    words_of,
    workbook,
    xlsx_of,
)
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db
SOFFICE = shutil.which("soffice")


def take(declaration, data: bytes, **options):
    """Import a file; its report."""
    tableau = read(data, {*headings_of(declaration)})
    rows = check_headings(declaration, tableau.rows)
    return import_fiches(declaration, rows, lossy=tableau.lossy, raison="Import", **options)


def one(report):
    """The only row that is not as it was."""
    (ligne,) = report.lignes
    return ligne


# There and back


def public(client, declaration):
    return b"".join(client.get(reverse(f"{declaration.espace}:csv")).streaming_content)


@pytest.mark.long
@some_types
@mostly_long("shape", ["public", "csv", "excel", "xlsx"], one_in=2)
def test_a_file_that_nobody_edited_changes_nothing(client, places, declaration, shape):
    fiche = full(declaration)
    Contact.objects.create(entree=fiche.entree, nom="Loeiza Kerinventé", courriel="loeiza@exemple.bzh")
    texts = [*declaration.model.textes, "titre"]
    factory_of(declaration.model)(**{texts[0]: "Écrire à loeiza@exemple.bzh, 02 99 00 00 00"})
    make = {
        "public": lambda: public(client, declaration),
        "csv": lambda: csv_of(declaration),
        "excel": lambda: excel_of(declaration),
        "xlsx": lambda: xlsx_of(declaration, words_of(declaration)),
    }[shape]
    before, data = state(declaration.model), make()
    report = take(declaration, data)
    assert (report.lignes, report.inchanges) == ([], 2)
    assert state(declaration.model) == before


@pytest.mark.parametrize("declaration", TYPES.values(), ids=TYPES)  # all of them each time: it is cheap
def test_each_column_has_words_of_its_own_to_head_it(declaration):
    words = [column.nom for column in words_of(declaration)]
    rows = check_headings(declaration, [(2, dict.fromkeys(map(str.casefold, words), ""))], pytest.fail)
    assert [*next(rows)[1]] == [column.nom for column in columns_of(declaration)]
    assert not [word for word in words if "_" in word or word[0].islower()]


def test_a_correction_in_the_file_for_spreadsheets_is_read(places):
    declaration = TYPES["evenement"]
    fiche = full(declaration)
    text = excel_of(declaration).decode("utf-8-sig")
    heading, row = (line.split(";") for line in text.splitlines()[:2])
    assert (heading[:3], row[0]) == (['"Identifiant"', '"Titre"', '"Début"'], f'"{fiche.pk}"')
    day = f"{timezone.localtime(fiche.debut):%d/%m/%Y}"
    assert row[2] == f'"{day} 10:30:00"'
    report = take(declaration, text.replace(f"{day} 10:30:00", "25/02/2027 11:00").encode("cp1252", "replace"))
    assert [change.name for change in one(report).changements] == ["debut"]
    fiche.refresh_from_db()
    assert f"{timezone.localtime(fiche.debut):%d/%m/%Y %H:%M}" == "25/02/2027 11:00"


EDITS = {
    "DepartementCode": "35",
    "NomDeCommune": "Taden",
    "CodeDeCommune": "22339",
    "UneParLigne": "un | trois",
    "Montant": "1200,5",
    "Duree": "21:24",
    "Remplace": "",
    "siret": "000 000 026 00013",
    "rna": "w 000000002",
}
# What follows from a field of a record, and nothing else does.
OF_A_COMMUNE = {
    *("departement_id", "intercommunalite_id", "latitude", "longitude", "position_approchee"),
    *("collectivite_publique", "collectivite_tri"),
}
FOLLOWS = {
    "titre": {"titre_public"},
    "collectivite": {"collectivite_publique", "collectivite_tri", "commune_id", "intercommunalite_id", "titre_public"},
    "departement_code": {"commune_id", "intercommunalite_id", "collectivite_publique", "collectivite_tri"},
    "ville": {"commune_id"},
    "commune": OF_A_COMMUNE,
    "commune_insee": OF_A_COMMUNE,
    "debut": {"termine_le"},
    "fin": {"termine_le"},
}
COLUMNS = [
    (cle, nom)
    for cle, declaration in TYPES.items()
    for nom in importation_of(declaration).names(declaration)
    if nom != "remplace"
]


def cellule_of(cle, nom):
    return importation_of(TYPES[cle])(TYPES[cle]).cellules[nom]


def field_of(case):
    """The kind of field that a column is of, and whether others follow from it."""
    cle, nom, _ = case
    fields = {field.name: (type(field), field.related_model) for field in TYPES[cle].model._meta.get_fields()}
    return fields.get(nom, nom), nom in FOLLOWS


EDITED = [(*column, ("csv", "xlsx")[rank % 2]) for rank, column in enumerate(COLUMNS)]


def edited(cellule, fiche):
    kind, field = type(cellule).__name__, cellule.champ
    if kind in EDITS or field.name in EDITS:
        return EDITS.get(kind) or EDITS.get(field.name, "")
    if field.choices:
        return field.choices[1][1]
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return f"{getattr(fiche, cellule.nom) + timedelta(days=1):%d/%m/%Y}"
    if field.related_model is Theme:
        return ThemeFactory(nom="Cantine").nom
    if field.related_model is Choix:
        liste = field.get_limit_choices_to()["liste"]
        return Choix.objects.get_or_create(liste=liste, nom=f"Autre de {liste}")[0].nom.upper()
    if isinstance(field, models.DateTimeField):
        return (getattr(fiche, cellule.nom) + timedelta(hours=1)).isoformat()
    if isinstance(field, models.URLField):
        return "https://exemple.bzh/autre"
    if isinstance(field, models.BooleanField):
        return "oui"
    if field.name == "indemnites":
        return "15 € de l’heure ; élues ; réunion"
    return "'=un autre" if cellule.is_text else "9"


@mostly_long("cle, nom, shape", EDITED, kind=field_of)
def test_one_edited_cell_changes_its_field_and_no_other(places, cle, nom, shape):
    declaration, cellule = TYPES[cle], cellule_of(cle, nom)
    fiche = full(declaration)
    (before,), versions = state(declaration.model)
    make, edit = {"csv": (csv_of, edit_csv), "xlsx": (xlsx_of, edit_xlsx)}[shape]
    data = edit(make(declaration), {fiche.pk: {nom: edited(cellule, fiche)}})
    preview = take(declaration, data, essai=True)
    assert state(declaration.model) == ([before], versions)
    report = take(declaration, data, attendu=preview.empreinte)
    assert one(report).sort == MODIFIE, report
    assert nom in {change.name for change in one(report).changements}
    (after,), now = state(declaration.model)
    changed = {name for name in after if after[name] != before[name]}
    own = {cellule.champ.attname, cellule.champ.name, "themes_automatiques"}
    assert changed & own
    if declaration.cle == "enquete" and nom == "departement_code":
        own |= {"commune_id", "latitude", "longitude", "position_approchee"}
    if declaration.cle == "evenement":  # calendars are told that it changed
        own |= {"sequence", "sequence_annoncee"}
    assert changed <= own | FOLLOWS.get(nom, set()) | {"modifiee_le", "version"}
    assert now == versions + 1
    assert take(declaration, csv_of(declaration)).inchanges == 1
    assert fiche.history.first().history_change_reason.startswith("Import")


@some_types
def test_a_new_row_is_a_draft_once(places, declaration):
    full(declaration)
    rows = list(csv.DictReader(io.StringIO(csv_of(declaration).decode(), newline="")))
    cells = rows[0] | {"identifiant": "", "modifiee_le": "", "titre": "Une autre fiche", "url": "", "numero": ""}
    data = saved(workbook(list(cells), list(cells.values())))
    assert one(take(declaration, data)).sort == CREE
    new = declaration.model.objects.get(titre="Une autre fiche")
    assert new.statut == Statut.BROUILLON
    report = take(declaration, data)
    assert (report.inchanges, report.lignes) == (1, [])
    assert declaration.model.objects.count() == 2


@pytest.mark.long
@pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) n’est pas installé")
@pytest.mark.parametrize("target", ["xlsx", "csv"])
def test_a_file_that_libreoffice_rewrote_changes_nothing(places, tmp_path, target):
    for declaration in TYPES.values():
        full(declaration, titre="'=- Une fiche")
        (tmp_path / f"{declaration.cle}.xlsx").write_bytes(xlsx_of(declaration, words_of(declaration)))
    # Commas, quotes, UTF-8; numbers as they are, not as they are shown.
    shape = (
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"
        if target == "csv"
        else "xlsx:Calc MS Excel 2007 XML"
    )
    command = [SOFFICE, "--headless", f"-env:UserInstallation=file://{tmp_path}/profil", "--convert-to", shape]
    files = [str(tmp_path / f"{cle}.xlsx") for cle in TYPES]
    subprocess.run([*command, "--outdir", str(tmp_path / "out"), *files], check=True, capture_output=True, timeout=120)
    for cle, declaration in TYPES.items():
        before = state(declaration.model)
        report = take(declaration, (tmp_path / "out" / f"{cle}.{target}").read_bytes())
        assert (report.lignes, report.inchanges) == ([], 1)
        assert state(declaration.model) == before


# Choices


def test_an_unknown_label_is_refused_with_the_known_ones(places):
    declaration = TYPES["ressource"]
    fiche = full(declaration)
    ligne = one(take(declaration, edit_csv(csv_of(declaration), {fiche.pk: {"types": "Tutoriel"}})))
    assert ligne.sort == REFUS
    assert "Type de ressource « Tutoriel »" in ligne.message
    assert "Valeur 1 de type-ressource | Valeur 2 de type-ressource" in ligne.message
    Choix.objects.create(liste="profil", nom="Curieux")  # of another list
    assert one(take(declaration, edit_csv(csv_of(declaration), {fiche.pk: {"types": "Curieux"}}))).sort == REFUS
    data = edit_csv(
        csv_of(declaration), {fiche.pk: {"types": "valeur 2 de type-ressource | Valeur 1 de type-ressource"}}
    )
    assert take(declaration, data).inchanges == 1, "in another order"


@some_types
def test_a_record_of_another_type_is_out_of_reach(places, declaration):
    other = next(one for one in TYPES.values() if one.cle != declaration.cle)
    fiche = full(other)
    full(declaration)
    ligne = one(take(declaration, f"identifiant,titre\n{fiche.pk},Volée\n".encode()))
    assert ligne.sort == REFUS
    assert f"il n’y a pas de fiche {fiche.pk}" in ligne.message


# Cells


@pytest.mark.long
def test_typed_cells_are_read_as_what_they_are(places):
    declaration = TYPES["evenement"]
    fiche = full(declaration)
    changes = {"debut": date(2027, 6, 1), "fin": date(2027, 6, 2), "capacite": 30.0, "lieu": 56000}
    data = edit_xlsx(xlsx_of(declaration), {fiche.pk: changes})
    assert one(take(declaration, data)).sort == MODIFIE
    fiche.refresh_from_db()
    assert timezone.localdate(fiche.debut) == date(2027, 6, 1)
    assert (fiche.heure_connue, fiche.capacite, fiche.lieu) == (False, 30, "56000")
    data = edit_xlsx(xlsx_of(declaration), {fiche.pk: {"debut": datetime(2027, 6, 1, 14, 30)}})
    assert one(take(declaration, data)).sort == MODIFIE
    fiche.refresh_from_db()
    assert timezone.localtime(fiche.debut).hour == 14
    assert fiche.heure_connue


@pytest.mark.long
@pytest.mark.parametrize(("value", "says"), [("=A1", "formule"), ("#N/A", "erreur")])
def test_a_formula_or_an_error_in_a_column_that_counts_is_refused(places, value, says):
    declaration = TYPES["initiative"]
    fiche = full(declaration)
    before = state(Initiative)
    ligne = one(take(declaration, edit_xlsx(xlsx_of(declaration), {fiche.pk: {"ville": value}})))
    assert (ligne.sort, state(Initiative)) == (REFUS, before)
    assert ligne.message.startswith("Ville : ")
    assert says in ligne.message
    assert take(declaration, edit_xlsx(xlsx_of(declaration), {fiche.pk: {"url": value}})).inchanges == 1


@pytest.mark.long
def test_a_text_that_no_cell_can_hold_stays(places):
    declaration = TYPES["initiative"]
    fiche = full(declaration, description="mot " * 10_000, enjeux="a\x0bb\x00c"[:3])
    before = state(type(fiche))
    data = xlsx_of(declaration)
    assert take(declaration, data).inchanges == 1
    assert one(take(declaration, edit_xlsx(data, {fiche.pk: {"titre": "Autre"}}))).sort == MODIFIE
    fiche.refresh_from_db()
    assert fiche.description == before[0][0]["description"]
    ligne = one(take(declaration, edit_xlsx(xlsx_of(declaration), {fiche.pk: {"enjeux": f"mot{COUPE}"}})))
    assert ligne.sort == REFUS


@mostly_long(
    ("cells", "says"),
    [
        ({"fin": "2020-01-01"}, "La fin ne peut pas précéder le début"),
        ({"debut": "01/01/1850"}, "entre 2000"),
        ({"capacite": "-3"}, "Nombre de places « -3 »"),
        ({"lien_externe": "javascript:alert(1)"}, "adresse entière"),
        ({"titre": " "}, "Titre : ce champ ne peut pas être vide"),
    ],
    one_in=3,
)
def test_what_the_form_would_refuse_is_refused(places, cells, says):
    declaration = TYPES["evenement"]
    fiche = full(declaration)
    before = state(type(fiche))
    ligne = one(take(declaration, edit_csv(csv_of(declaration), {fiche.pk: cells})))
    assert (ligne.sort, state(type(fiche))) == (REFUS, before)
    assert says in ligne.message


def test_a_row_older_than_the_record_is_a_conflict(places):
    declaration = TYPES["terme"]
    fiche = full(declaration)
    data = edit_csv(csv_of(declaration), {fiche.pk: {"definition": "Là-bas"}})
    fiche.references = "Ici"
    fiche.save()
    before, conflict = state(declaration.model), one(take(declaration, data))
    assert (conflict.sort, state(declaration.model)) == (CONFLIT, before)
    assert "a été modifiée ici depuis l’export" in conflict.message
    words = excel_of(declaration).decode().replace("Ici", "Là-bas").encode()
    assert one(take(declaration, words, essai=True)).sort == MODIFIE
    declaration.model.objects.update(modifiee_le=fiche.modifiee_le + timedelta(seconds=2))
    assert one(take(declaration, words)).sort == CONFLIT
    old = (timezone.now() - timedelta(days=1)).strftime("%d/%m/%Y %H:%M")
    data = f"identifiant;modifiee_le;definition\n{fiche.pk};{old};Là-bas\n".encode("cp1252")
    assert one(take(declaration, data)).sort == CONFLIT


# Whose rights count


def test_a_record_without_a_date_is_in_conflict_once_somebody_has_changed_it(places):
    declaration = TYPES["terme"]
    fiche = full(declaration)
    declaration.model.objects.update(datee=False)
    data = csv_of(declaration)
    assert one(take(declaration, edit_csv(data, {fiche.pk: {"definition": "Là-bas"}}), essai=True)).sort == MODIFIE
    fiche.refresh_from_db()
    fiche.change({"references": "Ici"})
    assert one(take(declaration, edit_csv(data, {fiche.pk: {"definition": "Là-bas"}}))).sort == CONFLIT
    assert one(take(declaration, edit_csv(csv_of(declaration), {fiche.pk: {"definition": "Là-bas"}}))).sort == MODIFIE


@pytest.mark.long
def test_rédaction_changes_no_withdrawn_record(places):
    declaration = TYPES["initiative"]
    anne = member(REDACTION)
    withdrawn, draft, public = (
        full(declaration, statut=Statut.RETIREE),
        full(declaration, titre="Brouillon", statut=Statut.BROUILLON),
        full(declaration, titre="Publiée"),
    )
    changes = {fiche.pk: {"ville": "Brest"} for fiche in (withdrawn, draft, public)}
    report = take(declaration, edit_csv(csv_of(declaration), changes), user=anne)
    assert [ligne.sort for ligne in report.lignes] == [REFUS, MODIFIE, MODIFIE]
    assert "seule l’animation peut la modifier" in report.lignes[0].message
    assert draft.history.first().history_user == anne


@pytest.mark.long
def test_a_text_with_a_mask_is_edited_like_another_and_the_word_that_was_there_waits(places):
    declaration = TYPES["initiative"]
    public = full(declaration, acteur="Avec Loeiza Kerinventé, au port")
    public.change({}, decisions=[Decision("acteur", "Loeiza Kerinventé")])
    data = f'identifiant,acteur\n{public.pk},"Avec {NOM_MASQUE}, à quai"\n'.encode()
    assert one(take(declaration, data)).sort == MODIFIE
    data = f'identifiant,acteur\n{public.pk},"Avec Loeiza Kerinventé, à quai"\n'.encode()
    assert one(take(declaration, data)).sort == ATTEND
    public.refresh_from_db()
    assert public.acteur == f"Avec {NOM_MASQUE}, à quai"


# The command


@pytest.mark.long
def test_the_command_takes_any_type_and_format(places, tmp_path, capsys):
    declaration = TYPES["ressource"]
    fiche = full(declaration)
    path = tmp_path / "fichier"
    path.write_bytes(edit_xlsx(xlsx_of(declaration), {fiche.pk: {"source": "Ailleurs"}}))
    call_command("importer_fiches", "ressource", str(path), "--simulation", verbosity=0)
    assert "0 créée, 1 modifiée, 0 inchangée, 0 en conflit, 0 refusée" in capsys.readouterr().out
    call_command("importer_fiches", "ressource", str(path), verbosity=0)
    fiche.refresh_from_db()
    assert fiche.source == "Ailleurs"
    assert fiche.history.first().history_change_reason == "Import d’un fichier XLSX"
    with pytest.raises(CommandError, match="inconnu : choisissez parmi projet, initiative"):
        call_command("importer_fiches", "inscription", str(path))
