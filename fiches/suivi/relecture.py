"""Mails people about what became of the record that they sent « à relire », or wrote."""

from collections.abc import Iterable, Iterator
from contextlib import closing

from django.conf import settings

from fiches.acces import admin_url, change_url
from fiches.models import Fiche
from fiches.suivi.fusion import DEFAITE, FUSIONNEE, says
from fiches.suivi.historique import name_of, revisions
from fiches.suivi.models import Fusion
from socle.annuaire.models import Statut
from socle.courrier.mailboxes import AdresseInvalide
from socle.courrier.outbox import deposit

SUITES = {
    Statut.PUBLIEE: "est publiée",
    Statut.BROUILLON: "est revenue en brouillon",
    Statut.RETIREE: "n’a pas été retenue",
    Statut.CORBEILLE: "a été supprimée",
}


def on_saved(sender, fiche: Fiche, before: Fiche | None, **kwargs) -> None:
    """Tells the sender of a record that has left « à relire ». Handler of `fiche_enregistree`.

    Silent for records sent together (spreadsheet, takeover, action on a list), whose version has a reason, and for
    one's own changes. `on_merged` tells of merges.
    """
    if before is None or before.statut != Statut.A_RELIRE or fiche.statut == Statut.A_RELIRE:
        return
    # A cursor that is collected later would break the transaction open at that time.
    with closing(_revisions(fiche)) as rows:
        last = next(rows)
        sent = None if says(last.history_change_reason, FUSIONNEE) else _sent(rows)
    if sent is None:
        return
    suite = SUITES[Statut(fiche.statut)]
    context = {
        "suite": suite,
        "publiee": settings.SITE_URL + fiche.get_absolute_url() if fiche.is_publiee else "",
        "brouillon": fiche.statut == Statut.BROUILLON,
        "supprimee": fiche.statut == Statut.CORBEILLE,
    }
    _tell(sent, last.history_user, fiche, "fiches/relue", f"Votre fiche {suite}", context)


def on_merged(sender, fusion: Fusion, kept: Fiche, lost: Fiche, user, **kwargs) -> None:
    """Tells the writer that the record was merged into another. Handler of `fiches_fusionnees`."""
    context = {
        "gardee": kept.titre,
        "publiee": settings.SITE_URL + kept.get_absolute_url() if kept.is_publiee else "",
        "fiche_gardee": settings.SITE_URL + change_url(kept.entree),
    }
    _tell(_writer(lost, fusion), user, lost, "fiches/fusionnee", "Votre fiche est reprise dans une autre", context)


def on_parted(sender, fusion: Fusion, kept: Fiche, lost: Fiche, user, **kwargs) -> None:
    """Tells the writer that the merge was undone. Handler of `fusion_defaite`."""
    context = {"gardee": kept.titre, "etat": Statut(fusion.statut).label}
    _tell(_writer(lost, fusion), user, lost, "fiches/separee", "Votre fiche est de nouveau à part", context)


def _tell(revision, par, fiche: Fiche, gabarit: str, objet: str, context: dict) -> None:
    """Mails the author of the revision, except about the author's own change or without a working address."""
    user = revision and revision.history_user
    if not user or revision.history_change_reason or not (user.is_active and user.email) or user == par:
        return
    context |= {
        "nom": user.nom_affiche,
        "titre": fiche.titre,
        "par": name_of(par) if par else "",
        "formulaire": settings.SITE_URL + change_url(fiche.entree),
        "historique": settings.SITE_URL + admin_url(type(fiche), "history", fiche.pk),
    }
    try:
        deposit(gabarit, user.email, context, objet=f"{objet} : {fiche.titre}", sujet=user)
    except AdresseInvalide:
        return


# The writer, found in the versions of a record, newest first.


def _revisions(fiche: Fiche) -> Iterator:
    return revisions(type(fiche), fiche.pk).prefetch_related(None).iterator(chunk_size=20)


def _sent(rows: Iterable):
    """The version that sent a record « à relire »; None if these rows begin in another state."""
    sent = None
    for revision in _without_merges(rows):
        if revision.statut != Statut.A_RELIRE:
            break
        sent = revision
    return sent


def _writer(lost: Fiche, fusion: Fusion):
    """The version of a merged record's writer: the one that sent it « à relire » if it waited, or the first."""
    rows = list(_without_merges(_revisions(lost), merged=True))
    if fusion.statut == Statut.A_RELIRE:
        return _sent(rows)
    return rows[-1] if rows else None


def _without_merges(rows: Iterable, merged=False) -> Iterator:
    """The versions that no merge made. `merged`: the record is merged, so its last version is one."""
    for revision in rows:
        merged = says(revision.history_change_reason, DEFAITE) or (merged and revision.statut == Statut.RETIREE)
        if not merged:
            yield revision
