"""Accounts and groups, with rights that read as French sentences."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.forms import ModelMultipleChoiceField

from comptes.models import Utilisateur

_VERBS = {"add": "ajouter", "change": "modifier", "delete": "supprimer", "view": "voir"}


class PermissionsField(ModelMultipleChoiceField):
    """Rights named in French: Django stores their names in English."""

    def label_from_instance(self, permission):
        content_type = permission.content_type
        verb = _VERBS.get(permission.codename.split("_", 1)[0], permission.name)
        model = content_type.model_class()
        name = model._meta.verbose_name if model else content_type.model
        return f"{name} : {verb}"


class DroitsMixin:
    """An admin that offers rights: those on what the desk shows, not on what Django keeps for itself."""

    def _models(self):
        for model, model_admin in self.admin_site._registry.items():
            yield model
            yield from (inline.model for inline in model_admin.inlines)

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.related_model is Permission:
            models = ContentType.objects.get_for_models(*self._models()).values()
            rows = Permission.objects.filter(content_type__in=models).select_related("content_type")
            kwargs |= {"form_class": PermissionsField, "queryset": rows}
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Utilisateur)
class UtilisateurAdmin(DroitsMixin, UserAdmin):
    list_display = ["username", "last_name", "first_name", "email", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "groups"]
    search_help_text = "Nom, prénom, identifiant ou adresse électronique."
    ordering = ["last_name", "username"]


admin.site.unregister(Group)


@admin.register(Group)
class GroupeAdmin(DroitsMixin, GroupAdmin):
    list_display = ["name", "nombre"]

    @admin.display(description="personnes")
    def nombre(self, groupe):
        return groupe.user_set.count()
