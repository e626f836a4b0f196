"""Unfinished new records: what was typed is kept between the steps, and until its author comes back."""

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from participants.contributions import courriels, notices
from participants.contributions.models import FicheEnCours
from socle.courrier.refus import TropTard
from socle.vie_privee import consentement, gestes

EN_COURS = 1000  # unfinished records kept at most, however many robots begin
EFFACEE = "fiche-en-cours-effacee"  # the gesture that a restored copy repeats
ENVOYEE = "Cette fiche est déjà envoyée."


def typed(data: QueryDict, names) -> dict[str, list[str]]:
    """{field: values}, without NUL characters, which no database accepts."""
    return {name: [value.replace("\x00", "") for value in data.getlist(name)] for name in names}


@transaction.atomic
def begin(cle: str, saisie: dict[str, list[str]], *, etape: int) -> str:
    """Keeps the first step; returns the token of its link. `etape`: see `keep`.

    If too many are kept, the one left alone for longest is deleted, first those without an address.
    """
    rows = FicheEnCours.objects.filter(envoyee_le=None).order_by("modifiee_le")
    if rows.count() >= EN_COURS:
        (rows.filter(courriel="").first() or rows.first()).delete()
    return courriels.token_of_unfinished(FicheEnCours.objects.create(type=cle, saisie=saisie, etape=etape))


@transaction.atomic
def keep(fiche: FicheEnCours, saisie: dict[str, list[str]], *, etape: int) -> None:
    """Keeps a step, even with errors; another page open on the record loses nothing. `etape`: where to go on."""
    row = _locked(fiche)
    row.saisie |= saisie
    row.etape, row.modifiee_le = etape, timezone.now()
    row.save(update_fields=["saisie", "etape", "modifiee_le"])
    courriels.prolong(row)
    fiche.saisie = row.saisie


@transaction.atomic
def send_link(fiche: FicheEnCours, courriel: str) -> None:
    """All links then last as long as the record is kept from now on."""
    row = _locked(fiche)
    row.courriel, row.modifiee_le = courriel, timezone.now()
    row.consentement_texte, row.consentement_le = consentement.version(notices.PLUS_TARD), timezone.now()
    row.save()
    courriels.prolong(row)
    courriels.to_go_on(row)


@transaction.atomic
def settle(fiche: FicheEnCours) -> None:
    """Empties the row, once the record is sent."""
    row = _locked(fiche)
    row.saisie, row.courriel, row.envoyee_le = {}, "", timezone.now()
    row.consentement_texte, row.consentement_le = "", None
    row.save()
    row.courriels.all().delete()


def erase(fiche: FicheEnCours) -> None:
    gestes.do(EFFACEE, fiche)


def about(rows, adresse: str):
    """Rows with this address, for a link or in the last step."""
    return rows.filter(Q(courriel__iexact=adresse) | Q(saisie__courriel__0__iexact=adresse))


def told(saisie: dict[str, list[str]] | str) -> dict[str, str] | str:
    """{field: words}, for a copy of data; a plain text as it is."""
    if isinstance(saisie, str):
        return saisie
    return {name.removeprefix("champ_"): " | ".join(values) for name, values in saisie.items() if any(values)}


def _locked(fiche: FicheEnCours) -> FicheEnCours:
    row = fiche.locked()
    if row.envoyee_le:
        raise TropTard(ENVOYEE)
    return row
