"""Exploration, as the rest of the site knows it: names that no page prints."""

from fiches import confidentiel


def names(explorations):
    """Who took part without agreeing to be named, and everyone's address. An organisation as title hides no text."""
    rows = explorations.order_by().values_list("nom", "courriel", "accord_publication").distinct()
    for nom, courriel, accord in rows:
        if not accord:
            yield from confidentiel.person_names(nom)
        if courriel:
            yield courriel


confidentiel.register("explorations.Exploration", names)
