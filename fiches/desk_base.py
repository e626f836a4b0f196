"""Base of our own admin pages: a record's pages, and pages between a list action and its effect."""

from django.contrib.admin import ModelAdmin, helpers
from django.core.exceptions import ValidationError
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path

from fiches.acces import admin_url

# The database's greatest key.
MAX_KEY = 2**63 - 1


class DeskPages(ModelAdmin):
    """An admin with pages of its own; `FicheAdmin` is made of such parts."""

    def path(self, route: str, view, name: str):
        """The route of a page of the model or of one row."""
        model = f"{self.opts.app_label}_{self.opts.model_name}"
        return path(route, self.admin_site.admin_view(view), name=f"{model}_{name}")

    def key(self, text) -> int | None:
        """The primary key in an address; None if it is no key; 404 if too large for any row."""
        try:
            pk = self.opts.pk.to_python(text)
        except (ValidationError, ValueError):
            return None
        if isinstance(pk, int) and abs(pk) > MAX_KEY:
            raise Http404(f"Cette {self.model.mot} n’existe pas.")
        return pk

    def _address(self, name, *row):
        return admin_url(self.model, name, *(one.pk for one in row))

    def _lock(self, object_id):
        """Lock one row until the transaction ends."""
        pk = self.key(object_id)
        if pk is not None:
            list(self.model._base_manager.select_for_update(of=("self",)).filter(pk=pk).values_list("pk"))


def desk_page(model_admin: ModelAdmin, request, template: str, context: dict, status=None) -> TemplateResponse:
    """A page on rows of a model. `template` may extend admin/fiches/page.html."""
    request.current_app = model_admin.admin_site.name
    shared = {"opts": model_admin.opts, "adresse_liste": admin_url(model_admin.model, "changelist")}
    context = model_admin.admin_site.each_context(request) | shared | context
    return TemplateResponse(request, template, context, status=status)


def action_page(model_admin: ModelAdmin, request, queryset, template: str, context: dict) -> TemplateResponse:
    """Confirms an action on `queryset`, or tells its result. `template` extends admin/fiches/action.html."""
    asked = {
        "adresse_liste": request.get_full_path(),
        "action": request.POST.get("action"),
        "nombre": queryset.count(),
        "choisies": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
        "case": helpers.ACTION_CHECKBOX_NAME,
        "toutes": request.POST.get("select_across", "0"),
    }
    return desk_page(model_admin, request, template, asked | context)
