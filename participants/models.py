"""What requests of persons share. They are not records: no directory, index, history or export holds them.

All rooms of `participants` extend these models. `__str__` is a number, so no page or log names anybody.
"""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.text import capfirst

from fiches.textes import as_text
from socle.courrier.mailboxes import address_key
from socle.courrier.models import AvecCourriels
from socle.courrier.refus import TropTard
from socle.francais.texte import fold
from socle.vie_privee import gestes
from socle.vie_privee.consentement import Consentement

DEMONSTRATION = "/démonstration"  # `Participant.source` of demo rows; no name of a file can contain the slash
CREATION = "_creee_le"  # key among the values kept of the old site: when it made the record, if it said so


class Sollicitation(AvecCourriels):
    """What a person asked or sent through a form: known by a number, answered by mail. Never public."""

    si_effacee = "Cette demande a été effacée."  # what is read if it was erased meanwhile; each kind has its words

    class Meta:
        abstract = True

    def __str__(self):
        nom = capfirst(self._meta.verbose_name)
        return f"{nom} n° {self.pk}" if self.pk else f"{nom} sans numéro"

    def locked(self) -> Self:
        """The row as it is now, locked. TropTard if it is erased."""
        row = type(self)._base_manager.select_for_update().filter(pk=self.pk).first()
        if row is None:
            raise TropTard(self.si_effacee)
        return row


class Participant(Sollicitation, Consentement):
    """A person who registered or takes part.

    - `cle`: identity on the old site, by which the next takeover finds the row again; None for a row made here.
    - `valeurs`: what the old site said at the last takeover, by field, to compare with; for a demo row, what it said
      when loaded.
    - `doute`: why the staff should look first.

    Concrete models add `courriel`, and `courriel_cle`: the same for all spellings of an address.
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

    # Fields by which the desk finds a row, in the order of the sort.
    cherches: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def clean(self):
        """Checks that an address has one row: forms of the desk leave out fields that the constraint needs."""
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
        """{field that people fill in: its value as text}."""
        fields = [field for field in self._meta.get_fields() if field.concrete and getattr(field, "editable", False)]
        return {field.attname: as_text(getattr(self, field.attname)) for field in fields if not field.primary_key}

    def remember_demo(self) -> None:
        """Keeps what a demo row says, once its several choices are set."""
        self.valeurs = self.as_texts()
        self.save()

    @property
    def is_unedited_demo(self) -> bool:
        """Whether only the purge has changed this demo row since it was loaded: it may be deleted."""
        return self.source == DEMONSTRATION and (not self.valeurs or self.valeurs == self.as_texts())


# For copies of data (socle/vie_privee/personal_copy.py): fields left out, and words for those without a label.
TUS = ("plie", "cle", "courriel_cle", "premiere_ligne", "derniere_ligne", "empreinte")
LIBELLES = {"valeurs": "ce que l’ancien site en disait", CREATION: "création"}


def told_apart(row: Participant) -> str:
    """Identifies a row for good: its identity on the old site, or its key with its date.

    The key alone may serve twice: after a restore or a new takeover, it may be somebody else's.
    """
    return row.cle or gestes.told_apart(row)
