"""Rows of the form of a record, whatever its type: its persons, its files."""

from django import forms
from django.contrib import admin
from django.db import models
from django.utils.html import format_html

from fiches.acces import admin_url
from fiches.attached import Contact, FichierInterne, FichierJoint
from fiches.suivi.lignes import EntreeInline
from socle.comptes.roles import can_publish
from socle.vie_privee.forms import TextesPublicsForm


class ContactForm(forms.ModelForm):
    """A person of a record. `may_agree`: whether whoever has the form may say what the person agreed to.

    Somebody else's name is nothing that the person before agreed to.
    """

    may_agree = False

    def clean(self):
        if "nom" in self.changed_data and not self.may_agree:
            self.instance.accord = False
        return super().clean()


class ContactInline(EntreeInline):
    """The persons of a record: no page shows them, no version holds them."""

    model = Contact
    form = ContactForm
    fields = ["role", "nom", "fonction", "courriel", "telephone", "accord", "sans_message"]
    ajouter = "Ajouter une personne"
    verbose_name_plural = "personnes (jamais publiées, absentes de l’historique)"

    def get_readonly_fields(self, request, obj=None):
        """What a person agreed to is for those who may publish to say."""
        return [] if can_publish(request.user) else ["accord", "sans_message"]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.may_agree = can_publish(request.user)
        return formset


class FichierJointForm(TextesPublicsForm):
    is_read_by_public = True  # with its record, now or later


class FichierJointInline(EntreeInline):
    """The files that hang on a record: it is listed only where there is one, or where the team keeps one for itself."""

    model = FichierJoint
    saisie_gardee = True
    form = FichierJointForm
    extra = 0
    fields = ["titre", "fichier", "download", "nom_origine"]
    readonly_fields = ["download", "nom_origine"]
    ajouter = "Ajouter un fichier"
    verbose_name_plural = "fichiers joints (publics avec la fiche)"
    # A bare file field: Django's own prints the address of the file, as « download » does with its name.
    formfield_overrides = {models.FileField: {"widget": forms.FileInput}}

    @admin.display(description="fichier joint")
    def download(self, joint):
        if not joint.fichier:
            return "aucun"
        return format_html('<a href="{}">{}</a>', joint.fichier.url, joint.document_affiche or "introuvable")


class FichierInterneInline(EntreeInline):
    """The files of a record that no page gives: looked at, then thrown away."""

    model = FichierInterne
    extra = max_num = 0
    fields = readonly_fields = ["download", "raison", "le"]
    ajouter = "Ajouter un fichier"  # which nobody can: `max_num`
    verbose_name_plural = "fichiers gardés pour l’équipe (jamais publiés)"

    @admin.display(description="fichier")
    def download(self, interne):
        if not interne.pk:  # the row that a browser would copy to add one
            return ""
        address = admin_url(self.record_model, "interne", interne.entree_id, interne.pk)
        return format_html('<a href="{}">{}</a> ({})', address, interne.nom, interne.document_affiche or "introuvable")
