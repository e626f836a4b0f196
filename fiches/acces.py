"""Which records a person may read or change at the desk, and the addresses of their forms."""

from collections.abc import Iterator

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import get_permission_codename
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from fiches import registre
from socle.annuaire.models import Entree, Statut
from socle.comptes.roles import can_publish
from socle.vie_privee.forms import TextesPublicsForm


class TextesPublicsAdmin(ModelAdmin):
    """Asks about new private words in public texts (socle/vie_privee/forms.py)."""

    form = TextesPublicsForm

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.par = request.user.get_username()
        return form

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.retrait:
            form.retrait.keep()


def visible_types(site: AdminSite, request: HttpRequest) -> Iterator[tuple[registre.TypeDeFiche, ModelAdmin]]:
    """The record types that this person may read, with their admin, in the menu's order."""
    for declaration in registre.types():
        model_admin = site._registry.get(declaration.model)
        if model_admin and model_admin.has_view_permission(request):
            yield declaration, model_admin


def readable(site: AdminSite, request: HttpRequest) -> QuerySet[Entree]:
    """Entries that this person may read, in any state except the bin."""
    return Entree.objects.in_use().filter(type__in=[declaration.cle for declaration, _ in visible_types(site, request)])


def may_change(user, fiche) -> bool:
    """Whether `user` may change a record in its present state.

    Only those who may publish change a withdrawn record. Nobody changes one in the bin before it is restored.
    """
    return can_publish(user) if fiche.statut == Statut.RETIREE else fiche.statut != Statut.CORBEILLE


def is_withheld(user, row) -> bool:
    """Whether a record, or the record of a row, is in the bin and `user` may not delete its type."""
    entree = getattr(row, "entree", None)
    if entree is None or entree.statut != Statut.CORBEILLE:
        return False
    if not entree.is_of_a_type:
        return True  # nobody takes it out of there
    opts = registre.get(entree.type).model._meta
    return not user.has_perm(f"{opts.app_label}.{get_permission_codename('delete', opts)}")


def changeable(user, rows: QuerySet) -> QuerySet:
    """The records or entries for which `may_change` is true."""
    rows = rows.exclude(statut=Statut.CORBEILLE)
    return rows if can_publish(user) else rows.exclude(statut=Statut.RETIREE)


def admin_url(model, name: str, *args) -> str:
    """An admin page of a model: "changelist", or "change" with a key…"""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def change_url(entree: Entree) -> str:
    """Address of a record's form, from its entry; of what says that it is gone if the site has no longer its type."""
    if not entree.is_of_a_type:
        return entree.get_absolute_url()
    return admin_url(registre.get(entree.type).model, "change", entree.pk)
