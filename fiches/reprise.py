"""How records of a type are taken over: what each room's `reprise.py` tells, and the merge that loses nobody's work."""

import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import FileField, Q, QuerySet
from django.utils.text import slugify

from fiches.models import Choix, Contact, FichierJoint
from socle.annuaire.models import Entree
from socle.francais.texte import fold, masquer_courriels
from socle.vie_privee.public_text import written

PERSONNES = "_personnes"  # of Origine.valeurs: digests of the persons that the old site named
CREATION = "_creee_le"  # of the values kept as a base: when the old site made the record, if it ever said so
RESERVES = "_reserves"  # of Origine.valeurs: labels and names of files that visitors of the old site could not read
PROVENANCE = "_provenance"  # of Origine.valeurs: the wiki and its form that the record came from
FICHIERS = "_fichiers"  # of the same: names of the files that hung on the record; one deleted here stays away
DERNIERE = "_derniere"  # of the same: a title alone, the last of its text, which may have stopped inside the record
LONG_TEXT = 6  # words: shorter ones say nothing of which record speaks
SEPARATEUR = " | "  # between the names of a several-choice field, as exports write them
DITS = ("role", "nom", "fonction", "courriel")  # what the old site tells of a person, by attribute of Contact

_STORED = re.compile(r"_[0-9]{14}_[0-9]{14}(\.\w+?)_?$")
_VIGNETTE = re.compile(r"_vignette_[0-9]+_[0-9]+(?=_[0-9]{14}_)")  # in the names of small pictures made from a file
_OWNER = re.compile(r"^[A-Za-z0-9]+_(?:fichier|image)(?:bf_[a-z0-9]+|fichier|image)?_(?=[^.])")
_LINK = re.compile(r" \(https?://[^\s()]+\)")  # as reprise/balises.py writes them
_COURRIEL = re.compile(r"(?<![^\s<>(),;:])[^\s<>(),;:]+@[^\s<>(),;:]+")


@dataclass
class Valeurs:
    """What a record of the old site says, in our fields.

    `champs`: {field name: value}; a foreign key by its column (`departement_id`) or as a row; a many-to-many field as a
    list of rows. `personnes`: keyword arguments of
    Contact; None if the source says nothing of any. `personnes_tues`: {role: attributes of which it says nothing, but for
    what stands in `personnes`}. `fichiers`: names of files on the old site. `joints`: {name: title} of those that its
    texts and its image fields name. `debuts`: fields of which the source says the beginning
    alone. `anomalies`: (type, label, text) met while reading.
    """

    champs: dict[str, Any]
    personnes: list[dict] | None = field(default_factory=list)
    personnes_tues: dict[str, set[str]] = field(default_factory=dict)
    fichiers: list[str] = field(default_factory=list)
    joints: dict[str, str] = field(default_factory=dict)
    debuts: frozenset[str] = frozenset()
    anomalies: list[tuple[str, str, str]] = field(default_factory=list)


def person(role: str, text: str) -> list[dict]:
    """A person written in one cell, as Contact holds it: the address apart from the name; none if nothing is there."""
    text = " ".join(text.split())
    if not text:
        return []
    found = _COURRIEL.search(text)
    name = text.replace(found.group(), "").strip(" ,;:()<>-–") if found else text
    return [{"role": role, "nom": name[:200], "courriel": found.group()[:254] if found else ""}]


def is_stored_as(stored: str, shown: str) -> bool:
    """Whether the old site kept under the name `stored` the file that its pages called `shown`.

    It puts the record and the field before the name, two dates behind it, and « _ » after extensions it mistrusts.
    """
    bare, count = _STORED.subn(r"\1", stored)
    bare_shown = shown.rstrip("_")
    return stored == shown or bool(count and bare_shown and f"_{bare}".endswith(f"_{bare_shown}"))


def as_text(value) -> str:
    """A field's value as text, by which two versions of it are compared."""
    if value is None:
        return ""
    if hasattr(value, "all"):
        value = value.all()
    if isinstance(value, list | QuerySet):
        return SEPARATEUR.join(sorted(str(row) for row in value))
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def digest(person: dict) -> str:
    """What the takeover remembers of a person: enough to know them again, nothing that names anyone."""
    said = "\x1f".join(f"{name}={person.get(name, '')}" for name in DITS)
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass
class Fusion:
    """What becomes of a record's fields: those to take from the old site, and those both sides changed."""

    prendre: dict[str, Any] = field(default_factory=dict)
    conflits: dict[str, tuple[str, str]] = field(default_factory=dict)  # field: (ours, theirs), as text


