//! OptionsDX text.

use crate::common::shared;
use crate::{dropped, errors, gunzip, made_up};
use chainwalk::import::optionsdx::{Boards, Layout, layout, read};
use chainwalk::import::rows::Gathering;
use chainwalk::import::{Report, deribit_months, folder};
use chainwalk::pricing::{OptionKind, greeks, price};

fn collect(file: &str, layout: Layout) -> (Boards, Report) {
    let (mut rows, mut report) = (Boards::new(layout, 0.04), Report::default());
    read(&made_up(file)[..], file, (layout, "BTC"), &mut rows, &mut report).expect("rows");
    (rows, report)
}

#[test]
fn a_coin_has_a_row_an_option() {
    assert_eq!(layout(&made_up("optionsdx-coin.txt")[..], "c.txt"), Ok(Layout::Options));
    let (mut rows, mut report) = collect("optionsdx-coin.txt", Layout::Options);
    let snapshots = rows.snapshots(&mut report);
    let chain = &snapshots[0].chains[0];
    assert_eq!((snapshots.len(), snapshots[0].time.iso()), (1, "2026-01-03T09:00:00Z".to_string()));
    assert_eq!((snapshots[0].index, chain.forward, &chain.strikes[..]), (100_105.0, 100_105.0, &[100_000.0][..]));
    assert_eq!((chain.call.bid[0], chain.call.ask[0], chain.call.iv[0]), (0.0245, 0.026, 0.485));
    let years = chain.expiry.years_since(snapshots[0].time);
    let mark = price(OptionKind::Call, 100_100.0, 100_000.0, years, 0.485) / 100_100.0;
    assert_eq!(chain.call.mark[0].to_bits(), mark.to_bits(), "at the row's own forward");
    assert!(chain.put.bid[0].is_nan() && chain.put.ask[0].is_nan() && chain.put.mark[0] > 0.0);
    assert_eq!(
        dropped(&report),
        [
            ("expiry not after the quote's time (settlement fact)", 1),
            ("option of another coin", 1),
            ("unreadable row", 3)
        ]
    );
    assert_eq!(
        errors(&report),
        [
            "optionsdx-coin.txt:5: found OPTION_RIGHT \"both\", expected call or put",
            "optionsdx-coin.txt:6: found QUOTE_UNIXTIME \"2026-01-03\", expected seconds since 1970",
            "optionsdx-coin.txt:7: found UNDERLYING_PRICE \"\", expected a positive number",
        ]
    );
}

#[test]
fn a_stock_has_a_row_a_strike() {
    assert_eq!(layout(&made_up("optionsdx-stock.txt")[..], "s.txt"), Ok(Layout::Strikes));
    let (mut rows, mut report) = collect("optionsdx-stock.txt", Layout::Strikes);
    assert_eq!(rows.board.delivery.values().copied().collect::<Vec<_>>(), [103.25]);
    let snapshots = rows.snapshots(&mut report);
    let chain = &snapshots[0].chains[0];
    assert_eq!((snapshots[0].index, &chain.strikes[..]), (100.5, &[100.0, 120.0][..]));
    assert!((chain.forward - 100.5 * libm::exp(0.04 * 11.0 / 365.0)).abs() < 1e-9);
    assert!((chain.call.mark[0] - 2.15).abs() < 1e-12 && (0.2..0.3).contains(&chain.call.iv[0]), "from the mid");
    assert!(chain.call.bid[1].is_nan() && chain.call.ask[1] == 0.05 && chain.call.iv[1].is_nan());
    assert_eq!(
        dropped(&report),
        [
            ("expiry not after the quote's time (settlement fact)", 2),
            ("neither bid nor ask nor mark nor volatility", 1),
            ("unreadable row", 1)
        ]
    );
    assert_eq!(errors(&report), ["optionsdx-stock.txt:5: found STRIKE \"\", expected a positive number"]);
}

#[test]
fn layouts_do_not_mix() {
    let (mut rows, mut report) = collect("optionsdx-coin.txt", Layout::Options);
    let of = (Layout::Options, "BTC");
    let refused = read(&made_up("optionsdx-stock.txt")[..], "s.txt", of, &mut rows, &mut report);
    assert_eq!(
        refused.expect_err("another layout").to_string(),
        "s.txt: found another layout than in the file before, expected one of both"
    );
    let refused = read(&b"[QUOTE_UNIXTIME]\n1\n"[..], "x.txt", of, &mut rows, &mut report);
    assert!(refused.expect_err("no columns").to_string().starts_with("x.txt: found no column [BASE_CURRENCY]"));
}

