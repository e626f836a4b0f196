"""How structures recognise the time and the costs of people who take part: answers to one survey of 23 questions."""

from django.db import models
from django.db.models import Q

from fiches.lieux import Situee
from fiches.lists import Choix, liste
from fiches.models import Fiche, FicheQuerySet
from socle.territoires.models import Commune, Departement
from socle.vie_privee.public_text import beyond_masks


def nom_court(nom: str) -> str:
    """The name of a mode of recognition without its examples: « Indemnisation des frais (Transports, repas…) »."""
    return nom.partition(" (")[0]


class EnqueteQuerySet(FicheQuerySet):
    def for_cards(self):
        """All that a list card prints, in three queries whatever the page size."""
        return self.select_related("niveau", "commune").prefetch_related("themes", "modes_reconnaissance")


class Enquete(Situee, Fiche):
    """The answers of one structure, in the order and words of the form. The référent·e is a Contact."""

    structure = models.CharField("nom de la structure concernée par la démarche", max_length=300, blank=True)
    adresse = models.CharField(
        "adresse de la structure", max_length=300, blank=True, help_text="Pour alimenter la carte."
    )
    departement = models.ForeignKey(
        Departement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="département",
        help_text="Celui de la commune, s’il y en a une.",
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="commune",
        help_text="Vide : celle que dit l’adresse, quand elle est sûre.",
    )
    latitude = models.FloatField(
        "latitude", null=True, blank=True, help_text="En degrés. Vide : la position de la commune."
    )
    longitude = models.FloatField("longitude", null=True, blank=True, help_text="En degrés.")
    position_approchee = models.BooleanField(
        "position approchée",
        default=False,
        help_text="La position est celle de la commune. Une position que vous donnez vous-même n’est jamais remplacée.",
    )
    origine_demarche = models.TextField(
        "qui est à l’origine, à l’initiative de la démarche\u202f? "
        "(élu·e, agent d’un service, obligation réglementaire…)",
        blank=True,
    )
    acteurs = models.TextField("acteurs concernés par la démarche", blank=True)
    contexte = models.TextField("origine et contexte de la démarche", blank=True)
    modes_reconnaissance = models.ManyToManyField(
        **liste(Choix.Liste.RECONNAISSANCE), verbose_name="mode de reconnaissance de la participation"
    )
    types_organisation = models.ManyToManyField(
        **liste(Choix.Liste.TYPE_ORGANISATION), verbose_name="type d’organisation concernée"
    )
    echelle = models.ForeignKey(
        **liste(Choix.Liste.ECHELLE),
        on_delete=models.PROTECT,
        null=True,
        verbose_name="échelle territoriale de l’action",
    )
    niveau = models.ForeignKey(
        **liste(Choix.Liste.PARTICIPATION),
        on_delete=models.PROTECT,
        null=True,
        verbose_name="niveau de participation visé, en termes d’implication dans la décision publique",
    )
    indemnise_quoi = models.TextField(
        "qu’est-ce qui a été indemnisé\u202f? (déplacements, garde d’enfants, temps passé, repas…)", blank=True
    )
    indemnise_qui = models.TextField("qui sont les personnes qui ont été indemnisées\u202f?", blank=True)
    forme = models.TextField("quelle forme a prise l’indemnité / la valorisation\u202f?", blank=True)
    bareme = models.TextField(
        "avez-vous utilisé un barème, et comment a-t-il été utilisé par les personnes concernées\u202f?", blank=True
    )
    delai_montants = models.TextField(
        "quel est le délai pour indemniser les personnes\u202f? Avec quels montants (indemnité par personne…)\u202f?",
        blank=True,
    )
    arguments = models.TextField(
        "quels arguments ont été utilisés pour convaincre de l’intérêt d’une indemnisation/valorisation\u202f? "
        "(auprès des élus, de la direction, des financeurs…)",
        blank=True,
    )
    processus = models.TextField(
        "le processus mis en place\u00a0: avez-vous eu besoin de créer des outils spécifiques, de mobiliser des "
        "partenaires spécifiques, de mobiliser des fonds spécifiques…\u202f?",
        blank=True,
    )
    freins = models.TextField("quels freins ont été rencontrés\u202f?", blank=True)
    leviers = models.TextField(
        "quels leviers pensez-vous que votre structure pourrait mettre en place pour faciliter encore plus "
        "l’indemnisation / la valorisation de la participation\u202f?",
        blank=True,
    )
    suggestions = models.TextField(
        "quelles suggestions auriez-vous à faire si elle devait être reproduite ailleurs, afin de l’améliorer\u202f?",
        blank=True,
    )
    satisfaction = models.TextField(
        "évaluez-vous, et si oui comment, la satisfaction des personnes participantes\u202f?", blank=True
    )

    textes = (
        *("origine_demarche", "acteurs", "contexte", "indemnise_quoi", "indemnise_qui", "forme", "bareme"),
        *("delai_montants", "arguments", "processus", "freins", "leviers", "suggestions", "satisfaction"),
    )

    objects = EnqueteQuerySet.as_manager()

    class Meta:
        verbose_name = "enquête indemnisation"
        verbose_name_plural = "enquêtes indemnisation"
        ordering = ["titre", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="enquete_position_entiere",
                violation_error_message="Une position a une latitude et une longitude : donnez les deux, ou aucune.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="enquete_position_sur_terre",
                violation_error_message="La latitude va de -90 à 90 degrés, la longitude de -180 à 180.",
            ),
        ]

    @property
    def lieu_affiche(self):
        return beyond_masks(self.structure)

    @property
    def modes_affiches(self) -> list[str]:
        """Its modes of recognition in a few words, as its card shows them."""
        return [nom_court(mode.nom) for mode in self.modes_reconnaissance.all()]

    @property
    def mots_affiches(self):
        chosen = [self.commune, self.departement, self.echelle, self.niveau]
        chosen += [*self.modes_reconnaissance.all(), *self.types_organisation.all()]
        return [self.adresse, *(row.nom for row in chosen if row)]

    def derive(self):
        before = self.as_saved()
        self.follow_address(before)
        self._follow_commune(before)

    def _follow_commune(self, before: "Enquete | None"):
        """Take the position of the commune, unless an editor has given one. `before`: the record as it is saved."""
        position = (self.latitude, self.longitude)
        if position != (None, None):
            typed = before is None or position != (before.latitude, before.longitude)
            if typed and before and before.position_approchee and position != self.position_of_commune():
                self.position_approchee = False
            of_commune = self.position_approchee and not typed and position == before.position_of_commune()
            if not of_commune:
                return
        self.latitude, self.longitude = self.position_of_commune()
        self.position_approchee = self.latitude is not None

    def position_of_commune(self) -> tuple[float | None, float | None]:
        """Latitude and longitude of the commune; None twice if it is not known."""
        return (self.commune.latitude, self.commune.longitude) if self.commune else (None, None)
