//! What happens at a variant's steps that a person should know, noted as they are made: a save asks for it many times in a run.

use crate::engine::{Note, Step, Trigger};
use crate::units::Timestamp;

/// What happened up to the newest step.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Incidents {
    /// Settlements whose delivery price was approximated.
    pub approximated: usize,
    /// Greatest age of an index that stood in for a delivery price, ms.
    pub oldest_age_ms: i64,
    /// Losses and fees took some of what covers the shorts.
    pub cover_below_balance: bool,
    /// The loan began above its margin-call level.
    pub starts_above_margin_call: bool,
    /// Days to the expiry that was first taken in place of the wanted one.
    pub other_tenor: Option<f64>,
    /// Marks at which a roll could not be filled.
    pub unrolled: usize,
    /// No call paid for the puts.
    pub call_does_not_pay: bool,
    /// A mark had no loan, or a low below its index.
    pub has_low: bool,
    /// The first step with a fill.
    pub first_fill: Option<Timestamp>,
}

impl Incidents {
    /// Notes a step; steps come in time order.
    pub fn update(&mut self, step: &Step) {
        for age_ms in step.settlements.iter().filter_map(|settled| settled.approximated_age_ms) {
            self.approximated += 1;
            self.oldest_age_ms = self.oldest_age_ms.max(age_ms);
        }
        for note in &step.notes {
            match note {
                Note::CoverBelowBalance => self.cover_below_balance = true,
                Note::StartsAboveMarginCall => self.starts_above_margin_call = true,
                Note::OtherTenor { days } => self.other_tenor = self.other_tenor.or(Some(*days)),
                Note::NotExecuted { trigger: Trigger::Roll, .. } => self.unrolled += 1,
                Note::CallDoesNotPay => self.call_does_not_pay = true,
                _ => {}
            }
        }
        self.has_low |= step.loan.as_ref().is_none_or(|loan| loan.low < step.index);
        if !step.fills.is_empty() {
            self.first_fill = self.first_fill.or(Some(step.time));
        }
    }
}
