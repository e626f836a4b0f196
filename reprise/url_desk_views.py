"""The desk's pages for the old site's addresses: where each leads, and how to add one by hand."""

from django import forms
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import path, reverse
from django.utils.html import format_html

from fiches import registre
from fiches.acces import readable
from reprise import urls_of_old_site
from reprise.models import AncienIdentifiant
from reprise.settling import link_to
from socle.annuaire.models import Entree, Statut
from socle.bureau.list_filters import CaseListFilter
from socle.francais.nombres import whole
from socle.francais.texte import fold

Etat = AncienIdentifiant.Etat

ETATS = {
    "publique": ("mène à la fiche", Q(statut=Etat.FICHE, entree__statut=Statut.PUBLIEE)),
    "attente": (
        "fiche pas encore publiée",
        Q(statut=Etat.FICHE, entree__statut__in=[Statut.BROUILLON, Statut.A_RELIRE]),
    ),
    "disparue": (
        "page retirée ou disparue",
        Q(statut=Etat.DISPARUE) | Q(entree__isnull=True) | Q(entree__statut__in=[Statut.RETIREE, Statut.CORBEILLE]),
    ),
}


def pasted(text: str) -> str:
    """The name of the page if `text` is an address of the old site, else `text`."""
    before, _, query_string = text.strip().partition("?")
    # A title may hold a question mark.
    found = urls_of_old_site.demandes(query_string, script=True) if " " not in before else []
    return found[0].identifiant if found else text.strip()


def described(entree: Entree) -> str:
    """« Portail familles (Berric, projet, n° 12, à relire) »: enough to choose among several."""
    declaration = registre.find(entree.type)
    parts = [entree.lieu, declaration.nom if declaration else entree.type, f"n° {entree.pk}"]
    if entree.statut != Statut.PUBLIEE:
        parts.append(entree.get_statut_display())
    return f"{entree.titre} ({', '.join(filter(None, parts))})"


class FicheField(forms.ModelChoiceField):
    def label_from_instance(self, entree):
        return described(entree)


class FicheSelect(AutocompleteSelect):
    """Completion on records of all types, at an address of ours: the desk has no list of entries."""

    url_name = "%s:reprise_ancienidentifiant_completion"


class FicheCompletion(AutocompleteJsonView):
    """Answers the select's script with records found by words of title or place, or by number."""

    ancien_admin = None

    def process_request(self, request):
        field = AncienIdentifiant._meta.get_field("entree")
        return request.GET.get("term", "").replace("\0", ""), self.ancien_admin, field, "id"

    def has_perm(self, request, obj=None):
        return self.ancien_admin.has_view_permission(request)

    def get_queryset(self):
        entrees = readable(self.admin_site, self.request)
        found = Q()
        for word in fold(self.term).split():
            found &= Q(tri__contains=word) | Q(lieu__icontains=word)
        if key := whole(self.term, 9):
            found |= Q(pk=key)
        return entrees.filter(found).order_by("tri", "pk")

    def serialize_result(self, entree, to_field_name):
        return {"id": str(entree.pk), "text": described(entree)}


