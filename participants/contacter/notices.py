"""The texts that a person accepts with a message. Never change a text that was shown: add a version."""

USAGE = "contacter"
#: The versions in force: for messages read by persons of a record, and for those read by the team only.
PERSONNES, EQUIPE = "2026-12-personnes", "2026-12-equipe"
ACCORD = "J’accepte que mon nom, mon adresse et mon message soient transmis"


def version(persons: bool) -> str:
    """The version that a form shows. `persons`: whether persons of a record will read the message."""
    return PERSONNES if persons else EQUIPE


def _text(readers: str) -> str:
    return (
        "Votre nom, votre adresse et votre message servent à vous répondre, et à rien d’autre. Ils vont "
        f"{readers}, et rien n’en est publié. Cela repose sur votre accord, que vous pouvez retirer : écrivez à "
        "l’équipe, elle efface ce que le site garde, mais ne reprend pas un courriel déjà reçu. Le site garde le "
        "message trois mois. Vous pouvez aussi vous adresser à la CNIL."
    )


TEXTES = {
    USAGE: {
        "2026-11": (
            "Votre nom, votre adresse et votre message servent à vous mettre en relation, et à rien d’autre. Ils vont "
            "à l’équipe de LabAccès ou, pour une fiche, aux personnes qui lui sont liées, et rien n’en est publié. "
            "Cela repose sur votre accord, que vous pouvez retirer : écrivez à l’équipe, elle efface ce que le site "
            "garde, mais ne reprend pas un courriel déjà reçu. Le site garde le message trois mois. Vous pouvez aussi "
            "vous adresser à la CNIL."
        ),
        PERSONNES: _text("aux personnes que cette page désigne et à l’équipe de LabAccès"),
        EQUIPE: _text("à l’équipe de LabAccès, et à elle seule"),
    },
}
