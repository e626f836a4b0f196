"""What guarded forms keep: digests, for the registry of personal data."""

from socle.vie_privee import registre

registre.sans_personne(
    "formulaires.Comptage", raison="empreintes, jetées le lendemain ou le jour d’après", balayer=False
)
