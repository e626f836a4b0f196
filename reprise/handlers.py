"""What the takeover does when the floors below, which know nothing of it, say that something happened."""

from django.utils import timezone

from fiches.models import Fiche
from fiches.signals import fiche_enregistree, fiches_fusionnees, fusion_defaite
from fiches.suivi.fusion import fields_of
from fiches.textes import as_text
from participants.signals import inscriptions_rattachees
from reprise.follow_up import settle_seen
from reprise.models import Anomalie, AnomalieInscription, Conflit, Origine, TypeAnomalie
from socle.francais.texte import fold

CLE = "reprise"  # of Fusion.deplaces: keys of what the merge settled (DOUTES, CONFLITS) and made (DECISIONS)
DOUTES, CONFLITS, DECISIONS = "doutes", "conflits", "decisions"


def connect() -> None:
    """Once, when all apps are ready."""
    fiche_enregistree.connect(_saved, dispatch_uid="reprise")
    fiches_fusionnees.connect(_merged, dispatch_uid="reprise")
    fusion_defaite.connect(_parted, dispatch_uid="reprise")
    inscriptions_rattachees.connect(_tied, dispatch_uid="reprise")


def _saved(sender, fiche, before, **kwargs):
    if before:
        fiche.anomalies_vues = settle_seen(fiche, getattr(fiche, "_history_user", None))


def _tied(sender, pks, user, **kwargs):
    """The event of these registrations is known."""
    AnomalieInscription.objects.filter(type=TypeAnomalie.EVENEMENT_A_PRECISER, participant__in=pks).settle(user)


def _merged(sender, fusion, kept: Fiche, lost: Fiche, user, **kwargs):
    """The doubt is settled; so is every difference that the old site's two records had: the editor has chosen."""
    settled = {"regle_le": timezone.now(), "regle_par": user}
    doubts = Anomalie.objects.open().filter(entree=kept.pk, type=Anomalie.Type.DOUBLON_PROBABLE)
    titles = {fold(kept.titre), fold(lost.titre)}
    doubts = [anomalie.pk for anomalie in doubts if fold(anomalie.texte) in titles]
    Anomalie.objects.filter(pk__in=doubts).settle(user)
    conflicts = list(Conflit.objects.open().filter(entree=lost.pk).values_list("pk", flat=True))
    Conflit.objects.filter(pk__in=conflicts).settle(user)
    ours = {field.name: as_text(getattr(kept, field.name)) for field in fields_of(type(kept))}
    ours |= {field.attname: as_text(getattr(kept, field.attname)) for field in kept._meta.concrete_fields}
    decisions = [
        Conflit.objects.create(entree_id=kept.pk, champ=champ, ici=ours[champ], ancien_site=theirs, **settled).pk
        for origine in Origine.objects.filter(pk__in=[kept.pk, lost.pk])
        for champ, theirs in origine.valeurs.items()
        if champ in ours and ours[champ] != theirs
    ]
    fusion.deplaces[CLE] = {DOUTES: doubts, CONFLITS: conflicts, DECISIONS: decisions}


def _parted(sender, fusion, **kwargs):
    did = fusion.deplaces.get(CLE, {})
    Anomalie.objects.filter(pk__in=did.get(DOUTES, [])).update(reglee_le=None, reglee_par=None)
    Conflit.objects.filter(pk__in=did.get(CONFLITS, [])).update(regle_le=None, regle_par=None)
    Conflit.objects.filter(pk__in=did.get(DECISIONS, [])).delete()
