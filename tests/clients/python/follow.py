"""follow.py ADDRESS AFTER UNTIL: prints every event after position AFTER until
position UNTIL, once and in order, however often the connection breaks."""

import sys
import time

import grpc
from payfold.v1 import ledger_service_pb2, ledger_service_pb2_grpc
from payfold_client import ACTOR, Details, connect, waits

CAUGHT_UP = ledger_service_pb2.SubscribeResponse.CAUGHT_UP


def messages(ledger, after):
    """All messages after a position, for ever."""
    wait = waits()
    while True:
        request = ledger_service_pb2.SubscribeRequest(after_position=after)
        try:
            for message in ledger.Subscribe(request, metadata=[ACTOR]):
                wait = waits()
                after = message.position  # What to go on after when this breaks.
                yield message
        except grpc.RpcError as error:
            details = Details(error)
            too_slow = details.info.reason == "SUBSCRIBER_TOO_SLOW"
            if not too_slow and not details.worth_retrying():
                raise
            time.sleep(next(wait) + (details.retry_seconds or 0))


def main(address, after, until):
    with connect(address) as channel:
        for message in messages(ledger_service_pb2_grpc.LedgerServiceStub(channel), int(after)):
            for stored in message.events:
                print(stored.event.position, stored.event.event_id, flush=True)
            if message.mark == CAUGHT_UP:
                print("caught up at", message.head, file=sys.stderr, flush=True)
            if message.position >= int(until):
                return


if __name__ == "__main__":
    main(*sys.argv[1:])
