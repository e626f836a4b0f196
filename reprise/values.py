"""What a record of the old site says, in our fields."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Valeurs:
    """What a record of the old site says, in our fields.

    `champs`: {field name: value}; a foreign key by its column (`departement_id`) or as a row; a many-to-many field as a
    list of rows. `personnes`: keyword arguments of Contact; None if the source says nothing of any. `personnes_tues`:
    {role: attributes of which it says nothing, but for what stands in `personnes`}. `fichiers`: names of files on the
    old site. `joints`: {name: title} of those that its texts and its image fields name. `debuts`: fields of which the
    source says the beginning alone. `anomalies`: (type, label, text) met while reading.
    """

    champs: dict[str, Any]
    personnes: list[dict] | None = field(default_factory=list)
    personnes_tues: dict[str, set[str]] = field(default_factory=dict)
    fichiers: list[str] = field(default_factory=list)
    joints: dict[str, str] = field(default_factory=dict)
    debuts: frozenset[str] = frozenset()
    anomalies: list[tuple[str, str, str]] = field(default_factory=list)
