"""Keeping the directory and the search index true: after a save, a change of themes, a renamed theme, a deletion."""

from copy import copy
from dataclasses import replace

from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete

from fiches import registre
from fiches.confidentiel import montrer
from fiches.models import Entree, Fiche, Theme
from fiches.recherche.index import Document, index, index_many, remove
from fiches.themes import propose_themes

BLOCK = 500


def propose(fiche: Fiche) -> list[Theme]:
    """Themes that the record's own words propose."""
    themes = getattr(fiche, "tous_les_themes", None)  # read once by a batch
    return propose_themes(fiche.titre_affiche, fiche.texte_affiche, Theme.objects.all() if themes is None else themes)


def document(fiche: Fiche) -> Document:
    """What a search finds the record by; the name of its type counts among its themes (« podcast caf »)."""
    declaration = registre.for_model(type(fiche))
    found = montrer(copy(fiche)).document()
    return replace(found, themes=[*found.themes, declaration.nom, declaration.menu])


def index_fiche(fiche: Fiche) -> None:
    """Put a public record in the search index, take any other out of it."""
    if fiche.est_publiee:
        index(fiche.pk, document(fiche))
    else:
        remove(fiche.pk)


def index_fiches(fiches) -> None:
    """Index public records of one type, in blocks, a few queries each. `fiches`: a queryset of published ones."""
    one, several = _joined(fiches.model)
    rows = fiches.select_related(*one).prefetch_related(*several).iterator(chunk_size=BLOCK)
    index_many((fiche.pk, document(fiche)) for fiche in rows)


def _joined(model: type[Fiche]) -> tuple[set[str], list[str]]:
    """What a record's document may read besides the record: its places and choices, of one value and of several.

    Other records are not among them: a document says nothing of those.
    """
    fields = [field for field in model._meta.concrete_fields if field.many_to_one]
    one = {field.name for field in fields if not issubclass(field.related_model, Fiche | Entree)}
    one.update(registre.for_model(model).liste.related)
    return one, [field.name for field in model._meta.many_to_many]


def _themes_changed(sender, instance, action, reverse, pk_set, **kwargs):
    if action not in ("post_add", "post_remove", "post_clear"):
        return
    if not reverse:
        if not hasattr(instance, "skip_history_when_saving"):
            index_fiche(instance)
        return
    for declaration in registre.types():
        if declaration.model.themes.through is sender:
            index_fiches(declaration.model.objects.published().filter(pk__in=pk_set or []))


def _theme_saved(sender, instance, created, raw, **kwargs):
    if raw or created:
        return
    for declaration in registre.types():
        index_fiches(declaration.model.objects.published().filter(themes=instance))


def _theme_going(sender, instance, **kwargs):
    instance.fiches_a_indexer = [
        (declaration, list(declaration.model.objects.published().filter(themes=instance).values_list("pk", flat=True)))
        for declaration in registre.types()
    ]


def _theme_gone(sender, instance, **kwargs):
    for declaration, pks in instance.fiches_a_indexer:
        index_fiches(declaration.model.objects.filter(pk__in=pks))


def _fiche_gone(sender, instance, **kwargs):
    Entree.objects.filter(pk=instance.pk).delete()


def connect() -> None:
    """Connect the signals of every declared record type. Called once, when the registre is complete."""
    for declaration in registre.types():
        cle = declaration.cle
        m2m_changed.connect(_themes_changed, sender=declaration.model.themes.through, dispatch_uid=f"themes-{cle}")
        post_delete.connect(_fiche_gone, sender=declaration.model, dispatch_uid=f"entree-{cle}")
    post_save.connect(_theme_saved, sender=Theme, dispatch_uid="theme-renomme")
    pre_delete.connect(_theme_going, sender=Theme, dispatch_uid="theme-partant")
    post_delete.connect(_theme_gone, sender=Theme, dispatch_uid="theme-parti")
