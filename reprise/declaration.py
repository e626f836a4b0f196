"""What the takeover keeps of persons, for the registry of personal data, and who may do what with its rows."""

from django.apps import apps

from fiches.attached import Contact
from fiches.models import Fiche
from reprise.models import PERSONNES, Origine
from reprise.persons import was_told
from socle.comptes import roles
from socle.comptes.roles import EFFACER, GERER, RAPPELER, RIEN, VOIR, Droits
from socle.vie_privee import registre
from socle.vie_privee.models import TexteIntegral


def _comes_from_the_old_site(contact: Contact) -> bool:
    """Whether the old site named this person, as they stand."""
    origine = Origine.objects.filter(entree=contact.entree_id).first()
    return origine is not None and was_told(contact, origine.valeurs.get(PERSONNES, ()))


def _was_written_there(texte: TexteIntegral) -> bool:
    """Whether it is a text of a record of the old site: what it brought is as old as that."""
    if not issubclass(apps.get_model(texte.modele), Fiche):
        return False
    return Origine.objects.filter(entree=texte.cle).exists()


registre.declare_origine("annuaire.Entree", lambda entree: Origine.objects.filter(entree=entree.pk).exists())
registre.declare_origine("fiches.Contact", _comes_from_the_old_site)
registre.declare_origine("vie_privee.TexteIntegral", _was_written_there)
for modele in ("reprise.Ecartee", "reprise.Anomalie"):
    registre.declare_origine(modele, lambda row: True)
for modele in ("reprise.Origine", "reprise.Ecartee", "reprise.Anomalie"):
    registre.sans_personne(modele, raison="texte d’une fiche de l’ancien site ; des personnes, une empreinte")
registre.sans_personne("reprise.Reprise", raison="nom de la source et compte de ce qui a été repris")
registre.sans_personne("reprise.AncienIdentifiant", raison="texte d’une fiche, public une fois publié")
registre.sans_personne("reprise.AncienFormulaire", raison="liste tenue par l’équipe")
registre.attach("inscriptions", "reprise.AnomalieInscription", "champ", "texte", "valeurs", "empreinte")
registre.attach("explorations", "reprise.AnomalieExploration", "champ", "texte", "valeurs", "empreinte")

roles.allow(Droits(RIEN, GERER, GERER), "reprise.ancienidentifiant")
roles.allow(roles.A_REGLER, "reprise.anomalie")
roles.allow(Droits(RIEN, RAPPELER, RAPPELER), "reprise.ecartee")
roles.allow(Droits(RIEN, EFFACER, EFFACER), "reprise.anomalieinscription", "reprise.anomalieexploration")
roles.allow(Droits(RIEN, RIEN, VOIR), "reprise.reprise")
