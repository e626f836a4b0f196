"""Measures how well the search finds what people look for: MRR and recall in the first ten, by query and in all.

    python bench/qualite_recherche.py [--requetes tests/fiches/requetes.toml] [--muet] DATABASE_URL…

Each DATABASE_URL names a new throw-away database, filled with each corpus in turn: the demo data, then the extract of
the old site. Queries go through the search page. The reciprocal rank is that of the first wanted record; recall is the
part of wanted records in the first ten. With several databases the script names queries whose first ten differ.
"""

import argparse
import json
import sys
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FIRST = 10
QUERIES = ROOT / "tests" / "fiches" / "requetes.toml"
EXTRAIT = ROOT / "tests" / "reprise" / "extrait-labacces.txt"
ASK = """
import json, sys
import django
django.setup()
from bench.qualite_recherche import evaluate, fill
fill(sys.argv[2])
print("\\n" + json.dumps([result.__dict__ for result in evaluate(sys.argv[1], sys.argv[2])]))
"""


@dataclass(frozen=True)
class Resultat:
    """`premieres`: the first ten, as type/address; `rang`: of the first wanted, 0 if none."""

    corpus: str
    nature: str
    requete: str
    premieres: list[str]
    rang: int
    rappel: float

    @property
    def inverse(self) -> float:
        return 1 / self.rang if self.rang else 0.0


def queries(path: Path, corpus: str):
    """(kind, query, beginnings of the wanted records) of a corpus, only of types that the site has."""
    from fiches import registre

    for nature, asked in tomllib.loads(Path(path).read_text(encoding="utf-8")).get(corpus, {}).items():
        for text, wanted in asked.items():
            if there := [one for one in wanted if registre.find(one.partition("/")[0])]:
                yield nature, text, there


def fill(corpus: str) -> None:
    """The extract replaces the demo data, which fill an empty database."""
    from django.core.management import call_command

    if corpus == "demo":
        call_command("charger_demo", stdout=sys.stderr)
    else:
        call_command("importer_yeswiki", str(EXTRAIT), sans_copie=True, verbosity=0)


def first_ten(text: str) -> list[str]:
    """As type/address, from the search page."""
    from django.http import QueryDict
    from django.utils.http import urlencode

    from labacces.recherche import SITE
    from socle.catalogue.selection import Selection

    selection = Selection(SITE, QueryDict(urlencode({"q": text})))
    keys = selection.keys(0, FIRST)
    found = selection.rows(keys).in_bulk()
    return [f"{found[key].type}/{found[key].slug}" for key in keys]


def evaluate(path: str, corpus: str) -> list[Resultat]:
    """ValueError if a wanted record is missing or ambiguous."""
    from socle.annuaire.models import Entree

    known = [f"{type_}/{slug}" for type_, slug in Entree.objects.published().values_list("type", "slug")]
    results = []
    for nature, text, wanted in queries(path, corpus):
        sheets = []
        for start in wanted:
            one = [sheet for sheet in known if sheet == start] or [sheet for sheet in known if sheet.startswith(start)]
            if len(one) != 1:
                raise ValueError(f"{start} : {len(one)} fiches dans « {corpus} »")
            sheets += one
        found = first_ten(text)
        ranks = [found.index(sheet) + 1 for sheet in sheets if sheet in found]
        results.append(Resultat(corpus, nature, text, found, min(ranks, default=0), len(ranks) / len(sheets)))
    return results


def mean(values) -> float:
    values = list(values)
    return sum(values) / len(values) if values else 0.0


def measure(url: str, path: Path, corpora: list[str]) -> list[Resultat]:
    from bench.kill import create, run

    create(url)
    results = []
    for corpus in corpora:
        answer = run(url, "-c", ASK, str(path), corpus).splitlines()[-1]
        results += [Resultat(**row) for row in json.loads(answer)]
    return results


def show(results: list[Resultat], quiet: bool) -> None:
    for result in results:
        if not quiet or result.rang != 1 or result.rappel < 1:
            print(f"{result.inverse:5.2f} {result.rappel:5.2f}  {result.corpus}, {result.nature} : {result.requete}")
    print(f"MRR {mean(r.inverse for r in results):.3f}, rappel@10 {mean(r.rappel for r in results):.3f}", end=" ")
    print(f"({len(results)} requêtes, {sum(r.rang == 0 for r in results)} sans aucune fiche voulue)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("urls", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--requetes", type=Path, default=QUERIES)
    parser.add_argument("--muet", action="store_true", help="only the queries that could do better")
    options = parser.parse_args()
    corpora = list(tomllib.loads(options.requetes.read_text(encoding="utf-8")))
    answers = []
    for url in options.urls:
        print(f"\n{url.split('://')[0]}")
        results = measure(url, options.requetes, corpora)
        show(results, options.muet)
        answers.append([asdict(result) for result in results])
    for other in answers[1:]:
        pairs = zip(answers[0], other, strict=True)
        differ = [one["requete"] for one, two in pairs if one["premieres"] != two["premieres"]]
        print(f"\nDix premières différentes : {len(differ)}", *differ, sep="\n  ")


if __name__ == "__main__":
    main()
