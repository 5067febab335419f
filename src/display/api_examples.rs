//! Examples of the JSON API, as the Help page shows them; a story of the browser tests runs each as it stands there.

/// One example, to be pasted into the browser's console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Its id in the page.
    pub id: &'static str,
    /// What it does.
    pub title: &'static str,
    /// JavaScript.
    pub code: &'static str,
}

/// All examples, simplest first.
pub const EXAMPLES: [Example; 6] = [
    Example {
        id: "example-run",
        title: "Run a backtest and wait for its end",
        code: r#"const { run_id } = await chainwalk.start({ start: "2026-03-01", end: "2026-03-14" });
let now;
do {
  await new Promise((next) => setTimeout(next, 100));
  now = await chainwalk.status();
} while (now.running);
const { num_trades, final_pnl_vs_hodl_coin } = now.metrics;
console.log(run_id, now.state, num_trades, "trades", final_pnl_vs_hodl_coin, now.underlying);"#,
    },
    Example {
        id: "example-variants",
        title: "Two exit styles side by side",
        code: r#"const { run_id } = await chainwalk.start({
  start: "2026-03-01", end: "2026-03-14",
  variants: [
    { name: "Hold", exit: { style: "hold_to_expiry" } },
    { name: "Roll", exit: { style: "tp_and_roll", take_profit: 0.5 } },
  ],
});
while ((await chainwalk.status()).running) await new Promise((next) => setTimeout(next, 100));
for (const unit of (await chainwalk.run(run_id)).units) {
  console.log(unit.variant, unit.state, unit.trades.length, "trades", unit.metrics.final_pnl_vs_hodl);
}"#,
    },
    Example {
        id: "example-commands",
        title: "Pause, walk one mark, stop",
        code: r#"await chainwalk.start({ start: "2026-03-01", end: "2026-03-31" });
await chainwalk.pause();
await chainwalk.step(); // waits for the data of its mark
const before = (await chainwalk.status()).current_time;
await chainwalk.step();
const after = (await chainwalk.status()).current_time;
const { state } = await chainwalk.stop();
console.log("one mark:", before, "to", after, state);"#,
    },
    Example {
        id: "example-errors",
        title: "What a refused call says",
        code: r#"try {
  await chainwalk.start({ start: "2026-03-31", end: "2026-03-01" });
} catch ({ error, code }) {
  console.log(code, "-", error);
}"#,
    },
    Example {
        id: "example-history",
        title: "Find and label kept runs, once one is completed",
        code: r#"const { total, items } = await chainwalk.runs({ underlying: "BTC", state: "completed", limit: 5 });
await chainwalk.label(items[0].id, "from the console");
const found = await chainwalk.runs({ search: "from the console" });
console.log(total, "completed,", found.total, "labelled:", found.items[0].label, found.items[0].digest);"#,
    },
    Example {
        id: "example-export",
        title: "Take a completed run elsewhere and read it back",
        code: r#"const { items: [newest] } = await chainwalk.runs({ state: "completed", limit: 1 });
const file = await chainwalk.export(newest.id, "json");
const { trades } = await chainwalk.export(newest.id, "csv");
await chainwalk.delete(newest.id);
const { run_id } = await chainwalk.import(file);
const back = await chainwalk.run(run_id);
console.log(back.digest === newest.digest ? "same digest" : "changed", trades.split("\n")[0]);"#,
    },
];
