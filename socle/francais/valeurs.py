"""The value of a field and its words: `as_words` writes it, `read_words` reads it back, by the class of the field.

Pages, histories, files, copies for persons, imports and the takeover depend on them. FILE loses nothing, TYPED is what
an editor gets to type it back, PAGE is for pages. `read_words` reads all three, and what people and spreadsheets write.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, singledispatch

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from rapidfuzz.distance import OSA

from socle.francais.identifiants import IdentifiantField
from socle.francais.nombres import parse_nombre
from socle.francais.texte import fold
from socle.francais.wording import euros, jour_en_lettres, moment, nombre

KNOWN = 12  # names in a message, at most
NEAR = 0.6  # likeness, from 0 to 1, of a name to the text that was written instead
MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"


@dataclass(frozen=True)
class Notation:
    """How a use writes values. `between`: separates several. `timespec`: of ISO moments.

    `machine`: ISO dates in the time zone of the site, decimal points, no unit.
    """

    between: str
    machine: bool = False
    timespec: str = "auto"


PAGE = Notation(", ")
TYPED = Notation("\n")
FILE = Notation(" | ", machine=True)


class Illisible(ValueError):
    """The field cannot hold this text. The message is the reason, in French. `said`: the part that cannot be read."""

    def __init__(self, reason: str, said: str = ""):
        super().__init__(reason)
        self.said = said


# A value in words


Known = dict[models.Field, dict[object, models.Model]]  # {field: {key: row}}


def as_words(field: models.Field, value, form: Notation = PAGE, *, known: Known | None = None) -> str:
    """The value of `field` in words; "" for none. A foreign key may be a row or a key, several values a manager or a
    list.

    The key of a deleted row is « supprimé (12) », in a file the key itself; one of several is « thème supprimé (12) ».
    `known`: rows read before, for many calls.
    """
    if field.many_to_many:
        return form.between.join(_several(field, value, known))
    if value is None or value == "":
        return ""
    if field.is_relation:
        return _row_words(field, value, form, known)
    if field.choices:
        return str(_labels(field).get(value, value))
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return _day_words(value, form)
    if isinstance(value, Decimal | float):
        return _number_words(field, value, form)
    return str(value)


@cache
def _labels(field) -> dict:
    return dict(field.flatchoices)


def _several(field, value, known: Known | None) -> Iterable[str]:
    rows = list(value.all() if hasattr(value, "all") else value or ())
    if all(isinstance(row, models.Model) for row in rows):
        return [name_of(row) for row in rows]
    there = known[field] if known else field.related_model._base_manager.in_bulk(rows)
    gone = f"{field.related_model._meta.verbose_name} supprimé"
    return sorted((name_of(there[key]) if key in there else f"{gone} ({key})" for key in rows), key=fold)


def _row_words(field, value, form: Notation, known: Known | None) -> str:
    row = value
    if known and not isinstance(value, models.Model):
        row = known[field].get(value)
    elif not isinstance(value, models.Model):
        try:
            row = field.related_model._base_manager.filter(pk=value).first()
        except ValueError:
            row = None
    if row is None:
        return str(value) if form.machine else f"supprimé ({value})"
    return str(row) if form is PAGE else name_of(row)


def name_of(row: models.Model) -> str:
    """The name by which a row is chosen in a list."""
    return getattr(row, "nom", None) or str(row)


def _day_words(value: date, form: Notation) -> str:
    if not isinstance(value, datetime):
        return value.isoformat() if form.machine else jour_en_lettres(value)
    return timezone.localtime(value).isoformat(timespec=form.timespec) if form.machine else moment(value)


def _number_words(field, value: Decimal | float, form: Notation) -> str:
    if form.machine:
        return f"{value:.{field.decimal_places}f}" if isinstance(field, models.DecimalField) else str(value)
    return euros(value) if field.name.endswith("_eur") else nombre(value)


def file_words(field: models.Field) -> tuple[str, Callable[[object], str] | None]:
    """For a whole column: the path of a field from the record, and what `as_words` makes of its value in a FILE.

    None instead of a function if the value is already the text, or the texts of several. Rows have their name or title.
    """
    if field.is_relation:
        named = any(one.name == "nom" for one in field.related_model._meta.fields)
        return f"{field.name}__{'nom' if named else 'titre'}", None
    if isinstance(field, models.CharField | models.TextField) and not field.choices:
        return field.name, None
    if isinstance(field, models.DateTimeField):
        return field.name, file_moment
    if isinstance(field, models.DecimalField):
        return field.name, lambda value: "" if value is None else f"{value:.{field.decimal_places}f}"
    return field.name, lambda value: as_words(field, value, FILE)


def file_moment(value: datetime | None) -> str:
    """A moment in a FILE: ISO 8601, local time of the site with its offset, microseconds."""
    return value.astimezone(timezone.get_default_timezone()).isoformat() if value else ""


# Words into a value


def parted(text: str) -> list[str]:
    """The values in `text`, separated by « | » or line ends."""
    return [value.strip() for value in text.replace("\n", "|").split("|") if value.strip()]


def read_words(field: models.Field, text: str, *, lists: dict | None = None):
    """The value that `text` says, checked as a form would. Illisible if it says none. "" gives None, "" or [], by
    field.

    A foreign key gives its row, found by name, code or key; several values give a list of rows (`parted`). `lists`: a
    dict for all calls of a run, so that each list of rows is read once.
    """
    if field.many_to_many:
        return list(dict.fromkeys(_row(field, name, lists) for name in parted(text)))
    if isinstance(field, models.CharField | models.TextField) and not field.choices:
        return _read(field, text)
    text = text.strip()
    if text:
        return _row(field, text, lists) if field.is_relation else _choice(field, text)
    if not field.null and not (field.blank and field.empty_strings_allowed):
        raise Illisible("ce champ ne peut pas être vide")
    return None if field.null else ""


def _choice(field, text: str):
    if not field.choices:
        return _read(field, text)
    for key, label in field.flatchoices:
        if text == str(key) or fold(text) == fold(str(label)):
            return key
    raise Illisible(f"écrivez {' ou '.join(str(label) for _, label in field.flatchoices)}", text)


def _row(field, text: str, lists: dict | None) -> models.Model:
    found = _index(field, {} if lists is None else lists)
    rows = found.get(fold(text), [])
    if len(rows) > 1:
        rows = [row for row in rows if name_of(row) == text] or rows
    if len(rows) == 1:
        return rows[0]
    if rows:
        raise Illisible("plusieurs portent ce nom : écrivez aussi ce qui les distingue", text)
    known = _nearest(text, {name_of(row): row for rows in found.values() for row in rows})
    more = f" et {len(known) - KNOWN} autres" if len(known) > KNOWN else ""
    offered = f"choisissez parmi : {' | '.join(known[:KNOWN])}{more}" if known else "cette liste est vide"
    raise Illisible(f"valeur inconnue, {offered}", text)


def _nearest(text: str, rows: dict[str, models.Model]) -> list[str]:
    """Names of rows: those most like `text` first, then those of the site's region."""
    near = {name: OSA.normalized_similarity(fold(text), fold(name), score_cutoff=NEAR) for name in rows}
    return sorted(rows, key=lambda name: (-near[name], getattr(rows[name], "region_id", "") != settings.REGION))


