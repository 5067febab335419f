//! The bench in the page: `#bench` times the kernels on the made-up year, `#bench=URL` on the data folder at a URL.
//!
//! Plain elements without state: what is timed shares the thread with as little as possible. The table comes with its
//! figures as JSON in the element `bench-result`; an error stands there instead.

use crate::bench::{Bench, BenchError, EXPECTED_PATH, Figure, Kernel};
use crate::market::{Catalog, MemorySource};
use crate::web::fetch::fetch_bytes;
use serde::Serialize;
use std::fmt::Write;

/// Milliseconds that each kernel is timed.
const BUDGET_MS: f64 = 1_500.0;

/// Everything that the bench found out.
#[derive(Serialize)]
struct Report {
    dataset: String,
    options: usize,
    /// WebAssembly memory once the year was loaded and A, B and C had run; it never shrinks.
    memory_mb: f64,
    /// The same after the kernels, which hold a second year while they load it.
    memory_end_mb: f64,
    digests: Vec<String>,
    figures: Vec<Figure>,
}

/// The folder that the address asks to bench; `Some(None)` is the made-up year, `None` no bench at all.
pub fn asked() -> Option<Option<String>> {
    let hash = web_sys::window()?.location().hash().ok()?;
    let rest = hash.strip_prefix("#bench")?;
    Some(rest.strip_prefix('=').map(str::to_owned))
}

/// Runs the bench and shows what it finds.
pub fn mount(folder: Option<String>) {
    wasm_bindgen_futures::spawn_local(async move {
        show("bench-status", "pre", "benchmark under way; keep this tab in front");
        let report = run(folder).await;
        let (table, json) = match &report {
            Ok(report) => (table(report), serde_json::to_string(report).unwrap_or_default()),
            Err(error) => {
                ("the benchmark failed".into(), serde_json::json!({ "error": error.to_string() }).to_string())
            }
        };
        show("bench-status", "pre", &table);
        show("bench-result", "pre", &json);
    });
}

async fn run(folder: Option<String>) -> Result<Report, BenchError> {
    let bench = match folder {
        Some(folder) => Bench::new(fetch(&folder).await?)?,
        None => Bench::made_up()?,
    };
    let memory_mb = memory_mb();
    pause().await;
    bench.check_pricing()?;
    let clock = clock();
    let mut figures = Vec::new();
    for kernel in Kernel::ALL {
        show("bench-status", "pre", &format!("benchmark under way: {}", kernel.name()));
        pause().await;
        figures.push(bench.time(kernel, &clock, BUDGET_MS)?);
    }
    Ok(Report {
        dataset: bench.dataset().id.clone(),
        options: bench.options(),
        memory_mb,
        memory_end_mb: self::memory_mb(),
        digests: bench.digests(),
        figures,
    })
}

async fn fetch(folder: &str) -> Result<MemorySource, BenchError> {
    let mut source = MemorySource::default();
    let catalog = file(folder, "catalog.json").await?;
    let packs = Catalog::parse(&catalog).map_err(|e| BenchError(e.to_string()))?.datasets.into_iter().take(1);
    let paths = packs.flat_map(|dataset| dataset.packs).map(|pack| pack.path);
    for path in paths.chain([EXPECTED_PATH.to_string()]) {
        let bytes = file(folder, &path).await?;
        source.files.insert(path, bytes);
    }
    source.files.insert("catalog.json".into(), catalog);
    Ok(source)
}

async fn file(folder: &str, path: &str) -> Result<Vec<u8>, BenchError> {
    let url = format!("{}/{path}", folder.trim_end_matches('/'));
    fetch_bytes(&url, u64::MAX, |_| true).await.map_err(|e| BenchError(e.to_string()))
}

fn table(report: &Report) -> String {
    let mut text =
        format!("{}: {} options, {:.0} MB once loaded and run\n\n", report.dataset, report.options, report.memory_mb);
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{:<16}{:>12}{:>12}{:>12}{:>16}",
        "kernel", "median ms", "least ms", "first ms", "items a second"
    );
    for figure in &report.figures {
        let Figure { name, median_ms, least_ms, first_ms, items, .. } = figure;
        let each = *items as f64 / median_ms * 1e3;
        let _ = writeln!(text, "{name:<16}{median_ms:>12.3}{least_ms:>12.3}{first_ms:>12.3}{each:>16.0}");
    }
    text
}

/// Milliseconds since the page was opened.
fn clock() -> impl Fn() -> f64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    move || performance.as_ref().map_or(0.0, web_sys::Performance::now)
}

fn memory_mb() -> f64 {
    (core::arch::wasm32::memory_size(0) * 65_536) as f64 / 1e6
}

/// Lets the browser paint and hear events.
async fn pause() {
    gloo_timers::future::TimeoutFuture::new(30).await;
}

/// Sets the text of an element of the body, which is made where there is none.
fn show(id: &str, tag: &str, text: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let element = document.get_element_by_id(id).or_else(|| {
        let element = document.create_element(tag).ok()?;
        element.set_id(id);
        document.body()?.append_child(&element).ok()?;
        Some(element)
    });
    if let Some(element) = element {
        element.set_text_content(Some(text));
    }
}
