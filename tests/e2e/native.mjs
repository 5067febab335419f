// The command line beside the page: what the page computes, computed natively.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

let program;

/** What the command line prints. Its build is that of the native tests: their dependencies have features of their own, so that `cargo run` would build another. */
export function commandLine(args, options = {}) {
  if (!program) {
    execFileSync('cargo', ['test', '--quiet', '--locked', '--no-run', '--features', 'bench', '--test', 'data_cli'], { cwd: PROJECT });
    program = join(process.env.CARGO_TARGET_DIR ?? join(PROJECT, 'target'), 'debug/chainwalk');
  }
  return execFileSync(program, args, { cwd: PROJECT, encoding: 'utf8', maxBuffer: 1 << 28, ...options });
}
