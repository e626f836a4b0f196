"""The pages about the site; the operator edits them at the desk."""

from dataclasses import replace
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from labacces.pages.calculs import missing
from labacces.pages.texte import a_completer
from socle.francais.texte import for_xml
from socle.journal.writing import inscrire, watch
from socle.vie_privee.public_text import TextesPublics
from socle.vues.licence import CONNUES, Licence, named_in

AUTRE = "autre"  # a licence in the operator's own words


@cache
def first_text(cle: str) -> str:
    return (settings.BASE_DIR / "fixtures" / "pages" / f"{cle}.txt").read_text(encoding="utf-8").strip()


class PageQuerySet(models.QuerySet):
    def shown(self, cle: str) -> "Page":
        """The page as readers see it: its row, or its first text. One query."""
        return self.filter(pk=cle).first() or Page(cle=cle, titre=Page.Cle(cle).label, texte=first_text(cle))


class Page(TextesPublics):
    """A page about the site, one for each key.

    `texte`: plain text for texte.py. `editee`: until an editor changes it, new versions of the site renew it
    (premiers.py).
    """

    class Cle(models.TextChoices):
        """Keys of the pages, which are also their addresses, in the footer's order."""

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

    mot, hors_versions = "page", ""  # see Fiche

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
        """What the text leaves to fill in: « nom de l’éditeur »."""
        return a_completer(self.texte)

    def clean(self):
        if lines := missing(self.cle, self.texte):
            raise ValidationError({"texte": [f"Il manque la ligne [[{nom}]] : {role}." for nom, role in lines]})

    def save(self, *args, **kwargs):
        """Each save is a version in the history."""
        self.version += 1
        self.modifiee_le = timezone.now()
        super().save(*args, **kwargs)


class Renseignements(models.Model):
    """The operator's facts, in one row; pages leave out empty ones.

    Name, web address and mission are settings: every page shows them.
    """

    KEY = 1

    forme_juridique = models.CharField(
        "forme juridique", max_length=200, blank=True, help_text="Collectivité, association, groupement…"
    )
    adresse = models.CharField("adresse postale", max_length=300, blank=True)
    siren = models.CharField("numéro SIREN", max_length=20, blank=True)
    telephone = models.CharField("téléphone", max_length=40, blank=True)
    direction_publication = models.CharField(
        "direction de la publication", max_length=200, blank=True, help_text="Nom de la directrice ou du directeur."
    )
    hebergeur = models.CharField("nom de l’hébergeur", max_length=200, blank=True)
    hebergeur_adresse = models.CharField("adresse de l’hébergeur", max_length=300, blank=True)
    hebergeur_telephone = models.CharField("téléphone de l’hébergeur", max_length=40, blank=True)
    hebergeur_journal = models.CharField(
        "journal de l’hébergeur",
        max_length=500,
        blank=True,
        help_text="Ce que son journal des connexions contient, et combien de temps il le garde.",
    )
    delegue = models.CharField(
        "protection des données",
        max_length=300,
        blank=True,
        help_text="Déléguée ou délégué à la protection des données : nom ou fonction, et moyen de lui écrire.",
    )
    sauvegardes = models.CharField(
        "durée des sauvegardes", max_length=100, blank=True, help_text="Elle suit « gardées » : « trente jours »."
    )
    transferts = models.CharField(
        "transferts hors de l’Union européenne",
        max_length=500,
        blank=True,
        help_text="« aucun transfert », ou lesquels et avec quelles garanties.",
    )
    licence = models.CharField(
        "licence des fiches",
        max_length=20,
        blank=True,
        choices=[*((one.cle, one.nom) for one in CONNUES.values()), (AUTRE, "une autre, écrite ci-dessous")],
        help_text="Chaque page, chaque fichier et l’API la disent. Celle que portait l’ancien wiki lie toujours les "
        "textes qui en viennent : pour en prendre une autre, il faut qu’elle le permette, ou l’accord de celles et "
        "ceux qui les ont écrits.",
    )
    licence_autre = models.CharField(
        "autre licence, en toutes lettres", max_length=200, blank=True, help_text="Imprimée telle quelle."
    )
    relecture = models.CharField(
        "écriture des fiches",
        max_length=500,
        blank=True,
        help_text="Une phrase entière : qui écrit les fiches, qui les relit, à quel rythme.",
    )
    partenaires = models.CharField(
        "partenaires et financeurs", max_length=500, blank=True, help_text="Une phrase entière."
    )
    code_source = models.URLField("adresse du code source", blank=True)
    accessibilite = models.CharField(
        "plan d’accessibilité",
        max_length=500,
        blank=True,
        help_text="Adresses du schéma pluriannuel et du plan d’action de l’année.",
    )

    class Meta:
        verbose_name = "renseignements de l’organisme"
        verbose_name_plural = "renseignements de l’organisme"

    def __str__(self):
        return "Renseignements de l’organisme"

    @classmethod
    def given(cls) -> "Renseignements":
        """The row, or an empty one. One query."""
        return cls.objects.filter(pk=cls.KEY).first() or cls(pk=cls.KEY)

    def clean(self):
        if self.licence == AUTRE and not self.licence_autre:
            raise ValidationError({"licence_autre": "Écrivez cette licence, ou choisissez-en une dans la liste."})
        if self.licence != AUTRE and self.licence_autre:
            message = "Ce texte n’est imprimé que si vous choisissez « une autre » : choisissez-la, ou effacez-le."
            raise ValidationError({"licence_autre": message})

    @property
    def licence_choisie(self) -> Licence:
        """A text that names a known licence gets its address."""
        if self.licence != AUTRE:
            return CONNUES.get(self.licence, Licence())
        page = f"{settings.SITE_URL}{reverse('pages:mentions-legales')}"
        known = named_in(self.licence_autre) or Licence("", "", page)
        return replace(known, nom=for_xml(self.licence_autre))  # feeds show it

    def missing(self) -> list[str]:
        """Labels of the fields that the operator left empty."""
        fields = [field for field in self._meta.fields if not field.primary_key and field.name != "licence_autre"]
        return [str(field.verbose_name) for field in fields if not getattr(self, field.attname)]


watch(Page, lambda row, gone: inscrire("page"))
watch(Renseignements, lambda row, gone: inscrire("licence"))  # every record shows it
