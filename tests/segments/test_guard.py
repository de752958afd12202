"""A SELECT that a user wrote: what passes selects what it selected, and everything else is refused by name."""

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from tests.segments.world import AS_OF, as_of
from traginer.segments import DIALECTS, errors, guarded
from traginer.segments.allowed import FUNCTIONS, NODES

KEY = "customer_id"
PASSING = [
    ("SELECT customer_id FROM profiles WHERE language = 'ca'", [1, 2]),
    ("select * from PROFILES as p where p.orders > 1;", [2, 3]),
    ("-- who?\nSELECT customer_id /* the key */ FROM profiles WHERE orders IS NULL", [4]),
    (
        "SELECT customer_id FROM profiles WHERE orders = 1 UNION ALL SELECT customer_id FROM profiles WHERE orders = 1",
        [1],
    ),
    ("SELECT NULL AS customer_id UNION SELECT 2", [2]),
    (
        "WITH a AS (SELECT * FROM profiles), b AS (SELECT * FROM a WHERE orders > 1) SELECT customer_id FROM b JOIN a USING (customer_id)",
        [2, 3],
    ),
    (
        "SELECT customer_id FROM (WITH a AS (SELECT customer_id FROM profiles) SELECT * FROM a) WHERE customer_id < 3",
        [1, 2],
    ),
    ("(SELECT customer_id FROM profiles ORDER BY orders DESC NULLS LAST LIMIT 1)", [3]),
    (
        "SELECT customer_id FROM profiles QUALIFY ROW_NUMBER() OVER (PARTITION BY language ORDER BY orders DESC) = 1",
        [2, 3, 4],
    ),
    (
        "SELECT MIN(customer_id) AS customer_id FROM profiles GROUP BY language HAVING COUNT(*) FILTER (WHERE orders > 0) > 1",
        [1],
    ),
    (
        "SELECT customer_id FROM profiles p WHERE EXISTS (SELECT 1 FROM profiles q WHERE q.language = p.language AND q.customer_id <> p.customer_id)",
        [1, 2],
    ),
    ("SELECT customer_id FROM profiles WHERE born < CURRENT_DATE - INTERVAL 30 YEAR", [1]),
    ("SELECT customer_id FROM profiles WHERE strftime(born, '%m-%d') = strftime(today(), '%m-%d')", [2]),
    (
        "SELECT customer_id FROM profiles WHERE language ILIKE 'C%' AND regexp_matches(email, '@') AND split_part(email, '@', 2) IN ('x.cat')",
        [1],
    ),
    ("SELECT customer_id FROM profiles WHERE replace(lower(trim(email)), ' ', '') LIKE '%\\_%' ESCAPE '\\'", [2]),
    ("SELECT CASE WHEN orders > 1 THEN customer_id END AS customer_id FROM profiles", [2, 3]),
]
# Where each belongs to: refused by its shape, its table, its function, its syntax, or its key.
REFUSED = [
    ("", errors.NotOneSelect),
    (";;", errors.NotOneSelect),
    ("SELECT 1 AS customer_id; DROP TABLE profiles", errors.NotOneSelect),
    ("DELETE FROM profiles RETURNING customer_id", errors.NotOneSelect),
    ("INSERT INTO profiles SELECT * FROM profiles", errors.NotOneSelect),
    ("CREATE TABLE x AS SELECT customer_id FROM profiles", errors.NotOneSelect),
    ("COPY (SELECT customer_id FROM profiles) TO '/tmp/x.csv'", errors.NotOneSelect),
    ("ATTACH '/tmp/x.db'", errors.NotOneSelect),
    ("INSTALL httpfs", errors.NotOneSelect),
    ("PRAGMA database_list", errors.NotOneSelect),
    ("SET threads = 9", errors.NotOneSelect),
    ("CALL pragma_version()", errors.NotOneSelect),
    ("EXPLAIN ANALYZE SELECT customer_id FROM profiles", errors.NotOneSelect),
    ("VALUES (1)", errors.NotOneSelect),
    ("SELECT customer_id FROM others", errors.TableRefused),
    ("SELECT customer_id FROM main.profiles", errors.TableRefused),
    ("SELECT customer_id FROM memory.main.profiles", errors.TableRefused),
    ("SELECT customer_id FROM duckdb_settings", errors.TableRefused),
    ("SELECT customer_id FROM information_schema.tables", errors.TableRefused),
    ("SELECT customer_id FROM '/etc/passwd'", errors.TableRefused),
    ('SELECT customer_id FROM "secret.parquet"', errors.TableRefused),
    ("SELECT customer_id FROM read_csv('/etc/passwd')", errors.FunctionRefused),
    ("SELECT customer_id FROM read_text('/etc/passwd')", errors.FunctionRefused),
    ("SELECT customer_id FROM glob('/etc/*')", errors.FunctionRefused),
    ("SELECT customer_id FROM query('SELECT 1')", errors.FunctionRefused),
    ("SELECT customer_id FROM duckdb_secrets()", errors.FunctionRefused),
    ("SELECT customer_id FROM range(10) t(customer_id)", errors.FunctionRefused),
    ("SELECT customer_id FROM profiles WHERE customer_id IN (SELECT id FROM others)", errors.TableRefused),
    ("SELECT customer_id FROM (WITH x AS (SELECT 1 AS customer_id) SELECT * FROM x), x", errors.TableRefused),
    ("WITH b AS (SELECT * FROM a), a AS (SELECT customer_id FROM profiles) SELECT * FROM b", errors.TableRefused),
    ("WITH a AS (SELECT customer_id FROM a) SELECT * FROM a", errors.TableRefused),
    ("SELECT getenv('HOME') AS customer_id", errors.FunctionRefused),
    ("SELECT current_setting('threads') AS customer_id", errors.FunctionRefused),
    ("SELECT read_blob('/etc/passwd') AS customer_id", errors.FunctionRefused),
    ("SELECT getvariable('x') AS customer_id", errors.FunctionRefused),
    ("SELECT nextval('s') AS customer_id", errors.FunctionRefused),
    ("SELECT random() AS customer_id", errors.FunctionRefused),
    ("SELECT repeat('x', 1000000000) AS customer_id", errors.FunctionRefused),
    ("SELECT lpad('x', 1000000000, 'y') AS customer_id", errors.FunctionRefused),
    ("SELECT length(range(1000000000)) AS customer_id", errors.FunctionRefused),
    ("SELECT string_agg(email, '') AS customer_id FROM profiles", errors.FunctionRefused),
    ("SELECT regexp_replace(email, '', email, 'g') AS customer_id FROM profiles", errors.FunctionRefused),
    ("SELECT list_transform([1], x -> x) AS customer_id", errors.FunctionRefused),
    ("SELECT customer_id FROM unnest([1, 2]) t(customer_id)", errors.FunctionRefused),
    ("SELECT COLUMNS('.*id') FROM profiles", errors.FunctionRefused),
    ("WITH a AS (DELETE FROM profiles RETURNING customer_id) SELECT * FROM a", errors.SyntaxRefused),
    (
        "WITH RECURSIVE r AS (SELECT 1 AS customer_id UNION ALL SELECT customer_id + 1 FROM r) SELECT * FROM r",
        errors.SyntaxRefused,
    ),
    ("WITH profiles AS (SELECT 1 AS customer_id) SELECT * FROM profiles", errors.SyntaxRefused),
    ("SELECT customer_id INTO x FROM profiles", errors.SyntaxRefused),
    ("SELECT customer_id FROM profiles FOR UPDATE", errors.SyntaxRefused),
    ("SELECT customer_id FROM profiles TABLESAMPLE 10 PERCENT", errors.SyntaxRefused),
    ("SELECT customer_id FROM profiles, LATERAL (SELECT 1)", errors.SyntaxRefused),
    ("SELECT $1 AS customer_id", errors.SyntaxRefused),
    ("SELECT ? AS customer_id", errors.SyntaxRefused),
    ("SELECT {'a': 1} AS customer_id", errors.FunctionRefused),
    ("SELECT customer_id::INET FROM profiles", errors.SyntaxRefused),
    ("SELECT customer_id::INT[] FROM profiles", errors.SyntaxRefused),
    ("SELECT pg_catalog.getenv('HOME') AS customer_id", errors.SyntaxRefused),
    ("SELECT replace(email, 'a', 'aa') AS customer_id FROM profiles", errors.SyntaxRefused),
    ("SELECT replace(email, 'a', email) AS customer_id FROM profiles", errors.SyntaxRefused),
    ("SELECT strftime(born, email) AS customer_id FROM profiles", errors.SyntaxRefused),
    ("SELECT " + " || ".join(["email"] * 22) + " AS customer_id FROM profiles", errors.SqlTooLarge),
    ("SELECT concat(" + ", ".join(["email"] * 22) + ") AS customer_id FROM profiles", errors.SqlTooLarge),
    ("SELECT customer_id FROM profiles WHERE email = '" + "x" * 50_000 + "'", errors.SqlTooLarge),
    ("SELECT " + "(" * 3000 + "1" + ")" * 3000 + " AS customer_id", errors.SqlTooDeep),
    ("SELECT a0.customer_id FROM " + ", ".join(f"profiles a{i}" for i in range(51)), errors.SqlTooLarge),
    (
        "WITH c0 AS (SELECT * FROM profiles), "
        + ", ".join(
            f"c{i} AS NOT MATERIALIZED (SELECT a.customer_id FROM c{i - 1} a, c{i - 1} b)" for i in range(1, 12)
        )
        + " SELECT customer_id FROM c11",
        errors.SqlTooLarge,
    ),
    ("SELECT email FROM profiles", errors.KeyNotSelected),
    ("SELECT customer_id AS id FROM profiles", errors.KeyNotSelected),
    ("SELECT customer_id FRM profiles WHERE (", errors.SqlUnreadable),
    ("SELECT 'x", errors.SqlUnreadable),
]


