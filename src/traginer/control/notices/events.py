"""The kinds of notices: the closed list of what a target can ask to hear of."""

from enum import StrEnum

from traginer.i18n import N_


class Event(StrEnum):
    """What happened."""

    FAILED = "failed"
    HELD = "held"
    RECOVERED = "recovered"
    SHRINKING = "shrinking"
    KEY_REFUSED = "key-refused"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    CONSENT_OUTDATED = "consent-outdated"
    EXPORT_USER_LOST = "export-user-lost"
    SCHEDULER_SILENT = "scheduler-silent"
    TEST = "test"


EVENTS = {
    Event.FAILED: N_("An export fails that worked before."),
    Event.HELD: N_("A guard holds a run back: somebody must approve or discard it."),
    Event.RECOVERED: N_("What failed, was held, refused or silent works again."),
    Event.SHRINKING: N_("A run took a larger share of a list off than the one that was chosen."),
    Event.KEY_REFUSED: N_("Brevo does not accept the API key of a connection any more."),
    Event.CONSENT_WITHDRAWN: N_("Somebody withdrew the consent that a connection stands on."),
    Event.CONSENT_OUTDATED: N_("The text of Data privacy and compliance has changed: somebody must agree anew."),
    Event.EXPORT_USER_LOST: N_("The export user of a connection may not run its exports any more."),
    Event.SCHEDULER_SILENT: N_("No scheduler follows the schedules."),
}
"""Every kind that can be chosen, in words. A test of a target is none: it is sent because somebody asked."""
