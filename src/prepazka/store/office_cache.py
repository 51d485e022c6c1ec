"""The offices a process has read: all of the database, each until its version changes.

A value is never older than the version it is asked for: whoever decides reads the version under the office's lock.
"""

from collections.abc import Mapping
from threading import Lock

from django.db import connection

from prepazka.core.office.office import Office
from prepazka.store.office_rows import UnreadableOffice, read_many

# Offices read by one round of statements.
_AT_ONCE = 200


class OfficeCache:
    """Offices by database and id, with the version each was read at. An unreadable one is kept as its reason."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[tuple[str, int], tuple[int, Office | UnreadableOffice]] = {}

    def get(self, office_id: int, version: int) -> Office:
        """Return an office as it is in this version. Raises: UnreadableOffice."""
        found = self._find(office_id, version, _database()) or self._read({office_id: version})[office_id]
        if isinstance(found, UnreadableOffice):
            raise UnreadableOffice(*found.args)
        return found

    def get_many(self, versions: Mapping[int, int]) -> dict[int, Office]:
        """Return offices by id, but for the unreadable ones; statements only for those that changed."""
        self.renew(versions)
        name = _database()
        found = {office_id: self._find(office_id, version, name) for office_id, version in versions.items()}
        return {office_id: one for office_id, one in found.items() if isinstance(one, Office)}

    def renew(self, versions: Mapping[int, int], most: int | None = None) -> int:
        """Read the offices that are not known in these versions, at most so many; return how many were read."""
        name = _database()  # once, for thousands
        changed = [one for one, version in versions.items() if self._find(one, version, name) is None]
        for first in range(0, len(changed[:most]), _AT_ONCE):
            self._read({office_id: versions[office_id] for office_id in changed[:most][first : first + _AT_ONCE]})
        return len(changed[:most])

    def keep_only(self, ids: Mapping[int, int]) -> None:
        """Forget the offices of this database that are not among these: they were removed."""
        name = _database()
        with self._lock:
            self._kept = {key: kept for key, kept in self._kept.items() if key[0] != name or key[1] in ids}

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()

    def _find(self, office_id: int, version: int, name: str) -> Office | UnreadableOffice | None:
        kept = self._kept.get((name, office_id))
        return kept[1] if kept is not None and kept[0] == version else None

    def _read(self, versions: Mapping[int, int]) -> dict[int, Office | UnreadableOffice]:
        found, name = read_many(versions.keys()), _database()
        with self._lock:
            for office_id, office in found.items():
                self._kept[name, office_id] = (versions[office_id], office)
        return found


def _database() -> str:
    return str(connection.settings_dict["NAME"])


# Of this process.
office_cache = OfficeCache()
