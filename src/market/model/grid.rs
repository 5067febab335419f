//! Which expiries a modelled market lists at an instant.

use super::{Fault, require};
use crate::market::catalog::Calendar;
use crate::units::{Day, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The Friday of a month on which its options expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthDay {
    /// The third Friday, as at US exchanges.
    ThirdFriday,
    /// The last Friday, as at Deribit.
    LastFriday,
}

/// Distance of strikes up to a tenor.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrikeStep {
    /// Days to expiry, at most.
    pub days: f64,
    /// Distance as a share of the strike, at most: the lattice has the next smaller round number.
    pub share: f64,
}

/// Most rows of strike distances.
const MAX_STEPS: usize = 20;

/// Which expiries and strikes are listed.
///
/// An expiry once listed stays until it expires; a day on which the market is closed moves it to the open day before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridRule {
    /// Number of coming Fridays.
    pub weekly: u32,
    /// Number of coming month expiries.
    pub monthly: u32,
    /// Number of coming expiries of March, June, September and December.
    pub quarterly: u32,
    /// Days within which all expiries of June and December are listed.
    pub half_yearly_days: u32,
    /// The Friday of month expiries.
    pub month_day: MonthDay,
    /// Distance of strikes near the money by days to expiry, ascending; the last row holds beyond its days too.
    pub steps: Vec<StrikeStep>,
    /// Deviations to expiry from the index within which strikes stand at that distance.
    pub near_deviations: f64,
    /// The same as a share of the index, at most.
    pub near_most: f64,
    /// Deviations within which they stand at [`Self::wing_steps`] times the distance.
    pub far_deviations: f64,
    /// Distance in the wings by that near the money.
    pub wing_steps: f64,
    /// Least and greatest strike that is newly listed, as shares of the index.
    pub moneyness: [f64; 2],
}

impl GridRule {
    /// Refuses the first figure that gives no grid, or one too large.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let at = |field: &str| format!("grid.{field}");
        for (field, value, most) in [
            ("weekly", self.weekly, 52),
            ("monthly", self.monthly, 36),
            ("quarterly", self.quarterly, 20),
            ("half_yearly_days", self.half_yearly_days, 3_660),
        ] {
            require(value <= most, at(field), value, &format!("at most {most}"))?;
        }
        let n = self.steps.len();
        require((1..=MAX_STEPS).contains(&n), at("steps"), n, &format!("1 to {MAX_STEPS}"))?;
        let mut before = 0.0;
        for (i, step) in self.steps.iter().enumerate() {
            let at = |field: &str| format!("grid.steps[{i}].{field}");
            require(step.days > before && step.days < 1e6, at("days"), step.days, "days in ascending order")?;
            require((0.001..=0.5).contains(&step.share), at("share"), step.share, "a number from 0.001 to 0.5")?;
            before = step.days;
        }
        let is_small = |x: f64| (0.01..=10.0).contains(&x);
        require(is_small(self.near_most), at("near_most"), self.near_most, "0.01 to 10")?;
        let is_range = is_small(self.near_deviations) && self.near_deviations <= self.far_deviations;
        require(is_range, at("near_deviations"), self.near_deviations, "0.01 or more, at most far_deviations")?;
        require(self.far_deviations <= 10.0, at("far_deviations"), self.far_deviations, "at most 10")?;
        require((1.0..=100.0).contains(&self.wing_steps), at("wing_steps"), self.wing_steps, "1 to 100")?;
        let [low, high] = self.moneyness;
        let is_moneyness = (0.05..1.0).contains(&low) && high > 1.0 && high <= 20.0;
        require(is_moneyness, at("moneyness"), format!("{low} to {high}"), "from 0.05, around 1, to 20")
    }

    /// Distance of strikes near the money at `days` to expiry, as a share of the strike.
    pub(super) fn step_share(&self, days: f64) -> f64 {
        let row = self.steps.iter().find(|step| days <= step.days).or(self.steps.last());
        row.map_or(0.5, |step| step.share)
    }

    /// Expiries listed at `t`, ascending, all later than `t`; `minute` after 00:00 UTC of their day.
    pub fn expiries(&self, t: Timestamp, calendar: &Calendar, minute: u32) -> Vec<Timestamp> {
        let instant = |nominal: Day| calendar.open_day_before(nominal).start().plus_ms(i64::from(minute) * 60_000);
        let coming = |days: &mut dyn Iterator<Item = Day>, n: u32| -> Vec<Timestamp> {
            days.map(instant).filter(|expiry| *expiry > t).take(n as usize).collect()
        };
        let horizon = t.day().0 + self.half_yearly_days as i32;
        let mut listed = BTreeSet::new();
        listed.extend(coming(&mut fridays(t.day()), self.weekly));
        listed.extend(coming(&mut self.months(t.day(), 1), self.monthly));
        listed.extend(coming(&mut self.months(t.day(), 3), self.quarterly));
        let half_years = self.months(t.day(), 6).take_while(|day| day.0 <= horizon).map(instant);
        listed.extend(half_years.filter(|expiry| *expiry > t));
        listed.into_iter().collect()
    }

    /// Nominal month expiries from the month of `day` on, in the months whose number is a multiple of `every`.
    fn months(&self, day: Day, every: u32) -> impl Iterator<Item = Day> + use<> {
        let (year, month) = day.year_month();
        let first = year as u32 * 12 + (month - 1);
        let month_day = self.month_day;
        (first..).filter(move |number| (number % 12 + 1).is_multiple_of(every)).map_while(move |number| {
            let begin = Day::from_ymd((number / 12) as i32, number % 12 + 1, 1)?;
            Some(match month_day {
                MonthDay::ThirdFriday => Day(friday_from(begin).0 + 14),
                MonthDay::LastFriday => Day(friday_from(Day(begin.month_end().0 - 6)).0),
            })
        })
    }
}

