"""/projets.csv: the whole list, as other programs and spreadsheets read it."""

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from random import shuffle

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from fiches.columns import IDENTIFIANT
from projets.columns import PROJET_COLUMNS
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.catalogue.columns import Column, protect, unprotect
from socle.catalogue.fichier_csv import line, stream
from socle.catalogue.tuples import FIRST, blocks
from tests.conftest import make_many_projets
from tests.factories import ProjetFactory, ThemeFactory

HEADER = (
    "identifiant,titre,collectivite,departement_code,departement,commune,commune_insee,intercommunalite,region,"
    "fait,themes,montant_eur,montant_source,remplace,remplacee_par,publiee_le,modifiee_le,url,description,objectifs,"
    "suivi,engagements,siret,rna,convention_le,decision,nature,versement,verse_le,verse_jusqu_au,notification_ue,part_pourcent,dispositif,"
    "licence"
)
# What people paste into cells. PostgreSQL holds no NUL, and a lone surrogate is no text.
TEXTS = st.lists(
    st.sampled_from(
        ['"', '""', "\n", "\r\n", "\r", ",", ";", "\t", "'", "=", "+", "-", "@", "＝", " ", "é’œ", "😀", "\ufeff"]
    )
    | st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=4),
    max_size=12,
).map("".join)


def content(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def rows(text, delimiter=","):
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def export(client, query="", delimiter=","):
    return rows(content(client.get("/projets.csv", QUERY_STRING=query)).removeprefix("\ufeff"), delimiter)


# Values


@pytest.mark.django_db
def test_the_columns_are_those_promised(client, places):
    text = content(client.get("/projets.csv"))
    assert text == ",".join(f'"{name}"' for name in HEADER.split(",")) + "\r\n"
    assert next(csv.reader([text])) == HEADER.split(",")


@pytest.mark.django_db
def test_each_column_says_what_its_name_says(client, places, settings):
    settings.SITE_URL = "https://labacces.exemple.bzh"
    first = ProjetFactory(themes=[])
    when = datetime(2022, 3, 1, 9, tzinfo=UTC)
    projet = ProjetFactory(
        titre="BERRIC - Portail",
        collectivite="BERRIC",
        departement_id="56",
        commune_id="56260",
        montant_eur=Decimal("15000.5"),
        montant_source="15 000,50 euros",
        remplace=first,
        publiee_le=when,
        description="Voir avec nolwenn@exemple.bzh\n- un",
        objectifs="",
        themes=[ThemeFactory(nom="Portail famille"), ThemeFactory(nom="Cantine")],
    )
    row = next(row for row in export(client) if row["identifiant"] == str(projet.pk))
    assert (
        row
        == {
            "identifiant": str(projet.pk),
            "titre": "BERRIC - Portail",
            "collectivite": "BERRIC",
            "departement_code": "56",
            "departement": "Morbihan",
            "commune": "Vannes",
            "commune_insee": "56260",
            "intercommunalite": "Golfe du Morbihan - Vannes Agglomération",
            "region": "Bretagne",
            "fait": "Voir avec nolwenn@exemple.bzh",
            "themes": "Cantine | Portail famille",
            "montant_eur": "15000.50",
            "montant_source": "15 000,50 euros",
            "remplace": str(first.pk),
            "remplacee_par": "",
            "publiee_le": "2022-03-01T10:00:00+01:00",  # the time of Paris
            "modifiee_le": timezone.localtime(projet.modifiee_le).isoformat(),
            "url": f"https://labacces.exemple.bzh{projet.get_absolute_url()}",
            "description": "Voir avec nolwenn@exemple.bzh\n- un",
            "objectifs": "",
        }
        | dict.fromkeys(HEADER.split(",")[-14:], "")
    )


@pytest.mark.django_db
@pytest.mark.parametrize("amount", [None, 0, Decimal("0.00")])
def test_an_unknown_or_zero_amount_is_an_empty_cell(client, places, amount):
    ProjetFactory(montant_eur=amount, themes=[])
    assert export(client)[0]["montant_eur"] == ""


@pytest.mark.django_db
def test_excel_gets_semicolons_a_bom_and_decimal_commas(client, places):
    projet = ProjetFactory(titre="Un ; deux", montant_eur=Decimal("1234.5"), departement_id="56", themes=[])
    response = client.get("/projets.csv?excel=1&departement=56&q=deux&autour=%20")
    text = content(response)
    assert text.startswith('\ufeff"Identifiant";"Titre";')
    row = rows(text.removeprefix("\ufeff"), ";")[0]
    assert (row["Titre"], row["Montant (€)"], row["Code du département"]) == ("Un ; deux", "1234,50", "56")
    assert row["Modifiée le"] == f"{timezone.localtime(projet.modifiee_le):%d/%m/%Y %H:%M:%S}"
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="projets-deux-morbihan-20')
    name = client.get("/projets.csv", {"q": "très " * 40})["Content-Disposition"]
    assert name.isascii()
    assert len(name) < 120


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=5), st.booleans())
def test_what_is_written_is_what_is_read(lines, excel):
    columns = [Column(name, (name,)) for name in "abc"]
    blocks = [dict(zip("abc", map(list, zip(*lines, strict=True)), strict=True))] if lines else []
    text = b"".join(stream(columns, blocks, excel=excel)).decode()
    text = text.removeprefix("\ufeff")
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if excel else ",", strict=True))
    assert read[0] == ["a", "b", "c"]
    assert [[unprotect(cell) if excel else cell for cell in cells] for cells in read[1:]] == lines


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_every_line_follows_rfc_4180(cells):
    text = line(cells).decode()
    assert text.endswith("\r\n")
    bare = text[:-2].split('"')[::2]  # what stands outside quotes
    assert set("".join(bare)) <= {","}


