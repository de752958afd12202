"""Sample profiles: as many as wanted, the same every time, and as untidy as real ones.

Made in DuckDB from the profile's number and md5, so that a million take seconds and every machine gets the same people.
About 8 % of the addresses are dirty (missing, malformed, written oddly), 3 % are shared by two profiles, phones come in
ten notations over six countries, names are Catalan, Spanish, French and English, and any optional field may be empty.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from traginer.duck import Duck, literal
from traginer.durable import replacing


@dataclass(frozen=True)
class Names:
    """First and last names of one language, and the mail domains its people use."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    domains: tuple[str, ...]


NAMES = {
    "ca": Names(
        (
            "Aina",
            "Biel",
            "Carme",
            "Dídac",
            "Eulàlia",
            "Ferran",
            "Gemma",
            "Hug",
            "Isona",
            "Jordi",
            "Laia",
            "Martí",
            "Núria",
            "Oriol",
            "Queralt",
            "Roc",
            "Xènia",
            "Èlia",
        ),
        (
            "Pous",
            "Serra",
            "Vila i Roca",
            "Puigdomènech",
            "Bosch",
            "Ferrer",
            "Camps",
            "Soler",
            "Mas",
            "Riera",
            "Coll·lell",
            "Domènech",
            "d'Ors",
            "Sanç",
            "Güell",
        ),
        ("exemple.cat", "botiga.example", "correu.example", "poble.cat.example"),
    ),
    "es": Names(
        (
            "Alba",
            "Bruno",
            "Carmen",
            "Diego",
            "Elena",
            "Íñigo",
            "Lucía",
            "Martín",
            "Noelia",
            "Óscar",
            "Pilar",
            "Rocío",
            "Sofía",
            "Toñi",
        ),
        ("García", "Núñez", "Peña", "López", "de la Fuente", "Ibáñez", "Muñoz", "Ruiz", "Castaño", "Ortega"),
        ("correo.example", "ejemplo.es.example", "tienda.example"),
    ),
    "fr": Names(
        ("Adèle", "Benoît", "Chloé", "Élodie", "François", "Gaël", "Hélène", "Jean-Luc", "Maël", "Noémie", "Zoé"),
        ("Lefèvre", "Dubois", "Gauthier", "N'Diaye", "Moreau", "L'Hôte", "Bérenger", "Saint-Étienne"),
        ("courriel.example", "exemple.fr.example"),
    ),
    "en": Names(
        ("Alice", "Ben", "Charlotte", "Dylan", "Emily", "Finn", "Grace", "Harry", "Isla", "Niamh", "Owen", "Siobhán"),
        ("O'Brien", "Smith", "MacDonald", "Taylor-Jones", "Walker", "Hughes", "Ng", "Byrne"),
        ("mail.example", "shop.example"),
    ),
}
PHONES = {
    "ES": ("34", "6", 8),
    "AD": ("376", "3", 5),
    "FR": ("33", "6", 8),
    "GB": ("44", "7400", 6),
    "IT": ("39", "347", 7),
    "PT": ("351", "91", 7),
}
CITIES = {
    "ES": ("Barcelona", "Girona", "Lleida", "Vic", "Reus", "Palma", "València", "Madrid", "Sevilla"),
    "AD": ("Andorra la Vella", "Ordino", "Encamp"),
    "FR": ("Perpinyà", "Lyon", "Nîmes"),
    "GB": ("London", "Leeds"),
    "IT": ("l'Alguer", "Torino"),
    "PT": ("Lisboa", "Évora"),
}


def write_profiles(duck: Duck, path: Path, count: int, today: date, *, first: int = 1) -> None:
    """Write `count` profiles from number `first` on to the Parquet file `path`; purchases lie in the three years before `today`."""
    with replacing(path) as part:
        duck.run(
            f"COPY ({profiles_query(count, today, first=first)}) TO {literal(part)} (FORMAT parquet, COMPRESSION zstd)"
        )