/// The first Friday at or after a day.
fn friday_from(day: Day) -> Day {
    Day(day.0 + (4 - i32::from(day.weekday())).rem_euclid(7))
}

fn fridays(day: Day) -> impl Iterator<Item = Day> {
    let first = friday_from(day);
    (0..).map(move |week: i32| Day(first.0 + 7 * week))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a date")
    }

    /// A rule as the shipped datasets have it.
    fn rule(month_day: MonthDay) -> GridRule {
        GridRule {
            weekly: 3,
            monthly: 5,
            quarterly: 5,
            half_yearly_days: 930,
            month_day,
            steps: vec![StrikeStep { days: 45.0, share: 0.01 }, StrikeStep { days: 200.0, share: 0.02 }],
            near_deviations: 1.0,
            near_most: 0.2,
            far_deviations: 2.0,
            wing_steps: 2.5,
            moneyness: [0.4, 2.5],
        }
    }

    #[test]
    fn expiries_are_those_of_the_rule() {
        let holidays = vec![day("2024-03-29")];
        let calendar = Calendar::Weekdays { holidays };
        let days = |month_day, t: &str, calendar: &Calendar| -> Vec<String> {
            let t = day(t).start().plus_ms(75_600_000);
            rule(month_day).expiries(t, calendar, 1_260).iter().map(|e| e.day().to_string()).collect()
        };
        let third = days(MonthDay::ThirdFriday, "2024-03-20", &calendar);
        let expected = [
            "2024-03-22",
            "2024-03-28",
            "2024-04-05",
            "2024-04-19",
            "2024-05-17",
            "2024-06-21",
            "2024-07-19",
            "2024-08-16",
            "2024-09-20",
            "2024-12-20",
            "2025-03-21",
            "2025-06-20",
            "2025-12-19",
            "2026-06-19",
        ];
        assert_eq!(third, expected, "the weekly of a closed Friday is on the Thursday before");
        let last = days(MonthDay::LastFriday, "2024-03-29", &Calendar::Continuous);
        assert_eq!(last[..4], ["2024-04-05", "2024-04-12", "2024-04-19", "2024-04-26"]);
    }

    #[test]
    fn tenors_up_to_two_years_exist_and_an_expiry_stays_until_it_expires() {
        let rule = rule(MonthDay::ThirdFriday);
        let mut before: Vec<Timestamp> = Vec::new();
        for offset in 0..1_500 {
            let t = Day(day("2020-01-01").0 + offset).start();
            let listed = rule.expiries(t, &Calendar::Continuous, 0);
            let stays = |expiry: &Timestamp| *expiry <= t || listed.contains(expiry);
            assert!(before.iter().all(stays), "an expiry went before its time at {t}");
            for (days, latest) in
                [(30.0, 65.0), (91.0, 190.0), (182.0, 280.0), (365.0, 480.0), (548.0, 740.0), (730.0, 930.0)]
            {
                let first = listed.iter().map(|e| e.days_since(t)).find(|d| *d >= days);
                assert!(first.is_some_and(|d| d <= latest), "{days} days at {t}: {first:?}");
            }
            before = listed;
        }
    }
}
