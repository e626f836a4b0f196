"""The text that a person accepts with an alert. Never change a text that was shown: add a version."""

USAGE = "alertes"
ACCORD = "J’accepte que mon adresse serve à m’envoyer ces courriels"

TEXTES = {
    USAGE: {
        "2026-11": (
            "Votre adresse et les critères de cette liste servent à vous écrire quand il y a du nouveau, et à rien "
            "d’autre. L’équipe de LabAccès seule peut les lire ; rien n’en est publié, ni donné à d’autres. Cela "
            "repose sur votre accord, que vous retirez quand vous voulez par le lien de chaque courriel : tout est "
            "alors effacé. Il nous faut votre adresse et un rythme. Sans confirmation de votre part, nous effaçons "
            "votre demande après sept jours ; confirmée, nous la gardons trois ans après votre dernier signe. Vous "
            "pouvez aussi demander à l’équipe une copie de ces données, les faire corriger ou effacer, et vous "
            "adresser à la CNIL."
        ),
    },
}
