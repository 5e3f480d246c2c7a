// DuckDB in this process, with its tables in a file.

import { createRequire } from 'node:module';

export const THREADS = 2;

export class DuckDb {
  // `cache` is the folder with the installed packages.
  static async open(cache, file) {
    const { DuckDBInstance } = createRequire(`${cache}/`)('@duckdb/node-api');
    const db = new DuckDb();
    db.instance = await DuckDBInstance.create(file, { threads: String(THREADS) });
    db.connection = await db.instance.connect();
    return db;
  }

  async rows(sql) {
    return (await this.connection.runAndReadAll(sql)).getRows();
  }

  async run(sql) {
    await this.connection.run(sql);
  }

  // The seconds that one statement takes.
  async time(sql) {
    const start = performance.now();
    await this.connection.run(sql);
    return (performance.now() - start) / 1000;
  }

  // A prepared query, called with some of the parameters to warm up (each call scans the tables), then with each against the clock;
  // the first column of the answer are amounts.
  async calls(sql, calls) {
    const prepared = await this.connection.prepare(sql);
    const call = async (parameters) => {
      parameters.forEach((value, i) => prepared.bindVarchar(i + 1, value));
      const rows = (await prepared.runAndReadAll()).getRows();
      return rows.reduce((sum, row) => sum + Number(row[0]), 0);
    };
    for (const parameters of calls.slice(0, 10)) await call(parameters);
    const micros = [];
    let sum = 0;
    for (const parameters of calls) {
      const start = performance.now();
      sum += await call(parameters);
      micros.push((performance.now() - start) * 1000);
    }
    micros.sort((a, b) => a - b);
    const at = (percent) => micros[Math.floor(((micros.length - 1) * percent) / 100)];
    return { p50_micros: at(50), p99_micros: at(99), sum };
  }

  close() {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}
