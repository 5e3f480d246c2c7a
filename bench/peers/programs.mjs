// The bench programs, and what they print: one JSON object a line.

import { spawn } from 'node:child_process';

let running = null;
let server = null;

// The programs that run, if any, to be ended with us.
export function endRunning() {
  running?.kill('SIGTERM');
  server?.kill('SIGTERM');
}

// Gives the objects that the program printed.
export function run(program, args) {
  return new Promise((resolve, reject) => {
    running = spawn(program, args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    running.stdout.on('data', (data) => (printed += data));
    running.on('error', reject);
    running.on('close', (code, signal) => {
      running = null;
      if (code !== 0) return reject(new Error(`${program} ${args[0]} ended with ${signal ?? code}`));
      resolve(printed.split('\n').filter(Boolean).map((line) => JSON.parse(line)));
    });
  });
}

// Starts `payfold serve` on a free port of the loopback, in a session of its own as PostgreSQL's server is.
export function serve(payfold, directory) {
  return new Promise((resolve, reject) => {
    const started = spawn(payfold, ['serve', '--data', directory, '--listen', '127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    server = started;
    const ended = new Promise((over) => started.on('close', over));
    const stop = async () => {
      started.kill('SIGTERM');
      await ended;
      server = null;
    };
    let printed = '';
    started.stdout.on('data', (data) => {
      printed += data;
      const listening = /listening on (\S+);/.exec(printed);
      if (listening) resolve({ address: listening[1], stop });
    });
    started.on('error', reject);
    ended.then((code) => reject(new Error(`payfold serve ended with ${code}`)));
  });
}
