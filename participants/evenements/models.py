"""Events: what they are about, when, where, and how to register."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.text import slugify

from fiches.lieux import Situee
from fiches.models import Fiche, FicheQuerySet
from participants.evenements.dates import ICI, check_year, end_of_day, instant, midnight, periode, split_date
from socle.francais.texte import fold
from socle.francais.wording import jour_en_lettres, pluriel
from socle.territoires.models import Commune, Departement
from socle.vie_privee.public_text import TextesPublics, beyond_masks


def agenda_order(now) -> list:
    """The order of an agenda read at `now`: coming events, nearest first; past ones, latest first; undated ones."""
    coming = Q(termine_le__gte=now)
    rank = Case(When(coming, then=Value(0)), When(termine_le__isnull=False, then=Value(1)), default=Value(2))
    return [rank, Case(When(coming, then=F("debut"))), F("debut").desc(nulls_last=True)]


class EvenementQuerySet(FicheQuerySet):
    def in_order(self):
        """The order of `agenda_order`."""
        return self.order_by(*agenda_order(timezone.now()), "pk")

    def removable(self):
        """Events without registrations: a registration keeps its event."""
        return self.filter(inscriptions=None)


class Evenement(Situee, Fiche):
    """An event. Without a known time (`heure_connue`), it lasts whole days."""

    resume = models.TextField("résumé", blank=True)
    programme = models.TextField("programme", blank=True)
    suites = models.TextField(
        "après la rencontre",
        blank=True,
        help_text="Compte rendu, enregistrements, ressources : une adresse écrite ici devient un lien.",
    )
    debut = models.DateTimeField(
        "début",
        null=True,
        blank=True,
        validators=[check_year],
        help_text="Vide : la date que porte le titre, s’il en porte une (« Balise 15/11/24 »).",
    )
    fin = models.DateTimeField("fin", null=True, blank=True, validators=[check_year])
    heure_connue = models.BooleanField(
        "l’heure est connue", default=True, help_text="Décochez si seul le jour est connu, et laissez minuit."
    )
    lieu = models.CharField("lieu", max_length=300, blank=True)
    adresse = models.CharField("adresse", max_length=300, blank=True)
    departement = models.ForeignKey(
        Departement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="département",
        help_text="Vide : celui de la commune.",
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="commune",
        help_text="Vide : celle que dit l’adresse, si elle finit par un code postal et une commune.",
    )
    capacite = models.PositiveIntegerField(
        "nombre de places", null=True, blank=True, validators=[MinValueValidator(1)], help_text="Vide : sans limite."
    )
    ouverture = models.DateTimeField("ouverture des inscriptions", null=True, blank=True, validators=[check_year])
    cloture = models.DateTimeField("clôture des inscriptions", null=True, blank=True, validators=[check_year])
    lien_externe = models.URLField(
        "lien d’inscription", max_length=500, blank=True, help_text="Si l’inscription se fait sur un autre site."
    )
    entree_libre = models.BooleanField(
        "entrée libre", default=False, help_text="On vient sans s’inscrire : la page ne propose pas de formulaire."
    )
    # Set on the page « Annuler l’événement » of the desk, which also tells the registrants.
    annule_le = models.DateTimeField("annulé le", null=True, blank=True, editable=False)
    # Revisions of the calendar file: each change that a calendar shows raises the first; the second is the last one
    # told to the registrants.
    sequence = models.PositiveIntegerField("révision du calendrier", default=0, editable=False)
    sequence_annoncee = models.PositiveIntegerField("révision annoncée", default=0, editable=False)
    # When it is over: « à venir » and « passés » compare it with the clock. Computed from the dates.
    termine_le = models.DateTimeField("terminé le", null=True, editable=False, db_index=True)

    derives = ("debut", "heure_connue", "termine_le", "commune_id", "departement_id")
    textes = ("resume", "programme", "suites")
    # The fields that a calendar shows.
    au_calendrier = ("titre", "debut", "fin", "heure_connue", "lieu", "adresse", "annule_le")

    # How many ticks of attendance the last save removed: participants/inscriptions/attribution.py.
    presences_retirees = 0

    objects = EvenementQuerySet.as_manager()

    class Meta:
        verbose_name = "événement"
        ordering = [F("debut").desc(nulls_last=True), "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(debut__isnull=False, fin__gte=F("debut")),
                name="evenement_fin_apres_debut",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                condition=Q(cloture__isnull=True) | Q(ouverture__isnull=True) | Q(cloture__gte=F("ouverture")),
                name="evenement_cloture_apres_ouverture",
                violation_error_message="Les inscriptions ne peuvent pas fermer avant d’ouvrir.",
            ),
        ]

    @property
    def titre_affiche(self):
        """The title, without its date if that is shown beside it."""
        rest, day = split_date(self.titre)
        return self.heading(rest if self.debut and day == timezone.localdate(self.debut) else self.titre)

    @staticmethod
    def slug_of(titre):
        """Keeps the numbers of a date apart: « Balise 15/11/24 »."""
        return slugify(fold(titre).translate({ord("'"): " ", ord("/"): "-"}))

    @property
    def lieu_affiche(self):
        return beyond_masks(self.lieu)

    @property
    def chiffre_affiche(self):
        if self.is_annule:
            return ", ".join(filter(None, (self.jour_en_mots, "annulé")))
        return f"passé le {self.jour_en_mots}" if self.is_passe else self.jour_en_mots

    @property
    def mots_affiches(self):
        return [self.adresse, self.quand.removesuffix(ICI), str(self.departement or "")]

    @property
    def jour_debut(self):
        """The first day, in local time; None if unknown."""
        return timezone.localdate(self.debut) if self.debut else None

    @property
    def jour_venu(self) -> bool:
        """Whether its first day has come; False without a date."""
        return self.debut is not None and self.jour_debut <= timezone.localdate()

    @property
    def jour_en_mots(self) -> str:
        """« 15 novembre 2024 »."""
        return jour_en_lettres(self.jour_debut) if self.debut else ""

    @property
    def quand(self) -> str:
        """« vendredi 15 novembre 2024, de 9 h 30 à 17 h (heure de Paris) »; "" without a date."""
        return periode(self.debut, self.fin, heure_connue=self.heure_connue)

    @property
    def is_passe(self) -> bool:
        return self.termine_le is not None and self.termine_le < timezone.now()

    @property
    def places(self) -> str:
        return pluriel(self.capacite, "place", "places") if self.capacite and not self.is_annule else ""

    @property
    def is_annule(self) -> bool:
        return self.annule_le is not None

    @property
    def is_held_here(self) -> bool:
        """Whether people register on this site, now or at another time."""
        return bool(self.debut) and not (self.lien_externe or self.entree_libre or self.is_annule)

    @property
    def inscriptions_ouvertes(self) -> bool:
        now = timezone.now()
        opened = self.ouverture is None or self.ouverture <= now
        running = not self.is_passe and not self.is_annule
        return opened and running and (self.cloture is None or now <= self.cloture)

    @property
    def inscription_possible(self) -> bool:
        """Whether the form takes registrations now; never once the event has begun."""
        return self.is_held_here and self.inscriptions_ouvertes and timezone.now() < self.starts_on

    @property
    def starts_on(self):
        """When it begins; None if unknown; the end of its first day if only that is known."""
        return self.debut if self.heure_connue or self.debut is None else end_of_day(self.debut)

    @property
    def inscriptions_en_mots(self) -> str:
        """The state of registrations for a coming event; "" if there is nothing to say."""
        now = timezone.now()
        if self.is_passe or self.is_annule:
            return ""
        if self.entree_libre:
            return "entrée libre, sans inscription"
        if self.ouverture and now < self.ouverture:
            return f"à partir du {instant(self.ouverture)}"
        if self.cloture:
            return f"{'jusqu’au' if now <= self.cloture else 'closes depuis le'} {instant(self.cloture)}"
        return ""

    def places_restantes(self) -> int | None:
        """The free seats; None without a limit. One query."""
        if self.capacite is None:
            return None
        return max(0, self.capacite - self.inscriptions.in_seats().count())

    def has_seat_left(self) -> bool:
        """Whether a newcomer can have a seat: the waiting list comes first."""
        left = self.places_restantes()
        return left is None or (left > 0 and not self.inscriptions.waiting().exists())

    def places_en_mots(self) -> str:
        """« Il reste 3 places », « Complet : liste d’attente », or ""."""
        if not (self.is_held_here and self.capacite) or self.is_passe:
            return ""
        left = self.places_restantes()
        if left and self.inscriptions.waiting().exists():
            left = 0  # free seats belong to the waiting list
        if not left:
            return "Complet : liste d’attente" if self.inscription_possible else "Complet"
        return f"Il reste {pluriel(left, 'place', 'places')}"

    def derive(self, before):
        if self.debut is None:
            self._date_from_title()
        elif timezone.localtime(self.debut) != midnight(timezone.localdate(self.debut)):
            self.heure_connue = True
        self.termine_le = self._end()
        self.follow_address(before)
        if before:
            self._raise_sequence(before)

    def _raise_sequence(self, before: "Evenement"):
        """Raises the sequence number if calendars show something else.

        If nobody is registered, it counts as announced.
        """
        changed = any(getattr(before, name) != getattr(self, name) for name in self.au_calendrier)
        self.sequence = before.sequence + changed
        nobody = changed and not self.inscriptions.expected().exists()
        self.sequence_annoncee = self.sequence if nobody else before.sequence_annoncee

    def as_announced(self) -> "Evenement | None":
        """The event as registrants were last told; None if calendars would show the same."""
        if self.sequence == self.sequence_annoncee:
            return None
        revision = self.history.filter(sequence=self.sequence_annoncee).first()
        return revision.instance if revision else None

    def _date_from_title(self):
        _, day = split_date(self.titre)
        if day:
            self.debut, self.heure_connue = midnight(day), False

    def _end(self):
        """Its end; without a known time, the end of the last day; None without a date."""
        if self.fin and self.heure_connue:
            return self.fin
        return end_of_day(self.fin or self.debut) if self.debut else None


class Question(TextesPublics):
    """A question of the organisers to registrants; at most MAX per event."""

    MAX = 5

    class Genre(models.TextChoices):
        TEXTE = "texte", "texte court"
        OUI_NON = "oui-non", "oui ou non"
        CHOIX = "choix", "un choix dans une liste"

    evenement = models.ForeignKey(
        Evenement, on_delete=models.CASCADE, related_name="questions", verbose_name="événement"
    )
    libelle = models.CharField("question", max_length=200)
    genre = models.CharField("réponse", max_length=10, choices=Genre, default=Genre.TEXTE)
    choix = models.TextField("choix, un par ligne", blank=True)
    obligatoire = models.BooleanField("obligatoire", default=False)
    ordre = models.PositiveSmallIntegerField("rang", default=1)

    class Meta:
        verbose_name = "question"
        ordering = ["ordre", "pk"]

    def __str__(self):
        return self.libelle

    @property
    def valeurs(self) -> list[str]:
        return list(dict.fromkeys(line.strip() for line in self.choix.splitlines() if line.strip()))

    def clean(self):
        if self.genre == self.Genre.CHOIX and len(self.valeurs) < 2:
            raise ValidationError({"choix": "Donnez au moins deux choix, un par ligne."})
