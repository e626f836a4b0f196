"""Where the records of a selection are: the content of its map, and of the lines beside it.

situation = Situation(Selection(declaration, request.GET), cadre="morbihan")
situation.departements       # lines, those that have most first
situation.cadrages()         # the frames that its map may have
situation.elsewhere          # the records that its frame leaves out

socle/vues/dessin.py draws it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from heapq import nlargest

from django.utils.http import urlencode
from pyroaring import BitMap

from socle.catalogue.mesures import Chiffres
from socle.catalogue.selection import Selection
from socle.francais.texte import fold
from socle.francais.wording import pluriel
from socle.territoires.cartes import Cadre, Cercle, drawing, frame, frame_around
from socle.territoires.lieux import Emplacement
from socle.vues.cadrages import Territoire, Territoires, known
from socle.vues.positions import by_group, by_precision, exact, unplaced
from socle.vues.positions import places as places_of

NOMBRE, MONTANT = "nombre", "montant"
QUATRE_CINQUIEMES = 0.8  # share of located records that the usual frame holds
JOINED = 40  # places in one link, at most
LISTED = 60  # places of the frame with a link each


@dataclass(frozen=True)
class LigneDeLieu:
    """A place in a table: its records, their amounts, the address of their list or ""."""

    nom: str
    compte: int
    chiffres: Chiffres
    adresse: str = ""

    @property
    def montant(self) -> Decimal | None:
        return self.chiffres.total


@dataclass(frozen=True)
class GroupeDeLieux:
    """A part of the frame in its list: its places; or, if too many, their number and a closer map (`adresse`)."""

    nom: str
    nombre: int
    lieux: list[LigneDeLieu]
    adresse: str = ""

    @property
    def autres(self) -> int:
        return self.nombre - len(self.lieux)


@dataclass(frozen=True)
class Cadrage:
    """A frame on offer. `compte`: its records."""

    nom: str
    compte: int
    adresse: str
    courant: bool


class Situation:
    """The records of a selection by place. `montrer`: what the map shows; `cadre`: the place that it frames."""

    def __init__(self, selection: Selection, montrer: str = NOMBRE, cadre: str = ""):
        self.selection, self.montrer, self.asked = selection, montrer, cadre
        self.list_sets, self.declaration = selection.list_sets, selection.declaration
        self.nom = f"{self.declaration.nom}|{self.declaration.nom_pluriel}"

    def of_whole(self, key: tuple, compute):
        """Result of `compute`; kept if nothing is asked."""
        if self.asked or self.selection.pairs(keeps=()):
            return compute()
        return self.list_sets.cached((*key, self.selection.total), compute)

    def count(self, number: int) -> str:
        """« 12 projets »."""
        return pluriel(number, self.declaration.nom, self.declaration.nom_pluriel)

    # Records by place

    @cached_property
    def by_departement(self) -> dict[str, BitMap]:
        records = self.selection.records
        held = {code: ids & records for code, ids in self.list_sets.valeurs("departement").items()}
        return {code: ids for code, ids in held.items() if ids}

    @cached_property
    def _held(self) -> dict[str, BitMap]:
        """{code of a place: records of the list that name it}."""
        return self.list_sets.valeurs("lieu")

    @cached_property
    def counts(self) -> dict[str, int]:
        """{code of a place: how many records of the selection name it}."""
        return self.list_sets.counts("lieu", self.selection.records)

    @cached_property
    def places(self) -> dict[str, Emplacement]:
        return places_of(self.list_sets)

    @cached_property
    def exact(self) -> dict[int, tuple[float, float]]:
        found = exact(self.list_sets)
        return {pk: found[pk] for pk in BitMap(found) & self.selection.records} if found else {}

    @cached_property
    def nowhere(self) -> BitMap:
        """Records without a known position."""
        return self._known_as("")

    def list_of_lost(self) -> str:
        """The address of the list of the records `nowhere`."""
        lost = self.nowhere
        return self.list_of("lieu", [code for code in unplaced(self.list_sets) if self._held[code].intersect(lost)])

    def precision(self, wanted: str) -> int:
        """How many records of the frame are known with this precision."""
        return len(self._known_as(wanted) & self.inside)

    def _known_as(self, precision: str) -> BitMap:
        found = by_precision(self.list_sets).get(precision, BitMap())
        return (found & self.selection.records) - BitMap(self.exact) - self.overseas

    @cached_property
    def overseas(self) -> BitMap:
        """Records in départements that are not drawn."""
        drawn = drawing()["departements"]
        return BitMap.union(BitMap(), *(ids for code, ids in self.by_departement.items() if code not in drawn))

    @cached_property
    def located(self) -> BitMap:
        return self.selection.records - self.nowhere

    @cached_property
    def _home(self) -> dict[str, BitMap]:
        """{drawn département: its located records}. Without a département, that of the intercommunalité counts."""
        drawn = drawing()["departements"]
        found = {code: ids & self.located for code, ids in self.by_departement.items() if code in drawn}
        alone = self.located - BitMap.union(BitMap(), *self.by_departement.values())
        for code, ids in by_group(self.list_sets).items() if alone else ():
            if there := ids & alone:
                found[code] = found.get(code, BitMap()) | there
        return found

    def _within(self, territoire: Territoire) -> BitMap:
        return BitMap.union(BitMap(), *(ids for code, ids in self._home.items() if code in territoire.codes))

    def number_in(self, departement: str) -> int:
        return len(self._home.get(departement, ()))

    @cached_property
    def montants(self) -> dict[str, Decimal] | None:
        """{département of the frame: its known amount}; None for a map of numbers."""
        if self.montrer == NOMBRE:
            return None
        totals = {code: self.list_sets.chiffres(ids).total for code, ids in self._home.items() if self.is_in(code)}
        return {code: total for code, total in totals.items() if total}

    # The frame

    @cached_property
    def around(self) -> tuple[Cadre, Cercle] | None:
        """The frame and the circle around a commune, if that is asked."""
        commune = self.selection.values.get("autour")
        return commune and frame_around(commune, self.selection.filterset.filters["autour"].km)

    @cached_property
    def territoires(self) -> Territoires:
        return known(self.list_sets)

    @cached_property
    def territoire(self) -> Territoire:
        """The frame asked for, or the usual one."""
        return self.territoires.by_cle[self.asked] if self.asked else self.usual

    @cached_property
    def usual(self) -> Territoire:
        """The chosen départements, or else the fewest régions with four fifths of the located records."""
        if chosen := self.territoires.of_departements(self.selection.values.get("departement", ())):
            return chosen
        counts: dict[str, int] = defaultdict(int)
        for code, ids in self._home.items():
            counts[drawing()["departements"][code]["region"]] += len(ids)
        regions: list[str] = []
        wanted = QUATRE_CINQUIEMES * sum(counts.values())
        for region in sorted(counts, key=lambda code: (-counts[code], code)):
            if sum(counts[one] for one in regions) >= wanted:
                break
            regions.append(region)
        if regions:
            return self.territoires.of_regions(regions)
        home = frozenset(frame().codes)
        return next((one for one in self.territoires.regions.values() if one.codes == home), self.territoires.france)

    @cached_property
    def cadre(self) -> Cadre:
        return self.around[0] if self.around else self.territoire.cadre

    @cached_property
    def inside(self) -> BitMap:
        if self.around:
            return self.located
        alone = [pk for pk, where in self._alone.items() if self.cadre.holds(*self.cadre.point(*where))]
        return self._within(self.territoire) | BitMap(alone)

    @cached_property
    def _alone(self) -> dict[int, tuple[float, float]]:
        """{record: position}, for records with a position and no département."""
        homes = BitMap.union(BitMap(), *self._home.values()) | self.overseas
        return {pk: self.exact[pk] for pk in BitMap(self.exact) - homes}

    def alone_by_place(self) -> Iterable[tuple[str, tuple[float, float]]]:
        """(code of the place, position) of the records `_alone` that name a place."""
        for code, ids in self._held.items() if self._alone else ():
            for pk in ids & BitMap(self._alone):
                yield code, self._alone[pk]

    def is_in(self, departement: str) -> bool:
        """Whether a département is in the frame."""
        return bool(self.around) or departement in self.territoire.codes

    @cached_property
    def elsewhere(self) -> BitMap:
        """Located records outside the frame."""
        return self.located - self.inside

    def cadrages(self) -> list[Cadrage]:
        """The frames on offer, without empty ones; [] if all would show the same."""
        if self.around:
            return []
        every, usual, here = self.territoires, self.usual, self.territoire
        found = [usual]
        if len(usual.regions) > 1 or not here.codes <= usual.codes:
            found += sorted(every.regions.values(), key=lambda one: one.cle)
        for one in (usual, here):
            if len(one.regions) == 1:
                found += every.of_region(*one.regions)
        counts = {one: len(self._within(one)) for one in [*found, here, every.france]}
        offered = [
            Cadrage(one.nom, count, self.closer(one, self.selection.keeps), one == here)
            for one, count in counts.items()
            if count or one in (usual, here)
        ]
        return offered if here != usual or len(set(counts.values()) - {0}) > 1 else []

    def closer(self, territoire: Territoire, keeps: tuple[str, ...] = ()) -> str:
        """The query string of the map of a territory. `garde`: parameters to keep beside the criteria."""
        kept = tuple(name for name in keeps if name != "cadre")
        more = {} if territoire == self.usual else {"cadre": territoire.cle}
        return f"?{self.selection.query_string(keeps=kept, **more)}"

    # Lines

    @cached_property
    def departements(self) -> list[LigneDeLieu]:
        """A line per département, and one for records without a département: each record once."""
        return self.of_whole(("lignes de départements",), self._lines_of_departements)

    def _lines_of_departements(self) -> list[LigneDeLieu]:
        rows = self._lines("departement", self.by_departement)
        without = self.selection.records - BitMap.union(BitMap(), *self.by_departement.values())
        if without:
            rows.append(LigneDeLieu("Sans département", len(without), self.list_sets.chiffres(without)))
        return rows

    def groupes(self) -> list[GroupeDeLieux]:
        """The places of the frame, by département; or closer maps that list them, if they are more than LISTED."""
        by_home: dict[Territoire, dict[str, int]] = defaultdict(dict)
        for code, count in self.counts.items():
            home = self.territoires.departements.get(self.places[code].departement)
            if home and self.is_in(self.places[code].departement):
                by_home[home][code] = count
        if len(by_home) == 1 or self.around or sum(map(len, by_home.values())) <= LISTED:
            found = [GroupeDeLieux(one.nom, len(counts), self._from_a_to_z(counts)) for one, counts in by_home.items()]
        else:
            closer: dict[Territoire, int] = defaultdict(int)
            for home, counts in by_home.items():
                (region,) = home.regions
                closer[self.territoires.regions[region] if len(self.territoire.regions) > 1 else home] += len(counts)
            found = [
                GroupeDeLieux(one.nom, number, [], self.closer(one, self.selection.keeps))
                for one, number in closer.items()
            ]
        return sorted(found, key=lambda one: fold(one.nom))

    def _from_a_to_z(self, counts: Mapping[str, int]) -> list[LigneDeLieu]:
        least = min(nlargest(LISTED, counts.values()), default=0)  # names of less frequent places are not compared
        among = (code for code, count in counts.items() if count >= least)
        first = sorted(among, key=lambda code: (-counts[code], fold(self.places[code].nom), code))[:LISTED]
        lines = self._lines("lieu", {code: self._held[code] & self.selection.records for code in first})
        return sorted(lines, key=lambda line: fold(line.nom))

    def _lines(self, facet: str, held: Mapping[str, BitMap]) -> list[LigneDeLieu]:
        rows = [
            LigneDeLieu(self._name(facet, code), len(ids), self.list_sets.chiffres(ids), self.list_of(facet, [code]))
            for code, ids in held.items()
        ]
        return sorted(rows, key=lambda row: (-row.compte, fold(row.nom)))

    def _name(self, facet: str, code: str) -> str:
        if facet == "lieu":
            return self.places[code].nom
        drawn = drawing()["departements"].get(code)
        return drawn["nom"] if drawn else self.selection.facets[facet].names[code]

    def by_place(self, keys: list[int]) -> dict[str, list[int]]:
        """{name of a place: records that name it}, in the order of `keys`."""
        wanted, found = BitMap(keys), defaultdict(list)
        names = {pk: self.places[code].nom for code, ids in self._held.items() for pk in ids & wanted}
        for pk in keys:
            found[names[pk]].append(pk)
        return found

    # Addresses

    @cached_property
    def _kept(self) -> dict[str, str]:
        """{facet: the query string of the selection without it}, ready for another parameter."""
        kept = {}
        for facet in ("departement", "lieu"):
            pairs = [pair for pair in self.selection.pairs(keeps=()) if pair[0] != facet]
            kept[facet] = "".join(f"{urlencode([pair])}&" for pair in pairs)
        return kept

    def list_of(self, facet: str, codes: list[str]) -> str:
        """The address of the list of the records of some places; "" for too many places."""
        if len(codes) > JOINED:
            return ""
        asked = "&".join(f"{facet}={code}" for code in codes)
        return f"{self.declaration.lien}?{self._kept[facet]}{asked}"
