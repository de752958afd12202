"""The WSGI application: `traginer.web.wsgi:application`, for granian or any other server."""

from traginer import control
from traginer.control.worker_supervised import end_with_parent

control.start(web=True)
# It is loaded in the process that granian forks, whose parent may be killed.
end_with_parent()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - needs Django set up

application = get_wsgi_application()
