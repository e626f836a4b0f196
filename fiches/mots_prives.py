"""Private words of records: names of persons who did not agree, besides addresses and numbers.

For records, use it in place of socle/vie_privee/questions.py.
"""

import re
from collections.abc import Iterable, Mapping
from copy import copy

from fiches.attached import Contact
from fiches.models import Fiche
from socle.vie_privee import questions
from socle.vie_privee.models import TexteIntegral
from socle.vie_privee.questions import MotPrive


def newly_shown(
    fiche: Fiche,
    *,
    before: Mapping[str, str] | None = None,
    contacts: Iterable[str] | None = None,
    kept: Mapping[str, TexteIntegral] | None = None,
) -> list[MotPrive]:
    """See `questions.newly_shown`. The record's persons are read if `contacts` is not given."""
    contacts = persons_of(fiche) if contacts is None else contacts
    return questions.newly_shown(fiche, before=before, contacts=contacts, kept=kept)


def with_unasked(fiche: Fiche, values: Mapping, mots: Iterable[MotPrive]) -> list[MotPrive]:
    """`mots`, plus words that these values, {field: value}, would show and nobody was asked about."""
    told, mots = copy(fiche), list(mots)
    for name, value in values.items():
        if not fiche._meta.get_field(name).many_to_many:
            setattr(told, name, value)
    asked = {mot.cle for mot in mots}
    return [*mots, *(mot for mot in newly_shown(told) if mot.cle not in asked)]


def persons_of(fiche: Fiche) -> list[str]:
    """Names of its persons who did not agree to be shown."""
    return persons_of_all([fiche.pk])[fiche.pk] if fiche.pk else []


def persons_of_all(pks: Iterable[int]) -> dict[int, list[str]]:
    """{key of a record: persons who did not agree}. One query."""
    found: dict[int, list[str]] = {pk: [] for pk in pks}
    rows = Contact.objects.filter(entree__in=found, accord=False).exclude(nom="")
    for pk, nom in rows.values_list("entree_id", "nom"):
        found[pk].append(nom)
    return found


_PERSON = re.compile(r"contacts-\d+-nom")


def typed_persons(data: Mapping[str, str]) -> list[str] | None:
    """Persons typed in a record's form who did not agree; None if the form has none."""
    if "contacts-TOTAL_FORMS" not in data:
        return None
    rows = [(data.get(name, "").strip(), name.removesuffix("nom")) for name in data if _PERSON.fullmatch(name)]
    return [nom for nom, row in rows if nom and not (data.get(f"{row}accord") or data.get(f"{row}DELETE"))]
