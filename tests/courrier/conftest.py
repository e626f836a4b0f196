"""A mail server of the tests: a real one, on this machine, that answers what it is told to."""

import asyncio
import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller


class Serveur:
    """Takes mails into `recus` unless `reponses` holds something else to answer, by command.

    A response is a line (« 451 Plus tard »), `PEND` (never answers) `COUPE` (hangs up), or a list of them, one a time.
    """

    PEND, COUPE = "pend", "coupe"

    def __init__(self):
        self.recus, self.reponses = [], {}

    async def answer(self, server, command, default):
        wanted = self.reponses.get(command, default)
        if isinstance(wanted, list):
            wanted = wanted.pop(0)
        if wanted == self.PEND:
            await asyncio.sleep(3600)
        if wanted == self.COUPE:
            server.transport.abort()
        return wanted

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return await self.answer(server, "MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return await self.answer(server, "RCPT", "250 OK")

    async def handle_DATA(self, server, session, envelope):
        answer = self.reponses.get("DATA", "250 OK")
        if answer == self.COUPE or answer.startswith("250"):  # cut after DATA: it is taken, and nobody is told
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.recus.append((message, envelope.rcpt_tos))
        return await self.answer(server, "DATA", "250 OK")

    def identifiants(self):
        return [message["Message-ID"] for message, _ in self.recus]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def _ecoute():
    serveur = Serveur()
    controller = Controller(serveur, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    controller.start()
    yield serveur, controller.port
    controller.stop()


@pytest.fixture
def serveur(_ecoute, settings):
    """The mail server that the site is set to."""
    serveur, port = _ecoute
    serveur.recus, serveur.reponses, serveur.port = [], {}, port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 30
    return serveur
