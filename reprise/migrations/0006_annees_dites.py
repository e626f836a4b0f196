from django.db import migrations
from django.db.models import Q

from socle.francais.texte import latest_year

# {type: (app, model, texts that say how old its matter is)}, of those that are read again.
TYPES = {
    "projet": ("projets", "Projet", ("description", "objectifs", "suivi", "engagements")),
    "initiative": (
        "initiatives",
        "Initiative",
        (
            "description",
            "enjeux",
            "convictions",
            "methodologie",
            "realisations",
            "partenaires",
            "pour_aller_plus_loin",
        ),
    ),
    "enquete": (
        "enquetes",
        "Enquete",
        (
            "origine_demarche",
            "acteurs",
            "contexte",
            "indemnise_quoi",
            "indemnise_qui",
            "forme",
            "bareme",
            "delai_montants",
            "arguments",
            "processus",
            "freins",
            "leviers",
            "suggestions",
            "satisfaction",
        ),
    ),
    "terme": ("glossaire", "Terme", ("definition", "references")),
    "ressource": ("ressources", "Ressource", ()),
}


def read(apps, schema_editor):
    """Records that nobody has read again are asked for by the latest year that they name, from the first day on."""
    entrees = apps.get_model("annuaire", "Entree").objects.using(schema_editor.connection.alias)
    waiting = entrees.filter(Q(datee=False, verifiee_le=None), annee_dite=None)
    for cle, (app, nom, textes) in TYPES.items():
        try:
            model = apps.get_model(app, nom)
        except LookupError:  # types come and go: no migration of theirs is waited for
            continue
        if not {*textes} <= {field.name for field in model._meta.fields}:
            continue  # a site made from nothing, of which the type comes later: there is no record yet
        rows = model.objects.using(schema_editor.connection.alias)
        rows = rows.filter(entree__in=waiting.filter(type=cle).values("pk")).order_by("pk")
        # Read whole before any is written: SQLite does not say what an open reading shows of what is.
        found = [
            (pk, latest_year("\n".join([titre, *filter(None, said)]), modifiee_le.year))
            for pk, titre, modifiee_le, *said in rows.values_list("pk", "titre", "modifiee_le", *textes)
        ]
        for pk, annee in found:
            if annee:
                entrees.filter(pk=pk).update(annee_dite=annee)


class Migration(migrations.Migration):
    dependencies = [
        ("reprise", "0005_fichier_interne"),
        ("annuaire", "0007_annee_dite"),
    ]

    # Backwards the years stay: the version before reads none, and the next one that is installed would say the same.
    operations = [migrations.RunPython(read, migrations.RunPython.noop)]
