"""Forms in which staff edit texts as they were written, see what the public does not read, and say what may stay."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from socle.francais.nombres import whole
from socle.vie_privee.masking import Names
from socle.vie_privee.models import TexteIntegral
from socle.vie_privee.public_text import Laisse, kept_of
from socle.vie_privee.spellings import same_words

QUESTIONS = {
    TexteIntegral.Raison.PAS_UNE_PERSONNE: "Ce n’est pas une personne",
    TexteIntegral.Raison.ACCORD: "Cette personne est d’accord",
    TexteIntegral.Raison.GARDE: "Garder en public",
}


def may_be_a_name(mots: str) -> bool:
    """Whether words that were taken out may be a name, of which more may be said than of an address or a number."""
    return not ("@" in mots or any(map(str.isdigit, mots)))


def read_written(rows) -> None:
    """Give rows of one model what is kept of their texts as written, as `textes_ecrits`: one query for all forms."""
    found = kept_of(rows)
    for row in rows:
        row.textes_ecrits = found[row.pk]


class TextesEcritsForm(forms.ModelForm):
    """A form of a model with public texts: each as it was written, and under it what was taken out of it.

    « Ce n’est pas une personne », « Cette personne est d’accord » and « Garder en public » are ticked, then saved with
    the rest: the words are public again, and stay. `par`: whose form it is; `may_agree`: whether they may speak for a
    person.
    """

    par = ""
    may_agree = False
    ticked: Sequence[Laisse] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.ecrits: dict[str, TexteIntegral] = {}
        if self.instance.pk:
            if not hasattr(self.instance, "textes_ecrits"):
                read_written([self.instance])
            self.ecrits = {champ: row for champ, row in self.instance.textes_ecrits.items() if champ in self.fields}
        for champ, row in self.ecrits.items():
            self.initial[champ] = row.texte
            self.fields[champ].help_text = format_html(
                "{}{}", self.fields[champ].help_text, format_html_join("", "{}", self._taken_out(row))
            )

    def _taken_out(self, row: TexteIntegral):
        """What the public does not read of a field, and what may be said of it."""
        ticked = set(self.data.getlist(self.add_prefix("mots_laisses"))) if self.is_bound else set()
        for rank, mots in enumerate(row.retires):
            yield (format_html('<div class="retire">Retiré de ce que lit le public\u00a0: «\u00a0{}\u00a0».', mots),)
            for raison in self._reasons(mots):
                value = f"{row.champ}:{rank}:{raison}"
                yield (
                    format_html(
                        ' <label><input type="checkbox" name="{}" value="{}"{}> {}</label>',
                        self.add_prefix("mots_laisses"),
                        value,
                        " checked" if value in ticked else "",
                        QUESTIONS[raison],
                    ),
                )
            yield (mark_safe("</div>"),)

    def _reasons(self, mots: str) -> list[str]:
        raison = TexteIntegral.Raison
        if not may_be_a_name(mots):
            return [raison.GARDE]
        return [raison.PAS_UNE_PERSONNE, *([raison.ACCORD] if self.may_agree else [])]

    @property
    def laisses(self) -> list[Laisse]:
        """The words that were ticked; ValidationError for what this form did not offer."""
        found = []
        for value in self.data.getlist(self.add_prefix("mots_laisses")) if self.is_bound else ():
            champ, _, rest = value.partition(":")
            rank, _, raison = rest.partition(":")
            retires = self.ecrits[champ].retires if champ in self.ecrits else []
            mots = dict(enumerate(retires)).get(whole(rank, 9), "")
            if not mots or raison not in self._reasons(mots):
                raise ValidationError("Ce choix n’est plus proposé : ouvrez la page de nouveau.")
            found.append(Laisse(champ, mots, raison, self.par))
        return found

    def clean(self):
        cleaned = super().clean()
        self.ticked = self.instance.a_laisser = self.laisses
        self.instance.lus_en_public = {champ: getattr(self.instance, champ) for champ in self.ecrits}
        return cleaned

    def as_public(self, champ: str, typed):
        """What the public reads of a text as it was written, as long as nothing else is to be taken out of it."""
        if champ not in self.ecrits or not isinstance(typed, str):
            return typed
        row = self.ecrits[champ]
        return Names(out=row.retires, left=[same_words(one["mots"]) for one in row.laisses]).mask(typed)

    @property
    def texts_changed(self) -> bool:
        """Whether words were ticked, of which Django's `changed_data` knows nothing."""
        return bool(self.ticked)
