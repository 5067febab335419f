//! Three requests to the venue's public API, asked again while it is slow, busy or half-answered.

use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// Largest answer that is read; a whole board is about 1 MB.
const MOST_BYTES: u64 = 32 << 20;
/// The venue's code for too many requests.
const TOO_MANY: i64 = 10_028;

/// How the venue is asked.
pub(super) struct Api {
    /// Start of every address.
    pub(super) base: String,
    /// Longest wait for one answer.
    pub(super) timeout: Duration,
    /// How often a question is asked at the most.
    pub(super) attempts: u32,
    /// Wait before the second attempt; doubled each time.
    pub(super) pause: Duration,
}

/// An answer: what was asked for, and when the venue gave it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct Answer {
    /// The result.
    pub(super) result: Value,
    /// When it was given, µs UTC.
    #[serde(rename = "usOut")]
    pub(super) given_us: i64,
}

/// What went wrong with one attempt.
enum Fault {
    /// Worth another attempt.
    Passing(String),
    /// Not.
    Lasting(String),
}

impl Api {
    /// Asks a public method.
    ///
    /// # Errors
    /// One sentence once all attempts are used up, or where another would not help.
    pub(super) fn ask(&self, method: &str, query: &str) -> Result<Answer, String> {
        let address = format!("{}/api/v2/public/{method}?{query}", self.base.trim_end_matches('/'));
        let config = ureq::Agent::config_builder().timeout_global(Some(self.timeout)).http_status_as_error(false);
        let agent: ureq::Agent = config.build().into();
        let mut pause = self.pause;
        for attempt in 1.. {
            match attempt_once(&agent, &address) {
                Ok(answer) => return Ok(answer),
                Err(Fault::Passing(_)) if attempt < self.attempts => {
                    #[allow(clippy::disallowed_methods, reason = "the venue asks for a pause between attempts")]
                    std::thread::sleep(pause);
                    pause *= 2;
                }
                Err(Fault::Passing(why)) => return Err(format!("{method}: {why}, after {attempt} attempts")),
                Err(Fault::Lasting(why)) => return Err(format!("{method}: {why}")),
            }
        }
        Err(format!("{method}: never asked"))
    }
}

fn attempt_once(agent: &ureq::Agent, address: &str) -> Result<Answer, Fault> {
    let passing = |what: &str, why: &dyn std::fmt::Display| Fault::Passing(format!("{what}: {why}"));
    let mut response = agent.get(address).call().map_err(|e| passing("no answer", &e))?;
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(MOST_BYTES).read_to_string();
    let text = body.map_err(|e| passing("half an answer", &e))?;
    if status == 429 || status >= 500 {
        return Err(Fault::Passing(format!("found status {status}, expected 200")));
    }
    let value: Value = serde_json::from_str(&text).map_err(|e| passing("an answer that is not JSON", &e))?;
    if let Some(error) = value.get("error") {
        let told = format!("the venue says {error}");
        return Err(if error["code"] == TOO_MANY { Fault::Passing(told) } else { Fault::Lasting(told) });
    }
    if status != 200 {
        return Err(Fault::Lasting(format!("found status {status}, expected 200")));
    }
    serde_json::from_value(value).map_err(|e| Fault::Lasting(format!("an answer of another shape: {e}")))
}
