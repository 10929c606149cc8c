//! A document as JSON, for tools: plain scalars become what YAML 1.2 says they are.

use serde_json::{Map, Number, Value};

use super::finding::{Finding, Sink, Spot};
use super::mistake::Mistakes;
use super::parse::parse;
use super::render::{Shown, present};
use super::text::text;
use super::tree::{Kind, NodeRef};

/// Reads any YAML file, within the same limits as a roster's, as JSON.
///
/// # Errors
/// What makes the file unreadable, with line and column.
pub fn to_json(bytes: &[u8]) -> Result<Value, Mistakes> {
    let mut sink = Sink::default();
    let tree = match text(bytes) {
        Ok(text) => parse(text, &mut sink),
        Err(why) => {
            sink.push(Finding::at(why.code, Spot::Byte(why.byte), why.message).hint(why.hint));
            None
        }
    };
    match tree {
        Some(tree) if sink.found.is_empty() => Ok(tree.root().map_or(Value::Null, value)),
        _ => {
            let shown = Shown::new("input", bytes, &sink.found);
            let more = sink.more;
            let list = sink.found.into_iter().map(|f| {
                let mark = shown.mark(f.spot, f.unparsed);
                let also = f.also.map(|(_, span, label)| (shown.mark(Spot::Text(span), false), label));
                present(&f, mark, also)
            });
            Err(Mistakes { list: list.collect(), more })
        }
    }
}

/// Recursion ends: a tree has at most 64 levels.
fn value(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Map => Value::Object(node.entries().map(|(k, v)| (k.text().to_owned(), value(v))).collect::<Map<_, _>>()),
        Kind::List => Value::Array(node.children().map(value).collect()),
        Kind::Quoted => Value::String(node.text().to_owned()),
        Kind::Plain if node.is_null() => Value::Null,
        Kind::Plain => plain(node.text()),
    }
}

fn plain(text: &str) -> Value {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.split('.').next().unwrap_or_default();
    let is_number =
        !whole.is_empty() && (whole == "0" || !whole.starts_with('0')) && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ if is_number => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(n), _) => Value::Number(n.into()),
            (_, Ok(n)) => Number::from_f64(n).map_or_else(|| Value::String(text.to_owned()), Value::Number),
            _ => Value::String(text.to_owned()),
        },
        _ => Value::String(text.to_owned()),
    }
}
