"""What persons' rooms tell the floors above them, which they do not know."""

from django.dispatch import Signal

# What a row says of a person is about to be emptied. `sender`: its model; `instance`.
personne_videe = Signal()

# Registrations got their event, in that transaction. `pks`: their keys; `user`, None if nobody is known.
inscriptions_rattachees = Signal()
