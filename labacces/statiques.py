"""Static files as a reader gets them: without comments and blanks, compressed, under a name of their content."""

import re

import rcssmin
import rjsmin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# « .pages :is(a), .b » lost its blank, and its meaning, in the hands of rcssmin; « .pages *:is(a), .b » says the same.
_DESCENDANT = re.compile(r"(?<=[\w\])]) (?=:(?:is|where|not|has)\()")


def smaller_sheet(text: str) -> str:
    return rcssmin.cssmin(_DESCENDANT.sub(" *", text))


SMALLER = {".css": smaller_sheet, ".js": rjsmin.jsmin}


class StatiquesStorage(CompressedManifestStaticFilesStorage):
    """Files of whitenoise's storage, style sheets and scripts made smaller first."""

    def _save(self, name, content):
        for suffix, smaller in SMALLER.items():
            if name.endswith(suffix) and not name.endswith(".min" + suffix):
                content.seek(0)  # its name was made of what it holds
                content = ContentFile(smaller(content.read().decode()).encode())
        return super()._save(name, content)
