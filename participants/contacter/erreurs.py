"""Reported errors, from the report to the answer; votes on pages."""

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from participants.contacter import courriels
from participants.contacter.models import OUVERTS, AvisDuMois, Signalement
from socle.francais.wording import INSECABLE, entier

Etat = Signalement.Etat
# The answer, if the staff write none.
REPONSES = {
    Etat.CORRIGE: "Merci de nous l’avoir signalé : nous avons corrigé la fiche.",
    Etat.SANS_SUITE: "Merci de nous l’avoir signalé. Nous avons vérifié : nous laissons la fiche comme elle est.",
}


@transaction.atomic
def receive(*, entree_id: int, partie: str, texte: str, courriel: str, doute: str) -> Signalement:
    """Says by mail that the report has come, if it has an address and no doubt.

    Anybody may have typed the address, so the mail repeats nothing.
    """
    said = {"partie": partie, "texte": texte, "courriel": courriel, "doute": doute}
    row = Signalement.objects.create(entree_id=entree_id, **said)
    if not doute:
        courriels.report_received(row)
    return row


@transaction.atomic
def settle(signalement: Signalement, etat: Etat, mots: str = "", *, tous=False) -> list[Signalement]:
    """Sets the state of a report, with `tous` of all open ones on its record; returns those that changed.

    A closed one with an address is answered, with `mots` or the words of REPONSES.
    """
    rows = Signalement.objects.select_for_update().filter(etat__in=OUVERTS).exclude(etat=etat)
    rows = rows.filter(entree=signalement.entree_id) if tous else rows.filter(pk=signalement.pk)
    changed = list(rows.select_related("entree").order_by("pk"))
    for row in changed:
        row.etat = etat
        if etat not in OUVERTS:
            texte = mots.strip() or REPONSES[etat]
            row.clos_le, row.reponse = timezone.now(), texte if courriels.answer_report(row, texte) else ""
        row.save(update_fields=["etat", "clos_le", "reponse"])
    return changed


def count(entree_id: int, *, oui: bool) -> None:
    """Counts one more visitor of this month whom the page served (`oui`) or not."""
    mois = timezone.localdate().replace(day=1)
    row, _ = AvisDuMois.objects.get_or_create(entree_id=entree_id, mois=mois)
    name = "oui" if oui else "non"
    AvisDuMois.objects.filter(pk=row.pk).update(**{name: F(name) + 1})


def of_the_year(entree_id: int) -> str:
    """« 12 oui, 3 non cette année », or ""."""
    rows = AvisDuMois.objects.filter(entree=entree_id, mois__year=timezone.localdate().year)
    found = rows.aggregate(oui=Sum("oui", default=0), non=Sum("non", default=0))
    said = [f"{entier(number)}{INSECABLE}{avis}" for avis, number in found.items()]
    return f"{', '.join(said)} cette année" if any(found.values()) else ""
