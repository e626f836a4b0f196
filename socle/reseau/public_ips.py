"""Which addresses of machines anybody on the Internet may be asked at."""

from ipaddress import IPv4Address, IPv6Address, ip_network

_LOCAL = [
    ip_network(net) for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1", "fc00::/7")
]
# Tunnels, which hold the address of another machine, documents and protocols, some of which old Pythons call global.
_NEITHER = [ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")]


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Whether anybody on the Internet may be asked there: nothing private, local, reserved, multicast, or wrapped."""
    if not ip.is_global or ip.is_multicast or ip.is_reserved or any(ip in net for net in _NEITHER):
        return False
    return ip.version == 4 or ip in ip_network("2000::/3")


def is_local(ip: IPv4Address | IPv6Address) -> bool:
    """Whether it is this machine or its network. Link-local is not: where clouds keep their keys."""
    return any(ip in net for net in _LOCAL)
