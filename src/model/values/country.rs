//! The form of the phone numbers of a country inside of it.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};

/// A country whose national phone numbers can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    letters: &'static str,
    /// The digits that international numbers begin with.
    code: &'static str,
    trunk: Trunk,
}

/// The beginning of a national number that the international one does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trunk {
    /// In North America, a 1 that may be left out; ten digits follow.
    NorthAmerica,
    /// These digits, always.
    Digits(&'static str),
    /// Nothing.
    Nothing,
    /// Nothing: a 0 at the beginning belongs to the number.
    Zero,
}

const NORTH_AMERICA: Trunk = Trunk::NorthAmerica;
const ZERO: Trunk = Trunk::Digits("0");
const NOTHING: Trunk = Trunk::Nothing;

/// Letters of ISO 3166-1, calling code, and what national numbers begin with (ITU-T E.164, national numbering plans).
#[rustfmt::skip]
const COUNTRIES: [(&str, &str, Trunk); 52] = [
    ("AE", "971", ZERO), ("AT", "43", ZERO), ("AU", "61", ZERO), ("BE", "32", ZERO), ("BG", "359", ZERO), ("CA", "1", NORTH_AMERICA),
    ("CH", "41", ZERO), ("CY", "357", NOTHING), ("CZ", "420", NOTHING), ("DE", "49", ZERO), ("DK", "45", NOTHING), ("DO", "1", NORTH_AMERICA),
    ("EE", "372", NOTHING), ("ES", "34", NOTHING), ("FI", "358", ZERO), ("FR", "33", ZERO), ("GB", "44", ZERO), ("GR", "30", NOTHING),
    ("HK", "852", NOTHING), ("HR", "385", ZERO), ("HU", "36", Trunk::Digits("06")), ("IE", "353", ZERO), ("IL", "972", ZERO), ("IN", "91", ZERO),
    ("IS", "354", NOTHING), ("IT", "39", Trunk::Zero), ("JM", "1", NORTH_AMERICA), ("JP", "81", ZERO), ("KE", "254", ZERO), ("KR", "82", ZERO),
    ("LU", "352", NOTHING), ("LV", "371", NOTHING), ("MA", "212", ZERO), ("MT", "356", NOTHING), ("MX", "52", NOTHING), ("MY", "60", ZERO),
    ("NG", "234", ZERO), ("NL", "31", ZERO), ("NO", "47", NOTHING), ("NZ", "64", ZERO), ("PH", "63", ZERO), ("PK", "92", ZERO),
    ("PL", "48", NOTHING), ("PR", "1", NORTH_AMERICA), ("PT", "351", NOTHING), ("RO", "40", ZERO), ("SE", "46", ZERO), ("SG", "65", NOTHING),
    ("SI", "386", ZERO), ("SK", "421", ZERO), ("US", "1", NORTH_AMERICA), ("ZA", "27", ZERO),
];

impl Country {
    /// Returns the country with these two upper-case letters, if its national numbers can be read.
    #[must_use]
    pub fn named(letters: &str) -> Option<Self> {
        let (letters, code, trunk) = COUNTRIES.into_iter().find(|(known, _, _)| *known == letters)?;
        Some(Self { letters, code, trunk })
    }

    /// Returns the letters of all countries whose national numbers can be read.
    pub fn all() -> impl Iterator<Item = &'static str> {
        COUNTRIES.into_iter().map(|(letters, _, _)| letters)
    }

    /// Returns the two letters.
    #[must_use]
    pub const fn letters(self) -> &'static str {
        self.letters
    }

    /// Returns the international form of a national number, given as digits: `+`, the country's code, and the number.
    #[must_use]
    pub fn international(self, digits: &str) -> Option<String> {
        let number = match self.trunk {
            Trunk::NorthAmerica => digits.strip_prefix('1').unwrap_or(digits),
            Trunk::Digits(trunk) => digits.strip_prefix(trunk)?,
            Trunk::Nothing | Trunk::Zero => digits,
        };
        let begins_well = match self.trunk {
            // Area code and exchange begin with 2 to 9.
            Trunk::NorthAmerica => {
                number.len() == 10 && [0, 3].iter().all(|at| number.as_bytes().get(*at).is_some_and(|b| (b'2'..=b'9').contains(b)))
            }
            Trunk::Digits(_) | Trunk::Nothing => !number.starts_with('0'),
            Trunk::Zero => !number.starts_with("00"),
        };
        (begins_well && number.len() >= 6).then(|| format!("+{}{number}", self.code))
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.letters)
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let letters = String::deserialize(deserializer)?;
        Self::named(&letters).ok_or_else(|| D::Error::custom(format!("the national numbers of `{letters}` are not known")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn national_numbers_become_international() {
        for (country, national, international) in [
            ("US", "6025550100", Some("+16025550100")),
            ("CA", "16045550100", Some("+16045550100")),
            ("US", "5550100", None),
            ("US", "1605550100", None),
            ("US", "6021550100", None),
            ("US", "01149301234567", None),
            ("DE", "0301234567", Some("+49301234567")),
            ("DE", "301234567", None),
            ("DE", "0041441234567", None),
            ("IT", "0612345678", Some("+390612345678")),
            ("DK", "32123456", Some("+4532123456")),
            ("HU", "0611234567", Some("+3611234567")),
            ("ES", "0612345678", None),
        ] {
            let read = Country::named(country).unwrap().international(national);
            assert_eq!(read.as_deref(), international, "{country} {national}");
        }
    }

    #[test]
    fn countries_are_sorted_and_written_in_capitals() {
        let letters: Vec<_> = Country::all().collect();
        assert!(letters.is_sorted() && letters.iter().all(|l| l.len() == 2 && l.bytes().all(|b| b.is_ascii_uppercase())));
        assert_eq!((Country::named("us"), Country::named("UK")), (None, None));
    }
}
