"""A Brevo list as a delivery sees it: Brevo's answers in our words, and what a person must act on as errors with sentences.

Implements `delivery.destination.Destination` over `brevo.Brevo`. Every method may raise the errors below, and nothing else.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from traginer import brevo
from traginer.brevo.errors import (
    BrevoError,
    Invalid,
    IPNotRecognised,
    KeyMalformed,
    KeyMissing,
    KeyOff,
    KeyUnknown,
    Later,
    MethodNotAllowed,
    NotFound,
    OutcomeUnknown,
    PaymentRequired,
    PermissionDenied,
    RateLimited,
    ReportGone,
    ReportTooLarge,
)
from traginer.contacts.mapping import AttributeType, attribute_type
from traginer.delivery.deliver import Pace
from traginer.delivery.destination import (
    Accepted,
    Import,
    ImportAnswer,
    ImportState,
    InDoubt,
    RemovalAnswer,
    TakenOff,
    TooLarge,
    Wait,
)
from traginer.errors import Phrase, TraginerError, Turn
from traginer.i18n import N_, gettext

REPORT_REASONS = {
    "invalid_emails": "brevo-email-invalid",
    "duplicate_contact_id": "brevo-duplicate-contact",
    "duplicate_ext_id": "brevo-duplicate-ext-id",
    "duplicate_email_id": "brevo-duplicate-email",
    "duplicate_phone_id": "brevo-duplicate-phone",
    "duplicate_whatsapp_id": "brevo-duplicate-whatsapp",
    "duplicate_landline_number_id": "brevo-duplicate-landline",
}
"""Brevo's kinds of report files (brevo-api.md §5.3) and our reasons for them."""
IMPORT = "IMPORTUSER"
TRIES = 6
LATE_SECONDS = 6 * 3600
_ABOUT_THE_BODY = re.compile(r"\b(body|bytes)\b", re.IGNORECASE)
_ABOUT_THE_CONTRACT = re.compile(r"limit|quota|credit|plan|contract|exceed", re.IGNORECASE)


class AccountError(TraginerError):
    """Any failure whose turn is the Brevo account's owner's."""

    turn = Turn.OPERATOR


class KeyRefused(AccountError):
    code = "brevo-key-refused"
    what = N_('Brevo does not know the API key of the connection "{connection}" (Brevo says: {message}). {kept}')
    next_step = N_(
        "Create an API key in Brevo under SMTP & API, and enter it in the connection. An SMTP key does not work."
    )


class KeySwitchedOff(AccountError):
    code = "brevo-key-off"
    what = N_('Brevo does not accept the API key of the connection "{connection}" (Brevo says: {message}). {kept}')
    next_step = N_("Switch the key on in Brevo, or enter another one in the connection.")


class IPNotAllowed(AccountError):
    code = "brevo-ip-not-allowed"
    what = N_(
        'The API key of the connection "{connection}" is good, but Brevo does not accept calls from this machine\'s address {ip}. {kept}'
    )
    next_step = N_(
        "Authorise the address in Brevo under Security > Authorised IPs, or switch that protection off there."
    )


class ListNotFound(AccountError):
    code = "brevo-list-not-found"
    turn = Turn.MAPPING
    what = N_('List {list_id} does not exist in the Brevo account of the connection "{connection}". {kept}')
    next_step = N_("Choose another list in the export, or create it in Brevo.")


class ListDynamic(AccountError):
    code = "brevo-list-dynamic"
    turn = Turn.MAPPING
    what = N_('List {list_id} "{name}" is dynamic: Brevo fills it by itself, and no export can. Nothing was sent.')
    next_step = N_("Choose a list that is not dynamic.")


class ContractFull(AccountError):
    code = "brevo-contract-full"
    turn = Turn.BREVO
    what = N_(
        'The Brevo contract of the connection "{connection}" has no room for more contacts (Brevo says: {message}). {kept}'
    )
    next_step = N_("Extend the contract or remove contacts in Brevo, then run again: only what is missing is sent.")


class PlanLacks(AccountError):
    code = "brevo-not-permitted"
    turn = Turn.BREVO
    what = N_('The Brevo account of the connection "{connection}" may not do this (Brevo says: {message}). {kept}')
    next_step = N_("Ask Brevo to activate it for the account, or check what the plan includes.")


class Refused(AccountError):
    code = "brevo-refused"
    turn = Turn.BREVO
    what = N_('Brevo refused a request of the connection "{connection}" ({status} {brevo_code}: {message}). {kept}')
    next_step = N_("Correct what Brevo names, then run again: only what is missing is sent.")


class BrevoUnavailable(AccountError):
    code = "brevo-unavailable"
    turn = Turn.BREVO
    what = N_('Brevo cannot be reached at {host} for the connection "{connection}" ({message}). {kept}')
    next_step = N_("Check the network and status.brevo.com, then run again: only what is missing is sent.")


class ReportMissing(AccountError):
    code = "brevo-report-missing"
    turn = Turn.BREVO
    what = N_(
        "Brevo finished an import, but its file of refused rows cannot be had ({message}). Its rows are in doubt."
    )
    next_step = N_("Run again: the rows of that import are sent again.")


