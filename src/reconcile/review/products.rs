//! The workspaces that the user names of a payroll's column are for: a header can name a product.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::StaffRow;
use crate::platform;

use super::Reviewed;

/// Shorter names are parts of too many words.
const SHORTEST: usize = 3;

/// The workspaces that have each user name, and the names of their products.
#[derive(Debug)]
pub(super) struct Products {
    /// The names of each workspace's product, in lower case without spaces.
    names: Vec<Vec<String>>,
    places: BTreeMap<String, BTreeSet<usize>>,
}

impl Products {
    /// Takes the names of the products.
    pub(super) fn new(workspaces: &[Reviewed<'_>]) -> Self {
        let names = |reviewed: &Reviewed<'_>| {
            let platform = platform::by_id(&reviewed.desired.platform);
            [platform.catalog().name.as_str(), platform.word(), &reviewed.desired.workspace].map(plain).to_vec()
        };
        Self { names: workspaces.iter().map(names).collect(), places: BTreeMap::new() }
    }

    /// Adds a user name that a workspace has.
    pub(super) fn add(&mut self, user_name: &str, place: usize) {
        self.places.entry(user_name.to_owned()).or_default().insert(place);
    }

    /// Returns whether a row has a user name for the product of a workspace.
    pub(super) fn is_of_product(&self, row: &StaffRow, user_name: &str, place: usize) -> bool {
        let is_of = |product: &str| self.names.get(place).is_some_and(|names| names.iter().any(|name| is_one(name, product)));
        row.user_names.iter().any(|own| own.name.to_lowercase() == user_name && own.product.as_deref().is_some_and(is_of))
    }

    /// Lists the workspaces that have a user name and are of a product. A product that no workspace has is another word for all of them.
    pub(super) fn places(&self, user_name: &str, product: Option<&str>) -> impl Iterator<Item = usize> {
        let is_of = |place: usize, product: &str| self.names.get(place).is_some_and(|names| names.iter().any(|name| is_one(name, product)));
        let product = product.filter(|product| (0..self.names.len()).any(|place| is_of(place, product)));
        let places = self.places.get(user_name).into_iter().flatten().copied();
        places.filter(move |place| product.is_none_or(|product| is_of(*place, product)))
    }
}

/// Returns whether two names are of one product: people leave out parts of them.
fn is_one(name: &str, other: &str) -> bool {
    let (short, long) = if name.len() <= other.len() { (name, other) } else { (other, name) };
    short == long || (short.chars().count() >= SHORTEST && long.contains(short))
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
