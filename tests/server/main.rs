//! The workspace server through its real router, in process.

mod access;
mod addresses;
mod browser;
mod caps;
mod chain;
mod checks;
mod devices;
mod durability;
mod endings;
mod everything;
mod factors;
mod foreseen;
mod grants;
mod guesses;
mod harness;
mod interop;
mod limits;
mod lockout;
mod main_admins;
mod matrix;
mod members;
mod pages;
mod profiles;
mod refusals;

mod attributes;
mod repeats;
mod rules;
mod smoke;
mod states;
mod stored;
mod strangers;
mod strictness;
mod texts;
mod user_log;
mod versions;
#[path = "../soak/mod.rs"]
mod soak;
#[path = "../worlds/mod.rs"]
mod worlds;
#[path = "../interop/yaml_1_1.rs"]
mod yaml_1_1;
