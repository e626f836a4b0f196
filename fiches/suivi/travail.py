"""The kind of work « à relire »: records that wait for somebody who may publish."""

from django.contrib.auth import get_permission_codename
from django.db.models import QuerySet
from django.urls import reverse

from fiches import registre
from fiches.acces import change_url
from fiches.suivi.historique import revisions
from socle.annuaire.models import Entree, Statut
from socle.comptes.roles import PUBLIER
from socle.comptes.travaux import SorteDeTravail
from socle.francais.wording import INSECABLE, jour_en_lettres


def waiting(user) -> QuerySet[Entree]:
    """Entries of the types that this user may change, oldest first."""
    types = []
    for one in registre.types():
        opts = one.model._meta
        if user.has_perm(f"{opts.app_label}.{get_permission_codename('change', opts)}"):
            types.append(one.cle)
    return Entree.objects.filter(statut=Statut.A_RELIRE, type__in=types).order_by("modifiee_le", "pk")


def named(entree: Entree) -> str:
    """« Projet n° 12, dernier changement le 3 mars 2026 », without the title, which a visitor may have written."""
    nom, day = registre.get(entree.type).nom, jour_en_lettres(entree.modifiee_le)
    return f"{nom[:1].upper()}{nom[1:]} n°{INSECABLE}{entree.pk}, dernier changement le {day}"


def own(user, keys: set[int]) -> set[int]:
    found = set()
    for entree in Entree.objects.filter(pk__in=keys):
        last = revisions(registre.get(entree.type).model, entree.pk).first()
        if last and last.history_user == user:
            found.add(entree.pk)
    return found


SORTE = SorteDeTravail(
    cle="a-relire",
    ordre=40,
    titre="fiches à relire, à publier",
    un="fiche à relire",
    plusieurs="fiches à relire",
    droit=PUBLIER,
    lignes=waiting,
    nomme=named,
    page=change_url,
    liste=lambda: reverse("admin:index"),
    siennes=own,
)
