"""The admin that all record types share. A type extends FicheAdmin; see projets/admin.py."""

from functools import partial

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Case, Q, Value, When
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.html import format_html

from fiches import choice_lists_admin  # noqa: F401 - registers itself
from fiches.acces import TextesPublicsAdmin, is_withheld, may_change
from fiches.attached import Contact, FichierInterne, FichierJoint
from fiches.desk_base import desk_page
from fiches.inlines import ContactInline, FichierInterneInline, FichierJointInline
from fiches.list_filters import AReprendreListFilter, FraicheurListFilter, ManqueListFilter
from fiches.suivi.batch_admin import LotsAdmin
from fiches.suivi.concurrence import FicheForm, bump, what_was_typed
from fiches.suivi.corbeille_desk_views import CorbeilleAdmin
from fiches.suivi.desk_views import HistoriqueDeFicheAdmin
from fiches.suivi.fraicheur_desk_views import FraicheurAdmin
from fiches.suivi.fusion_desk_views import FusionAdmin
from fiches.tableur.desk_views import TableurAdmin
from socle.annuaire.models import PREPARATION, Statut
from socle.bureau import ajouts
from socle.bureau.saisie import SaisieGardeeAdmin
from socle.bureau.widgets import TexteWidget
from socle.catalogue.filters import MontantSaisiField
from socle.comptes.roles import can_publish
from socle.francais.wording import moment
from socle.medias.fichiers import extension, hand_over
from socle.recherche.query import matching, understand
from socle.territoires.models import Departement
from socle.vie_privee.models import TexteIntegral

LISTED = 1_000  # most records found by a part of their title
READ = 5_000  # most drafts whose words are searched, the last changed first

NOT_YOURS = {
    "invalid_choice": "Vous ne pouvez pas publier ni retirer une fiche : enregistrez-la « à relire », l’animation la "
    "publiera."
}


class FicheChangeList(ChangeList):
    """A list of records, with what its rows show."""

    def get_results(self, request):
        self.queryset = self.model_admin.for_list(self.queryset)
        super().get_results(request)


