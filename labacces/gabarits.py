"""Loads templates without the blanks of their layout: a third of a page's size before compression.
TEMPLATES names it.
"""

import re
from itertools import pairwise

from django.template.loaders import app_directories, filesystem

INDENTATION = re.compile(r"\n[ \t]+")
TAG = re.compile(r"\{% *(\w+)[^\n]*?%\}")
BETWEEN = {"elif", "else", "empty"}
SILENT = {"load", "comment", "endcomment"}


def condensed(source: str) -> str:
    """The template without indentation and needless line breaks; it prints the same words.

    If all tags of a block stand alone on lines, the breaks after them go. The breaks before them separate words.
    """
    source = INDENTATION.sub("\n", source)
    tags = list(TAG.finditer(source))
    paired = {tag[1][3:] for tag in tags if tag[1].startswith("end")} - {"block", "comment"}
    breaks, blocks = set(), []
    for tag in tags:
        name = tag[1]
        if name in paired:
            blocks.append((name, []))
        if blocks and (name in BETWEEN or name.removeprefix("end") == blocks[-1][0]):
            blocks[-1][1].append(tag.end() if _alone(source, tag) else None)
        if name in SILENT and _alone(source, tag):
            breaks.add(tag.end())
        if blocks and name == f"end{blocks[-1][0]}":
            ends = blocks.pop()[1]
            breaks.update(ends if None not in ends else ())
    parts = [-1, *sorted(breaks), len(source)]
    return "".join(source[start + 1 : end] for start, end in pairwise(parts))


def _alone(source: str, tag: re.Match) -> bool:
    return source[tag.start() - 1 : tag.start()] in ("", "\n") and source[tag.end() : tag.end() + 1] == "\n"


class Condensed:
    # `get_contents` is the method that Django documents. To condense each page at each request would cost more, and
    # touch the blanks of texts.
    def get_contents(self, origin) -> str:
        source = super().get_contents(origin)
        return condensed(source) if origin.name.endswith(".html") else source


class Filesystem(Condensed, filesystem.Loader):
    """Loads the templates of `templates/`."""


class AppDirectories(Condensed, app_directories.Loader):
    """Loads the templates of apps, Django's included."""
