"""Surveys: how structures pay or thank people who take part, in 23 questions."""

import re
from dataclasses import dataclass, replace

from django.db import models
from django.db.models import Q

from fiches.choice_lists import Choix, liste
from fiches.enquetes.indemnites import Indemnite, Unite, read_all, text_of
from fiches.lieux import Situee
from fiches.models import Fiche
from socle.francais.prose import run_on
from socle.francais.texte import fold, shortened
from socle.francais.typographie import bas_de_casse
from socle.territoires.models import Commune, Departement
from socle.vie_privee.public_text import beyond_masks

COUPE = 120  # characters of an answer in lists; its page has the rest
RIEN = {"", "oui", "non", "aucun", "aucune", "neant", "sans objet"}  # answers that say nothing, folded
# The four columns of every list: {column: its title}.
QUATRE = {
    "structure": "Qui paie",
    "qui_est_reconnu": "Qui est reconnu",
    "pour_quoi": "Pour quoi",
    "combien": "Combien",
}
# The fields of each column, in order of preference (`said_of`; for « combien », `_how_much` too).
REPONSES = {
    "structure": ("structure",),
    "qui_est_reconnu": ("indemnise_qui", "indemnites"),
    "pour_quoi": ("indemnise_quoi", "indemnites", "forme"),
    "combien": ("indemnites", "bareme", "delai_montants"),
}
# What each column takes from a line of indemnities.
RELEVE = {
    "qui_est_reconnu": lambda line: line.qui,
    "pour_quoi": lambda line: line.pour_quoi,
    "combien": lambda line: line.bref if line.is_said else "",
}
# Recognises an amount: euros, minimum wage, « 12 de l’heure », « 2 tickets », « bons de 10 », not « de 2 mois ». It
# only puts one answer before another.
_MONTANT = re.compile(
    r"€|\beuros?\b|\bsmic\b"
    r"|\d\s*(?:/\s*|par |la |de l['’]|du )(?:h\b|heure|demi-|jour|séance|repas|km\b|kilom)"
    r"|\d\s*(?:bons?|tickets?|chèques?|cartes?)\b"
    r"|\b(?:bons?|tickets?|chèques?|cartes?)\b[^.\n]{0,30} de \d+\b"
    r"(?!\s*(?:(?:à|ou)\s*\d+\s*)?(?:heures?|jours?|semaines?|mois|ans?)\b)",
    re.IGNORECASE,
)
# {first word of the address: colour} of the three modes: costs, time, without money.
COULEURS = {"indemnisation": "a", "remuneration": "g", "valorisation": "b"}


def nom_court(nom: str) -> str:
    """The name of a mode without its examples: « Indemnisation des frais (Transports, repas…) »."""
    return nom.partition(" (")[0]


def couleur(slug: str) -> str:
    """The CSS class of a mode; "" for a mode that is not in the form."""
    return COULEURS.get(slug.partition("-")[0], "")


def says(answer: str) -> bool:
    """Whether an answer says something: « oui » or « non » alone does not."""
    return fold(answer).strip(" .,;:!/-–—") not in RIEN


def said_of(nom: str, *answers: str) -> tuple[str, str]:
    """(text, field of the full answer) of a column of `QUATRE`, from the values of its `REPONSES`; "" twice if none.

    Every page and file uses it.
    """
    said = dict(zip(REPONSES[nom], answers, strict=True))
    if "indemnites" in said:
        typed = map(RELEVE[nom], read_all(said["indemnites"]))
        said["indemnites"] = ", ".join(dict.fromkeys(filter(None, typed)))
    said = {field: text for field, text in said.items() if says(text)}
    if nom == "combien" and "indemnites" not in said:
        return _how_much(said)
    return next(((text, field) for field, text in said.items()), ("", ""))


def _how_much(said: dict[str, str]) -> tuple[str, str]:
    """Without a typed amount: the answer that names one, or else the scale, or else delay and amounts.

    Delay and amounts may give only a delay: without an amount, the text begins with « Délai et montants ».
    """
    naming = [field for field in ("delai_montants", "bareme") if _MONTANT.search(said.get(field, ""))]
    field = next(iter([*naming, *said]), "")
    words = said.get(field, "")
    if field == "delai_montants" and not naming:
        words = f"Délai et montants\u00a0: {words}"
    return words, field


