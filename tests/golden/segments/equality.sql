-- case: a text is a value
-- rules: {field: language, is: ca}

-- duckdb
"language" = 'ca'

-- postgres
"language" = 'ca'

-- spark
`language` = 'ca'

-- snowflake
"language" = 'ca'

-- bigquery
`language` = 'ca'

-- case: a text is a value, in any case
-- rules: {field: language, is: CA, ignore_case: true}

-- duckdb
LOWER("language") = LOWER('CA')

-- postgres
LOWER("language") = LOWER('CA')

-- spark
LOWER(`language`) = LOWER('CA')

-- snowflake
LOWER("language") = LOWER('CA')

-- bigquery
LOWER(`language`) = LOWER('CA')

-- case: a text is an empty text
-- rules: {field: language, is: ''}

-- duckdb
"language" = ''

-- postgres
"language" = ''

-- spark
`language` = ''

-- snowflake
"language" = ''

-- bigquery
`language` = ''

-- case: a number is a whole number
-- rules: {field: orders, is: -3}

-- duckdb
"orders" = -3

-- postgres
"orders" = -3

-- spark
`orders` = -3

-- snowflake
"orders" = -3

-- bigquery
`orders` = -3

-- case: a number is a decimal
-- rules: {field: lifetime_value, is: 19.99}

-- duckdb
"lifetime_value" = 19.99

-- postgres
"lifetime_value" = 19.99

-- spark
`lifetime_value` = 19.99

-- snowflake
"lifetime_value" = 19.99

-- bigquery
`lifetime_value` = 19.99

-- case: a number is a double of seventeen digits
-- rules: {field: lifetime_value, is: 0.30000000000000004}

-- duckdb
"lifetime_value" = 0.30000000000000004e0

-- postgres
"lifetime_value" = 0.30000000000000004e0

-- spark
`lifetime_value` = 0.30000000000000004e0

-- snowflake
"lifetime_value" = 0.30000000000000004e0

-- bigquery
`lifetime_value` = 0.30000000000000004e0

-- case: a number is tiny
-- rules: {field: lifetime_value, is: 1.0e-7}

-- duckdb
"lifetime_value" = 1e-07

-- postgres
"lifetime_value" = 1e-07

-- spark
`lifetime_value` = 1e-07

-- snowflake
"lifetime_value" = 1e-07

-- bigquery
`lifetime_value` = 1e-07

-- case: yes or no
-- rules: {field: is_subscribed, is: true}

-- duckdb
"is_subscribed" = TRUE

-- postgres
"is_subscribed" = TRUE

-- spark
`is_subscribed` = TRUE

-- snowflake
"is_subscribed" = TRUE

-- bigquery
`is_subscribed` = TRUE

-- case: a date is a day
-- rules: {field: birthday, is: 1990-02-28}

-- duckdb
"birthday" = CAST('1990-02-28' AS DATE)

-- postgres
"birthday" = CAST('1990-02-28' AS DATE)

-- spark
`birthday` = CAST('1990-02-28' AS DATE)

-- snowflake
"birthday" = CAST('1990-02-28' AS DATE)

-- bigquery
`birthday` = CAST('1990-02-28' AS DATE)

-- case: a wall clock is on a day
-- rules: {field: last_purchase_at, is: 2026-03-29}

-- duckdb
"last_purchase_at" >= CAST('2026-03-29 00:00:00' AS TIMESTAMP) AND "last_purchase_at" < CAST('2026-03-30 00:00:00' AS TIMESTAMP)

-- postgres
"last_purchase_at" >= CAST('2026-03-29 00:00:00' AS TIMESTAMP) AND "last_purchase_at" < CAST('2026-03-30 00:00:00' AS TIMESTAMP)

-- spark
`last_purchase_at` >= CAST('2026-03-29 00:00:00' AS TIMESTAMP_NTZ) AND `last_purchase_at` < CAST('2026-03-30 00:00:00' AS TIMESTAMP_NTZ)

-- snowflake
"last_purchase_at" >= CAST('2026-03-29 00:00:00' AS TIMESTAMPNTZ) AND "last_purchase_at" < CAST('2026-03-30 00:00:00' AS TIMESTAMPNTZ)

-- bigquery
`last_purchase_at` >= CAST('2026-03-29 00:00:00' AS DATETIME) AND `last_purchase_at` < CAST('2026-03-30 00:00:00' AS DATETIME)

-- case: an instant is on a day of twenty-three hours
-- rules: {field: seen_at, is: 2026-03-29}

-- duckdb
"seen_at" >= CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" >= CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` >= CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMP) AND `seen_at` < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" >= CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` >= CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMP) AND `seen_at` < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMP)

-- case: a wall clock is a moment with an offset
-- rules: {field: last_purchase_at, is: "2026-01-01T00:00:00+00:00"}

-- duckdb
"last_purchase_at" = CAST('2026-01-01 01:00:00' AS TIMESTAMP)

-- postgres
"last_purchase_at" = CAST('2026-01-01 01:00:00' AS TIMESTAMP)

-- spark
`last_purchase_at` = CAST('2026-01-01 01:00:00' AS TIMESTAMP_NTZ)

-- snowflake
"last_purchase_at" = CAST('2026-01-01 01:00:00' AS TIMESTAMPNTZ)

-- bigquery
`last_purchase_at` = CAST('2026-01-01 01:00:00' AS DATETIME)

-- case: an instant is a moment of the zone
-- rules: {field: seen_at, is: "2026-07-01 12:00"}

-- duckdb
"seen_at" = CAST('2026-07-01 10:00:00+00:00' AS TIMESTAMPTZ)

-- postgres
"seen_at" = CAST('2026-07-01 10:00:00+00:00' AS TIMESTAMPTZ)

-- spark
`seen_at` = CAST('2026-07-01 10:00:00+00:00' AS TIMESTAMP)

-- snowflake
"seen_at" = CAST('2026-07-01 10:00:00+00:00' AS TIMESTAMPTZ)

-- bigquery
`seen_at` = CAST('2026-07-01 10:00:00+00:00' AS TIMESTAMP)

-- case: a text is not a value, which an empty field satisfies
-- rules: {field: language, is_not: ca}

-- duckdb
NOT COALESCE("language" = 'ca', FALSE)

-- postgres
NOT COALESCE("language" = 'ca', FALSE)

-- spark
NOT COALESCE(`language` = 'ca', FALSE)

-- snowflake
NOT COALESCE("language" = 'ca', FALSE)

-- bigquery
NOT COALESCE(`language` = 'ca', FALSE)

-- case: a text is not a value, in any case
-- rules: {field: language, is_not: CA, ignore_case: true}

-- duckdb
NOT COALESCE(LOWER("language") = LOWER('CA'), FALSE)

-- postgres
NOT COALESCE(LOWER("language") = LOWER('CA'), FALSE)

-- spark
NOT COALESCE(LOWER(`language`) = LOWER('CA'), FALSE)

-- snowflake
NOT COALESCE(LOWER("language") = LOWER('CA'), FALSE)

-- bigquery
NOT COALESCE(LOWER(`language`) = LOWER('CA'), FALSE)
