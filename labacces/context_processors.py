"""What every page prints: the menu, from the registre, and where the search box leads."""

from django.conf import settings
from django.urls import reverse

from fiches import registre


def site(request):
    types = registre.types()
    return {
        "types_de_fiche": types,
        "adresse_recherche": reverse(types[0].url_name) if types else "/",
        "site_url": settings.SITE_URL,
    }
