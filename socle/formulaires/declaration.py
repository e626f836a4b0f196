"""What guarded forms keep: digests, for the registry of personal data."""

from socle.rooms import Room

ROOM = Room(
    hors_saisie={"formulaires.Comptage": "empreintes, jetées le lendemain ou le jour d’après"},
)
