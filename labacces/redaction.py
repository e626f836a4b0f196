"""Makes labacces/admin.py the default admin site."""

from django.contrib.admin.apps import AdminConfig


class RedactionConfig(AdminConfig):
    default_site = "labacces.admin.Redaction"
