"""/media/: who gets which file, which part of it, under which headers."""

import os
import tracemalloc
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.utils.http import http_date
from hypothesis import given
from hypothesis import strategies as st

from fiches.attached import FichierJoint
from fiches.ressources.models import Ressource
from fiches.suivi import corbeille
from projets.models import Annexe
from socle.annuaire.models import Statut
from socle.comptes.roles import ANIMATION, REDACTION
from socle.medias import fichiers as medias
from socle.medias.fichiers import Part, Unsatisfiable, parse_range, poids
from tests.conftest import TYPES
from tests.factories import ProjetFactory, UtilisateurFactory, factory_of, member
from tests.factories.ressources import RessourceFactory
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 4
WITH_A_FILE = [one for one in TYPES.values() if hasattr(one.model, "fichier")]


@pytest.fixture
def dossier(settings, tmp_path):
    """Files on a disk, as in production."""
    settings.DEBUG = False
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "socle.medias.disque.MediasSurDisque"}}
    return settings.MEDIA_ROOT


def file(name="voix.mp3", content=CONTENT):
    return ContentFile(content, name=name)


def get(client, url, **headers):
    """The answer, read to its end as a browser does; its bytes are `response.body`."""
    response = client.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


# Ranges, as a function


def plain(header, size):
    """The range that `bytes=…` asks for, written the long way: the positions that a slice keeps."""
    first, _, last = header.removeprefix("bytes=").partition("-")
    positions = range(size)
    if not first:
        return list(positions[-int(last) :]) if int(last) else []
    return [n for n in positions if n >= int(first) and (not last or n <= int(last))]


@given(
    first=st.integers(0, 60), last=st.integers(0, 60), size=st.integers(1, 40), form=st.sampled_from(["ab", "a-", "-b"])
)
def test_a_range_is_the_slice_it_names(first, last, size, form):
    header = {"ab": f"bytes={first}-{last}", "a-": f"bytes={first}-", "-b": f"bytes=-{last}"}[form]
    wanted = plain(header, size)
    if form == "ab" and last < first:
        assert parse_range(header, size) is None
    elif not wanted:
        with pytest.raises(Unsatisfiable):
            parse_range(header, size)
    else:
        start, stop = parse_range(header, size)
        assert list(range(start, stop)) == wanted


@given(header=st.text(max_size=40), size=st.integers(0, 50))
def test_no_header_breaks_the_reader_of_ranges(header, size):
    for text in (header, f"bytes={header}"):
        try:
            part = parse_range(text, size)
        except Unsatisfiable:
            continue
        assert part is None or 0 <= part[0] < part[1] <= size


@pytest.mark.parametrize(
    "header", ["", "bytes=-", "bytes=1-2,4-5", "bytes=+1-2", "bytes=١-٣", "byteſ=0-1", f"bytes={'9' * 5000}-"]
)
def test_a_malformed_or_multiple_range_asks_for_the_whole_file(header):
    assert parse_range(header, 10) is None


@pytest.mark.long
def test_a_part_is_read_in_blocks_and_in_constant_memory(tmp_path):
    path = tmp_path / "long.wav"
    with path.open("wb") as large:
        large.truncate(300 * 1024 * 1024)
    tracemalloc.start()
    part = Part(path.open("rb"), 5, 200 * 1024 * 1024)
    read = sum(len(block) for block in part)
    part.close()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read == 200 * 1024 * 1024 - 5
    assert peak < 1024 * 1024