def merge(
    fiche,
    base: dict[str, str],
    theirs: dict[str, Any],
    settled: Callable[[str, str], bool],
    *,
    undated: bool = False,
    other: bool = False,
) -> Fusion:
    """Compare field by field what the old site said last time (`base`), what it says now, and what stands here.

    What was edited here since is never overwritten: if the old site says anything else, it is a conflict, unless
    `settled(field, their text)` says that somebody has already decided on that very text. A field that is empty here
    and was never taken over was not edited: it is taken. Where the old site says nothing and never did, what stands
    here contradicts nobody. `undated`: nobody knows when they said it, so that it takes the place of nothing they said
    at a known date, and of an edit as little. `other`: they may speak of another record of the same title: whatever
    differs is a conflict.
    """
    fusion = Fusion()
    for name, value in theirs.items():
        ours, new, before = as_text(getattr(fiche, name)), as_text(value), base.get(name)
        if ours == new or not (new or before):
            continue
        taken = ours == (before or "") and not (undated and before and CREATION in base)
        if taken and not other:
            fusion.prendre[name] = value
        elif not settled(name, new):
            fusion.conflits[name] = (ours, new)
    return fusion


def says_another(base: dict[str, str], champs: dict[str, Any]) -> bool:
    """Whether a text of some length has fewer than half of its words in common with what the old site said of it."""
    texts = [(base.get(name, "").split(), value.split()) for name, value in champs.items() if isinstance(value, str)]
    longer = [pair for pair in texts if min(map(len, pair)) >= LONG_TEXT]
    return any(SequenceMatcher(None, *pair, autojunk=False).ratio() < 0.5 for pair in longer)


def shown_name(stored: str) -> str:
    """What is left of a name under which the old site kept a file once the record, the field and the dates are gone."""
    bare, count = _STORED.subn(r"\1", stored)
    return _OWNER.sub("", bare) if count else stored.rstrip("_")


def stored_name(nom: str) -> str:
    """The name of the file that a small picture was made from; any other name as it is."""
    return _VIGNETTE.sub("", nom)


def undated(stored: str) -> str:
    """The same name without its two dates: what a text that names the file knows of it. A name without dates is kept."""
    return _STORED.sub(r"\1", stored)


def keep_links(record, base: dict[str, str], valeurs: Valeurs, settled: Collection[tuple[str, str]]) -> None:
    """The text dump prints links by their words alone: addresses that the old site's data told stay.

    They stand in the record, in what the old site said last time (`base`), or in (field, text) that somebody has
    decided on (`settled`): two records made one have one text and three that were told.
    """
    for name, value in valeurs.champs.items():
        if value and isinstance(value, str):
            told = [str(getattr(record, name)), base.get(name, ""), *(text for champ, text in settled if champ == name)]
            valeurs.champs[name] = next((text for text in told if _LINK.sub("", text) == value), value)


def complete_persons(entree, valeurs: Valeurs, known: Collection[str]) -> list[dict] | None:
    """The persons that the source names, with what it hides of them and told last time: addresses, names, functions."""
    if valeurs.personnes is None or not valeurs.personnes_tues:
        return valeurs.personnes
    persons = [dict(row) for row in valeurs.personnes]
    for contact in Contact.objects.filter(entree=entree, role__in=valeurs.personnes_tues):
        if not was_told(contact, known):
            continue
        told = {name: getattr(contact, name) for name in DITS}
        hidden = valeurs.personnes_tues[contact.role]
        shown = {name: text for name, text in told.items() if name not in hidden}
        row = next((row for row in persons if all(row.get(name, "") == text for name, text in shown.items())), None)
        if row:
            row |= {name: told[name] for name in hidden if row.get(name, "") in told[name]}
        elif not any(text for name, text in shown.items() if name != "role"):
            persons.append({name: text for name, text in told.items() if text})
    return persons


def keep_newer_persons(entree, base: dict[str, Any], valeurs: Valeurs) -> None:
    """A text, which nobody knows the age of, says nothing of persons whom the old site's data told otherwise."""
    named = dict(Contact.objects.filter(entree=entree).exclude(nom="").values_list("role", "nom"))
    said = {row["role"]: row.get("nom", "") for row in valeurs.personnes or ()}
    if CREATION in base and any(said.get(role) != nom for role, nom in named.items()):
        valeurs.personnes = None


