"""What is kept of the old site: origins of records, anomalies, runs, old addresses."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone

from participants.explorations.models import Exploration
from participants.inscriptions.models import Inscription
from participants.signals import personne_videe
from socle.annuaire.models import Entree, Statut
from socle.journal.writing import inscrire, watch

# Keys of `Origine.valeurs` that are not fields.
PERSONNES = "_personnes"  # digests of the persons that the old site named
RESERVES = "_reserves"  # labels and names of files that visitors of the old site could not read
PROVENANCE = "_provenance"  # the wiki and the form that the record came from
FICHIERS = "_fichiers"  # names of the record's files; one deleted here does not come back


class Origine(models.Model):
    """Where a record was taken over from, and what the old site said then, field by field.

    With `valeurs` the next takeover knows what changed there and here (following.py). It holds texts without spam, and
    only digests of persons.
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
    """A record of the old site deleted here: the takeover leaves it out as long as this row exists."""

    type = models.CharField("type", max_length=20)
    cle = models.CharField("clé de rapprochement", max_length=500)
    # Name of its page on the old site, if known; for a person, a digest of the name.
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
    """Leaves out a record that somebody deletes here."""
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
        return self.filter(reglee_le=None)

    def settle(self, user=None) -> int:
        """Returns how many were open."""
        return self.open().update(reglee_le=timezone.now(), reglee_par=user)


class AnomalieNotee(models.Model):
    """Something the takeover was not sure of. It is always the same row, so once settled it does not come back."""

    champ = models.CharField("champ", max_length=200, blank=True)
    ligne = models.PositiveIntegerField("ligne du fichier", null=True, blank=True)
    texte = models.TextField("texte d’origine", blank=True)
    # For a change on both sides: {field: text} of the old site, as `as_text` writes it.
    valeurs = models.JSONField("valeurs de l’ancien site", default=dict, editable=False)
    creee_le = models.DateTimeField("relevée le", default=timezone.now)
    reglee_le = models.DateTimeField("réglée le", null=True, blank=True)

    objects = AnomalieQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.get_type_display()

    @property
    def a_faire(self) -> str:
        return A_FAIRE[self.type]


class Anomalie(AnomalieNotee):
    """An anomaly about a record, or about none."""

    class Type(models.TextChoices):
        CONTENU_INDESIRABLE = "contenu_indesirable", "contenu indésirable retiré"
        COURRIEL_INVALIDE = "courriel_invalide", "courriel invalide"
        MONTANT_A_VERIFIER = "montant_a_verifier", "montant à vérifier"
        LIEU_A_VERIFIER = "lieu_a_verifier", "lieu à vérifier"
        LIEN_VIDE = "lien_vide", "lien vide"
        LIEN_A_VERIFIER = "lien_a_verifier", "lien à vérifier"
        FICHIER_MANQUANT = "fichier_manquant", "fichier manquant"
        FICHIER_INTERNE = "fichier_interne", "fichier gardé pour l’équipe"
        TITRE_MANQUANT = "titre_manquant", "titre manquant"
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
        MOTS_MASQUES = "mots_masques", "mots sur des personnes masqués"
        CHANGE_DES_DEUX_COTES = "change_des_deux_cotes", "a changé des deux côtés"

    entree = models.ForeignKey(
        Entree, on_delete=models.CASCADE, null=True, blank=True, related_name="anomalies", verbose_name="fiche"
    )
    type = models.CharField("type", max_length=30, choices=Type.choices)
    empreinte = models.CharField(max_length=64, editable=False)
    reglee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="réglée par"
    )

    class Meta:
        verbose_name = "anomalie de reprise"
        verbose_name_plural = "anomalies de reprise"
        ordering = ["type", "ligne", "pk"]
        constraints = [models.UniqueConstraint(fields=["empreinte"], name="anomalie_unique")]

    @staticmethod
    def fingerprint(*, cle: str, type: str, champ: str, texte: str) -> str:
        """The next takeover finds an anomaly by this fingerprint. `cle`: of the record."""
        return hashlib.sha256("\x1f".join((cle, type, champ, texte)).encode()).hexdigest()


