"""The desk for alerts: who follows what. Nobody writes one here, or mails its people."""

from django.contrib import admin

from participants.admin import dated
from participants.alertes.models import Alerte
from socle.bureau.read_only import ReadOnlyAdmin
from socle.vie_privee.consultation_admin import ListeDePersonnes


@admin.register(Alerte)
class AlerteAdmin(ReadOnlyAdmin, ListeDePersonnes):
    """Each leaves with its person, by the purge, or with all that is about them."""

    explication = "Qui suit une liste du site, et reçoit un courriel quand il y a du nouveau."
    list_display = ["demandee", "courriel", "mots", "rythme", "etat"]
    list_display_links = ["demandee", "courriel"]
    list_filter = ["etat", "rythme"]
    search_fields = ["courriel", "mots"]
    search_help_text = "Adresse ou mot de ce qui est demandé."
    fields = [
        "etat",
        "courriel",
        "mots",
        "rythme",
        "cree_le",
        "confirmee_le",
        "signe_le",
        "numero",
        "accord",
    ]
    readonly_fields = fields

    def lookup_allowed(self, lookup, value, request=None):
        """Nobody asks for a set of ids."""
        return not lookup.startswith("inachevees") and super().lookup_allowed(lookup, value, request)

    demandee = dated("cree_le", "demandée le")
