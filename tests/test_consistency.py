"""What is true of the whole site."""

import ast
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.template.loader import get_template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fiches import registre
from outils import gabarits
from tests.addresses import every_address, patterns
from tests.conftest import PageLue, load_places
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory
from tests.factories.participants import EvenementFactory, ExplorationFactory
from tests.sampling import sample

ROOT = Path(settings.BASE_DIR)
OUR_APPS = [config for config in apps.get_app_configs() if (ROOT / config.name.split(".")[0]).is_dir()]
ACRONYMS = {"EPCI", "SIREN", "SIRET", "INSEE", "CSV", "URL", "ID", "France"}


@pytest.mark.django_db
def test_migrations_match_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.long
def test_the_site_passes_the_deployment_checks_with_production_s_variables(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DEBUG": "non",
        "ALLOWED_HOSTS": "labacces.exemple.bzh",
        "SITE_URL": "https://labacces.exemple.bzh",
        "EMAIL_URL": "smtp://localhost",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
    }
    command = [sys.executable, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_labels_start_in_lower_case():
    """The template capitalises; acronyms and names are spared."""
    for config in OUR_APPS:
        for model in config.get_models():
            if model.__name__.startswith("Historical"):
                continue  # django-simple-history made it from our model
            labels = [model._meta.verbose_name, model._meta.verbose_name_plural]
            labels += [field.verbose_name for field in model._meta.local_fields + model._meta.local_many_to_many]
            for label in map(str, labels):
                word = label.split()[0]
                assert word[:1].islower() or word in ACRONYMS, f"{model._meta.label}: {label}"


# Public pages

# Opened by a link of a mail.
BY_MAIL = {f"inscriptions:{name}" for name in ("confirmer", "proposition", "personnelle", "mon-ics", "donnees")}
BY_MAIL |= {f"explorations:{name}" for name in ("confirmer", "personnelle", "donnees")}
BY_MAIL |= {"contacter:stop", "alertes:confirmer", "alertes:personnelle"}
BY_MAIL |= {"contacter:stop", "contributions:confirmer", "contributions:suivi", "contributions:suite"}
BY_MAIL |= {"contributions:fichier"}


@pytest.fixture(scope="module")
def _addresses(kept):
    return make_site()


@pytest.fixture
def addresses(_addresses, db):
    return _addresses


def make_site() -> dict[str, str]:
    """{name: address} for each public URL, on a site that holds a record of each kind."""
    load_places()
    theme = ThemeFactory(nom="Cantine")
    texts = dict.fromkeys(("description", "objectifs", "suivi", "engagements"), "- un\n- deux\n\nhttps://exemple.bzh")
    first = ProjetFactory(montant_eur=1000, themes=[theme], **texts)
    place = {"departement_id": "22", "commune_id": "22050", "intercommunalite_id": "200068989"}
    projet = ProjetFactory(remplace=first, montant_eur=1000, themes=[theme], **place, **texts)
    ProjetFactory(themes=[theme], **place)
    arguments = {"nom": "dossier/absent.mp3", "jeton": f"lien-{'a' * 43}", "ancienne": "PagePrincipale"}
    slugs, pks = {"projets": projet.slug}, {}
    arguments |= {"cle": "projet", "numero": 1, "fichier": 1, "type": "projets"}
    for declaration in registre.types():
        if declaration.model is not type(projet):
            fiche = declaration.model(titre=f"Une fiche : {declaration.nom}", statut="publiee")
            fiche.save()
            slugs[declaration.model._meta.app_label] = fiche.slug
            pks[f"api:{declaration.espace}-fiche"] = fiche.pk
    slugs["inscriptions"] = EvenementFactory(titre="Balise", capacite=3).slug  # it takes registrations
    explorer = ExplorationFactory(accord_publication=True, relue_le=timezone.now())
    found = {}
    for route, name in patterns():
        wanted = re.findall(r"<(?:\w+:)?(\w+)>", route)
        room = name.split(":")[0]
        pk = explorer.pk if room == "explorations" else pks.get(name, projet.pk)
        arguments |= {"slug": slugs.get(room), "pk": pk}
        assert set(wanted) <= set(arguments), f"{route}: the test knows no value for {wanted}"
        found[name] = reverse(name, kwargs={key: arguments[key] for key in wanted})
    found["oembed"] += f"?url={settings.SITE_URL}/projets/"
    found["filtered"] = "/projets/?q=cantine&departement=22&theme=cantine&montant_min=1&autour=Dinan&tri=recent"
    found["empty"] = "/projets/?q=rien&departement=29"
    found["faulty"] = "/projets/?departement=zz&montant_min=beaucoup&page=99&inconnu=1&tri=x"
    found["replaced"] = first.get_absolute_url()
    return found


@pytest.fixture(scope="module")
def answers(_addresses):
    """(name, response, its text, its queries) of each of them, and of a missing page."""
    return [(name, *answer(address)) for name, address in [*_addresses.items(), ("missing", "/projets/absent/")]]


def answer(address):
    with CaptureQueriesContext(connection) as captured:
        response = Client().get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
    return response, body.decode(errors="replace"), [query["sql"] for query in captured]


def test_each_public_address_answers(addresses, answers):
    expected = {"permalink": 301, "media": 404, "pages:logo": 404, "apercu": 404}
    expected |= dict.fromkeys([*BY_MAIL, "missing"], 404)  # a forged link of a mail
    assert {"home", "permalink"} | {declaration.url_name for declaration in registre.types()} <= set(addresses)
    for name, response, *_ in answers:
        assert response.status_code == expected.get(name, 200), name


@pytest.mark.long
def test_pages_hold_no_style_and_no_script_of_their_own(answers):
    for name, response, html, _ in answers:
        if "html" not in response["Content-Type"]:
            continue
        assert not re.search(r"<[^>]+\sstyle\s*=", html), name
        assert not re.search(r"<[^>]+\son[a-z]+\s*=", html), name
        assert "<style" not in html, name
        assert "javascript:" not in html, name
        for attributes, content in re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL):
            assert "src=" in attributes or "application/" in attributes, name
            assert "src=" not in attributes or not content.strip(), name


