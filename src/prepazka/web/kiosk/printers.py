"""Which printers a kiosk may print at: the operator's word (`PREPAZKA_PRINTERS`), for an administrator of an office
names any address, and the server stands in a network the administrator does not.

A name is looked up when something is printed, and what is connected to is the address that was looked at: a name that
means another machine a moment later gains nothing.
"""

import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

PORT = 9100
# Where printers and print servers listen. At other ports are other things, which take what is printed for orders.
PORTS = range(9100, 9110)


class Forbidden(Exception):
    """The operator allows no printer at this address."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a printer listens."""

    host: str
    port: int

    @classmethod
    def read(cls, text: str) -> "Address":
        """`host` or `host:port`. Raises: ValueError with what is wrong."""
        host, _colon, port = text.partition(":")
        if not host or any(letter.isspace() for letter in host) or (port and not port.isdecimal()):
            raise ValueError(f"{text!r} is no printer's address: host or host:port")
        return cls(host, int(port or PORT))


@dataclass(frozen=True, slots=True)
class Allowed:
    """Machines that may be printers, at these ports."""

    network: IPv4Network | IPv6Network
    ports: range

    @classmethod
    def read(cls, text: str) -> "Allowed":
        """A network or address, for the usual ports; `address:port` for that one. Raises: ValueError."""
        host, _colon, port = text.partition(":")
        if port.isdecimal() and "/" not in host:
            return cls(ip_network(host), range(int(port), int(port) + 1))
        return cls(ip_network(text, strict=False), PORTS)

    def covers(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        """Whether this address and port is one of them."""
        return address in self.network and port in self.ports


def ruled_out(address: Address, allowed: Iterable[str]) -> bool:
    """Whether an address may not be printed at, as far as can be said without asking the network what a name means."""
    rules = [Allowed.read(one) for one in allowed]
    try:
        host = ip_address(address.host)
    except ValueError:
        return not any(address.port in rule.ports for rule in rules)
    return not any(rule.covers(host, address.port) for rule in rules)


def line_to(address: Address, allowed: Iterable[str], patience: float) -> socket.socket:
    """A line to the printer, within this many seconds.

    Raises: Forbidden where all that its name means is out of bounds; OSError when it cannot be reached.
    """
    rules = [Allowed.read(one) for one in allowed]
    for host in _meant(address):
        if any(rule.covers(ip_address(host), address.port) for rule in rules):
            return socket.create_connection((host, address.port), patience)
    raise Forbidden


def _meant(address: Address) -> Iterator[str]:
    """The addresses a name means. Raises: socket.gaierror."""
    for *_rest, found in socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM):
        yield str(found[0])
