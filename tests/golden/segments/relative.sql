-- case: a date within days
-- rules: {field: birthday, within_last: {days: 90}}

-- duckdb
"birthday" >= CAST('2025-12-29' AS DATE) AND "birthday" <= CAST('2026-03-29' AS DATE)

-- postgres
"birthday" >= CAST('2025-12-29' AS DATE) AND "birthday" <= CAST('2026-03-29' AS DATE)

-- spark
`birthday` >= CAST('2025-12-29' AS DATE) AND `birthday` <= CAST('2026-03-29' AS DATE)

-- snowflake
"birthday" >= CAST('2025-12-29' AS DATE) AND "birthday" <= CAST('2026-03-29' AS DATE)

-- bigquery
`birthday` >= CAST('2025-12-29' AS DATE) AND `birthday` <= CAST('2026-03-29' AS DATE)

-- case: a date within months clamps at the month's end
-- rules: {field: birthday, within_last: {months: 1}}
-- as_of: "2026-03-31T10:00:00+02:00"

-- duckdb
"birthday" >= CAST('2026-02-28' AS DATE) AND "birthday" <= CAST('2026-03-31' AS DATE)

-- postgres
"birthday" >= CAST('2026-02-28' AS DATE) AND "birthday" <= CAST('2026-03-31' AS DATE)

-- spark
`birthday` >= CAST('2026-02-28' AS DATE) AND `birthday` <= CAST('2026-03-31' AS DATE)

-- snowflake
"birthday" >= CAST('2026-02-28' AS DATE) AND "birthday" <= CAST('2026-03-31' AS DATE)

-- bigquery
`birthday` >= CAST('2026-02-28' AS DATE) AND `birthday` <= CAST('2026-03-31' AS DATE)

-- case: a date within years clamps on a leap day
-- rules: {field: birthday, within_last: {years: 1}}
-- as_of: "2028-02-29T10:00:00+01:00"

-- duckdb
"birthday" >= CAST('2027-02-28' AS DATE) AND "birthday" <= CAST('2028-02-29' AS DATE)

-- postgres
"birthday" >= CAST('2027-02-28' AS DATE) AND "birthday" <= CAST('2028-02-29' AS DATE)

-- spark
`birthday` >= CAST('2027-02-28' AS DATE) AND `birthday` <= CAST('2028-02-29' AS DATE)

-- snowflake
"birthday" >= CAST('2027-02-28' AS DATE) AND "birthday" <= CAST('2028-02-29' AS DATE)

-- bigquery
`birthday` >= CAST('2027-02-28' AS DATE) AND `birthday` <= CAST('2028-02-29' AS DATE)

-- case: a wall clock within weeks keeps the time of day
-- rules: {field: last_purchase_at, within_last: {weeks: 2}}

-- duckdb
"last_purchase_at" >= CAST('2026-03-15 14:30:00' AS TIMESTAMP) AND "last_purchase_at" <= CAST('2026-03-29 14:30:00' AS TIMESTAMP)

-- postgres
"last_purchase_at" >= CAST('2026-03-15 14:30:00' AS TIMESTAMP) AND "last_purchase_at" <= CAST('2026-03-29 14:30:00' AS TIMESTAMP)

-- spark
`last_purchase_at` >= CAST('2026-03-15 14:30:00' AS TIMESTAMP_NTZ) AND `last_purchase_at` <= CAST('2026-03-29 14:30:00' AS TIMESTAMP_NTZ)

-- snowflake
"last_purchase_at" >= CAST('2026-03-15 14:30:00' AS TIMESTAMPNTZ) AND "last_purchase_at" <= CAST('2026-03-29 14:30:00' AS TIMESTAMPNTZ)

-- bigquery
`last_purchase_at` >= CAST('2026-03-15 14:30:00' AS DATETIME) AND `last_purchase_at` <= CAST('2026-03-29 14:30:00' AS DATETIME)

-- case: a wall clock within hours counts real hours over the jump
-- rules: {field: last_purchase_at, within_last: {hours: 13}}

-- duckdb
"last_purchase_at" >= CAST('2026-03-29 00:30:00' AS TIMESTAMP) AND "last_purchase_at" <= CAST('2026-03-29 14:30:00' AS TIMESTAMP)

-- postgres
"last_purchase_at" >= CAST('2026-03-29 00:30:00' AS TIMESTAMP) AND "last_purchase_at" <= CAST('2026-03-29 14:30:00' AS TIMESTAMP)

