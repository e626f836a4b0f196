"""How revisions of records are written: simple_history, with fewer queries. Fiche holds the one `HISTORIQUE`."""

from functools import cache

from django.db.models import Value
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords


class _Revisions(HistoryManager):
    """The manager `fiche.history`, whose class the library would make again at each access."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class, class_name=None):
        return super().from_queryset(queryset_class, class_name)


class _Historique(HistoricalRecords):
    def get_m2m_fields_from_model(self, model):
        """All many-to-many fields: a revision holds all that a record says."""
        return [*model._meta.many_to_many]

    def create_historical_record_m2ms(self, history_instance, instance):
        """Writes what the library writes, in one query without a join: a revision keeps keys."""
        fields = self.get_m2m_fields_from_model(instance)
        questions = []
        for number, field in enumerate(fields):
            rows = field.remote_field.through.objects.filter(**{field.m2m_field_name(): instance}).order_by()
            questions.append(rows.values_list(Value(number), "pk", f"{field.m2m_reverse_field_name()}_id"))
        first, *others = questions
        found = list(first.union(*others, all=True) if others else first)
        for number, field in enumerate(fields):
            row_of, record, choice = self.m2m_models[field], field.m2m_field_name(), field.m2m_reverse_field_name()
            row_of.objects.bulk_create(
                row_of(history=history_instance, id=pk, **{f"{record}_id": instance.pk, f"{choice}_id": key})
                for asked, pk, key in found
                if asked == number
            )


# One for all record types; Fiche.save also calls it.
HISTORIQUE = _Historique(inherit=True, use_base_model_db=True, history_manager=_Revisions)
