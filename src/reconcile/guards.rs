//! What may stop a plan. Each guard has a stable code; there is no switch for all of them.

use crate::model::{Account, Actual, Completeness, Desired, Field, Plan, Standing, Step, Stop};
use crate::platform::{Catalog, Platform};

use super::project::{Overlay, is_administrator};

/// The guards there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// The listing could not be trusted (rule 7 of the core).
    PartialRead,
    /// An exact roster without users.
    EmptyDesired,
    /// More accounts lose access than the roster allows.
    Removals,
    /// Too few would be left who can manage users, at some point of the run.
    LastAdministrator,
    /// The main admin would be switched off or blocked (AR-20).
    MainAdmin,
    /// The token's own account would lose access or rights.
    Self_,
    /// A medical director would leave while providers name them (AR-25).
    MedicalDirector,
}

/// All guards, in the order they are asked.
pub const GUARDS: [Guard; 7] = [
    Guard::PartialRead,
    Guard::EmptyDesired,
    Guard::Removals,
    Guard::LastAdministrator,
    Guard::MainAdmin,
    Guard::Self_,
    Guard::MedicalDirector,
];

impl Guard {
    /// The code of YAML, JSON and documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PartialRead => "partial-read",
            Self::EmptyDesired => "empty-desired",
            Self::Removals => "removals",
            Self::LastAdministrator => "last-administrator",
            Self::MainAdmin => "main-admin",
            Self::Self_ => "self",
            Self::MedicalDirector => "medical-director",
        }
    }

    /// Whether a waiver can lift it. A reading that is not complete removes and invites nobody, and nobody removes the main admin.
    #[must_use]
    pub const fn is_waivable(self) -> bool {
        !matches!(self, Self::PartialRead | Self::MainAdmin)
    }
}

/// Asks every guard.
pub(super) fn check(plan: &Plan, actual: &Actual, desired: &Desired) -> Vec<(Guard, Stop)> {
    let platform = crate::platform::of(&plan.platform);
    let case = Case {
        plan,
        actual,
        desired,
        platform,
        after: Overlay::new(plan.changes.iter().map(|step| &step.change), actual, platform.catalog()),
    };
    GUARDS
        .into_iter()
        .filter_map(|guard| {
            let (reason, remedy) = match guard {
                Guard::PartialRead => case.partial_read(),
                Guard::EmptyDesired => case.empty_desired(),
                Guard::Removals => case.removals(),
                Guard::LastAdministrator => case.last_administrator(),
                Guard::MainAdmin => case.main_admin(),
                Guard::Self_ => case.own_account(),
                Guard::MedicalDirector => case.medical_director(),
            }?;
            Some((guard, Stop { guard: guard.code().to_owned(), reason, remedy, waivable: guard.is_waivable() }))
        })
        .collect()
}

/// The day in a zone, of a time in epoch milliseconds.
pub(super) fn day(as_of: i64, time_zone: &str) -> Option<jiff::civil::Date> {
    let time = jiff::Timestamp::from_millisecond(as_of).ok()?;
    Some(time.in_tz(time_zone).ok()?.date())
}

struct Case<'a> {
    plan: &'a Plan,
    actual: &'a Actual,
    desired: &'a Desired,
    platform: &'a Platform,
    after: Overlay<'a>,
}

type Found = Option<(String, String)>;

