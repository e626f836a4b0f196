"""Finds the files of the old site by name in a folder, and attaches them to the records that name them.

A file that a form of the site would refuse (with macros, a drawing, a damaged picture) is kept with its record for the
team alone, with an anomaly. An empty file counts as missing.
"""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import models

from fiches.attached import FichierInterne
from fiches.models import Fiche
from reprise.file_names import shown_name, undated
from reprise.lecture import FICHIER, AnomalieLue
from reprise.models import Anomalie
from socle.annuaire.models import Entree, Statut
from socle.medias.budget import Budget
from socle.medias.depot import AUDIO, DOCUMENT, Depot

# On any record, a file of the old site may be a document, a picture or a sound.
REPRIS = Depot((*DOCUMENT.extensions, *AUDIO.extensions), AUDIO.size)


@dataclass
class Fichiers:
    """The files of a folder, by name, and what became of them.

    `joints`: names of files attached to a record. `gardes`: {name: reason, in French} of files kept for the team.
    `vides`: names of empty files. `seuls`: names that no record asks for.
    """

    dossier: Path
    joints: list[str] = field(default_factory=list)
    gardes: dict[str, str] = field(default_factory=dict)
    vides: list[str] = field(default_factory=list)
    seuls: list[str] = field(default_factory=list)
    ecrits: list[tuple] = field(default_factory=list)  # (storage, name) of what was written

    @contextmanager
    def taken_back_on_failure(self):
        """Deletes the written files from the disk if the transaction fails."""
        try:
            yield
        except BaseException:
            for storage, nom in self.ecrits:
                storage.delete(nom)
            raise


def attach_files(
    fichiers: Fichiers,
    *,
    simulation: bool,
    told: Callable[[Anomalie], None],
    note: Callable[..., None],
) -> None:
    """Gives each record whose file is missing the file of that name, within the caller's transaction.

    It fills any model with `fichier` and `nom_origine`: a record (saved with a version) or a row of one. It takes files
    directly in the folder, by exact name, or without dates (then the latest). `simulation`: writes nothing to the disk.
    `told(anomaly)` withdraws a missing file; `note(key, anomaly, entree=)` adds an anomaly.
    """
    files = {path.name: path for path in sorted(fichiers.dossier.iterdir()) if path.is_file()}
    there = {undated(nom): path for nom, path in files.items()} | files
    known, binned = set(), set(Entree.objects.filter(statut=Statut.CORBEILLE).values_list("pk", flat=True))
    for model in apps.get_models():
        fields = {field.name: field for field in model._meta.concrete_fields}
        file = isinstance(fields.get("fichier"), models.FileField)
        if "nom_origine" not in fields or not file or model is FichierInterne:
            continue
        rows = model._default_manager.filter(nom_origine__in=there)
        rows = [row for row in rows.order_by("pk") if owner(row) not in binned]
        known.update(there[row.nom_origine].name for row in rows)
        for row in rows:
            nom, path = row.nom_origine, there[row.nom_origine]
            if row.fichier:
                continue
            if not path.stat().st_size:
                fichiers.vides.append(nom)
                continue
            missing = Anomalie.objects.open().filter(entree=owner(row), type="fichier_manquant", texte=nom)
            for anomalie in missing:
                told(anomalie)
            missing.settle()
            with path.open("rb") as content:
                received, why = _received(nom, content)
                if why:
                    _keep(row, nom, received, why, fichiers, simulation=simulation, note=note)
                    continue
                if not simulation:
                    _attach(row, received, fichiers)
                fichiers.joints.append(nom)
    kept_back = Anomalie.objects.open().filter(type=Anomalie.Type.VALEUR_RESERVEE, champ=FICHIER)
    named = {nom for texte in kept_back.values_list("texte", flat=True) for nom in texte.splitlines()}
    known.update(there[nom].name for nom in named & there.keys())
    fichiers.seuls = sorted(files.keys() - known)


def _received(nom: str, content) -> tuple[File, str]:
    """Returns what to keep of a file, and why a form of the site would refuse it, or ""."""
    # The old site put « _ » after the extensions that it mistrusted.
    upload = File(content, name=nom.rstrip("_"))
    try:
        return REPRIS.receive(upload, Budget.for_command()), ""
    except ValidationError as error:
        content.seek(0)
        return File(content, name=nom.rstrip("_")), " ".join(error.messages)


def _attach(row: models.Model, file: File, fichiers: Fichiers) -> None:
    row.fichier.save(shown_name(row.nom_origine), file, save=False)
    fichiers.ecrits.append((row.fichier.storage, row.fichier.name))
    row._change_reason = "Fichier de l’ancien site"
    row.save(**({"touch": False} if isinstance(row, Fiche) else {}))  # nobody has edited it


def _keep(row, nom: str, file: File, why: str, fichiers: Fichiers, *, simulation: bool, note) -> None:
    """Notes what is odd in a file, and keeps it with its record, for the team alone, unless somebody settled that."""
    entree = Entree.objects.get(pk=owner(row))
    cle = f"{entree.type}:{entree.pk}"
    said = {"type": Anomalie.Type.FICHIER_INTERNE.value, "champ": FICHIER, "texte": nom}
    if Anomalie.objects.exclude(reglee_le=None).filter(empreinte=Anomalie.fingerprint(cle=cle, **said)).exists():
        return
    note(cle, AnomalieLue(said["type"], entree.titre, FICHIER, 0, nom), entree=entree)
    fichiers.gardes[nom] = why
    kept = FichierInterne.objects.filter(entree=entree, nom_origine=nom).exists()
    if kept or simulation:
        return
    interne = FichierInterne(entree=entree, nom=shown_name(nom)[:300], raison=why[:300], nom_origine=nom)
    interne.fichier.save(interne.nom, file, save=False)
    fichiers.ecrits.append((interne.fichier.storage, interne.fichier.name))
    interne.save()


def owner(row) -> int | None:
    """The entry that a row belongs to: its own if it is a record, else that of its record."""
    if isinstance(row, Fiche):
        return row.pk
    parents = (f for f in row._meta.concrete_fields if f.is_relation and issubclass(f.related_model, (Fiche, Entree)))
    return next((getattr(row, field.attname) for field in parents), None)
