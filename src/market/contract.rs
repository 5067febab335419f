//! A European option contract and its venue name.

use super::catalog::Settlement;
use crate::json;
use crate::pricing::{Expiry, OptionKind};
use crate::units::{Day, HOUR_MS, MONTHS, Price, Timestamp};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// One listed option; ordered by expiry, strike, kind (the contract order of every tie).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    /// The instant of expiry.
    pub expiry: Timestamp,
    /// Strike in USD for one coin.
    pub strike: Price,
    /// Call or put.
    pub kind: OptionKind,
}

impl Eq for Contract {}

impl PartialOrd for Contract {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Contract {
    fn cmp(&self, other: &Self) -> Ordering {
        self.expiry
            .cmp(&other.expiry)
            .then_with(|| self.strike.0.total_cmp(&other.strike.0))
            .then(self.kind.cmp(&other.kind))
    }
}

impl Contract {
    /// Fractional days from `t` to expiry; negative once expired.
    pub fn dte(&self, t: Timestamp) -> f64 {
        self.expiry.days_since(t)
    }

    /// The intrinsic value in USD for one coin at a settlement price.
    pub fn intrinsic_usd(&self, price: Price) -> f64 {
        match self.kind {
            OptionKind::Call => (price.0 - self.strike.0).max(0.0),
            OptionKind::Put => (self.strike.0 - price.0).max(0.0),
        }
    }

    /// The same as it is paid: in coin at that price where the dataset settles in coin, else in USD.
    pub fn payout(&self, price: Price, settlement: Settlement) -> f64 {
        match settlement {
            Settlement::Inverse => self.intrinsic_usd(price) / price.0,
            Settlement::Linear => self.intrinsic_usd(price),
        }
    }

    /// Value in USD of one coin's option at a volatility, with `expiry` at the index `price`; a coin-settled one is worth
    /// usd / forward coins.
    pub fn usd_at(&self, price: f64, expiry: &Expiry, volatility: f64, settlement: Settlement) -> f64 {
        let usd = expiry.price(self.kind, self.strike.0, volatility);
        match settlement {
            Settlement::Inverse => usd / expiry.forward() * price,
            Settlement::Linear => usd,
        }
    }

    /// True for a Deribit daily: an expiry that is not a Friday.
    pub fn is_daily(&self) -> bool {
        self.expiry.day().weekday() != 4
    }

    /// The venue's name, `BTC-5JUL26-65000-C`; a fractional strike is written with `d` (`1d25`).
    pub fn name(&self, underlying: &str) -> String {
        let kind = match self.kind {
            OptionKind::Call => 'C',
            OptionKind::Put => 'P',
        };
        let date = self.expiry.format("%-d%b%y").to_ascii_uppercase();
        let strike = self.strike.0.to_string().replace('.', "d");
        format!("{underlying}-{date}-{strike}-{kind}")
    }

    /// Reads a venue name, with the venue's 08:00 UTC expiry; `None` where it is not one.
    ///
    /// Returns the underlying (`BTC`, `XRP_USDC`) beside the contract.
    pub fn parse(name: &str) -> Option<(&str, Contract)> {
        let mut parts = name.split('-');
        let (underlying, date, strike, kind) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || underlying.is_empty() {
            return None;
        }
        let kind = match kind {
            "C" => OptionKind::Call,
            "P" => OptionKind::Put,
            _ => return None,
        };
        let strike = json::number(&strike.replacen('d', ".", 1))?;
        let expiry = parse_expiry_day(date)?.start().plus_ms(8 * HOUR_MS);
        (strike.is_finite() && strike > 0.0).then_some((underlying, Contract { expiry, strike: Price(strike), kind }))
    }
}

/// Reads the venue's date, `5JUL26`.
fn parse_expiry_day(text: &str) -> Option<Day> {
    if !text.is_ascii() || !(6..=7).contains(&text.len()) {
        return None;
    }
    let (day, rest) = text.split_at(text.len() - 5);
    let (month, year) = rest.split_at(3);
    let month = MONTHS.iter().position(|m| m.bytes().map(|b| b.to_ascii_uppercase()).eq(month.bytes()))? as u32 + 1;
    Day::from_ymd(2000 + year.parse::<i32>().ok()?, month, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for name in ["BTC-5JUL26-65000-C", "ETH-25DEC26-2300-P", "XRP_USDC-21SEP26-1d25-C"] {
            let (underlying, contract) = Contract::parse(name).expect(name);
            assert_eq!(contract.name(underlying), name);
        }
        for bad in ["BTC-5JUL26-65000", "BTC-5JUX26-1-C", "BTC-31FEB26-1-C", "BTC-5JUL26-0-C", "BTC-5JUL26-1-X"] {
            assert_eq!(Contract::parse(bad), None, "{bad}");
        }
    }
}
