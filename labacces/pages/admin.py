"""The editors' desk for the pages about the site: their text, what is left to fill in, their versions."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html, format_html_join

from fiches.acces import TextesEcritsAdmin, admin_url
from fiches.actions import desk_page
from fiches.suivi.comparaison import changed_labels, compared_fields, differences, state
from fiches.suivi.concurrence import Concurrence, Ecart, VersionForm
from fiches.suivi.historique import author, versions, with_changes
from labacces.pages import operateur
from labacces.pages.calculs import CALCULS
from labacces.pages.models import Page, Renseignements
from socle.bureau import ajouts
from socle.bureau.read_only import KeptRowsAdmin
from socle.bureau.widgets import TexteWidget
from socle.francais.mots import pluriel

CHAMPS = ("titre", "texte")
AIDE_TEXTE = (
    "Texte simple : une ligne vide sépare deux paragraphes, « - » commence un élément de liste, « ## » un titre, "
    "« ### » un sous-titre. Un lien s’écrit [intitulé](/aide/) ou [intitulé](https://exemple.bzh/). Une phrase "
    "où reste [à compléter : nom de l’éditeur] n’est pas montrée au public. {siren}, {adresse} et les autres sont ce "
    "que dit la page « À compléter par l’organisme » ; « || » sépare ce qui se dit quand on le sait de ce qui se dit "
    "sinon. Tout ce que vous écrivez ici est public, adresses électroniques comprises."
)


class PageForm(VersionForm):
    class Meta:
        model = Page
        fields = CHAMPS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "texte" in self.fields:
            self.fields["texte"].widget.attrs["rows"] = 32
            lines = [f"[[{nom}]], {calcul.role}" for nom, calcul in CALCULS.get(self.instance.cle, {}).items()]
            kept = f" Gardez les lignes que le site remplit : {' ; '.join(lines)}." if lines else ""
            taken_out = self.fields["texte"].help_text
            self.fields["texte"].help_text = format_html("{}{}", AIDE_TEXTE + kept, taken_out)

    def _reconcile(self, seen: int | None) -> Concurrence:
        page = self.instance
        shown = page.history.filter(version=seen).first()
        ecarts = []
        for name in CHAMPS:
            now, typed = getattr(page, name), self.cleaned_data.get(name, self[name].data or "")
            before = getattr(shown, name) if shown else None
            if now in (before, typed):
                continue
            repris = typed == before
            if repris:
                self.data[self.add_prefix(name)] = now
            ecarts.append(Ecart(str(page._meta.get_field(name).verbose_name), now, typed, repris))
        last = page.history.select_related("history_user").first()
        return Concurrence(author(last) if last else "", last.history_date if last else None, ecarts, False)

    def _message(self) -> str:
        return "Quelqu’un d’autre a modifié cette page. Rien n’a été enregistré, rien de votre saisie n’est perdu."


@admin.register(Page)
class PageAdmin(KeptRowsAdmin, TextesEcritsAdmin):
    explication = "Ce que le site dit de lui-même\N{NO-BREAK SPACE}: à propos, aide, mentions légales…"
    form = PageForm
    fields = [*CHAMPS, "reste", "version", "modifiee_le"]
    readonly_fields = ["reste", "version", "modifiee_le"]
    list_display = ["titre", "adresse", "etat", "origine", "modifiee_le"]
    formfield_overrides = {models.TextField: {"widget": TexteWidget}}
    actions = None
    save_on_top = True
    change_form_template = "pages/admin/change_form.html"

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def get_urls(self):
        view = self.admin_site.admin_view(self.version_view)
        return [
            path("<path:object_id>/history/<int:version>/", view, name="pages_page_version"),
            *super().get_urls(),
        ]

    @admin.display(description="adresse", ordering="cle")
    def adresse(self, page):
        return page.get_absolute_url()

    @admin.display(description="état")
    def etat(self, page):
        if number := len(page.a_completer):
            return format_html('<strong class="etiquette">{} à compléter</strong>', pluriel(number, "point", "points"))
        return "complète"

    @admin.display(description="texte")
    def origine(self, page):
        return "modifié par l’équipe" if page.editee else "texte de départ"

    @admin.display(description="reste à compléter")
    def reste(self, page):
        if not page.a_completer:
            return "Rien : la page est complète."
        return format_html_join("", "{}<br>", ((what,) for what in page.a_completer))

    def changelist_view(self, request, extra_context=None):
        """Say which pages are not complete."""
        if request.method == "GET" and self.has_view_or_change_permission(request):
            titles = [page.titre for page in Page.objects.all() if page.a_completer]
            if titles:
                message = f"Il reste des points à compléter, que le public ne voit pas : {', '.join(titles)}."
                self.message_user(request, message, messages.WARNING)
        return super().changelist_view(request, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A save locks the page's row, so that its version is compared and raised by one editor at a time."""
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            self._lock(unquote(object_id))
            return super().changeform_view(request, object_id, form_url, extra_context)

    @staticmethod
    def _lock(cle):
        list(Page.objects.select_for_update().filter(pk=cle).values_list("pk"))

    def save_model(self, request, obj, form, change):
        if form.fields_changed:
            obj.editee = True
            obj.save()

    def log_change(self, request, obj, message):
        """Saving a form as it was leaves no trace."""
        return super().log_change(request, obj, message) if message else None

    def construct_change_message(self, request, form, formsets, add=False):
        return super().construct_change_message(request, form, formsets, add) if form.fields_changed else []

    # Versions

    def history_view(self, request, object_id, extra_context=None):
        page = self._page(request, object_id)
        lines = [
            (version, author(version), changed_labels(Page, before, now) if before else [])
            for version, now, before in with_changes(list(versions(Page, page.pk)))
        ]
        return self._show(request, page, "pages/admin/historique.html", lignes=lines, title="Historique")

    def version_view(self, request, object_id, version):
        """One version, what restoring it would change, and the button that does it."""
        page = self._page(request, object_id)
        record = page.history.filter(version=version).select_related("history_user").first()
        if record is None:
            raise Http404("Cette version n’existe pas.")
        may_restore = self.has_change_permission(request, page)
        if request.method == "POST":
            if not may_restore:
                raise PermissionDenied
            done = self._restore(request, page, record)
            return redirect(admin_url(Page, "change", page.pk) if done else request.path)
        context = {
            "version": record,
            "auteur": author(record),
            "champs": [(name, getattr(record, name)) for name in CHAMPS],
            "differences": differences(compared_fields(Page), state(page), state(record)),
            "peut_restaurer": may_restore,
            "title": f"Version {record.version}",
        }
        return self._show(request, page, "pages/admin/version.html", **context)

    @transaction.atomic
    def _restore(self, request, page, record) -> bool:
        self._lock(page.pk)
        page.refresh_from_db()
        if request.POST.get("version_lue") != str(page.version):
            message = "La page a été modifiée entre-temps : rien n’a été restauré. Relisez ce qui changerait."
            self.message_user(request, message, messages.ERROR)
            return False
        page.titre, page.texte, page.editee = record.titre, record.texte, True
        page._change_reason = f"Version {record.version} restaurée"
        try:
            page.clean()
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return False
        page.save()
        self.log_change(request, page, f"Version {record.version} restaurée.")
        message = f"La version {record.version} est restaurée. Elle est maintenant la version {page.version}."
        self.message_user(request, message, messages.SUCCESS)
        return True

    def _page(self, request, object_id):
        page = self.get_object(request, unquote(object_id))
        if page is None:
            raise Http404("Cette page n’existe pas.")
        if not self.has_view_or_change_permission(request, page):
            raise PermissionDenied
        return page

    def _show(self, request, page, template, **context):
        context |= {
            "fiche": page,
            "adresse_fiche": admin_url(Page, "change", page.pk),
            "adresse_historique": admin_url(Page, "history", page.pk),
            "subtitle": str(page),
        }
        return desk_page(self, request, template, context)


