"""Every page of the editors' desk: in French to the last word, and usable by ear and by keyboard."""

import gettext
import json
import re
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import pytest
import simple_history
from django.contrib import admin
from django.contrib.admin import helpers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fiches.attached import Contact
from fiches.suivi.fusion import merge
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.comptes.roles import ANIMATION
from tests.comptes.test_droits import MODELS, address, record
from tests.conftest import PageLue
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory, member
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db

DJANGO = Path(django.__file__).parent
CATALOGS = [
    *(DJANGO / "contrib" / name for name in ("admin", "auth", "contenttypes")),
    DJANGO / "conf",
    Path(simple_history.__file__).parent,
]
# Words that no French text of the desk holds (« change », « action » and « date » are French too).
ENGLISH = re.compile(
    r"\b(the|and|of|to|is|are|was|with|this|that|your?|please|select|add(?:ed)?|deleted?|view|saved?|log|logout|home|history"
    r"|search|clear|show|hide|all|none|yes|unknown|objects?|password|users?|address|name|filter|revert|back|again|welcome"
    r"|today|now|true|false|errors?|required|fields?|more|items?|row|empty|changed|successfully|by|from|for|could|not|cannot)\b"
)
# French of Django that nobody says.
OBJECT = re.compile(r"\b(l['’]|d['’]|un |cet |les |autres? |plusieurs )objets?\b|^objets$|\b\d+ sur \d+ sélectionné\b")
EDGES = " .:,?!()\"'"
SPOKEN = ("title", "alt", "aria-label", "placeholder", "aria-description")


@pytest.fixture
def anne(client):
    user = UtilisateurFactory(is_superuser=True, first_name="Anne", last_name="Le Goff", username="anne")
    user.set_password("un-mot-de-passe-long")
    user.save()
    client.force_login(user)
    return user


def upload(text):
    return SimpleUploadedFile("fichier.csv", text.encode())


def answer(client, target, data=None):
    response = client.post(target, data, follow=True) if data is not None else client.get(target, follow=True)
    assert response.status_code == 200, target
    return PageLue(response)


@pytest.fixture
def pages(client, anne):
    """Pages of one model, or of the desk itself, by name."""

    def of_model(label):
        model, row = MODELS[label], record(label)
        for name in ("changelist", "add", "change", "history", "delete"):
            target = address(model, name, *([] if name in ("changelist", "add") else [row.pk]))
            response = client.get(target)
            if response.status_code == 200:
                yield name, PageLue(response)
                if name == "add":
                    yield "refused", answer(client, target, {"latitude": "x", "montant_eur": "x", "slug": "é"})
        yield "nothing found", answer(client, address(model, "changelist") + "?q=zzz")

    def of_the_desk():
        fiche = ProjetFactory(titre="Une fiche", statut=Statut.BROUILLON)
        Contact.objects.create(entree=fiche.entree, nom="Loeiza")
        fiche.objectifs = "Autres"
        fiche.save()
        yield "import", answer(client, address(type(fiche), "importer"))
        yield "refused file", answer(client, address(type(fiche), "importer"), {"fichier": upload("nom\n1\n")})
        rows = f"identifiant,titre,objectifs,x\n{fiche.pk},Autre,,x\n999999,a,,\n,Neuve,,\n"
        yield "preview", answer(client, address(type(fiche), "importer"), {"fichier": upload(rows)})
        twin = ProjetFactory(titre="Une fiche", description="Un autre texte")
        pair = f"?gardee={fiche.pk}&perdue={twin.pk}"
        yield "merge", answer(client, address(type(fiche), "fusionner") + pair)
        yield "doubles", answer(client, reverse("admin:doublons"))
        yield "quality", answer(client, reverse("admin:qualite"))
        merge(*(type(fiche).objects.get(pk=one.pk) for one in (fiche, twin)), {})
        yield "merged", answer(client, address(type(fiche), "change", twin.pk))
        ThemeFactory()
        versions = list(fiche.history.all())
        history = address(type(fiche), "history", fiche.pk)
        for name in ("index", "password_change", "password_change_done", "recherche"):
            yield name, answer(client, reverse(f"admin:{name}"))
        yield "found", answer(client, "/admin/recherche/?q=fiche")
        yield "application", answer(client, reverse("admin:app_list", args=["projets"]))
        yield "version", answer(client, f"{history}{versions[-1].pk}/")
        yield "comparison", answer(client, f"{history}comparer/?de={versions[0].pk}&a={versions[1].pk}")
        action = {"action": "add_themes", helpers.ACTION_CHECKBOX_NAME: fiche.pk}
        yield "action", answer(client, address(type(fiche), "changelist"), action)
        yield "state", answer(client, address(type(fiche), "changelist"), action | {"action": "publish"})
        yield "no action", answer(client, address(type(fiche), "changelist"), {"action": ""})
        yield "counts", answer(client, address(type(fiche), "changelist") + "?_facets=True&statut__exact=brouillon")
        yield "account", answer(client, reverse("admin:auth_user_password_change", args=[anne.pk]))
        yield "bad password", answer(client, reverse("admin:password_change"), {"old_password": "x"})
        yield "logged out", answer(client, reverse("admin:logout"), {})
        yield "login", answer(client, reverse("admin:login"))
        yield "bad login", answer(client, reverse("admin:login"), {"username": "anne", "password": "x"})

    return lambda label: of_model(label) if label else of_the_desk()