@pytest.fixture(scope="module")
def people():
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Europe/Madrid'")
        connection.execute("CREATE TABLE profiles (customer_id INT, language TEXT, orders INT, email TEXT, born DATE)")
        connection.execute(
            "INSERT INTO profiles VALUES (1, 'ca', 1, 'a@x.cat', '1990-01-01'), (2, 'ca', 2, 'b_@x.es', '2000-03-29'), "
            "(3, 'es', 3, 'c@x.es', '2001-01-01'), (4, NULL, NULL, NULL, NULL), (NULL, 'ca', 0, NULL, NULL)"
        )
        yield connection


@pytest.mark.parametrize(("sql", "keys"), PASSING, ids=[sql for sql, _ in PASSING])
def test_a_select_that_passes_gives_its_keys_once_and_no_null(people, sql, keys):
    result = people.execute(guarded(sql, KEY, as_of=AS_OF))
    assert [column[0] for column in result.description] == [KEY]
    assert sorted(key for (key,) in result.fetchall()) == keys


@pytest.mark.parametrize(("sql", "error"), REFUSED, ids=[sql[:70] for sql, _ in REFUSED])
def test_what_is_not_one_harmless_select_is_refused(sql, error):
    with pytest.raises(errors.SqlError) as refusal:
        guarded(sql, KEY, as_of=AS_OF)
    assert type(refusal.value) is error
    assert "{" not in str(refusal.value)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("hidden", ["(SELECT id FROM others)", "(SELECT getenv('HOME'))"])
