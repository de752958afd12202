-- case: a text is one of several
-- rules: {field: country, is_one_of: [AD, ES]}

-- duckdb
"country" IN ('AD', 'ES')

-- postgres
"country" IN ('AD', 'ES')

-- spark
`country` IN ('AD', 'ES')

-- snowflake
"country" IN ('AD', 'ES')

-- bigquery
`country` IN ('AD', 'ES')

-- case: a text is one of several, in any case
-- rules: {field: country, is_one_of: [ad, es], ignore_case: true}

-- duckdb
LOWER("country") IN (LOWER('ad'), LOWER('es'))

-- postgres
LOWER("country") IN (LOWER('ad'), LOWER('es'))

-- spark
LOWER(`country`) IN (LOWER('ad'), LOWER('es'))

-- snowflake
LOWER("country") IN (LOWER('ad'), LOWER('es'))

-- bigquery
LOWER(`country`) IN (LOWER('ad'), LOWER('es'))

-- case: a list of one
-- rules: {field: country, is_one_of: [AD]}

-- duckdb
"country" = 'AD'

-- postgres
"country" = 'AD'

-- spark
`country` = 'AD'

-- snowflake
"country" = 'AD'

-- bigquery
`country` = 'AD'

-- case: numbers are listed by the type an engine gives them
-- rules: {field: lifetime_value, is_one_of: [1, 0.5, 2, 0.25, 0.75, 1.0e+30]}

-- duckdb
"lifetime_value" = 0.5 OR "lifetime_value" IN (0.25, 0.75) OR "lifetime_value" = 1e+30 OR "lifetime_value" IN (1, 2)

-- postgres
"lifetime_value" = 0.5 OR "lifetime_value" IN (0.25, 0.75) OR "lifetime_value" = 1e+30 OR "lifetime_value" IN (1, 2)

-- spark
`lifetime_value` = 0.5 OR `lifetime_value` IN (0.25, 0.75) OR `lifetime_value` = 1e+30 OR `lifetime_value` IN (1, 2)

-- snowflake
"lifetime_value" = 0.5 OR "lifetime_value" IN (0.25, 0.75) OR "lifetime_value" = 1e+30 OR "lifetime_value" IN (1, 2)

-- bigquery
`lifetime_value` = 0.5 OR `lifetime_value` IN (0.25, 0.75) OR `lifetime_value` = 1e+30 OR `lifetime_value` IN (1, 2)

-- case: dates
-- rules: {field: birthday, is_one_of: [1990-02-28, 1990-03-01]}

-- duckdb
"birthday" IN (CAST('1990-02-28' AS DATE), CAST('1990-03-01' AS DATE))

-- postgres
"birthday" IN (CAST('1990-02-28' AS DATE), CAST('1990-03-01' AS DATE))

-- spark
`birthday` IN (CAST('1990-02-28' AS DATE), CAST('1990-03-01' AS DATE))

-- snowflake
"birthday" IN (CAST('1990-02-28' AS DATE), CAST('1990-03-01' AS DATE))

-- bigquery
`birthday` IN (CAST('1990-02-28' AS DATE), CAST('1990-03-01' AS DATE))

-- case: days and moments of an instant
-- rules: {field: seen_at, is_one_of: [2026-03-29, "2026-03-30T10:00Z", "2026-03-30T11:00Z"]}

-- duckdb
("seen_at" >= CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMPTZ)) OR "seen_at" IN (CAST('2026-03-30 10:00:00+00:00' AS TIMESTAMPTZ), CAST('2026-03-30 11:00:00+00:00' AS TIMESTAMPTZ))

-- postgres
("seen_at" >= CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMPTZ)) OR "seen_at" IN (CAST('2026-03-30 10:00:00+00:00' AS TIMESTAMPTZ), CAST('2026-03-30 11:00:00+00:00' AS TIMESTAMPTZ))

-- spark
(`seen_at` >= CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMP) AND `seen_at` < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMP)) OR `seen_at` IN (CAST('2026-03-30 10:00:00+00:00' AS TIMESTAMP), CAST('2026-03-30 11:00:00+00:00' AS TIMESTAMP))

-- snowflake
("seen_at" >= CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMPTZ)) OR "seen_at" IN (CAST('2026-03-30 10:00:00+00:00' AS TIMESTAMPTZ), CAST('2026-03-30 11:00:00+00:00' AS TIMESTAMPTZ))

-- bigquery
(`seen_at` >= CAST('2026-03-28 23:00:00+00:00' AS TIMESTAMP) AND `seen_at` < CAST('2026-03-29 22:00:00+00:00' AS TIMESTAMP)) OR `seen_at` IN (CAST('2026-03-30 10:00:00+00:00' AS TIMESTAMP), CAST('2026-03-30 11:00:00+00:00' AS TIMESTAMP))

-- case: a text is not one of several, which an empty field satisfies
-- rules: {field: country, is_not_one_of: [AD, ES]}

-- duckdb
NOT COALESCE("country" IN ('AD', 'ES'), FALSE)

-- postgres
NOT COALESCE("country" IN ('AD', 'ES'), FALSE)

-- spark
NOT COALESCE(`country` IN ('AD', 'ES'), FALSE)

-- snowflake
NOT COALESCE("country" IN ('AD', 'ES'), FALSE)

-- bigquery
NOT COALESCE(`country` IN ('AD', 'ES'), FALSE)
