"""Registrations for events. Never public."""

from collections import Counter

from django.db import models

from participants.evenements.models import Evenement, Question
from participants.models import Participant


class InscriptionQuerySet(models.QuerySet):
    def living(self):
        """Registrations that are not over: one per address and event."""
        return self.filter(statut__in=VIVANTES)

    def holding(self):
        """Registrations with a seat, also beyond the capacity."""
        return self.filter(statut__in=OCCUPENT)

    def in_seats(self):
        """Registrations with a seat of the capacity."""
        return self.holding().filter(motif_surnombre="")

    def waiting(self):
        """The waiting list, in order; only confirmed addresses."""
        waiting = self.filter(statut=Inscription.Statut.EN_ATTENTE, confirmee_le__isnull=False)
        return waiting.order_by("attente_depuis", "pk")

    def seatless(self):
        """Registrations to confirm, without a held seat."""
        return self.filter(statut=Inscription.Statut.EN_ATTENTE, confirmee_le=None)

    def by_state(self) -> Counter[str]:
        return Counter(self.order_by().values_list("statut", flat=True))

    def expected(self):
        """Registrations told of what happens to the event: all living ones except doubtful ones."""
        return self.living().exclude(statut=Inscription.Statut.A_VERIFIER)


class Inscription(Participant):
    """A registration. `places.py` and `attribution.py` change its state.

    `consentement`: whether a proof is kept; the old site kept none. An event with registrations is not deleted: erasing
    a person is decided by itself, since a takeover never brings them back.
    """

    class Statut(models.TextChoices):
        A_VERIFIER = "a-verifier", "à vérifier"
        A_CONFIRMER = "a-confirmer", "à confirmer"
        INSCRITE = "inscrite", "inscrite"
        EN_ATTENTE = "en-attente", "en attente"
        PROPOSEE = "proposee", "place proposée"
        ANNULEE = "annulee", "annulée"
        EXPIREE = "expiree", "délai passé"
        REFUSEE = "refusee", "refusée"

    evenement = models.ForeignKey(
        Evenement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inscriptions",
        verbose_name="événement",
    )
    prenom = models.CharField("prénom", max_length=300)
    nom = models.CharField("nom", max_length=300, blank=True)
    organisation = models.CharField("organisation", max_length=300, blank=True)
    courriel = models.CharField("courriel", max_length=254, blank=True, help_text="Tel que la personne l’a écrit.")
    courriel_cle = models.CharField(max_length=300, blank=True, editable=False)
    journee_entiere = models.BooleanField("présent·e toute la journée", null=True, blank=True)
    commentaire = models.TextField("commentaire libre", blank=True)
    consentement = models.BooleanField("consentement conservé", default=False)
    statut = models.CharField("état", max_length=12, choices=Statut, default=Statut.INSCRITE)
    # Until when a seat waits to be confirmed or accepted, or a place in the list to be confirmed.
    expire_le = models.DateTimeField("délai", null=True, blank=True, editable=False)
    attente_depuis = models.DateTimeField("en attente depuis", null=True, blank=True, editable=False)
    rappelee_le = models.DateTimeField("rappel envoyé le", null=True, blank=True, editable=False)
    motif_surnombre = models.CharField("raison du surnombre", max_length=200, blank=True, editable=False)
    presence = models.BooleanField("présence", null=True, blank=True, editable=False)

    si_effacee = "Cette inscription a été effacée."
    cherches = ("nom", "prenom", "organisation", "courriel")

    objects = InscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            # The old site may hold the same person twice; only its rows may repeat an address.
            models.UniqueConstraint(
                fields=["evenement", "courriel_cle"],
                condition=models.Q(
                    cle__isnull=True, statut__in=["a-verifier", "a-confirmer", "inscrite", "en-attente", "proposee"]
                )
                & ~models.Q(courriel_cle=""),
                name="inscription_une_par_adresse",
                violation_error_message="Cette adresse est déjà inscrite à cet événement.",
            ),
        ]

    @property
    def etat_affiche(self) -> str:
        """The state in words. Whoever joins the list once confirmed has no seat and no rank yet."""
        return SANS_PLACE if self.awaits_confirmation else self.get_statut_display()

    @property
    def besoin_utile(self) -> str:
        """What the person needs; "" unless they hold a seat."""
        besoin = getattr(self, "besoin", None) if self.statut in OCCUPENT else None
        return besoin.texte if besoin else ""

    @property
    def is_vivante(self) -> bool:
        return self.statut in VIVANTES

    @property
    def awaits_confirmation(self) -> bool:
        """Whether no seat is held: confirming takes a free one, or a place in the list."""
        return self.statut == self.Statut.EN_ATTENTE and self.confirmee_le is None

    @property
    def rang(self) -> int | None:
        """The rank in the waiting list, from 1; None outside it."""
        if self.statut != self.Statut.EN_ATTENTE or self.awaits_confirmation:
            return None
        ranks = list(Inscription.objects.filter(evenement=self.evenement_id).waiting().values_list("pk", flat=True))
        return ranks.index(self.pk) + 1 if self.pk in ranks else None


SANS_PLACE = "à confirmer, sans place gardée"
OCCUPENT = (Inscription.Statut.A_CONFIRMER, Inscription.Statut.INSCRITE, Inscription.Statut.PROPOSEE)
VIVANTES = (*OCCUPENT, Inscription.Statut.EN_ATTENTE, Inscription.Statut.A_VERIFIER)


class BesoinAcces(models.Model):
    """What somebody needs to take part. It may tell of their health, so it is kept apart and purged first."""

    inscription = models.OneToOneField(
        Inscription, on_delete=models.CASCADE, related_name="besoin", verbose_name="inscription"
    )
    texte = models.TextField("besoin pour participer")

    class Meta:
        verbose_name = "besoin pour participer"
        verbose_name_plural = "besoins pour participer"

    def __str__(self):
        return f"Besoin n° {self.pk}"


class Reponse(models.Model):
    """An answer to a question. It keeps the words of the question."""

    inscription = models.ForeignKey(
        Inscription, on_delete=models.CASCADE, related_name="reponses", verbose_name="inscription"
    )
    question = models.ForeignKey(
        Question, on_delete=models.SET_NULL, null=True, related_name="reponses", verbose_name="question"
    )
    libelle = models.CharField("question posée", max_length=200)
    texte = models.TextField("réponse", blank=True)

    class Meta:
        verbose_name = "réponse"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["inscription", "question"], name="reponse_une_par_question"),
        ]

    def __str__(self):
        return f"Réponse n° {self.pk}"
