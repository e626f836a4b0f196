"""What records tell the floors above them, which they do not know."""

from django.dispatch import Signal

# Sent last in the transaction of each save of a record. `sender`: its model; `fiche`; `before`, the
# record as it was saved, None if it is new; `gone`: {field: words of persons that the public read there until
# now, and reads no more}.
fiche_enregistree = Signal()

# Two records were made one, or parted again, in that transaction. `sender`: Fusion; `fusion`, whose `deplaces` a
# receiver may add to (rows of its own that follow or are settled); `kept`, `lost`; `user`, None if nobody is known.
fiches_fusionnees = Signal()
fusion_defaite = Signal()

# What hangs on the entry of a record is deleted, in that transaction: its type left the site long ago. `sender`: the
# model of entries; `entree`.
entree_videe = Signal()
