"""Names that came after the texts: taken out of what is public already, or left to staff to decide (`retirer_noms`).

Whoever registers or is noted as a person of a record waits for none of this: a name is kept with its person, and texts
that are saved from then on are without it. Those that were there before are looked at here, after the commit.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field

from django.apps import apps
from django.db import transaction
from django.db.models import FileField, QuerySet, SlugField
from django.utils import timezone

from fiches import registre
from fiches.models import Fiche
from socle.vie_privee import noms_tenus
from socle.vie_privee.masking import Names
from socle.vie_privee.models import NomTenu
from socle.vie_privee.public_text import Ecriture, TextesPublics, beside, public_fields
from socle.vie_privee.spellings import keys_in, keys_of

RAISON = "Nom d’une personne retiré"
FEW = 5  # records that a name is taken out of without asking
BLOCK = 500


@dataclass
class Bilan:
    """What became of the names that were new: how many there were, in how many records and other texts they stood."""

    noms: int = 0
    fiches: int = 0
    textes: int = 0
    attendent: list[str] = field(default_factory=list)


def look(progress=iter) -> Bilan:
    """Look for the names that came since the last time. `progress` wraps them as they are looked at."""
    new = dict(noms_tenus.waiting())
    places = Sought(new).places()
    bilan, gone = Bilan(noms=len(new)), []
    for text in progress(list(new)):
        with transaction.atomic():
            rows = NomTenu.objects.select_for_update().filter(texte=text, regarde_le=None)
            decisions = set(rows.values_list("decision", flat=True))
            if not decisions:
                continue  # somebody else has looked meanwhile, or the person has left
            decided = bool(decisions & {NomTenu.Decision.RETIRER, *NomTenu.LAISSES})
            found = [] if decisions <= set(NomTenu.LAISSES) else list(named(text, places[text]))
            if not decided and _is_to_ask(found):
                bilan.attendent.append(text)
                rows.update(decision=NomTenu.Decision.ATTEND, regarde_le=timezone.now())
                continue
            _take_out(found, bilan)
            NomTenu.objects.filter(texte=text, regarde_le=None).update(regarde_le=timezone.now())
            gone += [] if decisions <= set(NomTenu.LAISSES) else [text]
    clean_versions(gone)
    return bilan


@transaction.atomic
def take_out_everywhere(names: Collection[str]) -> Bilan:
    """Take names out of all that is public, since staff said so."""
    NomTenu.objects.filter(texte__in=names).update(decision=NomTenu.Decision.RETIRER, regarde_le=timezone.now())
    bilan, places = Bilan(noms=len(names)), Sought(names).places()
    for name in names:
        _take_out(list(named(name, places[name])), bilan)
    clean_versions(names)
    return bilan


def leave(text: str, decision: NomTenu.Decision) -> None:
    """Leave a name in all that is public: one of NomTenu.LAISSES, as staff said."""
    NomTenu.objects.filter(texte=text).update(decision=decision, regarde_le=timezone.now())


def named(text: str, places: dict[type, set]) -> Iterator[tuple[TextesPublics, set[str]]]:
    """(row, names of its fields) of the public texts that name somebody, of the rows that may: {model: keys}."""
    finder = Names([text])
    for model, keys in places.items():
        texts_of = {one.name for one in public_fields(model)}
        for row in model._default_manager.filter(pk__in=keys).order_by("pk"):
            texts = {one.name: getattr(row, one.attname) or "" for one in public_fields(model)} | beside(row)
            fields = {name for name, value in texts.items() if finder.mask(value, addresses=False) != value}
            if not fields or not row.is_read_by_public:
                continue
            if fields <= texts_of and not Ecriture(copy(row)).take_out():
                continue  # they say what staff leave there, or what is left of a name
            yield row, fields


def _is_to_ask(found: list[tuple[TextesPublics, set[str]]]) -> bool:
    """Whether staff decide: words of a title, or of many records, are seldom a person's name."""
    records = [fields for row, fields in found if isinstance(row, Fiche)]
    return len(records) > FEW or any("titre" in fields for fields in records)


def _take_out(found: list[tuple[TextesPublics, set[str]]], bilan: Bilan) -> None:
    for row, _ in found:
        row._change_reason = RAISON
        if isinstance(row, Fiche):
            row.save(touch=False)
            bilan.fiches += 1
        else:
            row.save()
            bilan.textes += 1


def clean_versions(names: Collection[str]) -> None:
    """Take names out of the earlier versions of records too."""
    sought = Sought(names)
    for declaration in registre.types() if names else ():
        model, fields = declaration.model, [one.attname for one in public_fields(declaration.model)]
        rows = model.history.filter(entree_id__in=model._default_manager.filter(version__gt=1).values("pk")).order_by()
        found: dict[int, set[str]] = defaultdict(set)
        for pk, *texts in rows.values_list("entree_id", *fields).iterator(chunk_size=BLOCK):
            if named_there := sought.named_in(texts):
                found[pk] |= named_there
        for fiche in model._default_manager.filter(pk__in=found):
            _clean(rows.filter(entree_id=fiche.pk), fields, unsaid(fiche, found[fiche.pk]))


def _clean(versions: QuerySet, fields: list[str], names: Names) -> None:
    for version in versions.only(*fields):
        texts = {name: getattr(version, name) or "" for name in fields}
        lengths = {name: version._meta.get_field(name).max_length for name in fields}
        public = {name: names.mask(text, addresses=False)[: lengths[name]] for name, text in texts.items()}
        if changed := {name: text for name, text in public.items() if text != texts[name]}:
            versions.filter(pk=version.pk).update(**changed)


def unsaid(fiche: Fiche, names: Iterable[str]) -> Names:
    """Of some names, those that the present texts of a record do not say: what they say and keep is public."""
    today = "\n".join(filter(None, (str(getattr(fiche, one.name) or "") for one in public_fields(type(fiche)))))
    return Names([name for name in names if Names([name]).mask(today, addresses=False) == today])


class Sought:
    """Names to look for in texts, by their keys."""

    def __init__(self, names: Iterable[str]):
        self.names = list(names)
        self.by_key: dict[str, list[str]] = defaultdict(list)
        for name in self.names:
            for key in keys_of(name):
                self.by_key[key].append(name)

    def named_in(self, texts: Iterable[str | None]) -> set[str]:
        """Which of them texts may hold."""
        keys = keys_in("\n".join(filter(None, texts))).intersection(self.by_key)
        return {name for key in keys for name in self.by_key[key]}

    def places(self) -> dict[str, dict[type, set]]:
        """{name: {model: keys of the public rows that may say it}}. Every public text is read, once."""
        found: dict[str, dict[type, set]] = defaultdict(lambda: defaultdict(set))
        models = [model for model in apps.get_models() if issubclass(model, TextesPublics)] if self.names else []
        for model in models:
            fields = [one.attname for one in public_fields(model)]
            fields += [one.attname for one in model._meta.concrete_fields if isinstance(one, SlugField | FileField)]
            rows = model._default_manager.order_by()
            rows = rows.published() if issubclass(model, Fiche) else rows
            for pk, *texts in rows.values_list("pk", *fields).iterator(chunk_size=BLOCK):
                for name in self.named_in(texts):
                    found[name][model].add(pk)
        return found
