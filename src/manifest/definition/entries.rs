//! The types of a definition's document. The JSON Schema is generated from them, so editors show these comments.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::entries::OneOrSeveral;
use crate::manifest::scalars::{CountryName, Slug};
use crate::model::{Standing, Topic};
use crate::platform::FieldRule;
use crate::platform::catalog::{Administrators, CatalogRole, Price, PrivilegeEntry, RolesReach, UserNameChange};
use crate::platform::needed_colleague::NeededColleague;
use crate::platform::runbook::ClickPath;
use crate::platform::seats::Seats;
use crate::platform::states::StateName;
use crate::yaml::{Each, Given, Table};

/// A product that rosterctl does not know: the fields, roles and states of its users, and the words and click paths of its pages.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct DefinitionEntry {
    /// Workspaces call the product by this key, under `platform`.
    #[schemars(example = &"jane-app")]
    pub(super) define_platform: Given<Slug>,
    /// People call the product by this name.
    #[schemars(example = &"Jane App")]
    pub(super) name: Given<String>,
    /// National phone numbers are those of this country, unless a workspace names another one.
    #[schemars(example = &"US")]
    pub(super) country: Given<CountryName>,
    /// A user can have these states; they are `active` and `inactive` if absent. Without `inactive`, users who leave are removed.
    pub(super) states: Given<Each<StateName>>,
    /// Users have these fields. A key of other platforms means what it means there; any other key needs `kind`.
    pub(super) fields: Given<Table<FieldRule>>,
    /// These are the product's roles by key.
    pub(super) roles: Given<Table<CatalogRole>>,
    /// These are the product's privileges by key.
    pub(super) privileges: Given<Table<PrivilegeEntry>>,
    /// Anyone who has one of these roles is an administrator; without this, no guard counts administrators.
    pub(super) administrators: Given<Administrators>,
    /// These are the words of the product's own user list.
    pub(super) list: Given<DefinitionListEntry>,
    /// This says how a person makes each kind of change in the product.
    pub(super) runbook: Given<Table<ClickPath>>,
    /// This says how seats are counted; every user has one of the same kind if absent.
    pub(super) seats: Given<Seats>,
    /// These are the product's published prices.
    pub(super) prices: Given<Each<Price>>,
    /// The product calls the login address by this label.
    pub(super) email_label: Given<String>,
    /// This says who can change the login address; the admin can if absent.
    pub(super) user_name_change: Given<UserNameChange>,
    /// Accounts belong to clinics, or other places.
    pub(super) clinics: Given<bool>,
    /// Accounts belong to employee records.
    pub(super) employees: Given<bool>,
    /// An account can have a passcode.
    pub(super) passcode: Given<bool>,
    /// A workspace can allow temporary first passwords.
    pub(super) initial_password: Given<bool>,
    /// The whole practice shares a word that no invitation contains.
    #[serde(rename = "code_word")]
    pub(super) shared_word: Given<SharedWordEntry>,
    /// People who are new to the product need details that other people's invitations can lack; this says where that is written.
    pub(super) invitation_details: Given<String>,
    /// The vendor's requirements have these numbers, by what they are about.
    pub(super) requirements: Given<BTreeMap<Topic, String>>,
    /// Users need a colleague, such as a medical director; these sentences are about that.
    pub(super) needed_colleague: Given<NeededColleague>,
    /// A workspace can have roles of its own.
    pub(super) custom_roles: Given<bool>,
    /// Any text is a role.
    pub(super) open_roles: Given<bool>,
    /// Any text is a privilege.
    pub(super) open_privileges: Given<bool>,
    /// A workspace can exist without a main admin; it can if absent.
    pub(super) main_admin_optional: Given<bool>,
    /// Users have fields that plain SCIM does not have.
    pub(super) practice_extension: Given<bool>,
    /// A change of a role's privileges affects these members; it affects all who have the role if absent.
    pub(super) roles_reach: Given<RolesReach>,
    /// Anyone who has this privilege is an administrator.
    pub(super) manages_users: Given<String>,
    /// Blocking and unblocking need this privilege.
    pub(super) blocks_users: Given<String>,
    /// These privileges come with a switch, by the switch's key.
    pub(super) switch_privileges: Given<Table<String>>,
}

/// These are the words of the product's own user list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct DefinitionListEntry {
    /// These headers name a column: `email`, `login`, `name`, `status`, `blocked`, or the key of a field.
    pub(super) columns: Given<Table<OneOrSeveral>>,
    /// These words in a column mean a value of the roster, or `unknown`, which leaves such cells out.
    pub(super) values: Given<Table<Table<String>>>,
    /// This text or class of an icon marks people in a state: `blocked`, `pending` or `inactive`.
    pub(super) marks: Given<Table<OneOrSeveral>>,
    /// Rows without a name are people in this state.
    pub(super) nameless: Given<Standing>,
    /// A list with one of these headers is not a list of users.
    pub(super) not_users: Given<Vec<String>>,
    /// The words are assumed, and no source gives them.
    pub(super) assumed: Given<bool>,
}

/// A word that the whole practice shares and that no invitation contains.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CodeWord")]
pub(super) struct SharedWordEntry {
    /// After each invitation, a person does this with the word.
    pub(super) hand_over: String,
}