# Ranges, at the address


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=1000-", slice(1000, None)),
        ("bytes=-24", slice(-24, None)),
        ("bytes=1020-99999999999999999999", slice(1020, None)),
        ("BYTES=3-4", slice(3, 5)),
    ],
)
def test_a_satisfiable_range_is_answered_206_with_exactly_its_bytes(client, dossier, asked, wanted):
    response = get(client, RessourceFactory(fichier=file()).fichier.url, range=asked)
    expected = CONTENT[wanted]
    start = range(len(CONTENT))[wanted].start
    assert response.status_code == 206
    assert response.body == expected
    assert response["Content-Length"] == str(len(expected))
    assert response["Content-Range"] == f"bytes {start}-{start + len(expected) - 1}/{len(CONTENT)}"
    assert response["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_beyond_the_file_is_answered_416_with_its_size(client, dossier, asked):
    response = get(client, RessourceFactory(fichier=file()).fichier.url, range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(CONTENT)}"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.content == b""


def test_head_says_what_get_would_and_sends_nothing(client, dossier):
    url = RessourceFactory(fichier=file()).fichier.url
    head, whole = client.head(url, headers={"range": "bytes=0-1"}), get(client, url)
    assert head.status_code == 200
    assert head.content == b""
    names = ("Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges", "Cache-Control")
    assert [head[name] for name in names] == [whole[name] for name in names]
    assert whole.body == CONTENT


def test_a_known_file_is_answered_304(client, dossier):
    url = RessourceFactory(fichier=file()).fichier.url
    first = client.head(url)
    for headers in (
        {"if_none_match": first["ETag"]},
        {"if_none_match": f'"autre", {first["ETag"]}'},
        {"if_modified_since": first["Last-Modified"]},
        {"if_none_match": first["ETag"], "range": "bytes=0-1"},
    ):
        response = get(client, url, **headers)
        assert response.status_code == 304
        assert response["ETag"] == first["ETag"]
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert get(client, url, if_none_match='"autre"').status_code == 200
    assert get(client, url, if_match='"autre"').status_code == 412


# Who gets what


def test_if_range_serves_the_part_only_of_the_file_that_the_reader_has(client, dossier):
    fiche = RessourceFactory(fichier=file())
    os.utime(fiche.fichier.path, (1_700_000_000, 1_700_000_000))
    url = fiche.fichier.url
    first = client.head(url)
    statuses = {
        condition: get(client, url, range="bytes=0-1", if_range=condition).status_code
        for condition in (
            first["ETag"],
            first["Last-Modified"],
            f"W/{first['ETag']}",
            '"autre"',
            http_date(1_600_000_000),
            http_date(1_800_000_000),
            "demain",
        )
    }
    assert list(statuses.values()) == [206, 206, 200, 200, 200, 200, 200]


@pytest.mark.parametrize("declaration", WITH_A_FILE, ids=lambda one: one.cle)
@pytest.mark.parametrize("statut", Statut)
def test_only_files_of_published_records_are_public(client, dossier, declaration, statut):
    fiche = factory_of(declaration.model)(fichier=file(), statut=statut)
    response = get(client, fiche.fichier.url)
    assert response.status_code == (200 if statut == Statut.PUBLIEE else 404)


def test_a_public_file_costs_the_session_nothing(client, dossier, django_assert_max_num_queries):
    url = RessourceFactory(fichier=file()).fichier.url
    with django_assert_max_num_queries(3):  # one for each declared field, until one holds the file
        response = get(client, url)
    assert response["Cache-Control"] == "public, no-cache"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_annexes_are_for_editors_who_may_see_them(client, dossier):
    annexe = Annexe.objects.create(projet=ProjetFactory(), fichier=file("chorus.pdf", b"%PDF-1.7 secret"))
    url = annexe.fichier.url
    allowed = UtilisateurFactory()
    allowed.user_permissions.add(Permission.objects.get(codename="view_annexe"))
    outsider = UtilisateurFactory(is_staff=False)
    outsider.user_permissions.add(Permission.objects.get(codename="view_annexe"))
    assert get(client, url).status_code == 404
    for user, status in (
        (UtilisateurFactory(), 404),
        (outsider, 404),
        (allowed, 200),
        (UtilisateurFactory(is_superuser=True), 200),
        (UtilisateurFactory(is_superuser=True, is_active=False), 404),
    ):
        client.force_login(user)
        response = get(client, url)
        assert response.status_code == status, user
        if status == 200:
            assert response["Cache-Control"] == "private, no-store"
            assert response.body == b"%PDF-1.7 secret"
    client.logout()
    assert get(client, url).status_code == 404


def test_an_editor_reads_the_file_of_a_draft_that_they_may_see(client, dossier):
    url = RessourceFactory(draft=True, fichier=file()).fichier.url
    editor = UtilisateurFactory()
    client.force_login(editor)
    assert get(client, url).status_code == 404
    editor.user_permissions.add(Permission.objects.get(codename="change_ressource"))
    client.force_login(editor)  # new rights end the session
    assert get(client, url).status_code == 200


def test_a_file_of_the_bin_is_for_who_may_delete(client, dossier):
    held, projet = RessourceFactory(fichier=file("guide.pdf")), ProjetFactory()
    joint = FichierJoint.objects.create(entree=held.entree, fichier=file("joint.pdf"))
    annexe = Annexe.objects.create(projet=projet, fichier=file("chorus.pdf"))
    for fiche in (held, projet):
        corbeille.throw_away(fiche)
    for role, status in ((REDACTION, 404), (ANIMATION, 200)):
        client.force_login(member(role))
        assert {get(client, row.fichier.url).status_code for row in (held, joint, annexe)} == {status}


@pytest.mark.parametrize("staff", [False, True])
def test_a_file_that_no_record_holds_is_nobodys(client, dossier, staff):
    (dossier / "ressources").mkdir(parents=True)
    (dossier / "ressources" / "oublie.mp3").write_bytes(CONTENT)
    if staff:
        client.force_login(UtilisateurFactory(is_superuser=True))
    assert client.get("/media/ressources/oublie.mp3").status_code == 404


def test_a_replaced_file_is_no_longer_public(client, dossier):
    fiche = RessourceFactory(fichier=file("premier.mp3"))
    before = fiche.fichier.url
    fiche.fichier = file("second.mp3")
    fiche.save()
    assert get(client, before).status_code == 404
    assert get(client, fiche.fichier.url).status_code == 200


# Paths


HOSTILE = [
    "../secret.txt",
    "ressources/../../secret.txt",
    "ressources/./voix.mp3",
    "ressources//voix.mp3",
    "/etc/passwd",
    "//etc/passwd",
    "..\\secret.txt",
    "ressources\\voix.mp3",
    "ressources/voix.mp3\0",
    "ressources/voix.mp3\0.png",
    "ressources/vo\nix.mp3",
    "ressources",
    "ressources/",
    "p" * 5000,
    "\udcff.mp3",
]


@mostly_long("nom", HOSTILE, one_in=4)
@pytest.mark.parametrize("held", [False, True])
def test_no_path_leads_out_even_if_a_record_names_it(rf, dossier, nom, held):
    RessourceFactory(fichier=file())
    (dossier.parent / "secret.txt").write_text("secret")
    if held and "\0" not in nom and nom.isprintable() and len(nom) < 200:
        fiche = RessourceFactory()
        Ressource.objects.filter(pk=fiche.pk).update(fichier=nom)
    request = rf.get("/media/x")
    request.user = UtilisateurFactory(is_superuser=True)
    with pytest.raises(medias.Http404):
        medias.serve(request, nom)


@pytest.mark.parametrize("nom", ["..%2fsecret.txt", "%2e%2e/secret.txt", "ressources/..%2f..%2fsecret.txt", "a%00b"])
def test_encoded_paths_are_no_way_out(client, dossier, nom):
    dossier.mkdir(parents=True)
    (dossier.parent / "secret.txt").write_text("secret")
    assert client.get(f"/media/{nom}").status_code == 404


def test_a_file_gone_from_the_disk_is_404_and_links_out_of_the_folder_are_not_followed(client, dossier, tmp_path):
    (tmp_path / "secret.mp3").write_bytes(b"secret")
    fiche = RessourceFactory(fichier=file())
    Path(fiche.fichier.path).unlink()
    assert get(client, fiche.fichier.url).status_code == 404, "gone from the disk"
    Path(fiche.fichier.path).symlink_to(tmp_path / "secret.mp3")
    assert get(client, fiche.fichier.url).status_code == 404
    Path(fiche.fichier.path).unlink()
    Path(fiche.fichier.path).symlink_to(fiche.fichier.path)  # a link to itself
    assert get(client, fiche.fichier.url).status_code == 404


# Headers


@pytest.mark.parametrize(
    ("nom", "mime", "disposition"),
    [
        ("voix.mp3", "audio/mpeg", "inline"),
        ("affiche.png", "image/png", "inline"),
        ("guide.pdf", "application/pdf", "attachment"),
        ("dessin.svg", "application/octet-stream", "attachment"),
        ("page.html", "application/octet-stream", "attachment"),
        ("sans-extension", "application/octet-stream", "attachment"),
        ("double.mp3.html", "application/octet-stream", "attachment"),
    ],
)
def test_only_sound_and_pictures_open_in_the_browser(client, dossier, nom, mime, disposition):
    response = get(client, RessourceFactory(fichier=file(nom)).fichier.url)
    assert response["Content-Type"] == mime
    assert response["Content-Disposition"].startswith(disposition)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_file_name_with_accents_is_kept(client, dossier):
    response = get(client, RessourceFactory(fichier=file("Épisode d’été.mp3")).fichier.url)
    assert response["Content-Disposition"] == "inline; filename*=utf-8''%C3%89pisode_d%C3%A9t%C3%A9.mp3"


def test_sizes_read_as_people_say_them():
    said = {
        0: "0 octet",
        999: "999 octets",
        420_300: "420 Ko",
        999_600: "1 Mo",
        1_250_000: "1,2 Mo",
        21_400_000: "21 Mo",
    }
    assert {octets: poids(octets).replace("\xa0", " ") for octets in said} == said
