"""What the site keeps of its staff, and Django's own tables, for the registry of personal data."""

from socle.comptes import prevenir, roles
from socle.comptes.erasure import erase_account
from socle.rooms import Room
from socle.vie_privee import conservation

COMPTES = conservation.Traitement(
    cle="comptes",
    ordre=60,
    titre="Comptes de l’équipe",
    modele="comptes.Utilisateur",
    champs=("username", "first_name", "last_name", "email", "password"),
    donnees="identifiant, prénom, nom, adresse électronique, mot de passe (sous une forme sans retour "
    "possible), second facteur, droits, date de dernière connexion, ce dont la personne veut être prévenue par "
    "courriel",
    finalite="ouvrir l’espace de rédaction à l’équipe, et à elle seule",
    base="mission d’intérêt public (RGPD, article 6.1.e)",
    depart="après la fermeture du compte",
    echues=lambda rows, moment: rows.filter(is_active=False, ferme_le__lt=moment),
    courriel="email",
    avec=(("comptes.PreferenceDeCourriel", ("travail", "quand")),),
    tus=("password", "generation"),
    noms=lambda row: [row.get_full_name()],
    effacer=erase_account,
)
JOURNAL = conservation.Traitement(
    cle="journal",
    ordre=70,
    titre="Journal des actions de l’équipe",
    modele="admin.LogEntry",
    champs=("object_repr", "change_message", "object_id"),
    donnees="qui a créé, modifié ou supprimé quoi dans l’espace de rédaction, et quand ; une personne "
    "inscrite n’y est qu’un numéro",
    finalite="savoir qui a fait quoi en cas d’erreur ou d’abus",
    base="intérêt légitime : la sécurité du site (RGPD, articles 6.1.f et 32)",
    depart="après l’action",
    echues=lambda rows, moment: rows.filter(action_time__lt=moment),
)
SESSIONS = conservation.Traitement(
    cle="sessions",
    ordre=80,
    titre="Connexions de l’équipe",
    modele="sessions.Session",
    champs=("session_data",),
    donnees="quel compte est connecté, dans le seul espace de rédaction ; ni adresse de connexion ni navigateur",
    finalite="rester connecté d’une page à l’autre",
    base="intérêt légitime : la sécurité du site (RGPD, articles 6.1.f et 32)",
    depart="après la fin de la connexion",
    echues=lambda rows, moment: rows.filter(expire_date__lt=moment),
)
ESSAIS = conservation.Traitement(
    cle="essais",
    ordre=85,
    titre="Connexions refusées",
    modele="axes.AccessAttempt",
    champs=("username", "ip_address", "user_agent", "http_accept", "path_info", "get_data", "post_data"),
    donnees="le nombre d’essais, et deux empreintes (de l’identifiant essayé et du lieu de la connexion) dont la "
    "clé est jetée chaque jour ; ni adresse de connexion, ni navigateur, ni ce qui a été tapé",
    finalite="ralentir qui essaie de deviner un mot de passe",
    base="intérêt légitime : la sécurité du site (RGPD, articles 6.1.f et 32)",
    depart="après le dernier essai",
    echues=lambda rows, moment: rows.filter(attempt_time__lt=moment),
)

ROOM = Room(
    traitements=(COMPTES, JOURNAL, SESSIONS, ESSAIS),
    sans_personne={"auth.Group": "nom d’un groupe"},
    hors_saisie={
        "axes.AccessFailureLog": "tables laissées vides par réglage",
        "axes.AccessLog": "tables laissées vides par réglage",
        **dict.fromkeys(
            ("otp_totp.TOTPDevice", "otp_static.StaticDevice", "otp_static.StaticToken"),
            "second facteur : secrets, effacés avec le compte",
        ),
        "comptes.PreferenceDeCourriel.connues": "numéros de lignes",
        "sessions.Session.session_key": "hasard",
        "auth.Permission": "droits",
        "contenttypes.ContentType": "noms de tables",
    },
    droits={
        "comptes.utilisateur": roles.COMPTE,
        "auth.group": roles.COMPTE,
        "courrier.courriel": roles.A_REGLER,
        "vie_privee.demande": roles.DEMANDE,
        "vie_privee.consultation": roles.JOURNAL,
    },
    courriels={prevenir.NOUVEAU: prevenir.write_new, prevenir.DU_JOUR: prevenir.write_waiting},
)
