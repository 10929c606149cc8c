//! Words that many products use. A platform's catalog and the workspace come before them.

use crate::model::{BLOCKED, Field, InvitationState, Standing};
use crate::platform::states::States;

use super::meaning::{EXPIRES, Kept, Meaning, Sense, StateWord};

const PLAIN: Sense = Sense::Plain;
const OUT: Sense = Sense::Inverted(Standing::Inactive);
/// The sense of a column whose yes says that somebody has not accepted the invitation yet; a no says nothing.
pub(super) const PENDING: Sense = Sense::Inverted(Standing::Pending);

/// Headers by meaning, without anything but letters and digits, and without accents; the first ones are preferred. After the English words
/// come the French ones of Canada.
#[rustfmt::skip]
const COLUMNS: [(Kept, Sense, &[&str]); 16] = [
    (Kept::Email, PLAIN, &["email", "emailaddress", "loginemail", "useremail", "userprincipalname", "primaryemail", "workemail",
        "workcontactworkemail", "companyemail", "emailid", "mail", "samlname", "emailaddresses", "emails",
        "courriel", "adressecourriel", "adresseemail", "adressemail", "adressedecourriel", "courrielprofessionnel", "adresseelectronique"]),
    (Kept::Login, PLAIN, &["username", "login", "loginname", "loginid", "userid", "networkid", "nomdutilisateur", "identifiant"]),
    (Kept::Name, PLAIN, &["fullname", "name", "displayname", "user", "member", "staffmember", "employee", "employeename", "payrollname",
        "membername", "teammate", "person", "nom", "nomcomplet", "nometprenom", "prenometnom", "nomprenom", "utilisateur", "membre", "employe"]),
    (Kept::Field(Field::FirstName), PLAIN, &["firstname", "givenname", "legalfirstname", "preferredname", "preferredfirstname", "forename", "first",
        "prenom", "prenoms"]),
    (Kept::Field(Field::LastName), PLAIN, &["lastname", "surname", "familyname", "legallastname", "last", "nomdefamille"]),
    (Kept::Field(Field::Role), PLAIN, &["role", "roles", "userrole", "accountrole", "accesslevel", "permissiongroup", "privilegegroup",
        "securityrole", "usergroup", "usergroups", "organizationroles", "usertype", "type",
        "niveaudacces"]),
    (Kept::Field(Field::Clinics), PLAIN, &["clinics", "clinic", "locations", "location", "centers", "center", "sites", "site", "offices",
        "office", "practice", "hasaccessto", "workspaces", "department", "orgunitpath", "physicaldeliveryofficename",
        "clinique", "cliniques", "emplacement", "emplacements", "etablissement", "etablissements"]),
    (Kept::Field(Field::DefaultClinic), PLAIN, &["defaultclinic", "defaultlocation", "homelocation", "primarylocation", "primaryclinic", "homeclinic",
        "cliniquepardefaut", "cliniqueprincipale"]),
    (Kept::Field(Field::Title), PLAIN, &["title", "jobtitle", "professionaltitle", "employeetitle", "titre", "titreprofessionnel"]),
    (Kept::Field(Field::Phones), PLAIN, &["mobilephone", "mobile", "mobilenumber", "cellphone", "cell", "cellnumber", "cellphonenumber",
        "mobilephonenumber", "phones", "phonenumbers", "contactnumbers", "contactnumber", "phone", "phonenumber", "telephone",
        "telephonenumber", "workphone", "homephone", "officephone", "businessphone", "numerodetelephone", "cellulaire", "telephonecellulaire", "mobiletelephone"]),
    (Kept::Status, PLAIN, &["status", "accountstatus", "userstatus", "membershipstatus", "positionstatus", "employmentstatus", "state", "active",
        "isactive", "activeaccount", "accountenabled", "canlogin", "enabled", "useractive", "loginstatus", "userstate", "recordstatus", "accountstate", "memberstatus",
        "loginstate", "accountactive", "activeinsystem", "loginenabled", "cansignin", "signinallowed", "loginallowed", "canaccess", "staffstatus", "employeestatus", "accessstatus", "statut", "etat", "statutducompte", "actif"]),
    (Kept::Status, OUT, &["disabled", "isdisabled", "ishidden", "hidden", "inactive", "isinactive", "isemployeeinactive", "deactivated",
        "archived", "isarchived", "desactive", "inactif", "logindisabled", "accountdisabled", "deleted", "isdeleted", "terminated", "isterminated",
        "isdeactivated", "accountdeactivated"]),
    (Kept::Status, PENDING, &["pending", "ispending", "pendinginvite", "pendinginvitation", "invitepending", "invitationpending"]),
    (Kept::Status, Sense::Date, &["suspensiondate", "deactivateddate", "deactivatedat", "deactivatedon", "deactivationdate",
        "softdeletiontimestamp", "dateofdeactivation", "separationdate", "dateofseparation", "lastday", "lastdayworked", "lastworkingday", "exitdate",
        "departuredate", "offboardingdate", "dateoftermination", "deletedat", "datedeactivated", "archivedat", "archivedon", "datearchived", "deletedon", "datedeleted", "disabledat",
        "disabledon", "datedisabled", "inactivedate", "inactivesince", "dateinactivated", "terminatedon", "dateterminated", "enddate", "terminationdate", "datededesactivation", "desactivele", "datedefin"]),
    (Kept::Blocked, PLAIN, &["blocked", "isblocked", "blockcredential", "suspended", "issuspended", "blocksignin", "signinblocked", "bloque", "suspendu"]),
    // The login, where it is the only address.
    (Kept::Email, PLAIN, &["personalcontactpersonalemail", "homeemail", "personalemail"]),
];

