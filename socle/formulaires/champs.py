"""Fields and looks of public forms: classes of the style sheet, messages that say what to do."""

from django import forms
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, HiddenInput, RadioSelect

from socle.courrier.mailboxes import normalise


class _TapeField(forms.CharField):
    """If a text is too long, the message says what to do. `autocomplete`: what browsers offer."""

    def __init__(self, *, autocomplete="", **kwargs):
        words = {"max_length": maximum(kwargs["max_length"])} if kwargs.get("max_length") else {}
        super().__init__(error_messages=words | kwargs.pop("error_messages", {}), **kwargs)
        if autocomplete:
            self.widget.attrs["autocomplete"] = autocomplete


class LigneField(_TapeField):
    """One line; any blank becomes one space."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class TexteField(_TapeField):
    """Several lines, which end with a line feed."""

    widget = forms.Textarea

    def __init__(self, *, rows=4, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = rows
        self.widget.attrs.pop("cols", None)  # the style sheet sets its width

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class CourrielField(LigneField):
    """An address that mail can reach."""

    widget = forms.EmailInput

    def clean(self, value):
        text = super().clean(value)
        return normalise(text) if text else text


class VotreCourrielField(CourrielField):
    """The address of the person who fills in the form; their browser offers it."""

    def __init__(self, **kwargs):
        words = required("Indiquez votre adresse électronique.")
        asked = {"label": "votre adresse électronique", "max_length": 254, "error_messages": words}
        super().__init__(autocomplete="email", **asked | kwargs)


class OuiNonField(forms.TypedChoiceField):
    """A question with the values True, False, or None without an answer."""

    widget = forms.RadioSelect

    def __init__(self, *, oui="Oui", non="Non", **kwargs):
        kwargs.setdefault("empty_value", None)
        super().__init__(choices=[("oui", oui), ("non", non)], coerce=lambda value: value == "oui", **kwargs)

    def prepare_value(self, value):
        return {True: "oui", False: "non"}.get(value, value)


class ConsentementField(forms.BooleanField):
    """A box to agree. `sans`: what cannot be done without the agreement."""

    def __init__(self, label, *, sans):
        super().__init__(label=label, error_messages=required(f"Sans votre accord, nous ne pouvons pas {sans}."))


APART = ("consentement", "precision", "cle")  # fields that each page places itself: agreement, protection from robots


class Cases(CheckboxSelectMultiple):
    """Boxes inside their labels, without identifiers: thirty of them would weigh as much as the words."""

    def id_for_label(self, id_, index=None):
        return "" if index is None else False  # so it is not printed


class AccessibleMixin:
    """Mixin for forms: classes of the style sheet, errors for the summary."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.dress()

    def dress(self):
        """Sets the classes; call it again after adding fields."""
        for field in self.fields.values():
            if not isinstance(field.widget, (CheckboxInput, RadioSelect, CheckboxSelectMultiple, HiddenInput)):
                field.widget.attrs.setdefault("class", "saisie")

    @property
    def wrong(self) -> list:
        """The fields with errors, in the order of the page."""
        return [field for field in self if field.errors]

    @property
    def generales(self) -> list[str]:
        """Errors of no single field. The one about time (too fast, too late) is shown only if there is no other."""
        errors = self.non_field_errors().as_data()
        return [one.messages[0] for one in errors if not (self.wrong and one.code == "cle")]

    @property
    def fautes(self) -> int:
        return len(self.wrong) + len(self.generales)

    @property
    def resume(self) -> list[tuple]:
        """(field, its error with its label) for the summary at the top."""
        return [(field, _named(field)) for field in self.wrong]

    @property
    def visible(self) -> list:
        """The fields that a page lists in order."""
        return [field for field in self if field.name not in APART]


def _named(field) -> str:
    """« Commune : aucune commune de ce nom. », without the label if the message already names the field."""
    words, label = field.errors[0], field.label[:1].upper() + field.label[1:]
    asks = field.errors.as_data()[0].code == "required" and words != forms.Field.default_error_messages["required"]
    if asks or f"« {label} »" in words or isinstance(field.field.widget, CheckboxInput):
        return words
    first = words if words[:2].isupper() else words[:1].lower() + words[1:]
    return f"{label}{'' if label.endswith('?') else ' :'} {first}"


def maximum(length: int) -> str:
    return f"Raccourcissez cette réponse : {length} caractères au plus."


def required(message: str) -> dict:
    return {"required": message}
