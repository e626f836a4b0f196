"""Erasing an account, also when a table without a model still names it: that of a part that left the site."""

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction

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
        for link in Utilisateur._meta.related_objects:
            if link.field.model._meta.app_label in ("comptes", "otp_totp", "otp_static"):  # preferences, second factor
                link.field.model.objects.filter(**{link.field.name: pk}).delete()
