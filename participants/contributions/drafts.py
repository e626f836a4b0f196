"""A new record that somebody has not finished: what they typed is kept between the steps, and until they come back."""

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from participants.contributions import courriels, notices
from participants.contributions.models import FicheEnCours
from socle.courrier.refus import TropTard
from socle.vie_privee import consentement, gestes

EN_COURS = 1000  # records that are kept while somebody writes them: whatever robots begin, the table has an end
EFFACEE = "fiche-en-cours-effacee"  # what a restored backup has to do again
ENVOYEE = "Cette fiche est déjà envoyée."


def typed(data: QueryDict, names) -> dict[str, list[str]]:
    """What a browser sent of these fields; no database takes a NUL."""
    return {name: [value.replace("\x00", "") for value in data.getlist(name)] for name in names}


@transaction.atomic
def begin(cle: str, saisie: dict[str, list[str]], *, etape: int) -> str:
    """Keep the first step of a record of that type; the token of its link. `etape`: see `keep`.

    Where too many are kept, the one left for longest makes room, those of who gave an address last.
    """
    rows = FicheEnCours.objects.filter(envoyee_le=None).order_by("modifiee_le")
    if rows.count() >= EN_COURS:
        (rows.filter(courriel="").first() or rows.first()).delete()
    return courriels.token_of_draft(FicheEnCours.objects.create(type=cle, saisie=saisie, etape=etape))


@transaction.atomic
def keep(draft: FicheEnCours, saisie: dict[str, list[str]], *, etape: int) -> None:
    """Keep another step, whatever is wrong with it; another page open on the same record loses nothing of its own.

    `etape`: the step where they go on.
    """
    row = _locked(draft)
    row.saisie |= saisie
    row.etape, row.modifiee_le = etape, timezone.now()
    row.save(update_fields=["saisie", "etape", "modifiee_le"])
    courriels.prolong(row)
    draft.saisie = row.saisie


@transaction.atomic
def send_link(draft: FicheEnCours, courriel: str) -> None:
    """Mail a link to it, as good as the others and for as long as it is kept from now on."""
    row = _locked(draft)
    row.courriel, row.modifiee_le = courriel, timezone.now()
    row.consentement_texte, row.consentement_le = consentement.version(notices.PLUS_TARD), timezone.now()
    row.save()
    courriels.prolong(row)
    courriels.to_go_on(row)


@transaction.atomic
def settle(draft: FicheEnCours) -> None:
    """It is sent: nothing of it stays here but that."""
    row = _locked(draft)
    row.saisie, row.courriel, row.envoyee_le = {}, "", timezone.now()
    row.consentement_texte, row.consentement_le = "", None
    row.save()
    row.courriels.all().delete()


def erase(draft: FicheEnCours) -> None:
    """Whoever writes it wants nothing kept."""
    gestes.do(EFFACEE, draft)


def about(rows, adresse: str):
    """Those of who gave that address, for a link or in the last step."""
    return rows.filter(Q(courriel__iexact=adresse) | Q(saisie__courriel__0__iexact=adresse))


def told(saisie: dict[str, list[str]] | str) -> dict[str, str] | str:
    """What was typed, for a copy to the person; as it is where it only names somebody, and comes as a text."""
    if isinstance(saisie, str):
        return saisie
    return {name.removeprefix("champ_"): " | ".join(values) for name, values in saisie.items() if any(values)}


def _locked(draft: FicheEnCours) -> FicheEnCours:
    row = FicheEnCours.objects.select_for_update().filter(pk=draft.pk).first()
    if row is None or row.envoyee_le:
        raise TropTard(ENVOYEE)
    return row
