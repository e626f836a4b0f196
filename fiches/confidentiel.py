"""What no public page prints: e-mail addresses, and the names of persons who have not agreed to be shown.

`public` is the one door: records that come through it have all their texts masked, wherever somebody wrote a name, so
that no page, card, snippet or file has to think of it. `masquer` does the same for one text. The names are those that
the site holds: contacts of records (below), and what other rooms announce with `register`. They are kept in memory:
renewed when one is saved or deleted in this process, and within TTL seconds in others. A page pays no query but then.

A name is found as people write it: whatever its capitals, accents, hyphens and spaces, given name first or last. It has
two words at least: a first name alone names nobody. Organisations written among persons are told from them by what they
are made of (`person_names`); what a public record gives as its place is one as well.
"""

import re
import threading
import time
from collections.abc import Callable, Iterable
from copy import copy
from functools import cache, lru_cache, partial
from itertools import count, pairwise

from django.apps import apps
from django.db import transaction
from django.db.models import CharField, QuerySet, SlugField, TextField, URLField
from django.db.models.query import ModelIterable
from django.db.models.signals import post_delete, post_save

from fiches.recherche.query import matching
from fiches.texte import fold, masquer_courriels

NOM_MASQUE = "[nom masqué]"
ADRESSE_MASQUEE = "[adresse masquée]"
TTL = 30  # seconds
WORDS = range(2, 8)  # of a name
GAP = 3  # signs at most between two words of a name: « Le Goff, Anne », « Anne  Le-Goff »
SEEN = 200_000  # pieces of texts remembered as no part of a name

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_INNER = "\u0300-\u036f\u00ad\u200b\u200c\u200d\u2060\ufeff"  # accents written apart, and what hides in a word
_DIGIT = re.compile(r"\d")
_WORD = re.compile(rf"[^\W_]+(?:[{_INNER}]+[^\W_]*)*")


# Persons told from the rest of what people write in the cell of a name

# Words that part persons from each other, and a person from what they do and for whom.
_PERSONS = re.compile(r"[;/|&+\n]|\bet\b", re.IGNORECASE)
_AFFILIATION = re.compile(r"[,:(){}\[\]]|\s[-–—]+\s|\s+(?:chez|pour|de la part)\s+")
_PARTICLES = frozenset("le la les l de du des d da di do dos ar an al el ben ibn bin van von der den ter saint".split())  # noqa: SIM905
_CIVILITES = frozenset("m mr mm mme mmes mlle monsieur messieurs madame mesdames mademoiselle dr docteur me".split())  # noqa: SIM905
# Folded words that no person is named by: kinds of organisations, functions, words of a sentence.
_COMMON = frozenset(
    """
    agence agglomeration administration ademe anct antenne apf archipel asso association associations atelier ateliers
    bibliotheque caf cabinet caisse carsat ccas cdas centre cias cnaf cnam cnfpt cite codev collectif collectivite
    college comite commission communaute commune communes communal compagnie confederation conseil conseils coop
    cooperative cpam delegation departement departemental departementale departements direction ddets dreets ecole
    emploi entreprise epci equipe espace etablissement etat etudes faculte federation fondation forum foyer gip gie
    groupe groupement habitat hopital hub incubateur institut intercommunalite intercommunal interministerielle lab labo
    laboratoire ligue ltd maison maisons mairie mediatheque metropole metropolitain ministere mission missions mjc
    mouvement msa mutualite mutuelle nationale observatoire office ong organisation organisme plateforme pole poste
    prefecture programme projet projets regie region regional regionale reseau rectorat sa sarl sas scic scop secours
    secretariat secteur securite service services societe startup station structure syndicat territoire territoires
    tiers udaf union universite ville villes
    adjoint adjointe administrateur administratrice agent agente agents animateur animatrice assistant assistante
    bibliothecaire benevole benevoles charge chargee chef cheffe chercheur chercheuse citoyen citoyenne citoyens
    collaborateur collaboratrice conseiller conseillere consultant consultante coordinateur coordinatrice coordonnateur
    coordonnatrice delegue deleguee designer developpeur developpeuse directeur directrice educateur educatrice elu elue
    elus equipes facilitateur facilitatrice formateur formatrice gerant gerante gestionnaire habitant habitante
    habitants ingenieur ingenieure instructeur instructrice maire mairesse manager mediateur mediatrice mediateurs
    membre membres president presidente professeur professeure referent referente responsable salarie salariee
    secretaire sociologue stagiaire technicien technicienne travailleur travailleuse usager usagere usagers vice
    armor armorique atlantique bretagne breton bretonne finistere ille loire morbihan nantes quimper rennes vilaine
    a acces accueil accompagnement action actions adresse aide aides allocations au aux autre autres avec ce cette chez
    cohesion communication contact contacter contactez creative culture dans demander demarche developpement droit
    droits durable economie education elle en engagement environnement europe expert experte famille familiales familles
    femmes formation general generale generaux handicap ici il inclusif inclusion inconnu inconnue information
    innovation innovations insertion internet je jeunes jeunesse joindre local locale locaux logement mail mails
    mediation modernisation national nom nous numerique numeriques numero on ou par participation pas plus politique
    politiques pour prenom prevention professionnel professionnelle professionnels prospective public publics publique
    publiques recherche relations remplir renseigne renseigner riposte sante sans savoir site social sociale sociales
    sociaux solidaire solidaires solidarite solidarites sous sujet sur telephone tel tous tout toute toutes
    transformation transition un une usages via vie voir vous web
    """.split()  # noqa: SIM905 - a list to be read
)


