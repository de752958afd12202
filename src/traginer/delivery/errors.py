"""What can stop a delivery, apart from what the account itself says (that is `destination.py`)."""

from traginer.errors import TraginerError, Turn
from traginer.i18n import N_


class DeliveryError(TraginerError):
    """Any failure of a delivery."""

    turn = Turn.OPERATOR


class SpoolFull(DeliveryError):
    code = "spool-full"
    what = N_(
        "The disk that holds {folder} has no room for this run: it needs about {needed} and has {free}. Nothing was sent."
    )
    next_step = N_("Free room on that disk, or point TRAGINER_HOME to a larger one, and run again.")


class DiskFull(DeliveryError):
    code = "disk-full"
    what = N_("The disk that holds {folder} is full: {free} are free. What Brevo confirmed is kept.")
    next_step = N_(
        "Free about {needed} on that disk, or point TRAGINER_HOME to a larger one, and run again: it goes on where it stopped."
    )


class SpoolDamaged(DeliveryError):
    code = "spool-damaged"
    what = N_("Batch {batch} in {folder} is not the one that was frozen. It was not sent.")
    next_step = N_("Check the disk, and run again: what was not confirmed is worked out anew.")


class LedgerDamaged(DeliveryError):
    code = "ledger-damaged"
    what = N_(
        "The ledger {path} is not as it was written: it is damaged, or another file took its place. It was not used."
    )
    next_step = N_(
        "Check the disk. Then make the ledger anew from the list in Brevo with traginer ledger rebuild EXPORT; traginer ledger check says which export's it is."
    )


class LedgerMissing(DeliveryError):
    code = "ledger-missing"
    what = N_("The ledger {path} is missing, so nothing was done.")
    next_step = N_(
        "Put the folder ledgers of TRAGINER_HOME back, or make the ledger anew from the list in Brevo with traginer ledger rebuild EXPORT; traginer ledger check says which export's it is."
    )


class LedgerMoved(DeliveryError):
    code = "ledger-moved"
    what = N_('A run of the export "{export}" has advanced its ledger meanwhile. The one made anew was thrown away.')
    next_step = N_("Check the ledger with traginer ledger check: it may be whole again.")


class ListUnreadable(DeliveryError):
    code = "brevo-list-unreadable"
    turn = Turn.BREVO
    what = N_("Brevo's file of the contacts on the list cannot be read: {why}. Nothing was changed.")
    next_step = N_("Try again. If it stays so, please report it: the layout of that file is documented nowhere.")


class NumbersDamaged(DeliveryError):
    code = "numbers-damaged"
    what = N_(
        "The file {path}, which says who holds which telephone number in Brevo because of Traginer, is missing or not as it was written. It was not used, and nothing was sent."
    )
    next_step = N_(
        "Put the file back from a backup. If there is none, run “traginer ledger rebuild” for the export: the file is let go of then, and a number that another contact holds is known again once Brevo refuses it."
    )


class BooksDoNotBalance(DeliveryError):
    code = "books-do-not-balance"
    what = N_("The books of this run do not balance: {sums}. The ledger was not moved past what Brevo confirmed.")
    next_step = N_("This is a fault of the product. Please report it, with the run's figures.")


class ImportStuck(DeliveryError):
    code = "brevo-import-stuck"
    turn = Turn.BREVO
    what = N_("Brevo accepted batch {batch} but had not finished it after {hours} hours. Its rows are in doubt.")
    next_step = N_(
        "Look at the process {process} in Brevo. The next run waits for it and sends again what is still missing."
    )


class AccountBusy(DeliveryError):
    code = "brevo-account-busy"
    turn = Turn.BREVO
    what = N_(
        "An import of the Brevo account (process {process}) has not ended after {hours} hours. Batch {batch} was not sent: imports side by side get stuck."
    )
    next_step = N_("Look at that process in Brevo. Once it has ended, run again: only what is missing is sent.")


class ImportFailed(DeliveryError):
    code = "brevo-import-failed"
    turn = Turn.BREVO
    what = N_(
        "Brevo accepted batch {batch} and then gave it up (process {process}). Its rows are in doubt; the others are kept."
    )
    next_step = N_(
        "Check in Brevo that the list is still there and that the contract has room for more contacts, then run again: only what is missing is sent."
    )


class NoAnswer(DeliveryError):
    code = "brevo-no-answer"
    turn = Turn.BREVO
    what = N_("Brevo did not answer batch {batch} in {tries} tries: {why}. What it confirmed before is kept.")
    next_step = N_("Run again later: only what is missing is sent.")
