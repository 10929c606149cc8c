//! Reads a user, or an account of a start file, from its entry.

use crate::model::{
    BLOCKED, Block, BlockReason, DAY, DesiredBlock, DesiredUser, Email, EmployeeLink, Field, Fields, INVITATION_LIVES, Invitation,
    InvitationState, RemoteId, Standing, StartAccount, State, WantedPasscode,
};
use crate::platform::sentences::named;
use crate::platform::{NoteFault, Platform, check_note};
use crate::yaml::{Finding, FlagOr, Given, NodeRef, OrFalse, Span};

use super::fields::fields;
use crate::manifest::file::File;
use crate::manifest::keys;
use crate::manifest::leaving::{self, Here, SaidAccess};
use crate::manifest::scalars::address_hint;
use crate::manifest::secret_entry::PasscodeEntry;
use crate::manifest::secrets::secret;
use crate::manifest::supporting::not_here;
use crate::manifest::user_entry::{BlockEntry, InvitationEntry, Of, ServiceEntry, StateEntry, platforms_with};

/// Reads the address in a key.
pub(in crate::manifest) fn address(file: &File<'_>, key: NodeRef<'_>) -> Option<Email> {
    match Email::parse(key.text()) {
        Ok(email) => Some(email),
        Err(why) => {
            file.push(
                Finding::new("email", key.span(), format!("`{}` is not an e-mail address", key.text()))
                    .hint(address_hint(key.text(), &why)),
            );
            None
        }
    }
}

/// Returns an address for an entry whose own is invalid, so that its other mistakes are reported in the same run.
pub(in crate::manifest) fn stand_in() -> Option<Email> {
    Email::parse("unreadable@address.invalid").ok()
}

/// Reports keys that other platforms, or other documents, have; of such a key, nothing else is reported.
fn strangers(file: &File<'_>, platform: &Platform, entry: NodeRef<'_>, of: Of) {
    let catalog = platform.catalog();
    let here = Here::new(&file.user_keys);
    for (key, value) in entry.entries() {
        let word = key.text();
        if file.user_keys.contains(&word) {
            continue;
        }
        let access = leaving::access(word, value).filter(|access| access.is_taken());
        let owners = platforms_with(word, of);
        let other = if of.is_start() { Of::Workspace } else { Of::Start };
        let finding = if !owners.is_empty() {
            let hint = match keys::twin(word).filter(|twin| file.user_keys.contains(twin)) {
                Some(twin) => format!("{} calls this key `{twin}`", catalog.name),
                None if catalog.is_own && word == BLOCKED && access.is_some() => {
                    format!("write `{}`, or add `blocked` to the `states` in the definition of the platform", leaving::inactive(here))
                }
                None if catalog.is_own && Field::from_key(word).is_some() => {
                    format!("remove it, or add `{word}: {{}}` under `fields` in the definition of the platform")
                }
                None => access.map_or_else(|| "remove it".to_owned(), |access| access.advice(here)),
            };
            Finding::new(
                "other-platform",
                key.span(),
                format!("`{word}` is not available on {}, only on {}", catalog.name, keys::all(&owners)),
            )
            .hint(hint)
        } else if !platforms_with(word, other).is_empty() {
            let (in_this, there) = if of.is_start() { ("a start file", "a workspace file") } else { ("a workspace file", "a start file") };
            Finding::new("other-document", key.span(), format!("`{word}` can be used in {there}, but not in {in_this}"))
                .hint(elsewhere(word, value, here))
        } else {
            continue;
        };
        let has_secret = file.decoder.forget_value(key, value);
        file.push(if has_secret { finding.hiding(value.span()) } else { finding });
    }
}

/// Says what to write instead of a key of another document: a person whose access it would take away must not keep it.
fn elsewhere(word: &str, value: NodeRef<'_>, here: Here) -> String {
    let inactive = leaving::inactive(here);
    match (word, leaving::access(word, value)) {
        ("status", Some(access)) if access.works() => leaving::ACTIVE_WITHOUT_STATE.to_owned(),
        ("invitation", _) if leaving::access_in(value.text()).is_some_and(SaidAccess::is_taken) => {
            format!("to withdraw an invitation, write `{inactive}`; otherwise, remove it")
        }
        (_, Some(access)) => access.advice(here),
        ("status" | "state", None) => format!("to take this person's access away, write `{inactive}`; otherwise, remove it"),
        (_, None) => "remove it".to_owned(),
    }
}

