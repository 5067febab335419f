/**
 * The JSON API of the chainwalk page, `window.chainwalk`.
 *
 * Times are ISO 8601 in UTC. Shares, rates and percentages are fractions (0.37 is 37 %). Money without a suffix is USD, `_coin` is
 * coin of the underlying. The quote currency is coin on inverse datasets and USD on linear ones. What is absent is `null`.
 */
export {};

declare global {
  interface Window {
    readonly chainwalk: Chainwalk;
  }
  const chainwalk: Chainwalk;
}

/** Every method gives a promise, which a refused call rejects with a {@link ApiError}. */
export interface Chainwalk {
  /** The engine's version. */
  readonly version: string;
  /**
   * Begins a run, sets the form to it, and resolves once it has begun. Only what differs from the defaults need be written.
   * Rejects with `already_running` while a run is under way, and with `invalid_request` for one that cannot run.
   */
  start(request?: RunRequest): Promise<{ run_id: string }>;
  /** Where the run on screen stands. */
  status(): Promise<Status>;
  /** Holds the run. */
  pause(): Promise<CommandAnswer>;
  /** Lets a paused run go on. */
  resume(): Promise<CommandAnswer>;
  /** Makes one mark of a paused run; resolves when it is made. */
  step(): Promise<CommandAnswer>;
  /** Ends the run; what there is of it stays. */
  stop(): Promise<CommandAnswer>;
  /** Kept runs, newest first. */
  runs(query?: RunsQuery): Promise<{ total: number; items: RunItem[] }>;
  /**
   * One kept run. Of one that is not over, figures are those of its last save and trades those so far. Rejects with `not_found`, and with
   * `data` where the data of a run that was not ended are gone.
   */
  run(id: string): Promise<RunRecord>;
  /** A kept run as a text that {@link Chainwalk.import} reads. */
  export(id: string, format: "json"): Promise<string>;
  /** The texts of the CSV files, units in their headers, in every row the kind of its prices; `loan` only where there is one. */
  export(id: string, format: "csv"): Promise<{ steps: string; trades: string; equity: string; loan?: string }>;
  /** The bytes of a ZIP archive of all of them. */
  export(id: string, format: "zip"): Promise<Uint8Array>;
  /** Computes the digest of an exported run anew and keeps it. Rejects with `data` where the file was changed. */
  import(file: Blob | ArrayBuffer | Uint8Array | string): Promise<{ run_id: string }>;
  /** Labels a kept run; an empty text takes the label away. */
  label(id: string, text: string): Promise<{ id: string; label: string }>;
  /** Deletes a run; one that is under way is stopped first. */
  delete(id: string): Promise<{ id: string }>;
  /** The datasets. */
  datasets(): Promise<Dataset[]>;
  /** Whether data and storage are there. */
  health(): Promise<Health>;
}

/** What a promise rejects with. */
export interface ApiError {
  /** One sentence. */
  error: string;
  code: "already_running" | "invalid_request" | "not_found" | "storage" | "data";
}

/** State of a run. */
export type RunState = "draft" | "loading" | "running" | "paused" | "stopped" | "completed" | "partial" | "failed";
/** State of one variant. */
export type UnitState = "pending" | "running" | "completed" | "failed" | "skipped" | "stopped" | "liquidated";
/** How trades are left. */
export type ExitStyle = "hold_to_expiry" | "tp_and_roll";

/** What a command came to. */
export interface CommandAnswer {
  /** The state after it. */
  state: RunState;
  /** Why it had no effect; `null` where it had one. */
  message: string | null;
}