A_FAIRE = {
    "contenu_indesirable": "Lisez le passage : écartez-le pour de bon, ou remettez-le dans la fiche.",
    "courriel_invalide": "Corrigez l’adresse dans la fiche, ou effacez-la.",
    "montant_a_verifier": "Lisez le texte d’origine, écrivez le montant, ou cochez « réglé » s’il est juste.",
    "lieu_a_verifier": "Le département est celui de l’ancien site : corrigez-le, ou choisissez la commune.",
    "lien_vide": "Donnez l’adresse du lien si vous la connaissez.",
    "lien_a_verifier": "Ouvrez le lien, et corrigez-le dans la fiche s’il ne mène nulle part.",
    "fichier_manquant": "Retrouvez le fichier, et joignez-le à la fiche.",
    "fichier_interne": "Le site ne publierait pas ce fichier tel quel. Regardez-le : s’il est utile, joignez-en une "
    "version que le site accepte, puis supprimez celui-ci, ou cochez « réglé ».",
    "titre_manquant": "L’ancien site ne donnait aucun titre à cette fiche : donnez-lui-en un.",
    "definition_manquante": "Écrivez la définition dans la fiche.",
    "type_inconnu": "Lisez le texte d’origine : faites-en une fiche, ou écartez-le s’il ne sert plus.",
    "doublon_probable": "Comparez les deux fiches : fusionnez-les, ou dites que ce sont des fiches différentes.",
    "version_probable": "Dites dans la fiche laquelle elle remplace, ou cochez « réglé » si elle n’en remplace aucune.",
    "evenement_a_preciser": "Affectez l’inscription à son événement.",
    "change_des_deux_cotes": "Comparez : gardez le nôtre, ou prenez l’ancien site.",
    "departement_inconnu": "Choisissez le département dans la fiche.",
    "non_attribuee": "Recopiez ce texte dans le champ où il va, ou cochez « réglé » s’il ne sert plus.",
    "balisage_inconnu": "Relisez le passage dans la fiche, et remettez-le en forme.",
    "fin_douteuse": "Comparez la fin de la fiche avec l’ancien site, et complétez-la.",
    "mots_masques": "Le public lit un masque à la place de ces mots. S’ils peuvent être publics, écrivez-les dans la "
    "fiche ; sinon, cochez « réglé ».",
    "valeur_reservee": "L’ancien site cachait cette valeur : écrivez-la dans la fiche si elle peut être publique.",
}


class Reprise(models.Model):
    """One takeover: when, from which source, by which command, with which figures.

    It names only the person who ran it. `copie`: copy of the database made before, or "".
    """

    le = models.DateTimeField("le", default=timezone.now)
    site = models.CharField("source", max_length=200, blank=True)
    commande = models.CharField("commande", max_length=500, blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par"
    )
    format = models.CharField("format", max_length=10)
    bilan = models.JSONField("bilan", default=dict)
    copie = models.CharField("copie d’avant", max_length=500, blank=True)

    class Meta:
        verbose_name = "reprise"
        ordering = ["-pk"]

    def __str__(self):
        return f"Reprise n° {self.pk}"


ADRESSE = "adresse"  # kind in the change log: where addresses of the old site lead


class AncienIdentifiant(models.Model):
    """The name of an old page: `/?<identifiant>` leads to its record, or says that it is gone.

    `certain`: read from the old site's data; else guessed from the title. urls_of_old_site.py writes it. The index
    ignores case, as the old site did.
    """

    class Etat(models.TextChoices):
        FICHE = "fiche", "fiche"
        DISPARUE = "disparue", "disparue"

    identifiant = models.CharField("identifiant", max_length=200, unique=True)
    entree = models.ForeignKey(
        Entree,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="anciens_identifiants",
        verbose_name="fiche",
    )
    statut = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.FICHE)
    certain = models.BooleanField("lu sur l’ancien site", default=False)

    class Meta:
        verbose_name = "ancien identifiant"
        verbose_name_plural = "anciens identifiants"
        ordering = ["identifiant"]
        indexes = [models.Index(Lower("identifiant"), name="ancien_identifiant_minuscule")]

    def __str__(self):
        return self.identifiant

    @property
    def is_publique(self):
        return not self.is_disparue and self.entree.statut == Statut.PUBLIEE

    @property
    def is_disparue(self):
        """Whether the page is gone: deleted there, or deleted or withdrawn here.

        If its type left the site, its drafts are in the bin too: only a record that was public is gone.
        """
        if self.statut == self.Etat.DISPARUE or self.entree is None or self.entree.statut == Statut.RETIREE:
            return True
        binned = self.entree.statut == Statut.CORBEILLE
        return binned and (self.entree.is_of_a_type or self.entree.publiee_le is not None)