@dataclass(frozen=True)
class ReponseDEnquete:
    """An answer of a column of `QUATRE`. `nom`: its key and the page's anchor; `champ`: the field of the
    full answer.
    """

    nom: str
    intitule: str
    texte: str
    champ: str

    @property
    def ligne(self) -> str:
        line = " ".join(run_on(self.texte).split())
        return bas_de_casse(line, noms=True) if self.champ == "structure" else line

    @property
    def coupe(self) -> str:
        """The answer on one line, cut at a word."""
        return shortened(self.ligne, COUPE)

    @property
    def is_cut(self) -> bool:
        return self.coupe != self.ligne


class Enquete(Situee, Fiche):
    """The answers of one structure, in the form's order and words. The référent·e is a Contact."""

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

    indemnites = models.TextField("montants relevés par l’équipe : combien, qui, pour quoi", blank=True)

    derives = ("indemnites",)
    au_bureau = ("latitude", "longitude", "position_approchee", "indemnites")
    par_lignes = ("indemnites",)

    class Meta:
        verbose_name = "enquête"
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
    def porteur_affiche(self):
        return self.lieu_affiche

    @classmethod
    def textes_du_fait(cls):
        return tuple(dict.fromkeys(("indemnise_quoi", "forme", "contexte", *cls.textes)))

    @property
    def modes_affiches(self) -> list[tuple[str, str, str]]:
        """(address, short name, colour)."""
        return [(one.slug, nom_court(one.nom), couleur(one.slug)) for one in self.modes_reconnaissance.all()]

    @property
    def quatre(self) -> list[ReponseDEnquete]:
        """Who pays, who is recognised, for what, how much."""
        return [ReponseDEnquete(nom, intitule, *self._said_of(nom)) for nom, intitule in QUATRE.items()]

    def _said_of(self, nom: str) -> tuple[str, str]:
        return said_of(nom, *(getattr(self, field) for field in REPONSES[nom]))

    @property
    def mots_affiches(self):
        chosen = [self.commune, self.departement, self.echelle, self.niveau]
        chosen += [*self.modes_reconnaissance.all(), *self.types_organisation.all()]
        return [self.adresse, *(row.nom for row in chosen if row)]

    @property
    def chiffre_affiche(self):
        return shortened(run_on(self._said_of("combien")[0]), COUPE)

    def document(self):
        document = super().document()
        return replace(document, texte="\n".join([document.texte, self.indemnites]))

    # What is paid

    @property
    def indemnites_affichees(self) -> list[Indemnite]:
        return read_all(self.indemnites)

    def settle(self):
        self._write_amounts()
        super().settle()

    def _write_amounts(self):
        """Write the amounts that facets and sorts read."""
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

    def derive(self, before):
        self.follow_address(before)
        self._follow_commune(before)
        self.indemnites = text_of(self.indemnites_affichees)

    def _follow_commune(self, before: "Enquete | None"):
        """Take the commune's position, unless an editor gave one. `before`: the record as stored."""
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
        """(latitude, longitude); None twice if unknown."""
        return (self.commune.latitude, self.commune.longitude) if self.commune else (None, None)


class MontantDEnquete(models.Model):
    """A survey's lowest and highest amounts in one unit, rewritten at each save, for facets and sorts."""

    enquete = models.ForeignKey(Enquete, on_delete=models.CASCADE, related_name="montants", verbose_name="enquête")
    unite = models.CharField("unité", max_length=20, choices=Unite.choices)
    rang = models.PositiveSmallIntegerField("rang de l’unité")
    min_eur = models.DecimalField("montant le plus bas", max_digits=7, decimal_places=2, null=True, blank=True)
    max_eur = models.DecimalField("montant le plus haut", max_digits=7, decimal_places=2, null=True, blank=True)

    # Not moved by a merge: each record makes its own.
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
