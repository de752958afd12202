-- case: contains
-- rules: {field: email, contains: gmail}

-- duckdb
STRPOS("email", 'gmail') > 0

-- postgres
POSITION('gmail' IN "email") > 0

-- spark
LOCATE('gmail', `email`) > 0

-- snowflake
CHARINDEX('gmail', "email") > 0

-- bigquery
INSTR(`email`, 'gmail') > 0

-- case: contains, in any case
-- rules: {field: email, contains: Gmail, ignore_case: true}

-- duckdb
STRPOS(LOWER("email"), LOWER('Gmail')) > 0

-- postgres
POSITION(LOWER('Gmail') IN LOWER("email")) > 0

-- spark
LOCATE(LOWER('Gmail'), LOWER(`email`)) > 0

-- snowflake
CHARINDEX(LOWER('Gmail'), LOWER("email")) > 0

-- bigquery
INSTR(LOWER(`email`), LOWER('Gmail')) > 0

-- case: does not contain, which an empty field satisfies
-- rules: {field: email, does_not_contain: gmail}

-- duckdb
NOT COALESCE(STRPOS("email", 'gmail') > 0, FALSE)

-- postgres
NOT COALESCE(POSITION('gmail' IN "email") > 0, FALSE)

-- spark
NOT COALESCE(LOCATE('gmail', `email`) > 0, FALSE)

-- snowflake
NOT COALESCE(CHARINDEX('gmail', "email") > 0, FALSE)

-- bigquery
NOT COALESCE(INSTR(`email`, 'gmail') > 0, FALSE)

-- case: starts with
-- rules: {field: email, starts_with: ada}

-- duckdb
STARTS_WITH("email", 'ada')

-- postgres
STARTS_WITH("email", 'ada')

-- spark
STARTSWITH(`email`, 'ada')

-- snowflake
STARTSWITH("email", 'ada')

-- bigquery
STARTS_WITH(`email`, 'ada')

-- case: starts with, in any case
-- rules: {field: email, starts_with: Ada, ignore_case: true}

-- duckdb
STARTS_WITH(LOWER("email"), LOWER('Ada'))

-- postgres
STARTS_WITH(LOWER("email"), LOWER('Ada'))

-- spark
STARTSWITH(LOWER(`email`), LOWER('Ada'))

-- snowflake
STARTSWITH(LOWER("email"), LOWER('Ada'))

-- bigquery
STARTS_WITH(LOWER(`email`), LOWER('Ada'))

-- case: ends with
-- rules: {field: email, ends_with: .cat}

-- duckdb
RIGHT("email", LENGTH('.cat')) = '.cat'

-- postgres
RIGHT("email", LENGTH('.cat')) = '.cat'

-- spark
RIGHT(`email`, LENGTH('.cat')) = '.cat'

-- snowflake
RIGHT("email", LENGTH('.cat')) = '.cat'

-- bigquery
RIGHT(`email`, LENGTH('.cat')) = '.cat'

-- case: ends with, in any case
-- rules: {field: email, ends_with: .CAT, ignore_case: true}

-- duckdb
RIGHT(LOWER("email"), LENGTH(LOWER('.CAT'))) = LOWER('.CAT')

-- postgres
RIGHT(LOWER("email"), LENGTH(LOWER('.CAT'))) = LOWER('.CAT')

-- spark
RIGHT(LOWER(`email`), LENGTH(LOWER('.CAT'))) = LOWER('.CAT')

-- snowflake
RIGHT(LOWER("email"), LENGTH(LOWER('.CAT'))) = LOWER('.CAT')

-- bigquery
RIGHT(LOWER(`email`), LENGTH(LOWER('.CAT'))) = LOWER('.CAT')