@pytest.mark.long
def test_pages_fetch_nothing_from_a_third_party(answers):
    for name, response, html, _ in answers:
        if "html" not in response["Content-Type"]:  # a feed names addresses to follow
            continue
        html = re.sub(r'<link rel="canonical"[^>]*>', "", html).replace(f'"{settings.SITE_URL}/', '"/')
        for value in re.findall(r'<(?:script|link|img|iframe|source|audio)\b[^>]*\s(?:src|href)="([^"]*)"', html):
            assert re.match(r"/(?!/)|data:", value), f"{name}: {value}"


def test_each_page_has_one_title_one_language_and_labels(answers):
    for name, response, html, _ in answers:
        if "html" not in response["Content-Type"] or response.status_code != 200:
            continue
        assert "=«" not in html, name  # typography strayed into an attribute
        assert html.count("<h1") == 1, name
        assert '<html lang="fr">' in html, name
        identifiers = re.findall(r'\sid="([^"]*)"', html)
        assert len(identifiers) == len(set(identifiers)), name
        for target in re.findall(r'\s(?:for|aria-labelledby|aria-describedby)="([^"]*)"', html):
            assert set(target.split()) <= set(identifiers), f"{name}: {target}"
        for text in ("None", "{{", "{%"):
            assert text not in re.sub(r"<[^>]*>", " ", html), f"{name}: {text}"
        boxes = [label.text for label in PageLue(response).all("label", class_="coche")]
        assert not [words for words in boxes if words[:1].islower()], name


def test_reading_sets_no_cookie_and_writes_nothing(answers):
    assert any(queries for *_, queries in answers)
    for name, response, _, queries in answers:
        assert not response.cookies, name
        for sql in queries:
            asked = re.sub(r"SET LOCAL enable_seqscan (?:= off|TO DEFAULT)(?:;\s*|$)", "", sql)
            assert re.match(r"[\s(]*(?:SELECT|WITH|DECLARE|FETCH|CLOSE)\b", asked), (name, sql)


def may_be_framed(name: str) -> bool:
    """Whether other sites may show it: only links to records (socle/vues/integrer.py)."""
    return name.rpartition(":")[2] in ("integree", "fiche-integree")


def test_every_answer_carries_the_security_headers(answers):
    assert len([name for name, *_ in answers if may_be_framed(name)]) == len(registre.types()) + 1
    for name, response, *_ in answers:
        policy = response["Content-Security-Policy"]
        framed = "frame-ancestors *" if may_be_framed(name) else "frame-ancestors 'none'"
        for directive in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", framed):
            assert directive in [one.strip() for one in policy.split(";")], name
        assert "unsafe" not in policy, name
        assert response["X-Content-Type-Options"] == "nosniff", name
        assert response["Referrer-Policy"] == ("no-referrer" if name in BY_MAIL else "same-origin"), name
        assert response.get("X-Frame-Options") == (None if may_be_framed(name) else "DENY"), name
        assert "camera=()" in response["Permissions-Policy"], name


@pytest.mark.long
def test_each_address_accepts_head(client, addresses, answers):
    for name, response, *_ in answers[:-1]:
        assert client.head(addresses[name]).status_code == response.status_code, name


