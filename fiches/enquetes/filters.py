"""What a visitor may ask of the list of surveys, in the words of the address."""

from fiches.enquetes.models import Enquete, nom_court
from fiches.filters import AUTOUR, ChoixFacet, DepartementFacet, SitueeFilterSet, ThemeFacet
from fiches.lists import Choix


class ModeFacet(ChoixFacet):
    """Modes of recognition, without the examples that their names hold between parentheses."""

    def learn(self, held, asked):
        super().learn(held, asked)
        self.names = self.labels = {value: nom_court(nom) for value, nom in self.names.items()}


class EnqueteFilterSet(SitueeFilterSet):
    tris = {"titre": ("Titre, A à Z", ["entree__tri"]), "recent": ("Mise à jour récente", ["-datee", "-modifiee_le"])}
    groupes = [
        ("Mode de reconnaissance", ["mode"]),
        ("Niveau de participation", ["niveau"]),
        ("Type d’organisation", ["type_organisation"]),
        ("Échelle", ["echelle"]),
        ("Département", ["departement"]),
        ("Thème", ["theme"]),
        AUTOUR,
    ]

    mode = ModeFacet(
        Choix.Liste.RECONNAISSANCE,
        label="mode de reconnaissance",
        field_name="modes_reconnaissance",
        multiple=True,
        phrase="avec",
    )
    niveau = ChoixFacet(
        Choix.Liste.PARTICIPATION, label="niveau de participation", field_name="niveau", phrase="au niveau"
    )
    type_organisation = ChoixFacet(
        Choix.Liste.TYPE_ORGANISATION,
        label="type d’organisation",
        field_name="types_organisation",
        multiple=True,
        phrase="par",
    )
    echelle = ChoixFacet(Choix.Liste.ECHELLE, label="échelle", field_name="echelle", phrase="à l’échelle")
    departement = DepartementFacet()
    theme = ThemeFacet()

    class Meta:
        model = Enquete
        fields = []
