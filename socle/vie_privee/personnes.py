"""Everything that the site holds about an address: to give a copy of it, or to erase it."""

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
from socle.vie_privee import copie, effacements
from socle.vie_privee.anciennete import came_since
from socle.vie_privee.mentions import Genre, Motif, mask
from socle.vie_privee.mentions import find as find_in
from socle.vie_privee.models import TexteIntegral
from socle.vie_privee.purge import erase
from socle.vie_privee.registre import Traitement, for_rows_of, source, swept, texts, traitements


class CompteOuvert(Exception):
    """The address is that of an account that is open: it is closed first."""


@dataclass(frozen=True)
class Mention:
    """A text that names the person, in a row that is not hers."""

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
        """Where staff find it: a text as it was written is read in the form of its row."""
        return str(self.ligne) if self.model is TexteIntegral else f"{self.table} n° {self.pk}"

    @property
    def ligne(self) -> models.Model:
        return self.model._base_manager.get(pk=self.pk)


@dataclass
class Trouvaille:
    """What is held about an address: rows of each kind, and mentions in other texts."""

    adresse: str
    noms: set[str] = field(default_factory=set)
    numeros: set[str] = field(default_factory=set)
    lignes: list[tuple[Traitement, list[models.Model]]] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    @property
    def motif(self) -> Motif:
        return Motif(self.adresse, self.noms, self.numeros)


def find(adresse: str, *, noms: bool = True, but: Callable[[models.Model], bool] | None = None) -> Trouvaille:
    """What the site holds about `adresse`. `noms`: look in texts for the full names it is known by, and for the
    telephones of that person, too.

    `but`: which rows to leave out.
    """
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
            # Somebody else of that name, known by another address, stays as they are.
            motif = by_address if courriel and values[-1] else by_all
            for one, value in zip(fields, values, strict=False):
                text = _as_text(one, value)
                mention = Mention(model, pk, one, text)
                if text and motif.finds(text) and not (but and but(mention.ligne)):
                    yield mention


def _as_text(one: models.Field, value) -> str:
    """A value as a text in which a name reads as people write it: JSON without escapes."""
    if isinstance(one, models.JSONField):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if value and "\\u" in value and value[0] in "[{":  # the log of the desk
        try:
            return json.dumps(json.loads(value), ensure_ascii=False)
        except ValueError:
            pass
    return value or ""


# A copy


def export(adresse: str) -> dict:
    """What is held about `adresse`, in words, to be written as JSON."""
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
                "ce que nous gardons": [copie.tell(row) for row in rows],
            }
            for traitement, rows in found.lignes
        ],
        "mentions dans d’autres textes": [
            _told(mention, motif.extract(text))
            for mention in found.mentions
            if (text := copie.text_told(mention.model, mention.champ, mention.texte)) and motif.finds(text)
        ],
    }


def _told(mention: Mention, extrait: str) -> dict:
    titre = getattr(mention.ligne, "titre", "")
    champ = copie.label(for_rows_of(source(mention.model)), mention.champ)
    return {"où": mention.table} | ({"titre": titre} if titre else {}) | {"champ": champ, "extrait": extrait}


# An erasure


@dataclass(frozen=True)
class BilanDEffacement:
    """What an erasure did: rows of each kind, texts and sessions."""

    lignes: list[tuple[str, int]]
    mentions: int
    sessions: int

    @property
    def total(self) -> int:
        return sum(number for _, number in self.lignes) + self.mentions + self.sessions


@lot()
def forget(adresse: str, *, noms: bool = True) -> BilanDEffacement:
    """Erase everything about `adresse` and put it on the list of erasures. CompteOuvert changes nothing."""
    bilan = _forget(adresse, noms=noms)
    effacements.inscribe([effacements.digest(adresse)])
    return bilan


@lot()
def forget_again(adresse: str, *, moment: datetime, known: bool) -> BilanDEffacement:
    """Do again an erasure of `moment`, and leave what has come since. CompteOuvert changes nothing.

    `known`: this database has done it; the old site brought back what there is to erase.
    """
    return _forget(adresse, but=came_since(moment, known=known))


def _forget(adresse: str, *, noms: bool = True, but: Callable[[models.Model], bool] | None = None) -> BilanDEffacement:
    """Erase everything about `adresse`, but the rows that `but` tells.

    Rows about the person are erased; her address and, unless `noms` is False, her full name and her telephone are taken
    out of every other text: records, their versions, the log of the desk, what the takeover keeps. Files that hold one
    of them in their name get another one.
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
    mentions = list(_mentions(found, but))  # read again: rows have left, others were made
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
    """Take « Mme Riou » too out of what was taken out of texts that say her whole name: there it is she."""
    for one in TexteIntegral.objects.filter(pk__in=pks):
        one.texte = mask(one.texte, _named(one.texte, noms)).texte
        one.retires = [mots for mots in one.retires if not _named(mots, noms)]
        one.save(update_fields=["texte", "retires"])


def _named(text: str, noms: set[str]) -> list[str]:
    return [one.mots for one in find_in(text, contacts=noms) if one.genre == Genre.CONTACT]


def _of_record(mention: Mention):
    """The key of the record that a version is one of; any other row is its own."""
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
        # The same in the record, its entry and its versions, which share a key or are told apart by it.
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
    """Give a file whose name tells somebody another one; the old one goes once this is committed."""
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
    """End the sessions that hold a mention: their content is written so that no text search finds it."""
    keys = [
        row.pk for row in Session.objects.iterator() if motif.finds(json.dumps(row.get_decoded(), ensure_ascii=False))
    ]
    return Session.objects.filter(pk__in=keys).delete()[0]
