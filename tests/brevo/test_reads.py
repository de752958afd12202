"""What is read from Brevo, in all the forms it comes in."""

from datetime import date

import pytest
from tests.brevo.conftest import KEY
from tests.brevo.far_side import Answer, Cut, serving

from traginer.brevo import (
    Account,
    Attribute,
    Contact,
    ContactList,
    Folder,
    ListMember,
    NotFound,
    Plan,
    Process,
    ProcessStatus,
    ReportGone,
    ReportTooLarge,
    Unavailable,
)

REPORT_KINDS = {"invalid_emails": "https://img.example/1.csv", "duplicate_email_id": None, "duplicate_ext_id": ""}


def paged(name, entries, size):
    """A far side that gives `entries` in the window asked for, never more than `size`."""

    def answer(seen):
        offset, limit = int(seen.query["offset"]), int(seen.query["limit"])
        assert limit <= size
        return Answer(200, {name: entries[offset : offset + limit], "count": len(entries)})

    return answer


@pytest.mark.parametrize("starts", ["2026-01-01", "1767225600", 1767225600, "2026-01-01T00:00:00.000Z"])
def test_the_account_is_read_with_dates_in_either_form(far_side, brevo, starts):
    plan = {"type": "subscription", "creditsType": "sendLimit", "credits": 8755, "startDate": starts}
    vertical = {"planCategory": "Marketing", "planType": "starter", "name": "Starter", "status": "inactive"}
    far_side.will_answer(
        Answer(
            200,
            {
                "organization_id": "org-1",
                "companyName": "Botiga Pous",
                "email": "ada@example.org",
                "plan": [plan],
                "planVerticals": [vertical],
            },
        )
    )
    assert brevo.account() == Account(
        company="Botiga Pous",
        email="ada@example.org",
        organization_id="org-1",
        plans=(
            Plan("", "subscription", "", True, 8755, date(2026, 1, 1), None),
            Plan("Marketing", "starter", "Starter", False, None, None, None),
        ),
    )


def test_an_account_may_say_next_to_nothing(far_side, brevo):
    far_side.will_answer(Answer(200, {"companyName": "Botiga Pous", "plan": [{"endDate": "soon"}]}))
    assert brevo.account() == Account("Botiga Pous", None, "", (Plan("", "", "", True, None, None, None),))


def test_attributes_are_read_with_their_options(far_side, brevo):
    entries = [
        {"name": "FIRSTNAME", "category": "normal", "type": "text", "field_key": "x"},
        {
            "name": "SIZE",
            "category": "category",
            "enumeration": [{"value": 1, "label": "S"}, {"value": 2, "label": "M"}],
        },
        {"name": "LIKES", "category": "normal", "type": "multiple-choice", "multiCategoryOptions": ["tea", "coffee"]},
    ]
    far_side.will_answer(Answer(200, {"attributes": entries}))
    assert brevo.attributes() == [
        Attribute("FIRSTNAME", "normal", "text", ()),
        Attribute("SIZE", "category", None, ("S", "M")),
        Attribute("LIKES", "normal", "multiple-choice", ("tea", "coffee")),
    ]


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (1, 1), (50, 1), (51, 2), (120, 3)])
def test_all_lists_are_seen_beyond_the_first_fifty(far_side, brevo, count, calls):
    entries = [
        {"id": number, "name": f"L{number}", "folderId": 1, "uniqueSubscribers": number, "totalSubscribers": 0}
        for number in range(1, count + 1)
    ]
    far_side.always = paged("lists", entries, 50)
    assert list(brevo.lists()) == [ContactList(n, f"L{n}", n, None, 1) for n in range(1, count + 1)]
    assert len(far_side.seen) == calls


def test_lists_end_where_brevo_gives_no_more_although_it_counts_more(far_side, brevo):
    far_side.will_answer(
        Answer(200, {"lists": [{"id": 1, "name": "L1"}], "count": 9}), Answer(200, {"lists": [], "count": 9})
    )
    assert [found.id for found in brevo.lists()] == [1]


def test_lists_without_a_count_end_with_a_page_that_is_not_full(far_side, brevo):
    full = [{"id": number} for number in range(1, 51)]
    far_side.will_answer(Answer(200, {"lists": full}), Answer(200, {"lists": [{"id": 51}]}))
    assert len(list(brevo.lists())) == 51


def test_no_lists_at_all_may_be_said_by_leaving_them_out(far_side, brevo):
    far_side.will_answer(Answer(200, {"count": 0}))
    assert list(brevo.lists()) == []


