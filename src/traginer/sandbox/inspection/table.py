"""The sandbox's own addresses."""

from traginer.sandbox.inspection import controls, page, views
from traginer.sandbox.routing import Route

INSPECTION_ROUTES = (
    Route("GET", "/", page.show),
    Route("GET", "/sandbox", views.summary),
    Route("GET", "/sandbox/contacts", views.contacts),
    Route("GET", "/sandbox/lists", views.lists),
    Route("GET", "/sandbox/lists/{listId}/emails", views.emails),
    Route("GET", "/sandbox/processes", views.processes),
    Route("GET", "/sandbox/requests", views.requests),
    Route("GET", "/sandbox/callbacks", views.callbacks),
    Route("GET", "/sandbox/files/{name}", views.file),
    Route("GET", "/sandbox/switches", controls.get_switches),
    Route("PATCH", "/sandbox/switches", controls.patch_switches),
    Route("GET", "/sandbox/faults", controls.get_faults),
    Route("POST", "/sandbox/faults", controls.add_fault),
    Route("DELETE", "/sandbox/faults", controls.clear_faults),
    Route("DELETE", "/sandbox/faults/{faultId}", controls.remove_fault),
    Route("GET", "/sandbox/clock", controls.get_clock),
    Route("POST", "/sandbox/clock", controls.move_clock),
    Route("GET", "/sandbox/key", controls.get_key),
    Route("PATCH", "/sandbox/key", controls.change_key),
    Route("POST", "/sandbox/reset", controls.reset),
)
