"""How versions of records are written: simple_history's way, without what it asks for nothing."""

from functools import cache

from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords
from simple_history.utils import get_m2m_field_name


class _Versions(HistoryManager):
    """What `fiche.history` is: the library makes its class anew each time it is read, here once."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class, class_name=None):
        return super().from_queryset(queryset_class, class_name)


class _Historique(HistoricalRecords):
    def create_historical_record_m2ms(self, history_instance, instance):
        """As the library does, without joining what is chosen: a version keeps its key."""
        for field in history_instance._history_m2m_fields:
            through, version = getattr(type(instance), field.name).through, self.m2m_models[field]
            names = [field.attname for field in through._meta.concrete_fields]
            rows = through.objects.filter(**{get_m2m_field_name(field): instance}).values(*names)
            version.objects.bulk_create(version(history=history_instance, **row) for row in rows)


# One object for all record types (their fields are theirs): it also writes a version on demand, see Fiche.finish.
HISTORIQUE = _Historique(inherit=True, use_base_model_db=True, history_manager=_Versions)
