"""The run of alerts: each due one is looked at in a transaction of its own, which puts its mail into the outbox.

The mail is written when it leaves (`courriels.write_news`). A run may be killed anywhere: what was committed is told,
the rest is still due. Two at once tell each thing once: each locks the alert, then looks whether it is due.
"""

import logging
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction

from participants.alertes import courriels
from participants.alertes.followed_lists import ListeSuivie
from participants.alertes.models import Alerte

logger = logging.getLogger(__name__)


@dataclass
class BilanDAlertes:
    regardees: int = 0
    courriels: int = 0
    suspendues: int = 0
    echecs: int = 0


def run() -> BilanDAlertes:
    """A list with several alerts is read once; an alert that fails stays due, others go on."""
    bilan = BilanDAlertes()
    due = Alerte.objects.due().order_by("type", "criteres", "pk")
    due = due.values_list("type", "criteres", "pk", "vu", "confirmee_le")
    for asked, rows in groupby(list(due), key=lambda row: row[:2]):
        rows = [row[2:] for row in rows]
        try:
            liste = ListeSuivie.whole(*asked)
        except Exception:
            logger.exception("Alertes : la liste « %s » ne peut pas être lue.", asked[0])
            bilan.echecs += len(rows)
            continue
        for pk, vu, since in rows:
            try:
                if liste:
                    liste.news(vu, since)  # read and kept before the transaction, like the list
                _look(pk, liste, bilan)
            except Exception:
                logger.exception("Alerte n° %s : elle ne peut pas être envoyée.", pk)
                bilan.echecs += 1
    return bilan


def _look(pk: int, liste: ListeSuivie | None, bilan: BilanDAlertes) -> None:
    with transaction.atomic():
        # PostgreSQL skips rows that another run has locked; SQLite allows one writer at a time.
        row = Alerte.objects.due().select_for_update(skip_locked=True).filter(pk=pk).first()
        if row is None:
            return
        told = _suspend(row) if liste is None else _tell(row, liste)
    bilan.regardees += 1
    bilan.suspendues += liste is None
    bilan.courriels += told


def _suspend(row: Alerte) -> bool:
    row.etat = Alerte.Etat.SUSPENDUE
    row.save(update_fields=["etat"])
    courriels.suspended(row)
    return True


def _tell(row: Alerte, liste: ListeSuivie) -> bool:
    new, completed = liste.news(row.vu, row.confirmee_le), liste.completed(row.awaited)
    told = bool(new or completed)
    if told:
        row.numero += 1
        courriels.news(row, new, completed)
    row.learn(liste.numero, liste.came(row.vu), liste.all, liste.lacking)
    row.save(update_fields=["numero", "vu", "inachevees", "periode"])
    return told
