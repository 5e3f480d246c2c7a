"""append.py ADDRESS PREFIX COUNT: appends COUNT deals, three in a batch.

A batch that got no answer may be in the ledger or not. Sent again with the same
event ids it is there once: so ids come from the source, never from the program.
"""

import sys

from payfold.v1 import event_pb2, ledger_service_pb2, ledger_service_pb2_grpc, money_pb2
from payfold_client import call, connect


def deal(deal_id):
    return event_pb2.Event(
        event_id=f"crm-{deal_id}-booked",
        source="crm",
        deal_booked=event_pb2.DealBooked(
            deal_id=deal_id,
            booked_on="2025-02-10",
            owner_id="ana",
            amount=money_pb2.Money(currency="USD", minor_units=120_000),
        ),
    )


def main(address, prefix, count):
    with connect(address) as channel:
        ledger = ledger_service_pb2_grpc.LedgerServiceStub(channel)
        deals = [deal(f"{prefix}-{i}") for i in range(int(count))]
        for begin in range(0, len(deals), 3):
            batch = ledger_service_pb2.AppendRequest(events=deals[begin : begin + 3])
            for event, result in zip(batch.events, call(ledger.Append, batch).results):
                found = "again" if result.duplicate else "new"
                print(event.event_id, result.position, found, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
