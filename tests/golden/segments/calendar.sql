-- case: a day of the month
-- rules: {field: birthday, day_of: 29}

-- duckdb
EXTRACT(DAY FROM "birthday") = 29

-- postgres
EXTRACT(DAY FROM "birthday") = 29

-- spark
EXTRACT(DAY FROM `birthday`) = 29

-- snowflake
DATE_PART(DAY, "birthday") = 29

-- bigquery
EXTRACT(DAY FROM `birthday`) = 29

-- case: days of the month of an instant
-- rules: {field: seen_at, day_of: [1, 15]}

-- duckdb
EXTRACT(DAY FROM "seen_at" AT TIME ZONE 'Europe/Madrid') IN (1, 15)

-- postgres
EXTRACT(DAY FROM "seen_at" AT TIME ZONE 'Europe/Madrid') IN (1, 15)

-- spark
EXTRACT(DAY FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) IN (1, 15)

-- snowflake
DATE_PART(DAY, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) IN (1, 15)

-- bigquery
EXTRACT(DAY FROM DATETIME(`seen_at`, 'Europe/Madrid')) IN (1, 15)

-- case: a month of a wall clock
-- rules: {field: last_purchase_at, month_of: march}

-- duckdb
EXTRACT(MONTH FROM "last_purchase_at") = 3

-- postgres
EXTRACT(MONTH FROM "last_purchase_at") = 3

-- spark
EXTRACT(MONTH FROM `last_purchase_at`) = 3

-- snowflake
DATE_PART(MONTH, "last_purchase_at") = 3

-- bigquery
EXTRACT(MONTH FROM `last_purchase_at`) = 3

-- case: months of a date
-- rules: {field: birthday, month_of: [6, july]}

-- duckdb
EXTRACT(MONTH FROM "birthday") IN (6, 7)

-- postgres
EXTRACT(MONTH FROM "birthday") IN (6, 7)

-- spark
EXTRACT(MONTH FROM `birthday`) IN (6, 7)

-- snowflake
DATE_PART(MONTH, "birthday") IN (6, 7)

-- bigquery
EXTRACT(MONTH FROM `birthday`) IN (6, 7)

-- case: a year of a date, as a range
-- rules: {field: birthday, year_of: 1990}

-- duckdb
"birthday" >= CAST('1990-01-01' AS DATE) AND "birthday" <= CAST('1990-12-31' AS DATE)

-- postgres
"birthday" >= CAST('1990-01-01' AS DATE) AND "birthday" <= CAST('1990-12-31' AS DATE)

-- spark
`birthday` >= CAST('1990-01-01' AS DATE) AND `birthday` <= CAST('1990-12-31' AS DATE)

-- snowflake
"birthday" >= CAST('1990-01-01' AS DATE) AND "birthday" <= CAST('1990-12-31' AS DATE)

-- bigquery
`birthday` >= CAST('1990-01-01' AS DATE) AND `birthday` <= CAST('1990-12-31' AS DATE)

-- case: years of an instant, as ranges of the zone
-- rules: {field: seen_at, year_of: [2025, 2026]}

