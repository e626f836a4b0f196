"""Which addresses of machines anybody on the Internet may be asked at."""

from ipaddress import ip_address

import pytest

from socle.reseau.public_ips import is_local, is_public

PRIVEES = """
127.0.0.1 127.255.255.254 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 0.1.2.3
192.0.0.9 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.7 192.88.99.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
:: ::1 fe80::1 fec0::1 fc00::1 fd12:3456::1 ff02::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 ::ffff:0:7f00:1
64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 2002:7f00:1:: 2002:808:808:: 2001:0:7f00:1:: 2001:20::1 2001:db8::1
3fff::1 100::1 5f00::1 4000::1
""".split()  # noqa: SIM905


@pytest.mark.parametrize("address", PRIVEES)
def test_what_is_not_a_plain_public_address_is_none(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "100.63.255.255", "172.32.0.1", "2001:4860:4860::8888", "2a01:e0a::1"])
def test_public_addresses_are(address):
    assert is_public(ip_address(address))
    assert not is_local(ip_address(address))


def test_the_local_network_is_not_that_of_a_cloud_s_keys():
    assert {address for address in PRIVEES if is_local(ip_address(address))} == {
        *("127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("::1", "fc00::1", "fd12:3456::1"),
    }
