-- case: a plain SELECT
-- sql: SELECT customer_id FROM profiles WHERE language = 'ca' -- Catalan speakers

-- duckdb
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (SELECT customer_id FROM "profiles" AS profiles WHERE language = 'ca') AS "selected" WHERE NOT "selected"."customer_id" IS NULL

-- postgres
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (SELECT customer_id FROM "profiles" AS profiles WHERE language = 'ca') AS "selected" WHERE NOT "selected"."customer_id" IS NULL

-- spark
SELECT DISTINCT `selected`.`customer_id` AS `customer_id` FROM (SELECT customer_id FROM `profiles` AS profiles WHERE language = 'ca') AS `selected` WHERE NOT `selected`.`customer_id` IS NULL

-- snowflake
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (SELECT customer_id FROM "profiles" AS profiles WHERE language = 'ca') AS "selected" WHERE NOT "selected"."customer_id" IS NULL

-- bigquery
SELECT DISTINCT `selected`.`customer_id` AS `customer_id` FROM (SELECT customer_id FROM `profiles` AS profiles WHERE language = 'ca') AS `selected` WHERE NOT `selected`.`customer_id` IS NULL

-- case: the table is one, however it is spelled
-- sql: select P.Customer_ID from Profiles p join PROFILES on p.customer_id = Profiles.customer_id

-- duckdb
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (SELECT P.Customer_ID FROM "profiles" AS p JOIN "profiles" AS PROFILES ON p.customer_id = Profiles.customer_id) AS "selected" WHERE NOT "selected"."customer_id" IS NULL

-- postgres
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (SELECT P.Customer_ID FROM "profiles" AS p JOIN "profiles" AS PROFILES ON p.customer_id = Profiles.customer_id) AS "selected" WHERE NOT "selected"."customer_id" IS NULL

-- spark
SELECT DISTINCT `selected`.`customer_id` AS `customer_id` FROM (SELECT P.Customer_ID FROM `profiles` AS p JOIN `profiles` AS PROFILES ON p.customer_id = Profiles.customer_id) AS `selected` WHERE NOT `selected`.`customer_id` IS NULL

-- snowflake
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (SELECT P.Customer_ID FROM "profiles" AS p JOIN "profiles" AS PROFILES ON p.customer_id = Profiles.customer_id) AS "selected" WHERE NOT "selected"."customer_id" IS NULL

-- bigquery
SELECT DISTINCT `selected`.`customer_id` AS `customer_id` FROM (SELECT P.Customer_ID FROM `profiles` AS p JOIN `profiles` AS PROFILES ON p.customer_id = Profiles.customer_id) AS `selected` WHERE NOT `selected`.`customer_id` IS NULL

-- case: WITH, UNION and a window
-- sql: |
--   WITH ranked AS (SELECT customer_id, ROW_NUMBER() OVER (PARTITION BY country ORDER BY orders DESC) AS place FROM profiles)
--   SELECT customer_id FROM ranked WHERE place <= 3
--   UNION ALL
--   SELECT customer_id FROM profiles WHERE email LIKE '%.cat'

-- duckdb
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (WITH ranked AS (SELECT customer_id, ROW_NUMBER() OVER (PARTITION BY country ORDER BY orders DESC) AS place FROM "profiles" AS profiles) SELECT customer_id FROM ranked WHERE place <= 3 UNION ALL SELECT customer_id FROM "profiles" AS profiles WHERE email LIKE '%.cat') AS "selected" WHERE NOT "selected"."customer_id" IS NULL

-- postgres
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (WITH ranked AS (SELECT customer_id, ROW_NUMBER() OVER (PARTITION BY country ORDER BY orders DESC) AS place FROM "profiles" AS profiles) SELECT customer_id FROM ranked WHERE place <= 3 UNION ALL SELECT customer_id FROM "profiles" AS profiles WHERE email LIKE '%.cat') AS "selected" WHERE NOT "selected"."customer_id" IS NULL

-- spark
WITH ranked AS (SELECT customer_id, ROW_NUMBER() OVER (PARTITION BY country ORDER BY orders DESC) AS place FROM `profiles` AS profiles) SELECT DISTINCT `selected`.`customer_id` AS `customer_id` FROM (SELECT customer_id FROM ranked WHERE place <= 3 UNION ALL SELECT customer_id FROM `profiles` AS profiles WHERE email LIKE '%.cat') AS `selected` WHERE NOT `selected`.`customer_id` IS NULL

-- snowflake
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (WITH ranked AS (SELECT customer_id, ROW_NUMBER() OVER (PARTITION BY country ORDER BY orders DESC) AS place FROM "profiles" AS profiles) SELECT customer_id FROM ranked WHERE place <= 3 UNION ALL SELECT customer_id FROM "profiles" AS profiles WHERE email LIKE '%.cat') AS "selected" WHERE NOT "selected"."customer_id" IS NULL

-- bigquery
SELECT DISTINCT `selected`.`customer_id` AS `customer_id` FROM (WITH ranked AS (SELECT customer_id, ROW_NUMBER() OVER (PARTITION BY country ORDER BY orders DESC) AS place FROM `profiles` AS profiles) SELECT customer_id FROM ranked WHERE place <= 3 UNION ALL SELECT customer_id FROM `profiles` AS profiles WHERE email LIKE '%.cat') AS `selected` WHERE NOT `selected`.`customer_id` IS NULL

-- case: the clock is the run's
-- sql: SELECT customer_id FROM profiles WHERE birthday = CURRENT_DATE AND seen_at < CURRENT_TIMESTAMP

-- duckdb
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (SELECT customer_id FROM "profiles" AS profiles WHERE birthday = CAST('2026-03-29' AS DATE) AND seen_at < CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)) AS "selected" WHERE NOT "selected"."customer_id" IS NULL

-- postgres
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (SELECT customer_id FROM "profiles" AS profiles WHERE birthday = CAST('2026-03-29' AS DATE) AND seen_at < CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)) AS "selected" WHERE NOT "selected"."customer_id" IS NULL

-- spark
SELECT DISTINCT `selected`.`customer_id` AS `customer_id` FROM (SELECT customer_id FROM `profiles` AS profiles WHERE birthday = CAST('2026-03-29' AS DATE) AND seen_at < CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMP)) AS `selected` WHERE NOT `selected`.`customer_id` IS NULL

-- snowflake
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (SELECT customer_id FROM "profiles" AS profiles WHERE birthday = CAST('2026-03-29' AS DATE) AND seen_at < CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ)) AS "selected" WHERE NOT "selected"."customer_id" IS NULL

-- bigquery
SELECT DISTINCT `selected`.`customer_id` AS `customer_id` FROM (SELECT customer_id FROM `profiles` AS profiles WHERE birthday = CAST('2026-03-29' AS DATE) AND seen_at < CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMP)) AS `selected` WHERE NOT `selected`.`customer_id` IS NULL

-- case: an interval before now
-- sql: SELECT customer_id FROM profiles WHERE seen_at > NOW() - INTERVAL 90 DAY
-- dialects: [duckdb]

-- duckdb
SELECT DISTINCT "selected"."customer_id" AS "customer_id" FROM (SELECT customer_id FROM "profiles" AS profiles WHERE seen_at > CAST('2026-03-29 12:30:00+00:00' AS TIMESTAMPTZ) - INTERVAL '90' DAY) AS "selected" WHERE NOT "selected"."customer_id" IS NULL
