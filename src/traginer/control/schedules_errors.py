"""What can be wrong with a schedule."""

from traginer.control.errors import ControlError
from traginer.i18n import N_


class ScheduleInvalid(ControlError):
    """Any schedule that names no moments."""


class TimeInvalid(ScheduleInvalid):
    code = "schedule-time-invalid"
    what = N_('"{time}" is not a time of day.')
    next_step = N_("Write hours and minutes, as in 06:30.")


class TimesMissing(ScheduleInvalid):
    code = "schedule-times-missing"
    what = N_("The schedule names no time of day.")
    next_step = N_("Name at least one, as in 06:30, or switch the schedule off.")


class DayUnknown(ScheduleInvalid):
    code = "schedule-day-unknown"
    what = N_('"{day}" is not a day of the week.')
    next_step = N_("Write mon, tue, wed, thu, fri, sat or sun; without days the schedule is daily.")


class CronInvalid(ScheduleInvalid):
    code = "schedule-cron-invalid"
    what = N_('"{cron}" is not a cron expression of five fields: {why}.')
    next_step = N_("Write five fields (minute, hour, day of the month, month, day of the week), as in 0 6 * * 1-5.")


class ZoneUnknown(ScheduleInvalid):
    code = "schedule-zone-unknown"
    what = N_('There is no time zone "{timezone}".')
    next_step = N_("Write it as in Europe/Madrid.")


class KindUnknown(ScheduleInvalid):
    code = "schedule-kind-unknown"
    what = N_('"{kind}" is no kind of schedule.')
    next_step = N_("A schedule has times, or a cron expression, or is off.")
