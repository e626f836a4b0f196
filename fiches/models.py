"""The base of all records: common fields, an entry in the directory, one way to save (Fiche).

A type overrides the methods marked « Types extend it » and the class attributes below.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Self

from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from fiches import registre
from fiches.choice_lists import Theme
from fiches.indexation import index_fiche, propose
from fiches.revisions import HISTORIQUE
from fiches.signals import fiche_enregistree
from socle.annuaire.models import (
    SLUG_LENGTH,
    AncienneAdresse,
    Entree,
    EtatQuerySet,
    Statut,
    inscrire_fiches,
)
from socle.francais.resume import first_sentence
from socle.francais.texte import fold, latest_year
from socle.journal.models import Nature
from socle.journal.writing import inscrire, lot
from socle.recherche.index import Document
from socle.recherche.query import search
from socle.vie_privee.public_text import (
    Decision,
    Retrait,
    TextesPublics,
    beyond_masks,
    no_more_read,
    public_texts,
    take_out,
    without_masks,
)
from socle.vues.toutes import reserves
from socle.vues.vue import address_of

PHRASE = 140  # characters of the sentence « what was done »


def sentence_of(fait: str, *texts: str) -> str:
    """`fait`, or the first sentence of the first text that has one; "" if only masks would be left."""
    if shown := beyond_masks(fait):
        return shown
    return next(filter(None, (beyond_masks(first_sentence(text, PHRASE)) for text in texts)), "")


class FicheQuerySet(EtatQuerySet):
    def removable(self):
        """Records that may go to the bin. A type leaves out those that other rows need."""
        return self

    def search(self, text):
        """Records matching `text` ("mots exacts", -sans), best first; all if blank. Analyser: socle/recherche/."""
        return search(self, text)


class Fiche(TextesPublics):
    """The base of all record types. Its primary key is its entry in the directory."""

    entree = models.OneToOneField(
        Entree, on_delete=models.CASCADE, primary_key=True, related_name="%(class)s", editable=False
    )
    titre = models.CharField("titre", max_length=500)
    slug = models.SlugField(
        "adresse",
        max_length=SLUG_LENGTH,
        unique=True,
        blank=True,
        help_text="Dernière partie de l’adresse de la page. Vide : tirée du titre. L’ancienne adresse reste valable.",
    )
    fait = models.CharField(
        "ce qui a été fait",
        max_length=PHRASE,
        blank=True,
        help_text=f"Une phrase que les listes montrent, {PHRASE} signes au plus. Vide : la première phrase du texte.",
    )
    statut = models.CharField("état", max_length=10, choices=Statut.choices, default=Statut.BROUILLON)
    themes = models.ManyToManyField(
        Theme,
        blank=True,
        related_name="%(class)ss",
        verbose_name="thèmes",
        help_text="Vide : proposés d’après le texte.",
    )
    themes_automatiques = models.BooleanField("thèmes proposés automatiquement", default=True, editable=False)
    cree_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True, editable=False)
    modifiee_le = models.DateTimeField("modifiée le", default=timezone.now, editable=False)
    # False: only takeovers wrote it, without dates from the old site. `modifiee_le` is then theirs, and never shown.
    datee = models.BooleanField("date connue", default=True, editable=False)
    version = models.PositiveIntegerField("version", default=0, editable=False)

    # The words for a record, and for what its versions do not hold.
    mot, hors_versions = "fiche", "les personnes et les annexes"
    # Code of its département; types with a field `departement` replace it.
    departement_id: str | None = None
    # Code of its commune; types with a field `commune` replace it.
    commune_id: str | None = None
    # Related rows that `derive` reads; `document` reuses them if unchanged.
    lus_avant: tuple[str, ...] = ()
    # Columns that `derive` fills.
    derives: tuple[str, ...] = ()
    # Public fields that visitors are not asked for.
    au_bureau: tuple[str, ...] = ()
    # Fields that a visitor may correct, but is not asked for in a new record.
    a_corriger: tuple[str, ...] = ()
    # Long texts, in the form's order: shown, searched, read to propose themes.
    textes: tuple[str, ...] = ()
    # Texts with one value a line: a merge keeps the lines of both, unless an editor decides otherwise.
    par_lignes: tuple[str, ...] = ()

    objects = FicheQuerySet.as_manager()
    history = HISTORIQUE

    class Meta:
        abstract = True

    def __str__(self):
        return self.titre

    @property
    def titre_affiche(self):
        return self.heading(self.titre)

    def heading(self, titre: str) -> str:
        """A title, or « <type> dont le titre est masqué » if only masks are left."""
        shown = beyond_masks(titre)
        if titre and not shown:
            return f"{registre.for_model(type(self)).nom.capitalize()} dont le titre est masqué"
        return shown

    @property
    def lieu_affiche(self):
        """Where it comes from, in a few words; "" if nowhere."""
        return ""

    @property
    def porteur_affiche(self) -> str:
        """The author for a citation; "" if no text gives it."""
        return ""

    @property
    def chiffre_affiche(self):
        """What a printed list adds: an amount, a date, what is missing; "" for nothing."""
        return self.inachevee

    @property
    def inachevee(self) -> str:
        """What readers still miss: « à définir », « à écouter bientôt »; "" for nothing."""
        return ""

    @property
    def texte_affiche(self):
        """The text that themes come from and that lists quote."""
        return "\n".join(filter(None, (getattr(self, name) for name in self.textes)))

    @classmethod
    def textes_du_fait(cls) -> tuple[str, ...]:
        """Texts that may say what was done, in order."""
        return cls.textes

    @property
    def fait_affiche(self) -> str:
        """What was done: the editor's sentence, or the first of its texts; "" without either."""
        return beyond_masks(self.fait) or self.fait_des_textes

    @property
    def fait_des_textes(self) -> str:
        return sentence_of("", *(getattr(self, name) for name in self.textes_du_fait()))

    @property
    def mots_affiches(self) -> list[str]:
        """More words to find the record by, such as its choices."""
        return []

    def document(self):
        """What a search finds it by: public words, never a person."""
        return Document(
            titre=self.titre,
            lieu=" ".join(filter(None, (self.lieu_affiche, *self.mots_affiches))),
            themes=[theme.nom for theme in self.themes.all()],
            texte=self.texte_affiche,
        )

    @property
    def is_publiee(self):
        return self.statut == Statut.PUBLIEE

    @property
    def is_read_by_public(self):
        return self.is_publiee

    @property
    def is_removable(self) -> bool:
        """Whether it may go to the bin. Call it under the lock of its row: whoever starts to need the record locks it
        too.
        """
        return type(self)._default_manager.removable().filter(pk=self.pk).exists()

    def derive(self, before: Self | None):
        """Fill the computed columns. `before`: the record as stored, None if new. Types extend it."""

    def settle(self):
        """Write what depends on saved columns and rows: automatic themes. Types extend it."""
        if self.themes_automatiques:
            self.themes.set(propose(self))

    def as_saved(self, *, lock=False) -> Self | None:
        """The record as stored, None if new. `lock`: until the transaction ends."""
        rows = type(self)._base_manager.select_related(*self.lus_avant)
        rows = rows.select_for_update(of=("self",)) if lock else rows
        return None if self._state.adding else rows.filter(pk=self.pk).first()

    def save(
        self,
        *,
        rows: Callable[[], object] | None = None,
        touch=True,
        ici=True,
        retrait: Retrait | None = None,
        force_insert=False,
        using=None,
        update_fields=None,
    ):
        """Save the record, its rows and all that follows from them: one transaction, one version.

        - `rows()`: writes its themes and related rows, once the record has its own row.
        - `touch=False`: not an edit; the date of the last change stays.
        - `ici=False`: a takeover saves it; the save gives it no known date.
        - `retrait`: words masked in its texts, stored with it.
        - `update_fields` is ignored (`update_or_create` gives it): computed columns need all columns saved.
        """
        with lot():
            before = self.as_saved(lock=True)
            self._keep_places(before)
            self.derive(before)
            self._date(before, touch=touch, ici=ici)
            self.version = before.version + 1 if before else 1
            with self._one_version("~" if before else "+"):
                # A new record gets its key from its entry: there is no row to update.
                force_insert = force_insert or self.pk is None
                self._enter_directory(before)
                super().save(force_insert=force_insert, using=using)
                self._leave_address(before)
                if retrait:
                    retrait.keep()
                if rows:
                    rows()
                self.settle()
            gone = no_more_read(public_texts(before), self) if before and before.is_publiee else []
            gone += retrait.mots if retrait else []
            fiche_enregistree.send(type(self), fiche=self, before=before, gone=gone)
            index_fiche(self)  # from here on, nobody else indexes or numbers until the commit
            self._tell(before)

    def change(
        self, values: dict, *, reason: str = "", user=None, touch=True, decisions: Iterable[Decision] = ()
    ) -> Self:
        """Change and save this record: one transaction, one version. Returns the record.

        `values`: {field or column: value}, rows for a many-to-many field. Given themes are no longer automatic. Values
        already set on the record are saved too. `reason` and `user` stand in the version. `touch`: see `save`.
        `decisions`: words to mask or to leave.
        """
        several = {field.name for field in self._meta.many_to_many} & values.keys()
        self.themes_automatiques = self.themes_automatiques and "themes" not in several
        for name in values.keys() - several:
            setattr(self, name, values[name])
        self._change_reason = reason or None
        if user:
            self._history_user = user
        self.save(
            rows=lambda: [getattr(self, name).set(values[name]) for name in several],
            touch=touch,
            retrait=take_out(self, decisions),
        )
        return self

    def _date(self, before: Self | None, *, touch: bool, ici: bool) -> None:
        """Date the last change, and the first publication if no source did."""
        if touch:
            self.modifiee_le = timezone.now()
            self.datee = self.datee or ici
        if self.is_publiee and not self.publiee_le and not (before and before.is_publiee):
            self.publiee_le = self.modifiee_le if self.datee else None

    @contextmanager
    def _one_version(self, kind: str) -> Iterator[None]:
        """One version in the history for all that is written inside. `kind`: « + » or « ~ »."""
        self.skip_history_when_saving = True  # read by simple_history and the index of themes
        try:
            yield
        finally:
            del self.skip_history_when_saving
        HISTORIQUE.create_historical_record(self, kind)

    def _keep_places(self, before: Self | None) -> None:
        """Reuse unchanged places of `before`, which are read already."""
        for name in {path.partition("__")[0] for path in self.lus_avant} if before else ():
            field = self._meta.get_field(name)
            if not field.is_cached(self) and getattr(self, field.attname) == getattr(before, field.attname):
                setattr(self, name, getattr(before, name))

    def _tell(self, before: Self | None) -> None:
        """Note in the change log what changes for the public, here and in other records."""
        kinds = {(False, True): Nature.PUBLIEE, (True, True): Nature.MODIFIEE, (True, False): Nature.RETIREE}
        if nature := kinds.get((bool(before) and before.is_publiee, self.is_publiee)):
            inscrire(registre.for_model(type(self)).cle, self.pk, nature)
        inscrire_fiches(self.others_changed(before))

    @property
    def version_qui_compte(self) -> int | None:
        """The key of the later version that counts in its place. Types with versions override it."""
        return None

    def versions_suivantes(self) -> set[int]:
        """Keys of its later versions. Types with versions override it."""
        return set()

    def absorb(self, other: "Fiche"):
        """Take what is no field from `other`, which is merged into this record. Types extend it."""

    def get_absolute_url(self):
        return f"{address_of(f'{self._meta.app_label}:list')}{self.slug}/"

    @cached_property
    def adresse_permanente(self) -> str:
        """Its address /p/<id>, which never changes."""
        return reverse("permalink", args=[self.pk])

    def others_changed(self, before: Self | None = None) -> set[int]:
        """Keys of other records whose pages depend on this one. Types that link records extend it."""
        return set()

    def _enter_directory(self, before: Self | None):
        """Write its entry, at a free address if the slug is new."""
        if before and before.slug == self.slug:
            return self.save_entree()
        asked = self.slug  # if another save takes the address first, the next number is tried
        for last in (False, False, False, True):
            self.slug = asked
            self.slug = self._free_slug()
            try:
                with transaction.atomic():
                    return self.save_entree()
            except IntegrityError:
                if last:
                    raise

    @staticmethod
    def slug_of(titre: str) -> str:
        return slugify(fold(titre).replace("'", " "))

    def was_public_at(self, slug: str, statut: str) -> bool:
        """Whether the public ever saw it at this address."""
        return statut == Statut.PUBLIEE or self.history.filter(slug=slug, statut=Statut.PUBLIEE).exists()

    def _free_slug(self):
        """The record's slug, with a number if another record of the type has or had it."""
        if self.pk and self.slug and not self._is_taken(self.slug):
            return self.slug
        wanted = self.slug or self.slug_of(without_masks(self.titre))
        wanted = wanted[: SLUG_LENGTH - 5].strip("-") or "fiche"
        if not self._is_taken(wanted):
            return wanted
        taken, free = 1, 2
        while self._is_taken(f"{wanted}-{free}"):
            taken, free = free, free * 2
        while free - taken > 1:  # numbers are in order: few queries find a free one
            middle = (taken + free) // 2
            taken, free = (middle, free) if self._is_taken(f"{wanted}-{middle}") else (taken, middle)
        return f"{wanted}-{free}"

    def _is_taken(self, slug: str) -> bool:
        """Whether another record of the type has or had it, or a view of the list uses it."""
        declaration = registre.for_model(type(self))
        if slug in reserves(declaration):
            return True
        named = {"type": declaration.cle, "slug": slug}
        held = Entree.objects.exclude(pk=self.pk).filter(**named).order_by().values("slug")
        return held.union(AncienneAdresse.objects.exclude(entree=self.pk).filter(**named).values("slug")).exists()

    def _leave_address(self, before: Self | None) -> None:
        """Redirect the old address, if it was public. No older redirect uses the new one any more."""
        if not before or before.slug == self.slug or not self.was_public_at(before.slug, before.statut):
            return
        cle = registre.for_model(type(self)).cle
        AncienneAdresse.objects.filter(type=cle, slug=self.slug).delete()
        AncienneAdresse.objects.get_or_create(type=cle, slug=before.slug, defaults={"entree_id": self.pk})

    def entree_values(self) -> dict:
        return {
            "type": registre.for_model(type(self)).cle,
            "slug": self.slug,
            "statut": self.statut,
            "titre": self.titre_affiche[:500],
            "tri": fold(self.titre_affiche)[:500],
            "lieu": self.lieu_affiche[:300],
            "departement_id": self.departement_id,
            "commune_id": self.commune_id,
            "publiee_le": self.publiee_le,
            "modifiee_le": self.modifiee_le,
            "datee": self.datee,
            "annee_dite": latest_year(f"{self.titre}\n{self.texte_affiche}", self.modifiee_le.year),
        }

    def save_entree(self):
        values = self.entree_values()
        if self.pk is None:
            self.entree = Entree.objects.create(**values)
        else:
            Entree.objects.filter(pk=self.pk).update(**values)
