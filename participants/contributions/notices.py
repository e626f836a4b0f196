"""The texts that a person accepts with a proposal. Never change a text that was shown: add a version."""

USAGE = "contribuer"
ACCORD = "J’accepte que l’équipe garde mon adresse pour me répondre"

# An address to which a link is sent, to go on with a record that is not finished.
PLUS_TARD = "contribuer-plus-tard"
ACCORD_PLUS_TARD = "J’accepte que mon adresse serve à m’envoyer ce lien"

TEXTES = {
    USAGE: {
        "2026-11": (
            "Votre adresse est obligatoire, votre nom non : ils servent à vous répondre et à vous dire ce que devient "
            "votre proposition, et à rien d’autre. Seule l’équipe de LabAccès les lit ; ils ne sont jamais publiés. Ce "
            "que vous proposez peut l’être, après relecture. Cela repose sur votre accord, que vous pouvez retirer : "
            "le lien que vous recevez permet de retirer votre proposition et, si vous écrivez à l’équipe, elle efface "
            "ce que le site garde. Sans confirmation de votre adresse, tout s’efface après sept jours ; sinon, un an "
            "après la réponse. Vous pouvez aussi vous adresser à la CNIL."
        ),
        "2026-11-2": (
            "Votre adresse est obligatoire, votre nom non : ils servent à vous répondre et à vous dire ce que devient "
            "votre proposition, et à rien d’autre. Seule l’équipe de LabAccès les lit ; ils ne sont jamais publiés. Ce "
            "que vous proposez peut l’être, après relecture, et le nom à citer aussi si vous le demandez : il reste "
            "dans la fiche, et votre adresse chez l’équipe pour le retrouver, jusqu’à ce que vous le fassiez retirer. "
            "Cela repose sur votre accord, que vous pouvez retirer : le lien que vous recevez permet de retirer votre "
            "proposition ou ce nom et, si vous écrivez à l’équipe, elle efface ce que le site garde. Sans confirmation "
            "de votre adresse, tout s’efface après sept jours ; sinon, un an après la réponse. Vous pouvez aussi vous "
            "adresser à la CNIL."
        ),
        "2026-11-3": (
            "Votre adresse est obligatoire, votre nom non : ils servent à vous répondre et à vous dire ce que devient "
            "votre proposition, et à rien d’autre. Seule l’équipe de LabAccès les lit ; ils ne sont jamais publiés. Ce "
            "que vous proposez peut l’être, après relecture, et le nom à citer aussi si vous le demandez : il reste "
            "dans la fiche, et votre adresse chez l’équipe pour le retrouver, jusqu’à ce que vous le fassiez retirer. "
            "Cela repose sur votre accord, que vous pouvez retirer : le lien que vous recevez permet de retirer votre "
            "proposition ou ce nom et, si vous écrivez à l’équipe, elle efface ce que le site garde. Sans confirmation "
            "de votre adresse, tout s’efface après sept jours, comptés de sa relecture si l’équipe doit relire avant "
            "de vous écrire, et un an au plus après l’envoi ; sinon, un an après la réponse. Vous pouvez aussi vous "
            "adresser à la CNIL."
        ),
    },
    PLUS_TARD: {
        "2026-11": (
            "Votre adresse, qu’il nous faut pour cela, sert à vous envoyer le lien de cette fiche, et à rien d’autre. "
            "L’équipe de LabAccès ne lit pas une fiche qui n’est pas envoyée ; rien n’en est publié, ni donné à "
            "d’autres. Cela repose sur votre accord, que vous pouvez retirer : « Effacer cette fiche », à la page du "
            "lien, efface tout. Sinon, tout s’efface 30 jours après la dernière chose que vous y avez écrite. Vous "
            "pouvez aussi demander à l’équipe une copie de ces données, les faire corriger ou effacer, et vous "
            "adresser à la CNIL."
        ),
    },
}
