"""Inscription, as the rest of the site knows it: names that no page prints."""

from fiches import confidentiel


def names(inscriptions):
    """Who registered, and their addresses. « La Poste » or « Accès aux droits » typed as a name hides no text."""
    for prenom, nom, courriel in inscriptions.order_by().values_list("prenom", "nom", "courriel").distinct():
        if not confidentiel.is_common(prenom):
            yield f"{prenom} {nom}"
        if courriel:
            yield courriel


confidentiel.register("inscriptions.Inscription", names)
