"""The editors' desk as a whole: its name, and its index in the order of the work."""

from collections import Counter

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from fiches import registre
from fiches.acces import readable
from fiches.suivi.bin_desk_views import lasting
from fiches.suivi.doublons import dismiss
from fiches.tableur.export import ACTIONS, export_view
from labacces import changements, desk_home
from labacces.entretien import binned, deletable, in_the_bin, possible_duplicates, quality
from socle.comptes.second_facteur import CLE, PROPOSE

RESULTS = 50  # on one page of the search

# Django's icons of a yes and a no speak Python (« True »): it has no setting for their words.
_django_icon = admin_list._boolean_icon
_ICON_WORDS = {True: "oui", False: "non", None: "non précisé"}


def _boolean_icon(value):
    return mark_safe(_django_icon(value).replace(f'alt="{value}"', f'alt="{_ICON_WORDS[value]}"'))  # noqa: S308 - ours


admin_list._boolean_icon = _boolean_icon


class Completion(AutocompleteJsonView):
    """Django's, which fails when it is asked to complete the other side of a relation, that no form has."""

    def process_request(self, request):
        term, model_admin, field, to_field_name = super().process_request(request)
        if field.auto_created:
            raise PermissionDenied
        return term, model_admin, field, to_field_name


class Redaction(AdminSite):
    site_header = "LabAccès, espace de rédaction"
    site_title = "LabAccès, espace de rédaction"
    index_title = "Que voulez-vous faire ?"
    empty_value_display = "non renseigné"
    enable_nav_sidebar = False  # the list needs the width, and the index is one click away

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for action in ACTIONS:
            self.add_action(action)

    def get_urls(self):
        pages = {
            "recherche/": (self.search_view, "recherche"),
            "exporter/<str:app>/<str:modele>.<str:format>": (self.export_view, "exporter"),
            "qualite/": (self.quality_view, "qualite"),
            "doublons/": (self.duplicates_view, "doublons"),
            "journal/": (self.journal_view, "journal"),
            "corbeille/": (self.bin_view, "corbeille"),
        }
        ours = [path(route, self.admin_view(view), name=name) for route, (view, name) in pages.items()]
        return [*ours, *super().get_urls()]

    def autocomplete_view(self, request):
        return Completion.as_view(admin_site=self)(request)

    def quality_view(self, request):
        """What the records lack, type by type, each count with its list."""
        return self._page(request, "admin/qualite.html", "Qualité des fiches", etats=list(quality(self, request)))

    def duplicates_view(self, request):
        """Records that may double one another; POST: two of them do not."""
        if request.method == "POST":
            return self._no_duplicate(request)
        types = possible_duplicates(self, request)
        return self._page(request, "admin/doublons.html", "Doublons possibles", types=types)

    def bin_view(self, request):
        """What was deleted, for who may delete: each with the way back and the way out."""
        types = deletable(self, request)
        if not types:
            raise PermissionDenied
        page = Paginator(in_the_bin(types), RESULTS).get_page(request.GET.get("p"))
        context = {"page": page, "fiches": binned(page), "duree": lasting()}
        return self._page(request, "admin/corbeille.html", "Corbeille", **context)

    def _no_duplicate(self, request):
        entries = readable(self, request)
        asked = [text for text in request.POST.getlist("fiche") if text.isascii() and text.isdecimal()]
        two = list(entries.filter(pk__in=[text for text in asked if len(text) < 19]))
        if len(two) != 2 or two[0].type != two[1].type:
            raise Http404("Ces fiches n’existent pas, ou ne sont pas deux du même type.")
        if not self.get_model_admin(registre.get(two[0].type).model).has_publish_permission(request):
            raise PermissionDenied
        dismiss(two[0].pk, two[1].pk, user=request.user)
        message = f"C’est noté : « {two[0]} » et « {two[1]} » sont deux fiches différentes."
        messages.success(request, message)
        return redirect("admin:doublons")

    def _page(self, request, template, title, **context):
        request.current_app = self.name
        return TemplateResponse(request, template, self.each_context(request) | {"title": title, **context})

    def export_view(self, request, app, modele, format):
        return export_view(self, request, app, modele, format)

    def login(self, request, extra_context=None):
        """Whoever gave a password and still has to show a second factor is asked for it."""
        if request.method == "GET" and not request.user.is_authenticated and request.premier_facteur:
            after = request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index"))
            address = f"{reverse('comptes:second_facteur')}?{urlencode({REDIRECT_FIELD_NAME: after})}"
            return HttpResponseRedirect(address)
        return super().login(request, extra_context)

    def index(self, request, extra_context=None):
        tasks = desk_home.waiting(self, request)
        context = {
            "taches": tasks,
            "liens": desk_home.more_links(self, request, tasks),
            "changements": changements.last_changes(self, request),
            "peut_supprimer": bool(deletable(self, request)),
        }
        context["sans_second_facteur"] = request.session.get(CLE) == PROPOSE
        return super().index(request, context | (extra_context or {}))

    def journal_view(self, request):
        """Who changed what and when, in all lists that this person may open."""
        models, users = changements.visible_models(self, request), changements.accounts()
        form = changements.JournalForm(request.GET, models, users)
        form.is_valid()  # a field that cannot be read says so, and narrows nothing
        page = Paginator(changements.rows(models, form.cleaned_data), changements.PAGE).get_page(request.GET.get("p"))
        changes = list(changements.Conteur(page, models, users))
        return self._page(request, "admin/journal.html", "Journal", form=form, page=page, changements=changes)

    def search_view(self, request):
        """`?q=`: records of any type and state that this person may read, best first, each with its form."""
        mots = request.GET.get("q", "")
        page = Paginator(desk_home.answers(self, request, mots), RESULTS).get_page(request.GET.get("p"))
        found = desk_home.shown(page)
        return self._page(request, "admin/recherche.html", "Recherche", mots=mots, page=page, resultats=found)

    def get_app_list(self, request, app_label=None):
        """Applications of the index: the records first, whatever folder they live in, the accounts last."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        records = {declaration.model._meta.app_label for declaration in registre.types()} | {"fiches", "recherche"}
        groups = [
            ("fiches", "Fiches et thèmes", records),
            ("participants", "Participants", {"inscriptions", "explorations"}),
            ("referentiels", "Lieux du code officiel géographique", {"referentiels"}),
            ("courrier", "Courrier", {"courrier"}),
            ("comptes", "Comptes", {"comptes", "auth"}),
            ("vie_privee", "Vie privée", {"vie_privee"}),
        ]
        known = set().union(*(labels for _, _, labels in groups))
        merged = [_merge(name, [app for app in apps if app["app_label"] in labels]) for _, name, labels in groups]
        others = [app for app in apps if app["app_label"] not in known]
        return [app for app in (*merged[:2], *others, *merged[2:]) if app]


def _merge(name: str, apps: list[dict]) -> dict | None:
    """Several applications of the index as one, under `name`; None if there is none."""
    if not apps:
        return None
    order = [declaration.model for declaration in registre.types()]  # that of the site's menu, the rest behind
    models = [model for app in apps for model in app["models"]]
    names = Counter(model["object_name"] for model in models)
    for model in models:
        if names[model["object_name"]] > 1:  # two journals: rows of the index are told apart by this name
            model["object_name"] = model["model"]._meta.label
    models.sort(key=lambda model: order.index(model["model"]) if model["model"] in order else len(order))
    return apps[0] | {"name": name, "models": models, "app_url": apps[0]["app_url"] if len(apps) == 1 else ""}
