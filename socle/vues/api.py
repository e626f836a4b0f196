"""The API under /api/v1/: each list, its facets and each record as JSON, and the OpenAPI document.

All follows from the declarations given to `routes`: the parameters are those of the list, read by the same `Selection`;
answers say what the columns of the files say. django-ninja holds the operations and writes the document from them.
Tests check answers against the document, the site does not. Others read /api/v1/: its fields and addresses must stay.
"""

from collections.abc import Callable, Iterable
from json.encoder import encode_basestring as quoted

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.urls import include, path, reverse
from ninja import NinjaAPI, Path
from ninja.errors import ValidationError

from socle.annuaire.models import Entree, Statut
from socle.catalogue.cursors import Curseur
from socle.catalogue.selection import Selection
from socle.francais.nombres import whole
from socle.francais.wording import entier
from socle.journal.cache import cached
from socle.journal.conditional import conditional
from socle.vues import api_schemas, licence
from socle.vues.api_changements import INCONNU, PARAMETRES, REPRENEZ, CeQuiChange, changements, late
from socle.vues.api_presentation import presentation
from socle.vues.api_reponses import PROBLEME, TITRES, Probleme, limited, probleme
from socle.vues.fichier_csv import table
from socle.vues.fichier_json import document, objects
from socle.vues.origine import about, monitored, told_at
from socle.vues.vue import Vue

RACINE, CHANGEMENTS = "api/v1/", "changements"
ELSEWHERE = ("page", "excel", "colonnes", "fiche", "montrer")  # parameters of pages and files, refused here
DESCRIPTIONS = TITRES | {200: "Ce qui est demandé.", 301: "Fusionnée dans une autre fiche.", 304: "Rien n’a changé."}
DESCRIPTIONS[414] = "Adresse trop longue : le serveur la refuse avant le site, sans ce détail."


# A list


def as_api(view, selection) -> HttpResponse:
    """Part of a selection: `limite` records, after the record `apres`."""
    asked = view.request.GET
    size, refused = size_asked(asked)
    after = Curseur.read(asked["apres"]) if "apres" in asked else None
    if "apres" in asked and after is None:
        refused.append(("apres", "Ce n’est pas la suite d’une liste : suivez l’adresse que « suivant » donne."))
    refused += _refused(selection, asked)
    start = selection.following(after) if after and not refused else 0
    if start is None:
        refused = [("apres", "Cette suite n’est pas de cette liste : suivez « suivant », sans changer le tri.")]
    if refused:
        return _malformed(refused)
    keys = selection.keys(start, start + (size or api_schemas.PAR_DEFAUT))
    following = ""
    if start + len(keys) < selection.total:
        more = {"limite": asked["limite"]} if size else {}
        query = selection.query_string(**more, apres=str(selection.cursor(keys[-1])))
        following = f"{settings.SITE_URL}{API.adresse(selection.declaration)}?{query}"
    head = {"total": selection.total, "phrase": selection.phrase()} | selection.about_search
    head |= about(selection) | {"changements": told_at(), "suivant": following or None}
    link = {"Link": f'<{following}>; rel="next"'} if following else {}
    return monitored(_answer(document(head, objects(*table(view, keys))), **link))


API = Vue(
    "api",
    "",
    as_api,
    ailleurs="api:{}",
    rubrique="donnees",
    mots="Interface de programmation (API)",
)


def as_facets(view, selection) -> HttpResponse:
    """The values of each facet, with how many records one gets by choosing them."""
    if refused := _refused(selection, view.request.GET):
        return _malformed(refused)
    facets = ", ".join(f'"{name}": [{_values(selection, name)}]' for name in selection.facets)
    return _answer(f"{{{facets}}}")


def _values(selection: Selection, name: str) -> str:
    """The values of a facet as JSON. The part that no request changes is kept: there may be a value per commune."""
    facet, chosen, counts = selection.facets[name], selection.values.get(name, []), selection.counts(name)

    def told(values: Iterable[str]) -> dict[str, str]:
        return {value: f'{{"valeur": {quoted(value)}, "nom": {quoted(facet.names[value])}' for value in values}

    list_sets = selection.list_sets
    held = list_sets.cached(("facette de l’API", name), lambda: told(facet.valeurs(list_sets, name)))
    held = held if held.keys() >= counts.keys() else told(counts)
    alone = told(value for value in chosen if value not in counts)
    lines = [f'{held[value]}, "compte": {count}}}' for value, count in counts.items()]
    return ", ".join(lines + [f'{one}, "compte": 0}}' for one in alone.values()])


