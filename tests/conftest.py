"""What every test may use: hypothesis profiles, a few true places, records, pages as a reader meets them."""

import csv
import gc
import io
import os
import re
from copy import copy
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import count
from unittest.mock import patch

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import client as test_client
from django.test.utils import CaptureQueriesContext, ContextList
from django.utils import timezone
from hypothesis import HealthCheck, settings

from fiches import registre
from fiches.indexation import index_fiches
from projets.models import Projet
from socle.annuaire.models import Entree, Statut, inscrire_fiches
from socle.journal import cache, following
from socle.territoires.models import Commune, Departement, Intercommunalite, Region
from socle.vues import licence
from tests import sampling, tables
from tests.factories import UtilisateurFactory, member
from tests.sampling import POSTGRES
from tests.securite.controles import CONTROLES

# These fixtures are the database and the client: each example undoes its saves.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}
settings.register_profile("dev", max_examples=10, **_COMMON)
settings.register_profile("ci", max_examples=40, **_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def in_transaction():
    """Whether a transaction is open besides those of the test: what is read only within the test's may be kept."""
    return any(not block._from_testcase for block in connection.atomic_blocks)


following.in_transaction = in_transaction


def pytest_sessionstart(session):
    """Prints what plays the tests in this order again, as `-q` hides pytest's header."""
    seed = getattr(session.config.option, "randomly_seed", None)  # none without pytest-randomly
    if seed is not None and not hasattr(session.config, "workerinput"):
        session.config.get_terminal_writer().line(f"The same order again: --randomly-seed={seed}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Names first which type broke which promise in a failed test of all types: any error may follow."""
    report = yield
    declaration = getattr(item, "callspec", None) and item.callspec.params.get("declaration")
    crash = getattr(report.longrepr, "reprcrash", None)
    if report.failed and crash and isinstance(declaration, registre.TypeDeFiche):
        crash.message = f"The type « {declaration.cle} » breaks a promise: {_promise(item)}. {crash.message}"
        report.sections.insert(0, ("Promise", crash.message))
    return report


def _promise(item) -> str:
    return item.originalname.removeprefix("test_").replace("_", " ")


BLOCKS = "html|head|title|body|main|nav|header|footer|section|article|aside|div|p|h[1-6]|[uod]l|li|d[td]|form"
BLOCKS += "|fieldset|legend|table|caption|thead|tbody|t[rhd]|details|summary|blockquote|br|option"


def as_read(response) -> str:
    """The HTML of a page with blanks as a browser reads them: one for many, none beside a block tag."""
    html = re.sub(r"[ \t\n]+", " ", response.content.decode()).replace(" >", ">")
    return re.sub(rf" ?(</?(?:{BLOCKS})\b[^>]*>) ?", r"\1", html)


TYPES = {declaration.cle: declaration for declaration in registre.types()}
# Types whose records have a place, hence a map.
PLACED = {cle: one for cle, one in TYPES.items() if "lieu" in one.liste.filterset_class.base_filters}
every_type = pytest.mark.parametrize("declaration", TYPES.values(), ids=lambda one: one.cle)
# Like `every_type`, but two types a day: for costly tests of code that all types share.
some_types = sampling.mostly_long("declaration", TYPES.values(), one_in=4, ids=lambda one: one.cle)


def read_by(filterset, declaration: registre.TypeDeFiche) -> registre.TypeDeFiche:
    """A type like a declared one, whose list reads a filter set of the test."""
    return replace(declaration, liste=type("Liste", (declaration.liste,), {"filterset_class": filterset}))


# Django's classes and thousands of tests stay to the end: to look for garbage among them took a tenth of the time.
gc.set_threshold(20_000, 20, 200)


def pytest_collection_finish():
    gc.freeze()


def _store_rendered(store, signal, sender, template, context, **kwargs):
    """Fills `response.templates` and `.context`; Django's copies for each part and widget took a fifth of the time."""
    store.setdefault("templates", []).append(template)
    contexts = store.setdefault("context", ContextList())
    if context.template is template and not (template.name or "").startswith("django/forms/"):
        contexts.append(copy(context))


test_client.store_rendered_templates = _store_rendered


def _let_in(client, user, backend=None, let_in=test_client.Client.force_login):
    """Logs in without counting failed logins again, as nobody tried a password: that took 3 ms of 4."""
    with patch.object(site_settings, "AXES_ENABLED", False):
        let_in(client, user, backend)


test_client.Client.force_login = _let_in


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Marks security checks; leaves out long tests unless asked for, and those of no database."""
    of_checks = {name for controle in CONTROLES.values() for name in controle.tests}
    asked = sampling.WHOLE or config.option.markexpr or any("::" in arg for arg in config.args)
    kept, left = [], []
    for item in items:
        name = item.nodeid.partition("[")[0]
        if name in of_checks or name.partition("::")[0] in of_checks:
            item.add_marker(pytest.mark.securite)
        if "django_db_setup" in item.fixturenames:  # pytest-django makes a database for its mark alone
            item.add_marker(pytest.mark.django_db)
        long = item.get_closest_marker("long") and not asked
        out = long or (POSTGRES and not asks_for_the_database(item))
        (left if out else kept).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def asks_for_the_database(item) -> bool:
    wanted = {"db", "transactional_db", "django_db_setup"}  # fixtures of pytest-django
    return bool(item.get_closest_marker("django_db") or wanted & set(item.fixturenames))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    if not POSTGRES:
        tables.keep()


def taken_back():
    """A transaction like the tests' own: what a process reads within may be kept until it is undone."""
    block = transaction.atomic()
    block._from_testcase = True
    return block


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker):
    """What a module's other fixtures save from here on stands before each of its tests, and goes after the last."""
    with django_db_blocker.unblock(), taken_back():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Empties all caches, as query counts must not depend on earlier tests."""
    cache.forget()


@pytest.fixture
def same_moment(monkeypatch):
    """Time stands still: answers are held by the minute and posts counted by ten, and these would end now and then."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def once_read(db, same_moment):
    """A process that has read what it asks for once, whichever test comes first, and no end of a minute."""
    following.follow()
    know_models()


@pytest.fixture
def django_assert_num_queries(once_read, django_assert_num_queries):
    return django_assert_num_queries


@pytest.fixture
def django_assert_max_num_queries(once_read, django_assert_max_num_queries):
    return django_assert_max_num_queries


def know_models():
    """Loads the content types and the licence, which a process asks for once: in whichever test comes first."""
    ContentType.objects.get_for_models(*apps.get_models())
    licence.chosen()


@pytest.fixture
def anne(client):
    """Somebody who may do everything at the desk, logged in."""
    user = UtilisateurFactory(is_superuser=True, first_name="Anne", last_name="Le Goff")
    client.force_login(user)
    return user


@pytest.fixture
def enter(client):
    """Logs in a new member of these groups; without any, somebody who may do everything."""

    def log_in(*groups, **values):
        user = member(*groups, **{"is_superuser": not groups} | values)
        client.force_login(user)
        return user

    return log_in


@pytest.fixture
def patient():
    """Forms see five seconds between the page and the post."""
    with patch("socle.formulaires.protection.RAPIDE", timedelta(seconds=-5)):
        yield


# Places: a handful, with their true codes and positions

REGIONS = {"53": "Bretagne", "52": "Pays de la Loire"}
DEPARTEMENTS = {
    "22": ("Côtes-d’Armor", "53"),
    "29": ("Finistère", "53"),
    "35": ("Ille-et-Vilaine", "53"),
    "44": ("Loire-Atlantique", "52"),
    "56": ("Morbihan", "53"),
}
INTERCOMMUNALITES = {
    "200067932": "Golfe du Morbihan - Vannes Agglomération",
    "200068989": "Dinan Agglomération",
    "242900314": "Brest Métropole",
    "243500139": "Rennes Métropole",
}
COMMUNES = {
    "22050": ("Dinan", "22", "200068989", 48.45553, -2.05049),
    "22339": ("Taden", "22", "200068989", 48.47511, -2.01976),
    "22278": ("Saint-Brieuc", "22", None, 48.51513, -2.76838),
    "29019": ("Brest", "29", "242900314", 48.39029, -4.48628),
    "29084": ("Île-Molène", "29", None, None, None),
    "35238": ("Rennes", "35", "243500139", 48.11198, -1.67429),
    "35250": ("Saint-Armel", "35", "243500139", 48.01247, -1.59146),
    "35288": ("Saint-Malo", "35", None, 48.64738, -2.00877),
    "44109": ("Nantes", "44", None, 47.21725, -1.55336),
    "56205": ("Saint-Armel", "56", "200067932", 47.57323, -2.71101),
    "56260": ("Vannes", "56", "200067932", 47.65688, -2.76205),
}
# On the bounds of the brackets of size, or beside them; unknown for Île-Molène.
HABITANTS = {
    "22050": 10_000,
    "22339": 3_499,
    "22278": 50_000,
    "29019": 142_346,
    "29084": None,
    "35238": 230_890,
    "35250": 2_000,
    "35288": 49_999,
    "44109": 327_734,
    "56205": 999,
    "56260": 1_000,
}


@pytest.fixture
def places(db):
    load_places()


def load_places():
    """Two regions, five départements, four intercommunalités, eleven communes: two share a name, one has no
    position.
    """
    Region.objects.bulk_create(Region(code=code, nom=nom) for code, nom in REGIONS.items())
    Departement.objects.bulk_create(
        Departement(code=code, nom=nom, region_id=region) for code, (nom, region) in DEPARTEMENTS.items()
    )
    _save_named(Intercommunalite(code=code, nom=nom, nature="CA") for code, nom in INTERCOMMUNALITES.items())
    _save_named(
        Commune(
            code=code,
            nom=nom,
            departement_id=departement,
            intercommunalite_id=group,
            latitude=latitude,
            longitude=longitude,
            population=HABITANTS[code],
        )
        for code, (nom, departement, group, latitude, longitude) in COMMUNES.items()
    )


def _save_named(rows):
    rows = list(rows)
    for row in rows:
        row.fill_keys()
    type(rows[0]).objects.bulk_create(rows)


# Records

_series = count(1)


def make_many_projets(rows):
    """Makes indexed, published projects in a few queries, without history; a row holds fields, with `themes`."""
    rows = list(rows)
    start = next(_series)
    entrees = Entree.objects.bulk_create(
        Entree(
            type="projet",
            slug=f"serie-{start}-{number}",
            titre=row.get("titre", f"Série {number}"),
            statut=row.get("statut", Statut.PUBLIEE),
            departement_id=row.get("departement_id"),
        )
        for number, row in enumerate(rows)
    )
    projets, links = [], []
    through = Projet.themes.through
    communes = Commune.objects.in_bulk({row["commune_id"] for row in rows if row.get("commune_id")})
    for number, (entree, row) in enumerate(zip(entrees, rows, strict=True)):
        fields = {"titre": f"Série {number}", "statut": Statut.PUBLIEE, "version": 1} | row
        themes = fields.pop("themes", [])
        if fields.get("commune_id"):
            fields["commune"] = communes[fields.pop("commune_id")]
        projet = Projet(entree=entree, slug=entree.slug, themes_automatiques=False, **fields)
        projet.derive(None)
        projets.append(projet)
        links += [through(projet_id=entree.pk, theme=theme) for theme in themes]
    Projet.objects.bulk_create(projets)
    through.objects.bulk_create(links)
    pks = [entree.pk for entree in entrees]
    places = ("commune", "intercommunalite", "departement__region")
    index_fiches(Projet.objects.published().filter(pk__in=pks).select_related(*places))
    inscrire_fiches(pks)
    return projets


# Pages

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def _selector(name, attributes):
    """A tag as HTML writes it: `<p role="status">`."""
    said = "".join(f' {key.rstrip("_")}="{value}"' for key, value in attributes.items())
    return f"<{name or '…'}{said}>"


class Element:
    """`page`: the page of the tag."""

    def __init__(self, name, attributes=(), page=""):
        self.name, self.attributes, self.page, self.children = name, dict(attributes), page, []

    def __getitem__(self, attribute):
        assert attribute in self.attributes, f"{self.place} has no attribute « {attribute} »"
        return self.attributes[attribute]

    @property
    def place(self):
        return f"{_selector(self.name, self.attributes)} of {self.page}"

    @property
    def text(self):
        """Its words; all blanks become one plain space."""
        return " ".join(self._text().split())

    def _text(self):
        return "".join(child if isinstance(child, str) else child._text() for child in self.children)

    def all(self, name=None, /, **attributes):
        """Its elements of that name with those attributes (one word of `class_` is enough), in order."""
        found = []
        for child in self.children:
            if isinstance(child, str):
                continue
            if name in (None, child.name) and all(child.has(key, value) for key, value in attributes.items()):
                found.append(child)
            found += child.all(name, **attributes)
        return found

    def one(self, name=None, /, **attributes):
        """The only such element; a failure says how many there are, of what, where."""
        found = self.all(name, **attributes)
        assert len(found) == 1, f"{self.place} holds {len(found)} of {_selector(name, attributes)}, not one"
        return found[0]

    def has(self, key, value):
        if key == "class_":
            return value in self.attributes.get("class", "").split()
        return self.attributes.get(key) == value


class _Reader(HTMLParser):
    """A tag left open or closed twice is an error."""

    def __init__(self, page):
        super().__init__()
        self.page, self.open = page, [Element("")]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, attrs, self.page)
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].children.append(Element(tag, attrs, self.page))

    def handle_endtag(self, tag):
        assert self.open.pop().name == tag, f"</{tag}> at {self.getpos()} closes what was not open"

    def handle_data(self, data):
        self.open[-1].children.append(data)