-- duckdb
("seen_at" >= CAST('2024-12-31 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" < CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMPTZ)) OR ("seen_at" >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" < CAST('2026-12-31 23:00:00+00:00' AS TIMESTAMPTZ))

-- postgres
("seen_at" >= CAST('2024-12-31 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" < CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMPTZ)) OR ("seen_at" >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" < CAST('2026-12-31 23:00:00+00:00' AS TIMESTAMPTZ))

-- spark
(`seen_at` >= CAST('2024-12-31 23:00:00+00:00' AS TIMESTAMP) AND `seen_at` < CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMP)) OR (`seen_at` >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMP) AND `seen_at` < CAST('2026-12-31 23:00:00+00:00' AS TIMESTAMP))

-- snowflake
("seen_at" >= CAST('2024-12-31 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" < CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMPTZ)) OR ("seen_at" >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMPTZ) AND "seen_at" < CAST('2026-12-31 23:00:00+00:00' AS TIMESTAMPTZ))

-- bigquery
(`seen_at` >= CAST('2024-12-31 23:00:00+00:00' AS TIMESTAMP) AND `seen_at` < CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMP)) OR (`seen_at` >= CAST('2025-12-31 23:00:00+00:00' AS TIMESTAMP) AND `seen_at` < CAST('2026-12-31 23:00:00+00:00' AS TIMESTAMP))

-- case: a weekday of a date
-- rules: {field: birthday, day_of_week: sunday}

-- duckdb
EXTRACT(ISODOW FROM "birthday") = 7

-- postgres
EXTRACT(ISODOW FROM "birthday") = 7

-- spark
EXTRACT(DAYOFWEEK_ISO FROM `birthday`) = 7

-- snowflake
DATE_PART(DAYOFWEEKISO, "birthday") = 7

-- bigquery
EXTRACT(DAYOFWEEK FROM `birthday`) = 1

-- case: weekdays of an instant
-- rules: {field: seen_at, day_of_week: [1, Saturday, 7]}

-- duckdb
EXTRACT(ISODOW FROM "seen_at" AT TIME ZONE 'Europe/Madrid') IN (1, 6, 7)

-- postgres
EXTRACT(ISODOW FROM "seen_at" AT TIME ZONE 'Europe/Madrid') IN (1, 6, 7)

-- spark
EXTRACT(DAYOFWEEK_ISO FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) IN (1, 6, 7)

-- snowflake
DATE_PART(DAYOFWEEKISO, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) IN (1, 6, 7)

-- bigquery
EXTRACT(DAYOFWEEK FROM DATETIME(`seen_at`, 'Europe/Madrid')) IN (2, 7, 1)

-- case: a minute of a wall clock
-- rules: {field: last_purchase_at, time_at: "09:30"}

-- duckdb
EXTRACT(HOUR FROM "last_purchase_at") * 3600 + EXTRACT(MINUTE FROM "last_purchase_at") * 60 + EXTRACT(SECOND FROM "last_purchase_at") >= 34200 AND EXTRACT(HOUR FROM "last_purchase_at") * 3600 + EXTRACT(MINUTE FROM "last_purchase_at") * 60 + EXTRACT(SECOND FROM "last_purchase_at") < 34260

-- postgres
EXTRACT(HOUR FROM "last_purchase_at") * 3600 + EXTRACT(MINUTE FROM "last_purchase_at") * 60 + EXTRACT(SECOND FROM "last_purchase_at") >= 34200 AND EXTRACT(HOUR FROM "last_purchase_at") * 3600 + EXTRACT(MINUTE FROM "last_purchase_at") * 60 + EXTRACT(SECOND FROM "last_purchase_at") < 34260

-- spark
EXTRACT(HOUR FROM `last_purchase_at`) * 3600 + EXTRACT(MINUTE FROM `last_purchase_at`) * 60 + EXTRACT(SECOND FROM `last_purchase_at`) >= 34200 AND EXTRACT(HOUR FROM `last_purchase_at`) * 3600 + EXTRACT(MINUTE FROM `last_purchase_at`) * 60 + EXTRACT(SECOND FROM `last_purchase_at`) < 34260

-- snowflake
DATE_PART(HOUR, "last_purchase_at") * 3600 + DATE_PART(MINUTE, "last_purchase_at") * 60 + DATE_PART(SECOND, "last_purchase_at") >= 34200 AND DATE_PART(HOUR, "last_purchase_at") * 3600 + DATE_PART(MINUTE, "last_purchase_at") * 60 + DATE_PART(SECOND, "last_purchase_at") < 34260

-- bigquery
EXTRACT(HOUR FROM `last_purchase_at`) * 3600 + EXTRACT(MINUTE FROM `last_purchase_at`) * 60 + EXTRACT(SECOND FROM `last_purchase_at`) >= 34200 AND EXTRACT(HOUR FROM `last_purchase_at`) * 3600 + EXTRACT(MINUTE FROM `last_purchase_at`) * 60 + EXTRACT(SECOND FROM `last_purchase_at`) < 34260

-- case: a second of an instant
-- rules: {field: seen_at, time_at: "09:30:15"}

-- duckdb
EXTRACT(HOUR FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 3600 + EXTRACT(MINUTE FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 60 + EXTRACT(SECOND FROM "seen_at" AT TIME ZONE 'Europe/Madrid') >= 34215 AND EXTRACT(HOUR FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 3600 + EXTRACT(MINUTE FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 60 + EXTRACT(SECOND FROM "seen_at" AT TIME ZONE 'Europe/Madrid') < 34216

-- postgres
EXTRACT(HOUR FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 3600 + EXTRACT(MINUTE FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 60 + EXTRACT(SECOND FROM "seen_at" AT TIME ZONE 'Europe/Madrid') >= 34215 AND EXTRACT(HOUR FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 3600 + EXTRACT(MINUTE FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 60 + EXTRACT(SECOND FROM "seen_at" AT TIME ZONE 'Europe/Madrid') < 34216

-- spark
EXTRACT(HOUR FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) * 3600 + EXTRACT(MINUTE FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) * 60 + EXTRACT(SECOND FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) >= 34215 AND EXTRACT(HOUR FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) * 3600 + EXTRACT(MINUTE FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) * 60 + EXTRACT(SECOND FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) < 34216

-- snowflake
DATE_PART(HOUR, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) * 3600 + DATE_PART(MINUTE, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) * 60 + DATE_PART(SECOND, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) >= 34215 AND DATE_PART(HOUR, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) * 3600 + DATE_PART(MINUTE, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) * 60 + DATE_PART(SECOND, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) < 34216

-- bigquery
EXTRACT(HOUR FROM DATETIME(`seen_at`, 'Europe/Madrid')) * 3600 + EXTRACT(MINUTE FROM DATETIME(`seen_at`, 'Europe/Madrid')) * 60 + EXTRACT(SECOND FROM DATETIME(`seen_at`, 'Europe/Madrid')) >= 34215 AND EXTRACT(HOUR FROM DATETIME(`seen_at`, 'Europe/Madrid')) * 3600 + EXTRACT(MINUTE FROM DATETIME(`seen_at`, 'Europe/Madrid')) * 60 + EXTRACT(SECOND FROM DATETIME(`seen_at`, 'Europe/Madrid')) < 34216

-- case: from a time to a time
-- rules: {field: last_purchase_at, time_at: ["09:00", "17:29"]}

-- duckdb
EXTRACT(HOUR FROM "last_purchase_at") * 3600 + EXTRACT(MINUTE FROM "last_purchase_at") * 60 + EXTRACT(SECOND FROM "last_purchase_at") >= 32400 AND EXTRACT(HOUR FROM "last_purchase_at") * 3600 + EXTRACT(MINUTE FROM "last_purchase_at") * 60 + EXTRACT(SECOND FROM "last_purchase_at") < 63000

-- postgres
EXTRACT(HOUR FROM "last_purchase_at") * 3600 + EXTRACT(MINUTE FROM "last_purchase_at") * 60 + EXTRACT(SECOND FROM "last_purchase_at") >= 32400 AND EXTRACT(HOUR FROM "last_purchase_at") * 3600 + EXTRACT(MINUTE FROM "last_purchase_at") * 60 + EXTRACT(SECOND FROM "last_purchase_at") < 63000

-- spark
EXTRACT(HOUR FROM `last_purchase_at`) * 3600 + EXTRACT(MINUTE FROM `last_purchase_at`) * 60 + EXTRACT(SECOND FROM `last_purchase_at`) >= 32400 AND EXTRACT(HOUR FROM `last_purchase_at`) * 3600 + EXTRACT(MINUTE FROM `last_purchase_at`) * 60 + EXTRACT(SECOND FROM `last_purchase_at`) < 63000

-- snowflake
DATE_PART(HOUR, "last_purchase_at") * 3600 + DATE_PART(MINUTE, "last_purchase_at") * 60 + DATE_PART(SECOND, "last_purchase_at") >= 32400 AND DATE_PART(HOUR, "last_purchase_at") * 3600 + DATE_PART(MINUTE, "last_purchase_at") * 60 + DATE_PART(SECOND, "last_purchase_at") < 63000

-- bigquery
EXTRACT(HOUR FROM `last_purchase_at`) * 3600 + EXTRACT(MINUTE FROM `last_purchase_at`) * 60 + EXTRACT(SECOND FROM `last_purchase_at`) >= 32400 AND EXTRACT(HOUR FROM `last_purchase_at`) * 3600 + EXTRACT(MINUTE FROM `last_purchase_at`) * 60 + EXTRACT(SECOND FROM `last_purchase_at`) < 63000

-- case: over midnight, of an instant
-- rules: {field: seen_at, time_at: ["22:00", "05:59"]}

-- duckdb
EXTRACT(HOUR FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 3600 + EXTRACT(MINUTE FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 60 + EXTRACT(SECOND FROM "seen_at" AT TIME ZONE 'Europe/Madrid') >= 79200 OR EXTRACT(HOUR FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 3600 + EXTRACT(MINUTE FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 60 + EXTRACT(SECOND FROM "seen_at" AT TIME ZONE 'Europe/Madrid') < 21600

-- postgres
EXTRACT(HOUR FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 3600 + EXTRACT(MINUTE FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 60 + EXTRACT(SECOND FROM "seen_at" AT TIME ZONE 'Europe/Madrid') >= 79200 OR EXTRACT(HOUR FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 3600 + EXTRACT(MINUTE FROM "seen_at" AT TIME ZONE 'Europe/Madrid') * 60 + EXTRACT(SECOND FROM "seen_at" AT TIME ZONE 'Europe/Madrid') < 21600

-- spark
EXTRACT(HOUR FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) * 3600 + EXTRACT(MINUTE FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) * 60 + EXTRACT(SECOND FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) >= 79200 OR EXTRACT(HOUR FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) * 3600 + EXTRACT(MINUTE FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) * 60 + EXTRACT(SECOND FROM CONVERT_TIMEZONE('Europe/Madrid', `seen_at`)) < 21600

-- snowflake
DATE_PART(HOUR, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) * 3600 + DATE_PART(MINUTE, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) * 60 + DATE_PART(SECOND, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) >= 79200 OR DATE_PART(HOUR, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) * 3600 + DATE_PART(MINUTE, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) * 60 + DATE_PART(SECOND, CONVERT_TIMEZONE('Europe/Madrid', "seen_at")) < 21600

-- bigquery
EXTRACT(HOUR FROM DATETIME(`seen_at`, 'Europe/Madrid')) * 3600 + EXTRACT(MINUTE FROM DATETIME(`seen_at`, 'Europe/Madrid')) * 60 + EXTRACT(SECOND FROM DATETIME(`seen_at`, 'Europe/Madrid')) >= 79200 OR EXTRACT(HOUR FROM DATETIME(`seen_at`, 'Europe/Madrid')) * 3600 + EXTRACT(MINUTE FROM DATETIME(`seen_at`, 'Europe/Madrid')) * 60 + EXTRACT(SECOND FROM DATETIME(`seen_at`, 'Europe/Madrid')) < 21600
