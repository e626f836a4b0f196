"""Saves what a takeover has read, in one transaction, and reports it. A second run changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction

from fiches import registre
from fiches.indexation import BLOCK, index_later, index_those
from reprise import formulaires
from reprise.fichiers import Fichiers, attach_files
from reprise.lecture import INCONNU, AnomalieLue, Lecture
from reprise.models import Anomalie, Reprise
from reprise.saver import FicheSaver, note
from reprise.suites import settle
from reprise.urls_of_old_site import assign, learn_forms
from socle.annuaire.models import Entree
from socle.francais.texte import fold
from socle.journal.writing import lot

ETATS = ("creees", "modifiees", "inchangees", "conflits")


@dataclass
class Rapport:
    """The report of a takeover: every line, every record, every anomaly still open."""

    format: str
    simulation: bool
    lignes: dict[str, int]
    fiches: dict[str, dict[str, int]] = field(default_factory=dict)
    demo_retirees: int = 0
    reprise: Reprise | None = None  # None for a simulation
    source: str = ""
    site: str = ""  # the address of the wiki, if known
    relire: list[str] = field(default_factory=list)  # titles that wait for an editor since a takeover
    conflits: list[tuple[str, list[str]]] = field(default_factory=list)  # titles, labels of fields in conflict
    a_publier: int = 0  # how many of `relire` did not wait on the old site
    corbeille: list[str] = field(default_factory=list)  # titles of records that stay in our bin
    # What this site gave once and gives no more: {"type", "fiche", "adresse"}.
    absentes: list[dict] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    # {fingerprint of an anomaly: rows of the report}.
    notes: dict[str, list[dict]] = field(default_factory=dict)
    creees: set[str] = field(default_factory=set)
    # Rows for the report only: editors may not read them.
    a_part: list[dict] = field(default_factory=list)

    @property
    def anomalies(self) -> list[dict]:
        """Every anomaly as met, in the order of the source."""
        rows = [row for rows in self.notes.values() for row in rows] + self.a_part
        return sorted(rows, key=lambda row: (row["ligne"] or 0, row["type"]))

    def count(self, cle: str, etat: str) -> None:
        """Counts a record of that type in a state: one of ETATS, or another count of the type."""
        self.fiches[cle][etat] = self.fiches[cle].get(etat, 0) + 1

    def note(self, anomalie, fiche: str, ligne: int | None, *, created: bool = False) -> None:
        """Reports an anomaly met at `ligne`. `fiche`: title of the record. `created`: it is new."""
        self.notes.setdefault(anomalie.empreinte, []).append(_row(anomalie, fiche, ligne))
        if created:
            self.creees.add(anomalie.empreinte)

    def forget(self, anomalie) -> None:
        """Withdraws an anomaly that this run has settled, and deletes it if this run made it."""
        self.notes.pop(anomalie.empreinte, None)
        if anomalie.empreinte in self.creees:
            anomalie.delete()

    def provenance(self, formulaire: str) -> str:
        """The wiki of a record, and the number of its form there, if any."""
        return f"{self.site or self.source} {formulaire}".strip()

    def as_dict(self) -> dict:
        """The report that `--rapport` writes; `absentes` and `corbeille` only if not empty."""
        return {
            "format": self.format,
            "simulation": self.simulation,
            "lignes": self.lignes,
            "fiches": self.fiches,
            "anomalies": self.anomalies,
            **({"absentes": self.absentes} if self.absentes else {}),
            **({"corbeille": self.corbeille} if self.corbeille else {}),
        }


def _row(anomalie, fiche: str, ligne: int | None) -> dict:
    return {"type": anomalie.type, "fiche": fiche, "champ": anomalie.champ, "ligne": ligne, "texte": anomalie.texte}


def save_lecture(
    lecture: Lecture,
    *,
    simulation: bool = False,
    site: str = "",
    progress: Callable[[Sequence, str, str], Iterable] = lambda rows, unit, what: rows,
    options: dict[str, Any] | None = None,
    fichiers: Fichiers | None = None,
    commande: str = "",
    copie: str = "",
) -> Rapport:
    """Saves the records, keeps those of unknown type as anomalies, and reports each.

    `simulation`: rolls all back at the end. `progress(rows, unit, what)` wraps the rows. `site`: where the records come
    from. `options`: from the operator (`evenement`: slug for registrations; `publier`: every field was public there).
    `fichiers`: files to attach. A real run is kept as a Reprise, with `commande`, and `copie`: path of the copy made
    before.
    """
    cles = [formulaire.cle for formulaire in formulaires.declared()] + [INCONNU]
    rapport = Rapport(
        lecture.format,
        simulation,
        lecture.lignes,
        source=site,
        site=lecture.site,
        options=options or {},
    )
    rapport.fiches = {cle: {"lues": 0, **dict.fromkeys(ETATS, 0)} for cle in cles}
    with fichiers.taken_back_on_failure() if fichiers else nullcontext(), lot():
        with index_later() as saved:
            _save_all(lecture, rapport, progress)
            if fichiers:
                attach_files(fichiers, simulation=simulation, told=rapport.forget, note=partial(note, rapport))
        if simulation:
            transaction.set_rollback(True)
        else:
            for block in progress(list(_blocks(saved)), "bloc", "Index de recherche"):
                index_those(block)
            said = {"site": site[:200], "commande": commande[:500], "copie": copie}
            rapport.reprise = Reprise.objects.create(**said, format=rapport.format, bilan=_figures(rapport, fichiers))
    return rapport


def _blocks(saved: dict) -> Iterator[dict]:
    """Keys to index, in blocks, so that progress shows."""
    for model, keys in saved.items():
        pks = sorted(keys)
        for start in range(0, len(pks), BLOCK):
            yield {model: pks[start : start + BLOCK]}


def _figures(rapport: Rapport, fichiers: Fichiers | None) -> dict:
    """The figures of a run name nobody."""
    return {
        "lignes": rapport.lignes,
        "fiches": rapport.fiches,
        "demo_retirees": rapport.demo_retirees,
        "anomalies": len(rapport.notes),
        "fichiers": len(fichiers.joints) if fichiers else 0,
    }


def _save_all(lecture: Lecture, rapport: Rapport, progress) -> None:
    savers = {reprise.cle: (reprise.saver or FicheSaver)(reprise, rapport) for reprise in formulaires.declared()}
    titres, saved = [], []
    # The wiki numbers all pages of one title but the first: that one must find the record of a text first.
    lues = sorted(lecture.fiches, key=lambda lue: lue.identifiant[-1:].isdigit())
    for lue in progress(lues, "fiche", "Reprise"):
        rapport.fiches[lue.type]["lues"] += 1
        fiche = None
        if saver := savers.get(lue.type):
            fiche = saver.save(lue)
            if fiche:
                saved.append((lue, fiche.pk, saver.reprise))
        else:
            keep_unknown(lue, rapport)
        if not lue.identifiant:
            titres.append((lue.titre, getattr(fiche, "entree_id", None)))
    for saver in savers.values():
        saver.link()
    # Anomalies of earlier runs are only reported: an editor may have untied these versions.
    versions = Anomalie.objects.open().filter(type=Anomalie.Type.VERSION_PROBABLE, entree__in=Entree.objects.in_use())
    for anomalie in versions.select_related("entree"):
        if anomalie.empreinte not in rapport.notes:
            rapport.note(anomalie, anomalie.entree.titre, anomalie.ligne)
    rapport.absentes = _absentes(lecture, rapport, savers)
    public = {declaration.cle for declaration in registre.types()}
    learn_forms(
        {known.ancien.numero: known.type for known in lecture.formulaires if known.type in public and known.numerote}
    )
    assign(titres, entiere=lecture.entiere)
    for anomalie in lecture.restes:
        keep_loose(anomalie, rapport)
    if lecture.format == "texte":
        settle(saved, rapport.notes)


def _absentes(lecture: Lecture, rapport: Rapport, savers: dict) -> list[dict]:
    """Our public records from forms that the source holds whole, but without these records."""
    whole = {rapport.provenance(numero) for numero in lecture.completes}
    if lecture.entiere and not any(anomalie.type == "fin_douteuse" for anomalie in lecture.anomalies):
        whole.add(rapport.provenance(""))
    return [
        {"type": cle, "fiche": entree.titre, "adresse": entree.get_absolute_url()}
        for cle in (declaration.cle for declaration in registre.types())
        for entree in (savers[cle].absentes(whole) if cle in savers else ())
    ]


def keep_unknown(lue, rapport: Rapport) -> None:
    """Keeps what was odd in a record of unknown type, with all its text, as anomalies without a record.

    If it seems to be about a person, only the report tells it: editors read anomalies, and may not read about
    registrants.
    """
    for anomalie in lue.anomalies:
        if not lue.personnel:
            keep_loose(anomalie, rapport)
        elif anomalie.type == "type_inconnu":
            rapport.a_part.append(_row(anomalie, lue.titre, anomalie.ligne))


def keep_loose(anomalie: AnomalieLue, rapport: Rapport) -> None:
    unknown = anomalie.type == "type_inconnu"
    note(rapport, INCONNU if unknown else f"{INCONNU}:{fold(anomalie.titre)}", anomalie)