# Cells that a spreadsheet would run

FORMULAS = [
    *(
        "=1+1",
        "+33 2 99 00 00 00",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠a",
    ),
    *(
        "- un\n- deux",
        "-",
        "'=1",
        "''=1",
        "' =1",
        "\t",
        "'\tx",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://x")',
    ),
]


@pytest.mark.parametrize("text", ["", "Portail", "L'accès", "'quoted'", "1=1", "a-b", "15000", "« = »", "'", "é=1"])
def test_other_text_is_left_as_it_is(text):
    assert protect(text) == text


@given(TEXTS | st.text())
@example("'=")
@example("''\t")
def test_protecting_is_undone_exactly(text):
    assert unprotect(protect(text)) == text
    assert protect(text) in (text, f"'{text}")


@given(TEXTS | st.text())
def test_no_cell_begins_like_a_formula(text):
    cell = protect(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not cell.startswith(("\t", "\r", "\n"))


@pytest.mark.django_db
def test_no_cell_of_the_file_for_spreadsheets_begins_like_a_formula(client, places):
    theme = ThemeFactory(nom="=Thème")
    for text in FORMULAS:
        ProjetFactory(titre=text, collectivite=text, montant_source=text, description=text, themes=[theme])
    for row in rows(content(client.get("/projets.csv?excel=1")).removeprefix("\ufeff"), ";"):
        for name, cell in row.items():
            assert not cell.strip().startswith(("=", "+", "-", "@")), (name, cell)
    said = {row["montant_source"] for row in export(client)}
    assert {*FORMULAS} - {"+33 2 99 00 00 00"} <= said  # a program gets the texts as they were written


@pytest.mark.django_db
def test_the_plain_sum_of_the_rows_that_nothing_replaces_is_the_total_of_the_site(client, places):
    sheet = None
    for number, statut in enumerate((Statut.PUBLIEE, Statut.PUBLIEE, Statut.BROUILLON, Statut.PUBLIEE)):
        sheet = ProjetFactory(montant_eur=1000 + number, statut=statut, remplace=sheet, departement_id="22", themes=[])
    other = ProjetFactory(montant_eur=7, departement_id="56", themes=[])
    ProjetFactory(montant_eur=None, remplace=other, draft=True, themes=[])
    assert [row["remplacee_par"] for row in export(client, "tri=montant-croissant")] == [
        *("", str(sheet.pk), str(sheet.pk), "")
    ]
    for query in ("", "departement=22", "montant_max=1001", "departement=56"):
        site = client.get("/projets/", QUERY_STRING=query).context["chiffres"].total or 0
        found = export(client, query)
        assert sum(Decimal(row["montant_eur"] or 0) for row in found if not row["remplacee_par"]) == site, query
        document = json.loads(content(client.get("/projets.json", QUERY_STRING=query)))
        assert [str(one["remplacee_par"] or "") for one in document["resultats"]] == [
            row["remplacee_par"] for row in found
        ]


@pytest.mark.django_db
def test_whatever_tells_of_the_amounts_says_how_they_are_added_up(client, places):
    first = ProjetFactory(themes=[])
    last = ProjetFactory(remplace=first, themes=[])
    assert "additionnez les montants des lignes dont" in client.get("/api/v1/").content.decode()
    projets, termes = (
        next(one for one in client.get("/catalogue.jsonld").json()["dcat:dataset"] if one["@id"].endswith(end))
        for end in ("/projets/#donnees", "/glossaire/#donnees")
    )
    assert "« remplacee_par »" in projets["dct:description"]["@value"]
    assert "« remplacee_par »" not in termes["dct:description"]["@value"]
    about = load_workbook(io.BytesIO(client.get("/projets.xlsx").content)).worksheets[1]
    assert "« Remplacée par la fiche »" in " ".join(str(cell.value) for row in about for cell in row)
    feed = client.get("/projets.atom").content.decode()
    assert feed.count('rel="latest-version"') == 1
    assert f'/p/{last.pk}" rel="latest-version"' in feed


# The stream


@pytest.mark.django_db
def test_the_first_lines_leave_before_the_next_block_is_read(client, places):
    make_many_projets({"titre": f"Fiche {number}"} for number in range(2 * FIRST))
    read = []

    def ids():
        for pk in Projet.objects.values_list("pk", flat=True).order_by("pk"):
            read.append(pk)
            yield pk

    columns = [column.of(Projet) for column in PROJET_COLUMNS]
    body = stream(columns, blocks(columns, Projet.objects.all(), ids()))
    assert next(body).startswith(b'"identifiant",')
    assert read == []
    first = next(body)
    assert (len(read), first.count(b"\r\n")) == (FIRST, FIRST)
    assert b"".join(body).count(b"\r\n") == FIRST


@pytest.mark.django_db
def test_a_file_keeps_the_order_it_is_given_and_leaves_out_what_is_public_no_more(client, places):
    make_many_projets({"titre": f"Fiche {number}"} for number in range(2 * FIRST))
    pks = [*Projet.objects.values_list("pk", flat=True)]
    shuffle(pks)
    Projet.objects.filter(pk__in=(pks[3], pks[-1])).update(statut="retiree")
    columns = [IDENTIFIANT]
    body = stream(columns, blocks(columns, Projet.objects.published(), pks))
    told = [int(row["identifiant"]) for row in rows(b"".join(body).decode())]
    assert told == [pk for pk in pks if pk not in (pks[3], pks[-1])]


@pytest.mark.django_db
def test_the_answer_is_a_stream_read_in_blocks(client, places):
    make_many_projets({} for _ in range(5))
    response = client.get("/projets.csv")
    assert isinstance(response, StreamingHttpResponse)
    assert response.streaming
    with CaptureQueriesContext(connection) as captured:
        chunks = iter(response.streaming_content)
        next(chunks)
        assert len(captured) == 0  # headings before any sheet is asked for
        rest = b"".join(chunks)
    assert rest.count(b"\r\n") == 5
    # What the sheets say, their themes, which of them are replaced at what version: which they are is held.
    assert len(captured) == 4


@pytest.mark.django_db
def test_a_file_costs_the_same_queries_by_block_whatever_its_filters(client, places):
    theme = ThemeFactory()
    make_many_projets({"departement_id": "22", "themes": [theme]} for _ in range(30))
    for query in ("", f"?departement=22&theme={theme.slug}"):
        content(client.get(f"/projets.csv{query}"))
        with CaptureQueriesContext(connection) as captured:
            content(client.get(f"/projets.csv{query}"))
        assert len(captured) <= 4  # versions; the order of a short list; the sheets and their themes


def test_a_failure_half_way_breaks_the_stream():
    """Never a file that ends early and looks whole."""

    def blocks():
        yield {"numero": ["1"]}
        raise RuntimeError("the database went away")

    body = stream([Column("numero", ("numero",))], blocks())
    with pytest.raises(RuntimeError):
        list(body)
