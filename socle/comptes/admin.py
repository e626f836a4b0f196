"""Accounts and groups, with rights that read as French sentences."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    SetUnusablePasswordMixin,
    UserChangeForm,
)
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst, slugify
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from socle.bureau.retenues import RetenueAdmin
from socle.comptes import roles, second_facteur
from socle.comptes.invitations import invite
from socle.comptes.models import Utilisateur
from socle.courrier.mailboxes import AdresseInvalide, normalise

_VERBS = {"add": "ajouter", "change": "modifier", "delete": "supprimer", "view": "voir"}


def in_words(permission: Permission) -> str:
    """« projet France Relance : modifier »."""
    content_type = permission.content_type
    verb = _VERBS.get(permission.codename.split("_", 1)[0], permission.name)
    model = content_type.model_class()
    name = model._meta.verbose_name if model else content_type.model
    return f"{name} : {verb}"


class DroitsMixin:
    """Mixin for an admin that offers rights: only those on models of the desk."""

    def _models(self):
        for model, model_admin in self.admin_site._registry.items():
            yield model
            yield from (inline.model for inline in model_admin.inlines)

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.related_model is not Permission:
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        models = ContentType.objects.get_for_models(*self._models()).values()
        rows = Permission.objects.filter(content_type__in=models).select_related("content_type")
        field = super().formfield_for_manytomany(db_field, request, queryset=rows, **kwargs)
        field.label_from_instance = in_words  # Django stores the names of rights in English
        return field


class MotDePasseForm(AdminPasswordChangeForm):
    """The form of Django has a warning in English, never translated."""

    usable_password_help_text = SetUnusablePasswordMixin.usable_password_help_text + (
        '<ul id="id_unusable_warning" class="messagelist"><li class="warning">'
        "Le mot de passe actuel de cette personne sera perdu.</li></ul>"
    )


class EmpreinteWidget(ReadOnlyPasswordHashWidget):
    """Shows whether there is a password, and the link to change it, not how it is stored."""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        if len(context["summary"]) > 1:
            context["summary"] = [{"label": "Choisi. Personne ne peut le lire."}]
        return context


class CompteForm(UserChangeForm):
    password = ReadOnlyPasswordHashField(label="Mot de passe", widget=EmpreinteWidget)


# The second factor belongs to its person: no page shows it; an action removes it.
admin.site.unregister([TOTPDevice, StaticDevice])


class NouveauCompteForm(forms.ModelForm):
    """A new account. Its person chooses the password, from a mail.

    It may enter the desk and must have a group: without both, its password would open nothing.
    """

    class Meta:
        model = Utilisateur
        fields = ["username", "first_name", "last_name", "email", "groups"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["email"].help_text = "La personne y reçoit le lien pour choisir son mot de passe."
        self.fields["groups"].required = True
        self.fields["groups"].error_messages["required"] = (
            "Choisissez au moins un groupe : sans lui, la personne ne pourrait rien voir ni faire."
        )

    def clean_email(self):
        try:
            return normalise(self.cleaned_data["email"])
        except AdresseInvalide as error:
            raise forms.ValidationError(str(error)) from None

    def save(self, commit=True):
        self.instance.is_staff = True  # whatever its group
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(Utilisateur)
class UtilisateurAdmin(DroitsMixin, RetenueAdmin, UserAdmin):
    explication = "Qui entre dans l’espace de rédaction."
    form = CompteForm
    change_password_form = MotDePasseForm
    add_form = NouveauCompteForm
    add_form_template = None
    add_fieldsets = [(None, {"fields": ["username", "first_name", "last_name", "email", "groups"]})]
    actions = ["invite_again", "remove_second_factor"]
    list_display = ["username", "last_name", "first_name", "email", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "groups"]
    search_help_text = "Nom, prénom, identifiant ou adresse électronique."
    ordering = ["last_name", "username"]

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        # The boxes refer to this text by its id; the page of Django gives it none.
        told = format_html('<span id="id_groups_helptext">{}</span>', roles.EN_MOTS)
        kwargs |= {"widget": forms.CheckboxSelectMultiple, "help_text": told}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # Otherwise, whoever edits accounts could become a superuser, or take over the account of one.

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
        """Lets members of our groups enter the desk, or the group would give nothing."""
        super().save_related(request, form, formsets, change)
        user = form.instance
        if not user.is_staff and user.groups.filter(name__in=roles.ROLES).exists():
            user.is_staff = True
            user.save(update_fields=["is_staff"])
            box = capfirst(user._meta.get_field("is_staff").verbose_name)
            messages.info(request, f"« {box} » a été coché : sans cela, le groupe ne donne accès à rien.")
        if not change:
            invite(user, request.user)
            messages.info(request, f"Une invitation part à {user.email} : son lien vaut sept jours.")

    def response_add(self, request, obj, post_url_continue=None):
        return admin.ModelAdmin.response_add(self, request, obj, post_url_continue)

    @admin.action(description="Envoyer une nouvelle invitation", permissions=["change"])
    def invite_again(self, request, queryset):
        for user in self._touched(request, queryset):
            try:
                invite(user, request.user)
            except AdresseInvalide as error:
                messages.error(request, f"{user} : {error}")
            else:
                self.log_change(request, user, "Invitation envoyée.")
                messages.success(request, f"{user} : une invitation part à {user.email}.")

    @admin.action(description="Retirer le second facteur (téléphone perdu)", permissions=["change"])
    def remove_second_factor(self, request, queryset):
        for user in self._touched(request, queryset):
            if second_facteur.remove(user):
                self.log_change(request, user, "Second facteur retiré.")
                messages.success(request, f"{user} : second facteur retiré, connexions fermées.")
            else:
                messages.info(request, f"{user} n’avait pas de second facteur.")

    def _touched(self, request, queryset):
        """The chosen accounts that are open and that this user may change."""
        for user in queryset:
            if not user.is_active or not self._may_touch(request, user):
                messages.error(request, f"{user} : ce compte est fermé, ou vous ne pouvez pas le modifier.")
            else:
                yield user

    def get_deleted_objects(self, objs, request):
        """Leaves out second factors, which leave with their account: their names are not in French."""
        to_delete, counts, needed, protected = super().get_deleted_objects(objs, request)
        names = {model._meta.verbose_name.casefold() for model in _SECOND_FACTOR}
        plurals = {str(model._meta.verbose_name_plural) for model in _SECOND_FACTOR}
        counts = {name: count for name, count in counts.items() if name not in plurals}
        return _without(to_delete, names), counts, needed, protected

    def get_actions(self, request):
        """Accounts are closed or deleted one by one."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


_SECOND_FACTOR = (TOTPDevice, StaticDevice, StaticToken)


def _without(lines: list, names: set[str]) -> list:
    """Nested lines of what is deleted, without these kinds and whatever is below them."""
    kept = []
    for line in lines:
        if isinstance(line, list):
            if kept and (inner := _without(line, names)):
                kept.append(inner)
        elif str(line).partition(":")[0].casefold() not in names:
            kept.append(line)
    return kept


admin.site.unregister(Group)


def _is_role(groupe: Group | None) -> bool:
    return groupe is not None and groupe.name in roles.ROLES


@admin.register(Group)
class GroupeAdmin(DroitsMixin, GroupAdmin):
    explication = "Les droits que plusieurs comptes partagent."
    list_display = ["name", "nombre"]

    readonly_fields = ["droits"]

    # These groups follow the table of roles (socle/comptes/roles.py): they are shown, not edited.

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
