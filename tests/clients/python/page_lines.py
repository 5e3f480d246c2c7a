"""page_lines.py ADDRESS PAGE_SIZE: prints every line of every statement, a page at a
time. All pages are computed at the positions of the first."""

import sys

from payfold.v1 import payout_service_pb2, payout_service_pb2_grpc
from payfold_client import call, connect


def main(address, page_size):
    with connect(address) as channel:
        payouts = payout_service_pb2_grpc.PayoutServiceStub(channel)
        request = payout_service_pb2.ListLinesRequest(page_size=int(page_size))
        while True:
            page = call(payouts.ListLines, request)
            for line in page.lines:
                print(page.at.position, line.line_id, line.amount.minor_units)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token


if __name__ == "__main__":
    main(*sys.argv[1:])
