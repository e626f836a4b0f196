from django.db import migrations

TYPES = {
    "projet": ("projets", "Projet"),
    "initiative": ("initiatives", "Initiative"),
    "enquete": ("enquetes", "Enquete"),
    "terme": ("glossaire", "Terme"),
    "ressource": ("ressources", "Ressource"),
    "episode": ("podcast", "Episode"),
    "evenement": ("evenements", "Evenement"),
}
# Reasons of the versions that nobody made here. One without a reason is somebody's if it says whose: the takeover gives
# none when it ties a later version of a sheet.
AUTOMATIQUES = ("Reprise de l’ancien site", "Fichier de l’ancien site", "Nom d’une personne retiré")
CREATION = "_creee_le"


def state_of(apps, cle):
    """The model of a type and that of its versions; None if the site has not this type, or not yet its dates.

    No migration of a type is waited for: types come and go, and a site made from nothing has no origins to read.
    """
    try:
        app, nom = TYPES[cle]
        model, versions = apps.get_model(app, nom), apps.get_model(app, f"Historical{nom}")
    except LookupError:
        return None
    return (model, versions) if "datee" in {field.name for field in model._meta.fields} else None


def forget(apps, schema_editor):
    """Records that only takeovers have written, of a source without dates, bear the day of a takeover: none is known."""
    Entree = apps.get_model("annuaire", "Entree")
    origines = apps.get_model("reprise", "Origine").objects.values_list("type", "pk", "valeurs")
    undated = {}
    for cle, pk, valeurs in origines.iterator():
        if CREATION not in valeurs:
            undated.setdefault(cle, set()).add(pk)
    for cle, pks in undated.items():
        state = state_of(apps, cle)
        if state is None:
            continue
        model, history = state
        versions = history.objects.values_list("entree_id", "history_user_id", "history_change_reason").iterator()
        ours = {pk for pk, user, reason in versions if (not reason.startswith(AUTOMATIQUES) if reason else user)}
        for pk in pks - ours:
            values = {"datee": False, "publiee_le": None}
            model.objects.filter(pk=pk).update(**values)
            Entree.objects.filter(pk=pk).update(**values)


class Migration(migrations.Migration):
    dependencies = [
        ("reprise", "0002_lieu_a_verifier"),
        ("annuaire", "0004_datee"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
