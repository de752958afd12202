"""Profiles as people look one up: find it, see what is in it, which segments it is in, and what became of it.

references  what stands for a profile in an address   searching  by key, e-mail address or name
explaining  why it is in a segment, or is not         looking    one profile, with all of this
kin         whom a contact has to be compared with    exported   each export: wanted or not, and why
listed      lists it is on by our books               left_out   what past runs left out of it
"""

from traginer.control.profiles.explaining import Answer, Explanation, explain
from traginer.control.profiles.exported import Carried, Contact, Next, Wanted
from traginer.control.profiles.left_out import LeftOut
from traginer.control.profiles.listed import Listed
from traginer.control.profiles.looking import Belonging, Profile, Value, look
from traginer.control.profiles.references import PlaceUnknown, ProfileUnknown, reference_of, sealed, unsealed
from traginer.control.profiles.searching import Found, Search, find, place, place_numbered, places, search

__all__ = [
    "Answer",
    "Belonging",
    "Carried",
    "Contact",
    "Explanation",
    "Found",
    "LeftOut",
    "Listed",
    "Next",
    "PlaceUnknown",
    "Profile",
    "ProfileUnknown",
    "Search",
    "Value",
    "Wanted",
    "explain",
    "find",
    "look",
    "place",
    "place_numbered",
    "places",
    "reference_of",
    "sealed",
    "search",
    "unsealed",
]
