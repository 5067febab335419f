//! Fetch of a file with its bytes counted as they arrive.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

/// Why a file could not be read; its sentence is for people.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FetchError {
    /// No answer.
    #[error("{path} could not be fetched; check the connection and try again")]
    Unreachable {
        /// The file.
        path: String,
    },
    /// No answer from another host, or none that a page may read.
    #[error("{path} could not be fetched: its host does not answer, or does not let other sites read it (CORS)")]
    Elsewhere {
        /// The file.
        path: String,
    },
    /// More than was announced.
    #[error("{path} is larger than {most} bytes, which is the most that is read of it")]
    TooLarge {
        /// The file.
        path: String,
        /// The limit.
        most: u64,
    },
    /// An answer that is not the file.
    #[error("{path} cannot be fetched: the server answered {status}")]
    Status {
        /// The file.
        path: String,
        /// The answer.
        status: u16,
    },
    /// The stream broke off.
    #[error("{path} broke off after {bytes} bytes; try again")]
    BrokenOff {
        /// The file.
        path: String,
        /// What had come.
        bytes: usize,
    },
    /// It was opened here, and is on no host.
    #[error("{path} is not in this browser any more; open its file again on the Data page")]
    Gone {
        /// The file.
        path: String,
    },
    /// The caller no longer wants it.
    #[error("{path} is no longer wanted")]
    Cancelled {
        /// The file.
        path: String,
    },
}

/// Fetches a file of `most` bytes; `on_bytes` hears the count so far and answers whether to go on.
///
/// # Errors
/// A sentence that names the file.
pub async fn fetch_bytes(path: &str, most: u64, mut on_bytes: impl FnMut(u64) -> bool) -> Result<Vec<u8>, FetchError> {
    let unreachable = || match path.starts_with("http") {
        true => FetchError::Elsewhere { path: path.into() },
        false => FetchError::Unreachable { path: path.into() },
    };
    let window = web_sys::window().ok_or_else(unreachable)?;
    let response = JsFuture::from(window.fetch_with_str(path)).await.map_err(|_| unreachable())?;
    let response: Response = response.dyn_into().map_err(|_| unreachable())?;
    if !response.ok() {
        return Err(FetchError::Status { path: path.into(), status: response.status() });
    }
    let body = response.body().ok_or_else(unreachable)?;
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into().map_err(|_| unreachable())?;
    let mut bytes = Vec::new();
    while let Some(chunk) = next_chunk(&reader).await.map_err(|_| broken(path, bytes.len()))? {
        let start = bytes.len();
        if start as u64 + u64::from(chunk.length()) > most {
            // Whether the cancelling succeeds changes nothing.
            drop(reader.cancel());
            return Err(FetchError::TooLarge { path: path.into(), most });
        }
        bytes.resize(start + chunk.length() as usize, 0);
        chunk.copy_to(&mut bytes[start..]);
        if !on_bytes(bytes.len() as u64) {
            // Nobody waits for the rest; whether the cancelling succeeds changes nothing.
            drop(reader.cancel());
            return Err(FetchError::Cancelled { path: path.into() });
        }
    }
    Ok(bytes)
}

fn broken(path: &str, bytes: usize) -> FetchError {
    FetchError::BrokenOff { path: path.into(), bytes }
}

async fn next_chunk(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>, JsValue> {
    let result = JsFuture::from(reader.read()).await?;
    if Reflect::get(&result, &"done".into())?.is_truthy() {
        return Ok(None);
    }
    Reflect::get(&result, &"value".into())?.dyn_into().map(Some)
}
