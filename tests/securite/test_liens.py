"""What is written as an address, past every form: a page leads to http, https and mailto, and to nothing else."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Permission
from django.db import models
from django.urls import reverse

from fiches import registre
from socle.francais.prose import linkable, site_of
from tests.addresses import patterns
from tests.factories import UtilisateurFactory
from tests.factories.participants import EvenementFactory
from tests.fiches.test_confidentiel_pages import public_record
from tests.sampling import sample

pytestmark = [pytest.mark.django_db, pytest.mark.securite]

HOSTILE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "  javascript:alert(1)",
    "\x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "javascript://exemple.bzh/%0aalert(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "view-source:javascript:alert(1)",
    "blob:https://exemple.bzh/1",
    "file:///etc/passwd",
    "//javascript:alert(1)",
    "http://[javascript:alert(1)",
]
WITH_LINKS = [one for one in registre.types() if any(isinstance(f, models.URLField) for f in one.model._meta.fields)]
LEADING = {"href", "src", "action", "formaction", "xlink:href", "data", "poster", "cite", "background", "ping"}


class _Addresses(HTMLParser):
    """Every address that a page leads to or loads, and what it says for machines."""

    def __init__(self):
        super().__init__()
        self.found, self.data, self.is_data = [], "", False

    def handle_starttag(self, tag, attrs):
        self.found += [value or "" for name, value in attrs if name in LEADING]
        self.is_data = tag == "script" and ("type", "application/ld+json") in attrs

    def handle_endtag(self, tag):
        self.is_data = False

    def handle_data(self, data):
        if self.is_data:
            self.found += _texts(json.loads(data))


def _texts(data) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from (text for key in ("@id", "url", "sameAs", "contentUrl", "item") for text in _texts(data.get(key)))
        yield from (text for one in data.values() if isinstance(one, dict | list) for text in _texts(one))
    elif isinstance(data, list):
        yield from (text for one in data for text in _texts(one))


def scheme(address: str) -> str:
    """The scheme of an address as browsers read it: blanks and control characters before and within are not there."""
    bare = re.sub(r"[\t\n\r]", "", address).lstrip("".join(map(chr, range(33))))
    match = re.match(r"([a-z][a-z0-9+.-]*):", bare, re.IGNORECASE)
    return match[1].lower() if match else ""


def leading_astray(html: str) -> list[str]:
    """The addresses of a page that lead elsewhere than http, https and mailto."""
    page = _Addresses()
    page.feed(html)
    page.close()
    assert len(page.found) > 3
    ours = re.compile(r"data:image/(?:svg\+xml|png)[;,]|webcal://127\.0\.0\.1:8000/")
    wrong = [one for one in page.found if scheme(one) not in ("", "http", "https", "mailto") and not ours.match(one)]
    return wrong + [one for one in page.found if re.match(r"\s*[/\\]{2}", one) or "alert(" in one]


def hostile_records(addresses) -> list:
    """Public records of each type that holds a link, one for each address."""
    made = []
    for address in addresses:
        for declaration in WITH_LINKS:
            links = {f.name: address for f in declaration.model._meta.fields if isinstance(f, models.URLField)}
            made.append(public_record(declaration, titre=f"Une fiche {len(made)}", **links))
        made.append(EvenementFactory(lien_externe=address))
    return made


def pages_about(made: list) -> Iterator[str]:
    """Addresses of the public site that say something of these records."""
    for route, name in patterns():
        room, wanted = name.rpartition(":")[0], re.findall(r"<(?:\w+:)?(\w+)>", route)
        if not wanted:
            yield reverse(name)
        for fiche in made:
            ours = room in ("", "inscriptions", registre.for_model(type(fiche)).espace) or "contribu" in room
            if ours and wanted and set(wanted) <= {"slug", "pk"}:
                yield reverse(name, kwargs={one: getattr(fiche, one) for one in wanted})


@pytest.mark.long
def test_no_public_page_leads_to_what_runs_something(client, settings):
    settings.ORGANISME_NOM, settings.ORGANISME_URL = "Un organisme", HOSTILE[0]
    made = hostile_records(sample(HOSTILE, one_in=4))
    read = 0
    for page in pages_about(made):
        response = client.get(page)
        if response.get("Content-Type", "").startswith("text/html") and response.status_code == 200:
            read += 1
            assert leading_astray(response.content.decode()) == [], page
        elif response.streaming:
            response.getvalue()
    assert read > len(made) * 3


@pytest.mark.long
@pytest.mark.parametrize("edits", [True, False])
def test_nor_does_the_desk(client, edits):
    """Of whoever writes, and of whoever only looks."""
    user = UtilisateurFactory(is_superuser=edits)
    made = hostile_records(sample(HOSTILE, one_in=6))
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    for fiche in made:
        place = f"admin:{fiche._meta.app_label}_{fiche._meta.model_name}"
        pages = [reverse(f"{place}_changelist"), fiche.get_absolute_url()]
        pages += [reverse(f"{place}_{name}", args=[fiche.pk]) for name in ("change", "history")]
        for page in pages:
            response = client.get(page)
            assert response.status_code == 200, page
            assert leading_astray(response.content.decode()) == [], page


@pytest.mark.parametrize("address", HOSTILE[:3])
def test_what_leads_nowhere_is_read_as_it_was_written(client, address):
    """On pages, and in files and the API, which are text."""
    for fiche in hostile_records([address]):
        declaration = registre.for_model(type(fiche))
        field = "lien_externe" if hasattr(fiche, "lien_externe") else "lien"
        assert client.get(f"/api/v1/{declaration.adresse}/{fiche.pk}").json()[field] == address
        assert address.strip() in client.get(fiche.get_absolute_url()).content.decode()


def test_a_workbook_holds_an_address_as_text(client):
    hostile_records(HOSTILE[:1])
    for declaration in WITH_LINKS:
        for ending in ("xlsx", "ods"):
            with ZipFile(BytesIO(client.get(f"/{declaration.adresse}.{ending}").getvalue())) as packed:
                content = b"".join(map(packed.read, packed.namelist())).decode(errors="replace")
            assert "javascript:alert" in content
            assert not re.search(r"<hyperlink|HYPERLINK\(|<text:a |xlink:href=\"javascript", content)


@pytest.mark.parametrize("address", [*HOSTILE, "", "http://", "ftp://exemple.bzh/", "exemple.bzh", "mailto:", "/page"])
def test_such_an_address_is_no_link(address):
    assert linkable(address) == site_of(address) == ""


@pytest.mark.parametrize(
    "address", ["https://exemple.bzh", "HTTP://www.exemple.bzh/a?b=c#d", "mailto:equipe@exemple.bzh", "http://[::1]/"]
)
def test_what_people_mean_by_a_link_is_one(address):
    assert linkable(address) == linkable(f" {address}\n") == address


def test_a_site_is_named_without_www():
    assert site_of("https://www.exemple.bzh/page") == "exemple.bzh"
