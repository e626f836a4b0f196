"""Who may do what with what the takeover left, at the editors' desk."""

from socle.comptes import roles

ADRESSES = ("reprise.ancienidentifiant",)
SUIVI = ("reprise.anomalie", "reprise.conflit")
ANOMALIES = ("reprise.anomalieinscription", "reprise.anomalieexploration")  # they leave with the person
ECARTEES = ("reprise.ecartee",)
REPRISES = ("reprise.reprise",)


def declare() -> None:
    both = (roles.ANIMATION, roles.ADMINISTRATION)
    for labels, rights in (
        (ADRESSES, roles.GERER),
        (SUIVI, roles.REGLER),
        (ANOMALIES, roles.EFFACER),
        (ECARTEES, roles.RAPPELER),
    ):
        roles.add(labels, rights, *both)
    roles.add(REPRISES, roles.VOIR, roles.ADMINISTRATION)
