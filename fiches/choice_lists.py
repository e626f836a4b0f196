"""Themes and lists of choices: rows that editors own, and records refer to."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from socle.francais.texte import fold
from socle.vie_privee.public_text import TextesPublics, without_masks

SANS_ADRESSE = "Ce nom n’a ni lettre ni chiffre : on ne peut en tirer aucune adresse."


def free_slug(rows, nom: str, default: str = "") -> str:
    """A slug of `nom`, with a number if one of `rows` has it; `default` if nothing is left of the name."""
    length = rows.model._meta.get_field("slug").max_length
    slug = wanted = slugify(nom)[:length].strip("-") or default
    taken = set(rows.filter(slug__startswith=wanted[: length - 5]).values_list("slug", flat=True)) if wanted else ()
    number = 1
    while slug in taken:
        number += 1
        slug = f"{wanted[: length - 5]}-{number}"
    return slug


class Nomme(TextesPublics):
    """A row chosen by its name, which gives its address (`slug`).

    `nom_plie` makes both databases sort alike. `secours`: the address of a name that is only masks.
    """

    secours = ""

    nom_plie = models.CharField("nom sans accent", max_length=200, default="", db_default="", editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return self.nom

    def others(self):
        """Rows that must have another name and address."""
        return type(self).objects.exclude(pk=self.pk)

    def clean(self):
        super().clean()
        if self.nom and not (self.slug or slugify(self.nom)):
            raise ValidationError({"nom": SANS_ADRESSE})
        if there := self.others().filter(nom_plie=fold(self.nom)[:200]).exclude(nom_plie="").first():
            raise ValidationError({"nom": f"« {there} » existe déjà : majuscules et accents ne comptent pas."})

    @property
    def adresse_changee(self) -> bool:
        """Whether its address, by which facets know it, has changed."""
        return self._adresse_lue not in ("", self.slug)

    @classmethod
    def from_db(cls, db, field_names, values):
        row = super().from_db(db, field_names, values)
        row._adresse_lue = row.__dict__.get("slug", "")
        return row

    _adresse_lue = ""

    def save(self, *args, **kwargs):
        self.nom_plie = fold(self.nom)[:200]
        self.slug = self.slug or free_slug(self.others(), without_masks(self.nom), self.secours)
        super().save(*args, **kwargs)
        self._adresse_lue = self.slug


class Theme(Nomme):
    """A subject of records. Its key words propose it for records that no editor has themed."""

    nom = models.CharField("nom", max_length=80, unique=True)
    slug = models.SlugField("adresse", max_length=80, unique=True, blank=True, help_text="Vide : tirée du nom.")
    mots_cles = models.TextField(
        "mots clés",
        blank=True,
        help_text="Un mot ou une expression par ligne. Accents, majuscules et pluriels sont indifférents. « sauf » "
        "devant une expression l’écarte : avec « garderie » et « sauf halte-garderie », une halte-garderie ne compte "
        "pas.",
    )

    textes_prives = ("mots_cles",)
    secours = "theme"

    class Meta:
        verbose_name = "thème"
        ordering = ["nom_plie", "pk"]


class Choix(Nomme):
    """A value of a list (échelles, types d’acteur…), owned by editors.

    `charger_referentiels` loads the old site's values; the takeover creates others that it finds.
    """

    class Liste(models.TextChoices):
        ECHELLE = "echelle", "échelle"
        TYPE_ACTEUR = "type-acteur", "type d’acteur"
        MOT_CLE = "mot-cle", "mot clef"
        RECONNAISSANCE = "reconnaissance", "mode de reconnaissance"
        TYPE_ORGANISATION = "type-organisation", "type d’organisation"
        PARTICIPATION = "participation", "niveau de participation"
        TYPE_RESSOURCE = "type-ressource", "type de ressource"
        THEMATIQUE = "thematique", "thématique de ressource"
        PROFIL = "profil", "profil"

    liste = models.CharField("liste", max_length=20, choices=Liste.choices)
    nom = models.CharField("nom", max_length=200)
    slug = models.SlugField("adresse", max_length=100, blank=True, help_text="Vide : tirée du nom.")
    ordre = models.PositiveSmallIntegerField("rang", default=100)

    secours = "valeur"

    class Meta:
        verbose_name = "valeur de liste"
        verbose_name_plural = "valeurs de liste"
        ordering = ["liste", "ordre", "nom_plie", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["liste", "slug"], name="choix_adresse_unique"),
            models.UniqueConstraint(fields=["liste", "nom"], name="choix_nom_unique"),
        ]

    def others(self):
        return super().others().filter(liste=self.liste)


def liste(value: Choix.Liste) -> dict:
    """Arguments of a foreign key or many-to-many field to one list."""
    return {"to": Choix, "limit_choices_to": {"liste": value}, "blank": True, "related_name": "+"}
