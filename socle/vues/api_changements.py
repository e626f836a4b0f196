"""/api/v1/changements: what changed since a cursor, for whoever keeps a copy of the lists.

    {"curseur": "43-…", "suivant": null, "a_lire": {"projet": "https://…/api/v1/projets?…"}, "resultats": […]}

A copy deletes the records of `resultats`, then reads the addresses of `a_lire`. Without a cursor every list is named,
to be taken whole: a copy begins so, and begins again so after a 410.
"""

import json
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Literal

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from ninja import Field, Schema
from pydantic import AwareDatetime

from socle.francais.nombres import whole
from socle.francais.wording import entier
from socle.journal import telling
from socle.journal.models import Ligne, Nature
from socle.vues import licence
from socle.vues.api_reponses import probleme
from socle.vues.api_schemas import AU_PLUS, PAR_DEFAUT, query_parameter, size_parameter

REPRENDRE = "reprendre"
INCONNU = "Curseur inconnu"
REPRENEZ = (
    "Reprenez tout : ce curseur n’est pas, ou n’est plus, du journal de ce site. Demandez la même adresse sans "
    "« apres » : elle donne un nouveau curseur, et les listes à prendre entières."
)
MAL_ECRIT = "Écrivez un curseur tel que « curseur » le donne, une seule fois : « 41-0123456789abcdef »."


class FicheChangee(Schema):
    """A record that changed, or a list to take again."""

    model_config = {"json_schema_extra": {"description": "Une fiche qui a changé, ou une liste à reprendre."}}
    numero: int = Field(description="Le numéro du dernier changement ; les numéros croissent, et peuvent sauter.")
    le: AwareDatetime = Field(description="Quand, à la seconde, en temps universel.")
    nature: Literal["publiee", "modifiee", "retiree", "reprendre"] = Field(
        description="Ce qui est arrivé à la fiche ; `reprendre` : toutes les fiches de ce type ont pu changer."
    )
    type: str = Field(description="Le type de fiche, tel que `a_lire` le nomme.")
    identifiant: int | None = Field(description="L’identifiant de la fiche ; null si toute la liste est à reprendre.")
    vers: int | None = Field(description="L’identifiant de la fiche dans laquelle celle-ci a été fusionnée.")


class CeQuiChange(Schema):
    """What changed since a cursor."""

    model_config = {"json_schema_extra": {"description": "Ce qui a changé depuis un curseur."}}
    curseur: str = Field(description="À garder : `apres` de la prochaine demande.")
    suivant: str | None = Field(description="L’adresse de la suite ; null si tout est dit.")
    a_lire: dict[str, str] = Field(
        description="{type de fiche: l’adresse où lire, page après page, ses fiches publiées, changées ou à reprendre}."
    )
    resultats: list[FicheChangee] = Field(
        description="Chaque fiche une fois par réponse, selon son dernier changement."
    )


PARAMETRES = [
    query_parameter(
        "apres",
        {"type": "string", "pattern": "^[0-9]{1,19}-[0-9a-f]{16}$"},
        "Le `curseur` de la réponse précédente. Sans lui, la réponse nomme toutes les listes, à prendre entières.",
    ),
    size_parameter("Combien de changements au plus sont lus dans le journal pour une réponse"),
]


def late() -> timedelta:
    """How long a change waits before it is told: until the replica, if there is one, has it."""
    return timedelta(seconds=settings.REPLIQUE_RETARD if "replique" in settings.DATABASES else 0)


def changements(adresse: str, listes: dict[str, str], to_take_again: Callable[[str], list[str]]) -> Callable:
    """The view. `listes`: {type: address of its list}. `to_take_again`: as for `routes` (api.py)."""

    def answer(request):
        asked, refused = request.GET, []
        cursors, sizes = asked.getlist("apres"), asked.getlist("limite")
        known = telling.read_cursor(cursors[0]) if len(cursors) == 1 else None
        if cursors and known is None:
            refused.append(("apres", MAL_ECRIT))
        size = whole(sizes[0], 9) if len(sizes) == 1 else None if sizes else PAR_DEFAUT
        if not size or size > AU_PLUS:
            refused.append(("limite", f"Écrivez un nombre entier, de 1 à {entier(AU_PLUS)}."))
        refused += [(_short(nom), "Ce paramètre n’existe pas.") for nom in asked if nom not in ("apres", "limite")]
        if refused:
            return probleme(400, "Rien n’est répondu, car un paramètre n’a pas été compris.", refused)
        until = timezone.now() - late() if late() else None
        if known is None:
            return _told(telling.last(until), [], start=True)
        found = telling.after(known, size, until)
        if found is None:
            return probleme(410, REPRENEZ, titre=INCONNU, **{"Cache-Control": "no-cache"})
        rows, more = found
        return _told(rows[-1], rows[1:], more=more, size=sizes)

    def _told(dernier: Ligne, rows: list[Ligne], *, start=False, more=False, size=()) -> HttpResponse:
        found = _changes(rows) if not start else {(cle, None): dernier for cle in listes}
        cursor = telling.cursor(dernier)
        query = urlencode({"apres": cursor} | ({"limite": size[0]} if size else {}))
        following = f"{settings.SITE_URL}{adresse}?{query}" if more else None
        into = telling.told_of({row.vers for row in found.values() if row.vers})
        told = {
            "curseur": cursor,
            "suivant": following,
            "a_lire": _to_read(found),
            "resultats": [_said(cle, pk, row, into) for (cle, pk), row in found.items()],
        }
        link = {"Link": f'<{following}>; rel="next"'} if following else {}
        text = json.dumps(told, ensure_ascii=False)
        return licence.linked(HttpResponse(text, content_type="application/json", headers=link))

    def _changes(rows: list[Ligne]) -> dict[tuple[str, int | None], Ligne]:
        """{(type, record, or None for all of that type): its last row}, in the order of these rows.

        Of a type that has no list any more, that its records are gone.
        """
        found: dict[tuple[str, int | None], Ligne] = {}
        for row in rows:
            types = [row.type] if row.entree else to_take_again(row.type)
            left = row.entree is not None and row.nature == Nature.RETIREE
            for key in [(cle, row.entree) for cle in types if left or cle in listes]:
                found.pop(key, None)
                found[key] = row
        return found

    def _to_read(found: dict) -> dict[str, str]:
        """{type: address of the records to read}: the whole list, or what changed since the first change."""
        addresses = {}
        for cle, adresse in listes.items():
            whole_list = (cle, None) in found
            rows = [row for (type, _), row in found.items() if type == cle and row.nature != Nature.RETIREE]
            if whole_list or rows:
                since = {} if whole_list else {"modifiee_depuis": _second(min(row.le for row in rows))}
                addresses[cle] = f"{settings.SITE_URL}{adresse}?{urlencode({'limite': AU_PLUS} | since)}"
        return addresses

    return answer


def _said(cle: str, pk: int | None, row: Ligne, into: set[int]) -> dict:
    nature = REPRENDRE if pk is None else row.nature
    vers = row.vers if pk and row.vers in into else None
    told = {"numero": row.numero, "le": _second(row.le), "nature": nature}
    return told | {"type": cle, "identifiant": pk, "vers": vers}


def _second(moment) -> str:
    """A moment to the second, in universal time, as an address accepts it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _short(nom: str) -> str:
    return nom if nom.isprintable() and len(nom) <= 40 else "…"
