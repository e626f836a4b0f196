"""How our templates are read: their words in French typography (docs/decisions/typography.md)."""

from django.template.loaders.filesystem import Loader

from socle.francais.typographie import typographie_template


class Francais(Loader):
    """Reads `templates/`. The words of public pages get their blanks, quotes and apostrophes; the desk's are Django's.

    Once for each template and process: the cached loader around it keeps what was compiled.
    """

    def get_contents(self, origin):
        source = super().get_contents(origin)
        name = origin.template_name
        public = name.endswith(".html") and "/admin/" not in f"/{name}"
        return typographie_template(source) if public else source