def words_of(text: str) -> list[str]:
    """The words of `text`, folded: « Jean-Marc LE GOFF » → ["jean", "marc", "le", "goff"]."""
    return [_fold_word(word) for word in _WORD.findall(text)]


@lru_cache(maxsize=20_000)
def _fold_word(word: str) -> str:
    return "".join(filter(str.isalnum, fold(word.translate(_INVISIBLE))))


def is_name(text: str) -> bool:
    """Whether `text` can be masked as a name: two words that name somebody, particles and initials apart, no digit."""
    words = words_of(text)
    telling = [word for word in words if word not in _PARTICLES and len(word) > 1]
    return len(telling) >= 2 and len(words) in WORDS and not _DIGIT.search(text)


def person_names(text: str, *, capitals: bool = False) -> list[str]:
    """The persons that a cell of free writing names: « Jakez Faou - Agence Grrr » → ["Jakez Faou"].

    A person is parted from what follows by a comma, a dash between spaces, a bracket, a colon; from another one by
    « et », « / », « & », « ; » or a line. Only the first piece that reads as a person counts: what stands behind it is
    an organisation or a function. `capitals`: each of its words but particles must start with one, for a cell that
    people fill with sentences.
    """
    found = []
    for cell in _PERSONS.split(text):
        for piece in _AFFILIATION.split(f" {cell} "):
            words = _WORD.findall(piece)
            while words and _fold_word(words[0]) in _CIVILITES:
                del words[0]
            name = " ".join(words)
            if is_name(name) and not _DIGIT.search(piece) and not _is_common(words, capitals):
                found.append(name)
                break
    return found


def _is_common(words: list[str], capitals: bool) -> bool:
    folded = [_fold_word(word) for word in words]
    if any(word in _COMMON for word in folded):
        return True
    telling = (word for word, plain in zip(words, folded, strict=True) if plain not in _PARTICLES)
    return capitals and not all(word[0].isupper() for word in telling)


# The names that the site holds

Source = Callable[[QuerySet], Iterable[str]]
_sources: dict[str, Source] = {}


def register(model: str, source: Source) -> None:
    """Announce a model, « app.Model », whose rows name persons. `source`: rows to what no page may print of them.

    That is full names and e-mail addresses. A save or a deletion renews what this process knows.
    """
    _sources[model] = source
    post_save.connect(_saved, sender=model, dispatch_uid=f"confidentiel {model}")
    post_delete.connect(_changed, sender=model, dispatch_uid=f"confidentiel {model}")


def is_common(text: str) -> bool:
    """Whether a word of `text` is one that names organisations, functions or things, hence no person."""
    return any(word in _COMMON for word in words_of(text))


