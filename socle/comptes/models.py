"""Accounts of the staff. Readers have none."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F
from django.db.models.signals import m2m_changed
from django.utils import timezone
from django.utils.crypto import salted_hmac

# A change of one of these ends the sessions of the account: no session keeps former rights.
DROITS = ("is_active", "is_staff", "is_superuser")


class Utilisateur(AbstractUser):
    """A member of the staff. Our own model since the first migration, so that it can grow without moving data.

    `ferme_le`: since when it is closed; how long its data are kept counts from there. `generation`: a session belongs
    to one, and ends when the rights change or `end_sessions` is called.
    """

    ferme_le = models.DateTimeField("fermé le", null=True, editable=False)

    generation = models.PositiveIntegerField("génération des sessions", default=0, editable=False)

    class Meta:
        verbose_name = "utilisateur"
        verbose_name_plural = "utilisateurs"
        permissions = [("publier", "publier et retirer des fiches")]

    @property
    def nom_affiche(self) -> str:
        return self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret=None):
        salt = "socle.comptes.models.Utilisateur.get_session_auth_hash"
        return salted_hmac(salt, f"{self.password}\x1f{self.generation}", secret=secret, algorithm="sha256").hexdigest()

    def end_sessions(self) -> None:
        type(self).objects.filter(pk=self.pk).update(generation=F("generation") + 1)
        self.refresh_from_db(fields=["generation"])

    def save(self, *args, **kwargs):
        fields, closed = kwargs.get("update_fields"), None if self.is_active else self.ferme_le or timezone.now()
        if closed != self.ferme_le:
            self.ferme_le = closed
            if fields is not None:
                kwargs["update_fields"] = {*fields, "ferme_le"}
        before = None
        if fields is None or not {*DROITS}.isdisjoint(fields):
            before = type(self).objects.filter(pk=self.pk).values_list(*DROITS).first()
        super().save(*args, **kwargs)
        if before and before != tuple(getattr(self, name) for name in DROITS):
            self.end_sessions()


class PreferenceDeCourriel(models.Model):
    """When somebody of the staff is told by mail of one kind of work (travaux.py); without a row, once a day.

    `connues`: keys of the rows of which they were last told, if they are told at once.
    """

    class Quand(models.TextChoices):
        AUSSITOT = "aussitot", "tout de suite"
        JOUR = "jour", "une fois par jour"
        JAMAIS = "jamais", "jamais"

    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.CASCADE, related_name="preferences", verbose_name="utilisateur"
    )
    travail = models.CharField("sorte de travail", max_length=40)
    quand = models.CharField("quand", max_length=10, choices=Quand, default=Quand.JOUR)
    connues = models.JSONField("lignes connues", default=list)

    class Meta:
        verbose_name = "préférence de courriel"
        verbose_name_plural = "préférences de courriel"
        constraints = [models.UniqueConstraint("utilisateur", "travail", name="preference_une_par_travail")]

    def __str__(self):
        return f"Préférence n° {self.pk}" if self.pk else "nouvelle préférence"


def _groups_changed(sender, instance, action, reverse, pk_set, **kwargs):
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    if reverse:
        rows = Utilisateur.objects.filter(pk__in=pk_set) if pk_set is not None else instance.user_set.all()
        rows.update(generation=F("generation") + 1)
    else:
        instance.end_sessions()


for relation in (Utilisateur.groups, Utilisateur.user_permissions):
    m2m_changed.connect(_groups_changed, sender=relation.through, dispatch_uid=f"sessions {relation.field.name}")
