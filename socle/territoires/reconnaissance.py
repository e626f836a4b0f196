"""Recognise places in what people typed: « 22 - Côtes-d'Armor », « MAIRIE DE ROHAN », « REDON Agglomération ».

Nothing is guessed: a place is found if its name is written in full and is the only one it can be.
"""

import re
from collections.abc import Mapping

from socle.francais.texte import fold
from socle.territoires.models import Commune, Departement, Intercommunalite, Region
from socle.territoires.noms import NATURE_AT_END, commune_keys, comparison_key, intercommunalite_key

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
    """The code of the département that `text` names, by code, by name or by both; None if unknown or contradictory.

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
    """Finds places for one run of an import, or for one save: what it read, it does not read again.

    Make one where the work starts and let it go at the end; nothing is kept from one run to the next.
    """

    def __init__(self):
        self.departements = dict(Departement.objects.values_list("code", "nom"))
        regions = Region.objects.values_list("nom", flat=True)
        self._larger_places = {comparison_key(nom) for nom in [*self.departements.values(), *regions]}
        self._communes: dict[tuple[str, str], Commune | None] = {}
        self._intercommunalites: dict[tuple[str, str], Intercommunalite | None] = {}
        self._at: dict[str, list[Commune]] = {}  # by postal code

    def parse_departement(self, text: str) -> str | None:
        """As the function of that name, among the départements of the database."""
        return parse_departement(text, self.departements)

    def find_commune(self, collectivite: str, departement_code: str | None) -> Commune | None:
        """The commune that is the authority, or whose CCAS it is; None unless it is sure.

        Its name must be the whole of what is written, but for a prefix (« Mairie de ») and, in a département, for its
        lab behind a dash (« Auray - Ti Lab »): other words there may name another body. Without a département, only
        with such a prefix and if no other commune of France has that name. A bare name that is also a département's, a
        region's or an intercommunalité's is not taken for a commune.
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
            keys.append(name)  # « Ville-en-Selve »: here what looks like a prefix is the name
        found = list(communes.filter(cle__in=keys)[:2]) if keys else []
        if len(found) != 1:
            return None
        bare = keys == [name]
        if bare and (name in self._larger_places or self._named(name, departement_code).exists()):
            return None
        return found[0]

    def find_named(self, nom: str, departement_code: str | None = None) -> Commune | None:
        """The commune that a place name is, « Nantes », « Saint-Méen-le-Grand »: if it is all that is written, the only
        one of that name (in the département, if one is given), and no département or region.
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
        """The commune of an address: « 8 boulevard Simone Veil, 22100 Dinan » by postal code and name, or a bare name.

        A postal code that is one commune's alone is enough; a name after it must agree with it.
        """
        match = _POSTAL.search(adresse)
        if not match:
            return self.find_named(adresse)
        communes = self._at.get(match[1])
        if communes is None:  # all the communes of France are read
            rows = Commune.objects.select_related("departement").filter(codes_postaux__contains=match[1])
            communes = self._at[match[1]] = list(rows)
        key = comparison_key(match[2])
        named = [commune for commune in communes if key == commune.cle or key.startswith(f"{commune.cle} ")]
        if key:
            return named[0] if len(named) == 1 else None
        return communes[0] if len(communes) == 1 else None

    def find_intercommunalite(self, collectivite: str, departement_code: str | None) -> Intercommunalite | None:
        """The intercommunalité that is the authority; None unless it is sure.

        Its nature in front (« CC », « Communauté de communes ») and articles may differ. A name that ends with a nature
        may be the start of the official one: « Guingamp-Paimpol Agglomération », de l'Armor à l'Argoat. One of its
        communes must lie in the département. Without a département, the nature must be written and the name unique in
        France; without a nature, the name must be no commune's.
        """
        place = (comparison_key(collectivite), departement_code or "")
        if place not in self._intercommunalites:
            self._intercommunalites[place] = self._find_intercommunalite(*place)
        return self._intercommunalites[place]

    def _find_intercommunalite(self, name: str, departement_code: str) -> Intercommunalite | None:
        nature = _NATURE.search(name)
        if commune_keys(name) or _OTHER_AUTHORITY.match(name) or not (nature or departement_code):
            return None
        if not nature and name.startswith("pays "):  # a « pays » is another authority, of the same place
            return None
        if not nature and Commune.objects.filter(departement_id=departement_code, cle=name).exists():
            return None
        found = list(self._named(name, departement_code)[:2])
        if not found and NATURE_AT_END.search(name):
            found = list(self._named(name, departement_code, start=True)[:2])
        return found[0] if len(found) == 1 else None

    @staticmethod
    def _named(name: str, departement_code: str, *, start: bool = False):
        """Intercommunalités of that name, or whose name starts with it, in the département if there is one."""
        key = intercommunalite_key(name)
        named = Intercommunalite.objects.filter(**({"cle__startswith": f"{key} "} if start else {"cle": key}))
        if departement_code:
            named = named.filter(communes__departement_id=departement_code).distinct()
        return named
