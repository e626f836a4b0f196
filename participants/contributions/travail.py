"""The kind of work « propositions », and who may decide on it."""

from django.contrib.auth import get_permission_codename
from django.db.models import Q, QuerySet

from fiches import registre
from participants.contributions import subject
from participants.contributions.models import Contribution
from socle.comptes.travaux import of_list
from socle.francais.typographie import titre
from socle.francais.wording import jour_en_lettres

Nature = Contribution.Nature


def may_decide(user, type: str, nature: str) -> bool:
    """Whether the user may change records of that type or, for a new record, add one."""
    opts = registre.get(type).model._meta
    codename = get_permission_codename("add" if nature == Nature.FICHE else "change", opts)
    return user.has_perm(f"{opts.app_label}.{codename}")


def waiting(user) -> QuerySet[Contribution]:
    """The proposals on which this user may decide, oldest first."""
    wanted = Q(pk__in=[])
    for nature in Nature:
        types = [one.cle for one in registre.types() if may_decide(user, one.cle, nature)]
        wanted |= Q(nature=nature, type__in=types)
    rows = Contribution.objects.filter(wanted, etat__in=Contribution.A_TRAITER)
    return rows.select_related("entree").order_by("recue_le", "pk")


def named(row: Contribution) -> str:
    """« Correction de « Un portail », reçue le 3 mars 2026 »; only a public title is told."""
    entree = subject.public_entry(row)
    if row.is_fiche:
        what = f"Nouvelle fiche ({registre.get(row.type).nom})"
    else:
        what = f"Correction de « {titre(entree.titre)} »" if entree else "Correction d’une fiche qui n’est plus publiée"
    doubt = ", douteuse" if row.etat == Contribution.Etat.A_VERIFIER else ""
    return f"{what}, reçue le {jour_en_lettres(row.recue_le)}{doubt}"


SORTE = of_list(
    Contribution,
    cle="propositions",
    ordre=10,
    titre="propositions des visiteurs",
    un="proposition",
    plusieurs="propositions",
    lignes=waiting,
    nomme=named,
)
