"""Tags for heads of pages: sharing, canonical address, schema.org."""

import re
from functools import cache
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from labacces.machines import schema
from socle.vues.vue import address_of

register = template.Library()


class Capture(template.Node):
    """Stores a part of the template on one line, under a name: titles are used several times."""

    def __init__(self, nom: str, nodelist):
        self.nom, self.nodelist = nom, nodelist

    def render(self, context):
        said = re.sub(r"[ \t\n]+", " ", self.nodelist.render(context)).strip()
        context[self.nom] = mark_safe(said.replace('"', "&quot;"))  # noqa: S308 - the template has escaped it
        return ""


@register.tag
def capture(parser, token):
    """{% capture titre %}{% block titre %}{% endblock %}{% endcapture %}, then {{ titre }}, also in attributes."""
    _, nom = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return Capture(nom, nodelist)


@register.simple_tag(takes_context=True)
def adresse_canonique(context) -> str:
    """The page's one address: without page number or added parameters; a list keeps its criteria."""
    selection, path = context.get("selection"), context["request"].path
    criteria = [pair for pair in selection.pairs(keeps=()) if pair[0] != "tri"] if selection else []
    query = urlencode(criteria)
    return f"{settings.SITE_URL}{path}" + (f"?{query}" if query else "")


@register.simple_tag
def image_de_partage(declaration) -> str:
    """The picture shown with a link: the type's if it is drawn, or the site's."""
    return f"{settings.SITE_URL}{static(_picture(getattr(declaration, 'cle', None)))}"


@cache
def _picture(cle: str | None) -> str:
    drawn = f"partage/{cle}.png"
    return drawn if finders.find(drawn) else "partage/site.png"


@register.simple_tag
def adresse_oembed(adresse: str) -> str:
    """Where programs ask how to embed this page."""
    return f"{settings.SITE_URL}{address_of('oembed')}?{urlencode({'url': adresse, 'format': 'json'}, safe='/:?=')}"


@register.simple_tag
def schema_du_site() -> SafeString:
    return schema.script(schema.site())


@register.simple_tag
def schema_de_liste(declaration) -> SafeString:
    return schema.script(schema.liste(declaration))


@register.simple_tag
def schema_de_fiche(fiche, declaration) -> SafeString:
    return schema.script(schema.fiche(fiche, declaration))
