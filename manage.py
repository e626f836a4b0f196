#!/usr/bin/env python
"""Entry point of every command: `python manage.py help`."""

import os
import sys

if __name__ == "__main__":
    os.umask(0o077)  # the database, uploads, copies, mails: what the site writes, its own account alone reads
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, connection
    from django.db.backends.signals import connection_created

    from labacces.env import ReglageRefuse

    opened: list = []
    connection_created.connect(lambda **known: opened.append(known), weak=False)
    try:
        execute_from_command_line(sys.argv)
    except ReglageRefuse as refused:
        sys.exit(str(refused))
    except OperationalError as error:
        if connection.vendor != "postgresql" or opened:  # it answers, or did: the fault is another
            raise
        sys.exit(
            "PostgreSQL n’ouvre pas la base : démarrez ce serveur, ou corrigez ce qu’en dit DATABASE_URL (adresse, "
            f"base, compte, mot de passe). Il dit : {' '.join(str(error).split())}"
        )
