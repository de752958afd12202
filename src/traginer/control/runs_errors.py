"""Why a run was skipped, ended by a person, or could not be asked for; and what keeps the server from starting."""

from traginer.control.errors import ControlError
from traginer.i18n import N_


class RunCanceled(ControlError):
    code = "run-canceled"
    what = N_("{person} canceled the run. What Brevo had confirmed by then is kept.")
    next_step = N_("Nothing. The next run of the export sends what is missing.")


class ExportUnderWay(ControlError):
    code = "export-under-way"
    what = N_('Skipped: run {run} of the export "{export}" was queued or under way already.')
    next_step = N_("Nothing: that run is of the same export.")


class ScheduleOff(ControlError):
    code = "schedule-off"
    what = N_('Skipped: the schedule of the export "{export}" was changed before the run began.')
    next_step = N_("Nothing. Run the export by hand where it is wanted all the same.")


class SlotMissed(ControlError):
    code = "slot-missed"
    what = N_("Skipped: the run was due {due}, and nobody was there to begin it until {hours} h later.")
    next_step = N_(
        "Keep traginer serve running. The export runs again when it is next due; run it by hand where that is too late."
    )


class RunEnded(ControlError):
    code = "run-ended"
    what = N_("Run {run} is neither queued nor under way.")
    next_step = N_("See the runs with traginer runs.")


class RunNotEnded(ControlError):
    code = "run-not-ended"
    what = N_("Run {run} has not ended yet.")
    next_step = N_("Wait until it has ended, or cancel it.")


class DatabaseUnavailable(ControlError):
    code = "database-unavailable"
    what = N_("The database cannot be used: {why}.")
    next_step = N_(
        "Check that the folder TRAGINER_HOME can be written to, or that the server of TRAGINER_DATABASE_URL runs and lets Traginer in."
    )


class DatabaseURLInvalid(ControlError):
    code = "database-url-invalid"
    what = N_("TRAGINER_DATABASE_URL is not the address of a database: {why}.")
    next_step = N_("Write it as postgres://user:password@host:5432/name.")


class ExtraMissing(ControlError):
    code = "extra-missing"
    what = N_("{purpose} needs the extra {extra} of Traginer, which is not installed.")
    next_step = N_('Install it: pip install "traginer[{extra}]".')


class PortTaken(ControlError):
    code = "port-taken"
    what = N_("The address {host}, port {port}, cannot be used: {why}.")
    next_step = N_("Stop what uses it, or choose another port with --port.")
