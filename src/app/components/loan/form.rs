//! The form's section of the loan, with what it says while it is typed.

use super::super::FieldInput;
use super::places::Places;
use crate::app::driver;
use crate::app::state::app;
use crate::display::At;
use crate::display::loan::{Readout, fold_title, readout};
use leptos::html::Details;
use leptos::prelude::*;

/// The loan: folded away unless one is written.
#[component]
pub fn LoanFold() -> impl IntoView {
    let app = app();
    let text = move |path| app.draft.with(|d| d.text(At::Shared, path).to_owned());
    let on = Memo::new(move |_| text("account.loan") == "true");
    let sells = Memo::new(move |_| !text("account.loan.liquidation_ltv").is_empty());
    let title = Memo::new(move |_| app.draft.with(fold_title));
    let fold = NodeRef::<Details>::new();
    Effect::new(move |_| {
        if let (true, Some(fold)) = (on.get(), fold.get()) {
            // Only a detached element refuses.
            drop(fold.set_attribute("open", ""));
        }
    });
    let switch = move |event| {
        app.draft.update(|d| d.set(At::Shared, "account.loan", event_target_checked(&event).to_string()));
        driver::recheck(app);
    };
    view! {
        <details class="fold" id=app.id("loan") node_ref=fold>
            <summary><span class="fold-name">"Loan"</span><span class="fold-value">{title}</span></summary>
            <label class="switch">
                <input type="checkbox" role="switch" id=app.id("f-account-loan") prop:checked=on disabled=move || app.is_active() on:change=switch/>
                <span>"Loan against the holding"</span>
            </label>
            <Show when=move || on.get() fallback=|| view! {
                <p class="help">"Borrow against the units: when would the margin call have come, and which put would have prevented it?"</p>
            }>
                <div class="group">
                    <div class="pair">
                        <FieldInput at=At::Shared path="account.coins"/>
                        <FieldInput at=At::Shared path="account.loan.principal_usd"/>
                    </div>
                    <Said/>
                    <div class="pair">
                        <FieldInput at=At::Shared path="account.loan.margin_call_ltv"/>
                        <FieldInput at=At::Shared path="account.loan.apr"/>
                    </div>
                    <FieldInput at=At::Shared path="account.loan.liquidation_ltv"/>
                    <FieldInput at=At::Shared path="account.loan.premium"/>
                    <Show when=move || sells.get()><FieldInput at=At::Shared path="account.loan.on_liquidation"/></Show>
                    <Places/>
                </div>
            </Show>
        </details>
    }
}

/// Opening price, collateral, loan-to-value and margin-call price of what is typed.
#[component]
fn Said() -> impl IntoView {
    let app = app();
    let words = Memo::new(move |_| {
        let opening = app.opening.with(|o| o.as_ref().map(|o| o.price));
        let account = app.draft.with(crate::display::Draft::account);
        account.map(|account| readout(&account, opening)).unwrap_or_default()
    });
    // Once a start was refused the sentence stands at its field.
    let refusal = Memo::new(move |_| {
        let is_told = app.problems.with(|ps| ps.iter().any(|p| p.field == "account.loan.principal_usd"));
        words.with(|w: &Readout| w.refusal.clone()).filter(|_| !is_told)
    });
    view! {
        <div class="said-of-loan" id=app.id("loan-readout") role="status">
            <dl class="rows">
                {move || words.get().rows.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view()}
            </dl>
            {move || refusal.get().map(|text| view! { <p class="problem" id=app.id("loan-refusal")>{text}</p> })}
            {move || words.with(|w| w.warning).map(|text| view! { <p class="warning" id=app.id("loan-warning")>{text}</p> })}
        </div>
    }
}
