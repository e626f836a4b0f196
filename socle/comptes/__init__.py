"""Users, roles, invitations, second factor, failed logins."""
