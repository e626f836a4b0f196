"""The list of a type, the page of one record, and the addresses that lead to it."""

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
    """A free text of a record, as its page shows it: anchor, heading, text, and the words of its field on the form."""

    id: str
    titre: str
    texte: str
    question: str


class FicheListView(SelectionView):
    """The list of a record type, with the columns that all types share unless it has its own."""

    groupes = GROUPES
    position = POSITION

    @property
    def ou(self):
        return (OU,) if issubclass(self.filterset_class._meta.model, Situee) else ()

    def get_columns(self):
        return self.columns or colonnes_de(self.filterset_class._meta.model)

    def get_compared(self):
        """The columns but those that say of a record what others say, or when the site wrote it; and all its texts.

        What it says comes first, where it is last.
        """
        model = self.filterset_class._meta.model
        columns = [column for column in self.get_columns() if column not in (TITRE, URL, *DU_SITE)]
        said = {column.nom for column in columns}
        columns += [Column(name) for name in model.textes if name not in said]
        return [TITRE, URL, *sorted(columns, key=lambda column: column.nom in POSITION)]


class FicheDetailView(DetailView):
    """The page of a public record. A slug it had before answers 301 to its present address.

    `sections`: {field: heading} of its free texts, in order; without it, the model's `textes` under their own names.
    Empty ones are left out. `related`, `several`: as in SelectionView. `keys()` is what « En bref » says.
    """

    context_object_name = "fiche"
    apercu = None  # a record that the public does not see, shown in place of the one at the address
    sections: dict[str, str] = {}
    related: tuple[str, ...] = ()
    several: tuple[str, ...] = ()

    @classmethod
    def rows(cls):
        """Records in any state, with all that their page prints."""
        return cls.model.objects.select_related("entree", *cls.related).prefetch_related("themes", *cls.several)

    def get_queryset(self):
        return self.rows().published()

    def get_object(self, queryset=None):
        return self.apercu or super().get_object(self.get_queryset())

    def get_template_names(self):
        """The type's own template if it has one, else the common one."""
        return [*super().get_template_names(), "catalogue/fiche.html"]

    def keys(self, fiche) -> list[tuple[str, str, str]]:
        """(label, value, address or "") of what stands in « En bref »; an empty value is left out."""
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
        """{field: heading} of the free texts of a record, in order."""
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
        # Their titles: the name on the old site is staff's, nothing was taken out of it.
        lost = [row for row in joined if not row.fichier and row.nom_origine and row.titre]
        return super().get_context_data(
            declaration=registre.for_model(type(fiche)),
            keys=keys,
            essentiel=", ".join(list(dict.fromkeys(str(key[1]) for key in keys))[:2]),
            sections=sections,
            mentions=registre.mentions(fiche),
            qui_lit=registre.readers(fiche) if fiche.is_publiee else [],
            fichiers=[row for row in held if row[2]],  # of one that left the disk nothing is known
            perdus=[row.titre for row in lost if not mime(row.nom_origine).startswith("image/")],
            lieu=around(fiche.commune, DEFAULT_KM) if isinstance(fiche, Situee) else None,
            admin_url=admin_url(type(fiche), "change", fiche.pk),
            verification=admin_url(type(fiche), "verifier", fiche.pk),
            proches=cards(fiche, [emploi.pk for emploi in kwargs.get("emplois", ())]),
            **kwargs,
        )


def facet_link(fiche, name: str, row) -> str:
    """Address of the list of records like `fiche` with `row` chosen in facet `name`; "" for nothing chosen.

    `row`: a row with a slug or a key, or the value itself (a year).
    """
    if row is None or row == "":
        return ""
    value = next((getattr(row, key) for key in ("slug", "pk") if hasattr(row, key)), row)
    return f"{registre.for_model(type(fiche)).lien}?{urlencode({name: value})}"


def way_out(address: str, words: str) -> tuple[str, str]:
    """What a page says of an address that a record holds, and where that leads: nowhere if no page may lead there."""
    found = linkable(*registre.rewritten([address]))
    return (words, found) if found else (address, "")


def apercu(request, pk):
    """/apercu/<id>/: a record that is not public, on its very page, for the staff who may read it; 404 for anyone else.

    Once it is public, its own page answers.
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
    """/p/<id>: the address that never changes, 301 to wherever the record is, or the one that it was merged into."""
    entree = get_object_or_404(Entree, pk=pk).after_merges()
    if was_deleted(entree):
        return gone(request, entree.slug)
    if entree.statut != Statut.PUBLIEE:
        raise Http404("Cette page n’existe pas.")
    return _moved(entree)


def fiche_integree(request, pk):
    """/integrer/fiche/<id>/: a record in a frame of another site, or the one that it was merged into."""
    entree = get_object_or_404(Entree, pk=pk).after_merges()
    if was_deleted(entree):
        return gone(request, entree.slug)
    if entree.statut != Statut.PUBLIEE:
        raise Http404("Cette page n’existe pas.")
    declaration = registre.get(entree.type)
    rows = declaration.liste().for_cards(declaration.model.objects.published_by_key().filter(pk=entree.pk))
    return render(request, "vues/integree.html", {"declaration": declaration, "fiches": [get_object_or_404(rows)]})


def was_deleted(entree: Entree) -> bool:
    """Whether the public met a record that is in the bin now: of any other, no page says that it ever was."""
    if entree.statut != Statut.CORBEILLE:
        return False
    if entree.publiee_le is not None:
        return True
    if not entree.is_of_a_type:  # nothing reads its versions
        return False
    return registre.get(entree.type).model.history.filter(entree_id=entree.pk, statut=Statut.PUBLIEE).exists()


def gone(request, slug: str) -> HttpResponse:
    """The 410 of a deleted record, with the words of its address to search for."""
    response = render(request, "410.html", {"mots": slug.replace("-", " ")}, status=410)
    response["Cache-Control"] = "no-cache"  # it may be taken out of the bin
    return response


def _moved(entree: Entree) -> HttpResponsePermanentRedirect:
    """301 to a record. No browser keeps it: the record may take an old address back."""
    return HttpResponsePermanentRedirect(entree.get_absolute_url(), headers={"Cache-Control": "no-cache"})
