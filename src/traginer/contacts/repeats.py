"""Values that stand on several wanted contacts of `cleaned`, each with the first of their profiles by key."""

from traginer.duck import Duck


def write(duck: Duck, column: str, table: str) -> int:
    """Write `table` (value, winner: the first key) of what several have in `column`; gives the number of its rows."""
    # Hashes of one session find the few candidates at a third of the price of comparing texts; equal texts decide.
    wanted = f"SELECT hash({column}) AS h FROM cleaned WHERE reason IS NULL AND {column} IS NOT NULL"
    candidates = f"SELECT h FROM ({wanted}) GROUP BY h HAVING count(*) > 1"
    duck.run(
        f"""CREATE OR REPLACE TABLE {table} AS
            SELECT {column} AS value, min(key) AS winner FROM cleaned
             WHERE reason IS NULL AND {column} IS NOT NULL AND hash({column}) IN ({candidates})
             GROUP BY {column} HAVING count(*) > 1"""
    )
    return int(duck.value(f"SELECT count(*) FROM {table}"))
