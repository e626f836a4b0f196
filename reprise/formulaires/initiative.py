"""Initiatives: the labels of the old form, in its order, and how its fields become ours."""

from fiches.attached import Contact
from fiches.choice_lists import Choix
from fiches.initiatives.models import Initiative
from reprise import formulaires
from reprise.fields import Formulaire, Libelle
from socle.vie_privee.mentions import full_names, same_words


@formulaires.add
class InitiativeReprise(Formulaire):
    cle = "initiative"
    model = Initiative
    libelles = {
        "Description": Libelle("description"),
        "Enjeux": Libelle("enjeux"),
        "Convictions": Libelle("convictions"),
        "Méthodologie mise en place": Libelle("methodologie"),
        "Réalisations": Libelle("realisations"),
        "Nom de l'acteur": Libelle("acteur", "ligne"),
        "Auteur de la fiche": Libelle(genre="ligne", personne=(Contact.Role.AUTEUR, "nom")),
        "Type d'acteurs qui propose cette initiative": Libelle("type_acteur", "choix", Choix.Liste.TYPE_ACTEUR),
        "Précisez autre acteur": Libelle("autre_acteur", "ligne"),
        "Echelle d'action": Libelle("echelle", "choix", Choix.Liste.ECHELLE),
        "Mot clef de l'action": Libelle("mots_cles", "ligne", Choix.Liste.MOT_CLE),
        "Ville": Libelle("ville", "ligne"),
        "Comment contacter cette initiative?": Libelle(personne=(Contact.Role.CONTACT, "nom")),
        "Lien Web si existant": Libelle("lien", "lien"),
        "Partenaires associés": Libelle("partenaires", "noms"),
        "Pour aller plus loin": Libelle("pour_aller_plus_loin"),
    }

    def read_more(self, lue, said, valeurs):
        # An actor who is also the author is a person, not an organisation: kept with the persons, never shown.
        acteur = valeurs.champs.get("acteur", "")
        persons = {same_words(name) for row in valeurs.personnes for name in full_names(row.get("nom", ""))}
        if full_names(acteur) and same_words(acteur) in persons:
            valeurs.champs["acteur"] = ""

    def prepare(self, fiche, champs):
        """Clears a commune that came from the old town, so that it is looked up again. An editor's choice stays."""
        if not (fiche.pk and fiche.commune_id and "ville" in champs and fiche.is_where_named(self.places)):
            return
        alone = Initiative(ville=fiche.ville)
        alone.locate(self.places)
        if alone.commune_id == fiche.commune_id:
            fiche.departement = None  # it came with the commune
        fiche.commune = None

    def complete(self, fiche, valeurs):
        fiche.locate(self.places)
