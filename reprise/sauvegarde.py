"""Save what a takeover has read: match, follow, report. One transaction; twice changes nothing."""

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
    """Account of a takeover: every line, every record, every anomaly that nobody has settled yet."""

    format: str
    simulation: bool
    lignes: dict[str, int]
    fiches: dict[str, dict[str, int]] = field(default_factory=dict)
    demo_retirees: int = 0
    reprise: Reprise | None = None  # what is kept of the run; of a simulation nothing
    source: str = ""  # what it is called
    site: str = ""  # the address of the wiki, if it tells it
    relire: list[str] = field(default_factory=list)  # titles of those that wait for an editor, as a takeover left them
    conflits: list[tuple[str, list[str]]] = field(default_factory=list)  # titles, labels of the fields in conflict
    a_publier: int = 0  # of those, how many the old site did not keep waiting itself
    corbeille: list[str] = field(default_factory=list)  # titles of those in the bin here, which stay there
    # What this site told once and tells no more: {"type", "fiche", "adresse"}.
    absentes: list[dict] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    # Rows of the report, by the anomaly that is kept of them: the same one met twice is kept once.
    notes: dict[str, list[dict]] = field(default_factory=dict)
    creees: set[str] = field(default_factory=set)
    # Rows that stand in the report alone: what editors may not read.
    a_part: list[dict] = field(default_factory=list)

    @property
    def anomalies(self) -> list[dict]:
        """Every anomaly as it was met, in the order of the file."""
        rows = [row for rows in self.notes.values() for row in rows] + self.a_part
        return sorted(rows, key=lambda row: (row["ligne"] or 0, row["type"]))

    def count(self, cle: str, etat: str) -> None:
        """One more record of that type in that state: one of ETATS, or what else a type counts, if there is any."""
        self.fiches[cle][etat] = self.fiches[cle].get(etat, 0) + 1

    def note(self, anomalie, fiche: str, ligne: int | None, *, created: bool = False) -> None:
        """Tell a kept anomaly, met at `ligne`; `fiche` is the record's title. `created`: it was not kept before."""
        self.notes.setdefault(anomalie.empreinte, []).append(_row(anomalie, fiche, ligne))
        if created:
            self.creees.add(anomalie.empreinte)

    def forget(self, anomalie) -> None:
        """Tell an anomaly no more: it has found its end in this very run, in which it may have been made."""
        self.notes.pop(anomalie.empreinte, None)
        if anomalie.empreinte in self.creees:
            anomalie.delete()

    def provenance(self, formulaire: str) -> str:
        """What a record came from: the wiki, and the number of its form there, "" if the source has none."""
        return f"{self.site or self.source} {formulaire}".strip()

    def as_dict(self) -> dict:
        """The report as `--rapport` writes it; what this wiki lost, what is in the bin here, only if there is any."""
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
    """Save the records, keep those of no known type as anomalies, and say what became of each.

    `simulation`: the same, then all is rolled back. `progress` wraps what is gone through: rows, what each is, what is
    done with them. `site`: where the records come from. `options`: what the operator adds (`evenement`: where
    registrations go; `publier`: all was public there, to the last field). `fichiers`: files to attach. What is carried
    out is kept as a Reprise: `commande`: by what; `copie`: where the database of before is.
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
    """What is to be indexed, in parts of which each is told once it is done."""
    for model, keys in saved.items():
        pks = sorted(keys)
        for start in range(0, len(pks), BLOCK):
            yield {model: pks[start : start + BLOCK]}


def _figures(rapport: Rapport, fichiers: Fichiers | None) -> dict:
    """The figures of the run, which name nobody."""
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
    # Of several pages of one title the wiki numbers all but the first: that one finds the record of a text first.
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
    # Those of earlier runs, which tie nothing again: an editor may have untied it.
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
    """Public records of ours that came from the forms that the source holds whole, and that it no longer holds."""
    whole = {rapport.provenance(numero) for numero in lecture.completes}
    if lecture.entiere and not any(anomalie.type == "fin_douteuse" for anomalie in lecture.anomalies):
        whole.add(rapport.provenance(""))
    return [
        {"type": cle, "fiche": entree.titre, "adresse": entree.get_absolute_url()}
        for cle in (declaration.cle for declaration in registre.types())
        for entree in (savers[cle].absentes(whole) if cle in savers else ())
    ]


def keep_unknown(lue, rapport: Rapport) -> None:
    """Keep what was odd in a record of no known type, all its text included, as anomalies beside no record.

    One that seems to be about a person stands in the report alone: editors read anomalies, and registrants are none of
    their business.
    """
    for anomalie in lue.anomalies:
        if not lue.personnel:
            keep_loose(anomalie, rapport)
        elif anomalie.type == "type_inconnu":
            rapport.a_part.append(_row(anomalie, lue.titre, anomalie.ligne))


def keep_loose(anomalie: AnomalieLue, rapport: Rapport) -> None:
    """Keep an anomaly that is beside no record of ours."""
    unknown = anomalie.type == "type_inconnu"
    note(rapport, INCONNU if unknown else f"{INCONNU}:{fold(anomalie.titre)}", anomalie)