@admin.register(Renseignements)
class RenseignementsAdmin(KeptRowsAdmin, admin.ModelAdmin):
    """The one row of what the operator says of themselves; the settings beside it, to read."""

    explication = "Qui met le site en ligne\N{NO-BREAK SPACE}: ce que disent les mentions légales et les autres pages."
    readonly_fields = ["installation"]
    change_form_template = "pages/admin/renseignements.html"
    fieldsets = [
        ("Nom, site, mission et logos", {"fields": ["installation"]}),
        ("L’organisme", {"fields": ["forme_juridique", "adresse", "siren", "telephone", "direction_publication"]}),
        ("L’hébergeur", {"fields": [f"hebergeur{part}" for part in ("", "_adresse", "_telephone", "_journal")]}),
        ("Les données personnelles", {"fields": ["delegue", "sauvegardes", "transferts"]}),
        ("Les fiches et le logiciel", {"fields": ["licence", "relecture", "partenaires", "code_source"]}),
        ("L’accessibilité", {"fields": ["accessibilite"]}),
    ]
    formfield_overrides = {
        models.CharField: {"widget": admin.widgets.AdminTextInputWidget(attrs={"class": "vLargeTextField"})},
        models.URLField: {"assume_scheme": "https"},
    }

    def changelist_view(self, request, extra_context=None):
        """There is one row."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect(admin_url(Renseignements, "change", Renseignements.KEY))

    def get_object(self, request, object_id, from_field=None):
        """It is there before anybody has saved it."""
        return Renseignements.given() if object_id == str(Renseignements.KEY) else None

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"title": "À compléter par l’organisme", "manquent": obj.missing() if obj else []}
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="donnés à l’installation")
    def installation(self, row):
        left = operateur.manquants()
        if not left:
            return "Tout est donné."
        return format_html_join("", "<div>{} : pas encore dit. {}</div>", left)


class OrganismeAjout(ajouts.Ajout):
    """What the operator has still to say, among what waits."""

    def links(self, site, request, addresses):
        if not site.get_model_admin(Renseignements).has_change_permission(request):
            return
        if number := len(Renseignements.given().missing()) + len(operateur.manquants()):
            words = pluriel(number, "renseignement", "renseignements")
            yield f"À compléter par l’organisme : {words}", admin_url(Renseignements, "changelist")


ajouts.register(OrganismeAjout())
