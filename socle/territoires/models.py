"""Régions, départements, intercommunalités and communes of the official geographic code (COG, INSEE).

`manage.py charger_referentiels` loads them. Codes are primary keys: records point to places by code.
"""

from django.db import models

from socle.francais.texte import fold
from socle.territoires.place_names import comparison_key, intercommunalite_key


class Region(models.Model):
    """A région or an overseas territory. `code`: INSEE, "53" for Bretagne."""

    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=100)

    class Meta:
        verbose_name = "région"
        ordering = ["nom", "code"]

    def __str__(self):
        return self.nom


class Departement(models.Model):
    """A département. `code`: INSEE, "22", "2A", "971"."""

    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=100)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="departements", verbose_name="région")

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self):
        return f"{self.nom} ({self.code})"


class Intercommunalite(models.Model):
    """An EPCI with its own taxation. `code`: its SIREN, nine digits. `nature`: CC, CA, CU, METRO.

    `save` keeps `nom_plie`, for sorting, and `cle`, for comparing names.
    """

    code = models.CharField("SIREN", max_length=9, primary_key=True)
    nom = models.CharField("nom", max_length=150)
    nom_plie = models.CharField("nom sans accent", max_length=150, db_index=True, editable=False)
    cle = models.CharField("nom comparable", max_length=150, db_index=True, editable=False)
    nature = models.CharField("nature", max_length=6)

    class Meta:
        verbose_name = "intercommunalité"
        ordering = ["nom_plie", "code"]

    def __str__(self):
        return self.nom

    def save(self, *args, **kwargs):
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self):
        """For bulk writes, which skip `save`."""
        self.nom_plie = fold(self.nom)
        self.cle = intercommunalite_key(self.nom)


class Commune(models.Model):
    """A present-day commune. `code`: INSEE, five characters. Position: degrees (WGS 84), if a free source gives it.

    `save` keeps `nom_plie`, for sorting, and `cle`, for comparing names.
    """

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    nom = models.CharField("nom", max_length=100)
    nom_plie = models.CharField("nom sans accent", max_length=100, db_index=True, editable=False)
    cle = models.CharField("nom comparable", max_length=100, db_index=True, editable=False)
    departement = models.ForeignKey(
        Departement, on_delete=models.PROTECT, related_name="communes", verbose_name="département"
    )
    intercommunalite = models.ForeignKey(
        Intercommunalite,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="communes",
        verbose_name="intercommunalité",
    )
    codes_postaux = models.CharField("codes postaux", max_length=300, blank=True)
    population = models.PositiveIntegerField("population", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)

    class Meta:
        verbose_name = "commune"
        ordering = ["nom_plie", "code"]
        indexes = [models.Index(fields=["latitude", "longitude"], name="commune_position")]  # what lies around one

    def __str__(self):
        return f"{self.nom} ({self.departement_id})"

    def save(self, *args, **kwargs):
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self):
        """For bulk writes, which skip `save`."""
        self.nom_plie = fold(self.nom)
        self.cle = comparison_key(self.nom)
