"""How structures recognise the time and the costs of people who take part: answers to one survey of 23 questions."""

from dataclasses import replace

from django.db import models, transaction
from django.db.models import Q

from fiches.enquetes.bareme_reading import BaremePropose, propositions
from fiches.enquetes.indemnites import Indemnite, Unite, read_all, text_of
from fiches.lieux import Situee
from fiches.lists import Choix, liste
from fiches.models import Fiche
from socle.territoires.models import Commune, Departement
from socle.vie_privee.public_text import beyond_masks


def nom_court(nom: str) -> str:
    """The name of a mode of recognition without its examples: « Indemnisation des frais (Transports, repas…) »."""
    return nom.partition(" (")[0]


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
        "origine_demarche",
        "acteurs",
        "contexte",
        "indemnise_quoi",
        "indemnise_qui",
        "forme",
        "bareme",
        "delai_montants",
        "arguments",
        "processus",
        "freins",
        "leviers",
        "suggestions",
        "satisfaction",
    )

    indemnites = models.TextField(
        "qui est payé, combien, pour quoi",
        blank=True,
        help_text="Une ligne par montant : combien ; qui ; pour quoi. "
        "Exemple : « 15 € de l’heure ; parents ; réunions ». Une personne n’y est jamais nommée.",
    )
    # Amounts that answers say and that somebody has read: they are not proposed again, whatever became of them.
    baremes_lus = models.JSONField("barèmes lus", default=list, editable=False)
    baremes_a_lire = models.PositiveSmallIntegerField("barèmes à lire", default=0, editable=False)

    derives = ("indemnites", "baremes_lus", "baremes_a_lire")
    au_bureau = ("latitude", "longitude", "position_approchee")
    par_lignes = ("indemnites",)

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
    def fait_affiche(self):
        return self.fait_of(self.indemnise_quoi or self.texte_affiche)

    @property
    def modes_affiches(self) -> list[str]:
        """Its modes of recognition in a few words, as its card shows them."""
        return [nom_court(mode.nom) for mode in self.modes_reconnaissance.all()]

    @property
    def mots_affiches(self):
        chosen = [self.commune, self.departement, self.echelle, self.niveau]
        chosen += [*self.modes_reconnaissance.all(), *self.types_organisation.all()]
        return [self.adresse, *(row.nom for row in chosen if row)]

    @property
    def chiffre_affiche(self):
        return ", ".join(one.combien for one in self.indemnites_affichees if one.is_said)

    def document(self):
        document = super().document()
        return replace(document, texte="\n".join([document.texte, self.indemnites]))

    # What is paid

    @property
    def indemnites_affichees(self) -> list[Indemnite]:
        """Its indemnities, in the order of the form."""
        return read_all(self.indemnites)

    def propositions(self) -> list[BaremePropose]:
        """What its answers say of amounts, and nobody has read."""
        found = propositions((name, getattr(self, name)) for name in self.textes)
        return [one for one in found if one.indemnite.combien not in self.baremes_lus]

    def mark_read(self, *amounts: str):
        """Propose these amounts no more."""
        self.baremes_lus = [*self.baremes_lus, *amounts]
        self.baremes_a_lire = len(self.propositions())

    def put_aside(self, combien: str):
        """Propose an amount no more, now: it is no change of the record, hence no version."""
        self.mark_read(combien)
        values = {"baremes_lus": self.baremes_lus, "baremes_a_lire": self.baremes_a_lire}
        type(self)._base_manager.filter(pk=self.pk).update(**values)

    def absorb(self, other: "Enquete"):
        self.baremes_lus = list(dict.fromkeys([*self.baremes_lus, *other.baremes_lus]))

    def finish(self):
        with transaction.atomic():
            self._write_amounts()
            super().finish()

    def _write_amounts(self):
        """Write what facets and sorts ask of its indemnities."""
        by_unit: dict[str, list] = {}
        for one in self.indemnites_affichees:
            by_unit.setdefault(one.unite.value, []).extend([one.montant] if one.montant else [])
        wanted = {(unite, *((min(found), max(found)) if found else (None, None))) for unite, found in by_unit.items()}
        if wanted != {*self.montants.values_list("unite", "min_eur", "max_eur")}:
            self.montants.all().delete()
            MontantDEnquete.objects.bulk_create(
                MontantDEnquete(enquete=self, rang=Unite.values.index(unite), unite=unite, min_eur=low, max_eur=high)
                for unite, low, high in wanted
            )

    def derive(self):
        before = self.as_saved()
        self.follow_address(before)
        self._follow_commune(before)
        shown = self.indemnites_affichees
        self.indemnites = text_of(shown)
        said = {one.combien for one in shown}
        self.mark_read(*(found for one in self.propositions() if (found := one.indemnite.combien) in said))

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


class MontantDEnquete(models.Model):
    """The least and the most that a survey pays by one unit: rewritten from its indemnities at each save, for facets
    and sorts.
    """

    enquete = models.ForeignKey(Enquete, on_delete=models.CASCADE, related_name="montants", verbose_name="enquête")
    unite = models.CharField("unité", max_length=20, choices=Unite.choices)
    rang = models.PositiveSmallIntegerField("rang de l’unité")
    min_eur = models.DecimalField("montant le plus bas", max_digits=7, decimal_places=2, null=True, blank=True)
    max_eur = models.DecimalField("montant le plus haut", max_digits=7, decimal_places=2, null=True, blank=True)

    # A merge moves no such row: each record makes its own.
    suit_la_fiche = True

    class Meta:
        verbose_name = "montant d’enquête"
        verbose_name_plural = "montants d’enquêtes"
        constraints = [
            models.UniqueConstraint(fields=["enquete", "unite"], name="montant_unique_par_unite"),
            models.CheckConstraint(
                condition=Q(min_eur__isnull=True, max_eur__isnull=True)
                | Q(min_eur__gt=0, max_eur__gte=models.F("min_eur")),
                name="montant_d_enquete_entier",
            ),
        ]

    def __str__(self):
        return f"{self.enquete_id}, {self.unite}"
