"""A map as a picture for a slide: an SVG with title, legend, source and day, in light colours; or the same as PNG."""

import textwrap
from dataclasses import dataclass
from datetime import date
from threading import Lock

from django.conf import settings
from django.template.loader import render_to_string
from resvg_py import svg_to_bytes

from socle.francais.texte import for_xml
from socle.francais.wording import jour_en_lettres
from socle.territoires.cartes import LARGEUR
from socle.vues.dessin import FIN, Carte

POLICE = settings.BASE_DIR / "fixtures" / "polices" / "bitter-650.ttf"
FAMILLE = "Bitter"  # the name of the font in this file
LARGE, HAUT = 1200, 675  # of the drawing, 16 by 9 as a slide
IMAGE = (1600, 900)  # pixels
MARGE, COLONNE = 32, 344  # around; width of the legend
TITRE, LEGENDE, SUITE = 80, 44, 168  # characters of a line of title, legend, foot
TEINTES = ("#e4eef0", "#d6e4e8", "#a5c6d0", "#6fa1b1", "#447f92", "#f7f7f4")  # by class: none first, outside last
ANCRES = {"debut": "start", "milieu": "middle", "fin": "end"}
CORPS = {"n": FIN.nombre, "petit": FIN.petit, "lieu": FIN.lieu, "": FIN.nom}  # height of words, by kind
_one = Lock()
MONTANTS = "Montant par département"
SOURCE = "Contours : Victor Cazanave, sous CC BY 4.0. Positions des communes : GeoNames, sous CC BY 4.0."


@dataclass(frozen=True)
class MotDessine:
    x: int
    y: int
    ancre: str
    corps: int
    graisse: str
    texte: str


def drawn(carte: Carte, titre: str, origine: str, jour: date, remarques) -> str:
    """The SVG. `origine`: its address; `remarques`: sentences on what it leaves out."""
    dessin = carte.dessins[0]
    titre = textwrap.shorten(for_xml(titre), TITRE * 3 - 40, placeholder=" …")
    titres = [(58 + 34 * rank, line) for rank, line in enumerate(_balanced(titre, TITRE))]
    source = _lines(f"{origine}, le {jour_en_lettres(jour)}. {SOURCE}", SUITE)
    pied = [(HAUT - 20 - 16 * rank, line) for rank, line in enumerate(reversed(source))]
    top, bottom = titres[-1][0] + 22, pied[-1][0] - 30
    wide, high = LARGE - 3 * MARGE - COLONNE, bottom - top
    echelle = min(wide / LARGEUR, high / carte.cadre.hauteur)
    carres, cercles, lignes, y = [], [], [], top + 24
    if carte.teintes:
        lignes.append((y, 16, f"{MONTANTS} :"))
    for classe, mots in carte.teintes:
        y += 26
        carres.append((y, TEINTES[classe], mots))
    for rayon, mots in dessin.tailles:
        cercles.append((y, rayon, mots))
        y += 36
    y += 36
    for line in remarques:
        for part in _lines(line, LEGENDE):
            lignes.append((y, 15, part))
            y += 20
        y += 8
    said = [(MONTANTS, carte.teintes), ("Cercles", dessin.tailles)]
    context = {
        "carte": carte,
        "titre": titre,
        "legende": [f"{kind} : {', '.join(mots for _, mots in rows)}." for kind, rows in said if rows],
        "titres": titres,
        "marge": MARGE,
        "large": LARGE,
        "haut": HAUT,
        "pixels": IMAGE,
        "x": round(MARGE + (wide - LARGEUR * echelle) / 2),
        "y": round(top + (high - carte.cadre.hauteur * echelle) / 2),
        "largeur": round(LARGEUR * echelle),
        "hauteur": round(carte.cadre.hauteur * echelle),
        "zones": [(one.zone.contour, TEINTES[one.classe]) for one in carte.departements],
        "lumieres": dessin.lumieres,
        "mots": [
            MotDessine(
                mot.x,
                mot.y,
                ANCRES[mot.ancre],
                CORPS[mot.genre],
                "bold" if mot.genre in ("n", "petit") else "normal",
                mot.texte,
            )
            for mot in dessin.mots
        ],
        "colonne": LARGE - MARGE - COLONNE,
        "carres": carres,
        "cercles": cercles,
        "lignes": lignes,
        "pied": pied,
    }
    return render_to_string("vues/carte.svg", context)


def _lines(text: str, width: int) -> list[str]:
    return textwrap.wrap(for_xml(text), width, break_on_hyphens=False)


def _balanced(text: str, width: int) -> list[str]:
    """As few lines as possible, of about equal length."""
    lines = _lines(text, width)
    while width > 20 and len(narrower := _lines(text, width - 1)) == len(lines):
        lines, width = narrower, width - 1
    return lines


def as_png(svg: str) -> bytes:
    """The SVG in pixels, in the font of our headings: a server may have no other.

    One at a time in a process: each takes a processor and megabytes.
    """
    fonts = {"font_files": [str(POLICE)], "font_family": FAMILLE, "sans_serif_family": FAMILLE}
    with _one:
        return svg_to_bytes(svg, width=IMAGE[0], skip_system_fonts=True, **fonts)
