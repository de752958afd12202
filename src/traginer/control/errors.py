"""What can be wrong with configuration, rights and the state of runs."""

from traginer.errors import TraginerError, Turn
from traginer.i18n import N_


class ControlError(TraginerError):
    """Any failure of the control plane."""

    turn = Turn.OPERATOR


class NotAllowed(ControlError):
    code = "not-allowed"
    what = N_("{actor} may not {deed}. {needed}")
    next_step = N_("Ask {whom}.")


class NotFound(ControlError):
    code = "not-found"
    what = N_('There is no {kind} named "{name}".{guess}')
    next_step = N_("Check the name, or create it with traginer apply.")


class RunNotFound(ControlError):
    code = "run-not-found"
    what = N_("There is no run {run}.")
    next_step = N_("See the runs with traginer runs.")


class FileUnreadable(ControlError):
    code = "file-unreadable"
    what = N_("The file {path} cannot be read: {why}.")
    next_step = N_("Check its path and its rights.")


class FileUnwritable(ControlError):
    code = "file-unwritable"
    what = N_("The file {path} cannot be written: {why}.")
    next_step = N_("Choose a place where you may write.")


class FileInvalid(ControlError):
    code = "file-invalid"
    what = N_("{path}, line {line}, column {column}: {why}")
    next_step = N_("Correct the file and apply it again. Nothing was changed.")


class VariableMissing(ControlError):
    code = "variable-missing"
    what = N_("{path}, line {line}, column {column}: the environment variable {variable} is not set.")
    next_step = N_("Set it and apply the file again. Nothing was changed.")


class ConsentMissing(ControlError):
    code = "consent-missing"
    what = N_('Nobody has agreed to Data privacy and compliance for the connection "{connection}". Nothing was sent.')
    next_step = N_("Let a person who may agree do so (consent: agreed_by, text) and apply the file again.")


class ConsentOutdated(ControlError):
    code = "consent-outdated"
    what = N_(
        'The text of Data privacy and compliance has changed since {person} agreed for the connection "{connection}". Nothing was sent.'
    )
    next_step = N_("Read the present text, version {version}, and agree again.")


class ConsentTextUnknown(ControlError):
    code = "consent-text-unknown"
    what = N_("There is no version {version} of the text of Data privacy and compliance. The present one is {present}.")
    next_step = N_("Read the present text and name its version.")


class KeyMissing(ControlError):
    code = "connection-key-missing"
    what = N_('The connection "{connection}" has no API key. Nothing was sent.')
    next_step = N_("Give it an api_key and apply the file again.")


class KeyUndecryptable(ControlError):
    code = "connection-key-undecryptable"
    what = N_(
        'The API key of the connection "{connection}" cannot be decrypted with the key of this installation. Nothing was sent.'
    )
    next_step = N_("Restore the file key of TRAGINER_HOME (or TRAGINER_KEY), or enter the API key again.")


class VaultKeyInvalid(ControlError):
    code = "vault-key-invalid"
    what = N_("The encryption key of this installation is not valid ({where}).")
    next_step = N_("Restore it from a backup, or remove it and enter all API keys again.")


class SegmentsOfSeveralSources(ControlError):
    code = "segments-of-several-sources"
    turn = Turn.MAPPING
    what = N_('The segments of the export "{export}" come from several sources: {sources}.')
    next_step = N_("Use segments of one source in one export.")


class RunUnderWay(ControlError):
    code = "run-under-way"
    what = N_(
        'Run {run} of the export "{export}" is under way on the connection "{connection}": Brevo takes one import at a time.'
    )
    next_step = N_("Wait until it has ended, then run again.")


class LeaseLost(ControlError):
    code = "lease-lost"
    what = N_("Another worker has taken over run {run}. This one stopped at once.")
    next_step = N_("Nothing: the other worker finishes the run.")


class NothingHeld(ControlError):
    code = "run-not-held"
    what = N_("Run {run} is not held.")
    next_step = N_("See which runs are held with traginer runs.")


class PlanMoved(ControlError):
    code = "plan-moved"
    what = N_(
        "Run {run} was approved, but its plan is no longer the same: profiles, data matching or ledger have changed. Nothing was sent."
    )
    next_step = N_("Run the export again and look at the new plan.")


class RunFailedUnexpectedly(ControlError):
    code = "unexpected"
    what = N_("Something unexpected stopped the run: {kind}. What Brevo confirmed before is kept.")
    next_step = N_("Run again; if it stays so, report it with the output of traginer doctor.")