@mostly_long("label", [None, *MODELS], one_in=11)
def test_every_page_is_french_to_the_last_word_with_one_title_and_a_name_for_every_field(pages, label):
    for name, page in pages(label):
        check_words(name, page)
        check_structure(name, page)


# Words


@cache
def untranslated() -> tuple[frozenset[str], list[str]]:
    """Texts of Django and of simple_history as they are in English: all, and those of several words."""
    english, french = set(), set()
    for folder in CATALOGS:
        for key, text in gettext.translation("django", folder / "locale", ["fr"])._catalog.items():
            key = key[0] if isinstance(key, tuple) else key
            english |= pieces(key.rpartition("\x04")[2])  # without the context that tells two senses apart
            french |= pieces(text)
    texts = english - french - {"total"}  # a word of both
    assert {"log out", "view on site", "save and continue editing"} <= texts
    return frozenset(texts), [text for text in texts if len(text.split()) > 2]


def pieces(text: str) -> set[str]:
    """What stands around the values and tags of a text, in lower case; nothing that has no word."""
    found = re.split(r"%\(\w+\)[sdr]|%[sdr]|\{\w*\}|<[^>]*>", " ".join(text.casefold().split()))
    return {piece for piece in (piece.strip(EDGES) for piece in found) if re.search(r"\w\w", piece)}


def spoken(element, of=""):
    """Each piece of text of a page, and what stands in for one, with where it stands."""
    for child in element.children:
        if isinstance(child, str):
            if of not in ("script", "style"):
                yield of, " ".join(child.split())
            continue
        yield from ((name, child.attributes[name] or "") for name in SPOKEN if name in child.attributes)
        if child.name == "input" and child.attributes.get("type") in ("submit", "button", "reset"):
            yield "value", child.attributes.get("value", "")
        yield from spoken(child, child.name)


def check_words(name, page):
    texts, phrases = untranslated()
    assert page.one("html")["lang"] == "fr"
    for where, text in spoken(page):
        folded = text.casefold().strip(EDGES)
        assert folded not in texts, f"{name}, {where}: {text!r}"
        assert not [piece for piece in phrases if piece in folded], f"{name}, {where}: {text!r}"
        assert not ENGLISH.search(folded.replace("cc by", "")), f"{name}, {where}: {text!r}"
        assert not OBJECT.search(folded), f"{name}, {where}: {text!r}"


def test_the_words_that_scripts_write_are_french(client, anne):
    response = client.get(reverse("admin:jsi18n"))
    catalog = json.loads(re.search(r"const newcatalog = (\{.*?\});", response.content.decode(), re.DOTALL)[1])
    assert catalog["Today"] == "Aujourd'hui"
    told = catalog["%(sel)s of %(cnt)s selected"]
    assert told[:2] == ["%(sel)s ligne sélectionnée sur %(cnt)s", "%(sel)s lignes sélectionnées sur %(cnt)s"]
    english = gettext.translation("djangojs", DJANGO / "contrib" / "admin" / "locale", ["fr"])._catalog
    for key in english:
        text = key[0] if isinstance(key, tuple) else key
        assert not text or text in catalog, text