/// Returns how a column that a workspace or a catalog names as one of states says them: a header that many products have keeps its sense.
pub(super) fn sense_of_state(word: &str) -> Sense {
    match meaning(word, false) {
        Some(known) if known.kept == Kept::Status => known.sense,
        // Somebody who is blocked or suspended is not active.
        Some(known) if known.kept == Kept::Blocked => OUT,
        Some(_) | None if is_of_end(word) => Sense::Date,
        Some(_) | None => {
            let negated = ["inactive", "deactiv", "notactive", "nolonger", "disabled", "inactif"];
            let positive = ["active", "enabled", "canlogin", "cansignin", "canaccess", "hasaccess", "loginallowed", "actif", "aktiv"];
            let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
            if has(&negated) || !has(&positive) { Sense::Words } else { PLAIN }
        }
    }
}

/// Returns whether a header of letters and digits names the day on which access ends, and not one on which somebody is let in again.
fn is_of_end(word: &str) -> bool {
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    (has(&EXPIRES) || has(&["until", "validto", "validthrough"]))
        && !has(&["inactiv", "deactiv", "disabled", "suspend", "block", "lock", "leave", "denied", "revok"])
}

/// Returns whether a header of letters and digits is about somebody's work for the practice, or where they are shown, and not about an account.
pub(super) fn is_of_employment(word: &str) -> bool {
    const WORDS: &str = "positionstatus employmentstatus employeestatus staffstatus terminated isterminated isemployeeinactive terminatedon \
        dateterminated terminationdate enddate datedefin separationdate dateofseparation lastday lastdayworked lastworkingday exitdate \
        departuredate offboardingdate dateoftermination hidden";
    WORDS.split_whitespace().any(|known| known == word)
}

/// The most headers that there can be for one meaning.
const MOST: usize = 100;

/// Returns what a header of letters and digits means. Where any text is a role, a type is not one.
pub(super) fn meaning(word: &str, open_roles: bool) -> Option<Meaning> {
    COLUMNS.iter().zip(0..).find_map(|((kept, sense, words), row)| {
        let at = words.iter().position(|known| *known == word)?;
        let is_type = *kept == Kept::Field(Field::Role) && word.ends_with("type");
        (!(is_type && open_roles)).then_some(Meaning { kept: *kept, sense: *sense, rank: MOST * (row + 1) + at })
    })
}

/// States by their words.
const STATES: [(StateWord, &[&str]); 6] = [
    (
        StateWord::Is(Standing::Active),
        &[
            "active",
            "enabled",
            "approved",
            "accepted",
            "member",
            "confirmed",
            "activeuser",
            "activated",
            "reactivated",
            "unblocked",
            "notblocked",
            "unsuspended",
            "registered",
            "actif",
            "activé",
            "activée",
            "confirmé",
            "confirmée",
            "accepté",
            "acceptée",
        ],
    ),
    (
        StateWord::Is(Standing::Pending),
        &[
            "pending",
            "invited",
            "invitesent",
            "invitationsent",
            "notactivated",
            "pendinguseraction",
            "staged",
            "provisioned",
            "pendingprovision",
            "awaitingacceptance",
            "notstarted",
            "pendinginvite",
            "pendinginvitation",
            "notaccepted",
            "unconfirmed",
            "enattente",
            "invité",
            "invitée",
            "invitationenvoyée",
            "nonconfirmé",
            "nonconfirmée",
        ],
    ),
    (
        StateWord::Expired,
        &[
            "invitationexpired",
            "inviteexpired",
            "expiredinvitation",
            "expiredinvite",
            "linkexpired",
            "expiredlink",
            "invitelinkexpired",
            "invitationlinkexpired",
            "invitationexpirée",
            "expired",
            "expiré",
            "expirée",
        ],
    ),
    (
        StateWord::Is(Standing::Inactive),
        &[
            "inactive",
            "deactivated",
            "deprovisioned",
            "disabled",
            "deleted",
            "archived",
            "terminated",
            "removed",
            "noaccess",
            "former",
            "notactive",
            "inactif",
            "désactivé",
            "désactivée",
            "archivé",
            "archivée",
            "supprimé",
            "supprimée",
            "offboarded",
            "deactive",
            "desactive",
            "desactivee",
            "nolongeractive",
        ],
    ),
    (StateWord::Blocked, &["blocked", "suspended", "bloqué", "bloquée", "suspendu", "suspendue"]),
    (
        StateWord::Unknown,
        &[
            "unknown",
            "inconnu",
            "lockedout",
            "passwordexpired",
            "passwordreset",
            "onleave",
            "leave",
            "leaveofabsence",
            "notonpayroll",
            "bot",
            "guest",
            "unlicensed",
            "recovery",
        ],
    ),
];

