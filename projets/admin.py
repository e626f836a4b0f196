"""The desk of France Relance projects."""

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.forms import FileInput
from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html

from fiches.admin import FicheAdmin
from fiches.list_filters import ClassementListFilter
from fiches.suivi.lignes import LignesFormSet
from projets.models import Annexe, Projet, is_replaced
from projets.subventions import in_words, is_complete, of_the_site
from socle.bureau.list_filters import CaseListFilter, UsedListFilter
from socle.francais.wording import euros

UNKNOWN = Q(montant_eur__isnull=True) | Q(montant_eur=0)


class MontantListFilter(CaseListFilter):
    title = "montant"
    parameter_name = "montant"
    cases = [("connu", "renseigné", ~UNKNOWN), ("inconnu", "non renseigné", UNKNOWN)]


class RemplaceeListFilter(CaseListFilter):
    title = "version"
    parameter_name = "remplacee"
    cases = [("oui", "remplacées par une plus récente", is_replaced()), ("non", "à jour", ~is_replaced())]


class SubventionListFilter(CaseListFilter):
    title = "données ouvertes"
    parameter_name = "subvention"

    def cases_of(self, model):
        complete = is_complete()
        return [
            ("a-completer", "à compléter", ~complete & ~is_replaced()),
            ("complete", "dans le fichier des subventions", complete & ~is_replaced()),
        ]


class AnnexeInline(admin.TabularInline):
    model = Annexe
    saisie_gardee = True
    formset = LignesFormSet
    extra = 1
    fields = ["titre", "fichier", "download", "nom_origine"]
    readonly_fields = ["download"]
    ajouter = "Ajouter une annexe"
    verbose_name_plural = "annexes (jamais publiées)"
    # Django's own file field links to MEDIA_URL, which nothing serves.
    formfield_overrides = {models.FileField: {"widget": FileInput}}

    def get_fields(self, request, obj=None):
        return self.fields if obj else self.fields[:-1]  # a new record has no name from the old site

    @admin.display(description="fichier joint")
    def download(self, annexe):
        if not annexe.pk or not annexe.fichier:
            return "aucun"
        address = reverse("admin:projets_projet_annexe", args=[annexe.projet_id, annexe.pk])
        return format_html('<a href="{}">télécharger</a>', address)


def _subventions_in_words() -> str:
    """Help for the national schema, with the operator's values."""
    site = of_the_site()
    payer = " ".join(filter(None, (site["nomAttribuant"], site["idAttribuant"]))) or "pas encore dit"
    return format_html(
        "<p>Ces champs placent la fiche dans le fichier public des subventions, au format national, dès qu’elle est "
        "publiée et que rien d’obligatoire n’y manque. Laissez vide ce que vous ne savez pas. Qui attribue la "
        "subvention se dit dans les réglages du site : {}.</p>"
        "<p><a href='{}'>Voir ce fichier et ce qui y manque</a></p>",
        payer,
        reverse("projets:subventions"),
    )


@admin.register(Projet)
class ProjetAdmin(FicheAdmin):
    champs = [
        (None, {"fields": ["titre", "collectivite", "departement", "intercommunalite", "commune"]}),
        ("Le projet", {"fields": ["description", "objectifs"]}),
        ("Le financement", {"fields": ["montant_eur", "montant_source"]}),
        ("Ce qui a suivi", {"fields": ["suivi", "engagements", "remplace", "remplacee_par"]}),
        (
            "Données ouvertes (subventions)",
            {
                "fields": [
                    "siret",
                    "rna",
                    "convention_le",
                    "decision",
                    "nature",
                    "versement",
                    "verse_le",
                    "verse_jusqu_au",
                    "part_pourcent",
                    "notification_ue",
                    "dispositif",
                ],
                "description": lazy(_subventions_in_words, str)(),
            },
        ),
    ]
    repris = ["montant_source"]
    champs_affiches = ["titre_court", "collectivite_courte"]
    readonly_fields = [*FicheAdmin.readonly_fields, "remplacee_par"]
    autocomplete_fields = ["commune", "intercommunalite", "remplace"]
    inlines = [*FicheAdmin.inlines, AnnexeInline]

    list_display = [
        "collectivite_affichee",
        "titre_affiche",
        "departement_code",
        "montant",
        "liste_themes",
        "statut",
        "modifiee_le",
    ]
    list_display_links = ["titre_affiche"]
    list_select_related = ["departement"]
    list_filter = [
        "statut",
        ("departement", UsedListFilter),
        MontantListFilter,
        RemplaceeListFilter,
        SubventionListFilter,
        ClassementListFilter,
        ("themes", UsedListFilter),
    ]
    search_fields = ["titre", "collectivite", "collectivite_tri"]
    resume = "admin/projets/_chiffres.html"

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if name := {"nature": "nature", "notification_ue": "notificationUE"}.get(db_field.name):
            said = in_words(name, of_the_site()[name])
            kwargs["choices"] = [("", f"comme le site : {said}" if said else "non renseigné"), *db_field.choices]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_urls(self):
        return [self.path("<int:pk>/annexe/<int:annexe>/", self.annexe_view, "annexe"), *super().get_urls()]

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
