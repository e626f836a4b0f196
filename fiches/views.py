"""Public views: the list of a type, the page of a record, and addresses that lead to it.

Record types extend FicheListView and FicheDetailView.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import admin
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import DetailView

from fiches import registre
from fiches.acces import admin_url
from fiches.attached import FichierJoint
from fiches.columns import DU_SITE, GROUPES, OU, POSITION, TITRE, URL, colonnes_de
from fiches.lieux import Situee
from fiches.proches import cards
from socle.annuaire.models import AncienneAdresse, Entree, Statut
from socle.catalogue.columns import Column
from socle.catalogue.nearby import DEFAULT_KM
from socle.catalogue.views import SelectionView
from socle.francais.prose import linkable
from socle.medias.fichiers import mime
from socle.territoires.cartes import around


@dataclass(frozen=True)
class SectionDeFiche:
    """A long text on a page: anchor, heading, text, question of the form."""

    id: str
    titre: str
    texte: str
    question: str


class FicheListView(SelectionView):
    """The list of a type, with default columns unless it has its own."""

    groupes = GROUPES
    position = POSITION

    @property
    def ou(self):
        return (OU,) if issubclass(self.filterset_class._meta.model, Situee) else ()

    def get_columns(self):
        return self.columns or colonnes_de(self.filterset_class._meta.model)

    def get_compared(self):
        """Columns of a comparison: all texts, nothing about the site; places last."""
        model = self.filterset_class._meta.model
        columns = [column for column in self.get_columns() if column not in (TITRE, URL, *DU_SITE)]
        said = {column.nom for column in columns}
        columns += [Column(name) for name in model.textes if name not in said]
        return [TITRE, URL, *sorted(columns, key=lambda column: column.nom in POSITION)]


class FicheDetailView(DetailView):
    """The page of a public record. A former slug answers 301.

    `sections`: {field: heading} of its long texts, in order; by default the model's `textes` under their labels. Empty
    ones are left out. `related`, `several`: as in SelectionView. `keys()`: the lines of « En bref ».
    """

    context_object_name = "fiche"
    apercu = None  # a record that is not public, for /apercu/
    sections: dict[str, str] = {}
    related: tuple[str, ...] = ()
    several: tuple[str, ...] = ()

    @classmethod
    def rows(cls):
        """Records in any state, with what their page shows."""
        return cls.model.objects.select_related("entree", *cls.related).prefetch_related("themes", *cls.several)

    def get_queryset(self):
        return self.rows().published()

    def get_object(self, queryset=None):
        return self.apercu or super().get_object(self.get_queryset())

    def get_template_names(self):
        """The type's own template, or else the common one."""
        return [*super().get_template_names(), "catalogue/fiche.html"]

    def keys(self, fiche) -> list[tuple[str, str, str]]:
        """(label, value, address or "") of each line of « En bref »; empty values are left out."""
        return []

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            asked = {"type": registre.for_model(self.get_queryset().model).cle, "slug": kwargs["slug"]}
            old = AncienneAdresse.objects.filter(**asked).select_related("entree").first()
            entree = old.entree if old else Entree.objects.filter(**asked).first()
            if old and entree.statut == Statut.PUBLIEE:
                return _moved(entree)
            if entree and was_deleted(entree):
                return gone(request, kwargs["slug"])
            raise

    @classmethod
    def headings(cls, fiche) -> dict[str, str]:
        """{field: heading} of the long texts, in order."""
        return cls.sections or {name: str(fiche._meta.get_field(name).verbose_name) for name in fiche.textes}

    def get_context_data(self, **kwargs):
        fiche, headings = self.object, self.headings(self.object)
        texts = registre.rewritten([getattr(fiche, name) for name in headings])
        sections = [
            SectionDeFiche(name, titre, texte, fiche._meta.get_field(name).verbose_name)
            for (name, titre), texte in zip(headings.items(), texts, strict=True)
            if texte.strip()
        ]
        joined = list(FichierJoint.objects.filter(entree=fiche.pk))
        held = [(str(row), row.fichier.url, row.document_affiche) for row in joined if row.fichier]
        keys = [key for key in self.keys(fiche) if key[1]]
        # `nom_origine` is for staff and has no masks.
        lost = [row for row in joined if not row.fichier and row.nom_origine and row.titre]
        return super().get_context_data(
            declaration=registre.for_model(type(fiche)),
            keys=keys,
            essentiel=", ".join(list(dict.fromkeys(str(key[1]) for key in keys))[:2]),
            sections=sections,
            mentions=registre.mentions(fiche),
            qui_lit=registre.readers(fiche) if fiche.is_publiee else [],
            fichiers=[row for row in held if row[2]],  # a file missing from the disk has no size
            perdus=[row.titre for row in lost if not mime(row.nom_origine).startswith("image/")],
            lieu=around(fiche.commune, DEFAULT_KM) if isinstance(fiche, Situee) else None,
            admin_url=admin_url(type(fiche), "change", fiche.pk),
            verification=admin_url(type(fiche), "verifier", fiche.pk),
            proches=cards(fiche, [emploi.pk for emploi in kwargs.get("emplois", ())]),
            **kwargs,
        )


