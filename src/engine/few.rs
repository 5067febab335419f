//! A list that keeps a single item in place: most steps hold nothing or one, and there are very many steps.

use std::ops::Deref;

/// Items in the order in which they were pushed; reads as a slice.
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

impl<T> Few<T> {
    /// An empty list that takes `count` items without another allocation.
    pub fn with_capacity(count: usize) -> Few<T> {
        if count > 1 { Few::Many(Vec::with_capacity(count)) } else { Few::Nothing }
    }

    /// Appends an item.
    pub fn push(&mut self, item: T) {
        match self {
            Few::Many(items) => items.push(item),
            Few::Nothing => *self = Few::One([item]),
            Few::One(_) => {
                if let Few::One([first]) = std::mem::take(self) {
                    *self = Few::Many(vec![first, item]);
                }
            }
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
    fn reads_as_what_was_pushed() {
        for capacity in [0, 1, 4] {
            let mut few = Few::with_capacity(capacity);
            for n in 0..4 {
                assert_eq!(few.iter().copied().collect::<Vec<_>>(), (0..n).collect::<Vec<_>>());
                few.push(n);
            }
        }
    }
}
