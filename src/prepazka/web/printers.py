"""Which printers a kiosk may print at: the operator's word (`PREPAZKA_PRINTERS`), for an administrator of an office
names any address, and the server stands in a network the administrator does not.

A name is looked up when something is printed, and what is connected to is the address that was looked at: a name that
means another machine a moment later gains nothing.
"""

import socket
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

PORT = 9100
# Where printers and print servers listen. At other ports are other things, which take what is printed for orders.
PORTS = range(9100, 9110)


class Forbidden(Exception):
    """The operator allows no printer at this address."""


@dataclass(frozen=True, slots=True)
class PrinterAddress:
    """Where a printer listens."""

    host: str
    port: int

    @classmethod
    def read(cls, text: str) -> "PrinterAddress":
        """`host` or `host:port`. Raises: ValueError with what is wrong."""
        host, _colon, port = text.partition(":")
        if not host or any(letter.isspace() for letter in host) or (port and not port.isdecimal()):
            raise ValueError(f"{text!r} is no printer's address: host or host:port")
        return cls(host, int(port or PORT))


@dataclass(frozen=True, slots=True)
class AllowedPrinters:
    """Machines that may be printers, at these ports."""

    network: IPv4Network | IPv6Network
    ports: range

    @classmethod
    def read(cls, text: str) -> "AllowedPrinters":
        """A network or address, for the usual ports; `address:port` for that one. Raises: ValueError, saying so."""
        host, _colon, port = text.partition(":")
        try:
            if port.isdecimal() and "/" not in host:
                return cls(ip_network(host), range(int(port), int(port) + 1))
            return cls(ip_network(text, strict=False), PORTS)
        except ValueError:
            known = "such as 192.168.1.50:4000 or 10.0.0.0/8"
            raise ValueError(f"{text!r} is no address or network, {known}") from None

    def covers(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        """Whether this address and port is one of them."""
        return address in self.network and port in self.ports


def is_ruled_out(address: PrinterAddress, allowed: Collection[AllowedPrinters]) -> bool:
    """Whether an address may not be printed at, as far as can be said without asking the network what a name means."""
    try:
        host = ip_address(address.host)
    except ValueError:
        return not any(address.port in one.ports for one in allowed)
    return not any(one.covers(host, address.port) for one in allowed)


def connect(address: PrinterAddress, allowed: Collection[AllowedPrinters], patience: float) -> socket.socket:
    """A line to the printer, within this many seconds.

    Raises: Forbidden where all that its name means is out of bounds; OSError when it cannot be reached.
    """
    for host in _resolve(address):
        if any(one.covers(ip_address(host), address.port) for one in allowed):
            return socket.create_connection((host, address.port), patience)
    raise Forbidden


def _resolve(address: PrinterAddress) -> Iterator[str]:
    """The addresses a name means. Raises: socket.gaierror."""
    for *_rest, found in socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM):
        yield str(found[0])
