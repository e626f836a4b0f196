"""Pictures of others, drawn again: the result has their pixels only, no larger than pages show.

So it does not tell where a picture was taken, nor hide anything. The head of a file tells its cost before a pixel is
drawn.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from struct import unpack_from

from django.conf import settings
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from socle.medias import refus
from socle.medias.budget import MO, Budget, Exhausted

SIDE = 30_000  # pixels; a picture is held row by row, and each row costs
PIECES = 10_000  # of a file; they are read one by one
PROFILE = MO  # bytes of a colour profile
QUALITY = 85
#: Cost of a pixel, in pixels of a plain JPEG: memory or time, whichever is more. A JPEG of several scans is held whole,
#: and each scan goes through all of it.
PRICES = {"JPEG": 1, "PNG": 5, "WEBP": 6}
CLEAR_WEBP = 14  # with transparent pixels: reader and writer hold four of it each
SEVERAL_SCANS, SCANS = 4, 12  # price of a pixel; scans at that price, of which software writes ten
#: Options of the writer: the quickest that make small files.
WRITTEN = {
    "JPEG": {"quality": QUALITY},
    "PNG": {"compress_level": 2},
    "WEBP": {"quality": QUALITY, "method": 0},
}
# Our own bounds replace these: the budget for pixels, and for texts what software may write beside a picture.
Image.MAX_IMAGE_PIXELS = None
PngImagePlugin.MAX_TEXT_MEMORY = 8 * MO


def drawn_again(data: bytes, kind: str, budget: Budget) -> bytes:
    """The picture, upright, no side longer than the setting. Raises ValidationError, Exhausted."""
    try:
        price = _price(data, kind)
        with Image.open(BytesIO(data), formats=[kind]) as image:  # reads only its head
            if max(image.size) > SIDE:
                raise ValidationError(refus.longue(SIDE), code="pixels")
            if kind == "WEBP" and image.mode == "RGBA":
                price = CLEAR_WEBP
            budget.spend(pixels=round(image.width * image.height * price))
            drawn = _drawn(image, kind)
        del image  # and what its reader holds
        return _written(drawn, kind)
    except (ValidationError, Exhausted):
        raise
    except Exception as error:  # a damaged picture breaks its reader in any way
        raise ValidationError(refus.ABIMEE, code="image") from error


def _price(data: bytes, kind: str) -> float:
    pieces = list(islice(PIECES_OF[kind](data), PIECES + 1))
    if len(pieces) > PIECES:
        raise ValidationError(refus.ABIMEE, code="image")
    if pieces.count(VIEW.get(kind)) > 1:
        raise ValidationError(refus.ANIMEE, code="animee")
    if kind != "JPEG":
        return PRICES[kind]
    if not FRAMES & {*pieces} <= USUAL_FRAMES:
        raise ValidationError(refus.ABIMEE, code="image")
    scans = pieces.count(SCAN)
    return SEVERAL_SCANS * max(1, scans / SCANS) if scans > 1 or PROGRESSIVE in pieces else PRICES[kind]


def _drawn(image: Image.Image, kind: str) -> Image.Image:
    side, profile = settings.COTE_DES_IMAGES, image.info.get("icc_profile")
    longest = max(side, *image.size)
    image.draft("RGB", tuple(max(1, length * side // longest) for length in image.size))  # draws it small at once
    if image.mode in ("1", "P"):  # these cannot be made smaller
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((side, side))
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode == "I;16":  # a plain conversion keeps only its darkest tones, as white
        image = image.point(lambda grey: grey / 257).convert("L")
        if "transparency" in image.info:
            image.info["transparency"] //= 257
    mode = "RGBA" if kind != "JPEG" and image.has_transparency_data else "RGB"
    if mode == "RGBA" or image.mode not in ("L", "CMYK"):
        image = image.copy() if image.mode == mode else image.convert(mode)
    return _usual_colours(image, profile, mode)


def _usual_colours(image: Image.Image, profile: bytes | None, mode: str) -> Image.Image:
    """The picture in `mode`, in the colours that its profile means; an unusable profile is ignored."""
    if profile and len(profile) <= PROFILE:
        try:
            meant = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, meant, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            pass  # broken, or of another kind of picture
    return image if image.mode == mode else image.convert(mode)


def _written(image: Image.Image, kind: str) -> bytes:
    image.info = {}  # comments, profiles, and all that a writer would copy
    out = BytesIO()
    image.save(out, kind, **WRITTEN[kind])
    return out.getvalue()


# What a picture holds


def is_bare(data: bytes, kind: str) -> bool:
    """Whether a picture is as `drawn_again` leaves it: pixels only, no side too long."""
    try:
        with Image.open(BytesIO(data), formats=[kind]) as image:
            small = max(image.size) <= settings.COTE_DES_IMAGES
        return small and all(name in BARE[kind] for name in PIECES_OF[kind](data))
    except Exception:  # damaged
        return False


SCAN, END = b"\xda", b"\xd9"
STRAY = b"?"  # bytes after the end, a piece that the file cuts, a piece that is not what its name says
JFIF = b"\xe0"  # sixteen bytes of sizes, or whatever a program puts there
VIEW = {"PNG": b"fcTL", "WEBP": b"ANMF"}  # a view of a moving picture
_MARKER = re.compile(rb"\xff+([^\x00\x01\xd0-\xd7\xff])")  # ends the bytes of a scan, and has a length
# How a JPEG is drawn: in one scan or in several, then held whole even if only one is there. No camera makes the other
# frames; « arithmetic » ones take seconds to read.
FRAMES = {bytes([mark]) for mark in range(0xC0, 0xD0)} - {b"\xc4", b"\xc8", b"\xcc"}
PROGRESSIVE = b"\xc2"
USUAL_FRAMES = {b"\xc0", b"\xc1", PROGRESSIVE}


def _segments(data: bytes) -> Iterator[bytes]:
    """The markers of a JPEG, without its first."""
    at, name = 2, b""
    while name != END and (found := _MARKER.search(data, at)):
        name, at = found[1], found.end()
        if name == JFIF and data[at : at + 7] != b"\0\x10JFIF\0":
            yield STRAY
        at += 0 if name == END else int.from_bytes(data[at : at + 2])
        yield name
    if at != len(data):
        yield STRAY


def _chunks(data: bytes, at: int, shape: str, *, crc: int, even: int) -> Iterator[bytes]:
    """The names of the chunks of a PNG, or of a WebP, whose lengths are `even`. `shape`: of the head of a chunk."""
    name = b""
    while name != b"IEND" and at + 8 <= len(data):
        found = unpack_from(shape, data, at)
        name, length = found if even else found[::-1]
        at += 8 + length + crc + even * (length % 2)
        yield name
    if at != len(data):
        yield STRAY


PIECES_OF = {
    "JPEG": _segments,
    "PNG": lambda data: _chunks(data, 8, ">I4s", crc=4, even=0),
    "WEBP": lambda data: _chunks(data, 12, "<4sI", crc=0, even=1),
}
# What is drawn of a picture: tables, frames, scans; not what software says beside.
BARE = {
    "JPEG": {END, SCAN, JFIF, b"\xdb", b"\xc4", b"\xdd", b"\xc0", b"\xc1", b"\xc2"},
    "PNG": {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"},
    "WEBP": {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"},
}
