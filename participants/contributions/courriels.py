"""The mails of proposals. Each is a row of the outbox, written in the transaction it tells of."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from fiches.models import Fiche
from fiches.suivi.models import Fusion
from participants.contributions import subject
from participants.contributions.models import Contribution, FicheEnCours
from socle.annuaire.models import Statut
from socle.courrier import liens
from socle.courrier.outbox import write_to

# Each kind of link has one purpose. A mail to confirm shows nothing that was typed, as its address may belong to
# somebody else; it may name the public record.
CONFIRMER, SUIVRE, REPRENDRE = "contribution-confirmer", "contribution", "contribution-reprendre"
ROUTES = {CONFIRMER: "contributions:confirmer", SUIVRE: "contributions:suivi"}
SUITE = "contributions:suite"  # for a record that is not sent yet
DUREE = timedelta(days=365)  # for links to a proposal, while it is open
APRES = timedelta(days=30)  # for links to a closed proposal
ANNONCEES = "annoncees"  # key in Fusion.deplaces: {key of a proposal: its `annoncee_le` before the merge}


def to_confirm(row: Contribution) -> bool:
    duree = timedelta(days=settings.CONSERVATION["contributions_non_confirmees"])  # as long as the proposal is kept
    return _send(row, "contributions/a-confirmer", "Confirmez votre proposition", usage=CONFIRMER, duree=duree)


def received(row: Contribution) -> bool:
    return _send(row, "contributions/recue", "Votre proposition est arrivée")


def asked(row: Contribution, texte: str) -> bool:
    return _send(row, "contributions/question", "Une question sur votre proposition", texte=texte)


def decided(row: Contribution, lignes: list, texte: str) -> bool:
    """Tells what was decided for which field."""
    lignes = [ligne for ligne in lignes if ligne.devenir]
    refused = row.etat == Contribution.Etat.REFUSEE
    became = "n’est pas retenue" if refused else f"est {row.get_etat_display()}"
    objet = " : ".join(filter(None, (f"Votre proposition {became}", subject.title(row))))
    return _send(
        row, "contributions/decidee", objet, duree=APRES, texte=texte, lignes=lignes, fichiers=row.fichiers.all()
    )


def published(row: Contribution) -> bool:
    return _send(row, "contributions/publiee", "Votre fiche est publiée", duree=APRES)


def on_saved(sender, fiche: Fiche, before: Fiche | None, **kwargs) -> None:
    """Tells the author of a new record that it is now public. Handler of `fiche_enregistree`."""
    if (before and before.is_publiee) or not fiche.is_publiee:
        return
    waiting = Contribution.objects.select_for_update().filter(entree=fiche.pk, annoncee_le=None)
    for row in waiting.filter(nature=Contribution.Nature.FICHE):
        _announced(row, timezone.now())
        published(row)


def on_merged(sender, fusion: Fusion, kept: Fiche, **kwargs) -> None:
    """Tells the author of a new record that it was merged into another. Handler of `fiches_fusionnees`.

    If that one is not public yet, its publication will be told.
    """
    rows = list(_moved(fusion))
    # former dates, to undo the merge
    fusion.deplaces[ANNONCEES] = {row.pk: row.annoncee_le.isoformat() for row in rows if row.annoncee_le}
    for row in rows:
        _announced(row, timezone.now() if kept.is_publiee else None)
        _send(row, "contributions/reprise", "Votre fiche est reprise dans une autre", duree=APRES)


def on_parted(sender, fusion: Fusion, **kwargs) -> None:
    """Tells the author of a new record that its merge was undone. Handler of `fusion_defaite`.

    Not of records merged into the lost one before, as they still are.
    """
    public, mine = fusion.statut == Statut.PUBLIEE, subject.made(fusion)
    before = fusion.deplaces.get(ANNONCEES, {})
    for row in _moved(fusion):
        told = parse_datetime(before.get(str(row.pk), ""))
        _announced(row, told or (timezone.now() if public else None))
        if row.pk in mine:
            to_come = told is None and fusion.statut != Statut.RETIREE
            how = {"publiee": public, "a_venir": to_come}
            _send(row, "contributions/separee", "Votre fiche est de nouveau à part", duree=APRES, **how)


def _moved(fusion: Fusion) -> QuerySet[Contribution]:
    """The proposals of new records that it moved."""
    rows = Contribution.objects.select_for_update()
    return rows.filter(pk__in=subject.moved(fusion), nature=Contribution.Nature.FICHE)


def _announced(row: Contribution, moment: datetime | None) -> None:
    row.annoncee_le = moment
    row.save(update_fields=["annoncee_le"])


def token(row: Contribution) -> str:
    """A token that opens the page of a proposal."""
    return liens.issue(SUIVRE, row, duree=DUREE if row.close_le is None else APRES)


def token_of_unfinished(row: FicheEnCours) -> str:
    """A token that opens an unfinished record, as long as it is kept."""
    return liens.issue(REPRENDRE, row, duree=timedelta(days=settings.CONSERVATION["fiches_en_cours"]))


def prolong(row: FicheEnCours) -> None:
    """The links to an unfinished record last as long as it is kept from now on."""
    row.liens.update(expire_le=timezone.now() + timedelta(days=settings.CONSERVATION["fiches_en_cours"]))


def to_go_on(row: FicheEnCours) -> None:
    """Shows nothing typed: the address may be a stranger's."""
    contexte = {"row": row, "lien": liens.adresse(SUITE, token_of_unfinished(row))}
    write_to(row, "contributions/reprendre", contexte, objet="Le lien de votre fiche")


def end_links(row: Contribution) -> None:
    """Links to a closed proposal end soon."""
    ends = row.close_le + APRES
    row.liens.filter(expire_le__gt=ends).update(expire_le=ends)


def _send(row: Contribution, gabarit: str, objet: str, *, usage: str = SUIVRE, duree=DUREE, **contexte) -> bool:
    entree = subject.public_entry(row)
    contexte |= {
        "contribution": row,
        "titre": subject.title(row) if usage == SUIVRE else entree.titre if entree else "",
        "adresse_fiche": settings.SITE_URL + reverse("permalink", args=[entree.pk]) if entree else "",
        "lien": liens.adresse(ROUTES[usage], liens.issue(usage, row, duree=duree)),
    }
    return write_to(row, gabarit, contexte, objet=objet)
