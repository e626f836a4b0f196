"""What a takeover takes out of public texts, once: addresses, numbers, and the persons who did not agree to be shown.

Nobody is there to be asked. The text as read stays with what was taken out of it, for staff; an anomaly says where.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from copy import copy

from fiches.attached import Contact
from fiches.models import Fiche
from socle.vie_privee.mentions import JOIGNABLES, Genre, find, full_names, mask, same_words
from socle.vie_privee.public_text import Decision, TextesPublics, hidden_names, kept_of, public_fields


def private_words(
    row: TextesPublics, *, noms: Iterable[str] = (), champs: Collection[str] | None = None
) -> list[Decision]:
    """The words of a row that tell of persons, to be masked; `champs`: of these fields alone.

    `noms`: persons who did not agree to be shown. One whom somebody took out of the row stays out; words that somebody
    looked at and left stay. Where a person is masked, all persons of that text are: of two names, the one that is left
    would tell a reader who the other was beside.
    """
    kept = kept_of([row])[row.pk] if row.pk else {}
    noms = [*noms, *hidden_names(kept)]
    found: list[Decision] = []
    for field in public_fields(type(row)):
        if champs is not None and field.name not in champs:
            continue
        one = kept.get(field.name)
        left = {same_words(said["mots"]) for said in one.laisses} if one else ()
        seen = find(getattr(row, field.attname) or "", contacts=noms)
        seen = [mention for mention in seen if same_words(mention.mots) not in left]
        genres = {*JOIGNABLES, Genre.CONTACT}
        if any(mention.genre == Genre.CONTACT for mention in seen):
            genres.add(Genre.PERSONNE)
        mots = [mention.mots for mention in seen if mention.genre in genres]
        found += [Decision(field.name, words) for words in [*mots, *(one.retires if one else ())]]
    return found


def words_of_source(fiche: Fiche, values: dict) -> list[Decision]:
    """The same of what an editor takes of the old site for a public record, {field: value}."""
    return private_words(_saying(fiche, values), noms=persons_here(fiche), champs=values) if fiche.is_publiee else []


def masked_words(fiche: Fiche, values: dict) -> dict[str, list[str]]:
    """{field: words} that a record masks of what a source says, {field: value}, as they are written there."""
    told, found = _saying(fiche, values), defaultdict[str, list[str]](list)
    for one in private_words(told, noms=persons_here(fiche), champs=values):
        found[one.champ].append(one.mots)
    masked = {champ: mask(getattr(told, champ), mots).retires for champ, mots in found.items()}
    return {champ: mots for champ, mots in masked.items() if mots}


def _saying(fiche: Fiche, values: dict) -> Fiche:
    """A copy of a record that says these values."""
    told = copy(fiche)
    for name, value in values.items():
        if not isinstance(value, list):
            setattr(told, name, value)
    return told


def persons_here(fiche: Fiche) -> list[str]:
    """The persons of a record who did not agree to be shown."""
    rows = Contact.objects.filter(entree=fiche.pk, accord=False) if fiche.pk else Contact.objects.none()
    return named(rows.values_list("nom", flat=True))


def named(cells: Iterable[str]) -> list[str]:
    return [nom for cell in cells for nom in full_names(cell)]


def public_title(titre: str, noms: Iterable[str]) -> str:
    """The title of a file without what tells of persons: staff read the name that it had on the old site."""
    seen = find(titre, contacts=noms)
    return mask(titre, [one.mots for one in seen if one.genre in (*JOIGNABLES, Genre.CONTACT)]).texte
