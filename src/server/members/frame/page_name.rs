//! The names of the pages: the one home of their paths.

use std::sync::LazyLock;

/// The part of a path that is the token of a link.
pub(in crate::server) const TOKEN: &str = "{token}";

/// The path of the style sheet of all pages, below `/{workspace}`.
pub(in crate::server::members) const STYLE: &str = "/assets/members.css";

/// `Name "path";`, one line a page. The path is below `/{workspace}`.
macro_rules! pages {
    ($($name:ident $path:literal;)+) => {
        /// The name of a page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::server) enum PageName {
            $($name,)+
        }

        impl PageName {
            /// Every page.
            pub(in crate::server) const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The path below `/{workspace}`; the token of a link is `{token}`.
            pub(in crate::server) const fn template(self) -> &'static str {
                match self {
                    $(Self::$name => $path,)+
                }
            }
        }
    };
}

pages! {
    Home "/";
    SignIn "/sign-in";
    SignInCode "/sign-in/code";
    SignOut "/sign-out";
    SignedOut "/signed-out";
    OwnRights "/may-do";
    Sessions "/sessions";
    OtherSessions "/sessions/others";
    Switch "/switch";
    Profile "/profile";
    Cell "/profile/cell";
    CellCode "/profile/cell/code";
    ChangeAddress "/profile/address";
    ConfirmAddress "/address/{token}";
    OfferMainAdmin "/main-admin";
    BecomeMainAdmin "/main-admin/{token}";
    Password "/password";
    SecondFactor "/second-factor";
    SetUpFactor "/second-factor/set-up";
    RecoveryCodes "/second-factor/recovery-codes";
    SavedCodes "/second-factor/recovery-codes/saved";
    CodesFile "/second-factor/recovery-codes/file";
    RemoveFactor "/second-factor/remove";
    TrustedBrowsers "/second-factor/trusted-browsers";
    Outbox "/outbox";
    AskReset "/reset";
    Reset "/reset/{token}";
    SetUp "/set-up/{token}";
    Join "/join/{token}";
    JoinCode "/join/{token}/code";
    AskLink "/join/{token}/again";
}

impl PageName {
    /// Returns whether it is for the holder of a link, whose token its path has.
    pub(in crate::server) fn has_token(self) -> bool {
        self.template().contains(TOKEN)
    }

    /// The path in a workspace of a page that has no token.
    pub(in crate::server) fn path(self, workspace: &str) -> String {
        debug_assert!(!self.has_token(), "{self:?} is for the holder of a link");
        format!("/{workspace}{}", self.template())
    }

    /// The path in a workspace of a page for the holder of a link.
    pub(in crate::server) fn path_of_link(self, workspace: &str, token: &str) -> String {
        debug_assert!(self.has_token() && !token.is_empty(), "{self:?} lacks its token");
        format!("/{workspace}{}", self.template().replace(TOKEN, token))
    }

    /// The path without the slash before it, as a query names the page.
    pub(in crate::server::members) fn word(self) -> &'static str {
        self.template().trim_start_matches('/')
    }
}

/// The beginnings of the paths that have a token, without it. Every request asks.
static BEFORE_TOKEN: LazyLock<Vec<&str>> =
    LazyLock::new(|| PageName::ALL.iter().filter_map(|name| Some(name.template().split_once(TOKEN)?.0)).collect());

/// Returns whether a page is at a path below a workspace, in which the token of a link is `{token}`.
pub(in crate::server) fn is_page(template: &str) -> bool {
    PageName::ALL.iter().any(|name| name.template() == template)
}

/// The beginning and the end of a path below a workspace, around the token of a link; `None` if it has none.
pub(in crate::server) fn around_token(path: &str) -> Option<(&'static str, &str)> {
    let mut found = BEFORE_TOKEN.iter().filter_map(|before| Some((*before, path.strip_prefix(*before)?)));
    let (before, rest) = found.find(|(_, rest)| !rest.is_empty())?;
    Some((before, rest.find('/').map_or("", |at| &rest[at..])))
}
