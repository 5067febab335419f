//! Columns of a price or volatility series: a time, and figures of it.

use super::super::ImportError;
use super::super::closes::BarColumns;
use super::super::csv_map::{IvUnit, read_time};
use super::super::long::VolColumns;
use super::sample::Sample;
use crate::units::{Day, Timestamp};
use std::io::Read;

/// Usual names, plain, the most telling first.
const TIMES: [&str; 8] = ["ts", "time", "timestamp", "date", "datetime", "observation_date", "open_time", "day"];
const PRICES: [&str; 11] = [
    "close",
    "adjclose",
    "adj_close",
    "close_last",
    "close_price",
    "price",
    "last",
    "px_last",
    "value",
    "settle",
    "spot",
];
const VOLS: [&str; 8] = ["dvol", "gvzcls", "vixcls", "gvz", "vix", "volatility", "vol", "iv"];
/// Names that volatility indices begin with.
const VOL_INDICES: [&str; 9] = ["dvol", "vix", "gvz", "ovx", "vxn", "rvx", "bvol", "vvix", "volatility"];
/// Greatest figure of a column of fractions; an index stands above it.
const MOST_FRACTION: f64 = 4.0;

/// What is said of a file whose times are of years that none can have; `None` of any other.
pub fn other_years(reader: impl Read, file: &str) -> Option<String> {
    Sample::read(reader, file).ok()?.other_years()
}

/// What the beginning of a series shows.
pub struct Series {
    sample: Sample,
    /// Place of the times.
    time: usize,
    /// How they are written.
    format: &'static str,
}

impl Series {
    /// A file with a time and a figure beside it; `None` where it has not both, or is of options.
    pub fn of(reader: impl Read, file: &str) -> Option<Series> {
        Series::of_sample(Sample::read(reader, file).ok()?)
    }

    fn of_sample(sample: Sample) -> Option<Series> {
        if sample.names.iter().any(|name| name.contains("strike") || name.contains("expir")) {
            return None;
        }
        let is_named = |i: &usize| TIMES.contains(&sample.names[*i].as_str()) && sample.time_format(*i).is_some();
        let is_date = |i: &usize| sample.time_format(*i).is_some_and(|format| !format.starts_with("unix"));
        let all = 0..sample.headers.len();
        let time = all.clone().find(is_named).or_else(|| all.clone().find(is_date))?;
        // A second date is an expiry's, and a call or put is an option's.
        if all.clone().any(|i| i != time && (is_date(&i) || sample.fits("kind", i))) {
            return None;
        }
        let series = Series { format: sample.time_format(time)?, time, sample };
        series.figure(&PRICES)?;
        Some(series)
    }

    fn fits(&self, column: usize) -> bool {
        column != self.time && self.sample.fits("underlying_price", column)
    }

    fn named(&self, name: &str) -> Option<usize> {
        self.sample.names.iter().position(|n| n == name).filter(|i| self.fits(*i))
    }

    /// A column of one of these names, else the first with figures.
    fn figure(&self, names: &[&str]) -> Option<usize> {
        let named = names.iter().find_map(|name| self.named(name));
        named.or_else(|| (0..self.sample.headers.len()).find(|i| self.fits(*i)))
    }

    fn header(&self, column: usize) -> String {
        self.sample.headers[column].clone()
    }

    /// The columns of prices.
    pub fn bars(&self) -> BarColumns {
        let usual = BarColumns::usual(&csv::StringRecord::from(self.sample.headers.clone()), "");
        if let Ok(usual) = usual.map(|usual| BarColumns { format: self.format.into(), ..usual })
            && usual.time == self.header(self.time)
        {
            return usual;
        }
        let close = self.figure(&PRICES).unwrap_or(0);
        let [open, high, low] =
            ["open", "high", "low"].map(|name| self.named(name).filter(|i| *i != close).map(|i| self.header(i)));
        BarColumns {
            time: self.header(self.time),
            format: self.format.into(),
            open,
            high,
            low,
            close: self.header(close),
        }
    }

    /// The columns of a volatility.
    pub fn vol(&self) -> VolColumns {
        let names: Vec<&str> = VOLS.iter().chain(&PRICES).copied().collect();
        let value = self.figure(&names).unwrap_or(0);
        let is_fraction = self.sample.numbers(value).iter().all(|vol| *vol <= MOST_FRACTION);
        let unit = if is_fraction { IvUnit::Fraction } else { IvUnit::Percent };
        VolColumns { time: self.header(self.time), format: self.format.into(), value: self.header(value), unit }
    }

