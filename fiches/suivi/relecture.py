"""What became of a sheet that somebody sent « à relire », or whose sheet was merged: they are told by mail."""

from collections.abc import Iterable, Iterator
from contextlib import closing

from django.conf import settings

from fiches.acces import admin_url, change_url
from fiches.models import Fiche
from fiches.suivi.fusion import DEFAITE, FUSIONNEE, says
from fiches.suivi.historique import name_of, versions
from fiches.suivi.models import Fusion
from socle.annuaire.models import Statut
from socle.courrier.adresses import AdresseInvalide
from socle.courrier.outbox import deposit

SUITES = {
    Statut.PUBLIEE: "est publiée",
    Statut.BROUILLON: "est revenue en brouillon",
    Statut.RETIREE: "n’a pas été retenue",
    Statut.CORBEILLE: "a été supprimée",
}


def on_saved(sender, fiche: Fiche, before: Fiche | None, **kwargs) -> None:
    """Tell the sender of a sheet that has just left « à relire ». Handler of `fiche_enregistree`.

    One sent with others (by a spreadsheet, a takeover, an action on the list) has a reason, and nobody who waits for it
    alone; nobody is told of what they did themselves. Of a merge `on_merged` tells.
    """
    if before is None or before.statut != Statut.A_RELIRE or fiche.statut == Statut.A_RELIRE:
        return
    # The cursor closes here: collected later, in whatever transaction is open then, it would break that one.
    with closing(_versions(fiche)) as rows:
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
    """Tell who wrote a sheet that it was merged into another. Handler of `fiches_fusionnees`."""
    context = {
        "gardee": kept.titre,
        "publiee": settings.SITE_URL + kept.get_absolute_url() if kept.is_publiee else "",
        "fiche_gardee": settings.SITE_URL + change_url(kept.entree),
    }
    _tell(_writer(lost, fusion), user, lost, "fiches/fusionnee", "Votre fiche est reprise dans une autre", context)


def on_parted(sender, fusion: Fusion, kept: Fiche, lost: Fiche, user, **kwargs) -> None:
    """Tell them that it stands by itself again. Handler of `fusion_defaite`."""
    context = {"gardee": kept.titre, "etat": Statut(fusion.statut).label}
    _tell(_writer(lost, fusion), user, lost, "fiches/separee", "Votre fiche est de nouveau à part", context)


def _tell(version, par, fiche: Fiche, gabarit: str, objet: str, context: dict) -> None:
    """Mail whoever saved that version, unless they did it themselves, or no mail reaches them."""
    user = version and version.history_user
    if not user or version.history_change_reason or not (user.is_active and user.email) or user == par:
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


# Who wrote it, from its versions, newest first


def _versions(fiche: Fiche) -> Iterator:
    return versions(type(fiche), fiche.pk).prefetch_related(None).iterator(chunk_size=20)


def _sent(rows: Iterable):
    """The version that sent a sheet « à relire », of rows that begin while it waits; None if they do not."""
    sent = None
    for version in _without_merges(rows):
        if version.statut != Statut.A_RELIRE:
            break
        sent = version
    return sent


def _writer(lost: Fiche, fusion: Fusion):
    """Of a merged sheet, the version that sent it « à relire » if it waited for that, else its first."""
    rows = list(_without_merges(_versions(lost), merged=True))
    if fusion.statut == Statut.A_RELIRE:
        return _sent(rows)
    return rows[-1] if rows else None


def _without_merges(rows: Iterable, merged=False) -> Iterator:
    """Those of a merge left out: of one that was undone, and the last one if the sheet is `merged`."""
    for version in rows:
        merged = says(version.history_change_reason, DEFAITE) or (merged and version.statut == Statut.RETIREE)
        if not merged:
            yield version
