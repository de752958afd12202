"""What a column is for, by its name: as people spell it in English, Catalan, Spanish, French, German, Italian and Portuguese."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from traginer.values import Column, ColumnType

# The surest first.
EMAIL_COLUMNS = ("email", "e_mail", "email_address", "mail", "correu", "correu_electronic", "correo", "courriel")
FIRST_NAME_COLUMNS = ("first_name", "firstname", "given_name", "forename", "prenom", "nombre", "vorname", "nome", "nom")
LAST_NAME_COLUMNS = (
    *("last_name", "lastname", "surname", "family_name", "cognom", "cognoms", "apellido", "apellidos"),
    *("nom_de_famille", "nachname", "cognome", "sobrenome", "apelido"),
)
PHONE_COLUMNS = ("phone", "mobile", "phone_number", "telephone", "telefon", "mobil", "telefono", "movil", "portable")
COUNTRY_COLUMNS = ("country", "country_code", "region", "pais", "pays", "land", "paese")


def text_column(names: Sequence[str], columns: Mapping[str, Column]) -> str:
    """The text column that is called as the first of `names` that there is; "" where there is none."""
    texts = {plain(name): name for name, column in columns.items() if column.type is ColumnType.TEXT}
    return next((texts[name] for name in names if name in texts), "")


def plain(name: str) -> str:
    """A column's name as the lists above spell names: "Correu electrònic" and "correu-electronic" are the same."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    letters = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
