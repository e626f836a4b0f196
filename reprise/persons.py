"""The persons of a record as the old site tells them, and what becomes of those that stand here."""

import hashlib
import re
from collections.abc import Collection
from typing import Any

from fiches.attached import Contact
from participants.models import CREATION
from reprise.lecture import Valeurs

DITS = ("role", "nom", "fonction", "courriel")  # what the old site tells of a person, by attribute of Contact


_COURRIEL = re.compile(r"(?<![^\s<>(),;:])[^\s<>(),;:]+@[^\s<>(),;:]+")


def person(role: str, text: str) -> list[dict]:
    """A person written in one cell, as Contact holds it: the address apart from the name; none if nothing is there."""
    text = " ".join(text.split())
    if not text:
        return []
    found = _COURRIEL.search(text)
    name = text.replace(found.group(), "").strip(" ,;:()<>-–") if found else text
    return [{"role": role, "nom": name[:200], "courriel": found.group()[:254] if found else ""}]


def digest(person: dict) -> str:
    """What the takeover remembers of a person: enough to know them again, nothing that names anyone."""
    said = "\x1f".join(f"{name}={person.get(name, '')}" for name in DITS)
    return hashlib.sha256(said.encode()).hexdigest()


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
    here = list(Contact.objects.filter(entree=entree))
    left = [row for row in here if _is_as_said(row, set(known) - said.keys())]
    changed = bool(left)
    for key, row in said.items():
        if key in known or any(all(getattr(one, name) == row[name] for name in row) for one in here):
            continue
        contact = next((contact for contact in left if contact.role == row["role"]), None)
        if contact:
            left.remove(contact)
        else:
            here.append(contact := Contact(entree=entree))
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
