//! A user as a client sends it: its JSON is read here once.

use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;

use crate::model::{Email, Field, Secret, Value as FieldValue};
use crate::scim::map::{self, Context, KeysAndIds};
use crate::scim::schema::record_names::user;
use crate::scim::urn;
use crate::server::failure::Failure;
use crate::server::scim::refusal;
use crate::server::scim::wire_names;
use crate::server::workspace::Workspace;
use crate::workspace::{ListElement, OwnList, OwnLists, Password, WantedUser, check_first_password};

/// A user as a client sends it.
pub(in crate::server) struct UserInput {
    /// The user, typed.
    pub(in crate::server) wanted: WantedUser,
    /// The parts that the server keeps as the client wrote them.
    pub(in crate::server) kept: KeptAsSent,
}

/// The parts of a user that the server keeps as the client wrote them.
pub(in crate::server) enum KeptAsSent {
    /// On a practice's platform: the client's own id.
    ExternalId(Option<String>),
    /// On plain SCIM: the whole user, except what has a column or is kept elsewhere.
    Document(Map<String, Value>),
}

/// The circumstances under which a user was sent.
#[derive(Clone, Copy)]
pub(in crate::server) struct Sent<'a> {
    /// The body of the request, if it is a PATCH.
    pub(in crate::server) patch: Option<&'a Value>,
    /// Says whether the server has hashed the password that came with it.
    pub(in crate::server) hashed: bool,
    /// Keys and ids of clinics and employee records.
    pub(in crate::server) names: &'a KeysAndIds,
}

/// The login a text means: an address, or on plain SCIM any text without regard to case. `None` where it is none.
pub(in crate::server) fn login(workspace: &Workspace, text: &str) -> Option<String> {
    if workspace.is_plain() {
        let folded = text.trim().nfc().collect::<String>().to_lowercase();
        return (!folded.is_empty()).then_some(folded);
    }
    Email::parse(text.trim()).ok().map(|email| email.as_str().to_owned())
}

/// The login of a user, or the refusal of one that is none.
pub(in crate::server) fn login_of(workspace: &Workspace, user: &Value) -> Result<String, Failure> {
    let name = user.get("userName").and_then(Value::as_str).unwrap_or_default();
    login(workspace, name).ok_or_else(|| Failure::value("`userName` is not an e-mail address: write it like `name@practice.example`"))
}

/// The id of the employee record that a user names.
pub(in crate::server) fn employee_of(user: &Value) -> Option<&str> {
    user.get(urn::PRACTICE)?.get("employee")?.get("value")?.as_str()
}

impl UserInput {
    /// Reads a validated user.
    pub(in crate::server) fn read(workspace: &Workspace, mut user: Value, sent: Sent<'_>) -> Result<Self, Failure> {
        let user_name = login_of(workspace, &user)?;
        let active = user.get(user::ACTIVE).and_then(Value::as_bool);
        let (mut send_invitation, mut with_password) = (false, false);
        if let Value::Object(members) = &mut user {
            with_password = members.shift_remove("password").is_some();
            if let Some(Value::Object(part)) = members.get_mut(urn::PRACTICE) {
                send_invitation = part.shift_remove("sendInvitation").and_then(|v| v.as_bool()).unwrap_or(false);
            }
        }
        let password = match (sent.hashed, with_password) {
            (true, true | false) => Password::Hashed,
            (false, true) => Password::Unwanted,
            (false, false) => Password::Absent,
        };
        let context = Context {
            catalog: workspace.catalog(),
            names: sent.names,
            practice_extension: !workspace.is_plain(),
            every_role_counts: false,
            country: None,
        };
        let mut fields = map::user_fields(&user, &context);
        if workspace.is_plain() {
            // The first role is the one that counts here, exactly as it is written.
            fields.set(Field::Role, plain_role(&user).map_or(FieldValue::Unset, FieldValue::Text));
        }
        let role = fields.text(Field::Role).map(str::to_owned);
        let wanted = WantedUser {
            user_name,
            active,
            send_invitation,
            password,
            is_patch: sent.patch.is_some(),
            names_role: sent.patch.is_some_and(names_role),
            lists: if workspace.is_plain() { own_lists(&user) } else { OwnLists::default() },
            mailboxes: values(&user, "emails"),
            role,
            roles: values(&user, "roles").into_iter().collect(),
            fields,
        };
        let external_id = || user.get("externalId").and_then(Value::as_str).map(str::to_owned);
        let kept = if workspace.is_plain() { KeptAsSent::Document(document(user)) } else { KeptAsSent::ExternalId(external_id()) };
        Ok(Self { wanted, kept })
    }
}

