"""Persons are invented."""

from django.utils import timezone
from factory.django import DjangoModelFactory

from participants.alertes.followed_lists import ListeSuivie
from participants.alertes.models import Alerte
from socle.courrier.mailboxes import address_key


class AlerteFactory(DjangoModelFactory):
    """A confirmed alert that is due and knows today's list. `criteres="departement=22"` narrows it."""

    courriel = "awena.prigent@exemple.bzh"
    type = "projet"
    criteres = ""
    rythme = Alerte.Rythme.JOUR
    etat = Alerte.Etat.ACTIVE

    class Meta:
        model = Alerte

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        row = model_class(**{"courriel_cle": address_key(kwargs["courriel"]), "mots": "projets"} | kwargs)
        if row.etat != Alerte.Etat.A_CONFIRMER:
            row.confirmee_le = row.signe_le = row.signe_le or timezone.now()
            liste = ListeSuivie.read(row.type, row.criteres)
            row.learn(liste.numero, liste.came(row.vu), liste.all, liste.lacking)
            row.periode = ""  # of no day or week: due
        row.save()
        return row