def merge_persons(entree, persons: list[dict], known: Collection[str] = ()) -> bool:
    """Give the record the persons that the old site did not name last time; whether anything changed here.

    `known`: digests of those it named then. One of them who was erased here does not come back. One whom it names no
    more, or otherwise, follows it as long as nobody has edited them here.
    """
    said = {digest(row): row for row in persons}
    left = [row for row in Contact.objects.filter(entree=entree) if _is_as_said(row, set(known) - said.keys())]
    changed = bool(left)
    for key, row in said.items():
        if key in known or Contact.objects.filter(entree=entree, **row).exists():
            continue
        contact = next((contact for contact in left if contact.role == row["role"]), None)
        if contact:
            left.remove(contact)
        else:
            contact = Contact(entree=entree)
        for name in DITS:
            setattr(contact, name, row.get(name, ""))
        contact.save()
        changed = True
    for contact in left:
        contact.delete()
    return changed


def _is_as_said(contact: Contact, digests: set[str]) -> bool:
    """Whether a row is one of these persons and nobody has edited it: the old site tells no telephone, no consent."""
    if contact.telephone or contact.accord or contact.sans_message:
        return False
    return was_told(contact, digests)


def was_told(contact: Contact, digests: Collection[str]) -> bool:
    """Whether a row is one of these persons, as the old site tells them."""
    return digest({name: getattr(contact, name) for name in DITS}) in digests


def one_line(text: str, length: int) -> str:
    """`text` on one line, cut to what its column holds."""
    return " ".join(text.split())[:length]


class ListeDeChoix:
    """Finds the rows of one list by name, and keeps a name it does not know as a new row. One a run.

    A value is public: one that holds an e-mail address is refused, see `takes`.
    """

    def __init__(self, liste: str):
        self.liste = liste
        rows = {row.pk: row for row in Choix.objects.filter(liste=liste)}
        self.rows = {fold(row.nom): row for row in rows.values()}
        self.rows |= {fold(nom): rows[pk] for pk, nom in written(Choix, "nom").items() if pk in rows}

    def get(self, nom: str) -> Choix | None:
        """The row of that name, whatever its capitals and accents; None for no name, or one that is refused."""
        # Of a list that is a tree the old site writes « parent ➤ value » in some places, the value alone in others.
        nom = one_line(nom.rpartition("➤")[2], 200).removeprefix("- ").strip()
        if not nom or not self.takes(nom):
            return None
        if fold(nom) not in self.rows:
            same = Choix.objects.filter(liste=self.liste)
            # Another type of this run may have made it; two spellings of one address are one value.
            row = same.filter(Q(nom=nom) | Q(slug=slugify(nom)[:100])).first()
            self.rows[fold(nom)] = row or Choix.objects.create(liste=self.liste, nom=nom)
        return self.rows[fold(nom)]

    @staticmethod
    def takes(nom: str) -> bool:
        """Whether a value may stand in a list."""
        return masquer_courriels(nom) == nom


