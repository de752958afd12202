"""What the screens say: the seed's own words, and for all else the product's catalogue."""

import gettext
from pathlib import Path

import traginer

SEED = {
    "Admin": "Administració",
    "Connections": "Connexions",
    "Add connection": "Afegeix una connexió",
    "Display name": "Nom de visualització",
    "Data privacy and compliance": "Privadesa de les dades i conformitat",
    "I agree": "Accepta",
    "Connect": "Connecta",
    "Add yourself as export user": "Afegeix-me com a usuari d'exportació",
    "Save": "Desa",
    "Data": "Dades",
    "Exports": "Exportacions",
    "Add destination": "Afegeix una destinació",
    "Connection for export": "Connexió per a l'exportació",
    "Data matching": "Coincidència de les dades",
    "Email": "Correu electrònic",
    "Add attribute": "Afegeix un atribut",
}
"""English -> Catalan, as on the page that this product is built after."""
_CATALOGUES = {
    "en": gettext.NullTranslations(),
    "ca": gettext.translation("django", Path(traginer.__file__).with_name("locale"), ["ca"]),
}


class Words:
    """`words("Save")` is what a reader of the language reads; the placeholders of a text are filled by name."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, english: str, **values: object) -> str:
        if english in SEED:
            return SEED[english] if self.language == "ca" else english
        return _CATALOGUES[self.language].gettext(english).format(**values)
