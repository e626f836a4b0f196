"""A conflict told of one field of a sheet or a person. An anomaly tells of all that the old site says otherwise."""

import hashlib
from collections import defaultdict

from django.db import migrations

TYPE = "change_des_deux_cotes"
MOVED = "reprise.Conflit.entree"  # in what a merge of two sheets keeps of the rows that it moved


def fingerprint(cle: str, texte: str) -> str:
    return hashlib.sha256("\x1f".join((cle, TYPE, "", texte)).encode()).hexdigest()


def told(champ: str, theirs: str, ours: str) -> str:
    """What one field says on both sides; ours, which stands in the record, only if there is any."""
    said = f"{champ.removesuffix('_id').replace('_', ' ')} : {theirs or '(vide)'}"
    return f"{said}\n(ici : {ours})" if ours else said


def gather(apps, schema_editor):
    Origine, Reprise = apps.get_model("reprise", "Origine"), apps.get_model("reprise", "Reprise")
    last = Reprise.objects.order_by("-le").values_list("le", flat=True).first()
    origines = {origine.pk: origine for origine in Origine.objects.all()}
    _sheets(apps, origines, last)
    for name in ("AnomalieInscription", "AnomalieExploration"):
        _persons(apps.get_model("reprise", name), last)
    for fusion in apps.get_model("suivi", "Fusion").objects.all():
        if MOVED in fusion.deplaces:
            del fusion.deplaces[MOVED]
            fusion.save(update_fields=["deplaces"])


def _sheets(apps, origines: dict, last) -> None:
    Anomalie, Conflit = apps.get_model("reprise", "Anomalie"), apps.get_model("reprise", "Conflit")
    merged = apps.get_model("annuaire", "Entree").objects.exclude(fusionnee_dans=None)
    kept_of_several = set(merged.values_list("fusionnee_dans", flat=True))
    rows = defaultdict(list)
    for conflit in Conflit.objects.order_by("pk"):
        origine = origines.get(conflit.entree_id)
        if conflit.regle_le is None:
            rows[conflit.entree_id].append(conflit)
        elif origine and _since(conflit.regle_le, last) and conflit.entree_id not in kept_of_several:
            # Decided, and no takeover has remembered it since: it is no news to the next one.
            origine.valeurs[conflit.champ] = conflit.ancien_site
            origine.save(update_fields=["valeurs"])
    for pk, conflits in rows.items():
        # An empty text of the old site empties nothing any more: nothing is to be decided of it.
        valeurs = {one.champ: one.ancien_site for one in conflits if one.ancien_site}
        if not valeurs:
            continue
        texte = "\n\n".join(told(one.champ, one.ancien_site, one.ici) for one in conflits)
        origine = origines.get(pk)
        Anomalie.objects.create(
            entree_id=pk,
            type=TYPE,
            texte=texte,
            valeurs=valeurs,
            empreinte=fingerprint(f"{origine.type}:{origine.cle}" if origine else str(pk), texte),
            creee_le=min(one.cree_le for one in conflits),
        )


def _persons(model, last) -> None:
    rows = defaultdict(list)
    for anomalie in model.objects.filter(type="conflit").select_related("participant").order_by("pk"):
        if anomalie.reglee_le is None:
            rows[anomalie.participant_id].append(anomalie)
            continue
        if _since(anomalie.reglee_le, last):
            person = anomalie.participant
            type(person).objects.filter(pk=person.pk).update(valeurs=person.valeurs | {anomalie.champ: anomalie.texte})
        anomalie.type, anomalie.valeurs = TYPE, {anomalie.champ: anomalie.texte}
        anomalie.save(update_fields=["type", "valeurs"])
    for anomalies in rows.values():
        first, valeurs = anomalies[0], {one.champ: one.texte for one in anomalies if one.texte}
        model.objects.filter(pk__in=[one.pk for one in anomalies if one != first or not valeurs]).delete()
        if valeurs:
            first.type, first.champ, first.valeurs = TYPE, "", valeurs
            first.texte = "\n\n".join(told(champ, theirs, "") for champ, theirs in valeurs.items())
            first.save(update_fields=["type", "champ", "texte", "valeurs"])


def _since(moment, last) -> bool:
    return last is None or moment >= last


def part(apps, schema_editor):
    """Back to a conflict a field. Two anomalies may be open on one sheet, of which one conflict a field may be."""
    Anomalie, Conflit = apps.get_model("reprise", "Anomalie"), apps.get_model("reprise", "Conflit")
    for anomalie in Anomalie.objects.filter(type=TYPE, entree__isnull=False).order_by("pk"):
        settled = {"regle_le": anomalie.reglee_le, "regle_par_id": anomalie.reglee_par_id}
        for champ, theirs in anomalie.valeurs.items():
            said = {"entree_id": anomalie.entree_id, "champ": champ, "regle_le": None}
            if anomalie.reglee_le:
                Conflit.objects.create(**said | settled, ancien_site=theirs)
            else:
                Conflit.objects.update_or_create(**said, defaults={"ancien_site": theirs})
    Anomalie.objects.filter(type=TYPE).delete()
    for name in ("AnomalieInscription", "AnomalieExploration"):
        model = apps.get_model("reprise", name)
        for anomalie in model.objects.filter(type=TYPE):
            for number, (champ, texte) in enumerate(anomalie.valeurs.items()):
                model.objects.create(
                    participant_id=anomalie.participant_id,
                    type="conflit",
                    champ=champ,
                    texte=texte,
                    empreinte=f"{anomalie.empreinte[:60]}{number}",
                    reglee_le=anomalie.reglee_le,
                )
            anomalie.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("reprise", "0008_deux_cotes"),
        ("annuaire", "0004_datee"),
        ("suivi", "0008_textes_tels_que_lus"),
    ]

    operations = [migrations.RunPython(gather, part)]