/// A row whose delta is not ours.
struct Far {
    /// Day of its board.
    board: String,
    contract: String,
    /// Their delta - ours.
    miss: f64,
    /// Within 1e-4 with 40 seconds more to expiry.
    agrees_later: bool,
}

/// The table of docs/DATA.md lists them by board: calls, puts, the largest difference, those that agree with 40 seconds more.
fn far_is_listed(far: &[Far]) {
    let published = include_str!("../../docs/DATA.md");
    for of_day in far.chunk_by(|a, b| a.board == b.board) {
        let count = |holds: &dyn Fn(&Far) -> bool| of_day.iter().filter(|f| holds(f)).count();
        let (calls, puts) = (count(&|f| f.contract.ends_with("-C")), count(&|f| f.contract.ends_with("-P")));
        let most = of_day.iter().map(|f| f.miss.abs()).fold(0.0, f64::max);
        let expiry = of_day[0].contract.split('-').nth(1).unwrap_or_default();
        assert!(of_day.iter().all(|f| f.contract.contains(expiry)), "one expiry a board");
        let row = format!(
            "| {} | {expiry} | {calls} | {puts} | {most:.5} | {} |",
            of_day[0].board,
            count(&|f| f.agrees_later)
        );
        assert!(published.lines().any(|line| line == row), "docs/DATA.md has another row than {row}");
    }
}

/// Their delta from their volatility and underlying in our time convention. The rest are all of an expiry's last four hours: a board has one
/// time but was read over some 50 seconds before it, which those options feel.
#[test]
fn a_recorded_month_has_its_own_deltas() {
    let Some(path) = shared("data/raw/optionsdx/btc_eod_202106.txt.gz") else { return };
    let bytes = gunzip(&path);
    let mut csv = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(&bytes[..]);
    let (mut near, mut latest) = (0, 0.0_f64);
    let mut far: Vec<Far> = Vec::new();
    for record in csv.records() {
        let record = record.expect("a row");
        let number = |i: usize| record[i].parse::<f64>().expect("a number");
        let kind = if &record[13] == "call" { OptionKind::Call } else { OptionKind::Put };
        let years = |later: f64| (number(10) - number(0) + later) / 86_400.0 / 365.0;
        let miss =
            |later: f64| number(21) - greeks(kind, number(8), number(14), years(later), number(26) / 100.0).delta;
        if miss(0.0).abs() <= 1e-4 {
            near += 1;
        } else {
            far.push(Far {
                board: record[2].to_owned(),
                contract: record[4].to_owned(),
                miss: miss(0.0),
                agrees_later: miss(40.0).abs() <= 1e-4,
            });
            assert!(miss(0.0).abs() < 5e-4, "{record:?}");
            latest = latest.max(years(0.0) * 365.0);
        }
    }
    println!(
        "OptionsDX: {near} deltas within 1e-4, {} beyond, those at most {latest:.3} days before expiry",
        far.len()
    );
    assert_eq!((near, far.len()), (11_931, 203));
    println!("board, contract, their delta - ours, within 1e-4 with 40 seconds more");
    far.iter().for_each(|f| println!("{}, {}, {:+.5}, {}", f.board, f.contract, f.miss, f.agrees_later));
    assert_eq!(far.iter().filter(|f| f.agrees_later).count(), 173);
    far_is_listed(&far);
    assert!(latest < 0.17, "{latest}");

    let (mut rows, mut report) = (Boards::new(Layout::Options, 0.0), Report::default());
    read(&bytes[..], "btc_eod_202106.txt", (Layout::Options, "BTC"), &mut rows, &mut report).expect("rows");
    let snapshots = rows.snapshots(&mut report);
    let header = deribit_months::header("x".into(), "BTC");
    let files = folder::assemble(header, snapshots.clone(), &mut report).expect("a dataset");
    assert_eq!((report.kept, report.dropped_rows(), files.dataset.packs[0].snapshots), (12_134, 0, 30), "{report}");
    let quotes = || snapshots.iter().flat_map(|s| &s.chains).flat_map(|c| [&c.call, &c.put]);
    let two_sided = |inside: bool| {
        let is_counted = |q: &&chainwalk::market::RawQuotes, i: &usize| {
            let (bid, ask, mark) = (q.bid[*i], q.ask[*i], q.mark[*i]);
            bid <= ask && (!inside || (bid - 1e-4 <= mark && mark <= ask + 1e-4))
        };
        quotes().map(|q| (0..q.bid.len()).filter(|i| is_counted(&q, i)).count()).sum::<usize>()
    };
    println!("OptionsDX: {} of {} two-sided quotes hold the mark, in coin", two_sided(true), two_sided(false));
    assert_eq!((two_sided(true), two_sided(false)), (7_893, 7_931), "prices are in coin");
}
