"""Surveys of the old site: the labels of their form, in its order, and how its fields become ours."""

from fiches.attached import Contact
from fiches.enquetes.models import Enquete
from fiches.lists import Choix
from fiches.textes import as_text
from reprise import formulaires
from reprise.fields import RepriseFiche
from reprise.formulaires import Formulaire

LABELS = (
    "Nom de la structure concernée par la démarche",
    "Adresse de la structure (pour alimenter la carte ci-dessous)",
    "Qui est à l'origine, à l'initiative de la démarche ? (Elu.e, agent d'un service, obligation réglementaire...)",
    "Nom du référent ou de la référente",
    "Fonction du ou de la référent.e du projet",
    "Courriel / Mail de contact",
    "Acteurs concernés par la démarche",
    "Origine et contexte de la démarche",
    "Mode de reconnaissance de la participation",
    "Type d'organisation concernée",
    "Échelle territoriale de l'action",
    "Niveau de participation visé, en terme d'implication dans la décision publique",
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
LATITUDE, LONGITUDE = "Latitude", "Longitude"
STRUCTURE, ADRESSE, ORIGINE, NOM, FONCTION, COURRIEL, ACTEURS, CONTEXTE, MODES, TYPES, ECHELLE, NIVEAU = LABELS[:12]


class EnqueteReprise(RepriseFiche):
    model = Enquete
    lignes = {STRUCTURE: "structure", ADRESSE: "adresse"}
    textes = {ORIGINE: "origine_demarche", ACTEURS: "acteurs", CONTEXTE: "contexte"} | dict(
        zip(LABELS[12:], Enquete.textes[3:], strict=True)
    )
    choix = {ECHELLE: ("echelle", Choix.Liste.ECHELLE), NIVEAU: ("niveau", Choix.Liste.PARTICIPATION)}
    listes = {
        MODES: ("modes_reconnaissance", Choix.Liste.RECONNAISSANCE),
        TYPES: ("types_organisation", Choix.Liste.TYPE_ORGANISATION),
    }
    autres = dict.fromkeys((LATITUDE, LONGITUDE), ("latitude", "longitude"))
    personnes = {
        NOM: (Contact.Role.REFERENT, "nom"),
        FONCTION: (Contact.Role.REFERENT, "fonction"),
        COURRIEL: (Contact.Role.REFERENT, "courriel"),
    }

    def read_more(self, lue, said, valeurs, claimed):
        claimed |= {LATITUDE, LONGITUDE}
        texts = [said.get(LATITUDE, ""), said.get(LONGITUDE, "")]
        position = read_position(*texts)
        if position:
            valeurs.champs["latitude"], valeurs.champs["longitude"] = position
        elif any(texts):
            valeurs.anomalies.append(("non_attribuee", LATITUDE, ", ".join(texts)))

    def reconcile(self, fiche, base, valeurs):
        """The position of a commune is no edit: the one that the old site's data tells takes its place."""
        super().reconcile(fiche, base, valeurs)
        if fiche.position_approchee and "latitude" not in base:
            base |= {name: as_text(getattr(fiche, name)) for name in ("latitude", "longitude")}


def read_position(latitude: str, longitude: str) -> tuple[float, float] | None:
    """A position on Earth, in degrees; None if these texts tell none."""
    try:
        found = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
    except ValueError:
        return None
    return found if abs(found[0]) <= 90 and abs(found[1]) <= 180 else None


formulaires.add(
    Formulaire(
        cle="enquete",
        sequence=LABELS,
        titres=3,
        lignes=(STRUCTURE, ADRESSE, NOM, FONCTION),
        courriels=(COURRIEL,),
        cles=(("bf_latitude", LATITUDE), ("bf_longitude", LONGITUDE)),
    ),
    reprise=EnqueteReprise,
)
