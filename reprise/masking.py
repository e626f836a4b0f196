"""Takes addresses, numbers and persons without consent out of public texts, once, during a takeover.

Nobody can be asked then. Staff keep the original text and the masked words; an anomaly says where.
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
    """The words about persons to mask in a row, or in the fields `champs` only.

    `noms`: persons who did not agree to be shown. A person taken out of the row stays out; words that somebody chose to
    leave stay. If one person of a text is masked, all are: the others would help to guess.
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
    """Like `private_words`, for values {field: value} of the old site that an editor puts into a public record."""
    return private_words(_saying(fiche, values), noms=persons_here(fiche), champs=values) if fiche.is_publiee else []


def masked_words(fiche: Fiche, values: dict) -> dict[str, list[str]]:
    """{field: words} that a record masks in values {field: value} of a source, spelt as in the source."""
    told, found = _saying(fiche, values), defaultdict[str, list[str]](list)
    for one in private_words(told, noms=persons_here(fiche), champs=values):
        found[one.champ].append(one.mots)
    masked = {champ: mask(getattr(told, champ), mots).retires for champ, mots in found.items()}
    return {champ: mots for champ, mots in masked.items() if mots}


def _saying(fiche: Fiche, values: dict) -> Fiche:
    """A copy of a record with these values."""
    told = copy(fiche)
    for name, value in values.items():
        if not isinstance(value, list):
            setattr(told, name, value)
    return told


def persons_here(fiche: Fiche) -> list[str]:
    """The persons who did not agree to be shown."""
    rows = Contact.objects.filter(entree=fiche.pk, accord=False) if fiche.pk else Contact.objects.none()
    return named(rows.values_list("nom", flat=True))


def named(cells: Iterable[str]) -> list[str]:
    return [nom for cell in cells for nom in full_names(cell)]


def public_title(titre: str, noms: Iterable[str]) -> str:
    """The title of a file without words about persons; staff read its name on the old site."""
    seen = find(titre, contacts=noms)
    return mask(titre, [one.mots for one in seen if one.genre in (*JOIGNABLES, Genre.CONTACT)]).texte