    fn times(&self) -> Vec<Timestamp> {
        let read = |text: &str| read_time(text, self.format, "00:00");
        self.sample.values(self.time).filter_map(read).collect()
    }

    /// First and last day of the beginning that was read.
    pub fn days(&self) -> Option<(Day, Day)> {
        let times = self.times();
        Some((times.iter().min()?.day(), times.iter().max()?.day()))
    }

    /// True where a Saturday or Sunday has a figure.
    pub fn has_weekends(&self) -> bool {
        self.times().iter().any(|t| t.day().weekday() >= 5)
    }

    /// True where a name says that it is a volatility.
    pub fn is_vol_by_name(&self, file: &str) -> bool {
        let stem = super::plain(file.split('.').next().unwrap_or_default());
        let words = stem.split('_').chain(self.sample.names.iter().flat_map(|name| name.split('_')));
        words
            .into_iter()
            .any(|word| matches!(word, "vol" | "iv") || VOL_INDICES.iter().any(|index| word.starts_with(index)))
    }

    /// Mean size of a row's change, where all figures are such as a volatility in points or a fraction has; else `None`.
    ///
    /// An index of volatility moves more from day to day than what it is of.
    pub fn unrest(&self) -> Option<f64> {
        let column = self.figure(&PRICES)?;
        let figures = self.sample.numbers(column);
        let is_vol = figures.iter().all(|v| (0.03..=MOST_FRACTION).contains(v))
            || figures.iter().all(|v| (3.0..=400.0).contains(v));
        let changes: Vec<f64> = figures.windows(2).map(|w| libm::log(w[1] / w[0]).abs()).collect();
        (is_vol && !changes.is_empty()).then(|| changes.iter().sum::<f64>() / changes.len() as f64)
    }

    /// The series of a file.
    ///
    /// # Errors
    /// The file, and what it lacks.
    pub fn read(reader: impl Read, file: &str) -> Result<Series, ImportError> {
        let missing = "found no time with a price beside it, expected both columns";
        let sample = Sample::read(reader, file)?;
        let other_years = sample.other_years();
        Series::of_sample(sample)
            .ok_or_else(|| ImportError::format(file, other_years.unwrap_or_else(|| missing.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(text: &str) -> Option<Series> {
        Series::of(text.as_bytes(), "made-up.csv")
    }

    #[test]
    fn columns_are_found_by_name_and_by_value() {
        let of = |text: &str| series(text).map(|s| (s.bars().time, s.bars().close, s.format));
        for (text, time, close, format) in [
            ("Date,Open,High,Low,Close,Volume\n2024-01-02,1,2,1,2,900\n", "Date", "Close", "auto"),
            ("observation_date,GVZCLS\n2024-01-02,20\n", "observation_date", "GVZCLS", "auto"),
            ("when,what\n01/31/2024,20\n", "when", "what", "%m/%d/%Y"),
            ("DATE,CLOSE\n01/02/1990,17.24\n01/16/1990,25.36\n", "DATE", "CLOSE", "%m/%d/%Y"),
            ("open_time,close\n1704153600000,43000\n", "open_time", "close", "unix_ms"),
        ] {
            assert_eq!(of(text), Some((time.to_owned(), close.to_owned(), format)), "{text}");
        }
        for none in [
            "name,age\nA,3\n",
            "date,what\n1927-12-30,17\n",
            "date,what\n2024-01-02,many\n",
            "date,strike,price\n2024-01-02,5,1\n",
            "1,2\n3,4\n",
        ] {
            assert!(series(none).is_none(), "{none}");
        }
    }

    #[test]
    fn a_volatility_is_told_from_a_price() {
        let index = series("date,close\n2024-01-02,20\n2024-01-03,24\n").expect("a series");
        assert!(Series::is_vol_by_name(&index, "vix-daily.csv") && !index.is_vol_by_name("GLD_1d.csv"));
        assert!(!index.is_vol_by_name("volume.csv"));
        let price = series("date,close\n2024-01-02,190\n2024-01-03,191\n").expect("a series");
        assert!(index.unrest() > price.unrest() && price.unrest().is_some());
        assert_eq!(series("date,close\n2024-01-02,43000\n2024-01-03,44000\n").expect("a series").unrest(), None);
        assert_eq!(index.vol().unit, IvUnit::Percent);
        assert_eq!(series("date,iv\n2024-01-02,0.2\n").expect("a series").vol().unit, IvUnit::Fraction);
    }
}
