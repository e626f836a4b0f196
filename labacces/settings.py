"""Settings, safe by default: a variable not set (environment or .env) takes the strict choice. See .env.example."""

import tomllib
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from labacces.alarme import start_sentry
from labacces.env import (
    env,
    env_address,
    env_addresses,
    env_bool,
    env_choice,
    env_contact,
    env_email,
    env_hosts,
    env_int,
    env_list,
    env_page,
    env_region,
    env_s3,
    env_siret,
    env_site,
    load,
)
from labacces.log_format import logging_as
from labacces.serveurs import caches, databases

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
load(BASE_DIR / ".env")

SECRET_KEY = env("SECRET_KEY")
DEBUG = env_bool("DEBUG", default=False)
ALLOWED_HOSTS = env_hosts("ALLOWED_HOSTS", default="127.0.0.1,localhost", every=DEBUG)
SITE_URL = env_site("SITE_URL", default="http://127.0.0.1:8000")
ANCIENS_SITES = env_list("ANCIENS_SITES", default="labacces.fr,www.labacces.fr")
CSRF_TRUSTED_ORIGINS, CSRF_FAILURE_VIEW = [SITE_URL], "labacces.views.refused_form"
# Who runs the site (labacces/pages/operateur.py).
ORGANISME_NOM = env("ORGANISME_NOM", default="")
ORGANISME_URL = env_page("ORGANISME_URL")
ORGANISME_MISSION = env("ORGANISME_MISSION", default="")
LOGOS = Path(env("LOGOS", default=str(BASE_DIR / "var" / "logos")))
# INSEE code of the site's region: of communes with one name, its own come first.
REGION = env_region("REGION", default="53", known=BASE_DIR / "fixtures" / "referentiels" / "regions.csv")

# Who gives the subsidies, and values for projects without their own, in the national schema's words
# (projets/subventions.py). Without the first two, the file has no rows.
SUBVENTIONS_ATTRIBUANT = env("SUBVENTIONS_ATTRIBUANT", default="")
SUBVENTIONS_SIRET = env_siret("SUBVENTIONS_SIRET")
SUBVENTIONS_NATURE = env_choice(
    "SUBVENTIONS_NATURE", ("aide en numéraire", "aide en nature", "aide en numéraire;aide en nature")
)
SUBVENTIONS_NOTIFICATION_UE = env_choice("SUBVENTIONS_NOTIFICATION_UE", ("oui", "non"))

INSTALLED_APPS = [  # record types in the order of the menu
    "labacces",
    "socle.journal",
    "socle.taches",
    "socle.vie_privee",
    "socle.sauvegardes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "socle.comptes",
    "socle.courrier",
    "socle.formulaires",
    "projets",
    "fiches",
    "socle.territoires",
    "socle.annuaire",
    "socle.catalogue",
    "socle.recherche",
    "socle.vues",
    "fiches.suivi",
    "fiches.initiatives",
    "fiches.enquetes",
    "fiches.glossaire",
    "fiches.podcast",
    "fiches.ressources",
    "participants.evenements",
    "participants.inscriptions",
    "participants.explorations",
    "participants.contacter",
    "participants.alertes",
    "participants.contributions",
    "labacces.machines",
    "labacces.pages",
    "axes",
    "django_filters",
    "simple_history",
    "labacces.redaction.RedactionConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

REPONSES_TENUES = 1000  # most answers in the cache of a process
CODE_DU_SITE = [BASE_DIR / name for name in ("labacces", "reprise", "projets", "participants", "fiches", "socle")]
CODE_DU_SITE += [BASE_DIR / name for name in ("templates", "static", "requirements.txt")]

MIDDLEWARE = [
    "labacces.middleware.RequeteMiddleware",
    "labacces.middleware.LectureMiddleware",
    "socle.journal.conditional.SessionPriveeMiddleware",
    "labacces.middleware.PartageMiddleware",
    "socle.vues.api_reponses.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "labacces.middleware.FermetureMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "labacces.middleware.RefusMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "socle.comptes.middleware.ConnexionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

# The takeover of the old site can be deleted: nothing else imports it.
if find_spec("reprise"):
    INSTALLED_APPS.append("reprise")
    MIDDLEWARE.append("reprise.middleware.AnciennesAdresses")

ROOT_URLCONF = "labacces.urls"
WSGI_APPLICATION = "labacces.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["labacces.gabarits.Filesystem", "labacces.gabarits.AppDirectories"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "labacces.context_processors.site",
            ],
        },
    },
]

