"""Projects of the old site: the labels of their form, in its order, and how its fields become ours."""

from fiches import registre
from fiches.models import Contact
from fiches.referentiels.reconnaissance import Reconnaisseur
from fiches.registre import Formulaire
from fiches.reprise import Valeurs, person
from projets.models import Annexe, Projet
from projets.montant import parse_montant
from projets.versions import link_version, split_version

COLLECTIVITE = "Nom de la collectivité"
DEPARTEMENT = "Département"
REFERENT = "Référent du projet"
DESCRIPTION = "Description synthétique du projet"
OBJECTIFS = "Objectifs"
MONTANT = "Montant du financement France Relance"
FICHIER = "Fichier"
LUS = {COLLECTIVITE, DEPARTEMENT, REFERENT, DESCRIPTION, OBJECTIFS, MONTANT, FICHIER}


class ProjetReprise:
    """Takes over projects; see fiches/reprise.py."""

    model = Projet

    def __init__(self):
        self.places = Reconnaisseur()

    def read(self, lue) -> Valeurs:
        def text(label):
            return lue.champs[label].texte if label in lue.champs else ""

        montant = parse_montant(text(MONTANT))
        departement = self.places.parse_departement(text(DEPARTEMENT)) if text(DEPARTEMENT) else None
        valeurs = Valeurs(
            champs={
                "titre": lue.titre[:500],
                "collectivite": one_line(text(COLLECTIVITE), 300),
                "departement_id": departement,
                "description": text(DESCRIPTION),
                "objectifs": text(OBJECTIFS),
                "montant_source": one_line(text(MONTANT), 300),
                "montant_eur": montant.eur,
            },
            personnes=person(Contact.Role.REFERENT, text(REFERENT)),
            fichiers=text(FICHIER).splitlines(),
        )
        if montant.douteux:
            valeurs.anomalies.append(("montant_a_verifier", MONTANT, text(MONTANT)))
        if text(DEPARTEMENT) and departement is None:
            valeurs.anomalies.append(("departement_inconnu", DEPARTEMENT, text(DEPARTEMENT)))
        valeurs.anomalies += [("fichier_manquant", FICHIER, nom) for nom in valeurs.fichiers]
        valeurs.anomalies += [
            ("non_attribuee", c.label, c.texte) for c in lue.champs.values() if c.texte and c.label not in LUS
        ]
        return valeurs

    def complete(self, fiche, valeurs):
        fiche.locate(self.places)

    def attach(self, fiche, valeurs):
        for nom in valeurs.fichiers:
            Annexe.objects.get_or_create(projet=fiche, nom_origine=nom[:300])

    def link(self, fiches):
        anomalies = []
        for fiche in fiches:
            if split_version(fiche.titre)[1] > 1 and not link_version(fiche):
                anomalies.append((fiche, "version_probable", fiche.titre))
        return anomalies


def one_line(text: str, length: int) -> str:
    """`text` on one line, cut to what its column holds."""
    return " ".join(text.split())[:length]


registre.add_formulaire(
    Formulaire(
        cle="projet",
        labels=(
            "Nom de la collectivité",
            "Département",
            "Référent du projet",
            "Description synthétique du projet",
            "Objectifs",
            "Montant du financement France Relance",
            "Annexe financière Chorus",
        ),
        rubriques=(
            "1.IDENTIFICATION",
            "La collectivité",
            "2.DESCRIPTION DU PROJET",
            "3.SUIVI DU PROJET",
            "4.ENGAGEMENTS DANS LE CADRE DE LA CONVENTION DE FINANCEMENT FRANCE RELANCE",
            "5.ANNEXES",
        ),
        ordre=(
            "1.IDENTIFICATION",
            "La collectivité",
            "Nom de la collectivité",
            "Département",
            "Référent du projet",
            "2.DESCRIPTION DU PROJET",
            "Description synthétique du projet",
            "Objectifs",
            "Montant du financement France Relance",
            "3.SUIVI DU PROJET",
            "4.ENGAGEMENTS DANS LE CADRE DE LA CONVENTION DE FINANCEMENT FRANCE RELANCE",
            "5.ANNEXES",
            "Annexe financière Chorus",
        ),
        complet=True,
        choix=("Département",),
        noms=("Nom de la collectivité", "Référent du projet"),
        lignes=("Nom de la collectivité", "Référent du projet", "Montant du financement France Relance"),
        fichiers=("Annexe financière Chorus",),
    ),
    reprise=ProjetReprise,
)
