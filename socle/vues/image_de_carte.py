"""A map as a picture that stands alone: an SVG with its title, legend, source and day, in light colours for a slide."""

import textwrap
from dataclasses import dataclass
from datetime import date
from threading import Lock

from django.conf import settings
from django.template.loader import render_to_string
from resvg_py import svg_to_bytes

from socle.francais.mots import entier, jour_en_lettres, pluriel
from socle.francais.texte import for_xml
from socle.territoires.cartes import LARGEUR
from socle.vues.feux import CORPS as NOM
from socle.vues.situation import Carte

POLICE = settings.BASE_DIR / "fixtures" / "polices" / "bitter-650.ttf"
FAMILLE = "Bitter"  # as that file calls itself
LARGE, HAUT = 1200, 675  # of the drawing, as a slide: 16 by 9
IMAGE = (1600, 900)  # pixels
MARGE, COLONNE = 32, 344  # around, and of the legend
TITRE, LEGENDE, SUITE = 80, 44, 168  # characters of a line of its title, of its legend, of its foot
TEINTES = ("#f2f3ee", "#d6e4e8", "#a5c6d0", "#6fa1b1", "#447f92")  # of a class, nothing first
ANCRES = {"debut": "start", "milieu": "middle", "fin": "end"}
CORPS = {"petit": 12, "nombre": 20, "": 24}  # of a number, by the room that it has
_one = Lock()
SOURCE = "Contours : Victor Cazanave, @svg-maps, CC BY 4.0. Positions des communes : GeoNames, CC BY 4.0."


@dataclass(frozen=True)
class MotDessine:
    """A text of the drawing."""

    x: int
    y: int
    ancre: str
    corps: int
    graisse: str
    texte: str


def drawn(carte: Carte, titre: str, fond: str, noms: tuple[str, str], origine: str, jour: date, remarques) -> str:
    """The SVG. `fond`: what the colours tell; `noms`: what lights count; `origine`: the address that it is of;
    `remarques`: sentences on what it leaves out."""
    titre = textwrap.shorten(for_xml(titre), TITRE * 3 - 40, placeholder=" …")
    titres = [(58 + 34 * rank, line) for rank, line in enumerate(_balanced(titre, TITRE))]
    source = _lines(f"{origine}, le {jour_en_lettres(jour)}. {SOURCE}", SUITE)
    pied = [(HAUT - 20 - 16 * rank, line) for rank, line in enumerate(reversed(source))]
    top, bottom = titres[-1][0] + 22, pied[-1][0] - 30
    wide, high = LARGE - 3 * MARGE - COLONNE, bottom - top
    echelle = min(wide / LARGEUR, high / carte.cadre.hauteur)
    legende = [f"{fond} : {', '.join(mots for _, mots in carte.classes)}."] if carte.classes else []
    carres, lignes, y = [], [], top + 24
    if carte.classes:
        lignes.append((y, 16, f"{fond} :"))
    for classe, mots in carte.classes:
        y += 26
        carres.append((y, TEINTES[classe], mots))
    said = _of_lights(carte, noms)
    legende += said
    y += 36 if carte.classes else 0
    for line in (*said, *remarques):
        for part in _lines(line, LEGENDE):
            lignes.append((y, 15, part))
            y += 20
        y += 8
    context = {
        "carte": carte,
        "titre": titre,
        "legende": legende,
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
        "mots": [mot for one in carte.departements for mot in _words(one)]
        + [MotDessine(nom.x, nom.y, ANCRES[nom.ancre], NOM, "normal", nom.texte) for nom in carte.noms],
        "colonne": LARGE - MARGE - COLONNE,
        "carres": carres,
        "lignes": lignes,
        "pied": pied,
    }
    return render_to_string("vues/carte.svg", context)


def _of_lights(carte: Carte, noms: tuple[str, str]) -> list[str]:
    """What the circles tell; nothing without any."""
    counts = [compte for compte, _ in carte.bornes]
    if not counts:
        return []
    many = len(counts) > 1
    said = f"{entier(counts[0])} à " if many else ""
    wider = ", plus larges quand il y en a plus" if many else ""
    return [f"Cercles : {said}{pluriel(counts[-1], *noms)} par lieu{wider}."]


def _lines(text: str, width: int) -> list[str]:
    return textwrap.wrap(for_xml(text), width, break_on_hyphens=False)


def _balanced(text: str, width: int) -> list[str]:
    """As few lines, each about as long as the others."""
    lines = _lines(text, width)
    while width > 20 and len(narrower := _lines(text, width - 1)) == len(lines):
        lines, width = narrower, width - 1
    return lines


def as_png(svg: str) -> bytes:
    """The same in pixels, its words in the face of our headings: a server may have no other.

    One at a time in a process, whatever is asked at once: each takes a processor and megabytes.
    """
    fonts = {"font_files": [str(POLICE)], "font_family": FAMILLE, "sans_serif_family": FAMILLE}
    with _one:
        return svg_to_bytes(svg, width=IMAGE[0], skip_system_fonts=True, **fonts)


def _words(one):
    zone = one.zone
    if one.texte and zone.taille != "rien":
        yield MotDessine(zone.x, zone.y, ANCRES[zone.ancre], CORPS[zone.taille], "bold", one.texte)
    if not zone.taille:
        yield MotDessine(zone.x, zone.y + 18, ANCRES[zone.ancre], 14, "normal", zone.nom)
