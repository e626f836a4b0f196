"""All that the site holds about an address: find it, copy it, erase it."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from socle.journal.writing import lot
from socle.rooms import rooms
from socle.vie_privee import erasure_list, personal_copy
from socle.vie_privee.anciennete import came_since
from socle.vie_privee.conservation import Traitement, for_rows_of, source, swept, texts, traitements
from socle.vie_privee.mentions import Genre, Motif, mask
from socle.vie_privee.mentions import find as find_in
from socle.vie_privee.models import TexteIntegral
from socle.vie_privee.purge import erase


class CompteOuvert(Exception):
    """The address of an open account: close it first."""


@dataclass(frozen=True)
class Mention:
    """A text that names the person, in another row."""

    model: type[models.Model]
    pk: object
    champ: models.Field
    texte: str

    @property
    def table(self) -> str:
        name = str(source(self.model)._meta.verbose_name)
        return name if source(self.model) is self.model else f"{name}, ancienne version"

    @property
    def lieu(self) -> str:
        """Where staff find it: a text as written stands in its row's form."""
        return str(self.ligne) if self.model is TexteIntegral else f"{self.table} n° {self.pk}"

    @property
    def ligne(self) -> models.Model:
        return self.model._base_manager.get(pk=self.pk)


@dataclass
class Trouvaille:
    """Rows about an address, and mentions in other texts."""

    adresse: str
    noms: set[str] = field(default_factory=set)
    numeros: set[str] = field(default_factory=set)
    lignes: list[tuple[Traitement, list[models.Model]]] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    @property
    def motif(self) -> Motif:
        return Motif(self.adresse, self.noms, self.numeros)


def find(adresse: str, *, noms: bool = True, but: Callable[[models.Model], bool] | None = None) -> Trouvaille:
    """`noms`: also look in texts for the full names and telephones of the person's rows. `but`: rows to leave out."""
    found = Trouvaille(adresse.strip())
    for traitement in traitements():
        if rows := [row for row in traitement.about(found.adresse) if not (but and but(row))]:
            found.lignes.append((traitement, rows))
            if noms:
                found.noms |= {nom for row in rows for nom in traitement.noms(row) if len(nom.split()) > 1}
                found.numeros |= {numero for row in rows for numero in traitement.numeros(row) if numero}
    own = {(type(row), row.pk) for _, rows in found.lignes for row in rows}
    found.mentions = [mention for mention in _mentions(found, but) if (mention.model, mention.pk) not in own]
    return found


def _mentions(found: Trouvaille, but: Callable[[models.Model], bool] | None = None) -> Iterator[Mention]:
    by_address, by_all = Motif(found.adresse), found.motif
    for model in swept():
        fields = texts(model)
        other = for_rows_of(model)
        courriel = other.courriel if other else ""
        names = [one.attname for one in fields] + ([courriel] if courriel else [])
        for pk, *values in model._base_manager.order_by().values_list("pk", *names).iterator(chunk_size=500):
            # With another address, it is somebody else of that name.
            motif = by_address if courriel and values[-1] else by_all
            for one, value in zip(fields, values, strict=False):
                text = _as_text(one, value)
                mention = Mention(model, pk, one, text)
                if text and motif.finds(text) and not (but and but(mention.ligne)):
                    yield mention


def _as_text(one: models.Field, value) -> str:
    """The value as a text with readable names: JSON without escapes."""
    if isinstance(one, models.JSONField):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if value and "\\u" in value and value[0] in "[{":  # the desk's log
        try:
            return json.dumps(json.loads(value), ensure_ascii=False)
        except ValueError:
            pass
    return value or ""


# A copy


def export(adresse: str) -> dict:
    """What the site keeps of a person, in words, ready for JSON."""
    found = find(adresse)
    motif = found.motif
    return {
        "adresse": found.adresse,
        "fait le": timezone.localtime().isoformat(timespec="seconds"),
        "données": [
            {
                "quoi": traitement.titre,
                "pourquoi": traitement.finalite,
                "base légale": traitement.base,
                "combien de temps": traitement.duree,
                "ce que nous gardons": [personal_copy.tell(row) for row in rows],
            }
            for traitement, rows in found.lignes
        ],
        "mentions dans d’autres textes": [
            _told(mention, motif.extract(text))
            for mention in found.mentions
            if (text := personal_copy.text_told(mention.model, mention.champ, mention.texte)) and motif.finds(text)
        ],
    }


def _told(mention: Mention, extrait: str) -> dict:
    titre = getattr(mention.ligne, "titre", "")
    champ = personal_copy.label(for_rows_of(source(mention.model)), mention.champ)
    return {"où": mention.table} | ({"titre": titre} if titre else {}) | {"champ": champ, "extrait": extrait}


# An erasure


@dataclass(frozen=True)
class BilanDEffacement:
    """What an erasure did: rows of each kind, texts, sessions."""

    lignes: list[tuple[str, int]]
    mentions: int
    sessions: int

    @property
    def total(self) -> int:
        return sum(number for _, number in self.lignes) + self.mentions + self.sessions


