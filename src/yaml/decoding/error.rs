//! A value that cannot be decoded, and where it is.

use std::fmt;

use serde::de;

use crate::yaml::finding::{Finding, IN_PLAIN_TEXT};
use crate::yaml::problem::Problem;
use crate::yaml::tree::NodeRef;

/// A value that cannot be decoded, and where it is.
#[derive(Debug)]
pub(crate) struct DecodeError {
    code: &'static str,
    pub(in crate::yaml) problem: Problem,
    at: Option<u32>,
    /// The key that a map lacks.
    lacks: Option<&'static str>,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message)
    }
}

impl std::error::Error for DecodeError {}

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(text: T) -> Self {
        let problem = Problem::raised().unwrap_or_else(|| Problem::new(text.to_string(), ""));
        let code = if problem.is_secret { IN_PLAIN_TEXT } else { "value" };
        Self { code, problem, at: None, lacks: None }
    }

    fn missing_field(field: &'static str) -> Self {
        let problem = Problem::new(format!("`{field}` is missing"), format!("add `{field}: …`"));
        Self { code: "missing", problem, at: None, lacks: Some(field) }
    }
}

impl DecodeError {
    /// An error at a node.
    pub(in crate::yaml) fn new(code: &'static str, node: NodeRef<'_>, problem: Problem) -> Self {
        Self { code, problem, at: Some(node.index()), lacks: None }
    }

    /// Sets the node, unless an inner one is known.
    pub(in crate::yaml) fn at(mut self, node: NodeRef<'_>) -> Self {
        self.at.get_or_insert(node.index());
        self
    }

    /// Returns the key that a map lacks, with the map; at `node` unless an inner one is known.
    pub(super) fn lacks<'t>(&self, node: NodeRef<'t>) -> Option<(NodeRef<'t>, &'static str)> {
        self.lacks.map(|key| (node.sibling(self.at.unwrap_or(node.index())), key))
    }

    /// The finding; at `node` unless an inner one is known.
    pub(in crate::yaml) fn finding(self, node: NodeRef<'_>) -> Finding {
        let span = node.sibling(self.at.unwrap_or(node.index())).span();
        let Problem { message, hint, is_secret } = self.problem;
        let finding = Finding::new(self.code, span, message).hint(hint);
        if is_secret { finding.secret() } else { finding }
    }
}
