// The bench programs, and what they print: one JSON object a line.

import { spawn } from 'node:child_process';

let running = null;

// The program that runs, if any, to be ended with us.
export function endRunning() {
  running?.kill('SIGTERM');
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
