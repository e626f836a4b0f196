"""Settles what an incomplete text left behind, once a longer text of the same site is taken over.

Spam is known by repetition, so an incomplete text may have left some in a record; a cut record has an anomaly.
"""

from collections.abc import Collection, Iterable

from reprise.indesirable import taken_from
from reprise.models import Anomalie
from socle.francais.texte import fold


def settle(saved: Collection[tuple], told: Iterable[str]) -> None:
    """`saved`: (record as read, its key here, Formulaire) of the run; `told`: anomalies reported in it."""
    met = {pk for _, pk, _ in saved}
    for lue, pk, reprise in saved:
        pieces = [a.texte for a in lue.anomalies if a.type == "contenu_indesirable"]
        if pieces:
            revisions = reprise.model.history.filter(entree_id=pk)
            fields = [libelle.texte for libelle in reprise.libelles.values() if libelle.texte]
            _clean_revisions(revisions, fields, pieces)
    doubts = Anomalie.objects.open().exclude(empreinte__in=list(told))
    doubts.filter(type=Anomalie.Type.FIN_DOUTEUSE, entree__in=met).settle()
    titres = {fold(lue.titre) for lue, _, _ in saved}
    loose = doubts.filter(type=Anomalie.Type.TYPE_INCONNU, entree=None)
    Anomalie.objects.filter(pk__in=[anomalie.pk for anomalie in loose if fold(anomalie.texte) in titres]).settle()


def _clean_revisions(revisions, fields: Iterable[str], pieces: Iterable[str]) -> None:
    """Removes spam from the versions of a record: only its anomaly keeps the text."""
    for revision in revisions:
        changed = []
        for name in fields:
            before = text = getattr(revision, name)
            for piece in pieces:
                text = taken_from(text, piece)
            if text != before:
                setattr(revision, name, text)
                changed.append(name)
        if changed:
            revision.save(update_fields=changed)
