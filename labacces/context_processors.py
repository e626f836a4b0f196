"""What every page needs: the types for the menu, the address of the search, the site's address."""

from django.conf import settings

from fiches import registre
from socle.vues.vue import address_of


def site(request):
    return {
        "types_de_fiche": registre.types(),
        "adresse_recherche": address_of("recherche:list"),
        "site_url": settings.SITE_URL,
    }