def profiles_query(count: int, today: date, *, first: int = 1) -> str:
    """The SELECT that makes the profiles, 17 columns each."""
    return f"""
WITH numbers AS (SELECT range AS n, {_TWIN} AS person FROM range({first}, {first + count})),
dice AS (SELECT n, person, {_dice("language", 100, of="person")}, {_dice("country", 100, of="person")},
                {_dice("first", 9973, of="person")}, {_dice("last", 9967, of="person")}, {_dice("domain", 9949, of="person")},
                {_dice("dirt", 1000)}, {_dice("phone", 100_000_000)}, {_dice("notation", 10)},
                {_dice("blank", 1000)}, {_dice("value", 10_000)}, {_dice("days", 1095)}, {_dice("orders", 100)}, {_dice("birth", 20_000)}
           FROM numbers),
people AS (SELECT *,
    CASE WHEN d_language < 48 THEN 'ca' WHEN d_language < 74 THEN 'es' WHEN d_language < 88 THEN 'fr' ELSE 'en' END AS language,
    CASE WHEN d_country < 70 THEN 'ES' WHEN d_country < 78 THEN 'AD' WHEN d_country < 88 THEN 'FR'
         WHEN d_country < 94 THEN 'GB' WHEN d_country < 97 THEN 'IT' ELSE 'PT' END AS country FROM dice),
named AS (SELECT *, {_pick("language", "d_first", {k: v.first for k, v in NAMES.items()})} AS first_name,
                    {_pick("language", "d_last", {k: v.last for k, v in NAMES.items()})} AS last_name,
                    {_pick("language", "d_domain", {k: v.domains for k, v in NAMES.items()})} AS domain,
                    {_pick("country", "d_domain", CITIES)} AS city FROM people),
reached AS (SELECT *, {_ADDRESS} AS clean_email, {_number()} AS digits FROM named)
SELECT printf('C%08d', n) AS customer_id,
       CASE WHEN d_blank < 40 THEN NULL WHEN d_blank < 50 THEN '' ELSE first_name END AS first_name,
       CASE WHEN d_blank BETWEEN 50 AND 80 THEN NULL ELSE last_name END AS last_name,
       {_DIRTY} AS email,
       {_notation()} AS phone,
       CASE WHEN d_blank BETWEEN 90 AND 110 THEN NULL ELSE country END AS country,
       language,
       CASE WHEN d_blank BETWEEN 120 AND 180 THEN NULL ELSE city END AS city,
       printf('%05d', (d_phone % 52000) + 1000) AS postcode,
       DATE '1940-01-01' + d_birth::INTEGER AS birth_date,
       round(d_value * d_value / 40000.0, 2)::DECIMAL(10, 2) AS lifetime_value,
       CASE WHEN d_orders < 30 THEN 0 ELSE d_orders // 8 END::INTEGER AS orders,
       CASE WHEN d_orders < 30 THEN NULL ELSE {literal(today.isoformat())}::TIMESTAMP - to_days(d_days::INTEGER) + to_minutes((d_value % 1440)::BIGINT) END AS last_purchase_at,
       {literal(today.isoformat())}::DATE - (d_days + d_value % 400)::INTEGER AS joined_on,
       d_blank % 5 <> 0 AS newsletter,
       ['bronze', 'silver', 'gold'][1 + d_orders % 3] AS loyalty,
       {literal(today.isoformat())}::TIMESTAMP - to_minutes((d_value % 1000)::BIGINT) AS updated_at
  FROM reached"""


