"""schema.org data that several record types share."""


def article(fiche) -> dict:
    """A record as an article, with its place."""
    return {"@type": "Article", "headline": fiche.titre_affiche, "contentLocation": lieu(fiche)}


def lieu(fiche) -> dict:
    """The commune or département of a record; {} without a place."""
    commune = fiche.commune if fiche.commune_id else None
    departement = fiche.departement if fiche.departement_id else None
    if not (commune or departement):
        return {}
    adresse = {
        "@type": "PostalAddress",
        "addressCountry": "FR",
        "addressRegion": departement.nom if departement else "",
    }
    found = {"@type": "Place", "name": (commune or departement).nom, "address": adresse}
    if commune:
        adresse["addressLocality"] = commune.nom
    if commune and commune.latitude is not None:
        position = {"latitude": commune.latitude, "longitude": commune.longitude}
        found["geo"] = {"@type": "GeoCoordinates"} | position
    return found
