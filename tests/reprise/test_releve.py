"""The old wiki, read from its address."""

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from fiches.podcast.models import Episode
from projets.models import Annexe, Projet
from reprise.formulaires import declared
from reprise.models import Anomalie, Origine, Reprise
from reprise.releve import IN_A_ROW, MARQUE, gather, root_of, site_of
from reprise.reseau import Coupure, RefusDuSite, Reseau
from reprise.sources import open_source, read_pieces
from socle.annuaire.models import Entree
from tests.reprise.yeswiki import ecriture
from tests.reprise.yeswiki.serveur import answering, saying
from tests.reprise.yeswiki.site import NUMEROS, fabriquer

NOMBRES = {"projet": 3, "terme": 2, "ressource": 1, "episode": 1, "evenement": 1, "inscription": 2}
SITE = fabriquer(NOMBRES)
REPONSES = ecriture.reponses(SITE)
FICHIERS = [path for path in REPONSES if path.startswith("files/")]
FORMS, LISTS = "?api/forms", "?PagePrincipale/json&demand=lists"
FICHES = [f"?api/forms/{NUMEROS[cle]}/entries" for cle in NOMBRES]
PAGE = (200, {"Content-Type": "text/html; charset=UTF-8"}, b"<!doctype html><title>YesWiki</title>")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(Reseau, "dormir", staticmethod(lambda seconds: None))
    settings.BASE_DIR = tmp_path / "projet"
    settings.MEDIA_ROOT = tmp_path / "medias"


@pytest.fixture
def wiki():
    """The made-up wiki; `wiki.autres[path] = answer(how often it was asked)` replaces an answer."""

    def answer(path, tries):
        if path in server.autres:
            said = server.autres[path]
            said = said(tries) if callable(said) else said
            if said is not True:
                return said
        return saying(REPONSES)(path, tries)

    with answering(answer) as server:
        server.autres = {}
        yield server


@pytest.fixture
def read(tmp_path):

    def run(address, folder=tmp_path / "releve", *, local=True, **options):
        root = root_of(address)
        with Reseau(root, agent="essai", local=local) as reseau:
            return gather(root, folder, reseau, **options)

    return run


def take_over(address, *options, **changes):
    out = io.StringIO()
    call_command(
        "importer_yeswiki", address, "--autoriser-reseau-local", *options, **({"stdout": out, "stderr": out} | changes)
    )
    return out.getvalue()