class FicheAdmin(
    TextesPublicsAdmin,
    SaisieGardeeAdmin,
    CorbeilleAdmin,
    TableurAdmin,
    LotsAdmin,
    FusionAdmin,
    FraicheurAdmin,
    HistoriqueDeFicheAdmin,
):
    """The admin of a record type. A subclass gives its list, its filters and:

    - `champs`: fieldsets, in the form's order;
    - `champs_affiches`: fields that only change how pages show the record;
    - `cochees`: many-to-many fields shown as checkboxes;
    - `repris`: fields of the old site, absent from the form of a new record;
    - `resume`: a template for figures of the filtered list, with `get_resume(queryset)` as context.
    """

    form = FicheForm
    inlines = [ContactInline]
    champs = ()
    champs_affiches = ()
    cochees = ["themes"]
    repris = ("nom_origine",)
    resume = None
    actions = [*LotsAdmin.actions, *FraicheurAdmin.actions, *FusionAdmin.actions, *CorbeilleAdmin.actions]
    list_per_page = 50
    save_on_top = True
    change_form_template = "admin/fiches/fiche_change_form.html"
    change_list_template = "admin/fiches/fiche_change_list.html"
    search_help_text = "Mots de la fiche, avec ou sans accents. « mots exacts » entre guillemets, -mot pour exclure."
    formfield_overrides = {
        models.TextField: {"widget": TexteWidget},
        models.URLField: {"assume_scheme": "https"},
        models.DecimalField: {"form_class": MontantSaisiField},
    }
    readonly_fields = [
        "origine",
        "lien_permanent",
        "choix_des_themes",
        "cree_le",
        "publication",
        "modifiee_le",
        "version",
    ]

    def get_urls(self):
        return [self.path("<int:pk>/interne/<int:fichier>/", self.interne_view, "interne"), *super().get_urls()]

    def interne_view(self, request, pk, fichier):
        """Download a file that the team keeps for itself."""
        self.key(pk), self.key(fichier)
        row = FichierInterne.objects.filter(entree=pk, pk=fichier).select_related("entree").first()
        fiche = self.get_object(request, str(pk))
        if (
            row is None
            or fiche is None
            or not self.has_view_permission(request, fiche)
            or is_withheld(request.user, row)
        ):
            raise Http404("Ce fichier n’existe pas.")
        return hand_over(request, row.fichier.name, sous=row.nom)

    # Who decides what becomes public

    def has_publish_permission(self, request):
        return can_publish(request.user) and self.has_change_permission(request)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or may_change(request.user, obj))

    def get_readonly_fields(self, request, obj=None):
        """Only those who may publish change the state of a public record."""
        decided = obj is not None and obj.is_publiee and not can_publish(request.user)
        return [*super().get_readonly_fields(request, obj), *(["statut"] if decided else [])]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "statut":
            states = [statut for statut in Statut if statut != Statut.CORBEILLE]  # deleting puts a record into the bin
            if not can_publish(request.user):
                states, kwargs["error_messages"] = PREPARATION, NOT_YOURS
            kwargs["choices"] = [(statut.value, statut.label) for statut in states]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    # The form

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        for ajout in ajouts.of(self.model):
            initial |= ajout.initial(request, self.model)
        return initial

    def get_inlines(self, request, obj):
        found = list(super().get_inlines(request, obj))
        if obj is None:
            return found
        joined, internal = (
            model.objects.filter(entree=obj.pk).order_by().values_list(Value(model is FichierInterne))
            for model in (FichierJoint, FichierInterne)
        )
        kinds = {kind for (kind,) in joined.union(internal)}
        return found + [FichierJointInline] * bool(kinds) + [FichierInterneInline] * any(kinds)

    def get_fieldsets(self, request, obj=None):
        shown = [*self.champs_affiches, "fait", "slug", "statut", "themes"]
        asked = [
            (title, options | {"fields": [name for name in options["fields"] if obj or name not in self.repris]})
            for title, options in self.champs
        ]
        fieldsets = [
            *asked,
            ("Ce que montrent les pages", {"fields": [*shown, *(["choix_des_themes"] if obj else [])]}),
        ]
        if obj:
            fields = ["lien_permanent", "origine", "cree_le", "publication", "modifiee_le", "version"]
            fieldsets.append(("Origine et dates", {"fields": fields}))
        return fieldsets

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is Departement:  # the site’s own region first
            elsewhere = Case(When(region=settings.REGION, then=0), default=1)
            kwargs["queryset"] = Departement.objects.order_by(elsewhere, "code")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.cochees:
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def gone_page(self, request, object_id):
        """What an editor typed on a record that was deleted meanwhile: shown to be copied, not saved."""
        binned = self.get_object(request, object_id)
        if (binned and binned.statut != Statut.CORBEILLE) or not self.has_change_permission(request):
            return None
        formsets = [inline.get_formset(request)(request.POST) for inline in self.get_inline_instances(request)]
        context = {
            "title": "Cette fiche n’existe plus",
            "corbeille": binned and self._address("change", binned),
            "saisie": what_was_typed(self.get_form(request)(request.POST), formsets),
        }
        return desk_page(self, request, "admin/fiches/disparue.html", context, status=410)

    def save_model(self, request, obj, form, change):
        """Does nothing: `save_related` saves the record and its rows in one call."""

    def save_related(self, request, form, formsets, change):
        fiche, rows = form.instance, partial(super().save_related, request, form, formsets, change)
        if form.fields_changed or not change:
            if "themes" in form.changed_data:
                fiche.themes_automatiques = not form.cleaned_data["themes"]
            fiche._history_user = request.user
            fiche.save(rows=rows, retrait=form.retrait)
        else:
            rows()
            if any(formset.has_changed() for formset in formsets):
                bump(fiche)
        for ajout in ajouts.of(self.model):
            if words := ajout.save(request, fiche, created=not change):
                self.log_change(request, fiche, words)
        self.save_veille(request, fiche)

    def construct_change_message(self, request, form, formsets, add=False):
        """The message for the admin's log, without names of persons."""
        message = super().construct_change_message(request, form, formsets, add)
        for part in message:
            for what in part.values():
                if what.get("name") == str(Contact._meta.verbose_name):
                    what["object"] = "nom non conservé"
        return message

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj:
            context["corbeille"] = self.in_bin(obj)
            if not (context["corbeille"] or may_change(request.user, obj)):
                message = "Cette fiche a été retirée du site : seule l’animation peut la modifier. Vous pouvez la lire."
                self.message_user(request, message, messages.INFO)
            context["fusion"] = self.merged_into(obj)
            context["veille"] = self.veille_part(request, obj)
            parts = (ajout.part(request, obj) for ajout in ajouts.of(self.model))
            context["ajouts"] = [part for part in parts if part]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        self._say_state(request, obj)
        return response

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        self._say_state(request, obj)
        return response

    def _say_state(self, request, obj):
        """Tell where the record is read, or who reads it next."""
        asked = request.POST.get("slug", "").strip()
        if asked not in ("", obj.slug):
            said = f"Son adresse est « {obj.slug} » : « {asked} » est prise ou réservée."
            self.message_user(request, said, messages.WARNING)
        self._say_files(request)
        if obj.is_publiee:
            said = format_html('La fiche est publiée : <a href="{}">la lire sur le site</a>.', obj.get_absolute_url())
            self.message_user(request, said, messages.INFO)
        elif obj.statut == Statut.A_RELIRE and not can_publish(request.user):
            said = "L’animation la relira ; un courriel vous dira ce qu’elle devient."
            self.message_user(request, said, messages.INFO)

    def _say_files(self, request):
        """Warn that a new PDF may still name its author."""
        given = [one.name for name in request.FILES for one in request.FILES.getlist(name)]
        if any(extension(name) == "pdf" for name in given):
            said = (
                "Un PDF est gardé tel quel : il peut nommer son auteur. Regardez ses propriétés ; pour l’en ôter, "
                "imprimez-le dans un nouveau PDF."
            )
            self.message_user(request, said, messages.WARNING)

    def get_deleted_objects(self, objs, request):
        """What is deleted, in words. Django does not see what belongs to entries."""
        _, counts, perms, protected = super().get_deleted_objects(objs, request)
        counts.pop(self.model.themes.through._meta.verbose_name_plural, None)
        pks = [fiche.pk for fiche in objs]
        if number := Contact.objects.filter(entree__in=pks).count():
            counts[Contact._meta.verbose_name_plural] = number
        for ajout in ajouts.of(self.model):
            counts |= ajout.going(self.model, pks)
        return [str(fiche) for fiche in objs], counts, perms, protected

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.is_publiee else None

    @admin.display(description="lien permanent")
    def lien_permanent(self, fiche):
        if not fiche.is_publiee:
            return "Aucun : la fiche n’est pas publiée."
        address = fiche.adresse_permanente
        return format_html('<a href="{}">{}{}</a>', address, settings.SITE_URL, address)

    @admin.display(description="origine")
    def origine(self, fiche):
        said = [words for ajout in ajouts.of(self.model) if (words := ajout.origin(fiche))]
        return ", ".join(said) or ("Donnée de démonstration." if fiche.entree.exemple else "Fiche créée ici.")

    @admin.display(description="publiée le")
    def publication(self, fiche):
        if fiche.publiee_le:
            return moment(fiche.publiee_le)
        return "date inconnue" if fiche.is_publiee else "pas encore"  # public on the old site, which gave no date

    @admin.display(description="choix des thèmes")
    def choix_des_themes(self, fiche):
        if fiche.themes_automatiques:
            return "Proposés d’après le texte. Dès que vous les changez, votre choix reste."
        return (
            "Choisis par la rédaction : ils ne changent plus d’eux-mêmes. Décochez tout pour revenir aux propositions."
        )

    # The list

    def get_changelist(self, request, **kwargs):
        return FicheChangeList

    def get_list_filter(self, request):
        added = [one for ajout in ajouts.of(self.model) for one in ajout.filters(self.model)]
        return [*super().get_list_filter(request), *added, ManqueListFilter, AReprendreListFilter, FraicheurListFilter]

    def action_checkbox(self, obj):
        label = f"Sélectionner la fiche « {obj} »"
        checkbox = forms.CheckboxInput({"class": "action-select", "aria-label": label}, lambda value: False)
        return checkbox.render(helpers.ACTION_CHECKBOX_NAME, str(obj.pk))

    def for_list(self, queryset):
        """`queryset` with what rows show."""
        return queryset.prefetch_related("themes")

    def get_resume(self, queryset) -> dict:
        """Figures of the filtered list, for `resume`."""
        return {}

    def changelist_view(self, request, extra_context=None):
        extra_context = extra_context or {}
        if self.has_import_permission(request):
            extra_context["adresse_importer"] = self._address("importer")
        response = super().changelist_view(request, extra_context)
        cl = getattr(response, "context_data", {}).get("cl") if isinstance(response, TemplateResponse) else None
        if cl and self.resume:
            # If a filter joins tables, select by key: the join would count rows twice.
            listed = cl.queryset.order_by()
            if sum(uses > 0 for uses in listed.query.alias_refcount.values()) > 1:
                listed = self.model._default_manager.filter(pk__in=listed.values("pk"))
            response.context_data |= {"resume": self.resume, **self.get_resume(listed)}
        return response

    def get_search_results(self, request, queryset, search_term):
        """Public records as on the site; texts as written; parts of titles and places; words of drafts."""
        by_part, duplicates = super().get_search_results(request, queryset, search_term)
        query = understand(search_term)
        if not query:
            return by_part, duplicates
        found = Q(pk__in=matching(queryset.order_by(), query).values("pk"))
        if query.wanted:
            found |= Q(pk__in=self._matching_drafts(queryset.exclude(statut=Statut.PUBLIEE), query))
            found |= Q(pk__in=self._as_written(query))
            if not query.excluded:  # in a part of a title, « -mot » means something else
                # read once for count, rows and figures
                found |= Q(pk__in=list(by_part.order_by().values_list("pk", flat=True)[:LISTED]))
        return queryset.filter(found), duplicates

    def _as_written(self, query) -> list[int]:
        """Records whose texts as written match, where words are masked."""
        texts: dict[str, list[str]] = {}
        for cle, texte in TexteIntegral.objects.filter(modele=self.opts.label).values_list("cle", "texte"):
            texts.setdefault(cle, []).append(texte)
        words = {int(cle): "\n".join(said) for cle, said in texts.items()}
        return [pk for pk, said in words.items() if query.wants(said) and not query.excludes(said)]

    def _matching_drafts(self, queryset, query) -> list[int]:
        """Unpublished records with all words of `query` in their `search_fields`."""
        result = []
        for pk, *values in queryset.order_by("-modifiee_le").values_list("pk", *self.search_fields)[:READ]:
            words = " ".join(map(str, filter(None, values)))
            if query.wants(words) and not query.excludes(words):
                result.append(pk)
        return result

    @admin.display(description="thèmes")
    def liste_themes(self, fiche):
        return ", ".join(theme.nom for theme in fiche.themes.all()) or "aucun"
