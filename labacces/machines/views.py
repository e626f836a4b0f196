"""robots.txt, security.txt, and the page on how to embed a list in another site."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fiches import registre
from labacces.recherche import SITE

# Not public: the desk, previews, links in mails. `oembed` refuses them too.
PRIVES = (
    "/admin/",
    "/apercu/",
    "/inscription/",
    "/contacter/stop/",
    "/exploration/confirmer/",
    "/exploration/ma-fiche/",
    "/alertes/confirmer/",
    "/alertes/la-mienne/",
    "/contribuer/correction/",
    "/contribuer/confirmer/",
    "/contribuer/suivi/",
    "/contribuer/suite/",
)
# Robots follow pages of a list without criteria. Lists with criteria have no end.
PAGES = ("page", "apres")
INTEGRER = {"titre": "Montrer nos fiches dans votre site"}
EXPIRES = timedelta(days=180)  # RFC 9116 recommends less than a year


def text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(max_age=24 * 3600, public=True)
def robots(request):
    """RFC 9309: the longest matching rule wins."""
    lines = ["User-agent: *", "Allow: /", *(f"Disallow: {address}" for address in PRIVES)]
    lines += [
        f"Disallow: /{SITE.adresse}*?",
        "Disallow: /integrer/*?",
        "Disallow: /p/*/historique/",
        "Disallow: /alertes/*?",
    ]
    lines += [f"Disallow: {reverse(f'{SITE.espace}:{cle}')}?" for cle in SITE.racine]
    for one in registre.types():
        lines += [f"Disallow: /{one.adresse}*?", *(f"Allow: /{one.adresse}/?{name}=" for name in PAGES)]
    return text([*lines, "", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"])


@require_safe
@cache_control(max_age=24 * 3600, public=True)
def security(request):
    """RFC 9116. The end date moves each day, so it never comes near."""
    contact = settings.CONTACT_SECURITE or settings.SITE_URL + reverse("contacter:equipe")
    expires = datetime.combine(timezone.now().astimezone(UTC).date(), time.min, UTC) + EXPIRES
    return text(
        [
            f"Contact: {contact}",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: fr",
            f"Canonical: {settings.SITE_URL}{reverse('security')}",
        ]
    )


@require_safe
def integrer(request):
    return render(request, "integrer.html", {"page": INTEGRER, "types": registre.types()})
