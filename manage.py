#!/usr/bin/env python
"""Entry point of every command: `python manage.py help`."""

import os
import sys

if __name__ == "__main__":
    os.umask(0o077)  # the database, uploads, copies, mails: what the site writes, its own account alone reads
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, connection

    from labacces.env import ReglageRefuse

    try:
        execute_from_command_line(sys.argv)
    except ReglageRefuse as refused:
        sys.exit(str(refused))
    except OperationalError:
        if connection.vendor != "postgresql" or connection.connection:  # it is open: the fault is another
            raise
        asked = connection.settings_dict
        sys.exit(
            f"PostgreSQL n’ouvre pas la base « {asked['NAME']} » sur {asked['HOST'] or 'cette machine'}, port "
            f"{asked['PORT'] or 5432} : démarrez ce serveur, ou corrigez ce qu’en dit DATABASE_URL (adresse, base, "
            "compte, mot de passe)."
        )
