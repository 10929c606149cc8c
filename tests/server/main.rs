//! The workspace server through its real router, in process.

mod access;
mod addresses;
mod blocked;
mod bounds;
mod browser;
mod canaries;
mod caps;
mod chain;
mod checks;
mod deliveries;
mod devices;
mod doors;
mod durability;
mod endings;
mod everything;
mod factors;
mod first_passwords;
mod foreseen;
mod grants;
mod guesses;
mod guessing;
mod harness;
mod histories;
mod interop;
mod limits;
mod lockout;
mod main_admins;
mod matrix;
mod members;
mod numbers;
mod once;
mod other_person;
mod outages;
mod own_rights;
mod pages;
mod profiles;
mod refusals;
mod resets;

mod asked_again;
mod attributes;
mod repeats;
mod rules;
mod smoke;
#[path = "../soak/mod.rs"]
mod soak;
mod states;
mod stored;
mod strangers;
mod strictness;
mod texts;
mod times;
mod user_log;
mod versions;
mod warnings;
#[path = "../worlds/mod.rs"]
mod worlds;
#[path = "../interop/yaml_1_1.rs"]
mod yaml_1_1;
