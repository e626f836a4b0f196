"""Finds what visitors of the old site could read: an export made with an account also holds private records and values.

Nothing marks them there: the text of the site's pages, answers fetched without an account, or the operator tells.
"""

from collections import Counter, defaultdict
from dataclasses import replace

from fiches.textes import as_text
from reprise.lecture import FICHIER, Lecture, Lue, Valeurs
from reprise.models import RESERVES, Anomalie
from socle.annuaire.models import Statut
from socle.francais.texte import fold

RAISON = "Reprise de l’ancien site"  # reason of the versions that a takeover makes


def keep_private(lecture: Lecture, public: Lecture | None) -> None:
    """Marks as not public the records missing from `public`, what visitors read; all if it is None.

    A record is found by identifier, else by type and title, unless `public` has fewer records with that title. In a
    record found, values that `public` lacks are marked as hidden from visitors.
    """
    by_identifiant: dict[str, frozenset[str]] = {}
    # Many records may share a title (all registrations do), but few differ in what they hold.
    by_title: dict[tuple[str, str], Counter[frozenset[str]]] = defaultdict(Counter)
    for lue in public.fiches if public else ():
        held = _held(lue)
        by_title[_title(lue)][held] += 1
        if lue.identifiant:
            by_identifiant[lue.identifiant] = held
    number: dict[tuple[str, str], int] = defaultdict(int)
    for lue in lecture.fiches:
        number[_title(lue)] += 1
    for lue in lecture.fiches:
        if lue.identifiant:
            seen = [by_identifiant[lue.identifiant]] if lue.identifiant in by_identifiant else []
        else:
            twins = by_title.get(_title(lue), Counter())
            seen = list(twins) if twins.total() >= number[_title(lue)] else []
        lue.publique = bool(seen)
        hidden = frozenset(name for one in seen for name in _kept_back(lue, one))
        if hidden:
            lue.reserves = (lue.reserves or frozenset()) | hidden


def _held(lue: Lue) -> frozenset[str]:
    """Labels and names of files that have a value."""
    unread = (anomalie.champ for anomalie in lue.anomalies if anomalie.texte)  # unreadable values
    return frozenset([*lue.champs, *lue.joints, *(label for label, _ in lue.joints.values()), *unread])


def _kept_back(lue: Lue, there: frozenset[str]) -> set[str]:
    """Labels and names of files of `lue` that visitors who read the same record did not see."""
    files = {nom for nom, (label, _) in lue.joints.items() if not {nom, label} & there}
    return (lue.champs.keys() - there) | files


def _title(lue: Lue) -> tuple[str, str]:
    return lue.type, fold(lue.titre)


# Of one record that is saved


def is_left_waiting(fiche) -> bool:
    """Whether a takeover left the record « à relire » and nobody has changed its state since."""
    if fiche.statut != Statut.A_RELIRE:
        return False
    rows = list(fiche.history.order_by("history_id").values_list("statut", "history_change_reason"))
    return bool(rows) and (rows[0][1] or "").startswith(RAISON) and {statut for statut, _ in rows} == {fiche.statut}


def hidden_from_visitors(reprise, lue: Lue, before: dict, *, publier: bool) -> set[str]:
    """Labels and names of files that our pages would show and visitors of the old site could not read.

    The source tells them, else an earlier one, `before`. `publier`: all that the source holds was public.
    """
    hidden = before.get(RESERVES, ()) if lue.reserves is None else lue.reserves
    files = {*lue.joints, *(label for label, _ in lue.joints.values())}
    hidden = {name for name in hidden if reprise.is_shown(name) or name in files}
    return hidden - files - lue.champs.keys() if publier else hidden


def held_back(reprise, lue: Lue, hidden: set[str]) -> Valeurs:
    """Hidden values become anomalies for staff."""
    fields = {label for label in hidden if reprise.is_shown(label)}
    champs = {label: champ for label, champ in lue.champs.items() if label not in fields}
    files = [nom for nom, (label, _) in lue.joints.items() if {nom, label} & hidden]
    joints = {nom: joint for nom, joint in lue.joints.items() if nom not in files}
    valeurs = reprise.read(replace(lue, champs=champs, joints=joints))
    said = [(label, lue.champs[label].texte) for label in sorted(fields) if label in lue.champs]
    said += [(FICHIER, nom) for nom in files]
    valeurs.anomalies += [(Anomalie.Type.VALEUR_RESERVEE, label, texte) for label, texte in said]
    return valeurs


def was_public(reprise, fiche, before: dict, shown: Valeurs, hidden: set[str]) -> bool:
    """Whether a source says that all values of a waiting record were public on the old site.

    The record also holds what an earlier source said, `before`: `shown`, what visitors read, must say it too.
    """
    if any(before.get(name) for label in hidden for name in reprise.fields_under(label)):
        return False
    told = {name for name, text in before.items() if text and not name.startswith("_")}
    texts = {name: as_text(value) for name, value in shown.champs.items()}
    said = {name for name, text in texts.items() if text and (name not in shown.morceaux or text == before.get(name))}
    return told <= said and not reprise.holds_unsaid_files(fiche, before, shown)
