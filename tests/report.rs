//! A report is one well-formed file that asks nobody for anything, and says what the run says.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use chainwalk::display::format::{percent_signed, signed};
use chainwalk::display::report::report;
use chainwalk::run::Run;
use chainwalk::share;
use common::shipped::walked_on_shipped;
use serde_json::{Value, json};

const SITE: &str = "https://example.org/chainwalk/";
const NAME: &str = "Call <b>\"&\"</b> 'x'";

fn request() -> Value {
    json!({ "end": "2026-02-20", "variants": [{ "name": NAME }, { "name": "Closer", "target_delta": 0.4 }] })
}

fn written(run: &Run) -> String {
    report(run, &share::address(SITE, request(), Some(run)))
}

/// The names of elements that are closed, in order; fails on what does not nest.
fn closed(document: &str) -> Vec<String> {
    const VOID: [&str; 2] = ["meta", "!DOCTYPE"];
    let (mut open, mut closed): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let (before, rest) = document.split_once("<style>").expect("a style");
    let (_, after) = rest.split_once("</style>").expect("its end");
    for part in [before, after].concat().split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("every < has its >");
        assert!(!text.contains('>'), "{text}");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        let name = tag.trim_matches('/').split_whitespace().next().expect("a name").to_owned();
        match (tag.starts_with('/'), tag.ends_with('/') || VOID.contains(&name.as_str())) {
            (true, _) => {
                assert_eq!(open.pop().as_ref(), Some(&name), "{tag}");
                closed.push(name);
            }
            (false, true) => {}
            (false, false) => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?} stay open");
    closed
}

#[test]
fn a_report_stands_alone() {
    let run = walked_on_shipped(&request());
    let html = written(&run);
    let elements = closed(&html);
    for name in ["title", "h1", "svg", "table", "dl", "footer"] {
        assert!(elements.iter().any(|element| element == name), "{name}");
    }
    let link = share::address(SITE, request(), Some(&run));
    let without_link = html.replace(&link, "");
    for outside in ["http:", "https:", "//", "src=", "url(", "<script", "<link", "<iframe", "@import", "javascript:"] {
        assert!(!without_link.contains(outside), "{outside}");
    }
    assert_eq!(without_link.matches("href=").count(), 1, "the link alone");
    assert!(!html.contains("<b>\"&\""), "the name is text");
    assert!(html.contains("Call &lt;b&gt;&quot;&amp;&quot;&lt;/b&gt; &#39;x&#39;"));
}

#[test]
fn a_report_says_what_the_run_says() {
    let run = walked_on_shipped(&request());
    let html = written(&run);
    let output = run.output();
    for variant in &output.variants {
        assert!(html.contains(&format!("{} BTC", signed(variant.metrics.final_pnl_vs_hodl_coin, 4))));
        assert!(html.contains(&percent_signed(variant.metrics.total_return, 1)));
        for leg in variant.trades.iter().flat_map(|trade| &trade.legs) {
            assert!(html.contains(&leg.contract), "{}", leg.contract);
        }
    }
    for words in [&output.digest, &output.fingerprint, &output.engine_version, &output.evidence.words] {
        assert!(html.contains(words.as_str()), "{words}");
    }
    for words in ["not investment advice", "Fitted", "Look-ahead", "Licence"] {
        assert!(html.contains(words), "{words}");
    }
    let (_, drawn) = html.split_once("Equity against HODL</title>").expect("its chart");
    let (drawing, _) = drawn.split_once("</svg>").expect("a drawing");
    for part in ["fill=\"var(--bear)\"", ">bear<", "Z\" fill=\"var(--gain)\""] {
        assert!(drawing.contains(part), "{part} in {drawing}");
    }
}

#[test]
fn without_a_site_the_link_is_its_fragment() {
    let run = walked_on_shipped(&json!({ "end": "2026-01-10" }));
    let html = report(&run, &share::address("", json!({}), Some(&run)));
    assert!(html.contains("<code>#r2=") && !html.contains("href="));
    closed(&html);
}

#[test]
fn a_run_with_a_loan_has_its_figures() {
    let run = walked_on_shipped(&json!({
        "dataset": "btc-long", "start": "2022-04-01", "end": "2022-07-01",
        "account": { "coins": 1.0, "loan": { "principal_usd": 15_000.0 } },
        "variants": [{ "name": "No hedge" }],
    }));
    let html = report(&run, "#r1=e30");
    closed(&html);
    assert!(html.contains("The loan") && html.contains("Margin-call price"), "{}", &html[..400]);
    let (_, drawn) = html.split_once("Chart of the loan").expect("its chart");
    let (drawing, _) = drawn.split_once("</svg>").expect("a drawing");
    for part in ["Loan-to-value at the low", ">margin call<", "Price and strike, USD"] {
        assert!(drawing.contains(part), "{part} in {drawing}");
    }
    assert!(drawing.matches("<path").count() >= 4, "two ratios, a threshold and the price");
}

/// `#fff` and the like.
fn is_hex(word: &str) -> bool {
    word.strip_prefix('#').is_some_and(|digits| digits.len() >= 3 && digits.chars().all(|c| c.is_ascii_hexdigit()))
}

#[test]
fn page_and_report_take_their_colours_from_one_file() {
    let sheets = [include_str!("../assets/styles.css"), include_str!("../src/display/report/report.css")];
    let tokens = include_str!("../assets/tokens.css");
    let declared = |name: &str| tokens.contains(&format!("{name}:"));
    for sheet in sheets {
        let raw = sheet.lines().find(|line| {
            let values = line.split(':').skip(1).flat_map(|value| value.split([' ', ',', ';', '(']));
            values.map(str::trim).any(|word| word == "rgb" || is_hex(word))
        });
        assert_eq!(raw, None, "a colour that is no token");
    }
    // What the report uses is declared; the page also has values that change with the data.
    let used = sheets[1].split("var(").skip(1).filter_map(|rest| rest.split([')', ',']).next());
    for name in used {
        assert!(declared(name), "{name} is no token");
    }
    let run = walked_on_shipped(&json!({ "end": "2026-01-10" }));
    assert!(written(&run).contains(tokens), "the report carries the tokens");
}