class _Names:
    """Names and addresses, ready to be found in a text."""

    def __init__(self, texts: Iterable[str] = ()):
        # By the longest word of a name, which few texts hold: how many words it has, and all orders they may stand in.
        self.orders: dict[str, dict[int, set[tuple[str, ...]]]] = {}
        addresses = set()
        for text in set(texts):
            if "@" in text:
                addresses.add(text.strip())
            elif is_name(text):
                words = tuple(words_of(text))
                orders = self.orders.setdefault(max(words, key=len), {}).setdefault(len(words), set())
                orders.update(words[start:] + words[:start] for start in range(len(words)))
        # A valid address is masked wherever it comes from; only one that was mistyped needs to be known.
        odd = sorted((text for text in addresses if masquer_courriels(text) != ADRESSE_MASQUEE), key=len, reverse=True)
        self.addresses = re.compile("|".join(map(re.escape, odd)), re.IGNORECASE) if odd else None
        self.plain: set[str] = set()  # pieces between blanks, in lower case, without the longest word of any name

    def is_plain(self, text: str) -> bool:
        """Whether `text` surely holds nothing to mask: most do, told in one look at their words."""
        if "@" in text or (self.addresses and self.addresses.search(text)):
            return False
        return not self.orders or not self._may_hold(text)

    def mask(self, text: str) -> str:
        if self.is_plain(text):
            return text
        if self.addresses:
            text = self.addresses.sub(ADRESSE_MASQUEE, text)
        text = masquer_courriels(text)
        if self.orders:
            for start, end in reversed(self._spans(text)):
                text = f"{text[:start]}{NOM_MASQUE}{text[end:]}"
        return text

    def _may_hold(self, text: str) -> bool:
        """Whether some word of `text` is the longest of a name."""
        fresh = set(text.lower().split()) - self.plain
        if not fresh:
            return False
        plain = {piece for piece in fresh if self.orders.keys().isdisjoint(words_of(piece))}
        if len(self.plain) < SEEN:
            self.plain |= plain
        return len(plain) < len(fresh)

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Where names stand in `text`, in order, none in another."""
        matches = list(_WORD.finditer(text))
        words = [_fold_word(match.group()) for match in matches]
        spans = []
        for place, word in enumerate(words):
            for size, orders in self.orders.get(word, {}).items():
                for first in range(max(0, place - size + 1), place + 1):
                    last = first + size - 1
                    if tuple(words[first : last + 1]) in orders and _follow(matches[first : last + 1]):
                        spans.append((matches[first].start(), matches[last].end()))
        return _joined(spans)


def _follow(matches: list[re.Match]) -> bool:
    """Whether words stand close enough to be one name."""
    return all(after.start() - before.end() <= GAP for before, after in pairwise(matches))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap as one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


_lock = threading.Lock()
_counter = count(1)
_names = _Names()
_change = 0  # number of the last change that this process knows of
_read_change = -1  # the one that the names were read after
_read_at = 0.0


def masquer(text: str) -> str:
    """`text` as the public may read it: « [adresse masquée] » for e-mail addresses, « [nom masqué] » for names."""
    return names().mask(text) if text else text


def names() -> _Names:
    """The names as this process knows them, read again if they have changed here or are TTL old."""
    global _names, _read_change, _read_at
    if _is_stale():
        with _lock:
            if _is_stale():  # or else another thread has done it meanwhile
                change, now = _change, time.monotonic()
                _names = _Names(text for model, source in _sources.items() for text in source(_rows(model)))
                _read_change, _read_at = change, now
    return _names


def _is_stale() -> bool:
    return _read_change != _change or time.monotonic() - _read_at > TTL


def _rows(model: str) -> QuerySet:
    return apps.get_model(model)._base_manager.all()


def reset() -> None:
    """Hold no name, as in an empty database: for a test that starts, whose predecessor's rows were rolled back."""
    global _names, _read_change, _read_at
    with _lock:
        _names, _read_change, _read_at = _Names(), _change, time.monotonic()


def forget() -> None:
    """Read the names again when they are next needed."""
    global _change
    _change = next(_counter)


