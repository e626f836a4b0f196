"""Only a whole copy made here is taken for one, and nothing is written outside the given folder."""

import gzip
import io
import json
import os
import random
import stat
import tarfile
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.sauvegardes import archive
from socle.sauvegardes.archive import BASE, FICHIERS, MANIFESTE, CopieImpossible, Manifeste

SAYS = Manifeste("sqlite", "2026-11-02T09:30:00+01:00", True, ["projets.0001_initiale"])
GOOD = (MANIFESTE, json.dumps(vars(SAYS)).encode())

ODD = [
    {"moteur": {}},
    {"moteur": "s" * 1000},
    {"faite_le": "hier"},
    {"faite_le": "2026-11-02T09:30:00"},
    {"faite_le": "0001-01-01T00:00:00+14:00"},
    {"migrations": [1]},
    {"migrations": 1},
    {"format": [1]},
]


@pytest.fixture
def copie(tmp_path):
    base, media = tmp_path / "base-a-copier", tmp_path / "media"
    base.write_bytes(random.Random(1).randbytes(3_000_000))
    (media / "dossier").mkdir(parents=True)
    (media / "dossier" / "été 1.mp3").write_bytes(b"son" * 1000)
    (media / ".avant-2026-11-01-120000").mkdir()
    (media / ".avant-2026-11-01-120000" / "vieux.pdf").write_bytes(b"vieux")
    (media / "lien").symlink_to("/etc/passwd")
    archive.pack(tmp_path / "copie.tar.gz", SAYS, base, media)
    return tmp_path / "copie.tar.gz"


def tar_of(path, *members):
    """A copy that holds these: (name, bytes), or (name, type, target)."""
    with tarfile.open(path, "w:gz") as tar:
        for name, *what in members:
            info = tarfile.TarInfo(name)
            if isinstance(what[0], str):
                info.type, info.linkname = what[0].encode(), what[1]
                tar.addfile(info)
            else:
                info.size = len(what[0])
                tar.addfile(info, io.BytesIO(what[0]))
    return path