@lot()
def forget(adresse: str, *, noms: bool = True) -> BilanDEffacement:
    """Erase all about `adresse`, and list the erasure. Raises CompteOuvert, and changes nothing then."""
    bilan = _forget(adresse, noms=noms)
    erasure_list.inscribe([erasure_list.digest(adresse)])
    return bilan


@lot()
def forget_again(adresse: str, *, moment: datetime, known: bool) -> BilanDEffacement:
    """Do the erasure of `moment` again; what came later stays. Raises CompteOuvert, and changes nothing then.

    `known`: this database has done it; only what the old site brought back is erased.
    """
    return _forget(adresse, but=came_since(moment, known=known))


def _forget(adresse: str, *, noms: bool = True, but: Callable[[models.Model], bool] | None = None) -> BilanDEffacement:
    """Erase all about `adresse`, except rows for which `but` is true.

    Rows about the person are erased. Other texts (records, versions, logs, the takeover) lose the address and, unless
    `noms` is False, full name and telephone. Files named after them are renamed.
    """
    accounts = get_user_model().objects.filter(email__iexact=adresse.strip(), is_active=True)
    if any(not (but and but(account)) for account in accounts):
        raise CompteOuvert
    found = find(adresse, noms=noms, but=but)
    changed: dict[type, set] = defaultdict(set)
    for traitement, rows in found.lignes:
        for row in rows:
            changed[type(row)].add(row.pk)
            erase(traitement, row)
    mentions = list(_mentions(found, but))  # read again: some rows are gone, others are new
    for mention in mentions:
        _take_out(mention, found.motif)
        changed[mention.model].add(mention.pk)
        changed[source(mention.model)].add(_of_record(mention))
    _forget_surnames([mention.pk for mention in mentions if mention.model is TexteIntegral], found.noms)
    sessions = _sessions(found.motif)
    for room in rooms():
        if room.apres_effacement:
            room.apres_effacement(dict(changed))
    return BilanDEffacement(
        [(traitement.titre, len(rows)) for traitement, rows in found.lignes], len(mentions), sessions
    )


def _forget_surnames(pks: list[int], noms: set[str]) -> None:
    """Beside her full name, « Mme Riou » is the same person: mask it too in texts as written."""
    for one in TexteIntegral.objects.filter(pk__in=pks):
        one.texte = mask(one.texte, _named(one.texte, noms)).texte
        one.retires = [mots for mots in one.retires if not _named(mots, noms)]
        one.save(update_fields=["texte", "retires"])


def _named(text: str, noms: set[str]) -> list[str]:
    return [one.mots for one in find_in(text, contacts=noms) if one.genre == Genre.CONTACT]


def _of_record(mention: Mention):
    """The key of a version's record; else the row's own."""
    record = source(mention.model)
    if record is mention.model:
        return mention.pk
    return mention.model._base_manager.filter(pk=mention.pk).values_list(record._meta.pk.attname, flat=True).first()


def _take_out(mention: Mention, motif: Motif) -> None:
    one = mention.champ
    rows = mention.model._base_manager.filter(pk=mention.pk)
    if isinstance(one, models.FileField):
        return _rename(rows, one)
    if isinstance(one, models.JSONField):
        return rows.update(**{one.attname: json.loads(motif.erase(mention.texte))})
    if isinstance(one, models.URLField):
        return rows.update(**{one.attname: ""})
    if isinstance(one, models.SlugField):
        # A record, its entry and its versions share a slug: all get this one.
        value = motif.erase(mention.texte, f"efface-{_of_record(mention)}")
    else:
        value = motif.erase(mention.texte)
    for ending in ("", f" {get_random_string(6)}"):
        kept = value[: one.max_length - len(ending)] if one.max_length else value
        try:
            with transaction.atomic():
                return rows.update(**{one.attname: kept + ending})
        except IntegrityError:
            if ending:
                raise


def _rename(rows, one: models.FileField) -> None:
    """Rename a file named after somebody. The old one is deleted after the commit."""
    row = rows.first()
    stored = getattr(row, one.name)
    old = stored.name
    new = str(PurePosixPath(old).parent / f"{get_random_string(12)}{PurePosixPath(old).suffix}")
    if stored.storage.exists(old):
        with stored.storage.open(old) as content:
            new = stored.storage.save(new, content)
        transaction.on_commit(lambda: stored.storage.delete(old))
    for model in (rows.model, getattr(getattr(rows.model, "history", None), "model", None)):
        if model:
            model._base_manager.filter(**{one.attname: old}).update(**{one.attname: new})


def _sessions(motif: Motif) -> int:
    """End sessions that mention the person; they are stored encoded, so each is read."""
    keys = [
        row.pk for row in Session.objects.iterator() if motif.finds(json.dumps(row.get_decoded(), ensure_ascii=False))
    ]
    return Session.objects.filter(pk__in=keys).delete()[0]