impl<'a> Case<'a> {
    const fn catalog(&self) -> &'a Catalog {
        self.platform.catalog()
    }

    /// Addresses of the accounts that can do less, or nothing, afterwards.
    fn removed(&self) -> Vec<String> {
        let mut removed: Vec<String> = self
            .after
            .touched()
            .filter_map(|(before, after)| before.filter(|b| is_removed(b, &after)).map(|b| b.email.to_string()))
            .collect();
        removed.sort_unstable();
        removed
    }

    /// How many accounts the plan makes.
    fn newcomers(&self) -> usize {
        self.after.touched().filter(|(before, _)| before.is_none()).count()
    }

    fn partial_read(&self) -> Found {
        let Completeness::Partial { why } = &self.actual.completeness else { return None };
        let (removed, invited) = (self.removed().len(), self.newcomers());
        let does = match (removed, invited) {
            (0, 0) => return None,
            (0, _) => format!("invites {invited} who may be there already"),
            (_, 0) => format!("takes access from {removed}"),
            (_, _) => format!("takes access from {removed} and invites {invited} who may be there already"),
        };
        Some((
            format!("the workspace could not be read in full ({why}), and the plan {does}"),
            "run it again; a reading that is not complete removes and invites nobody".to_owned(),
        ))
    }

    fn empty_desired(&self) -> Found {
        let removed = self.removed().len();
        (self.desired.users.is_empty() && removed > 0).then(|| {
            (
                format!("the YAML lists no user at all, and the plan takes access from {removed}"),
                "is a file missing? to stop managing the workspace take its file away, or write `manage: observe`".to_owned(),
            )
        })
    }

    fn removals(&self) -> Found {
        let removed = self.removed();
        let working = self
            .after
            .touched()
            .filter(|(before, after)| before.is_some_and(|b| b.state.standing() == Standing::Active && is_removed(b, after)))
            .count();
        let active = self.actual.accounts.iter().filter(|a| a.state.standing() == Standing::Active).count();
        let limits = &self.plan.guards;
        let too_many = removed.len() > limits.removals_count as usize;
        let too_large = removed.len() >= 2 && limits.removals_share.is_exceeded_by(removed.len(), active);
        (too_many || too_large).then(|| {
            let accounts = if active == 1 { "account" } else { "accounts" };
            let limit = if too_many {
                format!("the limit is {}", limits.removals_count)
            } else {
                format!("the limit is {} of the {active} active {accounts}", percent(limits.removals_share.millionths()))
            };
            let others = match removed.len() - working {
                0 => String::new(),
                others => format!(" ({working} active, {others} invited, blocked or inactive)"),
            };
            (
                format!("the plan takes access or rights from {}{others}, {limit}: {}", removed.len(), few(&removed)),
                "check the list; then raise `guards: { removals: … }` or write a waiver".to_owned(),
            )
        })
    }

    fn last_administrator(&self) -> Found {
        let privilege = self.catalog().manages_users.as_deref()?;
        let before = self.actual.accounts.iter().filter(|a| is_administrator(a, privilege)).count();
        let at_least = self.plan.guards.administrators_at_least as usize;
        let mut overlay = Overlay::new([], self.actual, self.catalog());
        let (mut now, mut worst) = (before, before);
        for Step { change, .. } in &self.plan.changes {
            let could = overlay.account(change).is_some_and(|a| is_administrator(&a, privilege));
            overlay.make(change);
            if overlay.holders_changed {
                now = overlay.iter().filter(|(_, a)| is_administrator(a, privilege)).count();
            } else {
                let can = overlay.account(change).is_some_and(|a| is_administrator(&a, privilege));
                now = (now + usize::from(can)).saturating_sub(usize::from(could));
            }
            worst = worst.min(now);
        }
        (worst < before && worst < at_least).then(|| {
            (
                format!("at some point of the run {worst} would be left who can manage users; before it {before}, the limit is {at_least}"),
                "keep one, or let another accept an invitation first; people who were only invited do not count".to_owned(),
            )
        })
    }

    fn main_admin(&self) -> Found {
        let hit = self.after.touched().find_map(|(before, after)| {
            let before = before.filter(|b| b.main_admin || Some(&b.email) == self.actual.main_admin.as_ref())?;
            let switched_off = !before.state.inactive && after.state.inactive;
            let blocked = before.state.block.is_none() && after.state.block.is_some();
            (switched_off || blocked).then(|| before.email.to_string())
        })?;
        Some((
            format!("{hit} is the workspace's main admin, whom nobody switches off or blocks"),
            "transfer main admin in the workspace first".to_owned(),
        ))
    }

    fn own_account(&self) -> Found {
        let own = self.actual.token_owner.as_ref()?;
        let privilege = self.catalog().manages_users.as_deref();
        let hit = self.after.touched().find_map(|(before, after)| {
            let before = before.filter(|b| b.email == *own)?;
            let switched_off = !before.state.inactive && after.state.inactive;
            let blocked = before.state.block.is_none() && after.state.block.is_some();
            let demoted = privilege.is_some_and(|p| before.privileges.contains(p) && !after.privileges.contains(p));
            (switched_off || blocked || demoted).then_some(())
        });
        hit.map(|()| {
            let (how, remedy) = if self.plan.server.starts_with("embedded:") {
                ("in whose name it runs", "transfer main admin in the workspace first, and name that person as `main_admin`")
            } else {
                ("whose token it runs with", "let another administrator's token apply it, or write a waiver")
            };
            (format!("the plan takes access or administration from {own}, {how}"), remedy.to_owned())
        })
    }

    fn medical_director(&self) -> Found {
        let left: Vec<&Account> =
            self.after.touched().filter_map(|(before, after)| before.filter(|b| self.directs(b) && !self.directs(&after))).collect();
        if left.is_empty() {
            return None;
        }
        let mut stranded: Vec<String> = self
            .after
            .iter()
            .filter(|(_, a)| !a.state.inactive && a.fields.flag(Field::Provider) == Some(true))
            .filter_map(|(_, a)| {
                let director = a.fields.text(Field::MdConsent)?;
                left.iter().any(|d| d.email.as_str() == director).then(|| format!("{} (names {director})", a.email))
            })
            .collect();
        stranded.sort_unstable();
        (!stranded.is_empty()).then(|| {
            (
                format!("a medical director leaves while providers still name them: {}", few(&stranded)),
                "name another in `provider: { md_consent: … }` of each, in the same change (AR-25)".to_owned(),
            )
        })
    }

    fn directs(&self, account: &Account) -> bool {
        !account.state.inactive && account.fields.text(Field::Role).is_some_and(|role| self.platform.supervises(role))
    }
}

/// Whether somebody is switched off, blocked, no longer invited, or loses a privilege.
fn is_removed(before: &Account, after: &Account) -> bool {
    let switched_off = !before.state.inactive && after.state.inactive;
    let blocked = before.state.block.is_none() && after.state.block.is_some();
    let loses = !before.state.inactive && !after.state.inactive && !before.privileges.is_subset(&after.privileges);
    switched_off || blocked || loses
}

fn few(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let head = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{head} and {} more", names.len() - SHOWN) } else { head }
}

/// Millionths as per cent, without needless zeros.
fn percent(millionths: u32) -> String {
    let text = format!("{}.{:04}", millionths / 10_000, millionths % 10_000);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}