def _index(field, lists: dict) -> dict[str, list[models.Model]]:
    """{folded name, code, slug or key: rows} that the field may choose."""
    if field not in lists:
        lists[field] = found = {}
        for row in field.related_model._default_manager.complex_filter(field.get_limit_choices_to()):
            coded = not hasattr(row, "nom") or isinstance(row._meta.pk, models.CharField)
            names = {name_of(row), str(row), getattr(row, "slug", ""), str(row.pk) if coded else ""}
            for key in {fold(name) for name in names if name}:
                found.setdefault(key, []).append(row)
    return lists[field]


@singledispatch
def _read(field, text: str):
    """Reads a text that is not empty, by the class of the field."""
    return _checked(field, text, text)


def _checked(field, value, text: str):
    try:
        return field.clean(value, None)
    except ValidationError as error:
        raise Illisible(" ".join(error.messages).rstrip("."), text) from None


@_read.register(models.CharField)
@_read.register(models.TextField)
def _read_text(field, text: str) -> str:
    """On one line, unless the field is a TextField, whose line ends become LF."""
    one_line = not isinstance(field, models.TextField)
    text = " ".join(text.split()) if one_line else unix(text)
    if one_line and field.max_length and len(text) > field.max_length:
        raise Illisible(f"{len(text)} caractères, {field.max_length} au plus")
    if not text and not field.blank:
        raise Illisible("ce champ ne peut pas être vide")
    if "\x00" in text:
        raise Illisible("ce texte contient un caractère nul")
    return text


