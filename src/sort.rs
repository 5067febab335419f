//! Sorting where speed does not matter: one sort in the program, and not one for each kind of list.

use std::cmp::Ordering;

/// The places of `n` things in their order; equal things stay as they stand.
pub fn places(n: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..n).collect();
    places.sort_unstable_by(|a, b| order(*a, *b).then(a.cmp(b)));
    places
}

/// Sorts a list; equal things stay as they stand.
pub fn by<T>(list: &mut Vec<T>, order: impl Fn(&T, &T) -> Ordering) {
    let places = places(list.len(), &|a, b| order(&list[a], &list[b]));
    let mut things: Vec<Option<T>> = list.drain(..).map(Some).collect();
    list.extend(places.into_iter().filter_map(|place| things[place].take()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_things_stay_as_they_stand() {
        let mut list: Vec<(u32, u32)> = (0..100).map(|i| (i * 7 % 5, i)).collect();
        let mut expected = list.clone();
        expected.sort_by_key(|(key, _)| *key);
        by(&mut list, |a, b| a.0.cmp(&b.0));
        assert_eq!(list, expected);
        assert_eq!(places(3, &|a, b| b.cmp(&a)), [2, 1, 0]);
        by(&mut Vec::<u8>::new(), u8::cmp);
    }
}