class AncienFormulaire(models.Model):
    """{number of an old form: type of its records}; its feeds lead to the list of that type."""

    numero = models.CharField("numéro", max_length=20, unique=True)
    type = models.CharField("type", max_length=20)

    class Meta:
        verbose_name = "ancien formulaire"
        verbose_name_plural = "anciens formulaires"

    def __str__(self):
        return f"{self.numero} : {self.type}"


def digest(cle: str) -> str:
    """What is kept of a person erased here: a digest that finds the person again and names nobody."""
    return hashlib.sha256(cle.encode()).hexdigest()


@receiver(pre_delete, sender=Inscription, dispatch_uid="inscription-ecartee")
@receiver(pre_delete, sender=Exploration, dispatch_uid="exploration-ecartee")
@receiver(personne_videe, dispatch_uid="personne-ecartee")
def leave_out(sender, instance, **kwargs) -> None:
    """Makes the next takeover leave out a person who is erased or emptied here.

    The digest of the name serves where the old site hides the address.
    """
    if instance.cle:
        named = digest(instance.cle.rpartition(" | ")[0]) if " | " in instance.cle else ""
        Ecartee.objects.get_or_create(
            type=sender._meta.model_name,
            cle=digest(instance.cle),
            defaults={"titre": "personne effacée", "identifiant": named},
        )


class TypeAnomalie(models.TextChoices):
    """What may be odd in what the old site says of a person; same keys as `Anomalie`."""

    EVENEMENT_A_PRECISER = Anomalie.Type.EVENEMENT_A_PRECISER.value, "événement à préciser"
    COURRIEL_INVALIDE = Anomalie.Type.COURRIEL_INVALIDE.value, "courriel invalide"
    DOUBLON_PROBABLE = Anomalie.Type.DOUBLON_PROBABLE.value, "doublon probable"
    CONTENU_INDESIRABLE = Anomalie.Type.CONTENU_INDESIRABLE.value, "contenu indésirable retiré"
    TITRE_MANQUANT = Anomalie.Type.TITRE_MANQUANT.value, "titre manquant"
    NON_ATTRIBUEE = Anomalie.Type.NON_ATTRIBUEE.value, "ligne sans champ"
    LIEN_VIDE = Anomalie.Type.LIEN_VIDE.value, "lien vide"
    BALISAGE_INCONNU = Anomalie.Type.BALISAGE_INCONNU.value, "mise en forme inconnue"
    FIN_DOUTEUSE = Anomalie.Type.FIN_DOUTEUSE.value, "fin du fichier douteuse"
    CHANGE_DES_DEUX_COTES = Anomalie.Type.CHANGE_DES_DEUX_COTES.value, "a changé des deux côtés"


class AnomalieParticipant(AnomalieNotee):
    """An anomaly about a person: personal data, with its own table and rights, erased with the person.

    Each subclass adds `participant`, a foreign key with the related name `anomalies`.
    """

    type = models.CharField("type", max_length=30, choices=TypeAnomalie)
    empreinte = models.CharField(max_length=64, unique=True, editable=False)
    reglee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="réglée par",
    )

    class Meta:
        abstract = True
        ordering = ["reglee_le", "type", "ligne", "pk"]


class AnomalieInscription(AnomalieParticipant):
    participant = models.ForeignKey(
        Inscription, on_delete=models.CASCADE, related_name="anomalies", verbose_name="inscription"
    )

    class Meta(AnomalieParticipant.Meta):
        verbose_name = "anomalie d’inscription"
        verbose_name_plural = "anomalies d’inscriptions"


class AnomalieExploration(AnomalieParticipant):
    participant = models.ForeignKey(
        Exploration, on_delete=models.CASCADE, related_name="anomalies", verbose_name="exploration"
    )

    class Meta(AnomalieParticipant.Meta):
        verbose_name = "anomalie d’exploration"
        verbose_name_plural = "anomalies d’explorations"


for _model in (AncienIdentifiant, AncienFormulaire, Origine):  # links in texts depend on them
    watch(_model, lambda row, gone: inscrire(ADRESSE))
