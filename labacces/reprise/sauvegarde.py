"""Save what a takeover has read: match, merge, report. One transaction; twice changes nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from django.db import transaction

from fiches import registre
from fiches.anciennes import attribuer
from fiches.suivi.models import Anomalie
from labacces.reprise.lecture import INCONNU, Lecture

ETATS = ("creees", "modifiees", "inchangees", "conflits")


@dataclass
class Rapport:
    """Account of a takeover: every line, every record, every anomaly that nobody has settled yet."""

    format: str
    simulation: bool
    lignes: dict[str, int]
    fiches: dict[str, dict[str, int]] = field(default_factory=dict)
    anomalies: list[dict] = field(default_factory=list)
    demo_retirees: int = 0
    options: ClassVar[dict[str, str]] = {}

    def count(self, cle: str, etat: str) -> None:
        """One more record of that type in that state, one of ETATS."""
        self.fiches[cle][etat] += 1

    def note(self, type: str, fiche: str, champ: str, ligne: int | None, texte: str) -> None:
        """One anomaly; `fiche` is the record's title."""
        self.anomalies.append({"type": type, "fiche": fiche, "champ": champ, "ligne": ligne, "texte": texte})

    def as_dict(self) -> dict:
        """The report as `--rapport` writes it."""
        return {
            "format": self.format,
            "simulation": self.simulation,
            "lignes": self.lignes,
            "fiches": self.fiches,
            "anomalies": self.anomalies,
        }


@transaction.atomic
def save_lecture(
    lecture: Lecture,
    *,
    simulation: bool = False,
    site: str = "",
    progress: Callable[[Iterable], Iterable] = iter,
    options: dict[str, str] | None = None,
) -> Rapport:
    """Save the records, keep those of no known type as anomalies, and say what became of each.

    `simulation`: the same, then all is rolled back. `progress` wraps the records as they are saved. `site`: where they
    come from. `options`: what the operator adds for some types (`evenement`: where registrations go).
    """
    cles = [formulaire.cle for formulaire in registre.formulaires()] + [INCONNU]
    rapport = Rapport("texte", simulation, lecture.lignes)
    if options:
        rapport.options = options
    rapport.fiches = {cle: {"lues": 0, **dict.fromkeys(ETATS, 0)} for cle in cles}
    savers = {cle: reprise().saver(cle, rapport, site) for cle, reprise in registre.reprises().items()}
    told, titres = set(), []
    for lue in progress(lecture.fiches):
        rapport.fiches[lue.type]["lues"] += 1
        told.update(id(anomalie) for anomalie in lue.anomalies)
        fiche = None
        if saver := savers.get(lue.type):
            fiche = saver.save(lue)
        else:
            keep_unknown(lue, rapport)
        titres.append((lue.titre, getattr(fiche, "entree_id", None)))
    for saver in savers.values():
        saver.link()
    attribuer(titres)
    for anomalie in lecture.anomalies:
        if id(anomalie) not in told:
            rapport.note(anomalie.type, anomalie.titre, anomalie.champ, anomalie.ligne, anomalie.texte)
    rapport.anomalies.sort(key=lambda row: (row["ligne"] or 0, row["type"]))
    if simulation:
        transaction.set_rollback(True)
    return rapport


def keep_unknown(lue, rapport: Rapport) -> None:
    """Keep a record of no known type as an anomaly without a record: its title and all its text."""
    texte = "\n".join([lue.titre, *(f"{champ.label}\n{champ.texte}".strip() for champ in lue.champs.values())])
    empreinte = Anomalie.fingerprint(cle=INCONNU, type="type_inconnu", champ="", texte=texte)
    anomalie, _ = Anomalie.objects.get_or_create(
        empreinte=empreinte,
        defaults={"type": "type_inconnu", "ligne": lue.premiere_ligne, "texte": texte},
    )
    if anomalie.reglee_le is None:
        rapport.note("type_inconnu", lue.titre, "", lue.premiere_ligne, texte)
