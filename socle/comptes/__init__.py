"""Users, roles, invitations, second factor, failed logins; who is told by mail of the work that waits."""
