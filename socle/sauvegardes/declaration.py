"""What copies keep of persons, for the registry of personal data: all that the site keeps."""

from socle.rooms import Room
from socle.sauvegardes import copies
from socle.vie_privee import conservation

SAUVEGARDES = conservation.Ensemble(
    cle="sauvegardes",
    ordre=99,
    titre="Copies de sauvegarde",
    donnees="tout ce qui est dit ci-dessus, tel que c’était le jour de la copie ; si elle resservait, ce qui a été "
    "effacé depuis le serait de nouveau",
    finalite="remettre le site en état après une panne ou une erreur",
    base="obligation légale (RGPD, article 32.1.c)",
    depart="après la copie",
    echues=copies.echues,
    effacer=copies.effacer,
)

ROOM = Room(
    traitements=(SAUVEGARDES,),
)