/** What differs from the defaults; an unknown field is refused by its name. */
export interface RunRequest {
  /** Version of the request's form. */
  schema?: 1;
  /** Dataset id; `null` takes the best one of the underlying that covers the dates. */
  dataset?: string | null;
  underlying?: string;
  /** First UTC day, `2026-01-01`. */
  start?: string;
  /** Last UTC day, inclusive. */
  end?: string;
  /** Between two marks. */
  timeframe?: "1h" | "4h" | "1d";
  /** Hours between decisions. */
  decision_interval_hours?: number;
  /** Hours after 00:00 UTC of the first decision; `null`: 8 for daily decisions, else 0. */
  decision_offset_hours?: number | null;
  exit_style?: ExitStyle;
  /** Multiplies the volatility of a modelled or synthetic dataset, above 0.2 and at most 3; `null`: as calibrated. */
  vol_factor?: number | null;
  /** The opening account. */
  account?: {
    coins?: number;
    cash_usd?: number;
    /** A loan against the units; `null`: none. */
    loan?: Loan | null;
  };
  costs?: {
    /** `bps`: basis points of the index, capped like the venue's fee. */
    fees?: "deribit" | "none" | { bps: number };
    /** A number lies between mid (0) and touch (1). */
    fill?: "bid_ask" | "mid" | "mark" | number;
    fill_at?: "snapshot" | "next_snapshot";
    slippage_ticks?: number;
    slippage_bps?: number;
  };
  variants?: Variant[];
}

/** A loan against the units of the account. */
export interface Loan {
  principal_usd?: number;
  /** Simple, on the principal, added to the debt at each UTC midnight. */
  apr?: number;
  /** Loan-to-value of a margin call, between 0 and 1; 0.75 where it is not given. */
  margin_call_ltv?: number;
  /** Loan-to-value of a liquidation; `null`: units are never sold. */
  liquidation_ltv?: number | null;
  /** Sells units down to the margin call, or ends the variant. */
  on_liquidation?: "sell" | "end";
  /** Where a hedge's premium comes from. */
  premium?: "cash" | "borrow";
}

/** Long puts, and for a collar a short call, all of one expiry. */
export interface Hedge {
  kind?: "put" | "ladder" | "collar";
  /** Puts before the call; the weights of the puts sum to 1. */
  legs?: HedgeLeg[];
  /** The first expiry at or after it, else the longest. */
  tenor_days?: number;
  /** Share of the units; 0: no hedge. */
  coverage?: number;
  whole_contracts?: boolean;
  /** `null`: held to expiry, then replaced. */
  roll_days_before_expiry?: number | null;
}

/** One leg; its strike is chosen by exactly one of `moneyness`, `delta` and `pays_for_puts`. */
export interface HedgeLeg {
  kind: "put" | "call";
  side: "long" | "short";
  /** Strike / price. */
  moneyness?: number;
  delta?: number;
  /** The highest call whose sale pays for the puts. */
  pays_for_puts?: boolean;
  /** Share of the covered units. */
  weight: number;
}

/** One strategy. */
export interface Variant {
  /** Unique within the run. */
  name?: string;
  /** A variant that is switched off is skipped. */
  enabled?: boolean;
  structure?: "covered_call" | "cash_secured_put";
  selection?: "score" | "nearest";
  target_delta?: number;
  min_delta?: number;
  max_delta?: number;
  /** Days to expiry. */
  target_dte?: number;
  min_dte?: number;
  max_dte?: number;
  /** Of 10. */
  min_score?: number;
  /** Points that the terms of the score give at the most. */
  weights?: "classic" | Record<string, number>;
  min_open_interest?: number;
  /** (ask - bid) / mark. */
  max_spread?: number | null;
  /** Percent of the index. */
  min_premium?: number | null;
  /** Coins a trade; `null`: the holding. */
  size?: number | null;
  /** Open trades at once; `null`: no limit. */
  max_open?: number | null;
  cover?: "deposited" | "none";
  scan?: "always" | "when_free";
  /** Monday is 1, Sunday is 7. */
  entry?: { min_iv_percentile?: number | null; weekdays?: number[] | null; min_iv_rv?: number | null };
  /** Options beside the units, in place of what `structure` sells. */
  hedge?: Hedge | null;
  exit?: {
    style?: ExitStyle | null;
    /** Share of the premium that was earned. */
    take_profit?: number | null;
    /** Mark over opening fill. */
    stop_loss?: number | null;
    /** Index / strike for calls, strike / index for puts. */
    defend?: number | null;
    dte_exit?: number | null;
    max_hold_days?: number | null;
    max_rolls?: number;
    min_dte_to_roll?: number;
  };
}

