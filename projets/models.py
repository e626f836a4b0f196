"""France Relance projects: what an authority bought, its amount, the results.

Amounts of replaced projects count in no total: whatever sums amounts asks `is_replaced` or `replacements`.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, ExpressionWrapper, F, Q, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.db.models.signals import post_delete
from django.utils.functional import cached_property

from fiches.attached import remove_file
from fiches.lieux import Situee
from fiches.models import Fiche, FicheQuerySet
from projets.montant import parse_montant, says_more
from projets.nomenclature import NatureDeSubvention, OuiNon
from socle.annuaire.models import Statut
from socle.francais.identifiants import RnaField, SiretField
from socle.francais.texte import fold
from socle.francais.wording import euros
from socle.journal.cache import followed
from socle.medias.champs import FichierField
from socle.medias.depot import ANNEXE
from socle.territoires.models import Commune, Departement, Intercommunalite
from socle.territoires.place_names import split_title, tidy_authority
from socle.territoires.reconnaissance import Reconnaisseur
from socle.vie_privee.public_text import beyond_masks

# All earlier versions of a published project, also behind a draft, so that only one counts. The query stands alone, so
# it runs once; UNION stops at a circle.
_REPLACED = """
WITH RECURSIVE replaced(id) AS (
    SELECT remplace_id FROM projets_projet WHERE statut = %s AND remplace_id IS NOT NULL
    UNION
    SELECT projet.remplace_id FROM projets_projet projet JOIN replaced ON projet.entree_id = replaced.id
    WHERE projet.remplace_id IS NOT NULL
)
SELECT id FROM replaced
"""


def is_replaced() -> Q:
    """Condition: a published project stands later in the chain of versions."""
    return Q(pk__in=RawSQL(_REPLACED, [Statut.PUBLIEE]))  # noqa: S611 - a constant


@dataclass(frozen=True)
class _Chaines:
    """`later`: see `replacements`. `linked`: projects that replace another or are replaced, drafts too."""

    later: dict[int, int]
    linked: set[int]


def replacements() -> dict[int, int]:
    """{a project replaced by a published version: the version that counts}, kept by the process.

    Of two versions that replace the same project, the one with the greater key counts.
    """
    return followed("projets remplacés", ("projet",), _versions, _versions_after).later


def _versions() -> _Chaines:
    rows = list(Projet.objects.filter(remplace__isnull=False).order_by("pk").values_list("pk", "remplace", "statut"))
    earlier, found = {pk: remplace for pk, remplace, _ in rows}, {}
    for pk in (pk for pk, _, statut in rows if statut == Statut.PUBLIEE):
        below = earlier.get(pk)
        walked = set()
        while below is not None and below not in walked:  # a circle is walked once
            walked.add(below)
            found[below] = pk
            below = earlier.get(below)
    return _Chaines({pk: _last(pk, found) for pk in found}, {*earlier, *earlier.values()})


def _versions_after(before: _Chaines, pks: list[int]) -> _Chaines:
    """All versions again, if one of these projects has, or had, another version."""
    linked = Projet.objects.filter(remplace__isnull=False).filter(Q(pk__in=pks) | Q(remplace__in=pks))
    return before if before.linked.isdisjoint(pks) and not linked.exists() else _versions()


def _last(pk: int, later: dict[int, int]) -> int:
    """The last version of a project."""
    walked = {pk}
    while (pk := later.get(pk, pk)) not in walked:
        walked.add(pk)
    return pk


class ProjetQuerySet(FicheQuerySet):
    def for_cards(self):
        """What a card shows, in two queries whatever the page size."""
        return (
            self.select_related("intercommunalite")
            .prefetch_related("themes")
            .only(
                "titre",
                "titre_public",
                "fait",
                "slug",
                "statut",
                "montant_eur",
                "collectivite_publique",
                *self.model.textes,
                "departement",
                "commune",
                "intercommunalite__nom",
            )
        )

    def with_versions(self):
        """Adds `is_remplacee` to each project."""
        return self.annotate(is_remplacee=ExpressionWrapper(is_replaced(), output_field=models.BooleanField()))

    def replaced(self):
        """Replaced projects stay readable but count in no total."""
        return self.filter(is_replaced())

    def figures(self):
        """{"fiches", "montants", "remplacees", "total", "mediane"}; "montants" is how many amounts count.

        Two queries. An amount counts if known, not zero, and not of a replaced project.
        """
        counts = Q(montant_eur__gt=0) & ~is_replaced()
        figures = self.order_by().aggregate(
            fiches=Count("pk"),
            montants=Count("pk", filter=counts),
            remplacees=Count("pk", filter=is_replaced()),
            total=Sum("montant_eur", filter=counts),
        )
        n = figures["montants"]
        amounts = self.filter(counts).order_by("montant_eur").values_list("montant_eur", flat=True)
        middle = list(amounts[(n - 1) // 2 : n // 2 + 1]) if n else []
        figures["mediane"] = sum(middle) / len(middle) if middle else None
        return figures


class Projet(Situee, Fiche):
    """Fields follow the form's order and words."""

    collectivite = models.CharField("nom de la collectivité", max_length=300, blank=True)
    departement = models.ForeignKey(
        Departement, on_delete=models.PROTECT, null=True, blank=True, related_name="projets", verbose_name="département"
    )
    intercommunalite = models.ForeignKey(
        Intercommunalite,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="projets",
        verbose_name="intercommunalité",
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.SET_NULL, null=True, blank=True, related_name="projets", verbose_name="commune"
    )
    description = models.TextField("description synthétique du projet", blank=True)
    objectifs = models.TextField("objectifs", blank=True)
    montant_eur = models.DecimalField(
        "montant du financement France Relance (€)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Vide ou 0 : « montant non renseigné », compté dans aucun total.",
    )
    montant_source = models.CharField(
        "montant tel qu’il a été écrit",
        max_length=300,
        blank=True,
        help_text="Les mots de l’ancien site, gardés pour mémoire et donnés dans le fichier CSV. Si vous corrigez le "
        "montant ci-dessus, c’est lui que les pages et les totaux montrent ; ces mots ne le changent pas.",
    )
    suivi = models.TextField("suivi du projet", blank=True)
    engagements = models.TextField("engagements dans le cadre de la convention de financement", blank=True)
    remplace = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="remplacants",
        verbose_name="remplace la fiche",
        help_text="Un rapport V2 remplace la première fiche : celle-ci reste lisible mais ne compte dans aucun total.",
    )
    siret = SiretField(
        "SIRET du bénéficiaire",
        max_length=14,
        blank=True,
        help_text="14 chiffres, avec ou sans espaces : celui de la collectivité, jamais celui d’une personne. Il se "
        "trouve sur annuaire-entreprises.data.gouv.fr.",
    )
    rna = RnaField(
        "numéro RNA du bénéficiaire",
        max_length=10,
        blank=True,
        help_text="Pour une association sans SIRET : un W suivi de 9 chiffres.",
    )
    convention_le = models.DateField("date de la convention", null=True, blank=True)
    decision = models.CharField(
        "référence de la décision",
        max_length=100,
        blank=True,
        help_text="Le numéro de l’acte qui accorde la subvention, par exemple 2021-03-103. Facultatif.",
    )
    nature = models.CharField("nature de la subvention", max_length=40, choices=NatureDeSubvention, blank=True)
    versement = models.CharField(
        "conditions de versement",
        max_length=255,
        blank=True,
        help_text="« unique », « échelonné », ou quelques mots : « 50 % à la signature, le solde à la livraison ».",
    )
    verse_le = models.DateField("versement : date, ou début de la période", null=True, blank=True)
    verse_jusqu_au = models.DateField(
        "versement : fin de la période",
        null=True,
        blank=True,
        help_text="Vide : un seul versement, à la date ci-dessus.",
    )
    notification_ue = models.CharField(
        "aide notifiée à la Commission européenne",
        max_length=3,
        choices=OuiNon,
        blank=True,
        help_text="Oui si la subvention est une aide de minimis, notifiée en vertu du règlement européen.",
    )
    part_pourcent = models.PositiveSmallIntegerField(
        "part versée à ce bénéficiaire (%)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="100 s’il est seul à recevoir la subvention, moins s’il la partage avec d’autres.",
    )
    dispositif = models.CharField(
        "identifiant du dispositif d’aide",
        max_length=100,
        blank=True,
        help_text="Si le dispositif en a un. Facultatif.",
    )
    titre_court = models.CharField(
        "titre affiché", max_length=500, blank=True, help_text="Vide : le titre sans le nom de la collectivité."
    )
    collectivite_courte = models.CharField(
        "collectivité affichée", max_length=300, blank=True, help_text="Vide : le nom de la collectivité, mis en forme."
    )
    titre_public = models.CharField("titre public", max_length=500, editable=False, default="")
    collectivite_publique = models.CharField("collectivité", max_length=300, editable=False, default="")
    collectivite_tri = models.CharField(max_length=300, editable=False, default="", db_index=True)

    derives = (
        "titre_public",
        "collectivite_publique",
        "collectivite_tri",
        "commune_id",
        "intercommunalite_id",
        "departement_id",
    )
    textes = ("description", "objectifs", "suivi", "engagements")
    lus_avant = (*Situee.lus_avant, "intercommunalite")
    au_bureau = ("montant_source",)  # words of the old site
    a_corriger = (  # facts on the subsidy that only an administration knows
        "siret",
        "rna",
        "convention_le",
        "decision",
        "nature",
        "versement",
        "verse_le",
        "verse_jusqu_au",
        "notification_ue",
        "part_pourcent",
        "dispositif",
    )

    objects = ProjetQuerySet.as_manager()

    class Meta:
        verbose_name = "projet France Relance"
        verbose_name_plural = "projets France Relance"
        ordering = ["collectivite_tri", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant_eur__isnull=True) | Q(montant_eur__gte=0),
                name="projet_montant_positif",
                violation_error_message="Le montant ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                condition=~Q(remplace=F("pk")),
                name="projet_ne_se_remplace_pas",
                violation_error_message="Une fiche ne peut pas se remplacer elle-même.",
            ),
            models.CheckConstraint(
                condition=Q(siret="") | Exact(Length("siret"), 14),
                name="projet_siret_entier",
                violation_error_message="Un SIRET a 14 chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(rna="") | (Q(rna__startswith="W") & Exact(Length("rna"), 10)),
                name="projet_rna_entier",
                violation_error_message="Un numéro RNA est un W suivi de 9 chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(verse_jusqu_au__isnull=True) | Q(verse_le__isnull=False, verse_jusqu_au__gte=F("verse_le")),
                name="projet_versement_dans_l_ordre",
                violation_error_message="La période de versement finit avant de commencer, ou n’a pas de début.",
            ),
            models.CheckConstraint(
                condition=Q(part_pourcent__isnull=True) | Q(part_pourcent__range=(1, 100)),
                name="projet_part_entre_1_et_100",
                violation_error_message="La part versée est un pourcentage, de 1 à 100.",
            ),
        ]
        indexes = [
            models.Index(fields=["statut", "remplace"], condition=Q(remplace__isnull=False), name="projet_versions"),
            models.Index(fields=["statut", "departement"], name="projet_statut_departement"),
            models.Index(fields=["statut", "montant_eur", "entree"], name="projet_statut_montant"),
            # For the desk's home: what waits since when, what has no theme.
            models.Index(fields=["statut", "modifiee_le", "entree"], name="projet_statut_modifiee"),
            models.Index(fields=["statut", "collectivite_tri", "entree"], name="projet_par_collectivite"),
            models.Index(fields=["statut", "-datee", "-modifiee_le", "entree"], name="projet_par_date"),
        ]

    @property
    def titre_affiche(self):
        return self.heading(self.titre_public)

    @property
    def lieu_affiche(self):
        return beyond_masks(self.collectivite_publique)

    @property
    def porteur_affiche(self):
        return self.lieu_affiche

    @property
    def mots_affiches(self):
        places = [self.commune, self.intercommunalite, self.departement]
        if self.departement:
            places.append(self.departement.region)
        return [place.nom for place in places if place]

    def clean(self):
        super().clean()
        seen, other = {self.pk}, self.remplace
        while other is not None:
            if other.pk in seen:
                raise ValidationError(
                    {"remplace": "Ces fiches se remplaceraient l’une l’autre : corrigez l’une des deux."}
                )
            seen.add(other.pk)
            other = other.remplace

    def derive(self, before):
        self.titre_public = (self.titre_court or split_title(self.titre, self.collectivite))[:500]
        if self.departement_id is None and self.collectivite:
            self.locate(self.reconnaisseur or Reconnaisseur())
        self.settle_places()
        group = None if self.commune_id else self.intercommunalite
        tidy = self.collectivite_courte or tidy_authority(self.collectivite, self.commune, group)
        self.collectivite_publique = tidy[:300]
        # « Mairie de Broons » sorts under Broons.
        self.collectivite_tri = fold(self.commune.nom if self.commune else tidy)[:300]

    def locate(self, places):
        """Set places that the authority's name gives for sure; those already set stay.

        `places`: a Reconnaisseur (socle/territoires/reconnaissance.py).
        """
        if self.commune_id is None and self.intercommunalite_id is None:
            self.commune = places.find_commune(self.collectivite, self.departement_id)
            if self.commune is None:
                self.intercommunalite = places.find_intercommunalite(self.collectivite, self.departement_id)
        if self.departement_id is None:
            self.departement_id = places.parse_departement(self.collectivite)
        self.settle_places()

    def is_where_named(self, places) -> bool:
        """Whether its places are those of the authority's name: nobody chose others."""
        bare = Projet(collectivite=self.collectivite, departement_id=self.departement_id)
        bare.locate(places)
        if bare.commune_id or self.commune_id:  # its intercommunalité follows
            return bare.commune_id == self.commune_id
        return bare.intercommunalite_id == self.intercommunalite_id

    @property
    def montant_connu(self):
        """The amount; None if unknown or zero."""
        return self.montant_eur or None

    @property
    def montant_dit(self) -> str:
        """The amount as written, if that says more: « 77 600 € sur 98 000 € de dépense »; else ""."""
        said = self.montant_source.strip()
        written = parse_montant(said).eur or None
        return said if written == self.montant_connu and says_more(said) else ""

    @property
    def chiffre_affiche(self):
        amount = euros(self.montant_connu) if self.montant_connu else "montant non renseigné"
        return f"{amount}, remplacée par une version suivante" if self.is_remplacee else amount

    @property
    def version_qui_compte(self):
        return replacements().get(self.pk)

    @cached_property
    def is_remplacee(self) -> bool:
        """Whether a published later version replaces it."""
        return self.version_qui_compte is not None

    def versions_suivantes(self):
        """The version that counts in its place, and the others that it replaces."""
        last = self.version_qui_compte
        return {last, *(pk for pk, counts in replacements().items() if counts == last)} if last else set()

    def others_changed(self, before=None):
        """Its earlier versions and direct replacements: whether they count may change."""
        found = set(Projet.objects.filter(remplace=self.pk).values_list("pk", flat=True))
        below = {self.remplace_id, before and before.remplace_id} - {None}
        while below:
            found |= below
            further = Projet.objects.filter(pk__in=below, remplace__isnull=False)
            below = set(further.values_list("remplace_id", flat=True)) - found
        return found

    def remplacee_par(self):
        """The version that counts in its place, or None."""
        return Projet.objects.exclude(pk=self.pk).filter(pk=self.version_qui_compte).first()


class Annexe(models.Model):
    """A file joined to a project, for editors only."""

    projet = models.ForeignKey(Projet, on_delete=models.CASCADE, related_name="annexes", verbose_name="projet")
    titre = models.CharField("titre", max_length=200, blank=True)
    fichier = FichierField("fichier", upload_to="annexes/%Y/", blank=True, depot=ANNEXE, prive=True)
    nom_origine = models.CharField("nom sur l’ancien site", max_length=300, blank=True)

    class Meta:
        verbose_name = "annexe"
        ordering = ["pk"]

    def __str__(self):
        return self.titre or self.nom_origine or self.fichier.name

    @property
    def entree(self):
        return self.projet.entree


post_delete.connect(remove_file, sender=Annexe)