def test_what_is_hidden_anywhere_is_found_in_each_dialect(dialect, hidden):
    places = [
        f"SELECT customer_id, {hidden} AS x FROM profiles",
        f"SELECT customer_id FROM profiles WHERE email = {hidden}",
        f"SELECT customer_id FROM profiles ORDER BY {hidden}",
        f"SELECT customer_id FROM profiles GROUP BY customer_id HAVING MAX(orders) > {hidden}",
        f"SELECT customer_id FROM profiles p JOIN profiles q ON p.orders = {hidden}",
        f"WITH a AS {hidden} SELECT customer_id FROM profiles",
        f"SELECT customer_id FROM profiles UNION ALL SELECT {hidden}",
        f"SELECT customer_id, ROW_NUMBER() OVER (PARTITION BY orders ORDER BY {hidden}) AS x FROM profiles",
        f"SELECT CASE WHEN orders IN (1, {hidden}) THEN customer_id END AS customer_id FROM profiles",
    ]
    for sql in places:
        with pytest.raises((errors.TableRefused, errors.FunctionRefused)):
            guarded(sql, KEY, dialect)


def test_a_quoted_part_is_not_the_table_of_the_same_letters_where_case_counts():
    with pytest.raises(errors.TableRefused):
        guarded('WITH "Others" AS (SELECT 1 AS customer_id) SELECT customer_id FROM others', KEY, "postgres")
    assert guarded('WITH "Others" AS (SELECT 1 AS customer_id) SELECT customer_id FROM "Others"', KEY, "postgres")
    assert guarded('WITH "Others" AS (SELECT 1 AS customer_id) SELECT customer_id FROM others', KEY, "duckdb")


