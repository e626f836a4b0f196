"""Rows in the form of any record: persons and files."""

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
    """`may_agree`: whether this editor may say what the person agreed to.

    A new name takes the agreement away: it was another person's.
    """

    may_agree = False

    def clean(self):
        if "nom" in self.changed_data and not self.may_agree:
            self.instance.accord = False
        return super().clean()


class ContactInline(EntreeInline):
    """The persons of a record: never on a page, never in a version."""

    model = Contact
    form = ContactForm
    fields = ["role", "nom", "fonction", "courriel", "telephone", "accord", "sans_message"]
    ajouter = "Ajouter une personne"
    verbose_name_plural = "personnes (jamais publiées, absentes de l’historique)"

    def get_readonly_fields(self, request, obj=None):
        """Only those who may publish say what a person agreed to."""
        return [] if can_publish(request.user) else ["accord", "sans_message"]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.may_agree = can_publish(request.user)
        return formset


class FichierJointForm(TextesPublicsForm):
    is_read_by_public = True  # now, or once its record is published


class FichierJointInline(EntreeInline):
    """The joined files. The form shows them only if the record has one, or has a file of the team."""

    model = FichierJoint
    saisie_gardee = True
    form = FichierJointForm
    extra = 0
    fields = ["titre", "fichier", "download", "nom_origine"]
    readonly_fields = ["download", "nom_origine"]
    ajouter = "Ajouter un fichier"
    verbose_name_plural = "fichiers joints (publics avec la fiche)"
    # A bare file field: Django's own repeats the link of « download ».
    formfield_overrides = {models.FileField: {"widget": forms.FileInput}}

    @admin.display(description="fichier joint")
    def download(self, joint):
        if not joint.fichier:
            return "aucun"
        return format_html('<a href="{}">{}</a>', joint.fichier.url, joint.document_affiche or "introuvable")


class FichierInterneInline(EntreeInline):
    """Files that no page shows: to look at, then delete."""

    model = FichierInterne
    extra = max_num = 0
    fields = readonly_fields = ["download", "raison", "le"]
    ajouter = "Ajouter un fichier"  # never shown: `max_num` is 0
    verbose_name_plural = "fichiers gardés pour l’équipe (jamais publiés)"

    @admin.display(description="fichier")
    def download(self, interne):
        if not interne.pk:  # the empty row that a browser copies
            return ""
        address = admin_url(self.record_model, "interne", interne.entree_id, interne.pk)
        return format_html('<a href="{}">{}</a> ({})', address, interne.nom, interne.document_affiche or "introuvable")
