//! The Help page.

use crate::app::components::after_a_frame;
use crate::app::keep::{self, SAVE_MS};
use crate::app::state::app;
use crate::display::Route;
use crate::display::api::{CODES, Method};
use crate::display::api_examples::{EXAMPLES, Example};
use crate::display::evidence::kind;
use crate::display::figures::explain;
use crate::display::help::{self, Row, SECTIONS};
use crate::display::keys::{CHART, OF_BACKTEST, PLACES, SHORTCUTS};
use crate::market::DataKind;
use crate::metrics::evidence::OLD_HOURS;
use crate::metrics::summary::{Figure, LOAN_GLOSSARY};
use crate::metrics::{GLOSSARY, RISK_GLOSSARY};
use crate::web::{page, task};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Sections of text and tables, with a way to each; the address says which one is looked at.
#[component]
pub fn Help() -> impl IntoView {
    let app = app();
    let current = Memo::new(move |_| match app.route.get() {
        Route::Help(section) => section,
        _ => String::new(),
    });
    let is_due = RwSignal::new(false);
    after_a_frame(is_due);
    view! {
        <main class="help-page" id="help">
            <header class="page-head"><h2>"Help"</h2></header>
            <nav class="help-nav" aria-label="Help">
                {SECTIONS.map(|(id, title)| view! { <SectionLink id=id words=title current=current/> }).collect_view()}
            </nav>
            // A press on a link does not wait for all of it.
            <Show when=move || is_due.get()><Sections current=current/></Show>
        </main>
    }
}

#[component]
fn Sections(current: Memo<String>) -> impl IntoView {
    Effect::new(move |_| {
        let section = current.get();
        if !section.is_empty() {
            page::scroll_to(&heading(&section));
        }
    });
    view! {
        <div class="help-body">
            <FirstSteps/>
            <Settings/>
            <Result/>
            <Rules/>
            <Glossary/>
            <Pricing/>
            <Trust/>
            <Links/>
            <DataAndEvidence/>
            <Hosting/>
            <Keeping/>
            <Keys/>
            <Api/>
        </div>
    }
}

fn heading(section: &str) -> String {
    format!("help-{section}")
}

#[component]
fn SectionLink(id: &'static str, words: &'static str, current: Memo<String>) -> impl IntoView {
    let app = app();
    let is_current = move || current.with(|section| section == id);
    let go = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if untrack(is_current) {
            page::scroll_to(&heading(id));
        } else {
            keep::go(app, Route::Help(id.to_owned()));
        }
    };
    let aria = move || is_current().then_some("true");
    view! { <a href=Route::Help(id.to_owned()).link() aria-current=aria on:click=go>{words}</a> }
}

#[component]
fn Section(id: &'static str, children: Children) -> impl IntoView {
    let title = SECTIONS.iter().find(|section| section.0 == id).map_or("", |section| section.1);
    view! {
        <section class="card help-section" aria-labelledby=heading(id)>
            <h3 id=heading(id) tabindex="-1">{title}</h3>
            {children()}
        </section>
    }
}

#[component]
fn Terms(rows: Vec<Row>) -> impl IntoView {
    view! {
        <dl class="rows">
            {rows.into_iter().map(|(term, words)| view! { <div><dt>{term}</dt><dd>{words}</dd></div> }).collect_view()}
        </dl>
    }
}

#[component]
fn FirstSteps() -> impl IntoView {
    view! {
        <Section id="start">
            <ol>
                <li>"Press Start Backtest. A covered call walks through half a year of option history, one decision a day."</li>
                <li>"Move a slider below the chart: the whole history is computed again at once, and the form says the same. Such a result is not kept until you start it."</li>
                <li>"Change anything else in the form and start again: the banner says which settings the results are of. A preset fills the form and starts by itself."</li>
                <li>"Add a variant, or duplicate one, to walk two strategies over the same history side by side."</li>
                <li>"Choose a line of the Steps to see why it was decided so: every candidate with its score, every refused one with its reason."</li>
                <li>"Copy the link and send it on: whoever opens it recomputes the result."</li>
            </ol>
            <p>"Everything is computed in this tab. Nothing that you enter leaves it."</p>
        </Section>
    }
}

#[component]
fn Settings() -> impl IntoView {
    let list = |(title, rows): (&'static str, Vec<(String, String)>)| {
        view! {
            <h4>{title}</h4>
            <dl class="rows">{rows.into_iter().map(|(term, words)| view! { <div><dt>{term}</dt><dd>{words}</dd></div> }).collect_view()}</dl>
        }
    };
    view! {
        <Section id="fields">
            <p>"Every field of the form. What is left as it stands is not written into a link: whoever opens it gets the defaults."</p>
            {help::fields().map(list)}
        </Section>
    }
}

