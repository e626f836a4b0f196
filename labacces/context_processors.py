"""What every page prints: the menu, from the registre, and where the search box leads."""

from django.conf import settings

from fiches import registre
from socle.vues.vue import address_of


def site(request):
    return {
        "types_de_fiche": registre.types(),
        "adresse_recherche": address_of("recherche:list"),
        "site_url": settings.SITE_URL,
    }
