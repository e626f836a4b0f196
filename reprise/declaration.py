"""What the takeover keeps of persons, for the registry of personal data, and who may do what with its rows."""

from django.apps import apps

from fiches.attached import Contact
from fiches.models import Fiche
from reprise.desk import SuiviDeReprise
from reprise.middleware import rewrite
from reprise.models import PERSONNES, Origine
from reprise.persons import was_told
from socle.comptes import roles
from socle.comptes.roles import EFFACER, GERER, RAPPELER, RIEN, VOIR, Droits
from socle.rooms import Room
from socle.vie_privee.models import TexteIntegral


def _comes_from_the_old_site(contact: Contact) -> bool:
    """Whether the old site named this person exactly so."""
    origine = Origine.objects.filter(entree=contact.entree_id).first()
    return origine is not None and was_told(contact, origine.valeurs.get(PERSONNES, ()))


def _was_written_there(texte: TexteIntegral) -> bool:
    """Whether the text belongs to a record of the old site: then it is as old as that record."""
    try:
        if not issubclass(apps.get_model(texte.modele), Fiche):
            return False
    except LookupError:  # a record of a type that left the site: its origin stays
        pass
    return texte.cle.isdecimal() and Origine.objects.filter(entree=texte.cle).exists()


ROOM = Room(
    sans_personne={
        **dict.fromkeys(
            ("reprise.Origine", "reprise.Ecartee", "reprise.Anomalie"),
            "texte d’une fiche de l’ancien site ; des personnes, une empreinte",
        ),
        "reprise.Reprise": "nom de la source et compte de ce qui a été repris",
        "reprise.AncienIdentifiant": "texte d’une fiche, public une fois publié",
        "reprise.AncienFormulaire": "liste tenue par l’équipe",
    },
    origines={
        "annuaire.Entree": lambda entree: Origine.objects.filter(entree=entree.pk).exists(),
        "fiches.Contact": _comes_from_the_old_site,
        "vie_privee.TexteIntegral": _was_written_there,
        **dict.fromkeys(("reprise.Ecartee", "reprise.Anomalie"), lambda row: True),
    },
    rattaches={
        "inscriptions": ("reprise.AnomalieInscription", ("champ", "texte", "valeurs", "empreinte")),
        "explorations": ("reprise.AnomalieExploration", ("champ", "texte", "valeurs", "empreinte")),
    },
    droits={
        "reprise.ancienidentifiant": Droits(RIEN, GERER, GERER),
        "reprise.anomalie": roles.A_REGLER,
        "reprise.ecartee": Droits(RIEN, RAPPELER, RAPPELER),
        "reprise.anomalieinscription": Droits(RIEN, EFFACER, EFFACER),
        "reprise.anomalieexploration": Droits(RIEN, EFFACER, EFFACER),
        "reprise.reprise": Droits(RIEN, RIEN, VOIR),
    },
    reecrit=rewrite,
    ajouts=(SuiviDeReprise(),),
)
