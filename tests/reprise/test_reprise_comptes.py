"""What exists is counted: words without definition and episodes without recording, from the extract taken over."""

import csv
import io
import json
import re

import openpyxl
import pytest
from django.conf import settings

from fiches import registre
from socle.vues.toutes import vues
from tests.conftest import csv_rows
from tests.reprise.extrait import EXTRAIT, LINES, take

WRITTEN = {"terme": 20, "episode": 5}  # in the extract
LACKING = {"terme": 19, "episode": 5}
LISTS = ["terme", "episode"]

pytestmark = pytest.mark.django_db


def body(client, address, **more) -> bytes:
    response = client.get(address, **more)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content


def leading(words: str) -> int:
    """The number that a sentence begins with."""
    return int(re.match(r"\d+", words)[0])


def counts(client, read, declaration) -> dict[str, int]:
    """{where: how many records it says or holds} of a list, everywhere that it is read."""
    address = {vue.cle: vue.adresse(declaration) for vue in vues(declaration.liste)}
    doors = {li.one("a").text: li for li in read("/").one("ul", class_="portes").all("li")}
    types = {a.text: b.text for li in read("/recherche/").all("li") for a in li.all("a") for b in li.all("b")}
    site_map = {a.text: li.text for li in read("/plan-du-site/").one("main").all("li") for a in li.all("a")}
    summary = body(client, "/api/v1/", headers={"accept": "application/json"})
    offered = {one["adresse"]: one["total"] for one in json.loads(summary)["listes"]}
    document = json.loads(body(client, address["json"]))
    sheet = openpyxl.load_workbook(io.BytesIO(body(client, address["xlsx"])), read_only=True).worksheets[0]
    feed = body(client, address["atom"]).decode()
    lines = csv.DictReader(io.StringIO(body(client, address["chiffres-csv"]).decode()))
    api = json.loads(body(client, f"{address['api']}?limite=1000"))
    form = read(f"/alertes/?type={declaration.cle}").all("div", class_="note")[0]
    return {
        "home": int(doors[declaration.titre].one("b").text),
        "search of the site": int(types[declaration.titre]),
        "site map": leading(site_map[declaration.titre].rpartition(": ")[2]),
        "list": leading(read(declaration.lien).status),
        "table": leading(read(address["tableau"]).status),
        "rows of the table": len(read(address["tableau"]).one("tbody").all("tr")),
        "figures": leading(read(address["chiffres"]).status),
        "figures as a file": next(int(line["fiches"]) for line in lines if not line["valeur"]),
        "CSV": len(csv_rows(client.get(address["csv"]))),
        "workbook": len(list(sheet.iter_rows(min_row=2))),
        "JSON": len(document["resultats"]),
        "JSON, total": document["total"],
        "JSON lines": len(body(client, address["jsonl"]).splitlines()),
        "Atom": feed.count("<entry>"),
        "Atom, title": leading(re.search(r"<title>(.*?)</title>", feed)[1]),
        "API": len(api["resultats"]),
        "API, total": api["total"],
        "API, its lists": offered[settings.SITE_URL + address["api"]],
        "sitemap": body(client, f"/sitemap-{declaration.cle}-1.xml").decode().count("<loc>"),
        "alert": leading(form.one("a").text),
    }


def rows(client, declaration) -> list[dict[str, str]]:
    return csv_rows(client.get(f"{declaration.lien[:-1]}.csv"))


@pytest.fixture(scope="module")
def _public(_france, tmp_path_factory):
    take(tmp_path_factory.mktemp("extrait"), EXTRAIT, "--publier")


@pytest.fixture
def public(_public, db):
    """The extract, taken over and published once for all tests of this module."""


@pytest.mark.long
@pytest.mark.parametrize("cle", LISTS)
def test_every_view_counts_what_the_old_site_held(client, read, public, cle):
    found = counts(client, read, registre.get(cle))
    assert found == dict.fromkeys(found, WRITTEN[cle])


@pytest.mark.parametrize("cle", LISTS)
def test_a_filter_tells_apart_what_lacks_its_definition_or_its_recording(client, read, public, cle):
    declaration = registre.get(cle)
    facet, value = declaration.inachevees
    assert leading(read(f"{declaration.lien}?{facet}={value}").status) == LACKING[cle]
    lacking = {fiche.pk: fiche.inachevee for fiche in declaration.model.objects.published() if fiche.inachevee}
    said = {int(row["identifiant"]): row[facet] for row in rows(client, declaration)}
    assert {pk: words for pk, words in said.items() if pk in lacking} == lacking
    assert lacking.keys() == {*registre.inachevees()} & said.keys()


def test_the_feed_for_listening_holds_what_can_be_heard(client, public):
    assert client.get("/podcast.rss").content.decode().count("<item>") == 0


def test_episodes_stand_in_the_order_of_their_number(client, public):
    numbers = [int(row["numero"]) for row in rows(client, registre.get("episode"))]
    written = {int(number) for number in re.findall(r"^Episode n°(\d+)", "\n".join(LINES), re.MULTILINE)}
    assert numbers == sorted(written)
