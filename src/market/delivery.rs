//! Delivery prices: the dataset's own by date, else the newest index at or before the expiry.

use crate::units::{Day, Price, Timestamp};
use std::collections::BTreeMap;

/// The price at which an expiry settles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delivery {
    /// USD for one coin.
    pub price: Price,
    /// Age of the index that stands in, ms; `None` = the dataset's own delivery price.
    pub approximated_age_ms: Option<i64>,
}

/// Known delivery prices and the index history so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deliveries {
    own: BTreeMap<Day, f64>,
    index: Vec<(Timestamp, Price)>,
    exact_at_expiry: bool,
}

impl Deliveries {
    /// Starts from the dataset's own delivery prices by UTC date of expiry.
    pub fn new(own: BTreeMap<Day, f64>) -> Deliveries {
        Deliveries { own, ..Deliveries::default() }
    }

    /// An index of the expiry's very instant is no approximation: a modelled market settles at its own index.
    pub fn exact_at_expiry(self, exact_at_expiry: bool) -> Deliveries {
        Deliveries { exact_at_expiry, ..self }
    }

    /// Takes a snapshot's index; snapshots come in time order.
    pub fn observe(&mut self, time: Timestamp, index: Price) {
        self.index.push((time, index));
    }

    /// The delivery price of an expiry; `None` when no index is as old.
    pub fn at(&self, expiry: Timestamp) -> Option<Delivery> {
        if let Some(price) = self.own.get(&expiry.day()) {
            return Some(Delivery { price: Price(*price), approximated_age_ms: None });
        }
        let known = self.index.partition_point(|(time, _)| *time <= expiry);
        let (time, price) = *self.index.get(known.checked_sub(1)?)?;
        let age_ms = Some(expiry.ms_since(time)).filter(|age| *age > 0 || !self.exact_at_expiry);
        Some(Delivery { price, approximated_age_ms: age_ms })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_of_the_very_instant_is_exact_in_a_modelled_market_alone() {
        for (is_model, later_ms, age_ms) in
            [(false, 0, Some(0)), (true, 0, None), (false, 5, Some(5)), (true, 5, Some(5))]
        {
            let mut deliveries = Deliveries::new(BTreeMap::new()).exact_at_expiry(is_model);
            deliveries.observe(Timestamp(1_000), Price(7.0));
            let found = deliveries.at(Timestamp(1_000 + later_ms)).expect("an index");
            assert_eq!((found.price.0, found.approximated_age_ms), (7.0, age_ms), "{is_model}, {later_ms} ms later");
        }
    }
}
