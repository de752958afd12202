"""What tests/control/test_ledgers.py says of ledgers that move while others work, on Postgres."""

from tests.control.test_ledgers import (
    carried,
    test_a_ledger_is_not_made_anew_while_a_run_is_under_way_on_the_connection,
    test_a_run_that_began_meanwhile_keeps_its_ledger,
    test_a_run_that_came_and_went_meanwhile_keeps_its_ledger,
    test_a_run_that_was_interrupted_goes_on_with_a_ledger_made_anew,
    test_an_interrupted_run_is_not_taken_up_while_a_ledger_is_made_anew,
    test_what_is_kept_takes_the_place_of_the_former_file_and_is_in_the_audit,
)

__all__ = [
    "carried",
    "test_a_ledger_is_not_made_anew_while_a_run_is_under_way_on_the_connection",
    "test_a_run_that_began_meanwhile_keeps_its_ledger",
    "test_a_run_that_came_and_went_meanwhile_keeps_its_ledger",
    "test_a_run_that_was_interrupted_goes_on_with_a_ledger_made_anew",
    "test_an_interrupted_run_is_not_taken_up_while_a_ledger_is_made_anew",
    "test_what_is_kept_takes_the_place_of_the_former_file_and_is_in_the_audit",
]
