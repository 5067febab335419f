//! Every call to the browser: tasks and time, fetch, the page's address and storage, canvas, observers.

pub mod canvas;
pub mod fetch;
pub mod files;
pub mod kept;
pub mod observe;
pub mod page;
pub mod task;
