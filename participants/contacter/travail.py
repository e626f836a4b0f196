"""Kinds of work: open reports, waiting messages."""

from participants.contacter.models import OUVERTS, Message, Signalement
from socle.comptes.travaux import of_list
from socle.francais.typographie import titre
from socle.francais.wording import jour_en_lettres


def reports(user):
    return Signalement.objects.filter(etat__in=OUVERTS).select_related("entree").order_by("recu_le", "pk")


def messages(user):
    """The messages sent to nobody; others are in the mailbox of their recipient."""
    return Message.objects.filter(etat=Message.Etat.A_VERIFIER).select_related("entree").order_by("recu_le", "pk")


def named_report(row: Signalement) -> str:
    entree = row.entree_publique
    where = f"« {titre(entree.titre)} »" if entree else "une fiche qui n’est plus publiée"
    return f"Erreur signalée dans {where}, le {jour_en_lettres(row.recu_le)}"


def named_message(row: Message) -> str:
    entree = row.entree_publique
    if entree:
        about = f"au sujet de « {titre(entree.titre)} »"
    else:
        about = "au sujet d’une fiche qui n’est plus publiée" if row.entree_id else "à l’équipe"
    return f"Message {about}, reçu le {jour_en_lettres(row.recu_le)}"


SIGNALEMENTS = of_list(
    Signalement,
    cle="signalements",
    ordre=20,
    titre="erreurs signalées dans les fiches",
    un="signalement",
    plusieurs="signalements",
    lignes=reports,
    nomme=named_report,
)
MESSAGES = of_list(
    Message,
    cle="messages",
    ordre=30,
    titre="messages qui attendent d’être lus",
    un="message à vérifier",
    plusieurs="messages à vérifier",
    lignes=messages,
    nomme=named_message,
)
