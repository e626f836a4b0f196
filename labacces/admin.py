"""The admin site: its pages, and its index in the order of the work."""

from functools import update_wrapper

from django.conf import settings
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
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.text import capfirst, slugify
from django.views.i18n import JavaScriptCatalog

from fiches import registre
from fiches.acces import readable
from fiches.suivi.corbeille_desk_views import lasting
from fiches.suivi.doublons import dismiss
from fiches.tableur.export import ACTIONS, export_view
from labacces import a_reverifier, changements, coordonnees, desk_home
from labacces.entretien import binned, deletable, in_the_bin, possible_duplicates, quality
from socle.bureau import saisie
from socle.comptes.second_facteur import CLE, PROPOSE
from socle.comptes.views import after_password, ask_again
from socle.courrier import etat
from socle.francais.nombres import whole
from socle.francais.wording import pluriel, pluriel_ou_aucune

RESULTS = 50  # results on one page

# Django's yes and no icons say « True » and « False »; no setting changes it.
_django_icon = admin_list._boolean_icon
_ICON_WORDS = {True: "oui", False: "non", None: "non précisé"}


def _boolean_icon(value):
    return mark_safe(_django_icon(value).replace(f'alt="{value}"', f'alt="{_ICON_WORDS[value]}"'))  # noqa: S308 - ours


admin_list._boolean_icon = _boolean_icon