def test_the_clock_of_a_select_is_the_runs_and_so_is_its_day():
    late = as_of("2026-03-28T23:30:00+00:00")
    sql = guarded("SELECT customer_id FROM profiles WHERE born = CURRENT_DATE OR seen < NOW()", KEY, as_of=late)
    assert "CAST('2026-03-29' AS DATE)" in sql
    assert "CAST('2026-03-28 23:30:00+00:00' AS TIMESTAMPTZ)" in sql
    assert "NOW" not in sql
    with pytest.raises(errors.SyntaxRefused):
        guarded("SELECT customer_id FROM profiles WHERE born = CURRENT_DATE('Asia/Tokyo')", KEY, "bigquery", as_of=late)


def test_a_check_needs_no_clock():
    assert "CURRENT_DATE" in guarded("SELECT customer_id FROM profiles WHERE born = CURRENT_DATE", KEY)


def test_where_a_select_cannot_be_read_is_said_by_line_and_column():
    with pytest.raises(errors.SqlUnreadable) as refusal:
        guarded("SELECT customer_id\nFROM profiles\nWHERE (((", KEY)
    assert refusal.value.facts["line"] == 3


def test_a_function_that_is_refused_comes_with_one_that_is_not():
    with pytest.raises(errors.FunctionRefused) as refusal:
        guarded("SELECT customer_id FROM profiles WHERE startswith_(email, 'a')", KEY)
    assert "STARTS_WITH" in refusal.value.advice


def test_comments_of_the_user_do_not_reach_the_engine():
    assert "secret" not in guarded("SELECT /* secret */ customer_id FROM profiles -- secret", KEY)


def test_nothing_on_the_allow_list_reads_files_settings_or_the_network():
    listed = {kind.__name__ for kind in [*NODES, *FUNCTIONS]}
    dangerous = {
        "Anonymous",
        "Command",
        "ReadCSV",
        "ReadParquet",
        "Columns",
        "Unnest",
        "Lateral",
        "Parameter",
        "Placeholder",
        "Dot",
        "Rand",
        "Uuid",
    }
    assert not listed & dangerous
    assert not any(issubclass(kind, exp.DDL | exp.DML) for kind in NODES)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_comes_out_can_be_read_in_its_dialect(dialect):
    sql = guarded(
        "WITH a AS (SELECT customer_id, email FROM Profiles) SELECT a.customer_id FROM a WHERE email LIKE '%\\_x'",
        KEY,
        dialect,
        as_of=AS_OF,
    )
    assert sqlglot.parse_one(sql, dialect=dialect).sql(dialect=dialect) == sql
