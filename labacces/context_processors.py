"""What every page needs: types for the menu, addresses of the search and the site."""

from django.conf import settings

from fiches import registre
from socle.vues.vue import address_of


def site(request):
    return {
        "types_de_fiche": registre.types(),
        "adresse_recherche": address_of("recherche:list"),
        "site_url": settings.SITE_URL,
    }