@mostly_long("label", [label for label, model in MODELS.items() if admin.site._registry[model].inlines], one_in=3)
def test_the_link_that_adds_a_row_says_what_it_adds(client, anne, label):
    page = answer(client, address(MODELS[label], "add"))
    rows = [json.loads(block["data-inline-formset"]) for block in page.all(class_="js-inline-admin-formset")]
    words = {"contacts": "Ajouter une personne", "annexes": "Ajouter une annexe", "questions": "Ajouter une question"}
    assert {one["options"]["addText"] for one in rows} == {words[one["name"].removeprefix("#")] for one in rows}


# Structure


def check_structure(name, page):
    assert len(page.all("h1")) == 1, name
    assert len(page.all("main")) == 1, name
    assert page.all("a")[0]["href"] == "#content-start", name
    assert page.one("main")["id"] == "content-start", name
    ids = Counter(element["id"] for element in page.all() if element.attributes.get("id"))
    assert not [one for one, count in ids.items() if count > 1], name
    for key in ("for", "aria-labelledby", "aria-describedby"):
        targets = [element.attributes[key].split() for element in page.all() if element.attributes.get(key)]
        # Django names a text of help under the digest of a password that it does not print.
        targets = {one for several in targets for one in several} - {"id_password_helptext"}
        assert targets <= set(ids), (name, key)
    for cell in page.all("th"):
        assert cell.text or cell.all("input"), (name, "a column without a name")
    for image in page.all("img"):
        assert "alt" in image.attributes, (name, "an image without words")
    for what in nameless(page):
        raise AssertionError(f"{name}: nothing says what <{what.name}> {what.attributes} is")


def nameless(page):
    """Fields that no label names; halves of a moment in time are named by our script."""
    labelled = {label["for"] for label in page.all("label") if label.attributes.get("for")}
    wrapped = {id(field) for label in page.all("label") for field in label.all()}
    halves = {id(field) for moment in page.all(class_="datetime") for field in moment.all("input")}
    for field in [*page.all("input"), *page.all("select"), *page.all("textarea")]:
        silent = field.attributes.get("type") in ("hidden", "submit", "button", "reset")
        named = field.attributes.get("id") in labelled or id(field) in wrapped | halves
        if not (silent or named or field.attributes.get("aria-label") or "hidden" in field.attributes.get("class", "")):
            yield field


def test_a_row_says_which_sheet_its_box_selects_and_the_column_of_each_cell_where_no_heading_is_shown(client, anne):
    ProjetFactory(titre="Cantine & cie", montant_eur=1200)
    page = answer(client, address(Projet, "changelist"))
    (box,) = page.all("input", class_="action-select")
    assert box["aria-label"] == "Sélectionner la fiche « Cantine & cie »"
    assert page.one("label", **{"for": "searchbar"}).text == "Chercher dans cette liste"
    cells = page.one("table", id="result_list").one("tbody").all("td")
    said = {cell["data-intitule"]: cell.text for cell in cells if "data-intitule" in cell.attributes}
    assert (said["État"], said["Montant"]) == ("publiée", "1 200 €")
    assert len(said) == len(cells) - 1  # the box that selects the row has no heading


def test_what_is_to_mend_is_listed_with_links_to_the_fields(client, anne):
    data = {"titre": "", "statut": "publiee", "montant_eur": "beaucoup"}
    data |= {f"{prefix}-{key}_FORMS": 0 for prefix in ("contacts", "annexes") for key in ("TOTAL", "INITIAL")}
    page = answer(client, address(MODELS["projets.projet"], "add"), data)
    links = {a.text: a["href"] for a in page.one("ul", class_="resume-erreurs").all("a")}
    assert links == {"Titre": "#id_titre", "Montant du financement France Relance (€)": "#id_montant_eur"}
    for target in links.values():
        field = page.one(**{"id": target[1:]})
        assert field["aria-invalid"] == "true"
        assert page.one(id=field["aria-describedby"].split()[-1]).text
    assert page.one("title").text.startswith("Erreur")


def test_the_desk_writes_days_as_the_public_pages_do(client):
    first = datetime(2026, 12, 1, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
    fiche = ProjetFactory()
    Projet.objects.filter(pk=fiche.pk).update(cree_le=first, modifiee_le=first)
    client.force_login(member(ANIMATION))
    for where in ("/admin/projets/projet/", f"/admin/projets/projet/{fiche.pk}/change/"):
        page = PageLue(client.get(where)).one("main").text
        assert "1er décembre 2026 à 09:30" in page, where
        assert not re.search(r"\b1 décembre", page), where
