"""What can be wrong with a source of profiles."""

from traginer.errors import TraginerError, Turn
from traginer.i18n import N_


class SourceError(TraginerError):
    """Any failure whose turn is the data source's."""

    turn = Turn.SOURCE


class SourceMissing(SourceError):
    code = "source-missing"
    what = N_('The source "{source}" has no file at {path}. Nothing was sent.')
    next_step = N_("Put the file there, or correct the path in the source.")


class SourceEmpty(SourceError):
    code = "source-empty"
    what = N_('The source "{source}" holds no profiles: {path} is empty. Nothing was sent.')
    next_step = N_("Check the process that writes the file. An empty source never empties a list.")


class SourceChanged(SourceError):
    code = "source-changed"
    what = N_('The source "{source}" was replaced while it was read. Nothing was sent.')
    next_step = N_("Run again. Write the file under another name and rename it when it is whole.")


class SourceUnreadable(SourceError):
    code = "source-unreadable"
    what = N_('The source "{source}" cannot be read as {type}: {why} Nothing was sent.')
    next_step = N_("Check that {path} is a whole, valid file of that type.")


class TableMissing(SourceError):
    code = "source-table-missing"
    what = N_('The source "{source}" has no table "{table}" in {path}. It has: {tables}.')
    next_step = N_("Name one of them in the source.")


class KeyColumnMissing(SourceError):
    code = "source-key-missing"
    what = N_('The source "{source}" has no column "{key}" to tell profiles apart. It has: {columns}.')
    next_step = N_("Name the column that holds the profile key in the source.")


class KeyNotUnique(SourceError):
    code = "source-key-not-unique"
    what = N_(
        'The key "{key}" of the source "{source}" stands on more than one profile, {extra} too many in all: {keys}. Nothing was sent.'
    )
    next_step = N_("Make the key unique in the source: one profile, one row.")


class KeyMissingOnProfiles(SourceError):
    code = "source-key-empty"
    what = N_(
        'Profiles of the source "{source}" without a value in the key "{key}": {profiles}, the first at row {row}. Nothing was sent.'
    )
    next_step = N_("Give each profile a key in the source.")
