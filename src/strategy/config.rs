//! One variant of a request: which contract is sold, when, and how it is left.

use super::hedge::Hedge;
use crate::pricing::OptionKind;
use serde::{Deserialize, Serialize};

/// What is sold against which collateral.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Structure {
    /// A short call on coins that are held.
    #[default]
    CoveredCall,
    /// A short put against cash that is held.
    CashSecuredPut,
}

impl Structure {
    /// The kind of option that is sold.
    pub fn kind(self) -> OptionKind {
        match self {
            Structure::CoveredCall => OptionKind::Call,
            Structure::CashSecuredPut => OptionKind::Put,
        }
    }
}

/// How one of the candidates is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// The best score, if it reaches `min_score`.
    #[default]
    Score,
    /// The expiry nearest to the target DTE, then the delta nearest to the target.
    Nearest,
}

/// Whether open shorts must be covered by deposits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// By the coins (calls) or the cash (puts) that were deposited.
    #[default]
    Deposited,
    /// Not at all: margined.
    None,
}

/// When the chain is scanned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scan {
    /// At every decision, covered or not.
    #[default]
    Always,
    /// Only where an entry is possible.
    WhenFree,
}

/// How a trade is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitStyle {
    /// At expiry only.
    #[default]
    HoldToExpiry,
    /// By the exit rules, with rolls.
    TpAndRoll,
}

impl ExitStyle {
    /// The words on screen.
    pub fn title(self) -> &'static str {
        match self {
            ExitStyle::HoldToExpiry => "Hold to expiry",
            ExitStyle::TpAndRoll => "Take profit and roll",
        }
    }
}

/// Weights and thresholds of the score's terms (semantics: the score, 0 to 10).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScoreWeights {
    /// Most points for volatility over realised volatility.
    pub iv_rv: f64,
    /// Points for the same when either is absent.
    pub iv_rv_absent: f64,
    /// Most points for closeness to the target delta.
    pub delta: f64,
    /// Distance in delta at which they end.
    pub delta_width: f64,
    /// Most points for closeness to the target DTE.
    pub dte: f64,
    /// Distance in days at which they end.
    pub dte_width: f64,
    /// Most points for the premium.
    pub premium: f64,
    /// Premium in percent of the index that earns them.
    pub premium_full_pct: f64,
    /// Bull regime: points when less than `bull_near_pct` out of the money.
    pub bull_near: f64,
    /// Bull regime: out-of-the-money percent below which `bull_near` holds.
    pub bull_near_pct: f64,
    /// Bull regime: points when r30 is above `bull_run_r30`.
    pub bull_run: f64,
    /// Bull regime: the 30-day return above which `bull_run` holds.
    pub bull_run_r30: f64,
    /// Bear regime: points when r7 is below `bear_fall_r7`.
    pub bear_fall: f64,
    /// Bear regime: the 7-day return below which `bear_fall` holds.
    pub bear_fall_r7: f64,
    /// Points when rv7 lies between 0 and `low_vol_rv7`.
    pub low_vol: f64,
    /// The 7-day realised volatility below which `low_vol` holds.
    pub low_vol_rv7: f64,
    /// Points when the distance from the 200-day mean is above `stretched_from200`.
    pub stretched: f64,
    /// That distance, a fraction.
    pub stretched_from200: f64,
}

impl Default for ScoreWeights {
    fn default() -> Self {
        ScoreWeights {
            iv_rv: 3.0,
            iv_rv_absent: 1.0,
            delta: 2.0,
            delta_width: 0.10,
            dte: 1.5,
            dte_width: 2.0,
            premium: 2.0,
            premium_full_pct: 1.5,
            bull_near: -1.0,
            bull_near_pct: 5.0,
            bull_run: -0.5,
            bull_run_r30: 0.25,
            bear_fall: -0.5,
            bear_fall_r7: -0.10,
            low_vol: -0.5,
            low_vol_rv7: 0.30,
            stretched: -0.5,
            stretched_from200: 0.20,
        }
    }
}

/// A named profile of weights, or weights of one's own (unwritten ones are the classic's).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreProfile {
    /// The printed table; reaches 8.5 at most.
    #[default]
    Classic,
    /// One's own.
    #[serde(untagged)]
    Custom(ScoreWeights),
}

