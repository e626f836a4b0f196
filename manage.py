#!/usr/bin/env python
"""Entry point of every command: `python manage.py help`."""

import os
import sys

if __name__ == "__main__":
    os.umask(0o077)  # the database, uploads, copies, mails: what the site writes, its own account alone reads
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
    from django.core.management import execute_from_command_line

    from labacces.env import ReglageRefuse

    try:
        execute_from_command_line(sys.argv)
    except ReglageRefuse as refused:
        sys.exit(str(refused))