DATABASES = databases(BASE_DIR / "db.sqlite3")
# Seconds that a replica may be late: as long, visitors who wrote read the first database (labacces/replique.py).
REPLIQUE_RETARD = env_int("REPLIQUE_RETARD", default=30)
if "replique" in DATABASES:
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware"),
        "labacces.replique.RepliqueMiddleware",
    )

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = ["socle.comptes.essais.EssaisBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "socle.comptes.validators.NomsValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "français")]
LOCALE_PATHS = [BASE_DIR / "labacces" / "locale"]  # our words for Django's admin
FORMAT_MODULE_PATH = ["labacces.formats"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ROOT = BASE_DIR / "static" / "racine"  # served at the root whatever pages say: /favicon.ico
STATIC_ROOT = BASE_DIR / "var" / "static"
MEDIA_URL = "media/"
FILE_UPLOAD_HANDLERS = ["socle.medias.uploads.EnMemoire", "socle.medias.uploads.SurDisque"]
FILE_UPLOAD_PERMISSIONS = 0o600  # only the site's account reads them
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media")))
EFFACEMENTS = Path(env("EFFACEMENTS", default=str(BASE_DIR / "var" / "effacements.txt")))
SAUVEGARDES = Path(env("SAUVEGARDES", default=str(BASE_DIR / "var" / "sauvegardes")))
MAINTENANCE = BASE_DIR / "var" / "maintenance"  # while this file exists, the site is closed
STORAGES = {
    "default": {"BACKEND": "socle.medias.disque.MediasSurDisque"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "labacces.statiques.StatiquesStorage"
    },
}
COTE_DES_IMAGES = env_int("COTE_DES_IMAGES", default=2000)  # pixels of a stored picture's longest side
# A file store shared by machines; the site serves the files (socle/medias/s3.py).
MEDIAS_AILLEURS = env_s3("MEDIA_URL_S3")
if MEDIAS_AILLEURS:
    STORAGES["default"] = {"BACKEND": "socle.medias.s3.MediasS3", "OPTIONS": MEDIAS_AILLEURS}

# Without EMAIL_URL, mails are files in var/courriels.
COURRIELS = BASE_DIR / "var" / "courriels"
_email = env_email("EMAIL_URL")
EMAIL_BACKEND = _email.get("EMAIL_BACKEND", "socle.courrier.fichiers.EmailBackend")
EMAIL_HOST, EMAIL_PORT = _email.get("EMAIL_HOST", "localhost"), _email.get("EMAIL_PORT", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_USER", ""), _email.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _email.get("EMAIL_USE_TLS", False), _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT, EMAIL_FILE_PATH = _email.get("EMAIL_TIMEOUT"), _email.get("EMAIL_FILE_PATH")
DEFAULT_FROM_EMAIL = env_address(
    "DEFAULT_FROM_EMAIL", default=f"LabAccès <ne-pas-repondre@{urlsplit(SITE_URL).hostname or 'localhost'}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Who gets mails on errors (labacces/alarme.py).
ADMINS = [("", address) for address in env_addresses("ADMINS")]
EMAIL_SUBJECT_PREFIX = "[LabAccès] "
CACHE_PARTAGE = bool(env("CACHE_URL", default=""))
CACHES = caches(BASE_DIR / "var" / "alarmes")
# The team's mailbox, read by somebody. Without it, messages wait at the desk.
CONTACT_EMAIL = env_address("CONTACT_EMAIL", default=env("DEFAULT_FROM_EMAIL", default=""))
# Shows /sante/ in full, as « Authorization: Bearer … »; empty: only to superusers.
SANTE_JETON = env("SANTE_JETON", default="")
# For security flaws: a web address or « mailto:… »; empty: the team's contact page.
CONTACT_SECURITE = env_contact("CONTACT_SECURITE")

# https only, except in DEBUG. A TLS proxy must set X-Forwarded-Proto (docs/exploitation.md).
HTTPS = env_bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sante/"]  # machines ask behind the TLS proxy
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Off: only the operator knows the other subdomains, and leaving browsers' preload list takes months.
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env_bool("HSTS_SOUS_DOMAINES", default=False)
SECURE_HSTS_PRELOAD = HTTPS and env_bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # they ask for these two on any site
TRUST_PROXY = env_bool("TRUST_PROXY", default=False)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
if HTTPS:  # browsers accept these names from this host only, over https
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_AGE = 12 * 3600
INACTIVITE = 4 * 3600  # seconds before an unused session ends: enough to write a long text

# A second factor for all staff. If False, only for accounts that have one.
SECOND_FACTEUR = env_bool("SECOND_FACTEUR", default=not DEBUG)
OTP_TOTP_ISSUER = "LabAccès"

# Five failed logins for a name from one place, then fifteen minutes (socle/comptes/essais.py stores no address).
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_HANDLER = "socle.comptes.essais.Essais"
AXES_CLIENT_IP_CALLABLE = "socle.vie_privee.empreintes.visiteur"
AXES_USERNAME_CALLABLE = "socle.comptes.essais.name_digest"
AXES_LOCKOUT_CALLABLE = "socle.comptes.essais.refused"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY = {
    name: [] for name in ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
}

# Days that personal data are kept: the registry of vie_privee/ applies them, the public page shows them.
CONSERVATION = {
    cle: env_int(f"CONSERVATION_{cle.upper()}", default=days)
    for cle, days in {
        "inscriptions": 90,  # after the event; what is left counts participants
        "besoins": 7,  # after the event: they may tell of somebody's health
        "messages": 90,  # after they were received
        "signalements": 180,  # after they were received
        "contributions": 365,  # after they were decided or withdrawn
        "fiches_en_cours": 30,  # after they were last edited, as long as the mailed link
        "contributions_non_confirmees": 7,  # after they were sent, as long as the mailed link
        "fichiers_sans_proposition": 1,  # after they arrived, if their request was cut
        "lectures": 365,  # after a member of staff read, exported or wrote to persons
        "explorations": 3 * 365,  # after the person's last action
        "explorations_non_confirmees": 30,  # after they were sent, as long as the mailed link
        "alertes": 3 * 365,  # after the person's last action
        "alertes_non_confirmees": 7,  # after the request, as long as the mailed link
        "contacts": 365,  # after the record is withdrawn
        "corbeille": 30,  # after the record was deleted
        "fichiers_originaux": 30,  # after the file was cleaned
        "comptes": 365,  # after the account is closed
        "journal": 365,  # actions of the staff
        "demandes": 365,  # after the answer
        "sauvegardes": 30,  # after the copy, or after a restore put a database aside
        "courriels": 90,  # after they were sent or given up
        "tableurs": 1,  # after they were sent without confirmation
        "liens": 1,  # after they expired
        "sessions": 1,  # after they expired
        "essais": 1,  # failed logins
    }.items()
}

# A list may hold 1 000 chosen values; more gets a 400.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# Bytes of a visitor's post, unless the view takes files (`envoi`). The team may send several of the largest files
# (socle/medias/fichiers.py), so that one just over its limit gets an error beside its field.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
ENVOI_DU_BUREAU = 500_000_000

# Requests a minute for each process and network: an office shares one address.
API_PAR_MINUTE = env_int("API_PAR_MINUTE", default=600)

# Workbooks (XLSX, ODS) at once in a process: 10 000 rows take seconds.
CLASSEURS_A_LA_FOIS = env_int("CLASSEURS_A_LA_FOIS", default=1)

# Percent of an event's seats that unconfirmed addresses may hold.
PLACES_NON_CONFIRMEES = env_int("PLACES_NON_CONFIRMEES", default=33, most=100)

# Test the links in records each night: requests to other sites.
VERIFIER_LIENS = env_bool("VERIFIER_LIENS", default=False)

# What the clock runs, in this order: what tasks put into the outbox leaves in the same run. `TacheProgrammee`
# (socle/taches/schedule.py) says what a row holds. A room that leaves takes its row along.
TACHES = {
    "relectures": {
        "commande": "rappeler_verifications",
        "jour": "lundi",
        "heure": "07:23",
        "quoi": "demande à chacun de revérifier les fiches qui en ont besoin",
    },
    "changements": {
        "commande": "alleger_journal",
        "jour": "lundi",
        "heure": "04:40",
        "quoi": "retire du journal des changements ce qui n’y sert plus",
        "longue": True,
    },
    "sauvegarde": {
        "commande": "sauvegarder",
        "heure": "02:30",
        "quoi": "copie la base et les fichiers déposés",
        "longue": True,
    },
    "purge": {
        "commande": "purger",
        "heure": "03:17",
        "quoi": "efface ce qui a été gardé assez longtemps",
        "longue": True,
    },
    "index": {
        "commande": "reindexer --verifier",
        "heure": "04:10",
        "quoi": "compare l’annuaire et l’index aux fiches",
        "longue": True,
    },
    "liens": {
        "commande": "verifier_liens",
        "heure": "05:20",
        "quoi": "demande aux pages où mènent les fiches si elles répondent encore",
        "longue": True,
        "reglage": "VERIFIER_LIENS",
    },
    "travail": {
        "commande": "prevenir_equipe --du-jour",
        "heure": "07:40",
        "quoi": "prévient l’équipe de ce qui attend",
    },
    "alertes": {
        "commande": "envoyer_alertes",
        "minutes": 60,
        "quoi": "prévient qui suit une liste de ce qui est nouveau",
    },
    "inscriptions": {
        "commande": "suivre_inscriptions",
        "minutes": 60,
        "quoi": "rappels, délais passés, places rendues et proposées",
    },
    "arrivees": {"commande": "prevenir_equipe", "minutes": 1, "quoi": "prévient l’équipe de ce qui vient d’arriver"},
    "courriels": {"commande": "envoyer_courriels", "minutes": 1, "quoi": "envoie les courriels qui attendent"},
}

# Seconds that a public form takes at least to answer, so that its time tells nothing of who is registered.
REPONSE_MINIMALE = 0.4

JOURNAL = env_choice("JOURNAL", ("texte", "json")) or "texte"
LOGGING = logging_as(JOURNAL)

# Errors also go to this Sentry server.
SENTRY_DSN = env("SENTRY_DSN", default="")
if SENTRY_DSN:
    start_sentry(SENTRY_DSN, env("SENTRY_ENVIRONNEMENT", default=urlsplit(SITE_URL).hostname or ""), VERSION)
