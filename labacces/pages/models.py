"""The pages that speak of the site itself: their text is the operator's, edited at the desk."""

from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from labacces.pages.calculs import missing
from labacces.pages.texte import a_completer
from socle.vie_privee.public_text import TextesPublics


@cache
def first_text(cle: str) -> str:
    """The text that page `cle` starts with."""
    return (settings.BASE_DIR / "fixtures" / "pages" / f"{cle}.txt").read_text(encoding="utf-8").strip()


class PageQuerySet(models.QuerySet):
    def shown(self, cle: str) -> "Page":
        """The page as the public reads it: its row or, without one, the text it starts with. One query."""
        return self.filter(pk=cle).first() or Page(cle=cle, titre=Page.Cle(cle).label, texte=first_text(cle))


class Page(TextesPublics):
    """A page about the site. There is one for each key, no more, no less.

    `texte`: plain text, in the form that texte.py reads. `editee`: whether somebody changed the text it started with;
    until then it follows the versions of the site (premiers.py).
    """

    class Cle(models.TextChoices):
        """Keys, which are also the addresses; in the order of the footer."""

        A_PROPOS = "a-propos", "À propos"
        AIDE = "aide", "Aide"
        PLAN = "plan-du-site", "Plan du site"
        ACCESSIBILITE = "accessibilite", "Accessibilité"
        MENTIONS = "mentions-legales", "Mentions légales"
        DONNEES = "donnees-personnelles", "Données personnelles"

    cle = models.CharField("adresse", max_length=30, primary_key=True, choices=Cle, editable=False)
    titre = models.CharField("titre", max_length=100)
    texte = models.TextField("texte")
    editee = models.BooleanField("modifiée par l’équipe", default=False, editable=False)
    version = models.PositiveIntegerField("version", default=0, editable=False)
    modifiee_le = models.DateTimeField("modifiée le", default=timezone.now, editable=False)

    hides_addresses = False  # those that the operator gives to be written to

    objects = PageQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "page du site"
        verbose_name_plural = "pages du site"
        ordering = ["cle"]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse(f"pages:{self.cle}")

    @property
    def a_completer(self) -> list[str]:
        """What the text leaves to be filled in: « nom de l’éditeur »."""
        return a_completer(self.texte)

    def clean(self):
        if lines := missing(self.cle, self.texte):
            raise ValidationError({"texte": [f"Il manque la ligne [[{nom}]] : {role}." for nom, role in lines]})

    def save(self, *args, **kwargs):
        """Each save is a version of its own, kept in the history."""
        self.version += 1
        self.modifiee_le = timezone.now()
        super().save(*args, **kwargs)
