"""A second opinion on PATCH and filters: scim2-models (PyPI), asked line by line.

Reads JSON lines from stdin and answers each with one JSON line:

  {"kind": "schemas", "user": SCHEMA, "extension": SCHEMA or null}   builds the model both sides speak of; answers {"ok": true}
  {"kind": "patch", "resource": {...}, "ops": {PatchOp message}}     {"ok": true, "changed": bool, "resource": {...}}
  {"kind": "filter", "resource": {...}, "filter": "..."}             {"ok": true, "matches": bool}

What it refuses is {"ok": false, "error": "invalidValue" or another scimType, "detail": "..."}.
"""

import json
import sys

from pydantic import ValidationError
from scim2_models import Context, Extension, PatchOp, Resource, Schema, SCIMException, ScimFilter, ScimPolicy

# Both tolerances are what one identity provider needs; ours has them, too.
POLICY = ScimPolicy(
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)


def build(question):
    user = Resource.from_schema(Schema.model_validate(question["user"]))
    if question.get("extension"):
        return user[Extension.from_schema(Schema.model_validate(question["extension"]))]
    return user


def error_of(why):
    if isinstance(why, SCIMException):
        return getattr(why, "scim_type", None) or type(why).__name__
    for one in why.errors():
        inner = (one.get("ctx") or {}).get("scim_type") or one.get("type", "")
        if inner:
            return str(inner)
    return "invalidSyntax"


def answer(model, question):
    resource = model.model_validate(question["resource"])
    if question["kind"] == "filter":
        return {"ok": True, "matches": ScimFilter[model](question["filter"]).match(resource, strict=True)}
    message = PatchOp[model].model_validate(question["ops"], scim_ctx=Context.RESOURCE_PATCH_REQUEST)
    changed = message.patch(resource)
    return {"ok": True, "changed": changed, "resource": resource.model_dump()}


def main():
    model = None
    with POLICY:
        for line in sys.stdin:
            question = json.loads(line)
            try:
                if question["kind"] == "schemas":
                    model = build(question)
                    reply = {"ok": True}
                else:
                    reply = answer(model, question)
            except (SCIMException, ValidationError, ValueError) as why:
                kind = error_of(why) if isinstance(why, (SCIMException, ValidationError)) else "invalidValue"
                reply = {"ok": False, "error": kind, "detail": str(why)[:300]}
            print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
