"""Reads one record of the old wiki's data into what a takeover saves.

Each value counts once among `LIGNES`: `titres`; `libelles` (what the wiki itself adds); `valeurs` (what our fields
hold); `repetitions`; `vides`; `ecartees` (removed spam, digests of passwords); `non_attribuees` (claimed by no field,
kept as an anomaly).
"""

import json
from collections.abc import Mapping
from datetime import datetime

from reprise.balises import Joints, lines_of, plain, unescape, without_tags
from reprise.fields import Formulaire, note_missing, note_odd
from reprise.lecture import FICHIER, Lue
from reprise.reconnaissance import Reconnu, plie
from reprise.wiki import (
    INCERTAIN,
    TITRE,
    ChampAncien,
    FicheAncienne,
    FormulaireAncien,
    Wiki,
    is_file_name,
    is_secret,
    last_of,
)
from socle.francais.valeurs import read_moment

POSITION, IMAGE = "Position", "Image"
_OF_PERSONS = frozenset(("prenom", "courriel", "mail", "telephone", "naissance"))


def title_of(fiche: FicheAncienne) -> str:
    raw = fiche.valeurs.get(TITRE, "")
    return " ".join(lines_of(unescape(unescape(without_tags(raw)))).split())


class FicheEnLecture:
    """A record being read.

    `places`: for each value, where it counts and its label. `titles`: {identifier: title} of the wiki's records.
    """

    def __init__(
        self,
        ancienne: FicheAncienne,
        known: Reconnu,
        form: Formulaire | None,
        *,
        wiki: Wiki,
        titles: Mapping[str, str],
    ):
        self.ancienne, self.known, self.form, self.wiki, self.titles = ancienne, known, form, wiki, titles
        self.places: list[tuple[str, str]] = []
        self.lue = Lue(
            known.type,
            title_of(ancienne),
            ancienne.ligne,
            ancienne.ligne,
            identifiant=ancienne.identifiant,
            publiee=ancienne.publiee,
            personnel=form is None and (ancienne.formulaire == INCERTAIN or _names_persons(known.ancien)),
            formulaire=ancienne.formulaire if ancienne.formulaire.isdecimal() else "",
        )
        self._read_title()
        self.lue.creee_le = self._moment("creee_le", ancienne.creation)
        self.lue.modifiee_le = self._moment("modifiee_le", ancienne.modification)
        for cle, text in ancienne.valeurs.items():
            if cle != TITRE:
                self._read_value(known.ancien.champs[cle], text)
        if champ := self.lue.champs.get(POSITION):
            champ.texte = ", ".join(dict.fromkeys(champ.texte.split("\n")))
        self._read_rights()

    def _count(self, kind: str, label: str = "") -> None:
        self.places.append((kind, label))

    def _put(self, label: str, text: str, kind: str = "valeurs") -> None:
        """Adds a value; the saver makes an anomaly of one that is "non_attribuees" here."""
        self.lue.put(label, text, self.lue.premiere_ligne)
        self._count(kind, label)

    def _join(self, label: str, noms: dict[str, str]) -> None:
        """Adds the files that belong to the record. A forbidden name is reported as that of a missing file."""
        for nom, titre in noms.items():
            if is_file_name(nom):
                self.lue.joints.setdefault(nom, (label, titre))
            else:
                self.lue.note("fichier_manquant", label, nom)

    def _moment(self, name: str, text: str) -> datetime | None:
        moment = _moment(text)
        if moment is None and any(char in "123456789" for char in text):
            self.lue.note("non_attribuee", name, text)
        return moment

    def _read_title(self) -> None:
        lue, form, valeurs = self.lue, self.form, self.ancienne.valeurs
        if not lue.titre:
            if TITRE in valeurs:
                self._count("vides")
            if form is None or not form.sans_titre:
                lue.titre = lue.identifiant or "Sans titre"
        elif form and form.sans_titre:
            words = set(plie(" ".join(text for name, text in valeurs.items() if name != TITRE)).split())
            if set(plie(lue.titre).split()) <= words:
                self._count("repetitions")  # made of the other fields
            else:
                self._put(self.known.ancien.champs[TITRE].nom, lue.titre, "non_attribuees")
            lue.titre = ""
        else:
            self._count("titres")

    def _read_value(self, champ: ChampAncien, raw: str) -> None:
        lue, label = self.lue, self.known.champs.get(champ.cle)
        raw = raw.replace("\r\n", "\n")
        ours = self.form.libelles[label].genre if label else ""
        choice = champ.genre in ("choix", "listes", "fiches") or ours in ("choix", "listes")
        if not raw.strip() or (choice and raw.strip() == "0"):
            self._count("vides")
        elif champ.genre == "secret" or is_secret(raw):
            self._count("ecartees")
        elif champ.cle.endswith("_evenement_data"):
            self._put("Répétition", _repeated(raw), "non_attribuees")
        elif champ.genre == "rien":
            self._count("libelles")
        elif champ.genre == "fichier":
            self._put(FICHIER, raw.strip())
        elif champ.genre == "image" and self.form is not None:
            self._join(champ.nom, {raw.strip().rpartition("/files/")[2]: ""})
            self._count("valeurs")
        elif label is None:
            text, _ = self._text(champ, raw)
            self._put(self._free_name(champ), text, "non_attribuees")
        elif choice:
            self._read_choice(champ, label, raw)
        else:
            joints = Joints(lue.identifiant)
            text, unknown = self._text(champ, raw, ours, joints)
            self._join(label, joints.noms)
            if text:
                self._put(label, text)
                note_odd(lue, self.form, label, text, lue.premiere_ligne)
            else:
                self._count("valeurs" if joints.noms else "vides")
            for piece in unknown:
                lue.note("balisage_inconnu", label, piece)

    def _free_name(self, champ: ChampAncien) -> str:
        """The label for a value that no field of ours claims."""
        if champ.genre == "carte":
            return POSITION
        name = champ.nom or IMAGE
        taken = name in self.lue.champs or name == FICHIER or (self.form and name in self.form.all_labels)
        return f"{name} ({champ.cle})" if taken else name

    def _text(
        self, champ: ChampAncien, raw: str, ours: str = "", joints: Joints | None = None
    ) -> tuple[str, list[str]]:
        """(plain text, pieces of markup not understood). `ours`: what our label holds."""
        if champ.genre == "fiches":
            return ", ".join(self._linked(champ, raw)), []
        if champ.genre in ("courriel", "lien", "carte", "image") or ours in ("courriel", "lien"):
            return unescape(raw).strip(), []
        if champ.genre in ("choix", "listes"):
            labels, others = _choose(raw, champ.options, several=champ.genre == "listes", libelles=True)
            return ", ".join([*labels, *others]), []
        syntaxe = "nohtml" if ours == "ligne" else champ.syntaxe
        return plain(raw, syntaxe, site=self.wiki.site, joints=joints)

    def _linked(self, champ: ChampAncien, raw: str) -> list[str]:
        """Titles of linked records; for one outside the source, the label in the form, else its page."""
        told = champ.options or {}
        return [self.titles.get(name) or without_tags(told.get(name, "")) or name for name in _labels(raw)]

    def _read_choice(self, champ: ChampAncien, label: str, raw: str) -> None:
        ours = self.form.libelles[label].genre
        several = ours == "listes" or (champ.genre == "listes" and ours not in ("choix", "ligne"))
        if champ.genre == "fiches":
            labels, others = self._linked(champ, raw), []
        else:
            labels, others = _choose(raw, champ.options, several=several, libelles=False)
        if labels:
            self._put(label, "\n".join(f"- {name}" for name in labels) if several else labels[0])
            others = [*others, *([] if several else labels[1:])]
        else:
            self._count("non_attribuees", label)
        for name in others:
            self.lue.note("non_attribuee", label, name)

    def _read_rights(self) -> None:
        known, hidden = self.known, set()
        for cle, champ in known.ancien.champs.items():
            if not champ.reserve:
                continue
            if champ.genre == "image":
                hidden |= {champ.nom, cle}  # no label of ours: sources use either name
            elif label := FICHIER if champ.genre == "fichier" else known.champs.get(cle):
                hidden.add(label)
        self.lue.reserves = None if known.ancien.deduit else frozenset(hidden)

    def note_missing(self) -> None:
        """Without a known type, a record lacks a title too."""
        if self.form and not self.form.sans_titre and ("titres", "") not in self.places:
            self.lue.note("titre_manquant", "titre", "")
        note_missing(self.lue, self.form)

    def take_from(self, older: "FicheEnLecture") -> None:
        """Adds what only an older print says, and notes what it says otherwise."""
        lue, old = self.lue, older.lue
        taken: set[str] = set()
        odd: dict[str, str] = {}
        for kind, label in older.places:
            champ, ours = old.champs.get(label), lue.champs.get(label)
            if kind == "titres":
                kind = "repetitions"
                if old.titre != lue.titre:
                    kind, odd["titre"] = "non_attribuees", old.titre
            elif kind in ("valeurs", "non_attribuees") and champ and label not in taken:
                if ours is None:
                    lue.champs[label] = champ
                    taken.add(label)
                elif ours is not None and ours.texte == champ.texte:
                    kind = "repetitions"
                else:
                    kind, odd[label] = "non_attribuees", champ.texte
            self._count(kind, label)
        told = {(anomalie.type, anomalie.champ, anomalie.texte) for anomalie in lue.anomalies}
        lue.anomalies += [a for a in old.anomalies if (a.type, a.champ, a.texte) not in told]
        for label, text in odd.items():
            lue.note("non_attribuee", label, text, old.premiere_ligne)
        lue.joints = lue.joints or old.joints


