"""What nobody outside Brevo knows, and what an account may choose: each is a switch with a documented default.

A number in `unknown` points at the list of open questions about Brevo in the guide (sandbox).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

TIERS = ("general", "advanced", "extended", "unlimited")


def _switch(default: Any, says: str, *, choices: tuple[Any, ...] = (), unknown: int = 0) -> Any:
    return field(default=default, metadata={"says": says, "choices": choices, "unknown": unknown})


@dataclass
class Switches:
    """The sandbox's choices. Setting one to a value of the wrong type or outside its choices raises ValueError."""

    # The account
    tier: str = _switch("general", "Rate limits of the account's plan.", choices=TIERS)
    language: str = _switch(
        "en",
        "Language of a new account: names its two name attributes. Read when the world is made.",
        choices=("en", "fr", "es"),
        unknown=13,
    )
    date_format: str = _switch(
        "dd-mm-yyyy",
        "How the account reads dates that are not ISO.",
        choices=("dd-mm-yyyy", "mm-dd-yyyy", "yyyy-mm-dd"),
        unknown=9,
    )
    account_dates: str = _switch(
        "iso",
        "How plan dates appear in /account: a day, a Unix time as text, or left out.",
        choices=("iso", "unix", "none"),
    )
    switched_off_key_message: str = _switch(
        "API Key is not enabled", "Text of the 401 for a key that was switched off."
    )
    consent_groups: bool = _switch(False, "The account has the Consent Groups feature.")
    account_in_process: bool = _switch(False, "Creating and updating single contacts answers 425.")

    # Limits
    rate_limit_body: str = _switch("message", "Body of a 429.", choices=("message", "empty", "html"), unknown=2)
    body_limit_bytes: int = _switch(10_000_000, "Largest import body, in bytes as sent.")
    too_large_status: int = _switch(400, "Status for a body over the limit.", choices=(400, 413), unknown=3)
    contact_limit: int = _switch(0, "Contacts the contract allows; 0 is no limit.")
    contact_limit_answer: str = _switch(
        "402",
        "What happens over the contract's limit: a refusal with 402 or 400, or 202 and a process that fails.",
        choices=("402", "400", "failed"),
        unknown=1,
    )
    attribute_limit: int = _switch(0, "Attributes the account may have; 0 is no limit.", unknown=11)

    # Imports
    queue_delay_seconds: float = _switch(0.0, "Seconds a process waits in the queue before it starts.", unknown=10)
    rows_per_second: float = _switch(0.0, "Speed of an import; 0 is as fast as the machine goes.", unknown=10)
    running_status: str = _switch("in_process", "Status of a running process.", choices=("in_process", "processing"))
    overlapping_imports: str = _switch(
        "serial",
        "An import sent while another is unfinished waits its turn, or gets stuck.",
        choices=("serial", "stuck"),
    )
    stuck_seconds: float = _switch(0.0, "Seconds a stuck import stays stuck; 0 is for ever.")
    import_without_list: str = _switch(
        "refuse", "An import with neither listIds nor newList.", choices=("refuse", "accept")
    )
    import_false_unblocks: bool = _switch(
        False, "emailBlacklist or smsBlacklist false on an updating import lifts an existing block.", unknown=4
    )
    existing_join_list: bool = _switch(
        True, "Existing contacts join the list although updateExistingContacts is false.", unknown=7
    )
    duplicate_rows: str = _switch(
        "first", "Which of several rows with one identifier wins.", choices=("first", "last"), unknown=6
    )
    phone_conflict: str = _switch(
        "report",
        "An identifier of an import row that another contact holds: the row is reported and skipped; it is reported "
        "and kept without that identifier; or the two contacts are merged and the lesser one is deleted.",
        choices=("report", "keep-without", "merge"),
        unknown=5,
    )
    invalid_phone: str = _switch(
        "keep-without", "An unusable phone in an import row.", choices=("keep-without", "drop-row")
    )
    phone_rule: str = _switch(
        "country",
        "Phones are checked against lengths per country, or only for 6 to 19 digits.",
        choices=("country", "digits"),
    )
    list_deleted: str = _switch("complete", "An import whose list disappeared meanwhile.", choices=("complete", "fail"))
    reject_probability: float = _switch(0.0, "Share of good import rows reported as invalid e-mails anyway, 0 to 1.")
    reject_seed: int = _switch(0, "Seed of that choice: same seed, process id and address, same fate.")
    csv_quotes: bool = _switch(True, "CSV cells may be quoted with double quotes.", unknown=8)
    decimal_comma: bool = _switch(False, "A decimal comma is understood in numbers.")
    numbers_as_text: bool = _switch(
        False, "JSON numbers and booleans in text attributes are kept as text, not dropped."
    )

    # What can be read
    category_shown: str = _switch(
        "label", "Category values are shown by label or by number.", choices=("label", "value")
    )
    phone_only_email: bool = _switch(True, "A contact with only a phone shows a made-up address at mailin-sms.com.")
    search_lag_seconds: float = _switch(0.0, "Seconds before a new contact can be found by identifier.")
    empty_segment_times_out: bool = _switch(True, "GET /contacts of an empty segment answers 524.")
    process_times: bool = _switch(False, "Processes show error, created_at and completed_at.")
    processes_live_seconds: float = _switch(0.0, "Seconds a finished process stays visible; 0 is for ever.", unknown=12)
    files_live_seconds: float = _switch(0.0, "Seconds a report or export link works; 0 is for ever.", unknown=12)
    report_separator: str = _switch(";", "Separator of report and export files.", choices=(";", ",", "\t"))
    report_header: bool = _switch(True, "Report files begin with a header line.")
    report_bom: bool = _switch(False, "Report files begin with a byte order mark.")
    report_columns: str = _switch(
        "identifiers",
        "Report lines hold all identifiers of the row, or only the offending one.",
        choices=("identifiers", "offender"),
    )

    # The sandbox itself
    callbacks: str = _switch(
        "loopback", "Where webhooks, notifyUrl and fileUrl may point.", choices=("loopback", "anywhere")
    )

    def __setattr__(self, name: str, value: Any) -> None:
        spec = self.__dataclass_fields__.get(name)
        if spec is None:
            raise ValueError(f"There is no switch {name!r}.")
        object.__setattr__(self, name, _checked(name, value, spec.default, spec.metadata["choices"]))

    def patch(self, values: Mapping[str, Any]) -> None:
        """Set several switches, all or none."""
        Switches(**{**self.as_dict(), **_known(values)})
        for name, value in values.items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        """Every switch with its value."""
        return {spec.name: getattr(self, spec.name) for spec in fields(self)}