/// The values of an attribute with several.
fn values(user: &Value, attribute: &str) -> Vec<String> {
    let list = user.get(attribute).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|item| item.get("value")).filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The lists of a user of plain SCIM, sent or stored, that say who they are, or give rights.
pub(in crate::server) fn own_lists(user: &Value) -> OwnLists {
    let mut lists = OwnLists::default();
    for list in OwnList::ALL {
        for element in user.get(wire_names::of_list(list)).and_then(Value::as_array).into_iter().flatten() {
            let text = |part: &str| element.get(part).and_then(Value::as_str).unwrap_or_default().to_owned();
            let primary = element.get("primary").and_then(Value::as_bool) == Some(true);
            lists.add(list, ListElement { value: text("value"), kind: text("type"), primary });
        }
    }
    lists
}

/// The part of a user of plain SCIM that is stored as it is.
fn document(user: Value) -> Map<String, Value> {
    let mut body = match user {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    };
    for name in ["schemas", "id", "meta", "groups", "password", user::ACTIVE] {
        body.shift_remove(name);
    }
    body
}

/// The temporary password of a new user, where the workspace allows one (AR-10); plain SCIM takes any.
pub(in crate::server) fn first_password(workspace: &Workspace, body: &Value) -> Result<Option<Secret>, Failure> {
    let Some(text) = password(body) else { return Ok(None) };
    if !workspace.is_plain() {
        check_first_password(workspace.catalog(), workspace.initial_password_allowed, text.chars().count())
            .map_err(|why| refusal::failure(workspace, &why))?;
    }
    Ok(Some(Secret::new(text)))
}

/// A password anywhere a body can have one: at its top, or in the operations of a PATCH.
pub(in crate::server) fn password(body: &Value) -> Option<String> {
    let named = |members: &Map<String, Value>| {
        members
            .iter()
            .find(|(key, _)| key.rsplit(':').next().is_some_and(|k| k.eq_ignore_ascii_case("password")))
            .and_then(|(_, v)| v.as_str())
            .map(str::to_owned)
    };
    if let Some(found) = named(body.as_object()?) {
        return Some(found);
    }
    operations(body)?.iter().rev().find_map(|operation| {
        let value = operation.get("value")?;
        let path = operation.get("path").and_then(Value::as_str).unwrap_or_default();
        if path.rsplit(':').next().is_some_and(|p| p.eq_ignore_ascii_case("password")) {
            return value.as_str().map(str::to_owned);
        }
        value.as_object().and_then(named)
    })
}

/// Returns whether a PATCH names the role.
fn names_role(body: &Value) -> bool {
    let is_role =
        |name: &str| name.rsplit(':').next().unwrap_or_default().split(['.', '[']).next().is_some_and(|n| n.eq_ignore_ascii_case("roles"));
    operations(body).into_iter().flatten().any(|operation| match operation.get("path").and_then(Value::as_str) {
        Some(path) => is_role(path),
        None => operation.get("value").and_then(Value::as_object).is_some_and(|members| members.keys().any(|key| is_role(key))),
    })
}

/// The operations of a PATCH.
fn operations(body: &Value) -> Option<&Vec<Value>> {
    body.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case("operations"))?.1.as_array()
}

/// The role that a user of plain SCIM has: the first.
fn plain_role(user: &Value) -> Option<String> {
    user.get("roles")?.get(0)?.get("value")?.as_str().map(str::to_owned)
}
