"""Decides who gets a message, and when it waits for the team instead."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from fiches.attached import Contact
from participants.contacter import courriels, notices
from participants.contacter.models import Message
from socle.annuaire.models import Entree, inscrire_fiches
from socle.courrier.mailboxes import AdresseInvalide, comparable, normalise, team_mailbox
from socle.courrier.refus import TropTard
from socle.formulaires import protection
from socle.journal.writing import lot
from socle.vie_privee import consentement
from socle.vie_privee.mentions import find

# Only persons of the first of these roles that mail can reach get a message: nobody else needs it. The words name one
# or several of them on a page that may not tell their functions.
ORDRE = {
    Contact.Role.REFERENT: ("la personne référente de cette fiche", "les personnes référentes de cette fiche"),
    Contact.Role.CONTACT: ("la personne contact de cette fiche", "les personnes contacts de cette fiche"),
    Contact.Role.AUTEUR: ("la personne qui a écrit cette fiche", "les personnes qui ont écrit cette fiche"),
    Contact.Role.DEPOSANT: ("la personne qui a déposé cette fiche", "les personnes qui ont déposé cette fiche"),
}
HATE = timedelta(minutes=10)  # an equal answer within this time was sent twice by mistake
BOITE = 20  # messages from the form to one mailbox in a day

Destinataires = list[tuple[str, Contact | None]]  # [(address, contact)]; None for the team

REFUS = "sans-message"  # the gesture that a restored copy repeats
SANS_ADRESSE = "aucune adresse où le transmettre : l’équipe n’en a pas (réglage CONTACT_EMAIL)"


def recipients(entree: Entree | None) -> Destinataires:
    """The persons of a public record, otherwise the team, if it has an address. Each mailbox once."""
    return (entree and _persons(entree)) or _team()


def _of(message: Message) -> Destinataires:
    """The recipients: only the team if the author agreed to no more, even if persons were added since."""
    return _team() if message.consentement_texte == notices.EQUIPE else recipients(message.entree_publique)


def readers(entree: Entree) -> list[str]:
    """How a page names the persons who read messages about a public record; [] if the team does. Two queries at most.

    By a function, or by the role: if the person has not agreed to be shown (a function in one place may tell who it
    is), or if the function contains a name or an address.
    """
    found, private = [], []
    for _, contact in _persons(entree):
        fonction = contact.fonction.strip()
        hidden = not (contact.accord and fonction) or find(fonction, contacts=[contact.nom])
        (private if hidden else found).append(contact.role if hidden else fonction)
    if private:  # all have the same role
        found.append(ORDRE[private[0]][len(private) > 1])
    return list(dict.fromkeys(found))


def _persons(entree: Entree) -> Destinataires:
    contacts = list(Contact.objects.filter(entree=entree).exclude(courriel="").order_by("pk"))
    if not contacts:
        return []
    # Persons who refused messages get none, in whatever record their address is.
    refused = {comparable(one) for one in Contact.objects.filter(sans_message=True).values_list("courriel", flat=True)}
    found: dict[str, dict] = {}
    for contact in contacts:
        try:
            adresse = normalise(contact.courriel)
        except AdresseInvalide:  # kept as it was typed
            continue
        if comparable(adresse) not in refused:
            found.setdefault(contact.role, {}).setdefault(comparable(adresse), (adresse, contact))
    return next((list(found[role].values()) for role in ORDRE if role in found), [])


def refuse(contact: Contact, moment: datetime) -> bool:
    """Stops messages to a contact. Returns whether the contact still got some."""
    with lot():
        refused = bool(Contact.objects.filter(pk=contact.pk, sans_message=False).update(sans_message=True))
        if refused:
            inscrire_fiches([contact.entree_id])
    return refused


def _team() -> Destinataires:
    adresse = team_mailbox()
    return [(adresse, None)] if adresse else []


@transaction.atomic
def receive(*, entree_id: int | None, nom: str, courriel: str, texte: str, doute: str) -> Message:
    """Keeps a message. Passes it on at once, unless there is a doubt about it or too many come to one mailbox."""
    message = Message(entree_id=entree_id, nom=nom, courriel=courriel, texte=texte)
    persons = any(contact for _, contact in recipients(message.entree_publique))
    for name, value in consentement.preuve(notices.USAGE, notices.version(persons)).items():
        setattr(message, name, value)
    message.save()
    message.doute = doute or _flood(message)
    if message.doute or not forward(message):
        message.doute = message.doute or SANS_ADRESSE
        message.save(update_fields=["doute"])
    return message


def _flood(message: Message) -> str:
    counts = [protection.count("contacter, boîte", comparable(adresse)) for adresse, _ in _of(message)]
    return "beaucoup de messages à la même personne aujourd’hui" if max(counts, default=0) > BOITE else ""


@transaction.atomic
def forward(message: Message) -> int:
    """Mails the message once. Returns how many mails leave: 0 if it was sent, or reaches nobody."""
    row = message.locked()
    if row.etat == Message.Etat.TRANSMIS:
        return 0
    entree, found = row.entree_publique, _of(row)
    for adresse, contact in found:
        courriels.relay(row, entree, adresse, contact)
    if found:
        row.etat, row.transmis_le = Message.Etat.TRANSMIS, timezone.now()
        row.save(update_fields=["etat", "transmis_le"])
    return len(found)


def reachable(message: Message) -> bool:
    return bool(_of(message))


def settle(message: Message, etat: Message.Etat) -> bool:
    """Sets a state without a mail: the team has dealt with it, or puts it aside. Returns whether it still waited."""
    return bool(Message.objects.filter(pk=message.pk, etat=Message.Etat.A_VERIFIER).update(etat=etat))


@transaction.atomic
def answer(message: Message, texte: str, *, par, deja: int | None = None) -> bool:
    """Mails an answer from the team's mailbox, which must exist. False if the same was just sent.

    A message that waited, or was put aside, then counts as dealt with. TropTard if the number of answers is not `deja`.
    """
    row = message.locked()
    if row.reponses.filter(texte=texte, le__gt=timezone.now() - HATE).exists():
        return False
    if deja not in (None, row.reponses.count()):
        raise TropTard("Quelqu’un a répondu entre-temps. Rien n’est parti : lisez sa réponse, puis envoyez la vôtre.")
    envoi = courriels.answer(row, row.entree_publique, texte, repondre_a=team_mailbox())
    row.reponses.create(texte=texte, par=par, envoi=envoi)
    if row.etat != Message.Etat.TRANSMIS:
        row.etat = Message.Etat.TRAITE
        row.save(update_fields=["etat"])
    return True
