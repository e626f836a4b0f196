"""Fields and look of public forms: classes of the style sheet, messages that say what to do."""

from django import forms
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, HiddenInput, RadioSelect

from socle.courrier.adresses import normalise


class _TapeField(forms.CharField):
    """What people type: what is too long is said in words that say what to do. `autocomplete`: what browsers offer."""

    def __init__(self, *, autocomplete="", **kwargs):
        words = {"max_length": maximum(kwargs["max_length"])} if kwargs.get("max_length") else {}
        super().__init__(error_messages=words | kwargs.pop("error_messages", {}), **kwargs)
        if autocomplete:
            self.widget.attrs["autocomplete"] = autocomplete


class LigneField(_TapeField):
    """One line: blanks of every kind are one space."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class TexteField(_TapeField):
    """Several lines, ended as everywhere here."""

    widget = forms.Textarea

    def __init__(self, *, rows=4, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = rows
        self.widget.attrs.pop("cols", None)  # its width is the style sheet's

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class CourrielField(LigneField):
    """An address that a mail can reach."""

    widget = forms.EmailInput

    def clean(self, value):
        text = super().clean(value)
        return normalise(text) if text else text


class VotreCourrielField(CourrielField):
    """The address of whoever fills the form in: their browser offers it."""

    def __init__(self, **kwargs):
        words = required("Indiquez votre adresse électronique.")
        asked = {"label": "votre adresse électronique", "max_length": 254, "error_messages": words}
        super().__init__(autocomplete="email", **asked | kwargs)


class OuiNonField(forms.TypedChoiceField):
    """True, False, or None without an answer."""

    widget = forms.RadioSelect

    def __init__(self, *, oui="Oui", non="Non", **kwargs):
        kwargs.setdefault("empty_value", None)
        super().__init__(choices=[("oui", oui), ("non", non)], coerce=lambda value: value == "oui", **kwargs)

    def prepare_value(self, value):
        return {True: "oui", False: "non"}.get(value, value)


class ConsentementField(forms.BooleanField):
    """The box by which somebody agrees; `sans`: what cannot be done without."""

    def __init__(self, label, *, sans):
        super().__init__(label=label, error_messages=required(f"Sans votre accord, nous ne pouvons pas {sans}."))


APART = ("consentement", "precision", "cle")  # fields that a page puts where it wants: an agreement, what guards


class Cases(CheckboxSelectMultiple):
    """Boxes, each in its label: an identifier for each of thirty weighs as much as their words."""

    def id_for_label(self, id_, index=None):
        return "" if index is None else False  # which is not printed


class AccessibleMixin:
    """Widgets with the classes of the style sheet; the fields that come back wrong, for the summary."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.dress()

    def dress(self):
        """Again by a form that adds fields."""
        for field in self.fields.values():
            if not isinstance(field.widget, (CheckboxInput, RadioSelect, CheckboxSelectMultiple, HiddenInput)):
                field.widget.attrs.setdefault("class", "saisie")

    @property
    def wrong(self) -> list:
        """Fields that hold an error, in the order of the page."""
        return [field for field in self if field.errors]

    @property
    def generales(self) -> list[str]:
        """What is wrong with no field alone; that a page was sent too soon or late, only if nothing else is."""
        errors = self.non_field_errors().as_data()
        return [one.messages[0] for one in errors if not (self.wrong and one.code == "cle")]

    @property
    def fautes(self) -> int:
        """How many there are to mend."""
        return len(self.wrong) + len(self.generales)

    @property
    def resume(self) -> list[tuple]:
        """(field, what is wrong with it under its name) for the summary, where nothing else says which it is."""
        return [(field, _named(field)) for field in self.wrong]

    @property
    def visible(self) -> list:
        """The fields that a page lists in their order."""
        return [field for field in self if field.name not in APART]


def _named(field) -> str:
    """« Commune : aucune commune de ce nom. »; a label that is a sentence, and words that say the field, are enough."""
    words, label = field.errors[0], field.label[:1].upper() + field.label[1:]
    asks = field.errors.as_data()[0].code == "required" and words != forms.Field.default_error_messages["required"]
    if asks or f"« {label} »" in words or isinstance(field.field.widget, CheckboxInput):
        return words
    first = words if words[:2].isupper() else words[:1].lower() + words[1:]
    return f"{label}{'' if label.endswith('?') else ' :'} {first}"


def maximum(length: int) -> str:
    return f"Raccourcissez cette réponse : {length} caractères au plus."


def required(message: str) -> dict:
    """`error_messages` of a field that must be filled in."""
    return {"required": message}
