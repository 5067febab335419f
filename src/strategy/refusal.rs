//! Why an option is not a candidate.

use serde::{Deserialize, Serialize};

/// Why an option of the structure's kind is not a candidate; the first that holds, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Days to expiry outside the range.
    Dte,
    /// No quote on the side to be traded.
    NoQuote,
    /// |delta| outside the range, or no volatility.
    Delta,
    /// Too little open interest.
    OpenInterest,
    /// Spread too wide.
    Spread,
    /// Premium too small.
    Premium,
    /// Closed in this very step.
    JustClosed,
    /// Would meet `defend` at once.
    Defend,
    /// The expiry is taken by an open trade.
    ExpiryTaken,
}

impl Refusal {
    /// All, in the order in which they are tested.
    pub const ALL: [Refusal; 9] = [
        Refusal::Dte,
        Refusal::NoQuote,
        Refusal::Delta,
        Refusal::OpenInterest,
        Refusal::Spread,
        Refusal::Premium,
        Refusal::JustClosed,
        Refusal::Defend,
        Refusal::ExpiryTaken,
    ];

    /// The words on screen.
    pub fn title(self) -> &'static str {
        match self {
            Refusal::Dte => "days to expiry outside the range",
            Refusal::NoQuote => "no quote on the side to be traded",
            Refusal::Delta => "delta outside the range",
            Refusal::OpenInterest => "too little open interest",
            Refusal::Spread => "spread too wide",
            Refusal::Premium => "premium too small",
            Refusal::JustClosed => "closed in this step",
            Refusal::Defend => "would meet defend at once",
            Refusal::ExpiryTaken => "expiry taken by an open trade",
        }
    }
}

/// What a scan of the chain counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanCounts {
    /// Options that passed every test.
    pub candidates: u32,
    /// Refused ones, by `Refusal::ALL`.
    pub refused: [u32; 9],
}