def size_asked(asked) -> tuple[int | None, list[tuple[str, str]]]:
    """`limite`, or None if it is missing or wrong; and (parameter, message) if it is wrong."""
    if "limite" not in asked:
        return None, []
    if (number := whole(asked["limite"], 19)) and number <= api_schemas.AU_PLUS:
        return number, []
    return None, [("limite", f"Écrivez un nombre entier, de 1 à {entier(api_schemas.AU_PLUS)}.")]


def _refused(selection, asked) -> list[tuple[str, str]]:
    """(parameter, message) of all that could not be read."""
    refused = [(name, "Ce paramètre n’existe pas dans l’API.") for name in ELSEWHERE if name in asked]
    for name in ("tri", *selection.filterset.filters):
        if not all(map(str.strip, asked.getlist(name))):  # a program that lacks a value would get the whole list
            refused.append((name, "Ce paramètre est vide : ôtez-le, ou donnez-lui une valeur."))
    values = reverse(f"api:{selection.declaration.espace}-facettes")
    for name, messages in selection.errors.items():
        more = f" Les valeurs sont à l’adresse {values}." if name in selection.facets else ""
        refused += [(name, f"{message}{more}") for message in messages]
    return refused


def _malformed(refused: list[tuple[str, str]]) -> HttpResponse:
    return probleme(400, "Rien n’est répondu, car un paramètre n’a pas été compris.", refused)


def _answer(content, **headers: str) -> HttpResponse:
    return licence.linked(HttpResponse(content, content_type="application/json", headers=headers))


# Operations


class ApiDesListes(NinjaAPI):
    """The operations of all lists. Their document has the parameters of each, which depend on the data."""

    def __init__(self, declarations: list, **kwargs):
        super().__init__(docs_url=None, docs_decorator=conditional, urls_namespace="api", **kwargs)
        self.declarations = {declaration.cle: declaration for declaration in declarations}
        self.add_exception_handler(Exception, _raise)
        self.add_exception_handler(Http404, lambda request, error: probleme(404, str(error)))
        self.add_exception_handler(ValidationError, lambda request, error: probleme(404))

    def get_openapi_schema(self, **kwargs) -> dict:
        return cached(("api", settings.SITE_URL), self._document)

    def _document(self) -> dict:
        document = super().get_openapi_schema(path_prefix=f"/{RACINE}")
        if (chosen := licence.chosen()).nom:
            document["info"]["license"] = {"name": chosen.nom, "url": chosen.adresse}
        for declaration in self.declarations.values():
            selection = Selection(declaration, QueryDict())
            for end, paged in (("", True), ("/facettes", False)):
                operation = document["paths"][f"/{RACINE}{declaration.adresse}{end}"]["get"]
                operation["parameters"] = api_schemas.parameters(selection, paged=paged)
        changes = document["paths"][f"/{RACINE}{CHANGEMENTS}"]["get"]
        changes["parameters"] = PARAMETRES
        for operations in document["paths"].values():
            for status, response in operations["get"]["responses"].items():
                response["description"] = DESCRIPTIONS[status]
                if operations["get"] is changes and status == 410:
                    response["description"] = f"{INCONNU}. {REPRENEZ}"
                if status >= 400 and "content" in response:
                    response["content"] = {PROBLEME: response["content"]["application/json"]}
        return document

    def read(self, route: str, view: Callable, *, titre: str, statuses: dict, by_minute=False, **told) -> None:
        """Add an operation, for GET and HEAD, with its limit of requests. `titre`: its group in the document."""
        view = limited(conditional(view, by_minute=by_minute))
        response = statuses | {304: None, 414: None, 429: Probleme, 503: Probleme}
        self.get(route, response=response, tags=[titre], **told)(view)
        self.api_operation(["HEAD"], route, response={200: None}, include_in_schema=False)(view)


def _raise(request, error):
    raise error


