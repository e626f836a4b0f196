"""The public site, crawled for what it must not print: every personal field, and names written in public texts.

Persons are invented. A text is compared as people read it: without capitals, accents, hyphens and line ends.
"""

import re
from html import unescape
from io import BytesIO
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import pytest
from django.db import models
from django.urls import reverse
from django.utils import timezone

from fiches import registre
from fiches.attached import Contact, FichierInterne
from participants.alertes.models import Alerte
from participants.contacter.models import AvisDuMois, Message, ReponseAMessage, Signalement
from participants.contributions.models import Contribution, Credit, Echange, FicheEnCours, FichierPropose
from participants.explorations.models import Exploration
from participants.inscriptions.models import BesoinAcces, Inscription, Reponse
from socle.annuaire.models import Entree, Statut
from socle.comptes.models import Utilisateur
from socle.courrier.models import Courriel
from socle.francais.texte import fold
from socle.francais.wording import entier
from socle.vie_privee.conservation import traitements
from socle.vie_privee.public_text import beyond_masks
from tests import above
from tests.sampling import mostly_long, sample

pytestmark = pytest.mark.django_db

LINK = re.compile(r'(?:href|src|action|content)="(/[^"]*|http://127\.0\.0\.1:8000/[^"]*)"')
FILES = (".css", ".js", ".svg", ".png", ".ico", ".mp3", ".woff2")
PAGES = 1500

# What no page prints, by where it is kept; what contacts do is said where one writes to them. Names of the staff are no
# more public than those of registrants.
PERSONAL = {
    Contact: ("nom", "fonction", "courriel", "telephone"),
    FichierInterne: ("nom", "raison", "de", "nom_origine"),
    Inscription: (
        *("prenom", "nom", "organisation", "courriel", "commentaire", "plie", "cle"),
        *("motif_surnombre", "doute"),
    ),
    BesoinAcces: ("texte",),
    Reponse: ("libelle", "texte"),
    Exploration: (
        "nom",
        "fonctions",
        "structure",
        "provenance",
        "sujets",
        "expertises",
        "commentaire",
        "courriel",
        "doute",
    ),
    Message: ("nom", "courriel", "texte", "doute"),
    ReponseAMessage: ("texte",),
    Signalement: ("courriel", "texte", "doute", "reponse", "partie"),
    Contribution: ("nom", "courriel", "credit", "source", "valeurs", "doute"),
    Echange: ("texte",),
    FichierPropose: ("nom",),
    FicheEnCours: ("saisie", "courriel"),
    Credit: ("courriel",),  # their name stands beside the record, as they asked
    Alerte: ("courriel", "criteres", "mots"),
    Courriel: ("destinataire", "repondre_a", "desabonnement", "objet", "texte", "html", "erreur"),
    Utilisateur: ("username", "first_name", "last_name", "email"),
} | above.PERSONAL
# Kept of persons and not planted: digests, keys, journals and uploads of the desk, and the words that pages leave out.
APART = {"courrier.Lien", "courrier.PieceJointe", "suivi.ImportEnAttente", "admin.LogEntry", "sessions.Session"}
APART |= {"axes.AccessAttempt", "vie_privee.Demande"}
APART |= {"vie_privee.TexteIntegral", "comptes.PreferenceDeCourriel"}
PARENTS = {BesoinAcces: Inscription, Reponse: Inscription, ReponseAMessage: Message, Echange: Contribution}
PARENTS |= {FichierPropose: Contribution, Credit: Contribution}
VOTES = 48173  # for a page; no page tells how many


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(text))


def folded(text: str) -> str:
    return f" {' '.join(words_of(text))} "


def fetch(client, address) -> str:
    response = client.get(address)
    assert response.status_code < 500, address
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):  # a spreadsheet: what is packed in it
        with ZipFile(BytesIO(body)) as packed:
            body = b"\n".join(map(packed.read, packed.namelist()))
    headers = " ".join(f"{name}: {value}" for name, value in response.items())
    return f"{unquote(unescape(body.decode(errors='replace')))}\n{unquote(headers)}"


