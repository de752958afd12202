"""The page of a source: what stands in it, whether a run can use it, who does, and putting it right."""

import pyarrow as pa
import pyarrow.parquet as pq

from tests.web.browsers import Browser, Web
from tests.world import SCHEMA, people
from traginer.control.models import Source


def test_the_page_says_what_stands_in_each_field_and_who_uses_the_source(ada: Browser, web: Web) -> None:
    web.world.put_profiles(people([20], phone=None))
    page = ada.open("/sources/1")
    assert {"Newsletter", "Catalan spenders", "on every profile, and only once", "92 %"} <= set(page.texts)
    assert {"13", "Aina 0 · Aina 1 · Aina 2"} <= set(page.texts)


def test_a_key_that_is_not_unique_is_told_beside_the_fields(ada: Browser, web: Web) -> None:
    twice = [*web.world.profiles.values(), web.world.profiles["C0003"]]
    pq.write_table(pa.Table.from_pylist(twice, schema=SCHEMA), web.world.profiles_file)
    page = ada.open("/sources/1")
    assert "source-key-not-unique" in page.text
    assert {"lifetime_value", "Once it is put right, load this page again."} & set(page.texts)
    assert "on every profile, and only once" not in page.text


def test_a_source_is_put_right_on_its_page(ada: Browser, web: Web) -> None:
    moved = web.world.folder / "moved.parquet"
    web.world.profiles_file.rename(moved)
    assert "source-missing" in ada.open("/sources/1").text
    right = {"name": "People", "path": str(moved), "key": "customer_id", "table": ""}
    assert "source-path-not-allowed" in ada.send("/sources/1/edit", {**right, "path": "/etc/passwd"}, 422).text
    assert "name" in ada.send("/sources/1/edit", {**right, "name": ""}, 422).text
    page = ada.send("/sources/1/edit", right)
    assert (page.h1, Source.objects.get().path) == (["People"], str(moved))
    assert "12" in page.texts
