"""Whether a mapping can work, before anything is read or sent: Brevo drops unknown and unfitting values without a word."""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Named
from difflib import get_close_matches

from traginer.contacts import errors
from traginer.contacts.mapping import IDENTIFIERS, PHONE_ATTRIBUTES, AttributeMapping, AttributeType, Kind, Mapping
from traginer.contacts.numbering import REGIONS
from traginer.contacts.spelling import SPELLINGS
from traginer.values import Column, ColumnType


def check_mapping(mapping: Mapping, columns: Named[str, Column], attributes: Named[str, AttributeType] | None) -> None:
    """Raises the first of `faults`."""
    for fault in faults(mapping, columns, attributes):
        raise fault


def faults(
    mapping: Mapping, columns: Named[str, Column], attributes: Named[str, AttributeType] | None
) -> list[errors.MappingError]:
    """All that is wrong with `mapping`; empty when it can run.

    `attributes` are the account's, by name; None (the account was not asked) leaves out the checks that need them.
    """
    return [
        *_wrong_with_email(mapping.email, columns),
        *(_wrong_with_field(mapping.consent.field, columns) if mapping.consent else ()),
        *_mapped_twice(mapping),
        *(fault for one in mapping.attributes for fault in _wrong_with(one, columns, attributes)),
    ]


def _wrong_with_email(name: str, columns: Named[str, Column]) -> Iterator[errors.MappingError]:
    if name not in columns:
        yield errors.ColumnUnknown(column=name, closest=_closest(name, columns))
    elif (column := columns[name]).type is not ColumnType.TEXT:
        yield errors.EmailNotText(column=name, native=column.native)


def _mapped_twice(mapping: Mapping) -> Iterator[errors.MappingError]:
    names = [one.attribute for one in mapping.attributes]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield errors.AttributeTwice(attribute=name)


def _wrong_with(
    one: AttributeMapping, columns: Named[str, Column], attributes: Named[str, AttributeType] | None
) -> Iterator[errors.MappingError]:
    yield from _wrong_with_field(one.field, columns)
    if one.attribute.upper() in IDENTIFIERS:
        yield errors.AttributeIsIdentifier(attribute=one.attribute)
        return
    kind = _kind(one.attribute, attributes)
    if kind is Kind.READ_ONLY:
        yield errors.AttributeNotWritable(attribute=one.attribute)
    elif kind is not None:
        yield from _mismatch(one, kind, columns)
    elif attributes is not None:
        yield errors.AttributeUnknown(attribute=one.attribute, closest=_closest(one.attribute, attributes))
    yield from _wrong_with_region(one, kind, columns)


def _wrong_with_field(name: str, columns: Named[str, Column]) -> Iterator[errors.MappingError]:
    if name not in columns:
        yield errors.ColumnUnknown(column=name, closest=_closest(name, columns))
    elif (column := columns[name]).type is ColumnType.OTHER:
        yield errors.ColumnNotUsable(column=name, native=column.native)


def _kind(attribute: str, attributes: Named[str, AttributeType] | None) -> Kind | None:
    if attributes is not None:
        return Kind(attributes[attribute].kind) if attribute in attributes else None
    return Kind.PHONE if attribute in PHONE_ATTRIBUTES else None


def _mismatch(one: AttributeMapping, kind: Kind, columns: Named[str, Column]) -> Iterator[errors.MappingError]:
    column = columns.get(one.field)
    if column and column.type is not ColumnType.OTHER and column.type not in SPELLINGS[kind].takes:
        yield errors.AttributeTypeMismatch(
            column=one.field, native=column.native, attribute=one.attribute, kind=kind.value
        )


def _wrong_with_region(
    one: AttributeMapping, kind: Kind | None, columns: Named[str, Column]
) -> Iterator[errors.MappingError]:
    if (one.region or one.default_region) and kind not in {Kind.PHONE, None}:
        yield errors.RegionWithoutPhone(attribute=one.attribute)
    if one.region and one.region not in columns:
        yield errors.ColumnUnknown(column=one.region, closest=_closest(one.region, columns))
    elif one.region and (column := columns[one.region]).type is not ColumnType.TEXT:
        yield errors.RegionNotText(column=one.region, native=column.native)
    if one.default_region and one.default_region not in REGIONS:
        yield errors.RegionUnknown(region=one.default_region)


def _closest(name: str, names: Iterable[str]) -> str:
    by_fold = {known.casefold(): known for known in names}
    close = get_close_matches(name.casefold(), by_fold, n=3) or list(by_fold)[:3]
    return ", ".join(f'"{by_fold[fold]}"' for fold in close) or "-"
