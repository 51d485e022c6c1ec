"""The files of packaging/ha, filled in for one machine: what docs/ha.md tells to copy is what is tried here."""

from pathlib import Path
from string import Template

FOLDER = Path(__file__).parents[2] / "packaging" / "ha"

# Of the trial alone: processes are killed here, not machines, so nothing has to be on a disk.
_ONLY_HERE = """\
    fsync: "off"
    full_page_writes: "off"
    shared_buffers: 64MB
    min_wal_size: 64MB
"""


def fill(file: str, /, **values: object) -> str:
    """Return a file of the folder with its placeholders filled in. Raises: KeyError for one without a value."""
    return Template((FOLDER / file).read_text("utf-8")).substitute({key: str(value) for key, value in values.items()})


def patroni(**values: object) -> str:
    """Return the configuration of a member."""
    return fill("patroni.yml", **values) + _ONLY_HERE


def haproxy(members: dict[str, tuple[int, int]], nodes: dict[str, int], **values: object) -> str:
    """Return the configuration of haproxy; members: ports of PostgreSQL and Patroni by name; nodes: ports by name."""
    return fill(
        "haproxy.cfg",
        database_servers="\n".join(
            f"    server {name} 127.0.0.1:{port} check port {api}" for name, (port, api) in members.items()
        ),
        page_servers="\n".join(f"    server {name} 127.0.0.1:{port} check" for name, port in nodes.items()),
        **values,
    )
