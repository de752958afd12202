-- case: a field is empty
-- rules: {field: email, is_empty: true}

-- duckdb
"email" IS NULL

-- postgres
"email" IS NULL

-- spark
`email` IS NULL

-- snowflake
"email" IS NULL

-- bigquery
`email` IS NULL

-- case: a field is not empty
-- rules: {field: email, is_not_empty: true}

-- duckdb
NOT "email" IS NULL

-- postgres
NOT "email" IS NULL

-- spark
NOT `email` IS NULL

-- snowflake
NOT "email" IS NULL

-- bigquery
NOT `email` IS NULL

-- case: none are empty: already two-valued, so no COALESCE
-- rules: {none: [{field: email, is_empty: true}, {field: country, is_not_empty: true}]}

-- duckdb
NOT "email" IS NULL AND "country" IS NULL

-- postgres
NOT "email" IS NULL AND "country" IS NULL

-- spark
NOT `email` IS NULL AND `country` IS NULL

-- snowflake
NOT "email" IS NULL AND "country" IS NULL

-- bigquery
NOT `email` IS NULL AND `country` IS NULL
