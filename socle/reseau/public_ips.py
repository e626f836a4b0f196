"""Which IP addresses may be asked on the Internet. Requests to addresses that somebody typed depend on it."""

from ipaddress import IPv4Address, IPv6Address, ip_network

_LOCAL = [
    ip_network(net) for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1", "fc00::/7")
]
# Tunnels, which hold another machine's address; documents and protocols. Old Pythons call some of them global.
_NEITHER = [ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")]


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Not private, local, reserved, multicast, or wrapped in another."""
    if not ip.is_global or ip.is_multicast or ip.is_reserved or any(ip in net for net in _NEITHER):
        return False
    return ip.version == 4 or ip in ip_network("2000::/3")


def is_local(ip: IPv4Address | IPv6Address) -> bool:
    """Whether it is this machine or its network. Not link-local, where clouds keep their keys."""
    return any(ip in net for net in _LOCAL)
