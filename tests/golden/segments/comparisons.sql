-- case: a number is greater
-- rules: {field: lifetime_value, greater_than: 500}

-- duckdb
"lifetime_value" > 500

-- postgres
"lifetime_value" > 500

-- spark
`lifetime_value` > 500

-- snowflake
"lifetime_value" > 500

-- bigquery
`lifetime_value` > 500

-- case: a number is at least
-- rules: {field: lifetime_value, at_least: 500.5}

-- duckdb
"lifetime_value" >= 500.5

-- postgres
"lifetime_value" >= 500.5

-- spark
`lifetime_value` >= 500.5

-- snowflake
"lifetime_value" >= 500.5

-- bigquery
`lifetime_value` >= 500.5

-- case: a number is less
-- rules: {field: lifetime_value, less_than: 500}

-- duckdb
"lifetime_value" < 500

-- postgres
"lifetime_value" < 500

-- spark
`lifetime_value` < 500

-- snowflake
"lifetime_value" < 500

-- bigquery
`lifetime_value` < 500

-- case: a number is at most
-- rules: {field: lifetime_value, at_most: 500}

-- duckdb
"lifetime_value" <= 500

-- postgres
"lifetime_value" <= 500

-- spark
`lifetime_value` <= 500

-- snowflake
"lifetime_value" <= 500

-- bigquery
`lifetime_value` <= 500

-- case: a date is after a day
-- rules: {field: birthday, greater_than: 1990-02-28}

-- duckdb
"birthday" > CAST('1990-02-28' AS DATE)

-- postgres
"birthday" > CAST('1990-02-28' AS DATE)

-- spark
`birthday` > CAST('1990-02-28' AS DATE)

-- snowflake
"birthday" > CAST('1990-02-28' AS DATE)

-- bigquery
`birthday` > CAST('1990-02-28' AS DATE)

-- case: a wall clock is after a day: not before the next one begins
-- rules: {field: last_purchase_at, greater_than: 2026-03-28}

-- duckdb
"last_purchase_at" >= CAST('2026-03-29 00:00:00' AS TIMESTAMP)

-- postgres
"last_purchase_at" >= CAST('2026-03-29 00:00:00' AS TIMESTAMP)

-- spark
`last_purchase_at` >= CAST('2026-03-29 00:00:00' AS TIMESTAMP_NTZ)

-- snowflake
"last_purchase_at" >= CAST('2026-03-29 00:00:00' AS TIMESTAMPNTZ)

-- bigquery
`last_purchase_at` >= CAST('2026-03-29 00:00:00' AS DATETIME)

-- case: a wall clock is from a day on
-- rules: {field: last_purchase_at, at_least: 2026-03-29}

-- duckdb
"last_purchase_at" >= CAST('2026-03-29 00:00:00' AS TIMESTAMP)

-- postgres
"last_purchase_at" >= CAST('2026-03-29 00:00:00' AS TIMESTAMP)

-- spark
`last_purchase_at` >= CAST('2026-03-29 00:00:00' AS TIMESTAMP_NTZ)

-- snowflake
"last_purchase_at" >= CAST('2026-03-29 00:00:00' AS TIMESTAMPNTZ)

-- bigquery
`last_purchase_at` >= CAST('2026-03-29 00:00:00' AS DATETIME)

-- case: an instant is before a day
-- rules: {field: seen_at, less_than: 2026-03-29}

