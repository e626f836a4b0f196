"""Surveys: the labels of the old form, in its order, and how its fields become ours."""

from fiches.attached import Contact
from fiches.choice_lists import Choix
from fiches.enquetes.models import Enquete
from fiches.textes import as_text
from reprise import formulaires
from reprise.fields import Formulaire, Libelle

LATITUDE, LONGITUDE = "Latitude", "Longitude"
# The last questions, a text each, in the order of the model.
QUESTIONS = (
    "Qu'est ce qui a été indemnisé ? (Déplacements, garde d'enfants, temps passé, repas...)",
    "Qui sont les personnes qui ont été indemnisées ?",
    "Quelle forme a pris l'indemnité / la valorisation ?",
    "Avez vous utilisé un barème, et comment a-t-il été utilisé par les personnes concernées ?",
    "Quel est le délai pour indemniser les personnes ? Avec quels montants (indemnité par personne...)?",
    (
        "Quels arguments ont été utilisés pour convaincre de l'intérêt d'une indemnisation/valorisation ? "
        "(auprès des élus, de la direction, des financeurs...)"
    ),
    (
        "Le processus mis en place : avez-vous eu besoin de créer des outils spécifiques, de mobiliser des partenaires "
        "spécifiques, de mobiliser des fonds spécifiques... ?"
    ),
    "Quels freins ont été rencontrés ?",
    (
        "Quels leviers pensez-vous que votre structure pourrait mettre en place pour faciliter encore plus "
        "l'indemnisation / la valorisation de la participation ?"
    ),
    "Quelles suggestions auriez-vous à faire si elle devait être reproduite ailleurs, afin de l'améliorer ?",
    "Evaluez-vous, et si oui comment, la satisfaction des personnes participantes ?",
)


@formulaires.add
class EnqueteReprise(Formulaire):
    cle = "enquete"
    model = Enquete
    titres = 3
    libelles = {
        "Nom de la structure concernée par la démarche": Libelle("structure", "ligne"),
        "Adresse de la structure (pour alimenter la carte ci-dessous)": Libelle("adresse", "ligne"),
        (
            "Qui est à l'origine, à l'initiative de la démarche ? "
            "(Elu.e, agent d'un service, obligation réglementaire...)"
        ): Libelle("origine_demarche"),
        "Nom du référent ou de la référente": Libelle(genre="ligne", personne=(Contact.Role.REFERENT, "nom")),
        "Fonction du ou de la référent.e du projet": Libelle(
            genre="ligne", personne=(Contact.Role.REFERENT, "fonction")
        ),
        "Courriel / Mail de contact": Libelle(genre="courriel", personne=(Contact.Role.REFERENT, "courriel")),
        "Acteurs concernés par la démarche": Libelle("acteurs"),
        "Origine et contexte de la démarche": Libelle("contexte"),
        "Mode de reconnaissance de la participation": Libelle(
            "modes_reconnaissance", "listes", Choix.Liste.RECONNAISSANCE
        ),
        "Type d'organisation concernée": Libelle("types_organisation", "listes", Choix.Liste.TYPE_ORGANISATION),
        "Échelle territoriale de l'action": Libelle("echelle", "choix", Choix.Liste.ECHELLE),
        "Niveau de participation visé, en terme d'implication dans la décision publique": Libelle(
            "niveau", "choix", Choix.Liste.PARTICIPATION
        ),
        **{label: Libelle(champ) for label, champ in zip(QUESTIONS, Enquete.textes[3:], strict=True)},
        LATITUDE: Libelle(autres=("latitude", "longitude"), cle="bf_latitude"),
        LONGITUDE: Libelle(autres=("latitude", "longitude"), cle="bf_longitude"),
    }

    def read_more(self, lue, said, valeurs):
        texts = [said.get(LATITUDE, ""), said.get(LONGITUDE, "")]
        position = read_position(*texts)
        if position:
            valeurs.champs["latitude"], valeurs.champs["longitude"] = position
        elif any(texts):
            valeurs.anomalies.append(("non_attribuee", LATITUDE, ", ".join(texts)))

    def reconcile(self, fiche, base, valeurs):
        """The position of a commune is not an edit: the position in the old site's data replaces it."""
        super().reconcile(fiche, base, valeurs)
        if fiche.position_approchee and "latitude" not in base:
            base |= {name: as_text(getattr(fiche, name)) for name in ("latitude", "longitude")}


def read_position(latitude: str, longitude: str) -> tuple[float, float] | None:
    """A position on Earth, in degrees; None if these texts give none."""
    try:
        found = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
    except ValueError:
        return None
    return found if abs(found[0]) <= 90 and abs(found[1]) <= 180 else None
