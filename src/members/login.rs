//! Logins, above accounts: what somebody signs in with.

/// The login that somebody signs in with. Each account that was accepted has one; a person's login can have several accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Its id.
    pub id: String,
    /// The holder of the login.
    pub holder: LoginHolder,
    /// The phone number that took a one-time code, E.164.
    pub cell: Option<String>,
    /// The hash of the password (argon2id, PHC form); `None` until one is chosen.
    pub password_hash: Option<String>,
    /// The number of times that another password took its place; another hash of the same password does not count.
    pub password_changes: i64,
    /// Says whether the holder must choose a password before anything else (AR-10).
    pub must_change: bool,
}

/// The holder of a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginHolder {
    /// A person's, for every workspace of a platform where people have one login (AR-3).
    Person {
        /// The address.
        address: String,
        /// First and last name (AR-13); `None` for a person who has not given both.
        name: Option<(String, String)>,
    },
    /// One account's: it opens that workspace alone, and its address is the account's.
    OneAccount,
}

/// The particulars that somebody gives who accepts an invitation without having a login.
#[derive(Clone, Debug)]
pub struct Joining {
    /// The address of the account.
    pub address: String,
    /// First and last name, as the member confirmed them.
    pub name: (String, String),
    /// The number that took the code.
    pub cell: Option<String>,
    /// The hash of the password (argon2id, PHC form).
    pub password_hash: String,
}

impl Login {
    /// Makes the login of somebody who accepts an invitation, where people have one login for all workspaces (`shared`) or one for each.
    #[must_use]
    pub fn joining(id: String, shared: bool, joining: Joining) -> Self {
        let Joining { address, name, cell, password_hash } = joining;
        let holder = if shared { LoginHolder::Person { address, name: Some(name) } } else { LoginHolder::OneAccount };
        Self { id, holder, cell, password_hash: Some(password_hash), password_changes: 0, must_change: false }
    }

    /// Makes the login of an account that is accepted from its beginning; a temporary first password must be changed (AR-10).
    #[must_use]
    pub const fn first(id: String, password_hash: Option<String>) -> Self {
        let must_change = password_hash.is_some();
        Self { id, holder: LoginHolder::OneAccount, cell: None, password_hash, password_changes: 0, must_change }
    }

    /// Returns whether the temporary password that an administrator chose is over (H4): it no longer opens anything, and a link in mail is the way in. `made` is
    /// when the account was made with it, and `lives` how long invitations live, which it replaces: all in epoch milliseconds.
    #[must_use]
    pub const fn first_is_over(&self, made: i64, lives: i64, now: i64) -> bool {
        self.must_change && now >= made.saturating_add(lives)
    }

    /// Returns whether it is a person's, for every workspace of its platform.
    #[must_use]
    pub const fn is_persons(&self) -> bool {
        match self.holder {
            LoginHolder::Person { .. } => true,
            LoginHolder::OneAccount => false,
        }
    }

    /// First and last name of the person, if it is a person's (AR-13).
    #[must_use]
    pub const fn name(&self) -> Option<&(String, String)> {
        match &self.holder {
            LoginHolder::Person { address: _, name } => name.as_ref(),
            LoginHolder::OneAccount => None,
        }
    }

    /// Returns whether a set-up link sets its password: never that of a person's login which has one, since it opens other workspaces, too.
    #[must_use]
    pub const fn is_set_by_link(&self) -> bool {
        !self.is_persons() || self.password_hash.is_none()
    }

    /// Returns whether it is still the login that was looked at, with the password that was compared then.
    #[must_use]
    pub fn is_still(&self, seen: &Self) -> bool {
        self.id == seen.id && self.password_changes == seen.password_changes
    }
}

#[cfg(test)]
mod tests {
    use super::{Joining, Login, LoginHolder};

    fn joined(shared: bool) -> Login {
        let name = ("Ana".to_owned(), "Lee".to_owned());
        let joining = Joining { address: "ana@glow.example".to_owned(), name, cell: None, password_hash: "x".to_owned() };
        Login::joining("l".to_owned(), shared, joining)
    }

    // AR-3, AR-13
    #[test]
    fn somebody_who_joins_gets_a_login_of_their_own_or_one_of_the_account() {
        let (person, account) = (joined(true), joined(false));
        assert_eq!(person.name(), Some(&("Ana".to_owned(), "Lee".to_owned())));
        assert_eq!((person.is_persons(), account.is_persons()), (true, false));
        assert_eq!((account.holder, account.must_change), (LoginHolder::OneAccount, false));
    }

    // AR-10
    #[test]
    fn a_temporary_first_password_must_be_changed() {
        assert!(Login::first("l".to_owned(), Some("x".to_owned())).must_change);
        assert!(!Login::first("l".to_owned(), None).must_change);
    }

    // AR-10, H4
    #[test]
    fn a_temporary_first_password_is_over_when_an_invitation_would_be() {
        let first = Login::first("l".to_owned(), Some("x".to_owned()));
        assert_eq!([11, 12].map(|now| first.first_is_over(5, 7, now)), [false, true]);
        assert!(!joined(false).first_is_over(5, 7, 12), "a password of one's own");
    }

    #[test]
    fn a_set_up_link_never_sets_a_password_that_opens_other_workspaces() {
        assert!(!joined(true).is_set_by_link());
        assert!(Login { password_hash: None, ..joined(true) }.is_set_by_link());
        assert!(joined(false).is_set_by_link());
    }

    #[test]
    fn a_login_with_another_password_is_not_the_one_that_was_looked_at() {
        assert!(joined(true).is_still(&joined(true)));
        assert!(Login { password_hash: Some("y".to_owned()), ..joined(true) }.is_still(&joined(true)), "another hash of the same password");
        assert!(!Login { password_changes: 1, ..joined(true) }.is_still(&joined(true)));
        assert!(!Login { id: "m".to_owned(), ..joined(true) }.is_still(&joined(true)));
    }
}