/**
 * Where the run on screen stands. Metrics, steps, positions, equity and hodl are those of the first variant that is switched on;
 * {@link Chainwalk.run} gives those of all.
 */
export interface Status {
  /** From the start to the end of a run, pauses included. */
  running: boolean;
  /** `draft` before any run. */
  state: RunState;
  run_id: string | null;
  started_at: string | null;
  finished_at: string | null;
  /** Decisions done / due, 0 to 1. */
  progress_pct: number;
  /** The newest mark. */
  current_time: string | null;
  decisions_processed: number;
  total_decisions: number;
  exit_style: ExitStyle | null;
  underlying: string | null;
  start_date: string | null;
  end_date: string | null;
  /** `null` before the first mark. */
  metrics: Metrics | null;
  /** The newest hundred decisions and marks with an event, newest first. */
  recent_steps: RecentStep[];
  positions: Position[];
  /** USD. */
  equity: number | null;
  /** The opening account without options, USD. */
  hodl: number | null;
  /** Why variants failed. */
  error: string | null;
  units: UnitStatus[];
  warnings: string[];
  /** What the premium of all variants rests on; `null` before the first run. */
  evidence: Evidence | null;
}

/** What the prices of a result are, and one sentence on what its premium rests on. */
export interface Evidence {
  kind: "recorded" | "fitted" | "modelled" | "synthetic";
  words: string;
}

/** A decision, or a mark with an event. */
export interface RecentStep {
  time: string;
  /** `null` in a gap, or without a scan. */
  candidates: number | null;
  /** 0 to 10. */
  best_score: number | null;
  /** `null` where the mark is no decision. */
  traded: boolean | null;
  exit_style: ExitStyle;
  contract: string | null;
  reason: string | null;
}

/** An open option. */
export interface Position {
  contract: string;
  side: "short" | "long";
  /** Coins; short is negative. */
  quantity: number;
  /** Quote currency, for one coin. */
  entry_price: number;
  /** Quote currency, for one coin. */
  mark_price: number;
  /** USD at the present index, before fees. */
  unrealized_pnl: number;
  /** Share of the premium. */
  unrealized_pnl_pct: number | null;
}

/** One variant of the run on screen. */
export interface UnitStatus {
  variant: string;
  state: UnitState;
  /** Its newest mark. */
  date: string | null;
  /** "Kind: message". */
  error: string | null;
}

/** Which kept runs are asked for. */
export interface RunsQuery {
  underlying?: string;
  state?: RunState;
  /** Part of label, id, dataset or a variant's name. */
  search?: string;
  /** 50 where it is not given. */
  limit?: number;
  offset?: number;
}

/** A kept run in a list. */
export interface RunItem {
  id: string;
  label: string | null;
  state: RunState;
  underlying: string;
  start: string;
  end: string;
  /** Names of its variants. */
  variants: string[];
  created_at: string;
  /** 0 to 1. */
  progress_pct: number;
  /** Of the first variant that is switched on; `null` before its first mark. */
  metrics: Metrics | null;
  /** SHA-256 of its steps; `null` while it has not ended. */
  digest: string | null;
  /** What the premium of all variants rests on; `null` in runs that an older page kept. */
  evidence: Evidence | null;
}

/** A kept run. */
export interface RunRecord extends RunItem {
  finished_at: string | null;
  dataset: string;
  exit_style: ExitStyle;
  decisions_processed: number;
  total_decisions: number;
  /** SHA-256 of request, data and engine. */
  fingerprint: string;
  engine_version: string;
  warnings: string[];
  /** The request as it was written. */
  written: RunRequest;
  /** The request with all fields. */
  request: Required<RunRequest>;
  units: RunUnit[];
}

