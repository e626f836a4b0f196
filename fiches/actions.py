"""The page between an action on a list of the desk and what it does."""

from django.contrib.admin import ModelAdmin, helpers
from django.template.response import TemplateResponse


def action_page(model_admin: ModelAdmin, request, queryset, template: str, context: dict) -> TemplateResponse:
    """Ask or tell something of `queryset` before the action is done. `template` extends admin/fiches/action.html."""
    context = model_admin.admin_site.each_context(request) | {
        "opts": model_admin.opts,
        "action": request.POST.get("action"),
        "nombre": queryset.count(),
        "choisies": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
        "case": helpers.ACTION_CHECKBOX_NAME,
        "toutes": request.POST.get("select_across", "0"),
        "media": model_admin.media,
        **context,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, template, context)