impl<'de> Deserialize<'de> for ScoreProfile {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<ScoreProfile, D::Error> {
        use serde::de::Error;
        match serde_json::Value::deserialize(d)? {
            serde_json::Value::String(name) if name == "classic" => Ok(ScoreProfile::Classic),
            own @ serde_json::Value::Object(_) => {
                let weights = crate::json::read(own.to_string().as_bytes());
                weights.map(ScoreProfile::Custom).map_err(|e| D::Error::custom(e.message))
            }
            other => Err(D::Error::custom(format!(
                "{other} is not a score profile; write \"classic\" or an object of weights"
            ))),
        }
    }
}

impl ScoreProfile {
    /// The weights that hold.
    pub fn weights(&self) -> ScoreWeights {
        match self {
            ScoreProfile::Classic => ScoreWeights::default(),
            ScoreProfile::Custom(weights) => *weights,
        }
    }
}

/// Conditions on the market for an entry; a condition whose input is absent blocks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EntryFilters {
    /// Least percentile of the 30-day volatility, a fraction.
    pub min_iv_percentile: Option<f64>,
    /// Allowed weekdays of the decision (UTC), Monday is 1, Sunday is 7.
    pub weekdays: Option<Vec<u8>>,
    /// Least 30-day volatility over 30-day realised volatility.
    pub min_iv_rv: Option<f64>,
}

/// Exit rules in the order in which they are tested; `None` = off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExitRules {
    /// The variant's own style; `None` = the request's.
    pub style: Option<ExitStyle>,
    /// Share of the opening premium that is captured.
    pub take_profit: Option<f64>,
    /// Mark as a multiple of the opening fill.
    pub stop_loss: Option<f64>,
    /// Index over strike for calls, strike over index for puts.
    pub defend: Option<f64>,
    /// Days to expiry.
    pub dte_exit: Option<f64>,
    /// Days since the leg was opened.
    pub max_hold_days: Option<f64>,
    /// Rolls of one trade at the most.
    pub max_rolls: u32,
    /// A leg rolls only with more days than this left.
    pub min_dte_to_roll: f64,
}

impl Default for ExitRules {
    fn default() -> Self {
        ExitRules {
            style: None,
            take_profit: Some(0.8),
            stop_loss: None,
            defend: Some(0.98),
            dte_exit: None,
            max_hold_days: None,
            max_rolls: 3,
            min_dte_to_roll: 2.0,
        }
    }
}

/// One strategy of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variant {
    /// Unique within the request.
    pub name: String,
    /// A variant that is switched off is skipped.
    pub enabled: bool,
    /// What is sold.
    pub structure: Structure,
    /// How a candidate is chosen.
    pub selection: Selection,
    /// Wanted |delta|.
    pub target_delta: f64,
    /// Least |delta|.
    pub min_delta: f64,
    /// Greatest |delta|.
    pub max_delta: f64,
    /// Wanted days to expiry.
    pub target_dte: f64,
    /// Fewest days to expiry.
    pub min_dte: f64,
    /// Most days to expiry.
    pub max_dte: f64,
    /// Least score of a trade.
    pub min_score: f64,
    /// The score's weights.
    pub weights: ScoreProfile,
    /// Least open interest, coins.
    pub min_open_interest: f64,
    /// Greatest (ask - bid) / mark.
    pub max_spread: Option<f64>,
    /// Least premium, percent of the index.
    pub min_premium: Option<f64>,
    /// Coins a trade; `None` = the holding (shared out over `max_open`), or 1 without cover.
    pub size: Option<f64>,
    /// Open trades at the most; `None` = no limit.
    pub max_open: Option<u32>,
    /// Whether deposits must cover.
    pub cover: Cover,
    /// Conditions on the market.
    pub entry: EntryFilters,
    /// When the chain is scanned.
    pub scan: Scan,
    /// Options beside units that are held, in place of what `structure` sells.
    pub hedge: Option<Hedge>,
    /// Exit rules.
    pub exit: ExitRules,
}

impl Default for Variant {
    fn default() -> Self {
        Variant {
            name: "Covered call".into(),
            enabled: true,
            structure: Structure::CoveredCall,
            selection: Selection::Score,
            target_delta: 0.25,
            min_delta: 0.15,
            max_delta: 0.35,
            target_dte: 7.0,
            min_dte: 3.0,
            max_dte: 21.0,
            min_score: 3.0,
            weights: ScoreProfile::Classic,
            min_open_interest: 0.0,
            max_spread: None,
            min_premium: None,
            size: None,
            max_open: Some(1),
            cover: Cover::Deposited,
            entry: EntryFilters::default(),
            scan: Scan::Always,
            hedge: None,
            exit: ExitRules::default(),
        }
    }
}
