"""What every record has: its common fields, its place in the directory, its one save (Fiche)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Self

from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from fiches import registre
from fiches.indexation import index_fiche, propose
from fiches.lists import Theme
from fiches.signals import fiche_enregistree
from fiches.versions import HISTORIQUE
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

PHRASE = 140  # signs of the sentence that says what was done


def sentence_of(fait: str, *texts: str) -> str:
    """What was done: `fait`, else the first sentence that one of the texts has; what is nothing but a masked name is
    nothing."""
    if shown := beyond_masks(fait):
        return shown
    return next(filter(None, (beyond_masks(first_sentence(text, PHRASE)) for text in texts)), "")


class FicheQuerySet(EtatQuerySet):
    def removable(self):
        """Fiches that may go to the bin. Rooms leave out those that others hold on to."""
        return self

    def search(self, text):
        """Fiches matching `text` ("mots exacts", -sans), best first; all if blank. Analyser: socle/recherche/."""
        return search(self, text)


class Fiche(TextesPublics):
    """What all record types share. Its primary key is its entry in the directory."""

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
    # False: only takeovers have written it, of an old site that gave no date. `modifiee_le` is theirs then, and neither
    # a public page nor a file says it.
    datee = models.BooleanField("date connue", default=True, editable=False)
    version = models.PositiveIntegerField("version", default=0, editable=False)

    # What people call one, of any type; what stands beside it, and is in none of its versions.
    mot, hors_versions = "fiche", "les personnes et les annexes"
    # The code of its département; a type whose records have one has a field `departement`.
    departement_id: str | None = None
    # That of its commune; a type whose records have one has a field `commune`.
    commune_id: str | None = None
    # Related rows of the record as it is saved that `derive` looks at, and `document` where they stay.
    lus_avant: tuple[str, ...] = ()
    # Columns that `derive` fills.
    derives: tuple[str, ...] = ()
    # Names of the public fields that no visitor is asked.
    au_bureau: tuple[str, ...] = ()
    # Names of those that a visitor may correct, and is not asked of a new record.
    a_corriger: tuple[str, ...] = ()
    # Names of the free texts, in the order of the form: shown on the page, searched, and what themes are proposed from.
    textes: tuple[str, ...] = ()
    # Of its texts, those of one value a line: a merge keeps the lines of both unless an editor picks otherwise.
    par_lignes: tuple[str, ...] = ()

    objects = FicheQuerySet.as_manager()
    history = HISTORIQUE

    class Meta:
        abstract = True

    def __str__(self):
        return self.titre

    @property
    def titre_affiche(self):
        """The title as pages show it."""
        return self.heading(self.titre)

    def heading(self, titre: str) -> str:
        """What heads its page: a title, or what the record is where the public may read nothing of that."""
        shown = beyond_masks(titre)
        if titre and not shown:
            return f"{registre.for_model(type(self)).nom.capitalize()} dont le titre est masqué"
        return shown

    @property
    def lieu_affiche(self):
        """Where the record comes from, in a few words; empty if nowhere."""
        return ""

    @property
    def porteur_affiche(self) -> str:
        """Whose work it tells, as one cites it; empty if no text says so."""
        return ""

    @property
    def chiffre_affiche(self):
        """What a list on paper adds to a record: an amount, a date, what it lacks; empty if nothing."""
        return self.inachevee

    @property
    def inachevee(self) -> str:
        """What it still lacks of what it is read for: « à définir », « à écouter bientôt »; empty if nothing."""
        return ""

    @property
    def texte_affiche(self):
        """The text that themes are proposed from and that lists quote."""
        return "\n".join(filter(None, (getattr(self, name) for name in self.textes)))

    @classmethod
    def textes_du_fait(cls) -> tuple[str, ...]:
        """Names of the texts that say what was done, where no editor does."""
        return cls.textes

    @property
    def fait_affiche(self) -> str:
        """What was done, in one sentence: an editor's, else the first of its texts; empty without either."""
        return beyond_masks(self.fait) or self.fait_des_textes

    @property
    def fait_des_textes(self) -> str:
        return sentence_of("", *(getattr(self, name) for name in self.textes_du_fait()))

    @property
    def mots_affiches(self) -> list[str]:
        """Short words that a search finds the record by, besides title, place and themes: names of its choices."""
        return []

    def document(self):
        """What a search may find the record by: what the public may read of it, never a person."""
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
        """Whether it may go to the bin: asked under the lock of its row, which who would hold on to it takes too."""
        return type(self)._default_manager.removable().filter(pk=self.pk).exists()

    def derive(self, before: Self | None):
        """Fill the columns that follow from others. `before`: the record as saved, None if new. Rooms extend it."""

    def settle(self):
        """Write what follows from its columns and its rows: automatic themes. Rooms extend it."""
        if self.themes_automatiques:
            self.themes.set(propose(self))

    def as_saved(self, *, lock=False) -> Self | None:
        """The record as it is saved, None if it is new. `lock`: nobody else saves it until the transaction ends."""
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
        """Save the record, what hangs on it and what follows from both: one transaction, one version.

        `rows()` writes its themes and related rows, once it has a row itself. `touch=False`: nobody has edited it, the
        day of its last change stays. `ici=False`: a takeover saves it, no date gets known by that. `retrait`: what was
        taken out of its texts, to be kept with it. It saves all columns, whatever `update_fields` names
        (`update_or_create` does): what follows from the others would be as it was.
        """
        with lot():
            before = self.as_saved(lock=True)
            self._keep_places(before)
            self.derive(before)
            self._date(before, touch=touch, ici=ici)
            self.version = before.version + 1 if before else 1
            with self._one_version("~" if before else "+"):
                # The key of a new record is made with its entry in the directory: no row is there to update.
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
            index_fiche(self)  # from here on nobody else indexes or numbers, until this is committed
            self._tell(before)

    def change(
        self, values: dict, *, reason: str = "", user=None, touch=True, decisions: Iterable[Decision] = ()
    ) -> Self:
        """Change these fields of this record, for this reason, by this person: one transaction, one version; itself.

        `values`: {field or column: value}, rows for a several-choice field. Themes that are given are chosen, no more
        automatic. What was set on the record before is saved along. `touch`: see `save`. `decisions`: words of its
        texts that are masked, or looked at and left.
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
        """Date its last change; and its first publication, if no source said when that was."""
        if touch:
            self.modifiee_le = timezone.now()
            self.datee = self.datee or ici
        if self.is_publiee and not self.publiee_le and not (before and before.is_publiee):
            self.publiee_le = self.modifiee_le if self.datee else None

    @contextmanager
    def _one_version(self, kind: str) -> Iterator[None]:
        """Write one version in the history, `kind` « + » or « ~ », for all that is written of it meanwhile."""
        self.skip_history_when_saving = True  # simple_history and the index of themes ask for it
        try:
            yield
        finally:
            del self.skip_history_when_saving
        HISTORIQUE.create_historical_record(self, kind)

    def _keep_places(self, before: Self | None) -> None:
        """Take over the places of `before` that have not changed, which are read by then."""
        for name in {path.partition("__")[0] for path in self.lus_avant} if before else ():
            field = self._meta.get_field(name)
            if not field.is_cached(self) and getattr(self, field.attname) == getattr(before, field.attname):
                setattr(self, name, getattr(before, name))

    def _tell(self, before: Self | None) -> None:
        """Tell the change log what the public sees, or sees no more, of this record and of others."""
        kinds = {(False, True): Nature.PUBLIEE, (True, True): Nature.MODIFIEE, (True, False): Nature.RETIREE}
        if nature := kinds.get((bool(before) and before.is_publiee, self.is_publiee)):
            inscrire(registre.for_model(type(self)).cle, self.pk, nature)
        inscrire_fiches(self.others_changed(before))

    @property
    def version_qui_compte(self) -> int | None:
        """The key of the later version that counts in its place. Rooms that have versions override it."""
        return None

    def versions_suivantes(self) -> set[int]:
        """The keys of the later versions of this record. Rooms that have versions override it."""
        return set()

    def absorb(self, other: "Fiche"):
        """Take what a record merged into this one leaves to it besides its fields. Rooms extend it."""

    def get_absolute_url(self):
        return f"{address_of(f'{self._meta.app_label}:list')}{self.slug}/"

    @cached_property
    def adresse_permanente(self) -> str:
        """Its address that no new title changes."""
        return reverse("permalink", args=[self.pk])

    def others_changed(self, before: Self | None = None) -> set[int]:
        """The keys of other records whose pages say something of this one. Rooms that link records extend it."""
        return set()

    def _enter_directory(self, before: Self | None):
        """Make its entry in the directory say what it says, at a free address if it has a new one."""
        if before and before.slug == self.slug:
            return self.save_entree()
        asked = self.slug  # another save may take it first, then the next one is tried
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
        """The address that a title makes."""
        return slugify(fold(titre).replace("'", " "))

    def was_public_at(self, slug: str, statut: str) -> bool:
        """Whether the public ever met this record at an address: in the state it had there, or in its history."""
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
        while free - taken > 1:  # numbers are given one after the other: a few questions, however many have this title
            middle = (taken + free) // 2
            taken, free = (middle, free) if self._is_taken(f"{wanted}-{middle}") else (taken, middle)
        return f"{wanted}-{free}"

    def _is_taken(self, slug: str) -> bool:
        """Whether another record of the type has or had an address, or a view of its list stands there."""
        declaration = registre.for_model(type(self))
        if slug in reserves(declaration):
            return True
        named = {"type": declaration.cle, "slug": slug}
        held = Entree.objects.exclude(pk=self.pk).filter(**named).order_by().values("slug")
        return held.union(AncienneAdresse.objects.exclude(entree=self.pk).filter(**named).values("slug")).exists()

    def _leave_address(self, before: Self | None) -> None:
        """Let the address that the public knew lead to its new one, which leads nowhere else any more."""
        if not before or before.slug == self.slug or not self.was_public_at(before.slug, before.statut):
            return
        cle = registre.for_model(type(self)).cle
        AncienneAdresse.objects.filter(type=cle, slug=self.slug).delete()
        AncienneAdresse.objects.get_or_create(type=cle, slug=before.slug, defaults={"entree_id": self.pk})

    def entree_values(self) -> dict:
        """What the record's entry in the directory says."""
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
        """Make the record's entry in the directory say what the record says."""
        values = self.entree_values()
        if self.pk is None:
            self.entree = Entree.objects.create(**values)
        else:
            Entree.objects.filter(pk=self.pk).update(**values)