/// Returns what a word of letters and digits says about somebody's state.
pub(super) fn state(word: &str) -> Option<StateWord> {
    STATES.iter().find(|(_, words)| words.contains(&word)).map(|(state, _)| *state)
}

/// Returns whether a text is the name of a state, also with the number of its people: "Inactive (3)", "Deactivated users".
pub(super) fn names_state(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !word.bytes().all(|b| b.is_ascii_digit()));
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    let people = ["users", "user", "members", "accounts", "people", "employees", "staff", "teammates", "invites", "invitations"];
    match words.as_slice() {
        [state] => self::state(state).is_some(),
        [state, noun] => {
            self::state(&format!("{state}{noun}")).is_some() || (self::state(state).is_some() && people.contains(&noun.as_str()))
        }
        [..] => false,
    }
}

/// Returns whether a text is a state with what follows it, as beside a name: "Invited 3 days ago".
pub(super) fn begins_with_state(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().map(super::words::squash).unwrap_or_default();
    let is_time = |word: &str| word.contains(|c: char| c.is_ascii_digit()) || ["ago", "today", "yesterday"].contains(&word);
    self::state(&first).is_some() && words.next().is_none_or(is_time)
}

/// Returns what the words of a heading say together, without those for people: "Past employees", "Users without access".
pub(super) fn phrase(words: &[&str]) -> Option<StateWord> {
    match words.join(" ").to_lowercase().as_str() {
        "past" | "ex" | "previous" | "without access" | "with no access" | "trash" | "recycle bin" | "alumni" | "leavers" | "departed"
        | "resigned" | "archive" | "archives" => Some(StateWord::Is(Standing::Inactive)),
        "not yet accepted" | "awaiting" | "waiting" | "not yet active" => Some(StateWord::Is(Standing::Pending)),
        _ => None,
    }
}

/// Returns whether a text is about people without access: "Inactive", "Login disabled", "Is Hidden".
pub(super) fn is_negative(text: &str) -> bool {
    let word = super::words::squash(text);
    let parts = [
        "inactive", "deactiv", "disable", "block", "suspend", "archiv", "terminat", "delete", "remove", "hidden", "former", "lock",
        "noaccess",
    ];
    let is_no = yes_or_no(text) == Some(false);
    is_no || parts.iter().any(|part| word.contains(part)) || word.starts_with("not") || state(&word) == Some(StateWord::Blocked)
}

/// Returns the word for the opposite of such a state, if it has one: somebody who is not blocked can be inactive.
pub(super) fn opposite(text: &str) -> Option<&'static str> {
    let word = super::words::squash(text);
    let is_inactive = state(&word) == Some(StateWord::Is(Standing::Inactive)) || yes_or_no(text) == Some(false);
    is_inactive.then_some("Active")
}

/// Returns whether a box that is not ticked, or a no, turns the word of a state around: "[ ] Inactive", "Active: No".
pub(super) fn is_turned(text: &str) -> bool {
    let has_box = ["[ ]", "[]", "( )", "()", "☐", "⬜"].iter().any(|sign| text.contains(sign));
    has_box || text.rsplit_once([':', '=', '-']).is_some_and(|(_, own)| yes_or_no(own) == Some(false))
}

/// Returns whether a sign says no beside a word: "✗ Active". Beside "Inactive" it says the same as the word.
pub(super) fn has_cross(text: &str) -> bool {
    text.contains(['✗', '✘', '✖', '✕', '×', '❌', '❎', '🔴', '🚫', '⛔', '☒', '⚪', '⚫', '🟡', '🟠', '🔒', '⚠'])
}

