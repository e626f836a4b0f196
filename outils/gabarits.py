"""Typography of templates, written by `make format`, checked by `make lint`: French blanks and quotes, line length.

    .venv/bin/python outils/gabarits.py [--check]

It concerns public pages and HTML mails: Django writes the desk, and in plain text each line is content. No-break spaces
are the characters U+00A0 and U+202F (docs/decisions/typography.md). Cut long lines by hand, at a blank, or where no
blank is printed (docs/decisions/templates.md).
"""

import argparse
import re
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))

from socle.francais.typographie import typographie_template  # noqa: E402

GABARITS = [RACINE / "templates", *sorted(RACINE.glob("*/templates"))]  # an app that may leave has its own
LONGUEUR = 120
# Here a line break would be printed, or a syntax error.
_WHOLE = re.compile(
    r"\{% block description %\}.*?\{% endblock %\}"  # an attribute of base.html contains it
    r"|\{%.*?%\}|\{\{.*?\}\}|\{\#.*?\#\}|=\"(?:\{%.*?%\}|\{\{.*?\}\}|[^\"])*\""
)


def formatted(name: str, source: str) -> str:
    """The right text of the template `name`."""
    public = name.endswith(".html") and "/admin/" not in f"/{name}"
    return typographie_template(source) if public else source


def too_long(line: str) -> bool:
    """Whether a line has more than 120 characters, and a blank where it can be cut."""
    return len(line) > LONGUEUR and " " in _WHOLE.sub("-", line.strip())


def main(arguments=None) -> int:
    """Prints what is left to do. Returns 0 if nothing is, otherwise 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, list what would change")
    check = parser.parse_args(arguments).check
    wrong = []
    for path in sorted(path for folder in GABARITS for path in folder.rglob("*.html")):
        name, source = path.relative_to(RACINE).as_posix(), path.read_text(encoding="utf-8")
        better = formatted(name.partition("templates/")[2], source)
        if better != source and check:
            wrong.append(f"{name}: not in French typography; run `make format`")
        elif better != source:
            path.write_text(better, encoding="utf-8", newline="\n")
        for number, line in enumerate(better.splitlines(), 1):
            if too_long(line):
                wrong.append(f"{name}:{number}: {len(line)} signs, over {LONGUEUR}")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
