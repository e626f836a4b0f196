"""French prepositions before a place: « dans les Côtes-d’Armor », « en Ille-et-Vilaine », « à La Réunion ».

French has no rule for départements and régions: the tables, by code, follow what their councils write. Others take
« en », as most do. No database here.
"""

from socle.francais.texte import fold

_DEPARTEMENTS = {
    "dans l’": "01 02 03 10 11 12 27 34 36 60 61 89 91",
    "dans la ": "23 26 42 50 51 55 58 80 86",
    "dans le ": "14 15 18 25 29 30 32 39 41 45 46 56 59 62 63 67 68 69 81 83 84 90 94 95",
    "dans les ": "04 05 06 08 13 22 40 64 65 66 78 79 88 92 984",
    "à ": "75 974 975 976 977 978 986 989",
}
_REGIONS = {
    "dans le ": "44",
    "dans les ": "32 52 984",
    "à ": "04 06 975 977 978 986 989",
}


def _by_code(table: dict[str, str]) -> dict[str, str]:
    return {code: words for words, codes in table.items() for code in codes.split()}


_OF_DEPARTEMENT, _OF_REGION = _by_code(_DEPARTEMENTS), _by_code(_REGIONS)


def dans_le_departement(code: str, nom: str) -> str:
    """« dans le Morbihan » for 56, Morbihan."""
    return f"{_OF_DEPARTEMENT.get(code, 'en ')}{nom}"


def dans_la_region(code: str, nom: str) -> str:
    """« en Bretagne » for 53, Bretagne."""
    return f"{_OF_REGION.get(code, 'en ')}{nom}"


def de_la_commune(nom: str) -> str:
    """« d’Auray », « de Dinan », « du Faouët » for « Le Faouët », « des Fougerêts », « d’Hennebont »."""
    for article, de in (("Le ", "du "), ("Les ", "des ")):
        if nom.startswith(article):
            return de + nom.removeprefix(article)
    start = fold(nom)
    mute = start.startswith("h") and not start.startswith("haut")  # the h of « Haut-Corlay » is said, not a Breton one
    return f"d’{nom}" if mute or start[:1] in "aeiou" or start.startswith("y ") else f"de {nom}"


def a_la_commune(nom: str) -> str:
    """« à Dinan », « au Faouët » for « Le Faouët », « aux Fougerêts »."""
    for article, a in (("Le ", "au "), ("Les ", "aux ")):
        if nom.startswith(article):
            return a + nom.removeprefix(article)
    return f"à {nom}"
