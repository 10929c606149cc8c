//! The `PatchOp` message, read leniently and written in the form that most servers accept.

use serde_json::{Map, Value, json};

use crate::model::with_all;
use crate::scim::error::ScimError;
use crate::scim::path::Path;
use crate::scim::value::{kind, member, short};
use crate::scim::{own, urn};

/// The most operations in a message.
const MOST_OPERATIONS: usize = 1000;

with_all! {
    /// The kind of an operation.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Op {
        /// Adds values.
        Add,
        /// Replaces values.
        Replace,
        /// Removes values.
        Remove,
    }
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The kind of operation.
    pub op: Op,
    /// The path it acts on.
    pub path: Option<Path>,
    /// The value it uses.
    pub value: Option<Value>,
}

/// A message of operations.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    /// The operations, in their order.
    pub operations: Vec<Operation>,
}

impl Op {
    /// Returns the word used on the wire, in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Replace => "replace",
            Self::Remove => "remove",
        }
    }

    /// Parses the word used on the wire, in any case: one identity provider writes `Replace`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|op| op.as_str().eq_ignore_ascii_case(word))
    }
}

impl Operation {
    /// Makes an operation that replaces the value at a path. For `null`, use `remove`.
    #[must_use]
    pub fn replace(path: Path, value: Value) -> Self {
        Self { op: Op::Replace, path: Some(path), value: Some(value) }
    }

    /// Makes an operation that removes the value at a path.
    #[must_use]
    pub fn remove(path: Path) -> Self {
        Self { op: Op::Remove, path: Some(path), value: None }
    }

    fn read(operation: &Value) -> Result<Self, ScimError> {
        let Value::Object(members) = operation else {
            return Err(ScimError::syntax(own!("an operation must be an object, not {}", kind(operation))));
        };
        let word = member(members, "op").and_then(Value::as_str).unwrap_or_default();
        let op = Op::parse(word)
            .ok_or_else(|| ScimError::syntax(format!("`op` must be `add`, `replace` or `remove`, not `{}`", short(word))))?;
        let path = match member(members, "path") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.trim().is_empty() => None,
            Some(Value::String(text)) => Some(Path::parse(text)?),
            Some(other) => return Err(ScimError::path(own!("`path` must be a text, not {}", kind(other)))),
        };
        let value = member(members, "value").cloned();
        if value.is_none() && op != Op::Remove {
            return Err(ScimError::value(own!("`{}` needs a `value`", op.as_str())));
        }
        Ok(Self { op, path, value })
    }

    fn to_json(&self) -> Value {
        let mut out = Map::new();
        out.insert("op".to_owned(), json!(self.op.as_str()));
        if let Some(path) = &self.path {
            out.insert("path".to_owned(), json!(path.to_string()));
        }
        if let Some(value) = &self.value {
            out.insert("value".to_owned(), value.clone());
        }
        Value::Object(out)
    }
}

impl Patch {
    /// Reads a message.
    ///
    /// # Errors
    /// Returns `invalidSyntax` if the message is not a `PatchOp`, or has no operations or more than 1000; `invalidPath` and `invalidFilter` for a
    /// malformed path.
    pub fn read(message: &Value) -> Result<Self, ScimError> {
        let Value::Object(members) = message else {
            return Err(ScimError::syntax(own!("a PATCH must be a JSON object, not {}", kind(message))));
        };
        let is_patch = |id: &Value| id.as_str().is_some_and(|id| id.eq_ignore_ascii_case(urn::PATCH_OP));
        if !member(members, "schemas").and_then(Value::as_array).is_some_and(|ids| ids.iter().any(is_patch)) {
            return Err(ScimError::syntax(own!("`schemas` must list `{}`", urn::PATCH_OP)));
        }
        let Some(Value::Array(operations)) = member(members, "Operations") else {
            return Err(ScimError::syntax("`Operations` is missing: send an array"));
        };
        if operations.is_empty() {
            return Err(ScimError::syntax("`Operations` is empty: send at least one operation"));
        }
        if operations.len() > MOST_OPERATIONS {
            return Err(ScimError::syntax(own!("more than {MOST_OPERATIONS} operations: split them into several requests")));
        }
        Ok(Self { operations: operations.iter().map(Operation::read).collect::<Result<_, _>>()? })
    }

    /// Returns the message.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "schemas": [urn::PATCH_OP], "Operations": self.operations.iter().map(Operation::to_json).collect::<Vec<_>>() })
    }

    /// Returns the same as one `replace` without a path, for servers that do not support paths; `None` if a path has a filter.
    ///
    /// Removed attributes are `null` in it.
    #[must_use]
    pub fn to_pathless(&self) -> Option<Value> {
        let mut value = Map::new();
        for operation in &self.operations {
            let path = operation.path.as_ref().filter(|p| p.filter.is_none())?;
            let leaf = operation.value.clone().unwrap_or(Value::Null);
            let holder = match &path.attr.schema {
                None => &mut value,
                Some(schema) => object_at(&mut value, schema)?,
            };
            match &path.attr.sub {
                None => holder.insert(path.attr.name.clone(), leaf),
                Some(sub) => object_at(holder, &path.attr.name)?.insert(sub.clone(), leaf),
            };
        }
        Some(json!({ "schemas": [urn::PATCH_OP], "Operations": [{ "op": "replace", "value": value }] }))
    }
}

fn object_at<'a>(holder: &'a mut Map<String, Value>, name: &str) -> Option<&'a mut Map<String, Value>> {
    holder.entry(name).or_insert_with(|| Value::Object(Map::new())).as_object_mut()
}