-- spark
`last_purchase_at` >= CAST('2026-03-29 00:30:00' AS TIMESTAMP_NTZ) AND `last_purchase_at` <= CAST('2026-03-29 14:30:00' AS TIMESTAMP_NTZ)

-- snowflake
"last_purchase_at" >= CAST('2026-03-29 00:30:00' AS TIMESTAMPNTZ) AND "last_purchase_at" <= CAST('2026-03-29 14:30:00' AS TIMESTAMPNTZ)

-- bigquery
`last_purchase_at` >= CAST('2026-03-29 00:30:00' AS DATETIME) AND `last_purchase_at` <= CAST('2026-03-29 14:30:00' AS DATETIME)

-- case: an instant within a day of twenty-three hours
-- rules: {field: seen_at, within_last: {days: 1}}

-- duckdb
"seen_at" >= CAST('2026-03-28 13:30:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" >= CAST('2026-03-28 13:30:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` >= CAST('2026-03-28 13:30:00+00:00' AS TIMESTAMP) AND `seen_at` <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" >= CAST('2026-03-28 13:30:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` >= CAST('2026-03-28 13:30:00+00:00' AS TIMESTAMP) AND `seen_at` <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMP)

-- case: an instant within hours
-- rules: {field: seen_at, within_last: {hours: 24}}

-- duckdb
"seen_at" >= CAST('2026-03-28 12:30:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" >= CAST('2026-03-28 12:30:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` >= CAST('2026-03-28 12:30:00+00:00' AS TIMESTAMP) AND `seen_at` <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" >= CAST('2026-03-28 12:30:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` >= CAST('2026-03-28 12:30:00+00:00' AS TIMESTAMP) AND `seen_at` <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMP)

-- case: an instant within minutes
-- rules: {field: seen_at, within_last: {minutes: 30}}

-- duckdb
"seen_at" >= CAST('2026-03-29 12:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" >= CAST('2026-03-29 12:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` >= CAST('2026-03-29 12:00:00+00:00' AS TIMESTAMP) AND `seen_at` <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" >= CAST('2026-03-29 12:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` >= CAST('2026-03-29 12:00:00+00:00' AS TIMESTAMP) AND `seen_at` <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMP)

-- case: a wall clock that was set back inside the span
-- rules: {field: last_purchase_at, within_last: {minutes: 30}}
-- as_of: "2026-10-25T02:10:00+01:00"

-- duckdb
"last_purchase_at" >= CAST('2026-10-25 01:40:00' AS TIMESTAMP) AND "last_purchase_at" <= CAST('2026-10-25 02:10:00' AS TIMESTAMP)

-- postgres
"last_purchase_at" >= CAST('2026-10-25 01:40:00' AS TIMESTAMP) AND "last_purchase_at" <= CAST('2026-10-25 02:10:00' AS TIMESTAMP)

-- spark
`last_purchase_at` >= CAST('2026-10-25 01:40:00' AS TIMESTAMP_NTZ) AND `last_purchase_at` <= CAST('2026-10-25 02:10:00' AS TIMESTAMP_NTZ)

-- snowflake
"last_purchase_at" >= CAST('2026-10-25 01:40:00' AS TIMESTAMPNTZ) AND "last_purchase_at" <= CAST('2026-10-25 02:10:00' AS TIMESTAMPNTZ)

-- bigquery
`last_purchase_at` >= CAST('2026-10-25 01:40:00' AS DATETIME) AND `last_purchase_at` <= CAST('2026-10-25 02:10:00' AS DATETIME)

-- case: further back than there are years
-- rules: {field: seen_at, within_last: {years: 5000}}

-- duckdb
"seen_at" >= CAST('0001-01-01 14:44:44+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" >= CAST('0001-01-01 14:44:44+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` >= CAST('0001-01-01 14:44:44+00:00' AS TIMESTAMP) AND `seen_at` <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" >= CAST('0001-01-01 14:44:44+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` >= CAST('0001-01-01 14:44:44+00:00' AS TIMESTAMP) AND `seen_at` <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMP)

-- case: the day begins in the run's zone
-- rules: {field: birthday, within_last: {days: 1}}
-- as_of: "2026-03-29T23:30:00+00:00"
-- zone: Pacific/Auckland

-- duckdb
"birthday" >= CAST('2026-03-29' AS DATE) AND "birthday" <= CAST('2026-03-30' AS DATE)

-- postgres
"birthday" >= CAST('2026-03-29' AS DATE) AND "birthday" <= CAST('2026-03-30' AS DATE)

