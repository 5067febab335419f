//! The one binary: in the browser it mounts the page, elsewhere it is the command line.

#[cfg(target_arch = "wasm32")]
fn main() {
    chainwalk::app::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    chainwalk::cli::main()
}
