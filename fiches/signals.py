"""Signals of records, for the floors above, which this floor does not import."""

from django.dispatch import Signal

# A record was saved; sent last in its transaction. `sender`: its model; `fiche`; `before`: the record as stored, None
# if new; `gone`: private words that it no longer shows to the public.
fiche_enregistree = Signal()

# Records were indexed or left the index, after one save or a whole batch. `sender`: their model; `pks`.
fiches_indexees = Signal()

# Two records were merged, or separated again, in this transaction. `sender`: Fusion. `fusion`: a receiver may add its
# own moved rows to `fusion.deplaces`. `kept`, `lost`: the records. `user`: None if unknown.
fiches_fusionnees = Signal()
fusion_defaite = Signal()
