"""How each task ran last."""

from django.db import models


class DernierPassage(models.Model):
    """The last run of a task; one row each. One that says « en cours » and that nobody holds (verrou.py) was killed."""

    class Etat(models.TextChoices):
        EN_COURS = "en-cours", "en cours"
        REUSSI = "reussi", "réussi"
        EN_ECHEC = "en-echec", "en échec"

    cle = models.CharField("tâche", max_length=40, unique=True)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.EN_COURS)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin", null=True)
    mots = models.TextField("ce qui a été dit", blank=True)
    reussi_le = models.DateTimeField("dernière réussite", null=True)
    # The last days or weeks that had their run, the latest first.
    periodes = models.JSONField("périodes faites", default=list)

    class Meta:
        verbose_name = "dernier passage d’une tâche"
        verbose_name_plural = "derniers passages des tâches"
        ordering = ["cle"]

    def __str__(self):
        return f"{self.cle}, {self.get_etat_display()}"
