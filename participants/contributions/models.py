"""What visitors propose, and the talk about it. Never public: what is taken of it is a version of the record."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models.signals import post_delete
from django.utils import timezone

from fiches.attached import remove_file
from participants.models import Sollicitation
from socle.annuaire.models import Entree, inscrire_fiches
from socle.journal.writing import watch
from socle.medias.champs import FichierField
from socle.medias.depot import DOCUMENTS_ET_IMAGES, IMAGES
from socle.medias.fichiers import extension, poids
from socle.vie_privee.consentement import Consentement

CREDIT = 100  # signs of a name that a page says
DOSSIER = "proposes"  # of the uploaded files


class Contribution(Sollicitation, Consentement):
    """A correction of a public record, or a new one; `entree` is then what was made of it.

    Its state changes in `parcours.py` alone.
    `valeurs`: {field: {"vu": words, "propose": words}} of the fields that would change, in words that `champs.read`
    takes back, and « suite » once it is decided; `base`: the version of the record in which its author read them.
    `credit`: the name under which its author asks to be named, "" for not at all. `doute`: why staff look before its
    address is asked to confirm; kept by one that they put aside. `tour`: how often it changed.
    """

    class Nature(models.TextChoices):
        CORRECTION = "correction", "correction"
        FICHE = "fiche", "nouvelle fiche"

    class Etat(models.TextChoices):
        A_CONFIRMER = "a-confirmer", "à confirmer"
        A_VERIFIER = "a-verifier", "douteuse, à vérifier"
        RECUE = "recue", "reçue"
        EN_EXAMEN = "en-examen", "en examen"
        QUESTION = "question", "question posée"
        ACCEPTEE = "acceptee", "acceptée"
        EN_PARTIE = "en-partie", "acceptée en partie"
        REFUSEE = "refusee", "refusée"
        RETIREE = "retiree", "retirée par la personne"

    OUVERTES = (Etat.RECUE, Etat.EN_EXAMEN, Etat.QUESTION)
    A_TRAITER = (Etat.RECUE, Etat.EN_EXAMEN, Etat.A_VERIFIER)  # what waits for the team

    nature = models.CharField("nature", max_length=12, choices=Nature, default=Nature.CORRECTION)
    type = models.CharField("type de fiche", max_length=20)
    entree = models.ForeignKey(
        Entree, on_delete=models.SET_NULL, null=True, blank=True, related_name="contributions", verbose_name="fiche"
    )
    base = models.PositiveIntegerField("version lue", default=0)
    valeurs = models.JSONField("changements proposés", default=dict)
    source = models.TextField("comment le savez-vous")
    nom = models.CharField("nom", max_length=300, blank=True)
    courriel = models.EmailField("adresse électronique")
    credit = models.CharField("nom à citer", max_length=CREDIT, blank=True)
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.A_CONFIRMER)
    doute = models.CharField("à vérifier parce que", max_length=300, blank=True)
    tour = models.PositiveIntegerField("tour", default=0)
    recue_le = models.DateTimeField("reçue le", default=timezone.now, db_index=True)
    # Since when its address is asked to confirm: later than `recue_le` if staff looked first.
    demandee_le = models.DateTimeField("confirmation demandée le", default=timezone.now)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    # When the author of a new record was told that it is public.
    annoncee_le = models.DateTimeField("publication annoncée le", null=True, blank=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par"
    )

    class Meta:
        verbose_name = "contribution"
        ordering = ["recue_le", "pk"]

    @property
    def is_fiche(self) -> bool:
        """Whether it is a new record."""
        return self.nature == self.Nature.FICHE

    @property
    def is_ouverte(self) -> bool:
        """Whether something can still become of it."""
        return self.etat in self.OUVERTES


class Echange(models.Model):
    """A word about a contribution, of the team or of its author; a decision too."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="echanges", verbose_name="contribution"
    )
    de_equipe = models.BooleanField("de l’équipe", default=False)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par"
    )
    texte = models.TextField("message")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "échange sur une contribution"
        verbose_name_plural = "échanges sur une contribution"
        ordering = ["le", "pk"]

    def __str__(self):
        return f"Échange n° {self.pk}" if self.pk else "nouvel échange"