class ImportForgotten(AccountError):
    code = "brevo-import-forgotten"
    turn = Turn.BREVO
    what = N_("Brevo accepted an import and no longer shows it (process {process}). Its rows are in doubt.")
    next_step = N_("Run again: the rows of that import are sent again.")


class FolderMissing(AccountError):
    code = "brevo-folder-missing"
    what = N_('The Brevo account of the connection "{connection}" has no folder to put a list in. Nothing was created.')
    next_step = N_("Create a folder in Brevo under Contacts > Lists, then create the list again.")


class ContactsLost(AccountError):
    code = "brevo-contacts-lost"
    turn = Turn.BREVO
    what = N_(
        "Brevo accepted to write out the contacts of list {list_id} (process {process}), but there is no file of them ({message}). Nothing was changed."
    )
    next_step = N_("Try again. If it stays so, look at that process in Brevo.")


class AccountChanged(AccountError):
    code = "brevo-account-changed"
    what = N_(
        'The API key of the connection "{connection}" opens the Brevo account "{account}", which is not the one it opened before. Nothing was sent.'
    )
    next_step = N_("Enter a key of the former account, or make a new connection for the other one.")


@dataclass(frozen=True)
class Known:
    """What Brevo said of the account: which one it is, its name, and its attributes."""

    account: str
    company: str
    list_name: str
    subscribers: int
    attributes: Mapping[str, AttributeType]