/** One variant of a kept run. */
export interface RunUnit {
  variant: string;
  state: UnitState;
  /** The last mark before it failed. */
  date: string | null;
  error: string | null;
  exit_style: ExitStyle;
  metrics: Metrics | null;
  trades: Trade[];
}

/** The legs of one trade; `_coin` is `null` on linear datasets. */
export interface Trade {
  opened: string;
  closed: string | null;
  legs: Leg[];
  option_pnl_coin: number | null;
  option_pnl_usd: number;
  fees_coin: number | null;
  fees_usd: number;
  pnl_vs_hodl_coin: number | null;
  pnl_vs_hodl_usd: number;
  /** Size x index change. */
  spot_pnl_usd: number;
  /** Worst result at the marks, quote currency. */
  mae: number;
  /** Best result at the marks, quote currency. */
  mfe: number;
  open_at_end: boolean;
}

/** One option of a trade; prices for one coin in the quote currency. */
export interface Leg {
  contract: string;
  opened: string;
  closed: string | null;
  open_price: number;
  close_price: number | null;
  side: "long" | "short";
  /** Coins, positive. */
  size: number;
  reason: string;
  /** Opening and closing, quote currency. */
  fee: number;
  slippage: number;
  score: number | null;
  delta: number | null;
  /** Days to expiry at the opening. */
  dte: number;
  index_open: number;
  index_close: number | null;
  snapshot_age_minutes: number;
  /** The contract was quoted on both sides at the opening fill. */
  two_sided: boolean;
}

/** A dataset of the catalog. */
export interface Dataset {
  id: string;
  title: string;
  underlying: string;
  venue: string;
  kind: "recorded" | "fitted" | "modelled" | "synthetic";
  settlement: "inverse" | "linear";
  /** First UTC day. */
  first: string;
  /** Last UTC day. */
  last: string;
  cadence_minutes: number;
  /** Coins in one contract. */
  contract_size: number;
  /** Least increment of an order, coins. */
  lot: number;
  quality: {
    /** Share of quotes with both sides. */
    two_sided_pct: number;
    gaps: number;
    fit_error: { median_vol_points: number; p95_vol_points: number; inside_bid_ask: number; quotes: number } | null;
  };
  source: string;
  licence: string;
  notes: string[];
  /** Size of its files. */
  bytes: number;
}

/** Whether data and storage are there. */
export interface Health {
  /** `degraded`: runs are not kept; `failed`: no datasets. */
  status: "ok" | "degraded" | "failed";
  /** Where runs are kept; `memory` lasts as long as the tab. */
  storage: "indexeddb" | "memory";
  /** How one active run for all tabs is kept. */
  locks: "web_locks" | "lease";
  version: string;
  /** How many there are. */
  datasets: number;
}

/** The deepest fall from a peak. */
export interface Drawdown {
  /** Share of the peak. */
  depth: number;
  /** The same in money. */
  amount: number;
  peak: string;
  trough: string;
  recovery: string | null;
}

/** One month. */
export interface Month {
  year: number;
  /** 1 to 12. */
  month: number;
  return_usd: number;
  return_coin: number;
  hodl_return: number;
  pnl_vs_hodl_coin: number;
}

