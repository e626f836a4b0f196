"""The texts that a person accepts with a sheet, and with its publication, by version."""

REPONSES, PUBLICATION = "exploration", "exploration-publication"

TEXTES = {
    REPONSES: {
        "2026-11": (
            "Vos réponses vont à l’équipe de LabAccès, pour réunir des personnes autour de sujets communs et vous "
            "écrire à ce propos ; rien n’est publié sans l’accord que vous donnez plus haut. Elles reposent sur votre "
            "accord, que vous pouvez retirer quand vous voulez. Il nous faut votre nom et votre adresse ; le reste "
            "est facultatif. Nous gardons vos réponses trois ans après votre dernier passage, puis nous les effaçons. "
            "Vous pouvez les voir, les corriger, les emporter ou les effacer depuis le lien que vous recevrez, et vous "
            "adresser à la CNIL."
        ),
    },
    PUBLICATION: {
        "2026-11": (
            "Ma fiche peut être publiée sur ce site : mon nom, mes fonctions, ma structure, mes profils, les sujets "
            "que j’aimerais aborder et ce que je sais faire. Ni mon adresse électronique, ni l’endroit d’où je viens, "
            "ni mon commentaire. Je peux la retirer quand je veux."
        ),
    },
}
ACCORD = "J’accepte que l’équipe garde mes réponses pour préparer l’exploration"
