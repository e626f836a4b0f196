"""The weekly mails about records to reread: one to each person in charge, one to the team.

A person is asked for the few records due for longest. After PATIENCE mails without a change or a check, a record goes
to the team. Each mail and its counts are one transaction, keyed by person and week, so no mail leaves twice. A mail is
written when it leaves, without records changed, checked or withdrawn meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from fiches import registre
from fiches.acces import admin_url, change_url
from fiches.suivi import fraicheur
from fiches.suivi.models import Veille
from socle.annuaire.models import Entree
from socle.courrier.composition import CourrielEcrit, goes_to
from socle.courrier.mailboxes import AdresseInvalide, normalise, team_mailbox
from socle.courrier.models import Courriel
from socle.courrier.outbox import deposit_late
from socle.francais.wording import pluriel

MONTREES = 5  # records in a person's mail; the team gets those of a week
A_UNE_PERSONNE, A_L_EQUIPE = "vérifications", "vérifications, équipe"  # kinds of mail
PATIENCE = 3  # mails about a record before the team is told


@dataclass
class BilanDeRappels:
    """`injoignables`: accounts whose address cannot take mail."""

    personnes: int = 0
    equipe: bool = False
    injoignables: tuple[str, ...] = ()


@dataclass(frozen=True)
class FicheARelire:
    titre: str
    raison: str
    page: str
    verifier: str
    formulaire: str
    responsable: str = ""


def remind() -> BilanDeRappels:
    monday, bilan = fraicheur.monday(), BilanDeRappels()
    for pk in fraicheur.staff().exclude(email="").filter(veilles__isnull=False).distinct().values_list("pk", flat=True):
        try:
            bilan.personnes += _tell(pk, monday)
        except AdresseInvalide:
            bilan.injoignables += (fraicheur.staff().get(pk=pk).get_username(),)
    bilan.equipe = _tell_team(monday)
    return bilan


def _key(whom, monday: datetime) -> str:
    year, week, _ = monday.isocalendar()
    return f"vérifications {whom} {year}-S{week:02}"


@transaction.atomic
def _tell(pk: int, monday: datetime) -> bool:
    """Asks a person for the records due for longest; returns whether a mail goes out."""
    user = fraicheur.staff().select_for_update().filter(pk=pk).first()
    cle = _key(pk, monday)
    if user is None or Courriel.objects.filter(cle=cle).exists():
        return False
    theirs = fraicheur.with_day(fraicheur.due().filter(veille__responsable=user))
    rows = list(theirs.exclude(_in_vain()).select_related("veille")[:MONTREES])
    if not rows:
        return False
    keys = [row.pk for row in rows]
    deposit_late(A_UNE_PERSONNE, user.email, objet="Fiches à revérifier", sujet=user, cle=cle, donnees=keys)
    now = timezone.now()
    for row in rows:
        veille, seen = row.veille, max(filter(None, (row.modifiee_le, row.verifiee_le)))
        veille.rappels = veille.rappels + 1 if veille.rappelee_le and veille.rappelee_le > seen else 1
        veille.rappelee_le = now
    Veille.objects.bulk_update([row.veille for row in rows], ["rappels", "rappelee_le"])
    return True


def write_to_person(courriel: Courriel) -> CourrielEcrit | None:
    """The mail of `_tell`: records still due and still in charge of that person."""
    user = courriel.sujet
    if user is None or not user.is_active or not goes_to(courriel, user.email):
        return None
    asked = fraicheur.due().filter(veille__responsable=user, pk__in=courriel.donnees)
    rows = list(fraicheur.with_day(asked))
    if not rows:
        return None
    said = pluriel(len(rows), "fiche à revérifier", "fiches à revérifier")
    context = {"nom": user.nom_affiche, "fiches": [_named(row) for row in rows], "dit": said}
    return CourrielEcrit(f"LabAccès : {said}", "fiches/a-reverifier", context)


def _in_vain() -> Q:
    """Records asked for PATIENCE times since their last check."""
    return Q(veille__rappels__gte=PATIENCE, veille__rappelee_le__gt=F("regardee_le"))


@transaction.atomic
def _tell_team(monday: datetime) -> bool:
    """Tells the team which records wait for it; returns whether a mail goes out."""
    boite, cle = team_mailbox(), _key("équipe", monday)
    if not boite or Courriel.objects.filter(cle=cle).exists() or not any(rows.exists() for rows in _of_team(monday)):
        return False
    deposit_late(A_L_EQUIPE, boite, objet="Fiches qui attendent d’être revérifiées", cle=cle)
    return True


def write_to_team(courriel: Courriel) -> CourrielEcrit | None:
    asked, alone = _of_team(fraicheur.monday())
    context = {"sans_reponse": _first(asked, fraicheur.A_LA_SEMAINE)}
    context["sans_personne"] = _first(alone, fraicheur.A_LA_SEMAINE - len(context["sans_reponse"]["fiches"]))
    total = sum(part["nombre"] for part in context.values())
    if not total:
        return None
    context["au_bureau"] = settings.SITE_URL + reverse("admin:a_reverifier")
    said = pluriel(total, "fiche attend d’être revérifiée", "fiches attendent d’être revérifiées")
    return CourrielEcrit(f"LabAccès : {said}", "fiches/sans-reponse", context)


def _of_team(monday: datetime) -> tuple[QuerySet[Entree], QuerySet[Entree]]:
    """(records asked for in vain, records without a reachable person in charge)."""
    rows = fraicheur.with_day(fraicheur.due())
    alone = fraicheur.orphans(rows, _unreachable())
    # A person asked for the last time this week still has the week to answer.
    asked = rows.filter(_in_vain(), veille__rappelee_le__lt=monday)
    return asked.exclude(pk__in=alone.order_by().values("pk")), alone


def _unreachable() -> list[int]:
    found = []
    for user in fraicheur.staff().exclude(email="").filter(veilles__isnull=False).distinct():
        try:
            normalise(user.email)
        except AdresseInvalide:
            found.append(user.pk)
    return found


def _first(rows, wanted: int) -> dict:
    shown = rows.select_related("veille__responsable")[:wanted]
    return {"nombre": rows.order_by().count(), "fiches": [_named(row, by_whom=True) for row in shown]}


def _named(entree: Entree, *, by_whom=False) -> FicheARelire:
    model = registre.get(entree.type).model
    who = by_whom and getattr(entree, "veille", None) and entree.veille.responsable
    addresses = (entree.get_absolute_url(), admin_url(model, "verifier", entree.pk), change_url(entree))
    pages = [settings.SITE_URL + address for address in addresses]
    return FicheARelire(entree.titre, fraicheur.reason(entree), *pages, who.nom_affiche if who else "")
