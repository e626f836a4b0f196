"""Draws the house from its imports: the purpose of each room, and the rooms it stands on.

`python outils/draw_house.py` writes the drawing into docs/architecture.md; a test fails if it is out of date. The
purpose of a room is the docstring of its package: one line.
"""

import ast
import sys
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
DOC = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- house: outils/draw_house.py -->\n```\n", "```\n<!-- end of house -->"
FLOORS = ("labacces", "reprise", "projets", "participants", "fiches", "socle")


def graph() -> dict[str, set[str]]:
    """{module: modules of ours it imports}, also inside functions and for typing."""
    sys.path.insert(0, str(ROOT))
    try:
        found = grimp.build_graph(*(name for name in FLOORS if (ROOT / name).is_dir()))
    finally:
        sys.path.remove(str(ROOT))
    return {module: found.find_modules_directly_imported_by(module) for module in found.modules}


def rooms() -> list[str]:
    """Packages that a newcomer meets, from the roof down: « labacces », « labacces.pages », …"""
    found = []
    for floor in FLOORS:
        inner = sorted(path.parent.name for path in (ROOT / floor).glob("*/__init__.py"))
        found += [floor, *(f"{floor}.{name}" for name in inner if _purpose(f"{floor}.{name}"))]
    return [room for room in found if (ROOT / room.replace(".", "/")).is_dir()]


def _purpose(room: str) -> str:
    return ast.get_docstring(ast.parse((ROOT / room.replace(".", "/") / "__init__.py").read_text())) or ""


def drawing() -> str:
    """One line per room with its purpose; below, the rooms it stands on."""
    known, imports = rooms(), graph()
    below = {room: set() for room in known}
    for module, imported in imports.items():
        below[_room(module, known)] |= {_room(other, known) for other in imported}
    lines = []
    for room in known:
        floor, _, name = room.partition(".")
        indent = "  " if name else ""
        lines.append(f"{indent + (name or floor) + '/':<18}{_purpose(room)}")
        standing = sorted(other for other in below[room] if other not in (room, floor) and room != _floor(other))
        if on := "; ".join(f"{start}{', '.join(others)}" for start, others in _by_floor(standing, floor).items()):
            lines.append(f"{'':<18}  → {on}")
    return "\n".join(lines) + "\n"


def _room(module: str, known: list[str]) -> str:
    parts = module.split(".")
    return next(name for name in (".".join(parts[:2]), parts[0]) if name in known)


def _floor(room: str) -> str:
    return room.partition(".")[0]


def _by_floor(standing: list[str], own: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for other in standing:
        floor, _, name = other.partition(".")
        found.setdefault("" if floor == own or not name else f"{floor}: ", []).append(name or floor)
    return found


def current() -> str:
    return DOC.read_text().partition(BEGIN)[2].partition(END)[0]


if __name__ == "__main__":
    before, _, rest = DOC.read_text().partition(BEGIN)
    DOC.write_text(f"{before}{BEGIN}{drawing()}{END}{rest.partition(END)[2]}")
