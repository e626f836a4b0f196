"""What this app keeps itself of persons."""

from socle.vie_privee import registre

registre.declarer(
    registre.Traitement(
        cle="demandes",
        ordre=90,
        titre="Demandes d’accès et d’effacement",
        modele="vie_privee.Demande",
        champs=("courriel",),
        donnees="l’adresse électronique, jusqu’à la réponse ; ensuite la date et le sens de la réponse, sans l’adresse",
        finalite="répondre aux personnes et pouvoir le prouver",
        base="obligation légale (RGPD, articles 6.1.c, 12 et 17)",
        depart="après la réponse",
        echues=lambda rows, moment: rows.filter(traitee_le__lt=moment),
        courriel="courriel",
        tus=("saisie_par", "traitee_par"),  # names of the staff
    )
)
registre.sans_personne("vie_privee.Effacement", raison="empreinte chiffrée", balayer=False)