@pytest.mark.parametrize("dynamic", [True, False])
def test_one_list_says_whether_it_is_dynamic(far_side, brevo, dynamic):
    entry = {"id": 7, "name": "Customers", "folderId": 2, "totalSubscribers": 12, "dynamicList": dynamic}
    far_side.will_answer(Answer(200, entry))
    assert brevo.contact_list(7) == ContactList(7, "Customers", 12, dynamic, 2)
    assert far_side.seen[0].path == "/v3/contacts/lists/7"


def test_a_missing_list_is_not_found(far_side, brevo):
    far_side.will_answer(Answer(404, {"code": "document_not_found", "message": "List ID does not exist"}))
    with pytest.raises(NotFound):
        brevo.contact_list(7)


def test_folders_are_read_and_a_list_is_made_in_one(far_side, brevo):
    far_side.will_answer(Answer(200, {"folders": [{"id": 2, "name": "Traginer"}], "count": 1}), Answer(201, {"id": 5}))
    assert list(brevo.folders()) == [Folder(2, "Traginer")]
    assert brevo.create_list("Núvol", 2) == 5
    assert far_side.seen[1].json() == {"name": "Núvol", "folderId": 2}


def test_processes_come_fifty_in_one_call_newest_first(far_side, brevo):
    far_side.will_answer(
        Answer(
            200,
            {
                "count": 3,
                "processes": [
                    {"id": 3, "name": "IMPORTUSER", "status": "completed", "info": {"import": REPORT_KINDS}},
                    {"id": 2, "name": "IMPORTUSER", "status": "completed", "info": {"import": {"invalid_emails": 2}}},
                    {"id": 1, "name": "CONTACT_EXPORT", "status": "completed", "export_url": "https://x.example/e.csv"},
                ],
            },
        )
    )
    assert brevo.processes() == [
        Process(3, "IMPORTUSER", ProcessStatus.COMPLETED, {"invalid_emails": "https://img.example/1.csv"}, {}, None),
        Process(2, "IMPORTUSER", ProcessStatus.COMPLETED, {}, {"invalid_emails": 2}, None),
        Process(1, "CONTACT_EXPORT", ProcessStatus.COMPLETED, {}, {}, "https://x.example/e.csv"),
    ]
    assert far_side.seen[0].query == {"limit": "50", "offset": "0", "sort": "desc"}


@pytest.mark.parametrize(
    ("word", "status", "finished"),
    [
        ("queued", ProcessStatus.QUEUED, False),
        ("in_process", ProcessStatus.RUNNING, False),
        ("processing", ProcessStatus.RUNNING, False),
        ("a word of tomorrow", ProcessStatus.RUNNING, False),
        (None, ProcessStatus.RUNNING, False),
        ("completed", ProcessStatus.COMPLETED, True),
        ("failed", ProcessStatus.FAILED, True),
        ("cancelled", ProcessStatus.CANCELLED, True),
    ],
)
def test_an_unknown_status_means_still_running(far_side, brevo, word, status, finished):
    far_side.will_answer(Answer(200, {"id": 78, "name": "IMPORTUSER", "status": word, "info": None}))
    process = brevo.process(78)
    assert (process.status, process.finished, process.reports) == (status, finished, {})


def test_an_export_link_may_stand_where_older_answers_have_it(far_side, brevo):
    entry = {"id": 9, "name": "CONTACT_EXPORT", "status": "completed", "info": {"export": {"export_url": "https://e"}}}
    far_side.will_answer(Answer(200, entry))
    assert brevo.process(9).export_url == "https://e"


def test_a_process_that_does_not_exist_is_not_found(far_side, brevo):
    far_side.will_answer(Answer(404, {"code": "invalid_parameter", "message": "processId is invalid"}))
    with pytest.raises(NotFound):
        brevo.process(1)


@pytest.mark.parametrize("limit", [0, 51])
def test_a_page_of_processes_has_1_to_50(brevo, limit):
    with pytest.raises(ValueError, match="50"):
        brevo.processes(limit)


def test_members_come_in_pages_of_500_oldest_first(far_side, brevo):
    entries = [
        {"id": n, "email": f"p{n}@example.org", "attributes": {"N": n}, "emailBlacklisted": n % 2 == 1}
        for n in range(1100)
    ]
    far_side.always = paged("contacts", entries, 500)
    pages = list(brevo.members(7))
    assert [len(page) for page in pages] == [500, 500, 100]
    assert pages[2][0] == ListMember("p1000@example.org", {"N": 1000}, False)
    assert pages[2][1].blocked
    assert {seen.query["sort"] for seen in far_side.seen} == {"asc"}
    assert {seen.path for seen in far_side.seen} == {"/v3/contacts/lists/7/contacts"}


def test_an_empty_list_has_no_pages_and_a_member_may_have_only_a_phone(far_side, brevo):
    far_side.will_answer(
        Answer(200, {"contacts": [], "count": 0}),
        Answer(200, {"contacts": [{"id": 1, "email": None, "attributes": []}], "count": 1}),
    )
    assert list(brevo.members(7)) == []
    assert list(brevo.members(7)) == [[ListMember(None, {}, False)]]


