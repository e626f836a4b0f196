"""What `make format` writes into templates and `make lint` checks: French blanks, quotes and apostrophes.

    .venv/bin/python outils/gabarits.py [--check]

The words of public pages and of mails in HTML; the desk's are left as Django has them, and in plain text a line is
content. No-break spaces are written as the characters U+00A0 and U+202F (docs/decisions/typography.md).
"""

import argparse
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))

from socle.francais.typographie import typographie_template  # noqa: E402

GABARITS = RACINE / "templates"


def formatted(name: str, source: str) -> str:
    """`source` as it should stand in the template `name`."""
    public = name.endswith(".html") and "/admin/" not in f"/{name}"
    return typographie_template(source) if public else source


def main(arguments=None) -> int:
    """0 if nothing was to be said, 1 with the list of files under --check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, list what would change")
    check = parser.parse_args(arguments).check
    wrong = []
    for path in sorted(GABARITS.rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        better = formatted(path.relative_to(GABARITS).as_posix(), source)
        if better == source:
            continue
        wrong.append(path.relative_to(RACINE).as_posix())
        if not check:
            path.write_text(better, encoding="utf-8", newline="\n")
    if check and wrong:
        print(*(f"{name}: not in French typography; run `make format`" for name in wrong), sep="\n")
    return int(check and bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
