"""The REST API under /api/v1: a door. Each operation parses, calls one service and shows the answer.

A request passes
  urls       door.answering: the language, the size of the body, unknown parameters, headers; what nobody expected becomes a problem
  entry      the token, and how often it may ask: it becomes an actor
  bodies     JSON to values, strictly; parameters
  routes/    one module for each noun; what they take and show is in schemas/
  problems   every error as problem+json (RFC 9457), its status from `statuses`

`operations` names the right that each operation asks for; `document` is the OpenAPI of all that, `reference` shows it to people.
"""
