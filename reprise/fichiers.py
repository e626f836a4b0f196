"""Attach the files of the old site, found by name in a folder, to the records that name them."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import models

from fiches.models import Fiche
from reprise.file_names import shown_name, undated
from reprise.lecture import FICHIER
from reprise.models import Anomalie
from socle.annuaire.models import Entree, Statut
from socle.medias import fichiers as medias

# Whatever its record, a file is what its extension says, or it waits for somebody to convert it.
ACCEPTED = medias.Accepted(tuple(medias.FORMATS), medias.AUDIO.size)


@dataclass
class Fichiers:
    """The files of a folder, by name, and what became of them.

    `joints`: names of those that a record received, once for each. `refuses`: {name: why, in French}. `seuls`: names
    of those that no record asks for.
    """

    dossier: Path
    joints: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    seuls: list[str] = field(default_factory=list)
    ecrits: list[tuple] = field(default_factory=list)  # (storage, name) of what was written

    @contextmanager
    def taken_back_on_failure(self):
        """A database that takes all back holds no file any more: the written ones leave the disk."""
        try:
            yield
        except BaseException:
            for storage, nom in self.ecrits:
                storage.delete(nom)
            raise


def attach_files(fichiers: Fichiers, *, simulation: bool, told: Callable[[Anomalie], None]) -> None:
    """Give each record whose file is missing the file of that name, within the caller's transaction.

    Any model with a `fichier` and a `nom_origine` takes part: a record (saved as such, with a version) or a row of one.
    Only files of the folder itself, by their exact name, or without its dates (the latest then). A file that is there
    already is left alone. `simulation`: nothing is written to the disk. `told(anomaly)`: that the file was missing is
    no longer to be told.
    """
    files = {path.name: path for path in sorted(fichiers.dossier.iterdir()) if path.is_file()}
    there = {undated(nom): path for nom, path in files.items()} | files
    known, binned = set(), set(Entree.objects.filter(statut=Statut.CORBEILLE).values_list("pk", flat=True))
    for model in apps.get_models():
        fields = {field.name: field for field in model._meta.concrete_fields}
        if "nom_origine" not in fields or not isinstance(fields.get("fichier"), models.FileField):
            continue
        rows = model._default_manager.filter(nom_origine__in=there)
        rows = [row for row in rows.order_by("pk") if owner(row) not in binned]
        known.update(there[row.nom_origine].name for row in rows)
        for row in rows:
            nom = row.nom_origine
            if row.fichier or nom in fichiers.refuses or not _is_sound(nom, there[nom], fichiers):
                continue
            missing = Anomalie.objects.open().filter(entree=owner(row), type="fichier_manquant", texte=nom)
            for anomalie in missing:
                told(anomalie)
            missing.settle()
            if not simulation:
                _attach(row, there[nom], fichiers)
            fichiers.joints.append(nom)
    kept_back = Anomalie.objects.open().filter(type=Anomalie.Type.VALEUR_RESERVEE, champ=FICHIER)
    named = {nom for texte in kept_back.values_list("texte", flat=True) for nom in texte.splitlines()}
    known.update(there[nom].name for nom in named & there.keys())
    fichiers.seuls = sorted(files.keys() - known)


def _is_sound(nom: str, path: Path, fichiers: Fichiers) -> bool:
    """Whether a file is what its extension says; if not, say why."""
    with path.open("rb") as content:
        # The old site put « _ » after the extensions that it mistrusted.
        upload = File(content, name=nom.rstrip("_"))
        try:
            if not upload.size:
                raise ValidationError("Ce fichier est vide.")
            ACCEPTED(upload)
        except ValidationError as error:
            fichiers.refuses[nom] = " ".join(error.messages)
    return nom not in fichiers.refuses


def _attach(row: models.Model, path: Path, fichiers: Fichiers) -> None:
    with path.open("rb") as content:
        row.fichier.save(shown_name(row.nom_origine), File(content), save=False)
    fichiers.ecrits.append((row.fichier.storage, row.fichier.name))
    row._change_reason = "Fichier de l’ancien site"
    row.save(**({"touch": False} if isinstance(row, Fiche) else {}))  # nobody has edited it


def owner(row) -> int | None:
    """The entry that a row belongs to: its own if it is a record, else that of what it hangs on."""
    if isinstance(row, Fiche):
        return row.pk
    parents = (f for f in row._meta.concrete_fields if f.is_relation and issubclass(f.related_model, (Fiche, Entree)))
    return next((getattr(row, field.attname) for field in parents), None)
