"""How messages name the command to type."""

import sys
from pathlib import Path

from django.conf import settings


def manage() -> str:
    """« manage.py » as typed here, with the Python that runs it."""
    python = Path(sys.executable)
    return f"{python.relative_to(settings.BASE_DIR) if python.is_relative_to(settings.BASE_DIR) else python} manage.py"
