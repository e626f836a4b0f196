"""What all records declare: what they keep of persons, who may do what, tasks of the clock."""

from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from fiches.acces import is_withheld
from fiches.attached import Contact, FichierInterne, FichierJoint
from fiches.models import Fiche
from fiches.suivi import corbeille, rappels, travail
from socle.annuaire.models import Entree, Statut, inscrire_fiches
from socle.annuaire.types import declared
from socle.comptes import roles
from socle.journal.models import Nature
from socle.journal.writing import inscrire
from socle.rooms import Room
from socle.vie_privee import conservation
from socle.vie_privee.mentions import full_names


def names_of(contact: Contact) -> list[str]:
    """Full names that an erasure takes out of texts. A CONTACT in lower case is a sentence, not a name."""
    small = contact.nom.islower() and contact.role != Contact.Role.CONTACT
    return full_names(contact.nom.title() if small else contact.nom)


def _of_withdrawn(rows: QuerySet, moment: datetime) -> QuerySet:
    """Persons of records withdrawn before that moment, or in the bin since their type left the site."""
    left = Q(entree__statut=Statut.CORBEILLE) & ~Q(entree__type__in=declared())
    return rows.filter(Q(entree__statut=Statut.RETIREE) | left, entree__modifiee_le__lt=moment)


TEXTE = "texte d’une fiche, public une fois publié"
CONTACTS = conservation.Traitement(
    cle="contacts",
    ordre=10,
    titre="Personnes liées à une fiche",
    modele="fiches.Contact",
    champs=("nom", "fonction", "courriel", "telephone"),
    donnees="nom, fonction, adresse électronique, téléphone, rôle (référente ou référent, auteur, personne qui a "
    "déposé la fiche, contact), si la personne a accepté d’être montrée, si elle ne veut pas de messages",
    finalite="savoir à qui parler d’une fiche, et leur transmettre les messages du formulaire « Écrire »",
    base="mission d’intérêt public (RGPD, article 6.1.e)",
    depart="après le retrait de la fiche",
    echues=_of_withdrawn,
    courriel="courriel",
    noms=names_of,
    numeros=lambda row: [row.telephone],
)
CORBEILLE = conservation.Ensemble(
    cle="corbeille",
    ordre=11,
    titre="Fiches à la corbeille",
    donnees="la fiche supprimée, avec son historique, ses personnes et ses fichiers",
    finalite="rétablir une fiche supprimée par erreur",
    base="mission d’intérêt public (RGPD, article 6.1.e)",
    depart="après la suppression",
    echues=corbeille.due,
    effacer=corbeille.erase,
)
TABLEURS = conservation.Traitement(
    cle="tableurs",
    ordre=46,
    titre="Tableurs envoyés par l’équipe",
    modele="suivi.ImportEnAttente",
    champs=("nom", "contenu"),
    donnees="le fichier tel qu’il est venu, avec les noms que ses textes portent",
    finalite="montrer ce qu’il changerait avant de l’enregistrer",
    base="mission d’intérêt public (RGPD, article 6.1.e)",
    depart="après l’envoi, ou dès qu’il est enregistré ou abandonné",
    echues=lambda rows, moment: rows.filter(cree_le__lt=moment),
)
FICHIERS_ORIGINAUX = conservation.Traitement(
    cle="fichiers_originaux",
    ordre=12,
    titre="Originaux des fichiers que le site a assainis",
    modele="fiches.FichierInterne",
    champs=("nom",),
    donnees="le fichier tel qu’il était : une image avec ce que l’appareil y a écrit, dont parfois le lieu ; un "
    "document avec le nom de son auteur. L’équipe seule les voit",
    finalite="revenir à l’original si l’image redessinée ou le document réécrit ne convient pas",
    base="mission d’intérêt public (RGPD, article 6.1.e)",
    depart="après la copie",
    echues=lambda rows, moment: rows.filter(nature=FichierInterne.Nature.ORIGINAL, le__lt=moment),
)


def reindex(changed: dict) -> None:
    """After an erasure: updates the index, and makes its file forget the former words."""
    from fiches import registre as types
    from fiches.indexation import index_fiches

    keys = {pk for model in (Entree, Contact) for pk in _records(model, changed.get(model, ()))}
    inscrire("effacement", nature=Nature.RETIREE)  # addresses of records may have changed too
    for declaration in types.types():
        model = declaration.model
        own = {*changed.get(model, ())} | keys
        if own:
            index_fiches(model.objects.published_by_key().filter(pk__in=own))
            inscrire_fiches(own)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO recherche_fts (recherche_fts) VALUES ('optimize')")


def _records(model, keys):
    return keys if model is Entree else model.objects.filter(pk__in=keys).values_list("entree", flat=True)


ROOM = Room(
    traitements=(CONTACTS, CORBEILLE, TABLEURS, FICHIERS_ORIGINAUX),
    sans_personne={
        **dict.fromkeys(("annuaire.Entree", "annuaire.AncienneAdresse", "recherche.Indexe", "recherche.Mot"), TEXTE),
        **dict.fromkeys(("suivi.Fusion", "suivi.VersionMasquee"), "travail en cours sur des fiches"),
        **dict.fromkeys(("fiches.Theme", "fiches.Choix", "recherche.Synonymes"), "liste tenue par l’équipe"),
        "suivi.LienSortant": "adresse d’une page, que dit un texte public",
        "suivi.ImportEnAttente.type": "clé d’un type, empreinte d’un aperçu",
        "suivi.ImportEnAttente.empreinte": "clé d’un type, empreinte d’un aperçu",
        **dict.fromkeys(
            ("fiches.FichierJoint.titre", "fiches.FichierJoint.fichier", "fiches.FichierJoint.nom_origine"),
            "nom d’un document",
        ),
        **dict.fromkeys(
            (
                "fiches.FichierInterne.fichier",
                "fiches.FichierInterne.raison",
                "fiches.FichierInterne.de",
                "fiches.FichierInterne.nom_origine",
            ),
            "nom d’un document, et pourquoi il est là",
        ),
    },
    hors_saisie={
        "journal.Ligne": "numéros, types et dates",
        "journal.Compteur": "numéros, types et dates",
        **dict.fromkeys(
            (
                "referentiels.Region",
                "referentiels.Departement",
                "referentiels.Intercommunalite",
                "referentiels.Commune",
            ),
            "code officiel géographique",
        ),
    },
    regle=lambda model, field: TEXTE if issubclass(model, Fiche) else "",
    apres_effacement=reindex,
    droits={
        **dict.fromkeys(("fiches.contact", "fiches.fichierjoint", "fiches.fichierinterne"), roles.LIGNE),
        **dict.fromkeys(("fiches.theme", "fiches.choix", "recherche.synonymes"), roles.LISTE),
        **{f"referentiels.{name}": roles.LIEU for name in ("region", "departement", "intercommunalite", "commune")},
    },
    fichiers_publics=((FichierJoint, "fichier"),),
    # The record's form gives an internal file.
    retient=lambda user, row: isinstance(row, FichierInterne) or is_withheld(user, row),
    courriels={rappels.A_UNE_PERSONNE: rappels.write_to_person, rappels.A_L_EQUIPE: rappels.write_to_team},
    travaux=(travail.SORTE,),
)
