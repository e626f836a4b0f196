"""What became of a sheet that somebody sent « à relire »: they are told by mail."""

from django.conf import settings

from fiches.acces import admin_url, change_url
from fiches.models import Fiche
from fiches.suivi.historique import name_of, versions
from socle.annuaire.models import Statut
from socle.courrier.adresses import AdresseInvalide
from socle.courrier.outbox import deposit

SUITES = {
    Statut.PUBLIEE: "est publiée",
    Statut.BROUILLON: "est revenue en brouillon",
    Statut.RETIREE: "n’a pas été retenue",
    Statut.CORBEILLE: "a été supprimée",
}


def on_saved(sender, fiche: Fiche, left: str | None, **kwargs) -> None:
    """Tell the sender of a sheet that has just left « à relire ». Handler of `fiche_enregistree`.

    One sent with others (by a spreadsheet, a takeover, an action on the list) has a reason, and nobody who waits for it
    alone; nobody is told of what they did themselves.
    """
    if left != Statut.A_RELIRE or fiche.statut == Statut.A_RELIRE:
        return
    rows = versions(type(fiche), fiche.pk)
    last, sent = rows[0], None
    for version in rows[1:].iterator(chunk_size=20):
        if version.statut != Statut.A_RELIRE:
            break
        sent = version
    user = sent and sent.history_user
    if not user or sent.history_change_reason or not (user.is_active and user.email) or user == last.history_user:
        return
    suite = SUITES[Statut(fiche.statut)]
    context = {
        "nom": user.nom_affiche,
        "titre": fiche.titre,
        "suite": suite,
        "par": name_of(last.history_user) if last.history_user else "",
        "publiee": settings.SITE_URL + fiche.get_absolute_url() if fiche.is_publiee else "",
        "brouillon": fiche.statut == Statut.BROUILLON,
        "formulaire": settings.SITE_URL + change_url(fiche.entree),
        "supprimee": fiche.statut == Statut.CORBEILLE,
        "historique": settings.SITE_URL + admin_url(type(fiche), "history", fiche.pk),
    }
    try:
        deposit("fiches/relue", user.email, context, objet=f"Votre fiche {suite} : {fiche.titre}", sujet=user)
    except AdresseInvalide:
        return
