"""Erasing an account, also when a table without a model still names it: that of a part that left the site."""

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from socle.comptes.models import Utilisateur


def erase_account(account: Utilisateur) -> None:
    """Deletes an account. If such a table names it, empties it instead: nobody can log in with it any more."""
    pk = account.pk
    try:
        with transaction.atomic():
            account.delete()
            connection.check_constraints()  # now, not at the end of the transaction
    except IntegrityError:
        emptied = Utilisateur.objects.get(pk=pk)
        emptied.username, emptied.password = f"efface-{pk}", make_password(None)
        emptied.first_name = emptied.last_name = emptied.email = ""
        emptied.is_active = emptied.is_staff = emptied.is_superuser = False
        emptied.save()
        emptied.groups.clear()
        emptied.user_permissions.clear()
        emptied.preferences.all().delete()
        for device in (TOTPDevice, StaticDevice):
            device.objects.filter(user=pk).delete()
