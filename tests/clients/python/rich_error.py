"""rich_error.py ADDRESS: appends a batch with mistakes and prints what the error says."""

import sys

import grpc
from append import deal
from payfold.v1 import ledger_service_pb2, ledger_service_pb2_grpc
from payfold_client import Details, call, connect


def main(address):
    wrong = [deal("wrong-1"), deal("wrong-2")]
    wrong[0].deal_booked.booked_on = "2025-02-30"
    wrong[1].deal_booked.amount.currency = "XXX"
    with connect(address) as channel:
        ledger = ledger_service_pb2_grpc.LedgerServiceStub(channel)
        try:
            call(ledger.Append, ledger_service_pb2.AppendRequest(events=wrong))
        except grpc.RpcError as error:
            details = Details(error)
            print("code", details.code.name)
            print("reason", details.info.domain, details.info.reason)
            print("violations", details.info.metadata["violations"])
            for field in details.fields:
                print("field", field.field, field.description)


if __name__ == "__main__":
    main(*sys.argv[1:])
