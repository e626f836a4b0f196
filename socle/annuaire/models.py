"""The directory of records of all types (id, type, address, state, title, place) and their old addresses."""

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
    """The state of a record. Only PUBLIEE is public; dates do not count."""

    BROUILLON = "brouillon", "brouillon"
    A_RELIRE = "a-relire", "à relire"
    PUBLIEE = "publiee", "publiée"
    RETIREE = "retiree", "retirée"
    CORBEILLE = "corbeille", "à la corbeille"  # deleted: hidden until it is taken back or erased


# The states that the writers of a record choose; whoever may publish chooses the others.
PREPARATION = (Statut.BROUILLON, Statut.A_RELIRE)


# When a record was last found right: changed, or reread and left unchanged. An index of entries uses this expression.
REGARDEE_LE = Greatest("modifiee_le", Coalesce("verifiee_le", "modifiee_le"))
# A record without a date that only takeovers have written: nobody has found it right here.
JAMAIS_RELUE = models.Q(datee=False, verifiee_le__isnull=True)


class _SansIndex(models.Func):
    """A column that SQLite does not look up in an index: the plus before it changes nothing else."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


class EtatQuerySet(models.QuerySet):
    """Rows with a state: entries, and the records of the types."""

    def published(self):
        """Rows that the public sees. The state alone decides, so that indexes change only when a record does."""
        return self.filter(statut=Statut.PUBLIEE)

    def published_by_key(self):
        """Like `published`, without the index on the state: for queries that keys or words narrow anyway.

        Without statistics, SQLite takes that index for selective, and reads every public row to find ten keys.
        """
        return self.alias(etat=_SansIndex("statut", output_field=models.CharField())).filter(etat=Statut.PUBLIEE)

    def in_use(self):
        """Rows that are not in the bin."""
        return self.exclude(statut=Statut.CORBEILLE)


class Entree(models.Model):
    """An entry of the directory. Each record has one, with the same primary key.

    Each save of a record writes it, in the same transaction; `manage.py reindexer` writes all again. Rows about any
    record (anomalies, contacts, old addresses, `/p/<id>`) point here and need no type.
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
    # The latest year named in the text: its age, if no date tells.
    annee_dite = models.PositiveSmallIntegerField("année dite", null=True, editable=False)
    # When the staff last found it right. Only fiches/suivi/fraicheur.py writes it.
    verifiee_le = models.DateTimeField("vérifiée le", null=True, blank=True, editable=False)
    exemple = models.BooleanField("donnée de démonstration", default=False, editable=False)
    # The record that this one was merged into, and to which its addresses lead. fiches/suivi/fusion.py writes it.
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
        """Whether the site still has the type of the record. Without it, nothing reads the row of the record."""
        return self.type in types.declared()

    def get_absolute_url(self):
        if not self.is_of_a_type:
            return reverse("permalink", args=[self.pk])  # that page says that it is gone
        return reverse(f"{types.model(self.type)._meta.app_label}:detail", args=[self.slug])

    @property
    def is_jamais_relue(self) -> bool:
        return not self.datee and self.verifiee_le is None

    def after_merges(self) -> "Entree":
        """The entry that its addresses lead to: itself, or the one it was merged into, after all merges.

        A merged record that was published again stands for itself.
        """
        entree, seen = self, {self.pk}
        while entree.statut != Statut.PUBLIEE and entree.fusionnee_dans_id and entree.fusionnee_dans_id not in seen:
            seen.add(entree.fusionnee_dans_id)
            entree = entree.fusionnee_dans
        return entree

    def shown(self) -> "Entree | None":
        """The entry of `after_merges`, if it is public; None otherwise."""
        entree = self.after_merges()
        return entree if entree.statut == Statut.PUBLIEE else None

    @property
    def fiche(self):
        """The record, by one query. KeyError if the site no longer has its type."""
        return types.model(self.type).objects.get(pk=self.pk)


@receiver(post_delete, sender=Entree)
def _gone(instance, **kwargs):
    """Tells the change log of an erased public record."""
    if instance.statut == Statut.PUBLIEE:
        inscrire(instance.type, instance.pk, Nature.RETIREE)


def inscrire_fiches(pks: Iterable[int | None]) -> None:
    """Tells the change log that the public pages of these records changed; drafts are left out.

    Call it after a change that does not call `save` of the record: to its persons or files, or by `QuerySet.update`.
    """
    if pks := {pk for pk in pks if pk is not None}:
        public = Entree.objects.published().filter(pk__in=pks).order_by("pk")
        inscrire_ensemble(Note(type, pk) for type, pk in public.values_list("type", "pk"))


class AncienneAdresse(models.Model):
    """A former slug; it redirects (301) to the present address."""

    type = models.CharField("type", max_length=20)
    slug = models.SlugField("ancienne adresse", max_length=SLUG_LENGTH)
    entree = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="anciennes_adresses")

    class Meta:
        verbose_name = "ancienne adresse"
        verbose_name_plural = "anciennes adresses"
        constraints = [models.UniqueConstraint(fields=["type", "slug"], name="ancienne_adresse_unique")]

    def __str__(self):
        return self.slug
