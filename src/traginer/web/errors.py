"""What can be wrong with a form or an address of the pages."""

from traginer.control.errors import ControlError
from traginer.i18n import N_


class FormInvalid(ControlError):
    code = "form-invalid"
    what = N_("{why}")
    next_step = N_("Correct it and send the form again. Nothing was changed.")


class ChoiceMissing(ControlError):
    code = "choice-missing"
    what = N_('The field "{field}" is empty.')
    next_step = N_("Fill it in and send the form again. Nothing was changed.")


class PasswordsDiffer(ControlError):
    code = "passwords-differ"
    what = N_("The two passwords are not the same.")
    next_step = N_("Type the same password twice.")


class NotAgreed(ControlError):
    code = "consent-not-given"
    what = N_("Nobody has agreed to Data privacy and compliance. Nothing was saved.")
    next_step = N_("Read the text. If you may agree to it, tick I agree.")


class PageUnknown(ControlError):
    code = "page-unknown"
    what = N_("There is no such page.")
    next_step = N_("Go on from the navigation. Perhaps the page was about something that has been removed.")


class HostUnknown(ControlError):
    code = "host-unknown"
    what = N_("This request cannot be answered: Traginer does not know itself by the name in its address.")
    next_step = N_("Use the address that the operator gave you. The operator names it in TRAGINER_URL.")


class FormExpired(ControlError):
    code = "form-expired"
    what = N_("This form is no longer valid: it was opened before somebody logged in or out, or on another page.")
    next_step = N_("Go back, load the page anew, and send the form again. Cookies have to be allowed.")


class PageBroken(ControlError):
    code = "page-broken"
    what = N_("Something unexpected happened here: {kind}. Nothing that was confirmed before is lost.")
    next_step = N_("Try again. If it stays so, the operator finds the reason in the log.")


class SampleUnavailable(ControlError):
    code = "sample-unavailable"
    what = N_("The local Brevo of the sample could not be started: {why}.")
    next_step = N_("Start one yourself with traginer sandbox, and add a connection to the address that it prints.")


class FileUnfit(ControlError):
    code = "upload-unfit"
    what = N_('The file "{name}" cannot be taken as a source.')
    next_step = N_("Give a Parquet, CSV or DuckDB file, with a name that ends in .parquet, .csv or .duckdb.")


class SegmentsMissing(ControlError):
    code = "segments-not-chosen"
    what = N_("No segment is chosen.")
    next_step = N_("Choose at least one segment: its members are what an export carries.")


class ListMissing(ControlError):
    code = "list-not-chosen"
    what = N_("No list is chosen.")
    next_step = N_("Choose one by its name, or type its ID, a whole number that Brevo shows beside the list.")
