"""Passes hostile and honest files through each door of the site: what each costs, and what becomes of it.

    python bench/fichiers.py [a word of their names]

The doors: `visiteur`, files joined to a proposal; `bureau`, files joined to a record; `import`, rows of a spreadsheet.
Each file passes each door in its own process, forked from a small one, since a peak starts from that of the parent;
growth counts from Django set up. Exits with 1 if a file takes 1 s of processor or 150 MB, if a row of a hostile
workbook is read, if macros, an author or a place are kept, or if an honest file is refused.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from bench import bombes  # noqa: E402
from tests.medias import hostiles  # noqa: E402

SECONDS, MEGABYTES = 1, 150
SHEETS = (".xlsx", ".ods", ".csv")
SECRETS = (hostiles.AUTEUR, hostiles.LIEU)


def pdf(pages: int) -> bytes:
    from PIL import Image

    out, page = BytesIO(), Image.linear_gradient("L").resize((1240, 1754))
    page.save(out, "PDF", save_all=True, append_images=[page] * (pages - 1), author="Maëlle Kerdoncuff")
    return out.getvalue()


def table(rows: int) -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), BytesIO()
    book.properties.creator = hostiles.AUTEUR.decode()
    book.active.append(["identifiant", "titre"])
    for number in range(rows):
        book.active.append([None, f"Un atelier n° {number}"])
    book.save(out)
    return out.getvalue()


HONEST = {
    "a page.pdf": hostiles.pdf,
    "ten scanned pages.pdf": lambda: pdf(10),
    "packed objects.pdf": lambda: hostiles.packed_pdf(b"/Type /Font"),
    "a letter.docx": hostiles.signed_docx,
    "a letter.odt": hostiles.signed_odt,
    "a table.xlsx": lambda: table(300),
    "5 000 rows.xlsx": lambda: table(5_000),
    "a table.ods": lambda: bombes.unlike("spreadsheet", **{"meta.xml": hostiles.CORE}),
    "slides.pptx": lambda: bombes.docx(**{"ppt/presentation.xml": "<a/>", "docProps/core.xml": hostiles.CORE}),
    "a photo with its place.jpg": hostiles.photo,
    "12 million pixels.jpg": lambda: bombes.picture("JPEG", 4_000, 3_000, quality=80),
    "other colours.jpg": lambda: bombes.picture("JPEG", 3_999, 3_999, quality=30, icc_profile=hostiles.profile()),
    "other colours.png": lambda: bombes.picture(
        "PNG", 3_160, 3_160, "RGBA", compress_level=1, icc_profile=hostiles.profile()
    ),
    "other colours.webp": lambda: bombes.picture("WEBP", 3_400, 2_400, quality=60, icc_profile=hostiles.profile()),
    "a screen.png": lambda: hostiles.picture("PNG", size=(1920, 1080)),
    "a picture.webp": lambda: hostiles.picture("WEBP"),
}
#: {name: (how it is made, whether it must be kept: None if both are fine)}
FILES = {
    **{
        f"{name}.{'csv' if 'CSV' in name or 'quote' in name else 'xlsx'}": (make, None)
        for name, make in bombes.BOMBS.items()
    },
    **{f"{name}.xlsx": (make, True) for name, make in bombes.STRANGE.items()},
    **{name: (make, None) for name, make in bombes.JOINED.items()},
    **{name: (lambda content=content: content, False) for name, content in hostiles.MACROS.items()},
    **{name: (make, True) for name, make in HONEST.items()},
}


# In a process of its own


def memory(what: str) -> int:
    return (
        int(
            next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what)).split()[
                1
            ]
        )
        * 1024
    )


def visiteur(upload):
    from participants.contributions.fichiers import FichiersField
    from socle.medias.depot import DOCUMENTS_ET_IMAGES

    field = FichiersField(depot=DOCUMENTS_ET_IMAGES)
    return field.receive(field.clean([upload]))[0].read()


def bureau(upload):
    from fiches.attached import FichierJoint

    return FichierJoint._meta.get_field("fichier").formfield().clean(upload).read()


def imported(upload):
    from socle.tableur.lecture import read

    return sum(1 for _ in read(upload.read(), {"identifiant"}, bounded=True).rows)


DOORS = {"visiteur": visiteur, "bureau": bureau, "import": imported}


def examine(door: str, path: Path) -> dict:
    """Returns what the door said of the file (None if it took it), the rows read, seconds of processor, megabytes."""
    from django.core.exceptions import ValidationError
    from django.core.files.uploadedfile import TemporaryUploadedFile

    from socle.tableur.lecture_csv import FichierIllisible

    upload = TemporaryUploadedFile(path.name, "application/octet-stream", path.stat().st_size, None)
    upload.file.close()
    upload.file, said, kept = path.open("rb"), None, b""
    limit = memory("VmSize") + 8 * MEGABYTES * 10**6
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    before, start = memory("VmHWM"), time.process_time()
    try:
        kept = DOORS[door](upload)
    except FichierIllisible as error:
        said = str(error)
    except ValidationError as error:
        said = " ".join(error.messages)
    seconds, growth = time.process_time() - start, (memory("VmHWM") - before) / 1e6
    rows, kept = (kept or 0, b"") if door == "import" else (0, kept)
    told = path.suffix != ".pdf" and any(secret in part for part in _parts(kept) for secret in SECRETS)
    return {"said": said, "rows": rows, "told": told, "seconds": seconds, "megabytes": growth}


def _parts(content: bytes) -> list[bytes]:
    try:
        return [content, *hostiles.all_parts(content)] if content.startswith(b"PK") else [content]
    except Exception:  # hostile, and kept compressed
        return [content]


def forked(work, *args) -> dict:
    """Calls `work(*args)` in a process that ends with it."""
    reads, writes = os.pipe()
    if not (pid := os.fork()):
        try:
            os.write(writes, json.dumps(work(*args)).encode())
        finally:
            os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(said)


def ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
    os.environ.setdefault("SECRET_KEY", "fichiers")
    import django

    django.setup()


def measure(path: Path, door: str) -> dict:
    """Like `examine`, from a process that may hold anything (a test)."""
    command = [sys.executable, __file__, "--porte", door, str(path)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def doors_of(name: str) -> list[str]:
    """Doors that a file may pass: a workbook passes all; nobody joins a CSV."""
    doors = ["import"] if Path(name).suffix in SHEETS else []
    return doors if name.endswith(".csv") else ["visiteur", "bureau", *doors]


def fault(name: str, door: str, found: dict, keep: bool | None) -> str:
    if found["seconds"] >= SECONDS or found["megabytes"] >= MEGABYTES:
        return "COSTS TOO MUCH"
    if found["told"]:
        return "SAYS WHO OR WHERE"
    if found["rows"] and keep is None:
        return "ROWS READ"
    refused_rightly = door == "import" and name.endswith(".ods")  # the door tells people to save it as XLSX
    if keep is not None and keep == bool(found["said"]) and not refused_rightly:
        return "REFUSED" if keep else "KEPT"
    return ""


def main() -> int:
    word, faults = " ".join(sys.argv[1:]), 0
    with tempfile.TemporaryDirectory() as folder:
        for name, (make, keep) in FILES.items():
            if word not in name:
                continue
            path = Path(folder) / f"fichier{Path(name).suffix}"
            forked(lambda path=path, make=make: path.write_bytes(make()))
            for door in doors_of(name):
                found = forked(examine, door, path)
                wrong = fault(name, door, found, keep)
                faults += bool(wrong)
                said = found["said"] or (f"kept, {found['rows']} rows" if door == "import" else "kept")
                cost = f"{found['seconds']:5.2f} s {found['megabytes']:5.0f} MB"
                print(f"{name:46} {path.stat().st_size / 1e6:5.1f} MB {door:8} {cost}  {wrong} {said[:90]}", flush=True)
    print(f"{faults} faults")
    return bool(faults)


if __name__ == "__main__":
    ready()
    if sys.argv[1:2] == ["--porte"]:
        print(json.dumps(examine(sys.argv[2], Path(sys.argv[3]))))
    else:
        sys.exit(main())
