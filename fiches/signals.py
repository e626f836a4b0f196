"""Signals of records, for the floors above, which this floor does not import."""

from django.dispatch import Signal

# A record was saved; sent last in its transaction. `sender`: its model; `fiche`; `before`: the record as stored, None
# if new; `gone`: private words that it no longer shows to the public.
fiche_enregistree = Signal()

# Two records were made one, or parted again, in that transaction. `sender`: Fusion; `fusion`, whose `deplaces` a
# receiver may add to (rows of its own that follow or are settled); `kept`, `lost`; `user`, None if nobody is known.
fiches_fusionnees = Signal()
fusion_defaite = Signal()

# What hangs on the entry of a record is deleted, in that transaction: its type left the site long ago. `sender`: the
# model of entries; `entree`.
entree_videe = Signal()
