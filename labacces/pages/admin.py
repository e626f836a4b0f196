"""The desk of the pages about the site: text, what is left to fill in, versions."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join

from fiches.acces import TextesPublicsAdmin, admin_url
from fiches.suivi.concurrence import VersionForm
from fiches.suivi.desk_views import HistoriqueAdmin
from fiches.suivi.historique import unmoved
from labacces.pages import operateur
from labacces.pages.calculs import CALCULS
from labacces.pages.models import Page, Renseignements
from socle.bureau.read_only import KeptRowsAdmin
from socle.bureau.saisie import SaisieGardeeAdmin
from socle.bureau.widgets import TexteWidget
from socle.francais.wording import pluriel

CHAMPS = ("titre", "texte")
AIDE_TEXTE = (
    "Texte simple : une ligne vide sépare deux paragraphes, « - » commence un élément de liste, « ## » un titre, "
    "« ### » un sous-titre, **deux étoiles** le gras. Un lien s’écrit [intitulé](/aide/) ou "
    "[intitulé](https://exemple.bzh/). Une phrase où reste [à compléter : nom de l’éditeur] n’est pas montrée au "
    "public. {siren}, {adresse} et les autres sont ce que dit la page « Renseignements de l’organisme » ; « || » "
    "sépare ce qui se dit quand on le sait de ce qui se dit sinon. Tout ce que vous écrivez ici est public, adresses "
    "électroniques comprises."
)


class PageForm(VersionForm):
    is_read_by_public = False  # no question: the operator chose these addresses

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


@admin.register(Page)
class PageAdmin(KeptRowsAdmin, TextesPublicsAdmin, SaisieGardeeAdmin, HistoriqueAdmin):
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
        """Warn about incomplete pages."""
        if request.method == "GET" and self.has_view_or_change_permission(request):
            titles = [page.titre for page in Page.objects.all() if page.a_completer]
            if titles:
                message = f"Il reste des points à compléter, que le public ne voit pas : {', '.join(titles)}."
                self.message_user(request, message, messages.WARNING)
        return super().changelist_view(request, extra_context)

    def save_model(self, request, obj, form, change):
        if form.fields_changed:
            obj.editee = True
            obj.save()

    def construct_change_message(self, request, form, formsets, add=False):
        return super().construct_change_message(request, form, formsets, add) if form.fields_changed else []

    @transaction.atomic
    def restored(self, request, record, *, seen, prives):
        page = unmoved(Page, record, seen)
        page.titre, page.texte, page.editee = record.titre, record.texte, True
        page._change_reason = f"Version {record.version} restaurée"
        page.clean()
        page.save()
        return page


@admin.register(Renseignements)
class RenseignementsAdmin(KeptRowsAdmin, SaisieGardeeAdmin):
    """The one row of the operator's answers; settings beside it, read-only."""

    explication = "Qui met le site en ligne\N{NO-BREAK SPACE}: ce que disent les mentions légales et les autres pages."
    readonly_fields = ["installation"]
    change_form_template = "pages/admin/renseignements.html"
    fieldsets = [
        ("Nom, site, mission et logos", {"fields": ["installation"]}),
        ("L’organisme", {"fields": ["forme_juridique", "adresse", "siren", "telephone", "direction_publication"]}),
        ("L’hébergeur", {"fields": [f"hebergeur{part}" for part in ("", "_adresse", "_telephone", "_journal")]}),
        ("Les données personnelles", {"fields": ["delegue", "sauvegardes", "transferts"]}),
        (
            "Les fiches et le logiciel",
            {"fields": ["licence", "licence_autre", "relecture", "partenaires", "code_source"]},
        ),
        ("L’accessibilité", {"fields": ["accessibilite"]}),
    ]
    formfield_overrides = {
        models.CharField: {"widget": admin.widgets.AdminTextInputWidget(attrs={"class": "vLargeTextField"})},
        models.URLField: {"assume_scheme": "https"},
    }

    def changelist_view(self, request, extra_context=None):
        """Opens the one row."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect(admin_url(Renseignements, "change", Renseignements.KEY))

    def get_object(self, request, object_id, from_field=None):
        """The one row exists before its first save."""
        return Renseignements.given() if object_id == str(Renseignements.KEY) else None

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"title": str(obj), "subtitle": None, "manquent": obj.missing() if obj else []}
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="donnés à l’installation")
    def installation(self, row):
        left = operateur.manquants()
        if not left:
            return "Tout est donné."
        return format_html_join("", "<div>{} : pas encore dit. {}</div>", left)
