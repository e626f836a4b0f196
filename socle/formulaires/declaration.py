"""What guarded forms keep, for the registry of personal data: digests."""

from socle.rooms import Room

ROOM = Room(
    hors_saisie={"formulaires.Comptage": "empreintes, jetées le lendemain ou le jour d’après"},
)
