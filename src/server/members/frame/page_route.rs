//! A page: one method of one path, and who may ask for it.

use axum::http::Method;
use axum::response::Response;
use futures::future::BoxFuture;

use super::visit::Visit;
use crate::members::SessionStage;

/// The people who may ask for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageNeeds {
    /// Anybody.
    Nothing,
    /// Somebody with a session, whatever they must do first.
    AnySession,
    /// Somebody who is signed in, also when they must choose a password first.
    Password,
    /// Somebody who gave the right password, and must give the code of the second factor.
    Code,
    /// Somebody who is signed in, also when they must set up a second factor first.
    SetUpFactor,
    /// Somebody who is signed in and need not do anything first.
    WholeSession,
}

impl PageNeeds {
    /// Returns whether the page needs a session at all.
    #[must_use]
    pub const fn asks_session(self) -> bool {
        match self {
            Self::AnySession | Self::Password | Self::Code | Self::SetUpFactor | Self::WholeSession => true,
            Self::Nothing => false,
        }
    }

    /// Returns whether a session of this stage is enough (D4).
    #[must_use]
    pub const fn admits(self, stage: SessionStage) -> bool {
        match (self, stage) {
            (
                Self::Nothing | Self::AnySession,
                SessionStage::Whole | SessionStage::ChoosePassword | SessionStage::GiveCode | SessionStage::SetUpFactor,
            )
            | (Self::Password, SessionStage::Whole | SessionStage::ChoosePassword)
            | (Self::Code, SessionStage::GiveCode)
            | (Self::SetUpFactor, SessionStage::Whole | SessionStage::SetUpFactor)
            | (Self::WholeSession, SessionStage::Whole) => true,
            (Self::Password, SessionStage::GiveCode | SessionStage::SetUpFactor)
            | (Self::Code, SessionStage::Whole | SessionStage::ChoosePassword | SessionStage::SetUpFactor)
            | (Self::SetUpFactor, SessionStage::ChoosePassword | SessionStage::GiveCode)
            | (Self::WholeSession, SessionStage::ChoosePassword | SessionStage::GiveCode | SessionStage::SetUpFactor) => false,
        }
    }
}

/// One method of one page.
pub struct PageRoute {
    /// The method.
    pub method: Method,
    /// The path below `/{workspace}`.
    pub path: &'static str,
    /// The people who may ask for it.
    pub needs: PageNeeds,
    pub(in crate::server::members) handler: fn(Visit) -> BoxFuture<'static, Response>,
}
