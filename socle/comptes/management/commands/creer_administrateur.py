"""`manage.py creer_administrateur`: creates the first account. The command of Django speaks English."""

import os
import sys
from getpass import getpass

from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from socle.comptes.models import Utilisateur
from socle.courrier.mailboxes import normalise

VARIABLE = "MOT_DE_PASSE_ADMINISTRATEUR"
OUBLI = "son mot de passe se change par « Mot de passe oublié ? », à la page de connexion"


class Command(BaseCommand):
    help = (
        "Crée un compte d’administration, qui a tous les droits. Demande ce que les options ne disent pas. Dans un "
        f"script, donnez les deux options, et le mot de passe dans la variable {VARIABLE} ou sur l’entrée standard."
    )

    def add_arguments(self, parser):
        parser.add_argument("--identifiant", help="ce que la personne tape pour se connecter")
        parser.add_argument("--adresse", help="son adresse électronique")

    def handle(self, *, identifiant, adresse, **options):
        try:
            username = self._value(identifiant, "--identifiant", "Identifiant : ", _free_name)
            email = self._value(adresse, "--adresse", "Adresse électronique : ", _free_address)
            password = self._password(Utilisateur(username=username, email=email))
        except (KeyboardInterrupt, EOFError):
            raise CommandError("Arrêté : aucun compte n’a été créé.") from None
        try:
            Utilisateur.objects.create_superuser(username, email, password)
        except IntegrityError:  # somebody else created it meanwhile
            raise CommandError(f"L’identifiant « {username} » est déjà pris.") from None
        self.stdout.write(self.style.SUCCESS(f"Le compte « {username} » est créé : il a tous les droits."))

    def _value(self, given, option, question, check) -> str:
        """The value of an option; without one, asks until it is valid."""
        if given is None and not sys.stdin.isatty():
            raise CommandError(f"Il n’y a personne à qui le demander : donnez l’option {option}.")
        while True:
            try:
                return check(input(question) if given is None else given)
            except ValidationError as error:
                self._refuse(error, asking=given is None)

    def _password(self, user) -> str:
        """The password: from the variable, or typed twice, or from the standard input."""
        asking = not os.environ.get(VARIABLE) and sys.stdin.isatty()
        if asking:
            self.stdout.write("\n".join(password_validators_help_texts()))
        while True:
            password = os.environ.get(VARIABLE) or (_typed_twice() if asking else sys.stdin.readline().rstrip("\r\n"))
            try:
                if password is None:
                    raise ValidationError("Les deux mots de passe ne sont pas les mêmes. Retapez-les.")
                validate_password(password, user)
            except ValidationError as error:
                self._refuse(error, asking=asking)
            else:
                return password

    def _refuse(self, error, *, asking):
        text = " ".join(error.messages)
        if not asking:
            raise CommandError(f"{text} Aucun compte n’a été créé.")
        self.stderr.write(self.style.WARNING(text))


def _typed_twice() -> str | None:
    password = getpass("Mot de passe (rien ne s’affiche) : ")
    return password if password == getpass("Le même, une seconde fois : ") else None


def _free_name(text: str) -> str:
    name = Utilisateur._meta.get_field("username").clean(text.strip(), None)
    if Utilisateur.objects.filter(username__iexact=name).exists():
        raise ValidationError(f"Le compte « {name} » existe déjà : {OUBLI}.")
    return name


def _free_address(text: str) -> str:
    address = normalise(text)
    if known := Utilisateur.objects.filter(email__iexact=address).first():
        raise ValidationError(f"Le compte « {known.username} » a déjà cette adresse : {OUBLI}.")
    return address
