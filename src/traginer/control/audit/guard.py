"""The database itself refuses to change the audit: rows can be added at the end, and nothing else.

Triggers go with their table, and SQLite makes a table anew when a migration alters it; so they are looked after whenever
migrations have been applied, and not in one migration.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

from traginer.control.models import AuditEntry

TABLE = AuditEntry._meta.db_table
REFUSAL = "the audit can only grow"

# OR REPLACE on SQLite deletes without asking the DELETE trigger: the INSERT trigger refuses it.
SQLITE = (
    f"CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"""CREATE TRIGGER IF NOT EXISTS audit_no_gap BEFORE INSERT ON {TABLE}
        WHEN NEW.sequence != (SELECT coalesce(max(sequence), 0) + 1 FROM {TABLE})
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
)
POSTGRES = (
    f"""CREATE OR REPLACE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' AND NEW.sequence = (SELECT coalesce(max(sequence), 0) + 1 FROM {TABLE}) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '{REFUSAL}';
        END $$""",
    f"CREATE OR REPLACE TRIGGER audit_rows BEFORE INSERT OR UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_guard()",
    f"CREATE OR REPLACE TRIGGER audit_table BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()",
)


def guard(database: BaseDatabaseWrapper) -> None:
    """Put the triggers on the table of `database`; those that are there stay."""
    with database.cursor() as cursor:
        for statement in SQLITE if database.vendor == "sqlite" else POSTGRES:
            cursor.execute(statement)
