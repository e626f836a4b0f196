"""What the pages about the site add to the home of the desk."""

from fiches.acces import admin_url
from labacces.pages import operateur
from labacces.pages.models import Renseignements
from socle.bureau.ajouts import Ajout


class OrganismeAjout(Ajout):
    """What the operator has still to say, among what waits."""

    def links(self, site, request, addresses):
        if not site.get_model_admin(Renseignements).has_change_permission(request):
            return
        if number := len(Renseignements.given().missing()) + len(operateur.manquants()):
            yield f"Renseignements de l’organisme : {number} à compléter", admin_url(Renseignements, "changelist")
