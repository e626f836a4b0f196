"""Attach the files of the old site, found by name in a folder, to the records that name them."""

from pathlib import Path

from django.apps import apps
from django.core.files import File
from django.db import models
from django.utils import timezone

from fiches.models import Fiche
from fiches.suivi.models import Anomalie


def attach_files(dossier: Path) -> int:
    """Give each record whose file is missing the file of that name; how many found theirs.

    Any model with a `fichier` and a `nom_origine` takes part: a record (saved as such, with a version) or a row of one.
    Only files of the folder itself, by their exact name. A file that is there already is left alone.
    """
    there = {path.name: path for path in dossier.iterdir() if path.is_file()}
    found = 0
    for model in apps.get_models():
        fields = {field.name: field for field in model._meta.concrete_fields}
        if "nom_origine" not in fields or not isinstance(fields.get("fichier"), models.FileField):
            continue
        for row in model._default_manager.filter(fichier="", nom_origine__in=there).order_by("pk"):
            with there[row.nom_origine].open("rb") as content:
                row.fichier.save(row.nom_origine, File(content), save=False)
            row._change_reason = "Fichier de l’ancien site"
            row.save()
            missing = Anomalie.objects.open().filter(entree=owner(row), type="fichier_manquant", texte=row.nom_origine)
            missing.update(reglee_le=timezone.now())
            found += 1
    return found


def owner(row) -> int | None:
    """The entry that a row belongs to: its own if it is a record, else that of the record it hangs on."""
    if isinstance(row, Fiche):
        return row.pk
    parents = (f for f in row._meta.concrete_fields if f.is_relation and issubclass(f.related_model, Fiche))
    return next((getattr(row, field.attname) for field in parents), None)
