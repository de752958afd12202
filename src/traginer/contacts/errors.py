"""What is wrong with a mapping, found before a run: nothing has been sent when one of these is raised or listed."""

from traginer.errors import TraginerError, Turn
from traginer.i18n import N_


class MappingError(TraginerError):
    """Any fault of a mapping."""

    turn = Turn.MAPPING


class ColumnUnknown(MappingError):
    """`closest` names one to three columns of the source that may be meant."""

    code = "column-unknown"
    what = N_('The source has no column "{column}".')
    next_step = N_("Choose a column that it has. Did you mean {closest}?")


class ColumnNotUsable(MappingError):
    code = "column-not-usable"
    what = N_('The column "{column}" holds {native} values, which no contact can carry.')
    next_step = N_("Choose a column with one text, number, date or yes/no value, or flatten this one in the source.")


class EmailNotText(MappingError):
    code = "email-not-text"
    what = N_('The column "{column}" cannot hold e-mail addresses: its values are of type {native}.')
    next_step = N_("Choose the text column of the source that holds the e-mail address.")


class AttributeUnknown(MappingError):
    """`closest` names one to three attributes of the account. Brevo would drop the values without a word."""

    code = "attribute-unknown"
    what = N_('The Brevo account has no contact attribute "{attribute}".')
    next_step = N_("Create it in Brevo, or choose one that exists. Did you mean {closest}?")


class AttributeTypeMismatch(MappingError):
    """Brevo would drop the values without a word."""

    code = "attribute-type-mismatch"
    what = N_('The column "{column}" ({native}) does not fit the Brevo attribute "{attribute}" ({kind}).')
    next_step = N_("Choose a column of the right type, convert it in the source, or map it to a text attribute.")


class AttributeNotWritable(MappingError):
    code = "attribute-not-writable"
    what = N_('Brevo itself fills the attribute "{attribute}"; an export cannot.')
    next_step = N_("Choose an attribute of the account that holds values of contacts.")


class AttributeIsIdentifier(MappingError):
    """EMAIL is what the mapping's `email` fills; a repeated EXT_ID would change or delete another contact."""

    code = "attribute-is-identifier"
    what = N_('"{attribute}" tells Brevo which contact is meant; it cannot be mapped as an attribute.')
    next_step = N_("Take it out of the attributes. The address comes from the e-mail column of the mapping.")


class AttributeTwice(MappingError):
    code = "attribute-twice"
    what = N_('The attribute "{attribute}" is mapped more than once.')
    next_step = N_("Keep one of its columns.")


class RegionUnknown(MappingError):
    code = "region-unknown"
    what = N_('"{region}" is no country whose telephone numbers are known.')
    next_step = N_("Write the default country as a two-letter ISO 3166 code, such as ES.")


class RegionWithoutPhone(MappingError):
    code = "region-without-phone"
    what = N_('The attribute "{attribute}" holds no telephone number, so it takes no country.')
    next_step = N_("Take the country out of this line of the mapping.")


class RegionNotText(MappingError):
    code = "region-not-text"
    what = N_('The column "{column}" cannot hold country codes: its values are of type {native}.')
    next_step = N_("Choose a text column with two-letter ISO 3166 codes, or give a default country.")


class ContactsDoNotBalance(MappingError):
    """A fault of this room: members = wanted + invalid must hold."""

    code = "contacts-do-not-balance"
    turn = Turn.OPERATOR
    what = N_("The books do not balance: {members} members became {wanted} contacts and {invalid} refusals.")
    next_step = N_("Nothing was sent. This is a fault of the product: please report it with these figures.")
