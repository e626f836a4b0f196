"""The desk's home: what waits for this person, and a search over all records.

Counts use the lists' own filters: a count equals its list. What a person may not see is neither counted nor found.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from inspect import isclass
from urllib.parse import urlencode

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse

from fiches import registre
from fiches.acces import admin_url, change_url, readable, visible_types
from labacces import a_reverifier
from socle.annuaire.models import Entree, Statut
from socle.bureau import ajouts
from socle.comptes.roles import can_publish
from socle.francais.texte import fold
from socle.francais.wording import pluriel
from socle.journal.following import at_one_moment
from socle.recherche.parsing import Query
from socle.recherche.query import by_relevance, matching, title_note, understand

WORDS_LENGTH = 200
LISTED = 1_000  # most drafts found by words, and most records found by part of a title
READ = 5_000  # most drafts whose words are read, the last changed first

# Words, and filters of the list. A list without these filters has no such task.
ON_RECORDS = [
    ("À relire, à publier", {"statut__exact": Statut.A_RELIRE.value}),
    ("Mots à définir", {"etat": "a-definir"}),
    ("Publiées sans thème", {"classement": "aucun", "statut__exact": Statut.PUBLIEE.value}),
    ("Publiées sans montant", {"montant": "inconnu", "statut__exact": Statut.PUBLIEE.value}),
    ("Publiées, inchangées depuis deux ans", {"a_reprendre": "ancienne"}),
    ("Brouillons", {"statut__exact": Statut.BROUILLON.value}),
]
# Of these, what only those who may publish can do.
TO_DECIDE = {"À relire, à publier"}
# What waits in the other lists.
TO_SETTLE = ("À régler", {"suite": "ouverte"})


@dataclass(frozen=True)
class LienDeTache:
    """A list with waiting rows: « 3 projets », and its address."""

    texte: str
    adresse: str


@dataclass(frozen=True)
class Tache:
    """A task and the lists with rows for it."""

    titre: str
    liens: list[LienDeTache]


# What waits


def waiting(site, request: HttpRequest) -> list[Tache]:
    """This person's tasks. One query for each list."""
    with at_one_moment():
        counted = [
            (declaration, admin_url(declaration.model, "changelist"), count_lists(admin, request, dict(ON_RECORDS)))
            for declaration, admin in visible_types(site, request)
        ]
    tasks = []
    for titre, criteria in ON_RECORDS:
        if titre in TO_DECIDE and not can_publish(request.user):
            continue
        links = []
        for declaration, address, counts in counted:
            if count := counts.get(titre):
                words = pluriel(count, declaration.nom, declaration.nom_pluriel)
                links.append(LienDeTache(words, f"{address}?{urlencode(criteria)}"))
        tasks.append(Tache(titre, links))
    tasks.insert(1, Tache(TO_SETTLE[0], list(_to_settle(site, request))))
    if week := len(a_reverifier.keys_of_week(a_reverifier.changeable_types(site, request))):
        words = f"{pluriel(week, 'fiche', 'fiches')} cette semaine"
        tasks.append(Tache(a_reverifier.TITRE, [LienDeTache(words, reverse("admin:a_reverifier"))]))
    return [task for task in tasks if task.liens]


def count_lists(model_admin: ModelAdmin, request: HttpRequest, criteria: dict) -> dict:
    """{key of `criteria`: rows of a list under these filters}, in one query; without keys whose filters it lacks."""
    chosen = {key: _narrowed(model_admin, request, asked) for key, asked in criteria.items()}
    return _counted({key: queryset for key, queryset in chosen.items() if queryset is not None})


def _counted(querysets: dict) -> dict:
    """{key: number of rows}. One query, in which each count uses its own index."""
    counts, params = [], []
    for queryset in querysets.values():
        try:
            sql, given = queryset.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            sql, given = "SELECT 1 WHERE 1 = 0", ()
        counts.append(f"(SELECT count(*) FROM ({sql}) AS liste)")  # noqa: S608 - from the ORM
        params += given
    if not counts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", params)
        return dict(zip(querysets, cursor.fetchone(), strict=True))


