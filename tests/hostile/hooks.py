"""Explains to schemathesis what it cannot know: the document's `x-constructors`, since it otherwise takes two owners of a
group or none for valid and rarely comes up with one; and that an id in a path is not empty, since the path would be that of
another operation, whose response is not what it expects."""

import schemathesis


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for schema in raw_schema["components"]["schemas"].values():
        made = [{"required": entry["takes"]} for entry in schema.get("x-constructors", []) if not entry.get("sets")]
        if len(made) > 1:
            schema["oneOf"] = made


@schemathesis.hook
def before_call(context, case, kwargs):
    for name, value in case.path_parameters.items():
        if value == "":
            case.path_parameters[name] = "none"
