//! Circles of things that wait for each other.

use std::collections::BTreeSet;

/// Follows what each thing waits for, and returns the members of the circle, the start first; `None` if nothing leads back to the start.
pub fn circle<T: Ord + Clone>(start: &T, waits_for: impl Fn(&T) -> Option<T>) -> Option<Vec<T>> {
    let (mut members, mut seen) = (vec![start.clone()], BTreeSet::from([start.clone()]));
    loop {
        let next = waits_for(members.last()?)?;
        if next == *start {
            return Some(members);
        }
        if !seen.insert(next.clone()) {
            return None;
        }
        members.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circle_of(start: u8, waits: &[(u8, u8)]) -> Option<Vec<u8>> {
        circle(&start, |at| waits.iter().find(|(one, _)| one == at).map(|(_, other)| *other))
    }

    #[test]
    fn only_those_who_are_in_a_circle_are_found_in_it() {
        assert_eq!(circle_of(1, &[(1, 2), (2, 3), (3, 1)]), Some(vec![1, 2, 3]));
        assert_eq!(circle_of(1, &[(1, 1)]), Some(vec![1]));
        assert_eq!(circle_of(1, &[(1, 2), (2, 3)]), None);
        // 1 waits for a circle that it does not belong to.
        assert_eq!(circle_of(1, &[(1, 2), (2, 3), (3, 2)]), None);
    }
}
