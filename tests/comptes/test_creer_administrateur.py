"""`manage.py creer_administrateur`: the first account, asked for in French or made by a script."""

import io

import pytest
from django.core.management import CommandError, call_command

from socle.comptes.management.commands import creer_administrateur
from socle.comptes.models import Utilisateur
from tests.comptes.test_connexion import is_in, log_in
from tests.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db
PASSWORD = "trois mots et un vélo"
OPTIONS = {"identifiant": "soizic", "adresse": "soizic@exemple.bzh"}


@pytest.fixture
def types(monkeypatch):
    """Answers typed in their order, passwords apart; what the command says."""

    def run(answers=(), passwords=(), **options):
        said, answers, passwords = io.StringIO(), iter(answers), iter(passwords)

        def answer(values):
            def ask(question):
                said.write(question)
                try:
                    return next(values)
                except StopIteration:
                    raise EOFError from None

            return ask

        monkeypatch.setattr("sys.stdin", type("Terminal", (io.StringIO,), {"isatty": lambda self: True})())
        monkeypatch.setattr("builtins.input", answer(answers))
        monkeypatch.setattr(creer_administrateur, "getpass", answer(passwords))
        call_command("creer_administrateur", stdout=said, stderr=said, **options)
        return said.getvalue()

    return run


@pytest.fixture
def script(monkeypatch):
    def run(text="", variable=None, **options):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        if variable is not None:
            monkeypatch.setenv(creer_administrateur.VARIABLE, variable)
        out = io.StringIO()
        call_command("creer_administrateur", stdout=out, **options)
        return out.getvalue()

    return run


def test_whoever_answers_three_questions_may_enter_the_desk(client, types):
    said = types(["soizic", "soizic@exemple.bzh"], [PASSWORD, PASSWORD])
    for words in ("Identifiant : ", "Adresse électronique : ", "12 caractères", "Le compte « soizic » est créé"):
        assert words in said, words
    user = Utilisateur.objects.get(username="soizic")
    assert (user.email, user.is_superuser) == ("soizic@exemple.bzh", True)
    log_in(client, username="soizic", password=PASSWORD)
    assert is_in(client)


def test_what_will_not_do_is_said_and_asked_again(types):
    UtilisateurFactory(username="anne", email="anne@exemple.bzh")
    said = types(
        ["", "deux mots", "Anne", "soizic", "soizic@", "ANNE@exemple.bzh", "soizic@exemple.bzh"],
        [PASSWORD, "autre chose", "court", "court", PASSWORD, PASSWORD],
    )
    for words in (
        "Ce champ ne peut pas être vide",
        "Saisissez un nom d’utilisateur valide",
        "Le compte « Anne » existe déjà",
        "L’adresse est incomplète",
        "Le compte « anne » a déjà cette adresse",
        "Mot de passe oublié",
        "ne sont pas les mêmes",
        "trop court",
    ):
        assert words in said, words
    assert Utilisateur.objects.filter(username="soizic").exists()


def test_an_interruption_makes_no_account(types):
    with pytest.raises(CommandError, match="aucun compte n’a été créé"):
        types(["soizic", "soizic@exemple.bzh"], [PASSWORD])
    assert not Utilisateur.objects.exists()


@pytest.mark.parametrize("given", [{"text": f"{PASSWORD}\n"}, {"variable": PASSWORD}])
def test_a_script_gives_the_password_by_a_variable_or_the_standard_input(script, given):
    assert "est créé" in script(**given, **OPTIONS)
    assert Utilisateur.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": PASSWORD, "identifiant": "soizic"}, "donnez l’option --adresse"),
        ({"text": PASSWORD, "adresse": "soizic@exemple.bzh"}, "donnez l’option --identifiant"),
        ({"text": "court", **OPTIONS}, "trop court"),
        ({"text": "", **OPTIONS}, "trop court"),
        ({"variable": "soizic@exemple.bzh", **OPTIONS}, "trop semblable"),
        ({"text": PASSWORD, **OPTIONS, "identifiant": "anne"}, "Le compte « anne » existe déjà"),
        ({"text": PASSWORD, **OPTIONS, "adresse": "soizic"}, "L’adresse est incomplète"),
    ],
)
def test_a_script_that_asks_amiss_is_told_why_and_makes_no_account(script, given, said):
    UtilisateurFactory(username="anne")
    with pytest.raises(CommandError, match=said):
        script(**given)
    assert Utilisateur.objects.count() == 1
