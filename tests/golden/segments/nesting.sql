-- case: all, any and none
-- rules:
--   all:
--     - {field: language, is: ca}
--     - {field: lifetime_value, at_least: 500}
--     - any:
--         - {field: last_purchase_at, within_last: {days: 90}}
--         - {field: country, is_one_of: [AD, ES]}
--     - none:
--         - {field: email, ends_with: .test}

-- duckdb
"language" = 'ca' AND "lifetime_value" >= 500 AND (("last_purchase_at" >= CAST('2025-12-29 14:30:00' AS TIMESTAMP) AND "last_purchase_at" <= CAST('2026-03-29 14:30:00' AS TIMESTAMP)) OR "country" IN ('AD', 'ES')) AND NOT COALESCE(RIGHT("email", LENGTH('.test')) = '.test', FALSE)

-- postgres
"language" = 'ca' AND "lifetime_value" >= 500 AND (("last_purchase_at" >= CAST('2025-12-29 14:30:00' AS TIMESTAMP) AND "last_purchase_at" <= CAST('2026-03-29 14:30:00' AS TIMESTAMP)) OR "country" IN ('AD', 'ES')) AND NOT COALESCE(RIGHT("email", LENGTH('.test')) = '.test', FALSE)

-- spark
`language` = 'ca' AND `lifetime_value` >= 500 AND ((`last_purchase_at` >= CAST('2025-12-29 14:30:00' AS TIMESTAMP_NTZ) AND `last_purchase_at` <= CAST('2026-03-29 14:30:00' AS TIMESTAMP_NTZ)) OR `country` IN ('AD', 'ES')) AND NOT COALESCE(RIGHT(`email`, LENGTH('.test')) = '.test', FALSE)

-- snowflake
"language" = 'ca' AND "lifetime_value" >= 500 AND (("last_purchase_at" >= CAST('2025-12-29 14:30:00' AS TIMESTAMPNTZ) AND "last_purchase_at" <= CAST('2026-03-29 14:30:00' AS TIMESTAMPNTZ)) OR "country" IN ('AD', 'ES')) AND NOT COALESCE(RIGHT("email", LENGTH('.test')) = '.test', FALSE)

-- bigquery
`language` = 'ca' AND `lifetime_value` >= 500 AND ((`last_purchase_at` >= CAST('2025-12-29 14:30:00' AS DATETIME) AND `last_purchase_at` <= CAST('2026-03-29 14:30:00' AS DATETIME)) OR `country` IN ('AD', 'ES')) AND NOT COALESCE(RIGHT(`email`, LENGTH('.test')) = '.test', FALSE)

-- case: none of all: only negated conditions pay for a COALESCE
-- rules:
--   none:
--     - all:
--         - {field: language, is: ca}
--         - {field: orders, greater_than: 3}

-- duckdb
NOT COALESCE("language" = 'ca', FALSE) OR NOT COALESCE("orders" > 3, FALSE)

-- postgres
NOT COALESCE("language" = 'ca', FALSE) OR NOT COALESCE("orders" > 3, FALSE)

-- spark
NOT COALESCE(`language` = 'ca', FALSE) OR NOT COALESCE(`orders` > 3, FALSE)

-- snowflake
NOT COALESCE("language" = 'ca', FALSE) OR NOT COALESCE("orders" > 3, FALSE)

-- bigquery
NOT COALESCE(`language` = 'ca', FALSE) OR NOT COALESCE(`orders` > 3, FALSE)

-- case: none of none is any
-- rules:
--   none:
--     - none:
--         - {field: language, is: ca}
--         - {field: orders, is_between: [1, 3]}

-- duckdb
"language" = 'ca' OR ("orders" >= 1 AND "orders" <= 3)

-- postgres
"language" = 'ca' OR ("orders" >= 1 AND "orders" <= 3)

-- spark
`language` = 'ca' OR (`orders` >= 1 AND `orders` <= 3)

-- snowflake
"language" = 'ca' OR ("orders" >= 1 AND "orders" <= 3)

-- bigquery
`language` = 'ca' OR (`orders` >= 1 AND `orders` <= 3)

-- case: none of not is in the open
-- rules:
--   none:
--     - {field: language, is_not: ca}
--     - {field: orders, is_not_between: [1, 3]}

-- duckdb
"language" = 'ca' AND ("orders" >= 1 AND "orders" <= 3)

-- postgres
"language" = 'ca' AND ("orders" >= 1 AND "orders" <= 3)

-- spark
`language` = 'ca' AND (`orders` >= 1 AND `orders` <= 3)

-- snowflake
"language" = 'ca' AND ("orders" >= 1 AND "orders" <= 3)

-- bigquery
`language` = 'ca' AND (`orders` >= 1 AND `orders` <= 3)

-- case: a group of one
-- rules: {any: [{all: [{field: language, is: ca}]}]}

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
