//! Deribit's standard margin before August 2026 for one short option, per coin in the quote currency.

use crate::market::catalog::Settlement;
use crate::pricing::OptionKind;

/// Initial and maintenance margin of one coin, quote currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Margin {
    /// Needed to open.
    pub initial: f64,
    /// Needed to stay open.
    pub maintenance: f64,
}

/// The margin of a short option.
///
/// ```text
/// call  IM max(0.15 - otm/index, 0.1) + mark            MM 0.075 + mark
/// put   IM max(max(0.15 - otm/index, 0.1) + mark, MM)   MM max(0.075, 0.075 mark) + mark
/// ```
///
/// `index` and `strike` in USD, `mark` in the quote currency; a linear option takes the coin figures times the index.
/// A long option needs none.
#[inline]
pub fn short_margin(kind: OptionKind, strike: f64, index: f64, mark: f64, settlement: Settlement) -> Margin {
    let scale = match settlement {
        Settlement::Inverse => 1.0,
        Settlement::Linear => index,
    };
    let mark = mark / scale;
    let otm = match kind {
        OptionKind::Call => higher(strike - index, 0.0),
        OptionKind::Put => higher(index - strike, 0.0),
    };
    let base = higher(0.15 - otm / index, 0.1) + mark;
    let (initial, maintenance) = match kind {
        OptionKind::Call => (base, 0.075 + mark),
        OptionKind::Put => {
            let maintenance = higher(0.075 * mark, 0.075) + mark;
            (higher(base, maintenance), maintenance)
        }
    };
    Margin { initial: initial * scale, maintenance: maintenance * scale }
}

/// The higher of two numbers; `f64::max` is a call in WebAssembly, and margins are taken at every mark.
#[inline]
fn higher(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_cases() {
        use OptionKind::{Call, Put};
        // (kind, index, strike, mark, initial, maintenance): the formula on Deribit's margin page
        for (kind, index, strike, mark, im, mm) in [
            (Call, 50_000.0, 52_000.0, 0.02, 0.13, 0.095),
            (Put, 50_000.0, 20_000.0, 0.002, 0.102, 0.077),
            (Put, 70_000.0, 60_000.0, 2.0, 2.15, 2.15),
        ] {
            let margin = short_margin(kind, strike, index, mark, Settlement::Inverse);
            assert!((margin.initial - im).abs() < 1e-12 && (margin.maintenance - mm).abs() < 1e-12, "{margin:?}");
        }
        let linear = short_margin(Put, 60_000.0, 70_000.0, 700.0, Settlement::Linear);
        assert!((linear.initial - 7_700.0).abs() < 1e-9 && (linear.maintenance - 5_950.0).abs() < 1e-9);
    }
}
