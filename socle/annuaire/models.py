"""The one directory of records, whatever their type: id, type, address, state, title, place; and old addresses."""

from collections.abc import Iterable

from django.db import models
from django.db.models.functions import Coalesce, Greatest
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from socle.annuaire import types
from socle.journal.models import Nature
from socle.journal.writing import Note, inscrire, inscrire_ensemble
from socle.territoires.models import Commune, Departement

SLUG_LENGTH = 100


class Statut(models.TextChoices):
    """Where a record stands. Only PUBLIEE is public, whatever the clock says."""

    BROUILLON = "brouillon", "brouillon"
    A_RELIRE = "a-relire", "à relire"
    PUBLIEE = "publiee", "publiée"
    RETIREE = "retiree", "retirée"
    CORBEILLE = "corbeille", "à la corbeille"  # deleted: nowhere to be seen, until it is taken back or erased


# The states of a record that its writers choose; the others are decided by those who may publish.
PREPARATION = (Statut.BROUILLON, Statut.A_RELIRE)


# When a record was last found right: changed, or read again and left as it was. The words of an index of entries.
REGARDEE_LE = Greatest("modifiee_le", Coalesce("verifiee_le", "modifiee_le"))
# Of a record that only takeovers have written, without a date: nobody has ever found it right here.
JAMAIS_RELUE = models.Q(datee=False, verifiee_le__isnull=True)


class _SansIndex(models.Func):
    """A column as an expression that no index of SQLite answers: a plus before it changes nothing else."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


class EtatQuerySet(models.QuerySet):
    """Rows that have a state: entries, and the records of the floors above."""

    def published(self):
        """Those that the public sees: the state alone decides, so that indexes change only when a record does."""
        return self.filter(statut=Statut.PUBLIEE)

    def published_by_key(self):
        """The same, for who narrows them by keys or by words at once: no index on the state is read.

        SQLite without statistics takes that index for a selective one, and reads every public row for ten keys.
        """
        return self.alias(etat=_SansIndex("statut", output_field=models.CharField())).filter(etat=Statut.PUBLIEE)

    def in_use(self):
        """Those that are not in the bin."""
        return self.exclude(statut=Statut.CORBEILLE)


class Entree(models.Model):
    """The one directory of records: each has one entry, whose id is the record's own primary key.

    Kept by every save of a record, in its transaction; `manage.py reindexer` rebuilds it. What concerns any record
    (anomalies, contacts, old addresses, `/p/<id>`) points here and knows no type.
    """

    type = models.CharField("type", max_length=20)
    slug = models.SlugField("adresse", max_length=SLUG_LENGTH)
    statut = models.CharField("état", max_length=10, choices=Statut.choices, default=Statut.BROUILLON)
    titre = models.CharField("titre", max_length=500)
    tri = models.CharField(max_length=500, db_index=True, default="", editable=False)
    lieu = models.CharField("lieu", max_length=300, blank=True)
    departement = models.ForeignKey(
        Departement, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="département"
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    modifiee_le = models.DateTimeField("modifiée le", default=timezone.now)
    datee = models.BooleanField("date connue", default=True, editable=False)
    # The latest year that its own text names: how old its matter is, where no date says it.
    annee_dite = models.PositiveSmallIntegerField("année dite", null=True, editable=False)
    # When somebody of the staff last found it right as it stands. Written by fiches/suivi/fraicheur.py alone.
    verifiee_le = models.DateTimeField("vérifiée le", null=True, blank=True, editable=False)
    exemple = models.BooleanField("donnée de démonstration", default=False, editable=False)
    # The record that this one was merged into: its addresses lead there. Written by fiches/suivi/fusion.py.
    fusionnee_dans = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="fusionnees",
        verbose_name="fusionnée dans",
    )

    objects = EtatQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée de l’annuaire"
        verbose_name_plural = "entrées de l’annuaire"
        ordering = ["-modifiee_le", "-pk"]
        constraints = [models.UniqueConstraint(fields=["type", "slug"], name="entree_adresse_unique")]
        indexes = [
            models.Index(fields=["statut", "type", "-datee", "-modifiee_le"], name="entree_statut_type"),
            models.Index(fields=["statut", "tri", "id"], name="entree_par_titre"),
            models.Index(fields=["statut", "-datee", "-modifiee_le", "id"], name="entree_par_date"),
            models.Index("statut", "type", REGARDEE_LE, name="entree_par_fraicheur"),
            models.Index(fields=["statut", "type"], condition=JAMAIS_RELUE, name="entree_jamais_relue"),
        ]

    def __str__(self):
        return self.titre

    @property
    def is_of_a_type(self) -> bool:
        """Whether the site still has the type of the record: without it, nothing reads the record's own row."""
        return self.type in types.declared()

    def get_absolute_url(self):
        if not self.is_of_a_type:
            return reverse("permalink", args=[self.pk])  # which says that it is gone
        return reverse(f"{types.model(self.type)._meta.app_label}:detail", args=[self.slug])

    @property
    def is_jamais_relue(self) -> bool:
        return not self.datee and self.verifiee_le is None

    def after_merges(self) -> "Entree":
        """The entry that this one leads to: itself, or that of the record it was merged into, however often.

        One that somebody published again since stands for itself.
        """
        entree, seen = self, {self.pk}
        while entree.statut != Statut.PUBLIEE and entree.fusionnee_dans_id and entree.fusionnee_dans_id not in seen:
            seen.add(entree.fusionnee_dans_id)
            entree = entree.fusionnee_dans
        return entree

    def shown(self) -> "Entree | None":
        """The entry that this one leads to, if the public reads its record."""
        entree = self.after_merges()
        return entree if entree.statut == Statut.PUBLIEE else None

    @property
    def fiche(self):
        """The record itself. One query. KeyError if the site has no longer its type."""
        return types.model(self.type).objects.get(pk=self.pk)


@receiver(post_delete, sender=Entree)
def _gone(instance, **kwargs):
    """A record was erased: the change log tells it of one that was public."""
    if instance.statut == Statut.PUBLIEE:
        inscrire(instance.type, instance.pk, Nature.RETIREE)


def inscrire_fiches(pks: Iterable[int | None]) -> None:
    """Take note, in the change log, that what the public sees of these records changed; nothing of drafts.

    For whatever changes a page of theirs without saving them: their persons, their files, an `update`.
    """
    if pks := {pk for pk in pks if pk is not None}:
        public = Entree.objects.published().filter(pk__in=pks).order_by("pk")
        inscrire_ensemble(Note(type, pk) for type, pk in public.values_list("type", "pk"))


class AncienneAdresse(models.Model):
    """A slug that a record had before: it answers 301 to the record's present address."""

    type = models.CharField("type", max_length=20)
    slug = models.SlugField("ancienne adresse", max_length=SLUG_LENGTH)
    entree = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="anciennes_adresses")

    class Meta:
        verbose_name = "ancienne adresse"
        verbose_name_plural = "anciennes adresses"
        constraints = [models.UniqueConstraint(fields=["type", "slug"], name="ancienne_adresse_unique")]

    def __str__(self):
        return self.slug