def kept(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


# What is read


@pytest.mark.long
def test_the_address_gives_the_records_of_the_folder(wiki, read, tmp_path):
    releve = read(wiki.root)
    folder = ecriture.ecrire_json(SITE, tmp_path / "json")

    def said(lecture):
        return sorted((f.identifiant, f.type, f.titre, f.creee_le, sorted(f.champs)) for f in lecture.fiches)

    def values(lecture):
        return {f.identifiant: {nom: champ.texte for nom, champ in f.champs.items()} for f in lecture.fiches}

    ours, theirs = (read_pieces(pieces, declared()) for pieces in (releve.pieces, open_source(folder)))
    assert said(ours) == said(theirs)
    assert values(ours) == values(theirs)
    assert ours.lignes["valeurs"] == theirs.lignes["valeurs"]
    assert len(ours.fiches) == len(SITE.fiches)
    assert releve.notes == []
    assert {path.name for path in releve.fichiers.iterdir()} == {path.removeprefix("files/") for path in FICHIERS}


@pytest.mark.django_db
@pytest.mark.usefixtures("places")
def test_one_command_takes_the_whole_wiki_over(wiki):
    said = take_over(wiki.root)
    assert Projet.objects.count() == NOMBRES["projet"]
    assert all(annexe.fichier for annexe in Annexe.objects.all())
    fichier = Episode.objects.get().fichier
    assert fichier.read().startswith(b"ID3")
    assert fichier.name.rpartition("/")[2].startswith("Document_episode_0")
    assert not Anomalie.objects.open().filter(type="fichier_manquant").exists()
    assert set(Origine.objects.values_list("site", flat=True)) == {f"127.0.0.1_{wiki.server_port}"}
    assert re.search(r"\d fichiers? joints? depuis", said)
    asked = len(wiki.asked)
    again = take_over(wiki.root)
    assert "--reprendre-a-zero" in again
    assert len(wiki.asked) == asked
    assert take_over(wiki.root, "--reprendre-a-zero")
    assert len(wiki.asked) == 2 * asked


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.usefixtures("places")
def test_files_may_be_left_or_come_from_elsewhere_and_the_run_keeps_its_command(wiki, tmp_path):
    take_over(f"{wiki.root}?PagePrincipale", "--sans-fichiers", "--dossier", str(tmp_path / "relevé"))
    said = f"importer_yeswiki {wiki.root}?PagePrincipale --sans-fichiers --autoriser-reseau-local"
    assert Reprise.objects.get().commande == said
    (tmp_path / "files").mkdir()
    take_over(wiki.root, "--fichiers", str(tmp_path / "files"))
    assert not set(FICHIERS) & set(wiki.asked)
    assert Projet.objects.count() == NOMBRES["projet"]


@pytest.mark.parametrize(
    ("given", "root", "folder"),
    [
        ("https://wiki.exemple.bzh/?PagePrincipale", "https://wiki.exemple.bzh/", "wiki.exemple.bzh"),
        ("HTTPS://Wiki.Exemple.bzh/wakka.php?wiki=A#haut", "https://wiki.exemple.bzh/", "wiki.exemple.bzh"),
        ("https://exemple.bzh/wiki/PagePrincipale", "https://exemple.bzh/wiki/", "exemple.bzh_wiki"),
        ("http://exemple.bzh:8080/w/?api/forms", "http://exemple.bzh:8080/w/", "exemple.bzh_8080_w"),
        ("http://[::1]/", "http://[::1]/", "__1"),
        ("http://..%2f..%2fetc/", "http://..%2f..%2fetc/", "_2f.._2fetc"),
        ("http://../", "http://../", "site"),
        (f"http://exemple.bzh/{'a' * 900}/", f"http://exemple.bzh/{'a' * 900}/", "exemple.bzh_" + "a" * 138),
    ],
)
def test_the_address_of_any_page_is_that_of_its_wiki_which_has_a_folder_of_its_own(given, root, folder):
    assert (str(root_of(given)), site_of(root_of(given))) == (root, folder)


def test_a_wiki_in_another_folder_of_its_host_is_asked_there_from_then_on(read):
    def moved(path, tries):
        if not path.startswith("wiki/"):
            return 301, {"Location": f"/wiki/{path}"}, b""
        return saying(REPONSES)(path.removeprefix("wiki/"), tries)

    with answering(moved) as server:
        read(server.root)
        assert [path for path in server.asked if not path.startswith("wiki/")] == [FORMS]


def test_a_wiki_of_before_the_api_is_read_by_its_older_addresses(wiki, read):
    entries = {f.identifiant: ecriture.entree(SITE, f, courriels=False) for f in SITE.fiches}
    forms = list(json.loads(REPONSES[FORMS]).values())
    wiki.autres = {path: PAGE for path in REPONSES if path.startswith("?api")}
    wiki.autres["?PagePrincipale/json&demand=forms"] = (200, {}, json.dumps(forms).encode())
    wiki.autres["?PagePrincipale/json&demand=entries"] = (200, {}, json.dumps(entries).encode())
    assert len(read_pieces(read(wiki.root).pieces, declared()).fiches) == len(SITE.fiches)


# What is no wiki


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (PAGE, "une page au lieu de données"),
        ((403, {}, b""), r"un refus \(403\)"),
        ((200, {}, b'{"error": "non"}'), "des données d’autre chose"),
        ((200, {"Content-Type": "application/json"}, b"Acces refuse"), "une page au lieu de données"),
    ],
)
def test_a_site_that_is_no_wiki_is_told_what_to_do(read, tmp_path, said, why):
    with (
        answering(lambda path, tries: said) as server,
        pytest.raises(RefusDuSite, match=f"ne répond pas comme un YesWiki.*{why}.*demandez ses exports"),
    ):
        read(server.root)
    assert kept(tmp_path / "releve") == [MARQUE]


# A cut, then the rest


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "why"),
    [
        ((200, {}, b'{"TermeUn": {"bf_titre": "Ter'), "il s’arrête avant sa fin"),
        (PAGE, "une page au lieu de données"),
        (None, "ne répond pas"),
        ((503, {"Retry-After": "7200"}, b""), "attendre 120 minutes"),
    ],
)
@pytest.mark.usefixtures("places")
def test_a_cut_in_the_middle_writes_nothing_and_the_next_run_goes_on(wiki, settings, said, why):
    broken = FICHES[2]
    wiki.autres[broken] = said
    with pytest.raises(CommandError, match=f"(?s){why}.*relancez la même commande"):
        take_over(wiki.root)
    assert not Entree.objects.exists()
    folder = settings.BASE_DIR / "var" / "reprises" / f"127.0.0.1_{wiki.server_port}"
    assert f"fiches-{broken.split('/')[2]}.json" not in kept(folder)
    before = [path for path in wiki.asked if path != broken]
    wiki.autres, wiki.asked[:] = {}, []
    take_over(wiki.root)
    assert not set(before) & set(wiki.asked)
    assert sorted([*before, *wiki.asked]) == sorted([FORMS, LISTS, *FICHES, *FICHIERS])
    assert Projet.objects.count() == NOMBRES["projet"]