@dataclass
class BrevoList:
    """One list of one account. `kept` is the sentence on what became of the run so far, told in errors."""

    client: brevo.Brevo
    connection: str
    host: str
    list_id: int
    polling: brevo.Polling = field(default_factory=brevo.Polling)
    kept: str = N_("Nothing was sent.")

    def inspect(self, expected_account: str = "") -> Known:
        """The account, the list and the attributes as they are now. Raises what makes an export impossible."""
        account = self.account(expected_account)
        target = self._ask(lambda: self.client.contact_list(self.list_id))
        if target.dynamic:
            raise ListDynamic(list_id=self.list_id, name=target.name)
        return Known(identity(account), account.company, target.name, target.subscribers, self.attributes())

    def account(self, expected_account: str = "") -> brevo.Account:
        """Whose key it is. Raises AccountChanged where that is not the account expected."""
        account = self._ask(self.client.account)
        if expected_account and identity(account) != expected_account:
            raise AccountChanged(connection=self.connection, account=account.company)
        return account

    def attributes(self) -> dict[str, AttributeType]:
        """The attributes of the account's contacts, by name."""
        found = [attribute_type(a.name, a.category, a.type, a.options) for a in self._ask(self.client.attributes)]
        return {attribute.name: attribute for attribute in found}

    def contacts(self) -> int:
        """How many contacts the account has, on this list or not."""
        return self._ask(self.client.contacts)

    def lists(self) -> list[brevo.ContactList]:
        """All lists of the account."""
        return self._ask(lambda: list(self.client.lists()))

    def create_list(self, name: str) -> int:
        """The number of a new list in the account's first folder. Raises FolderMissing."""
        folder = next(iter(self._ask(lambda: list(self.client.folders()))), None)
        if folder is None:
            raise FolderMissing(connection=self.connection)
        return self._ask(lambda: self.client.create_list(name, folder.id))

    def start_import(self, body: bytes) -> ImportAnswer:
        """Implements Destination."""
        self.kept = N_("What Brevo confirmed before is kept.")
        match self.client.start_import(body):
            case brevo.Accepted(process_id):
                return Accepted(process_id)
            case brevo.Wait(seconds, why):
                return Wait(seconds, why)
            case brevo.InDoubt(why):
                return InDoubt(why)
            case brevo.TooLarge():
                return TooLarge()
            case brevo.Refused(stop=stop) if isinstance(stop, Invalid) and _ABOUT_THE_BODY.search(stop.message):
                return TooLarge()
            case brevo.Refused(stop=stop):
                self._require_list()
                raise self._for_people(stop) from stop

    def imports(self) -> Sequence[Import]:
        """Implements Destination."""
        return [_import(process) for process in self._ask(self.client.processes) if process.name == IMPORT]

    def import_status(self, process: int) -> Import:
        """Implements Destination."""
        with self._translated():
            try:
                return _import(self.client.process(process))
            except NotFound:
                raise ImportForgotten(process=process) from None

    def report(self, url: str) -> bytes:
        """Implements Destination."""
        return self._ask(lambda: self.client.report(url))

    def take_off(self, emails: Sequence[str]) -> RemovalAnswer:
        """Implements Destination. What Brevo could not take off is looked up: it mostly was not on the list any more."""
        self.kept = N_("What Brevo confirmed before is kept.")
        match self.client.remove_from_list(self.list_id, emails):
            case brevo.Removed(success):
                taken = {email.lower() for email in success} & set(emails)
                return TakenOff(frozenset(taken | self._not_listed(set(emails) - taken)))
            case brevo.NothingToRemove():
                return TakenOff(frozenset(self._not_listed(set(emails))))
            case brevo.Wait(seconds, why):
                return Wait(seconds, why)
            case brevo.InDoubt(why):
                return InDoubt(why)
            case brevo.Refused(stop=stop):
                raise self._for_people(stop) from stop

    def next_poll(self, elapsed_seconds: float) -> float:
        """Implements Destination."""
        return self.polling.next_wait(elapsed_seconds, self.client.budget_left())

    def save_contacts(self, file: BinaryIO, pace: Pace) -> None:
        """Write Brevo's own file of everybody on the list, blocked or not, to `file`: a CSV with the column EMAIL.

        Takes as long as Brevo takes, and changes nobody. Raises ContactsLost; OSError where `file` cannot take it.
        """
        process = self._started_export(pace)
        link = self._followed_export(process, pace)
        with self._translated():
            try:
                self.client.save_export(link, file)
            except (ReportGone, ReportTooLarge) as gone:
                raise self._lost(process, gone.message or str(gone.status)) from gone

    def emails(self) -> Iterator[list[str]]:
        """The addresses on the list now, in pages, read from Brevo."""
        for page in self.client.members(self.list_id):
            yield [member.email for member in page if member.email]

    def _started_export(self, pace: Pace) -> int:
        """Asking again is harmless: at worst Brevo writes a file that nobody fetches."""
        tries = 0
        while True:
            try:
                return self.client.start_contact_export(self.list_id, ("EMAIL",))
            except BrevoError as trouble:
                tries += 1
                if tries == TRIES or not isinstance(trouble, Later | OutcomeUnknown):
                    raise self._for_people(trouble) from trouble
                told = trouble.seconds if isinstance(trouble, RateLimited) else None
                pace.pause(2.0**tries if told is None else told)

    def _followed_export(self, process: int, pace: Pace) -> str:
        """The link to the file of an export that Brevo has accepted as `process`."""
        started = pace.now()
        while (elapsed := pace.now() - started) <= LATE_SECONDS:
            pace.pause(self.next_poll(elapsed))
            found = self._ask(lambda: self.client.process(process))
            if found.finished:
                if found.export_url is None:
                    raise self._lost(process, found.status.value)
                return found.export_url
        raise self._lost(process, Phrase(N_("not finished after six hours")))

    def _lost(self, process: int, message: str) -> ContactsLost:
        return ContactsLost(list_id=self.list_id, process=process, message=message)

    def _require_list(self) -> None:
        """A list deleted meanwhile is refused with words of Brevo's that do not name it."""
        self._ask(lambda: self.client.contact_list(self.list_id))

    def _not_listed(self, emails: set[str]) -> set[str]:
        return {email for email in emails if not self._is_listed(email)}

    def _is_listed(self, email: str) -> bool:
        found = self._ask(lambda: self.client.contact(email))
        return found is not None and self.list_id in found.list_ids

    def _ask[T](self, question: Callable[[], T]) -> T:
        with self._translated():
            return question()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except BrevoError as error:
            raise self._for_people(error) from error

    def _for_people(self, error: BrevoError) -> TraginerError:
        facts = {
            "connection": self.connection,
            "message": error.message or str(error.status or "-"),
            "kept": gettext(self.kept),
            "list_id": self.list_id,
            "host": self.host,
            "status": error.status,
            "brevo_code": error.code,
            "ip": getattr(error, "ip", "") or "?",
        }
        if isinstance(error, Invalid) and _ABOUT_THE_CONTRACT.search(error.message):
            return ContractFull(**facts)
        return next((ours for theirs, ours in _FOR_PEOPLE if isinstance(error, theirs)), Refused)(**facts)


_FOR_PEOPLE: tuple[tuple[type[BrevoError], type[AccountError]], ...] = (
    (KeyUnknown, KeyRefused),
    (KeyMissing, KeyRefused),
    (KeyMalformed, KeyRefused),
    (KeyOff, KeySwitchedOff),
    (IPNotRecognised, IPNotAllowed),
    (NotFound, ListNotFound),
    (PaymentRequired, ContractFull),
    (PermissionDenied, PlanLacks),
    (MethodNotAllowed, PlanLacks),
    (ReportGone, ReportMissing),
    (ReportTooLarge, ReportMissing),
    (Later, BrevoUnavailable),
    (OutcomeUnknown, BrevoUnavailable),
)


def identity(account: brevo.Account) -> str:
    """What tells the account from all others: its organisation, or its name where the answer lacks that."""
    return account.organization_id or account.company


def _import(process: brevo.Process) -> Import:
    if not process.finished:
        return Import(process.id, ImportState.RUNNING, {})
    if process.status is not brevo.ProcessStatus.COMPLETED:
        return Import(process.id, ImportState.FAILED, {})
    reports = {url: REPORT_REASONS.get(kind, "brevo-other") for kind, url in process.reports.items()}
    return Import(process.id, ImportState.COMPLETED, reports, unnamed=sum(process.report_counts.values()))
