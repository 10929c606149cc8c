//! One file by itself: to a tree, to JSON, or to any type that serde knows.

use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

use super::SecretWords;
use super::core_type::CoreType;
use super::decoder::Decoder;
use super::finding::{Finding, Sink, Spot};
use super::mistake::{Mistake, Mistakes};
use super::parse::parse;
use super::secrets::marks;
use super::text::text;
use super::tree::{NodeKind, NodeRef, Tree};

/// Parses one file. Returns `None` if no tree could be built; mistakes are in the sink either way.
pub(crate) fn tree<'s>(bytes: &'s [u8], sink: &mut Sink) -> Option<Tree<'s>> {
    match text(bytes) {
        Ok(text) => parse(text, sink),
        Err(why) => {
            let spot = why.byte.map_or(Spot::File, Spot::Byte);
            sink.push(Finding::at(why.code, spot, why.message).hint(why.hint));
            None
        }
    }
}

/// Returns the mistakes of one file; `None` if there are none.
pub(super) fn mistakes(name: &str, bytes: &[u8], mut sink: Sink, secrets: SecretWords) -> Option<Mistakes> {
    if sink.found.is_empty() {
        return None;
    }
    sink.found.sort_by_key(|finding| finding.spot);
    let marks = marks(name, bytes, &sink.found, secrets);
    let list = sink.found.iter().map(|finding| {
        let also = finding.also.map(|(_, span, label)| (marks.mark(Spot::Text(span)), label));
        Mistake::new(finding, &marks, also)
    });
    Some(Mistakes { list: list.collect(), more: sink.more })
}

/// Reads a file that serde's types describe; every unknown key is reported, other mistakes end the reading.
///
/// # Errors
/// The mistakes, with line and column.
pub fn from_bytes<T: DeserializeOwned>(name: &str, bytes: &[u8], secrets: SecretWords) -> Result<T, Mistakes> {
    let mut sink = Sink::default();
    let mut value = None;
    if let Some(tree) = tree(bytes, &mut sink) {
        match tree.root() {
            Some(root) => {
                let decoder = Decoder::new(std::mem::take(&mut sink), secrets);
                value = decoder.decode(root);
                sink = decoder.into_sink();
            }
            None => sink.push(Finding::at("empty", Spot::File, "the file is empty").hint("was it saved? restore it or delete it")),
        }
    }
    match (mistakes(name, bytes, sink, secrets), value) {
        (Some(mistakes), _) => Err(mistakes),
        (None, Some(value)) => Ok(value),
        (None, None) => Err(Mistakes { list: Vec::new(), more: 1 }),
    }
}

/// Reads any YAML file, within the limits of this module, as JSON: plain scalars become what YAML 1.2 says they are.
///
/// # Errors
/// The mistake that makes the file unreadable, with line and column.
pub fn to_json(bytes: &[u8], secrets: SecretWords) -> Result<Value, Mistakes> {
    let mut sink = Sink::default();
    let tree = tree(bytes, &mut sink);
    match mistakes("input", bytes, sink, secrets) {
        Some(mistakes) => Err(mistakes),
        None => Ok(tree.and_then(|tree| tree.root().map(json)).unwrap_or(Value::Null)),
    }
}

/// Recursion ends: a tree has at most 64 levels.
fn json(node: NodeRef<'_>) -> Value {
    match node.kind() {
        NodeKind::Map => Value::Object(node.entries().map(|(k, v)| (k.text().to_owned(), json(v))).collect::<Map<_, _>>()),
        NodeKind::List => Value::Array(node.children().map(json).collect()),
        NodeKind::Quoted => Value::String(node.text().to_owned()),
        NodeKind::Plain => match node.core_type() {
            CoreType::Null => Value::Null,
            CoreType::Flag(on) => Value::Bool(on),
            CoreType::Number => number(node.text()),
            CoreType::Text => Value::String(node.text().to_owned()),
        },
    }
}

/// JSON has no number for some of them; then it is the largest or 0.
fn number(text: &str) -> Value {
    let radix = |prefix: &str, radix: u32| text.strip_prefix(prefix).and_then(|digits| i64::from_str_radix(digits, radix).ok());
    let whole = radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| text.parse().ok());
    let number = whole.map(Number::from).or_else(|| Number::from_f64(text.parse().unwrap_or(f64::MAX)));
    Value::Number(number.unwrap_or_else(|| Number::from(0)))
}
