"""What a person accepts when they write. A text that was shown is never changed: a new one gets a new version."""

from socle.vie_privee import consentement

USAGE = "contacter"
ACCORD = "J’accepte que mon nom, mon adresse et mon message soient transmis"

consentement.declare(
    USAGE,
    {
        "2026-11": (
            "Votre nom, votre adresse et votre message servent à vous mettre en relation, et à rien d’autre. Ils vont "
            "à l’équipe de LabAccès ou, pour une fiche, aux personnes qui lui sont liées, et rien n’en est publié. "
            "Cela repose sur votre accord, que vous pouvez retirer : écrivez à l’équipe, elle efface ce que le site "
            "garde, mais ne reprend pas un courriel déjà reçu. Le site garde le message trois mois. Vous pouvez aussi "
            "vous adresser à la CNIL."
        ),
    },
)
