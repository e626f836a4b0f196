"""Public pages of the agenda."""

from django.utils.functional import cached_property

from fiches.views import FicheDetailView, FicheListView, facet_link, way_out
from participants.evenements.agenda import ABONNEMENT, ICS
from participants.evenements.columns import EVENEMENT_COLUMNS
from participants.evenements.filters import EvenementFilterSet
from participants.evenements.models import Evenement
from socle.francais.prose import site_of
from socle.francais.typographie import nom

OTHERS = 4


class EvenementListView(FicheListView):
    template_name = "evenements/evenement_list.html"
    filterset_class = EvenementFilterSet
    related = ("departement", "commune__intercommunalite")
    columns = EVENEMENT_COLUMNS
    tableau = ("debut", "lieu", "departement", "themes")
    suivre = "Être prévenu·e des prochaines rencontres"
    a_suivre = (("quand", "a-venir"),)
    vues = (ABONNEMENT, ICS)

    def get_context(self, selection, page, unknown_page):
        context = super().get_context(selection, page, unknown_page)
        first = page[0] if page.number == 1 and page.object_list and selection.tri == "date" else None
        # Coming events are first in this order.
        return context | {"rien_a_venir": bool(first) and not selection.values and first.is_passe}


class EvenementDetailView(FicheDetailView):
    model = Evenement
    template_name = "evenements/evenement_detail.html"
    related = ("departement", "commune")
    sections = {"resume": "la rencontre", "programme": "au programme", "suites": "après la rencontre"}

    @cached_property
    def seats(self) -> str:
        return self.object.places_en_mots()

    def keys(self, fiche):
        left = self.seats[:1].lower() + self.seats[1:]
        all_left = left == f"il reste {fiche.places}"
        return [
            ("date", fiche.quand or "pas encore fixée", ""),
            ("lieu", nom(fiche.lieu_affiche), ""),
            ("adresse", fiche.adresse, ""),
            ("département", fiche.departement, facet_link(fiche, "departement", fiche.departement)),
            ("places", fiche.places if all_left else ", ".join(filter(None, (fiche.places, left))), ""),
            ("inscriptions", fiche.inscriptions_en_mots, ""),
            ("lien", *way_out(fiche.lien_externe, site_of(fiche.lien_externe))),
        ]

    def get_context_data(self, **kwargs):
        others = Evenement.objects.published().exclude(pk=self.object.pk).in_order()
        site = site_of(self.object.lien_externe)
        context = super().get_context_data(autres=list(others[:OTHERS]), lien_site=site, **kwargs)
        return context | {"places": self.seats}
