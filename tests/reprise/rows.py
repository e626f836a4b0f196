"""Rows of the takeover, for tests of all apps (tests/above.py)."""

from itertools import count

from fiches.models import Fiche
from participants.inscriptions.models import Inscription
from reprise.models import (
    AncienIdentifiant,
    Anomalie,
    AnomalieExploration,
    AnomalieInscription,
    Ecartee,
    Origine,
    Reprise,
)
from tests.factories.participants import ExplorationFactory, InscriptionFactory

_series = count(1)

MATRIX = {
    "reprise.ancienidentifiant": ("", "vacdh", "vacdh"),
    "reprise.anomalie": ("", "vch", "vch"),
    "reprise.ecartee": ("", "vdh", "vdh"),
    "reprise.reprise": ("", "", "vh"),
    "reprise.anomalieinscription": ("", "vcdh", "vcdh"),
    "reprise.anomalieexploration": ("", "vcdh", "vcdh"),
}
RECORDS = {
    "reprise.ancienidentifiant": lambda: AncienIdentifiant.objects.create(identifiant="MonTitre"),
    "reprise.anomalie": lambda: Anomalie.objects.create(type="lien_vide", empreinte="a"),
    "reprise.reprise": lambda: Reprise.objects.create(site="export.txt", format="texte"),
    "reprise.ecartee": lambda: Ecartee.objects.create(type="projet", cle="a", titre="Une fiche supprimée"),
    "reprise.anomalieinscription": lambda: hang(InscriptionFactory(), "awena;prigent@exemple.bzh"),
    "reprise.anomalieexploration": lambda: hang(ExplorationFactory(), "awena;prigent@exemple.bzh"),
}
PERSONAL = dict.fromkeys((AnomalieInscription, AnomalieExploration), ("champ", "texte", "valeurs"))


def hang(row, text):
    if isinstance(row, Fiche):
        valeurs = {"description": f"Voir {text}"}
        Anomalie.objects.create(
            entree=row.entree, type="change_des_deux_cotes", valeurs=valeurs, empreinte=next(_series)
        )
        return Origine.objects.create(
            entree=row.entree, type=row.entree.type, cle=text.upper(), valeurs={"suivi": [text]}
        )
    model = AnomalieInscription if isinstance(row, Inscription) else AnomalieExploration
    return model.objects.create(participant=row, type="courriel_invalide", texte=text, empreinte=next(_series))


def gone(*identifiants):
    """Notes that these pages of the old site are gone."""
    for identifiant in identifiants:
        AncienIdentifiant.objects.create(identifiant=identifiant, statut="disparue", certain=True)


def hanging(person):
    return list(person.anomalies.all())