def test_a_contact_is_found_by_an_address_with_signs_in_it(far_side, brevo):
    far_side.will_answer(
        Answer(
            200,
            {
                "id": 21,
                "email": "a+b@example.org",
                "attributes": {"FIRSTNAME": "Ada"},
                "listIds": [7, 8],
                "listUnsubscribed": [9],
                "emailBlacklisted": True,
            },
        )
    )
    expected = Contact(21, "a+b@example.org", {"FIRSTNAME": "Ada"}, frozenset({7, 8}), frozenset({9}), True)
    assert brevo.contact("a+b@example.org") == expected
    assert far_side.seen[0].path == "/v3/contacts/a%2Bb%40example.org"
    assert far_side.seen[0].query == {"identifierType": "email_id"}


def test_an_address_cannot_lead_to_another_call(far_side, brevo):
    far_side.will_answer(Answer(404, {"code": "document_not_found", "message": "Contact does not exist"}))
    assert brevo.contact("../account?x=1#@example.org") is None
    assert far_side.seen[0].path == "/v3/contacts/..%2Faccount%3Fx%3D1%23%40example.org"


def test_a_whole_list_can_be_exported_to_a_file(far_side, brevo):
    far_side.will_answer(Answer(202, {"processId": 90}))
    assert brevo.start_contact_export(7, ["FIRSTNAME"]) == 90
    assert far_side.seen[0].json() == {
        "customContactFilter": {"actionForContacts": "allContacts", "listId": 7},
        "disableNotification": True,
        "exportAttributes": ["FIRSTNAME"],
    }


def test_a_report_of_brevos_own_host_is_asked_for_with_the_key(far_side, brevo):
    far_side.will_answer(Answer(200, b"EMAIL\nada@example.org\n"))
    assert brevo.report(f"{far_side.origin}/reports/1.csv?sig=a%2Fb") == b"EMAIL\nada@example.org\n"
    (seen,) = far_side.seen
    assert (seen.path, seen.query) == ("/reports/1.csv", {"sig": "a/b"})
    assert seen.headers["api-key"] == KEY


def test_another_host_never_sees_the_key_even_when_brevo_sends_us_there(far_side, brevo):
    with serving() as stranger:
        stranger.always = lambda _: Answer(200, b"EMAIL\n")
        far_side.will_answer(Answer(302, b"", {"location": f"{stranger.origin}/2.csv"}))
        assert brevo.report(f"{stranger.origin}/1.csv") == b"EMAIL\n"
        assert brevo.report(f"{far_side.origin}/hop") == b"EMAIL\n"
        assert [seen.path for seen in stranger.seen] == ["/1.csv", "/2.csv"]
        assert all(KEY not in str(seen) for seen in stranger.seen)
    assert far_side.seen[0].headers["api-key"] == KEY


def test_a_report_that_redirects_for_ever_is_gone(far_side, brevo):
    far_side.always = lambda _: Answer(302, b"", {"location": "/again"})
    with pytest.raises(ReportGone):
        brevo.report(f"{far_side.origin}/again")
    assert len(far_side.seen) == 4


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_report_whose_link_ran_out_is_gone(far_side, brevo, status):
    far_side.will_answer(Answer(status, b"<Error><Code>AccessDenied</Code></Error>"))
    with pytest.raises(ReportGone) as caught:
        brevo.report(f"{far_side.origin}/1.csv")
    assert caught.value.status == status


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://img.example/1.csv", "/reports/1.csv", "http://[::/"])
def test_a_report_must_be_a_link_of_the_web(brevo, url):
    with pytest.raises(ReportGone):
        brevo.report(url)


def test_a_report_bigger_than_we_are_ready_to_take_is_not_taken(far_side, brevo):
    far_side.always = lambda _: Answer(200, b"x" * 1_000_001)
    with pytest.raises(ReportTooLarge):
        brevo.report(f"{far_side.origin}/1.csv", limit_bytes=1_000_000)
    assert len(brevo.report(f"{far_side.origin}/1.csv", limit_bytes=1_000_001)) == 1_000_001


def test_a_report_that_is_cut_or_fails_is_asked_for_again(far_side, brevo):
    far_side.will_answer(Answer(200, b"EMAIL\n", cut=Cut.IN_ANSWER), Answer(503, b""), Answer(200, b"EMAIL\n"))
    assert brevo.report(f"{far_side.origin}/1.csv") == b"EMAIL\n"
    far_side.always = lambda _: Answer(500, b"")
    with pytest.raises(Unavailable):
        brevo.report(f"{far_side.origin}/1.csv")
