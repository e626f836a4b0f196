"""Draws the icon of the site, and for each type a picture of 1200 × 630 that other sites show with links.

    make images

Debian's chromium paints them from the mark (static/icone.svg), the buoys and the font of headings. They are committed,
so that the site needs none of this. Run it again for a new record type.
"""

import base64
import io
import os
import re
import sys
from html import escape
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))

MARQUE = RACINE / "static" / "icone.svg"
POLICE = RACINE / "static" / "polices" / "bitter-650.woff2"
ICONES = RACINE / "templates" / "components" / "icones.html"
A_LA_RACINE = RACINE / "static" / "racine"
PARTAGE = RACINE / "static" / "partage"

TAILLES = (16, 32, 48)  # of favicon.ico
POMME = 180
LARGEUR, HAUTEUR, LOURD = 1200, 630, 40_000
COULEURS = 32

PAGE = """<!doctype html><meta charset="utf-8"><style>
@font-face {{ font-family: Bitter; src: url(data:font/woff2;base64,{police}) format("woff2"); font-weight: 650 }}
* {{ margin: 0; box-sizing: border-box }}
body {{ width: {largeur}px; height: {hauteur}px; overflow: hidden; background: #0b2e3b; color: #f8f2e2;
  font: 650 40px/1.2 Bitter; padding: 80px; display: grid; grid-template: 1fr auto / 1fr auto; column-gap: 60px }}
h1 {{ font-size: 92px; line-height: 1.08; align-self: center }}
.voyant {{ width: 300px; height: 300px; align-self: center; fill: #f4bf2c; stroke: none }}
p {{ grid-column: 1 / -1; display: flex; align-items: center; gap: 24px; padding-top: 36px;
  border-top: 6px solid #0b5268 }}
p svg {{ height: 76px; width: 76px }} p span {{ color: #bdd3d8 }}
</style><h1>{titre}</h1>{dessin}<p>{marque} LabAccès <span>Accès aux droits en Bretagne</span></p>"""


def symbol(nom: str) -> str:
    """The drawing of a buoy of the icons."""
    found = re.search(rf'<symbol id="v-{nom}"[^>]*>(.*?)</symbol>', ICONES.read_text(encoding="utf-8"), re.DOTALL)
    return f'<svg class="voyant" viewBox="0 0 24 24">{found[1]}</svg>'


def draw(tab, titre: str, dessin: str) -> bytes:
    """As PNG."""
    police = base64.b64encode(POLICE.read_bytes()).decode()
    tab.set_viewport_size({"width": LARGEUR, "height": HAUTEUR})
    marque = MARQUE.read_text(encoding="utf-8")
    sizes = {"largeur": LARGEUR, "hauteur": HAUTEUR}
    tab.set_content(PAGE.format(police=police, titre=escape(titre), dessin=dessin, marque=marque, **sizes))
    tab.evaluate("document.fonts.ready")
    return tab.screenshot()


def icon(tab, size: int) -> bytes:
    """The mark in a square with transparent corners, as PNG."""
    tab.set_viewport_size({"width": size, "height": size})
    drawing = MARQUE.read_text(encoding="utf-8").replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
    tab.set_content(f"<!doctype html><style>* {{ margin: 0 }} svg {{ display: block }}</style>{drawing}")
    return tab.screenshot(omit_background=True)


def saved(image: Image.Image, format: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def in_few_colours(png: bytes) -> bytes:
    """COULEURS colours are enough."""
    return saved(Image.open(io.BytesIO(png)).convert("RGB").quantize(COULEURS), optimize=True)


def ico(images: list[bytes]) -> bytes:
    """All in one file, the largest last."""
    *others, largest = [Image.open(io.BytesIO(data)) for data in images]
    return saved(largest, "ICO", sizes=[one.size for one in (*others, largest)], append_images=others)


def titles() -> dict[str, tuple[str, str]]:
    """{name of the picture: (its words, its drawing)}: for the site, then for each record type."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
    os.environ.setdefault("SECRET_KEY", "-")
    django.setup()
    from fiches import registre

    mark = MARQUE.read_text(encoding="utf-8").replace("<svg ", '<svg class="voyant" ', 1)
    found = {"site": ("Ce qui a déjà été tenté près de chez vous", mark)}
    return found | {one.cle: (one.titre, symbol(one.voyant)) for one in registre.types()}


def main() -> int:
    wanted = titles()
    for folder in (A_LA_RACINE, PARTAGE):
        folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium")
        tab = browser.new_page()
        files = {A_LA_RACINE / "favicon.ico": ico([icon(tab, size) for size in TAILLES])}
        files[A_LA_RACINE / "apple-touch-icon.png"] = icon(tab, POMME)
        files |= {PARTAGE / f"{nom}.png": in_few_colours(draw(tab, *words)) for nom, words in wanted.items()}
        browser.close()
    for path, data in files.items():
        path.write_bytes(data)
        print(f"{path.relative_to(RACINE)}: {len(data)} bytes")
    return int(any(len(data) > LOURD for data in files.values()))


if __name__ == "__main__":
    sys.exit(main())
