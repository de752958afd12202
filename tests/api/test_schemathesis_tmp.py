import time, collections, shutil, os
import pytest, schemathesis
from hypothesis import HealthCheck, settings as hs
from schemathesis.config import SchemathesisConfig
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.test.utils import override_settings
from tests.api.world import Asking
from tests.api.conftest import SHARED
from tests.control.cast import QUICK
from tests.world import World, using_database
from traginer.sandbox import Sandbox
from traginer.api.urls import DOCUMENT
from cryptography.fernet import Fernet
COUNT=collections.Counter(); T=collections.Counter(); ST=collections.Counter()
WHO=os.environ.get("WHO","ada")
CONFIG = SchemathesisConfig.from_dict({"generation": {"deterministic": True, "with-security-parameters": False, "database":"none"}, "phases": {"stateful":{"enabled":False}}})
schema = schemathesis.openapi.from_dict(DOCUMENT, config=CONFIG)
schema.app = get_wsgi_application()
@pytest.fixture(scope="module")
def asking(migrated, tmp_path_factory, django_db_blocker):
    folder=tmp_path_factory.mktemp("fuzzed"); home=folder/"home"; home.mkdir(mode=0o700)
    shutil.copy(migrated, home/"traginer.sqlite3")
    with pytest.MonkeyPatch.context() as patch, Sandbox(tier="unlimited", api_key=World.api_key) as sandbox, django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=QUICK, ALLOWED_HOSTS=["*"]):
        for n,v in {"TRAGINER_HOME":str(home),"TRAGINER_LANGUAGE":"en","TRAGINER_KEY":Fernet.generate_key().decode(),"TRAGINER_SOURCES":str(folder),"TRAGINER_API_REQUESTS":"0","BREVO_API_KEY":sandbox.api_key,"BREVO_URL":sandbox.base_url}.items(): patch.setenv(n,v)
        from django.core.signals import request_started, request_finished
        from django.db import close_old_connections
        request_started.disconnect(close_old_connections); request_finished.disconnect(close_old_connections)
        with using_database(home/"traginer.sqlite3"):
            world=World(folder,home,sandbox); world.put_profiles(); world.apply(SHARED); world.run()
            a=Asking(world)
            for who in ("ada","bernat","carla"): a.token(who)
            yield a
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance, negative_data_rejection
@schema.parametrize()
@hs(max_examples=int(os.environ.get("N","3")), derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_x(case, asking):
    who=WHO
    t=time.time()
    with transaction.atomic():
        r = case.call(headers={"Authorization": "Bearer "+asking.token(who)} if who!="nobody" else {})
        transaction.set_rollback(True)
    op=case.operation.definition.raw["operationId"]
    COUNT[op]+=1; T[op]+=time.time()-t; ST[op, r.status_code]+=1
    case.validate_response(r, checks=[not_a_server_error,status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance, negative_data_rejection])
def test_z():
    print(sum(COUNT.values()), sum(T.values())); print(COUNT.most_common(100)); print(T.most_common(30))
    import json
    d=collections.defaultdict(dict)
    for (o,s),n in ST.items(): d[o][s]=n
    print(json.dumps(d))
