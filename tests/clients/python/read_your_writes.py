"""read_your_writes.py ADDRESS DEAL: appends a deal of ana's and asks what she has
earned, with that deal in it."""

import sys

from append import deal
from payfold.v1 import ledger_service_pb2, ledger_service_pb2_grpc
from payfold.v1 import payout_service_pb2, payout_service_pb2_grpc, query_pb2
from payfold_client import call, connect


def main(address, deal_id):
    with connect(address) as channel:
        ledger = ledger_service_pb2_grpc.LedgerServiceStub(channel)
        payouts = payout_service_pb2_grpc.PayoutServiceStub(channel)
        appended = call(ledger.Append, ledger_service_pb2.AppendRequest(events=[deal(deal_id)]))
        # The answer waits until the fold has reached that position.
        context = query_pb2.QueryContext(min_position=appended.position)
        answer = call(
            payouts.GetBalance,
            payout_service_pb2.GetBalanceRequest(context=context, participant_id="ana"),
        )
        print("appended", appended.position)
        print("answered", answer.at.position)
        for balance in answer.balances:
            print(balance.currency, balance.earned_minor_units)


if __name__ == "__main__":
    main(*sys.argv[1:])
