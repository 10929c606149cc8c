//! A user as YAML writes one, with the fields of all platforms; catalogs say which of them a platform has.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{BlockReason, Field, Status};
use crate::platform::{Catalog, built_in};
use crate::yaml::{Each, Flag, Given, OrFalse, Reference, Table};

use super::scalars::Address;
use super::secrets::{Passcode, SecretEntry};

/// One person's account. An absent key is not managed; `null` or `[]` is wanted empty.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UserEntry {
    /// The account's id on the server; `import` writes it.
    pub(super) id: Given<String>,
    /// Addresses the account may still stand under, or once stood under.
    pub(super) formerly: Given<Each<Address>>,
    /// First name.
    pub(super) first_name: Given<Option<String>>,
    /// Last name.
    pub(super) last_name: Given<Option<String>>,
    /// Professional title.
    #[schemars(example = &"MD")]
    pub(super) title: Given<Option<String>>,
    /// The role.
    pub(super) role: Given<Option<String>>,
    /// The type of user.
    pub(super) r#type: Given<Option<String>>,
    /// Keys of the clinics the account belongs to.
    pub(super) clinics: Given<Option<Each<String>>>,
    /// The clinic shown first at login; may be left out with exactly one.
    pub(super) default_clinic: Given<Option<String>>,
    /// Contact numbers with country code; the first is the cell phone.
    #[schemars(example = &["+1 602 555 0100"])]
    pub(super) phones: Given<Option<Each<String>>>,
    /// Access to the clinic's dashboard.
    pub(super) dashboard_access: Given<Option<bool>>,
    /// The colour of appointments.
    #[schemars(example = &"#3aa675", extend("pattern" = r"^\s*#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\s*$"))]
    pub(super) appointment_color: Given<Option<String>>,
    /// Privileges switched on or off on top of the role.
    pub(super) privileges: Given<Option<Table<bool>>>,
    /// Permissions granted or revoked on top of the type.
    pub(super) permissions: Given<Option<PermissionsEntry>>,
    /// Settings of who works as provider; `false` for who does not.
    pub(super) provider: Given<Option<OrFalse<ProviderEntry>>>,
    /// What the person needs from the system.
    pub(super) needs: Given<Option<Each<String>>>,
    /// Two-factor authentication, set up before the first login.
    pub(super) two_factor: Given<Option<bool>>,
    /// The key of the employee record, or `external` for somebody from outside; found by name where absent.
    pub(super) employee: Given<String>,
    /// Whether a passcode is wanted; it is generated and shown once.
    #[schemars(with = "bool")]
    pub(super) passcode: Given<Flag<Passcode>>,
    /// Where a temporary first password is to be had.
    pub(super) initial_password: Given<Reference<SecretEntry>>,
    /// Active or inactive; active where absent.
    pub(super) status: Given<Status>,
    /// The block; `false` lifts it, absent leaves it alone.
    pub(super) blocked: Given<OrFalse<BlockEntry>>,
    /// Where the account stands.
    pub(super) state: Given<StateEntry>,
    /// The invitation of a pending account; open where absent.
    pub(super) invitation: Given<InvitationEntry>,
}

/// A block.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BlockEntry {
    /// Why.
    pub(super) reason: Given<BlockReason>,
    /// In words; needed with `other`.
    pub(super) note: Given<String>,
}

/// What is granted and revoked.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PermissionsEntry {
    /// Granted besides what the type gives.
    pub(super) grant: Given<Each<String>>,
    /// Taken away from what the type gives.
    pub(super) revoke: Given<Each<String>>,
}

/// Settings of who works as provider.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ProviderEntry {
    /// The address of the medical director who consents, or `false`; it must be said.
    pub(super) md_consent: Given<Option<OrFalse<String>>>,
    /// Whether patients can book online.
    pub(super) online_booking: Given<Option<bool>>,
    /// Goals, followed in real time.
    pub(super) goals: Given<Option<GoalsEntry>>,
    /// What patients see.
    pub(super) booking_profile: Given<Option<BookingProfileEntry>>,
    /// Notifications as soon as a patient of theirs is checked in.
    pub(super) check_in_notifications: Given<Option<NotificationsEntry>>,
}

/// Goals, followed in real time.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct GoalsEntry {
    /// `week` or `month`.
    #[schemars(example = &"month")]
    pub(super) per: Given<Option<String>>,
    /// Procedures.
    pub(super) procedures: Given<Option<i64>>,
    /// Sales in whole US dollars.
    pub(super) sales_usd: Given<Option<i64>>,
}

/// What patients see.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BookingProfileEntry {
    /// The name.
    pub(super) display_name: Given<Option<String>>,
    /// The title.
    pub(super) title: Given<Option<String>>,
    /// A short text.
    pub(super) bio: Given<Option<String>>,
}

/// Check-in notifications.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct NotificationsEntry {
    /// By SMS; needs a phone.
    pub(super) sms: Given<Option<bool>>,
    /// By e-mail.
    pub(super) email: Given<Option<bool>>,
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StateEntry {
    /// May sign in.
    Active,
    /// Invited, never accepted.
    Pending,
    /// Switched off, accepted before.
    Inactive,
    /// Switched off, never accepted.
    NeverAccepted,
}

/// The invitation of a pending account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum InvitationEntry {
    /// Its link can still be used.
    Open,
    /// Its time is over.
    Expired,
    /// A block or a withdrawal ended it.
    Killed,
    /// When it was sent and when its link dies, from the making of the workspace.
    Days(InvitationDays),
}

/// Days from the making of the workspace.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct InvitationDays {
    /// Sent so many days before.
    pub(super) sent_days_ago: Given<u32>,
    /// Its link dies so many days after; a negative number: died so many days before.
    pub(super) expires_in_days: Given<i32>,
}

/// Which entry a user key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A user of a workspace.
    Workspace,
    /// An account of a start.
    Start,
}

/// The keys a user's entry may have on a platform.
pub(super) fn user_keys(catalog: &Catalog, of: Of) -> Vec<&str> {
    let mut keys = match of {
        Of::Workspace => vec!["id", "formerly", "status"],
        Of::Start => vec!["state", "invitation"],
    };
    for (field, _) in catalog.known_fields() {
        let key = catalog.yaml_key(field);
        if field != Field::Email && !key.contains('.') {
            keys.push(key);
        }
    }
    let switches = [
        ("blocked", catalog.blocking),
        ("passcode", catalog.passcode),
        ("initial_password", catalog.initial_password && of == Of::Workspace),
    ];
    keys.extend(switches.into_iter().filter_map(|(key, on)| on.then_some(key)));
    keys
}

/// The names of the platforms whose users may have a key.
pub(super) fn platforms_with(key: &str, of: Of) -> Vec<&'static str> {
    built_in().iter().map(|platform| platform.catalog()).filter(|c| user_keys(c, of).contains(&key)).map(|c| c.name.as_str()).collect()
}
