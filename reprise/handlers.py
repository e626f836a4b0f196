"""What the takeover does on signals of the floors below, which do not know it."""

from fiches.models import Fiche
from fiches.signals import fiche_enregistree, fiches_fusionnees, fusion_defaite
from participants.signals import inscriptions_rattachees
from reprise.follow_up import settle_seen
from reprise.models import Anomalie, AnomalieInscription, TypeAnomalie
from socle.francais.texte import fold

CLE = "reprise"  # key in Fusion.deplaces, for the anomalies that the merge settled (DOUTES)
DOUTES = "doutes"


def connect() -> None:
    """Call once, when all apps are ready."""
    fiche_enregistree.connect(_saved, dispatch_uid="reprise")
    fiches_fusionnees.connect(_merged, dispatch_uid="reprise")
    fusion_defaite.connect(_parted, dispatch_uid="reprise")
    inscriptions_rattachees.connect(_tied, dispatch_uid="reprise")


def _saved(sender, fiche, before, **kwargs):
    if before:
        has_open = Anomalie.objects.open().filter(entree=fiche.pk).exists()
        fiche.anomalies_vues = settle_seen(fiche, getattr(fiche, "_history_user", None)) if has_open else []


def _tied(sender, pks, user, **kwargs):
    AnomalieInscription.objects.filter(type=TypeAnomalie.EVENEMENT_A_PRECISER, participant__in=pks).settle(user)


def _merged(sender, fusion, kept: Fiche, lost: Fiche, user, **kwargs):
    """Settles doubts about doubles, and differences between the lost record and the old site: the editor has chosen."""
    open_ones = Anomalie.objects.open()
    titles = {fold(kept.titre), fold(lost.titre)}
    doubts = open_ones.filter(entree=kept.pk, type=Anomalie.Type.DOUBLON_PROBABLE)
    settled = [anomalie.pk for anomalie in doubts if fold(anomalie.texte) in titles]
    moved = fusion.deplaces.get("reprise.Anomalie.entree", ())  # moved from the lost record to the kept one
    both = open_ones.filter(pk__in=moved, type=Anomalie.Type.CHANGE_DES_DEUX_COTES)
    settled += both.values_list("pk", flat=True)
    Anomalie.objects.filter(pk__in=settled).settle(user)
    fusion.deplaces[CLE] = {DOUTES: settled}


def _parted(sender, fusion, **kwargs):
    settled = fusion.deplaces.get(CLE, {}).get(DOUTES, [])
    Anomalie.objects.filter(pk__in=settled).update(reglee_le=None, reglee_par=None)
