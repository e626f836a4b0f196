"""Exploration, as the rest of the site knows it: names that no page prints, what is kept and for how long."""

from fiches import confidentiel
from vie_privee import registre


def names(explorations):
    """Who took part without agreeing to be named, and everyone's address. An organisation as title hides no text."""
    rows = explorations.order_by().values_list("nom", "courriel", "accord_publication").distinct()
    for nom, courriel, accord in rows:
        if not accord:
            yield from confidentiel.person_names(nom)
        if courriel:
            yield courriel


confidentiel.register("explorations.Exploration", names)


registre.declarer(
    registre.Traitement(
        cle="explorations",
        ordre=30,
        titre="Exploration coopérative",
        modele="explorations.Exploration",
        champs=(
            *("nom", "fonctions", "structure", "provenance", "sujets", "expertises", "commentaire", "courriel"),
            *("plie", "cle", "valeurs"),
        ),
        donnees="nom, fonctions, structure, provenance, profils, sujets, expertises, commentaire, adresse "
        "électronique, et si la personne a accepté d’être nommée sur le site",
        finalite="réunir des personnes autour de sujets communs",
        base="consentement de la personne (RGPD, article 6.1.a)",
        depart="après la réponse de la personne",
        echues=lambda rows, moment: rows.filter(cree_le__lt=moment),
        courriel="courriel",
        noms=lambda row: confidentiel.person_names(row.nom),
        avec=(("explorations.AnomalieExploration", ("champ", "texte", "empreinte")),),
    )
)
registre.sans_personne("explorations.Exploration", "source", raison="le nom du fichier repris")
