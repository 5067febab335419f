//! A list that keeps a single item in place: most steps hold nothing or one, and there are very many steps.

use std::ops::Deref;

/// Items in the order in which they were collected; reads as a slice.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Few<T> {
    /// Nothing.
    #[default]
    Nothing,
    /// A single item.
    One([T; 1]),
    /// Any number.
    Many(Vec<T>),
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Few<T> {
        let mut items = items.into_iter();
        match items.size_hint() {
            (_, Some(0)) => Few::Nothing,
            (_, Some(1)) => items.next().map_or(Few::Nothing, |item| Few::One([item])),
            _ => Few::Many(items.collect()),
        }
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        match self {
            Few::Nothing => &[],
            Few::One(one) => one,
            Few::Many(items) => items,
        }
    }
}

impl<'a, T> IntoIterator for &'a Few<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_what_was_collected() {
        for count in 0..4 {
            let few: Few<i32> = (0..count).collect();
            assert_eq!(few.iter().copied().collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
            let of_unknown_count: Few<i32> = (0..9).filter(|n| *n < count).collect();
            assert_eq!(*of_unknown_count, *few);
        }
    }
}
