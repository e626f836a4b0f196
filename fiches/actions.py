"""Pages of the desk beside those of Django: of records of a type, and between an action on a list and what it does."""

from django.contrib.admin import ModelAdmin, helpers
from django.template.response import TemplateResponse

from fiches.acces import admin_url


def desk_page(model_admin: ModelAdmin, request, template: str, context: dict, status=None) -> TemplateResponse:
    """A page on rows of a model. `template` may extend admin/fiches/page.html."""
    request.current_app = model_admin.admin_site.name
    shared = {"opts": model_admin.opts, "adresse_liste": admin_url(model_admin.model, "changelist")}
    context = model_admin.admin_site.each_context(request) | shared | context
    return TemplateResponse(request, template, context, status=status)


def action_page(model_admin: ModelAdmin, request, queryset, template: str, context: dict) -> TemplateResponse:
    """Ask or tell something of `queryset` before the action is done. `template` extends admin/fiches/action.html."""
    asked = {
        "adresse_liste": request.get_full_path(),
        "action": request.POST.get("action"),
        "nombre": queryset.count(),
        "choisies": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
        "case": helpers.ACTION_CHECKBOX_NAME,
        "toutes": request.POST.get("select_across", "0"),
    }
    return desk_page(model_admin, request, template, asked | context)