class RepriseFiche:
    """Turns what a dump holds into the fields of one record type; a room says which label becomes which field.

    `textes`: free texts, kept as they are. `lignes`: one line each. `liens`: an address each; what is none is an
    anomaly. `choix`: {label: (field, list)} of one value; `listes`: of several. `personnes`: {label: (role, attribute
    of Contact)}. What no label claims is an anomaly, never dropped. One object a run.
    """

    model = None
    textes: dict[str, str] = {}
    lignes: dict[str, str] = {}
    liens: dict[str, str] = {}
    choix: dict[str, tuple[str, str]] = {}
    listes: dict[str, tuple[str, str]] = {}
    personnes: dict[str, tuple[str, str]] = {}
    # What other labels fill, each with its fields: those that `read_more` reads.
    autres: dict[str, tuple[str, ...]] = {}
    fichiers = "Fichier"
    fichiers_publics = True  # whether the files under that label are public with the record
    titre = "titre"

    def __init__(self):
        names = {liste for _, liste in (*self.choix.values(), *self.listes.values())}
        self.rows = {name: ListeDeChoix(name) for name in names}

    def saver(self, cle: str, rapport, site: str):
        """What saves the records of this type in this run."""
        from fiches.suivi.reprise import FicheSaver

        return FicheSaver(cle, self, rapport, site)

    def read(self, lue) -> Valeurs:
        """The record's values; `lue` has `titre` and `champs`, {label: .texte}."""
        valeurs = Valeurs({self.titre: one_line(lue.titre, self._length(self.titre))})
        said = {label: champ.texte for label, champ in lue.champs.items()}
        for label, name in self.textes.items():
            valeurs.champs[name] = said.get(label, "")
        for label, name in self.lignes.items():
            valeurs.champs[name] = one_line(said.get(label, ""), self._length(name))
        for label, name in self.liens.items():
            valeurs.champs[name] = self._link(label, said.get(label, ""), valeurs)
        for label, (name, liste) in self.choix.items():
            valeurs.champs[name] = next(iter(self._rows(liste, label, [said.get(label, "")], valeurs)), None)
        for label, (name, liste) in self.listes.items():
            valeurs.champs[name] = self._rows(liste, label, said.get(label, "").splitlines(), valeurs)
        valeurs.personnes = self._persons(said)
        valeurs.fichiers = said.get(self.fichiers, "").splitlines()
        valeurs.joints = {nom[:300]: titre[:200] for nom, (_, titre) in getattr(lue, "joints", {}).items()}
        claimed = {*self.textes, *self.lignes, *self.liens, *self.choix, *self.listes, *self.personnes, self.fichiers}
        self.read_more(lue, said, valeurs, claimed)
        valeurs.anomalies += [("non_attribuee", k, v) for k, v in said.items() if v.strip() and k not in claimed]
        self._leave_unsaid(valeurs, getattr(lue, "tus", ()))
        return valeurs

    def fields_under(self, label: str) -> tuple[str, ...]:
        """The fields in which what stands under a label can be read."""
        return self._filled_by_it_alone(label)

    def is_shown(self, label: str) -> bool:
        """Whether our pages show what stands under a label: not persons, nor files for staff alone."""
        return bool(self.fields_under(label)) or (label == self.fichiers and self.fichiers_publics)

    def _filled_by_it_alone(self, label: str) -> tuple[str, ...]:
        named = self.textes | self.lignes | self.liens
        named |= {name: field for name, (field, _) in (self.choix | self.listes).items()}
        return (*self.autres.get(label, ()), *([named[label]] if label in named else ()))

    def _leave_unsaid(self, valeurs: Valeurs, unsaid: Collection[str]) -> None:
        """Say nothing of the fields of which the source says nothing: what stands there stays."""
        for label in unsaid:
            for name in self._filled_by_it_alone(label):
                valeurs.champs.pop(name, None)
        if self.personnes and not self.personnes.keys() - unsaid:
            valeurs.personnes = None
        for label, (role, attribute) in self.personnes.items():
            if label in unsaid:
                valeurs.personnes_tues.setdefault(role, set()).add(attribute)

    def read_more(self, lue, said: dict[str, str], valeurs: Valeurs, claimed: set[str]) -> None:
        """What a type reads in its own way; it adds the labels it takes to `claimed`."""

    def dated(self, titre: str) -> tuple | None:
        """By what two titles are one that only write a day in two ways; None for a title without a day."""
        return None

    @classmethod
    def field_of(cls, label: str) -> str | None:
        """The field that holds what people wrote under a label, word for word: a text taken out can go back there."""
        return cls.textes.get(label) or cls.lignes.get(label)

    @classmethod
    def filled_by(cls, label: str) -> str | None:
        """The field that an editor fills when the old site had nothing to give under a label: text, link or file."""
        if label == cls.fichiers:
            return next((field.name for field in cls.model._meta.fields if isinstance(field, FileField)), None)
        return cls.field_of(label) or cls.liens.get(label)

    def make_room(self, demo: QuerySet) -> int:
        """Delete demo records that nobody edited, since real ones take their place; how many rows left."""
        pks = list(demo.values_list("pk", flat=True))
        Entree.objects.filter(pk__in=pks).delete()  # records and all that hangs on them, together
        return len(pks)

    def prepare(self, fiche, champs: dict[str, Any]) -> None:
        """Undo what followed from the values that `champs` is about to replace (places)."""

    def complete(self, fiche, valeurs: Valeurs) -> None:
        """Fill a record with what follows from the values (places), before it is saved."""

    def reconcile(self, fiche, base: dict[str, str], valeurs: Valeurs) -> None:
        """Before a merge: see that what only looks different is the same. A file has a longer name in the old site's data
        than on its pages; the longer is kept, by which it can be fetched. That of a merged record stands in `base`. What
        begins as the source says, and goes on as another source said, stays. A file deleted here does not come back.
        """
        for name in valeurs.debuts:
            said = valeurs.champs[name]
            told = (getattr(fiche, name), base.get(name, ""))
            valeurs.champs[name] = next((text for text in told if text.startswith((f"{said}, ", f"{said} "))), said)
        if not (valeurs.fichiers or valeurs.joints):
            return
        there = self.files_of(fiche)
        deleted = set(base.get(FICHIERS, ())) - there.keys()
        valeurs.fichiers = [nom for nom in valeurs.fichiers if nom not in deleted]
        # A CSV does not tell the page that stands before the name of an attached file.
        longer = {nom: next((held for held in there if held.endswith(f"_{nom}")), nom) for nom in valeurs.joints}
        valeurs.joints = {longer[nom]: titre for nom, titre in valeurs.joints.items() if longer[nom] not in deleted}
        held = [*there, *filter(None, [base.get("nom_origine")])]
        for number, shown in enumerate(valeurs.fichiers):
            stored = shown if shown in held else next((nom for nom in held if is_stored_as(nom, shown)), None)
            if stored is None:
                continue
            held.remove(stored)
            valeurs.fichiers[number] = stored
            if valeurs.champs.get("nom_origine") == shown:
                valeurs.champs["nom_origine"] = stored

    def files_of(self, fiche) -> dict[str, bool]:
        """{name on the old site: whether the file itself is here} of a record's files."""
        nom = getattr(fiche, "nom_origine", "")
        own = {nom: bool(fiche.fichier)} if nom else {}
        return own | {row.nom_origine: bool(row.fichier) for row in FichierJoint.objects.filter(entree=fiche.pk)}

    def holds_unsaid_files(self, fiche, base: dict, valeurs: Valeurs) -> bool:
        """Whether a file that an earlier source hung on the record hangs there, and this source does not name it."""
        told = set(base.get(FICHIERS, ()))
        held = [row.nom_origine for row in FichierJoint.objects.filter(entree=fiche.pk) if row.nom_origine in told]
        named = self.joined(valeurs)
        return any(
            nom not in named and not any(is_stored_as(nom, said) or nom.endswith(f"_{said}") for said in named)
            for nom in held
        )

    def missing(self, fiche, valeurs: Valeurs) -> list[str]:
        """Names of the files that the old site has and that are not here."""
        names = list(dict.fromkeys([*valeurs.fichiers, *valeurs.joints]))
        held = self.files_of(fiche) if names else {}
        return [nom for nom in names if not held.get(nom[:300])]

    def joined(self, valeurs: Valeurs) -> dict[str, str]:
        """{name on the old site: title} of the files that the record's own fields do not hold."""
        own = valeurs.champs.get("nom_origine")
        return {nom[:300]: "" for nom in valeurs.fichiers if nom[:300] != own} | valeurs.joints

    def attach(self, fiche, valeurs: Valeurs) -> None:
        """Save what hangs on a record (files), once it is saved."""
        joined = self.joined(valeurs)
        held = list(FichierJoint.objects.filter(entree=fiche.pk)) if joined else []
        names = {row.nom_origine for row in held}
        for nom in (nom for nom in joined if nom not in names):
            row = next((row for row in held if is_stored_as(nom, row.nom_origine)), None)
            row = row or next((row for row in held if row.nom_origine and nom.endswith(f"_{row.nom_origine}")), None)
            row = row or FichierJoint(entree_id=fiche.pk, titre=joined[nom])
            row.nom_origine = nom
            row.save()

    def link(self, fiches: list) -> list[tuple[Any, str, str]]:
        """Tie new records together once all are saved; anomalies as (record, type, text)."""
        return []

    def _length(self, name: str) -> int:
        return self.model._meta.get_field(name).max_length or 10**6

    def _rows(self, liste: str, label: str, names: list[str], valeurs: Valeurs) -> list[Choix]:
        """The values of a list that have these names; a name that cannot be one is an anomaly, kept in no field."""
        rows = self.rows[liste]
        valeurs.anomalies += [("non_attribuee", label, nom.strip()) for nom in names if not rows.takes(nom)]
        return list(dict.fromkeys(row for nom in names if (row := rows.get(nom))))

    @staticmethod
    def _link(label: str, text: str, valeurs: Valeurs) -> str:
        """An address, or "" and an anomaly: the reader has told empty ones already. A blank in it is encoded, and told."""
        text = " ".join(text.split())
        if text.lower() in ("", "http://", "https://"):
            return ""
        address = text.replace(" ", "%20")
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError:
            address = ""
        if address != text:
            valeurs.anomalies.append(("lien_a_verifier", label, text))
        return address[:500]

    def _persons(self, said: dict[str, str]) -> list[dict]:
        """Contacts, one a role; an address written among a name goes to its own attribute."""
        found: dict[str, dict] = {}
        for label, (role, attribute) in self.personnes.items():
            for read in person(role, said.get(label, "")):
                row = found.setdefault(role, {"role": role})
                if attribute == "nom":
                    row["nom"] = f"{row.get('nom', '')} {read['nom']}".strip()[:200]
                elif read["nom"]:
                    row[attribute] = read["nom"]
                if read["courriel"]:
                    row["courriel"] = read["courriel"]
        return list(found.values())
