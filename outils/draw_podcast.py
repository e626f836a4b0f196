"""Draws the picture of the podcast for podcast applications: static/podcast.png, 1400 × 1400.

    python outils/draw_podcast.py

Debian's chromium paints a buoy under the name of the site. The picture is committed, so that the site needs neither.
"""

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

RACINE = Path(__file__).resolve().parent.parent
IMAGE = RACINE / "static" / "podcast.png"
ICONES = RACINE / "templates" / "components" / "icones.html"
POLICE = RACINE / "static" / "polices" / "bitter-650.woff2"
COTE = 1400  # the smallest that Apple accepts

DESSIN = """<!doctype html><style>
@font-face {{ font-family: Bitter; src: url({police}) }}
body {{ margin: 0; background: #0b2e3b }} text {{ font: 650 190px Bitter; text-anchor: middle }}
</style><svg xmlns="http://www.w3.org/2000/svg" width="{cote}" height="{cote}" viewBox="0 0 1400 1400">
<g transform="translate(460 190) scale(20)" fill="#f4bf2c">{voyant}</g>
<path d="M0 1230q87-80 175 0t175 0 175 0 175 0 175 0 175 0 175 0 175 0v200H0z" fill="#0b5268"/>
<text x="700" y="960" fill="#f8f2e2">LabAccès</text>
<text x="700" y="1120" fill="#f4bf2c" style="font-size: 110px">le podcast</text></svg>"""


def main() -> None:
    voyant = re.search(r'id="v-episode"[^>]*>(.*?)</symbol>', ICONES.read_text(encoding="utf-8"), re.DOTALL)[1]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page(viewport={"width": COTE, "height": COTE})
        page.goto(RACINE.as_uri())  # a page that may read the font
        page.set_content(DESSIN.format(police=POLICE.as_uri(), cote=COTE, voyant=voyant))
        page.evaluate("document.fonts.ready")
        page.screenshot(path=IMAGE)
        browser.close()
    print(f"{IMAGE.relative_to(RACINE)} : {IMAGE.stat().st_size} octets")


if __name__ == "__main__":
    main()
