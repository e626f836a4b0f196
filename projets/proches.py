"""Projects that stand beside another on its page, and why."""

from pyroaring import BitMap

from projets.chiffres import sets
from projets.models import Projet
from socle.catalogue.ensembles import Ensembles

# What sharing it is worth.
THEME, COMMUNE, INTERCOMMUNALITE, DEPARTEMENT = 3, 3, 2, 1


def near(projet: Projet, how_many: int = 3) -> list[Projet]:
    """Public projects that share a theme or a place, those that share most first, then the dearest, each with its
    `raison`; its own versions left out.
    """
    ensembles = sets()
    own = BitMap([projet.pk, *filter(None, [projet.remplace_id])])
    if projet.is_remplacee:
        own |= BitMap(Projet.objects.filter(remplace=projet.pk).order_by().values_list("pk", flat=True))
    chosen: dict[int, int] = {}
    for score, level in _levels(_shared(ensembles, projet), own):
        best = ensembles.mesure("montant_eur").largest(level, how_many - len(chosen))
        chosen |= dict.fromkeys(best, score)
        if len(chosen) == how_many:
            break
    found = list(Projet.objects.published_by_key().filter(pk__in=list(chosen)).for_cards())
    for other in found:
        other.raison = reason(projet, other)
    return sorted(found, key=lambda other: (-chosen[other.pk], -(other.montant_eur or 0), other.pk))


def _shared(ensembles: Ensembles, projet: Projet) -> list[tuple[BitMap, int]]:
    """(records, what it is worth) of all that a project may share with others."""
    facets = [("theme", theme.slug, THEME) for theme in projet.themes.all()]
    facets.append(("intercommunalite", projet.intercommunalite_id, INTERCOMMUNALITE))
    facets.append(("departement", projet.departement_id, DEPARTEMENT))
    shared = [(ensembles.valeurs(name).get(value, BitMap()), worth) for name, value, worth in facets]
    if projet.commune_id:
        rows = Projet.objects.filter(commune=projet.commune_id).order_by().values_list("pk", flat=True)
        shared.append((BitMap(rows) & ensembles.publiques, COMMUNE))
    return shared


def _levels(shared: list[tuple[BitMap, int]], without: BitMap) -> list[tuple[int, BitMap]]:
    """(points, records that have just these) from the most points down."""
    levels: dict[int, BitMap] = {0: BitMap.union(BitMap(), *(records for records, _ in shared)) - without}
    for records, worth in shared:
        for score in sorted(levels, reverse=True):  # a level that it lifts is not lifted again
            lifted = levels[score] & records
            if lifted:
                levels[score] = levels[score] - lifted
                levels[score + worth] = levels.get(score + worth, BitMap()) | lifted
    return [(score, levels[score]) for score in sorted(levels, reverse=True) if score and levels[score]]


def reason(projet: Projet, other: Projet) -> str:
    """Why a project stands beside another: « Même thème, même intercommunalité »."""
    same = {
        "thème": {*projet.themes.all()} & {*other.themes.all()},
        "commune": projet.commune_id and projet.commune_id == other.commune_id,
        "intercommunalité": projet.intercommunalite_id and projet.intercommunalite_id == other.intercommunalite_id,
        "département": projet.departement_id and projet.departement_id == other.departement_id,
    }
    words = [f"même {name}" for name, found in same.items() if found]
    return ", ".join(words[:2]).capitalize()