/// Reads the user that an entry describes; `None` if the entry is not a map.
pub(in crate::manifest) fn user(
    file: &File<'_>,
    platform: &Platform,
    email: Email,
    key: NodeRef<'_>,
    node: NodeRef<'_>,
) -> Option<DesiredUser> {
    let entry = file.user_entry(node)?;
    let mut managed = fields(file, platform.catalog(), &entry.said);
    platform.catalog().normalize(&mut managed);
    let formerly =
        entry.formerly.value().map(|each| file.decoder.each::<crate::manifest::scalars::Address>(file.node(each.0))).unwrap_or_default();
    let service_owner = service_owner(file, &entry.service, &email, node);
    let user = DesiredUser {
        email,
        id: entry.id.take().map(|id| RemoteId(id.0)),
        formerly: formerly.into_iter().map(|(address, _)| address.0).collect(),
        status: entry.status.take().unwrap_or_default(),
        blocked: if platform.catalog().states.blocked { blocked(file, &entry.blocked, node) } else { None },
        fields: managed,
        employee: match entry.employee.take() {
            None => EmployeeLink::ByName,
            Some(word) if word.0 == EmployeeLink::EXTERNAL => EmployeeLink::External,
            Some(key) => EmployeeLink::Key(key.0),
        },
        passcode: passcode(file, &entry.passcode, node),
        initial_password: secret(file, entry.initial_password).map(Box::new),
        service_owner,
        place: file.place(key.span()),
    };
    strangers(file, platform, node, Of::Workspace);
    Some(user)
}

/// Reads what an entry wants of the passcode (AR-11).
fn passcode(file: &File<'_>, given: &Given<FlagOr<PasscodeEntry>>, node: NodeRef<'_>) -> Option<WantedPasscode> {
    match given.value()? {
        FlagOr::Flag(true) => Some(WantedPasscode::Set),
        FlagOr::Flag(false) => Some(WantedPasscode::Unset),
        FlagOr::Is(entry) => {
            if entry.renew.is_absent() && !node.get("passcode").is_some_and(|map| file.may_have(map, "renew")) {
                let finding = Finding::new("missing", file.key_span(node, "passcode"), "`renew` is missing");
                file.push(finding.hint("add the day from which on the passcode must be, such as `{ renew: 2027-03-01 }`, or write `true`"));
            }
            Some(WantedPasscode::MadeSince(entry.renew.value()?.0))
        }
    }
}

/// Reads who answers for an account that belongs to nobody in particular: another account, so that somebody can be asked.
fn service_owner(file: &File<'_>, given: &Given<ServiceEntry>, email: &Email, node: NodeRef<'_>) -> Option<Email> {
    let entry = given.value()?;
    let span = file.key_span(node, "service");
    if entry.owner.is_absent() && !node.get("service").is_some_and(|map| file.may_have(map, "owner")) {
        let finding = Finding::new("missing", span, "`owner` is missing");
        file.push(finding.hint("add the address of the person who answers for this account, such as `owner: name@practice.example`"));
    }
    let owner = &entry.owner.value()?.0;
    if owner == email {
        let finding = Finding::new("owner", span, format!("{email} cannot answer for itself"));
        file.push(finding.hint("write the address of a person under `owner`; if a person uses this account, remove `service`"));
    }
    Some(owner.clone())
}

/// Reads an entry's block; the reason `other` requires a note (AR-26).
fn blocked(file: &File<'_>, given: &Given<OrFalse<BlockEntry>>, node: NodeRef<'_>) -> Option<DesiredBlock> {
    match given.value()? {
        OrFalse::False => Some(DesiredBlock::Unblocked),
        OrFalse::Is(block) => {
            let span = file.key_span(node, BLOCKED);
            let note = block.note.value().map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
            if let (Some((_, at)), Some(text)) = (block.note.read(), &note) {
                note_form(file, text, file.node(at).span());
            }
            if block.reason.is_absent() && !node.get(BLOCKED).is_some_and(|map| file.may_have(map, "reason")) {
                let known: Vec<&str> = BlockReason::ALL.iter().map(|r| r.as_str()).collect();
                file.push(Finding::new("missing", span, "`reason` is missing").hint(format!("add one of: {}", known.join(", "))));
            }
            let reason = *block.reason.value()?;
            if reason.is_in_note() && note.is_none() {
                file.push(
                    Finding::new("missing", span, "the reason `other` requires a note")
                        .hint("add `note: …` and say why this person is blocked"),
                );
            }
            Some(DesiredBlock::Blocked { reason, note })
        }
    }
}

