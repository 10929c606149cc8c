//! Lists where we and scim2-models disagree, and why we keep our way.

use serde_json::Value;

/// Says why a PATCH may have another result; `None` if it may not.
pub(crate) fn patch(question: &Value, ours: &Value, theirs: &Value) -> Option<&'static str> {
    let operations = question["ops"]["Operations"].as_array()?;
    let is = |operation: &Value, word: &str| operation["op"].as_str().is_some_and(|op| op.eq_ignore_ascii_case(word));
    let path = |operation: &Value| operation["path"].as_str().unwrap_or_default().to_owned();
    if ours["error"] == "noTarget" && operations.iter().any(|o| is(o, "replace") && path(o).contains('[')) {
        return Some(
            "`replace` with a filter that meets nothing is `noTarget` (RFC 7644 section 3.5.2.3); theirs creates, for it creates on `add`",
        );
    }
    let without_type = |operation: &Value| {
        is(operation, "add")
            && path(operation) == "emails"
            && operation["value"].as_array().is_some_and(|values| values.iter().any(|v| v.get("type").is_none()))
    };
    if operations.iter().any(without_type) {
        return Some("a value added without a type is the existing one with a type: identity providers add group members by `value` alone");
    }
    if theirs["ok"] == true && twice(&theirs["resource"]["emails"]) {
        return Some("the same value and type are never given twice (RFC 7643 section 2.4): ours merges or refuses");
    }
    if ours["detail"] == "only one value can be primary" {
        return Some("one operation that makes two values primary is refused, also where one of them was it before");
    }
    None
}

/// Says why a filter may match differently; `None` if it may not.
pub(crate) fn filter(question: &Value, ours: &Value, theirs: &Value) -> Option<&'static str> {
    let text = question["filter"].as_str()?;
    if ours["ok"] == false && theirs["ok"] == true {
        if ["nope", "title"].iter().any(|name| text.contains(name)) {
            return Some("an unknown attribute is `invalidFilter` wherever it stands; theirs sees it only where it is evaluated");
        }
        if text.contains("password") {
            return Some("a password cannot be filtered at all; theirs lets it be compared for equality");
        }
    }
    None
}

fn twice(values: &Value) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let key = |v: &Value| format!("{} {}", v["value"], v["type"]).to_lowercase();
    values.as_array().is_some_and(|values| values.iter().any(|v| !seen.insert(key(v))))
}
