"""The accessibility declaration: a file of 106 judgements, figures computed from it."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from labacces.pages import rgaa
from labacces.pages.rgaa import ATTEND, ECHOUE, SANS_OBJET, STATUTS, VALIDE, bilan

THEMES = [9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12]


def judged(*statuts, audit=None):
    """A report whose criteria have these statuses."""
    model = bilan().criteres[0]
    criteres = [replace(model, numero=f"1.{n}", statut=statut, date="") for n, statut in enumerate(statuts, 1)]
    return replace(bilan(), criteres=criteres, audit=audit)


def today_s_audit():
    return {"le": timezone.localdate().isoformat(), "par": "Bureau d’exemple"}


def test_the_file_holds_every_criterion_once():
    numbers = [critere.numero for critere in bilan().criteres]
    assert numbers == [f"{theme}.{n}" for theme, size in enumerate(THEMES, 1) for n in range(1, size + 1)]
    assert len(numbers) == 106
    assert [ligne.total for ligne in bilan().themes] == THEMES
    assert len({critere.intitule for critere in bilan().criteres}) == 106


@pytest.mark.parametrize("critere", bilan().criteres, ids=lambda critere: critere.numero)
def test_each_criterion_says_how_and_when_it_was_judged(critere):
    assert critere.statut in STATUTS
    assert critere.intitule.strip()
    if critere.statut == ATTEND:
        assert (critere.moyen, critere.date) == ("", "")
        return
    assert date.fromisoformat(critere.date) <= timezone.localdate()
    assert critere.note or critere.statut == VALIDE, "say why it fails or does not apply"
    assert critere.moyen
    for moyen in critere.moyen.split(", "):
        if moyen != "lecture":
            path, _, name = moyen.partition("::")
            file = Path(settings.BASE_DIR) / path
            assert path.startswith("tests/")
            assert file.is_file(), moyen
            assert f"def {name.split('[')[0]}(" in file.read_text(encoding="utf-8") or not name, moyen


def test_the_rate_is_what_is_valid_out_of_what_applies():
    report = judged(VALIDE, VALIDE, VALIDE, ECHOUE, SANS_OBJET, ATTEND)
    assert (report.ensemble.juges, report.ensemble.applicables) == (5, 5)
    assert report.taux_affiche == "60\u00a0%"
    assert judged(*[VALIDE] * 2, ECHOUE).taux_affiche == "66,6\u00a0%"
    assert judged(*[VALIDE] * 1999, ECHOUE).taux_affiche == "99,9\u00a0%"  # never rounded up to a conformity


@pytest.mark.parametrize(
    ("statuts", "expected"),
    [
        ([VALIDE, VALIDE, SANS_OBJET], "totalement conforme"),
        ([VALIDE, ECHOUE], "partiellement conforme"),
        ([VALIDE, ATTEND], "partiellement conforme"),
        ([VALIDE, ECHOUE, ECHOUE], "non conforme"),
    ],
)
def test_an_audit_gives_the_state_and_without_one_nothing_is_claimed(statuts, expected):
    report = judged(*statuts, audit=today_s_audit())
    assert (report.etat, report.mention) == (expected, f"Accessibilité\u00a0: {expected}")
    own = judged(*statuts)
    assert own.mention == "Accessibilité\u00a0: non conforme (auto-évaluation, audit à venir)"


def test_an_audit_lapses_after_three_years():
    old = (timezone.localdate() - timedelta(days=3 * 365)).isoformat()
    report = judged(VALIDE, audit={"le": old, "par": "Bureau d’exemple"})
    assert report.mention == "Accessibilité\u00a0: non conforme (auto-évaluation, audit à refaire)"


# The page


@pytest.mark.django_db
def test_the_page_says_what_is_computed(read):
    report, page = bilan(), read("/accessibilite/")
    counts = Counter(row["statut"] for row in json.loads(rgaa.FICHIER.read_text(encoding="utf-8"))["criteres"])
    applicable = 106 - counts[SANS_OBJET]
    rate = f"{int(1000 * counts[VALIDE] / applicable) / 10:.1f}".removesuffix(".0").replace(".", ",")
    assert report.taux_affiche == f"{rate}\u00a0%"
    text = page.one("main").text
    assert f"{rate} % des critères applicables sont respectés : {counts[VALIDE]} sur {applicable}" in text
    assert f"{106 - counts[ATTEND]} critères ont été jugés sur 106" in text
    assert f"LabAccès est {report.etat} avec" in text
    assert "auto-évaluation" in text
    assert "Défenseur des droits" in text
    rows = page.one("main").one("tbody").all("tr")
    assert sum(int(cell.text) for row in rows for cell in row.all("td")) == 106


@pytest.mark.django_db
def test_every_page_carries_the_state(read):
    for address in ("/", "/projets/", "/aide/"):
        link = read(address).one("footer").one("a", href="/accessibilite/")
        assert link.text == " ".join(bilan().mention.split())


@pytest.mark.django_db
@pytest.mark.parametrize("audit", [None, {"le": "2020-01-15", "par": "Bureau d’exemple"}, "today"])
def test_failures_and_audits_are_told(read, monkeypatch, audit):
    report = judged(VALIDE, ECHOUE, audit=today_s_audit() if audit == "today" else audit)
    report = replace(report, criteres=[*report.criteres[:1], replace(report.criteres[1], note="sur la <carte>")])
    monkeypatch.setattr(rgaa, "bilan", lambda: report)
    text = read("/accessibilite/").one("main").text
    assert "(critère 1.2) : sur la <carte>" in text
    assert ("par Bureau d’exemple le" in text) == (audit == "today")
    assert ("il a plus de trois ans" in text) == isinstance(audit, dict)
    assert ("n’a pas encore été audité" in text) == (audit is None)


@pytest.mark.django_db
def test_the_pages_of_the_sample_exist(client):
    for page in bilan().echantillon:
        assert not page["adresse"] or client.get(page["adresse"]).status_code == 200, page["adresse"]