def _known(values: Mapping[str, Any]) -> Mapping[str, Any]:
    unknown = values.keys() - {spec.name for spec in fields(Switches)}
    if unknown:
        raise ValueError(f"There is no switch {', '.join(sorted(unknown))}.")
    return values


def _checked(name: str, value: Any, default: Any, choices: tuple[Any, ...]) -> Any:
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        raise ValueError(f"Switch {name} takes {type(default).__name__}, not {value!r}.")
    if choices and value not in choices:
        raise ValueError(f"Switch {name} takes one of {', '.join(map(repr, choices))}, not {value!r}.")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not 0 <= value < float("inf"):
        raise ValueError(f"Switch {name} takes no negative or infinite number, not {value!r}.")
    return value


def read_switch(text: str) -> dict[str, Any]:
    """`name=value` from a command line as one switch, the value in the switch's own type. Raises ValueError."""
    name, _, value = text.partition("=")
    default = getattr(Switches(), _one(name))
    if isinstance(default, bool):
        words = {
            "true": True,
            "yes": True,
            "on": True,
            "1": True,
            "false": False,
            "no": False,
            "off": False,
            "0": False,
        }
        return {name: words.get(value.lower(), value)}
    return {name: type(default)(value)}


def _one(name: str) -> str:
    return next(iter(_known({name: None})))
