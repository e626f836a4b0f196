"""People who take part in the cooperative exploration: what they bring, what they look for.

A sheet is public once its person agreed and confirmed the address, and the staff read it. A change of its public part
needs the staff again.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from fiches.choice_lists import Choix, liste
from participants.models import Participant
from socle.vie_privee.public_text import TextesPublics


class ExplorationQuerySet(models.QuerySet):
    def publiques(self):
        """The sheets that are agreed, confirmed and read by the staff."""
        return self.filter(statut=Exploration.Statut.PARTICIPE, accord_publication=True, relue_le__isnull=False)

    def a_relire(self):
        """The doubtful posts, and the sheets to read before publication."""
        wished = models.Q(statut=Exploration.Statut.PARTICIPE, accord_publication=True, relue_le=None)
        return self.filter(models.Q(statut=Exploration.Statut.A_VERIFIER) | wished)


class Exploration(TextesPublics, Participant):
    """The sheet of a person; its title is their name. `parcours.py` changes its state.

    `accord_publication`: whether they agreed to publication; `accord_le`, `accord_texte`: when, and to which version of
    the text. Sheets of the old site, or typed by the staff, have no such proof.
    """

    class Statut(models.TextChoices):
        A_VERIFIER = "a-verifier", "à vérifier"
        A_CONFIRMER = "a-confirmer", "à confirmer"
        PARTICIPE = "participe", "participe"

    nom = models.CharField("nom", max_length=500)
    fonctions = models.TextField("fonctions", blank=True)
    structure = models.CharField("structure", max_length=500, blank=True)
    provenance = models.CharField("d’où je viens (adresse, ville)", max_length=500, blank=True)
    profils = models.ManyToManyField(**liste(Choix.Liste.PROFIL), verbose_name="profils")
    sujets = models.TextField("sujets que j’aimerais aborder, ce que j’aimerais y trouver", blank=True)
    expertises = models.TextField("expertises ou savoir-faire", blank=True)
    commentaire = models.TextField("commentaire", blank=True)
    courriel = models.CharField("courriel", max_length=254, blank=True)
    courriel_cle = models.CharField(max_length=300, blank=True, editable=False, db_index=True)
    statut = models.CharField("état", max_length=12, choices=Statut, default=Statut.PARTICIPE, editable=False)
    acceptee_le = models.DateTimeField("envoi douteux accepté le", null=True, blank=True, editable=False)
    signe_le = models.DateTimeField("dernier signe de la personne", null=True, blank=True, editable=False)
    accord_publication = models.BooleanField("a accepté que sa fiche soit publiée", default=False)
    accord_le = models.DateTimeField("publication acceptée le", null=True, blank=True, editable=False)
    accord_texte = models.CharField("version du texte de publication", max_length=20, blank=True, editable=False)
    relue_le = models.DateTimeField("relue par l’équipe le", null=True, blank=True, editable=False)

    si_effacee = "Cette fiche d’exploration a été effacée."
    cherches = ("nom", "structure", "provenance", "fonctions", "courriel")
    # The fields that the public reads; without address and comment.
    PUBLICS = ("nom", "fonctions", "structure", "profils", "sujets", "expertises")
    textes_prives = ("nom", "provenance", "commentaire", "courriel")  # the person agreed to show the name

    objects = ExplorationQuerySet.as_manager()

    class Meta:
        verbose_name = "exploration"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            # The old site may hold the same person twice; only its rows may repeat an address.
            models.UniqueConstraint(
                fields=["courriel_cle"],
                condition=models.Q(cle__isnull=True, statut="participe") & ~models.Q(courriel_cle=""),
                name="exploration_une_par_adresse",
                violation_error_message="Cette adresse a déjà une fiche d’exploration.",
            ),
        ]

    @property
    def lignes_publiques(self) -> list[tuple[str, str]]:
        """(label, text), as it was written."""
        values = {name: getattr(self, name) for name in self.PUBLICS if name != "profils"}
        values["profils"] = ", ".join(profil.nom for profil in self.profils.all())
        return [(str(self._meta.get_field(name).verbose_name), values[name]) for name in self.PUBLICS if values[name]]

    @property
    def a_confirmer_avant(self) -> datetime:
        """Until when its address can be confirmed; the purge then erases it, counting from the same day."""
        since = self.acceptee_le or self.cree_le
        return since + timedelta(days=settings.CONSERVATION["explorations_non_confirmees"])

    @property
    def is_read_by_public(self):
        return self.is_publique

    @property
    def is_publique(self) -> bool:
        return self.statut == self.Statut.PARTICIPE and self.accord_publication and self.relue_le is not None
