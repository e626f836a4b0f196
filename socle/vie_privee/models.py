"""Erasures, requests of persons, the key of the day, texts as written, the log of readers."""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

DELAI = timedelta(days=30)  # the law gives a month to answer


class Effacement(models.Model):
    """An erasure, as a keyed digest: a restored backup does it again.

    `genre`: "" for all about an address, else a person's own action (`gestes.py`).
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
    """The key of a day's digests (empreintes.py)."""

    jour = models.DateField("jour", primary_key=True)
    cle = models.BinaryField("clé")

    class Meta:
        verbose_name = "clé du jour"
        verbose_name_plural = "clés du jour"

    def __str__(self):
        return str(self.jour)


class Demande(models.Model):
    """A person's request, mostly a copy or an erasure.

    Once answered, it has no address. The rest stays a while as proof: what was done, by whom, when.
    """

    class Objet(models.TextChoices):
        COPIE = "copie", "recevoir une copie"
        CORRECTION = "correction", "corriger ou compléter ses données"
        EFFACEMENT = "effacement", "être effacé·e"
        LIMITATION = "limitation", "limiter l’usage de ses données"
        TRANSMISSION = "transmission", "récupérer ses données pour les transmettre"
        OPPOSITION = "opposition", "s’opposer à l’usage de ses données, ou retirer un accord"

    courriel = models.EmailField(
        "adresse électronique de la personne",
        help_text="Celle sous laquelle la personne figure sur le site. Elle est retirée d’ici après la réponse.",
    )
    objet = models.CharField("demande", max_length=12, choices=Objet)
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
        """The legal last day for an answer."""
        return self.recue_le + DELAI


class TexteIntegral(models.Model):
    """What was masked in a public text (`public_text.py`). Saving a record does not read it.

    For staff only: no version, index, page or file holds it. `texte`: as written; `public`: with masks; both of that
    day, empty if words were only kept. `retires`: masked words. `laisses`: [{"mots", "raison", "par"}], words left on
    purpose.
    """

    class Raison(models.TextChoices):
        PAS_UNE_PERSONNE = "pas-une-personne", "ce n’est pas une personne"
        ACCORD = "accord", "cette personne est d’accord"
        GARDE = "garde", "l’équipe la garde en public"  # an address, a number

    modele = models.CharField(max_length=100)
    cle = models.CharField(max_length=40)
    champ = models.CharField(max_length=100)
    texte = models.TextField("texte tel qu’écrit", blank=True)
    public = models.TextField("ce qu’en lit le public", default="", blank=True)
    retires = models.JSONField("mots retirés", default=list)
    laisses = models.JSONField("mots laissés", default=list)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)

    class Meta:
        verbose_name = "texte tel qu’écrit"
        verbose_name_plural = "textes tels qu’écrits"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["modele", "cle", "champ"], name="texte_integral_unique")]

    def __str__(self):
        try:
            named = apps.get_model(self.modele)._meta.verbose_name
        except LookupError:  # its model left the site
            named = "ligne d’une partie retirée du site,"
        return f"{named} n° {self.cle}"


class Consultation(models.Model):
    """A member of staff read, exported or wrote to persons; it holds none of their data.

    `genre`: the list's model, « app.Model ». `sujet`: what these persons share, in words.
    """

    class Quoi(models.TextChoices):
        LISTE = "liste", "liste"
        FICHE = "fiche", "détail"
        CSV = "csv", "export CSV"
        XLSX = "xlsx", "export XLSX"
        EMARGEMENT = "emargement", "feuille d’émargement"
        MESSAGE = "message", "message à toutes les personnes"

    le = models.DateTimeField("date", default=timezone.now, db_index=True)
    qui = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="par"
    )
    quoi = models.CharField("action", max_length=12, choices=Quoi)
    nombre = models.PositiveIntegerField("nombre de personnes", default=0)
    genre = models.CharField(max_length=100)
    sujet = models.CharField("au sujet de", max_length=500, blank=True)

    class Meta:
        verbose_name = "lecture de données personnelles"
        verbose_name_plural = "lectures de données personnelles"
        ordering = ["-le", "-pk"]

    def __str__(self):
        return f"Lecture n° {self.pk}"
