//! The page's worker, which imports files; natively it does nothing but say where its work is done.

#[cfg(target_arch = "wasm32")]
fn main() {
    chainwalk::worker::main();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    eprintln!("chainwalk-import runs in the page's worker; on the command line use chainwalk pack");
    std::process::ExitCode::from(2)
}
