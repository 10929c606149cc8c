//! Walks through XML, with entities resolved; a document type is refused, since it can define entities.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::list::limits;
use crate::list::problem::{Cause, Limit};

/// What comes next in a document.
pub(super) enum Part<'x> {
    /// A tag opens; the flag says that it closes at once.
    Open(Tag<'x>, bool),
    /// The tag with this name closes.
    Close(String),
    /// Text between tags.
    Text(String),
}

/// A tag with its attributes.
pub(super) struct Tag<'x>(BytesStart<'x>);

/// A document that is being read.
pub(super) struct Xml<'x> {
    reader: Reader<&'x [u8]>,
    /// How many elements are open: the reader keeps the names of all of them.
    depth: usize,
}

impl<'x> Xml<'x> {
    /// Begins a document.
    pub(super) fn new(text: &'x str) -> Self {
        Self { reader: Reader::from_str(text), depth: 0 }
    }

    /// Returns what comes next; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Part<'x>>, Cause> {
        loop {
            let event = self.reader.read_event().map_err(|_| Cause::Damaged)?;
            // A longer one would be copied several times.
            if event.len() > limits::LINE_BYTES {
                return Err(Cause::TooLarge(Limit::Text));
            }
            if let Event::Start(_) = &event {
                self.depth += 1;
            } else if let Event::End(_) = &event {
                self.depth = self.depth.saturating_sub(1);
            }
            if self.depth > limits::DEPTH {
                return Err(Cause::TooLarge(Limit::Depth));
            }
            return Ok(Some(match event {
                Event::Start(tag) => Part::Open(Tag(tag), false),
                Event::Empty(tag) => Part::Open(Tag(tag), true),
                Event::End(tag) => Part::Close(tag.local_name().as_ref().to_owned()),
                Event::Text(text) => Part::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Part::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(entity) => Part::Text(resolved(&entity)?),
                Event::DocType(_) => return Err(Cause::Damaged),
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
            }));
        }
    }
}

/// The text of an entity.
fn resolved(entity: &BytesRef<'_>) -> Result<String, Cause> {
    if let Some(c) = entity.resolve_char_ref().map_err(|_| Cause::Damaged)? {
        return Ok(c.to_string());
    }
    let text = match entity.xml10_content().as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return Err(Cause::Damaged),
    };
    Ok(text.to_owned())
}

impl Tag<'_> {
    /// Returns its name without the namespace.
    pub(super) fn name(&self) -> String {
        self.0.local_name().as_ref().to_owned()
    }

    /// Returns an attribute, by its name without the namespace.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
        Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
    }

    /// Returns a number in an attribute.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.attribute(name)?.trim().parse().ok()
    }
}