def crawl(client) -> dict[str, str]:
    """{address: all that the server answered} of the public site: from the home page on, and what no page links to."""
    todo = ["/", "/rien-ici/", "/admin/", "/inscriptions/", "/inscriptions.csv", "/explorations/", "/explorations.csv"]
    todo += ["/robots.txt", "/sitemap.xml", "/recherche/", "/agenda/1/", "/p/999999"]
    for declaration in registre.types():
        base = reverse(declaration.url_name)
        csv = reverse(f"{declaration.espace}:csv")
        todo += [f"{base}?q=zzz", f"{base}?page=99", f"{base}?theme=rien", f"{base}rien/", f"{csv}?theme=rien", csv]
        todo += [f"{csv}?excel=1", base]
    todo += [f"/p/{pk}" for pk in Entree.objects.values_list("pk", flat=True)]
    seen = {}
    while todo and len(seen) < PAGES:
        address = todo.pop(0)
        path = urlsplit(address).path
        if address in seen or path.endswith(FILES) or (path.startswith("/admin/") and path != "/admin/"):
            continue
        seen[address] = fetch(client, address)
        if "?" in address:
            continue  # what a narrowed list leads to is narrowed further without end
        todo += [unescape(link).removeprefix("http://127.0.0.1:8000") for link in LINK.findall(seen[address])]
    assert len(seen) < PAGES
    return seen


def leaks(pages: dict[str, str], canaries: dict[str, str]) -> list[tuple[str, str]]:
    """[(where a canary is kept, where it was printed)]."""
    found = []
    for address, content in pages.items():
        text = folded(content)
        found += [(where, address) for where, canary in canaries.items() if folded(canary) in text]
    return found


def public_record(declaration, text="Un texte public", **values):
    """A published record of a type, every free text of which is `text`."""
    model = declaration.model
    for field in model._meta.concrete_fields:
        free = isinstance(field, models.CharField | models.TextField) and field.editable and not field.choices
        if not free or isinstance(field, models.SlugField) or field.name in values:
            continue
        if isinstance(field, models.URLField):
            values[field.name] = f"https://exemple.bzh/{'-'.join(words_of(text))}"[: field.max_length]
        elif field.max_length is None or field.max_length >= len(text):
            values[field.name] = text
    fiche = model(statut=Statut.PUBLIEE, **values)
    fiche.save()
    return fiche


