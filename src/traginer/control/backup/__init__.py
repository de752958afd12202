"""Backups: one file with everything that cannot be made anew, written while runs go on, and an installation made from it.

`snapshots` puts one moment aside, `archive` is the file, `making` writes it, `restoring` reads it.
"""

from traginer.control.backup.making import Made, make
from traginer.control.backup.restoring import Restored, restore

__all__ = ["Made", "Restored", "make", "restore"]