def test_a_file_cut_in_the_middle_is_asked_again_and_no_other(wiki, read, tmp_path):
    cut = FICHIERS[1]
    wiki.autres[cut] = (200, {"Content-Length": "99999"}, b"%PDF-1.4 debut")
    with pytest.raises(Coupure):
        read(wiki.root)
    assert kept(tmp_path / "releve" / "fichiers") == [FICHIERS[0].removeprefix("files/")]
    wiki.autres, wiki.asked[:] = {}, []
    read(wiki.root)
    assert wiki.asked == FICHIERS[1:]


def test_a_form_that_is_kept_from_us_is_told_and_the_rest_read(wiki, read):
    wiki.autres[FICHES[1]] = (403, {}, b"")
    wiki.autres[LISTS] = (404, {}, b"")
    releve = read(wiki.root)
    assert len(releve.pieces) == len(FICHES)  # forms, and all records but those
    assert any("les fiches n’ont pas été données : un refus (403)" in note for note in releve.notes)
    assert any("Les listes n’ont pas été données" in note for note in releve.notes)


# Files


def test_a_missing_file_is_looked_for_at_its_other_address_then_told(wiki, read):
    for path in FICHIERS[:2]:
        wiki.autres[path] = (404, {}, b"")
    first, second = (path.removeprefix("files/") for path in FICHIERS[:2])
    owner = next(f for f in SITE.fiches if first.startswith(f"{f.identifiant}_"))
    field = next(cle for cle in owner.fichiers if owner.stocke(cle) == first)
    wiki.autres[f"?{owner.identifiant}_{field}/download&file={first}"] = (200, {}, b"%PDF-1.4 le bon")
    releve = read(wiki.root)
    assert (releve.fichiers / first).read_bytes() == b"%PDF-1.4 le bon"
    assert not (releve.fichiers / second).exists()
    (note,) = releve.notes
    assert first not in note
    assert f"{second} (une erreur (404))" in note


def test_a_site_that_gives_no_file_any_more_is_left_alone(wiki, read):
    wiki.autres = {path: (500, {}, b"") for path in FICHIERS}
    with pytest.raises(Coupure, match="ne donne plus ses fichiers"):
        read(wiki.root)
    assert len({path for path in wiki.asked if path.startswith("files/")}) == IN_A_ROW


def naming(wiki, nom):
    """Names the first file of the wiki's records."""
    entries = json.loads(REPONSES[FICHES[0]])
    page = next(iter(entries))
    cle = next(cle for cle in entries[page] if cle.startswith("fichier"))
    entries[page][cle] = nom
    wiki.autres[FICHES[0]] = (200, {}, json.dumps(entries).encode())


@pytest.mark.parametrize(
    "nom", ["../../../etc/passwd", ".htaccess", "a\\b.pdf", "a\u202e.pdf", "é" * 200, "https://exemple.bzh/x"]
)
def test_a_name_that_is_none_is_never_asked_for(wiki, read, nom, tmp_path):
    naming(wiki, nom)
    releve = read(wiki.root)
    assert any("n’est pas le nom d’un fichier" in note for note in releve.notes)
    assert all(
        path.is_relative_to(releve.fichiers) for path in tmp_path.rglob("*.*") if path.suffix in (".pdf_", ".mp3")
    )
    assert {path for path in wiki.asked if path.startswith("files/")} <= set(FICHIERS)


def test_a_name_with_accents_and_a_full_address_are_asked_as_they_should(wiki, read):
    naming(wiki, "https://ancien.exemple.bzh/files/Été 2021 & suite.pdf")
    wiki.autres["files/Été 2021 & suite.pdf"] = (200, {}, b"%PDF-1.4")
    assert (read(wiki.root).fichiers / "Été 2021 & suite.pdf").read_bytes() == b"%PDF-1.4"


# The folder


def test_a_folder_of_something_else_is_left_alone(wiki, read, tmp_path):
    folder = tmp_path / "documents"
    (folder / "fichiers").mkdir(parents=True)
    (folder / "fichiers" / "a-moi.txt").write_text("à moi")
    with pytest.raises(RefusDuSite, match="donnez un dossier vide"):
        read(wiki.root, folder, recommencer=True)
    assert kept(folder) == ["a-moi.txt"]
    with pytest.raises(RefusDuSite, match="donnez un dossier vide"):
        read(wiki.root, folder / "fichiers" / "a-moi.txt")
    assert wiki.asked == []


def test_one_folder_is_for_one_wiki(wiki, read):
    read(wiki.root)
    with answering(lambda path, tries: None) as other, pytest.raises(RefusDuSite, match="contient le relevé de"):
        read(other.root)
    assert other.asked == []


def test_nobody_else_may_read_the_folder(wiki, read, tmp_path):
    read(wiki.root)
    assert (tmp_path / "releve").stat().st_mode & 0o777 == 0o700


# The command


@pytest.mark.django_db
@pytest.mark.usefixtures("places")
def test_this_machine_is_asked_only_if_the_operator_says_so(wiki):
    with pytest.raises(CommandError, match="ajoutez --autoriser-reseau-local"):
        call_command("importer_yeswiki", wiki.root)
    assert wiki.asked == []
