"""Accounts and groups, with rights that read as French sentences."""

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, SetUnusablePasswordMixin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.forms import ModelMultipleChoiceField
from django.utils.html import format_html_join
from django.utils.text import slugify

from comptes import roles
from comptes.models import Utilisateur

_VERBS = {"add": "ajouter", "change": "modifier", "delete": "supprimer", "view": "voir"}


def in_words(permission: Permission) -> str:
    """« projet France Relance : modifier »."""
    content_type = permission.content_type
    verb = _VERBS.get(permission.codename.split("_", 1)[0], permission.name)
    model = content_type.model_class()
    name = model._meta.verbose_name if model else content_type.model
    return f"{name} : {verb}"


class PermissionsField(ModelMultipleChoiceField):
    """Rights named in French: Django stores their names in English."""

    def label_from_instance(self, permission):
        return in_words(permission)


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


class MotDePasseForm(AdminPasswordChangeForm):
    """Django's own, whose warning is written in English and never translated."""

    usable_password_help_text = SetUnusablePasswordMixin.usable_password_help_text + (
        '<ul id="id_unusable_warning" class="messagelist"><li class="warning">'
        "Le mot de passe actuel de cette personne sera perdu.</li></ul>"
    )


@admin.register(Utilisateur)
class UtilisateurAdmin(DroitsMixin, UserAdmin):
    change_password_form = MotDePasseForm
    list_display = ["username", "last_name", "first_name", "email", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "groups"]
    search_help_text = "Nom, prénom, identifiant ou adresse électronique."
    ordering = ["last_name", "username"]

    # Whoever edits accounts could otherwise make themselves a superuser, or take a superuser's password.

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "is_superuser", "user_permissions"]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    @staticmethod
    def _may_touch(request, obj):
        return obj is None or request.user.is_superuser or not obj.is_superuser

    def save_related(self, request, form, formsets, change):
        """A member of one of our groups may enter the desk: the group would be worth nothing otherwise."""
        super().save_related(request, form, formsets, change)
        user = form.instance
        if not user.is_staff and user.groups.filter(name__in=roles.ROLES).exists():
            user.is_staff = True
            user.save(update_fields=["is_staff"])
            messages.info(request, "« Statut équipe » a été coché : sans lui, le groupe ne donne accès à rien.")

    def get_actions(self, request):
        """Accounts are closed or deleted one by one."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


admin.site.unregister(Group)


def _is_role(groupe: Group | None) -> bool:
    return groupe is not None and groupe.name in roles.ROLES


@admin.register(Group)
class GroupeAdmin(DroitsMixin, GroupAdmin):
    list_display = ["name", "nombre"]

    readonly_fields = ["droits"]

    # The groups of the table follow it (comptes/roles.py): they are shown, not edited.

    def get_fields(self, request, obj=None):
        return ["name", "droits" if _is_role(obj) else "permissions"]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not _is_role(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not _is_role(obj)

    @admin.display(description="droits")
    def droits(self, groupe):
        rows = groupe.permissions.select_related("content_type")
        return format_html_join("", "{}<br>", ((words,) for words in sorted(map(in_words, rows), key=slugify)))

    @admin.display(description="personnes")
    def nombre(self, groupe):
        return groupe.user_set.count()
