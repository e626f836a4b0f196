"""The persons and files of a record of any type."""

import secrets
from functools import partial
from pathlib import PurePosixPath

from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from socle.annuaire.models import Entree, Statut, inscrire_fiches
from socle.journal.writing import watch
from socle.medias.champs import FichierField
from socle.medias.depot import DOCUMENT
from socle.medias.fichiers import describe, extension
from socle.vie_privee.public_text import TextesPublics


class Contact(models.Model):
    """A person of a record: apart, so that history, index and exports hold no name and no address."""

    class Role(models.TextChoices):
        REFERENT = "referent", "référent·e"
        AUTEUR = "auteur", "auteur·e de la fiche"
        DEPOSANT = "deposant", "déposant·e"
        CONTACT = "contact", "contact"

    entree = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="contacts", verbose_name="fiche")
    role = models.CharField("rôle", max_length=10, choices=Role.choices, default=Role.REFERENT)
    nom = models.CharField("nom", max_length=200, blank=True)
    fonction = models.CharField("fonction", max_length=200, blank=True)
    courriel = models.CharField("courriel", max_length=254, blank=True)
    telephone = models.CharField("téléphone", max_length=40, blank=True)
    accord = models.BooleanField("a accepté d’être montré·e", default=False)
    # True: « Écrire » sends nothing to this address, from any record.
    sans_message = models.BooleanField("ne veut pas de messages", default=False)

    class Meta:
        verbose_name = "personne"
        ordering = ["role", "pk"]

    def __str__(self):
        return self.nom or self.get_role_display()


class FichierJointQuerySet(models.QuerySet):
    def published(self):
        return self.filter(entree__statut=Statut.PUBLIEE)


class FichierJoint(TextesPublics):
    """A file of any record: public with it, listed on its page. Recordings and annexes are fields of their own types.

    `nom_origine`: its name on the old site, with dates, or without them if a text says so.
    """

    entree = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="fichiers", verbose_name="fiche")
    titre = models.CharField("titre", max_length=200, blank=True)
    fichier = FichierField("fichier", upload_to="fichiers/%Y/", max_length=255, blank=True, depot=DOCUMENT)
    nom_origine = models.CharField("nom sur l’ancien site", max_length=300, blank=True)

    textes_prives = ("nom_origine",)

    objects = FichierJointQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier joint"
        verbose_name_plural = "fichiers joints"
        ordering = ["pk"]
        indexes = [models.Index(fields=["fichier"], name="fichier_joint_fichier")]  # read at each /media/ request

    def __str__(self):
        return self.titre or PurePosixPath(self.fichier.name or self.nom_origine).name

    @property
    def is_read_by_public(self):
        return self.entree.statut == Statut.PUBLIEE

    @property
    def document_affiche(self):
        """« PDF, 420 Ko »; "" without a file."""
        return describe(self.fichier)


INTERNES = "internes"  # folder of files for the team only


def internal_name(row: "FichierInterne", nom: str) -> str:
    """The path of a new file, with a name that nobody can guess."""
    return f"{INTERNES}/{secrets.token_hex(16)}.{extension(nom)[:10]}"


class FichierInterne(models.Model):
    """A file that only the record's form gives, never a page or /media/.

    Uploads refuse it but the old site had it; or it had macros; or it is the original of a cleaned file. `de`: its
    former public name on the disk. `nom_origine`: see `FichierJoint`.
    """

    class Nature(models.TextChoices):
        PRIVE = "prive", "gardé pour l’équipe"
        ORIGINAL = "original", "original d’un fichier assaini"

    entree = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="fichiers_internes", verbose_name="fiche")
    nature = models.CharField("nature", max_length=10, choices=Nature, default=Nature.PRIVE)
    nom = models.CharField("nom", max_length=300)
    fichier = FichierField("fichier", upload_to=internal_name, max_length=255, prive=True)
    raison = models.CharField("pourquoi", max_length=300)
    de = models.CharField("était", max_length=255, blank=True)
    nom_origine = models.CharField("nom sur l’ancien site", max_length=300, blank=True)
    le = models.DateTimeField("depuis le", default=timezone.now)

    class Meta:
        verbose_name = "fichier gardé pour l’équipe"
        verbose_name_plural = "fichiers gardés pour l’équipe"
        ordering = ["pk"]

    def __str__(self):
        return self.nom

    @property
    def document_affiche(self) -> str:
        """« DOCM, 420 Ko »; "" if the file is missing."""
        return describe(self.fichier)


@receiver(post_delete, sender=FichierInterne)
@receiver(post_delete, sender=FichierJoint)
def remove_file(sender, instance, using, **kwargs):
    """Delete the file of a deleted row, after the commit."""
    if instance.fichier:
        remove = partial(instance.fichier.storage.delete, instance.fichier.name)
        transaction.on_commit(remove, using=using, robust=True)


for _model in (Contact, FichierJoint):  # the record's page shows them
    watch(_model, lambda row, gone: inscrire_fiches([row.entree_id]))
