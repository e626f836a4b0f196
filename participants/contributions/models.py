"""What visitors propose, and messages about it. Never public: what is taken becomes a version of the record."""

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

CREDIT = 100  # characters in a name on the page
DOSSIER = "proposes"  # folder of these files


class Contribution(Sollicitation, Consentement):
    """A correction of a public record, or a new record, to which `entree` then points. `parcours.py` changes its state.

    - `valeurs`: {field: {"vu": words, "propose": words}}, for `champs.read`; with « suite » once decided.
    - `base`: version of the record that the author read.
    - `credit`: name that the author wants on the page, or "".
    - `doute`: why the staff look before the address is asked to confirm; stays if they put it aside.
    - `tour`: number of changes.
    """

    si_effacee = "Cette proposition a été effacée."

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
    A_TRAITER = (Etat.RECUE, Etat.EN_EXAMEN, Etat.A_VERIFIER)  # those that wait for the team

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
    # When its address was asked to confirm: later than `recue_le` if the staff looked first.
    demandee_le = models.DateTimeField("confirmation demandée le", default=timezone.now)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    # When the author of a new record was told of its publication.
    annoncee_le = models.DateTimeField("publication annoncée le", null=True, blank=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par"
    )

    class Meta:
        verbose_name = "contribution"
        ordering = ["recue_le", "pk"]

    @property
    def is_fiche(self) -> bool:
        return self.nature == self.Nature.FICHE

    @property
    def is_ouverte(self) -> bool:
        """Whether it can still be decided."""
        return self.etat in self.OUVERTES


class Echange(models.Model):
    """A message about a proposal, of the team or its author; also the text of a decision."""

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
    """A new record written step by step, behind secret links; emptied once sent.

    `saisie`: {field of the form: what was typed}, as browsers send it. `courriel`: where a link was sent.
    """

    si_effacee = "Cette fiche en cours d’écriture a été effacée."

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
    """The name that a page shows because its author asked. It outlives the proposal.

    `courriel`: to find it again, if its person wants it removed.
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
    """A path that nobody can guess and nobody chose."""
    return f"{DOSSIER}/{secrets.token_hex(16)}.{extension(nom)}"


class FichierPropose(models.Model):
    """A file that a visitor proposes. Never public. Joined, it becomes a `FichierJoint`; otherwise it is deleted.

    Its name and the decision stay here.
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
        """« Plan d’accès » for « Plan_d’accès.jpg »: where the team starts from."""
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


# Purges delete rows one by one too: the file is deleted with its row, once the transaction is committed.
post_delete.connect(remove_file, sender=FichierPropose, dispatch_uid="fichiers proposés")