class Completion(AutocompleteJsonView):
    """Refuses the reverse side of a relation, on which Django's view fails; no form has it."""

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
    enable_nav_sidebar = False  # lists need the width

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
            "coordonnees/": (self.contact_details_view, "coordonnees"),
            "journal/": (self.journal_view, "journal"),
            "corbeille/": (self.bin_view, "corbeille"),
            "a-reverifier/": (self.a_reverifier_view, "a_reverifier"),
        }
        ours = [path(route, self.admin_view(view), name=name) for route, (view, name) in pages.items()]
        return [*ours, *super().get_urls()]

    def admin_view(self, view, cacheable=False):
        """Keep what was typed if the session has ended: see socle/bureau/saisie.py."""
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            if request.method == "POST" and not self.has_permission(request):
                if typed := saisie.posted(request):
                    return ask_again(request, typed)
                if request.path == reverse("admin:logout"):  # Django's would lead to the login and forget nothing
                    return self.logout(request)
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def each_context(self, request):
        more = {"version_du_site": settings.VERSION, "marque_de_saisie": SimpleLazyObject(lambda: saisie.mark(request))}
        return super().each_context(request) | more

    def logout(self, request, extra_context=None):
        """The page makes the browser forget typed texts of the account, and of the open page's."""
        accounts = {request.user.pk, whole(request.POST.get("compte", ""), 18)} - {None}
        return super().logout(request, {"sortis": sorted(accounts)} | (extra_context or {}))

    def i18n_javascript(self, request, extra_context=None):
        """Django's translations for scripts, and ours (labacces/locale/)."""
        return JavaScriptCatalog.as_view(packages=["labacces", "django.contrib.admin"])(request)

    def autocomplete_view(self, request):
        return Completion.as_view(admin_site=self)(request)

    def quality_view(self, request):
        """What records lack, by type, each count with its list."""
        return self._page(request, "admin/qualite.html", "Qualité des fiches", etats=list(quality(self, request)))

    def duplicates_view(self, request):
        """Possible duplicates. POST: two records are no duplicates."""
        if request.method == "POST":
            return self._no_duplicate(request)
        types = possible_duplicates(self, request)
        return self._page(request, "admin/doublons.html", "Doublons possibles", types=types)

    def contact_details_view(self, request):
        """Private words in public records. POST: mask or keep them."""
        if not coordonnees.changeable_types(self, request):
            raise PermissionDenied
        if request.method == "POST":
            bilan = coordonnees.settle(self, request)
            counts = (
                (bilan.masques, "mention masquée", "mentions masquées"),
                (bilan.gardes, "mention gardée", "mentions gardées"),
                (bilan.versions, "ancienne version masquée", "anciennes versions masquées"),
            )
            said = [pluriel_ou_aucune(bilan.fiches, "fiche enregistrée", "fiches enregistrées")]
            said += [pluriel(*count) for count in counts if count[0]]
            messages.success(request, f"{capfirst(', '.join(said))}.")
            return redirect(request.get_full_path())
        apres = whole(request.GET.get("apres", ""), 18) or 0
        page = coordonnees.to_look_at(self, request, apres)
        return self._page(request, "admin/coordonnees.html", "Coordonnées à regarder", page=page, suite=bool(apres))

    def bin_view(self, request):
        """Deleted records, to restore or erase, for those who may delete."""
        types = deletable(self, request)
        if not types:
            raise PermissionDenied
        page = Paginator(in_the_bin(types), RESULTS).get_page(request.GET.get("p"))
        context = {"page": page, "fiches": binned(page), "duree": lasting()}
        return self._page(request, "admin/corbeille.html", "Corbeille", **context)

    def a_reverifier_view(self, request):
        """This week's records to check, and what waits."""
        types = a_reverifier.changeable_types(self, request)
        if not types:
            raise PermissionDenied
        context = {"fiches": a_reverifier.of_week(types), "attente": a_reverifier.waiting(types)}
        return self._page(request, "admin/a_reverifier.html", "Fiches à revérifier", **context)

    def _no_duplicate(self, request):
        entries = readable(self, request)
        asked = [whole(text, 18) for text in request.POST.getlist("fiche")]
        two = list(entries.filter(pk__in=[pk for pk in asked if pk]))
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
        if request.method == "GET" and not request.user.is_authenticated and request.premier_facteur:
            after = request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index"))
            address = f"{reverse('comptes:second_facteur')}?{urlencode({REDIRECT_FIELD_NAME: after})}"
            return HttpResponseRedirect(address)
        typed = saisie.carried(request)
        response = super().login(request, {"saisie": typed} | (extra_context or {}))
        return after_password(request, typed) if typed and response.status_code == 302 else response

    def index(self, request, extra_context=None):
        tasks = desk_home.waiting(self, request)
        lists = self.get_app_list(request)
        context = {
            "listes": [group for group in lists if not group["technique"]],
            "techniques": [group for group in lists if group["technique"]],
            "taches": tasks,
            "liens": desk_home.more_links(self, request, tasks),
            "changements": changements.last_changes(self, request),
            "peut_supprimer": bool(deletable(self, request)),
        }
        context["sans_second_facteur"] = request.session.get(CLE) == PROPOSE
        if request.user.has_perm("courrier.change_courriel"):
            context["courrier"] = etat.look()
        return super().index(request, context | {"app_list": lists} | (extra_context or {}))

    def journal_view(self, request):
        """Who changed what and when, in lists that this person may open."""
        models = changements.visible_models(self, request)
        users = changements.accounts(models)
        form = changements.JournalForm(request.GET, models, users)
        form.is_valid()  # an unreadable field shows its error and filters nothing
        page = Paginator(changements.rows(models, form.cleaned_data), changements.PAGE).get_page(request.GET.get("p"))
        changes = changements.told(page, users)
        return self._page(request, "admin/journal.html", "Journal", form=form, page=page, changements=changes)

    def search_view(self, request):
        """`?q=`: records in any state that this person may read, best first."""
        mots = request.GET.get("q", "")
        page = Paginator(desk_home.answers(self, request, mots), RESULTS).get_page(request.GET.get("p"))
        found = desk_home.shown(page)
        return self._page(request, "admin/recherche.html", "Recherche", mots=mots, page=page, resultats=found)

    def get_app_list(self, request, app_label=None):
        """Lists grouped by use, not by app; technical ones last, folded."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        # each list once, under its use
        every = {model["model"]._meta.label: model for app in apps for model in app["models"]}
        for model in every.values():
            model["explication"] = getattr(self._registry[model["model"]], "explication", "")
        records = [declaration.model._meta.label for declaration in registre.types()]
        groups = [_group(name, [every.pop(label, None) for label in labels]) for name, labels in _in_use(records)]
        rest = {model["model"]._meta.label for model in every.values()}
        for app in apps:
            kept = [model for model in app["models"] if model["model"]._meta.label in rest]
            groups.append(_group(app["name"], kept, technique=True))
        return [group for group in groups if group]


def _in_use(records: list[str]) -> list[tuple[str, list[str]]]:
    """(subject, lists) in the order of the work; all other lists are folded."""
    return [
        ("Fiches", records),
        (
            "Ce que le public envoie",
            [
                "contributions.Contribution",
                "contacter.Signalement",
                "contacter.Message",
                "inscriptions.Inscription",
                "explorations.Exploration",
                "alertes.Alerte",
            ],
        ),
        ("Thèmes et mots", ["fiches.Theme", "fiches.Choix", "recherche.Synonymes"]),
        ("Pages du site", ["pages.Page", "pages.Renseignements"]),
        ("Équipe et vie privée", ["comptes.Utilisateur", "vie_privee.Demande"]),
    ]


def _group(name: str, models: list[dict | None], *, technique=False) -> dict | None:
    """A group of the index, in the shape of one of Django's apps; None if empty."""
    models = [model for model in models if model]
    if not models:
        return None
    return {"name": name, "app_label": slugify(name), "app_url": "", "models": models, "technique": technique}
