// A PostgreSQL cluster of our own: in a temporary folder, on a free loopback port, as an unprivileged user.

import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';

const BIN = '/usr/lib/postgresql/15/bin';

// Durable as it comes: fsync, synchronous_commit and full_page_writes stay on. The rest keeps memory and checkpoints from
// being what is measured; what is not named is PostgreSQL's default.
export const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '2GB',
  work_mem: '256MB',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  max_connections: '100',
};

async function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// PostgreSQL refuses to run as root.
function otherUser() {
  if (process.getuid() !== 0) return null;
  for (const user of ['postgres', 'nobody']) {
    const known = spawnSync('id', ['-u', user], { encoding: 'utf8' });
    if (known.status !== 0) continue;
    const gid = spawnSync('id', ['-g', user], { encoding: 'utf8' }).stdout.trim();
    return { uid: Number(known.stdout.trim()), gid: Number(gid) };
  }
  throw new Error('no unprivileged user (postgres, nobody) to run PostgreSQL as');
}

export class Cluster {
  // In a folder that is made, by start().
  constructor(folder) {
    this.folder = folder;
    this.data = `${folder}/data`;
    this.user = otherUser();
  }

  async start() {
    mkdirSync(this.folder);
    if (this.user) chownSync(this.folder, this.user.uid, this.user.gid);
    this.control('initdb', ['-D', this.data, '-A', 'trust', '-U', 'bench', '-E', 'UTF8', '--locale=C.UTF-8']);
    const port = await freePort();
    const lines = { ...SETTINGS, port, listen_addresses: "'127.0.0.1'", unix_socket_directories: `'${this.folder}'` };
    appendFileSync(
      `${this.data}/postgresql.conf`,
      Object.entries(lines).map(([name, value]) => `${name} = ${value}\n`).join(''),
    );
    this.connection = `host=127.0.0.1 port=${port} user=bench dbname=postgres options='-c search_path=public,facts -c client_min_messages=warning'`;
    this.started = true;
    this.control('pg_ctl', ['-D', this.data, '-l', `${this.folder}/log`, '-w', 'start']);
  }

  control(program, args) {
    const who = this.user ?? {};
    execFileSync(`${BIN}/${program}`, args, { ...who, cwd: this.folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }

  // Runs a script; gives what it prints.
  psql(script) {
    return execFileSync(`${BIN}/psql`, ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', this.connection, '-f', '-'], {
      input: script,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'inherit'],
      maxBuffer: 1 << 28,
    }).trim();
  }

  // The seconds that one statement takes, as psql sees it.
  time(statement) {
    const printed = this.psql(`\\timing on\n${statement};\n`);
    return Number(/Time: ([0-9.]+) ms/.exec(printed)[1]) / 1000;
  }

  // What earlier work left to be written or counted must not fall into the next measurement.
  settle() {
    this.psql('vacuum analyze;\ncheckpoint;\n');
  }

  stop() {
    if (!this.started) return;
    this.started = false;
    this.control('pg_ctl', ['-D', this.data, '-m', 'immediate', 'stop']);
  }
}
