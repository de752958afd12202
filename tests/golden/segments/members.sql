-- case: one segment
-- segments: [{rules: {field: language, is: ca}}]
-- select: [email, first_name]

-- duckdb
SELECT "profiles"."customer_id", "profiles"."email", "profiles"."first_name" FROM "profiles" WHERE "language" = 'ca'

-- postgres
SELECT "profiles"."customer_id", "profiles"."email", "profiles"."first_name" FROM "profiles" WHERE "language" = 'ca'

-- spark
SELECT `profiles`.`customer_id`, `profiles`.`email`, `profiles`.`first_name` FROM `profiles` WHERE `language` = 'ca'

-- snowflake
SELECT "profiles"."customer_id", "profiles"."email", "profiles"."first_name" FROM "profiles" WHERE "language" = 'ca'

-- bigquery
SELECT `profiles`.`customer_id`, `profiles`.`email`, `profiles`.`first_name` FROM `profiles` WHERE `language` = 'ca'

-- case: several segments, a SELECT among them, and the key only once
-- segments:
--   - {rules: {field: language, is: ca}}
--   - {sql: SELECT customer_id FROM profiles}
--   - rules: {all: [{field: orders, at_least: 1}, {field: country, is_not: ES}]}
--   - {sql: SELECT 1}
-- select: [customer_id, 'odd "name"`']

-- duckdb
SELECT "profiles"."customer_id", "profiles"."odd ""name""`" FROM "profiles" WHERE "language" = 'ca' OR "profiles"."customer_id" IN (SELECT "sql_members_0"."customer_id" FROM "sql_members_0") OR ("orders" >= 1 AND NOT COALESCE("country" = 'ES', FALSE)) OR "profiles"."customer_id" IN (SELECT "sql_members_1"."customer_id" FROM "sql_members_1")

-- postgres
SELECT "profiles"."customer_id", "profiles"."odd ""name""`" FROM "profiles" WHERE "language" = 'ca' OR "profiles"."customer_id" IN (SELECT "sql_members_0"."customer_id" FROM "sql_members_0") OR ("orders" >= 1 AND NOT COALESCE("country" = 'ES', FALSE)) OR "profiles"."customer_id" IN (SELECT "sql_members_1"."customer_id" FROM "sql_members_1")

-- spark
SELECT `profiles`.`customer_id`, `profiles`.`odd "name"``` FROM `profiles` WHERE `language` = 'ca' OR `profiles`.`customer_id` IN (SELECT `sql_members_0`.`customer_id` FROM `sql_members_0`) OR (`orders` >= 1 AND NOT COALESCE(`country` = 'ES', FALSE)) OR `profiles`.`customer_id` IN (SELECT `sql_members_1`.`customer_id` FROM `sql_members_1`)

-- snowflake
SELECT "profiles"."customer_id", "profiles"."odd ""name""`" FROM "profiles" WHERE "language" = 'ca' OR "profiles"."customer_id" IN (SELECT "sql_members_0"."customer_id" FROM "sql_members_0") OR ("orders" >= 1 AND NOT COALESCE("country" = 'ES', FALSE)) OR "profiles"."customer_id" IN (SELECT "sql_members_1"."customer_id" FROM "sql_members_1")

-- bigquery
SELECT `profiles`.`customer_id`, `profiles`.`odd "name"\`` FROM `profiles` WHERE `language` = 'ca' OR `profiles`.`customer_id` IN (SELECT `sql_members_0`.`customer_id` FROM `sql_members_0`) OR (`orders` >= 1 AND NOT COALESCE(`country` = 'ES', FALSE)) OR `profiles`.`customer_id` IN (SELECT `sql_members_1`.`customer_id` FROM `sql_members_1`)

-- case: no segment has no member
-- segments: []

-- duckdb
SELECT "profiles"."customer_id" FROM "profiles" WHERE FALSE

-- postgres
SELECT "profiles"."customer_id" FROM "profiles" WHERE FALSE

-- spark
SELECT `profiles`.`customer_id` FROM `profiles` WHERE FALSE

-- snowflake
SELECT "profiles"."customer_id" FROM "profiles" WHERE FALSE

-- bigquery
SELECT `profiles`.`customer_id` FROM `profiles` WHERE FALSE
