"""Signals from persons' rooms to the floors above, which these rooms do not know."""

from django.dispatch import Signal

# A row is about to lose what it says about a person. `sender`: the model; `instance`.
personne_videe = Signal()

# Registrations were tied to an event, in this transaction. `pks`: their keys; `user`: may be None.
inscriptions_rattachees = Signal()
