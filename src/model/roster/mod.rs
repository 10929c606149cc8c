//! Workspaces as the roster describes them: users, limits, waivers.

pub(super) mod desired;
pub(super) mod guards;
pub(super) mod passcode;
pub(super) mod staff;
pub(super) mod status;
