"""The persons of a record as the old site names them, and what follows for those that stand here."""

import hashlib
import re
from collections.abc import Collection
from typing import Any

from fiches.attached import Contact
from participants.models import CREATION
from reprise.lecture import Valeurs
from socle.francais.texte import fold

DITS = ("role", "nom", "fonction", "courriel")  # attributes of Contact that the old site tells


_COURRIEL = re.compile(r"(?<![^\s<>(),;:])[^\s<>(),;:]+@[^\s<>(),;:]+")


def person(role: str, text: str) -> list[dict]:
    """The person in one cell, as arguments of Contact: name and address apart; [] for an empty cell."""
    text = " ".join(text.split())
    if not text:
        return []
    found = _COURRIEL.search(text)
    name = text.replace(found.group(), "").strip(" ,;:()<>-–") if found else text
    return [{"role": role, "nom": name[:200], "courriel": found.group()[:254] if found else ""}]


def digest(person: dict, dits: Collection[str] = DITS) -> str:
    """Finds a person again, and names nobody."""
    said = "\x1f".join(f"{name}={person.get(name, '')}" for name in dits)
    return hashlib.sha256(said.encode()).hexdigest()


def keep_newer_persons(entree, base: dict[str, Any], valeurs: Valeurs) -> None:
    """Ignores the persons of a text, which has no date, if the old site's data named others."""
    named = dict(Contact.objects.filter(entree=entree).exclude(nom="").values_list("role", "nom"))
    said = {row["role"]: row.get("nom", "") for row in valeurs.personnes or ()}
    if CREATION in base and any(said.get(role) != nom for role, nom in named.items()):
        valeurs.personnes = None


def follow_persons(entree, persons: list[dict], known: set[str]) -> bool:
    """Gives a record the persons whom the old site names; returns whether anything changed.

    `known`: digests of all persons it ever named, updated here. Persons erased or edited here stay so. A new name
    replaces an unedited person of the same role. An address or a person that the old site no longer tells stays: it may
    be hidden.
    """
    here = list(Contact.objects.filter(entree=entree)) if persons else []
    told = [one for one in here if _is_as_said(one, known)]
    met, changed = [], False
    for row in persons:
        contact = next((one for one in here if _is_said_by(one, row)), None)
        if contact is None:
            free = [one for one in told if one.role == row["role"] and one not in met]
            named = next((one for one in free if _is_named_by(one, row)), None)
            if not named and known & {digest(row), *_by_name(row)}:
                continue
            contact = named or next(iter(free), None) or Contact(entree=entree)
            known -= _digests(contact)
            for name in DITS:
                setattr(contact, name, row.get(name, "") or (getattr(contact, name) if named else ""))
            contact.save()
            here.append(contact)
            told.append(contact)
            changed = True
        met.append(contact)
    roles = {row["role"] for row in persons}
    for contact in told:
        if contact in met:
            known |= _digests(contact)
        elif contact.role in roles:
            known -= _digests(contact)
            contact.delete()
            changed = True
    for row in persons:  # of persons edited or erased here, only this is remembered
        known |= _alone(row, row.get("nom", "")) or {digest(row)}
    return changed


def _digests(contact: Contact) -> set[str]:
    """Digests of all that the old site may tell of a person: everything, the name only, or the first name only."""
    person = {name: getattr(contact, name) for name in DITS}
    return {digest(person), *_alone(person, contact.nom), *_alone(person, contact.nom.partition(" ")[0])}


def _alone(person: dict, nom: str) -> set[str]:
    return {digest({"role": person["role"], "nom": nom}, ("role", "nom"))} if nom else set()


def _by_name(row: dict) -> set[str]:
    """Digests under which a person of this name was told, those of earlier versions of the takeover included."""
    nom = row.get("nom", "")
    return {digest({"role": row["role"], "nom": nom}), *_alone(row, nom)} if nom else set()


def _is_said_by(contact: Contact, row: dict) -> bool:
    """Whether a row tells of this person. If the old site hides the name, a first name is enough."""
    said = {name: text for name, text in row.items() if text and name != "nom"}
    words = set(fold(row.get("nom", "")).split())
    return words <= set(fold(contact.nom).split()) and all(getattr(contact, name) == said[name] for name in said)


def _is_named_by(contact: Contact, row: dict) -> bool:
    """Whether a row with something new names this person, or hides the name."""
    return contact.nom == row["nom"] if row.get("nom") else row.get("courriel", "") in ("", contact.courriel)


def _is_as_said(contact: Contact, known: Collection[str]) -> bool:
    """Whether the person was told so and is unedited: the old site tells no telephone and no consent."""
    return not (contact.telephone or contact.accord or contact.sans_message) and was_told(contact, known)


def was_told(contact: Contact, digests: Collection[str]) -> bool:
    """Whether this is one of these persons exactly as the old site told them."""
    return digest({name: getattr(contact, name) for name in DITS}) in digests