@_read.register(models.URLField)
def _read_link(field, text: str) -> str:
    try:
        return field.clean(_read_text(field, text), None)
    except ValidationError:
        raise Illisible("écrivez une adresse entière, par exemple https://exemple.bzh", text) from None


@_read.register(IdentifiantField)
def _read_number_of_organisation(field, text: str) -> str:
    return _checked(field, text, text)


@_read.register(models.FileField)
def _read_file(field, text: str):
    raise Illisible("un fichier ne s’écrit pas : joignez-le", text)


@_read.register(models.BooleanField)
def _read_boolean(field, text: str) -> bool:
    said = {"oui": True, "vrai": True, "1": True, "non": False, "faux": False, "0": False}.get(fold(text))
    if said is None:
        raise Illisible("écrivez oui ou non", text)
    return said


@_read.register(models.DecimalField)
def _read_amount(field, text: str) -> Decimal:
    number = parse_nombre(text)
    if number is None:
        raise Illisible("écrivez un nombre, par exemple 15000 ou 15000,50", text)
    return _checked(field, number, text)


@_read.register(models.IntegerField)
@_read.register(models.FloatField)
def _read_number(field, text: str) -> int | float:
    """Decimal point or comma. « 12.0 », as spreadsheets write it, is 12."""
    whole = isinstance(field, models.IntegerField)
    compact = "".join(text.split()).replace(",", ".")
    try:
        number = float(compact) if compact.isascii() and "_" not in compact else float("nan")
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e15 or (whole and number != int(number)):  # nan fails this test too
        raise Illisible("écrivez un nombre entier, ou rien" if whole else "écrivez un nombre, ou rien", text)
    return _checked(field, int(number) if whole else number, text)


@_read.register(models.DateField)
def _read_day(field, text: str) -> date:
    read = read_moment(text)
    if read is None:
        raise Illisible("écrivez la date ainsi, 2026-11-15 ou 15/11/2026", text)
    return _checked(field, timezone.localdate(read[0]), text)


@_read.register(models.DateTimeField)
def _read_time(field, text: str) -> datetime:
    read = read_moment(text)
    if read is None:
        raise Illisible("écrivez la date ainsi, 2026-11-15 ou 15/11/2026 09:30", text)
    return _checked(field, read[0], text)


_LETTERS = re.compile(r"(\d{1,2})(?:er)? (\w+) (\d{4})(?: a (\d{1,2})[h:](\d\d))?")


def read_moment(text: str) -> tuple[datetime, bool] | None:
    """(moment, whether it has a time of day), in the time zone of the site if it has none; None if unreadable."""
    text = text.strip()
    for read, timed in _SHAPES:
        try:
            found = read(text)
            return (found if timezone.is_aware(found) else timezone.make_aware(found)), timed
        except (ValueError, OverflowError):
            continue
    return None


def _letters(text: str, timed: bool) -> datetime:
    """« 1er mars 2026 », « 12 mars 2026 à 14:03 »."""
    match = _LETTERS.fullmatch(fold(text))
    if not match or timed != bool(match[4]):
        raise ValueError(text)
    month = fold(MOIS).split().index(match[2]) + 1
    return datetime(int(match[3]), month, int(match[1]), int(match[4] or 0), int(match[5] or 0))


def _shaped(shape: str):
    return lambda text: datetime.strptime(text, shape)


_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y")
_SHAPES = [
    *((_shaped(day), False) for day in _DAYS),
    (lambda text: _letters(text, False), False),
    (datetime.fromisoformat, True),
    *((_shaped(f"{day} {hour}"), True) for day in _DAYS for hour in ("%H:%M", "%H:%M:%S")),
    (lambda text: _letters(text, True), True),
]


def unix(text: str) -> str:
    """`text` with LF as its only line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
