"""The form of a survey at the desk: its indemnities are rows."""

from itertools import count, takewhile

from django import forms
from django.template.loader import render_to_string

from fiches.enquetes.indemnites import LigneIllisible, Unite, joined, read, split

EMPTY_ROWS = 3
EMPTY = ["", Unite.SANS, "", ""]


class LignesTapees(str):
    """The text of the rows sent, and the rows as typed, which a refused form shows again."""

    rows: list[list[str]]
    lines: list[str]

    def __new__(cls, rows: list[list[str]]):
        lines = [joined(*row) for row in rows]
        text = super().__new__(cls, "\n".join(filter(None, lines)))
        text.rows, text.lines = rows, lines
        return text

    def __getnewargs__(self):
        return (self.rows,)  # copies are made from it


class IndemnitesWidget(forms.Widget):
    """A row for each line of the text, then empty ones."""

    template_name = "admin/enquetes/indemnites.html"
    columns = ("montant", "unite", "qui", "pour_quoi")

    def get_context(self, name, value, attrs):
        if isinstance(value, LignesTapees):
            lignes = value.rows
        else:
            lignes = [split(ligne) for ligne in (value or "").splitlines() if ligne.strip()]
            lignes = [[montant.removesuffix("€").strip(), *rest] for montant, *rest in lignes]
        free = len(list(takewhile(lambda ligne: ligne == EMPTY, reversed(lignes))))
        lignes = [*lignes, *[EMPTY] * (EMPTY_ROWS - free)]
        rows = [dict(zip(self.columns, ligne, strict=True)) for ligne in lignes]
        unites = [(unite.value, "non dite" if unite == Unite.SANS else unite.label) for unite in Unite]
        return super().get_context(name, value, attrs) | {"rows": rows, "unites": unites}

    def _render(self, template_name, context, renderer=None):
        return render_to_string(template_name, context)

    def value_from_datadict(self, data, files, name):
        if name in data:  # the whole text, from a form that takes over another editor's change
            return data[name].replace("\r\n", "\n")
        rows = takewhile(lambda row: f"{name}-{row}-montant" in data, count())
        typed = [[data.get(f"{name}-{row}-{column}", "") for column in self.columns] for row in rows]
        return LignesTapees([[montant, _unite(unite), *rest] for montant, unite, *rest in typed])

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}-0-montant" not in data


def _unite(value: str) -> Unite:
    return Unite(value) if value in Unite.values else Unite.SANS


class IndemnitesField(forms.CharField):
    widget = IndemnitesWidget

    def clean(self, value):
        errors = []
        lines = value.lines if isinstance(value, LignesTapees) else (value or "").splitlines()
        for number, ligne in enumerate(lines, start=1):
            try:
                read(ligne)
            except LigneIllisible as error:
                errors.append(f"Ligne {number} : {error}.")
        if errors:
            raise forms.ValidationError(errors)
        return super().clean(value)