def test_a_copy_comes_back_as_it_was(copie, tmp_path):
    assert archive.read_manifest(copie) == SAYS
    archive.unpack(copie, tmp_path / "base", tmp_path / "files")
    assert (tmp_path / "base").read_bytes() == (tmp_path / "base-a-copier").read_bytes()
    files = [path.relative_to(tmp_path / "files") for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert list(map(str, files)) == ["dossier/été 1.mp3"]
    for path in (copie, tmp_path / "base", tmp_path / "files" / files[0]):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_name_of_a_file_keeps_the_others_from_being_copied(tmp_path):
    base, media = tmp_path / "base", tmp_path / "media"
    (media / "annexes").mkdir(parents=True)
    kept = ["annexes/.plan.pdf", "annexes/a\\..\\b", "annexes/été\n2.pdf"]
    for name in (*kept, ".htaccess", ".DS_Store", ".nfs0001"):
        (media / name).write_bytes(b"x")
    base.write_bytes(b"x")
    archive.pack(tmp_path / "copie", SAYS, base, media)
    archive.unpack(tmp_path / "copie", None, tmp_path / "files")
    assert sorted(f"annexes/{path.name}" for path in (tmp_path / "files").rglob("*") if path.is_file()) == sorted(kept)


def test_a_copy_of_any_size_is_whole(tmp_path):
    """Of twenty sizes, one ends a record of the archive with its first void block."""
    base = tmp_path / "base"
    for blocks in range(tarfile.RECORDSIZE // tarfile.BLOCKSIZE + 1):
        base.write_bytes(b"x" * blocks * tarfile.BLOCKSIZE)
        archive.pack(tmp_path / f"copie-{blocks}", SAYS, base, None)
        archive.unpack(tmp_path / f"copie-{blocks}", tmp_path / f"lue-{blocks}")
        assert (tmp_path / f"lue-{blocks}").stat().st_size == base.stat().st_size


def test_nobody_else_may_read_a_copy_that_is_being_written(tmp_path, monkeypatch):
    base, seen, add = tmp_path / "base", [], archive._add
    base.write_bytes(b"x")

    def _add(*args):
        seen.append(stat.S_IMODE((tmp_path / "copie").stat().st_mode))
        add(*args)

    monkeypatch.setattr(archive, "_add", _add)
    archive.pack(tmp_path / "copie", SAYS, base, None)
    assert seen == [0o600, 0o600]


def test_a_copy_cut_anywhere_is_refused(copie, tmp_path):
    whole, cut = copie.read_bytes(), tmp_path / "coupe"
    for size in [0, 1, 20, 300, len(whole) // 2, len(whole) - 9, len(whole) - 8, len(whole) - 1]:
        cut.write_bytes(whole[:size])
        with pytest.raises(CopieImpossible, match="coupé"):
            archive.unpack(cut)


@pytest.mark.long
def test_a_copy_changed_anywhere_is_refused(copie, tmp_path):
    whole, changed = bytearray(copie.read_bytes()), tmp_path / "change"
    for place in random.Random(2).sample(range(10, len(whole)), 40):
        whole[place] ^= 1
        changed.write_bytes(whole)
        with pytest.raises(CopieImpossible, match="coupé"):
            archive.unpack(changed)
        whole[place] ^= 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", gzip.compress(b"bonjour", mtime=0)])
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "copie").write_bytes(content)
    with pytest.raises(CopieImpossible, match="n’est pas une copie"):
        archive.read_manifest(tmp_path / "copie")


def test_what_is_not_there_or_is_a_folder_is_said(tmp_path):
    for path, words in ((tmp_path / "absente", "n’existe pas : vérifiez le chemin"), (tmp_path, "est un dossier")):
        with pytest.raises(CopieImpossible, match=f"{path.name} {words}"):
            archive.read_manifest(path)


@pytest.mark.parametrize(
    "member",
    [
        (f"{FICHIERS}../../dehors", b"x"),
        (f"{FICHIERS}/etc/dehors", b"x"),
        (f"{FICHIERS}a/./b", b"x"),
        (f"{FICHIERS}.avant-2026-11-01-120000/x", b"x"),
        (FICHIERS, b"x"),
        ("../dehors", b"x"),
        ("/tmp/dehors", b"x"),
        ("autre", b"x"),
        (BASE, b"une seconde base"),
        (f"{FICHIERS}lien", "2", "/etc/passwd"),
        (f"{FICHIERS}dur", "1", BASE),
        (f"{FICHIERS}dossier", "5", ""),
        (f"{FICHIERS}tube", "6", ""),
    ],
)
def test_what_leads_elsewhere_or_is_no_plain_file_is_refused(tmp_path, member):
    path = tar_of(tmp_path / "copie", GOOD, (BASE, b"base"), member)
    work = tmp_path / "un" / "deux"
    with pytest.raises(CopieImpossible, match="d’une autre sorte"):
        archive.unpack(path, work / "base", work / "files")
    assert {path.name for path in tmp_path.rglob("*")} <= {"copie", "un", "deux", "base", "files"}


@pytest.mark.parametrize(
    "members",
    [
        [GOOD],
        [(BASE, b"x")],
        [(BASE, b"x"), GOOD],
        [(MANIFESTE, b"{"), (BASE, b"x")],
        [(MANIFESTE, b"[]"), (BASE, b"x")],
        [(MANIFESTE, b'{"format": 1, "autre": 2}'), (BASE, b"x")],
        [(MANIFESTE, b"\xff" * 100), (BASE, b"x")],
        [GOOD, (f"{FICHIERS}a", b"x"), (BASE, b"x")],
        *([(MANIFESTE, json.dumps(vars(SAYS) | says).encode()), (BASE, b"x")] for says in ODD),
    ],
)
def test_what_lacks_a_part_or_has_it_elsewhere_is_refused(tmp_path, members):
    with pytest.raises(CopieImpossible, match="n’est pas une copie"):
        archive.unpack(tar_of(tmp_path / "copie", *members))


def headers(*kinds, size=0) -> bytes:
    """Headers of these kinds, each of a file that claims this size and has no byte."""
    made = [tarfile.TarInfo("a") for _ in kinds]
    for header, kind in zip(made, kinds, strict=True):
        header.type, header.size = kind, size
    return b"".join(header.tobuf(tarfile.USTAR_FORMAT) for header in made)


def pax(**records) -> bytes:
    """A header with these records of the next file."""
    data = tarfile.TarInfo._create_pax_generic_header(records, tarfile.XHDTYPE, "utf-8")
    return data if isinstance(data, bytes) else b"".join(data)


def raw(path, content: bytes, **says):
    """A copy whose tar goes on with this, after a good manifest and base."""
    manifest = (MANIFESTE, json.dumps(vars(SAYS) | says).encode())
    with io.BytesIO() as start:
        with tarfile.open(fileobj=start, mode="w") as tar:
            for name, data in (manifest, (BASE, b"base")):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
            length = tar.offset
        path.write_bytes(gzip.compress(start.getvalue()[:length] + content, 1))
    return path


DEEP = "a/" * 2000 + "b"
END = bytes(2 * tarfile.BLOCKSIZE)
MANY = 3000  # more nested calls than Python allows
HARMFUL = {
    "folders in folders": pax(path=f"{FICHIERS}{DEEP}") + headers(tarfile.REGTYPE) + END,
    "a long name": pax(path=f"{FICHIERS}{'a' * 300}") + headers(tarfile.REGTYPE) + END,
    "names before names": headers(tarfile.GNUTYPE_LONGNAME) * MANY,
    "full headers before headers": pax(path=f"{FICHIERS}a") * MANY + headers(tarfile.REGTYPE) + END,
    "a header of a gigabyte": headers(tarfile.XHDTYPE, size=1 << 30) + END,
    "a name of a gigabyte": headers(tarfile.GNUTYPE_LONGNAME, size=1 << 30) + END,
    "a file of holes": headers(tarfile.GNUTYPE_SPARSE, size=1 << 30) + END,
    "a file of holes, newer": pax(**{"GNU.sparse.major": "1"}) + headers(tarfile.REGTYPE) + END,
    "a header for all": headers(tarfile.XGLTYPE) + END,
    "no size": pax(size="beaucoup") + headers(tarfile.REGTYPE) + END,
    "a size of many digits": pax(size="9" * 5000) + headers(tarfile.REGTYPE) + END,
    "a size beyond the end": pax(size="9" * 12) + headers(tarfile.REGTYPE) + END,
    "no record": headers(tarfile.XHDTYPE, size=4) + b"\xff" * 512 + headers(tarfile.REGTYPE) + END,
    "no end": b"",
    "no end of the end": END + bytes(5_000_000),
    "something after the end": END + b"x" * 512,
}


@pytest.mark.parametrize("content", HARMFUL.values(), ids=HARMFUL)
def test_what_is_made_to_harm_is_refused_within_memory(tmp_path, content):
    path = raw(tmp_path / "copie", content)
    tracemalloc.start()
    try:
        with pytest.raises(CopieImpossible, match="n’est pas une copie"):
            archive.unpack(path, tmp_path / "base", tmp_path / "files")
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("manifest", [b"[" * 5_000_000, b"[" * 400_000, b'{"format":' * 40_000, b"9" * 400_000])
def test_a_manifest_that_is_too_much_is_refused(tmp_path, manifest):
    path = tar_of(tmp_path / "copie", (MANIFESTE, manifest), (BASE, b"x"))
    for read in (archive.read_manifest, archive.unpack):
        with pytest.raises(CopieImpossible, match="n’est pas une copie"):
            read(path)


@pytest.mark.parametrize("names", [("a", "a"), ("a", "a/b"), ("a/b", "a"), ("a/b", "a/b/c/d")])
def test_a_name_given_twice_is_refused(tmp_path, names):
    path = tar_of(tmp_path / "copie", GOOD, (BASE, b"x"), *((f"{FICHIERS}{name}", b"x") for name in names))
    with pytest.raises(CopieImpossible, match="n’est pas une copie"):
        archive.unpack(path, tmp_path / "base", tmp_path / "files")


@pytest.mark.long
def test_files_are_read_one_after_the_other_however_many(tmp_path):
    path = tar_of(tmp_path / "copie", GOOD, (BASE, b"x"), *((f"{FICHIERS}{number}", b"") for number in range(3000)))
    tracemalloc.start()
    archive.unpack(path)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


STEP = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=60)


@given(st.lists(STEP, min_size=1, max_size=6))
def test_any_name_that_a_disk_takes_comes_back(steps):
    """Non-ASCII, long in all, or in no encoding: as Python's `tarfile` writes them."""
    if {".", ".."} & {*steps} or any(len(os.fsencode(step)) > 255 for step in steps):
        return
    name = f"{FICHIERS}a{'/'.join(steps)}"
    with tempfile.TemporaryDirectory() as folder:
        path = tar_of(Path(folder, "copie"), GOOD, (BASE, b"x"), (name, b"y"))
        with gzip.open(path) as packed:
            found = {one.name: b"".join(archive._parts(packed, one.size)) for one in archive._members(packed)}
    assert found[name] == b"y"


def test_a_file_too_deep_to_come_back_is_said_when_it_is_copied(tmp_path):
    folder = Path(tmp_path, "media", *["a"] * archive.NIVEAUX)
    folder.mkdir(parents=True)
    (folder / "plan.pdf").write_bytes(b"x")
    (tmp_path / "base").write_bytes(b"x")
    with pytest.raises(CopieImpossible, match=r"plan\.pdf est dans plus de"):
        archive.pack(tmp_path / "copie", SAYS, tmp_path / "base", tmp_path / "media")


def test_a_copy_of_a_later_kind_asks_for_an_update(tmp_path):
    later = (MANIFESTE, json.dumps(vars(SAYS) | {"format": 2, "nouveau": 1}).encode())
    with pytest.raises(CopieImpossible, match="mettez celui-ci à jour"):
        archive.read_manifest(tar_of(tmp_path / "copie", later))
