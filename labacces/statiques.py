"""Static files: without comments and blanks, compressed, named by content."""

import re

import rcssmin
import rjsmin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# rcssmin drops the blank of « .pages :is(a) », which changes its meaning; « .pages *:is(a) » is the same.
_DESCENDANT = re.compile(r"(?<=[\w\])]) (?=:(?:is|where|not|has)\()")


def smaller_sheet(text: str) -> str:
    return rcssmin.cssmin(_DESCENDANT.sub(" *", text))


SMALLER = {".css": smaller_sheet, ".js": rjsmin.jsmin}


class StatiquesStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage, with smaller style sheets and scripts."""

    def _save(self, name, content):
        for suffix, smaller in SMALLER.items():
            if name.endswith(suffix) and not name.endswith(".min" + suffix):
                content.seek(0)  # it was read to compute its name
                content = ContentFile(smaller(content.read().decode()).encode())
        return super()._save(name, content)
