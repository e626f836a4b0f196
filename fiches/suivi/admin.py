"""What the takeover was not sure of, and what two sides changed: read, then marked as settled."""

from django import forms
from django.contrib import admin, messages
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator

from fiches import registre
from fiches.catalogue.francais import pluriel
from fiches.suivi.models import Anomalie, Conflit


def change_url(entree) -> str:
    """Address of a record's form in the admin, from its entry."""
    opts = registre.get(entree.type).model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[entree.pk])


def settle(queryset, user) -> int:
    """Mark what is still open in `queryset` (of Anomalie or Conflit) as settled by `user`, now; how many were."""
    when, who = SETTLED[queryset.model]
    return queryset.open().update(**{when: timezone.now(), who: user})


# The columns that say when it was settled, and by whom.
SETTLED = {Anomalie: ("reglee_le", "reglee_par"), Conflit: ("regle_le", "regle_par")}


class RegleListFilter(admin.SimpleListFilter):
    title = "suite donnée"
    parameter_name = "suite"

    def lookups(self, request, model_admin):
        return [("ouverte", "à régler"), ("reglee", "déjà réglé")]

    def queryset(self, request, queryset):
        if self.value() == "ouverte":
            return queryset.open()
        return queryset.exclude(pk__in=queryset.open().values("pk")) if self.value() == "reglee" else queryset


class ReglableForm(forms.ModelForm):
    regle = forms.BooleanField(label="réglé", required=False, help_text="Décochez pour l’ouvrir de nouveau.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["regle"] = bool(getattr(self.instance, SETTLED[type(self.instance)][0]))


class ReglableAdmin(admin.ModelAdmin):
    """Rows that the takeover writes, that nobody edits or deletes, and that a person marks as settled."""

    form = ReglableForm
    actions = ["mark_settled"]
    list_filter = [RegleListFilter]
    list_per_page = 50
    search_help_text = "Titre de la fiche, champ ou texte."

    def get_ordering(self, request):
        return [F(SETTLED[self.model][0]).asc(nulls_first=True), "-pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("entree", SETTLED[self.model][1])

    def get_readonly_fields(self, request, obj=None):
        return [field for field in self.fields if field != "regle"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        # A deleted row would come back, open, with the next takeover; a settled one does not.
        return False

    def save_model(self, request, obj, form, change):
        when, who = SETTLED[self.model]
        if "regle" in form.changed_data:
            settled = form.cleaned_data["regle"]
            setattr(obj, when, timezone.now() if settled else None)
            setattr(obj, who, request.user if settled else None)
            obj.save(update_fields=[when, who])

    @admin.action(description="Marquer comme réglé", permissions=["change"])
    def mark_settled(self, request, queryset):
        # The list's order and joins are no part of an update.
        count = settle(self.model._default_manager.filter(pk__in=queryset.order_by().values("pk")), request.user)
        if count:
            self.message_user(request, pluriel(count, "ligne réglée", "lignes réglées") + ".", messages.SUCCESS)
        else:
            self.message_user(request, "Tout était déjà réglé.", messages.INFO)

    @admin.display(description="fiche", ordering="entree__titre")
    def lien_fiche(self, row):
        if row.entree is None:
            return "aucune"
        return format_html('<a href="{}">{}</a>', change_url(row.entree), row.entree)

    @admin.display(description="suite donnée")
    def suite(self, row):
        when, who = (getattr(row, name) for name in SETTLED[self.model])
        if not when:
            return "à régler"
        name = (who.get_full_name() or who.get_username()) if who else "un compte supprimé"
        return f"réglé le {timezone.localtime(when):%d/%m/%Y} par {name}"


@admin.register(Anomalie)
class AnomalieAdmin(ReglableAdmin):
    list_display = ["type", "lien_fiche", "champ", "extrait", "ligne", "suite"]
    list_filter = [RegleListFilter, "type"]
    search_fields = ["entree__titre", "champ", "texte"]
    fields = ["type", "lien_fiche", "champ", "ligne", "texte", "creee_le", "suite", "regle"]

    @admin.display(description="texte d’origine")
    def extrait(self, anomalie):
        return Truncator(anomalie.texte).chars(120)


@admin.register(Conflit)
class ConflitAdmin(ReglableAdmin):
    list_display = ["champ", "lien_fiche", "cree_le", "suite"]
    search_fields = ["entree__titre", "champ", "ici", "ancien_site"]
    fields = ["lien_fiche", "champ", "ici", "ancien_site", "cree_le", "suite", "regle"]
