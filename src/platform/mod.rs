//! What each platform allows: one catalog of data and one small set of rules per vendor.
//!
//! Vendor names stand nowhere else. Another platform is a folder's worth of files here and one more case of [`Platform`].

mod aesthetic_record;
pub mod catalog;
mod check;
mod generic;
mod near;
mod normal;
mod practice_by_numbers;
pub mod rules;
mod telus_chr;

pub use catalog::{Catalog, FIRST_PASSWORD};
pub use check::check;
pub use near::{nearest, nearest_address};
pub use normal::{color_form, employee_key, phone_form, text_form};
pub use rules::{Answer, Candidate, Rules, Surroundings, Violation, effective};

use crate::model::PlatformId;

/// The platforms there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Platform {
    /// Aesthetic Record.
    AestheticRecord,
    /// Practice by Numbers.
    PracticeByNumbers,
    /// TELUS CHR.
    TelusChr,
    /// Plain SCIM, no vendor rules.
    Generic,
}

impl Platform {
    /// All platforms, in the order people are told of them.
    pub const ALL: [Self; 4] = [Self::AestheticRecord, Self::PracticeByNumbers, Self::TelusChr, Self::Generic];

    /// The platform an id names.
    #[must_use]
    pub fn from_id(id: &PlatformId) -> Option<Self> {
        Self::parse(&id.0)
    }

    /// The platform a word of YAML names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == word)
    }

    /// The word of YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.rules().catalog().platform.as_str()
    }

    /// The id that values carry.
    #[must_use]
    pub fn id(self) -> PlatformId {
        PlatformId(self.as_str().to_owned())
    }

    /// What it says and allows.
    #[must_use]
    pub fn rules(self) -> &'static dyn Rules {
        match self {
            Self::AestheticRecord => &aesthetic_record::AestheticRecord,
            Self::PracticeByNumbers => &practice_by_numbers::PracticeByNumbers,
            Self::TelusChr => &telus_chr::TelusChr,
            Self::Generic => &generic::Generic,
        }
    }

    /// The vendor's facts.
    #[must_use]
    pub fn catalog(self) -> &'static Catalog {
        self.rules().catalog()
    }
}

/// The rules behind an id; plain SCIM's where no platform has it, which only a damaged plan file can bring about.
#[must_use]
pub fn rules(id: &PlatformId) -> &'static dyn Rules {
    Platform::from_id(id).unwrap_or(Platform::Generic).rules()
}

/// Reads a catalog that the program ships; a test loads every one, so a broken one never leaves the house.
#[allow(clippy::panic, reason = "the text is compiled in and loaded by a test")]
fn load(text: &str) -> Catalog {
    match serde_yaml::from_str(text) {
        Ok(catalog) => catalog,
        Err(why) => panic!("a catalog that is compiled in does not load: {why}"),
    }
}