def change_profiles(duck: Duck, path: Path, *, share: float) -> None:
    """Change about `share` of the profiles in the Parquet file: half get another name, a fourth spend, a fourth stop spending."""
    die = f"(md5_number_lower(customer_id || 'change') % 1000000 < {round(share * 1_000_000)})"
    kind = "(md5_number_lower(customer_id || 'kind') % 4)"
    changed = f"""
SELECT * REPLACE (
    CASE WHEN {die} AND {kind} < 2 THEN last_name || ' Nou' ELSE last_name END AS last_name,
    CASE WHEN {die} AND {kind} = 2 THEN 900 WHEN {die} AND {kind} = 3 THEN 0 ELSE lifetime_value END::DECIMAL(10, 2) AS lifetime_value,
    CASE WHEN {die} AND {kind} = 2 THEN 12 WHEN {die} AND {kind} = 3 THEN 0 ELSE orders END::INTEGER AS orders,
    CASE WHEN {die} AND {kind} = 2 THEN updated_at WHEN {die} AND {kind} = 3 THEN NULL ELSE last_purchase_at END AS last_purchase_at)
  FROM read_parquet({literal(path)})"""
    with replacing(path) as part:
        duck.run(f"COPY ({changed}) TO {literal(part)} (FORMAT parquet, COMPRESSION zstd)")


def _dice(name: str, sides: int, of: str = "n") -> str:
    return f"(md5_number_lower('{name}' || {of}) % {sides})::BIGINT AS d_{name}"


def _list(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(literal(value) for value in values) + "]"


def _pick(by: str, die: str, choices: dict[str, tuple[str, ...]]) -> str:
    cases = " ".join(f"WHEN '{key}' THEN {_list(values)}[1 + {die} % {len(values)}]" for key, values in choices.items())
    return f"CASE {by} {cases} END"


# Three profiles in a hundred are the person of the profile before them: the same customer, twice.
_TWIN = "CASE WHEN range > 1 AND md5_number_lower('twin' || range) % 100 < 3 THEN range - 1 ELSE range END"

_ADDRESS = """lower(strip_accents(replace(replace(first_name, ' ', ''), '''', ''))) || '.'
    || regexp_replace(lower(strip_accents(last_name)), '[^a-z]', '', 'g') || '.'
    || person || '@' || domain"""

_DIRTY = """CASE
    WHEN d_dirt < 20 THEN NULL
    WHEN d_dirt < 30 THEN ''
    WHEN d_dirt < 40 THEN replace(clean_email, '@', ' at ')
    WHEN d_dirt < 50 THEN replace(clean_email, '.example', '')  || '..com'
    WHEN d_dirt < 60 THEN clean_email || ';' || 'altra.' || clean_email
    WHEN d_dirt < 65 THEN 'desconegut'
    WHEN d_dirt < 75 THEN '  ' || upper(clean_email) || ' '
    WHEN d_dirt < 80 THEN 'mailto:' || clean_email
    ELSE clean_email END"""


def _number() -> str:
    cases = " ".join(
        f"WHEN '{country}' THEN '{start}' || lpad((d_phone % {10**length})::VARCHAR, {length}, '0')"
        for country, (_, start, length) in PHONES.items()
    )
    return f"CASE country {cases} END"


def _notation() -> str:
    """The phone as people write it: with and without prefix, spaces, dots, dashes, brackets, or nonsense."""
    code = (
        "CASE country "
        + " ".join(f"WHEN '{country}' THEN '{code}'" for country, (code, _, _) in PHONES.items())
        + " END"
    )
    spaced = "digits[1:3] || ' ' || digits[4:5] || ' ' || digits[6:]"
    return f"""CASE
    WHEN d_blank BETWEEN 200 AND 380 THEN NULL
    WHEN d_blank BETWEEN 381 AND 389 THEN 'no en té'
    WHEN d_blank BETWEEN 390 AND 399 THEN digits[1:4]
    WHEN d_notation = 0 THEN '+' || {code} || digits
    WHEN d_notation = 1 THEN '+' || {code} || ' ' || {spaced}
    WHEN d_notation = 2 THEN '00' || {code} || digits
    WHEN d_notation = 3 THEN '(+' || {code} || ') ' || digits
    WHEN d_notation = 4 THEN digits[1:3] || '.' || digits[4:6] || '.' || digits[7:]
    WHEN d_notation = 5 THEN digits[1:3] || '-' || digits[4:]
    WHEN d_notation = 6 THEN {spaced}
    ELSE digits END"""