/// Reports a note that a workspace would not accept.
fn note_form(file: &File<'_>, note: &str, span: Span) {
    for fault in check_note(note) {
        file.push(match fault {
            NoteFault::TooLong { length, most } => {
                Finding::new("note", span, format!("the note has {length} characters; at most {most} are allowed")).hint("shorten the note")
            }
            NoteFault::Control(odd) => Finding::new("note", span, format!("the note contains {}", named(odd)))
                .hint("remove it; the only control characters allowed in a note are line breaks and tabs"),
        });
    }
}

/// Reads the account that an entry of a start file describes.
pub(in crate::manifest) fn account(file: &File<'_>, platform: &Platform, node: NodeRef<'_>) -> Option<StartAccount> {
    let entry = file.user_entry(node)?;
    let mut values: Fields = fields(file, platform.catalog(), &entry.said);
    platform.catalog().normalize(&mut values);
    if let Some(employee) = entry.employee.value() {
        values.set(crate::model::Field::Employee, crate::model::Value::Text(employee.0.clone()));
    }
    let standing = entry.state.value().copied().unwrap_or(StateEntry::Active);
    let block = match blocked(file, &entry.blocked, node).filter(|_| platform.catalog().states.blocked) {
        Some(DesiredBlock::Blocked { reason, note }) => Some(Block { reason, note }),
        Some(DesiredBlock::Unblocked) | None => None,
    };
    let word = match standing {
        StateEntry::Pending => Some(Standing::Pending.as_str()),
        StateEntry::NeverAccepted => Some("never-accepted"),
        StateEntry::Active | StateEntry::Inactive => None,
    };
    if let Some(word) = word.filter(|_| !platform.catalog().states.pending) {
        // Nobody is invited there, so nothing would ever show the state.
        not_here(file, file.key_span(node, "state"), &format!("state: {word}"), platform.catalog(), |catalog| catalog.states.pending);
    }
    if !standing.is_pending() && !entry.invitation.is_absent() {
        let span = file.key_span(node, "invitation");
        file.push(
            Finding::new("state", span, "only a pending account can have an invitation")
                .hint("remove the invitation, or add `state: pending`"),
        );
    }
    let state = State {
        accepted: standing.is_accepted(),
        inactive: standing.is_inactive(),
        invitation: standing.is_pending().then(|| invitation(entry.invitation.value(), block.is_some())),
        block,
    };
    let has_passcode = match entry.passcode.value() {
        None => false,
        Some(FlagOr::Flag(has)) => *has,
        Some(FlagOr::Is(_)) => {
            let finding = Finding::new("passcode", file.key_span(node, "passcode"), "an account that is being made has no older passcode");
            file.push(finding.hint("write `passcode: true` here, and `renew` in the workspace file"));
            true
        }
    };
    strangers(file, platform, node, Of::Start);
    Some(StartAccount { fields: values, state, has_passcode })
}

/// The invitation of a pending account; a block ends it.
fn invitation(entry: Option<&InvitationEntry>, blocked: bool) -> Invitation {
    let open = if blocked { InvitationState::Killed } else { InvitationState::Open };
    match entry {
        None | Some(InvitationEntry::Open) => Invitation { state: open, sent_at: 0, expires_at: INVITATION_LIVES },
        Some(InvitationEntry::Expired) => {
            Invitation { state: InvitationState::Expired, sent_at: -2 * INVITATION_LIVES, expires_at: -INVITATION_LIVES }
        }
        Some(InvitationEntry::Killed) => Invitation { state: InvitationState::Killed, sent_at: 0, expires_at: INVITATION_LIVES },
        Some(InvitationEntry::Days(days)) => {
            let sent_at = -i64::from(days.sent_days_ago.value().copied().unwrap_or(0)) * DAY;
            let expires_at = days.expires_in_days.value().map_or(sent_at + INVITATION_LIVES, |d| i64::from(*d) * DAY);
            Invitation { state: if expires_at <= 0 { InvitationState::Expired } else { open }, sent_at, expires_at }
        }
    }
}
