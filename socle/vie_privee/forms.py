"""Forms for public texts: they show what was masked in each, and ask about new private words."""

from collections.abc import Iterable, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join

from socle.vie_privee.models import TexteIntegral
from socle.vie_privee.public_text import Retrait, kept_of, take_out
from socle.vie_privee.questions import MotPrive, answered, decisions, newly_shown, undecided


def read_kept(rows) -> None:
    """Set `mots_retires` on rows of one model. One query for all forms."""
    found = kept_of(rows)
    for row in rows:
        row.mots_retires = found[row.pk]


class TextesPublicsForm(forms.ModelForm):
    """Each field shows the public text, and below it the masked words.

    It saves only once each new private word has an answer. `par`: whose form it is. Code that saves the row without the
    form's `save` must call `retrait.keep()`.
    """

    par = ""
    prives: Sequence[MotPrive] = ()  # words to ask about, with the answers
    retrait: Retrait | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.retires: dict[str, TexteIntegral] = {}
        if self.instance.pk:
            if not hasattr(self.instance, "mots_retires"):
                read_kept([self.instance])
            self.retires = self.instance.mots_retires
        for champ, row in self.retires.items():
            if row.retires and champ in self.fields:
                self.fields[champ].help_text = format_html("{}{}", self.fields[champ].help_text, _taken_out(row))

    @property
    def is_read_by_public(self) -> bool:
        """Whether the public will read the saved row."""
        return self.instance.is_read_by_public

    def _post_clean(self):
        super()._post_clean()
        if self.is_read_by_public:
            self.prives = answered(self.new_words(), self.data)
            if left := undecided(self.prives):
                self.ask(left)
        if not self.errors:
            self.retrait = take_out(self.instance, decisions(self.prives, par=self.par))

    def new_words(self) -> list[MotPrive]:
        """Words that the row would newly show."""
        return newly_shown(self.instance, kept=self.retires)

    def ask(self, mots: Iterable[MotPrive]) -> None:
        for mot in mots:
            choix = format_html_join(
                " ",
                '<label><input type="radio" name="{}" value="{}"> {}</label>',
                ((mot.cle, value, label) for value, label, _ in mot.choix),
            )
            said = "Tout le monde lirait «\u00a0{}\u00a0», {}. Dites ce que ces mots deviennent\u00a0: {}"
            error = ValidationError(format_html(said, mot.mots, mot.genre, choix), code="prives")
            self.add_error(mot.champ if mot.champ in self.fields else None, error)

    def save(self, commit=True):
        row = super().save(commit)
        if commit and self.retrait:
            self.retrait.keep()
        return row


def _taken_out(row: TexteIntegral):
    """The masked words, and the text as written."""
    mots = ", ".join(f"«\u00a0{mots}\u00a0»" for mots in row.retires)
    return format_html(
        '<div class="retire">Masqué dans ce que lit le public\u00a0: {}.'
        "<details><summary>Le texte tel qu’écrit</summary>{}</details></div>",
        mots,
        row.texte,
    )
