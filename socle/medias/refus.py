"""Messages for refused files: the reason, and what to do instead."""

from socle.francais.wording import entier

PDF = "enregistrez le document au format PDF, puis joignez ce PDF."
SANS_MACROS = "enregistrez le document au format PDF ou sans macros (DOCX, par exemple), puis joignez-le."
PHOTO = "enregistrez l’image au format JPG ou PNG, puis joignez-la."
SON = "enregistrez le son au format MP3, puis joignez-le."
CONSEILS = {
    **dict.fromkeys(("docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "potm", "ppsm"), SANS_MACROS),
    **dict.fromkeys(("rtf", "pages", "html", "htm"), PDF),
    **dict.fromkeys(("doc", "dot", "xls", "xlt", "ppt", "pps", "odg", "odb", "msg", "eml"), PDF),
    **dict.fromkeys(("svg", "gif", "heic", "heif", "tif", "tiff", "bmp", "avif", "psd"), PHOTO),
    **dict.fromkeys(("zip", "rar", "7z", "tar", "gz"), "sortez les fichiers de l’archive, puis joignez-les un par un."),
    **dict.fromkeys(("txt", "csv"), "collez ce texte dans le formulaire, ou enregistrez-le au format PDF."),
    **dict.fromkeys(("flac", "aac", "wma", "aiff", "opus"), SON),
}
VIDE = "Ce fichier est vide : ouvrez-le pour vérifier, enregistrez-le de nouveau, puis joignez-le."
ABIMEE = f"Cette image est abîmée ou incomplète : {PHOTO}"
ANIMEE = (
    "Cette image est animée, et le site n’en montre pas : enregistrez-en une vue en JPG ou en PNG, puis joignez-la."
)
IMMENSE = "Cette image a plus de points que le site n’en lit : réduisez-la, ou enregistrez-la en JPG, puis joignez-la."
ABIME = f"Ce document est abîmé, incomplet ou protégé par un mot de passe : {PDF}"
GONFLE = f"Ce document est bien plus grand une fois ouvert qu’il n’en a l’air : {PDF}"
MACROS = f"Ce document contient des macros : {SANS_MACROS}"
OBJETS = f"Ce document contient un objet d’un autre logiciel, qui peut cacher des macros, ou en va chercher un : {PDF}"
ENSEMBLE = "Ces fichiers sont trop grands pour un seul envoi : envoyez celui-ci à part."
OCCUPE = "Le site lit déjà beaucoup de fichiers : attendez une minute, puis envoyez de nouveau."


def longue(cote: int) -> str:
    """For a picture with a side of more than `cote` pixels."""
    return f"Un côté de cette image a plus de {entier(cote)} points : coupez-la en plusieurs, ou réduisez-la."
