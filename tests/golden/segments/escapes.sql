-- case: wildcards and a backslash are letters
-- rules: {field: email, contains: '100%_\'}

-- duckdb
STRPOS("email", '100%_\') > 0

-- postgres
POSITION('100%_\' IN "email") > 0

-- spark
LOCATE('100%_\\', `email`) > 0

-- snowflake
CHARINDEX('100%_\\', "email") > 0

-- bigquery
INSTR(`email`, '100%_\\') > 0

-- case: a backslash at the end is a letter
-- rules: {field: email, ends_with: '\'}

-- duckdb
RIGHT("email", LENGTH('\')) = '\'

-- postgres
RIGHT("email", LENGTH('\')) = '\'

-- spark
RIGHT(`email`, LENGTH('\\')) = '\\'

-- snowflake
RIGHT("email", LENGTH('\\')) = '\\'

-- bigquery
RIGHT(`email`, LENGTH('\\')) = '\\'

-- case: a quote ends nothing
-- rules: {field: email, is: "O'Brien; drop table x--"}

-- duckdb
"email" = 'O''Brien; drop table x--'

-- postgres
"email" = 'O''Brien; drop table x--'

-- spark
`email` = 'O\'Brien; drop table x--'

-- snowflake
"email" = 'O\'Brien; drop table x--'

-- bigquery
`email` = 'O\'Brien; drop table x--'

-- case: all quotes, a comment, and a line end
-- rules: {field: email, starts_with: "\"`'/*$$\n"}

-- duckdb
STARTS_WITH("email", '"`''/*$$
')

-- postgres
STARTS_WITH("email", '"`''/*$$
')

-- spark
STARTSWITH(`email`, '"`\'/*$$\n')

-- snowflake
STARTSWITH("email", '"`\'/*$$\n')

-- bigquery
STARTS_WITH(`email`, '"`\'/*$$\n')

-- case: a field with quotes in its name
-- rules: {field: 'odd "name"`', is: x}

-- duckdb
"odd ""name""`" = 'x'

-- postgres
"odd ""name""`" = 'x'

-- spark
`odd "name"``` = 'x'

-- snowflake
"odd ""name""`" = 'x'

-- bigquery
`odd "name"\`` = 'x'

-- case: letters beyond ASCII
-- rules: {field: email, contains: "l·là 😀"}

-- duckdb
STRPOS("email", 'l·là 😀') > 0

-- postgres
POSITION('l·là 😀' IN "email") > 0

-- spark
LOCATE('l·là 😀', `email`) > 0

-- snowflake
CHARINDEX('l·là 😀', "email") > 0

-- bigquery
INSTR(`email`, 'l·là 😀') > 0