@pytest.mark.long
def test_nothing_keeps_what_staff_are_answered(client, addresses, answers):
    """Asks each address of the site and the desk, then again with the ETag that everybody gets."""
    client.force_login(UtilisateurFactory(is_superuser=True))
    etags = {name: response.get("ETag", "") for name, response, *_ in answers}
    assert len(list(filter(None, etags.values()))) > 50
    for name, there in sample(addresses.items(), one_in=3):
        response = client.get(there, headers={"if-none-match": etags.get(name, "")})
        response.getvalue()
        assert response["Cache-Control"] == "private, no-store", name
        assert response.status_code != 304, name
        assert "ETag" not in response, name
    desk = [route for route, *_ in every_address() if route.startswith("admin/") and "logout" not in route]
    assert len(desk) > 100
    for route in sample(desk, one_in=4):
        there = "/" + re.sub(r"<[^>]+>", "1", re.sub(r"\(\?P<\w+>.*?\)+\$?", "projets/", route)).replace("^", "")
        for response in (client.get(there), client.post(there)):
            assert response["Cache-Control"] == "private, no-store", route


# Templates

TEMPLATES = sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_template_compiles(name):
    get_template(name)


def test_each_template_is_as_make_format_leaves_it(capsys):
    assert gabarits.main(["--check"]) == 0, capsys.readouterr().out


def test_templates_write_days_by_the_filters_that_know_the_first():
    paths = [path for folder in gabarits.GABARITS for path in folder.rglob("*.html")]
    assert not [path for path in paths if re.search(r"""date:["']j F""", path.read_text(encoding="utf-8"))]


def test_the_words_of_public_templates_alone_are_put_in_french_typography():
    assert gabarits.formatted("a/b.html", "<p>L'eau : quoi ?") == "<p>L’eau\u00a0: quoi\u202f?"
    for name in ("admin/a.html", "pages/admin/a.html", "courriels/a.txt"):
        assert gabarits.formatted(name, "<p>L'eau : quoi ?") == "<p>L'eau : quoi ?"


def test_a_long_line_of_a_template_is_refused_if_it_can_be_cut():
    long = "mot " * 40
    assert gabarits.too_long(f"<p>{long}</p>")
    assert gabarits.too_long(f'<a href="{"x" * 120}" class="y">')
    for whole in (
        f"<p>{'x' * 120}</p>",
        f"{{% include x {long}%}}",
        f"{{% block description %}}{long}{{% endblock %}}",
    ):
        assert not gabarits.too_long(whole), whole


def test_each_template_is_used():
    """By a view, another template, a declaration, or Django itself (error pages, the admin)."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    for config in OUR_APPS:
        sources += [path.read_text(encoding="utf-8") for path in Path(config.path).rglob("*.py")]
    known = re.compile(r"^(400|403|403_csrf|404|410|429|500)\.html$|^admin/|^registration/")
    named = {f"{prefix}_{kind}.html" for prefix in _models() for kind in ("detail", "list")}
    for name in TEMPLATES:
        called = {f'"{name}"', f'"{name.removeprefix("courriels/").removesuffix(".html")}"'}  # a mail, by its bare name
        assert known.match(name) or name in named or any(one in text for text in sources for one in called), name


def _models():
    return {f"{model._meta.app_label}/{model._meta.model_name}" for config in OUR_APPS for model in config.get_models()}


# Names

HOUSE = ("labacces", "reprise", "projets", "participants", "fiches", "socle")
# Django names these, or the class around them does.
BY_PLACE = {"Command", "DatabaseWrapper", "Migration", "Meta"}
# {other word for a role: its one file name}.
ROLES = {
    "filtres": "filters",
    "colonnes": "columns",
    "formulaires": "forms",
    "modeles": "models",
    "pages": "views or desk_views",
    "vues": "views",
    "bureau": "desk_views",
}


def modules():
    files = (path for name in HOUSE for path in (ROOT / name).rglob("*.py"))
    return [path for path in files if "migrations" not in path.parts]


def test_a_class_name_stands_once():
    places = {}
    for path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name not in BY_PLACE:
                places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert len(places) > 400
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_a_role_has_one_file_name():
    """Folders are rooms, named for what they hold; commands and tags are named for people and templates."""
    typed = {"templatetags", "commands"}
    stems = {path.stem for path in modules() if not typed & {*path.parts}}
    assert len(stems) > 100
    assert {stem: ROLES[word] for stem in stems for word in stem.split("_") if word in ROLES} == {}


def test_the_version_has_a_dated_section_in_the_changelog():
    found = re.findall(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert found, "CHANGELOG.md has no section « ## 1.2.3 - 2026-11-30 »"
    assert found[0][0] == settings.VERSION, "pyproject.toml has another version than the last dated section"
    assert [date for _, date in found] == sorted((date for _, date in found), reverse=True)
