'use strict';
// A real server over a small company, and a way to it that can be cut.

const { execFileSync, spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');

const PAYFOLD = process.env.PAYFOLD_BINARY;
const SAMPLES = process.env.PAYFOLD_SAMPLES;

// payfold serve over a data directory of its own, with the company of tools/samples
// up to the first quarter.
class Server {
  async init() {
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'payfold-'));
    this.data = path.join(this.dir, 'data');
    this.payfold('init', '--currency', 'USD');
    this.payfold('append', path.join(SAMPLES, '01-company.jsonl'));
    this.payfold('plan', 'publish', path.join(SAMPLES, 'ae-2025.yaml'));
    this.payfold('append', path.join(SAMPLES, '02-first-quarter.jsonl'));
    await this.start();
  }

  payfold(...args) {
    execFileSync(PAYFOLD, [...args, '--data', this.data], { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  async start() {
    this.process = spawn(PAYFOLD, ['serve', '--data', this.data, '--listen', '127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.gone = once(this.process, 'close');
    for await (const line of readline.createInterface({ input: this.process.stdout })) {
      const listening = line.match(/^listening on ([^;]+);/);
      if (listening) {
        this.address = listening[1];
        return;
      }
    }
    throw new Error('payfold serve ended before it listened');
  }

  // As a power cut would; start() brings it back, on another port.
  async kill() {
    this.process.kill('SIGKILL');
    await this.gone;
  }

  async close() {
    this.process.kill('SIGTERM');
    await this.gone;
    fs.rmSync(this.dir, { recursive: true });
  }
}

// Passes connections on to the server, wherever it is just now.
class Proxy {
  async init(server) {
    this.open = new Set();
    this.cuts = 0;
    this.listening = net.createServer((client) => this.serve(client, server));
    this.listening.listen(0, '127.0.0.1');
    await once(this.listening, 'listening');
    this.address = `127.0.0.1:${this.listening.address().port}`;
  }

  serve(client, server) {
    const [host, port] = server.address.split(':');
    const onward = net.connect(Number(port), host);
    this.open.add(client);
    for (const [end, other] of [[client, onward], [onward, client]]) {
      end.on('error', () => {}); // The other side was first.
      end.on('close', () => {
        this.open.delete(client);
        other.destroy();
      });
      end.pipe(other);
    }
  }

  // Breaks every connection; what was on its way is lost.
  cut() {
    this.cuts += this.open.size;
    for (const client of this.open) client.destroy();
  }

  close() {
    this.listening.close();
    this.cut();
  }
}

module.exports = { Proxy, Server };
