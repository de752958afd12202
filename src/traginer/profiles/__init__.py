"""Where profiles live: columns, types, a unique key, and the rows of a query as a table of the session."""
