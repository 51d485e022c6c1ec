"""The installation's own secret key, where its settings name none: made once, and kept in the state directory."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from prepazka import private_files

LEAST = 50
"""Characters of a key, as `manage.py check --deploy` of Django counts."""

NAME = "secret.key"
"""Of the file in the state directory."""


@dataclass(slots=True)
class OwnKey:
    """How this process comes by the key. kept: whether a key that is made is written down; made: what that made."""

    kept: bool = True
    made: list[Path] = field(default_factory=list)

    def load(self, state: Path) -> str:
        """Return the key of this state directory; there being none, make one. Raises: OSError, or ImproperlyConfigured.

        A command that only looks works with a key of its own: without a kept one, nothing was sealed or signed.
        """
        file = state / NAME
        if not (file.exists() and file.stat().st_size):
            if not self.kept:
                return _new_key()
            self._make(file)
        try:
            key = file.read_text("ascii")
        except (UnicodeDecodeError, IsADirectoryError):
            key = ""
        if len(key.strip()) < LEAST:  # cut off, or another file
            fix = "put the key of this installation back, or name another one in PREPAZKA_SECRET_KEY"
            raise ImproperlyConfigured(f"PREPAZKA_STATE: {file} holds no key; {fix}")
        return key

    def _make(self, file: Path) -> None:
        new_directories = [directory for directory in file.parents if not directory.exists()]
        private_files.make_directory(file.parent)
        if private_files.make_once(file, _new_key):
            self.made += [file, *new_directories]


def _new_key() -> str:
    return secrets.token_urlsafe(48)


OWN_KEY = OwnKey()
"""Of this process: the settings load it."""