class FicheEnCours(Sollicitation, Consentement):
    """A new record that somebody writes step by step, reached by secret links; emptied once it is sent.

    `saisie`: {field of the form: what was typed}, as a browser sends it. `courriel`: where a link to it was sent.
    """

    type = models.CharField("type de fiche", max_length=20)
    saisie = models.JSONField("ce qui est écrit", default=dict)
    courriel = models.EmailField("adresse électronique", blank=True)
    etape = models.PositiveSmallIntegerField("étape où elle en est", default=1)
    cree_le = models.DateTimeField("commencée le", default=timezone.now)
    modifiee_le = models.DateTimeField("modifiée le", default=timezone.now, db_index=True)
    envoyee_le = models.DateTimeField("envoyée le", null=True, blank=True)

    class Meta:
        verbose_name = "fiche en cours d’écriture"
        verbose_name_plural = "fiches en cours d’écriture"


class Credit(models.Model):
    """The name of who proposed or corrected a record, as they asked its page to say it: public as long as it stands.

    It outlives the contribution; `courriel` is what finds it again for who wants it gone.
    """

    entree = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="credits", verbose_name="fiche")
    contribution = models.OneToOneField(
        Contribution, on_delete=models.SET_NULL, null=True, related_name="cite", verbose_name="contribution"
    )
    nature = models.CharField("nature", max_length=12, choices=Contribution.Nature)
    nom = models.CharField("nom cité", max_length=CREDIT)
    courriel = models.EmailField("adresse électronique")
    le = models.DateTimeField("cité depuis le", default=timezone.now)

    class Meta:
        verbose_name = "nom cité dans une fiche"
        verbose_name_plural = "noms cités dans une fiche"
        ordering = ["le", "pk"]

    def __str__(self):
        return f"Nom cité n° {self.pk}" if self.pk else "nouveau nom cité"


watch(Credit, lambda row, gone: inscrire_fiches([row.entree_id]))


def random_name(row: "FichierPropose", nom: str) -> str:
    """Where a file goes: under a name that nobody can guess, and that nobody chose."""
    return f"{DOSSIER}/{secrets.token_hex(16)}.{extension(nom)}"


class FichierPropose(models.Model):
    """A file that a visitor proposes for a record: never public. One that is taken becomes a `FichierJoint`, and leaves
    here its name and what became of it; any other leaves the disk.
    """

    class Suite(models.TextChoices):
        ATTEND = "", "attend une décision"
        PRIS = "pris", "joint à la fiche"
        REFUSE = "refuse", "non retenu, effacé"

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="fichiers", verbose_name="contribution"
    )
    nom = models.CharField("nom", max_length=200)
    fichier = FichierField("fichier", upload_to=random_name, max_length=255, blank=True, depot=DOCUMENTS_ET_IMAGES)
    poids = models.PositiveIntegerField("poids en octets")
    suite = models.CharField("suite", max_length=10, choices=Suite, default=Suite.ATTEND, blank=True)

    class Meta:
        verbose_name = "fichier proposé"
        verbose_name_plural = "fichiers proposés"
        ordering = ["pk"]

    def __str__(self):
        return self.nom

    @property
    def titre(self) -> str:
        """« Plan d’accès » of « Plan_d’accès.jpg »: where the team starts from."""
        return " ".join(self.nom.rpartition(".")[0].replace("_", " ").split())

    @property
    def is_image(self) -> bool:
        return extension(self.nom) in IMAGES

    @property
    def is_pdf(self) -> bool:
        return extension(self.nom) == "pdf"

    @property
    def document_affiche(self) -> str:
        """« PDF, 420 Ko »."""
        return f"{extension(self.nom).upper()}, {poids(self.poids)}"


# Purges erase row by row as well: the file leaves the disk with its own, once the transaction is certain.
post_delete.connect(remove_file, sender=FichierPropose, dispatch_uid="fichiers proposés")
