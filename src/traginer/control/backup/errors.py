"""What can be wrong with a backup, or with the place where one is to be restored."""

from traginer.control.errors import ControlError
from traginer.i18n import N_


class BackupNameUnknown(ControlError):
    code = "backup-name-unknown"
    what = N_("A backup is a file named …{endings}, not {name}.")
    next_step = N_("Choose a name that ends so.")


class BackupUnsettled(ControlError):
    code = "backup-unsettled"
    what = N_("Runs end faster than their files can be put aside: {tries} tries were in vain. Nothing was written.")
    next_step = N_("Try again at a quieter time.")


class BackupDamaged(ControlError):
    code = "backup-damaged"
    what = N_("{path} is no whole backup: {why}. Nothing was restored.")
    next_step = N_("Take another copy of it, or an earlier backup.")


class BackupTooNew(ControlError):
    code = "backup-too-new"
    what = N_("{path} was made by Traginer {version}, which is newer than this one. Nothing was restored.")
    next_step = N_("Install that version or a later one, then restore.")


class BackupOfOtherDatabase(ControlError):
    code = "backup-of-other-database"
    what = N_("{path} belongs to an installation on {theirs}, and this one is on {ours}. Nothing was restored.")
    next_step = N_("Set or unset TRAGINER_DATABASE_URL as it was there, then restore.")


class DatabaseNotRestored(ControlError):
    code = "database-not-restored"
    what = N_(
        "The database is empty, and the backup holds only files: a Postgres database is dumped apart. Nothing was restored."
    )
    next_step = N_("Restore the dump with pg_restore first.")


class HomeNotEmpty(ControlError):
    code = "home-not-empty"
    what = N_("{folder} is not empty: it holds {found}. Nothing was restored.")
    next_step = N_("Set TRAGINER_HOME to an empty folder. Only the file key may be there already.")
