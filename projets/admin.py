"""The editors' desk for France Relance sheets."""

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.forms import FileInput
from django.http import FileResponse, Http404
from django.urls import path, reverse
from django.utils.html import format_html

from fiches.admin import FicheAdmin
from fiches.list_filters import ClassementListFilter
from fiches.suivi.lignes import LignesFormSet
from projets.models import Annexe, Projet, is_replaced
from socle.bureau.list_filters import CaseListFilter, UsedListFilter
from socle.francais.mots import euros

UNKNOWN = Q(montant_eur__isnull=True) | Q(montant_eur=0)


class MontantListFilter(CaseListFilter):
    title = "montant"
    parameter_name = "montant"
    cases = [("connu", "renseigné", ~UNKNOWN), ("inconnu", "non renseigné", UNKNOWN)]


class RemplaceeListFilter(CaseListFilter):
    title = "version"
    parameter_name = "remplacee"
    cases = [("oui", "remplacées par une plus récente", is_replaced()), ("non", "à jour", ~is_replaced())]


class AnnexeInline(admin.TabularInline):
    model = Annexe
    formset = LignesFormSet
    extra = 1
    fields = ["titre", "fichier", "download", "nom_origine"]
    readonly_fields = ["download"]
    ajouter = "Ajouter une annexe"
    verbose_name_plural = "annexes (jamais publiées)"
    # A bare file field: Django's own prints an address under MEDIA_URL, which nothing serves.
    formfield_overrides = {models.FileField: {"widget": FileInput}}

    @admin.display(description="fichier joint")
    def download(self, annexe):
        if not annexe.pk or not annexe.fichier:
            return "aucun"
        address = reverse("admin:projets_projet_annexe", args=[annexe.projet_id, annexe.pk])
        return format_html('<a href="{}">télécharger</a>', address)


@admin.register(Projet)
class ProjetAdmin(FicheAdmin):
    champs = [
        (None, {"fields": ["titre", "collectivite", "departement", "intercommunalite", "commune"]}),
        ("Le projet", {"fields": ["description", "objectifs"]}),
        ("Le financement", {"fields": ["montant_eur", "montant_source"]}),
        ("Ce qui a suivi", {"fields": ["suivi", "engagements", "remplace", "remplacee_par"]}),
    ]
    champs_affiches = ["titre_court", "collectivite_courte"]
    readonly_fields = [*FicheAdmin.readonly_fields, "remplacee_par"]
    autocomplete_fields = ["commune", "intercommunalite", "remplace"]
    inlines = [*FicheAdmin.inlines, AnnexeInline]

    list_display = [
        *("collectivite_affichee", "titre_affiche", "departement_code", "montant"),
        *("liste_themes", "statut", "modifiee_le"),
    ]
    list_display_links = ["titre_affiche"]
    list_select_related = ["departement"]
    list_filter = [
        "statut",
        ("departement", UsedListFilter),
        MontantListFilter,
        RemplaceeListFilter,
        ClassementListFilter,
        ("themes", UsedListFilter),
    ]
    search_fields = ["titre", "collectivite", "collectivite_tri"]
    resume = "admin/projets/_chiffres.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.annexe_view)
        return [path("<int:pk>/annexe/<int:annexe>/", view, name="projets_projet_annexe"), *super().get_urls()]

    def annexe_view(self, request, pk, annexe):
        """A joined file, for editors only, always as a download."""
        self.key(pk), self.key(annexe)
        row = Annexe.objects.filter(projet=pk, pk=annexe).first()
        if row is None or not row.fichier or not self.has_view_permission(request, row.projet):
            raise Http404("Ce fichier n’existe pas.")
        try:
            content = row.fichier.open("rb")
        except FileNotFoundError as error:
            raise Http404("Ce fichier n’est plus dans le dossier des fichiers.") from error
        name = row.fichier.name.rsplit("/", 1)[-1]
        return FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")

    def for_list(self, queryset):
        return super().for_list(queryset).with_versions()

    def get_resume(self, queryset):
        return {"chiffres": queryset.figures()}

    @admin.display(description="collectivité", ordering="collectivite_tri")
    def collectivite_affichee(self, projet):
        return projet.collectivite_publique

    @admin.display(description="titre", ordering="titre_public")
    def titre_affiche(self, projet):
        if projet.is_remplacee:
            return format_html('{} <span class="etiquette">remplacée</span>', projet.titre_public)
        return projet.titre_public

    @admin.display(description="département", ordering="departement")
    def departement_code(self, projet):
        return projet.departement_id or "inconnu"

    @admin.display(description="montant", ordering="montant_eur")
    def montant(self, projet):
        return euros(projet.montant_eur) if projet.montant_connu else "non renseigné"

    @admin.display(description="remplacée par")
    def remplacee_par(self, projet):
        later = projet.remplacee_par()
        if later is None:
            return "Aucune fiche publiée."
        return format_html('<a href="{}">{}</a>', reverse("admin:projets_projet_change", args=[later.pk]), later)
