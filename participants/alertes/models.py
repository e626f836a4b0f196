"""Alerts: who wants to be told of news in a list. Never public."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from pyroaring import BitMap

from participants.models import Sollicitation
from socle.vie_privee.consentement import Consentement

CRITERES = 1000  # characters of a query string; an index of both databases can hold as many
MATIN = timedelta(hours=6)  # start of a day for alerts: no mail leaves at night


class AlerteQuerySet(models.QuerySet):
    def due(self):
        """Running alerts not looked at in the present day or week."""
        met = Q(pk__in=[])
        for rythme in Alerte.Rythme:
            met |= Q(rythme=rythme, periode=periode(rythme))
        return self.filter(etat=Alerte.Etat.ACTIVE).exclude(met)


class Alerte(Sollicitation, Consentement):
    """A list under its filters, of which somebody wants news. `abonnement.py` and `sending.py` change its state.

    - `type`, `criteres`: name and query string of the list; `mots`: the same in words, as asked.
    - `vu`: last row of the change log at the last look. What the log first names after it is new, whatever the clock
      says and whenever the publishing transaction was committed.
    - `inachevees`: bitmap of earlier records, unfinished or withdrawn, to tell once they are finished.
    - `periode`: day or week of the last look. `numero`: of the last mail. `signe_le`: last sign of life.
    """

    si_effacee = "Cette alerte a été effacée."

    class Etat(models.TextChoices):
        A_CONFIRMER = "a-confirmer", "à confirmer"
        ACTIVE = "active", "suivie"
        EN_PAUSE = "en-pause", "en pause"
        SUSPENDUE = "suspendue", "suspendue : un critère n’existe plus"

    class Rythme(models.TextChoices):
        JOUR = "jour", "chaque jour"
        SEMAINE = "semaine", "chaque semaine"

    courriel = models.EmailField("adresse électronique")
    courriel_cle = models.CharField(max_length=254, editable=False)
    type = models.CharField("liste", max_length=20)
    criteres = models.CharField("critères", max_length=CRITERES, blank=True)
    mots = models.TextField("ce qui est demandé")
    rythme = models.CharField("rythme", max_length=10, choices=Rythme, default=Rythme.SEMAINE)
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.A_CONFIRMER)
    cree_le = models.DateTimeField("demandée le", default=timezone.now)
    confirmee_le = models.DateTimeField("confirmée le", null=True, blank=True)
    signe_le = models.DateTimeField("dernier signe de la personne", null=True, blank=True)
    vu = models.BigIntegerField("vu jusqu’au changement", default=0, editable=False)
    inachevees = models.BinaryField("fiches attendues", default=bytes, editable=False)
    periode = models.CharField("regardée", max_length=10, blank=True, editable=False)
    numero = models.PositiveIntegerField("courriels envoyés", default=0, editable=False)

    objects = AlerteQuerySet.as_manager()

    class Meta:
        verbose_name = "alerte"
        ordering = ["-cree_le", "-pk"]
        constraints = [models.UniqueConstraint("courriel_cle", "type", "criteres", name="alerte_une_par_liste")]
        indexes = [models.Index("type", "criteres", condition=Q(etat="active"), name="alerte_active")]

    @property
    def awaited(self) -> BitMap:
        return BitMap.deserialize(bytes(self.inachevees)) if self.inachevees else BitMap()

    def learn(self, numero: int, came: BitMap, records: BitMap, lacking: BitMap) -> None:
        """Notes how far the change log was read, what is awaited, and when the list was looked at.

        `came`: new records; `records`: all of the list; `lacking`: its unfinished ones. A record once finished is not
        awaited again. An alert of the release before has no note: all unfinished records are awaited.
        """
        held = self.awaited if self.inachevees else lacking
        awaited = (held - (records - lacking)) | (came & lacking) | (came - records)
        self.vu, self.periode = max(self.vu, numero), periode(self.rythme)  # the run may have read the list long before
        self.inachevees = awaited.serialize()

    @property
    def fin(self):
        """The end of the alert, unless its person gives a sign of life."""
        return (self.signe_le or self.cree_le) + timedelta(days=settings.CONSERVATION["alertes"])


def periode(rythme: str) -> str:
    """The present day, « 2026-11-27 », or week, « 2026-S48 ».

    Another one makes an alert due, whatever the clock did.
    """
    day = timezone.localdate(timezone.now() - MATIN)
    year, week, _ = day.isocalendar()
    return day.isoformat() if rythme == Alerte.Rythme.JOUR else f"{year}-S{week:02}"
