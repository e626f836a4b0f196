"""What of the visitors' messages and reports waits for the team."""

from django.urls import reverse

from participants.contacter.courriels import subject
from participants.contacter.models import OUVERTS, Message, Signalement
from socle.comptes.travaux import SorteDeTravail
from socle.francais.mots import jour_en_lettres
from socle.francais.typographie import titre


def reports(user):
    return Signalement.objects.filter(etat__in=OUVERTS).select_related("entree").order_by("recu_le", "pk")


def messages(user):
    """Those that went to nobody: the others are in the mailbox of whoever they are for."""
    return Message.objects.filter(etat=Message.Etat.A_VERIFIER).select_related("entree").order_by("recu_le", "pk")


def named_report(row: Signalement) -> str:
    entree = subject(row)
    where = f"« {titre(entree.titre)} »" if entree else "une fiche qui n’est plus publiée"
    return f"Erreur signalée dans {where}, le {jour_en_lettres(row.recu_le)}"


def named_message(row: Message) -> str:
    entree = subject(row)
    if entree:
        about = f"au sujet de « {titre(entree.titre)} »"
    else:
        about = "au sujet d’une fiche qui n’est plus publiée" if row.entree_id else "à l’équipe"
    return f"Message {about}, reçu le {jour_en_lettres(row.recu_le)}"


SIGNALEMENTS = SorteDeTravail(
    cle="signalements",
    ordre=20,
    titre="erreurs signalées dans les fiches",
    un="signalement",
    plusieurs="signalements",
    droit="contacter.change_signalement",
    lignes=reports,
    nomme=named_report,
    page=lambda row: reverse("admin:contacter_signalement_change", args=[row.pk]),
    liste=lambda: f"{reverse('admin:contacter_signalement_changelist')}?suite=ouverte",
)
MESSAGES = SorteDeTravail(
    cle="messages",
    ordre=30,
    titre="messages qui attendent d’être lus",
    un="message à vérifier",
    plusieurs="messages à vérifier",
    droit="contacter.change_message",
    lignes=messages,
    nomme=named_message,
    page=lambda row: reverse("admin:contacter_message_change", args=[row.pk]),
    liste=lambda: f"{reverse('admin:contacter_message_changelist')}?suite=ouverte",
)
