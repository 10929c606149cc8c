//! Defines what each platform allows: one folder per vendor, with a catalog of data and a few rules that data cannot express.
//!
//! No other module contains vendor names. To add a platform, add a folder here and a row to the list in `built_in`.

mod aesthetic_record {
    mod broken;
    mod colors;
    mod director;
    pub(super) mod rules;
}
mod telus_chr {
    pub(super) mod rules;
}
mod catalogs;
mod checks;
mod naming;
mod near;
mod own;
mod rights;
pub mod rules;
pub mod sentences;

pub use catalogs::{catalog, field_rules, member_rules, needed_colleague, runbook, seats, states};

pub use crate::model::{text_form, without_accents};
pub use catalogs::catalog::{Catalog, FIRST_PASSWORD};
pub use catalogs::field_rules::{FieldRule, FieldRules, OwnKind};
pub use catalogs::listing::{ListColumn, MarkedState};
pub use checks::broken::{code, is_same, lack, refusal_code};
pub use checks::check::check;
pub(crate) use checks::code_word::LONGEST_CODE_WORD;
pub use checks::code_word::check_code_word;
pub use checks::declared::Declared;
pub use checks::normal::{LONGEST_KEY, color_form, employee_key, free_employee_key, is_key, key_of, phone_form, phone_in};
pub(crate) use checks::note::LONGEST_NOTE;
pub use checks::note::{NoteFault, check_note};
pub use checks::spelling::{exact, squash};
pub use checks::writable::{unwritable_in_line, unwritable_in_lines, without_hidden};
pub use naming::Naming;
pub use near::nearest_address;
pub use own::of_roster;
pub use rights::{source_of, with_rights};
pub use rules::{Answer, Candidate, Clash, Lack, PrivilegeOrigin, Surroundings, effective, origins};

use std::sync::{Arc, LazyLock};

use crate::model::{Account, Desired, Email, Field, JudgedList, PlatformId, Snapshot, Value, ValueRef, Violation};

use rules::{NoRules, Rules};

/// A platform: the vendor's facts, and the rules that data cannot express. The reconciler and the server use the same one.
#[derive(Debug)]
pub struct Platform {
    id: PlatformId,
    catalog: Catalog,
    rules: &'static dyn Rules,
}

/// The built-in platforms, in the order in which people see them; plain SCIM, which has no vendor, is last.
static BUILT_IN: LazyLock<[Arc<Platform>; 4]> = LazyLock::new(|| {
    [
        load(include_str!("aesthetic_record/catalog.yaml"), &aesthetic_record::rules::AestheticRecord),
        load(include_str!("practice_by_numbers/catalog.yaml"), &NoRules),
        load(include_str!("telus_chr/catalog.yaml"), &telus_chr::rules::TelusChr),
        load(include_str!("generic/catalog.yaml"), &NoRules),
    ]
});

/// The built-in platforms, in the order in which people see them.
#[must_use]
pub fn built_in() -> &'static [Arc<Platform>] {
    &*BUILT_IN
}

/// Returns the platform with a key, as written in the roster.
#[must_use]
pub fn named(word: &str) -> Option<&'static Arc<Platform>> {
    built_in().iter().find(|platform| platform.word() == word)
}

/// Returns the platform with an id, or plain SCIM if there is none, which happens only with a damaged plan file.
#[must_use]
pub fn by_id(id: &PlatformId) -> &'static Arc<Platform> {
    let [.., plain] = &*BUILT_IN;
    named(&id.0).or_else(|| own::by_id(id)).unwrap_or(plain)
}

/// Judges the list of users of a workspace as of a moment of this machine's clock, epoch milliseconds.
#[must_use]
pub fn user_list(desired: &Desired, snapshot: Snapshot, now: i64) -> JudgedList {
    let catalog = by_id(&desired.platform).catalog();
    JudgedList::new(snapshot, now, desired.stale_after, catalog.states.other_tabs(&catalog.list))
}

