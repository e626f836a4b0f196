"""What the requests of persons share. They are no Fiche: not in the directory, nor in the index, history or exports.

Nothing that prints or logs a row of theirs by its name may name anyone: `__str__` is a number.
"""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.text import capfirst

from fiches.textes import as_text
from socle.courrier.adresses import address_key
from socle.courrier.models import AvecCourriels
from socle.courrier.refus import TropTard
from socle.francais.texte import fold
from socle.vie_privee import gestes
from socle.vie_privee.consentement import Consentement

DEMONSTRATION = "/démonstration"  # `Participant.source` of demo rows; no name of a file can hold its slash
CREATION = "_creee_le"  # of the values kept as a base: when the old site made the record, if it ever said so


class Sollicitation(AvecCourriels):
    """What a person asked or sent through a form: known by a number, answered by mail. Never public."""

    class Meta:
        abstract = True

    def __str__(self):
        nom = capfirst(self._meta.verbose_name)
        return f"{nom} n° {self.pk}" if self.pk else f"{nom} sans numéro"

    def locked(self) -> Self:
        """The row as it is now, locked until the transaction ends. TropTard once it is erased."""
        row = type(self)._base_manager.select_for_update().filter(pk=self.pk).first()
        if row is None:
            raise TropTard("Cette demande a été effacée.")
        return row


class Participant(Sollicitation, Consentement):
    """A person who registered or took part.

    `cle`: identity of a row taken over from the old site, by which the next takeover knows it again; None for one made
    here. `valeurs`: what the old site said then, field by field: the base of the next merge. Of a demo row: what it
    said when it was loaded. `doute`: why staff should look first. A concrete one adds `courriel`, and `courriel_cle`:
    what the spellings of it share.
    """

    cree_le = models.DateTimeField("reçue le", default=timezone.now, editable=False)
    source = models.CharField("origine", max_length=200, blank=True, editable=False)
    cle = models.CharField(max_length=500, null=True, unique=True, editable=False)
    premiere_ligne = models.PositiveIntegerField("première ligne", null=True, editable=False)
    derniere_ligne = models.PositiveIntegerField("dernière ligne", null=True, editable=False)
    valeurs = models.JSONField(default=dict, editable=False)
    plie = models.TextField(default="", editable=False)
    doute = models.CharField("à vérifier parce que", max_length=300, blank=True, editable=False)
    confirmee_le = models.DateTimeField("adresse confirmée le", null=True, blank=True, editable=False)

    # Names of the fields that a search of the desk finds a row by, in the order it sorts.
    cherches: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def clean(self):
        """One row an address, as the database has it: a form of the desk leaves out what its constraint is about."""
        super().clean()
        self.courriel_cle = address_key(self.courriel)
        for constraint in self._meta.constraints:
            constraint.validate(type(self), self)

    def save(self, *args, **kwargs):
        self.plie = fold(" ".join(getattr(self, name) for name in self.cherches))
        self.courriel_cle = address_key(self.courriel)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "plie", "courriel_cle"}
        super().save(*args, **kwargs)

    def as_texts(self) -> dict[str, str]:
        """What each field that people fill in says, as text."""
        fields = [field for field in self._meta.get_fields() if field.concrete and getattr(field, "editable", False)]
        return {field.attname: as_text(getattr(self, field.attname)) for field in fields if not field.primary_key}

    def remember_demo(self) -> None:
        """Keep what a demo row says, once its several-choice fields are there too."""
        self.valeurs = self.as_texts()
        self.save()

    @property
    def is_unedited_demo(self) -> bool:
        """Whether this is a demo row that nobody has changed since it was loaded, but for the purge: it may leave."""
        return self.source == DEMONSTRATION and (not self.valeurs or self.valeurs == self.as_texts())


# What a copy for a person leaves out of their row, and its words for what has no label (socle/vie_privee/copie.py).
TUS = ("plie", "cle", "courriel_cle", "premiere_ligne", "derniere_ligne", "empreinte")
LIBELLES = {"valeurs": "ce que l’ancien site en disait", CREATION: "création"}


def told_apart(row: Participant) -> str:
    """What tells a row from any other for good: who it is on the old site, or its key and date together.

    Its key alone may serve twice: a restored backup, or a takeover done again, gives it to somebody else.
    """
    return row.cle or gestes.told_apart(row)
