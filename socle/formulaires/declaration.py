"""What guarded forms keep: digests, for the registry of personal data."""

from socle.vie_privee import registre

registre.sans_personne("formulaires.Comptage", raison="empreintes jetées chaque jour avec leur clé", balayer=False)