class AncienIdentifiantForm(forms.ModelForm):
    class Meta:
        field_classes = {"entree": FicheField}
        help_texts = {
            "identifiant": "Ce qui suit le « ? » dans l’ancienne adresse. Vous pouvez coller l’adresse entière.",
            "entree": "Des mots de son titre ou de son lieu, ou son numéro.",
            "certain": "Coché : la reprise ne le devine plus. Toute correction faite ici le coche.",
        }

    def clean_identifiant(self):
        identifiant = pasted(self.cleaned_data["identifiant"])
        if not urls_of_old_site.is_name(identifiant):
            raise ValidationError(
                f"« {identifiant} » n’est pas un nom de page de l’ancien site : des lettres sans accent et des "
                f"chiffres, {urls_of_old_site.IDENTIFIANT_LENGTH} au plus."
            )
        if identifiant.lower() == urls_of_old_site.ACCUEIL.lower():
            raise ValidationError("C’était la page d’accueil : son adresse mène toujours à l’accueil.")
        taken = urls_of_old_site.find(identifiant) if identifiant != self.instance.identifiant else None
        if taken and taken.pk != self.instance.pk:
            address = reverse("admin:reprise_ancienidentifiant_change", args=[taken.pk])
            raise ValidationError(
                format_html(
                    "« {} » est déjà pris (majuscules et minuscules ne comptent pas) : "
                    '<a href="{}">corrigez cette ligne</a>.',
                    taken.identifiant,
                    address,
                )
            )
        return identifiant

    def clean(self):
        cleaned = super().clean()
        if {"entree", "statut"} & self.errors.keys():
            return cleaned
        entree, statut = cleaned["entree"], cleaned["statut"]
        if statut == Etat.FICHE and entree is None:
            self.add_error("entree", "Choisissez la fiche où mène cette adresse, ou dites la page disparue.")
        if statut == Etat.DISPARUE and entree is not None:
            self.add_error("entree", "Une page disparue ne mène à aucune fiche : retirez la fiche, ou changez l’état.")
        return cleaned


class AdresseListFilter(CaseListFilter):
    title = "état"
    parameter_name = "etat"
    cases = [(key, label, condition) for key, (label, condition) in ETATS.items()]


class TypeListFilter(CaseListFilter):
    title = "type de fiche"
    parameter_name = "type"

    def cases_of(self, model):
        return [(one.cle, one.nom, Q(entree__type=one.cle)) for one in registre.types()]


@admin.register(AncienIdentifiant)
class AncienIdentifiantAdmin(admin.ModelAdmin):
    """What a person writes here is certain: no guess of a takeover replaces it."""

    explication = "Les adresses de l’ancien site, et la fiche où chacune mène."
    form = AncienIdentifiantForm
    list_display = ["identifiant", "lien_fiche", "etat", "lu"]
    list_filter = [AdresseListFilter, "certain", TypeListFilter]
    list_select_related = ["entree"]
    list_per_page = 50
    search_fields = ["identifiant", "entree__tri"]
    search_help_text = "Identifiant, ancienne adresse entière ou mots du titre de la fiche."

    def get_fields(self, request, obj=None):
        return ["identifiant", "entree", "statut", *(["certain"] if obj else [])]

    def get_urls(self):
        view = FicheCompletion.as_view(admin_site=self.admin_site, ancien_admin=self)
        name = "reprise_ancienidentifiant_completion"
        return [path("completion/", self.admin_site.admin_view(view), name=name), *super().get_urls()]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "entree":
            kwargs["queryset"] = readable(self.admin_site, request)
            kwargs["widget"] = FicheSelect(db_field, self.admin_site, attrs={"data-width": "40em"})
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "statut":
            kwargs["choices"] = [(Etat.FICHE, "mène à la fiche"), (Etat.DISPARUE, "page disparue, sans fiche")]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "identifiant":
            kwargs["max_length"] = urls_of_old_site.QUERY_LENGTH  # a whole address is longer than a name
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        if {"identifiant", "entree", "statut"} & set(form.changed_data):
            obj.certain = True
        super().save_model(request, obj, form, change)

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(pasted(search_term)))

    def view_on_site(self, obj):
        return f"{reverse('home')}?{obj.identifiant}"

    @admin.display(description="fiche", ordering="entree__tri")
    def lien_fiche(self, ancien):
        return link_to(ancien.entree)

    @admin.display(description="état")
    def etat(self, ancien):
        if ancien.is_publique:
            return ETATS["publique"][0]
        if not ancien.is_disparue:
            return ETATS["attente"][0]
        if ancien.statut == Etat.DISPARUE:
            return "page disparue"
        return "fiche retirée" if ancien.entree else "fiche supprimée"

    @admin.display(description="lu sur l’ancien site", ordering="certain")
    def lu(self, ancien):
        return "oui" if ancien.certain else "non, deviné du titre"