#[component]
fn Result() -> impl IntoView {
    view! {
        <Section id="result">
            <p>
                "The chart shows the equity of each variant against HODL, the opening account without options. On coin-settled datasets the
                figures in coin are the primary ones: they say whether selling options made more coins, whatever the coin did in dollars."
            </p>
            <p>
                "An en dash is a figure that does not exist, such as a yearly return of three days; its explanation says why. Hover or focus
                a label for its formula. A gap is a snapshot that is too old: expired options settle, and nothing trades."
            </p>
            <p>
                "Months shows a figure of every month, tinted by its size against the largest. Risk shows what is held now and what it pays
                at its next expiry, or at the mark under the chart's crosshair; its greeks, rolling figures, deepest drawdowns, and how the
                PnL of closed trades is spread. Every chart has its figures in a table behind a button; a loan's are its days, below its chart."
            </p>
            <p>"The Costs tab prices the same trades again without costs and with their double and triple; Assumptions lists every rule and default that shaped the result."</p>
            <h4>"States of a run"</h4>
            <Terms rows=help::states()/>
        </Section>
    }
}

#[component]
fn Rules() -> impl IntoView {
    let items = |rows: Vec<&'static str>| rows.into_iter().map(|row| view! { <li>{row}</li> }).collect_view();
    view! {
        <Section id="rules">
            <p>"With the exit style Take profit and roll, every open leg is tested at every mark; the first rule that holds closes it, in this order:"</p>
            <Terms rows=help::exits()/>
            <p>"A leg that is closed to roll is replaced at once by the best contract of that moment, the same size, while rolls are left and days enough; otherwise its trade ends."</p>
            <div class="help-pair">
                <div>
                    <h4>"Why an option is refused"</h4>
                    <ol>{items(help::refusals())}</ol>
                </div>
                <div>
                    <h4>"Why nothing was opened"</h4>
                    <ul>{items(help::reasons())}</ul>
                </div>
            </div>
        </Section>
    }
}

/// Every figure with its formula, in three lists.
#[component]
pub fn Glossary(
    /// Most entries of each.
    #[prop(default = usize::MAX)]
    most: usize,
) -> impl IntoView {
    let entry = |figure: &'static Figure, is_named: bool| {
        let (title, lines) = explain(figure.key);
        view! {
            <div>
                <dt>{title}{is_named.then(|| view! { <code>{figure.key}</code> })}</dt>
                <dd>{lines.into_iter().map(|line| view! { <span class="tip-line">{line}</span> }).collect_view()}</dd>
            </div>
        }
    };
    let entries = move |figures: &'static [Figure], is_named| {
        figures.iter().take(most).map(move |f| entry(f, is_named)).collect_view()
    };
    view! {
        <Section id="glossary">
            <p>"Each figure with its formula, from what it is computed, and when it is absent. The word below a title is its name in files and in the JSON API, where shares are fractions, money without a suffix is USD, and _coin is coin."</p>
            <dl class="rows glossary">{entries(GLOSSARY, true)}</dl>
            <h4>"Of a run with a loan"</h4>
            <dl class="rows glossary">{entries(LOAN_GLOSSARY, true)}</dl>
            <h4>"On tabs, in the chart and the inspector"</h4>
            <dl class="rows glossary" id="help-risk">{entries(RISK_GLOSSARY, false)}</dl>
        </Section>
    }
}

#[component]
fn Pricing() -> impl IntoView {
    view! {
        <Section id="pricing">
            <p>"Options are priced on the forward of their expiry, by Black-76; prices that a venue quotes are taken as quoted. N is the normal distribution, n its density."</p>
            <Terms rows=help::pricing()/>
        </Section>
    }
}

#[component]
fn Links() -> impl IntoView {
    view! {
        <Section id="links">
            <p>"A link holds the settings that differ from the defaults, and of a finished run also fingerprints of its data, engine and result. It holds no result: whoever opens it computes it anew."</p>
            <Terms rows=help::verdicts()/>
        </Section>
    }
}

#[component]
fn DataAndEvidence() -> impl IntoView {
    view! {
        <Section id="data">
            <p>"The badge beside a result says what its prices are; the line after it says what the premium rests on, from the quotes at every opening fill, and how far fitted and modelled prices are from recorded ones, where that can be measured. Each trade has the same in its column At opening, and so have links, lists and files."</p>
            <Terms rows=[DataKind::Recorded, DataKind::Fitted, DataKind::Modelled, DataKind::Synthetic].map(kind).to_vec()/>
            <p>{format!("In the CSV files every row has the kind in its column price_kind. Steps add the premium that was traded, on two-sided quotes and on quotes older than {OLD_HOURS} h; equity adds those shares so far and the age of its quotes; trades say both of every leg.")}</p>
            <p>"The Data page shows the chains, smiles and coverage of any dataset. Drop your own files there: Tardis.dev, OptionsDX and Deribit files, any CSV with a row an option, or a dataset folder as a zip. They are read in this browser and go nowhere else."</p>
        </Section>
    }
}

