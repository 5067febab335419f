//! The three panes of a run's chart as strokes: equity against HODL, the index with the strikes, and the drawdown.

use super::caption::{INDEX_TITLE, drawdown_title, equity_title, unit_of};
use super::curves::{Band, Curves, Money, Outcome};
use super::plot::{Scale, decimate, extent, padded, union};
use super::svg::{Dash, Svg};
use crate::market::Regime;

/// Share of a pane's range that stays free above and below its lines.
const AIR: f64 = 0.08;

/// One pane: what stands over it, the values it reaches, and its strokes in the order they are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Pane<'a> {
    /// What it shows, with its unit.
    pub title: String,
    /// Lowest and highest value.
    pub range: (f64, f64),
    strokes: Vec<Stroke<'a>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Stroke<'a> {
    colour: String,
    width: f64,
    dash: Dash,
    path: Path<'a>,
}

#[derive(Clone, Debug, PartialEq)]
enum Path<'a> {
    /// A value at each mark.
    Line(&'a [f64]),
    /// One value between two instants, ms UTC; to the end where it has none.
    Level { from: i64, to: Option<i64>, at: f64 },
}

/// Room of a regime's word, pixels.
const WORD_WIDE: f64 = 32.0;

/// A regime behind the index: first and last pixel, its word, and where that begins; `None` where it has no room.
pub type Shade = ((f64, f64), &'static str, Option<f64>);

/// Height of the middle of a regime's word above the foot of its pane, pixels.
pub const WORD_ABOVE_FOOT: f64 = 8.0;

/// The bull and bear markets on an axis. Nothing is measured: that takes longer than all lines of a frame.
pub fn shades(bands: &[Band], x: &Scale) -> Vec<Shade> {
    let shade = |band: &Band| {
        let word = match band.regime {
            Regime::Bull => "bull",
            Regime::Bear => "bear",
            Regime::Sideways => return None,
        };
        let (from, to) = (x.px(band.from as f64).max(x.from_px), x.px(band.to as f64).min(x.to_px));
        let left = Some(from + 4.0).filter(|left| left + WORD_WIDE <= to);
        (to > from).then_some(((from, to), word, left))
    };
    bands.iter().filter_map(shade).collect()
}

/// The end of a leg at a point: up for what earned, down for what cost; nothing while it is open.
pub fn end_mark(outcome: Outcome, (x, y): (f64, f64)) -> Option<[(f64, f64); 3]> {
    let up = match outcome {
        Outcome::Gain => 1.0,
        Outcome::Loss => -1.0,
        Outcome::Open => return None,
    };
    Some([(x - 4.0, y + 3.5 * up), (x + 4.0, y + 3.5 * up), (x, y - 4.0 * up)])
}

/// The colour of a leg's line, and its dash.
fn tone(outcome: Outcome) -> (&'static str, Dash) {
    match outcome {
        Outcome::Gain => ("var(--gain)", Dash::Solid),
        Outcome::Loss => ("var(--loss)", Dash::Dashed),
        Outcome::Open => ("var(--muted)", Dash::Dotted),
    }
}

/// Draws where legs begin and end on the strikes of the index pane.
pub fn draw_marks(svg: &mut Svg, curves: &Curves, x: &Scale, y: &Scale) {
    for (place, unit) in curves.units.iter().enumerate() {
        for segment in &unit.segments {
            let (from, at, colour) = (x.px(segment.from as f64), y.px(segment.strike), tone(segment.outcome()).0);
            let end = segment.to.map_or(x.to_px, |to| x.px(to as f64).min(x.to_px));
            // Of several variants, the opening says whose it is.
            let own = if curves.units.len() > 1 { series(place) } else { colour.to_owned() };
            svg.line(&[(from, at - 3.5), (from, at + 3.5)], &own, 2.0, Dash::Solid);
            match end_mark(segment.outcome(), (end, at)) {
                Some(mark) => svg.shape(&mark, colour),
                None => svg.dot((end, at), 3.0, "var(--surface)", colour),
            }
        }
    }
}

/// The colour of a variant by its place, as the stylesheets name it.
fn series(place: usize) -> String {
    format!("var(--series-{})", place % 6 + 1)
}

/// The panes of a run's curves, upper first; `coin` is what [`Money::Coin`] is of.
pub fn panes<'a>(curves: &'a Curves, money: Money, coin: &str) -> [Pane<'a>; 3] {
    let unit = unit_of(money, coin);
    let reach = |values: &[f64]| extent(values.iter().copied());
    let line = |colour: String, dash, values| Stroke { colour, width: 1.5, dash, path: Path::Line(values) };
    let of_units = |values: fn(&super::UnitCurve, Money) -> &[f64]| {
        curves.units.iter().enumerate().map(move |(place, unit)| (place, values(unit, money)))
    };
    let equities = || of_units(super::UnitCurve::equity);
    let falls = || of_units(super::UnitCurve::drawdown);
    let segments = || curves.units.iter().flat_map(|unit| &unit.segments);

    let hodl = curves.hodl(money);
    let own_line = |(place, values)| line(series(place), Dash::of_series(place), values);
    let own = equities().map(own_line);
    let equity = Pane {
        title: equity_title(unit, false),
        range: spread(equities().map(|(_, values)| reach(values)).fold(reach(hodl), union)),
        strokes: std::iter::once(line("var(--hodl)".into(), Dash::Dashed, hodl)).chain(own).collect(),
    };
    let levels = segments().map(|segment| {
        let (colour, dash) = tone(segment.outcome());
        let path = Path::Level { from: segment.from, to: segment.to, at: segment.strike };
        Stroke { colour: colour.into(), width: 2.0, dash, path }
    });
    let index = Pane {
        title: INDEX_TITLE.into(),
        range: spread(union(reach(&curves.index), extent(segments().map(|segment| segment.strike)))),
        strokes: std::iter::once(line("var(--muted)".into(), Dash::Solid, &curves.index)).chain(levels).collect(),
    };
    let deepest = falls().map(|(_, values)| reach(values)).fold(None, union).map_or(0.0, |(low, _)| low);
    let drawdown = Pane {
        title: drawdown_title(unit),
        range: (deepest.min(-0.001) * (1.0 + AIR), 0.0),
        strokes: falls().map(own_line).collect(),
    };
    [equity, index, drawdown]
}

