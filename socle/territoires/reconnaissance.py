"""Recognises places in typed text: « 22 - Côtes-d'Armor », « MAIRIE DE ROHAN », « REDON Agglomération ».

Nothing is guessed: a name must be written in full and fit only one place.
"""

import re
from collections.abc import Mapping

from socle.francais.texte import fold
from socle.territoires.models import Commune, Departement, Intercommunalite, Region
from socle.territoires.place_names import NATURE_AT_END, commune_keys, comparison_key, intercommunalite_key

# Words that only an intercommunalité has in its name.
_NATURE = re.compile(r"\b(communaute|agglomeration|metropole|eurometropole|cc|c c|ca|cu)\b")
_OTHER_AUTHORITY = re.compile(r"^(region|conseil|departement|prefecture|syndicat|cias|centre intercommunal)\b")
_DEPARTEMENT = re.compile(
    r"^(?:conseil )?(?:departemental|departement|dept|dpt)\b(?: (?:de la|de l|de|du|des|d))?(?: |$)"
)
_POSTAL = re.compile(r"\b([0-9]{5})\b[\s,]*(.*)", re.DOTALL)
_LAB = re.compile(r"\s[-–—]\s+(?:\w+\s+)?\w*lab$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:la|le|les|l) ")


def parse_departement(text: str, departements: Mapping[str, str]) -> str | None:
    """The code of the département that `text` names by code, name or both; None if unknown or contradictory.

    `departements`: code → name. « 22 - Côtes-d'Armor », « COTES D'ARMOR (22) », « 2a », « 022 » are read.
    """
    words = comparison_key(text.replace("(", " ").replace(")", " ")).split()
    codes = {fold(code): code for code in departements}
    code = None
    for position in (0, -1):
        word = words[position] if words else ""
        # A spreadsheet drops the zero of « 01 »; some files write every code with three characters.
        code = next((codes[form] for form in (word, word.zfill(2), word.removeprefix("0")) if form in codes), None)
        if code:
            del words[position]
            break
    name = _ARTICLE.sub("", _DEPARTEMENT.sub("", " ".join(words)))
    if not name:
        return code
    named = next((c for c, nom in departements.items() if _ARTICLE.sub("", comparison_key(nom)) == name), None)
    return named if code in (None, named) else None


class Reconnaisseur:
    """Finds places during one import or one save, and remembers what it has read: do not keep it longer."""

    def __init__(self):
        self.departements = dict(Departement.objects.values_list("code", "nom"))
        regions = Region.objects.values_list("nom", flat=True)
        self._larger_places = {comparison_key(nom) for nom in [*self.departements.values(), *regions]}
        self._communes: dict[tuple[str, str], Commune | None] = {}
        self._intercommunalites: dict[tuple[str, str], Intercommunalite | None] = {}
        self._at: dict[str, list[Commune]] = {}  # by postal code

    def parse_departement(self, text: str) -> str | None:
        return parse_departement(text, self.departements)

    def find_commune(self, collectivite: str, departement_code: str | None) -> Commune | None:
        """The commune that is the authority, or whose CCAS it is; None unless it is certain.

        Its name must be the whole text. A prefix may stand before it (« Mairie de ») and, in a known département, a lab
        after a dash (« Auray - Ti Lab »): other words may name another body. Without a département, a prefix is needed
        and the name must be unique in France. A bare name that is also a département, a région or an intercommunalité
        is refused.
        """
        whole = _LAB.sub("", collectivite.strip()) if departement_code else collectivite
        place = (comparison_key(whole), departement_code or "")
        if place not in self._communes:
            self._communes[place] = self._find_commune(*place)
        return self._communes[place]

    def _find_commune(self, name: str, departement_code: str) -> Commune | None:
        keys = commune_keys(name)
        communes = Commune.objects.select_related("departement", "intercommunalite")
        if departement_code:
            communes = communes.filter(departement_id=departement_code)
            keys.append(name)  # « Ville-en-Selve »: its name looks like a prefix
        found = list(communes.filter(cle__in=keys)[:2]) if keys else []
        if len(found) != 1:
            return None
        bare = keys == [name]
        if bare and (name in self._larger_places or self._named(name, departement_code).exists()):
            return None
        return found[0]

    def find_named(self, nom: str, departement_code: str | None = None) -> Commune | None:
        """The commune of a place name: « Nantes », « Saint-Méen-le-Grand »; None unless it is certain.

        The whole text must be its name, unique (in the département, if given), and not that of a département or région.
        """
        name = comparison_key(nom)
        if not name or name in self._larger_places:
            return None
        communes = Commune.objects.select_related("departement", "intercommunalite").filter(cle=name)
        if departement_code:
            communes = communes.filter(departement_id=departement_code)
        found = list(communes[:2])
        return found[0] if len(found) == 1 else None

    def find_in_address(self, adresse: str) -> Commune | None:
        """The commune of an address, « 8 boulevard Simone Veil, 22100 Dinan », or of a bare name.

        A postal code of a single commune is enough; a name after it must agree.
        """
        match = _POSTAL.search(adresse)
        if not match:
            return self.find_named(adresse)
        communes = self._at.get(match[1])
        if communes is None:  # reads all the communes of France
            rows = Commune.objects.select_related("departement").filter(codes_postaux__contains=match[1])
            communes = self._at[match[1]] = list(rows)
        key = comparison_key(match[2])
        named = [commune for commune in communes if key == commune.cle or key.startswith(f"{commune.cle} ")]
        if key:
            return named[0] if len(named) == 1 else None
        return communes[0] if len(communes) == 1 else None

    def find_intercommunalite(self, collectivite: str, departement_code: str | None) -> Intercommunalite | None:
        """The intercommunalité that is the authority; None unless it is certain.

        Its nature in front (« CC », « Communauté de communes ») and articles may differ. A name that ends with a nature
        may be the start of the official one: « Guingamp-Paimpol Agglomération », de l'Armor à l'Argoat. One of its
        communes must lie in the département. Without a département, the nature must be written and the name unique in
        France. Without a nature, the name must not be a commune's.
        """
        place = (comparison_key(collectivite), departement_code or "")
        if place not in self._intercommunalites:
            self._intercommunalites[place] = self._find_intercommunalite(*place)
        return self._intercommunalites[place]

    def _find_intercommunalite(self, name: str, departement_code: str) -> Intercommunalite | None:
        nature = _NATURE.search(name)
        if commune_keys(name) or _OTHER_AUTHORITY.match(name) or not (nature or departement_code):
            return None
        if not nature and name.startswith("pays "):  # a « pays » is another authority for the same area
            return None
        if not nature and Commune.objects.filter(departement_id=departement_code, cle=name).exists():
            return None
        found = list(self._named(name, departement_code)[:2])
        if not found and NATURE_AT_END.search(name):
            found = list(self._named(name, departement_code, start=True)[:2])
        return found[0] if len(found) == 1 else None

    @staticmethod
    def _named(name: str, departement_code: str, *, start: bool = False):
        """Intercommunalités of that name, or with `start` of a name that begins so, in the département if given."""
        key = intercommunalite_key(name)
        named = Intercommunalite.objects.filter(**({"cle__startswith": f"{key} "} if start else {"cle": key}))
        if departement_code:
            named = named.filter(communes__departement_id=departement_code).distinct()
        return named