@pytest.fixture
def canaries() -> dict[str, str]:
    """One record of each type with persons around it, a canary in each of their fields: {where it is kept: canary}."""
    kept = {}
    for number, declaration in enumerate(registre.types()):
        fiche = public_record(declaration, titre=f"Fiche publique {number}")
        AvisDuMois.objects.create(entree=fiche.entree, mois=timezone.localdate().replace(day=1), oui=VOTES, non=VOTES)
        for model in PERSONAL:
            row = model()
            for field in PERSONAL[model]:
                where = f"{model.__name__}.{field} {number}"
                letters = chr(97 + number) + chr(97 + len(kept) // 26 % 26) + chr(97 + len(kept) % 26)
                mail = field in ("courriel", "email", "destinataire", "repondre_a")
                kept[where] = f"zkan{letters}@exemple.bzh" if mail else f"Zkan{letters} Zker{letters}"
                packed = {"valeurs": {"titre": {"vu": "", "propose": kept[where]}}, "saisie": {"nom": [kept[where]]}}
                setattr(row, field, packed.get(field, kept[where]))
            names = {field.name for field in model._meta.concrete_fields}
            if "entree" in names:
                row.entree = fiche.entree
            if model in (Contribution, Alerte, FicheEnCours):
                row.type, row.etat = declaration.cle, "active" if model is Alerte else "recue"
            if model is Credit:
                row.nom = "Une collègue"
            if model is FichierPropose:
                row.poids = 1
            if model is Courriel:
                row.message_id = f"<{number}@exemple.bzh>"
            if model in PARENTS:
                setattr(row, PARENTS[model]._meta.model_name, PARENTS[model].objects.latest("pk"))
            if "empreinte" in names:
                parent = model._meta.get_field("participant").related_model
                row.participant, row.empreinte = parent.objects.latest("pk"), f"{model} {number}"
            row.save()
    return kept | {"AvisDuMois": str(VOTES), "AvisDuMois, in words": entier(VOTES)}


def test_all_that_is_kept_of_persons_has_its_canary():
    declared = [one for one in traitements() if one.champs]
    labels = {one.modele for one in declared} | {label for one in declared for label, _ in one.avec}
    assert labels - {model._meta.label for model in PERSONAL} == APART


def test_every_text_that_tells_of_a_person_is_among_those_looked_for():
    """A new field of a person has its canary too."""
    about = {"type", "role", "statut", "etat", "source", "empreinte", "password", "plie", "cle", "nature", "rythme"}
    about |= {"courriel_cle", "consentement_texte", "accord_texte"}  # the address folded; versions of texts of ours
    about |= {"periode", "message_id", "suite", "composition"}
    for model, names in PERSONAL.items():
        about_it = about | {"nom"} if model is Credit else about
        texts = {
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField) and field.name not in about_it
        }
        assert texts <= set(names) <= {field.name for field in model._meta.concrete_fields}, model


@pytest.mark.long
def test_the_public_site_prints_nothing_of_a_person(client, canaries):
    pages = crawl(client)
    for declaration in registre.types():  # the crawl went where it should
        assert any(page.startswith(f"/{declaration.adresse}/fiche-publique") for page in pages), declaration.cle
    assert leaks(pages, canaries) == []


def test_a_search_for_a_person_finds_nothing(client, canaries):
    first = {where: canary for where, canary in canaries.items() if where.endswith(" 0")}
    everywhere = [(where, declaration) for where in first for declaration in registre.types()]
    for where, declaration in sample(everywhere, one_in=6):  # each kind of text, in a list of one type at least
        canary = first[where]
        response = client.get(reverse(declaration.url_name), {"q": canary})
        assert response.context["selection"].total == 0, (where, declaration.cle)
        text = folded(response.content.decode())
        assert not [other for other, value in canaries.items() if value != canary and folded(value) in text]
        response = client.get(reverse(f"{declaration.espace}:csv"), {"q": canary})
        assert b"".join(response.streaming_content).count(b"\r\n") == 1, (where, declaration.cle)


@mostly_long("where", ["Contact.fonction 0", "Inscription.commentaire 0", "Exploration.sujets 1"], one_in=3)
def test_the_crawl_finds_what_is_planted_in_a_public_field(client, canaries, where):
    """The test above can fail: these are texts that nothing masks."""
    declaration = registre.types()[-1]
    public_record(declaration, text=canaries[where], titre="Une fiche de trop")
    address = f"{reverse(declaration.url_name)}une-fiche-de-trop/"
    assert {kept for kept, _ in leaks({address: fetch(client, address)}, canaries)} == {where}


def test_no_heading_consists_of_masks(client):
    for declaration in registre.types():
        fiche = public_record(declaration, text="[nom masqué] & [nom masqué]", titre="[nom masqué] / [nom masqué]")
        masque = f"{declaration.nom.capitalize()} dont le titre est masqué"
        fiche.refresh_from_db()
        assert (fiche.titre_affiche, beyond_masks(fiche.lieu_affiche)) == (masque, fiche.lieu_affiche)
        assert "masqué" in fiche.fait
        assert fiche.fait_affiche == ""
        page = client.get(fiche.get_absolute_url()).content.decode()
        for heading in re.findall(r"<(h1|title)\b[^>]*>(.*?)</\1>", page, re.DOTALL):
            assert "masqué]" not in heading[1], declaration.cle