fn spread(range: Option<(f64, f64)>) -> (f64, f64) {
    padded(range.unwrap_or((0.0, 1.0)), AIR)
}

impl Pane<'_> {
    /// Draws the strokes; `times` are the marks, ms UTC.
    pub fn draw(&self, svg: &mut Svg, times: &[i64], x: &Scale, y: &Scale) {
        for Stroke { colour, width, dash, path } in &self.strokes {
            let points = match path {
                Path::Line(values) => decimate(times, values, x, y),
                Path::Level { from, to, at } => {
                    let until = to.map_or(x.to_px, |to| x.px(to as f64).min(x.to_px));
                    vec![(x.px(*from as f64), y.px(*at)), (until, y.px(*at))]
                }
            };
            svg.line(&points, colour, *width, *dash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::curves::Segment;
    use crate::pricing::OptionKind;
    use crate::units::{DAY_MS, Timestamp};

    #[test]
    fn each_pane_reaches_what_it_shows() {
        let mut curves = Curves::new(["Hold"]);
        for (day, coins) in [(0, 1.0), (1, 1.25), (2, 1.0)] {
            curves.push_mark(Timestamp(day * DAY_MS), 100.0 + day as f64, (100.0, 1.0), &[(100.0, coins)], None);
        }
        let segment =
            |strike, to, flow| Segment { trade: 0, from: 0, to, strike, kind: OptionKind::Call, expiry: DAY_MS, flow };
        curves.units[0].segments = vec![segment(150.0, Some(DAY_MS), 1.0), segment(120.0, None, 0.0)];
        let [equity, index, drawdown] = panes(&curves, Money::Coin, "BTC");
        assert_eq!(equity.title, "Equity, BTC");
        assert!((equity.range.0 - 0.98).abs() < 1e-12 && (equity.range.1 - 1.27).abs() < 1e-12, "{:?}", equity.range);
        assert!(index.range.0 < 100.0 && index.range.1 > 150.0, "{:?}", index.range);
        assert!((drawdown.range.0 + 0.216).abs() < 1e-12 && drawdown.range.1 == 0.0, "{:?}", drawdown.range);

        let x = Scale { from: 0.0, to: 2.0 * DAY_MS as f64, from_px: 0.0, to_px: 200.0 };
        let y = Scale { from: 100.0, to: 150.0, from_px: 100.0, to_px: 0.0 };
        let mut svg = Svg::default();
        index.draw(&mut svg, &curves.times, &x, &y);
        for part in [
            "d=\"M0 100L100 98L200 96\" fill=\"none\" stroke=\"var(--muted)\"",
            "d=\"M0 0L100 0\" fill=\"none\" stroke=\"var(--gain)\"",
            "d=\"M0 60L200 60\" fill=\"none\" stroke=\"var(--muted)\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke-dasharray=\"1.5 3\"",
        ] {
            assert!(svg.strokes().contains(part), "{part} in {}", svg.strokes());
        }
        assert_eq!(panes(&Curves::new(["Hold"]), Money::Usd, "BTC")[0].title, "Equity, USD");
    }

    #[test]
    fn regimes_are_shaded_and_legs_have_ends() {
        let x = Scale { from: 0.0, to: 1_000.0, from_px: 0.0, to_px: 1_000.0 };
        let band = |from, to, regime| Band { from, to, regime };
        let bands = [
            band(0, 160, Regime::Bull),
            band(160, 365, Regime::Sideways),
            band(365, 400, Regime::Bull),
            band(400, 2_000, Regime::Bear),
        ];
        let found = shades(&bands, &x);
        assert_eq!(
            found,
            [
                ((0.0, 160.0), "bull", Some(4.0)),
                ((365.0, 400.0), "bull", None),
                ((400.0, 1_000.0), "bear", Some(404.0))
            ]
        );

        let mut curves = Curves::new(["Hold"]);
        curves.units[0].segments = [(Some(300), 1.0), (Some(300), -1.0), (None, 0.0)]
            .map(|(to, flow)| Segment {
                trade: 0,
                from: 100,
                to,
                strike: 50.0,
                kind: OptionKind::Call,
                expiry: 9,
                flow,
            })
            .to_vec();
        let mut svg = Svg::default();
        draw_marks(&mut svg, &curves, &x, &Scale { from: 0.0, to: 100.0, from_px: 100.0, to_px: 0.0 });
        for part in
            ["d=\"M296 53.5L304 53.5L300 46Z\"", "d=\"M296 46.5L304 46.5L300 54Z\"", "<circle cx=\"1000\" cy=\"50\""]
        {
            assert!(svg.strokes().contains(part), "{part} in {}", svg.strokes());
        }
    }
}