class PageLue(Element):
    def __init__(self, response):
        self.html = response.content.decode()
        request = getattr(response, "request", {})  # of the test client
        asked = "?".join(filter(None, (request.get("PATH_INFO"), request.get("QUERY_STRING"))))
        super().__init__("page", page=f"the page {asked}")
        reader = _Reader(self.page)
        reader.feed(self.html)
        reader.close()
        assert len(reader.open) == 1, f"<{reader.open[-1].name}> is not closed"
        self.children = reader.open[0].children

    @property
    def place(self):
        return self.page

    @property
    def status(self):
        """The result count, as a screen reader says it."""
        counts = [one for heading in self.all("h2") for one in heading.all(role="status")]
        counts = counts or self.all(role="status")
        assert counts, f"{self.place} says no count of results"
        return counts[0].text

    @property
    def alert(self):
        return " ".join(element.text for element in self.all(role="alert"))

    @property
    def guards(self):
        """The hidden fields by which a form guards itself, as a browser sends them."""
        return {name: self.one("input", id=f"id_{name}").attributes.get("value", "") for name in ("cle", "precision")}

    @property
    def titles(self):
        return [a["href"] for card in self.all(class_="fiche") for a in card.all("a")]

    def boxes(self, name):
        """{value: (count shown, checked)} of a facet's check boxes; others stand in a `<select>`, or behind a line."""
        found = {}
        for label in self.all("label", class_="coche"):
            for box in label.all("input", name=name):
                number = "".join(filter(str.isdigit, label.text.rpartition("·")[2]))
                assert number, f"{label.place} has no count: « {label.text} »"
                found[box["value"]] = (int(number), "checked" in box.attributes)
        return found

    @property
    def chips(self):
        """{text: address} of the active criteria."""
        return {a.text.partition(", retirer")[0].strip(): a["href"] for a in self.all("a", class_="puce")}


@pytest.fixture
def read(client):
    """The status must be 200."""

    def get(address, data=None, **extra):
        response = client.get(address, data or {}, **extra)
        assert response.status_code == 200, address
        return PageLue(response)

    return get


def cost(client, address) -> int:
    """The queries of a page with status 200."""
    know_models()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


# Files and the database


def csv_rows(response) -> list[dict[str, str]]:
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def text_of_every_table() -> str:
    """Every row of every table, also those unknown to Django, as lower-case text."""
    with connection.cursor() as cursor:
        found = []
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += sorted(f"{table} {' '.join(map(str, row))}" for row in cursor.fetchall())
    return "\n".join(found).casefold()
