//! The pages as values, and their templates.

use askama::Template;

use super::page_name::{PageName, STYLE};

/// A page with a few sentences and, mostly, a form.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "page.html")]
pub(in crate::server::members) struct Page {
    /// The name of the workspace, which is also its part of every URL.
    pub(in crate::server::members) workspace: String,
    /// The name of the product.
    pub(in crate::server::members) product: String,
    /// The heading.
    pub(in crate::server::members) title: String,
    /// The notice about what somebody did just now, or what they must know before they go on.
    pub(in crate::server::members) notice: String,
    /// Sentences above the form.
    pub(in crate::server::members) lead: Vec<String>,
    /// Facts: a name and a value each.
    pub(in crate::server::members) facts: Vec<(String, String)>,
    /// The form.
    pub(in crate::server::members) form: Option<FormView>,
    /// A code for the camera of a phone.
    pub(in crate::server::members) qr: Option<QrView>,
    /// Codes to be kept, which are shown once.
    pub(in crate::server::members) codes: Vec<String>,
    /// The form that downloads them.
    pub(in crate::server::members) download: Option<FormView>,
    /// The other workspaces that somebody can go to.
    pub(in crate::server::members) switches: Vec<String>,
    /// Sessions, on the page that lists them.
    pub(in crate::server::members) sessions: Vec<SessionView>,
    /// Messages, on the page of the outbox.
    pub(in crate::server::members) letters: Vec<LetterView>,
    /// Further ways: the text of each link, and its path.
    pub(in crate::server::members) links: Vec<(String, String)>,
    /// Buttons below the form, each a form of its own: its path and its text.
    pub(in crate::server::members) buttons: Vec<(String, String)>,
    /// The time at which the session ends.
    pub(in crate::server::members) ending: Option<EndingView>,
    /// Says whether somebody is signed in.
    pub(in crate::server::members) signed_in: bool,
}

/// The time at which the session ends that a page is shown in.
#[derive(Clone, Debug, Default)]
pub(in crate::server::members) struct EndingView {
    /// After so many minutes without a request. The style sheet has a rule for each number: it shows the warning two minutes before.
    pub(in crate::server::members) minutes: u16,
    /// In any case at this time.
    pub(in crate::server::members) ends: String,
}

/// A form.
#[derive(Clone, Debug, Default)]
pub(in crate::server::members) struct FormView {
    /// The path that it is sent to.
    pub(in crate::server::members) action: String,
    pub(in crate::server::members) fields: Vec<FieldView>,
    /// Hidden fields: name and value.
    pub(in crate::server::members) hidden: Vec<(String, String)>,
    /// The text of its button.
    pub(in crate::server::members) button: String,
}

impl FormView {
    /// The faults of its fields: the name of each field, and a sentence.
    pub(in crate::server::members) fn faults(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().filter(|field| !field.fault.is_empty()).map(|field| (field.name, field.fault.as_str()))
    }
}

/// A field of a form.
#[derive(Clone, Debug, Default)]
pub(in crate::server::members) struct FieldView {
    pub(in crate::server::members) name: &'static str,
    pub(in crate::server::members) label: String,
    pub(in crate::server::members) kind: FieldKind,
    /// The value that the browser fills in (HTML, section 4.10.18.7).
    pub(in crate::server::members) autocomplete: &'static str,
    pub(in crate::server::members) value: String,
    /// A sentence below the label; empty for none.
    pub(in crate::server::members) hint: String,
    /// A sentence about a fault in what was typed; empty for none.
    pub(in crate::server::members) fault: String,
}

/// The way in which a field is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::server::members) enum FieldKind {
    #[default]
    Text,
    Email,
    Password,
    /// A one-time code.
    Code,
    /// A word told by phone: capitals do not matter, and nothing is remembered.
    CodeWord,
    /// Sent for password managers, and not shown.
    UserName,
    /// A box to tick.
    Tick,
    /// A phone number.
    Phone,
}

/// A QR code, drawn in squares of one unit, with the margin that readers need.
#[derive(Clone, Debug, Default)]
pub(in crate::server::members) struct QrView {
    /// The length of a side, margin included.
    pub(in crate::server::members) side: usize,
    /// The dark squares, as the path of an SVG.
    pub(in crate::server::members) path: String,
}

impl QrView {
    /// The margin, in squares (ISO/IEC 18004).
    const MARGIN: usize = 4;

    /// Draws a text; `None` if it is too long.
    pub(in crate::server::members) fn from_text(text: &str) -> Option<Self> {
        let code = qrcode::QrCode::new(text).ok()?;
        let width = code.width();
        let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == qrcode::Color::Dark);
        let path: Vec<String> =
            dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width.max(1) + Self::MARGIN, at / width.max(1) + Self::MARGIN)).collect();
        Some(Self { side: width + 2 * Self::MARGIN, path: path.concat() })
    }
}

/// A session on the page that lists them.
#[derive(Clone, Debug, Default)]
pub(in crate::server::members) struct SessionView {
    pub(in crate::server::members) id: String,
    /// The name of the field that its id is sent in.
    pub(in crate::server::members) field: &'static str,
    /// The browser or device, in its own words.
    pub(in crate::server::members) device: String,
    /// From where, and when it began and was last used.
    pub(in crate::server::members) detail: String,
    /// Says whether this page was asked for in it.
    pub(in crate::server::members) this: bool,
}

/// A message on the page of the outbox.
#[derive(Clone, Debug, Default)]
pub(in crate::server::members) struct LetterView {
    pub(in crate::server::members) text: String,
    /// The path of the link in it; empty if it has none.
    pub(in crate::server::members) link: String,
}

impl Page {
    /// The path of another page of the workspace.
    fn path(&self, page: PageName) -> String {
        page.path(&self.workspace)
    }

    /// The path of the style sheet.
    fn style(&self) -> String {
        format!("/{}{STYLE}", self.workspace)
    }

    /// Returns whether something in the form is wrong.
    pub(in crate::server::members) fn has_faults(&self) -> bool {
        self.form.as_ref().is_some_and(|form| form.faults().next().is_some())
    }
}
