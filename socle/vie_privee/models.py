"""What protects persons keeps of its own: erasures done, requests received, the key of the day."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

DELAI = timedelta(days=30)  # the law gives a month to answer


class Effacement(models.Model):
    """What was erased or withdrawn here, as a keyed digest: a backup that is restored has it done again.

    `genre`: "" for all that concerns an address, else the kind of what somebody did by themselves (`gestes.py`).
    """

    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    genre = models.CharField("genre", max_length=40, blank=True)
    efface_le = models.DateTimeField("effacé le", default=timezone.now)

    class Meta:
        verbose_name = "effacement"
        ordering = ["pk"]

    def __str__(self):
        return f"Effacement n° {self.pk}"


class CleDuJour(models.Model):
    """The random key of the digests of one day (empreintes.py)."""

    jour = models.DateField("jour", primary_key=True)
    cle = models.BinaryField("clé")

    class Meta:
        verbose_name = "clé du jour"
        verbose_name_plural = "clés du jour"

    def __str__(self):
        return str(self.jour)


class Demande(models.Model):
    """Somebody asked to see, or to have erased, what the site keeps of them.

    Once answered it holds no address any more: what was done, by whom and when stays a while, as a proof.
    """

    class Objet(models.TextChoices):
        COPIE = "copie", "recevoir une copie"
        EFFACEMENT = "effacement", "être effacé·e"

    courriel = models.EmailField(
        "adresse électronique de la personne",
        help_text="Celle sous laquelle la personne figure sur le site. Elle est retirée d’ici après la réponse.",
    )
    objet = models.CharField("demande", max_length=12, choices=Objet, default=Objet.EFFACEMENT)
    recue_le = models.DateField("reçue le", default=timezone.localdate)
    saisie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="saisie par",
    )
    traitee_le = models.DateTimeField("traitée le", null=True, editable=False)
    traitee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="traitée par",
    )

    class Meta:
        verbose_name = "demande d’une personne"
        verbose_name_plural = "demandes de personnes"
        ordering = ["traitee_le", "recue_le", "pk"]
        permissions = [("repondre", "exporter et effacer les données d’une personne")]

    def __str__(self):
        return f"Demande n° {self.pk}" if self.pk else "nouvelle demande"

    @property
    def avant_le(self):
        """The day by which the law wants an answer."""
        return self.recue_le + DELAI
