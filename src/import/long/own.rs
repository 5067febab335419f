//! A price series of somebody's own under a model that was measured elsewhere.

use super::LongSpec;
use crate::import::ImportError;
use crate::market::catalog::{Quality, Settlement, TickRule};
use crate::units::Day;

/// When the underlying is traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hours {
    /// Every day; a day closes at the next 00:00 UTC, as `btc-long`'s do.
    EveryDay,
    /// Weekdays; a day closes at 21:00 UTC, as `gld-long`'s do.
    Weekdays,
}

impl Hours {
    /// The dataset that ships with these hours.
    fn shipped(self) -> &'static str {
        match self {
            Hours::EveryDay => "btc-long",
            Hours::Weekdays => "gld-long",
        }
    }
}

/// What nobody's specification says of a price series.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// Its id.
    pub id: String,
    /// Name of the underlying, `SPY`.
    pub underlying: String,
    /// When it is traded.
    pub hours: Hours,
    /// What options are paid in.
    pub settlement: Settlement,
    /// Rate per year, continuous, a fraction.
    pub rate: f64,
    /// Day of the first snapshot at the earliest, days before it warm up the level; `None` = the first there is.
    pub first: Option<Day>,
}

/// Names of the files that a dataset is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// Prices.
    pub prices: Vec<String>,
    /// Volatility; `None` where it is realised from the prices.
    pub vol: Option<String>,
}

impl Own {
    /// The specification: model and smoothing of `template`, hours, lots and fees of the shipped dataset of these hours.
    ///
    /// What was measured of the template's own underlying is not said of this one.
    ///
    /// # Errors
    /// The template has no model, or a setting cannot be right.
    pub fn spec(&self, template: &LongSpec, files: &Files) -> Result<LongSpec, ImportError> {
        let model = template.model()?.clone();
        let hours = self.hours.shipped();
        let missing = || ImportError::Setting(format!("found no specification {hours}, expected the shipped one"));
        let mut spec = LongSpec::shipped(hours).ok_or_else(missing)??;
        (spec.first, spec.warm_up_from) = (self.first.unwrap_or(Day(0)), Day(0));
        spec.level = template.level;
        spec.level.prior = model.anchor;
        let dataset = &mut spec.dataset;
        dataset.id.clone_from(&self.id);
        dataset.underlying.clone_from(&self.underlying);
        dataset.title = format!("{} options, modelled on a price series", self.underlying);
        dataset.settlement = self.settlement;
        dataset.tick = match self.settlement {
            Settlement::Inverse => TickRule::deribit_inverse(),
            Settlement::Linear => TickRule::cents(),
        };
        dataset.rate = self.rate;
        dataset.quality = Quality::default();
        dataset.model = Some(model);
        if let Some(defaults) = dataset.defaults.as_object_mut() {
            // The dates of the series that ships.
            defaults.retain(|key, _| key != "start" && key != "end");
        }
        dataset.source = files.source();
        dataset.licence = "not stated".into();
        dataset.notes = self.notes(template, files);
        dataset.check()?;
        Ok(spec)
    }

    fn notes(&self, template: &LongSpec, files: &Files) -> Vec<String> {
        let (of, underlying) = (&template.dataset, &self.underlying);
        let level = match &files.vol {
            Some(file) => format!(
                "Level of volatility: {file}. An index stands above what options at the forward cost: vol_factor scales them."
            ),
            None => "Level of volatility: realised, from the closes alone.".into(),
        };
        vec![
            "No option of this dataset was ever quoted: prices follow from a model.".into(),
            format!(
                "Model: that of {}, made for {}; how near it is to options on {underlying} was not measured.",
                of.id, of.underlying
            ),
            level,
        ]
    }
}

impl Files {
    fn source(&self) -> String {
        let level = self.vol.as_ref().map_or_else(String::new, |file| format!("; level of volatility: {file}"));
        format!("Prices: {}{level}; option prices: a model", self.prices.join(", "))
    }
}