-- spark
`birthday` >= CAST('2026-03-29' AS DATE) AND `birthday` <= CAST('2026-03-30' AS DATE)

-- snowflake
"birthday" >= CAST('2026-03-29' AS DATE) AND "birthday" <= CAST('2026-03-30' AS DATE)

-- bigquery
`birthday` >= CAST('2026-03-29' AS DATE) AND `birthday` <= CAST('2026-03-30' AS DATE)

-- case: a date in the year to date
-- rules: {field: birthday, year_to_date: true}

-- duckdb
"birthday" >= CAST('2026-01-01' AS DATE) AND "birthday" <= CAST('2026-03-29' AS DATE)

-- postgres
"birthday" >= CAST('2026-01-01' AS DATE) AND "birthday" <= CAST('2026-03-29' AS DATE)

-- spark
`birthday` >= CAST('2026-01-01' AS DATE) AND `birthday` <= CAST('2026-03-29' AS DATE)

-- snowflake
"birthday" >= CAST('2026-01-01' AS DATE) AND "birthday" <= CAST('2026-03-29' AS DATE)

-- bigquery
`birthday` >= CAST('2026-01-01' AS DATE) AND `birthday` <= CAST('2026-03-29' AS DATE)

-- case: a wall clock in the year to date
-- rules: {field: last_purchase_at, year_to_date: true}

-- duckdb
"last_purchase_at" >= CAST('2026-01-01 00:00:00' AS TIMESTAMP) AND "last_purchase_at" <= CAST('2026-03-29 14:30:00' AS TIMESTAMP)

-- postgres
"last_purchase_at" >= CAST('2026-01-01 00:00:00' AS TIMESTAMP) AND "last_purchase_at" <= CAST('2026-03-29 14:30:00' AS TIMESTAMP)

-- spark
`last_purchase_at` >= CAST('2026-01-01 00:00:00' AS TIMESTAMP_NTZ) AND `last_purchase_at` <= CAST('2026-03-29 14:30:00' AS TIMESTAMP_NTZ)

-- snowflake
"last_purchase_at" >= CAST('2026-01-01 00:00:00' AS TIMESTAMPNTZ) AND "last_purchase_at" <= CAST('2026-03-29 14:30:00' AS TIMESTAMPNTZ)

-- bigquery
`last_purchase_at` >= CAST('2026-01-01 00:00:00' AS DATETIME) AND `last_purchase_at` <= CAST('2026-03-29 14:30:00' AS DATETIME)

-- case: an instant in the year to date
-- rules: {field: seen_at, year_to_date: true}

-- duckdb
"seen_at" >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMP) AND `seen_at` <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMP) AND `seen_at` <= CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMP)

-- case: months back to a month that has the day
-- rules: {field: birthday, within_last: {months: 2}}
-- as_of: "2026-05-31T10:00:00+02:00"

-- duckdb
"birthday" >= CAST('2026-03-31' AS DATE) AND "birthday" <= CAST('2026-05-31' AS DATE)

-- postgres
"birthday" >= CAST('2026-03-31' AS DATE) AND "birthday" <= CAST('2026-05-31' AS DATE)

-- spark
`birthday` >= CAST('2026-03-31' AS DATE) AND `birthday` <= CAST('2026-05-31' AS DATE)

-- snowflake
"birthday" >= CAST('2026-03-31' AS DATE) AND "birthday" <= CAST('2026-05-31' AS DATE)

-- bigquery
`birthday` >= CAST('2026-03-31' AS DATE) AND `birthday` <= CAST('2026-05-31' AS DATE)

-- case: months back over the new year
-- rules: {field: birthday, within_last: {months: 3}}
-- as_of: "2026-02-28T10:00:00+01:00"

-- duckdb
"birthday" >= CAST('2025-11-28' AS DATE) AND "birthday" <= CAST('2026-02-28' AS DATE)

-- postgres
"birthday" >= CAST('2025-11-28' AS DATE) AND "birthday" <= CAST('2026-02-28' AS DATE)

-- spark
`birthday` >= CAST('2025-11-28' AS DATE) AND `birthday` <= CAST('2026-02-28' AS DATE)

-- snowflake
"birthday" >= CAST('2025-11-28' AS DATE) AND "birthday" <= CAST('2026-02-28' AS DATE)

-- bigquery
`birthday` >= CAST('2025-11-28' AS DATE) AND `birthday` <= CAST('2026-02-28' AS DATE)
