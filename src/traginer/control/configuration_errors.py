"""What can be wrong with connections, exports, segments and sources as they are configured."""

from traginer.control.errors import ControlError
from traginer.errors import Turn
from traginer.i18n import N_


class NameTaken(ControlError):
    code = "name-taken"
    what = N_('The name "{name}" belongs to another {kind} already.')
    next_step = N_("Choose another name.")


class ConsentWithdrawn(ControlError):
    code = "consent-withdrawn"
    what = N_(
        '{person} withdrew the agreement to Data privacy and compliance for the connection "{connection}" on {day}. '
        "Nothing more is sent."
    )
    next_step = N_(
        "Let a person who may agree read the present text and agree anew, on a later day than the withdrawal."
    )


class ConsentTextIncomplete(ControlError):
    code = "consent-text-incomplete"
    what = N_("Version {version} of the text of Data privacy and compliance lacks the file {path}.")
    next_step = N_(
        "Write it: each version stands in English and in Catalan, so that everybody can read what they agree to."
    )


class ExportUserMissing(ControlError):
    code = "export-user-missing"
    what = N_('The connection "{connection}" has no export user. Nothing was sent.')
    next_step = N_("Let an administrator add themselves as export user of the connection.")


class ExportUserInactive(ControlError):
    code = "export-user-inactive"
    what = N_(
        '{person}, the export user of the connection "{connection}", may not run its exports any more. Nothing more is sent.'
    )
    next_step = N_("Let another administrator add themselves as export user of the connection.")


class ShareUnknown(ControlError):
    code = "share-unknown"
    what = N_('"{word}" is neither "administrators", "contributors" nor an e-mail address.')
    next_step = N_("Choose one of the two, or name people by their e-mail addresses.")


class ConnectionInUse(ControlError):
    code = "connection-in-use"
    what = N_('The connection "{connection}" is used by {exports}.')
    next_step = N_("Remove these exports, or detach them from the connection, then remove it.")


class ConnectionBusy(ControlError):
    code = "connection-busy"
    what = N_('Run {run} of the connection "{connection}" has not stopped yet.')
    next_step = N_("Wait until it has stopped, then remove the connection.")


class ConnectionNotChecked(ControlError):
    code = "connection-not-checked"
    what = N_(
        'It is not known which Brevo account the connection "{connection}" opens, and so not whether the export "{export}" has filled a list there before.'
    )
    next_step = N_("Check the connection first (traginer connection check), then attach the export to it.")


class ExportDetached(ControlError):
    code = "export-detached"
    what = N_('The export "{export}" is detached: it has no connection, and does not run.')
    next_step = N_("Attach it to a connection.")


class ExportMoved(ControlError):
    code = "export-moved"
    what = N_(
        'The export "{export}" does not run over the connection "{connection}" any more. Nothing more is sent there.'
    )
    next_step = N_("Run it again: it goes on over its present connection.")


class ExportDisabled(ControlError):
    code = "export-disabled"
    what = N_('{person} disabled the export "{export}" on {day}: it does not run.')
    next_step = N_("Enable it to let it run again.")


class ExportRemoved(ControlError):
    code = "export-removed"
    what = N_('{person} removed the export "{export}" on {day}. Nothing more is sent.')
    next_step = N_("Nothing. Whom it put on the list stays there, unless the removal was asked to take them off.")


class StillUsed(ControlError):
    code = "still-used"
    what = N_('The {kind} "{name}" is used by {users}.')
    next_step = N_("Change or remove what uses it first.")


class ConsentFieldUnfit(ControlError):
    code = "consent-field-unfit"
    turn = Turn.MAPPING
    what = N_('The column "{column}" ({native}) cannot say who agreed to receive messages.')
    next_step = N_("Name a boolean column, or a text column with the values that mean yes.")


class ConsentValuesMissing(ControlError):
    code = "consent-values-missing"
    turn = Turn.MAPPING
    what = N_('The column "{column}" is a text, and nothing says which of its values mean that a person agreed.')
    next_step = N_("Name these values beside the column.")


class SourcePathNotAllowed(ControlError):
    code = "source-path-not-allowed"
    what = N_("A source may not lie at {path}: only in {folders}.")
    next_step = N_("Put the file there, or let the operator add its folder to TRAGINER_SOURCES.")


class NoNewKey(ControlError):
    code = "no-new-key"
    what = N_("TRAGINER_KEY holds one key, so there is none to change to.")
    next_step = N_(
        "Put a new key (traginer key new) and a comma before the present one in TRAGINER_KEY of every process, then run traginer key rotate again."
    )
