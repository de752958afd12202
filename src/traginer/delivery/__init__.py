"""From contacts and ledger to what the list holds: compare, freeze, deliver, advance.

The promise: the ledger moves only for what the far side confirmed, and every row that was not done is named once, with a
reason. Whatever is cut in the middle is taken up from the spool and the journal.
"""
