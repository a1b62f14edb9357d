"""Imports every module of the client `openapi_client`, and reads a list of groups with null for each reference."""

import importlib
import json
import pkgutil
import sys
from pathlib import Path

import openapi_client

modules = [module.name for module in pkgutil.walk_packages(openapi_client.__path__, "openapi_client.")]
for module in modules:
    importlib.import_module(module)

document = json.loads(Path(sys.argv[1]).read_text())
page = openapi_client.models.ParticipantGroupList.from_dict(document)
assert page.meta is None, page
[group] = page.results
assert isinstance(group, openapi_client.models.ParticipantGroup), group
[study] = group.feeder_studies
[code] = study.feeder_completion_codes
assert group.name == "Group 1", group
for model, name in (group, "id"), (group, "workspace_id"), (group, "organisation_id"), (study, "id"), (code, "action"):
    assert getattr(model, name) is None, model
    # openapi-python-client reads null into anything; the type says whether it may be there.
    annotation = type(model).__annotations__[name]
    assert "None" in annotation or "Optional" in annotation, annotation
print(f"{len(modules)} modules imported, null references read")
