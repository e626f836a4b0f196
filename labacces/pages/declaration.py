"""What the pages of the site hold, for the registry of personal data."""

from labacces.pages import operateur
from labacces.pages.desk import OrganismeAjout
from labacces.pages.models import Renseignements
from socle.comptes import roles
from socle.rooms import Room

ROOM = Room(
    sans_personne={
        "pages.Page": "texte public de l’éditeur du site",
        "pages.Renseignements": "ce que l’organisme publie de lui-même",
    },
    droits={"pages.page": roles.A_REGLER, "pages.renseignements": roles.A_REGLER},
    ajouts=(OrganismeAjout(),),
    licence=lambda: Renseignements.given().licence_choisie,
    depend=operateur.logos,
)