def _changed(sender, instance=None, **kwargs):
    forget()
    # Once more when it is committed: until then another thread may have read the rows as they were.
    transaction.on_commit(forget, using=kwargs.get("using"))


def _saved(sender, instance, raw=False, **kwargs):
    _changed(sender, **kwargs)
    if not raw:
        leave = partial(_leave_index, sender._meta.label, instance.pk)
        transaction.on_commit(leave, using=kwargs.get("using"), robust=True)


def _leave_index(model: str, pk) -> None:
    """Index again the public records that name a person who is held from now on: a search finds them by it no more."""
    from fiches import registre
    from fiches.annuaire import index_fiches

    published = apps.get_model("fiches.Entree").objects.published()
    for name in filter(is_name, _sources[model](_rows(model).filter(pk=pk))):
        found: dict[str, list[int]] = {}
        for entree, type_ in matching(published.order_by(), name).values_list("pk", "type"):
            found.setdefault(type_, []).append(entree)
        for type_, pks in found.items():
            index_fiches(registre.get(type_).model.objects.published().filter(pk__in=pks))


# Whole records


class _Shown(ModelIterable):
    def __iter__(self):
        yield from map(montrer, super().__iter__())


def public(queryset: QuerySet) -> QuerySet:
    """`queryset`, whose records come as the public may read them: title, place, card, page, file, all from one door."""
    queryset = queryset.all()
    queryset._iterable_class = _Shown
    return queryset


def montrer(record):
    """`record` with its texts masked in memory; a link is whole or not there. Records joined to it: masked copies.

    One that was changed refuses to be saved: its masks would replace what people wrote.
    """
    record.__dict__ |= _masks(record)
    joined = record._state.fields_cache
    for name, other in joined.items():
        if masks := _masks(other):
            joined[name] = copy(other)
            joined[name].__dict__ |= masks
    return record


def _masks(record) -> dict:
    """What changes in the attributes of a record as the public may read it: most often nothing."""
    values, known = getattr(record, "__dict__", {}), names()
    texts = [(name, values[name], is_link) for name, is_link in _texts(type(record)) if values.get(name)]
    if known.is_plain("\n".join(text for _, text, _ in texts)):
        return {}
    masked = {name: known.mask(text) for name, text, _ in texts}
    changed = {name: "" if is_link else masked[name] for name, text, is_link in texts if masked[name] != text}
    return changed | {"save": _refuse} if changed else {}


@cache
def _texts(model: type) -> list[tuple[str, bool]]:
    """(field, whether it is a link) of each free text of a record type, or of the directory; none of other models."""
    opts = getattr(model, "_meta", None)
    if opts is None or not (opts.pk.name == "entree" or opts.label == "fiches.Entree"):
        return []
    return [
        (field.attname, isinstance(field, URLField))
        for field in opts.concrete_fields
        if isinstance(field, CharField | TextField) and not isinstance(field, SlugField) and not field.choices
    ]


def _refuse(*args, **kwargs):
    raise TypeError("this record was masked for the public: load it again, unmasked, to save it")


# Contacts of records

CONTACT = "fiches.Contact"


def contact_names(contacts: QuerySet) -> Iterable[str]:
    """Persons of records who have not agreed to be shown, and their addresses; organisations written there left out."""
    rows = contacts.filter(accord=False).order_by().values_list("nom", "courriel", "role").distinct()
    found = [(nom, courriel, role == contacts.model.Role.CONTACT) for nom, courriel, role in rows]
    persons = {name for nom, _, sentence in found for name in person_names(nom, capitals=sentence)}
    public = _public_places() if persons else ()
    yield from (name for name in persons if fold(name) not in public)
    yield from (courriel for _, courriel, _ in found if courriel)


def _public_places() -> set[str]:
    """What public records say of where they come from, folded: authorities, structures, actors."""
    entrees = apps.get_model("fiches.Entree").objects.published().exclude(lieu="").order_by()
    lieux = entrees.values_list("lieu", flat=True).distinct()
    return {fold(piece) for lieu in lieux for piece in (lieu, *lieu.split(", "))}


register(CONTACT, contact_names)
