"""Reading the API as a program does."""

import json

PROJETS = "/api/v1/projets"
PROBLEME = "application/problem+json"


def get(client, address, status=200, **more):
    """What an address of the API answers, read as JSON."""
    response = client.get(address, **more)
    assert response.status_code == status, (address, response.content)
    assert response["Content-Type"] == (PROBLEME if status >= 400 else "application/json"), address
    return json.loads(response.content)
