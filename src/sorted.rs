//! Sorting, short and compiled once: the standard library's sort is some 5 KB of wasm for each type.

use core::cmp::Ordering;

/// Sorts stably by a comparison.
pub(crate) fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let exchanges = exchanges(items.len(), &|left, right| match (items.get(left), items.get(right)) {
        (Some(left), Some(right)) => compare(left, right),
        _ => Ordering::Equal,
    });
    // What stands in these calls is compiled for each type, so there is little of it.
    for (one, other) in exchanges {
        items.swap(one, other);
    }
}

/// The exchanges that put things into order: along each cycle of the permutation.
#[inline(never)]
fn exchanges(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    let mut order = sorted(count, compare);
    let mut exchanges = Vec::new();
    for start in 0..count {
        let mut place = start;
        while let Some(from) = order.get_mut(place) {
            let next = core::mem::replace(from, place);
            if next == start || next == place {
                break;
            }
            exchanges.push((place, next));
            place = next;
        }
    }
    exchanges
}

/// Sorts, and keeps one of each.
pub(crate) fn sort_distinct<T: Ord>(items: &mut Vec<T>) {
    if items.len() < 2 {
        return;
    }
    sort_by(items, T::cmp);
    items.dedup();
}

/// The places in sorted order: what stands in order already, merged two by two. Lists that were joined from sorted ones
/// take little more than a walk.
fn sorted(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for place in 0..count {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| compare(*last, place).is_le()) => run.push(place),
            _ => runs.push(vec![place]),
        }
    }
    while runs.len() > 1 {
        let mut longer = Vec::new();
        for pair in runs.chunks(2) {
            longer.push(match pair {
                [left, right] => merged(left, right, compare),
                alone => alone.concat(),
            });
        }
        runs = longer;
    }
    runs.pop().unwrap_or_default()
}

/// Of equal things those on the left come first.
fn merged(mut left: &[usize], mut right: &[usize], compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    while let ([first, left_rest @ ..], [second, right_rest @ ..]) = (left, right) {
        if compare(*first, *second).is_le() {
            merged.push(*first);
            left = left_rest;
        } else {
            merged.push(*second);
            right = right_rest;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
    merged
}

#[cfg(test)]
mod tests {
    use super::{sort_by, sort_distinct};

    #[test]
    fn things_are_sorted_and_equal_ones_stay_in_their_order() {
        for count in 0..100_u32 {
            let things: Vec<(u32, u32)> = (0..count).map(|place| (place * 7 % 10, place)).collect();
            let (mut own, mut standard) = (things.clone(), things);
            sort_by(&mut own, |left, right| left.0.cmp(&right.0));
            standard.sort_by_key(|thing| thing.0);
            assert_eq!(own, standard);
        }
    }

    #[test]
    fn one_of_each_is_kept() {
        let mut names = vec!["b", "a", "c", "a", "b"];
        sort_distinct(&mut names);
        assert_eq!(names, ["a", "b", "c"]);
    }
}
