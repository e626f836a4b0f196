"""Pictures drawn again: their pixels, upright, no larger than pages show, and nothing else."""

from io import BytesIO
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from bench import bombes
from socle.medias.budget import Budget, Exhausted
from socle.medias.pictures import CLEAR_WEBP, PRICES, SEVERAL_SCANS, drawn_again, is_bare
from tests.medias import hostiles

KINDS = ("JPEG", "PNG", "WEBP")


def encoded(image, kind, **options) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def size(data):
    with Image.open(BytesIO(data)) as image:
        return image.size


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_clear_picture_stays_clear_and_a_large_one_is_made_smaller(kind, settings):
    settings.COTE_DES_IMAGES = 200
    kept = drawn_again(encoded(Image.new("RGBA", (300, 150), (200, 0, 0, 0)), kind), kind, Budget())
    with Image.open(BytesIO(kept)) as image:
        assert image.size == (200, 100)
        assert image.getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(
    ("kind", "modes"),
    [("JPEG", "1 L RGB CMYK YCbCr"), ("PNG", "1 L LA P RGB RGBA I;16"), ("WEBP", "1 L LA P RGB RGBA")],
)
def test_every_kind_of_colours_comes_out_as_it_was(kind, modes):
    for mode in modes.split():
        grey = Image.linear_gradient("L")
        if mode == "I;16":
            grey = grey.convert("I").point(lambda value: value * 257)
        kept = drawn_again(encoded(grey.convert(mode), kind), kind, Budget())
        assert is_bare(kept, kind), mode
        with Image.open(BytesIO(kept)) as image:
            grey = image.convert("L")
            assert image.size == (256, 256), mode
            ends = (grey.getpixel((128, 4)), grey.getpixel((128, 251)))
            assert ends == (pytest.approx(4, abs=9), pytest.approx(251, abs=9)), mode


@given(
    kind=st.sampled_from(KINDS),
    orientation=st.integers(1, 8),
    secret=st.text("abcdefgh", min_size=12, max_size=40).map(str.encode),
    width=st.integers(1, 60),
    height=st.integers(1, 60),
)
def test_what_is_kept_of_any_picture_is_bare_and_stays_as_it_is(kind, orientation, secret, width, height):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, secret.decode()
    options = {"exif": exif.tobytes()}
    if kind == "PNG":
        options["pnginfo"] = texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", secret.decode(), zip=False)
    data = encoded(Image.new("RGB", (width, height), "blue"), kind, **options) + secret
    assert secret in data
    assert not is_bare(data, kind)
    kept = drawn_again(data, kind, Budget())
    assert secret not in kept
    assert is_bare(kept, kind)
    assert size(kept) == ((height, width) if orientation >= 5 else (width, height))


def test_greys_of_16_bits_keep_what_is_clear():
    grey = Image.new("I;16", (2, 1))
    grey.putdata([1000, 60_000])
    with Image.open(BytesIO(drawn_again(encoded(grey, "PNG", transparency=1000), "PNG", Budget()))) as image:
        assert [image.getpixel((0, 0))[3], *image.getpixel((1, 0))] == [0, 233, 233, 233, 255]


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB"), ("WEBP", "RGBA")])
def test_the_colours_that_a_profile_means_are_those_that_are_kept(kind, mode):
    red = Image.new(mode, (60, 40), (255, 0, 0, 99)[: len(mode)])
    kept = drawn_again(encoded(red, kind, icc_profile=hostiles.profile(), lossless=True), kind, Budget())
    assert is_bare(kept, kind)
    with Image.open(BytesIO(kept)) as image:
        assert image.getpixel((30, 20)) == pytest.approx((0, 255, 0, 99)[: len(mode)], abs=4)


@pytest.mark.parametrize("profile", [b"x", hostiles.profile()[:500], bytes(2_000_000)], ids=["none", "cut", "large"])
def test_a_profile_that_nothing_can_be_done_with_changes_nothing(profile):
    for mode in ("RGB", "L", "CMYK"):
        data = Image.linear_gradient("L").convert(mode)
        kept = drawn_again(encoded(data, "JPEG", icc_profile=profile), "JPEG", Budget())
        assert kept == drawn_again(encoded(data, "JPEG"), "JPEG", Budget()), mode


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused_in_words_and_never_said_to_be_bare(kind):
    with pytest.raises(ValidationError, match="animée"):
        drawn_again(hostiles.moving(kind), kind, Budget())
    assert not is_bare(hostiles.moving(kind), kind)


