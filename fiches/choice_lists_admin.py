"""The desk of themes and lists of choices."""

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.html import format_html, format_html_join

from fiches import registre
from fiches.acces import TextesPublicsAdmin, admin_url, changeable
from fiches.choice_lists import Choix, Theme
from fiches.suivi import lots
from fiches.suivi.batch_admin import report
from socle.annuaire.models import Statut
from socle.bureau.retenues import RetenueAdmin
from socle.bureau.saisie import SaisieGardeeAdmin
from socle.bureau.widgets import TexteWidget
from socle.francais.wording import pluriel


@admin.register(Theme)
class ThemeAdmin(TextesPublicsAdmin, RetenueAdmin, SaisieGardeeAdmin):
    explication = "Les sujets des fiches\N{NO-BREAK SPACE}: posés d’après leurs mots clés, ou par votre choix."
    list_display = ["nom", "fiches", "extrait_mots_cles"]
    search_fields = ["nom", "mots_cles"]
    search_help_text = "Nom ou mot clé."
    actions = ["propose_everywhere"]
    fields = ["nom", "slug", "mots_cles"]
    formfield_overrides = {models.TextField: {"widget": TexteWidget}}

    def get_queryset(self, request):
        """Adds `nombre_<type>` for each record type: how many of its records have the theme."""
        queryset = super().get_queryset(request)
        for declaration in registre.types():
            used = declaration.model.themes.through.objects.exclude(
                **{f"{declaration.model._meta.model_name}__statut": Statut.CORBEILLE}
            )
            rows = used.filter(theme=OuterRef("pk")).order_by().values("theme")
            count = Subquery(rows.annotate(n=Count("pk")).values("n"))
            queryset = queryset.annotate(**{f"nombre_{declaration.cle}": Coalesce(count, 0)})
        return queryset

    @admin.display(description="fiches")
    def fiches(self, theme):
        links = []
        for declaration in registre.types():
            if count := getattr(theme, f"nombre_{declaration.cle}"):
                words = pluriel(count, declaration.nom, declaration.nom_pluriel)
                links.append((admin_url(declaration.model, "changelist"), theme.pk, words))
        return format_html_join(", ", '<a href="{}?themes__id__exact={}">{}</a>', links) or "aucune"

    def get_deleted_objects(self, objs, request):
        """Records lose the theme but stay: say how many, with links."""
        _, _, perms, protected = super().get_deleted_objects(objs, request)
        told = "Thème : {}. Fiches qui restent, sans lui : {}."
        lines = [format_html(told, theme, self.fiches(theme)) for theme in objs]
        return lines, {Theme._meta.verbose_name_plural: len(lines)}, perms, protected

    @admin.display(description="mots clés")
    def extrait_mots_cles(self, theme):
        return ", ".join(theme.mots_cles.split("\n")[:8])

    @admin.action(
        description="Réappliquer les thèmes automatiques aux fiches que je peux modifier (laisse les choix faits)",
        permissions=["change"],
    )
    def propose_everywhere(self, request, queryset):
        querysets = list(_changeable_types(request.user))
        if not querysets:
            message = "Vous ne pouvez modifier aucune fiche : rien n’a changé."
            self.message_user(request, message, messages.WARNING)
            return
        bilan = lots.propose_everywhere(querysets)
        report(
            self,
            request,
            bilan,
            "fiche mise à jour|fiches mises à jour",
            "avait déjà les bons thèmes|avaient déjà les bons thèmes",
        )


def _changeable_types(user):
    """Records that `user` may change, one queryset a type."""
    for declaration in registre.types():
        opts = declaration.model._meta
        if user.has_perm(f"{opts.app_label}.{get_permission_codename('change', opts)}"):
            yield changeable(user, declaration.model._default_manager.all())


@admin.register(Choix)
class ChoixAdmin(TextesPublicsAdmin, RetenueAdmin, SaisieGardeeAdmin):
    explication = "Ce que proposent les menus des formulaires\N{NO-BREAK SPACE}: échelles, profils, types de ressource…"
    list_display = ["nom", "liste", "ordre"]
    list_filter = ["liste"]
    list_per_page = 100
    ordering = ["liste", "ordre", "nom_plie", "pk"]
    search_fields = ["nom", "slug"]
    search_help_text = "Nom ou adresse."
    fields = ["liste", "nom", "slug", "ordre"]

    def get_deleted_objects(self, objs, request):
        """A value in use is protected: Django refuses to delete it."""
        deleted, counts, perms, _ = super().get_deleted_objects(objs, request)
        counts = {name: count for name, count in counts.items() if name == Choix._meta.verbose_name_plural}
        return deleted, counts, perms, list(uses(objs, request.user))


def uses(values, user):
    """Rows that use one of `values`, in words: by name if `user` may read them, else their number."""
    for relation in Choix._meta.get_fields(include_hidden=True):
        model = relation.related_model
        # Skip many-to-many tables, which their fields report, and versions, which stay.
        if not (relation.auto_created and model) or model._meta.auto_created or hasattr(model, "instance_type"):
            continue
        rows = model._default_manager.filter(**{f"{relation.field.name}__in": list(values)}).distinct()
        opts = model._meta
        if user.has_perm(f"{opts.app_label}.{get_permission_codename('view', opts)}"):
            yield from (f"{opts.verbose_name} : {row}" for row in rows[:20])
            rest = rows.count() - 20
        else:
            rest = rows.count()
        if rest > 0:
            yield pluriel(rest, f"autre {opts.verbose_name}", f"autres {opts.verbose_name_plural}")
