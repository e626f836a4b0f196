"""Initiatives: ways to welcome the public, with their convictions and method."""

from django.db import models

from fiches.choice_lists import Choix, liste
from fiches.lieux import Situee
from fiches.models import Fiche
from socle.territoires.models import Commune, Departement
from socle.territoires.reconnaissance import Reconnaisseur
from socle.vie_privee.public_text import beyond_masks


class Initiative(Situee, Fiche):
    """Fields follow the form. Author and contact are Contacts."""

    description = models.TextField("description", blank=True)
    enjeux = models.TextField("enjeux", blank=True)
    convictions = models.TextField("convictions", blank=True)
    methodologie = models.TextField("méthodologie mise en place", blank=True)
    realisations = models.TextField("réalisations", blank=True)
    acteur = models.CharField(
        "nom de l’acteur", max_length=300, blank=True, help_text="Une organisation, jamais une personne."
    )
    type_acteur = models.ForeignKey(
        **liste(Choix.Liste.TYPE_ACTEUR), on_delete=models.PROTECT, null=True, verbose_name="type d’acteur"
    )
    autre_acteur = models.CharField("autre acteur", max_length=300, blank=True)
    echelle = models.ForeignKey(
        **liste(Choix.Liste.ECHELLE), on_delete=models.PROTECT, null=True, verbose_name="échelle d’action"
    )
    mots_cles = models.ManyToManyField(**liste(Choix.Liste.MOT_CLE), verbose_name="mots clefs de l’action")
    ville = models.CharField("ville", max_length=200, blank=True)
    departement = models.ForeignKey(
        Departement, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="département"
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    lien = models.URLField("lien", max_length=500, blank=True)
    partenaires = models.TextField("partenaires associés", blank=True)
    pour_aller_plus_loin = models.TextField("pour aller plus loin", blank=True)

    derives = ("commune_id", "departement_id")
    textes = (
        "description",
        "enjeux",
        "convictions",
        "methodologie",
        "realisations",
        "partenaires",
        "pour_aller_plus_loin",
    )

    class Meta:
        verbose_name = "initiative"
        ordering = ["titre", "pk"]

    @property
    def lieu_affiche(self):
        return ", ".join(filter(None, (beyond_masks(self.acteur), beyond_masks(self.ville))))

    @property
    def porteur_affiche(self):
        return beyond_masks(self.acteur)

    @property
    def mots_affiches(self):
        chosen = [self.type_acteur, self.echelle, self.departement, *self.mots_cles.all()]
        return [self.autre_acteur, *(row.nom for row in chosen if row)]

    def locate(self, places):
        """Set the commune that `ville` names, if it is the only one, or else the département. Chosen places stay."""
        if self.commune_id is None and self.ville:
            self.commune = places.find_named(self.ville, self.departement_id)
        if self.departement_id is None and self.commune_id is None:
            self.departement_id = places.parse_departement(self.ville)
        self.settle_places()

    def is_where_named(self, places) -> bool:
        """Whether its commune is the one that `ville` names: nobody chose another."""
        bare = Initiative(ville=self.ville, departement_id=self.departement_id)
        bare.locate(places)
        return bare.commune_id == self.commune_id

    def derive(self, before):
        if self.departement_id is None and self.ville:
            self.locate(Reconnaisseur())
        self.settle_places()