@pytest.mark.parametrize("hidden", [b"\xff\xe0\0\x13GPS 48.1, auteur.", b"\xff\xe0\0\x17JFIF\0GPS 48.1, auteur"])
def test_what_is_written_where_sizes_stand_is_not_bare(hidden):
    bare = drawn_again(hostiles.picture(), "JPEG", Budget())
    for told in (bare[:2] + hidden + bare[2:], bare[:20] + hidden + bare[20:]):
        assert not is_bare(told, "JPEG")
        assert is_bare(drawn_again(told, "JPEG", Budget()), "JPEG")


def test_a_picture_larger_than_pages_show_is_not_bare(settings):
    kept = drawn_again(hostiles.picture("PNG", size=(100, 50)), "PNG", Budget())
    assert is_bare(kept, "PNG")
    settings.COTE_DES_IMAGES = 99
    assert not is_bare(kept, "PNG")
    assert size(drawn_again(kept, "PNG", Budget())) == (99, 50)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_costs_its_pixels_before_one_is_drawn(kind):
    data = hostiles.picture(kind, size=(100, 50))
    drawn_again(data, kind, Budget(pixels=round(5000 * PRICES[kind])))
    with pytest.raises(Exhausted):
        drawn_again(data, kind, Budget(pixels=round(5000 * PRICES[kind]) - 1))


CLEAR = encoded(Image.new("RGBA", (100, 50), (9, 9, 9, 9)), "WEBP", lossless=True)


@pytest.mark.parametrize(
    ("data", "kind", "price"),
    [
        (bombes.one_scan(100, 50), "JPEG", SEVERAL_SCANS),
        (CLEAR, "WEBP", CLEAR_WEBP),
    ],
    ids=["one scan of several", "clear"],
)
def test_a_picture_that_its_reader_holds_whole_or_several_times_costs_as_much(data, kind, price):
    drawn_again(data, kind, Budget(pixels=5000 * price))
    with pytest.raises(Exhausted):
        drawn_again(data, kind, Budget(pixels=5000 * price - 1))


def test_scans_are_counted_behind_a_marker_without_a_length():
    with pytest.raises(Exhausted):
        drawn_again(bombes.hidden_scans(2_000, 400), "JPEG", Budget(pixels=400 * 400 * 20))


def test_a_picture_drawn_in_a_way_of_no_camera_is_refused_before_it_is_drawn():
    for frame in {*range(0xC3, 0xD0)} - {0xC4, 0xC8, 0xCC}:  # these three begin no picture
        data = hostiles.picture(size=(100, 50)).replace(b"\xff\xc0", bytes([0xFF, frame]), 1)
        with patch.object(Image, "open") as opened, pytest.raises(ValidationError):
            drawn_again(data, "JPEG", Budget())
        opened.assert_not_called()


def test_a_panorama_is_reduced_as_it_is_read(settings):
    """Its short side is that of what is kept, not of the setting: it would be held whole."""
    settings.COTE_DES_IMAGES = 200
    with patch.object(Image.Image, "thumbnail", autospec=True, side_effect=Image.Image.thumbnail) as reduced:
        assert size(drawn_again(hostiles.picture(size=(1600, 300)), "JPEG", Budget())) == (200, 38)
    (image, _), _ = reduced.call_args
    assert image.decoderconfig == (8, 0), "an eighth"


def test_a_thumbnail_inside_a_photo_is_no_second_scan():
    exif = Image.Exif()
    exif[0x010E] = "x" * 100
    plain = hostiles.picture(size=(100, 50), exif=exif.tobytes() + hostiles.picture(size=(20, 10)))
    assert plain.count(b"\xff\xda") == 2
    drawn_again(plain, "JPEG", Budget(pixels=5000))


@pytest.mark.parametrize(
    "data",
    [
        hostiles.png(1, 200_000_000),
        hostiles.png(30_001, 1),
        b"\xff\xd8" + b"\xff\xe1\0\2" * 20_000 + hostiles.picture(size=(10, 10))[2:],
        hostiles.picture()[:2000],
    ],
    ids=["a line", "a line across", "20 000 segments", "cut"],
)
def test_what_no_picture_is_like_is_refused_in_words(data):
    with pytest.raises(ValidationError):
        drawn_again(data, "PNG" if data.startswith(b"\x89") else "JPEG", Budget())