#[component]
fn Trust() -> impl IntoView {
    view! {
        <Section id="trust">
            <p>"Do not take the page's word: "<a href=Route::Verify.link()>"run the checks in this browser"</a>", and look at what each of them rests on."</p>
            <Terms rows=help::proofs()/>
            <h4>"What this does not prove"</h4>
            <ul>{help::doubts().into_iter().map(|doubt| view! { <li>{doubt}</li> }).collect_view()}</ul>
        </Section>
    }
}

#[component]
fn Hosting() -> impl IntoView {
    view! {
        <Section id="hosting">
            <Terms rows=help::hosting()/>
        </Section>
    }
}

#[component]
fn Keeping() -> impl IntoView {
    view! {
        <Section id="runs">
            <p>{format!("Runs are kept in this browser alone, as they walk: every {} seconds, and when the page is hidden. A run that was under way when its page closed is offered at the next visit; resumed, it ends with the same digest as one that was never interrupted.", SAVE_MS / 1_000.0)}</p>
            <p>"A run can be labelled, compared, exported and read back; the digest of an imported file is computed anew, so a changed file is refused. The oldest finished runs beyond the limit are cleared away, with a note that says how much that freed."</p>
            <p>"In a private window, or where storage is refused or full, a banner says so and runs last as long as the tab."</p>
        </Section>
    }
}

#[component]
fn Keys() -> impl IntoView {
    let mut of_backtest = SHORTCUTS.map(|(_, _, name, words)| (name, words)).to_vec();
    let anywhere = of_backtest.split_off(OF_BACKTEST);
    view! {
        <Section id="keys">
            <h4>"On the Backtest page, while nothing is being typed"</h4>
            <Terms rows=of_backtest/>
            <h4>"On every page, while nothing is being typed"</h4>
            <Terms rows=anywhere/>
            <h4>"On a chart"</h4>
            <Terms rows=CHART.to_vec()/>
            <h4>"In one place"</h4>
            <Terms rows=PLACES.to_vec()/>
        </Section>
    }
}

#[component]
fn Api() -> impl IntoView {
    view! {
        <Section id="api">
            <p>
                "The page can be driven from its own console, or by a script beside it, through "<code>"window.chainwalk"</code>
                ". Every method gives a promise; what is refused rejects with an object of a sentence, "<code>"error"</code>", and a word for programs, "
                <code>"code"</code>". Times are ISO in UTC; shares are fractions; absent is null. "
                <a href="chainwalk.d.ts">"chainwalk.d.ts"</a>" declares all of it for TypeScript."
            </p>
            <h4>"Methods"</h4>
            <dl class="rows">
                {Method::ALL.map(|method| {
                    let (call, words) = method.words();
                    view! { <div><dt><code>{call}</code></dt><dd>{words}</dd></div> }
                }).collect_view()}
                <div><dt><code>"version"</code></dt><dd>"The engine's version, a text."</dd></div>
            </dl>
            <h4>"Codes"</h4>
            <dl class="rows">
                {CODES.map(|(code, words)| view! { <div><dt><code>{code}</code></dt><dd>{words}</dd></div> }).collect_view()}
            </dl>
            <h4>"Examples"</h4>
            <p>"Copy one into the console of this page (F12 in most browsers)."</p>
            {EXAMPLES.map(|example| view! { <Sample example=example/> }).collect_view()}
        </Section>
    }
}

#[component]
fn Sample(example: Example) -> impl IntoView {
    let copied = RwSignal::new("");
    let copy = move |_| {
        spawn_local(async move {
            copied.set(if page::copy(example.code).await { "Copied" } else { "Select the text and copy it" });
            task::sleep(2_500).await;
            // The page may have been left meanwhile.
            let _ = copied.try_set("");
        });
    };
    view! {
        <figure class="sample">
            <figcaption>
                <span>{example.title}</span>
                <span class="head-note" role="status">{copied}</span>
                <button type="button" class="chip" aria-label=format!("Copy: {}", example.title) on:click=copy>"Copy"</button>
            </figcaption>
            <pre tabindex="0" aria-label=example.title><code id=example.id>{example.code}</code></pre>
        </figure>
    }
}