/// Returns what a word says in a column that names a way of being inactive: "Enabled" under `Disabled` is a state, and not a yes. Under
/// another header it can be about something else.
pub(super) fn state_under(header: &str, word: &str) -> Result<Option<StateWord>, ()> {
    let word = super::words::squash(word);
    let header = super::words::squash(header);
    match word.as_str() {
        "enabled" | "disabled" if ["disabl", "inactiv", "deactiv"].iter().any(|part| header.contains(part)) => Ok(state(&word)),
        "enabled" | "disabled" => Err(()),
        _ => Ok(state(&word)),
    }
}

/// Words of buttons that change a state.
const VERBS: [&str; 18] = [
    "activate",
    "reactivate",
    "deactivate",
    "inactivate",
    "enable",
    "disable",
    "block",
    "unblock",
    "suspend",
    "unsuspend",
    "lock",
    "unlock",
    "invite",
    "reinvite",
    "resend",
    "archive",
    "restore",
    "terminate",
];

/// Returns whether a word is that of a button that changes a state.
pub(super) fn is_action(word: &str) -> bool {
    VERBS.contains(&super::words::squash(word).as_str())
}

/// The first words of buttons in rows of lists.
#[rustfmt::skip]
const OF_BUTTONS: [&str; 29] = [
    "edit", "resend", "remove", "delete", "change", "copy", "more", "action", "actions", "view", "revoke", "cancel", "manage", "deactivate", "reactivate",
    "activate", "suspend", "unsuspend", "block", "unblock", "unlock", "reset", "options", "menu", "details", "open", "show", "hide", "select",
];

/// Returns whether a text begins with what a button does.
pub(super) fn begins_with_verb(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().trim_end_matches(['…', '.', ':']);
    OF_BUTTONS.contains(&first.to_lowercase().as_str())
}

/// Returns the state that a word that is not understood probably means. A word for a block is one for inactive where nobody can be blocked.
pub(super) fn near_state(word: &str, states: States) -> Option<&'static str> {
    // What a button does is the opposite of what somebody is.
    if is_action(word) || is_turned(word) || has_cross(word) {
        return None;
    }
    let squashed = super::words::squash(word);
    // What has expired can be a password, a license or a trial: somebody with one may still come in.
    if squashed.contains("expired") {
        let is_of_invitation = squashed == "expired" || ["invit", "link", "pending"].iter().any(|about| squashed.contains(about));
        return (states.pending && is_of_invitation).then_some(InvitationState::Expired.as_str());
    }
    // Somebody is locked out for a while, by wrong passwords: nobody has blocked them.
    if squashed.contains("lock") && !squashed.contains("block") {
        return None;
    }
    let known = ["active", "pending", "inactive", "blocked", "suspended", "deactivated", "invited"];
    let near = super::spelling::slip_of(&squashed, &known)?;
    match near {
        "blocked" | "suspended" if states.blocked => Some(BLOCKED),
        "blocked" | "suspended" | "deactivated" | "inactive" => Some(Standing::Inactive.as_str()),
        "invited" | "pending" => Some(Standing::Pending.as_str()),
        _ => Some(Standing::Active.as_str()),
    }
}

/// Lists the headers of this file with their meanings, the preferred ones first.
pub(super) fn headers(open_roles: bool) -> impl Iterator<Item = (&'static str, Meaning)> {
    let words = COLUMNS.iter().flat_map(|(_, _, words)| words.iter());
    words.filter_map(move |word| Some((*word, meaning(word, open_roles)?)))
}

/// Returns whether a text is a yes or a no.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" | "✓" | "✔" | "☑" | "✅" | "on" | "enabled" | "checked" | "oui" | "vrai" => Some(true),
        "no" | "n" | "false" | "0" | "✗" | "✘" | "☐" | "❌" | "off" | "disabled" | "unchecked" | "non" | "faux" => Some(false),
        _ => None,
    }
}

/// Returns whether a text is a letter that is used as a cross.
pub(super) fn is_cross(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("x")
}

/// Returns whether a header asks who has access or works there, so that a cross says yes: "Active", "Can log in".
pub(super) fn names_access(header: &str) -> bool {
    let word = super::words::squash(header);
    ["activ", "actif", "enabled", "canlog", "cansign", "canaccess", "hasaccess", "employed", "current"]
        .iter()
        .any(|part| word.contains(part))
}

/// Returns whether a text is what programs write where they have no value.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text.trim(), "None" | "none" | "NONE" | "NaN" | "nan" | "NULL" | "Null" | "null" | "nil" | "#N/A" | "(blank)")
}

/// Returns whether a text says that there is nothing to say.
pub(super) fn is_dash(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "" | "-" | "–" | "—" | "--" | "n/a" | "na" | "…" | "..." | "unknown")
}
