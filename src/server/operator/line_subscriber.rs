//! Turns events of the program into lines of the operator's log, and takes no others: those of libraries may have what a client sent.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::line_queue::LineQueue;
use super::log_line::{AnsweredRequest, LogForm, OperatorMessage};
use crate::store::{Clock as _, SystemClock};

/// The target of the events that are written.
pub(super) const TARGET: &str = "rosterctl::operator";

/// Writes an event as a line.
pub(super) struct LineSubscriber {
    pub(super) form: LogForm,
    /// The queue where lines wait; in a command, they are written to standard error at once.
    pub(super) queue: Option<LineQueue>,
}

impl Subscriber for LineSubscriber {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target() == TARGET
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = EventFields::default();
        event.record(&mut fields);
        let text = fields.line(self.form, *event.metadata().level(), SystemClock.now());
        match &self.queue {
            Some(queue) => queue.send(text),
            None => drop(writeln!(io::stderr().lock(), "{text}")),
        }
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The fields of an event.
#[derive(Default)]
struct EventFields {
    texts: BTreeMap<&'static str, String>,
    numbers: BTreeMap<&'static str, u64>,
}

impl Visit for EventFields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.texts.insert(field.name(), value.to_owned());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.numbers.insert(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.texts.insert(field.name(), format!("{value:?}"));
    }
}

impl EventFields {
    fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    fn line(&self, form: LogForm, level: Level, now: i64) -> String {
        let message = |text| form.message(OperatorMessage { level, request_id: self.text("request_id"), text }, now);
        if let Some(lines) = self.text("lines") {
            return lines.lines().map(message).collect::<Vec<_>>().join("\n");
        }
        let Some(status) = self.numbers.get("status").and_then(|status| u16::try_from(*status).ok()) else {
            return message(self.text("text").unwrap_or_default());
        };
        let request = AnsweredRequest {
            origin: self.text("origin").and_then(|address| address.parse().ok()),
            peer: self.text("peer").and_then(|address| address.parse().ok()),
            method: self.text("method").unwrap_or_default(),
            path: self.text("path").unwrap_or_default(),
            route: self.text("route"),
            status,
            millis: self.numbers.get("milliseconds").copied().unwrap_or_default().into(),
        };
        form.request(&request, now)
    }
}
