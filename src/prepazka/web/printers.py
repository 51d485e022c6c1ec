"""The printers a kiosk may use, as the operator allows them (`PREPAZKA_PRINTERS`).

An administrator of an office can enter any address, and the server may be in a network that the administrator must not
reach. A name is resolved when a ticket is printed, and the connection goes to the very address that was checked: a name
that resolves to another machine a moment later gains nothing.
"""

import socket
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

PORT = 9100
# The ports of printers and print servers; a service at another port could take a ticket for commands.
PORTS = range(9100, 9110)


class Forbidden(Exception):
    """The operator allows no printer at this address."""


@dataclass(frozen=True, slots=True)
class PrinterAddress:
    """The address of a printer."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "PrinterAddress":
        """Parse `host` or `host:port`. Raises: ValueError with the reason."""
        host, _colon, port = text.partition(":")
        if not host or any(letter.isspace() for letter in host) or (port and not port.isdecimal()):
            raise ValueError(f"{text!r} is no printer's address: host or host:port")
        return cls(host, int(port or PORT))


@dataclass(frozen=True, slots=True)
class AllowedPrinters:
    """A network in which printers are allowed, at these ports."""

    network: IPv4Network | IPv6Network
    ports: range

    @classmethod
    def parse(cls, text: str) -> "AllowedPrinters":
        """Parse a network or an address, for the usual ports, or `address:port`. Raises: ValueError with the reason."""
        host, _colon, port = text.partition(":")
        try:
            if port.isdecimal() and "/" not in host and 0 < int(port) < 65536:
                return cls(ip_network(host), range(int(port), int(port) + 1))
            return cls(ip_network(text, strict=False), PORTS)
        except ValueError:
            examples = "such as 192.168.1.50:4000 or 10.0.0.0/8"
            raise ValueError(f"{text!r} is no address or network, {examples}") from None

    def contains(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        """Return whether this address and port are allowed."""
        return address in self.network and port in self.ports


def is_ruled_out(address: PrinterAddress, allowed: Collection[AllowedPrinters]) -> bool:
    """Return whether an address is certainly not allowed; a name is not resolved."""
    try:
        host = ip_address(address.host)
    except ValueError:
        return not any(address.port in printers.ports for printers in allowed)
    return not any(printers.contains(host, address.port) for printers in allowed)


def connect(address: PrinterAddress, allowed: Collection[AllowedPrinters], timeout: float) -> socket.socket:
    """Connect to the printer within `timeout` seconds.

    Raises: Forbidden when none of the addresses is allowed; OSError when the printer cannot be reached.
    """
    for host in _resolve(address):
        if any(printers.contains(ip_address(host), address.port) for printers in allowed):
            return socket.create_connection((host, address.port), timeout)
    raise Forbidden


def _resolve(address: PrinterAddress) -> Iterator[str]:
    """Yield the addresses of a host name. Raises: socket.gaierror."""
    for *_rest, address_info in socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM):
        yield str(address_info[0])