def _operations(api: ApiDesListes, declaration, was_deleted: Callable[[Entree], bool]) -> None:
    liste, adresse = declaration.liste, declaration.adresse

    def made(request):
        view = liste(declaration=declaration, vue=API)
        view.setup(request)
        return view

    def part(request):
        view = made(request)
        return as_api(view, view.select(request))

    def facets(request):
        view = made(request)
        return as_facets(view, view.select(request))

    def one(request, pk: int = Path(..., ge=1, le=api_schemas.GREATEST, description="L’identifiant de la fiche.")):
        for record in objects(*table(made(request), [pk])):
            return _answer(record)
        return _elsewhere(api, declaration, pk, was_deleted)

    columns = [column.of(declaration.model) for column in (*liste().get_columns(), licence.column())]
    record = api_schemas.record(declaration.model, columns)
    of, name = {"titre": declaration.titre, "by_minute": declaration.a_la_minute}, declaration.espace
    api.read(
        adresse,
        part,
        **of,
        statuses={200: api_schemas.page(record), 400: Probleme},
        summary=f"Liste : {declaration.nom_pluriel}",
        description=f"{declaration.accroche} Les mêmes filtres que la page ; sans filtre, tout ce qui est public.",
        operation_id=f"{name}_liste",
        url_name=name,
    )
    api.read(
        f"{adresse}/facettes",
        facets,
        **of,
        statuses={200: api_schemas.facets(record, liste.filterset_class), 400: Probleme},
        summary=f"Valeurs des critères : {declaration.nom_pluriel}",
        description="Chaque valeur, avec le nombre de fiches qu’elle donnerait sous les autres critères demandés.",
        operation_id=f"{name}_facettes",
        url_name=f"{name}-facettes",
    )
    api.read(
        f"{adresse}/{{int:pk}}",
        one,
        **of,
        statuses={200: record, 301: None, 404: Probleme, 410: Probleme},
        summary=f"Une fiche : {declaration.nom}",
        description="Une fiche par son identifiant, qui ne change pas.",
        operation_id=f"{name}_fiche",
        url_name=f"{name}-fiche",
    )


def _elsewhere(api: ApiDesListes, declaration, pk: int, was_deleted: Callable[[Entree], bool]) -> HttpResponse:
    """The answer for a record that is not in a list: it moved, it was deleted, or there is none."""
    entree = Entree.objects.filter(pk=pk).first()
    entree = entree and entree.after_merges()
    if entree and was_deleted(entree):
        return probleme(410, "Cette fiche a été supprimée.", **{"Cache-Control": "no-cache"})
    there = entree and entree.statut == Statut.PUBLIEE and api.declarations.get(entree.type)
    if not there or (there is declaration and entree.pk == pk):
        return probleme(404, "Aucune fiche publique n’a cet identifiant.")
    address = reverse(f"api:{there.espace}-fiche", args=[entree.pk])
    return HttpResponsePermanentRedirect(address, headers={"Cache-Control": "no-cache"})


# Addresses


def routes(declarations: list, *, was_deleted: Callable[[Entree], bool], to_take_again: Callable[[str], list[str]]):
    """/api/v1/ and all below it, in the namespace `api`. `declarations`: of the lists, that of the whole site too.

    `was_deleted`: whether the public knew the record of an entry that is gone. `to_take_again`: by kind in the change
    log, the types whose records may show something that is no record.
    """
    api = ApiDesListes(
        declarations,
        title="LabAccès",
        version="1",
        description=f"Les fiches publiques de LabAccès, en lecture. Présentation : {settings.SITE_URL}/{RACINE}",
        servers=[{"url": settings.SITE_URL}],
        openapi_extra={
            "info": {
                "contact": {"name": "L’équipe de LabAccès", "url": f"{settings.SITE_URL}/contacter/"},
                "termsOfService": f"{settings.SITE_URL}/mentions-legales/",
            }
        },
    )
    for declaration in declarations:
        _operations(api, declaration, was_deleted)
    listes = {one.cle: f"/{RACINE}{one.adresse}" for one in declarations if one.cle}
    api.read(
        CHANGEMENTS,
        changements(f"/{RACINE}{CHANGEMENTS}", listes, to_take_again),
        titre="Changements",
        by_minute=bool(late()),
        statuses={200: CeQuiChange, 400: Probleme, 410: Probleme},
        summary="Ce qui a changé depuis un curseur",
        description="Pour tenir une copie à jour, fiches retirées et fusionnées comprises.",
        operation_id="changements",
        url_name="changements",
    )
    operations, _, namespace = api.urls
    index = path("", presentation(declarations, RACINE), name="index")  # before ninja's own root, which has no answer
    return path(RACINE, include(([index, *operations], "api"), namespace=namespace))
