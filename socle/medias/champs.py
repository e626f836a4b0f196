"""Fields for a file, in models and forms. The forms of a `FichierField` take what its `Depot` accepts."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import models

from socle.medias.depot import Depot


class FichierRecuField(forms.FileField):
    def __init__(self, *, depot: Depot, **kwargs):
        super().__init__(**kwargs | {"max_length": None, "allow_empty_file": True})  # its depot has words for these
        self.depot = depot
        self.help_text = self.help_text or depot.aide
        self.widget.attrs["accept"] = depot.accept

    def clean(self, data, initial=None):
        value = super().clean(data, initial)
        return self.depot.receive(value) if isinstance(value, UploadedFile) else value


class FichierField(models.FileField):
    """A file of a record: for the database a FileField; it also knows what its forms accept.

    `prive`: no page ever gives the file, even of a public record.
    """

    def __init__(self, *args, depot: Depot | None = None, prive: bool = False, **kwargs):
        self.depot, self.prive = depot, prive
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": FichierRecuField, "depot": self.depot} | kwargs)

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.FileField", args, kwargs
