"""What became of a record: where it came from, what was odd on the way, what two sides changed."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone

from socle.annuaire.models import Entree

# `Origine.site` of demo records: a takeover puts real ones in their place. No name of a file can hold its slash.
DEMONSTRATION = "/démonstration"


class Origine(models.Model):
    """Where a record was taken over from, and what the old site said then, field by field.

    `valeurs` is the common ancestor of the next takeover: what the old site has changed since is told from what was
    edited here. It holds texts already rid of spam, and of persons only a digest of each.
    """

    entree = models.OneToOneField(Entree, on_delete=models.CASCADE, primary_key=True, related_name="origine")
    site = models.CharField("site", max_length=200, blank=True)
    identifiant = models.CharField("identifiant d’origine", max_length=200, blank=True)
    type = models.CharField("type", max_length=20)
    cle = models.CharField("clé de rapprochement", max_length=500, db_index=True)
    premiere_ligne = models.PositiveIntegerField("première ligne", null=True, blank=True)
    derniere_ligne = models.PositiveIntegerField("dernière ligne", null=True, blank=True)
    valeurs = models.JSONField("valeurs reprises", default=dict)
    reprise_le = models.DateTimeField("reprise le", default=timezone.now)

    class Meta:
        verbose_name = "origine"
        constraints = [models.UniqueConstraint(fields=["type", "cle"], name="origine_unique")]

    def __str__(self):
        return f"{self.type} : {self.cle}"


class Ecartee(models.Model):
    """A record of the old site that was deleted here: the takeover leaves it out for as long as this row stands."""

    type = models.CharField("type", max_length=20)
    cle = models.CharField("clé de rapprochement", max_length=500)
    # Name of its page on the old site, if that was known; of a person, a digest of their name.
    identifiant = models.CharField("identifiant d’origine", max_length=200, blank=True, default="", editable=False)
    titre = models.CharField("titre", max_length=500)
    supprimee_le = models.DateTimeField("supprimée le", default=timezone.now)

    class Meta:
        verbose_name = "fiche écartée de la reprise"
        verbose_name_plural = "fiches écartées de la reprise"
        ordering = ["-supprimee_le", "pk"]
        constraints = [models.UniqueConstraint(fields=["type", "cle"], name="ecartee_unique")]

    def __str__(self):
        return self.titre


@receiver(pre_delete, sender=Origine, dispatch_uid="fiche-ecartee")
def _leave_out(instance, **kwargs):
    """Somebody deletes a record that was taken over. A demo record is deleted by the takeover itself."""
    if instance.site == DEMONSTRATION:
        return
    titre = Entree.objects.filter(pk=instance.pk).values_list("titre", flat=True).first()
    Ecartee.objects.update_or_create(
        type=instance.type,
        cle=instance.cle,
        defaults={
            "titre": titre or instance.cle,
            "identifiant": instance.identifiant,
            "supprimee_le": timezone.now(),
        },
    )


class AnomalieQuerySet(models.QuerySet):
    def open(self):
        """Anomalies that nobody has settled."""
        return self.filter(reglee_le__isnull=True)


class Anomalie(models.Model):
    """Something the takeover could not be sure of. Once settled it never comes back: the same one is the same row."""

    class Type(models.TextChoices):
        CONTENU_INDESIRABLE = "contenu_indesirable", "contenu indésirable retiré"
        COURRIEL_INVALIDE = "courriel_invalide", "courriel invalide"
        MONTANT_A_VERIFIER = "montant_a_verifier", "montant à vérifier"
        LIEN_VIDE = "lien_vide", "lien vide"
        LIEN_A_VERIFIER = "lien_a_verifier", "lien à vérifier"
        FICHIER_MANQUANT = "fichier_manquant", "fichier manquant"
        DEFINITION_MANQUANTE = "definition_manquante", "définition manquante"
        TYPE_INCONNU = "type_inconnu", "type de fiche inconnu"
        DOUBLON_PROBABLE = "doublon_probable", "doublon probable"
        VERSION_PROBABLE = "version_probable", "nouvelle version probable"
        EVENEMENT_A_PRECISER = "evenement_a_preciser", "événement à préciser"
        DEPARTEMENT_INCONNU = "departement_inconnu", "département inconnu"
        NON_ATTRIBUEE = "non_attribuee", "ligne sans champ"
        BALISAGE_INCONNU = "balisage_inconnu", "mise en forme inconnue"
        FIN_DOUTEUSE = "fin_douteuse", "fin du fichier douteuse"
        VALEUR_RESERVEE = "valeur_reservee", "valeur que l’ancien site cachait"

    entree = models.ForeignKey(
        Entree, on_delete=models.CASCADE, null=True, blank=True, related_name="anomalies", verbose_name="fiche"
    )
    type = models.CharField("type", max_length=30, choices=Type.choices)
    champ = models.CharField("champ", max_length=200, blank=True)
    ligne = models.PositiveIntegerField("ligne du fichier", null=True, blank=True)
    texte = models.TextField("texte d’origine", blank=True)
    # Of a text taken out of a field: what stood just before it there, blanks included; "" if nobody knows.
    avant = models.TextField(blank=True, editable=False)
    empreinte = models.CharField(max_length=64, editable=False)
    creee_le = models.DateTimeField("relevée le", default=timezone.now)
    reglee_le = models.DateTimeField("réglée le", null=True, blank=True)
    reglee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="réglée par"
    )

    objects = AnomalieQuerySet.as_manager()

    class Meta:
        verbose_name = "anomalie de reprise"
        verbose_name_plural = "anomalies de reprise"
        ordering = ["type", "ligne", "pk"]
        constraints = [models.UniqueConstraint(fields=["empreinte"], name="anomalie_unique")]

    def __str__(self):
        return self.get_type_display()

    @staticmethod
    def fingerprint(*, cle: str, type: str, champ: str, texte: str) -> str:
        """Digest by which a second takeover knows an anomaly again. `cle`: of the record it is about."""
        return hashlib.sha256("\x1f".join((cle, type, champ, texte)).encode()).hexdigest()


class ConflitQuerySet(models.QuerySet):
    def open(self):
        """Conflicts that nobody has settled."""
        return self.filter(regle_le__isnull=True)


class Conflit(models.Model):
    """A field that was edited here and of which the old site says something else. Ours stays; theirs is kept beside."""

    entree = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="conflits", verbose_name="fiche")
    champ = models.CharField("champ", max_length=100)
    ici = models.TextField("notre texte", blank=True)
    ancien_site = models.TextField("texte de l’ancien site", blank=True)
    cree_le = models.DateTimeField("relevé le", default=timezone.now)
    regle_le = models.DateTimeField("réglé le", null=True, blank=True)
    regle_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="réglé par"
    )

    objects = ConflitQuerySet.as_manager()

    class Meta:
        verbose_name = "conflit de reprise"
        verbose_name_plural = "conflits de reprise"
        ordering = ["-cree_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entree", "champ"], condition=models.Q(regle_le__isnull=True), name="conflit_ouvert_unique"
            )
        ]

    def __str__(self):
        return f"Conflit n° {self.pk}"


class ImportEnAttente(models.Model):
    """A spreadsheet that an editor has sent and not confirmed yet: kept as it came, a day at most.

    `empreinte`: what the preview said of it (RapportImport.empreinte), which the confirmation must find again.
    """

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name="par")
    type = models.CharField("type", max_length=20)
    nom = models.CharField("nom du fichier", max_length=200)
    contenu = models.BinaryField("contenu")
    empreinte = models.CharField("empreinte", max_length=64)
    cree_le = models.DateTimeField("envoyé le", default=timezone.now)

    class Meta:
        verbose_name = "import en attente"
        verbose_name_plural = "imports en attente"

    def __str__(self):
        return self.nom


class Fusion(models.Model):
    """Two records made one: what moved from the lost one to the kept one, so that it can be undone.

    `deplaces`: {"app.model.column": keys of the rows that pointed to the lost record}; no text, no name.
    """

    perdue = models.OneToOneField(
        Entree, on_delete=models.CASCADE, related_name="fusion", verbose_name="fiche fusionnée"
    )
    gardee = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="+", verbose_name="fiche gardée")
    statut = models.CharField("état de la fiche fusionnée", max_length=10)
    version = models.PositiveIntegerField("version de la fiche gardée avant la fusion")
    deplaces = models.JSONField("lignes déplacées", default=dict)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="par"
    )
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "fusion"

    def __str__(self):
        return f"{self.perdue} → {self.gardee}"


class PasDoublon(models.Model):
    """Two records of which an editor said that neither doubles the other. `premiere` has the smaller key."""

    premiere = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="+", verbose_name="première fiche")
    seconde = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="+", verbose_name="seconde fiche")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="par"
    )
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "paire sans doublon"
        verbose_name_plural = "paires sans doublon"
        constraints = [models.UniqueConstraint(fields=["premiere", "seconde"], name="pas_doublon_unique")]

    def __str__(self):
        return f"{self.premiere_id}, {self.seconde_id}"


class Reprise(models.Model):
    """One takeover that was carried out: when, of what, by which command, its figures, and whether it was undone.

    It names nobody but who ran it. What undoing it needs stands in `TraceReprise`, for a while (fiches/suivi/trace.py).
    """

    class Etat(models.TextChoices):
        FAITE = "faite", "faite"
        ANNULEE = "annulee", "annulée"

    le = models.DateTimeField("le", default=timezone.now)
    site = models.CharField("source", max_length=200, blank=True)
    commande = models.CharField("commande", max_length=500, blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par"
    )
    format = models.CharField("format", max_length=10)
    bilan = models.JSONField("bilan", default=dict)
    changements = models.PositiveIntegerField("lignes changées", default=0)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.FAITE)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    annulee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="annulée par",
    )

    class Meta:
        verbose_name = "reprise"
        ordering = ["-pk"]

    def __str__(self):
        return f"Reprise n° {self.pk}"


class TraceReprise(models.Model):
    """What one takeover did to the rows of one model, so that it can be undone.

    `lignes`: {key: [values before, digest of the row after]}; the first is null of a created row, the second of a
    deleted one. Values follow `colonnes`. What stood before may name persons: a trace is kept for a short while, is on
    no page, and forgets a person who is erased.
    """

    reprise = models.ForeignKey(Reprise, on_delete=models.CASCADE, related_name="traces", verbose_name="reprise")
    modele = models.CharField("modèle", max_length=100)
    colonnes = models.JSONField("colonnes")
    lignes = models.JSONField("lignes")

    class Meta:
        verbose_name = "trace de reprise"
        verbose_name_plural = "traces de reprises"
        constraints = [models.UniqueConstraint(fields=["reprise", "modele"], name="trace_reprise_unique")]

    def __str__(self):
        return f"{self.reprise_id}, {self.modele}"
