"""What editors type of what surveys pay: lines written and read back, rows of the form, facets and sorts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiches import registre
from fiches.enquetes.indemnites import Indemnite, LigneIllisible, Unite, joined, read, read_all, split, text_of
from fiches.enquetes.models import Enquete
from fiches.suivi.fusion import DEUX, differing, merge, undo
from fiches.suivi.historique import restore
from fiches.suivi.models import Fusion
from fiches.tableur.importation import import_fiches
from socle.comptes.roles import ANIMATION
from socle.vie_privee.public_text import Decision
from tests import sampling
from tests.conftest import PageLue, csv_rows
from tests.factories import member
from tests.factories.enquetes import EnqueteFactory
from tests.fiches.test_enquetes import select
from tests.projets.formulaire import change_url, resent
from tests.selections import records

HEURE, BONS = "15 € de l’heure", "20 € en bons d’achat"


# A line


@pytest.mark.parametrize(
    ("ligne", "indemnite"),
    [
        ("15 € de l’heure ; élus ; réunion", Indemnite(Decimal(15), Unite.HEURE, "élus", "réunion")),
        ("0,30 € du kilomètre ; ; trajets", Indemnite(Decimal("0.30"), Unite.KILOMETRE, "", "trajets")),
        ("1\u202f200 € par mois ; habitants", Indemnite(Decimal(1200), Unite.MOIS, "habitants")),
        ("frais réels", Indemnite(None, Unite.FRAIS_REELS)),
        ("montant non dit, à la séance", Indemnite(None, Unite.SEANCE)),
        ("50 €", Indemnite(Decimal(50))),
        ("12,5 de l'heure", Indemnite(Decimal("12.50"), Unite.HEURE)),
    ],
)
def test_a_line_says_how_much_to_whom_for_what(ligne, indemnite):
    assert read(ligne) == read(indemnite.ligne) == indemnite


@pytest.mark.parametrize(
    "ligne", ["beaucoup ; élus", "-5 € de l’heure", "0 € la séance", "100000 € par mois", "15 € par tête"]
)
def test_a_line_without_a_readable_amount_is_refused_and_keeps_its_words(ligne):
    with pytest.raises(LigneIllisible):
        read(ligne)
    (kept,) = read_all(ligne)
    assert kept.montant is None
    assert kept.qui == ligne.replace(";", ",")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("30 € par demi-journée ; jury", "30 € la demi-journée ; jury"),
        ("12 €/h", "12 € de l’heure"),
        ("0,30 € / km", "0,30 € du kilomètre"),
        ("80 euros par jour", "80 € la journée"),
    ],
)
def test_a_unit_is_read_in_the_words_of_everyday_too(typed, said):
    assert " ".join(read(typed).ligne.split()) == said


WORDS = st.text(alphabet="abcé ;|'’1€\n", max_size=12)


@given(st.decimals("0.01", "99999.99", places=2) | st.none(), st.sampled_from(Unite), WORDS, WORDS)
def test_what_is_typed_in_a_row_comes_back(montant, unite, qui, pour_quoi):
    typed = "" if montant is None else str(montant)
    ligne = joined(typed, unite, qui, pour_quoi)
    if not ligne:
        return
    found = read(ligne)
    assert (found.montant, found.unite) == (montant, unite)
    assert (found.qui, found.pour_quoi) == split(ligne)[2:]
    assert read_all(text_of([found])) == [found]


# A record


LIGNES = f"{HEURE} ; élus ; réunion\nfrais réels ; personnes concernées"


def chosen(select) -> str:
    return next(option["value"] for option in select.all("option") if "selected" in option.attributes)


def form_of(client, enquete) -> dict:
    """What the form of a survey sends as it is shown, its indemnities row by row."""
    response = client.get(change_url(enquete))
    data = resent(response)
    del data["indemnites"]
    page = PageLue(response)
    for field in page.one(class_="indemnites").all():
        if field.name == "input":
            data[field["name"]] = field["value"]
        elif field.name == "select":
            data[field["name"]] = chosen(field)
    return data


def send(client, enquete, **changes):
    response = client.post(change_url(enquete), form_of(client, enquete) | changes)
    enquete.refresh_from_db()
    return response


@pytest.fixture
def editor(client, db):
    client.force_login(member(ANIMATION))


@pytest.mark.long
def test_rows_of_the_form_become_lines_and_one_version(client, editor):
    enquete = EnqueteFactory(indemnites=LIGNES)
    assert enquete.history.count() == 1
    send(client, enquete)
    assert enquete.history.count() == 1  # sent back as it was
    row = {"indemnites-2-montant": "1 200,5", "indemnites-2-unite": "mois", "indemnites-2-pour_quoi": "tenir ; animer"}
    assert send(client, enquete, **row, **{"indemnites-0-qui": "élues et élus"}).status_code == 302
    assert enquete.indemnites.splitlines() == [
        f"{HEURE} ; élues et élus ; réunion",
        "frais réels ; personnes concernées",
        "1 200,50 € par mois ; ; tenir , animer",
    ]
    assert enquete.history.count() == 2
    assert dict(enquete.montants.values_list("unite", "max_eur")) == {"heure": 15, "frais-reels": None, "mois": 1200.5}
    enquete.change({"indemnites": "\n".join(f"{n} € de l’heure" for n in range(1, 121))})
    send(client, enquete, **{"indemnites-120-montant": "121"})
    assert len(enquete.indemnites.splitlines()) == 121


@pytest.mark.long
def test_a_form_that_is_refused_shows_each_row_as_it_was_typed(client, editor):
    enquete = EnqueteFactory(indemnites=LIGNES)
    typed = {"montant": " 12,5 ", "unite": "seance", "qui": "élus ; élues", "pour_quoi": "2  visites"}
    rows = {f"indemnites-3-{name}": value for name, value in typed.items()}  # row 2 stays empty
    page = PageLue(send(client, enquete, titre="", **rows))
    held = {name: page.one("input", name=f"indemnites-3-{name}")["value"] for name in ("montant", "qui", "pour_quoi")}
    assert held | {"unite": chosen(page.one("select", name="indemnites-3-unite"))} == typed
    assert page.one("input", name="indemnites-2-montant")["value"] == ""
    assert len(page.one("div", class_="indemnites").one("tbody").all("tr")) == 4 + 3
    refused = PageLue(send(client, enquete, **rows | {"indemnites-3-montant": "10 à 15"}))
    said = "Ligne 4 : « 10 à 15 » n’est pas un montant : un seul par ligne, deux décimales au plus"
    assert said in refused.text.replace("\u00a0", " ")
    assert refused.one("input", name="indemnites-3-montant")["value"] == "10 à 15"
    assert send(client, enquete, **rows).status_code == 302
    assert enquete.indemnites == f"{LIGNES}\n12,50 € la séance ; élus , élues ; 2 visites"


def test_versions_hold_the_lines_and_give_them_back(db):
    enquete = EnqueteFactory(indemnites=LIGNES)
    enquete.change({"indemnites": BONS})
    assert [m.unite for m in enquete.montants.all()] == ["bons"]
    first = enquete.history.last()
    assert restore(Enquete, first, seen=enquete.version).indemnites == LIGNES
    assert {m.unite for m in enquete.montants.all()} == {"heure", "frais-reels"}


@pytest.mark.long
def test_a_merge_keeps_the_lines_of_both_and_is_undone(db):
    kept, lost = EnqueteFactory(indemnites=LIGNES), EnqueteFactory(indemnites=f"{HEURE} ; élus ; réunion\n{BONS}")
    choix = {champ.nom: champ.choix for champ in differing(kept, lost)}
    assert choix["indemnites"] == DEUX
    merge(kept, lost, choix)
    kept = Enquete.objects.get(pk=kept.pk)
    assert kept.indemnites == f"{LIGNES}\n{BONS}"
    assert {m.unite for m in kept.montants.all()} == {"heure", "frais-reels", "bons"}
    undo(Fusion.objects.get())
    kept, lost = Enquete.objects.get(pk=kept.pk), Enquete.objects.get(pk=lost.pk)
    assert kept.indemnites == LIGNES
    assert [{m.unite for m in one.montants.all()} for one in (kept, lost)] == [
        {"heure", "frais-reels"},
        {"heure", "bons"},
    ]


@pytest.mark.long
def test_a_name_that_is_masked_leaves_the_lines_and_their_form_keeps_its_mask(client, editor):
    enquete = EnqueteFactory(indemnites=f"{HEURE} ; Awena Prigent ; réunion")
    enquete.change({}, decisions=[Decision("indemnites", "Awena Prigent")])
    assert enquete.indemnites == f"{HEURE} ; [nom masqué] ; réunion"
    pages = [client.get(one).content.decode() for one in ("/indemnisation/", enquete.get_absolute_url())]
    assert not [page for page in [*pages, str(enquete.history.first().indemnites)] if "Prigent" in page]
    assert form_of(client, enquete)["indemnites-0-qui"] == "[nom masqué]"
    send(client, enquete, **{"indemnites-0-montant": "16"})
    assert enquete.indemnites == "16 € de l’heure ; [nom masqué] ; réunion"


# What readers ask


@pytest.fixture
def paid(db):
    """Surveys that pay, by their titles."""
    EnqueteFactory(titre="Alpha", indemnites=f"{HEURE} ; élus\n10 € de l’heure ; habitants")
    EnqueteFactory(titre="Bêta", indemnites="22,50 € de l’heure\n5 € par repas")
    EnqueteFactory(titre="Gamma", indemnites="80 € la journée\nmontant non dit, à l’heure")
    EnqueteFactory(titre="Delta")
    EnqueteFactory(titre="Epsilon", indemnites="99 € de l’heure", draft=True)


@sampling.mostly_long(
    ("query", "titres"),
    [
        ("unite=heure&tri=montant-decroissant", ["Bêta", "Alpha", "Gamma"]),
        ("unite=heure&tri=montant-croissant", ["Alpha", "Bêta", "Gamma"]),
        ("unite=heure&montant=connu&tri=montant-croissant", ["Alpha", "Bêta", "Gamma"]),
        ("unite=repas", ["Bêta"]),
        ("montant=connu&tri=montant-decroissant", ["Bêta", "Alpha", "Gamma"]),  # hours, then days
        ("tri=montant-croissant", ["Alpha", "Bêta", "Gamma", "Delta"]),
    ],
    one_in=3,
)
def test_who_pays_how_much_is_sorted_within_a_unit(paid, query, titres):
    selection = select(query)
    assert [one.titre for one in records(selection)] == titres
    assert not selection.errors
    for unite, count in selection.counts("unite").items():
        more = "&montant=connu" if "montant=" in query else ""
        assert count == select(f"unite={unite}{more}").total


def test_an_amount_that_is_told_may_be_of_another_way_to_pay_which_the_sentence_says(paid):
    assert select("montant=connu").phrase() == "3 enquêtes avec un montant indiqué"
    said = "3 enquêtes où l’on est payé à l’heure, avec un montant indiqué pour ce paiement ou un autre"
    assert select("unite=heure&montant=connu").phrase() == said


def test_every_page_and_file_says_what_an_editor_typed_in_place_of_the_answer(client, read, db):
    EnqueteFactory(titre="Alpha", bareme="Celui des agents", indemnites=f"{HEURE} ; élus")
    EnqueteFactory(titre="Bêta", delai_montants="Non", indemnites=f"{BONS}\nmontant non dit ; élus")
    alpha, beta = Enquete.objects.order_by("titre")
    expected = [f"{HEURE} (élus)", BONS]
    said = [" ".join(card.all("dd")[-1].text.split()) for card in read("/indemnisation/").all(class_="fiche")]
    assert said == expected
    assert [read(one.get_absolute_url()).one("dl", class_="quatre").all("dd")[-1].text for one in (alpha, beta)] == said
    table = read("/indemnisation/tableau/").one("tbody").all("tr")
    assert [row.all("td")[-1].text for row in table] == expected
    assert [row["combien"] for row in csv_rows(client.get("/indemnisation.csv"))] == expected
    assert [row["combien"] for row in client.get("/api/v1/indemnisation").json()["resultats"]] == expected
    assert [one.chiffre_affiche for one in (alpha, beta)] == expected
    said = PageLue(client.get(alpha.get_absolute_url())).text.replace("\u00a0", " ")
    assert "Montants relevés par l’équipe 15 € de l’heure, élus" in said
    assert csv_rows(client.get("/indemnisation.csv"))[0]["indemnites"] == alpha.indemnites


@pytest.mark.parametrize(
    ("cell", "became"),
    [
        (f"{HEURE};élus;réunion|frais réels ; personnes concernées", LIGNES),  # as a person types it
        ("16 € de l'heure", "16 € de l’heure"),
        ("", ""),
        ("beaucoup ; élus", None),
    ],
)
def test_a_cell_of_a_spreadsheet_is_read_back(db, cell, became):
    enquete = EnqueteFactory(indemnites=LIGNES)
    rows = [(2, {"identifiant": str(enquete.pk), "indemnites": cell})]
    rapport = import_fiches(registre.for_model(Enquete), rows, raison="Essai")
    enquete.refresh_from_db()
    assert enquete.indemnites == (LIGNES if became is None else became)
    assert (rapport.modifies, len(rapport.refus)) == (int(became not in (None, LIGNES)), int(became is None))
