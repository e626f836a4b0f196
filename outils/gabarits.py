"""What `make format` writes into templates and `make lint` checks: French blanks, quotes, apostrophes; no long line.

    .venv/bin/python outils/gabarits.py [--check]

Typography is for the words of public pages and of mails in HTML; the desk's are left as Django has them, and in plain
text a line is content. No-break spaces are written as the characters U+00A0 and U+202F (docs/decisions/typography.md).
Lines are cut by hand, where a blank already stands or none is printed (docs/decisions/templates.md).
"""

import argparse
import re
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))

from socle.francais.typographie import typographie_template  # noqa: E402

GABARITS = [RACINE / "templates", *sorted(RACINE.glob("*/templates"))]  # an app that can leave takes its own along
LONGUEUR = 120
# Where a line break would be an error of syntax, or would be printed.
_WHOLE = re.compile(
    r"\{% block description %\}.*?\{% endblock %\}"  # stands in an attribute of base.html
    r"|\{%.*?%\}|\{\{.*?\}\}|\{\#.*?\#\}|=\"(?:\{%.*?%\}|\{\{.*?\}\}|[^\"])*\""
)


def formatted(name: str, source: str) -> str:
    """`source` as it should stand in the template `name`."""
    public = name.endswith(".html") and "/admin/" not in f"/{name}"
    return typographie_template(source) if public else source


def too_long(line: str) -> bool:
    """Whether a line is over 120 signs and has a blank where it can be cut."""
    return len(line) > LONGUEUR and " " in _WHOLE.sub("-", line.strip())


def main(arguments=None) -> int:
    """0 if nothing is left to do, else 1 and what that is."""
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
