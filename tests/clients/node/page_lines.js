'use strict';
// page_lines.js ADDRESS PAGE_SIZE: prints every line of every statement, a page at
// a time. All pages are computed at the positions of the first.

const { call, connect } = require('./payfold_client');

async function main(address, pageSize) {
  const payouts = connect('PayoutService', address);
  const request = { page_size: Number(pageSize) };
  do {
    const page = await call(payouts, 'ListLines', request);
    for (const line of page.lines) console.log(page.at.position, line.line_id, line.amount.minor_units);
    request.page_token = page.next_page_token;
  } while (request.page_token);
  payouts.close();
}

main(...process.argv.slice(2));
