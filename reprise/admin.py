"""The desk's pages for what the takeover was not sure of, and for what changed on both sides."""

from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html, format_html_join

from fiches import registre
from fiches.acces import admin_url, visible_types
from fiches.suivi.doublons import dismiss
from reprise import participant_desk_views, resolution, run_desk_views, url_desk_views  # noqa: F401 - they register themselves
from reprise.follow_up import next_link, settled_at
from reprise.models import Anomalie, Ecartee
from reprise.settling import ReglableAdmin, RegleListFilter, short
from socle.annuaire.models import Entree, Statut
from socle.annuaire.types import declared


@admin.register(Anomalie)
class AnomalieAdmin(ReglableAdmin):
    list_display = ["type", "lien_fiche", "ou", "extrait", "a_faire", "suite"]
    list_filter = [RegleListFilter, "type"]
    search_fields = ["entree__titre", "champ", "texte"]
    fields = ["type", "a_faire", "lien_fiche", "champ", "ligne", "texte", "creee_le", "suite", "regle"]
    decisions = {
        "ecarter": ("Écarter", "discard"),
        "remettre": ("Remettre dans la fiche", "put_back"),
        "distinguer": ("Ce sont des fiches différentes", "tell_apart"),
        "garder": ("Garder le nôtre", "keep"),
        "prendre": ("Prendre l’ancien site", "take"),
    }

    settled_at = staticmethod(settled_at)

    def get_fields(self, request, obj=None):
        twins = ["jumelles"] if obj and obj.entree and obj.type == Anomalie.Type.DOUBLON_PROBABLE else []
        compared = ("champ", "texte") if obj and obj.valeurs and not obj.reglee_le else ()
        return [name for name in [*self.fields[:3], *twins, *self.fields[3:]] if name not in compared]

    def decidable(self):
        """Anomalies with a decision: a removed text, a possible double, a change on both sides, or a record of unknown
        type, which has no record here. None for records in the bin or of a type that left the site.
        """
        types = Anomalie.Type
        kinds = [types.CONTENU_INDESIRABLE, types.DOUBLON_PROBABLE, types.CHANGE_DES_DEUX_COTES]
        left = ~Q(entree__statut=Statut.CORBEILLE) & Q(entree__type__in=declared())
        of_a_record = Q(type__in=kinds) & left
        rows = self.model._default_manager.filter(of_a_record | Q(type=types.TYPE_INCONNU))
        return rows.select_related("entree")

    def subject(self, row):
        return row.entree.fiche if row.entree else row

    def offered(self, row):
        if row.type == Anomalie.Type.DOUBLON_PROBABLE:
            return ["distinguer"]
        if row.type == Anomalie.Type.CHANGE_DES_DEUX_COTES:
            return ["garder", "prendre"]
        return ["ecarter", "remettre"] if resolution.field_of(row) else ["ecarter"]

    def _decide(self, request, row, decision):
        """Adds a link to the next anomaly of that type."""
        message, level = super()._decide(request, row, decision)
        return format_html("{} {}", message, next_link(self.admin_site, request, row)), level

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and obj.type == Anomalie.Type.TYPE_INCONNU and self.may_decide(request, obj):
            context["devenir"] = [
                (f"{admin_url(declaration.model, 'add')}?anomalie={obj.pk}", declaration.nom)
                for declaration, model_admin in visible_types(self.admin_site, request)
                if model_admin.has_add_permission(request)
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def discard(self, request, anomalie):
        Anomalie.objects.filter(pk=anomalie.pk).settle(request.user)
        return "Le texte reste écarté. C’est réglé."

    def tell_apart(self, request, anomalie):
        for twin in self._twins(anomalie):
            dismiss(twin.pk, anomalie.entree_id, user=request.user)
        Anomalie.objects.filter(pk=anomalie.pk).settle(request.user)
        return "C’est noté : ce sont des fiches différentes. C’est réglé."

    def put_back(self, request, anomalie):
        fiche = resolution.put_back(anomalie, user=request.user)
        self._log(request, fiche, "Texte écarté remis.")
        return "Le texte est remis dans la fiche. C’est réglé."

    def keep(self, request, anomalie):
        Anomalie.objects.filter(pk=anomalie.pk).settle(request.user)
        return "Notre fiche reste telle quelle. C’est réglé."

    def take(self, request, anomalie):
        fiche = resolution.take_theirs(anomalie, user=request.user)
        self._log(request, fiche, "Texte de l’ancien site repris.")
        return "La fiche dit maintenant ce que dit l’ancien site. C’est réglé."

    @admin.display(description="fiches du même titre")
    def jumelles(self, anomalie):
        """Possible doubles, each with the page that merges the two."""
        entree = anomalie.entree
        merge = self.admin_site.get_model_admin(registre.get(entree.type).model).merge_address
        rows = [(merge(twin.pk, entree.pk), twin, twin.pk) for twin in self._twins(anomalie)]
        return format_html_join(", ", '<a href="{}">{} ({}) : comparer et fusionner</a>', rows) or "aucune"

    @staticmethod
    def _twins(anomalie):
        entree = anomalie.entree
        twins = Entree.objects.in_use().filter(type=entree.type, tri=entree.tri).exclude(pk=entree.pk)
        return twins.order_by("pk")[:10]

    @admin.display(description="champ", ordering="champ")
    def ou(self, anomalie):
        return short(anomalie.champ, 60)

    @admin.display(description="texte d’origine")
    def extrait(self, anomalie):
        return short(anomalie.texte, 120)


@admin.register(Ecartee)
class EcarteeAdmin(admin.ModelAdmin):
    """Records deleted here, which the takeover leaves out. To delete such a row lets the record come again."""

    explication = "Des fiches supprimées ici\N{NO-BREAK SPACE}: une nouvelle reprise ne les remet pas."
    list_display = fields = readonly_fields = ["titre", "type", "supprimee_le"]
    search_fields = ["titre"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