def _repeated(raw: str) -> str:
    """Words for an event that repeats: here an event has one date."""
    try:
        said = json.loads(raw)
    except ValueError:
        said = {}
    if isinstance(said, dict) and (parent := said.get("recurrentParentId")):
        return f"une des dates de l’événement répété « {parent} »"
    return f"l’ancien site répète cet événement ; seule sa première date est reprise. Il écrit : {raw}"


def _names_persons(form: FormulaireAncien) -> bool:
    """Whether an unknown form seems to be about persons."""
    words = {word for champ in form.champs.values() for word in plie(f"{champ.label} {champ.cle}").split()}
    return any(c.genre == "courriel" for c in form.champs.values()) or bool(words & _OF_PERSONS)


def _moment(text: str) -> datetime | None:
    """A date of the old site, in the time zone of its server, which is ours; None if there is none."""
    found, _ = read_moment(text) or (None, False)
    return found if found and 1990 <= found.year <= 2200 else None


def _labels(cell: str) -> list[str]:
    """Names separated by commas; of a path in a tree, the last name."""
    names = [" ".join(last_of(unescape(name)).split()) for name in cell.split(",")]
    return [name for name in names if name]


def _choose(raw: str, options: dict[str, str] | None, *, several: bool, libelles: bool) -> tuple[list[str], list[str]]:
    """(labels chosen, values that no option has)."""
    raw = raw.strip()
    keys = [name.strip() for name in raw.split(",")]
    if not several:
        names = [" ".join(last_of(unescape(raw)).split())]
    elif options and not options.keys().isdisjoint(keys):
        names = keys
    else:
        names = _labels(raw)
    if not options:
        return (names, []) if libelles else ([], names)
    spelt = {plie(label): label for label in reversed(options.values())}
    chosen, others = [], []
    for name in names:
        label = options.get(name) or spelt.get(plie(name))
        if label:
            chosen.append(label)
        elif name not in ("", "0"):
            others.append(name)
    return list(dict.fromkeys(chosen)), others