impl Platform {
    /// The vendor's facts.
    #[must_use]
    pub const fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Returns the platform's key in the roster.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.catalog.platform
    }

    /// The id that values carry.
    #[must_use]
    pub fn id(&self) -> PlatformId {
        self.id.clone()
    }

    /// Lists what is wrong with an account in the roster or in a request, beyond the catalog's own rules.
    #[must_use]
    pub fn violations(&self, candidate: &Candidate<'_>, around: &dyn Surroundings) -> Vec<Violation> {
        self.rules.violations(&self.catalog, candidate, around)
    }

    /// Lists the fields that the map around them always has.
    #[must_use]
    pub fn required_in_maps(&self) -> &'static [Field] {
        self.rules.required_in_maps()
    }

    /// Lists values of an account that are allowed but unusual.
    #[must_use]
    pub fn warnings(&self, candidate: &Candidate<'_>) -> Vec<Violation> {
        self.rules.warnings(&self.catalog, candidate)
    }

    /// Returns whether an admin may change a member's field from its current value to the one in the roster.
    #[must_use]
    pub fn answer(&self, account: &Account, field: Field, wanted: &Value) -> Answer {
        rules::answer(&self.catalog, account, field, wanted)
    }

    /// Returns the same for a product in which people make the change by hand.
    #[must_use]
    pub fn answer_by_hand(&self, account: &Account, field: Field, wanted: &Value) -> Answer {
        rules::answer_by_hand(&self.catalog, account, field, wanted)
    }

    /// Lists values of several accounts that are allowed but unusual side by side; the accounts come sorted by address.
    #[must_use]
    pub fn clashes(&self, accounts: &mut dyn Iterator<Item = Candidate<'_>>) -> Vec<Clash> {
        self.rules.clashes(&self.catalog, accounts)
    }

    /// Returns the address of the colleague whom an account with these values needs: that one must be in place first, and may not leave
    /// before it.
    #[must_use]
    pub fn relies_on<'v>(&self, value: &dyn Fn(Field) -> Option<ValueRef<'v>>) -> Option<&'v str> {
        self.rules.relies_on(value)
    }

    /// Returns whether colleagues can rely on a user with this role.
    #[must_use]
    pub fn supervises(&self, role: &str) -> bool {
        self.rules.supervises(role)
    }

    /// Returns the reason why an inactive account cannot return in any order; `waits_for` names the colleague, inactive too, whom an
    /// account relies on.
    #[must_use]
    pub fn cannot_return(&self, email: &Email, waits_for: &dyn Fn(&Email) -> Option<Email>) -> Option<Violation> {
        self.rules.cannot_return(&self.catalog, email, waits_for)
    }
}

fn id_of(catalog: &Catalog) -> PlatformId {
    PlatformId(catalog.platform.clone())
}