/** The figures of a variant. */
export interface Metrics {
  /** Trades: trades opened, open ones included. */
  num_trades: number;
  /** Open trades: trades whose last leg is open at the last mark. */
  open_trades: number;
  /** Net PnL: final equity - initial equity, USD. */
  final_pnl: number;
  /** Net PnL in coin: final equity - initial equity, coin. */
  final_pnl_coin: number;
  /** PnL vs HODL: final equity - final HODL, USD; HODL = the opening account without options. */
  final_pnl_vs_hodl: number;
  /** PnL vs HODL in coin: final equity - final HODL, coin: the primary figure of an inverse dataset. */
  final_pnl_vs_hodl_coin: number;
  /** Option PnL: premiums and settlements, each flow at the index of its time, open legs at their mark, USD. */
  option_pnl: number;
  /** Option PnL in coin: premiums and settlements in coin, open legs at their mark. Absent: linear datasets flow in USD. */
  option_pnl_coin: number | null;
  /** Fees: trading and delivery fees, each at the index of its time, USD. */
  fees: number;
  /** Fees in coin: trading and delivery fees, coin. Absent: linear datasets pay in USD. */
  fees_coin: number | null;
  /** Slippage: configured slippage (not the spread), each at the index of its time, USD; it is inside the premium. */
  slippage: number;
  /** Slippage in coin: configured slippage (not the spread), coin. Absent: linear datasets pay in USD. */
  slippage_coin: number | null;
  /** Revaluation of coin PnL: PnL vs HODL - (option PnL - fees), USD: coin PnL valued at the last index instead of the index of its time. */
  revaluation: number;
  /** Initial equity: the opening account at the first mark, before any trade, USD. */
  initial_equity: number;
  /** Initial equity in coin: the opening account at the first mark, before any trade, coin. */
  initial_equity_coin: number;
  /** Final equity: account and open options at their mark, USD. */
  final_equity: number;
  /** Final equity in coin: account and open options at their mark, coin. */
  final_equity_coin: number;
  /** Return: final / initial equity - 1, USD. */
  total_return: number;
  /** Return in coin: final / initial equity - 1, coin. */
  total_return_coin: number;
  /** Annualised return: (1 + return)^(365/days) - 1, USD; days = last - first mark. Absent: under 7 days, or the run was stopped. */
  annualised_return: number | null;
  /** Annualised return in coin: (1 + return)^(365/days) - 1, coin. Absent: under 7 days, or the run was stopped. */
  annualised_return_coin: number | null;
  /** HODL return: final / initial HODL - 1, USD. */
  hodl_return: number;
  /** Max drawdown: largest (peak - equity) / peak, USD. Absent: no marks. */
  max_drawdown: Drawdown | null;
  /** Max drawdown in coin: largest (peak - equity) / peak, coin. Absent: no marks. */
  max_drawdown_coin: Drawdown | null;
  /** Volatility: sample deviation (n-1) of daily returns x sqrt(365 or 252), USD. Absent: under 10 daily returns. */
  volatility: number | null;
  /** Volatility in coin: sample deviation (n-1) of daily returns x sqrt(365 or 252), coin. Absent: under 10 daily returns. */
  volatility_coin: number | null;
  /** Sharpe: mean / sample deviation of daily returns x sqrt(365 or 252), risk-free 0, USD. Absent: under 10 daily returns, or they do not vary. */
  sharpe: number | null;
  /** Sharpe in coin: mean / sample deviation of daily returns x sqrt(365 or 252), risk-free 0, coin. Absent: under 10 daily returns, or they do not vary. */
  sharpe_coin: number | null;
  /** Sortino: mean / root mean square of negative daily returns over all days x sqrt(365 or 252), USD. Absent: under 10 daily returns, or none is negative. */
  sortino: number | null;
  /** Sortino in coin: mean / root mean square of negative daily returns over all days x sqrt(365 or 252), coin. Absent: under 10 daily returns, or none is negative. */
  sortino_coin: number | null;
  /** Calmar: annualised return / max drawdown, USD. Absent: no annualised return or no drawdown. */
  calmar: number | null;
  /** Calmar in coin: annualised return / max drawdown, coin. Absent: no annualised return or no drawdown. */
  calmar_coin: number | null;
  /** Win rate: closed trades with PnL vs HODL > 0 / closed trades. Absent: no closed trade. */
  win_rate: number | null;
  /** Profit factor: sum of winners / sum of losers. Absent: no losing trade. */
  profit_factor: number | null;
  /** Average winner: mean PnL vs HODL of winners, quote currency. Absent: no winning trade. */
  average_winner: number | null;
  /** Average loser: mean PnL vs HODL of the others, quote currency. Absent: no losing trade. */
  average_loser: number | null;
  /** Largest winner: largest PnL vs HODL of a trade, quote currency. Absent: no winning trade. */
  largest_winner: number | null;
  /** Largest loser: smallest PnL vs HODL of a trade, quote currency. Absent: no losing trade. */
  largest_loser: number | null;
  /** Expectancy: mean PnL vs HODL of a trade, quote currency. Absent: no closed trade. */
  expectancy: number | null;
  /** Premium collected: sum of opening sales x size, quote currency. */
  premium_collected: number;
  /** Premium kept: sum of PnL vs HODL / premium sold. Absent: no premium was sold. */
  premium_kept: number | null;
  /** Assignments: legs that expired in the money. */
  assignments: number;
  /** Time covered: hours of the union of the legs' times / run hours. Absent: the run has a single mark. */
  time_covered: number | null;
  /** Upside given up: sum over closed call legs of size x max(0, S_close - K) / S_close, coin. */
  upside_given_up_coin: number;
  /** Yield in coin: PnL vs HODL in coin / deposited coins x 365/days. Absent: under 7 days, the run was stopped, or no coins. */
  yield_coin: number | null;
  /** Average net delta: mean of coins + option deltas, coins. Absent: no marks. */
  average_net_delta: number | null;
  /** Average DTE: mean days to expiry at the opening. Absent: no legs. */
  average_dte: number | null;
  /** Average delta: mean |delta| at the opening. Absent: no legs. */
  average_delta: number | null;
  /** Median fill age: median age of the snapshot at a fill, hours. Absent: no fills. */
  median_fill_age_hours: number | null;
  /** Largest fill age: largest age of the snapshot at a fill, hours. Absent: no fills. */
  largest_fill_age_hours: number | null;
  /** Premium traded: sum of opening fills x size, sold or bought, quote currency. */
  premium_traded: number;
  /** Two-sided premium: premium of opening fills on quotes with both sides / premium traded. Absent: no premium was traded. */
  two_sided_premium: number | null;
  /** Premium of old quotes: premium of opening fills on snapshots older than 12 h / premium traded. Absent: no premium was traded. */
  old_premium: number | null;
  /** Lowest balance in coin: smallest coin balance. */
  least_coins: number;
  /** Lowest cash: smallest cash balance, USD. */
  least_cash: number;
  /** Days: last mark - first mark, days. */
  days: number;
  /** By month, from the previous month's last mark. */
  months: Month[];
  /** What the loan went through; only where there is one. */
  loan?: LoanSummary;
}

/** A loan-to-value and its first day; `ltv` is `null` where nothing stood against the debt. */
export interface LtvPeak {
  ltv: number | null;
  date: string | null;
}

/** The figures of a loan and its hedge; money is USD. */
export interface LoanSummary {
  opening_ltv: number | null;
  start_value: number;
  end_value: number;
  /** Premiums and fees paid less payoffs and sales received. */
  hedge_cost: number;
  /** A share of the opening collateral. */
  hedge_cost_a_year: number | null;
  payoff_realised: number;
  max_ltv_hedged_close: LtvPeak;
  max_ltv_hedged_worst: LtvPeak;
  max_ltv_unhedged_close: LtvPeak;
  max_ltv_unhedged_worst: LtvPeak;
  margin_call_days_hedged: number;
  margin_call_days_unhedged: number;
  first_margin_call_hedged: string | null;
  first_margin_call_unhedged: string | null;
  margin_call_price: number | null;
  /** 1 - worst LTV / margin-call LTV. */
  least_headroom: number | null;
  units_sold: number;
}