-- duckdb
"seen_at" < CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" < CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` < CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" < CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` < CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMP)

-- case: an instant is up to and with a day
-- rules: {field: seen_at, at_most: 2026-03-29}

-- duckdb
"seen_at" < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMP)

-- case: an instant is after a moment in the hour the clock jumps over
-- rules: {field: seen_at, greater_than: "2026-03-29T02:30"}

-- duckdb
"seen_at" > CAST('2026-03-29 01:30:00+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" > CAST('2026-03-29 01:30:00+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` > CAST('2026-03-29 01:30:00+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" > CAST('2026-03-29 01:30:00+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` > CAST('2026-03-29 01:30:00+00:00' AS TIMESTAMP)

-- case: the last day there is
-- rules: {field: seen_at, at_most: 9999-12-31}
-- zone: America/New_York

-- duckdb
"seen_at" < CAST('9999-12-31 23:59:59.999999+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" < CAST('9999-12-31 23:59:59.999999+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` < CAST('9999-12-31 23:59:59.999999+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" < CAST('9999-12-31 23:59:59.999999+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` < CAST('9999-12-31 23:59:59.999999+00:00' AS TIMESTAMP)

-- case: the first day there is
-- rules: {field: seen_at, at_least: 0001-01-01}

-- duckdb
"seen_at" >= CAST('0001-01-01 00:14:44+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" >= CAST('0001-01-01 00:14:44+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` >= CAST('0001-01-01 00:14:44+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" >= CAST('0001-01-01 00:14:44+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` >= CAST('0001-01-01 00:14:44+00:00' AS TIMESTAMP)

-- case: a number is between two
-- rules: {field: orders, is_between: [1, 10]}

-- duckdb
"orders" >= 1 AND "orders" <= 10

-- postgres
"orders" >= 1 AND "orders" <= 10

-- spark
`orders` >= 1 AND `orders` <= 10

-- snowflake
"orders" >= 1 AND "orders" <= 10

-- bigquery
`orders` >= 1 AND `orders` <= 10

-- case: a date is between two
-- rules: {field: birthday, is_between: [1990-01-01, 1999-12-31]}

-- duckdb
"birthday" >= CAST('1990-01-01' AS DATE) AND "birthday" <= CAST('1999-12-31' AS DATE)

-- postgres
"birthday" >= CAST('1990-01-01' AS DATE) AND "birthday" <= CAST('1999-12-31' AS DATE)

-- spark
`birthday` >= CAST('1990-01-01' AS DATE) AND `birthday` <= CAST('1999-12-31' AS DATE)

-- snowflake
"birthday" >= CAST('1990-01-01' AS DATE) AND "birthday" <= CAST('1999-12-31' AS DATE)

-- bigquery
`birthday` >= CAST('1990-01-01' AS DATE) AND `birthday` <= CAST('1999-12-31' AS DATE)

-- case: a wall clock is between two days, both whole
-- rules: {field: last_purchase_at, is_between: [2026-01-01, 2026-01-31]}

-- duckdb
"last_purchase_at" >= CAST('2026-01-01 00:00:00' AS TIMESTAMP) AND "last_purchase_at" < CAST('2026-02-01 00:00:00' AS TIMESTAMP)

-- postgres
"last_purchase_at" >= CAST('2026-01-01 00:00:00' AS TIMESTAMP) AND "last_purchase_at" < CAST('2026-02-01 00:00:00' AS TIMESTAMP)

-- spark
`last_purchase_at` >= CAST('2026-01-01 00:00:00' AS TIMESTAMP_NTZ) AND `last_purchase_at` < CAST('2026-02-01 00:00:00' AS TIMESTAMP_NTZ)

-- snowflake
"last_purchase_at" >= CAST('2026-01-01 00:00:00' AS TIMESTAMPNTZ) AND "last_purchase_at" < CAST('2026-02-01 00:00:00' AS TIMESTAMPNTZ)

-- bigquery
`last_purchase_at` >= CAST('2026-01-01 00:00:00' AS DATETIME) AND `last_purchase_at` < CAST('2026-02-01 00:00:00' AS DATETIME)

-- case: an instant is between a day and a moment
-- rules: {field: seen_at, is_between: [2026-01-01, "2026-01-31T12:00:00.5+01:00"]}

-- duckdb
"seen_at" >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-01-31 11:00:00.500000+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-01-31 11:00:00.500000+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMP) AND `seen_at` <= CAST('2026-01-31 11:00:00.500000+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-01-31 11:00:00.500000+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMP) AND `seen_at` <= CAST('2026-01-31 11:00:00.500000+00:00' AS TIMESTAMP)

-- case: a number is not between two, which an empty field satisfies
-- rules: {field: orders, is_not_between: [1, 10]}

-- duckdb
NOT COALESCE("orders" >= 1 AND "orders" <= 10, FALSE)

-- postgres
NOT COALESCE("orders" >= 1 AND "orders" <= 10, FALSE)

-- spark
NOT COALESCE(`orders` >= 1 AND `orders` <= 10, FALSE)

-- snowflake
NOT COALESCE("orders" >= 1 AND "orders" <= 10, FALSE)

-- bigquery
NOT COALESCE(`orders` >= 1 AND `orders` <= 10, FALSE)
