"""What the examples share: a channel, the details of an error, and retries.

services/client/README.md says how the payfold and google.rpc modules are generated.
"""

import random
import time

import grpc
from google.rpc import error_details_pb2, status_pb2

ACTOR = ("payfold-as", "crm-sync")  # Who acts, for the log: sent with every call.


def connect(address):
    return grpc.insecure_channel(
        address,
        options=[
            ("grpc.max_receive_message_length", 16 << 20),
            ("grpc.keepalive_time_ms", 60_000),
            ("grpc.keepalive_timeout_ms", 20_000),
            ("grpc.keepalive_permit_without_calls", 1),
            ("grpc.http2.max_pings_without_data", 0),
            ("grpc.initial_reconnect_backoff_ms", 50),
            ("grpc.max_reconnect_backoff_ms", 1_000),
        ],
    )


class Details:
    """What an error says to a program: a stable reason, fields, when to try again."""

    def __init__(self, error):
        self.code = error.code()
        self.message = error.details()
        self.info = error_details_pb2.ErrorInfo()  # .reason, .metadata
        self.fields = []  # .field, .description
        self.retry_seconds = None
        trailers = dict(error.trailing_metadata() or ())
        status = status_pb2.Status.FromString(trailers.get("grpc-status-details-bin", b""))
        bad, retry = error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
        for detail in status.details:
            detail.Unpack(self.info)  # Leaves alone what is of another type.
            if detail.Unpack(bad):
                self.fields = list(bad.field_violations)
            if detail.Unpack(retry):
                self.retry_seconds = retry.retry_delay.ToTimedelta().total_seconds()

    def worth_retrying(self):
        return self.code == grpc.StatusCode.UNAVAILABLE or (
            self.code == grpc.StatusCode.RESOURCE_EXHAUSTED and self.retry_seconds is not None
        )


def waits():
    """Seconds between tries: doubling from 50 ms to 5 s, half of each at random."""
    longest = 0.05
    while True:
        yield longest * random.uniform(0.5, 1)
        longest = min(2 * longest, 5)


def call(method, request, seconds=60):
    """Calls a unary method until it answers. Safe for queries, and for appends
    because of the ids of their events."""
    deadline = time.monotonic() + seconds
    for wait in waits():
        try:
            return method(request, timeout=max(deadline - time.monotonic(), 0), metadata=[ACTOR])
        except grpc.RpcError as error:
            details = Details(error)
            wait += details.retry_seconds or 0
            if not details.worth_retrying() or time.monotonic() + wait >= deadline:
                raise
            time.sleep(wait)