def facet_link(fiche, name: str, row) -> str:
    """The list of `fiche`'s type with `row` chosen in facet `name`; "" without a row.

    `row`: a row with a slug or key, or a value (a year).
    """
    if row is None or row == "":
        return ""
    value = next((getattr(row, key) for key in ("slug", "pk") if hasattr(row, key)), row)
    return f"{registre.for_model(type(fiche)).lien}?{urlencode({name: value})}"


def way_out(address: str, words: str) -> tuple[str, str]:
    """(words, link) for a record's address; (address, "") if pages may not link to it."""
    found = linkable(*registre.rewritten([address]))
    return (words, found) if found else (address, "")


def apercu(request, pk):
    """/apercu/<id>/: the page of an unpublished record, for staff who may read it; else 404.

    A public record redirects to its page.
    """
    if not admin.site.has_permission(request):
        raise Http404("Cette page n’existe pas.")
    entree = get_object_or_404(Entree, pk=pk)
    if not entree.is_of_a_type:
        raise Http404("Cette page n’existe pas.")
    declaration = registre.get(entree.type)
    model_admin = admin.site.get_model_admin(declaration.model)
    may = model_admin.has_delete_permission if entree.statut == Statut.CORBEILLE else model_admin.has_view_permission
    if not may(request):
        raise Http404("Cette page n’existe pas.")
    if entree.statut == Statut.PUBLIEE:
        response = redirect(entree.get_absolute_url())
    else:
        fiche = get_object_or_404(declaration.page.rows(), pk=pk)
        response = declaration.page.as_view(apercu=fiche)(request, slug=fiche.slug)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


def permalink(request, pk):
    """/p/<id>: 301 to the record, or to the one that it was merged into."""
    entree = get_object_or_404(Entree, pk=pk).after_merges()
    if was_deleted(entree):
        return gone(request, entree.slug)
    if entree.statut != Statut.PUBLIEE:
        raise Http404("Cette page n’existe pas.")
    return _moved(entree)


def fiche_integree(request, pk):
    """/integrer/fiche/<id>/: a record in a frame of another site."""
    entree = get_object_or_404(Entree, pk=pk).after_merges()
    if was_deleted(entree):
        return gone(request, entree.slug)
    if entree.statut != Statut.PUBLIEE:
        raise Http404("Cette page n’existe pas.")
    declaration = registre.get(entree.type)
    rows = declaration.liste().for_cards(declaration.model.objects.published_by_key().filter(pk=entree.pk))
    return render(request, "vues/integree.html", {"declaration": declaration, "fiches": [get_object_or_404(rows)]})


def was_deleted(entree: Entree) -> bool:
    """Whether a record in the bin was ever public. No page mentions the others."""
    if entree.statut != Statut.CORBEILLE:
        return False
    if entree.publiee_le is not None:
        return True
    if not entree.is_of_a_type:  # nothing reads its versions
        return False
    return registre.get(entree.type).model.history.filter(entree_id=entree.pk, statut=Statut.PUBLIEE).exists()


def gone(request, slug: str) -> HttpResponse:
    """410, with the words of the address to search for."""
    response = render(request, "410.html", {"mots": slug.replace("-", " ")}, status=410)
    response["Cache-Control"] = "no-cache"  # it may leave the bin
    return response


def _moved(entree: Entree) -> HttpResponsePermanentRedirect:
    """301, not cached: the record may take an old address back."""
    return HttpResponsePermanentRedirect(entree.get_absolute_url(), headers={"Cache-Control": "no-cache"})