def _to_settle(site, request: HttpRequest) -> Iterator[LienDeTache]:
    _, criteria = TO_SETTLE
    for model, model_admin in site._registry.items():
        if not model_admin.has_view_permission(request):
            continue
        queryset = _narrowed(model_admin, request, criteria)
        if queryset is not None and (count := queryset.order_by().count()):
            words = pluriel(count, str(model._meta.verbose_name), str(model._meta.verbose_name_plural))
            yield LienDeTache(words, f"{admin_url(model, 'changelist')}?{urlencode(criteria)}")


def more_links(site, request: HttpRequest, tasks: list[Tache]) -> list[LienDeTache]:
    """Links that other rooms add."""
    addresses = [link.adresse for task in tasks for link in task.liens]
    return [LienDeTache(*link) for ajout in ajouts.every() for link in ajout.links(site, request, addresses)]


def _narrowed(model_admin: ModelAdmin, request: HttpRequest, criteria: dict[str, str]) -> QuerySet | None:
    """Rows under some of the list's own filters; None if it lacks one."""
    listed = model_admin.get_list_filter(request)
    offered = {one.parameter_name: one for one in listed if _is_simple(one)}
    if not all(name in offered or name.removesuffix("__exact") in listed for name in criteria):
        return None
    queryset = model_admin.get_queryset(request)
    for name, value in criteria.items():
        if name in offered:
            chosen = offered[name](request, {name: [value]}, model_admin.model, model_admin)
            queryset = chosen.queryset(request, queryset)
        else:
            queryset = queryset.filter(**{name: value})
    return queryset


def _is_simple(list_filter) -> bool:
    return isclass(list_filter) and issubclass(list_filter, SimpleListFilter)


# The search


def answers(site, request: HttpRequest, text: str) -> QuerySet[Entree]:
    """Entries in any state that this person may read and that match `text`, best first.

    - Public records match as on the site, others by words of title and place, all by a part of these.
    - Titles that contain `text` come first.
    - Only records, never persons. Three queries before the last one.
    """
    entries = readable(site, request)
    text = text.replace("\0", " ").strip()[:WORDS_LENGTH]
    folded, query = fold(text), understand(text)
    if not folded:
        return entries.none()
    titled, named = _by_their_words(entries.exclude(statut=Statut.PUBLIEE), query)
    wanted = Q(pk__in=[*titled, *named])
    if query:
        wanted |= Q(pk__in=matching(Entree.objects.published().order_by(), query).values("pk"))
    if not query.excluded:  # in a part of a title, « -mot » means something else
        # read once for count and order
        by_part = entries.order_by().filter(Q(tri__contains=folded) | Q(lieu__icontains=text))
        wanted |= Q(tri=folded) | Q(pk__in=list(by_part.values_list("pk", flat=True)[:LISTED]))
    # A draft with the words in its title gets an indexed title's score.
    ranked = by_relevance(entries.filter(wanted), query)
    indexed = Coalesce("pertinence", Value(0)) if query.wanted else Value(0)
    return ranked.annotate(
        rang=Case(
            When(tri=folded, then=3),
            When(tri__startswith=folded, then=2),
            When(tri__contains=folded, then=1),
            default=0,
            output_field=IntegerField(),
        ),
        note=Case(When(pk__in=titled, then=Value(title_note(query))), default=indexed, output_field=IntegerField()),
    ).order_by("-rang", "-note", "-modifiee_le", "-pk")


def _by_their_words(entries: QuerySet[Entree], query: Query) -> tuple[list[int], list[int]]:
    """Keys of unindexed entries with all words: (in the title, in title and place)."""
    titled, named = [], []
    if not query.wanted:
        return titled, named
    for pk, titre, lieu in entries.order_by("-modifiee_le").values_list("pk", "titre", "lieu")[:READ]:
        both = f"{titre} {lieu}"
        if query.excludes(both):
            continue
        if query.wants(titre):
            titled.append(pk)
        elif query.wants(both):
            named.append(pk)
    return titled[:LISTED], named[:LISTED]


@dataclass(frozen=True)
class Trouvee:
    """One result: a record and its form."""

    entree: Entree
    type: str
    adresse: str


def shown(page: Iterable[Entree]) -> list[Trouvee]:
    """A page of `answers`, ready to show."""
    types = {declaration.cle: declaration for declaration in registre.types()}
    return [Trouvee(entree, types[entree.type].nom, change_url(entree)) for entree in page]
