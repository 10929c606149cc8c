//! A user of an answer, written as JSON.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::scim::map::UserAttribute;
use crate::scim::schema::record_names as names;
use crate::scim::urn;
use crate::server::answer::date_time;
use crate::server::answer::etag;
use crate::server::scim::json_members::Members;
use crate::server::scim::supporting::SupportingRecords;
use crate::server::workspace::Workspace;
use crate::store::AccountRow;
use crate::workspace::state_at;

/// The context shared by all users of one answer.
#[derive(Clone, Copy)]
pub(in crate::server) struct AnswerContext<'a> {
    pub(in crate::server) workspace: &'a Workspace,
    pub(in crate::server) records: &'a SupportingRecords,
    /// The beginning of links.
    pub(in crate::server) base: &'a str,
    /// Epoch milliseconds.
    pub(in crate::server) now: i64,
    /// Says whether the wire shows the name of an invitation.
    pub(in crate::server) tells_invited: bool,
}

/// A user as it is shown.
pub(in crate::server) struct UserJson<'a> {
    pub(in crate::server) about: AnswerContext<'a>,
    pub(in crate::server) row: &'a AccountRow,
    pub(in crate::server) written: Written<'a>,
}

/// The attributes that clients write.
pub(in crate::server) enum Written<'a> {
    /// Of a practice's platform: its fields.
    Fields(Practice),
    /// Of plain SCIM: whatever a client wrote, as it is stored.
    Document(Members<'a>),
}

impl Written<'_> {
    const fn practice(&self) -> Option<&Practice> {
        match self {
            Self::Fields(practice) => Some(practice),
            Self::Document(_) => None,
        }
    }
}

/// The attributes of a practice's platform.
pub(in crate::server) struct Practice {
    /// The name for display.
    pub(in crate::server) name: Option<String>,
    /// Those that fields are, of the core user and of the extension.
    pub(in crate::server) attributes: Vec<UserAttribute>,
    /// The privileges that the role gives, as JSON.
    pub(in crate::server) given: Arc<RawValue>,
    /// Privileges in effect, as JSON.
    pub(in crate::server) effective: Arc<RawValue>,
    /// Their origins, if they are asked for.
    pub(in crate::server) sources: Option<Value>,
}

/// The members that the server writes itself, whatever a client wrote.
const OWN: [&str; 4] = [names::user::ACTIVE, "groups", "meta", urn::PRACTICE];

impl Serialize for UserJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { about, row, written } = self;
        let AnswerContext { base, records, .. } = about;
        let mut user = serializer.serialize_map(None)?;
        match written {
            Written::Fields(practice) => {
                user.serialize_entry("schemas", &[urn::USER, urn::PRACTICE])?;
                user.serialize_entry("id", &row.id)?;
                user.serialize_entry("userName", &row.user_name)?;
                user.serialize_entry("emails", &[Mailbox { value: &row.user_name, kind: "work", primary: true }])?;
                if let Some(name) = &practice.name {
                    user.serialize_entry("displayName", name)?;
                }
                for attribute in practice.attributes.iter().filter(|attribute| !attribute.practice) {
                    user.serialize_entry(attribute.name, &attribute.value)?;
                }
                if let Some(id) = row.particulars.external_id() {
                    user.serialize_entry(names::EXTERNAL_ID, id)?;
                }
            }
            Written::Document(document) => {
                user.serialize_entry("schemas", &[urn::USER])?;
                user.serialize_entry("id", &row.id)?;
                for (name, value) in document.iter().filter(|(name, _)| !OWN.contains(name)) {
                    user.serialize_entry(name, value)?;
                }
            }
        }
        user.serialize_entry(names::user::ACTIVE, &!row.state.inactive)?;
        if let Some(groups) = records.groups.get(&row.id) {
            let member_of = |(id, name): &(String, String)| json!({ "value": id, "$ref": format!("{base}{}/{id}", names::group::ENDPOINT), "display": name, "type": "direct" });
            user.serialize_entry("groups", &groups.iter().map(member_of).collect::<Vec<_>>())?;
        }
        if let Some(practice) = written.practice() {
            user.serialize_entry(urn::PRACTICE, &Extension { about, row, practice })?;
        }
        let meta = Meta {
            resource_type: names::user::TYPE,
            created: date_time(row.created),
            last_modified: date_time(row.modified),
            location: format!("{base}{}/{}", names::user::ENDPOINT, row.id),
            version: etag(row.version),
        };
        user.serialize_entry("meta", &meta)?;
        user.end()
    }
}

#[derive(Serialize)]
struct Mailbox<'a> {
    value: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    primary: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    resource_type: &'static str,
    created: String,
    last_modified: String,
    location: String,
    version: String,
}

/// The practice extension: the values that clients wrote, and the state of the account, derived when it is read.
struct Extension<'a> {
    about: &'a AnswerContext<'a>,
    row: &'a AccountRow,
    practice: &'a Practice,
}

impl Serialize for Extension<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { about, row, practice } = self;
        let catalog = about.workspace.catalog();
        let mut part = serializer.serialize_map(None)?;
        for attribute in practice.attributes.iter().filter(|attribute| attribute.practice) {
            part.serialize_entry(attribute.name, &attribute.value)?;
        }
        part.serialize_entry("privileges", &practice.effective)?;
        part.serialize_entry("rolePrivileges", &practice.given)?;
        if let Some(sources) = &practice.sources {
            part.serialize_entry(names::user::PRIVILEGE_SOURCES, sources)?;
        }
        if let Some(sent) = &row.state.invitation {
            let state = state_at(sent, about.now).as_str();
            let delivery = row.delivery.as_ref().filter(|_| sent.state.is_open());
            let invitation = InvitationJson {
                state,
                sent_at: date_time(sent.sent_at),
                expires_at: date_time(sent.expires_at),
                delivery: delivery.map(|delivery| delivery.state.as_str()),
                delivery_failure: delivery.and_then(|delivery| delivery.failure.as_deref()),
            };
            part.serialize_entry("invitation", &invitation)?;
        }
        part.serialize_entry("accepted", &row.state.accepted)?;
        part.serialize_entry("mainAdmin", &row.main_admin)?;
        if let Some(at) = row.last_login {
            part.serialize_entry("lastLogin", &date_time(at).get(..10))?;
        }
        if catalog.states.blocked {
            let (block, set) = (row.state.block.as_ref(), row.block.as_ref());
            part.serialize_entry(
                "block",
                &BlockJson {
                    blocked: block.is_some(),
                    reason: block.map(|b| b.reason.as_str()),
                    since: set.map(|set| date_time(set.since)),
                    by: set.map(|set| &*set.by),
                    note: block.and_then(|b| b.note.as_deref()),
                },
            )?;
        }
        if catalog.passcode {
            part.serialize_entry(
                "passcode",
                &PasscodeJson { set: row.passcode_made.is_some(), made_at: row.passcode_made.map(date_time) },
            )?;
        }
        if let Some((given_name, family_name)) = &row.invited
            && about.tells_invited
        {
            part.serialize_entry("invitedName", &InvitedJson { given_name, family_name })?;
        }
        if !row.former.is_empty() {
            part.serialize_entry("formerEmails", &row.former)?;
        }
        part.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InvitationJson<'a> {
    state: &'a str,
    sent_at: String,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_failure: Option<&'a str>,
}

#[derive(Serialize)]
struct BlockJson<'a> {
    blocked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PasscodeJson {
    set: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    made_at: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InvitedJson<'a> {
    given_name: &'a str,
    family_name: &'a str,
}
