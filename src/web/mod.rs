//! Every call to the browser: tasks and time, the border to scripts, fetch, the page's address and storage, canvas, observers, the worker.

pub mod border;
pub mod canvas;
pub mod fetch;
pub mod files;
pub mod folders;
pub mod history;
pub mod idb;
pub mod kept;
pub mod lock;
pub mod observe;
pub mod offline;
pub mod page;
pub mod task;
pub mod worker;