/// Makes a platform of a catalog that the program ships; a test loads every one, so a broken one is never released.
#[expect(clippy::panic, reason = "the text is compiled in and loaded by a test")]
fn load(text: &str, rules: &'static dyn Rules) -> Arc<Platform> {
    match serde_yaml::from_str(text) {
        Ok(catalog) => Arc::new(Platform { id: id_of(&catalog), catalog, rules }),
        Err(why) => panic!("a catalog that is compiled in does not load: {why}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::model::{Email, Field, Fields, LONGEST_TEXT, Value, Violation};

    use super::{Candidate, Declared, built_in, check, code};

    /// The default privileges of a role.
    fn privileges(platform: usize, role: &str) -> BTreeSet<&'static str> {
        built_in()[platform].catalog().roles[role].privileges.iter().map(String::as_str).collect()
    }

    // CHR-6
    #[test]
    fn the_default_permissions_of_both_types_are_those_of_the_requirement() {
        let general = [
            "Inbox",
            "Outbox",
            "Schedule",
            "Patients",
            "Contacts",
            "Referrals",
            "Folders",
            "Edit Unlocked Answer Sheets",
            "Point of Care App Access",
            "Create Prescriptions",
            "Create Encounters",
            "Public Billing",
            "Private Billing",
        ];
        let settings = |role: &str| match role {
            "staff" => vec!["Scheduling: Vacation", "User Contents Settings", "Setup Lab Integration", "Template: Custom Header"],
            _ => vec!["Scheduling: Settings"],
        };
        for role in ["staff", "practitioner"] {
            let general = general.iter().map(|name| format!("General/{name}"));
            let expected: BTreeSet<String> = general.chain(settings(role).iter().map(|name| format!("Settings/{name}"))).collect();
            assert_eq!(privileges(2, role).into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), expected, "{role}");
            assert!(built_in()[2].catalog().roles[role].ambiguous, "{role}");
        }
        assert_eq!(built_in()[2].catalog().roles.len(), 2);
    }

    // AR-6
    #[test]
    fn the_default_roles_have_the_privileges_that_the_requirement_says() {
        let [administrator, director, provider, desk] =
            ["administrator", "medical-director", "provider", "front-desk"].map(|role| privileges(0, role));
        assert_eq!(built_in()[0].catalog().roles.len(), 4);
        let counts = [administrator.len(), director.len(), provider.len(), desk.len()];
        assert!(counts.is_sorted_by(|more, fewer| more > fewer), "the front desk has fewest: {counts:?}");
        assert!(director.is_superset(&provider), "a medical director supervises providers");
        assert!(administrator.contains("manage-users") && administrator.contains("manage-settings"));
        for privilege in ["manage-users", "manage-settings", "block-user", "view-reports", "export-reports"] {
            assert!(!provider.contains(privilege) && !desk.contains(privilege), "a provider has no administration: {privilege}");
        }
        assert!(provider.contains("view-patient-records") && provider.contains("edit-patient-records"));
        assert!(desk.contains("check-in-patients") && !desk.contains("view-patient-records"));
        // The one privilege that the sources name is given to nobody by default.
        assert!([administrator, director].iter().all(|role| !role.contains("block-user")));
    }

    // AR-6, PBN-2, CHR-2: a refusal names the requirement of its own platform.
    #[test]
    fn a_refused_value_names_the_requirement_of_its_own_platform() {
        let named = |platform: usize, field: Field, value: Value| -> Vec<String> {
            let email = Email::parse("kim@glow.example").unwrap();
            let fields = Fields::from_iter([(field, value)]);
            let candidate = Candidate { email: &email, fields: &fields, active: true, main_admin: false };
            let found = check(&built_in()[platform], &candidate, &Declared::Nothing);
            found.into_iter().filter(|broken| broken.entry.is_some()).map(|broken| broken.requirement.into_owned()).collect()
        };
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(named(0, Field::Role, text("pilot")), ["AR-6"]);
        assert_eq!(named(1, Field::Role, text("pilot")), ["PBN-2"]);
        assert_eq!(named(2, Field::Role, text("pilot")), ["CHR-2"]);
        assert_eq!(named(0, Field::Phones, Value::List(vec!["12".to_owned()])), ["AR-1"]);
        assert_eq!(named(built_in().len() - 1, Field::Phones, Value::List(vec!["12".to_owned()])), ["RFC 7643 section 4.1.2"]);
    }

    #[test]
    fn a_text_that_no_workspace_would_store_is_a_mistake_at_its_limit() {
        let email = Email::parse("kim@glow.example").unwrap();
        let is_too_long = |found: &Vec<Violation>| found.iter().any(|broken| code(broken, built_in()[0].catalog()) == "too-long");
        let too_long = |value: Value| {
            let fields = Fields::from_iter([(Field::FirstName, value)]);
            let candidate = Candidate { email: &email, fields: &fields, active: true, main_admin: false };
            built_in().iter().map(|platform| check(platform, &candidate, &Declared::Nothing)).filter(is_too_long).count()
        };
        assert_eq!(too_long(Value::Text("x".repeat(LONGEST_TEXT))), 0);
        assert_eq!(too_long(Value::Text("x".repeat(LONGEST_TEXT + 1))), built_in().len());
        assert_eq!(too_long(Value::Text("é".repeat(LONGEST_TEXT / 2 + 1))), built_in().len(), "bytes count, not letters");
        assert_eq!(too_long(Value::List(vec!["x".to_owned(), "y".repeat(LONGEST_TEXT + 1)])), built_in().len());
    }
}
