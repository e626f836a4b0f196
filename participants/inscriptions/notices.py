"""The texts that a person accepts with a registration, by version. Never change a text that was shown."""

USAGE = "inscription"
ACCORD = "J’accepte que mes réponses servent à organiser cette rencontre"

NOTICES = {
    "2026-11": (
        "Vos réponses servent à l’équipe de LabAccès, et à elle seule, pour organiser cette rencontre : garder votre "
        "place, vous écrire à son sujet, vous accueillir. Elles reposent sur votre accord, que vous pouvez retirer à "
        "tout moment. "
        "Tout est nécessaire sauf ce qui est dit facultatif : sans cela, nous ne pouvons pas vous inscrire. "
        "Ce que vous dites de vos besoins pour participer est effacé une semaine après la rencontre, le reste trois "
        "mois après. Rien n’est publié. Vous pouvez voir, corriger, emporter ou annuler votre inscription depuis le "
        "lien que vous recevrez, et vous adresser à la CNIL."
    ),
}
TEXTES = {USAGE: NOTICES}
