"""What the desk list shows beside the fields of a registration."""

from django.contrib.contenttypes.models import ContentType

from participants.inscriptions import courriels
from participants.inscriptions.models import Inscription
from socle.courrier.mailboxes import comparable
from socle.courrier.models import Courriel
from socle.francais.wording import pluriel

S = Inscription.Statut


def to_announce(evenement) -> int:
    """How many people still expect a former date or place."""
    if evenement.is_passe or evenement.is_annule or evenement.sequence <= evenement.sequence_annoncee:
        return 0
    return evenement.inscriptions.expected().count()


def out_of_reach(rows) -> list[Inscription]:
    return [row for row in rows.order_by("plie", "pk") if not courriels.can_reach(row)]


def told_otherwise(rows) -> str:
    """A sentence about those whom no mail reaches, or ""."""
    count = len(out_of_reach(rows))
    told = pluriel(count, "personne n’a pas d’adresse", "personnes n’ont pas d’adresse")
    return f" {told} : à joindre autrement, la page des inscriptions dit qui." if count else ""


def add_mails(evenement, rows) -> None:
    """Gives each row its last mail, its rank in the list, and whether a new link can be sent."""
    if not rows:
        return
    kind = ContentType.objects.get_for_model(Inscription)
    mails = Courriel.objects.filter(sujet_type=kind, sujet_id__in=[row.pk for row in rows])
    last = {mail.sujet_id: mail for mail in mails.defer("texte", "html").order_by("cree_le", "pk")}
    waiting = evenement.inscriptions.waiting().values_list("pk", flat=True)
    ranks = {pk: rank for rank, pk in enumerate(waiting, 1)}
    for row in rows:
        row.dernier, row.place, row.renvoyable = last.get(row.pk), ranks.get(row.pk), courriels.has_link(row)


def add_neighbours(rows) -> None:
    """Sets `voisine` on living rows whose addresses differ only after a « + »: perhaps one person."""
    seen: dict[str, list] = {}
    for row in rows:
        if row.is_vivante and row.courriel:
            seen.setdefault(comparable(row.courriel_cle), []).append(row)
    for same in seen.values():
        for row in same:
            row.voisine = len(same) > 1


def add_decisions(evenement, rows) -> None:
    """Gives each row its buttons (`gestes`), the ways to end it (`fins`), and whether somebody may tick it.

    Both are [(key in Bureau, words)]. `add_mails` comes first.
    """
    is_on = not evenement.is_annule
    for row in rows:
        doubtful, seated = row.statut == S.A_VERIFIER, row.statut == S.INSCRITE
        row.is_cochable = evenement.jour_venu and is_on and seated
        row.gestes = [("admettre", "Accepter")] if doubtful and is_on else []
        row.gestes += [("renvoyer", "Renvoyer le lien")] if row.renvoyable and not doubtful else []
        row.fins = [("refuser", "Refuser…")] if doubtful or (is_on and not seated) else []
        row.fins += [] if doubtful else [("annuler", "Annuler l’inscription…")]
