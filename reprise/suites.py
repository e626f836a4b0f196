"""What a text that stopped before its end left behind, settled once a longer text of the same site tells more.

A title cut from its body reads as a word without a definition; spam is known by recurring, so what only later lines
tell stood in a record; a record that stopped short was marked so.
"""

from collections.abc import Collection, Iterable

from fiches import registre
from reprise import formulaires
from reprise.indesirable import taken_from
from reprise.lecture import Lecture
from reprise.models import DERNIERE, Anomalie, Ecartee, Origine
from socle.annuaire.models import Entree
from socle.francais.texte import fold


def settle(lecture: Lecture, saved: Collection[tuple], told: Iterable[str]) -> None:
    """Settle it. `saved`: (record as read, its key here, Formulaire) of the run; `told`: anomalies it has told."""
    met = {pk for _, pk, _ in saved}
    for lue, pk, reprise in saved:
        pieces = [a.texte for a in lue.anomalies if a.type == "contenu_indesirable"]
        if pieces:
            versions = reprise.model.history.filter(entree_id=pk)
            fields = [libelle.texte for libelle in reprise.libelles.values() if libelle.texte]
            _clean_versions(versions, fields, pieces)
    _remove_bare_titles(lecture, met)
    doubts = Anomalie.objects.open().exclude(empreinte__in=list(told))
    doubts.filter(type=Anomalie.Type.FIN_DOUTEUSE, entree__in=met).settle()
    titres = {fold(lue.titre) for lue, _, _ in saved}
    loose = doubts.filter(type=Anomalie.Type.TYPE_INCONNU, entree=None)
    Anomalie.objects.filter(pk__in=[anomalie.pk for anomalie in loose if fold(anomalie.texte) in titres]).settle()


def _clean_versions(versions, fields: Iterable[str], pieces: Iterable[str]) -> None:
    """Take spam out of the versions of a record: its text stands in its anomaly alone."""
    for version in versions:
        changed = []
        for name in fields:
            before = text = getattr(version, name)
            for piece in pieces:
                text = taken_from(text, piece)
            if text != before:
                setattr(version, name, text)
                changed.append(name)
        if changed:
            version.save(update_fields=changed)


def _remove_bare_titles(lecture: Lecture, met: set[int]) -> None:
    """Delete the last record of an earlier text, but a title, where this one has the words as something else.

    An edited one stays. What goes is said.
    """
    types = [form.cle for form in formulaires.declared() if form.titres_sans_corps]
    last = Origine.objects.filter(type__in=types, identifiant="", valeurs__has_key=DERNIERE).exclude(pk__in=met)
    bare = [
        origine
        for origine in last.select_related("entree")
        if sum(bool(value) for name, value in origine.valeurs.items() if not name.startswith("_")) <= 1
    ]
    if not bare:
        return
    lines = {fold(lue.titre) for lue in lecture.fiches}
    lines |= {fold(line) for lue in lecture.fiches for champ in lue.champs.values() for line in champ.texte.split("\n")}
    lines |= {fold(anomalie.texte) for anomalie in lecture.anomalies if anomalie.type == "contenu_indesirable"}
    for origine in bare:
        model = registre.get(origine.type).model
        titre = origine.entree.titre
        if origine.cle in lines and model.objects.filter(pk=origine.pk, version=1).exists():
            Entree.objects.filter(pk=origine.pk).delete()
            model.history.filter(entree_id=origine.pk).delete()
            Ecartee.objects.filter(type=origine.type, cle=origine.cle).delete()
            lecture.ignores.append(
                f"« {titre} » finissait un texte repris avant, et passait pour une fiche : le texte d’aujourd’hui dit "
                "que c’est autre chose, elle est retirée."
            )
